package console_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"varde/internal/ad"
	"varde/internal/audit"
	"varde/internal/fault"
	"varde/internal/indicator"
	"varde/internal/review"
	"varde/internal/testkit"
	"varde/internal/weights"
)

// reviewLedger keeps decisions in memory.
type reviewLedger struct{ list []review.Review }

func (r *records) Reviews(_ context.Context, network string) (list []review.Review, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, one := range r.reviews.list {
		if one.Network == network || r.became[one.Network] == network {
			list = append(list, one)
		}
	}
	return list, r.err
}

func (r *records) PutReview(ctx context.Context, one review.Review, over *int64, _ audit.Entry) (review.Review, error) {
	standing, err := r.Standing(ctx)
	if err == nil && over != nil && standing[one.Network].Seq != *over {
		return one, review.ErrChanged
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	one.Seq = int64(len(r.reviews.list) + 1)
	r.reviews.list = append(r.reviews.list, one)
	return one, r.err
}

func (r *records) Standing(ctx context.Context) (map[string]review.Review, error) {
	standing := map[string]review.Review{}
	for id := range r.networks {
		list, err := r.Reviews(ctx, id)
		if err != nil {
			return nil, err
		}
		if one := review.Standing(list); one != nil {
			standing[id] = *one
		}
	}
	return standing, r.err
}

func (r *records) Decisions(ctx context.Context, _ []string) (map[string]review.Decision, error) {
	standing, err := r.Standing(ctx)
	decisions := map[string]review.Decision{}
	for id, one := range standing {
		decisions[id] = one.Decision
	}
	return decisions, err
}

// scoreVersions are the catalogue that the console has, and one that was tuned before it.
type scoreVersions struct{ *indicator.Catalogue }

const tunedVersion = "0a1b2c3d4e5f"

func (s scoreVersions) Version(_ context.Context, id string) (weights.Version, error) {
	switch id {
	case s.Catalogue.Version():
		return weights.Version{ID: id, Text: s.Text(), Origin: weights.File, Author: audit.Program, At: day(1), State: weights.Accepted}, nil
	case tunedVersion:
		return weights.Version{ID: id, Text: s.Text(), Points: map[string]float64{"S01": 3.5}, Origin: weights.Tuned, Base: s.Catalogue.Version(), Author: "<b>ola</b>", At: day(2),
			State: weights.Accepted, By: "kari", Decided: day(3), Note: "lest & drøftet"}, nil
	}
	return weights.Version{}, fault.ErrNotFound
}

const adPath = "/ad?key=nordmarked.example%2F84312"

const ring = "/networks/n-5f3a9c01b2d4"

func TestDecide(t *testing.T) {
	w := filled(t, nil)
	n := w.networks["n-5f3a9c01b2d4"]
	n.ScoreVersion = tunedVersion
	w.networks[n.ID] = n
	p := w.signedIn(t)
	page := p.page(ring)
	page.Has("#review ~ p", "Ingen har vurdert")
	seen := page.Attrs(".review input[name=seen]", "value")[0]
	for name, tt := range map[string]struct {
		form   []string
		status int
		want   string
	}{
		"no reason":       {[]string{"do", "dismiss", "seen", seen, "note", "<i>min merknad"}, 422, "Velg en grunn til å avvise"},
		"no words":        {[]string{"do", "dismiss", "reason", "other", "seen", seen}, 422, "Skriv i merknaden"},
		"seen another":    {[]string{"do", "lead", "seen", "0123"}, 409, "har endret seg"},
		"seen nothing":    {[]string{"do", "lead"}, 409, "har endret seg"},
		"nothing to undo": {[]string{"do", "undo", "standing", "1"}, 409, "ingen vurdering å ta tilbake"},
	} {
		res := p.post(ring, tt.form...)
		if res.status != tt.status {
			t.Errorf("%s: status %d", name, res.status)
		}
		res.page().Has(".review [role=alert]", tt.want)
		if name == "no reason" && !strings.Contains(res.body, "&lt;i&gt;min merknad</textarea>") {
			t.Error("what was written is lost")
		}
	}
	for _, form := range [][]string{{"do", "undo"}, {"do", "burn", "seen", seen}, {}} {
		if res := p.post(ring, form...); res.status != http.StatusBadRequest {
			t.Errorf("%q: status %d", form, res.status)
		}
	}
	if len(w.reviews.list) != 0 {
		t.Fatalf("decided: %+v", w.reviews.list)
	}
	done := p.post(ring, "do", "lead", "reason", "employer", "seen", seen, "note", "ring <b>")
	if done.status != http.StatusSeeOther {
		t.Fatalf("status %d", done.status)
	}
	page = p.page(strings.TrimSuffix(done.header.Get("Location"), "#review"))
	page.Has(".notice", "beholdt for oppfølging")
	page.Has(".title-row .decided", "Beholdt")
	page.Has(".assessment", "Beholdt", "ring <b>", w.name, "Så 7 annonser")
	if hrefs := page.Attrs(".assessment footer a", "href"); !slices.Contains(hrefs, "/scores/"+tunedVersion) {
		t.Errorf("the points of that day: %q", hrefs)
	}
	late := p.post(ring, "do", "dismiss", "reason", "employer", "seen", seen, "standing", "0", "note", "en kafé") // who saw it before that decision
	if late.status != http.StatusConflict || len(w.reviews.list) != 1 {
		t.Errorf("a decision over one that was not seen: status %d, %d decisions", late.status, len(w.reviews.list))
	}
	late.page().Has(".review [role=alert]", "vurdert på nytt")
	late.page().Has(".review textarea", "en kafé")
	p.page("/queue").Has(".queue .decided", "Beholdt")
	p.page("/queue").Has(".meanings", "1 av 1 vurderte nettverk ble fulgt opp (100 %, 95 %-intervall 21–100 %)", "Ikke kjent ennå")
	if open := p.get("/queue?open=1"); strings.Contains(open.body, "n-5f3a9c01b2d4") || !strings.Contains(open.body, "Vis også nettverk som er avgjort") {
		t.Error("what is settled is not hidden")
	}
	if res := p.post(ring, "do", "undo", "standing", "1"); res.status != http.StatusSeeOther {
		t.Errorf("undo: status %d", res.status)
	}
	page = p.page(ring)
	page.Has(".assessments", "tatt tilbake", "Angret")
	if got := w.reviews.list[1]; got.Undoes != 1 || got.Author != w.name {
		t.Errorf("%+v", got)
	}
	p.page("/queue").Has(".meanings", "Ikke kjent ennå")
}

func TestScoresPage(t *testing.T) {
	w := filled(t, nil)
	key := ad.Key("nordmarked.example/84312")
	scored := w.ads[key]
	scored.ScoreVersion = tunedVersion
	w.ads[key] = scored
	p := w.signedIn(t)
	p.page(adPath).Has("a[href='/scores/"+tunedVersion+"']", "Poeng etter versjon "+tunedVersion)
	c := testkit.Catalogue(t)
	page := p.page("/scores/" + c.Version())
	page.Has("main", "Gjelder nå", "ingen sannsynlighet", "Hva nivåene har betydd", "Programmets liste over tegn")
	if rows := page.Texts("main tbody tr"); len(rows) != len(c.Codes()) {
		t.Errorf("%d rows for %d codes", len(rows), len(c.Codes()))
	}
	codes, families := c.Rule()
	page.Has("main", fmt.Sprintf("når %d tegn fra minst %d familier", codes, families), "for en annonse: fra en annen familie")
	old := p.page("/scores/" + tunedVersion)
	old.Has("main", "3,5 (endret fra listen)", "Tilpasset etter vurderinger", "<b>ola</b>", "lest & drøftet")
	if res := p.get("/scores/none"); res.status != http.StatusNotFound {
		t.Errorf("status %d", res.status)
	}
}
