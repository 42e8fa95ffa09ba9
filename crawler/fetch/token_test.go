package fetch_test

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"varde/crawler/fetch"
	"varde/internal/frontier"
	"varde/internal/target"
)

func TestTokens(t *testing.T) {
	const value = "s3cret-value"
	key := target.Token{Header: "authorization", File: "nav-token", Prefix: "Bearer "}
	secrets := func(text string, err error) func(*fetch.Config) {
		return func(c *fetch.Config) {
			c.Secrets = func(file string) (string, error) {
				if file != "nav-token" {
					t.Errorf("the secret %q was asked for", file)
				}
				return text, err
			}
		}
	}
	s := serve(t, map[string]http.HandlerFunc{"/robots.txt": text(""), "/ads/1": text("x"), "/ads/2": to("/ads/1"), "/ads/3": to("http://127.0.0.1:1/ads/1")})
	tg := s.target()
	tg.Token = key
	r := rigged(t, s, tg, secrets(value+"\n", nil))
	for path, want := range map[string]frontier.Outcome{"/ads/1": "", "/ads/2": "", "/ads/3": frontier.OffTarget, "/ads/4": frontier.Gone} {
		_, err := r.page(t, path)
		refused(t, err, want)
		if err != nil && strings.Contains(err.Error(), value) {
			t.Errorf("the value is in %v", err)
		}
	}
	for _, asked := range s.asked {
		if got := asked.Header.Values("Authorization"); !slices.Equal(got, []string{"Bearer " + value}) {
			t.Errorf("%s: sent %q", asked.URL, got)
		}
	}
	for _, x := range r.recorder.seen {
		if head := string(x.RequestHead); strings.Contains(head, value) || !strings.Contains(head, "\r\nAuthorization: Bearer withheld\r\n") {
			t.Errorf("recorded %q", head)
		}
	}
	tg.Loopback = false
	r = rigged(t, s, tg, secrets(value, nil))
	for at, want := range map[string]string{"https://market.example/": "Bearer " + value, "http://market.example/": ""} {
		if got := fetch.Header(r.Fetcher, address(t, at)).Get("Authorization"); got != want {
			t.Errorf("%s: would send %q", at, got)
		}
	}
	for name, change := range map[string]func(*fetch.Config){"not there": secrets("", io.ErrUnexpectedEOF), "empty": secrets(" \n", nil), "two lines": secrets(value+"\n"+value, nil),
		"no secrets": func(*fetch.Config) {}} {
		cfg := fetch.Config{Gate: new(gate), Pacer: new(fetch.Pace), Recorder: new(recorder)}
		change(&cfg)
		if _, err := fetch.New(tg, cfg); err == nil || !strings.Contains(err.Error(), "nav-token") || strings.Contains(err.Error(), value) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAPageIsAskedForOnlyWhereItChanged(t *testing.T) {
	conditional := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"v1"`)
		http.ServeContent(w, r, "ad.html", time.Unix(1_700_000_000, 0), strings.NewReader("<html>the ad"))
	}
	s := serve(t, map[string]http.HandlerFunc{"/ads/1": conditional, "/ads/moved": to("/ads/1"), "/ads/odd": status(304)})
	r := rigged(t, s, s.target())
	first, err := r.page(t, "/ads/1")
	if err != nil {
		t.Fatal(err)
	}
	etag, modified := first.Header.Get("ETag"), first.Header.Get("Last-Modified")
	for name, tt := range map[string]struct {
		path, etag, modified string
		unchanged            bool
		want                 frontier.Outcome
	}{
		"both":                       {"/ads/1", etag, modified, true, ""},
		"etag":                       {"/ads/1", etag, "", true, ""},
		"date":                       {"/ads/1", "", modified, true, ""},
		"changed":                    {"/ads/1", `"v0"`, "", false, ""},
		"nothing known":              {"/ads/1", "", "", false, ""},
		"no validator":               {"/ads/1", "a\r\nX-Smuggled: 1", "", false, ""},
		"validators are not of this": {"/ads/moved", etag, modified, false, ""},
		"304 that nobody asked for":  {"/ads/odd", "", "", false, frontier.OddStatus},
	} {
		t.Run(name, func(t *testing.T) {
			res, err := r.Get(t.Context(), fetch.Request{URL: s.url(t, tt.path), ETag: tt.etag, LastModified: tt.modified})
			if refused(t, err, tt.want); err != nil {
				return
			}
			if res.NotModified != tt.unchanged || res.Capture.Record == "" || tt.unchanged != (res.Status == 304) || !tt.unchanged && string(res.Body) != "<html>the ad" {
				t.Errorf("%+v", res)
			}
		})
	}
}
