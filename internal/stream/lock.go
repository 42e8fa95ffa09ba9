package stream

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"varde/internal/fault"
)

// lockName is the file in the stream's folder that a running process holds.
const lockName = "varde.lock"

// lock keeps other processes out of a folder. The kernel lets go of it when the process ends, however it ends.
type lock struct{ f *os.File }

func lockDir(dir string) (*lock, error) {
	f, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open lock of %s: %w", dir, err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		defer f.Close()
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("lock %s: %w", dir, err)
		}
		return nil, inUse(dir, f)
	}
	if err := errors.Join(f.Truncate(0), writePID(f)); err != nil {
		f.Close()
		return nil, fmt.Errorf("write lock of %s: %w", dir, err)
	}
	return &lock{f: f}, nil
}

func writePID(f *os.File) error {
	_, err := f.WriteAt([]byte(fmt.Sprintf("%d\n", os.Getpid())), 0)
	return err
}

func inUse(dir string, f *os.File) error {
	holder := "another process"
	if b, err := io.ReadAll(io.LimitReader(f, 32)); err == nil && len(strings.TrimSpace(string(b))) > 0 {
		holder = "process " + strings.TrimSpace(string(b))
	}
	return fault.Tell(fmt.Sprintf("The data folder %s is in use by %s. Stop that process, reach it with --nats if it listens (varde up --listen-nats), or choose another folder with --data.", dir, holder),
		fmt.Errorf("lock %s: %w", dir, fault.ErrInUse))
}

// release lets the next process in. The file stays: removing it would let two processes lock two files of one name.
func (l *lock) release() error {
	return errors.Join(l.f.Truncate(0), l.f.Close())
}
