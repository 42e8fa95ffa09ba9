package console_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"varde/internal/ad"
	"varde/internal/audit"
	"varde/internal/decision"
	"varde/internal/fault"
)

// LinkDecisions, PutLinkDecision and UndoLinkDecision keep decisions in memory as the record does.
func (r *records) LinkDecisions(context.Context) ([]decision.Item, int64, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.decided), int64(len(r.decided)), nil
}

func (r *records) PutLinkDecision(_ context.Context, i decision.Item, _ audit.Entry) (int64, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	i.ID = int64(len(r.decided) + 1)
	r.decided = append(r.decided, i)
	return i.ID, nil
}

func (r *records) UndoLinkDecision(_ context.Context, id int64, u decision.Undoing, _ audit.Entry) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range r.decided {
		if r.decided[i].ID == id && r.decided[i].Undone == nil {
			r.decided[i].Undone = &u
			return nil
		}
	}
	return fault.ErrNotFound
}

const (
	ringLinks = ring + "/links"
	ringFirst = "nordmarked.example/84312"
)

// TestLinksAreDecidedOnTheNetworksPage: an identifier is cut from one ad and from all, two ads are joined, and that is undone.
func TestLinksAreDecidedOnTheNetworksPage(t *testing.T) {
	w := open(t, fill(), nil)
	p := w.signedIn(t)
	page := p.page(ring)
	page.Has("#holds ~ p", "Ingenting er besluttet")
	offered := page.Attrs("#cut-what option", "value")
	if !slices.Contains(offered, "phone:"+ringPhone) {
		t.Fatalf("offered to be cut are %q", offered)
	}
	var other string // an ad of another network
	for key, a := range w.ads {
		if a.Network != "n-5f3a9c01b2d4" && (other == "" || string(key) < other) {
			other = string(key)
		}
	}
	for name, tt := range map[string]struct {
		form   []string
		status int
		want   string
	}{
		"no reason":        {[]string{"do", "cut", "cut", "phone:" + ringPhone, "ad", ringFirst}, 422, "Skriv hvorfor"},
		"one ad or all":    {[]string{"do", "cut", "cut", "phone:" + ringPhone, "reason", "<i>hotell"}, 422, "eller kryss av for alle"},
		"one ad and all":   {[]string{"do", "cut", "cut", "phone:" + ringPhone, "ad", ringFirst, "all", "1", "reason", "<i>hotell"}, 422, "eller kryss av for alle"},
		"no such ad":       {[]string{"do", "cut", "cut", "phone:" + ringPhone, "ad", "a.example/none", "reason", "<i>hotell"}, 422, "ingen slik annonse"},
		"not shown":        {[]string{"do", "cut", "cut", "phone:+4722222222", "ad", ringFirst, "reason", "<i>hotell"}, 422, "viser ikke"},
		"no phone":         {[]string{"do", "cut", "cut", "phone:x", "all", "1", "reason", "<i>hotell"}, 422, "viser ikke"},
		"no kind":          {[]string{"do", "cut", "cut", "x", "all", "1", "reason", "<i>hotell"}, 422, "Velg et kjennetegn"},
		"joined to itself": {[]string{"do", "join", "mine", ringFirst, "to", ringFirst, "reason", "<i>hotell"}, 422, "til seg selv"},
		"joined to none":   {[]string{"do", "join", "mine", ringFirst, "to", "a.example/<b>", "reason", "<i>hotell"}, 422, "ingen slik annonse"},
		"nothing to undo":  {[]string{"do", "undo", "id", "7", "reason", "x"}, 409, "alt angret"},
	} {
		res := p.post(ringLinks, tt.form...)
		if res.status != tt.status {
			t.Errorf("%s: status %d", name, res.status)
		}
		res.page().Has(".problem[role=alert]", tt.want)
		if slices.Contains(tt.form, "<i>hotell") && !strings.Contains(res.body, `value="&lt;i&gt;hotell"`) {
			t.Errorf("%s: what was typed is lost", name)
		}
	}
	for _, form := range [][]string{{"do", "burn", "reason", "x"}, {"do", "undo", "id", "x", "reason", "x"}, {}} {
		if res := p.post(ringLinks, form...); res.status != http.StatusBadRequest {
			t.Errorf("%q: status %d", form, res.status)
		}
	}
	if len(w.decided) != 0 {
		t.Fatalf("decided: %+v", w.decided)
	}
	for do, form := range map[string][]string{"cut": {"cut", "phone:" + ringPhone, "ad", ringFirst, "reason", "et hotell <b>"}, "join": {"mine", ringFirst, "to", other, "reason", "samme leilighet"}} {
		res := p.post(ringLinks, append(form, "do", do)...)
		if to := res.header.Get("Location"); res.status != http.StatusSeeOther || to != ring+"?done="+do+"#decided" {
			t.Fatalf("%s: status %d, to %q: %.300s", do, res.status, to, res.body)
		}
		p.page(ring+"?done="+do).Has("[role=status]", "følger etter")
	}
	if res := p.post(ringLinks, "do", "join", "mine", other, "to", ringFirst, "reason", "igjen"); res.status != http.StatusConflict {
		t.Errorf("joined twice: status %d", res.status)
	}
	page = p.page(ring)
	page.Has(".decisions", "kobler ikke annonsen "+ringFirst, "et hotell <b>", "samme leilighet", other, w.name)
	ids := page.Attrs(".decisions input[name=id]", "value")
	if len(ids) != 2 {
		t.Fatalf("%d decisions can be undone", len(ids))
	}
	if res := p.post(ringLinks, "do", "undo", "id", ids[0], "reason", " "); res.status != http.StatusUnprocessableEntity {
		t.Errorf("undone without a reason: status %d", res.status)
	}
	for _, id := range ids {
		if res := p.post(ringLinks, "do", "undo", "id", id, "reason", "feil"); res.status != http.StatusSeeOther {
			t.Errorf("undoing: status %d", res.status)
		}
	}
	p.page(ring+"?done=undo-link").Has("[role=status]", "angret")
	if u := w.decided[0].Undone; u == nil || u.By != w.name || u.Reason != "feil" {
		t.Errorf("undone: %+v", u)
	}
	if body := p.get(ring).body; strings.Contains(body, `class="ds-table stack decisions"`) {
		t.Error("what is undone is still listed")
	}
	if res := p.post(ringLinks, "do", "cut", "cut", "phone:"+ringPhone, "all", "1", "reason", "en sentral"); res.status != http.StatusSeeOther {
		t.Errorf("cut from all: status %d", res.status)
	}
	p.page(ring).Has(".decisions", "kobler ingen annonser")
}

// TestWhatIsDecidedIsShown: a phone that is cut from all ads of a network is shown as such, a join by the number of its decision.
func TestWhatIsDecidedIsShown(t *testing.T) {
	r := fill()
	n := r.networks["n-5f3a9c01b2d4"]
	n.Identifiers = append([]ad.NetworkIdentifier{{Kind: ad.Phone, Value: "+4722222222", Ads: 3, Cut: 3}, {Kind: ad.Decided, Value: "12", Ads: 2, Weight: 1}}, n.Identifiers...)
	n.Edges = append(slices.Clone(n.Edges), ad.Edge{Ad: n.Ads[0], Kind: ad.Decided, Value: "12"}, ad.Edge{Ad: n.Ads[1], Kind: ad.Decided, Value: "12"})
	n.Weakest = &ad.Hold{Kind: ad.Decided, Value: "12", Ads: 2, Weight: 2, Parts: []int{4, 3}}
	r.networks[n.ID] = n
	w := open(t, r, nil)
	page := w.signedIn(t).page(ring)
	page.Has(".identifiers", "Kuttet fra 3 av dem", "Analytikers kobling")
	page.Has("#holds ~ p", "en analytikers kobling (nr. 12)")
	for _, value := range page.Attrs("#cut-what option", "value") {
		if strings.HasPrefix(value, "analyst:") || value == "phone:+4722222222" {
			t.Errorf("%s can be cut", value)
		}
	}
}
