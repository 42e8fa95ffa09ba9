package sim

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"varde/internal/ad"
)

// Class is a kind of request to a site.
type Class string

// The classes in which requests are counted. Trapped are those that robots.txt forbids.
const (
	ListPage    Class = "list"
	AdPage      Class = "ad"
	PictureFile Class = "picture"
	Robots      Class = "robots"
	Trapped     Class = "trap"
	NotFound    Class = "not_found"
	OtherPage   Class = "other"
)

// Sites are the simulated marketplaces of a world, each an HTTP server on 127.0.0.1. They show the ads that were released, the
// newest first.
type Sites struct {
	world    *World
	pages    *pages
	released atomic.Int64
	addrs    [sites]string
	servers  [sites]*http.Server
	running  sync.WaitGroup
	unhook   func() bool // forgets the context

	mu       sync.Mutex
	requests map[string]map[Class]int
}

// Serve starts the four sites with all ads of the world released, at the addresses that prefer gives by the sites' names where they are
// free. They stop when ctx ends or at Close.
func Serve(ctx context.Context, w *World, prefer map[string]string) (*Sites, error) {
	p, err := readPages()
	if err != nil {
		return nil, err
	}
	s := &Sites{world: w, pages: p, requests: map[string]map[Class]int{}}
	s.released.Store(int64(w.Len()))
	for n := range sites {
		l, err := listen(ctx, prefer[n.name()])
		if err != nil {
			s.Close()
			return nil, fmt.Errorf("serve %s: %w", n.name(), err)
		}
		s.addrs[n] = l.Addr().String()
		s.requests[n.name()] = map[Class]int{}
		server := &http.Server{Handler: s.handler(n), ReadHeaderTimeout: 10 * time.Second}
		s.servers[n] = server
		s.running.Go(func() { _ = server.Serve(l) }) // ends with ErrServerClosed
	}
	s.unhook = context.AfterFunc(ctx, s.stop)
	return s, nil
}

// listen takes an address of this machine if it is free, and otherwise any.
func listen(ctx context.Context, prefer string) (net.Listener, error) {
	const anyPort = "127.0.0.1:0"
	if prefer != "" {
		if l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", prefer); err == nil {
			return l, nil
		}
	}
	return (&net.ListenConfig{}).Listen(ctx, "tcp", anyPort)
}

// Addrs are the sites' addresses by name, to be preferred at the next start: pages keep their addresses then.
func (s *Sites) Addrs() map[string]string {
	out := map[string]string{}
	for n := range sites {
		out[n.name()] = s.addrs[n]
	}
	return out
}

// Close stops the sites at once and waits for their servers. It may be called more than once.
func (s *Sites) Close() {
	if s.unhook != nil {
		s.unhook()
	}
	s.stop()
	s.running.Wait()
}

// stop closes listeners and connections. What closing an own listener says is of no use to anybody.
func (s *Sites) stop() {
	for _, server := range s.servers {
		if server != nil {
			_ = server.Close()
		}
	}
}

// Release shows the first n ads of the world, in the order of Sightings, and hides the others. It is safe at any time.
func (s *Sites) Release(n int) { s.released.Store(int64(min(max(n, 0), s.world.Len()))) }

// Released is how many ads of the world the sites show.
func (s *Sites) Released() int { return int(s.released.Load()) }

// Addr is host:port of a site by its name, such as nordmarked.example; empty for an unknown one.
func (s *Sites) Addr(name string) string {
	for n := range sites {
		if n.name() == name {
			return s.addrs[n]
		}
	}
	return ""
}

// Requests returns how often each site, by name, was asked for what.
func (s *Sites) Requests() map[string]map[Class]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[string]map[Class]int{}
	for name, classes := range s.requests {
		out[name] = maps.Clone(classes)
	}
	return out
}

func (s *Sites) count(n site, c Class) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests[n.name()][c]++
}

// ad returns a released ad of a site by its id.
func (s *Sites) ad(n site, id string) (*content, bool) {
	i, ok := s.world.find(ad.MakeKey(n.name(), id))
	if !ok || i >= s.Released() {
		return nil, false
	}
	return s.world.content(i), true
}

// answer sends a body with its type and entity tag; conditional, partial and HEAD requests are answered as HTTP says.
func answer(w http.ResponseWriter, r *http.Request, mediaType string, body []byte, changed time.Time) {
	sum := sha256.Sum256(body)
	w.Header().Set("Content-Type", mediaType)
	w.Header().Set("ETag", `"`+hex.EncodeToString(sum[:12])+`"`)
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	http.ServeContent(w, r, "", changed, bytes.NewReader(body))
}

// robotsTxt forbids the trap of a site, which its list pages link to.
func robotsTxt(n site) []byte {
	return fmt.Appendf(nil, "# Simulated site\nUser-agent: *\nDisallow: %s\n", n.trap())
}

// trap is the path that robots.txt forbids.
func (s site) trap() string {
	return [sites]string{"/annonse/utkast/", "/profil/slettet/", "/stilling/intern/", "/jobb/min-side/"}[s]
}

// counting counts a request before its answer leaves, so that who has the answer finds it counted.
type counting struct {
	http.ResponseWriter
	count func()
}

// WriteHeader counts and answers.
func (c *counting) WriteHeader(status int) {
	c.count()
	c.ResponseWriter.WriteHeader(status)
}

// handler answers for one site. Only GET and HEAD are allowed.
func (s *Sites) handler(n site) http.Handler {
	mux := http.NewServeMux()
	get := func(pattern string, c Class, serve func(w http.ResponseWriter, r *http.Request) bool) {
		mux.HandleFunc("GET "+pattern, func(w http.ResponseWriter, r *http.Request) {
			if !serve(&counting{w, sync.OnceFunc(func() { s.count(n, c) })}, r) {
				s.count(n, NotFound)
				http.Error(w, "Siden finnes ikke", http.StatusNotFound)
			}
		})
	}
	get("/robots.txt", Robots, func(w http.ResponseWriter, r *http.Request) bool {
		answer(w, r, "text/plain; charset=utf-8", robotsTxt(n), time.Time{})
		return true
	})
	get(n.trap(), Trapped, func(w http.ResponseWriter, r *http.Request) bool {
		answer(w, r, "text/plain; charset=utf-8", []byte("robots.txt forbids this page\n"), time.Time{})
		return true
	})
	get("/img/{name}", PictureFile, func(w http.ResponseWriter, r *http.Request) bool { return s.servePicture(n, w, r) })
	get("/{$}", OtherPage, func(w http.ResponseWriter, r *http.Request) bool { return s.serveHome(n, w, r) })
	for _, l := range lists(n) {
		get(l.pattern, ListPage, func(w http.ResponseWriter, r *http.Request) bool { return s.serveList(n, l, w, r) })
		get(l.ads+"{id}", AdPage, func(w http.ResponseWriter, r *http.Request) bool { return s.serveAd(n, l, w, r) })
	}
	get("/", NotFound, func(http.ResponseWriter, *http.Request) bool { return false })
	return mux
}

func (s *Sites) servePicture(n site, w http.ResponseWriter, r *http.Request) bool {
	id, number, ok := parseImage(r.PathValue("name"))
	if !ok {
		return false
	}
	c, ok := s.ad(n, id)
	if !ok || number < 1 || number > len(c.pictures) || imageName(id, number, c.pictures[number-1]) != "img/"+r.PathValue("name") {
		return false
	}
	data, mediaType := c.pictures[number-1].encode(s.world.cfg.Seed)
	answer(w, r, mediaType, data, c.seen.Add(-seenAfter))
	return true
}
