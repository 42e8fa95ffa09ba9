package main

import (
	"context"
	"errors"
	"iter"

	"varde/console"
	"varde/internal/ad"
	"varde/internal/auth"
	"varde/internal/fault"
	"varde/internal/store"
	"varde/internal/stream"
)

// The parts declare what they need; these give it to them from the store and the stream.

// indexRecords is the record as the index reads it.
type indexRecords struct{ *store.Store }

// Size counts what has a document.
func (r indexRecords) Size(ctx context.Context) (ads, networks int, err error) {
	c, err := r.Counts(ctx)
	return c.Ads, c.Networks + c.Spam, err // spam is searched too, and counted apart
}

// consoleRecords is the record as the console reads it.
type consoleRecords struct{ *store.Store }

// Ranked returns the queue.
func (r consoleRecords) Ranked(ctx context.Context, f console.RankFilter) ([]ad.Network, int, error) {
	return r.Store.Ranked(ctx, store.RankFilter(f))
}

// Counts are the sizes of the record.
func (r consoleRecords) Counts(ctx context.Context) (console.Counts, error) {
	c, err := r.Store.Counts(ctx)
	return console.Counts(c), err
}

// accounts is the record as sign-in uses it.
type accounts struct{ *store.Store }

// CreateUser adds an account.
func (a accounts) CreateUser(ctx context.Context, u auth.User) error {
	return a.Store.CreateUser(ctx, store.User(u))
}

// User returns an account.
func (a accounts) User(ctx context.Context, name string) (auth.User, error) {
	u, err := a.Store.User(ctx, name)
	return auth.User(u), err
}

// Users lists the accounts.
func (a accounts) Users(ctx context.Context) ([]auth.User, error) {
	all, err := a.Store.Users(ctx)
	out := make([]auth.User, len(all))
	for i, u := range all {
		out[i] = auth.User(u)
	}
	return out, err
}

// setAside is the dead-letter stream as the console shows it.
type setAside struct{ *stream.Stream }

// Dead lists what was set aside.
func (s setAside) Dead(ctx context.Context) iter.Seq2[console.Aside, error] {
	return func(yield func(console.Aside, error) bool) {
		for d, err := range s.Stream.Dead(ctx) {
			if !yield(console.Aside{Seq: d.Seq, Stage: d.Consumer, ID: d.ID, Reason: d.Reason, Deliveries: d.Deliveries, At: d.At, Size: d.Size}, err) {
				return
			}
		}
	}
}

// latestAds is the record as the crawler asks it for what it saw before.
type latestAds struct{ *store.Store }

// Latest returns the latest sighting of an ad, unless there is none yet.
func (l latestAds) Latest(ctx context.Context, key ad.Key) (ad.Sighting, bool, error) {
	a, err := l.Ad(ctx, key)
	if errors.Is(err, fault.ErrNotFound) {
		return ad.Sighting{}, false, nil
	}
	return a.Finding.Sighting, err == nil, err
}
