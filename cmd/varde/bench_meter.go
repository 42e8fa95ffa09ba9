package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/metrics"
	"slices"
	"time"

	"golang.org/x/sys/unix"
)

// benchFirstWindow is where the first window ends at the earliest; the windows after it are wider by benchWiden each, so that they are as far apart on
// a logarithmic axis.
const (
	benchFirstWindow = 1000
	benchWiden       = 1.4142
)

// usage is what a run took up to a moment.
type usage struct {
	linked     int
	clock      time.Duration
	sums       stageSums
	process    time.Duration // processor time of the whole program while its clock went
	rss, heap  int64
	disk       int64
	peak       int64
	recordDisk int64
}

// meter notes the usage at the ends of windows.
type meter struct {
	edges []int
	notes []usage
}

func newMeter(n int) (m meter) {
	for edge := float64(n); edge >= benchFirstWindow || len(m.edges) == 0; edge /= benchWiden {
		m.edges = append(m.edges, int(edge))
	}
	slices.Reverse(m.edges)
	return m
}

// begin takes the usage before the first ad.
func (m *meter) begin(u usage) { m.notes = append(m.notes, u) }

// due says whether a window ended.
func (m *meter) due(linked int) bool { return len(m.edges) > 0 && linked >= m.edges[0] }

func (m *meter) note(u usage) {
	m.notes = append(m.notes, u)
	for m.due(u.linked) {
		m.edges = m.edges[1:]
	}
}

// usage reads the clocks of the run and the program.
func (r *benchRun) usage() usage {
	u := usage{linked: r.linked, clock: r.clock, sums: r.sums, process: r.process, rss: statusBytes("VmRSS:"), peak: statusBytes("VmHWM:"),
		heap: heapBytes(), disk: diskBytes(filepath.Join(r.dir, "links"))}
	if !r.since.IsZero() {
		u.clock, u.process = u.clock+time.Since(r.since), u.process+processTime()-r.before
	}
	if r.record != nil {
		u.recordDisk = diskBytes(r.dir) - u.disk
	}
	return u
}

// told is what the run measured.
func (r *benchRun) told() benchWorld {
	first, last := r.meter.notes[0], r.meter.notes[len(r.meter.notes)-1]
	w := benchWorld{Ads: r.linked, Seconds: r.clock.Seconds(), MakeSeconds: r.made.Seconds(), PeakBytes: last.peak, StartBytes: first.rss, HeapBytes: last.heap,
		DiskBytes: last.disk, RecordBytes: last.recordDisk, ProcessorSeconds: r.process.Seconds(), kept: r.dir}
	if all := r.world.Len(); w.Ads < all {
		w.Of = all
	}
	for s := range stages {
		if s == recordStage && r.record == nil {
			continue
		}
		w.Stages = append(w.Stages, benchStage{Name: stageNames[s], CPUMicros: perAd(r.sums[s].cpu, r.linked), BusyMicros: perAd(r.sums[s].busy, r.linked)})
		if s == detectStage {
			slices.Sort(r.signed)
			median := perAd(r.signed[len(r.signed)/2], 1)
			w.Stages = append(w.Stages, benchStage{Name: "text signature", PartOf: stageNames[s], CPUMicros: median, BusyMicros: median})
		}
	}
	for i, u := range r.meter.notes[1:] {
		from := r.meter.notes[i]
		n := u.linked - from.linked
		one := benchWindow{From: from.linked, To: u.linked, Seconds: (u.clock - from.clock).Seconds(), CPUMicros: perAd(u.process-from.process, n), RSSBytes: u.rss, HeapBytes: u.heap, DiskBytes: u.disk}
		cost := func(s stage) (c windowCost) {
			return windowCost{perAd(u.sums[s].cpu-from.sums[s].cpu, n), perAd(u.sums[s].busy-from.sums[s].busy, n)}
		}
		one.Read, one.Detect, one.Link, one.Record = cost(readStage), cost(detectStage), cost(linkStage), cost(recordStage)
		w.Windows = append(w.Windows, one)
	}
	return w
}

func perAd(d time.Duration, n int) float64 {
	return float64(d) / float64(time.Microsecond) / float64(max(n, 1))
}

// timer tells what a stretch of work on a locked thread took.
type timer struct {
	at  time.Time
	cpu time.Duration
}

func startTimer() timer { return timer{time.Now(), threadTime()} }

func (w timer) stop() spent {
	s := spent{threadTime() - w.cpu, time.Since(w.at)}
	if w.cpu == 0 { // the kernel does not tell
		s.cpu = s.busy
	}
	return s
}

// threadTime is the processor time of this thread, 0 where the kernel does not tell.
func threadTime() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t); err != nil {
		return 0
	}
	return time.Duration(t.Nano())
}

// processTime is the processor time of the program.
func processTime() time.Duration {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// statusBytes is a line of what the kernel knows of the program's memory, 0 where it does not tell.
func statusBytes(name string) (n int64) {
	data, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, after, _ := bytes.Cut(data, []byte("\n"+name))
	_, _ = fmt.Sscan(string(after), &n) // what cannot be read is 0
	return n << 10
}

// forgetPeak makes the kernel begin its high-water mark of memory anew, where it can.
func forgetPeak() { _ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) }

// heapBytes is the memory of live objects and those not yet swept.
func heapBytes() int64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return int64(sample[0].Value.Uint64())
}

// diskBytes is the size of the files below a folder, 0 where there is none.
func diskBytes(dir string) (sum int64) {
	_ = filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error { // a file that goes meanwhile takes no disk
		if err != nil || e.IsDir() {
			return nil
		}
		if info, err := e.Info(); err == nil {
			sum += info.Size()
		}
		return nil
	})
	return sum
}
