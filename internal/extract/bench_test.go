package extract_test

import (
	"strings"
	"testing"

	"varde/internal/extract"
	"varde/internal/text"
)

// plainAd has a hundred words and nothing to find.
const plainAd = "Hei, jeg er en hyggelig dame som tar imot i rolige omgivelser nær sentrum, og jeg setter pris på god hygiene, humor og en god samtale før vi begynner. " +
	"Jeg er her fra mandag til lørdag og liker best menn som tar seg tid, for hos meg er det ingen som har det travelt. Leiligheten er ren og pen, det er lett å parkere i gata, og du får " +
	"alltid et varmt håndkle og en kopp kaffe etterpå om du vil. Jeg svarer på meldinger om kvelden, men ikke på skjulte nummer eller frekke spørsmål. Velkommen til en god stund sammen med meg, hilsen Mia."

// contactAd is a like ad with five ways of contact.
const contactAd = plainAd + " Telegram: @mia_b, mia.b (at) gmail dot com, https://bit.ly/3AbCdE og snap 👻 mia.b, eller wa.me/4741234567."

func BenchmarkContactsNone(b *testing.B) {
	d := text.Read(plainAd)
	b.ReportAllocs()
	for b.Loop() {
		extract.Contacts(d, "NO")
	}
}

func BenchmarkContactsFive(b *testing.B) {
	d := text.Read(contactAd)
	b.ReportAllocs()
	for b.Loop() {
		extract.Contacts(d, "NO")
	}
}

// hostile are texts of a megabyte made to take long.
var hostile = func() map[string]string {
	m := map[string]string{}
	for name, unit := range map[string]string{
		"at": "@", "dot": ".", "mails": "a@b.no ", "spaced mail": "a @ b . c . ", "word mail": "a at b dot ", "snabel": "mia snabela x punktum ", "profile": "t.me/",
		"profiles": "t.me/abcde ", "slashes": "/", "schemes": "http://", "hosts": "a.", "path": "b.no/a/", "services": "telegram ", "service names": "telegram: a_b1 ",
		"letters": "a", "spaced letters": "t e l e g r a ", "brackets": "(at)", "open": "[[", "underscores": "telegram: a [underscore] ", "masks": "#url_", "www": "www.",
		"base58": "1BoatSLRHtKNngkdXEeobR76b53LETtpyT", "base58 words": "1BoatSLRHtKNngkdXEeobR76b53LETtpyT ", "hex": "0x0123456789abcdef", "bech32": "bc1q", "iban": "NO93 8601 ", "vipps": "vipps 123 ",
		"monero": "4" + strings.Repeat("A", 94) + " ", "konto": "konto 1234 56 78903 ", "org": "org nr 923 609 016 ", "wide": "ａ＠ｂ．ｎｏ ", "bytes": "\xff@\xfe.", "names": "Acme AS ",
	} {
		m[name] = strings.Repeat(unit, 1<<20/len(unit))
	}
	return m
}()

// BenchmarkHostile shows that no text of a megabyte takes long: a second is the most that is allowed.
func BenchmarkHostile(b *testing.B) {
	for name, in := range hostile {
		d := text.Read(in)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				extract.Contacts(d, "NO")
				extract.Payments(d, "NO")
				extract.OrgNumbers(d)
			}
		})
	}
}

func BenchmarkPaymentsNone(b *testing.B) {
	d := text.Read(plainAd)
	b.ReportAllocs()
	for b.Loop() {
		extract.Payments(d, "NO")
	}
}

func BenchmarkOrgNumbersNone(b *testing.B) {
	d := text.Read(plainAd)
	b.ReportAllocs()
	for b.Loop() {
		extract.OrgNumbers(d)
	}
}
