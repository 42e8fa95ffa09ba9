package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"modernc.org/sqlite"

	"varde/internal/fault"
)

// pragmas hold for every connection. WAL lets others read while one writes; FULL puts each commit on disk before it
// returns; secure_delete overwrites with zeros what is deleted, because what retention erases must be gone.
var pragmas = []string{
	"busy_timeout(15000)",
	"journal_mode(WAL)",
	"synchronous(FULL)",
	"secure_delete(ON)",
	"foreign_keys(ON)",
	"temp_store(MEMORY)",
	"cache_size(-65536)",           // 64 MiB
	"wal_autocheckpoint(4000)",     // 16 MB: a page changed by several commits is copied back once
	"journal_size_limit(67108864)", // the WAL's file shrinks to this after a large transaction
}

// Result codes of SQLite (https://www.sqlite.org/rescode.html); the lowest byte of an extended code.
const (
	sqliteBusy     = 5
	sqliteCorrupt  = 11
	sqliteFull     = 13
	sqliteCantOpen = 14
	sqliteNotADB   = 26
)

func (s *Store) openSQLite(ctx context.Context, path string) error {
	if path == "" {
		return fault.Tell("The database is given as sqlite:PATH; the path is missing.", fault.ErrUsage)
	}
	if err := privateFile(path); err != nil {
		return fault.Tell(fmt.Sprintf("The database file %s cannot be opened or made.", path), err)
	}
	s.dialect = dialect{
		schema:  strings.NewReplacer(`COLLATE "C"`, ""),
		explain: explainSQLite,
	}
	var err error
	if s.write, err = sql.Open("sqlite", sqliteName(path, "immediate")); err != nil {
		return err
	}
	s.write.SetMaxOpenConns(1) // SQLite has one writer; waiting here is cheaper than being refused there
	s.statements = newStatements()
	if err := s.write.PingContext(ctx); err != nil {
		return errors.Join(explainSQLite(err), s.write.Close())
	}
	if s.read, err = sql.Open("sqlite", sqliteName(path, "deferred", "query_only(ON)")); err != nil {
		return errors.Join(err, s.write.Close())
	}
	s.read.SetMaxOpenConns(8)
	s.read.SetMaxIdleConns(4)
	return nil
}

func sqliteName(path, lock string, more ...string) string {
	q := url.Values{"_txlock": {lock}}
	q["_pragma"] = append(append(q["_pragma"], pragmas...), more...)
	parts := strings.Split(filepath.ToSlash(path), "/")
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	return "file:" + strings.Join(parts, "/") + "?" + q.Encode()
}

// privateFile makes the file and its folder, where they are missing, so that only their owner can read them. SQLite
// gives the files beside it the same permissions.
func privateFile(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

func explainSQLite(err error) error {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code() & 0xff {
	case sqliteBusy:
		return fault.Tell("Another program has been writing to the database for too long. Wait for it to end, or stop it, and try again.",
			errors.Join(fault.ErrInUse, err))
	case sqliteCorrupt, sqliteNotADB:
		return fault.Tell("The database file is damaged or is no database. Stop Varde and restore the latest backup.",
			errors.Join(fault.ErrDamaged, err))
	case sqliteFull:
		return fault.Tell("The disk is full; nothing of this was recorded. Free some space and try again.", err)
	case sqliteCantOpen:
		return fault.Tell("The database file cannot be opened. Check that the folder exists and may be written to.", err)
	}
	return err
}
