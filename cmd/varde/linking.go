package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"varde/internal/config"
	"varde/internal/fault"
	"varde/internal/network"
)

// openLinker opens the state of linking in a folder, or in memory where dir is "".
func openLinker(l config.Linking, dir string, scorer network.Scorer) (*network.Linker, error) {
	linker, err := network.Open(dir, network.Config{HubAds: l.HubAds, HubPhones: l.HubPhones, TextSimilarity: l.TextSimilarity, Boilerplate: l.Boilerplate,
		BoilerplateAds: l.BoilerplateAds, SplitAds: l.SplitAds, Bridge: l.Bridge, PictureDistance: l.PictureDistance}, scorer)
	if err != nil {
		return nil, fmt.Errorf("make the linker ready: %w", err)
	}
	return linker, nil
}

// loadLinker opens the state of linking and brings it to where the record is. A damaged one is made anew.
func (s *system) loadLinker(ctx context.Context) error {
	err := s.dropLinker()
	if err == nil {
		err = s.loadLinkerOnce(ctx)
	}
	if errors.Is(err, fault.ErrDamaged) { // found while it was read: it is removed by now
		s.tellDamage(err)
		err = s.loadLinkerOnce(ctx)
	}
	return err
}

func (s *system) tellDamage(err error) {
	s.log.Warn("the state of linking is damaged; it is made anew from the record, and the networks stay the same", "error", err)
}

func (s *system) loadLinkerOnce(ctx context.Context) error {
	linker, err := openLinker(s.settings.Linking, filepath.Join(s.dir, "links"), s.scores.catalogue())
	if err != nil {
		return err
	}
	if err := linker.Damage(); err != nil {
		s.tellDamage(err)
	}
	if err := s.teach(ctx, linker); err != nil {
		return errors.Join(err, linker.Close())
	}
	s.linker = linker
	return s.saveLinker(ctx)
}

// teach tells a linker what the record knows.
func (s *system) teach(ctx context.Context, linker *network.Linker) error {
	anew, err := linker.Learn(ctx, s.store)
	if err != nil {
		return fmt.Errorf("load what is linked: %w", err)
	}
	s.log.Debug("what is linked is loaded", "anew", anew)
	if s.record, err = s.store.ID(ctx); err != nil {
		return err
	}
	return s.tellPeople(ctx, linker)
}

// dropLinker closes the state of linking without what was not saved.
func (s *system) dropLinker() error {
	if s.linker == nil {
		return nil
	}
	linker := s.linker
	s.linker = nil
	if err := linker.Close(); err != nil {
		return fmt.Errorf("close the state of linking: %w", err)
	}
	return nil
}

// saveLinker keeps the state of linking, which the record has.
func (s *system) saveLinker(ctx context.Context) error {
	last, err := s.store.LastChange(ctx)
	if err != nil {
		return err
	}
	if err := s.linker.Save(s.record, last); err != nil {
		return fmt.Errorf("keep the state of linking: %w", err)
	}
	return nil
}

// emptyLinker makes the state of linking anew from the record.
func (s *system) emptyLinker(ctx context.Context) error {
	if err := s.linker.Empty(); err != nil {
		return err
	}
	return s.teach(ctx, s.linker)
}
