package console_test

import (
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"varde/console"
	"varde/internal/audit"
	"varde/internal/fault"
	"varde/internal/frontier"
	"varde/internal/target"
)

func TestTry(t *testing.T) {
	w, l := crawling(t)
	p := w.named(t, "per")
	form := p.page("/targets/nordmarked/try?address=" + url.QueryEscape("https://market.example/ad/139"))
	if got := form.Attrs("#address", "value"); len(got) != 1 || got[0] != "https://market.example/ad/139" {
		t.Errorf("address %q", got)
	}
	page := p.post("/targets/nordmarked/try", "version", "2", "address", "https://market.example/ad/139").page()
	page.Has(".result .notice", "Annonse lest.")
	page.Has(".result .warning", "Mangler: Telefon.")
	page.Has(".trial-fields .fallen", "Telefon", "phones", "Ikke funnet", "a[href^='tel:']")
	page.Has(".trial-fields tr", "Kontakt", "Ikke funnet, og kan mangle", ".telegram")
	page.Has(".trial-fields tr", "Pris", "etter avtale", "800 kr", "is no amount")
	page.Has(".page-text", "Hei, jeg er Mia, ny i byen.")
	page.Has(".facts", "48 211 byte", "text/html")
	history, err := l.desk.History(t.Context(), "nordmarked")
	if err != nil || history[0].Action != audit.TargetTried || history[0].Actor != "per" || history[0].Object != "https://market.example/ad/139" || history[0].Version != 2 {
		t.Errorf("noted as %+v, %v", history[0], err)
	}
	p.page("/targets/nordmarked").Has(".history li:first-child", "per prøvde versjon 2 på en side:", "https://market.example/ad/139")
	pasted := p.post("/targets/nordmarked/try", "version", "1", "address", "https://market.example/ad/1", "page", "<p>Innlimt <b>side</b>").page()
	pasted.Has(".page-text", "<p>Innlimt <b>side</b>")
	pasted.Has("#page", "<p>Innlimt <b>side</b>")
	for _, path := range []string{"/targets/lukket/try", "/targets/gammel/try"} {
		res := p.post(path, "version", "1", "address", "https://market.example/ads")
		if res.status != http.StatusUnprocessableEntity {
			t.Errorf("%s fetches: status %d", path, res.status)
		}
		res.page().Has(".problem", "så ingenting hentes. Lim inn siden i stedet.")
	}
	if res := p.post("/targets/nordmarked/try", "version", "1", "address", "https://market.example/ads"); res.status != http.StatusUnprocessableEntity {
		t.Errorf("an old version fetches: status %d", res.status)
	}
	if n := len(must(l.desk.History(t.Context(), "nordmarked"))); n != len(history) {
		t.Errorf("%d entries, want the %d of what was fetched", n, len(history))
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestTryTakesLargePagesAndTellsWhatFails(t *testing.T) {
	r := fill()
	var got []byte
	give := func() (console.Trial, error) {
		return console.Trial{Outcome: frontier.Captcha, Detail: "status 200"}, nil
	}
	r.try = func(_ context.Context, _ *target.Target, _ string, body []byte) (console.Trial, error) {
		got = body
		return give()
	}
	r.withTargets(t)
	w := open(t, r, nil)
	p := w.signedIn(t)
	upload := func(size int) answer {
		var b bytes.Buffer
		m := multipart.NewWriter(&b)
		for k, v := range map[string]string{"version": "2", "address": "https://market.example/ad/1", "page": ""} {
			if err := m.WriteField(k, v); err != nil {
				t.Fatal(err)
			}
		}
		f, err := m.CreateFormFile("file", "side.html")
		if err == nil {
			_, err = f.Write(bytes.Repeat([]byte("\xe5"), size)) // bytes that are no UTF-8 arrive as they are
		}
		if err == nil {
			err = m.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
		return p.do(http.MethodPost, "/targets/nordmarked/try", &b, "Content-Type", m.FormDataContentType())
	}
	if res := upload(8 << 20); res.status != http.StatusOK || len(got) != 8<<20 || got[0] != 0xe5 {
		t.Errorf("8 MiB: status %d, %d bytes arrived", res.status, len(got))
	} else {
		res.page().Has(".result .warning", "Krever CAPTCHA.", "passeres aldri", "status 200")
	}
	if res := upload(9 << 20); res.status != http.StatusRequestEntityTooLarge {
		t.Errorf("9 MiB: status %d", res.status)
	}
	if res := p.post("/targets/nordmarked", "do", "pause", "reason", strings.Repeat("x", 1<<20)); res.status != http.StatusRequestEntityTooLarge {
		t.Errorf("a reason of 1 MiB: status %d", res.status)
	}
	give = func() (console.Trial, error) {
		return console.Trial{}, fault.Tell("The address is outside the target.", fmt.Errorf("secret: %w", fault.ErrUsage))
	}
	res := p.post("/targets/nordmarked/try", "version", "2", "address", "https://evil.example/")
	if res.status != http.StatusUnprocessableEntity || strings.Contains(res.body, "secret") {
		t.Errorf("status %d", res.status)
	}
	res.page().Has(".problem", "The address is outside the target.")
	if got := res.page().Attrs("#address", "value"); got[0] != "https://evil.example/" {
		t.Errorf("the address is %q", got)
	}
}

func TestWithoutAWayToTry(t *testing.T) {
	r := fill()
	r.withTargets(t)
	p := open(t, r, nil).signedIn(t)
	p.page("/targets/nordmarked/try").Has(".notice", "Denne prosessen kan ikke prøve sider", "varde target try")
	if res := p.post("/targets/nordmarked/try", "version", "2", "address", "https://market.example/ads"); res.status != http.StatusUnprocessableEntity {
		t.Errorf("status %d", res.status)
	}
}
