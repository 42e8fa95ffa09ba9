package console

import (
	"context"
	"strings"
	"time"

	"varde/internal/frontier"
	"varde/internal/target"
)

const (
	// barrierLately is for how long a barrier that was met counts as one that stands.
	barrierLately = 7 * 24 * time.Hour
	// enoughTries is from how many tries on what came of them says something of the site, and goodPart the part of them, one in so many,
	// below which somebody has to look. Both are choices: few enough that a new target is caught on its first day.
	enoughTries = 10
	goodPart    = 5
	// adsWithin is how long a target may be crawled without an ad before somebody has to look.
	adsWithin = 24 * time.Hour
)

// crawled is what came of crawling one target so far.
type crawled struct {
	size      frontier.Size
	tallies   []frontier.Tally
	coverages []frontier.Coverage
}

// crawled asks the record. Its coverages are those of the latest version that pages were read by: a draft has none.
func (s *Server) crawled(ctx context.Context, st target.Standing) (c crawled, err error) {
	if c.size, err = s.crawl.FrontierSize(ctx, st.ID, s.cfg.Now()); err != nil {
		return c, err
	}
	if c.tallies, err = s.crawl.Tallies(ctx, st.ID); err != nil {
		return c, err
	}
	for v := st.Version; v > 0 && v > st.Version-coverageVersions && len(c.coverages) == 0; v-- {
		if c.coverages, err = s.crawl.Coverages(ctx, st.ID, v); err != nil {
			return c, err
		}
	}
	return c, nil
}

// coverageVersions is how many versions back fields are looked for: few drafts lie between two versions that read pages.
const coverageVersions = 8

// unasked says whether an outcome is one for which no request left: our own rules said no before, so that nothing was tried.
func unasked(o frontier.Outcome) bool {
	switch o {
	case frontier.NotAuthorised, frontier.RobotsForbid, frontier.Outside, frontier.TooMany, frontier.Endless:
		return true
	}
	return false
}

func (c *crawled) tries() (n int) {
	for _, t := range c.tallies {
		if !unasked(t.Outcome) {
			n += t.N
		}
	}
	return n
}

func (c *crawled) good() (n int) {
	for _, t := range c.tallies {
		if t.Outcome.Good() {
			n += t.N
		}
	}
	return n
}

func (c *crawled) count(o frontier.Outcome) (n int) {
	for _, t := range c.tallies {
		if t.Outcome == o {
			n += t.N
		}
	}
	return n
}

// fallen are the fields that pages used to have and that the latest ones lack.
func (c *crawled) fallen() (all []frontier.Coverage) {
	for _, f := range c.coverages {
		if f.Fallen() {
			all = append(all, f)
		}
	}
	return all
}

// barriers are those that stand: met lately, or with nothing read since.
func (c *crawled) barriers(now time.Time) (all []frontier.Tally) {
	var read time.Time
	for _, t := range c.tallies {
		if t.Outcome.Good() && t.Last.After(read) {
			read = t.Last
		}
	}
	for _, t := range c.tallies {
		if t.Outcome.Barrier() && (now.Sub(t.Last) < barrierLately || !t.Last.Before(read)) {
			all = append(all, t)
		}
	}
	return all
}

// blocked says whether a barrier is the last that was met: nothing was read since.
func (c *crawled) blocked(now time.Time) (frontier.Tally, bool) {
	var read time.Time
	for _, t := range c.tallies {
		if t.Outcome.Good() && t.Last.After(read) {
			read = t.Last
		}
	}
	for _, b := range c.barriers(now) {
		if b.Last.After(read) {
			return b, true
		}
	}
	return frontier.Tally{}, false
}

// failing says whether nearly every try fails, and what comes of most of those that do.
func (c *crawled) failing() (most frontier.Tally, failing bool) {
	n := c.tries()
	if n < enoughTries || c.good()*goodPart >= n {
		return most, false
	}
	for _, t := range c.tallies {
		if !unasked(t.Outcome) && !t.Outcome.Good() && t.N > most.N {
			most = t
		}
	}
	return most, true
}

// adless says whether a target has been crawled for long enough to have given an ad, and never gave one.
func (c *crawled) adless(st target.Standing, now time.Time) bool {
	if c.count(frontier.AdRead) > 0 || !readable(st) {
		return false
	}
	if c.tries() >= enoughTries {
		return true
	}
	if st.State != target.Active {
		return false
	}
	began := st.Changed // an active target changed last when it was started
	if from := st.Spec.From(); from.After(began) {
		began = from
	}
	return now.Sub(st.Spec.Opens(began)) > adsWithin
}

// resting says until when the site of a target that is crawled is left alone; false where it is not.
func (c *crawled) resting(st target.Standing, now time.Time) (time.Time, bool) {
	return c.size.LeftUntil, st.State == target.Active && c.size.LeftUntil.After(now)
}

// trouble is a sentence, and what it means for somebody's work.
type trouble struct{ Text, Means string }

// troubles say what nobody hoped for of a target that can be crawled.
func (s *Server) troubles(l *locale, st target.Standing, c crawled) (all []trouble) {
	if st.State != target.Active && st.State != target.Paused {
		return nil
	}
	if most, failing := c.failing(); failing {
		what := short(l.named("outcome.", string(most.Outcome)), 60)
		all = append(all, trouble{Text: l.say("target.failing", "share", l.share(c.good(), c.tries()), "n", c.tries(), "what", what)})
	}
	if c.adless(st, s.cfg.Now()) {
		all = append(all, trouble{l.say("target.adless"), l.say("target.adless_means")})
	}
	return all
}

// rowWarnings are those of one line of the list.
func (s *Server) rowWarnings(l *locale, st target.Standing, c crawled) (all []string) {
	var fallen []string
	for _, f := range c.fallen() {
		fallen = append(fallen, short(l.named("field.", f.Field), 60))
	}
	if len(fallen) > 0 {
		all = append(all, l.say("target.fallen_short", "fields", strings.Join(fallen, ", ")))
	}
	for _, b := range c.barriers(s.cfg.Now()) {
		all = append(all, l.named("outcome.", string(b.Outcome)))
	}
	for _, t := range s.troubles(l, st, c) {
		all = append(all, t.Text)
	}
	return all
}
