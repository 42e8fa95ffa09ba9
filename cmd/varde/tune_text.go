package main

import (
	"fmt"

	"varde/internal/review"
	"varde/internal/tune"
)

// reportText is what tuning found, for people.
func reportText(r *tune.Report) []string {
	text := []string{fmt.Sprintf("%d networks were decided on by %d people: %d became leads, %d were dismissed; %d are watched and settle nothing.", r.Reviews, r.Authors,
		r.Leads, r.Reviews-r.Leads, r.Watched)}
	for _, w := range r.Warnings {
		text = append(text, "WARNING: "+warningText(r, w))
	}
	if len(r.Codes) > 0 {
		text = append(text, "", fmt.Sprintf("%-6s %7s %7s %9s %9s", "code", "shown", "leads", "points", "fitted"))
	}
	for _, c := range r.Codes {
		line := fmt.Sprintf("%-6s %7d %7d %9.1f %9.1f", c.Code, c.Seen, c.Leads, c.Old, c.New)
		switch {
		case c.Few:
			line += "  too few show it: unchanged"
		case c.New > c.Old:
			line += "  up"
		case c.New < c.Old:
			line += "  down"
		}
		text = append(text, line)
	}
	if h := r.HeldOut; h != nil {
		text = append(text, "", fmt.Sprintf("on decisions that the points were not fitted on (%d parts, networks kept whole, 95 %% intervals):", h.Folds),
			fmt.Sprintf("%-18s %-24s %-24s %s", "", "in force", "fitted", "better by"))
		row := func(name string, a, b, d tune.Estimate) string {
			return fmt.Sprintf("%-18s %-24s %-24s %s", name, estimateText(a), estimateText(b), estimateText(d))
		}
		text = append(text, row("AUC", h.Before.AUC, h.After.AUC, h.Better.AUC),
			row("average precision", h.Before.AveragePrecision, h.After.AveragePrecision, h.Better.AveragePrecision),
			row("log loss", h.Before.LogLoss, h.After.LogLoss, h.Better.LogLoss),
			"expected share of leads against the true one, from few points to many: in force "+binText(h.Before.Calibration)+"; fitted "+binText(h.After.Calibration))
	}
	return append(text, shiftText(r.Shifts)...)
}

func estimateText(e tune.Estimate) string {
	return fmt.Sprintf("%.3f (%.3f to %.3f)", e.Value, e.From, e.To)
}

func binText(bins []tune.Bin) (text string) {
	for i, b := range bins {
		if i > 0 {
			text += ", "
		}
		text += fmt.Sprintf("%.0f/%.0f %%", 100*b.Expected, 100*b.Share)
	}
	return text
}

func shiftText(shifts []tune.Shift) (text []string) {
	for i, s := range shifts {
		if i == 0 {
			text = append(text, "", "what the fitted points would change now, by site and category (networks that come into a higher or a lower band; scores may move within one):",
				fmt.Sprintf("  %-34s %9s %11s %10s %16s", "", "networks", "higher band", "lower band", "above low"))
		}
		name := s.By
		if s.Name != "" {
			name += " " + printable(s.Name)
		}
		text = append(text, fmt.Sprintf("  %-34s %9d %11d %10d %7d -> %5d", name, s.Networks, s.Up, s.Down, s.Before, s.After))
	}
	return text
}

// warningText says in a sentence why a proposal should be taken with care.
func warningText(r *tune.Report, w tune.Warning) string {
	switch w {
	case tune.Few:
		return fmt.Sprintf("%d decisions are few. What they say may be chance.", r.Reviews)
	case tune.OneSided:
		return fmt.Sprintf("there are %d leads and %d dismissals. Points cannot tell apart what hardly occurs.", r.Leads, r.Reviews-r.Leads)
	case tune.OneAuthor:
		return fmt.Sprintf("%d of %d decisions are one person's. The points would learn that person's habits.", r.MostByOne, r.Reviews)
	case tune.Unmeasured:
		return "there are too few decisions of either kind to hold some out. How well the points separate is not known."
	case tune.Unproven:
		return "on held-out decisions the fitted points are not surely better than those in force."
	case tune.Worse:
		return "on held-out decisions the fitted points do worse than those in force."
	}
	return string(w)
}

// meaningText says what the bands have meant.
func meaningText(all []review.Meaning) []string {
	text := []string{"what the bands have meant: of the reviewed networks of the band, so many became leads"}
	for _, m := range all {
		if !m.Known() {
			text = append(text, fmt.Sprintf("  %-9s not known yet: none reviewed", m.Band))
			continue
		}
		text = append(text, fmt.Sprintf("  %-9s %d of %d (%.0f %%; 95 %% interval %.0f to %.0f %%)", m.Band, m.Leads, m.Settled, 100*m.Share, 100*m.From, 100*m.To))
	}
	return text
}
