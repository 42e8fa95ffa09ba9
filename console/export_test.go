package console_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"varde/internal/ad"
	"varde/internal/audit"
	"varde/internal/export"
	"varde/internal/testkit"
)

func (r *records) PutEntry(_ context.Context, e audit.Entry) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.logBroken != nil {
		return r.logBroken
	}
	r.exported = append(r.exported, e)
	return nil
}

const exportedNetwork = "n-5f3a9c01b2d4"

func TestExportOfANetwork(t *testing.T) {
	w := open(t, fill(), nil)
	p := w.signedIn(t)
	page := p.page("/networks/" + exportedNetwork)
	page.Has("form#export-form input[name=network][value=" + exportedNetwork + "]")
	if page.Count("#export-format option") != len(export.Formats) || page.Count("#export-handling option") != len(export.Handlings) {
		t.Error("a format or a handling code cannot be chosen")
	}
	for i, f := range export.Formats {
		res := p.post("/export", "network", exportedNetwork, "format", f.Name, "purpose", " case 7 ", "handling", "TLP:RED")
		if res.status != 200 || len(res.body) == 0 || res.header.Get("Content-Type") != f.MediaType {
			t.Fatalf("%s: status %d, %s", f.Name, res.status, res.header.Get("Content-Type"))
		}
		want := `attachment; filename="varde-` + exportedNetwork + `-2026-`
		if got := res.header.Get("Content-Disposition"); !strings.HasPrefix(got, want) || !strings.HasSuffix(got, f.Name+"."+f.Extension+`"`) {
			t.Errorf("%s: it is saved as %s", f.Name, got)
		}
		headers(t, f.Name, res)
		if f.Extension == "zip" {
			if _, err := zip.NewReader(bytes.NewReader([]byte(res.body)), int64(len(res.body))); err != nil {
				t.Errorf("%s: %v", f.Name, err)
			}
		}
		if len(w.exported) != i+1 {
			t.Fatalf("%s: %d entries in the log", f.Name, len(w.exported))
		}
		if e := w.exported[i]; e.Subject != audit.Network(exportedNetwork) || e.Actor != w.name || e.Purpose != "case 7" || !strings.HasPrefix(e.Reason, f.Name+", TLP:RED, 1 networks") {
			t.Errorf("%s: the log says %+v", f.Name, e)
		}
	}
}

func TestExportOfAChoiceAndOfAList(t *testing.T) {
	r := fill()
	w := open(t, r, nil)
	p := w.signedIn(t)
	page := p.page("/queue")
	page.Has("table.queue input[type=checkbox][name=network][form=export-form]")
	count := func(body string) int { return strings.Count(body, `<data key="kind">ad</data>`) }
	linked := 0
	for _, n := range r.networks {
		if len(n.Ads) > 1 && n.Class != ad.Spam {
			linked += len(n.Ads)
		}
	}
	if res := p.post("/export", "of", "/queue", "format", "graphml", "purpose", "review"); res.status != 200 || count(res.body) != linked {
		t.Errorf("the queue: status %d, %d ads, want %d", res.status, count(res.body), linked)
	}
	if res := p.post("/export", "of", "/queue", "network", exportedNetwork, "format", "graphml", "purpose", "review"); count(res.body) != len(r.networks[exportedNetwork].Ads) {
		t.Errorf("of one that was chosen: %d ads", count(res.body))
	}
	found := "/search?q=" + url.QueryEscape("jenter")
	p.page(found).Has("ol.hits input[type=checkbox][name=ad]")
	res := p.post("/export", "of", found, "format", "graphml", "purpose", "review")
	if res.status != 200 || count(res.body) == 0 || w.exported[len(w.exported)-1].Action != audit.AdsExported {
		t.Errorf("a search: status %d, %d ads, %+v", res.status, count(res.body), w.exported)
	}
}

func TestExportsThatAreRefused(t *testing.T) {
	r := fill()
	w := open(t, r, nil)
	p := w.signedIn(t)
	big := ad.Network{ID: "n-0000000000ff"}
	for i := range 5001 {
		big.Ads = append(big.Ads, ad.MakeKey("nordmarked.example", fmt.Sprint("big-", i)))
	}
	r.networks[big.ID] = big
	for name, tt := range map[string]struct {
		status int
		form   []string
	}{
		"too many":          {422, []string{"network", big.ID, "format", "html", "purpose", "x"}},
		"no purpose":        {422, []string{"network", exportedNetwork, "format", "html", "purpose", " \t"}},
		"no such format":    {400, []string{"network", exportedNetwork, "format", "xls", "purpose", "x"}},
		"no such handling":  {400, []string{"network", exportedNetwork, "format", "html", "purpose", "x", "handling", "none"}},
		"no such network":   {404, []string{"network", "n-000000000000", "format", "html", "purpose", "x"}},
		"nothing":           {422, []string{"of", "/search?q=" + strings.Repeat("z", 30), "format", "html", "purpose", "x"}},
		"some other list":   {400, []string{"of", "/targets", "format", "html", "purpose", "x"}},
		"somewhere else":    {400, []string{"of", "https://nordmarked.example/", "format", "html", "purpose", "x"}},
		"an address of air": {400, []string{"of", "%zz", "format", "html", "purpose", "x"}},
	} {
		res := p.post("/export", tt.form...)
		if res.status != tt.status || res.header.Get("Content-Disposition") != "" || len(w.exported) > 0 {
			t.Errorf("%s: status %d, want %d; %v", name, res.status, tt.status, w.exported)
		}
	}
	r.logBroken = context.DeadlineExceeded
	if res := p.post("/export", "network", exportedNetwork, "format", "graphml", "purpose", "x"); res.status < 500 || strings.Contains(res.body, "graphml") || res.header.Get("Content-Disposition") != "" {
		t.Errorf("without a log: status %d\n%.300s", res.status, res.body)
	}
}

// TestExportByKey: a key leads to the form, also where it is folded; what is chosen on the list is what is exported.
func TestExportByKey(t *testing.T) {
	t.Parallel()
	w := filled(t, nil)
	b := testkit.Open(t)
	comeIn(b, w)
	for _, page := range []string{ring, "/queue", "/search?q=jenter"} {
		b.Goto(w.url + page)
		b.Press("e")
		if got := testkit.Eval[string](b, "document.activeElement.id"); got != "export-purpose" {
			t.Errorf("%s: the key leads to %q", page, got)
		}
	}
	b.Goto(w.url + "/queue")
	b.Click(".queue input[type=checkbox]")
	if got := testkit.Eval[int](b, `new FormData(document.querySelector("#export-form")).getAll("network").length`); got != 1 {
		t.Errorf("%d networks are chosen", got)
	}
	if errs := b.Errors(); len(errs) > 0 {
		t.Error(errs)
	}
}
