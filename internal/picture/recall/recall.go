// Package recall measures how well altered copies of pictures are found again, beside the plain hashes that others use.
//
// It promises that every pair of pictures of different photographs counts as false where it is found, also where both carry the same logo, frame
// or bar, and also where they are photographs of one subject. It keeps nothing of the pictures.
package recall

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"math/bits"
	"runtime"
	"slices"
	"strconv"
	"sync/atomic"

	"github.com/corona10/goimagehash"
	"golang.org/x/sync/errgroup"

	"varde/internal/ad"
	"varde/internal/picture"
	"varde/internal/picture/alter"
)

// Photo is one photograph.
type Photo struct {
	Name string
	Data []byte
}

// Method is one way to compare pictures.
type Method struct {
	Name string `json:"name"`
	// Distance is the greatest with no false pair, where the method has one.
	Distance int `json:"distance"`
	// Mean is the mean recall over the alterations, Without that without the mirrored and turned ones.
	Mean    float64 `json:"mean"`
	Without float64 `json:"mean_upright"`
	// FalsePairs is how many pairs of different photographs were called one picture.
	FalsePairs int `json:"false_pairs"`
}

// Row is the recall of one alteration by method; Tuned and Held are Varde's on the photographs that its numbers were chosen with and on the
// others.
type Row struct {
	Group  string    `json:"group"`
	Name   string    `json:"name"`
	Recall []float64 `json:"recall"`
	Tuned  float64   `json:"tuned"`
	Held   float64   `json:"held_out"`
}

// Table is what was measured.
type Table struct {
	Photos int `json:"photos"`
	// Pairs is how many pairs of pictures of different photographs were compared.
	Pairs   int      `json:"pairs"`
	Methods []Method `json:"methods"`
	Rows    []Row    `json:"rows"`
	// Tuned and Held are the means of the rows'.
	Tuned float64 `json:"tuned"`
	Held  float64 `json:"held_out"`
}

// plain are the hashes of goimagehash that are measured beside Varde.
var plain = []struct {
	name string
	hash func(image.Image) ([]uint64, error)
}{
	{"pHash 64", one(goimagehash.PerceptionHash)},
	{"pHash 16×16", func(img image.Image) ([]uint64, error) {
		h, err := goimagehash.ExtPerceptionHash(img, 16, 16)
		if err != nil {
			return nil, err
		}
		return h.GetHash(), nil
	}},
	{"dHash 64", one(goimagehash.DifferenceHash)},
	{"aHash 64", one(goimagehash.AverageHash)},
}

func one(hash func(image.Image) (*goimagehash.ImageHash, error)) func(image.Image) ([]uint64, error) {
	return func(img image.Image) ([]uint64, error) {
		h, err := hash(img)
		if err != nil {
			return nil, err
		}
		return []uint64{h.GetHash()}, nil
	}
}

// shot is a photograph or an altered copy of it, hashed.
type shot struct {
	plain [][]uint64
	// phash and print are what Varde keeps.
	phash uint64
	print *picture.Fingerprint
	// flat says that it is too even to be compared: Varde finds nothing by it.
	flat bool
}

// Measure alters each photograph in each way and looks for it again. distance is that of two perceptual hashes which Varde calls one.
// done is told after each photograph how many are ready; it is called by several goroutines at once, not always in the order of the numbers, and
// must not be nil.
func Measure(ctx context.Context, photos []Photo, distance int, done func(photos int)) (*Table, error) {
	alterations := alter.All()
	shots := make([][]shot, len(photos)) // of each photograph: as it is, then altered
	var taken atomic.Int64
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, p := range photos {
		g.Go(func() (err error) {
			if err := ctx.Err(); err != nil {
				return err
			}
			shots[i], err = take(p, alterations)
			done(int(taken.Add(1)))
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	t := &Table{Photos: len(photos)}
	for _, a := range alterations {
		t.Rows = append(t.Rows, Row{Group: a.Group, Name: a.Name})
	}
	t.varde(shots, distance)
	for k := range plain {
		t.hash(k, shots)
	}
	return t, nil
}

// take hashes a photograph as it is and in each of its alterations.
func take(p Photo, alterations []alter.Alteration) (all []shot, err error) {
	img, _, err := image.Decode(bytes.NewReader(p.Data))
	if err != nil {
		return nil, fmt.Errorf("decode %s: %w", p.Name, err)
	}
	pixels := alter.Plain(img)
	for n := range len(alterations) + 1 {
		data := p.Data
		if n > 0 {
			if data, err = alterations[n-1].Apply(pixels); err != nil {
				return nil, fmt.Errorf("%s: %w", p.Name, err)
			}
		}
		s, err := hash(data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.Name, err)
		}
		all = append(all, s)
	}
	return all, nil
}

func hash(data []byte) (s shot, err error) {
	var kept ad.Picture
	if kept, err = picture.Hash(bytes.NewReader(data), picture.Limits{}); err != nil {
		return s, err
	}
	s.flat, s.print = kept.Flat, &picture.Fingerprint{}
	if !s.flat {
		if s.phash, err = strconv.ParseUint(kept.PHash, 16, 64); err != nil {
			return s, fmt.Errorf("read a hash: %w", err)
		}
		if s.print, err = picture.ParseFingerprint(kept.Features); err != nil {
			return s, err
		}
	}
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return s, fmt.Errorf("decode an altered picture: %w", err)
	}
	for _, m := range plain {
		h, err := m.hash(img)
		if err != nil {
			return s, fmt.Errorf("%s: %w", m.name, err)
		}
		s.plain = append(s.plain, h)
	}
	return s, nil
}

// varde measures what Varde does: near perceptual hashes, and copies found by a key that they share and then compared.
func (t *Table) varde(shots [][]shot, distance int) {
	index := map[uint64][]posting{}
	for i := range shots {
		for n := range shots[i] {
			keys, looks := shots[i][n].print.KeysAndLooks()
			for k, key := range keys {
				index[key] = append(index[key], posting{i, n, looks[k]})
			}
		}
	}
	recall := make([][]bool, len(shots))
	wrong := map[[2]int]bool{}
	for i := range shots {
		recall[i] = make([]bool, len(shots[i]))
		for n, s := range shots[i] {
			self := i*len(shots[i]) + n
			recall[i][n] = s.near(shots[i][0], distance)
			asked := map[[2]int]bool{}
			keys, looks := s.print.KeysAndLooks()
			for k, key := range keys {
				for _, p := range index[key] {
					other := [2]int{p.photo, p.n}
					if p.photo == i && p.n != 0 || asked[other] || !picture.LooksAlike(looks[k], p.look) {
						continue
					}
					asked[other] = true
					if !picture.Same(s.print, shots[p.photo][p.n].print) {
						continue
					}
					if p.photo == i {
						recall[i][n] = true
					} else {
						m := p.photo*len(shots[i]) + p.n
						wrong[[2]int{min(self, m), max(self, m)}] = true
					}
				}
			}
			for j := range i {
				for m, o := range shots[j] {
					t.Pairs++
					if s.near(o, distance) {
						wrong[[2]int{j*len(shots[j]) + m, self}] = true
					}
				}
			}
		}
	}
	t.add(Method{Name: "Varde", Distance: distance, FalsePairs: len(wrong)}, func(i, n int) bool { return recall[i][n] }, len(shots))
	for r := range t.Rows {
		t.Rows[r].Tuned, t.Rows[r].Held = share(len(shots), 0, 2, func(i int) bool { return recall[i][r+1] }), share(len(shots), 1, 2, func(i int) bool { return recall[i][r+1] })
		t.Tuned, t.Held = t.Tuned+t.Rows[r].Tuned/float64(len(t.Rows)), t.Held+t.Rows[r].Held/float64(len(t.Rows))
	}
}

// posting is a picture that has a key: its photograph, which of its pictures it is, and the look of the key.
type posting struct {
	photo, n int
	look     uint64
}

// near says whether two pictures are one by their perceptual hashes, as the linker reads them.
func (s shot) near(o shot, distance int) bool {
	return !s.flat && !o.flat && picture.Near(s.phash, o.phash, s.print, o.print, distance)
}

// hash measures a plain hash at the greatest distance at which no pair of different photographs is called one picture.
func (t *Table) hash(k int, shots [][]shot) {
	apart := func(a, b shot) (n int) {
		for w, v := range a.plain[k] {
			n += bits.OnesCount64(v ^ b.plain[k][w])
		}
		return n
	}
	least := 1 << 16
	for i := range shots {
		for j := range i {
			for _, a := range shots[i] {
				for _, b := range shots[j] {
					least = min(least, apart(a, b))
				}
			}
		}
	}
	t.add(Method{Name: plain[k].name, Distance: least - 1}, func(i, n int) bool { return apart(shots[i][0], shots[i][n]) < least }, len(shots))
}

// add puts a method's recall into the rows.
func (t *Table) add(m Method, found func(photo, n int) bool, photos int) {
	upright := 0
	for r := range t.Rows {
		row := &t.Rows[r]
		got := share(photos, 0, 1, func(i int) bool { return found(i, r+1) })
		row.Recall = append(row.Recall, got)
		m.Mean += got / float64(len(t.Rows))
		if !slices.Contains([]string{"mirrored", "turned"}, row.Group) {
			m.Without += got
			upright++
		}
	}
	m.Without /= float64(upright)
	t.Methods = append(t.Methods, m)
}

// share is how many of every step-th photograph, from one on, were found.
func share(photos, from, step int, found func(i int) bool) float64 {
	n, got := 0, 0
	for i := from; i < photos; i += step {
		n++
		if found(i) {
			got++
		}
	}
	return float64(got) / float64(max(n, 1))
}
