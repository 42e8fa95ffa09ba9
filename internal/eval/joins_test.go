package eval_test

import (
	"fmt"
	"slices"
	"testing"

	"varde/internal/eval"
)

func TestByKind(t *testing.T) {
	var ads []eval.Linked
	for _, l := range linked("a.1 a.1 a.2 b.1 c.3 c.3 d.4") {
		l.Kind = map[string]string{"a": "ring", "b": "independent", "c": "independent", "d": "spam"}[l.Controller]
		ads = append(ads, l)
	}
	all := eval.ByKind(ads)
	if len(all) != 3 {
		t.Fatalf("%+v", all)
	}
	in, ring, spam := all[0], all[1], all[2]
	// Network 1 holds a, a and b: three pairs with an ad of the ring, one of them right; the ring's three ads are three pairs.
	if ring.Ads != 3 || ring.Controllers != 1 || ring.Split != 1 || ring.Merged != 1 || ring.With != "independent" ||
		!near(ring.Pairwise.Precision, 1.0/3) || !near(ring.Pairwise.Recall, 1.0/3) {
		t.Errorf("ring: %+v", ring)
	}
	if in.Ads != 3 || in.Controllers != 2 || in.Split != 0 || in.Merged != 1 || in.With != "ring" || !near(in.Pairwise.Precision, 1.0/3) || in.Pairwise.Recall != 1 {
		t.Errorf("independent: %+v", in)
	}
	if spam.Merged != 0 || spam.With != "" || spam.Pairwise.Precision != 1 {
		t.Errorf("spam: %+v", spam)
	}
}

// joined looks at ads of "controller.network" words and at what each shows: "+x" its own, "!x" a hub.
func joined(words string, things [][]string, texts map[int][]uint32) eval.Joins {
	return eval.HowJoined(linked(words), func(i int) (s eval.Shown) {
		for _, thing := range things[i] {
			if thing[0] == '!' {
				s.Hubs = append(s.Hubs, thing)
			} else {
				s.Own = append(s.Own, thing)
			}
		}
		s.Text = texts[i]
		return s
	})
}

func TestHowJoined(t *testing.T) {
	long := []uint32{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	for _, tt := range []struct {
		name, ads        string
		things           [][]string
		texts            map[int][]uint32
		hub, unexplained int
	}{
		{"one controller", "a.1 a.1 b.2", [][]string{{"!h"}, {"!h"}, {"!h"}}, nil, 0, 0},
		{"a hub alone", "a.1 b.1", [][]string{{"+p", "!h"}, {"+q", "!h"}}, nil, 1, 0},
		{"a hub and a phone", "a.1 b.1", [][]string{{"+p", "!h"}, {"+p", "!h"}}, nil, 0, 0},
		{"a phone of another ad of the controller", "a.1 a.1 b.1", [][]string{{"!h"}, {"+p"}, {"+p", "!h"}}, nil, 0, 0},
		{"over a third controller", "a.1 b.1 c.1", [][]string{{"+p"}, {"+p", "+q"}, {"+q"}}, nil, 0, 0},
		{"two by a phone, the third by the hub", "a.1 b.1 c.1", [][]string{{"+p"}, {"+p", "!h"}, {"!h"}}, nil, 1, 0},
		{"nothing at all", "a.1 b.1", [][]string{{"+p"}, {"+q"}}, nil, 0, 1},
		{"texts alike", "a.1 b.1", [][]string{{"!h"}, {"!h"}}, map[int][]uint32{0: long, 1: append(slices.Clone(long[:8]), 20, 21)}, 0, 0},
		{"a pasted text", "a.1 b.1", [][]string{{"!h"}, {"!h"}}, map[int][]uint32{0: long[:4], 1: long}, 0, 0},
		{"copied phrases only", "a.1 b.1", [][]string{{"!h"}, {"!h"}}, map[int][]uint32{0: long, 1: {9, 10, 11, 12, 13, 14, 15, 16, 17, 18}}, 1, 0},
		{"in two networks", "a.1 a.1 b.2 b.2", [][]string{{"!h"}, {"!h"}, {"!h"}, {"!h"}}, nil, 0, 0},
	} {
		j := joined(tt.ads, tt.things, tt.texts)
		if j.HubAlone != tt.hub || j.Unexplained != tt.unexplained || len(j.Examples) != tt.hub+tt.unexplained {
			t.Errorf("%s: %+v", tt.name, j)
		}
	}
	j := joined("a.1 b.1 c.1 d.2 d.2 e.3", [][]string{{"+p", "!h"}, {"+p"}, {"!h"}, {}, {}, {}}, nil)
	if j.Networks != 2 || j.Several != 1 || j.Largest != 3 || j.LargestControllers != 3 || fmt.Sprint(j.Examples) != "[{1 3 [a c] [!h]}]" {
		t.Errorf("%+v", j)
	}
}
