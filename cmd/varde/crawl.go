package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"varde/crawler"
	"varde/internal/ad"
	"varde/internal/batch"
	"varde/internal/config"
	"varde/internal/fault"
	"varde/internal/store"
	"varde/internal/target"
)

// newDesk opens the desk of targets on a record.
func (a *app) newDesk(s *store.Store, v *config.Varde) *target.Desk {
	return target.NewDesk(s, target.DeskConfig{Loopback: v.Crawl.Loopback})
}

// newCrawler wires the crawler to what keeps its promises.
func (s *system) newCrawler(a *app) (*crawler.Crawler, error) {
	return crawler.New(crawler.Config{
		Targets: s.desk, Gate: s.desk, Frontier: s.store, Archive: s.archive, Publisher: newPublisher(s), Ads: latestAds{s.store},
		Pacer: s.pacer, Node: s.node, Software: software, Concurrency: s.settings.Crawl.Concurrency,
		Secrets: a.secret, Log: s.log.With("part", "crawler"),
	})
}

// catchUp publishes again what the evidence proves and the record does not have. What keeps it from that does not keep the service from
// its work: the operator is told.
func (s *system) catchUp(ctx context.Context, a *app) {
	res, err := reconcile(ctx, s, s.archive, checkpointFile(a.data))
	switch {
	case ctx.Err() != nil:
	case err != nil:
		s.log.Error("the evidence could not be compared with the record; varde reconcile does it again", "error", err)
	case res.Published+res.Damaged > 0:
		s.log.Warn("the evidence was compared with the record", "published_again", res.Published, "damaged", res.Damaged)
	}
}

// publisher hands the crawler's sightings to the stream: those of visits that end together in one batch, which costs one sync.
type publisher struct{ *batch.Group[ad.Sighting] }

func newPublisher(s *system) publisher { return publisher{batch.New(batchSize, s.publish)} }

// Publish returns when the sighting is on disk.
func (p publisher) Publish(ctx context.Context, s ad.Sighting) error { return p.Do(ctx, s) }

// secret reads a token from the data folder. Its file must be readable by its owner alone.
func (a *app) secret(name string) (string, error) {
	path := filepath.Join(a.data, "secrets", name)
	info, err := os.Stat(path)
	if errors.Is(err, os.ErrNotExist) {
		return "", fault.Tell(fmt.Sprintf("The target needs a token in the file %s, which is not there. Put the token into it, readable by you alone (chmod 600).", path), err)
	}
	if err != nil {
		return "", fmt.Errorf("read token %s: %w", name, err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return "", fault.Tell(fmt.Sprintf("The token in %s can be read by others. Make it yours alone: chmod 600 %s", path, path), fault.ErrUsage)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("read token %s: %w", name, err)
	}
	return strings.TrimSpace(string(data)), nil
}
