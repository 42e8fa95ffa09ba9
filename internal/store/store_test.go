package store_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"varde/internal/ad"
	"varde/internal/audit"
	"varde/internal/fault"
	"varde/internal/store"
	"varde/internal/store/storetest"
	"varde/internal/testkit"
)

// engines give the URL of a new and empty database, by engine.
var engines = map[string]func(t testing.TB) string{
	"sqlite":   func(t testing.TB) string { return "sqlite:" + filepath.Join(t.TempDir(), "data", "varde #1?%20.db") },
	"postgres": func(t testing.TB) string { return testkit.Postgres(t) },
}

// drivers are what database/sql calls the engines, for tests that look behind the record.
var drivers = map[string]string{"sqlite": "sqlite", "postgres": "pgx"}

func onEach(t *testing.T, run func(t *testing.T, engine, url string)) {
	for engine, url := range engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel() // most of the time is spent waiting for the disk
			run(t, engine, url(t))
		})
	}
}

func open(t testing.TB, url string) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), url, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

func TestConformance(t *testing.T) {
	for engine, url := range engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			storetest.Run(t, func(t *testing.T) *store.Store { return open(t, url(t)) })
		})
	}
}

func TestReopen(t *testing.T) {
	onEach(t, func(t *testing.T, _, url string) {
		ctx := context.Background()
		for i := range 3 {
			s, err := store.Open(ctx, url, store.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if last, err := s.LastChange(ctx); err != nil || last != int64(i) {
				t.Errorf("opened after %d changes, the last is %d (%v)", i, last, err)
			}
			f := ad.Finding{Sighting: ad.Sighting{Site: "a", AdID: fmt.Sprint(i), Title: "x", SeenAt: time.Unix(1, 0)}}
			commit(t, s, ad.Update{Findings: []ad.Finding{f}})
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestManyOpenOneNewDatabase(t *testing.T) {
	onEach(t, func(t *testing.T, _, url string) {
		var all errgroup.Group
		for i := range 6 {
			all.Go(func() error {
				s, err := store.Open(context.Background(), url, store.Options{})
				if err != nil {
					return err
				}
				f := ad.Finding{Sighting: ad.Sighting{Site: "a", AdID: fmt.Sprint(i), Title: "x", SeenAt: time.Unix(1, 0)}}
				_, err = s.Commit(context.Background(), ad.Update{Findings: []ad.Finding{f}})
				return errors.Join(err, s.Close())
			})
		}
		if err := all.Wait(); err != nil {
			t.Fatal(err)
		}
		if c, err := open(t, url).Counts(context.Background()); err != nil || c.Ads != 6 {
			t.Errorf("%d ads (%v)", c.Ads, err)
		}
	})
}

// behind opens the database past the record.
func behind(t *testing.T, engine, url string) *sql.DB {
	t.Helper()
	name := url
	if engine == "sqlite" {
		name = "file:" + strings.NewReplacer("%", "%25", "#", "%23", "?", "%3f").Replace(strings.TrimPrefix(url, "sqlite:"))
	}
	db, err := sql.Open(drivers[engine], name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func TestNewerDatabaseIsLeftAlone(t *testing.T) {
	onEach(t, func(t *testing.T, engine, url string) {
		s, err := store.Open(context.Background(), url, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		db := behind(t, engine, url)
		if _, err := db.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)"); err != nil {
			t.Fatal(err)
		}
		_, err = store.Open(context.Background(), url, store.Options{})
		if said := fault.Sentence(err); !strings.Contains(said, "newer version of Varde") || !strings.Contains(said, "9999") {
			t.Errorf("said %q (%v)", said, err)
		}
	})
}

func TestOlderDatabaseIsBroughtUpToDate(t *testing.T) {
	onEach(t, func(t *testing.T, engine, url string) {
		ctx := context.Background()
		s, err := store.Open(ctx, url, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		f := ad.Finding{Sighting: ad.Sighting{Site: "a", AdID: "1", Title: "x", SeenAt: time.Unix(1, 0).UTC()}}
		commit(t, s, ad.Update{Findings: []ad.Finding{f}})
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		// As the first version left it: without all that the second migration makes.
		db := behind(t, engine, url)
		for _, q := range []string{"DROP TABLE targets", "DROP TABLE target_versions", "DROP TABLE audit", "DROP TABLE pages", "DROP TABLE page_totals",
			"DROP TABLE page_counts", "DROP TABLE page_fields", "DROP TABLE gone", "DROP TABLE lineage", "DROP TABLE child_flags", "DROP TABLE watch", "DROP TABLE link_decisions", "DELETE FROM counters WHERE name IN ('watch', 'link_decision')",
			"DROP INDEX standings_child", "ALTER TABLE standings DROP COLUMN class", "ALTER TABLE standings DROP COLUMN child", "ALTER TABLE networks DROP COLUMN class", "ALTER TABLE networks DROP COLUMN child",
			"DROP TABLE reviews", "DROP TABLE decisions", "DROP TABLE score_versions", "DROP TABLE score_force", "DROP INDEX successions_new",
			"ALTER TABLE standings DROP COLUMN score_version", "ALTER TABLE networks DROP COLUMN score_version",
			"DELETE FROM counters WHERE name IN ('audit', 'review')", "DELETE FROM goose_db_version WHERE version_id > 1"} {
			if _, err := db.Exec(q); err != nil {
				t.Fatalf("%s: %v", q, err)
			}
		}
		s = open(t, url)
		if a, err := s.Ad(ctx, "a/1"); err != nil || !a.Gone.IsZero() {
			t.Errorf("%+v, %v", a, err)
		}
		if err := s.PutEntry(ctx, audit.Entry{At: time.Unix(1, 0), Actor: "kari", Action: audit.EvidenceShown, Subject: "ad:a/1"}); err != nil {
			t.Error(err)
		}
	})
}

func TestOpenTellsWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	junk := filepath.Join(dir, "junk.db")
	if err := os.WriteFile(junk, bytes.Repeat([]byte("not a database "), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		url  string
		want string
		is   error
	}{
		{"", "sqlite:PATH", fault.ErrUsage},
		{"mysql://x", "sqlite:PATH", fault.ErrUsage},
		{"sqlite:", "path is missing", fault.ErrUsage},
		{"sqlite:" + junk, "damaged", fault.ErrDamaged},
		{"sqlite:" + junk + "/below", "cannot be opened", nil},
		{"sqlite:" + dir, "cannot be opened", nil},
		{"postgres://%zz", "cannot be read", fault.ErrUsage},
		{"postgres://varde:hemmelig@127.0.0.1:1/varde?sslmode=disable", "varde at 127.0.0.1:1", nil},
	} {
		_, err := store.Open(context.Background(), c.url, store.Options{})
		if err == nil || !strings.Contains(fault.Sentence(err), c.want) || c.is != nil && !errors.Is(err, c.is) {
			t.Errorf("%q: said %q, error %v", c.url, fault.Sentence(err), err)
		}
		if err != nil && strings.Contains(err.Error(), "hemmelig") {
			t.Errorf("the error shows the password: %v", err)
		}
	}
}

func TestFilesArePrivateAndDurable(t *testing.T) {
	url := engines["sqlite"](t)
	path := strings.TrimPrefix(url, "sqlite:")
	s := open(t, url)
	if err := s.CreateUser(context.Background(), store.User{Name: "kari"}); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]os.FileMode{filepath.Dir(path): 0o700, path: 0o600, path + "-wal": 0o600, path + "-shm": 0o600} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != want {
			t.Errorf("%s has mode %v", name, info.Mode())
		}
	}
	// The same file read by somebody else while it is open here.
	if u, err := open(t, url).User(context.Background(), "kari"); err != nil || u.Name != "kari" {
		t.Errorf("a second reader got %+v, %v", u, err)
	}
}

func TestWhatIsDeletedIsOverwritten(t *testing.T) {
	url := engines["sqlite"](t)
	ctx := context.Background()
	s, err := store.Open(ctx, url, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	secret := strings.Repeat("hemmelig-ord ", 2000) // as network bodies and tokens: across pages, and within one
	n := ad.Network{ID: "n-1", Band: ad.Low, Ads: []ad.Key{"a/1"}, Places: []string{secret}}
	for i := range 20 {
		if err := s.CommitCtx(ctx, fmt.Sprint("hemmelig-tegn-", i), nil, time.Now().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	commit(t, s, ad.Update{Networks: []ad.Network{n}})
	path := strings.TrimPrefix(url, "sqlite:")
	closeAndCount := func() int {
		if err := s.Close(); err != nil { // the WAL is copied into the file and removed
			t.Fatal(err)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return bytes.Count(data, []byte("hemmelig"))
	}
	if closeAndCount() < 2000 {
		t.Fatal("the words are not where the test looks for them")
	}
	if s, err = store.Open(ctx, url, store.Options{}); err != nil {
		t.Fatal(err)
	}
	commit(t, s, ad.Update{Removed: []string{"n-1"}})
	for i := range 20 {
		if err := s.DeleteCtx(ctx, fmt.Sprint("hemmelig-tegn-", i)); err != nil {
			t.Fatal(err)
		}
	}
	if n := closeAndCount(); n != 0 {
		t.Errorf("%d of the deleted words can still be read in the file", n)
	}
}

func TestDamageIsTold(t *testing.T) {
	onEach(t, func(t *testing.T, engine, url string) {
		ctx := context.Background()
		s := open(t, url)
		f := ad.Finding{Sighting: ad.Sighting{Site: "a", AdID: "1", Title: "x", SeenAt: time.Unix(1, 0)}}
		commit(t, s, ad.Update{Findings: []ad.Finding{f}})
		if _, err := behind(t, engine, url).Exec("UPDATE versions SET finding = substr(finding, 1, 20)"); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Ad(ctx, "a/1"); !errors.Is(err, fault.ErrDamaged) {
			t.Errorf("a finding cut short: %v", err)
		}
		if _, err := s.Versions(ctx, "a/1"); !errors.Is(err, fault.ErrDamaged) {
			t.Errorf("a version cut short: %v", err)
		}
	})
}
