package network

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"varde/internal/ad"
)

// link is what ads can share: one contact, or a group of near-duplicate texts or pictures.
type link struct {
	kind ad.Kind
	// value is the contact, or the smallest member of the group.
	value string
	// ads are those that show it, by their keys. Where they are many, more than a link may have, they are only one more than that, the first by
	// their keys: what is said of a hub is measured on these.
	ads  []posting
	many bool
	// beside are the phones that stand beside it in its ads, names those of their advertisers, as many as are needed to tell a hub. An ad
	// without a name has one of its own.
	beside, names []string
	// reach is how a text or a link is spread; accounts are those of its ads, as many as matter for that.
	reach    reach
	accounts []string
}

// posting is what a link knows of one of its ads.
type posting struct {
	key ad.Key
	at  time.Time
	// account is the advertiser as the ad says it, name without what is no name, such as the town.
	place, account, name string
	// phones are those of the ad, by their numbers.
	phones []string
}

// postingOf is what the links of an ad know of it.
func (c *card) posting() posting {
	p := posting{key: c.key, at: c.at(), place: c.place, account: c.advertiser, name: c.name}
	for _, id := range c.shows {
		if id.kind == ad.Phone {
			p.phones = append(p.phones, id.value)
		}
	}
	return p
}

func comparePosting(p posting, key ad.Key) int { return cmp.Compare(p.key, key) }

// oneHand is how many names one advertiser may go by, such as a firm with its legal form and without: a phone, text or address of so few is
// theirs, however many phones stand beside it.
const oneHand = 2

// hub says whether a link is used so widely that it links nothing. The phones beside it tell, and the names: whoever is reached by a phone of
// their own only mentions the hotel's, or shows a stock picture; ads of one hand show the shared phone and no other, or few. A firm with
// a phone in each of its branches has one name.
func (l *Linker) hub(via *link) bool {
	return via.many || len(via.beside) > l.cfg.HubPhones && len(via.names) > oneHand || via.bare()
}

// bare says that a text has nothing to be compared by.
func (via *link) bare() bool { return strings.HasPrefix(via.value, bare) }

// name is the contact, or the member that names the group.
func (via *link) name() string { return strings.TrimPrefix(via.value, bare) }

// isContact says whether an identifier reaches somebody.
func isContact(kind ad.Kind) bool {
	return kind == ad.Phone || kind == ad.Handle || kind == ad.Email || kind == ad.Payment
}

// link finds the link that an identifier of a card belongs to, nil while its value is between two groups.
func (l *Linker) link(id identifier) *link {
	if id = l.grouped(id); id.value == "" {
		return nil
	}
	return l.linkOf(id)
}

// grouped is an identifier by its group where it has one, with no value while that is between two groups.
func (l *Linker) grouped(id identifier) identifier {
	if n := l.near[id.kind]; n != nil {
		id.value = n.groupOf(id.value)
	}
	return id
}

// linkOf is the link of a contact or of a group.
func (l *Linker) linkOf(id identifier) *link {
	if via, ok := l.links.get(id); ok {
		return via
	}
	via := &link{kind: id.kind, value: id.value}
	l.read(via)
	l.links.put(id, via)
	return via
}

// read fills a link from the state.
func (l *Linker) read(via *link) {
	via.ads, via.many = via.ads[:0], false
	prefix := postingKey(via, "")
	for key, value := range l.state.Scan(prefix) {
		if len(via.ads) > l.cfg.HubAds {
			via.many = true
			break
		}
		c := coder{b: value, reading: true}
		p := posting{key: ad.Key(key[len(prefix):])}
		if c.posting(&p); c.bad {
			l.state.Damaged("an ad of a link")
			break
		}
		via.ads = append(via.ads, p)
	}
	l.measure(via)
}

// measure makes what follows from a link's ads.
func (l *Linker) measure(via *link) {
	via.many = via.many || len(via.ads) > l.cfg.HubAds
	via.beside, via.names, via.accounts = nil, nil, nil
	for i := range via.ads {
		l.note(via, &via.ads[i])
	}
	via.reach = l.reachOf(via)
}

// note takes down what an ad adds to its link.
func (l *Linker) note(via *link, p *posting) {
	for _, phone := range p.phones {
		if len(via.beside) <= l.cfg.HubPhones && !(via.kind == ad.Phone && via.value == phone) { // more are not needed to know
			via.beside = appendNew(via.beside, phone)
		}
	}
	if len(via.names) <= oneHand {
		via.names = appendNew(via.names, cmp.Or(p.name, "\x00"+string(p.key)))
	}
	if len(via.accounts) < leastSpread {
		via.accounts = appendNew(via.accounts, p.account)
	}
}

// post puts an ad into a link, or what is new of it, and returns the ads whose networks this can change beyond the ad's own: those of links
// that became hubs, or are none any longer, and those of hubs that are spread otherwise.
func (l *Linker) post(via *link, p posting) (touched []ad.Key) {
	hub, reach := l.hub(via), via.reach
	at, known := slices.BinarySearchFunc(via.ads, p.key, comparePosting)
	switch {
	case known && samePosting(&via.ads[at], &p):
		return nil
	case known:
		via.ads[at] = p
		l.write(via, &p)
		l.measure(via) // what it was before may have counted
	case via.many && at == len(via.ads): // not among the first, by which the link is told
		l.write(via, &p)
	default:
		via.ads = slices.Insert(via.ads, at, p)
		l.write(via, &p)
		if len(via.ads) > l.cfg.HubAds+1 {
			via.ads = via.ads[:l.cfg.HubAds+1]
			l.measure(via)
			break
		}
		via.many = via.many || len(via.ads) > l.cfg.HubAds
		l.note(via, &p)
		via.reach = l.reachOf(via)
	}
	return l.changed(via, hub, reach)
}

// unpost takes an ad out of a link.
func (l *Linker) unpost(via *link, key ad.Key) (touched []ad.Key) {
	hub, reach := l.hub(via), via.reach
	l.state.Delete(postingKey(via, key))
	if via.many {
		l.read(via)
	} else if at, known := slices.BinarySearchFunc(via.ads, key, comparePosting); known {
		via.ads = slices.Delete(via.ads, at, at+1)
		l.measure(via)
	}
	return l.changed(via, hub, reach)
}

// changed are the ads of a link to which it matters that it is another sort of link than it was.
func (l *Linker) changed(via *link, hub bool, reach reach) []ad.Key {
	if now := l.hub(via); now == hub && (!now || via.reach == reach) {
		return nil
	}
	return l.adsOf(via)
}

// adsOf are the keys of all ads of a link.
func (l *Linker) adsOf(via *link) (keys []ad.Key) {
	if !via.many {
		for i := range via.ads {
			keys = append(keys, via.ads[i].key)
		}
		return keys
	}
	prefix := postingKey(via, "")
	for key := range l.state.Scan(prefix) {
		keys = append(keys, ad.Key(key[len(prefix):]))
	}
	return keys
}

func (l *Linker) write(via *link, p *posting) {
	var c coder
	c.posting(p)
	l.state.Put(postingKey(via, p.key), c.b)
}

func samePosting(a, b *posting) bool {
	return a.at.Equal(b.at) && a.place == b.place && a.account == b.account && a.name == b.name && slices.Equal(a.phones, b.phones)
}

// show notes that an ad shows an identifier.
func (l *Linker) show(c *card, in ad.Identifier) (touched []ad.Key) {
	id := identifier{in.Kind, in.Value}
	at, known := slices.BinarySearchFunc(c.shows, id, compareIdentifiers)
	if known {
		return nil
	}
	if n := l.near[id.kind]; n != nil {
		var ok bool
		if touched, ok = n.add(in.Value, in.Signature, c.key.Site()); !ok {
			return nil // a value that cannot be compared, such as a damaged hash
		}
	}
	c.shows = slices.Insert(c.shows, at, id)
	return touched
}

// spread puts an ad into all its links as it is now.
func (l *Linker) spread(c *card) (touched []ad.Key) {
	p := c.posting()
	for _, via := range l.shownBy(c) {
		touched = append(touched, l.post(via, p)...)
	}
	return touched
}

func compareIdentifiers(a, b identifier) int {
	return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.value, b.value))
}

func compareLinks(a, b *link) int {
	return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.value, b.value))
}
