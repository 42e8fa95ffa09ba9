package console

import (
	"context"
	"errors"

	"varde/internal/ad"
	"varde/internal/fault"
	"varde/internal/indicator"
)

// leastHeld is how far points and score must lie apart to be told; less is rounding.
const leastHeld = 0.005

// catalogueOf returns the catalogue that made a score, nil where the record no longer knows that version.
func (s *Server) catalogueOf(ctx context.Context, version string) (*indicator.Catalogue, error) {
	if known, ok := s.made.Load(version); ok {
		return known.(*indicator.Catalogue), nil
	}
	v, err := s.scores.Version(ctx, version)
	if errors.Is(err, fault.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	c, err := v.Catalogue()
	if err == nil {
		s.made.Store(version, c)
	}
	return c, err
}

// scored is a score with what made it, as a page shows it.
type scored struct {
	score   float64
	version string
	class   ad.Class
	found   []ad.Indicator
	// network says that it is a network's and not an ad's: the rule for more than low differs.
	network bool
}

// explain tells of each reason when the cap of its family made its points smaller, and returns why the score is lower than the points
// together, "" where it is not.
func (s *Server) explain(ctx context.Context, l *locale, of scored, reasons []reason) (held string, err error) {
	c, err := s.catalogueOf(ctx, of.version)
	if err != nil || c == nil {
		return "", err
	}
	total, full := 0.0, map[string]float64{}
	for _, in := range of.found {
		if worth, _ := c.Points(in.Code); c.Tunable(in.Code) && in.Counts() {
			total += in.Points
			full[in.Code] = worth * in.Confidence
		}
	}
	for i := range reasons {
		r := &reasons[i]
		if before := full[r.Code]; before-r.points > leastHeld {
			e, _ := c.Entry(r.Code)
			r.Capped = l.say("reason.capped", "points", l.decimal(before), "cap", l.decimal(c.Cap(e.Family)))
		}
	}
	if min(total/100, 1)-of.score <= leastHeld {
		return "", nil
	}
	key := "held.ad"
	switch {
	case of.class == ad.Spam:
		key = "held.spam"
	case of.network:
		key = "held.network"
	}
	codes, families := c.Rule()
	return l.say(key, "sum", l.decimal(total), "score", l.decimal(of.score), "codes", l.number(codes), "families", l.number(families)), nil
}
