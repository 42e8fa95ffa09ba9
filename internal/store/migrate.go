package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"varde/internal/fault"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the schema up to date. Several programs may do so at the same time.
func (s *Store) migrate(ctx context.Context) error {
	p, err := s.provider()
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	have, want, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read the version of the schema: %w", err)
	}
	for have < want {
		_, failed := p.Up(ctx)
		was := have
		if have, _, err = p.GetVersions(ctx); err != nil {
			return errors.Join(fmt.Errorf("migrate: %w", failed), err)
		}
		if failed != nil && have == was { // otherwise another program did it first: go on from there
			return fmt.Errorf("migrate from schema %d: %w", was, failed)
		}
		s.log.InfoContext(ctx, "the record's schema was brought up to date", "from", was, "to", have)
	}
	if have > want {
		return fault.Tell(fmt.Sprintf("The database was written by a newer version of Varde (its schema is %d, this program knows %d). "+
			"Install that version again, or restore a backup made before it was installed. Nothing was changed.", have, want), fault.ErrUsage)
	}
	return nil
}

func (s *Store) provider() (*goose.Provider, error) {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	var steps []*goose.Migration
	for _, file := range files {
		text, err := migrations.ReadFile(file)
		if err != nil {
			return nil, err
		}
		number, _, _ := strings.Cut(strings.TrimPrefix(file, "migrations/"), "_")
		version, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("%s does not begin with its number: %w", file, err)
		}
		script := s.schema.Replace(string(text))
		steps = append(steps, goose.NewGoMigration(version, &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, script)
			return err
		}}, nil))
	}
	options := []goose.ProviderOption{goose.WithGoMigrations(steps...), goose.WithDisableGlobalRegistry(true),
		goose.WithSlog(slog.New(slog.DiscardHandler))}
	kind := goose.DialectSQLite3
	if s.numbered {
		kind = goose.DialectPostgres
		one, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 600))
		if err != nil {
			return nil, err
		}
		options = append(options, goose.WithSessionLocker(one))
	}
	return goose.NewProvider(kind, s.write, nil, options...)
}
