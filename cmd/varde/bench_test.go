package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// BenchmarkImport measures the whole way of an ad as a user meets it: varde import of 20,000 ads of a simulated world into an
// empty data folder, from start to "searchable". rss-MB is the most memory that the process has had resident, the benchmark's
// own world included.
func BenchmarkImport(b *testing.B) {
	const ads = 20000
	file := worldFile(b, b.TempDir(), ads)
	for b.Loop() {
		data := filepath.Join(b.TempDir(), "data")
		if code := run(context.Background(), []string{"import", file, "--data", data}, strings.NewReader(""), io.Discard, io.Discard); code != exitDone {
			b.Fatalf("exit status %d", code)
		}
	}
	b.ReportMetric(float64(ads*b.N)/b.Elapsed().Seconds(), "ads/s")
	b.ReportMetric(peakMemory(b), "rss-MB")
}

// peakMemory is the kernel's high-water mark of this process's resident memory.
func peakMemory(b *testing.B) float64 {
	b.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Skipf("the kernel does not tell: %v", err)
	}
	var kB float64
	_, after, found := strings.Cut(string(status), "VmHWM:")
	if _, err := fmt.Sscan(after, &kB); !found || err != nil {
		b.Fatalf("no VmHWM: %v", err)
	}
	return kB / 1024
}
