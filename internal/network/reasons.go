package network

import (
	"cmp"
	"slices"
	"time"

	"varde/internal/ad"
)

// Thresholds of the network codes. The numbers of shared/indicators: three personas or contacts before several are said to
// be one hand (two friends may share), four cities within thirty days for a circuit.
const (
	leastPersonas = 3
	leastContacts = 3
	leastAds      = 3
	leastCities   = 4
	circuit       = 30 * 24 * time.Hour
	// mostEvidence bounds what one indicator carries; mostAds the ads named in one piece of it.
	mostEvidence = 5
	mostAds      = 20
)

// reason is a network indicator with all the ads that it rests on.
type reason struct {
	indicator ad.Indicator
	ads       map[ad.Key]bool
}

// reasons reads the network codes of a component, in the order of their codes.
func (l *Linker) reasons(component []*card) []reason {
	if len(component) < 2 {
		return nil
	}
	found := map[string]*reason{}
	links := map[*link]bool{}
	for _, c := range component {
		for _, via := range l.linksOf(c) {
			links[via] = true
		}
	}
	ordered := make([]*link, 0, len(links))
	for via := range links {
		if len(via.ads) > 1 && !l.hub(via) {
			ordered = append(ordered, via)
		}
	}
	slices.SortFunc(ordered, func(a, b *link) int { return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.value, b.value)) })
	for _, via := range ordered {
		cards := make([]*card, 0, len(via.ads))
		for _, c := range via.ads {
			cards = append(cards, c)
		}
		slices.SortFunc(cards, before)
		l.readLink(via, cards, found)
	}
	var out []reason
	for _, code := range sortedCodes(found) {
		out = append(out, *found[code])
	}
	return out
}

func sortedCodes(found map[string]*reason) []string {
	codes := make([]string, 0, len(found))
	for code := range found {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	return codes
}

// readLink reads what one shared thing says of the ads that share it.
func (l *Linker) readLink(via *link, cards []*card, found map[string]*reason) {
	add := func(code, what string, value int, on []*card) {
		r := found[code]
		if r == nil {
			r = &reason{indicator: ad.Indicator{Code: code, Confidence: 1}, ads: map[ad.Key]bool{}}
			found[code] = r
		}
		var named []ad.Key
		for _, c := range on {
			r.ads[c.key] = true
			if len(named) < mostAds {
				named = append(named, c.key)
			}
		}
		if len(r.indicator.Evidence) < mostEvidence {
			r.indicator.Evidence = append(r.indicator.Evidence, ad.Evidence{Value: string(via.kind) + ":" + via.value,
				Ads: named, Figure: &ad.Figure{What: what, Value: float64(value)}})
		}
	}
	sexual := only(cards, ad.SexualServices, ad.Massage)
	jobs := only(cards, ad.Job, ad.Housing)
	who, contacts := personas(sexual), l.contactsOf(sexual)
	switch {
	case via.kind == ad.Phone && who >= leastPersonas:
		add("N01", "personas", who, sexual)
	case (via.kind == ad.Handle || via.kind == ad.Email) && who >= leastPersonas:
		add("N02", "personas", who, sexual)
	case via.kind == ad.TextSig && len(sexual) >= leastAds && (who >= leastPersonas || contacts >= leastContacts):
		add("N03", "contacts", max(contacts, 1), sexual)
	case via.kind == ad.PHash && (who >= leastPersonas || contacts >= leastContacts):
		add("N04", "personas", who, sexual)
	}
	if isContact(via.kind) && who >= leastPersonas {
		if n, on := cities(sexual); n >= leastCities {
			add("N07", "cities", n, on)
		}
	}
	if isContact(via.kind) {
		if on := agesDiffer(sexual); on != nil {
			add("S05", "years", spread(on), on)
		}
	}
	if len(jobs) > 0 && len(only(cards, ad.SexualServices)) > 0 { // a salon that looks for staff is no recruitment into prostitution
		add("N08", "ads", len(cards), cards)
	}
	if via.kind == ad.TextSig {
		if n := employers(jobs); n >= leastPersonas && l.contactsOf(jobs) > 0 {
			add("J18", "employers", n, jobs)
		}
	}
}

func only(cards []*card, categories ...ad.Category) (out []*card) {
	for _, c := range cards {
		if slices.Contains(categories, c.category) {
			out = append(out, c)
		}
	}
	return out
}

// contactsOf counts the contacts that the ads show, of the kind that has most. Those that one ad shows together count once: one person
// may have three phones and list them in every ad.
func (l *Linker) contactsOf(cards []*card) int {
	same := map[identifier]identifier{} // to another of its group, or itself
	root := func(id identifier) identifier {
		for same[id] != id {
			id = same[id]
		}
		return id
	}
	for _, c := range cards {
		first := map[ad.Kind]identifier{}
		for _, s := range c.shows {
			if !isContact(s.kind) || l.hub(l.link(s)) {
				continue
			}
			id := identifier{s.kind, s.value}
			if _, known := same[id]; !known {
				same[id] = id
			}
			if other, ok := first[s.kind]; ok {
				same[root(id)] = root(other)
			}
			first[s.kind] = id
		}
	}
	perKind, most := map[ad.Kind]int{}, 0
	for id, other := range same {
		if id == other {
			perKind[id.kind]++
			most = max(most, perKind[id.kind])
		}
	}
	return most
}

// cities finds the most places within one circuit's time, and the ads of it. Cards are in the order in which they were seen.
func cities(cards []*card) (most int, on []*card) {
	for i := range cards {
		var places []string
		j := i
		for ; j < len(cards) && cards[j].firstSeen.Sub(cards[i].firstSeen) <= circuit; j++ {
			places = appendNew(places, cards[j].place)
		}
		if len(places) > most {
			most, on = len(places), cards[i:j]
		}
	}
	return most, on
}

// agesDiffer finds ads of one name and this contact whose ages lie too far apart.
func agesDiffer(cards []*card) []*card {
	byName := map[string][]*card{}
	var names []string
	for _, c := range cards {
		if name := nameOf(c.advertiser); name != "" && c.age > 0 {
			byName[name] = append(byName[name], c)
			names = appendNew(names, name)
		}
	}
	for _, name := range names {
		if spread(byName[name]) > ageGap {
			return byName[name]
		}
	}
	return nil
}

// spread is the difference between the highest and the lowest age.
func spread(cards []*card) int {
	low, high := cards[0].age, cards[0].age
	for _, c := range cards {
		low, high = min(low, c.age), max(high, c.age)
	}
	return high - low
}

func employers(cards []*card) int {
	var names []string
	for _, c := range cards {
		names = appendNew(names, nameOf(c.advertiser))
	}
	return len(names)
}
