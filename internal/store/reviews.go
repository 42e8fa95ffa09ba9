package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"

	"varde/internal/audit"
	"varde/internal/review"
)

var _ review.Ledger = (*Store)(nil)

const selectReviews = "SELECT seq, at, author, network, decision, reason, note, undoes, snapshot FROM reviews"

// Reviews returns the reviews of a network under this id and all ids that gave way to it, in the order of their numbers.
func (s *Store) Reviews(ctx context.Context, network string) (list []review.Review, err error) {
	if !storable(network) {
		return nil, nil
	}
	err = s.view(ctx, func(t tx) error {
		list, err = t.reviews(ctx, network)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reviews of network %q: %w", network, err)
	}
	return list, nil
}

func (t tx) reviews(ctx context.Context, network string) (list []review.Review, err error) {
	owner, err := t.formerOf(ctx, []string{network})
	if err != nil {
		return nil, err
	}
	err = t.in(ctx, selectReviews+" WHERE network IN (%s)", slices.Sorted(maps.Keys(owner)), func(s scan) error {
		r, err := scanReview(s)
		list = append(list, r)
		return err
	})
	slices.SortFunc(list, func(a, b review.Review) int { return cmp.Compare(a.Seq, b.Seq) })
	return list, err
}

func scanReview(s scan) (r review.Review, err error) {
	var at int64
	var decision, reason, snapshot string
	if err := s(&r.Seq, &at, &r.Author, &r.Network, &decision, &reason, &r.Note, &r.Undoes, &snapshot); err != nil {
		return r, err
	}
	r.At, r.Decision, r.Reason = fromNanos(at), review.Decision(decision), review.Reason(reason)
	return r, decode("review of network", r.Network, snapshot, &r.Snapshot)
}

// AllReviews yields all reviews in the order of their numbers, a page at a time.
func (s *Store) AllReviews(ctx context.Context) iter.Seq2[review.Review, error] {
	return func(yield func(review.Review, error) bool) {
		for after := int64(0); ; {
			var list []review.Review
			err := s.view(ctx, func(t tx) error {
				return t.each(ctx, fmt.Sprintf("%s WHERE seq > ? ORDER BY seq LIMIT %d", selectReviews, page), []any{after}, func(s scan) error {
					r, err := scanReview(s)
					list = append(list, r)
					return err
				})
			})
			if err != nil {
				yield(review.Review{}, fmt.Errorf("read reviews after %d: %w", after, err))
				return
			}
			for _, r := range list {
				if !yield(r, nil) {
					return
				}
			}
			if len(list) < page {
				return
			}
			after = list[len(list)-1].Seq
		}
	}
}

// Standing returns the decisions that stand, one a network, each under the network's present id, which can differ from the review's.
func (s *Store) Standing(ctx context.Context) (map[string]review.Review, error) {
	standing := map[string]review.Review{}
	err := s.view(ctx, func(t tx) error {
		const q = `SELECT d.network, r.seq, r.at, r.author, r.network, r.decision, r.reason, r.note, r.undoes, r.snapshot
FROM decisions d JOIN reviews r ON r.seq = d.seq`
		return t.each(ctx, q, nil, func(s scan) error {
			var network string
			r, err := scanReview(func(dest ...any) error { return s(append([]any{&network}, dest...)...) })
			standing[network] = r
			return err
		})
	})
	if err != nil {
		return nil, fmt.Errorf("read the decisions that stand: %w", err)
	}
	return standing, nil
}

// Decisions returns the decisions that stand about networks, by their present ids.
func (s *Store) Decisions(ctx context.Context, networks []string) (map[string]review.Decision, error) {
	decisions := map[string]review.Decision{}
	err := s.view(ctx, func(t tx) error {
		return t.in(ctx, "SELECT network, decision FROM decisions WHERE network IN (%s)", networks, func(s scan) error {
			var network, decision string
			err := s(&network, &decision)
			decisions[network] = review.Decision(decision)
			return err
		})
	})
	if err != nil {
		return nil, fmt.Errorf("read decisions: %w", err)
	}
	return decisions, nil
}

// PutReview writes a review with the next number and the entry in the log, both or neither. Where another decision stands than number over
// it returns review.ErrChanged; nil is over whichever stands.
func (s *Store) PutReview(ctx context.Context, r review.Review, over *int64, e audit.Entry) (review.Review, error) {
	err := checkText("review of", r.Network, r.Network, r.Author, string(r.Decision))
	err = errors.Join(err, checkTime("review of", r.Network, r.At), checkScore("review of", r.Network, r.Snapshot.Score), checkEntry(e))
	snapshot, encoding := encode("review of", r.Network, r.Snapshot)
	if err = errors.Join(err, encoding); err != nil {
		return review.Review{}, fmt.Errorf("write a review: %w", err)
	}
	r.Note = kept(r.Note, mostWords)
	err = s.change(ctx, func(t tx) error {
		// Networks and their successions do not change meanwhile, so that what stands is told right.
		if _, err := t.lastChange(ctx); err != nil {
			return err
		}
		if _, err := t.one(ctx, "UPDATE counters SET value = value + 1 WHERE name = 'review' RETURNING value", nil, &r.Seq); err != nil {
			return fmt.Errorf("take the counter of reviews: %w", err)
		}
		now, err := t.successor(ctx, r.Network)
		if err != nil {
			return err
		}
		if over != nil {
			var stands int64
			if _, err := t.one(ctx, "SELECT seq FROM decisions WHERE network = ?", []any{now}, &stands); err != nil {
				return fmt.Errorf("read what stands about network %q: %w", now, err)
			}
			if stands != *over {
				return review.ErrChanged
			}
		}
		in := insertion{into: "reviews (seq, at, author, network, decision, reason, note, undoes, snapshot)", cols: 9}
		if err := t.insert(ctx, in, []any{r.Seq, nanos(r.At), r.Author, r.Network, string(r.Decision), string(r.Reason), r.Note, r.Undoes, snapshot}, nil); err != nil {
			return err
		}
		if err := t.redecide(ctx, map[string]bool{now: true}); err != nil {
			return err
		}
		seq, err := t.nextEntry(ctx)
		if err != nil {
			return err
		}
		return t.putEntry(ctx, seq, e)
	})
	if err != nil {
		return review.Review{}, fmt.Errorf("write a review of network %q: %w", r.Network, err)
	}
	return r, nil
}

// redecide says anew which decision stands about each of these ids: none about one that gave way.
func (t tx) redecide(ctx context.Context, networks map[string]bool) error {
	var reviewed bool
	if _, err := t.one(ctx, "SELECT EXISTS (SELECT 1 FROM reviews)", nil, &reviewed); err != nil || !reviewed {
		return err
	}
	for id := range networks {
		now, err := t.successor(ctx, id)
		if err != nil {
			return err
		}
		var standing *review.Review
		if now == id {
			reviews, err := t.reviews(ctx, id)
			if err != nil {
				return err
			}
			standing = review.Standing(reviews)
		}
		if standing == nil {
			if err := t.each(ctx, "DELETE FROM decisions WHERE network = ?", []any{id}, nil); err != nil {
				return fmt.Errorf("end the decision about network %q: %w", id, err)
			}
			continue
		}
		in := insertion{into: "decisions (network, seq, decision)", cols: 3, then: "ON CONFLICT (network) DO UPDATE SET seq = excluded.seq, decision = excluded.decision"}
		if err := t.insert(ctx, in, []any{id, standing.Seq, string(standing.Decision)}, nil); err != nil {
			return err
		}
	}
	return nil
}
