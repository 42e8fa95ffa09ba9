package main

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strings"

	"varde/internal/ad"
	"varde/internal/eval"
	"varde/internal/sim"
	"varde/internal/text"
)

// shownIn tells what the ads of a simulated world show: contacts as the detectors read them, pictures and texts as the world knows them, and which
// of these are hubs by its truth.
func shownIn(world *sim.World, findings []ad.Finding) func(i int) eval.Shown {
	hubs := map[string]bool{}
	for _, p := range world.HubPhones() {
		hubs[p] = true
	}
	return func(i int) (s eval.Shown) {
		s.Own, s.Hubs = world.Drawings(i)
		for _, id := range findings[i].Identifiers {
			switch {
			case id.Kind == ad.PHash, id.Kind == ad.TextSig:
			case id.Kind == ad.Phone && hubs[id.Value]:
				s.Hubs = append(s.Hubs, string(id.Kind)+" "+id.Value)
			default:
				s.Own = append(s.Own, string(id.Kind)+" "+id.Value)
			}
		}
		s.Text = triplesOf(world.OwnText(i))
		return s
	}
}

// triplesOf are the hashes of a text's word triples, sorted. Numbers count as one word, as they do in linking.
func triplesOf(s string) (out []uint32) {
	d := text.Read(s)
	for i := 0; i+3 <= len(d.Tokens); i++ {
		h := fnv.New32a()
		for _, t := range d.Tokens[i : i+3] {
			word := "0"
			if t.Kind == text.Letters {
				word = d.Text[t.Start:t.End]
			}
			_, _ = h.Write([]byte(word + " ")) // a hash takes everything
		}
		out = append(out, h.Sum32())
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// linkingLines tell how the kinds of controller were linked, and how networks of several hang together.
func (e evaluation) linkingLines() []string {
	out := []string{"", fmt.Sprintf("%-22s %8s %11s %8s %8s %10s %8s  %s", "linking of the kind", "ads", "controllers", "split", "merged", "precision", "recall", "merged mostly with")}
	for _, k := range e.Kinds {
		out = append(out, fmt.Sprintf("%-22s %8d %11d %8d %8d %10.4f %8.4f  %s", strings.ReplaceAll(k.Kind, "_", " "), k.Ads, k.Controllers, k.Split, k.Merged,
			k.Pairwise.Precision, k.Pairwise.Recall, strings.ReplaceAll(k.With, "_", " ")))
	}
	j := e.Joins
	out = append(out, "", fmt.Sprintf("%d networks of two ads or more, the largest of %d ads (of %d controllers); %d hold several controllers", j.Networks, j.Largest, j.LargestControllers, j.Several))
	if !j.Checked {
		return out
	}
	out = append(out, fmt.Sprintf("joined through a hub alone: %d; joined by nothing that is known: %d", j.HubAlone, j.Unexplained))
	for _, x := range j.Examples {
		by := "share nothing that is known"
		if len(x.Hubs) > 0 {
			by = "share " + strings.Join(x.Hubs, ", ")
		}
		out = append(out, fmt.Sprintf("  %s of %d ads: %s %s", x.Network, x.Ads, strings.Join(x.Controllers, ", "), by))
	}
	return out
}
