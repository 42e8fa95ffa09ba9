package network_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"varde/internal/ad"
	"varde/internal/fault"
	"varde/internal/network"
	"varde/internal/testkit"
)

// TestDamagedState: whatever file of the state is damaged, cut off or gone, and wherever, nothing panics and the ads come into the same networks: by
// an empty state at once, or by an error that says so and an empty state at the next start.
func TestDamagedState(t *testing.T) {
	cat := testkit.Catalogue(t)
	r := rand.New(rand.NewPCG(3, 4))
	var in []ad.Finding
	for i := range 120 {
		f := one{name: "a" + names[i%len(names)]}.finding(i)
		f.Identifiers = append(f.Identifiers, alteredPicture(r, uint64(i/2)), signed(randomWords(r)))
		if i%3 == 0 {
			f.Identifiers = append(f.Identifiers, ad.Identifier{Kind: ad.Phone, Value: fmt.Sprintf("+474000%04d", i/9)})
		}
		in = append(in, f)
	}
	first, rest := in[:80], in[80:]
	// run links the rest after the first, with the files of the state damaged between; it tells how often it had to begin again.
	run := func(name string, damage func(b []byte) []byte) (dump string, healed int) {
		dir := t.TempDir()
		rec := newRecord()
		rec.cfg = config
		l := loadFrom(t, dir, cat, rec)
		u, err := l.Link(t.Context(), first, start)
		if err != nil {
			t.Fatal(err)
		}
		rec.apply(u)
		if err := errors.Join(l.Save("r", int64(len(rec.changes))), l.Close()); err != nil {
			t.Fatal(err)
		}
		for range 2 { // Pebble writes its log to tables when it is opened again
			if err := loadFrom(t, dir, cat, rec).Close(); err != nil {
				t.Fatal(err)
			}
		}
		damageTables(t, dir, damage)
		for ; healed < 3; healed++ {
			u, damaged, err := linkOnce(t, dir, rec, rest)
			if err == nil {
				if damaged != nil {
					healed++
				}
				rec.apply(u)
				return rec.dump(t), healed
			}
			if !errors.Is(err, fault.ErrDamaged) {
				t.Fatalf("%s: the error is %v", name, err)
			}
		}
		t.Fatalf("%s: it stays damaged", name)
		return "", 0
	}
	want, healed := run("as it was", func(b []byte) []byte { return b })
	if healed > 0 {
		t.Fatal("a state that is whole was made anew")
	}
	found := 0
	const parts = 6
	check := func(name string, damage func(b []byte) []byte) {
		got, healed := run(name, damage)
		if got != want {
			t.Errorf("%s: %s", name, firstDifference(want, got))
		}
		found += min(healed, 1)
	}
	for part := range parts {
		check(fmt.Sprint("part ", part), func(b []byte) []byte {
			for i := len(b) * part / parts; i < len(b)*(part+1)/parts; i++ {
				b[i] ^= 0x55
			}
			return b
		})
	}
	check("cut off", func(b []byte) []byte { return b[:len(b)/2] })
	check("empty", func([]byte) []byte { return []byte{} })
	check("gone", func([]byte) []byte { return nil })
	if found < parts {
		t.Errorf("damage was found %d times", found)
	}
}

// linkOnce opens a state, links findings and closes it.
func linkOnce(t *testing.T, dir string, rec *record, findings []ad.Finding) (u ad.Update, damaged, err error) {
	l, err := network.Open(dir, rec.cfg, testkit.Catalogue(t))
	if err != nil {
		return u, nil, err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	if _, err := l.Learn(t.Context(), rec); err != nil {
		return u, nil, err
	}
	if _, err := l.Take(t.Context(), nil, nil, start); err != nil {
		return u, nil, err
	}
	u, err = l.Link(t.Context(), findings, start)
	return u, l.Damage(), err
}

// damageTables changes Pebble's files of keys and values; what is nil is removed.
func damageTables(t *testing.T, dir string, damage func(b []byte) []byte) {
	n := 0
	for _, pattern := range []string{"*.sst", "*.blob"} {
		files, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			if b = damage(b); b == nil {
				err = os.Remove(f)
			} else {
				err = os.WriteFile(f, b, 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
	}
	if n == 0 {
		t.Fatal("there are no tables")
	}
}
