package adapter

import (
	"path/filepath"
	"testing"
)

// TestEveryAdapterHasExamples: a new one shows what it reads, and TestExamples compares it.
func TestEveryAdapterHasExamples(t *testing.T) {
	for _, a := range all {
		if paths, err := filepath.Glob(filepath.Join("testdata", a.name(), "*.golden.json")); err != nil || len(paths) < 2 {
			t.Errorf("%s has %d examples, %v", a.name(), len(paths), err)
		}
	}
}
