package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"varde/internal/fault"
)

// Options are what Open may be told.
type Options struct {
	// Log receives what the record does to itself, such as a migration; nil for none.
	Log *slog.Logger
	// Now tells which sessions have expired and when networks were merged or split; nil for the machine's clock.
	Now func() time.Time
}

// Store is an open record. It must be made by Open.
type Store struct {
	write *sql.DB // SQLite: the one connection that writes; PostgreSQL: the same pool as read
	read  *sql.DB
	// gate reads the revision of a target. It is kept prepared: the crawler asks before every request. known holds rows as they were at
	// their revision.
	gate  *sql.Stmt
	known sync.Map
	// statements are those of write that are kept prepared; nil where the driver does it.
	statements *statements
	dialect
	log *slog.Logger
	now func() time.Time
}

// Open opens the record at url, "sqlite:PATH" or "postgres://…", creates it where there is none and brings its schema
// up to date. Its errors carry a sentence for the person who gave the url: the database cannot be reached, is no
// database, is damaged (fault.ErrDamaged), or was written by a newer program.
func Open(ctx context.Context, url string, opt Options) (*Store, error) {
	s := &Store{log: opt.Log, now: opt.Now}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.now == nil {
		s.now = time.Now
	}
	var err error
	switch scheme, rest, _ := strings.Cut(url, ":"); scheme {
	case "sqlite":
		err = s.openSQLite(ctx, rest)
	case "postgres", "postgresql":
		err = s.openPostgres(ctx, url)
	default:
		return nil, fault.Tell("The database must be given as sqlite:PATH or postgres://….", fault.ErrUsage)
	}
	if err != nil {
		return nil, fmt.Errorf("open the record: %w", err)
	}
	if err := s.migrate(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open the record: %w", s.explain(err)), s.Close())
	}
	if s.gate, err = s.read.PrepareContext(ctx, s.rebind("SELECT revision FROM targets WHERE id = ?")); err != nil {
		return nil, errors.Join(fmt.Errorf("open the record: %w", s.explain(err)), s.Close())
	}
	return s, nil
}

// Close waits for what is in work and closes the record.
func (s *Store) Close() error {
	var err error
	if s.gate != nil {
		err = s.gate.Close()
	}
	if s.statements != nil {
		err = errors.Join(err, s.statements.close())
	}
	if s.read != s.write {
		err = errors.Join(err, s.read.Close())
	}
	return errors.Join(err, s.write.Close())
}

// tx is a transaction that speaks the store's dialect.
type tx struct {
	*sql.Tx
	dialect
	statements *statements
}

// change runs do in one transaction that writes: all of it is on disk when change returns nil, and none of it where it
// returns an error, except that a connection lost during the commit leaves either.
func (s *Store) change(ctx context.Context, do func(tx) error) error {
	err := s.within(ctx, s.write, nil, s.statements, do)
	if err == nil && s.statements != nil {
		s.statements.prepare(ctx, s.write)
	}
	return err
}

// view runs do in a transaction that sees one state of the record throughout.
func (s *Store) view(ctx context.Context, do func(tx) error) error {
	return s.within(ctx, s.read, s.snapshot, nil, do)
}

func (s *Store) within(ctx context.Context, db *sql.DB, opt *sql.TxOptions, statements *statements, do func(tx) error) error {
	t, err := db.BeginTx(ctx, opt)
	if err != nil {
		return s.explain(fmt.Errorf("begin: %w", err))
	}
	if err := do(tx{t, s.dialect, statements}); err != nil {
		if undo := t.Rollback(); undo != nil && !errors.Is(undo, sql.ErrTxDone) {
			err = errors.Join(err, fmt.Errorf("roll back: %w", undo))
		}
		return s.explain(err)
	}
	if err := t.Commit(); err != nil {
		return s.explain(fmt.Errorf("commit: %w", err))
	}
	return nil
}

// nanos is how a time is kept: nanoseconds since 1970, 0 for the zero time.
func nanos(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}

func fromNanos(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(0, n).UTC()
}

// keepable says whether nanos can hold t: years 1678 to 2261, and not the one instant that means none.
func keepable(t time.Time) bool {
	return t.IsZero() || t.Year() > 1677 && t.Year() < 2262 && t.UnixNano() != 0
}
