package main

import (
	"io"
	"slices"
	"testing"

	"varde/internal/ad"
	"varde/internal/eval"
	"varde/internal/sim"
)

// TestJoinsOfASimulatedWorld: where each controller is a network nothing is wrong; two that a phone of one's own joins are told as several; and two
// that only a hub's phone, a stock picture, or nothing joins are found out.
func TestJoinsOfASimulatedWorld(t *testing.T) {
	t.Parallel()
	world := sim.NewWorld(sim.Config{Seed: 5, Ads: 1500, Start: simulatedStart, Boilerplate: true})
	findings, err := (&goldEval{app: &app{err: io.Discard}, imitate: true}).readWorld(t.Context(), world)
	if err != nil {
		t.Fatal(err)
	}
	truth := world.Truth()
	linked := make([]eval.Linked, len(truth))
	with := map[sim.Trait]map[string]int{} // independents by trait, and an ad of each
	for i, one := range truth {
		linked[i] = eval.Linked{Controller: one.Controller, Network: one.Controller, Kind: one.Kind}
		for _, trait := range one.Traits {
			if one.Kind == string(sim.Independent) {
				if with[trait] == nil {
					with[trait] = map[string]int{}
				}
				with[trait][one.Controller] = i
			}
		}
	}
	shown := shownIn(world, findings)
	joins := func(planted ...string) eval.Joins {
		list := slices.Clone(linked)
		for i := range list {
			if slices.Contains(planted, list[i].Controller) {
				list[i].Network = "planted"
			}
		}
		return eval.HowJoined(list, shown)
	}
	if j := joins(); j.Several != 0 || j.HubAlone != 0 || j.Unexplained != 0 || j.Networks < 100 || !j.Checked {
		t.Errorf("the truth: %+v", j)
	}
	plain := func(c string) bool { // has nothing else that another may share
		return with[sim.CopiedPhrases][c] == 0 && with[sim.Robbed][c] == 0
	}
	hub, stock := map[string][]string{}, map[string][]string{}
	var lonely []string
	for _, c := range controllersOf(truth) {
		if i, ok := with[sim.HubPhone][c]; ok && plain(c) {
			for _, thing := range shown(i).Hubs {
				if thing[0] == 'p' {
					hub[thing] = append(hub[thing], c)
				}
			}
		}
		if i, ok := with[sim.StockPicture][c]; ok && plain(c) {
			for _, thing := range shown(i).Hubs {
				if thing[0] == 's' {
					stock[thing] = append(stock[thing], c)
				}
			}
		}
	}
	for i, one := range truth {
		if one.Kind == string(sim.Employer) && len(shown(i).Hubs) == 0 && !slices.Contains(lonely, one.Controller) && !slices.Contains(one.Traits, sim.HubPhone) {
			lonely = append(lonely, one.Controller)
		}
	}
	for _, shared := range []map[string][]string{hub, stock} {
		tried := 0
		for thing, users := range shared {
			if len(users) < 2 {
				continue
			}
			tried++
			if j := joins(users[:2]...); j.Several != 1 || j.HubAlone != 1 || len(j.Examples) != 1 || !slices.Contains(j.Examples[0].Hubs, thing) {
				t.Errorf("%v share %s: %+v", users[:2], thing, j)
			}
		}
		if tried == 0 {
			t.Error("nobody shares a hub")
		}
	}
	if j := joins(lonely[:2]...); j.HubAlone != 0 || j.Unexplained != 1 {
		t.Errorf("%v share nothing: %+v", lonely[:2], j)
	}
	// A ring that pastes an independent's phone may be joined to her rightly.
	phones, right := map[string]string{}, 0
	for i, one := range truth {
		if !slices.Contains(one.Traits, sim.Pastes) && !slices.Contains(one.Traits, sim.Robbed) {
			continue
		}
		for _, id := range findings[i].Identifiers {
			other := phones[id.Value]
			if id.Kind != ad.Phone || other == one.Controller {
				continue
			}
			if other == "" {
				phones[id.Value] = one.Controller
				continue
			}
			right++
			if j := joins(other, one.Controller); j.Several != 1 || j.HubAlone != 0 || j.Unexplained != 0 {
				t.Errorf("%s and %s share %s: %+v", other, one.Controller, id.Value, j)
			}
		}
	}
	if right == 0 {
		t.Error("no ring pastes a phone")
	}
}

func controllersOf(truth []sim.Truth) (out []string) {
	for _, one := range truth {
		out = append(out, one.Controller)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
