package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"varde/configs"
	"varde/crawler/fetch"
	"varde/detectors"
	"varde/index"
	"varde/internal/config"
	"varde/internal/evidence"
	"varde/internal/help"
	"varde/internal/indicator"
	"varde/internal/network"
	"varde/internal/store"
	"varde/internal/stream"
	"varde/internal/target"
)

// system is the running program: the record, the stream, and the parts between them.
type system struct {
	log      *slog.Logger
	settings *config.Varde
	// catalogue is the program's file, which detectors give codes of; scores says what makes scores.
	catalogue *indicator.Catalogue
	help      *help.Contacts
	scores    *scores
	store     *store.Store
	stream    *stream.Stream
	detectors *detectors.Detectors
	// linker is used by whoever holds linking.
	linking sync.Mutex
	linker  *network.Linker
	// record is the id of the record that the linker's state is of.
	record string
	index  *index.Index
	// desk is where targets are approved, archive where the evidence is.
	desk    *target.Desk
	archive *evidence.Archive
	// pacer keeps the pace of each site across processes.
	pacer fetch.Pacer
	dir   string
	node  string
	// watchedAt is the number of the watch list that the linker has.
	watchedAt int64
	// decidedAt is the number of the decisions about links that the linker has.
	decidedAt int64
}

// storeURL says where the record is.
func (a *app) storeURL() string {
	if a.dbURL != "" {
		return a.dbURL
	}
	return "sqlite:" + filepath.Join(a.data, "varde.db")
}

// makeData makes the data folder, which only its owner can open.
func (a *app) makeData() error {
	if err := os.MkdirAll(a.data, 0o700); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	return nil
}

// needData fails where the data folder holds no record, before a command that only looks makes one.
func (a *app) needData() error {
	if a.dbURL != "" {
		return nil
	}
	if _, err := os.Stat(filepath.Join(a.data, "varde.db")); errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("there is no Varde data in %s; name its folder with --data or its record with --db, or bring ads in with varde import", a.data)
	}
	return nil
}

// openStore opens the record alone, for commands that only read it.
func (a *app) openStore(ctx context.Context) (*store.Store, error) {
	if err := a.needData(); err != nil {
		return nil, err
	}
	s, err := store.Open(ctx, a.storeURL(), store.Options{Log: a.logger(slog.LevelWarn)})
	if err != nil {
		return nil, fmt.Errorf("open the record: %w", err)
	}
	return s, nil
}

func loadCatalogue() (*indicator.Catalogue, error) {
	data, err := configs.FS.ReadFile("indicators.yaml")
	if err != nil {
		return nil, fmt.Errorf("read the catalogue of indicators: %w", err)
	}
	return indicator.Load("indicators.yaml", data)
}

func loadHelp() (*help.Contacts, error) {
	data, err := configs.FS.ReadFile("help.yaml")
	if err != nil {
		return nil, fmt.Errorf("read whom to turn to: %w", err)
	}
	return help.Load("help.yaml", data)
}

// open makes everything ready and starts nothing but the embedded stream.
func (a *app) open(ctx context.Context, level slog.Level) (_ *system, err error) {
	s := &system{log: a.logger(level), dir: a.data}
	if s.settings, err = a.settings(); err != nil {
		return nil, err
	}
	if s.catalogue, err = loadCatalogue(); err != nil {
		return nil, err
	}
	if s.help, err = loadHelp(); err != nil {
		return nil, err
	}
	if err := a.makeData(); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	if err := s.openRecord(ctx, a); err != nil {
		return nil, err
	}
	s.desk = a.newDesk(s.store, s.settings)
	if s.scores, err = startScores(ctx, s.store, s.catalogue); err != nil {
		return nil, err
	}
	if s.pacer, err = fetch.NewShared(s.stream.Slots(), s.log.With("part", "try")); err != nil {
		return nil, fmt.Errorf("make the pace of sites ready: %w", err)
	}
	if s.detectors, err = detectors.New(detectors.Config{Catalogue: s.catalogue, Files: configs.FS, Region: s.settings.Region}); err != nil {
		return nil, fmt.Errorf("make the detectors ready: %w", err)
	}
	if err := s.loadLinker(ctx); err != nil {
		return nil, err
	}
	if err := s.scoreAnew(ctx); err != nil {
		return nil, err
	}
	s.index, err = index.Open(ctx, index.Config{Dir: filepath.Join(a.data, "index"), Records: indexRecords{s.store}, Log: s.log.With("part", "index")})
	if err != nil {
		return nil, fmt.Errorf("open the index: %w", err)
	}
	s.node = nodeName(a.data)
	if s.archive, err = a.openArchive(s.log); err != nil {
		return nil, err
	}
	return s, nil
}

// openArchive opens the evidence for writing. Only the process that holds the data folder may.
func (a *app) openArchive(log *slog.Logger) (*evidence.Archive, error) {
	archive, err := evidence.Open(evidence.Config{Dir: a.evidenceDir(), Software: software, Log: log.With("part", "evidence")})
	if err != nil {
		return nil, fmt.Errorf("open the evidence: %w", err)
	}
	return archive, nil
}

// software is how the program names itself in the evidence.
const software = "Varde"

// openClient opens the record and the stream of a service that runs elsewhere (--nats): its roles do the work.
func (a *app) openClient(ctx context.Context) (_ *system, err error) {
	if err := a.needData(); err != nil {
		return nil, err
	}
	s := &system{log: a.logger(slog.LevelWarn), dir: a.data}
	if err := a.makeData(); err != nil { // for rejected lines
		return nil, err
	}
	if err := s.openRecord(ctx, a); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

// nodeName tells index nodes apart: by machine and folder, in characters that the stream takes.
func nodeName(dir string) string {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	if abs, err := filepath.Abs(dir); err == nil {
		dir = abs
	}
	sum := sha256.Sum256([]byte(host + "\x00" + dir))
	return "index-" + hex.EncodeToString(sum[:6])
}

// openRecord opens the stream first: it holds the lock on the data folder.
func (s *system) openRecord(ctx context.Context, a *app) error {
	var err error
	if s.stream, err = a.openStream(ctx, s.log); err != nil {
		return err
	}
	if s.store, err = store.Open(ctx, a.storeURL(), store.Options{Log: s.log.With("part", "store")}); err != nil {
		return fmt.Errorf("open the record: %w", err)
	}
	return nil
}

func (a *app) openStream(ctx context.Context, log *slog.Logger) (*stream.Stream, error) {
	cfg := stream.Config{URL: a.natsURL, Listen: a.listenNATS, Log: log}
	if a.natsURL == "" {
		cfg.Dir = filepath.Join(a.data, "stream")
		cfg.Expect = a.holdsAds(ctx)
	}
	return stream.Open(ctx, cfg)
}

// holdsAds says whether the data folder's record has anything that came over the stream, so that a missing stream is a loss and no first
// start. A record that cannot be asked is told of when it is opened.
func (a *app) holdsAds(ctx context.Context) bool {
	if a.dbURL != "" || a.needData() != nil {
		return false
	}
	s, err := store.Open(ctx, a.storeURL(), store.Options{Log: a.logger(slog.LevelWarn)})
	if err != nil {
		return false
	}
	last, err := s.LastChange(ctx)
	return errors.Join(err, s.Close()) == nil && last > 0
}

// closeTimeout bounds how long leaving takes; what is not finished then is redelivered at the next start.
const closeTimeout = 20 * time.Second

// close ends everything in the order in which it depends on each other.
func (s *system) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	var errs []error
	if s.archive != nil {
		errs = append(errs, s.archive.Close())
	}
	if s.index != nil {
		errs = append(errs, s.index.Close())
	}
	errs = append(errs, s.dropLinker())
	if s.stream != nil {
		errs = append(errs, s.stream.Close(ctx))
	}
	if s.store != nil {
		errs = append(errs, s.store.Close())
	}
	return errors.Join(errs...)
}
