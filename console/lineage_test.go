package console_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"varde/internal/ad"
	"varde/internal/review"
)

func (r *records) Lineage(_ context.Context, network string) ([]ad.Lineage, error) {
	return r.lineages[network], r.err
}

func (r *records) Regrouped(ctx context.Context, networks []string) (map[string]bool, error) {
	standing, err := r.Standing(ctx)
	regrouped := map[string]bool{}
	for id, d := range standing {
		if slices.ContainsFunc(r.lineages[id], func(e ad.Lineage) bool { return e.Kind != ad.Renamed && e.At.After(d.At) }) {
			regrouped[id] = true
		}
	}
	return regrouped, err
}

// TestLineageIsTold: a network's page and the queue say what became of a network, and what of that came after its decision.
func TestLineageIsTold(t *testing.T) {
	w := filled(t, nil)
	p := w.signedIn(t)
	const id = "n-5f3a9c01b2d4"
	page := p.page(ring)
	if n := page.Count("#lineage") + page.Count("#since") + page.Count(".regrouped"); n != 0 {
		t.Error("a network of which nothing became is said to have a past")
	}
	event := func(n int, kind ad.LineageKind, other string, ads int, into bool) ad.Lineage {
		e := ad.Lineage{At: day(n), Kind: kind, From: other, To: id, Ads: ads, Into: into}
		if !into {
			e.From, e.To = id, other
		}
		return e
	}
	before := []ad.Lineage{event(40, ad.Renamed, "n-00000000old0", 6, true), event(39, ad.Merged, "n-000000000001", 1, true)}
	w.lineages = map[string][]ad.Lineage{id: before}
	w.reviews.list = []review.Review{{Seq: 1, At: day(45), Author: "ola", Network: id, Decision: review.Watch}}
	page = p.page(ring)
	page.Has(".lineage", "10. nov. 2026 fikk nettverket ny id. Det het n-00000000old0 før", "slått sammen med n-000000000001, som hadde 1 annonse.")
	if !slices.Contains(page.Attrs(".lineage a", "href"), "/networks/n-00000000old0") {
		t.Error("a former id leads nowhere")
	}
	if n := page.Count("#since") + page.Count(".regrouped") + p.page("/queue").Count(".regrouped"); n != 0 {
		t.Error("what was before the decision is told as after it")
	}
	after := []ad.Lineage{event(49, ad.Renamed, "n-000000000005", 9, true), event(48, ad.Split, "n-000000000004", 3, false), event(48, ad.Merged, "n-<b>", 7, true),
		event(47, ad.Split, "n-000000000003", 1, true), event(46, ad.Merged, "n-000000000002", 2, false)}
	w.lineages[id] = append(after, before...)
	page = p.page(ring)
	page.Has(".title-row .regrouped", "Endret siden vurderingen")
	page.Has("#since", "Endret siden vurderingen:", "18. nov. 2026 ble 3 annonser skilt ut til n-000000000004.", "slått sammen med n-<b>, som hadde 7 annonser.",
		"1 annonse skilt ut fra n-000000000003 og kom hit", "og 1 til")
	page.HasNot("#since", "n-000000000005")
	p.page("/queue").Has(".queue .regrouped", "Endret siden vurderingen")

	p.post("/language", "lang", "en", "next", "/queue")
	page = p.page(ring)
	page.Has("#since", "Changed since it was decided:", "On 18 Nov 2026 3 ads were split off into n-000000000004.", "this network was merged with n-<b>, which had 7 ads.")
	page.Has(".lineage", "2 ads, was merged into n-000000000002", "1 ad that had been in n-000000000003 was split off and came here", "It was n-000000000005 before")
	p.page("/queue").Has(".queue .regrouped", "Changed since it was decided")
	for i := range 20 {
		w.lineages[id] = append(w.lineages[id], event(30, ad.Merged, fmt.Sprint("n-", i), 1, true))
	}
	p.page(ring).Has("details summary", "27 events, the newest first")
	w.reviews.list[0].At = day(49).Add(time.Hour)
	if n := p.page(ring).Count("#since"); n != 0 {
		t.Error("a later decision does not settle it")
	}
}
