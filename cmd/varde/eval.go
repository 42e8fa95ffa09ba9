package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"varde/internal/ad"
	"varde/internal/eval"
	"varde/internal/fault"
)

func newEval(a *app) *cobra.Command {
	var gold string
	l := labelledEval{app: a}
	cmd := &cobra.Command{
		Use:   "eval --gold FILE | --labelled FILE",
		Short: "Measure linking and scoring against labelled ads",
		Long: `Measure linking and scoring against labelled ads: pairwise and B-cubed precision, recall and F1 for linking, average precision
and ROC AUC for scoring, and the bands by kind of controller.

The gold file is JSON Lines: {"ad":"site/ad_id","controller":"c12","kind":"ring","exploitative":true}. varde demo writes that of its
simulated world to truth.jsonl in its data folder.

With --labelled the ads of a CSV are read by the detectors one by one, without record or network, and the points of the job and scam
indicators are measured against a column of labels, 1 or 0. Ads of one --group stay together in one of two halves: development, which
may be looked at when patterns and points are chosen, and test. Nothing is written.`,
		Example: "  varde eval --gold truth.jsonl\n  varde eval --labelled emscad_dev.csv.gz --mapping emscad_dev --label fraudulent --group cluster",
		Args:    usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch {
			case (gold == "") == (l.file == ""):
				return fmt.Errorf("%w: name the labelled ads with either --gold FILE or --labelled FILE", fault.ErrUsage)
			case l.file != "":
				return l.run(cmd.Context())
			}
			return evaluate(cmd.Context(), a, gold)
		},
	}
	cmd.Flags().StringVar(&gold, "gold", "", "the labelled ads, a JSON Lines `file`")
	l.flags(cmd)
	return cmd
}

// evaluation is what eval prints.
type evaluation struct {
	// Labelled ads of the gold file; Missing are those that the record does not have.
	Labelled int                        `json:"labelled"`
	Missing  int                        `json:"missing"`
	Pairwise eval.Quality               `json:"pairwise"`
	BCubed   eval.Quality               `json:"b_cubed"`
	Scoring  eval.Ranking               `json:"scoring"`
	Bands    map[string]map[ad.Band]int `json:"bands_by_kind"`
}

func evaluate(ctx context.Context, a *app, path string) (err error) {
	r, err := ad.Open(path)
	if err != nil {
		return fmt.Errorf("read the gold file: %w", err)
	}
	gold, err := eval.ReadGold(path, r)
	if err = errors.Join(err, r.Close()); err != nil {
		return err
	}
	s, err := a.openStore(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	labels := map[ad.Key]eval.Gold{}
	for _, g := range gold {
		labels[g.Ad] = g
	}
	res := evaluation{Labelled: len(gold), Bands: map[string]map[ad.Band]int{}}
	var linked []eval.Linked
	var scored []eval.Scored
	for one, err := range s.Ads(ctx, "") {
		if err != nil {
			return err
		}
		g, ok := labels[one.Key]
		if !ok {
			continue
		}
		linked = append(linked, eval.Linked{Controller: g.Controller, Network: one.Network})
		scored = append(scored, eval.Scored{Score: one.Score, Positive: g.Exploitative})
		if res.Bands[g.Kind] == nil {
			res.Bands[g.Kind] = map[ad.Band]int{}
		}
		res.Bands[g.Kind][one.Band]++
	}
	if len(linked) == 0 {
		return fmt.Errorf("none of the %d labelled ads is in %s; import or crawl them first", len(gold), a.data)
	}
	res.Missing = len(gold) - len(linked)
	res.Pairwise, res.BCubed, res.Scoring = eval.Pairwise(linked), eval.BCubed(linked), eval.Rank(scored)
	if res.Missing > 0 {
		a.warn("%d labelled ads are not in the record and were left out", res.Missing)
	}
	return a.result(res, res.lines()...)
}

func (e evaluation) lines() []string {
	quality := func(name string, q eval.Quality) string {
		return fmt.Sprintf("%-22s precision %.4f  recall %.4f  F1 %.4f", name, q.Precision, q.Recall, q.F1)
	}
	out := []string{fmt.Sprintf("%d labelled ads, %d of them measured", e.Labelled, e.Labelled-e.Missing), quality("linking, pairwise", e.Pairwise),
		quality("linking, B-cubed", e.BCubed), fmt.Sprintf("%-22s average precision %.4f  AUC %.4f  (%d exploitative, %d not)", "scoring",
			e.Scoring.AveragePrecision, e.Scoring.AUC, e.Scoring.Positives, e.Scoring.Negatives), "", fmt.Sprintf("%-22s %8s %8s %8s", "kind of controller", "high", "elevated", "low")}
	for _, kind := range slices.Sorted(maps.Keys(e.Bands)) {
		b := e.Bands[kind]
		out = append(out, fmt.Sprintf("%-22s %8d %8d %8d", strings.ReplaceAll(kind, "_", " "), b[ad.High], b[ad.Elevated], b[ad.Low]))
	}
	return out
}
