package testkit

import (
	"bytes"
	"sync"
	"testing"

	"varde/configs"
	"varde/internal/indicator"
)

// Catalogue is the catalogue of indicators that Varde comes with.
func Catalogue(t testing.TB) *indicator.Catalogue {
	t.Helper()
	data, err := configs.FS.ReadFile("indicators.yaml")
	if err != nil {
		t.Fatal(err)
	}
	c, err := indicator.Load("indicators.yaml", data)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Output collects what several goroutines write. The zero value is ready.
type Output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write appends.
func (o *Output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

// String is what was written so far.
func (o *Output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}
