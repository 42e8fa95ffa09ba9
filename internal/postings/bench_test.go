package postings_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"varde/internal/kv"
	"varde/internal/postings"
)

const (
	// benchBatch records are committed at once, about as many as 256 ads have; a new ad looks up half as many again as it puts.
	benchBatch = 30_000
	// benchKeys is how often a key comes again, on average, in benchMany records.
	benchKeys = 4
)

// BenchmarkPostings puts records with hashes as keys, and looks up as many, in a table and in the store of keys and values alone, as the state of
// linking had it before: a list of entries for each key.
func BenchmarkPostings(b *testing.B) {
	for _, many := range []int{1_000_000, 10_000_000} {
		key := func(r *rand.Rand) uint64 { return uint64(r.IntN(many/benchKeys)) * 0x9e3779b97f4a7c15 }
		b.Run(fmt.Sprintf("table/%d", many), func(b *testing.B) {
			for range b.N {
				s, err := kv.Open(filepath.Join(b.TempDir(), "kv"), "")
				if err != nil {
					b.Fatal(err)
				}
				t, err := postings.Open(filepath.Join(b.TempDir(), "postings"), s, 'k', postings.Config{Most: 16, Fresh: 1 << 20})
				if err != nil {
					b.Fatal(err)
				}
				r := rand.New(rand.NewPCG(1, 1))
				var found []postings.Entry
				for i := range many {
					k := key(r)
					found = t.Find(k, found[:0])
					t.Put(k, postings.Entry{Tag: 2 * uint64(i), Look: k})
					if i%benchBatch == 0 {
						if err := t.Commit(); err != nil {
							b.Fatal(err)
						}
					}
				}
				if err := errors.Join(t.Commit(), t.Close(), s.Close()); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(many*b.N), "ns/record")
		})
		b.Run(fmt.Sprintf("store/%d", many), func(b *testing.B) {
			for range b.N {
				s, err := kv.Open(filepath.Join(b.TempDir(), "kv"), "k")
				if err != nil {
					b.Fatal(err)
				}
				r := rand.New(rand.NewPCG(1, 1))
				for i := range many {
					k := key(r)
					name := binary.BigEndian.AppendUint64([]byte{'k'}, k)
					list, _ := s.Get(name)
					list = binary.LittleEndian.AppendUint64(append([]byte{}, list...), 2*uint64(i))
					s.Put(name, binary.LittleEndian.AppendUint64(list, k))
					if i%benchBatch == 0 {
						if err := s.Commit(); err != nil {
							b.Fatal(err)
						}
					}
				}
				if err := errors.Join(s.Commit(), s.Close()); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(many*b.N), "ns/record")
		})
	}
}
