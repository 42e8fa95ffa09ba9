package console

import (
	"context"
	"strings"
	"time"

	"varde/internal/ad"
)

// How much of what became of a network is shown: mostSince beside its decision, shownLineage without opening the list.
const (
	mostSince    = 3
	shownLineage = 10
)

// lineageRow is one event in words, around the link to the other network. A former id leads on to what it is now.
type lineageRow struct {
	Before, Other, Href, After string
	// at is when it happened; regroups says that the network's ads are others since, which a new id alone does not mean.
	at       time.Time
	regroups bool
}

// lineage tells what became of a network, newest first.
func (s *Server) lineage(ctx context.Context, l *locale, id string) ([]lineageRow, error) {
	events, err := s.records.Lineage(ctx, id)
	if err != nil {
		return nil, err
	}
	rows := make([]lineageRow, len(events))
	for i, e := range events {
		rows[i] = l.lineageRow(e)
	}
	return rows, nil
}

func (l *locale) lineageRow(e ad.Lineage) lineageRow {
	key, other := "lineage.from."+string(e.Kind), e.From
	if !e.Into {
		key, other = "lineage.to."+string(e.Kind), e.To
	}
	const gap = "\x00" // ids and dates hold none
	text := l.say(key, "date", l.date(e.At.In(l.zone), true), "n", e.Ads, "other", gap)
	before, after, _ := strings.Cut(text, gap)
	return lineageRow{Before: before, Other: short(other, 40), Href: networkURL(other), After: after, at: e.At, regroups: e.Kind != ad.Renamed}
}

// since sets what was merged or split after the decision that stands.
func (v *verdict) since(rows []lineageRow, decided time.Time) {
	if v.Standing == "" {
		return
	}
	for _, r := range rows {
		switch {
		case !r.regroups || !r.at.After(decided):
		case len(v.Since) < mostSince:
			v.Since = append(v.Since, r)
		default:
			v.MoreSince++
		}
	}
}
