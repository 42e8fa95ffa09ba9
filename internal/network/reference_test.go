package network_test

import (
	"cmp"
	"fmt"
	"maps"
	"math/bits"
	"slices"
	"strings"

	"varde/internal/ad"
	"varde/internal/neartext"
	"varde/internal/network"
	"varde/internal/picture"
)

func partition(r *record) string {
	var sets []string
	for _, n := range r.networks {
		var keys []string
		for _, k := range n.Ads {
			keys = append(keys, string(k))
		}
		sets = append(sets, strings.Join(keys, " "))
	}
	slices.Sort(sets)
	return strings.Join(sets, "\n")
}

// reference links from scratch, as plainly as possible: pairs compared one by one, hubs counted at the end, cuts and joins taken one by one.
func reference(findings []ad.Finding, decisions []network.Decision) string {
	shows := map[ad.Key]map[string]bool{}
	contacts := map[ad.Key]map[string]bool{}
	groups := newPlainGroups(findings)
	for _, f := range findings {
		k := f.Sighting.Key()
		if shows[k] == nil {
			shows[k], contacts[k] = map[string]bool{}, map[string]bool{}
		}
		for _, id := range f.Identifiers {
			name := groups.name(id)
			shows[k][name] = true
			if id.Kind == ad.Phone {
				contacts[k][name] = true
			}
		}
	}
	latest, nameIn := map[ad.Key]*ad.Sighting{}, map[ad.Key]string{}
	for i := range findings {
		s := &findings[i].Sighting
		if was := latest[s.Key()]; was == nil || cmp.Or(was.SeenAt.Compare(s.SeenAt), strings.Compare(was.ID(), s.ID())) < 0 {
			latest[s.Key()], nameIn[s.Key()] = s, cmp.Or(strings.Trim(s.Advertiser, "0123456789"), "\x00"+string(s.Key()))
		}
	}
	adsOf := map[string][]ad.Key{}
	for k, names := range shows {
		for name := range names {
			adsOf[name] = append(adsOf[name], k)
		}
	}
	of := map[ad.Key]ad.Key{}
	var root func(k ad.Key) ad.Key
	root = func(k ad.Key) ad.Key {
		if of[k] == "" || of[k] == k {
			return k
		}
		return root(of[k])
	}
	for name, keys := range adsOf {
		beside, names := map[string]bool{}, map[string]bool{}
		for _, k := range keys {
			for c := range contacts[k] {
				if c != name {
					beside[c] = true
				}
			}
			names[nameIn[k]] = true
		}
		if len(keys) > config.HubAds || len(beside) > config.HubPhones && len(names) > 2 {
			continue
		}
		keys = slices.DeleteFunc(keys, func(k ad.Key) bool {
			return slices.ContainsFunc(decisions, func(d network.Decision) bool {
				return !d.Ended && d.Cut != nil && (d.Cut.Ad == "" || d.Cut.Ad == k) && groups.name(ad.Identifier{Kind: d.Cut.Kind, Value: d.Cut.Value}) == name
			})
		})
		for _, k := range keys[min(1, len(keys)):] {
			of[root(k)] = root(keys[0])
		}
	}
	for _, d := range decisions {
		if !d.Ended && d.Join != nil && shows[d.Join.A] != nil && shows[d.Join.B] != nil {
			of[root(d.Join.A)] = root(d.Join.B)
		}
	}
	sets := map[ad.Key][]string{}
	for _, k := range slices.Sorted(maps.Keys(shows)) {
		sets[root(k)] = append(sets[root(k)], string(k))
	}
	var out []string
	for _, s := range sets {
		out = append(out, strings.Join(s, " "))
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

type plainGroups struct {
	values []ad.Identifier
	of     []int
}

func newPlainGroups(findings []ad.Finding) *plainGroups {
	g := &plainGroups{}
	for _, f := range findings {
		for _, id := range f.Identifiers {
			if id.Kind == ad.TextSig || id.Kind == ad.PHash {
				g.values = append(g.values, id)
				g.of = append(g.of, len(g.of))
			}
		}
	}
	for changed := true; changed; {
		changed = false
		for i, a := range g.values {
			for j, b := range g.values {
				if a.Kind == b.Kind && g.of[i] != g.of[j] && g.alike(a, b) {
					g.of[i] = min(g.of[i], g.of[j])
					g.of[j] = g.of[i]
					changed = true
				}
			}
		}
	}
	return g
}

// alike compares two values as the linker promises to.
func (g *plainGroups) alike(a, b ad.Identifier) bool {
	if a.Kind == ad.PHash {
		x, y := hashOf(a), hashOf(b)
		return near(x, y, a, b) || copies(a, b, !g.stoodFor(a) && !g.stoodFor(b))
	}
	x, _ := neartext.SketchOf(a.Signature, nil)
	y, _ := neartext.SketchOf(b.Signature, nil)
	return neartext.Alike(x, y, config.TextSimilarity) && shareKey(x.Keys(), y.Keys())
}

func hashOf(id ad.Identifier) (hash uint64) {
	if _, err := fmt.Sscanf(id.Value[:16], "%x", &hash); err != nil {
		panic(err)
	}
	return hash
}

// stoodFor says whether a picture whose hash is all but the same stands for one: that with the least value does, of those with a fingerprint, and
// it alone has keys.
func (g *plainGroups) stoodFor(id ad.Identifier) bool {
	return slices.ContainsFunc(g.values, func(o ad.Identifier) bool {
		return o.Kind == ad.PHash && len(o.Value) > 16 && o.Value < id.Value && bits.OnesCount64(hashOf(o)^hashOf(id)) <= picture.SurelyNear
	})
}

func shareKey(a, b []uint64) bool {
	return slices.ContainsFunc(a, func(key uint64) bool { return slices.Contains(b, key) })
}

func (g *plainGroups) name(id ad.Identifier) string {
	if id.Kind == ad.TextSig || id.Kind == ad.PHash {
		for i, v := range g.values {
			if v.Kind == id.Kind && v.Value == id.Value {
				return fmt.Sprint("group", g.of[i])
			}
		}
	}
	return string(id.Kind) + id.Value
}

// TestOnePersonsReposts: somebody with three phones who puts the same ad on three sites, her name now in capitals, is one person with
// one set of contacts.
