package network

import (
	"cmp"
	"math"
	"slices"

	"varde/internal/ad"
	"varde/internal/graph"
)

// kindWeight is how much a link of a kind holds ads together at most: a contact that two ads show is one hand's unless it is a hub's; a text or a
// picture may have been copied, a link may be anybody's. These numbers are this project's choice; what rests on them is only where a
// large network is parted.
var kindWeight = map[ad.Kind]float64{ad.TextSig: 0.7, ad.PHash: 0.5, ad.Link: 0.7}

// leastWeight is that of a link just below a hub.
const leastWeight = 0.02

// weight is how much a link holds an ad to the others, in (0,1], 0 for a hub. It falls with how many ads have it, by the logarithm, and with how
// many phones of several names stand beside it, and is nothing where these reach the thresholds of a hub.
func (l *Linker) weight(via *link) float64 {
	switch {
	case l.hub(via):
		return 0
	case via.kind == ad.Decided:
		return 1
	}
	w := cmp.Or(kindWeight[via.kind], 1)
	w *= 1 - math.Log(float64(max(len(via.ads), 1)))/math.Log(float64(l.cfg.HubAds+1))
	if len(via.names) > oneHand {
		w *= 1 - float64(len(via.beside))/float64(l.cfg.HubPhones+1)
	}
	return max(w, leastWeight)
}

// leastSide is how many ads a part needs to be a network of its own.
const leastSide = 4

// web is ads and the links between them, as the nodes of a graph: the ads first.
type web struct {
	ads   []*card
	links []*link
	edges []graph.Edge
	// of are the edges of each link.
	of [][]graph.Edge
}

// webOf is the graph of ads that hang together, with the links that two of them share or more.
func (l *Linker) webOf(ads []*card) *web {
	w := &web{ads: ads}
	count := map[*link]int{}
	of := make([][]*link, len(ads))
	for i, c := range ads {
		of[i] = l.linksOf(c)
		for _, via := range of[i] {
			count[via]++
		}
	}
	node := map[*link]int{}
	for i := range ads {
		for _, via := range of[i] {
			weight := l.weight(via)
			if count[via] < 2 || weight == 0 {
				continue
			}
			n, known := node[via]
			if !known {
				n = len(ads) + len(w.links)
				node[via] = n
				w.links = append(w.links, via)
				w.of = append(w.of, nil)
			}
			e := graph.Edge{A: i, B: n, Weight: weight}
			w.edges = append(w.edges, e)
			w.of[n-len(ads)] = append(w.of[n-len(ads)], e)
		}
	}
	return w
}

// split parts ads that hang together where only a weak bridge holds two sides of several ads: communities by Louvain's method, joined again where
// what they share weighs enough. What is found depends on the ads alone.
func (l *Linker) split(ads []*card) (parts [][]*card, beside []bridge) {
	if len(ads) < l.cfg.SplitAds {
		return [][]*card{ads}, nil
	}
	w := l.webOf(ads)
	of := graph.Communities(len(ads)+len(w.links), w.shown())
	w.keepJoined(of)
	l.joinParts(w, of)
	at := map[int]int{}
	for i, c := range ads {
		n, known := at[of[i]]
		if !known {
			n = len(parts)
			at[of[i]] = n
			parts = append(parts, nil)
		}
		parts[n] = append(parts[n], c)
	}
	if len(parts) > 1 {
		beside = bridges(w, of, at)
	}
	return parts, beside
}

// shown are the edges of what ads show, without those that people made: these join whole communities and draw no ad from one to another.
func (w *web) shown() []graph.Edge {
	return slices.DeleteFunc(slices.Clone(w.edges), func(e graph.Edge) bool { return w.links[e.B-len(w.ads)].kind == ad.Decided })
}

// keepJoined joins the communities between which people joined two ads: what is known of them weighs more than what they show.
func (w *web) keepJoined(of []int) {
	for n, via := range w.links {
		if via.kind == ad.Decided {
			for _, e := range w.of[n] {
				merge(of, of[e.A], of[e.B])
			}
		}
	}
}

// merge makes one community of two, under the lower number.
func merge(of []int, a, b int) {
	for i := range of {
		if of[i] == max(a, b) {
			of[i] = min(a, b)
		}
	}
}

// joinParts joins communities that share enough, and those too small to stand by themselves with that to which they are tied most. It goes by the
// greatest weight first.
func (l *Linker) joinParts(w *web, of []int) {
	for {
		size, shared := map[int]int{}, map[[2]int]float64{}
		for i := range w.ads {
			size[of[i]]++
		}
		for _, e := range w.edges {
			if a, b := of[e.A], of[e.B]; a != b {
				shared[[2]int{min(a, b), max(a, b)}] += e.Weight
			}
		}
		var best [2]int
		most := 0.0
		for pair, weight := range shared {
			if weight < l.cfg.Bridge && min(size[pair[0]], size[pair[1]]) >= leastSide {
				continue
			}
			if weight > most || weight == most && slices.Compare(pair[:], best[:]) < 0 {
				best, most = pair, weight
			}
		}
		if most == 0 {
			return
		}
		merge(of, best[0], best[1])
	}
}

// bridge is what two parts share, by their numbers, that does not weigh enough to make them one.
type bridge struct {
	a, b   int
	via    *link
	weight float64
}

func bridges(w *web, of []int, at map[int]int) (list []bridge) {
	type key struct {
		a, b int
		via  *link
	}
	weight := map[key]float64{}
	for n, via := range w.links {
		sides := map[int]float64{}
		for _, e := range w.of[n] {
			sides[at[of[e.A]]] += e.Weight
		}
		for a, one := range sides {
			for b, two := range sides {
				if a < b {
					weight[key{a, b, via}] += min(one, two)
				}
			}
		}
	}
	for k, v := range weight {
		list = append(list, bridge{k.a, k.b, k.via, v})
	}
	slices.SortFunc(list, func(x, y bridge) int {
		return cmp.Or(cmp.Compare(y.weight, x.weight), cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b), compareLinks(x.via, y.via))
	})
	return list
}

// holds tells what holds a network together most, and which one link, if it fell away, would let it fall apart, that with the least weight; nil
// where none would.
func (l *Linker) holds(ads []*card) (strongest, weakest *ad.Hold) {
	w := l.webOf(ads)
	weigh := func(n int) ad.Hold {
		via := w.links[n]
		h := ad.Hold{Kind: via.kind, Value: via.name()}
		for _, e := range w.of[n] {
			h.Ads++
			h.Weight += e.Weight
		}
		h.Weight = math.Round(100*h.Weight) / 100
		return h
	}
	joint := graph.Joints(len(ads)+len(w.links), w.edges)
	weak := 0
	for n := range w.links {
		h := weigh(n)
		if strongest == nil || h.Weight > strongest.Weight {
			strongest = &h
		}
		if joint[len(ads)+n] && (weakest == nil || h.Weight < weakest.Weight) {
			weakest, weak = &h, n
		}
	}
	if weakest != nil {
		weakest.Parts = w.without(weak)
	}
	return strongest, weakest
}

// without are the sizes, in ads, of the parts that would be left without a link, largest first.
func (w *web) without(n int) (sizes []int) {
	beside := graph.Neighbours(len(w.ads)+len(w.links), w.edges)
	known := map[int]bool{len(w.ads) + n: true}
	for i := range w.ads {
		if known[i] {
			continue
		}
		known[i] = true
		size := 0
		for queue := []int{i}; len(queue) > 0; queue = queue[1:] {
			if queue[0] < len(w.ads) {
				size++
			}
			for _, next := range beside[queue[0]] {
				if !known[next] {
					known[next] = true
					queue = append(queue, next)
				}
			}
		}
		sizes = append(sizes, size)
	}
	slices.SortFunc(sizes, func(a, b int) int { return cmp.Compare(b, a) })
	return sizes
}
