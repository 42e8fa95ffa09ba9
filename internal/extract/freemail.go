package extract

import (
	"strings"

	"golang.org/x/net/publicsuffix"
)

// freeBrands are providers of mail with addresses in many countries, by the name before the public suffix.
var freeBrands = wordSet("gmail googlemail hotmail outlook live msn yahoo ymail rocketmail icloud aol gmx proton protonmail tutanota tuta yandex zoho fastmail " +
	"hushmail mailinator guerrillamail yopmail rediffmail inbox")

// freeHosts are other hosts where anybody has an address, in the countries of the ads' languages.
var freeHosts = wordSet("me.com mac.com pm.me mail.com email.com web.de t-online.de freenet.de mail.ru bk.ru list.ru internet.ru rambler.ru ya.ru mail.ua ukr.net i.ua " +
	"meta.ua bigmir.net wp.pl o2.pl onet.pl op.pl onet.eu vp.pl interia.pl interia.eu poczta.fm tlen.pl gazeta.pl buziaczek.pl one.lt online.no broadpark.no " +
	"start.no getmail.no epost.no frisurf.no spray.se telia.com bredband.net comhem.se home.se passagen.se live.no mail.dk stofanet.dk terra.es telefonica.net " +
	"ono.com libero.it orange.fr free.fr laposte.net wanadoo.fr qq.com 163.com abv.bg azet.sk seznam.cz")

// FreeMail says whether anybody can have a mail address at a host; an employer's own host says more.
func FreeMail(host string) bool {
	if freeHosts[host] {
		return true
	}
	site := Registered(host)
	brand, suffix, _ := strings.Cut(site, ".")
	return suffix != "" && freeBrands[brand]
}

// anyonesHosts are where links lead that anybody can make: shortened ones, invitations to groups, forms.
var anyonesHosts = wordSet("bit.ly tinyurl.com linktr.ee cutt.ly t.co goo.gl is.gd ow.ly rb.gy shorturl.at t.me telegram.me wa.me chat.whatsapp.com signal.group " +
	"signal.me discord.gg instagram.com snapchat.com onlyfans.com forms.gle docs.google.com beacons.ai allmylinks.com lnk.bio")

// AnyonesHost says whether a host's pages are anybody's, so that a link to one says nothing of an employer.
func AnyonesHost(host string) bool { return anyonesHosts[host] }

// Registered is the part of a host's name that somebody registered: acme.co.uk for www.jobs.acme.co.uk.
func Registered(host string) string {
	site, err := publicsuffix.EffectiveTLDPlusOne(host)
	if err != nil {
		return host
	}
	return site
}
