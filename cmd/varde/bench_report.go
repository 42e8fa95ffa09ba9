package main

import (
	"fmt"

	"varde/internal/eval"
)

// benchReport is what varde bench tells.
type benchReport struct {
	Go         string       `json:"go"`
	Processors int          `json:"processors"`
	Seed       int64        `json:"seed"`
	Batch      int          `json:"batch"`
	Record     bool         `json:"record"`
	Worlds     []benchWorld `json:"worlds"`
	// Growths are how the cost of an ad grows; what there is too little of to fit is left out.
	Growths []benchGrowth `json:"growths"`
}

// benchWorld is what one world took.
type benchWorld struct {
	// Ads were linked, Of is how many the world has, where it was stopped before.
	Ads int `json:"ads"`
	Of  int `json:"of,omitempty"`
	// Seconds from the first ad to the last one linked, and recorded where that was asked for; MakeSeconds went into making the world and
	// are no part of them. ProcessorSeconds are those of the whole program in Seconds.
	Seconds          float64       `json:"seconds"`
	MakeSeconds      float64       `json:"make_seconds"`
	ProcessorSeconds float64       `json:"processor_seconds"`
	StartBytes       int64         `json:"start_bytes"`
	PeakBytes        int64         `json:"peak_bytes"`
	HeapBytes        int64         `json:"heap_bytes"`
	DiskBytes        int64         `json:"disk_bytes"`
	RecordBytes      int64         `json:"record_bytes,omitempty"`
	Stages           []benchStage  `json:"stages"`
	Windows          []benchWindow `json:"windows"`

	kept string
}

// benchStage is what one stage took for an ad, on average: processor time of its own thread, and the time that passed, waiting for the disk and for
// a processor included.
type benchStage struct {
	Name       string  `json:"name"`
	PartOf     string  `json:"part_of,omitempty"`
	CPUMicros  float64 `json:"cpu_micros"`
	BusyMicros float64 `json:"busy_micros"`
}

// benchWindow is what the ads of a window took, CPUMicros on the whole, and what was in use at its end.
type benchWindow struct {
	From      int        `json:"from"`
	To        int        `json:"to"`
	Seconds   float64    `json:"seconds"`
	CPUMicros float64    `json:"cpu_micros"`
	Read      windowCost `json:"read"`
	Detect    windowCost `json:"detect"`
	Link      windowCost `json:"link"`
	Record    windowCost `json:"record"`
	RSSBytes  int64      `json:"rss_bytes"`
	HeapBytes int64      `json:"heap_bytes"`
	DiskBytes int64      `json:"disk_bytes"`
}

type windowCost struct {
	CPUMicros  float64 `json:"cpu_micros"`
	BusyMicros float64 `json:"busy_micros"`
}

// The sizes between which the cost of an ad is compared.
const benchSmall, benchLarge = 10_000, 10_000_000

// benchGrowth is how a cost of an ad grows, by the windows of the largest world or by the last window of each world. In the former the world itself
// changes on its way: at its end there are more ads that come again.
type benchGrowth struct {
	What string `json:"what"`
	By   string `json:"by"`
	eval.Growth
	// Ratio is that of the 10-millionth ad to the ten-thousandth, drawn on from what was fitted.
	Ratio float64 `json:"ratio"`
}

// benchCosts are the costs of an ad in a window that are fitted.
var benchCosts = []struct {
	what string
	of   func(benchWindow) float64
}{
	{"link, processor time", func(o benchWindow) float64 { return o.Link.CPUMicros }},
	{"link, time that passed", func(o benchWindow) float64 { return o.Link.BusyMicros }},
	{"whole program, processor time", func(o benchWindow) float64 { return o.CPUMicros }},
}

const byWindows, byWorlds = "windows of the largest world", "last window of each world"

// grow fits how the costs of an ad grow. The first window of a world is left out: everything is cold in it.
func (r *benchReport) grow() {
	for _, cost := range benchCosts {
		var within, last []eval.Cost
		for i, w := range r.Worlds {
			for n, o := range w.Windows[1:] {
				c := eval.Cost{Ads: float64(o.From+o.To) / 2, Micros: cost.of(o)}
				if i == len(r.Worlds)-1 {
					within = append(within, c)
				}
				if n+2 == len(w.Windows) {
					last = append(last, c)
				}
			}
		}
		for _, fit := range []struct {
			by    string
			costs []eval.Cost
		}{{byWindows, within}, {byWorlds, last}} {
			if g, ok := eval.Grow(fit.costs); ok {
				r.Growths = append(r.Growths, benchGrowth{cost.what, fit.by, g, g.Ratio(benchSmall, benchLarge)})
			}
		}
	}
}

func (r *benchReport) lines() (out []string) {
	out = append(out, fmt.Sprintf("%s, %d processors, seed %d, batches of %d. Making the worlds is not counted; the stream, the index and the decoding of", r.Go, r.Processors, r.Seed, r.Batch),
		"pictures are not in it. cpu is the processor time of a stage's own thread, passed what went by, waiting included. On other threads run what a",
		"stage starts beside itself, as telling the language does, and the collection of garbage.")
	for _, w := range r.Worlds {
		out = append(out, w.lines(r.Record)...)
	}
	out = append(out, "", fmt.Sprintf("%-30s %-30s %-24s %7s %8s  %s", "cost of an ad n", "fitted to", "formula, µs", "points", "typ. off", "10-millionth to ten-thousandth ad"))
	for _, g := range r.Growths {
		out = append(out, fmt.Sprintf("%-30s %-30s %-24s %7d %6.0f %%  1000^%.4f = %.2f", g.What, g.By, fmt.Sprintf("%.4g · n^%.4f", g.Factor, g.Exponent), g.Points, 100*g.Spread, g.Exponent, g.Ratio))
	}
	if len(r.Growths) == 0 {
		out = append(out, "too little to fit: it takes three windows, of 1,000 ads and more")
	}
	return out
}

const mega = 1 << 20

func (w *benchWorld) lines(record bool) []string {
	of := ""
	if w.Of > 0 {
		of = fmt.Sprintf(" of %d, where it was stopped", w.Of)
	}
	out := []string{"", fmt.Sprintf("%d ads%s: %.1f s from import to linked, %.0f ads/s; memory %d MB at most (%d before the first ad), %d MB of objects; link state on disk %d MB%s",
		w.Ads, of, w.Seconds, float64(w.Ads)/w.Seconds, w.PeakBytes/mega, w.StartBytes/mega, w.HeapBytes/mega, w.DiskBytes/mega, recordDisk(record, w.RecordBytes)),
		fmt.Sprintf("%-24s %12s %12s %14s", "stage", "cpu µs/ad", "passed µs/ad", "ads/s of a core")}
	whole := 0.0
	for _, s := range w.Stages {
		name := s.Name
		if s.PartOf == "" {
			whole += s.CPUMicros
		} else {
			name = "  of it " + name
		}
		out = append(out, fmt.Sprintf("%-24s %12.1f %12.1f %14.0f", name, s.CPUMicros, s.BusyMicros, 1e6/s.CPUMicros))
	}
	program := 1e6 * w.ProcessorSeconds / float64(w.Ads)
	out = append(out, fmt.Sprintf("%-24s %12.1f", "on other threads", program-whole), fmt.Sprintf("%-24s %12.1f", "whole program", program),
		fmt.Sprintf("%-24s %12s %12.1f", "making, not counted", "", 1e6*w.MakeSeconds/float64(w.Ads)),
		fmt.Sprintf("%12s %9s %11s %11s %13s %9s %9s", "up to ads", "ads/s", "program cpu", "link cpu", "link passed", "RSS MB", "disk MB"))
	for _, one := range w.Windows {
		out = append(out, fmt.Sprintf("%12d %9.0f %11.1f %11.1f %13.1f %9d %9d", one.To, float64(one.To-one.From)/one.Seconds, one.CPUMicros, one.Link.CPUMicros,
			one.Link.BusyMicros, one.RSSBytes/mega, one.DiskBytes/mega))
	}
	return out
}

func recordDisk(record bool, n int64) string {
	if !record {
		return ""
	}
	return fmt.Sprintf(", record %d MB", n/mega)
}

// panels are the curves of the largest world by its windows, and of all worlds by their whole.
func (r *benchReport) panels() []eval.Panel {
	w := r.Worlds[len(r.Worlds)-1]
	line := func(name string, of func(benchWindow) float64) (l eval.Line) {
		l.Name = name
		for _, one := range w.Windows {
			l.Points = append(l.Points, [2]float64{float64(one.From+one.To) / 2, of(one)})
		}
		return l
	}
	cost := eval.Panel{X: "ads known", Y: "µs an ad", Lines: []eval.Line{line("whole program, processor time", func(o benchWindow) float64 { return o.CPUMicros }),
		line("detect, processor time", func(o benchWindow) float64 { return o.Detect.CPUMicros }),
		line("link, processor time", func(o benchWindow) float64 { return o.Link.CPUMicros }), line("link, time that passed", func(o benchWindow) float64 { return o.Link.BusyMicros })}}
	speed := eval.Panel{X: "ads known", Y: "ads a second", Lines: []eval.Line{line("import to linked", func(o benchWindow) float64 { return float64(o.To-o.From) / o.Seconds }),
		line("detect, of one core", func(o benchWindow) float64 { return 1e6 / o.Detect.CPUMicros }), line("link, of one core", func(o benchWindow) float64 { return 1e6 / o.Link.CPUMicros })}}
	if r.Record {
		cost.Lines = append(cost.Lines, line("record, time that passed", func(o benchWindow) float64 { return o.Record.BusyMicros }))
	}
	for _, g := range r.Growths {
		if g.By == byWindows && g.What == benchCosts[0].what {
			fit := eval.Line{Name: fmt.Sprintf("link, fitted and drawn on: %.3g · n^%.4f", g.Factor, g.Exponent)}
			for _, n := range []float64{benchFirstWindow, benchLarge} {
				fit.Points = append(fit.Points, [2]float64{n, g.At(n)})
			}
			cost.Lines = append(cost.Lines, fit)
		}
	}
	ends := func(name string, of func(benchWindow) float64) (l eval.Line) {
		l.Name = name
		for _, one := range w.Windows {
			l.Points = append(l.Points, [2]float64{float64(one.To), of(one) / mega})
		}
		return l
	}
	space := eval.Panel{X: "ads known", Y: "MB", Lines: []eval.Line{ends("memory (resident)", func(o benchWindow) float64 { return float64(o.RSSBytes) }),
		ends("objects", func(o benchWindow) float64 { return float64(o.HeapBytes) }), ends("link state on disk", func(o benchWindow) float64 { return float64(o.DiskBytes) })}}
	whole := eval.Panel{X: "ads of the world", Y: "seconds", Lines: []eval.Line{{Name: "import to linked"}}}
	for _, one := range r.Worlds {
		whole.Lines[0].Points = append(whole.Lines[0].Points, [2]float64{float64(one.Ads), one.Seconds})
	}
	return []eval.Panel{cost, speed, space, whole}
}
