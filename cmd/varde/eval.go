package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"varde/internal/fault"
)

func newEval(a *app) *cobra.Command {
	gold := goldEval{app: a}
	l := labelledEval{app: a}
	cmd := &cobra.Command{
		Use:   "eval --gold FILE | --simulated ADS | --labelled FILE",
		Short: "Measure linking and scoring against labelled ads",
		Long: `Measure linking and scoring against labelled ads: pairwise and B-cubed precision, recall and F1 for linking, average precision
and ROC AUC for scoring, as a whole and of each detector and code alone; for each band the share of its networks that are mostly of
exploitative ads, with a 95 % interval; and the bands by kind of controller and by group (site, category, language, place, phone
prefix), with the share of ads that should not stand out and do. Linking is told by kind of controller too: how many controllers were split
over several networks and how many share one with another.

The gold file is JSON Lines: {"ad":"site/ad_id","controller":"c12","kind":"ring","exploitative":true}. varde demo writes that of its
simulated world to truth.jsonl in its data folder. With --simulated a world is made, read and linked in memory, and measured the same way; of each
network with several controllers it is then checked whether these share anything but a hub (a hotel's phone, a stock picture).

With --labelled the ads of a CSV are read by the detectors one by one, without record or network, and the points of the job and scam
indicators are measured against a column of labels, 1 or 0. Ads of one --group stay together in one of two halves: development, which
may be looked at when patterns and points are chosen, and test. Nothing is written.`,
		Example: "  varde eval --gold truth.jsonl\n  varde eval --simulated 3000 --seed 7 --svg curves.svg\n  varde eval --labelled emscad_dev.csv.gz --mapping emscad_dev --label fraudulent --group cluster",
		Args:    usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch {
			case gold.ads < 1 && cmd.Flags().Changed("simulated"):
				return fmt.Errorf("%w: --simulated is a number of ads above 0, not %d", fault.ErrUsage, gold.ads)
			case !one(gold.file != "", l.file != "", gold.ads > 0):
				return fmt.Errorf("%w: name the labelled ads with one of --gold FILE, --labelled FILE and --simulated ADS", fault.ErrUsage)
			case gold.ads > 0:
				return gold.simulate(cmd.Context())
			case l.file != "":
				return l.run(cmd.Context())
			}
			return gold.run(cmd.Context())
		},
	}
	cmd.Flags().StringVar(&gold.file, "gold", "", "the labelled ads, a JSON Lines `file`")
	cmd.Flags().IntVar(&gold.ads, "simulated", 0, "measure a simulated world of so many `ads`, made in memory")
	cmd.Flags().Int64Var(&gold.seed, "seed", 1, "the `number` that decides the simulated world")
	cmd.Flags().BoolVar(&gold.imitate, "imitate-pictures", false, "with --simulated, make the hashes of pictures up instead of drawing them: ten times as fast")
	cmd.Flags().StringVar(&gold.svg, "svg", "", "with --gold or --simulated, draw precision-recall and ROC curves into a `file`")
	l.flags(cmd)
	cmd.AddCommand(newEvalPictures(a))
	return cmd
}

// one says whether exactly one is true.
func one(list ...bool) bool {
	n := 0
	for _, yes := range list {
		if yes {
			n++
		}
	}
	return n == 1
}
