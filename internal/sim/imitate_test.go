package sim

import (
	"bytes"
	"math/bits"
	"strconv"
	"testing"

	"varde/internal/ad"
	imaging "varde/internal/picture"
)

// hashed is what is kept of a picture.
type hashed struct {
	phash uint64
	print *imaging.Fingerprint
}

func readHashed(t *testing.T, p ad.Picture) hashed {
	t.Helper()
	h, err := strconv.ParseUint(p.PHash, 16, 64)
	if err != nil {
		t.Fatal(err)
	}
	print, err := imaging.ParseFingerprint(p.Features)
	if err != nil {
		t.Fatal(err)
	}
	return hashed{h, print}
}

func drawn(t *testing.T, p picture) hashed {
	t.Helper()
	data, _ := p.encode(7)
	h, err := imaging.Hash(bytes.NewReader(data), imaging.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return readHashed(t, h)
}

// shared counts the spots of b that lie within two pixels of one of a and differ from it in at most 8 of its 42 signs, and those signs.
func shared(a, b *imaging.Fingerprint) (spots, signs int) {
	one, two := a.Signature()[1:], b.Signature()[1:]
	for i := 0; i < len(one); i += 2 {
		m := uint64(one[i]) | uint64(one[i+1])<<32
		for j := 0; j < len(two); j += 2 {
			o := uint64(two[j]) | uint64(two[j+1])<<32
			dx, dy := int(m>>48&255)-int(o>>48&255), int(m>>56)-int(o>>56)
			if n := bits.OnesCount64((m ^ o) & (1<<43 - 1)); n <= 8 && max(dx, -dx) <= 2 && max(dy, -dy) <= 2 {
				spots, signs = spots+1, signs+n
				break
			}
		}
	}
	return spots, signs
}

// TestImitationsAreLikeDrawings: two uses of one imitation have as much in common as two of one drawing, in each way of altering it, and linking
// finds the one where it finds the other.
func TestImitationsAreLikeDrawings(t *testing.T) {
	imitated := func(t *testing.T, p picture) hashed { return readHashed(t, p.imitate(7)) }
	const bases = 20
	for turn := range turns {
		var found, kept, differ, near [2]int
		for kind, make := range []func(*testing.T, picture) hashed{drawn, imitated} {
			for base := range bases {
				a, b := make(t, picture{base: 64 * base, variant: base}), make(t, picture{base: 64 * base, variant: 1000 + base, turn: turn})
				if how, same := imaging.Compare(a.print, b.print); same && how.Mirrored == (turn == mirrored) && how.Framed == (turn == framed) {
					found[kind]++
				}
				near[kind] += bits.OnesCount64(a.phash ^ b.phash)
				spots, signs := shared(a.print, b.print)
				kept[kind], differ[kind] = kept[kind]+spots, differ[kind]+signs
			}
		}
		t.Logf("turn %d: of %d drawings %d are found and of as many imitations %d; spots kept %d and %d, signs that differ %d and %d, bits of hashes %d and %d",
			turn, bases, found[0], found[1], kept[0], kept[1], differ[0], differ[1], near[0], near[1])
		if found[0] != bases || found[1] != bases {
			t.Errorf("turn %d: %d of %d drawings are found, %d imitations", turn, found[0], bases, found[1])
		}
		for _, two := range [][2]int{kept, differ} {
			if turn != mirrored && turn != cropped && (4*two[0] < 3*two[1] || 4*two[1] < 3*two[0]) {
				t.Errorf("turn %d: %d of drawings, %d of imitations", turn, two[0], two[1])
			}
		}
		if n := near[1]; turn == asIs && n > 2*bases || turn != asIs && n < 15*bases {
			t.Errorf("turn %d: the hashes of %d imitations differ in %d bits", turn, bases, n)
		}
	}
}

// TestImitationsOfDifferentDrawingsAreNotAlike as linking looks for copies.
func TestImitationsOfDifferentDrawingsAreNotAlike(t *testing.T) {
	keys := map[uint64][]hashed{}
	var hashes []uint64
	nearest := 64
	for base := range 1500 {
		one := readHashed(t, picture{base: base - 50, variant: base}.imitate(7))
		for _, key := range one.print.Keys() {
			for _, other := range keys[key] {
				if imaging.Same(one.print, other.print) {
					t.Errorf("%d is taken for another", base)
				}
			}
			keys[key] = append(keys[key], one)
		}
		for _, h := range hashes {
			nearest = min(nearest, bits.OnesCount64(h^one.phash))
		}
		hashes = append(hashes, one.phash)
	}
	if nearest <= 7 {
		t.Errorf("two hashes differ in %d bits", nearest)
	}
}

func TestImitatedAdsAreTheAdsOfTheWorld(t *testing.T) {
	w := NewWorld(Config{Seed: 7, Ads: 200})
	for i := 199; i >= 0; i-- {
		plain, s := w.Sighting(i), w.Imitated(i)
		if s.Key() != plain.Key() || s.Version() == "" || len(s.Pictures) != len(plain.Images) {
			t.Fatalf("ad %d: %d pictures, want %d", i, len(s.Pictures), len(plain.Images))
		}
		again := w.Imitated(i)
		for n, p := range s.Pictures {
			if p.Image != n+1 || p != again.Pictures[n] {
				t.Errorf("%s: picture %d is %+v", s.Key(), n+1, p)
			}
		}
	}
}
