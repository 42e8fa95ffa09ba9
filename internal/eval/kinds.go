package eval

import (
	"cmp"
	"slices"
)

// KindLinking is how the ads of one kind of controller were linked.
type KindLinking struct {
	Kind        string `json:"kind"`
	Ads         int    `json:"ads"`
	Controllers int    `json:"controllers"`
	// Split controllers have ads in several networks, Merged ones share a network with another controller.
	Split  int `json:"split"`
	Merged int `json:"merged"`
	// Pairwise counts the pairs of ads of which one at least is of the kind.
	Pairwise Quality `json:"pairwise"`
	// With is the kind with which most of its wrong pairs are, empty where there is none.
	With string `json:"merged_with,omitempty"`
}

// ByKind measures linking for each kind of controller, in the order of their names.
func ByKind(ads []Linked) []KindLinking {
	kinds := map[string]*KindLinking{}
	networks := map[string]map[string]map[string]int{} // network → kind → controller → ads
	whole, within := map[string]int{}, map[string]map[string]bool{}
	kindOf := map[string]string{}
	for _, l := range ads {
		if kinds[l.Kind] == nil {
			kinds[l.Kind] = &KindLinking{Kind: l.Kind}
		}
		kinds[l.Kind].Ads++
		put(networks, l.Network, l.Kind)[l.Controller]++
		whole[l.Controller]++
		if within[l.Controller] == nil {
			within[l.Controller] = map[string]bool{}
		}
		within[l.Controller][l.Network] = true
		kindOf[l.Controller] = l.Kind
	}
	both, claimed, wanted := map[string]float64{}, map[string]float64{}, map[string]float64{}
	merged := map[string]bool{}
	wrong := map[string]map[string]float64{}
	for _, by := range networks {
		all, of, right, controllers := 0, map[string]int{}, map[string]float64{}, 0
		for kind, list := range by {
			for _, n := range list {
				all, of[kind], right[kind] = all+n, of[kind]+n, right[kind]+pairsOf(n)
			}
			controllers += len(list)
		}
		for kind, n := range of {
			both[kind] += right[kind]
			claimed[kind] += pairsOf(all) - pairsOf(all-n)
			if wrong[kind] == nil {
				wrong[kind] = map[string]float64{}
			}
			for other, m := range of {
				if other == kind {
					wrong[kind][kind] += pairsOf(n) - right[kind]
				} else {
					wrong[kind][other] += float64(n) * float64(m)
				}
			}
			for controller := range by[kind] {
				merged[controller] = merged[controller] || controllers > 1
			}
		}
	}
	for controller, n := range whole {
		kind := kindOf[controller]
		k := kinds[kind]
		k.Controllers++
		wanted[kind] += pairsOf(n)
		if len(within[controller]) > 1 {
			k.Split++
		}
		if merged[controller] {
			k.Merged++
		}
	}
	var out []KindLinking
	for kind, k := range kinds {
		k.Pairwise = quality(both[kind], claimed[kind], wanted[kind])
		most := 0.0
		for other, n := range wrong[kind] {
			if n > most || n == most && n > 0 && other < k.With {
				most, k.With = n, other
			}
		}
		out = append(out, *k)
	}
	slices.SortFunc(out, func(a, b KindLinking) int { return cmp.Compare(a.Kind, b.Kind) })
	return out
}

func put(m map[string]map[string]map[string]int, a, b string) map[string]int {
	if m[a] == nil {
		m[a] = map[string]map[string]int{}
	}
	if m[a][b] == nil {
		m[a][b] = map[string]int{}
	}
	return m[a][b]
}

func pairsOf(n int) float64 { return float64(n) * float64(n-1) / 2 }
