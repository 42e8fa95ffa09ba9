package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"varde/crawler"
	"varde/crawler/fetch"
	"varde/internal/evidence"
	"varde/internal/store"
	"varde/internal/stream"
	"varde/internal/target"
)

// The benchmark of crawling: 5,000 ad pages of 20 KB with a picture of 96 by 72 pixels each, on a site in a process of its own, read by Varde,
// by a bare colly program that keeps nothing, and by Scrapy, each in a process of its own, in the same run.
const (
	benchAds      = 5000
	benchPerList  = 100
	benchParallel = 16
	// benchRole says in the environment what this test program is when it starts itself.
	benchRole = "VARDE_TEST_BENCH"
)

// benchRoles are what TestMain lets this program be: the site, or one of the crawlers.
var benchRoles = map[string]func(arg string) error{"site": benchSite, "varde": benchVarde, "colly": benchColly}

// benchFurniture is what stands around an ad on a real page: a menu, suggestions, a footer. It brings a page to 20 KB, which is little: of the
// recruitment pages that the adapters are tested on, the smallest has 12 KB and most have 50.
var benchFurniture = "<nav><ul>" + strings.Repeat(`<li class="menu-item"><a class="menu-link" href="/kategori/massasje/oslo">Massasje i Oslo</a> <span class="count">17</span></li>`, 130) + "</ul></nav>"

// benchCounts is what the site was asked for.
type benchCounts struct {
	Ads, Pictures, Lists, Others int64
	// Distinct are different ad pages.
	Distinct int64
}

// benchSite serves until its standard input ends, and prints its address and then what it was asked for.
func benchSite(string) error {
	pages, pictures := make([][]byte, benchAds), make([][]byte, benchAds)
	words := strings.Fields(strings.Repeat("massasje i rolige omgivelser sentralt i byen ring for avtale hver dag mellom ti og atten velkommen ", 30))
	for n := range benchAds {
		pages[n] = fmt.Appendf(nil, `<!DOCTYPE html><html lang="nb"><head><meta charset="utf-8"><title>Annonse %[1]d</title></head><body><h1>Annonse %[1]d</h1>`+
			`%[6]s<p class="text">%[2]s</p><b class="phone">+47 400 %02[3]d %03[4]d</b><i class="price">%[5]d kr</i><img src="/img/%[1]d.jpg"></body></html>`,
			n, strings.Join(words[n%50:n%50+350], " "), n/1000, n%1000, 1000+n%9*100, benchFurniture)
		img := image.NewRGBA(image.Rect(0, 0, 96, 72))
		for i := 0; i < 96*72; i++ {
			img.Set(i%96, i/96, color.RGBA{byte(i*n/77 + i%96*2), byte(i / 96 * (n%13 + 1)), byte(n), 255})
		}
		var b bytes.Buffer
		if err := jpeg.Encode(&b, img, nil); err != nil {
			return err
		}
		pictures[n] = b.Bytes()
	}
	var c benchCounts
	var seen [benchAds]atomic.Bool
	number := func(path, prefix, suffix string) int {
		n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(path, prefix), suffix))
		if err != nil || n < 0 || n >= benchAds {
			return 0
		}
		return n
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(r.URL.Path, "/ad/"):
			n := number(r.URL.Path, "/ad/", "")
			atomic.AddInt64(&c.Ads, 1)
			if !seen[n].Swap(true) {
				atomic.AddInt64(&c.Distinct, 1)
			}
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = w.Write(pages[n])
		case strings.HasPrefix(r.URL.Path, "/img/"):
			atomic.AddInt64(&c.Pictures, 1)
			w.Header().Set("Content-Type", "image/jpeg")
			_, _ = w.Write(pictures[number(r.URL.Path, "/img/", ".jpg")])
		case r.URL.Path == "/ads":
			atomic.AddInt64(&c.Lists, 1)
			benchList(w, r)
		default:
			atomic.AddInt64(&c.Others, 1)
			http.NotFound(w, r)
		}
	})}
	go func() { _ = srv.Serve(l) }()
	fmt.Println(l.Addr())
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(&c)
}

func benchList(w http.ResponseWriter, r *http.Request) {
	first, _ := strconv.Atoi(r.FormValue("from"))
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprint(w, "<!DOCTYPE html><title>Annonser</title>")
	for n := first; n < min(first+benchPerList, benchAds); n++ {
		fmt.Fprintf(w, `<a class="ad" href="/ad/%d">Annonse %d</a>`, n, n)
	}
	if first+benchPerList < benchAds {
		fmt.Fprintf(w, `<a class="next" href="/ads?from=%d">neste</a>`, first+benchPerList)
	}
}

// benchVarde is the crawling role as varde up runs it: authority asked before each request, frontier in SQLite, evidence synced, sightings
// on an embedded stream that syncs. The roles after it are not there: they have benchmarks of their own.
func benchVarde(addr string) error {
	useProcessors()
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "varde-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	db, err := store.Open(ctx, "sqlite:"+filepath.Join(dir, "varde.db"), store.Options{})
	if err != nil {
		return err
	}
	defer db.Close()
	st, err := stream.Open(ctx, stream.Config{Dir: filepath.Join(dir, "stream")})
	if err != nil {
		return err
	}
	defer func() { _ = st.Close(ctx) }()
	archive, err := evidence.Open(evidence.Config{Dir: filepath.Join(dir, "evidence"), Software: software})
	if err != nil {
		return err
	}
	defer archive.Close()
	desk := target.NewDesk(db, target.DeskConfig{Loopback: true})
	t, err := benchTarget(ctx, desk, addr)
	if err != nil {
		return err
	}
	pacer, err := fetch.NewShared(st.Slots(), nil)
	if err != nil {
		return err
	}
	sys := &system{store: db, stream: st}
	c, err := crawler.New(crawler.Config{Targets: desk, Gate: desk, Frontier: db, Archive: archive, Publisher: newPublisher(sys), Ads: latestAds{db},
		Pacer: pacer, Node: "bench", Software: software, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	began := time.Now()
	if err := c.Once(ctx, t); err != nil {
		return err
	}
	fmt.Println(time.Since(began).Seconds())
	last, err := st.Last(ctx, stream.Sightings)
	if err != nil || last != benchAds {
		return fmt.Errorf("%d sightings are on the stream, want %d: %w", last, benchAds, err)
	}
	return nil
}

func benchTarget(ctx context.Context, desk *target.Desk, addr string) (*target.Target, error) {
	text := fmt.Sprintf(`id: bench
name: benchmark
site: bench.example
categories: [massage]
country: "NO"
authority: {purpose: benchmark, necessity: none, legal_basis: none, reference: b, unit: b, approver: ola, valid_from: %s, valid_to: %s, terms: none}
hosts: ["%[3]s"]
start: ["http://%[3]s/ads"]
allow: [/ads, /ad/, /img/]
rate: 0
concurrency: %[4]d
user_agent: VardeBot/1.0
contact: mailto:bench@varde.example
retention_days: 1
loopback: true
adapter:
  kind: css
  list: {ads: a.ad, next: a.next}
  ad_path: ^/ad/(\d+)
  fields:
    title: {selector: h1}
    text: {selector: .text}
    phones: {selector: .phone}
    price: {selector: .price}
    images: {selector: img, attr: src, all: true}
`, time.Now().UTC().AddDate(0, 0, -1).Format(time.DateOnly), time.Now().UTC().AddDate(0, 0, 2).Format(time.DateOnly), addr, benchParallel)
	s, err := desk.Draft(ctx, "kari", "bench.yaml", []byte(text), "benchmark")
	if err == nil {
		s, err = desk.Approve(ctx, "ola", s.ID, s.Version, s.Hash, false, "")
	}
	if err == nil {
		s, err = desk.Activate(ctx, "kari", s.ID, "")
	}
	return s.Spec, err
}

// BenchmarkCrawl compares the three. The rate is of ad pages and pictures; CPU and memory are of the crawling process alone.
func BenchmarkCrawl(b *testing.B) {
	for _, who := range []struct {
		name    string
		command func(addr string) *exec.Cmd
	}{
		{"colly", func(addr string) *exec.Cmd { return benchChild("colly " + addr) }},
		{"varde", func(addr string) *exec.Cmd { return benchChild("varde " + addr) }},
		{"scrapy", func(addr string) *exec.Cmd {
			return exec.Command("/usr/bin/python3", filepath.Join("testdata", "scrapy_bench.py"), "http://"+addr+"/ads", strconv.Itoa(benchParallel))
		}},
	} {
		b.Run(who.name, func(b *testing.B) {
			for range b.N {
				benchOne(b, who.command)
			}
		})
	}
}

func benchChild(role string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), benchRole+"="+role)
	return cmd
}

func benchOne(b *testing.B, command func(addr string) *exec.Cmd) {
	site := benchChild("site")
	var out bytes.Buffer
	stdin, err := site.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	stdout, err := site.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := site.Start(); err != nil {
		b.Fatal(err)
	}
	line := make([]byte, 64)
	n, err := stdout.Read(line)
	if err != nil {
		b.Fatal(err)
	}
	cmd := command(strings.TrimSpace(string(line[:n])))
	cmd.Stderr = os.Stderr
	cmd.Stdout = &out
	b.ResetTimer()
	if err := cmd.Run(); err != nil {
		b.Fatalf("%v\n%s", err, out.String())
	}
	b.StopTimer()
	seconds, err := strconv.ParseFloat(strings.TrimSpace(out.String()), 64)
	if err != nil {
		b.Fatalf("the crawler printed %q", out.String())
	}
	if err := stdin.Close(); err != nil {
		b.Fatal(err)
	}
	var c benchCounts
	if err := json.NewDecoder(stdout).Decode(&c); err != nil {
		b.Fatal(err)
	}
	if err := site.Wait(); err != nil {
		b.Fatal(err)
	}
	if c.Ads != benchAds || c.Distinct != benchAds || c.Pictures != benchAds {
		b.Fatalf("the site was asked for %+v, want each page and picture exactly once", c)
	}
	usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	b.ReportMetric(float64(c.Ads+c.Pictures)/seconds, "pages+pictures/s")
	b.ReportMetric(float64(usage.Maxrss)/1024, "MB")
	b.ReportMetric(float64((cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime()).Microseconds())/float64(c.Ads+c.Pictures), "µs-cpu/request")
	b.ReportMetric(0, "ns/op")
}
