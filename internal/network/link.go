package network

import (
	"cmp"
	"slices"

	"varde/internal/ad"
	"varde/internal/graph"
)

// link is what ads can share: one contact, or a group of near-duplicate texts or pictures.
type link struct {
	kind ad.Kind
	// value is the contact, or the smallest member of the group.
	value string
	ads   map[ad.Key]*card
	// beside are the phones that stand beside it in its ads, as far as they matter for telling a hub.
	beside map[identifier]bool
	// reach is how a text or a link was spread when its ads were last told.
	reach reach
}

func newLink(kind ad.Kind, value string) *link {
	return &link{kind: kind, value: value, ads: map[ad.Key]*card{}, beside: map[identifier]bool{}}
}

// hub says whether a link is used so widely that it links nothing. The phones beside it tell: whoever is reached by a phone of
// their own only mentions the hotel's, or shows a stock picture; ads of one hand show the shared phone and no other, or few.
func (l *Linker) hub(via *link) bool {
	return len(via.ads) > l.cfg.HubAds || len(via.beside) > l.cfg.HubPhones
}

// isContact says whether an identifier reaches somebody.
func isContact(kind ad.Kind) bool {
	return kind == ad.Phone || kind == ad.Handle || kind == ad.Email || kind == ad.Payment
}

// link finds the link that an identifier of a card belongs to.
func (l *Linker) link(id identifier) *link {
	switch id.kind {
	case ad.TextSig:
		return l.texts.find(id.value)
	case ad.PHash:
		return l.pictures.find(id.value)
	}
	return l.contacts[id]
}

// show notes that an ad shows an identifier. It returns the ads whose networks this can change beyond the ad's own: those of
// links that became hubs, which fall apart, and those of groups that were joined.
func (l *Linker) show(c *card, in ad.Identifier) (touched []ad.Key) {
	id := identifier{in.Kind, in.Value}
	at, known := slices.BinarySearchFunc(c.shows, id, compareIdentifiers)
	if known {
		return nil
	}
	touched, ok := l.ensure(in)
	if !ok {
		return nil // a value that cannot be compared, such as a damaged hash
	}
	c.shows = slices.Insert(c.shows, at, id)
	via := l.link(id)
	hub := l.hub(via)
	via.ads[c.key] = c
	for _, other := range c.shows {
		if other != id && other.kind == ad.Phone && !(via.kind == other.kind && via.value == other.value) {
			via.beside[other] = true
		}
	}
	if l.hub(via) && !hub {
		touched = append(touched, keysOf(via)...)
	}
	if id.kind == ad.Phone {
		touched = append(touched, l.standBeside(c, id)...)
	}
	return touched
}

// standBeside tells the ad's other links of a new phone beside them.
func (l *Linker) standBeside(c *card, id identifier) (touched []ad.Key) {
	for _, other := range c.shows {
		if other == id {
			continue
		}
		via := l.link(other)
		was := l.hub(via)
		if len(via.beside) <= l.cfg.HubPhones { // more are not needed to know
			via.beside[id] = true
		}
		if l.hub(via) && !was {
			touched = append(touched, keysOf(via)...)
		}
	}
	return touched
}

func keysOf(via *link) []ad.Key {
	keys := make([]ad.Key, 0, len(via.ads))
	for k := range via.ads {
		keys = append(keys, k)
	}
	return keys
}

// cardsOf are the ads of a link in the order of their first use.
func cardsOf(via *link) []*card {
	cards := make([]*card, 0, len(via.ads))
	for _, c := range via.ads {
		cards = append(cards, c)
	}
	slices.SortFunc(cards, sooner)
	return cards
}

func compareIdentifiers(a, b identifier) int {
	return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.value, b.value))
}

// ensure makes the link of an identifier and returns the ads of the groups that it joined. It is not ok where the value
// cannot be compared.
func (l *Linker) ensure(in ad.Identifier) (joined []ad.Key, ok bool) {
	switch in.Kind {
	case ad.TextSig:
		if len(in.Signature) != graph.SignatureSize {
			return nil, false
		}
		return l.texts.ensure(in.Value, func() []int { _, alike := l.texts.text.Add(in.Signature); return alike }), true
	case ad.PHash:
		return l.ensurePicture(in)
	}
	id := identifier{in.Kind, in.Value}
	if l.contacts[id] == nil {
		l.contacts[id] = newLink(in.Kind, in.Value)
	}
	return nil, true
}

// groups are near-duplicates: values that are alike, and those alike to them, share one link.
type groups struct {
	kind     ad.Kind
	text     *graph.Signatures
	pictures *likeness
	number   map[string]int
	parent   []int
	links    []*link // of the roots
}

func newTextGroups(similarity float64) *groups {
	return &groups{kind: ad.TextSig, text: graph.NewSignatures(similarity), number: map[string]int{}}
}

func newPictureGroups(distance int) *groups {
	return &groups{kind: ad.PHash, pictures: newLikeness(distance), number: map[string]int{}}
}

func (g *groups) root(n int) int {
	for g.parent[n] != n {
		g.parent[n] = g.parent[g.parent[n]]
		n = g.parent[n]
	}
	return n
}

// find returns the group of a value that was ensured before.
func (g *groups) find(value string) *link { return g.links[g.root(g.number[value])] }

// holds says whether a value was ensured and belongs to a group.
func (g *groups) holds(via *link, value string) bool {
	n, known := g.number[value]
	return known && g.links[g.root(n)] == via
}

// ensure adds a value unless it is known, joins the groups that it is alike to, and returns their ads: they may belong
// together now, or fall apart because together they are a hub.
func (g *groups) ensure(value string, add func() []int) (joined []ad.Key) {
	if _, known := g.number[value]; known {
		return nil
	}
	alike := add()
	n := len(g.parent)
	g.number[value] = n
	g.parent = append(g.parent, n)
	g.links = append(g.links, newLink(g.kind, value))
	for _, other := range alike {
		joined = append(joined, g.join(g.root(n), g.root(other))...)
	}
	return joined
}

// join puts the smaller group into the larger one and returns the ads that this can matter to: those of both, if both had any
// or if the group's name changes.
func (g *groups) join(a, b int) (ads []ad.Key) {
	if a == b {
		return nil
	}
	if len(g.links[a].ads) > len(g.links[b].ads) {
		a, b = b, a
	}
	from, into := g.links[a], g.links[b]
	if len(from.ads) > 0 || from.value < into.value {
		ads = append(keysOf(from), keysOf(into)...)
	}
	for k, c := range from.ads {
		into.ads[k] = c
	}
	for id := range from.beside {
		into.beside[id] = true
	}
	into.value = min(into.value, from.value)
	g.parent[a], g.links[a] = b, nil
	return ads
}
