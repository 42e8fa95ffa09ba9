package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"varde/internal/network"
	"varde/internal/watch"
)

// takeUpWatch gives the linker the watch list when somebody has changed it.
func (s *system) takeUpWatch(ctx context.Context) error {
	s.linking.Lock()
	defer s.linking.Unlock()
	items, revision, err := s.store.Watched(ctx)
	if err != nil || revision == s.watchedAt || s.linker == nil { // a linker that is loaded later gets the list then
		return err
	}
	err = s.giveWatch(ctx, s.linker, items, revision)
	if err == nil {
		err = s.saveLinker(ctx)
	}
	if err != nil {
		return errors.Join(err, s.dropLinker()) // linker and record must not part
	}
	last, err := s.store.LastChange(ctx)
	if err != nil {
		return err
	}
	return s.stream.Wake(ctx, last)
}

// watchWith gives a linker that was just loaded the watch list of the record.
func (s *system) watchWith(ctx context.Context, linker *network.Linker) error {
	items, revision, err := s.store.Watched(ctx)
	if err != nil {
		return err
	}
	return s.giveWatch(ctx, linker, items, revision)
}

// giveWatch gives a linker a watch list and records what that changes.
func (s *system) giveWatch(ctx context.Context, linker *network.Linker, items []watch.Item, revision int64) error {
	list := make([]network.Watched, len(items))
	for i, w := range items {
		list[i] = network.Watched{Kind: w.Kind, Value: w.Value, Reference: w.Reference}
	}
	update, err := linker.Watch(ctx, list, time.Now().UTC())
	if err != nil {
		return fmt.Errorf("look for what is watched: %w", err)
	}
	if len(update.Standings)+len(update.Networks) > 0 {
		if _, err := s.store.Commit(ctx, update); err != nil {
			return fmt.Errorf("record what is watched: %w", err)
		}
	}
	s.watchedAt = revision
	return nil
}
