package evidence_test

import (
	"context"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"varde/internal/evidence"
)

// page is an ad page of about size bytes, with as much repetition as such pages have.
func page(size int) string {
	rnd := rand.New(rand.NewPCG(uint64(size), 1))
	words := strings.Fields("massasje ny i byen diskret hotell ring kun etter avtale kveld dame ung pris time halvtime kontakt telefon bilder galleri annonse sted oslo")
	var b strings.Builder
	b.WriteString("<html><head><title>Annonse</title></head><body>")
	for b.Len() < size {
		if rnd.IntN(8) == 0 {
			fmt.Fprintf(&b, "<div class=\"field field-%d\"><a href=\"/ad/%d\">", rnd.IntN(20), rnd.IntN(100000))
		}
		b.WriteString(words[rnd.IntN(len(words))] + " ")
	}
	return b.String()
}

// fetched is what the crawler appends for a page of 4 KB.
func fetched(block []byte) []*evidence.Record {
	recs := exchange("http://marked.example.test/annonse/123456", "")
	recs[0].Block = []byte("GET /annonse/123456 HTTP/1.1\r\nHost: marked.example.test\r\nUser-Agent: Varde/1.0 (+mailto:post@example.test)\r\nAccept: text/html\r\nAccept-Encoding: gzip, deflate\r\n\r\n")
	recs[1].Block = block
	recs[2].Block = []byte(`{"target":"marked","version":3,"authorisation":"A-0123456789","robots":"allowed","outcome":"read","certificate":"0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f","software":"varde/1.2","via":["http://marked.example.test/liste?side=2"]}`)
	return recs
}

func pageBlock(size int) []byte {
	return []byte("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nServer: nginx\r\nETag: \"abc\"\r\n\r\n" + page(size))
}

// BenchmarkAppend is request, response of 4 KB and metadata, from one caller who syncs after every 16.
func BenchmarkAppend(b *testing.B) {
	block := pageBlock(4096)
	a := open(b, evidence.Config{Dir: b.TempDir()})
	b.ReportAllocs()
	before := cpu()
	for i := 0; b.Loop(); i++ {
		if _, err := a.Append("site", fetched(block)...); err != nil {
			b.Fatal(err)
		}
		if i%16 == 15 {
			if err := a.Sync(context.Background()); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64((cpu()-before).Microseconds())/float64(b.N), "cpu-µs/op")
}

// cpu is what this process has used so far; on a machine with other work it says more than the time that went by.
func cpu() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkAppendAndSync is 16 callers who each wait until what they appended is on disk.
func BenchmarkAppendAndSync(b *testing.B) {
	block := pageBlock(4096)
	var syncs atomic.Int64
	cfg := evidence.WithFiles(evidence.Config{Dir: b.TempDir()}, func(name string, flag int, perm fs.FileMode) (evidence.File, error) {
		f, err := os.OpenFile(name, flag, perm)
		return &counted{f, &syncs}, err
	})
	a := open(b, cfg)
	b.SetParallelism(8)
	before := cpu()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			_, err := a.Append("site", fetched(block)...)
			if err == nil {
				err = a.Sync(context.Background())
			}
			if err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.ReportMetric(float64((cpu()-before).Microseconds())/float64(b.N), "cpu-µs/op")
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "pages/s")
	b.ReportMetric(float64(syncs.Load())/b.Elapsed().Seconds(), "fsyncs/s")
}

type counted struct {
	*os.File
	n *atomic.Int64
}

func (c *counted) Sync() error { c.n.Add(1); return c.File.Sync() }

// BenchmarkAppendLarge is a response of 8 MiB that does not pack.
func BenchmarkAppendLarge(b *testing.B) {
	block := make([]byte, 8<<20)
	rnd := rand.NewChaCha8([32]byte{})
	rnd.Read(block)
	a := open(b, evidence.Config{Dir: b.TempDir()})
	b.SetBytes(int64(len(block)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := a.Append("site", fetched(block)...); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkVerify reads an archive of 3,000 pages; MB/s are of stored bytes.
func BenchmarkVerify(b *testing.B) {
	dir := b.TempDir()
	a := open(b, evidence.Config{Dir: dir})
	for i := range 3000 {
		if _, err := a.Append("site", fetched(pageBlock(4096+i))...); err != nil {
			b.Fatal(err)
		}
	}
	if err := a.Close(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		r, err := a.Verify(context.Background(), nil)
		if err != nil || !r.OK() {
			b.Fatal(err, faults(r))
		}
		b.SetBytes(r.Bytes)
	}
}

// BenchmarkRead reads one page out of many.
func BenchmarkRead(b *testing.B) {
	cfg := evidence.Config{Dir: b.TempDir()}
	captures := fill(b, cfg, "site", 200)
	a := open(b, cfg)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, err := a.Read(context.Background(), captures[i%len(captures)]); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkScan reads a file as if others had made it.
func BenchmarkScan(b *testing.B) {
	cfg := evidence.Config{Dir: b.TempDir()}
	fill(b, cfg, "site", 2000)
	data, err := os.ReadFile(stored(b, cfg.Dir)[0])
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		for _, err := range evidence.Scan(strings.NewReader(string(data)), 0) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}
