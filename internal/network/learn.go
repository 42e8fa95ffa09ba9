package network

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"varde/internal/ad"
	"varde/internal/neartext"
	"varde/internal/text"
)

// Record is what the state follows from; *store.Store is one.
type Record interface {
	// ID names the record, LastChange is the number of its last change.
	ID(ctx context.Context) (string, error)
	LastChange(ctx context.Context) (int64, error)
	// Changes are up to limit changes after a number.
	Changes(ctx context.Context, after int64, limit int) ([]ad.Change, error)
	// Ads are all ads, EarlierVersions the findings of their versions before the latest; the others are those of some ads.
	Ads(ctx context.Context, after ad.Key) iter.Seq2[ad.Ad, error]
	EarlierVersions(ctx context.Context) iter.Seq2[ad.Finding, error]
	AdsOf(ctx context.Context, keys []ad.Key) ([]ad.Ad, error)
	EarlierVersionsOf(ctx context.Context, keys []ad.Key) iter.Seq2[ad.Finding, error]
}

const (
	// changesAtOnce and adsAtOnce bound what is read at once; loadBatch is after how many ads the memory of a load is given back.
	changesAtOnce = 5000
	adsAtOnce     = 256
	loadBatch     = 2000
)

// Learn brings the state to where the record is: by the ads that changed since, or, where the state is empty or of another record, by all. What
// linking said of them is taken as said. It tells whether all was learnt anew.
func (l *Linker) Learn(ctx context.Context, r Record) (anew bool, err error) {
	id, err := r.ID(ctx)
	if err != nil {
		return false, err
	}
	last, err := r.LastChange(ctx)
	if err != nil {
		return false, err
	}
	if l.record == id && l.change <= last {
		return false, l.catchUp(ctx, r, l.change)
	}
	if l.record != "" {
		if err := l.Empty(); err != nil {
			return true, err
		}
	}
	return true, l.load(ctx, r.Ads(ctx, ""), r.EarlierVersions(ctx))
}

// catchUp takes over what the record learnt after a change.
func (l *Linker) catchUp(ctx context.Context, r Record, after int64) error {
	for {
		changes, err := r.Changes(ctx, after, changesAtOnce)
		if err != nil || len(changes) == 0 {
			return err
		}
		var keys []ad.Key
		for _, c := range changes {
			switch c.Subject {
			case ad.AdChanged:
				keys = append(keys, ad.Key(c.ID))
			case ad.AdRemoved:
				if c := l.known(ad.Key(c.ID)); c != nil {
					l.forget(c) // what that changed, the record has
				}
			default: // the record has other words of the network, or none
				l.state.Delete(stateKey(networkPrefix, c.ID))
			}
		}
		slices.Sort(keys)
		for part := range slices.Chunk(slices.Compact(keys), adsAtOnce) {
			ads, err := r.AdsOf(ctx, part)
			if err != nil {
				return err
			}
			each := func(yield func(ad.Ad, error) bool) {
				for i := range ads {
					if !yield(ads[i], nil) {
						return
					}
				}
			}
			if err := l.load(ctx, each, r.EarlierVersionsOf(ctx, part)); err != nil {
				return err
			}
		}
		after = changes[len(changes)-1].Seq
	}
}

// load takes over ads, which may be known, and earlier versions of them.
func (l *Linker) load(ctx context.Context, ads iter.Seq2[ad.Ad, error], earlier iter.Seq2[ad.Finding, error]) error {
	n := 0
	next := func() error {
		if n++; n%loadBatch == 0 {
			return l.turn()
		}
		return ctx.Err()
	}
	for a, err := range ads {
		if err != nil {
			return fmt.Errorf("load ad: %w", err)
		}
		c := l.card(a.Key, a.FirstSeen, a.LastSeen)
		l.take(c, &a.Finding, resigned(&a))
		c.network, c.standing = a.Network, fingerprint(a.Standing)
		l.keepStanding(c)
		l.decided.unsure = true
		if slices.ContainsFunc(a.Indicators, func(in ad.Indicator) bool { return in.Code == watchCode }) {
			l.stale[a.Key] = true
		}
		if err := next(); err != nil {
			return err
		}
	}
	for f, err := range earlier {
		if err != nil {
			return fmt.Errorf("load an earlier version: %w", err)
		}
		if c := l.known(f.Sighting.Key()); c != nil { // an ad that came since is told of anew
			l.take(c, &f, nil)
		}
		if err := next(); err != nil {
			return err
		}
	}
	l.markets.settle()
	return l.state.Err()
}

// resigned are an ad's identifiers, its text signed anew where it was signed in an older way, which cannot be compared any longer.
func resigned(a *ad.Ad) []ad.Identifier {
	old := func(id ad.Identifier) bool { return id.Kind == ad.TextSig && !neartext.Current(id.Signature) }
	if !slices.ContainsFunc(a.Identifiers, old) {
		return a.Identifiers
	}
	ids := slices.DeleteFunc(slices.Clone(a.Identifiers), old)
	if sig, ok := neartext.Sign(text.Read(a.Finding.Sighting.Text)); ok {
		ids = append(ids, ad.Identifier{Kind: ad.TextSig, Value: sig.Hash, Signature: sig.Values})
	}
	return ids
}
