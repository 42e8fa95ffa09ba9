package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"varde/internal/fault"
)

// connections is the most one program holds: a linker's and what a console reads at the same time.
const connections = 10

// settings hold for every connection. A server's default for synchronous_commit may be weaker than what Commit
// promises. Every query here has its index; with enable_seqscan a plan that was made while a table was empty, and that
// is kept with the prepared statement, reads the whole table for each commit: measured, 830 ads/s instead of 3,000 after
// 50,000 ads, falling further.
const settings = "SET synchronous_commit = on; SET enable_seqscan = off"

func (s *Store) openPostgres(ctx context.Context, url string) error {
	cfg, err := pgx.ParseConfig(url)
	if err != nil { // the cause repeats the url but for its password
		return fault.Tell("The address of the PostgreSQL database cannot be read; it looks like postgres://user:password@host:5432/varde.", errors.Join(fault.ErrUsage, err))
	}
	cfg.RuntimeParams["application_name"] = "varde"
	if cfg.ConnectTimeout == 0 {
		cfg.ConnectTimeout = 10 * time.Second
	}
	s.dialect = dialect{
		numbered:   true,
		snapshot:   &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true},
		schema:     strings.NewReplacer("\n--postgres ", "\n"),
		explain:    explainPostgres,
		lock:       " ORDER BY page FOR UPDATE",
		skipLocked: " FOR UPDATE SKIP LOCKED",
		again:      givenUpForAnother,
	}
	db := stdlib.OpenDB(*cfg, stdlib.OptionAfterConnect(func(ctx context.Context, c *pgx.Conn) error {
		_, err := c.Exec(ctx, settings)
		return err
	}))
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	s.read, s.write = db, db
	if err := s.checkServer(ctx); err != nil {
		where := net.JoinHostPort(cfg.Host, strconv.Itoa(int(cfg.Port)))
		if fault.Sentence(err) == "" {
			err = fault.Tell(fmt.Sprintf("The PostgreSQL database %s at %s cannot be used. Check that the server runs, and the name and password.", cfg.Database, where), err)
		}
		return errors.Join(err, db.Close())
	}
	return nil
}

// checkServer refuses a database that cannot hold every letter and warns of a server that does not wait for its disk.
func (s *Store) checkServer(ctx context.Context) error {
	var encoding, fsync string
	if err := s.read.QueryRowContext(ctx, "SELECT current_setting('server_encoding'), current_setting('fsync')").Scan(&encoding, &fsync); err != nil {
		return err
	}
	if encoding != "UTF8" {
		return fault.Tell(fmt.Sprintf("The PostgreSQL database has the encoding %s; make one with ENCODING 'UTF8'.", encoding), fault.ErrUsage)
	}
	if fsync != "on" {
		s.log.WarnContext(ctx, "the PostgreSQL server runs with fsync off: a power failure can lose or damage the record")
	}
	return nil
}

func explainPostgres(err error) error {
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code { // https://www.postgresql.org/docs/15/errcodes-appendix.html
	case "53100":
		return fault.Tell("The database server's disk is full; nothing of this was recorded. Free some space and try again.", err)
	case "XX001", "XX002":
		return fault.Tell("The database is damaged. Stop Varde and restore the latest backup.", errors.Join(fault.ErrDamaged, err))
	case "53300":
		return fault.Tell("The database server takes no more connections. Raise max_connections, or run fewer programs.", err)
	}
	return err
}

// givenUpForAnother says whether the server ended a transaction because of what another did at the same time.
func givenUpForAnother(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && (e.Code == "40P01" || e.Code == "40001") // deadlock_detected, serialization_failure
}
