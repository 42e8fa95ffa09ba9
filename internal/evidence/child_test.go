package evidence_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"varde/internal/ad"
	"varde/internal/evidence"
)

// childEnv makes the test binary a writer of evidence in the folder that it names.
const childEnv = "VARDE_TEST_EVIDENCE_CHILD"

func TestMain(m *testing.M) {
	kind, dir, child := strings.Cut(os.Getenv(childEnv), ":")
	if !child {
		os.Exit(m.Run())
	}
	var err error
	switch kind {
	case "write":
		err = writeForEver(dir)
	case "full":
		err = writeUntilFull(dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func child(kind, dir string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), childEnv+"="+kind+":"+dir)
	cmd.Stderr = os.Stderr
	return cmd
}

// writeForEver appends from many goroutines and prints the captures that were confirmed.
func writeForEver(dir string) error {
	cfg := evidence.Config{Dir: dir, Rotate: 64 << 10}
	a, err := evidence.Open(cfg)
	if err != nil {
		return err
	}
	out := json.NewEncoder(os.Stdout)
	var mu sync.Mutex
	errs := make(chan error)
	for g := range 4 {
		go func() {
			for i := 0; ; i++ {
				body := strings.Repeat(fmt.Sprintf("<p>%d %d</p>", g, i), 1+i%300)
				captures, err := a.Append(fmt.Sprintf("set%d", g%2), exchange(fmt.Sprintf("http://example.test/%d/%d", g, i), body)...)
				if err == nil {
					err = a.Sync(context.Background())
				}
				if err != nil {
					errs <- err
					return
				}
				mu.Lock()
				out.Encode(captures)
				mu.Unlock()
			}
		}()
	}
	return <-errs
}

func TestWhatWasConfirmedSurvivesAKill(t *testing.T) {
	dir := t.TempDir()
	rnd := rand.New(rand.NewPCG(3, 4))
	var confirmed []ad.Capture
	told := 0
	for range 8 {
		cmd := child("write", dir)
		pipe, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(pipe)
		lines.Buffer(nil, 1<<20)
		for n := 5 + rnd.IntN(150); lines.Scan(); n-- {
			var captures []ad.Capture
			if json.Unmarshal(lines.Bytes(), &captures) == nil { // the last line may be cut by the kill
				confirmed = append(confirmed, captures...)
			}
			if n == 0 {
				if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := cmd.Wait(); err == nil {
			t.Fatal("the child ended by itself")
		}
		a := open(t, evidence.Config{Dir: dir})
		for _, r := range a.Recovered() {
			told++
			if r.Err != nil || r.Lost+r.Gaps+r.IndexCut > 0 {
				t.Error(r)
			}
		}
		readable(t, a, confirmed)
		if r := verify(t, a); !r.OK() || r.Records < int64(len(confirmed)) {
			t.Fatalf("%d records, %d confirmed; %s", r.Records, len(confirmed), faults(r))
		}
		a.Close()
	}
	if told == 0 { // one kill may find all whole, hardly eight
		t.Error("nothing was mended after any kill")
	}
	if len(confirmed) < 8*15 {
		t.Errorf("only %d records were confirmed", len(confirmed))
	}
}

// writeUntilFull lowers the size that the system lets a file have, writes until it refuses, and raises it again. This is what a full disk
// looks like: writes that succeed in part.
func writeUntilFull(dir string) error {
	signal.Ignore(syscall.SIGXFSZ)
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	a, err := evidence.Open(evidence.Config{Dir: dir})
	if err != nil {
		return err
	}
	add := func(i int) error {
		captures, err := a.Append("site", exchange(fmt.Sprintf("http://example.test/%d", i), strings.Repeat("<p>hei</p>", i))...)
		if err == nil {
			err = a.Sync(context.Background())
		}
		if err == nil {
			err = json.NewEncoder(os.Stdout).Encode(captures)
		}
		return err
	}
	full := 0
	for i := range 400 {
		switch {
		case i == 100:
			err = syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 200 << 10, Max: limit.Max})
		case i == 390:
			err = syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit)
		}
		if err != nil {
			return err
		}
		switch err := add(i); {
		case errors.Is(err, syscall.EFBIG):
			full++
		case err != nil:
			return err
		}
	}
	if full == 0 || add(400) != nil {
		return fmt.Errorf("%d writes were refused", full)
	}
	return a.Close()
}

func TestADiskThatIsFullForAWhile(t *testing.T) {
	dir := t.TempDir()
	out, err := child("full", dir).Output()
	if err != nil {
		t.Fatal(err)
	}
	a := open(t, evidence.Config{Dir: dir})
	if told := a.Recovered(); len(told) > 0 {
		t.Error(told)
	}
	n := 0
	for line := range strings.Lines(string(out)) {
		var captures []ad.Capture
		if err := json.Unmarshal([]byte(line), &captures); err != nil {
			t.Fatal(err)
		}
		readable(t, a, captures)
		n++
	}
	if r := verify(t, a); !r.OK() || n < 110 {
		t.Errorf("%d confirmed; %s", n, faults(r))
	}
}

func TestSyncDoesNotWaitForOneWhoLeft(t *testing.T) {
	a := open(t, testConfig(t.TempDir()))
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	cancel()
	if err := a.Sync(ctx); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if err := a.Sync(context.Background()); err != nil {
		t.Error(err)
	}
}
