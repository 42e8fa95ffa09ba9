package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"varde/configs"
	"varde/detectors"
	"varde/internal/ad"
	"varde/internal/config"
	"varde/internal/eval"
	"varde/internal/fault"
	"varde/internal/indicator"
)

// labelledEval measures what the detectors read in a CSV of labelled job ads.
type labelledEval struct {
	app                  *app
	file, mapping        string
	label, group, detail string
	// rate is the share of positive ads in life.
	rate float64
}

// emscadRate is the share of fraudulent ads in the whole of EMSCAD: 866 of 17,880 (Vidros et al. 2017, 10.3390/fi9010006).
const emscadRate = 0.048

func (l *labelledEval) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&l.file, "labelled", "", "job ads with labels, a CSV `file`, plain or packed")
	f.StringVar(&l.mapping, "mapping", "", "which CSV column is which field: the `name` of a mapping that comes with Varde, or a file")
	f.StringVar(&l.label, "label", "label", "the `column` that holds 1 or 0")
	f.StringVar(&l.group, "group", "", "the `column` that names near copies; without it each ad stands alone")
	f.Float64Var(&l.rate, "rate", emscadRate, "the `share` of positive ads in life, for precision")
	f.StringVar(&l.detail, "each", "", "write score and codes of each ad of the development half to a `file`, JSON Lines")
}

// labelledResult is what eval --labelled prints.
type labelledResult struct {
	Ads      int                           `json:"ads"`
	Rejected int                           `json:"rejected"`
	Rate     float64                       `json:"rate"`
	All      eval.Separation               `json:"all"`
	Halves   map[eval.Half]eval.Separation `json:"halves"`
}

// labelledAd is a line of --each.
type labelledAd struct {
	Ad       ad.Key   `json:"ad"`
	Group    string   `json:"group"`
	Positive bool     `json:"positive"`
	Score    float64  `json:"score"`
	Codes    []string `json:"codes"`
	// Quotes are what the codes rest on, as "code: words".
	Quotes []string `json:"quotes"`
	Title  string   `json:"title"`
}

func (l *labelledEval) run(ctx context.Context) error {
	if l.rate <= 0 || l.rate >= 1 {
		return fmt.Errorf("%w: --rate lies between 0 and 1", fault.ErrUsage)
	}
	each, rejected, err := l.read(ctx)
	if err != nil {
		return err
	}
	if rejected > 0 {
		l.app.warn("%d rows could not be read and were left out", rejected)
	}
	if l.detail != "" {
		if err := l.tell(each); err != nil {
			return fmt.Errorf("write %s: %w", l.detail, err)
		}
	}
	halves := map[eval.Half][]eval.Labelled{}
	var all []eval.Labelled
	for _, a := range each {
		one := eval.Labelled{Group: a.Group, Positive: a.Positive, Score: a.Score, Codes: a.Codes}
		halves[eval.HalfOf(a.Group)] = append(halves[eval.HalfOf(a.Group)], one)
		all = append(all, one)
	}
	res := labelledResult{Ads: len(all), Rejected: rejected, Rate: l.rate, All: eval.Separate(all, l.rate), Halves: map[eval.Half]eval.Separation{}}
	for _, h := range eval.Halves {
		res.Halves[h] = eval.Separate(halves[h], l.rate)
	}
	return l.app.result(res, res.lines()...)
}

// read reads the file's ads with the detectors.
func (l *labelledEval) read(ctx context.Context) (each []labelledAd, rejected int, err error) {
	catalogue, err := loadCatalogue()
	if err != nil {
		return nil, 0, err
	}
	d, err := detectors.New(detectors.Config{Catalogue: catalogue, Files: configs.FS, Region: "NO"})
	if err != nil {
		return nil, 0, fmt.Errorf("make the detectors ready: %w", err)
	}
	mapping, err := l.theMapping()
	if err != nil {
		return nil, 0, err
	}
	r, err := ad.Open(l.file)
	if err != nil {
		return nil, 0, fmt.Errorf("read the labelled ads: %w", err)
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	csv, err := ad.NewCSV(r)
	if err != nil {
		return nil, 0, fmt.Errorf("%s: %w", l.file, err)
	}
	csv.Keep = []string{l.label}
	if l.group != "" {
		csv.Keep = append(csv.Keep, l.group)
	}
	for row, err := range csv.Read(mapping, time.Now()) {
		if err != nil {
			return nil, 0, fmt.Errorf("%s: %w", l.file, err)
		}
		if row.Err != nil || row.Kept[0] != "0" && row.Kept[0] != "1" {
			rejected++
			continue
		}
		f, err := d.Find(ctx, &row.Sighting)
		if err != nil {
			return nil, 0, err
		}
		one := labelled(catalogue, f)
		one.Positive, one.Group = row.Kept[0] == "1", string(one.Ad)
		if l.group != "" {
			one.Group = row.Kept[1]
		}
		each = append(each, one)
	}
	return each, rejected, nil
}

// theMapping is the mapping by name, or that of a file.
func (l *labelledEval) theMapping() (*ad.Mapping, error) {
	known, err := config.Mappings(configs.FS)
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(known, func(m *ad.Mapping) bool { return m.Name == l.mapping }); i >= 0 {
		return known[i], nil
	}
	if l.mapping == "" || filepath.Ext(l.mapping) == "" {
		return nil, fmt.Errorf("%w: name a mapping with --mapping: emscad, emscad_dev, or a file, not %q", fault.ErrUsage, l.mapping)
	}
	m, err := config.LoadMapping(l.mapping)
	if err != nil {
		return nil, fmt.Errorf("the mapping is not valid:\n%w", err)
	}
	return m, nil
}

func labelled(catalogue *indicator.Catalogue, f ad.Finding) labelledAd {
	one := labelledAd{Ad: f.Sighting.Key(), Title: f.Sighting.Title, Score: catalogue.Family(f.Indicators, "J", "X")}
	for _, in := range f.Indicators {
		one.Codes = append(one.Codes, in.Code)
		for _, e := range in.Evidence {
			one.Quotes = append(one.Quotes, in.Code+": "+e.Quote)
		}
	}
	slices.Sort(one.Codes)
	one.Codes = slices.Compact(one.Codes)
	return one
}

// tell writes the ads of the development half; those of the test half are measured and never looked at.
func (l *labelledEval) tell(each []labelledAd) error {
	w, err := ad.Create(l.detail)
	if err != nil {
		return err
	}
	for _, a := range each {
		if err == nil && eval.HalfOf(a.Group) == eval.Development {
			err = ad.WriteLine(w, a)
		}
	}
	return errors.Join(err, w.Close())
}

func (r labelledResult) lines() []string {
	out := []string{fmt.Sprintf("%d ads; precision where %.1f %% of all ads are positive", r.Ads, 100*r.Rate), "",
		fmt.Sprintf("%-12s %5s %5s %7s %9s %7s %11s %10s %10s", "half", "ads", "pos.", "groups", "av.prec.", "AUC", "recall 1 %", "precision", "one/group")}
	line := func(name string, s eval.Separation) {
		out = append(out, fmt.Sprintf("%-12s %5d %5d %7d %9.4f %7.4f %11.4f %10.4f %10.4f", name, s.Ads, s.Positives, s.Groups, s.AveragePrecision, s.AUC, s.Recall, s.Precision,
			s.Once.AveragePrecision))
	}
	for _, h := range eval.Halves {
		line(string(h), r.Halves[h])
	}
	line("both", r.All)
	out = append(out, "", "ads that show a code, positive/negative", fmt.Sprintf("%-6s %14s %14s", "code", eval.Development, eval.Test))
	for _, c := range r.All.Codes {
		text := fmt.Sprintf("%-6s", c.Code)
		for _, h := range eval.Halves {
			n := eval.CodeCount{}
			if i := slices.IndexFunc(r.Halves[h].Codes, func(o eval.CodeCount) bool { return o.Code == c.Code }); i >= 0 {
				n = r.Halves[h].Codes[i]
			}
			text += fmt.Sprintf(" %14s", fmt.Sprintf("%d/%d", n.Positive, n.Negative))
		}
		out = append(out, strings.TrimRight(text, " "))
	}
	return out
}
