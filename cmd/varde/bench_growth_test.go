package main

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestBench: every ad is read, linked and recorded once, what is told adds up, and nothing is left behind.
func TestBench(t *testing.T) {
	temp, out := t.TempDir(), filepath.Join(t.TempDir(), "figures")
	if _, err := binary(); err != nil { // built before the folder for temporary files is another
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", temp)
	said, errs, code := program(t, "bench", "--ads", "2000,700", "--seed", "5", "--batch", "200", "--record", "--out", out, "--json")
	if code != exitDone {
		t.Fatalf("exit status %d: %s", code, errs)
	}
	var r benchReport
	if err := json.Unmarshal([]byte(said), &r); err != nil {
		t.Fatal(err)
	}
	if len(r.Worlds) != 2 || r.Worlds[0].Ads != 700 || r.Worlds[1].Ads != 2000 || r.Seed != 5 || !r.Record {
		t.Fatalf("measured %+v", r)
	}
	for _, w := range r.Worlds {
		at, seconds := 0, 0.0
		for _, one := range w.Windows {
			if one.From != at || one.To <= at || one.Seconds <= 0 || one.CPUMicros < one.Link.CPUMicros || one.Read.BusyMicros <= 0 || one.Detect.BusyMicros <= 0 || one.Link.BusyMicros <= 0 || one.Record.BusyMicros <= 0 {
				t.Errorf("after %d ads: %+v", at, one)
			}
			at, seconds = one.To, seconds+one.Seconds
		}
		if at != w.Ads || seconds > w.Seconds || seconds < 0.9*w.Seconds {
			t.Errorf("the windows end at %d of %d ads and took %.2f of %.2f s", at, w.Ads, seconds, w.Seconds)
		}
		if len(w.Stages) != 5 || w.RecordBytes == 0 {
			t.Errorf("stages %+v, a record of %d bytes", w.Stages, w.RecordBytes)
		}
		for _, s := range w.Stages {
			if s.CPUMicros <= 0 || s.BusyMicros <= 0 || s.BusyMicros > 1e6*w.Seconds {
				t.Errorf("%+v", s)
			}
		}
	}
	kept, err := os.ReadFile(filepath.Join(out, "bench.json"))
	if err != nil || json.Unmarshal(kept, &benchReport{}) != nil {
		t.Errorf("bench.json: %v, %.200s", err, kept)
	}
	drawn, err := os.ReadFile(filepath.Join(out, "bench.svg"))
	if err != nil || !strings.Contains(string(drawn), "import to linked") {
		t.Errorf("bench.svg: %v, %.200s", err, drawn)
	}
	for d := xml.NewDecoder(strings.NewReader(string(drawn))); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if text := strings.Join(r.lines(), "\n"); !strings.Contains(text, "2000 ads: ") || !strings.Contains(text, "of it text signature") || strings.Contains(text, "NaN") {
		t.Errorf("told:\n%s", text)
	}
}

func TestBenchStopsAndRefuses(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	ctx, stop := context.WithTimeout(t.Context(), 1500*time.Millisecond)
	defer stop()
	began := time.Now()
	var errs strings.Builder
	if code := run(ctx, []string{"bench", "--ads", "100000"}, strings.NewReader(""), io.Discard, &errs); code != exitNothing || time.Since(began) > time.Minute {
		t.Errorf("exit status %d after %s: %s", code, time.Since(began), errs.String())
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if _, errs, code := varde(t, "bench", "--ads", "300", "--batch", "100", "--record"); code != exitDone { // in this process, where races are seen
		t.Errorf("exit status %d: %s", code, errs)
	}
	for _, wrong := range [][]string{{"--ads", "0"}, {"--ads", "5000000"}, {"--ads", "many"}, {"--batch", "0"}, {"file"}} {
		if _, errs, code := varde(t, append([]string{"bench"}, wrong...)...); code != exitUsage {
			t.Errorf("%v: %d %s", wrong, code, errs)
		}
	}
}
