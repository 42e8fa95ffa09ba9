package fetch_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"varde/crawler/fetch"
)

func zip(t testing.TB, data []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write(data)
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// packed answers in gzip.
func packed(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = z.Write([]byte(body))
		_ = z.Close()
	}
}

func encoded(encoding, contentType string, body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.Header()["Content-Encoding"] = []string{encoding}
		_, _ = w.Write(body)
	}
}

func TestBodiesAreLimitedAfterUnpacking(t *testing.T) {
	const limit = 1000
	s := serve(t, map[string]http.HandlerFunc{
		"/ads/fits": text(strings.Repeat("x", limit)), "/ads/over": text(strings.Repeat("x", limit+1)),
		"/ads/gzip": packed(strings.Repeat("x", limit)), "/ads/gzip-over": packed(strings.Repeat("x", limit+1)),
		"/ads/GZIP": encoded("GZIP", "text/html", zip(t, []byte("x"))), "/ads/identity": encoded("identity", "text/html", []byte("x")),
		"/ads/br": encoded("br", "text/html", []byte("x")), "/ads/deflate": encoded("deflate", "text/html", []byte("x")), "/ads/twice": encoded("gzip, gzip", "text/html", zip(t, zip(t, []byte("x")))),
		"/ads/notgzip": encoded("gzip", "text/html", []byte("not packed at all")), "/ads/cut": encoded("gzip", "text/html", zip(t, bytes.Repeat([]byte("abc"), 100))[:20]),
		// colly would unpack these two once more, past our limit
		"/ads/file.xml.gz": text(string(zip(t, bytes.Repeat([]byte("x"), limit*9)))), "/ads/type": encoded("", "application/gzip", zip(t, bytes.Repeat([]byte("x"), limit*9))),
	})
	for path, want := range map[string]string{"/ads/fits": "", "/ads/over": "too large", "/ads/gzip": "", "/ads/gzip-over": "too large", "/ads/GZIP": "", "/ads/identity": "",
		"/ads/br": "network", "/ads/deflate": "network", "/ads/twice": "network", "/ads/notgzip": "network", "/ads/cut": "network", "/ads/file.xml.gz": "", "/ads/type": ""} {
		t.Run(strings.TrimPrefix(path, "/ads/"), func(t *testing.T) {
			res, err := get(t, s, path, fetch.Limits{Bytes: limit})
			refused(t, err, want)
			if err == nil && len(res.Body) > limit {
				t.Errorf("%d bytes", len(res.Body))
			}
		})
	}
}

// TestABombCostsNoMemory: small on the wire, 1 GiB unpacked.
func TestABombCostsNoMemory(t *testing.T) {
	bomb := bytes.Repeat(zip(t, make([]byte, 1<<20)), 1024) // members of one gzip stream
	s := serve(t, map[string]http.HandlerFunc{"/ads/1": encoded("gzip", "text/html", bomb), "/robots.txt": encoded("gzip", "text/plain", bomb)})
	if len(bomb) > 2<<20 {
		t.Fatalf("the bomb has %d bytes", len(bomb))
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := get(t, s, "/ads/1", fetch.Limits{Bytes: 1 << 20})
	runtime.ReadMemStats(&after)
	refused(t, err, "too large") // robots.txt is a bomb too; what is beyond its limit is not read
	if took := after.TotalAlloc - before.TotalAlloc; took > 24<<20 {
		t.Errorf("it took %d MiB", took>>20)
	}
}

func TestABusySiteIsAskedAgainAsItSays(t *testing.T) {
	for name, tt := range map[string]struct {
		code  int
		after string
		fails int
		want  string
		asked int
	}{
		"then it answers":        {503, "0", 2, "", 3},
		"too many requests":      {429, "0", 1, "", 2},
		"never":                  {503, "0", 99, "the site is busy", 3},
		"a date in the past":     {429, "Mon, 01 Jun 2020 00:00:00 GMT", 1, "", 2},
		"longer than we wait":    {429, "3600", 1, "the site is busy", 1},
		"a date far away":        {503, "Mon, 01 Jun 2099 00:00:00 GMT", 1, "the site is busy", 1},
		"more than a number":     {503, "99999999999999999999", 1, "the site is busy", 1},
		"not a time":             {503, "soon", 1, "the site is busy", 1},
		"before the epoch":       {503, "-1", 1, "the site is busy", 1},
		"another error is final": {500, "0", 1, "status 500", 1},
		"gone":                   {410, "0", 1, "gone", 1},
		"not found":              {404, "", 1, "gone", 1},
		"not for us":             {403, "", 1, "status 403", 1},
		"nothing":                {204, "", 1, "status 204", 1},
	} {
		t.Run(name, func(t *testing.T) {
			left := tt.fails // the fetcher asks for one page after the other
			s := serve(t, map[string]http.HandlerFunc{"/ads/1": func(w http.ResponseWriter, r *http.Request) {
				if left--; left >= 0 {
					status(tt.code, "Retry-After", tt.after)(w, r)
				}
			}})
			_, err := get(t, s, "/ads/1", fetch.Limits{RetryAfter: time.Second})
			refused(t, err, tt.want)
			if got := len(s.paths(false)); got != tt.asked {
				t.Errorf("asked %d times, want %d", got, tt.asked)
			}
		})
	}
}

// drip sends a byte now and then for as long as somebody listens.
func drip(w http.ResponseWriter, r *http.Request) {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-r.Context().Done():
			return
		case <-tick.C:
			_, _ = w.Write([]byte("x"))
			w.(http.Flusher).Flush()
		}
	}
}

func silence(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

func TestAnAnswerIsWaitedForSoLong(t *testing.T) {
	for name, pages := range map[string]map[string]http.HandlerFunc{
		"silence":         {"/ads/1": silence},
		"drip":            {"/ads/1": drip},
		"silent robots":   {"/ads/1": text("x"), "/robots.txt": silence},
		"dripping robots": {"/ads/1": text("x"), "/robots.txt": drip},
		"drip after hop":  {"/ads/1": to("/ads/2"), "/ads/2": drip},
	} {
		t.Run(name, func(t *testing.T) {
			began := time.Now()
			_, err := get(t, serve(t, pages), "/ads/1", fetch.Limits{Timeout: 100 * time.Millisecond})
			refused(t, err, "timeout")
			if took := time.Since(began); took > 2*time.Second {
				t.Errorf("it took %s", took)
			}
		})
	}
}

func TestCancellingEndsAtOnce(t *testing.T) {
	arrived := make(chan bool, 1)
	tell := func(h http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			arrived <- true
			h(w, r)
		}
	}
	for name, pages := range map[string]map[string]http.HandlerFunc{
		"silence": {"/ads/1": tell(silence)},
		"drip":    {"/ads/1": tell(drip)},
		"robots":  {"/robots.txt": tell(silence)},
		"busy":    {"/ads/1": tell(status(503, "Retry-After", "50"))}, // waits before it asks again
		"slow":    {"/robots.txt": text("User-agent: *\nCrawl-delay: 50"), "/ads/1": tell(to("/ads/1"))},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, pages)
			ctx, cancel := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() {
				_, err := fetcher(t, s.target(), new(gate), fetch.Limits{}).Get(ctx, s.url(t, "/ads/1"))
				ended <- err
			}()
			<-arrived
			cancel()
			select {
			case err := <-ended:
				if !errors.Is(err, context.Canceled) {
					t.Errorf("got %v", err)
				}
			case <-time.After(time.Second):
				t.Fatal("still waiting after a second")
			}
		})
	}
}
