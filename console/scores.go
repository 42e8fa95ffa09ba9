package console

import (
	"context"
	"net/http"
	"time"

	"varde/internal/ad"
	"varde/internal/indicator"
	"varde/internal/weights"
)

// Scores are the versions of what makes scores; *weights.Desk is one.
type Scores interface {
	// Version returns one, or fault.ErrNotFound.
	Version(ctx context.Context, id string) (weights.Version, error)
}

// scoresPage shows one version: the points of its day, so that an old score can be explained.
type scoresPage struct {
	base
	ID      string
	InForce bool
	Facts   []fact
	Codes   []codeRow
	// Elevated and High are the least scores of the bands.
	Elevated, High string
	// Together and Families are how many codes of how many families lift a score above low.
	Together, Families int
	Meanings           []meaningRow
	Reliabilities      []string
}

// codeRow is one code with its points.
type codeRow struct {
	Code, Title, Family, Reliability, Points string
	Strong                                   bool
	// Own says that the points are others than the list of indicators gives.
	Own bool
}

func (s *Server) scoreVersion(w http.ResponseWriter, r *http.Request) error {
	l := s.locale(r)
	v, err := s.scores.Version(r.Context(), r.PathValue("version"))
	if err != nil {
		return err
	}
	c, err := v.Catalogue()
	if err != nil {
		return err
	}
	elevated, high := c.Bands()
	together, families := c.Rule()
	p := scoresPage{base: s.base(r, l.say("scores.title", "version", v.ID), "system"), ID: v.ID, InForce: v.ID == s.catalogue.Version(), Facts: l.versionFacts(v),
		Elevated: l.decimal(elevated), High: l.decimal(high), Together: together, Families: families, Reliabilities: indicator.Reliabilities}
	for _, code := range c.Codes() {
		e, _ := c.Entry(code)
		_, own := v.Points[code]
		p.Codes = append(p.Codes, codeRow{Code: code, Title: inLang(e.Title, l.lang), Family: "family." + e.Family, Reliability: "reliability." + e.Reliability,
			Points: l.decimal(e.Points), Strong: e.Strong, Own: own})
	}
	if p.InForce {
		if p.Meanings, err = s.meanings(r.Context(), l); err != nil {
			return err
		}
	}
	return s.render(w, r, http.StatusOK, "scores", p)
}

func (l *locale) versionFacts(v weights.Version) []fact {
	when := func(key string, t time.Time) fact { m := l.clock(t); return fact{Key: key, When: &m} }
	facts := []fact{{Key: "scores.origin", Values: []string{l.say("scores.origin." + string(v.Origin))}}, when("scores.first", v.At)}
	if v.Origin == weights.Tuned {
		facts = append(facts, fact{Key: "scores.author", Values: []string{short(v.Author, 40)}})
	}
	facts = append(facts, fact{Key: "scores.state", Values: []string{l.say("scores.state." + string(v.State))}})
	if v.Note != "" {
		facts = append(facts, fact{Key: "scores.by", Values: []string{short(v.By, 40)}}, when("scores.decided", v.Decided), fact{Key: "scores.note", Values: []string{short(v.Note, 500)}})
	}
	if v.Base != "" {
		facts = append(facts, fact{Key: "scores.base", Values: []string{v.Base}, Exact: true, Href: scoresURL(v.Base)})
	}
	return facts
}

// decided are the words of the decisions that stand about networks.
func (s *Server) decided(ctx context.Context, networks []ad.Network) (map[string]string, error) {
	decisions, err := s.records.Decisions(ctx, idsOf(networks))
	if err != nil {
		return nil, err
	}
	words := map[string]string{}
	for id, d := range decisions {
		words[id] = "review.decision." + string(d)
	}
	return words, nil
}

func idsOf(networks []ad.Network) []string {
	ids := make([]string, len(networks))
	for i, n := range networks {
		ids[i] = n.ID
	}
	return ids
}
