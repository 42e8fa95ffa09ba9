package picture_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"image"
	"image/color"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"varde/internal/fault"
	"varde/internal/picture"
	"varde/internal/picture/alter"
)

// scene paints a made-up picture with detail on all scales, as photographs have it: noise over noise, discs and bars.
func scene(seed uint64) *image.RGBA {
	const w, h = 400, 300
	r := rand.New(rand.NewPCG(seed, 9))
	light := make([]float64, w*h)
	for cells, strength := 3, 70.0; cells <= 48; cells, strength = cells*2, strength*.75 {
		grid := make([]float64, (cells+2)*(cells+2))
		for i := range grid {
			grid[i] = r.Float64()*2 - 1
		}
		for y := range h {
			for x := range w {
				gx, gy := float64(x*cells)/w, float64(y*cells)/w
				i, fx, fy := int(gy)*(cells+2)+int(gx), gx-float64(int(gx)), gy-float64(int(gy))
				light[y*w+x] += strength * ((grid[i]*(1-fx)+grid[i+1]*fx)*(1-fy) + (grid[i+cells+2]*(1-fx)+grid[i+cells+3]*fx)*fy)
			}
		}
	}
	for range 40 {
		cx, cy, size, add := r.IntN(w), r.IntN(h), 3+r.IntN(18), float64(r.IntN(160)-80)
		for y := max(0, cy-size); y < min(h, cy+size); y++ {
			for x := max(0, cx-size); x < min(w, cx+size); x++ {
				if size%2 == 0 || (x-cx)*(x-cx)+(y-cy)*(y-cy) < size*size {
					light[y*w+x] += add
				}
			}
		}
	}
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for i, v := range light {
		g := uint8(min(max(128+v, 0), 255))
		img.SetRGBA(i%w, i/w, color.RGBA{g, uint8(int(g) * 9 / 10), uint8(int(g) * 7 / 10), 255})
	}
	return img
}

func fingerprint(t testing.TB, data []byte) *picture.Fingerprint {
	t.Helper()
	p, err := picture.Hash(bytes.NewReader(data), picture.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	f, err := picture.ParseFingerprint(p.Features)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// lookup finds pictures by the keys that they share, as the linker does.
type lookup struct {
	prints []*picture.Fingerprint
	by     map[uint64][]posting
}

type posting struct {
	n    int
	look uint64
}

func (l *lookup) add(f *picture.Fingerprint) {
	if l.by == nil {
		l.by = map[uint64][]posting{}
	}
	keys, looks := f.KeysAndLooks()
	for i, k := range keys {
		l.by[k] = append(l.by[k], posting{len(l.prints), looks[i]})
	}
	l.prints = append(l.prints, f)
}

// find lists the pictures that are one with another, in order.
func (l *lookup) find(f *picture.Fingerprint) (found []int) {
	keys, looks := f.KeysAndLooks()
	for i, k := range keys {
		for _, p := range l.by[k] {
			if picture.LooksAlike(looks[i], p.look) && !slices.Contains(found, p.n) && picture.Same(f, l.prints[p.n]) {
				found = append(found, p.n)
			}
		}
	}
	slices.Sort(found)
	return found
}

// TestAlteredCopies: copies are found however they were altered, and nothing else is, also where everything carries the same logo or frame.
// Real photographs are measured by varde eval pictures.
func TestAlteredCopies(t *testing.T) {
	const scenes = 6
	// cropped by a tenth and more, few keys stay
	hard := map[string]bool{"centre 10 %": true, "centre 20 %": true, "centre 30 %": true, "corner 10 %": true, "corner 20 %": true, "corner 30 %": true,
		"mirrored, cropped 10 %, logo": true}
	var index lookup
	plain := make([]*image.RGBA, scenes)
	for i := range plain {
		plain[i] = scene(uint64(i))
		index.add(fingerprint(t, encode(t, plain[i], "jpeg")))
	}
	lost := 0
	for _, a := range alter.All() {
		var same lookup
		for i, img := range plain {
			data, err := a.Apply(img)
			if err != nil {
				t.Fatal(err)
			}
			f := fingerprint(t, data)
			found := index.find(f)
			if len(found) > 1 || len(found) == 1 && found[0] != i {
				t.Errorf("%s, %s: picture %d is taken for %d", a.Group, a.Name, i, found)
			}
			if len(found) == 0 && !hard[a.Name] {
				lost++
				t.Logf("%s, %s: picture %d is not found", a.Group, a.Name, i)
			}
			if others := same.find(f); len(others) > 0 {
				t.Errorf("%s, %s: pictures %d and %d, altered alike, are taken for one", a.Group, a.Name, i, others)
			}
			same.add(f)
		}
	}
	if most := scenes * len(alter.All()) / 50; lost > most {
		t.Errorf("%d altered copies are not found; up to %d are borne", lost, most)
	}
}

func TestHowACopyWasAltered(t *testing.T) {
	img := scene(3)
	base := fingerprint(t, encode(t, img, "jpeg"))
	want := map[string]picture.Likeness{
		"JPEG 50": {}, "50 %": {}, "darker": {}, "logo": {}, "censor bar": {}, "centre 10 %": {Cropped: true}, "corner 10 %": {Cropped: true},
		"left and right": {Mirrored: true}, "up and down": {Mirrored: true}, "90°": {Turned: true}, "180°": {Turned: true},
		"white 8 %": {Framed: true}, "letterbox": {Framed: true}, "mirrored, cropped 10 %, logo": {Mirrored: true, Cropped: true},
	}
	for _, a := range alter.All() {
		like, ok := want[a.Name]
		if !ok {
			continue
		}
		delete(want, a.Name)
		data, err := a.Apply(img)
		if err != nil {
			t.Fatal(err)
		}
		for _, pair := range [][2]*picture.Fingerprint{{base, fingerprint(t, data)}, {fingerprint(t, data), base}} {
			if got, same := picture.Compare(pair[0], pair[1]); !same || got != like {
				t.Errorf("%s: %+v, same %v; want %+v", a.Name, got, same, like)
			}
		}
	}
	if len(want) > 0 {
		t.Errorf("no alteration is called %v", want)
	}
	if got, same := picture.Compare(base, fingerprint(t, encode(t, scene(4), "jpeg"))); same {
		t.Errorf("another picture is the same: %+v", got)
	}
}

// TestWriting: pages of text, as screenshots show them, are not taken for each other because they share letters.
func TestWriting(t *testing.T) {
	var index lookup
	for i := range 8 {
		f := fingerprint(t, encode(t, alter.Page(uint64(i), 480, 640), "png"))
		if found := index.find(f); len(found) > 0 {
			t.Errorf("page %d is taken for %d", i, found)
		}
		index.add(f)
	}
}

// prints draws fingerprints of few pictures: each is shifted, thinned and noised now and then, so that some are copies and some nearly.
func prints(t *rapid.T) []*picture.Fingerprint {
	r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 5))
	var out []*picture.Fingerprint
	base := make([][]uint32, 3)
	for i := range base {
		base[i] = []uint32{1<<24 | 255<<8 | 191}
		for range 40 + r.IntN(80) {
			m := uint64(r.Uint64()>>21) | uint64(r.IntN(20))<<43 | uint64(30+r.IntN(180))<<48 | uint64(30+r.IntN(140))<<56
			base[i] = append(base[i], uint32(m), uint32(m>>32))
		}
	}
	for range rapid.IntRange(2, 9).Draw(t, "pictures") {
		from := base[r.IntN(len(base))]
		sig := []uint32{from[0]}
		dx, dy, keep, noise := r.IntN(20), r.IntN(20), 1+r.IntN(4), r.IntN(9)
		for i := 1; i < len(from); i += 2 {
			if r.IntN(4) >= keep {
				continue
			}
			m := uint64(from[i]) | uint64(from[i+1])<<32
			m += uint64(dx)<<48 | uint64(dy)<<56
			for range noise {
				m ^= 1 << r.IntN(42)
			}
			sig = append(sig, uint32(m), uint32(m>>32))
		}
		f, err := picture.FromSignature(sig)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, f)
	}
	return out
}

// TestFindDoesNotDependOnOrder: two pictures are found to be one or not, whichever comes first and whatever else there is.
func TestFindDoesNotDependOnOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := prints(t)
		order := make([]int, len(all))
		for i := range order {
			order[i] = i
		}
		order = rapid.Permutation(order).Draw(t, "order")
		got := map[[2]int]bool{}
		var index lookup
		for _, i := range order {
			for _, n := range index.find(all[i]) {
				got[[2]int{min(i, order[n]), max(i, order[n])}] = true
			}
			index.add(all[i])
		}
		for i := range all {
			for j := range i {
				var alone lookup
				alone.add(all[i])
				found := len(alone.find(all[j])) > 0
				if found != got[[2]int{j, i}] {
					t.Fatalf("%d and %d: alone %v, among others %v", j, i, found, !found)
				}
				how, same := picture.Compare(all[i], all[j])
				back, again := picture.Compare(all[j], all[i])
				if found && !same || same != again || how != back {
					t.Fatalf("%d and %d: found %v, compared %v %+v and %v %+v", j, i, found, same, how, again, back)
				}
			}
		}
	})
}

func TestFingerprintsAreKeptWhole(t *testing.T) {
	f := fingerprint(t, encode(t, scene(1), "jpeg"))
	if f.Marks() < 60 {
		t.Errorf("only %d marks", f.Marks())
	}
	back, err := picture.FromSignature(f.Signature())
	if err != nil || back.String() != f.String() {
		t.Errorf("%v", err)
	}
	if raw, err := base64.RawStdEncoding.DecodeString(f.String()); err != nil || len(raw) > 1028 {
		t.Errorf("%d bytes, %v", len(raw), err)
	}
	for _, bad := range []string{"", "AAAA", "AAAAAA", "?", f.String() + "AAAAAAAAAAA", f.String()[:len(f.String())-3]} {
		if _, err := picture.ParseFingerprint(bad); !errors.Is(err, fault.ErrDamaged) {
			t.Errorf("%.20q: %v", bad, err)
		}
	}
}

func FuzzCompare(f *testing.F) {
	one := fingerprint(f, encode(f, scene(1), "jpeg")).String()
	f.Add(one, one)
	f.Add(one, fingerprint(f, encode(f, scene(2), "jpeg")).String())
	f.Fuzz(func(t *testing.T, a, b string) {
		x, errX := picture.ParseFingerprint(a)
		y, errY := picture.ParseFingerprint(b)
		if errX != nil || errY != nil {
			return
		}
		one, same := picture.Compare(x, y)
		if two, again := picture.Compare(y, x); one != two || same != again {
			t.Errorf("%+v %v, the other way %+v %v", one, same, two, again)
		}
		if picture.Same(x, y) != same || picture.Same(y, x) != same {
			t.Errorf("Same is not what Compare says: %v", same)
		}
	})
}

func BenchmarkCompare(b *testing.B) {
	one, two := fingerprint(b, encode(b, scene(1), "jpeg")), fingerprint(b, encode(b, scene(2), "jpeg"))
	again := fingerprint(b, encode(b, scene(1), "poor"))
	b.Run("others", func(b *testing.B) {
		for b.Loop() {
			picture.Compare(one, two)
		}
	})
	b.Run("copies", func(b *testing.B) {
		for b.Loop() {
			picture.Compare(one, again)
		}
	})
}
