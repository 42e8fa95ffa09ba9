package fetch_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"varde/crawler/fetch"
	"varde/internal/frontier"
)

// raw answers with bytes instead of HTTP, and hangs up: with a reset where reset is said.
func raw(answer string, reset bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			panic(err)
		}
		_, _ = io.WriteString(conn, answer)
		if reset {
			_ = conn.(*net.TCPConn).SetLinger(0)
		}
		_ = conn.Close()
	}
}

// repeated sends a piece every so often for as long as somebody listens.
func repeated(piece []byte, every time.Duration) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		tick := time.NewTicker(max(every, 1))
		defer tick.Stop()
		for {
			if _, err := w.Write(piece); err != nil {
				return
			}
			w.(http.Flusher).Flush()
			if every == 0 {
				continue
			}
			select {
			case <-r.Context().Done():
				return
			case <-tick.C:
			}
		}
	}
}

var drip = repeated([]byte("x"), 5*time.Millisecond)

func silence(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

func silenceAfterHead(w http.ResponseWriter, r *http.Request) {
	w.WriteHeader(http.StatusOK)
	w.(http.Flusher).Flush()
	<-r.Context().Done()
}

func noise(n int) []byte {
	b := make([]byte, n)
	seed := uint32(1)
	for i := range b {
		seed = seed*1664525 + 1013904223
		b[i] = byte(seed >> 24)
	}
	return b
}

// quickly are limits for sites that take their time, small ones for those that send too much.
var (
	quickly = fetch.Limits{Timeout: time.Second, Grace: 200 * time.Millisecond, Speed: 20_000}
	small   = fetch.Limits{Timeout: patience, Bytes: 64 << 10}
)

const (
	page200 = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
	zipped  = page200 + "Content-Encoding: gzip\r\n"
)

// hostile are sites that misbehave, each in one way.
var hostile = map[string]struct {
	answer http.HandlerFunc
	limits fetch.Limits
	want   frontier.Outcome
	// recorded is what the recorder saw of the page: nothing where no answer came.
	recorded []string
}{
	"hangs before the head":             {silence, quickly, frontier.Timeout, nil},
	"hangs after the head":              {silenceAfterHead, quickly, frontier.Slow, []string{"/ads/1 200 time too_slow"}},
	"drips":                             {drip, quickly, frontier.Slow, []string{"/ads/1 200 time too_slow"}},
	"drips, and says how much":          {func(w http.ResponseWriter, r *http.Request) { w.Header().Set("Content-Length", "60000"); drip(w, r) }, quickly, frontier.Slow, []string{"/ads/1 200 time too_slow"}},
	"never ends, at a fair speed":       {repeated(bytes.Repeat([]byte("x"), 1000), 5*time.Millisecond), quickly, frontier.Timeout, []string{"/ads/1 200 time timeout"}},
	"never ends":                        {repeated(bytes.Repeat([]byte("x"), 1000), 0), small, frontier.TooLarge, []string{"/ads/1 200 length too_large"}},
	"a head that never ends":            {raw("HTTP/1.1 200 OK\r\n"+strings.Repeat("X-A: "+strings.Repeat("a", 1000)+"\r\n", 100), false), small, frontier.TooLarge, nil},
	"a huge body":                       {text(strings.Repeat("x", 100_000)), small, frontier.TooLarge, []string{"/ads/1 200 length too_large"}},
	"says a huge body":                  {raw(page200+"Content-Length: 9000000000000000000\r\n\r\nx", false), small, frontier.TooLarge, []string{"/ads/1 200 length too_large"}},
	"says more than a number":           {raw(page200+"Content-Length: 99999999999999999999\r\n\r\nx", false), small, frontier.Network, nil},
	"two lengths":                       {raw(page200+"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", false), small, frontier.Network, nil},
	"hangs up early":                    {raw(page200+"Content-Length: 100\r\n\r\nhello", false), small, frontier.Reset, []string{"/ads/1 200 disconnect reset"}},
	"hangs up in a large body":          {raw(page200+"Content-Length: 60000\r\n\r\n"+strings.Repeat("x", 30_000), false), small, frontier.Reset, []string{"/ads/1 200 disconnect reset"}},
	"chunks without end":                {raw(page200+"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", false), small, frontier.Reset, []string{"/ads/1 200 disconnect reset"}},
	"chunks that are none":              {raw(page200+"Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n", false), small, frontier.Network, []string{"/ads/1 200 disconnect network"}},
	"no length, and hangs up":           {raw(page200+"\r\n<html>hello", false), small, "", []string{"/ads/1 200"}},
	"hangs up":                          {raw("", false), small, frontier.Reset, nil},
	"hangs up in the head":              {raw("HTTP/1.1 200 OK\r\nContent-Type: text/ht", false), small, frontier.Reset, nil},
	"resets":                            {raw("", true), small, frontier.Reset, nil},
	"speaks something else":             {raw("220 mail.example ESMTP\r\n", false), small, frontier.Network, nil},
	"a status that is none":             {raw("HTTP/1.1 abc OK\r\n\r\n", false), small, frontier.Network, nil},
	"a coding that nobody has":          {raw(page200+"Transfer-Encoding: rot13\r\n\r\nuryyb", false), small, frontier.Network, nil},
	"a bomb":                            {encoded("gzip", "text/html", bomb(16)), fetch.Limits{}, frontier.Bomb, []string{"/ads/1 200  unpacks_too_large"}},
	"a bomb within the size":            {encoded("gzip", "text/html", bomb(5)), fetch.Limits{}, frontier.Bomb, []string{"/ads/1 200  unpacks_too_large"}},
	"too large once unpacked":           {packed(strings.Repeat("the ad ", 10_000)), small, frontier.Bomb, []string{"/ads/1 200  unpacks_too_large"}},
	"packs well, and is small":          {packed(strings.Repeat("x", 60_000)), small, "", []string{"/ads/1 200"}},
	"br":                                {encoded("br", "text/html", []byte("x")), small, frontier.Packing, []string{"/ads/1 200  cannot_unpack"}},
	"deflate":                           {encoded("deflate", "text/html", []byte("x")), small, frontier.Packing, []string{"/ads/1 200  cannot_unpack"}},
	"packed twice":                      {encoded("gzip, gzip", "text/html", bomb(1)), small, frontier.Packing, []string{"/ads/1 200  cannot_unpack"}},
	"says gzip, and is not":             {encoded("gzip", "text/html", []byte("<html>not packed at all")), small, frontier.Packing, []string{"/ads/1 200  cannot_unpack"}},
	"gzip cut off":                      {encoded("gzip", "text/html", zip(nil, noise(1000))[:500]), small, frontier.Packing, []string{"/ads/1 200  cannot_unpack"}},
	"gzip, with a wrong sum":            {encoded("gzip", "text/html", spoiled()), small, frontier.Packing, []string{"/ads/1 200  cannot_unpack"}},
	"gzip, with something behind":       {encoded("gzip", "text/html", append(zip(nil, []byte("<html>x")), "\x00\x00 junk"...)), small, "", []string{"/ads/1 200"}},
	"a coding that is none":             {encoded("utf-8", "text/html", []byte("<html>x")), small, "", []string{"/ads/1 200"}},
	"a coding that is none, and binary": {encoded("secret", "text/html", noise(100)), small, frontier.Packing, []string{"/ads/1 200  cannot_unpack"}},
	"an error that never ends": {func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(404)
		repeated(bytes.Repeat([]byte("x"), 1000), 0)(w, r)
	}, small, frontier.Gone, []string{"/ads/1 404 length gone"}},
	"an error that drips": {func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(503); drip(w, r) }, quickly, frontier.Busy, []string{"/ads/1 503 time busy"}},
	"nothing":             {status(204), small, frontier.OddStatus, []string{"/ads/1 204  odd_status"}},
	"a picture":           {typed("text/html", png), small, frontier.WrongType, []string{"/ads/1 200  wrong_type"}},
}

// TestHostileSites: whatever a site does has an end and a name, what it sent is recorded, and its other pages are read meanwhile.
func TestHostileSites(t *testing.T) {
	for name, tt := range hostile {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			arrived := make(chan bool, 10)
			s := serve(t, map[string]http.HandlerFunc{"/ads/good": text("<html>good"), "/ads/1": func(w http.ResponseWriter, r *http.Request) {
				arrived <- true
				tt.answer(w, r)
			}})
			r := rigged(t, s, s.target(), within(tt.limits))
			ended := make(chan error, 1)
			began := time.Now()
			go func() {
				res, err := r.Get(t.Context(), fetch.Request{URL: s.url(t, "/ads/1")})
				if err == nil && res.Body == nil {
					err = errors.New("no body")
				}
				ended <- err
			}()
			<-arrived
			if res, err := get(t, s, "/ads/good"); err != nil || string(res.Body) != "<html>good" {
				t.Errorf("the good page: %+v, %v", res, err)
			}
			select {
			case err := <-ended:
				refused(t, err, tt.want)
				var refusal *fetch.Refusal
				if errors.As(err, &refusal) && (refusal.Capture == nil) != (tt.recorded == nil) {
					t.Errorf("capture %v", refusal.Capture)
				}
				if err != nil && len(err.Error()) > 200 {
					t.Errorf("the error says too much: %s", err)
				}
			case <-time.After(patience):
				t.Fatal("no end")
			}
			equal(t, "recorded", r.recorder.lines(), tt.recorded)
			if took := time.Since(began); took > patience/2 {
				t.Errorf("it took %s", took)
			}
		})
	}
}

// TestWhatWasSentIsKept where an answer broke off.
func TestWhatWasSentIsKept(t *testing.T) {
	s := serve(t, map[string]http.HandlerFunc{
		"/ads/1": raw(page200+"Content-Length: 100\r\n\r\nhello", false), "/ads/2": raw(zipped+"\r\n"+string(zip(t, []byte("hello")))[:20], false),
		"/ads/3": text(strings.Repeat("x", 65_537)), "/ads/4": raw(page200+"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n5\r\nag", false)})
	r := rigged(t, s, s.target(), within(small))
	for path, want := range map[string]int{"/ads/1": 5, "/ads/2": 20, "/ads/3": 65_536, "/ads/4": 7} {
		_, err := r.page(t, path)
		if err == nil {
			t.Errorf("%s: no error", path)
		}
		x := r.recorder.seen[len(r.recorder.seen)-1]
		if len(x.Raw) != want || x.Body != nil {
			t.Errorf("%s: %d bytes kept, want %d; body %q", path, len(x.Raw), want, x.Body)
		}
	}
}

// TestASiteOfBombsCostsLittleMemory: small on the wire, a gibibyte unpacked, as pages, robots.txt and redirects.
func TestASiteOfBombsCostsLittleMemory(t *testing.T) {
	big := encoded("gzip", "text/html", bomb(1024))
	s := serve(t, map[string]http.HandlerFunc{"/ads/1": big, "/robots.txt": big, "/ads/2": func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", "/ads/1")
		w.Header().Set("Content-Encoding", "gzip")
		w.WriteHeader(302)
		_, _ = w.Write(bomb(100))
	}, "/ads/claims.gz": func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "8388608")
		silenceAfterHead(w, r)
	}})
	r := rigged(t, s, s.target(), within(fetch.Limits{Timeout: patience, Grace: 100 * time.Millisecond}))
	_, err := r.page(t, "/ads/1") // robots.txt is a bomb too; what is beyond its limit is not read
	refused(t, err, frontier.Bomb)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for _, path := range []string{"/ads/1", "/ads/2"} {
		_, err := r.page(t, path)
		refused(t, err, frontier.Bomb)
	}
	_, err = r.page(t, "/ads/claims.gz")
	refused(t, err, frontier.Slow)
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; took > 48<<20 {
		t.Errorf("it took %d MiB", took>>20)
	}
}

// TestUnderHeavyDripsOthersGoOn: a site that holds all the connections it can does not hold up another.
func TestManySlowPagesHoldNobodyUp(t *testing.T) {
	slow := serve(t, map[string]http.HandlerFunc{"/ads/1": drip})
	fine := serve(t, map[string]http.HandlerFunc{"/ads/1": text("x")})
	pace := new(fetch.Pace)
	shared := func(c *fetch.Config) { c.Pacer = pace }
	bad := rigged(t, slow, slow.target(), shared, within(quickly))
	good := rigged(t, fine, fine.target(), shared)
	ended := make(chan error, 16)
	for range cap(ended) {
		go func() {
			_, err := bad.Get(t.Context(), fetch.Request{URL: slow.url(t, "/ads/1")})
			ended <- err
		}()
	}
	for range 50 {
		if _, err := good.page(t, "/ads/1"); err != nil {
			t.Fatal(err)
		}
	}
	for range cap(ended) {
		refused(t, <-ended, frontier.Slow)
	}
}

// TestTypes: what was asked for is told by what it is, and less by what the site calls it.
func TestTypes(t *testing.T) {
	const html, pdf, jpeg = "<!DOCTYPE html><title>Hei</title>", "%PDF-1.7\n%âã", "\xff\xd8\xff\xe0\x00\x10JFIF\x00"
	sitemap := string(zip(t, []byte("<?xml version=\"1.0\"?><urlset/>")))
	for name, tt := range map[string]struct {
		kind       fetch.Kind
		says, body string
		want       frontier.Outcome
	}{
		"page":                         {fetch.Page, "text/html", html, ""},
		"page, by another name":        {fetch.Page, "image/png", html, ""},
		"page, as a download":          {fetch.Page, "application/octet-stream", html, ""},
		"page, without a name":         {fetch.Page, "", html, ""},
		"page, by a broken name":       {fetch.Page, "text/html; charset", html, ""},
		"page, with a NUL":             {fetch.Page, "text/html", "\x00 <p>hei", ""},
		"page, in UTF-16":              {fetch.Page, "text/html", "\xff\xfe<\x00p\x00>\x00", ""},
		"page, empty":                  {fetch.Page, "text/html", "", ""},
		"feed":                         {fetch.Page, "application/rss+xml", "<?xml version=\"1.0\"?><rss/>", ""},
		"list":                         {fetch.Page, "application/json", `{"items":[]}`, ""},
		"list of cars":                 {fetch.Page, "text/plain", "BMW, OTTO, ID3", ""},
		"sitemap, packed":              {fetch.Page, "application/x-gzip", sitemap, ""},
		"sitemap, packed, wrong name":  {fetch.Page, "text/xml", sitemap, ""},
		"picture for a page":           {fetch.Page, "text/html", png, frontier.WrongType},
		"picture for a page, said":     {fetch.Page, "image/jpeg", jpeg, frontier.WrongType},
		"unknown picture for a page":   {fetch.Page, "image/avif", "\x00\x00\x00 ftypavif", frontier.WrongType},
		"drawing for a page":           {fetch.Page, "image/svg+xml", "<?xml version=\"1.0\"?><svg/>", frontier.WrongType},
		"zip for a page":               {fetch.Page, "text/html", "PK\x03\x04\x14\x00", frontier.WrongType},
		"PDF for a page":               {fetch.Page, "text/html", pdf, frontier.WrongType},
		"PDF for a page, said":         {fetch.Page, "application/pdf", pdf, frontier.WrongType},
		"film for a page":              {fetch.Page, "video/mp4", "\x00\x00\x00\x20ftypmp42", frontier.WrongType},
		"picture":                      {fetch.Picture, "image/png", png, ""},
		"picture, by another name":     {fetch.Picture, "text/html", png, ""},
		"picture, as a download":       {fetch.Picture, "application/octet-stream", jpeg, ""},
		"picture of a new kind":        {fetch.Picture, "image/avif", "\x00\x00\x00 ftypavif", ""},
		"page for a picture":           {fetch.Picture, "text/html", html, frontier.WrongType},
		"page for a picture, unsaid":   {fetch.Picture, "image/jpeg", html, frontier.WrongType},
		"nothing for a picture":        {fetch.Picture, "image/jpeg", "", frontier.WrongType},
		"PDF for a picture":            {fetch.Picture, "image/jpeg", pdf, frontier.WrongType},
		"something for a picture":      {fetch.Picture, "application/x-thing", "\x00\x01\x02", frontier.WrongType},
		"an unknown kind of a request": {"", "text/html", html, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, map[string]http.HandlerFunc{"/ads/1": typed(tt.says, tt.body)})
			r := rigged(t, s, s.target())
			res, err := r.Get(t.Context(), fetch.Request{URL: s.url(t, "/ads/1"), Kind: tt.kind})
			refused(t, err, tt.want)
			if err == nil && (string(res.Body) != tt.body || res.Kind == "") {
				t.Errorf("%+v", res.Exchange)
			}
		})
	}
}

const png = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"

// spoiled is gzip whose last bytes, the sum of what is in it, are wrong.
func spoiled() []byte {
	b := zip(nil, []byte("<html>hello"))
	_, _ = rand.Read(b[len(b)-8 : len(b)-4])
	b[len(b)-1] ^= 0xff
	return b
}
