package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"varde/internal/ad"
)

// replaceFile writes beside the file and puts it in place when it is whole: a broken export is never taken for a full one.
func replaceFile(path string, write func(io.Writer) error) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return fmt.Errorf("%s is a folder; name a file in it", path)
	}
	beside := filepath.Join(filepath.Dir(path), ".part-"+filepath.Base(path))
	w, err := ad.Create(beside)
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := errors.Join(write(w), w.Close()); err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", path, err), os.Remove(beside))
	}
	if err := os.Rename(beside, path); err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", path, err), os.Remove(beside))
	}
	return nil
}
