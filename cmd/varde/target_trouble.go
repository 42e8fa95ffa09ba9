package main

import (
	"context"
	"strings"
	"time"

	"varde/internal/frontier"
	"varde/internal/store"
	"varde/internal/target"
)

// recently is for how long a barrier that was met counts as trouble.
const recently = 7 * 24 * time.Hour

// barriers say of each barrier what the site does.
var barriers = map[frontier.Outcome]string{
	frontier.LogIn:    "the site asks for a log-in",
	frontier.Captcha:  "the site asks for a CAPTCHA",
	frontier.Cookies:  "the site asks for consent to cookies",
	frontier.BotBlock: "the site shuts programs out",
}

// coverageOf is how often the fields of a target's pages were there, under the latest version that has read any: a draft has read nothing yet.
func coverageOf(ctx context.Context, s *store.Store, st *target.Standing) (fields []frontier.Coverage, err error) {
	for v := st.Version; v > 0 && len(fields) == 0; v-- {
		if fields, err = s.Coverages(ctx, st.ID, v); err != nil {
			return nil, err
		}
	}
	return fields, nil
}

// trouble is what somebody should look at: fields that have fallen, barriers of the last days, and a site that is left alone.
func trouble(fields []frontier.Coverage, tallies []frontier.Tally, size frontier.Size, now time.Time) []string {
	var all, fallen []string
	for _, c := range fields {
		if c.Fallen() {
			fallen = append(fallen, c.Field)
		}
	}
	if len(fallen) > 0 {
		all = append(all, "the latest pages lack "+strings.Join(fallen, ", "))
	}
	for _, t := range tallies {
		if text := barriers[t.Outcome]; text != "" && now.Sub(t.Last) < recently {
			all = append(all, text+" (last "+stamp(t.Last)+")")
		}
	}
	if size.LeftUntil.After(now) {
		all = append(all, "the site is left alone until "+stamp(size.LeftUntil))
	}
	return all
}

// troubleOf reads what trouble needs for the list of all targets.
func troubleOf(ctx context.Context, s *store.Store, st *target.Standing, size frontier.Size, now time.Time) ([]string, error) {
	tallies, err := s.Tallies(ctx, st.ID)
	if err != nil {
		return nil, err
	}
	fields, err := coverageOf(ctx, s, st)
	if err != nil {
		return nil, err
	}
	return trouble(fields, tallies, size, now), nil
}
