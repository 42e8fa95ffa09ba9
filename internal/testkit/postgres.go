package testkit

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver named pgx
)

// keeper makes a server, says so, and waits until nobody holds its standard input any more: however the test program
// ends, killed too, its server is stopped and its folder removed. It stops the server of its own folder and no other.
const keeper = `
trap '' HUP INT TERM PIPE
log="$DIR/log"
if "$BIN/initdb" -D "$DIR/data" -U varde --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$log" 2>&1 &&
  "$BIN/pg_ctl" -D "$DIR/data" -w -t 60 -l "$log" -o "-c listen_addresses='' -c unix_socket_directories='$DIR' -c fsync=on -c max_connections=100" start >>"$log" 2>&1
then echo ready; else echo failed; fi
cat >/dev/null
"$BIN/pg_ctl" -D "$DIR/data" -w -m immediate stop >>"$log" 2>&1
rm -rf "$DIR"
`

// pg is the one PostgreSQL server of a test program.
var pg struct {
	once  sync.Once
	dir   string
	hold  *os.File // the keeper's standard input: it is never closed before the program ends
	err   error
	count atomic.Int64
}

// Postgres returns the URL of a new and empty database on a real PostgreSQL server with fsync on. The server is started
// for the first test that asks, shared by the tests of one test program, reached through a socket that only its owner
// can open, and gone when the program is. Where PostgreSQL is not installed the test fails and says how to install it.
func Postgres(t testing.TB) string {
	t.Helper()
	pg.once.Do(startPostgres)
	if pg.err != nil {
		t.Fatalf("start PostgreSQL: %v", pg.err)
	}
	name := fmt.Sprintf("test_%d", pg.count.Add(1))
	db, err := sql.Open("pgx", databaseURL("postgres"))
	if err != nil {
		t.Fatalf("open the server: %v", err)
	}
	defer db.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	// Databases sort as people in Norway do, so that a test sees where the record would rely on a locale.
	if _, err := db.ExecContext(ctx, "CREATE DATABASE "+name+" TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'nb-NO' LOCALE 'C.UTF-8'"); err != nil {
		t.Fatalf("create database %s: %v", name, err)
	}
	return databaseURL(name)
}

func databaseURL(name string) string {
	return "postgres://varde@/" + name + "?host=" + url.QueryEscape(pg.dir)
}

func startPostgres() {
	bin, err := postgresBin()
	if err != nil {
		pg.err = err
		return
	}
	if pg.dir, pg.err = os.MkdirTemp("", "varde-pg-"); pg.err != nil {
		return
	}
	cmd := exec.Command("/bin/sh", "-c", keeper)
	cmd.Env = []string{"BIN=" + bin, "DIR=" + pg.dir, "PATH=/usr/bin:/bin", "TZ=UTC"}
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // an interrupt on the terminal must not stop the keeper first
	if os.Getuid() == 0 {
		if pg.err = asPostgres(cmd); pg.err != nil {
			return
		}
	}
	pg.err = runKeeper(cmd)
}

// runKeeper starts the keeper and waits for its word.
func runKeeper(cmd *exec.Cmd) error {
	in, hold, err := os.Pipe()
	if err != nil {
		return err
	}
	defer in.Close()
	pg.hold = hold
	cmd.Stdin = in
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	word, err := bufio.NewReader(out).ReadString('\n')
	if strings.TrimSpace(word) == "ready" {
		return nil
	}
	log, _ := os.ReadFile(filepath.Join(pg.dir, "log"))
	return errors.Join(fmt.Errorf("its log says:\n%s", log), err, hold.Close())
}

// asPostgres runs cmd as Debian's user postgres, because initdb refuses root, and gives that user the folder.
func asPostgres(cmd *exec.Cmd) error {
	u, err := user.Lookup("postgres")
	if err != nil {
		return fmt.Errorf("initdb refuses to run as root, and there is no user postgres: %w", err)
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return err
	}
	cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return os.Chown(pg.dir, int(uid), int(gid))
}

// postgresBin returns the folder of the newest installed server's programs.
func postgresBin() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil {
		return "", err
	}
	if len(found) == 0 {
		return "", errors.New("PostgreSQL is not installed: run make tools, or apt-get install postgresql")
	}
	version := func(path string) int {
		n, _ := strconv.Atoi(strings.Split(path, "/")[4])
		return n
	}
	slices.SortFunc(found, func(a, b string) int { return version(a) - version(b) })
	return filepath.Dir(found[len(found)-1]), nil
}
