package network

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"

	"varde/internal/ad"
)

// describe makes the network and the standings of one component and adds those that changed to the update. It returns the
// network's id.
func (l *Linker) describe(component []*card, ties []ad.Tie, update *ad.Update) string {
	anchor := slices.MinFunc(component, before)
	n := ad.Network{ID: idOf(anchor.key), FirstSeen: anchor.firstSeen, LastSeen: anchor.lastSeen, Ties: ties}
	l.gather(component, &n)
	if len(component) > 1 {
		n.Strongest, n.Weakest = l.holds(component)
	}
	read := l.survey(component)
	n.Personas = personas(read.others(component))
	var own [][]ad.Indicator // of the ads that count for the network
	spam, beside := 0, map[string]int{}
	for _, c := range component {
		mine := l.own(c)
		if read.added[c] == nil {
			own = append(own, mine)
		}
		if c.lastSeen.After(n.LastSeen) {
			n.LastSeen = c.lastSeen
		}
		standing := l.stand(c, mine, n.ID, read, update)
		if standing.Child {
			n.Child++
		}
		if standing.Class == ad.Spam {
			spam++
		}
		for _, code := range codesBeside(l.scorer, standing.Indicators) {
			beside[code]++
		}
	}
	scored := l.scorer.ScoreNetwork(read.all(), own)
	if 2*spam > len(component) {
		n.Class = ad.Spam
		scored = l.scorer.Hold(scored)
	}
	n.Score, n.Band, n.Indicators, n.ScoreVersion = scored.Score, scored.Band, scored.Indicators, scored.Version
	for _, code := range slices.Sorted(maps.Keys(beside)) {
		share := ad.Figure{What: "ads", Value: float64(beside[code]), Compared: float64(len(component))}
		n.Indicators = append(n.Indicators, ad.Indicator{Code: code, Confidence: share.Value / share.Compared, Evidence: []ad.Evidence{{Figure: &share}}})
	}
	body := fingerprint(n)
	if l.said(n.ID) != body || l.tellAll {
		l.say(n.ID, body)
		update.Networks = append(update.Networks, n)
	}
	return n.ID
}

// mostTies bounds what is told of other networks.
const mostTies = 10

// tiesOf are what one of some parts shares with the others.
func tiesOf(parts [][]*card, bridges []bridge, part int) (ties []ad.Tie) {
	for _, b := range bridges {
		other := b.a + b.b - part
		if b.a != part && b.b != part || len(ties) == mostTies {
			continue
		}
		ties = append(ties, ad.Tie{Network: idOf(slices.MinFunc(parts[other], before).key), Kind: b.via.kind, Value: b.via.name(),
			Weight: math.Round(100*b.weight) / 100})
	}
	return ties
}

// gather fills in what the ads of a network show and where.
func (l *Linker) gather(component []*card, n *ad.Network) {
	held, cut := map[*link]int{}, map[*link]int{} // how many ads a link holds, and how many show it and are cut from it
	for _, c := range component {
		n.Ads = append(n.Ads, c.key)
		for _, via := range l.linksOf(c) {
			held[via]++
		}
		for _, via := range l.cutsOf(c) {
			cut[via]++
		}
	}
	for via, ads := range held {
		hub := l.hub(via)
		if ads > 1 || isContact(via.kind) || hub || cut[via] > 0 {
			n.Identifiers = append(n.Identifiers, ad.NetworkIdentifier{Kind: via.kind, Value: via.name(), Ads: ads + cut[via], Hub: hub, Cut: cut[via],
				Weight: math.Round(100*l.weight(via)) / 100})
		}
	}
	for via, ads := range cut {
		if held[via] == 0 {
			n.Identifiers = append(n.Identifiers, ad.NetworkIdentifier{Kind: via.kind, Value: via.name(), Ads: ads, Hub: l.hub(via), Cut: ads})
		}
	}
	slices.SortFunc(n.Identifiers, func(a, b ad.NetworkIdentifier) int {
		return cmp.Or(cmp.Compare(slices.Index(ad.Kinds, a.Kind), slices.Index(ad.Kinds, b.Kind)), cmp.Compare(b.Ads, a.Ads), cmp.Compare(a.Value, b.Value))
	})
	for _, c := range component {
		for _, via := range l.linksOf(c) {
			if held[via] > 1 && !l.hub(via) {
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
}

// linksOf returns the links that may hold an ad to others, each once, in the order of their kinds and values: of what it shows, but for what
// people cut, and those that people made.
func (l *Linker) linksOf(c *card) []*link {
	links := slices.DeleteFunc(l.shownBy(c), func(via *link) bool { return l.cut(via, c.key) })
	if joins := l.decided.joins[c.key]; joins != nil {
		links = append(links, joins...)
		slices.SortFunc(links, compareLinks)
	}
	return links
}

// cutsOf returns the links of what an ad shows that people cut.
func (l *Linker) cutsOf(c *card) []*link {
	if len(l.decided.cuts) == 0 {
		return nil
	}
	return slices.DeleteFunc(l.shownBy(c), func(via *link) bool { return !l.cut(via, c.key) })
}

// shownBy returns the links of what an ad shows, each once, in the order of their kinds and values.
func (l *Linker) shownBy(c *card) []*link {
	var links []*link
	for _, id := range c.shows {
		if via := l.link(id); via != nil && !slices.Contains(links, via) {
			links = append(links, via)
		}
	}
	slices.SortFunc(links, compareLinks)
	return links
}

func appendNew[T comparable](list []T, v T) []T {
	var none T
	if v == none || slices.Contains(list, v) {
		return list
	}
	return append(list, v)
}

// stand scores one ad by its own indicators, mine, and the network's that rest on it. What does not make the score follows it: the signs of spam
// and of a child.
func (l *Linker) stand(c *card, mine []ad.Indicator, network string, read *survey, update *ad.Update) ad.Standing {
	resting, beside := read.restingOn(c), l.besideScore(c)
	scored := l.scorer.Score(slices.Concat(mine, resting))
	standing := ad.Standing{Key: c.key, Network: network, Class: l.classOf(c, resting, beside), Child: l.childIn(c)}
	if standing.Class == ad.Spam {
		scored = l.scorer.Hold(scored)
	}
	standing.Score, standing.Band, standing.ScoreVersion = scored.Score, scored.Band, scored.Version
	standing.Indicators = append(scored.Indicators, beside...)
	f := fingerprint(standing)
	if f != c.standing || network != c.network || l.tellAll {
		c.network, c.standing = network, f
		l.keepStanding(c)
		update.Standings = append(update.Standings, standing)
	}
	return standing
}

// codesBeside are the codes, each once, that stand beside the score.
func codesBeside(scorer Scorer, indicators []ad.Indicator) (codes []string) {
	for _, in := range indicators {
		if (scorer.Spam(in.Code) || scorer.Child(in.Code)) && !slices.Contains(codes, in.Code) {
			codes = append(codes, in.Code)
		}
	}
	return codes
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
