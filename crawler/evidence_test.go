package crawler_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"os"
	"reflect"
	"strings"
	"sync"
	"testing"

	"varde/crawler"
	"varde/internal/ad"
	"varde/internal/evidence"
	"varde/internal/frontier"
)

// TestASightingSaysWhereItIsFrom, whole: a field that is lost here is lost for all that follows.
func TestASightingSaysWhereItIsFrom(t *testing.T) {
	const body = "<h1>Tittel</h1><p>Tekst p\xe5 norsk</p><img src='/img/1.png'><img src='https://cdn.example/2.png'>"
	m := newMarket(t, 1, map[string]http.HandlerFunc{"/img/1.png": drawing, "/ad/1": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=iso-8859-1")
		_, _ = w.Write([]byte(body))
	}})
	s := newStation(t)
	tg := s.approve(m.text())
	got := s.once(tg)
	if len(got) != 1 {
		t.Fatalf("%d ads; %v", len(got), s.outcomes("market"))
	}
	have := got[0]
	if len(have.Pictures) != 1 || have.Pictures[0].Image != 1 || have.Pictures[0].PHash == "" {
		t.Errorf("pictures %+v", have.Pictures)
	}
	captures := have.Provenance.Captures
	if len(captures) != 2 || captures[0].Image != 0 || captures[1].Image != 1 {
		t.Fatalf("captures %+v", captures)
	}
	sum := sha256.Sum256([]byte(body)) // of the bytes as they were sent, not as they were read
	want := ad.Sighting{Site: "market.example", AdID: "1", URL: m.URL + "/ad/1", Category: ad.Massage, Title: "Tittel", Text: "Tekst på norsk", SeenAt: have.SeenAt, Country: "NO",
		Images: []string{"/img/1.png", "https://cdn.example/2.png"}, Pictures: have.Pictures,
		Provenance: ad.Provenance{Source: "crawl", Target: "market", TargetVersion: 1, Authorisation: tg.Authorisation, Adapter: "css", PageSHA256: hex.EncodeToString(sum[:]),
			Captures: captures, Region: "NO", Problems: []string{"picture 2 could not be read"}}}
	if tg.Authorisation == "" || !reflect.DeepEqual(have, want) {
		t.Errorf("got  %+v\nwant %+v", have, want)
	}

	page, err := s.archive.Read(t.Context(), captures[0])
	if err != nil {
		t.Fatal(err)
	}
	msg, err := evidence.ParseHTTP(page.Block)
	if err != nil || string(msg.Body) != body || page.TargetURI != have.URL || page.Type != "response" {
		t.Errorf("the evidence of the page: %+v, %v", page, err)
	}
	// Pictures are hashed and dropped: nothing in the whole folder is one.
	picture, err := s.archive.Read(t.Context(), captures[1])
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(picture.Block), "PNG\r\n") || picture.Truncated == "" {
		t.Errorf("the picture's bytes were kept: %q", picture.Block)
	}
	types := map[string]int{}
	for l, err := range s.archive.Walk(t.Context(), "market", evidence.Position{}) {
		if err != nil {
			t.Fatal(err)
		}
		types[l.Type+" "+l.ContentType]++
		if l.ContentType == crawler.SightingType {
			var kept ad.Sighting
			if err := json.Unmarshal(l.Block, &kept); err != nil || kept.ID() != have.ID() {
				t.Errorf("the sighting in the evidence is another: %v", err)
			}
		}
		if l.ContentType == crawler.CaptureType && strings.Contains(l.TargetURI, ".png") {
			var c crawler.Context
			if err := json.Unmarshal(l.Block, &c); err != nil || c.Picture == nil || c.Picture.PHash != have.Pictures[0].PHash || c.Authorisation != tg.Authorisation {
				t.Errorf("context of the picture: %+v, %v", c, err)
			}
		}
	}
	// robots.txt, the list, the ad and the picture.
	wantTypes := map[string]int{"warcinfo application/warc-fields": 1, "request application/http;msgtype=request": 4, "response application/http;msgtype=response": 4,
		"metadata " + crawler.CaptureType: 4, "metadata " + crawler.SightingType: 1}
	if !maps.Equal(types, wantTypes) {
		t.Errorf("records %v", types)
	}
}

func TestPicturesAreKeptWhereTheTargetSaysSo(t *testing.T) {
	// A picture stands at an ad's address too: it is no ad, and no more to be kept than the others.
	for policy, want := range map[string]struct{ asked, hashed, kept int }{"none": {0, 0, 0}, "hash": {1, 1, 0}, "keep": {1, 1, 2}} {
		t.Run(policy, func(t *testing.T) {
			m := newMarket(t, 2, map[string]http.HandlerFunc{"/img/1.png": drawing, "/ad/1": html("<h1>x</h1><img src='/img/1.png'><img src='https://cdn.example/2.png'>"), "/ad/2": drawing})
			s := newStation(t)
			got := s.once(s.approve(m.text("pictures: hash", "pictures: "+policy)))
			if len(got) != 1 || m.requests("/img/1.png") != want.asked || len(got[0].Pictures) != want.hashed {
				t.Fatalf("%+v, %v", got, m.asked)
			}
			// Addresses are kept alike: a site that moves is not a new version of each ad.
			if images := []string{"/img/1.png", "https://cdn.example/2.png"}; !reflect.DeepEqual(got[0].Images, images) {
				t.Errorf("images %q", got[0].Images)
			}
			kept := 0
			for l, err := range s.archive.Walk(t.Context(), "", evidence.Position{}) {
				if err != nil {
					t.Fatal(err)
				}
				if strings.Contains(string(l.Block), string(painted(0))) {
					kept++
				}
			}
			if kept != want.kept {
				t.Errorf("the picture stands %d times in the evidence", kept)
			}
		})
	}
}

// watched is an archive that knows what was synced.
type watched struct {
	*evidence.Archive
	mu       sync.Mutex
	appended map[string]bool
	synced   map[string]bool
	fail     error
}

func (w *watched) Append(set string, records ...*evidence.Record) ([]ad.Capture, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.fail != nil {
		return nil, w.fail
	}
	captures, err := w.Archive.Append(set, records...)
	for _, c := range captures {
		w.appended[c.Record] = true
	}
	return captures, err
}

func (w *watched) Sync(ctx context.Context) error {
	w.mu.Lock()
	before := maps.Clone(w.appended)
	w.mu.Unlock()
	err := w.Archive.Sync(ctx)
	w.mu.Lock()
	defer w.mu.Unlock()
	if err == nil {
		maps.Copy(w.synced, before)
	}
	return err
}

// TestEvidenceIsOnDiskBeforeASightingIsPublished: synced, and there to be read by anybody.
func TestEvidenceIsOnDiskBeforeASightingIsPublished(t *testing.T) {
	m := newMarket(t, 40, map[string]http.HandlerFunc{"/ad/7": html("<h1>x</h1><img src='/img/1.png'>"), "/img/1.png": drawing})
	s := newStation(t)
	w := &watched{Archive: s.archive, appended: map[string]bool{}, synced: map[string]bool{}}
	s.cfg.Archive = w
	s.got.before = func(sg ad.Sighting) error {
		w.mu.Lock()
		defer w.mu.Unlock()
		if len(sg.Provenance.Captures) == 0 {
			t.Errorf("%s has no evidence", sg.Key())
		}
		for _, c := range sg.Provenance.Captures {
			if !w.synced[c.Record] {
				t.Errorf("%s was published before its evidence was on disk", sg.Key())
			}
			if _, err := s.archive.Read(t.Context(), c); err != nil {
				t.Errorf("%s: %v", sg.Key(), err)
			}
		}
		return nil
	}
	if got := s.once(s.approve(m.text())); len(got) != 40 {
		t.Errorf("%d ads", len(got))
	}
	r, err := s.archive.Verify(t.Context(), nil)
	if err != nil || len(r.Faults) != 0 {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestWithoutEvidenceNothingIsPublished: the page is read again when there is room.
func TestWithoutEvidenceNothingIsPublished(t *testing.T) {
	m := newMarket(t, 3, nil)
	s := newStation(t)
	full := errors.New("no space left on device")
	w := &watched{Archive: s.archive, appended: map[string]bool{}, synced: map[string]bool{}, fail: full}
	s.cfg.Archive = w
	tg := s.approve(m.text())
	if err := s.crawler().Once(t.Context(), tg); !errors.Is(err, full) {
		t.Errorf("got %v", err)
	}
	if got := s.got.all(); len(got) != 0 {
		t.Errorf("%d ads were published without evidence", len(got))
	}
	w.fail = nil
	if got := s.once(tg); len(got) != 3 {
		t.Errorf("%d ads after there was room; %v", len(got), s.outcomes("market"))
	}
}

// TestEveryAnswerIsInTheEvidence, good or not.
func TestEveryAnswerIsInTheEvidence(t *testing.T) {
	m := newMarket(t, 6, map[string]http.HandlerFunc{"/ad/1": status(404), "/ad/2": status(500), "/ad/3": redirect("/ad/4"), "/ad/5": redirect("/private"),
		"/ad/6": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte("<h1>cut"))
		}})
	s := newStation(t)
	s.once(s.approve(m.text()))
	got := map[string]string{}
	for l, err := range s.archive.Walk(t.Context(), "market", evidence.Position{}) {
		if err != nil {
			t.Fatal(err)
		}
		if l.Type == "response" {
			line, _, _ := strings.Cut(string(l.Block), "\r\n")
			got[strings.TrimPrefix(l.TargetURI, m.URL)] = strings.TrimPrefix(line, "HTTP/1.1 ") + l.Truncated
		}
	}
	for path, want := range map[string]string{"/robots.txt": "404 Not Found", "/ads": "200 OK", "/ad/1": "404 Not Found", "/ad/2": "500 Internal Server Error",
		"/ad/3": "302 Found", "/ad/4": "200 OK", "/ad/5": "302 Found", "/ad/6": "200 OKdisconnect"} {
		if got[path] != want {
			t.Errorf("%s: %q, want %q", path, got[path], want)
		}
	}
	if o := s.outcomes("market"); o[frontier.Gone] != 1 || o[frontier.Broken] != 1 || o[frontier.OffTarget] != 1 {
		t.Errorf("%v", o)
	}
	if _, err := os.Stat("evidence"); err == nil {
		t.Error("evidence was written into the working folder")
	}
}
