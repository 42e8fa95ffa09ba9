package fetch_test

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"varde/crawler/fetch"
	"varde/internal/target"
)

// TestAPageComesWhole: the bytes are evidence, and come as they were sent, whatever their encoding.
func TestAPageComesWhole(t *testing.T) {
	s := serve(t, map[string]http.HandlerFunc{"/ads/1": typed("text/html; charset=iso-8859-1", "bl\xe5b\xe6r")})
	r := rigged(t, s, s.target())
	before := time.Now().Add(-time.Second)
	res, err := r.page(t, "/ads/1?a=b")
	if err != nil {
		t.Fatal(err)
	}
	if string(res.Body) != "bl\xe5b\xe6r" || string(res.Raw) != "bl\xe5b\xe6r" || res.ContentType() != "text/html; charset=iso-8859-1" || res.Status != 200 || res.Reason != "OK" ||
		res.Proto != "HTTP/1.1" || res.URL.String() != s.URL+"/ads/1?a=b" || res.Kind != fetch.Page || res.IP != "127.0.0.1" || res.Certificate != "" || res.Robots != fetch.RobotsNone ||
		res.Truncated != "" || res.Outcome != "" || len(res.Via) != 0 || res.Capture.Record != "/ads/1 2" {
		t.Errorf("%+v", res.Exchange)
	}
	if res.Began.Before(before) || res.At.Before(res.Began) || res.At.Location() != time.UTC || res.Began.Location() != time.UTC {
		t.Errorf("from %s to %s", res.Began, res.At)
	}
	if last := r.recorder.seen[1]; last != res.Exchange {
		t.Errorf("another exchange was recorded: %+v", last)
	}
}

// onTheWire is a server that keeps the bytes of each request and answers with bytes.
func onTheWire(t *testing.T, answer string) (address string, requests chan string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	requests = make(chan string, 10)
	ended := make(chan bool)
	go func() {
		defer close(ended)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			var head strings.Builder
			for r := bufio.NewReader(conn); !strings.HasSuffix(head.String(), "\r\n\r\n"); {
				line, err := r.ReadString('\n')
				if head.WriteString(line); err != nil {
					break
				}
			}
			requests <- head.String()
			_, _ = io.WriteString(conn, answer)
			_ = conn.Close()
		}
	}()
	t.Cleanup(func() { _ = l.Close(); <-ended })
	return l.Addr().String(), requests
}

// TestTheRequestIsRecordedAsSent, byte for byte but the token.
func TestTheRequestIsRecordedAsSent(t *testing.T) {
	at, requests := onTheWire(t, "HTTP/1.1 200 Fine by us\r\nX-Twice: 1\r\nX-Twice: 2\r\nContent-Length: 2\r\n\r\nhi")
	tg := (&site{}).targetAt(at)
	tg.Robots.Policy = "ignore"
	tg.Token = target.Token{Header: "X-Api-Key", File: "key"}
	r := rigged(t, nil, tg, func(c *fetch.Config) {
		c.Secrets = func(string) (string, error) { return "s3cret", nil }
	})
	res, err := r.Get(t.Context(), fetch.Request{URL: address(t, "http://"+at+"/ads/s%C3%B8k?q=a b&c"), ETag: `"v1"`, LastModified: "Mon, 01 Jun 2026 00:00:00 GMT"})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Replace(string(res.RequestHead), "withheld", "s3cret", 1), <-requests; got != want {
		t.Errorf("recorded\n%q\nsent\n%q", got, want)
	}
	if res.Reason != "Fine by us" || !slices.Equal(res.Header["X-Twice"], []string{"1", "2"}) || res.Robots != fetch.RobotsIgnored {
		t.Errorf("%+v", res.Exchange)
	}
}

func (s *site) targetAt(host string) *target.Target {
	return &target.Target{ID: "t", Hosts: []string{host}, Allow: []string{"/ads"}, UserAgent: "VardeBot/1.0", Contact: "mailto:crawler@police.example", Loopback: true}
}

// TestEveryAnswerIsRecorded: robots.txt, each redirect, errors, in the order in which they came.
func TestEveryAnswerIsRecorded(t *testing.T) {
	s := serve(t, map[string]http.HandlerFunc{"/robots.txt": text("User-agent: *\nDisallow: /ads/secret"), "/ads/1": to("/ads/2"), "/ads/2": to("/ads/3"), "/ads/3": text("x"),
		"/ads/busy": status(503, "Retry-After", "0"), "/ads/out": to("/elsewhere"), "/ads/broken": status(500)})
	r := rigged(t, s, s.target())
	for _, path := range []string{"/ads/1", "/ads/busy", "/ads/none", "/ads/out", "/ads/secret", "/elsewhere", "/ads/broken"} {
		_, _ = r.page(t, path)
	}
	equal(t, "recorded", r.recorder.lines(), []string{"/robots.txt 200", "/ads/1 302", "/ads/2 302", "/ads/3 200", "/ads/busy 503  busy", "/ads/busy 503  busy", "/ads/busy 503  busy",
		"/ads/none 404  gone", "/ads/out 302  off_target_redirect", "/ads/broken 500  server_error"})
	if got := r.recorder.seen[3].Via; !slices.Equal(got, []string{s.URL + "/ads/1", s.URL + "/ads/2"}) {
		t.Errorf("via %q", got)
	}
	for i, x := range r.recorder.seen {
		want := fetch.RobotsAllowed
		if i == 0 {
			want = ""
		}
		if x.Robots != want {
			t.Errorf("%s: robots %q", x.URL, x.Robots)
		}
	}
}

// TestBodiesAreRecordedPacked as they came, chunks joined, and read unpacked.
func TestBodiesAreRecordedPacked(t *testing.T) {
	page := []byte("<html>" + strings.Repeat("the ad ", 5000))
	small, large := zip(t, page), zip(t, noise(200_000))
	s := serve(t, map[string]http.HandlerFunc{
		"/ads/whole": encoded("gzip", "text/html", small),
		"/ads/chunked": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			for chunk := range slices.Chunk(small, 10) {
				_, _ = w.Write(chunk)
				w.(http.Flusher).Flush()
			}
		},
		"/ads/large": encoded("gzip", "text/html", large),
		"/ads/plain": encoded("", "text/html", page),
	})
	for path, want := range map[string]struct{ raw, body []byte }{"/ads/whole": {small, page}, "/ads/chunked": {small, page}, "/ads/large": {large, noise(200_000)}, "/ads/plain": {page, page}} {
		res, err := get(t, s, path)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if !bytes.Equal(res.Raw, want.raw) || !bytes.Equal(res.Body, want.body) {
			t.Errorf("%s: raw %d bytes of %d, body %d of %d", path, len(res.Raw), len(want.raw), len(res.Body), len(want.body))
		}
	}
}

// TestTLSAndHTTP2AreRecorded: the site's certificate, its address, and what was spoken.
func TestTLSAndHTTP2AreRecorded(t *testing.T) {
	for name, tt := range map[string]struct {
		site *site
		want string
	}{
		"TLS":    {serve(t, map[string]http.HandlerFunc{"/ads/1": text("x")}, overTLS), "HTTP/1.1"},
		"HTTP/2": {serve(t, map[string]http.HandlerFunc{"/ads/1": text("x")}, overHTTP2), "HTTP/2.0"},
	} {
		t.Run(name, func(t *testing.T) {
			res, err := get(t, tt.site, "/ads/1")
			if err != nil {
				t.Fatal(err)
			}
			sum := sha256.Sum256(tt.site.Certificate().Raw)
			if res.Proto != tt.want || res.Certificate != hex.EncodeToString(sum[:]) || res.IP != "127.0.0.1" || res.Reason != "OK" ||
				!strings.HasPrefix(string(res.RequestHead), "GET /ads/1 "+tt.want+"\r\nHost: "+tt.site.Listener.Addr().String()+"\r\n") {
				t.Errorf("%+v", res.Exchange)
			}
		})
	}
}
