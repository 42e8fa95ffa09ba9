package network

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"varde/internal/ad"
)

// describe makes the network and the standings of one component and adds those that changed to the update. It returns the
// network's id.
func (l *Linker) describe(component []*card, update *ad.Update) string {
	anchor := slices.MinFunc(component, before)
	n := ad.Network{ID: idOf(anchor.key), FirstSeen: anchor.firstSeen, LastSeen: anchor.lastSeen}
	l.gather(component, &n)
	reasons := l.reasons(component)
	own := make([][]ad.Indicator, len(component))
	for i, c := range component {
		own[i] = c.indicators
		if l.childIn(c) {
			n.Child++
		}
		if c.lastSeen.After(n.LastSeen) {
			n.LastSeen = c.lastSeen
		}
		l.stand(c, n.ID, reasons, update)
	}
	shown := make([]ad.Indicator, len(reasons))
	for i, r := range reasons {
		shown[i] = r.indicator
	}
	scored := l.scorer.ScoreNetwork(shown, own)
	n.Score, n.Band, n.Indicators = scored.Score, scored.Band, scored.Indicators
	body := fingerprint(n)
	if m := l.networks[n.ID]; m == nil || m.body != body {
		l.networks[n.ID] = &member{anchor: anchor.key, body: body}
		update.Networks = append(update.Networks, n)
	}
	return n.ID
}

// gather fills in what the ads of a network show and where.
func (l *Linker) gather(component []*card, n *ad.Network) {
	counts := map[*link]int{}
	for _, c := range component {
		n.Ads = append(n.Ads, c.key)
		for _, via := range l.linksOf(c) {
			counts[via]++
		}
	}
	for via, ads := range counts {
		hub := l.hub(via)
		if ads > 1 || isContact(via.kind) || hub {
			n.Identifiers = append(n.Identifiers, ad.NetworkIdentifier{Kind: via.kind, Value: via.value, Ads: ads, Hub: hub})
		}
	}
	slices.SortFunc(n.Identifiers, func(a, b ad.NetworkIdentifier) int {
		return cmp.Or(cmp.Compare(slices.Index(ad.Kinds, a.Kind), slices.Index(ad.Kinds, b.Kind)), cmp.Compare(b.Ads, a.Ads), cmp.Compare(a.Value, b.Value))
	})
	for _, c := range component {
		for _, via := range l.linksOf(c) {
			if counts[via] > 1 && !l.hub(via) {
				n.Edges = append(n.Edges, ad.Edge{Ad: c.key, Kind: via.kind, Value: via.value})
			}
		}
	}
	inOrder := slices.Clone(component)
	slices.SortFunc(inOrder, before)
	for _, c := range inOrder {
		n.Sites = appendNew(n.Sites, c.key.Site())
		n.Places = appendNew(n.Places, c.place)
		n.Categories = appendNew(n.Categories, c.category)
	}
	slices.Sort(n.Sites)
	slices.Sort(n.Categories)
	n.Personas = personas(component)
}

// linksOf returns the links of an ad, each once, in the order of their kinds and values.
func (l *Linker) linksOf(c *card) []*link {
	var links []*link
	for _, id := range c.shows {
		if via := l.link(id); !slices.Contains(links, via) {
			links = append(links, via)
		}
	}
	slices.SortFunc(links, func(a, b *link) int { return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.value, b.value)) })
	return links
}

func appendNew[T comparable](list []T, v T) []T {
	var none T
	if v == none || slices.Contains(list, v) {
		return list
	}
	return append(list, v)
}

// stand scores one ad by its own indicators and the network's that rest on it.
func (l *Linker) stand(c *card, network string, reasons []reason, update *ad.Update) {
	all := slices.Clone(c.indicators)
	for _, r := range reasons {
		if r.ads[c.key] {
			all = append(all, r.indicator)
		}
	}
	scored := l.scorer.Score(all)
	standing := ad.Standing{Key: c.key, Network: network, Score: scored.Score, Band: scored.Band, Indicators: scored.Indicators, Child: l.childIn(c)}
	c.network = network
	if f := fingerprint(standing); f != c.standing {
		c.standing = f
		update.Standings = append(update.Standings, standing)
	}
}

// childIn says whether a child may be involved in an ad: a flag beside the score.
func (l *Linker) childIn(c *card) bool {
	return slices.ContainsFunc(c.indicators, func(in ad.Indicator) bool { return l.scorer.Child(in.Code) })
}

// fingerprint tells whether something that was given out has changed.
func fingerprint(v any) string {
	b, err := json.Marshal(v)
	if err != nil { // plain values cannot fail to marshal
		panic(fmt.Sprintf("network: fingerprint: %v", err))
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:12])
}

// ageGap is how many years apart two stated ages must be to count as different: people round, and grow older.
const ageGap = 2

// personas counts how many different people the ads present: the more of different names and of different ages.
func personas(cards []*card) int {
	var names []string
	var ages []int
	for _, c := range cards {
		names = appendNew(names, nameOf(c.advertiser))
		ages = appendNew(ages, c.age)
	}
	slices.Sort(ages)
	apart := 0
	for i, last := 0, 0; i < len(ages); i++ {
		if apart == 0 || ages[i]-last > ageGap {
			apart++
			last = ages[i]
		}
	}
	return max(len(names), apart)
}

// nameOf reduces an account name to its letters, so that mia88 and Mia_22 are one name.
func nameOf(advertiser string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r < 0x80 && !unicode.IsLetter(r):
			return -1
		}
		return unicode.ToLower(r)
	}, advertiser)
}
