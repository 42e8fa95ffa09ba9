package adapter

import (
	"regexp"
	"sync"
	"time"

	"github.com/andybalholm/cascadia"
)

// memo keeps what is made from a text of a target's file, so that it is made once and not for every page.
type memo[T any] struct {
	mu   sync.RWMutex
	kept map[string]T
	make func(string) (T, error)
}

// mostKept bounds a memo; targets together have fewer selectors than that.
const mostKept = 4096

func (m *memo[T]) get(key string) (T, error) {
	m.mu.RLock()
	v, ok := m.kept[key]
	m.mu.RUnlock()
	if ok {
		return v, nil
	}
	v, err := m.make(key)
	if err != nil {
		return v, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.kept == nil || len(m.kept) >= mostKept {
		m.kept = map[string]T{}
	}
	m.kept[key] = v
	return v, nil
}

var (
	selectors = memo[cascadia.Matcher]{make: func(s string) (cascadia.Matcher, error) { return cascadia.ParseGroup(s) }}
	patterns  = memo[*regexp.Regexp]{make: regexp.Compile}
	zones     = memo[*time.Location]{make: time.LoadLocation}
)
