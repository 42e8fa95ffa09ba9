package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"varde/configs"
	"varde/detectors"
	"varde/internal/ad"
	"varde/internal/eval"
	"varde/internal/indicator"
	"varde/internal/review"
)

// goldEval measures the record against ads whose controllers are known.
type goldEval struct {
	app  *app
	file string
	// ads and seed say which simulated world is measured instead; ads is 0 for none.
	ads  int
	seed int64
	// imitate makes the hashes of its pictures up instead of drawing them.
	imitate bool
	// svg is where the curves are drawn, "" for nowhere.
	svg string
}

// evaluation is what eval --gold prints.
type evaluation struct {
	// Labelled ads of the gold file; Missing are those that the record does not have.
	Labelled int              `json:"labelled"`
	Missing  int              `json:"missing"`
	Pairwise eval.Quality     `json:"pairwise"`
	BCubed   eval.Quality     `json:"b_cubed"`
	Scoring  eval.Ranking     `json:"scoring"`
	Recall   float64          `json:"recall_at_1_percent"`
	Parts    []eval.Part      `json:"detectors"`
	Codes    []eval.Part      `json:"codes"`
	Groups   []eval.Group     `json:"groups"`
	Bands    map[string]bands `json:"bands_by_kind"`
	// Kinds tell how the ads of each kind of controller were linked, Joins how networks of several controllers hang together.
	Kinds []eval.KindLinking `json:"linking_by_kind"`
	Joins eval.Joins         `json:"networks"`
	// Meanings tell what the networks of each band truly are, the highest first.
	Meanings []bandMeaning `json:"networks_by_band"`

	whole []eval.Scored
	// linked are the measured ads, in the order in which they came.
	linked []eval.Linked
}

type bands = map[ad.Band]int

// bandMeaning is how many networks of a band, of two labelled ads or more, are mostly of ads that are exploitative, with the share and its Wilson
// interval of 95 %; share and interval are 0 where there is no network.
type bandMeaning struct {
	Band         ad.Band `json:"band"`
	Networks     int     `json:"networks"`
	Exploitative int     `json:"exploitative"`
	Share        float64 `json:"share"`
	From         float64 `json:"from"`
	To           float64 `json:"to"`
}

// trueBands tells the bands of networks by the labels of their ads.
func trueBands(labels map[ad.Key]eval.Gold, networks iter.Seq2[ad.Network, error]) ([]bandMeaning, error) {
	at, all := map[ad.Band]int{}, make([]bandMeaning, len(ad.Bands))
	for i, band := range ad.Bands {
		at[band], all[i].Band = i, band
	}
	for n, err := range networks {
		if err != nil {
			return nil, err
		}
		labelled, exploitative := 0, 0
		for _, key := range n.Ads {
			if label, ok := labels[key]; ok {
				labelled++
				if label.Exploitative {
					exploitative++
				}
			}
		}
		if labelled < 2 {
			continue
		}
		m := &all[at[n.Band]]
		m.Networks++
		if 2*exploitative > labelled {
			m.Exploitative++
		}
	}
	for i := range all {
		if m := &all[i]; m.Networks > 0 {
			m.Share = float64(m.Exploitative) / float64(m.Networks)
			m.From, m.To = review.Wilson(m.Exploitative, m.Networks)
		}
	}
	return all, nil
}

func (g *goldEval) run(ctx context.Context) (err error) {
	r, err := ad.Open(g.file)
	if err != nil {
		return fmt.Errorf("read the gold file: %w", err)
	}
	gold, err := eval.ReadGold(g.file, r)
	if err = errors.Join(err, r.Close()); err != nil {
		return err
	}
	s, err := g.app.openStore(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return g.tell(gold, s.Ads(ctx, ""), s.Networks(ctx), nil)
}

// tell measures ads against their labels and prints it. shown tells what the i-th ad truly shows; nil where that is not known.
func (g *goldEval) tell(gold []eval.Gold, ads iter.Seq2[ad.Ad, error], networks iter.Seq2[ad.Network, error], shown func(i int) eval.Shown) error {
	res, err := g.measure(gold, ads, networks)
	if err != nil {
		return err
	}
	res.Joins = eval.HowJoined(res.linked, shown)
	if res.Missing > 0 {
		g.app.warn("%d labelled ads are not in the record and were left out", res.Missing)
	}
	if g.svg != "" {
		if err := g.draw(res); err != nil {
			return err
		}
	}
	return g.app.result(res, res.lines()...)
}

func (g *goldEval) measure(gold []eval.Gold, ads iter.Seq2[ad.Ad, error], networks iter.Seq2[ad.Network, error]) (res evaluation, err error) {
	catalogue, err := loadCatalogue()
	if err != nil {
		return res, err
	}
	partOf, err := detectorsOf(catalogue)
	if err != nil {
		return res, err
	}
	labels := map[ad.Key]eval.Gold{}
	for _, one := range gold {
		labels[one.Ad] = one
	}
	res = evaluation{Labelled: len(gold), Bands: map[string]bands{}}
	var found []eval.Found
	for one, err := range ads {
		if err != nil {
			return res, err
		}
		label, ok := labels[one.Key]
		if !ok {
			continue
		}
		res.linked = append(res.linked, eval.Linked{Controller: label.Controller, Network: one.Network, Kind: label.Kind})
		res.whole = append(res.whole, eval.Scored{Score: one.Score, Positive: label.Exploitative})
		found = append(found, foundIn(catalogue, one, label))
		if res.Bands[label.Kind] == nil {
			res.Bands[label.Kind] = bands{}
		}
		res.Bands[label.Kind][one.Band]++
	}
	if len(res.linked) == 0 {
		return res, fmt.Errorf("none of the %d labelled ads is in %s; import or crawl them first", len(gold), g.app.data)
	}
	if res.Meanings, err = trueBands(labels, networks); err != nil {
		return res, err
	}
	res.Missing = len(gold) - len(res.linked)
	res.Pairwise, res.BCubed, res.Scoring, res.Recall = eval.Pairwise(res.linked), eval.BCubed(res.linked), eval.Rank(res.whole), eval.RecallAt(res.whole, eval.Share)
	res.Kinds = eval.ByKind(res.linked)
	res.Parts, res.Codes, res.Groups = eval.Parts(found, partOf), eval.Parts(found, func(code string) string { return code }), eval.Groups(found)
	return res, nil
}

// detectorsOf says which detector gives a code; what none gives comes from linking.
func detectorsOf(catalogue *indicator.Catalogue) (func(code string) string, error) {
	d, err := detectors.New(detectors.Config{Catalogue: catalogue, Files: configs.FS, Region: "NO"})
	if err != nil {
		return nil, fmt.Errorf("make the detectors ready: %w", err)
	}
	givers := d.Givers()
	return func(code string) string { return cmp.Or(givers[code], "linking") }, nil
}

// foundIn is what was found in one ad, with the groups that it belongs to. The language is told for fairness and scores nothing.
func foundIn(catalogue *indicator.Catalogue, one ad.Ad, label eval.Gold) eval.Found {
	s := &one.Finding.Sighting
	f := eval.Found{Positive: label.Exploitative, Score: one.Score, Band: one.Band, Points: map[string]float64{},
		Groups: map[string]string{"site": s.Site, "category": string(s.Category), "language": one.Finding.Language, "place": one.Finding.Place()}}
	if len(one.Identifiers) > 0 {
		f.Groups["phone"] = prefixGroup(one.Identifiers)
	}
	for _, in := range one.Indicators {
		if points, ok := catalogue.Points(in.Code); ok && points > 0 && in.Points > 0 {
			f.Points[in.Code] = max(f.Points[in.Code], points*in.Confidence)
		}
	}
	for kind, name := range f.Groups {
		if name == "" {
			f.Groups[kind] = "(none)"
		}
	}
	return f
}

// prefixGroup says whether an ad's phones are Norwegian: a foreign prefix must not matter.
func prefixGroup(ids []ad.Identifier) string {
	group := "(none)"
	for _, id := range ids {
		if id.Kind != ad.Phone {
			continue
		}
		if !strings.HasPrefix(id.Value, "+47") {
			return "foreign"
		}
		group = "Norwegian"
	}
	return group
}

// mostDrawn is how many detectors' curves are drawn beside the whole.
const mostDrawn = 7

func (g *goldEval) draw(res evaluation) error {
	series := []eval.Series{{Name: "whole score", Ads: res.whole}}
	for _, p := range res.Parts[:min(len(res.Parts), mostDrawn)] {
		series = append(series, eval.Series{Name: p.Name, Ads: p.Ads})
	}
	w, err := ad.Create(g.svg)
	if err != nil {
		return fmt.Errorf("write the curves: %w", err)
	}
	return errors.Join(eval.WriteSVG(w, "Scoring of ads, and each detector alone", series), w.Close())
}

// leastGroup is the size of a group from which its share is printed: smaller ones jump.
const leastGroup = 20

func (e evaluation) lines() []string {
	quality := func(name string, q eval.Quality) string {
		return fmt.Sprintf("%-22s precision %.4f  recall %.4f  F1 %.4f", name, q.Precision, q.Recall, q.F1)
	}
	out := []string{fmt.Sprintf("%d labelled ads, %d of them measured", e.Labelled, e.Labelled-e.Missing), quality("linking, pairwise", e.Pairwise),
		quality("linking, B-cubed", e.BCubed), fmt.Sprintf("%-22s average precision %.4f  AUC %.4f  recall at 1 %% false positives %.4f  (%d exploitative, %d not)", "scoring",
			e.Scoring.AveragePrecision, e.Scoring.AUC, e.Recall, e.Scoring.Positives, e.Scoring.Negatives), "", fmt.Sprintf("%-22s %8s %8s %8s", "kind of controller", "high", "elevated", "low")}
	for _, kind := range slices.Sorted(maps.Keys(e.Bands)) {
		b := e.Bands[kind]
		out = append(out, fmt.Sprintf("%-22s %8d %8d %8d", strings.ReplaceAll(kind, "_", " "), b[ad.High], b[ad.Elevated], b[ad.Low]))
	}
	out = append(out, e.linkingLines()...)
	out = append(out, "", fmt.Sprintf("%-22s %8s %8s %9s %20s", "networks of the band", "all", "exploit.", "share", "95 % interval"))
	for _, m := range e.Meanings {
		share, interval := "–", "–"
		if m.Networks > 0 {
			share, interval = fmt.Sprintf("%.1f %%", 100*m.Share), fmt.Sprintf("%.1f to %.1f %%", 100*m.From, 100*m.To)
		}
		out = append(out, fmt.Sprintf("%-22s %8d %8d %9s %20s", m.Band, m.Networks, m.Exploitative, share, interval))
	}
	out = append(out, "", fmt.Sprintf("%-22s %8s %8s %9s %8s %8s %8s", "detector alone", "exploit.", "not", "precision", "recall", "av.prec.", "AUC"))
	for _, p := range e.Parts {
		out = append(out, fmt.Sprintf("%-22s %8d %8d %9.4f %8.4f %8.4f %8.4f", p.Name, p.Positive, p.Negative, p.Precision, p.Recall, p.Ranking.AveragePrecision, p.Ranking.AUC))
	}
	out = append(out, "", fmt.Sprintf("%-22s %8s %8s %9s %8s", "code", "exploit.", "not", "precision", "recall"))
	for _, p := range e.Codes {
		out = append(out, fmt.Sprintf("%-22s %8d %8d %9.4f %8.4f", p.Name, p.Positive, p.Negative, p.Precision, p.Recall))
	}
	out = append(out, "", fmt.Sprintf("%-34s %8s %8s %8s %8s %14s", "group", "ads", "high", "elevated", "low", "not, above low"))
	for _, g := range e.Groups {
		share := "–"
		if g.Honest >= leastGroup {
			share = fmt.Sprintf("%.2f %%", 100*g.Wronged)
		}
		out = append(out, fmt.Sprintf("%-34s %8d %8d %8d %8d %14s", g.Kind+" "+printable(g.Name), g.Ads, g.Bands[ad.High], g.Bands[ad.Elevated], g.Bands[ad.Low], share))
	}
	return out
}
