package evidence

import (
	"fmt"
	"os"
	"syscall"

	"varde/internal/fault"
)

// lockFile takes the file for this process. The system lets go of it when the process ends, however it ends. A file that was renamed or
// removed before the lock was had is not ours any more.
func lockFile(f file, path string) error {
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		if err == syscall.EWOULDBLOCK {
			return fault.ErrInUse
		}
		return fmt.Errorf("flock: %w", err)
	}
	have, err := f.Stat()
	if err != nil {
		return err
	}
	there, err := os.Stat(path)
	if err != nil {
		return err
	}
	if !os.SameFile(have, there) {
		return fault.ErrInUse
	}
	return nil
}
