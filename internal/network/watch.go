package network

import (
	"context"
	"slices"
	"time"

	"varde/internal/ad"
)

// watchCode is the code of ads that show something known from a case or a tip.
const watchCode = "N14"

// Watched is something known from a case or a tip, in the spelling in which ads are read.
type Watched struct {
	Kind      ad.Kind
	Value     string
	Reference string
}

// Watch takes the list of what is known from cases and tips, instead of the one before, and returns what that changes.
func (l *Linker) Watch(ctx context.Context, list []Watched, now time.Time) (ad.Update, error) {
	return l.settle(ctx, l.watch(list), nil, now)
}

// watch takes a list of what is known and returns the ads to which that matters.
func (l *Linker) watch(list []Watched) (dirty map[ad.Key]bool) {
	before := l.watched
	l.watched = make(map[identifier]string, len(list))
	for _, w := range list {
		l.watched[identifier{w.Kind, w.Value}] = w.Reference
	}
	l.keepWatched()
	dirty = map[ad.Key]bool{}
	touch := func(id identifier) {
		if before[id] != l.watched[id] {
			for _, key := range l.adsOf(l.linkOf(id)) {
				dirty[key] = true
			}
		}
	}
	for id := range before {
		touch(id)
	}
	for id := range l.watched {
		touch(id)
	}
	for key := range l.stale {
		dirty[key] = true
	}
	clear(l.stale)
	return dirty
}

// readWatched reads N14: ads that show what is known, also where it links nothing because too many show it.
func (s *survey) readWatched() {
	if len(s.watched) == 0 {
		return
	}
	on := map[identifier][]*card{}
	for _, c := range s.cards {
		for _, id := range c.shows {
			if _, known := s.watched[id]; known {
				on[id] = append(on[id], c)
			}
		}
	}
	ids := make([]identifier, 0, len(on))
	for id := range on {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, compareIdentifiers)
	for _, id := range ids {
		s.add(piece{code: watchCode, via: s.linkOf(id), on: on[id], what: "watched", figure: float64(len(on[id])), basis: s.watched[id]})
	}
}
