package picture_test

import (
	"bytes"
	"fmt"
	"image"
	"math/rand/v2"
	"slices"
	"testing"

	"varde/internal/picture"
	"varde/internal/picture/alter"
)

// shared is how many keys two fingerprints share, and with how many of them looks that are alike.
func shared(a, b *picture.Fingerprint) (keys, alike int) {
	keysA, looksA := a.KeysAndLooks()
	keysB, looksB := b.KeysAndLooks()
	for i, k := range keysA {
		if j := slices.Index(keysB, k); j >= 0 {
			keys++
			if picture.LooksAlike(looksA[i], looksB[j]) {
				alike++
			}
		}
	}
	return keys, alike
}

func altered(t testing.TB, group, name string, img *image.RGBA) *picture.Fingerprint {
	t.Helper()
	for _, a := range alter.All() {
		if a.Group == group && a.Name == name {
			data, err := a.Apply(img)
			if err != nil {
				t.Fatal(err)
			}
			return fingerprint(t, data)
		}
	}
	t.Fatalf("nothing is altered as %s, %s", group, name)
	return nil
}

// TestKeysOfCopies: a copy shares keys with its picture, and one that is mirrored or turned about as many as one that is only packed again.
func TestKeysOfCopies(t *testing.T) {
	for seed := range uint64(6) {
		img := scene(seed)
		base := fingerprint(t, encode(t, img, "jpeg"))
		for _, a := range [][3]string{{"re-encoded", "JPEG 70", "16"}, {"mirrored", "left and right", "16"}, {"mirrored", "up and down", "16"}, {"turned", "90°", "16"},
			{"turned", "180°", "16"}, {"turned", "270°", "16"}, {"framed", "white 8 %", "8"}, {"written over", "logo", "4"}, {"overlaid", "emoji", "4"}} {
			least := 0
			if _, err := fmt.Sscan(a[2], &least); err != nil {
				t.Fatal(err)
			}
			if keys, alike := shared(base, altered(t, a[0], a[1], img)); keys < least || alike < keys {
				t.Errorf("picture %d %s, %s: %d keys are shared, %d look alike; want %d", seed, a[0], a[1], keys, alike, least)
			}
		}
	}
}

// TestKeysOfOthers: different pictures share no key, also where both carry the same logo, text or frame, but for a few.
func TestKeysOfOthers(t *testing.T) {
	for _, a := range [][2]string{{"re-encoded", "JPEG 90"}, {"written over", "logo"}, {"written over", "large text"}, {"written over", "faint tiles"}, {"framed", "white 8 %"}} {
		total := 0
		var prints []*picture.Fingerprint
		for seed := range uint64(6) {
			prints = append(prints, altered(t, a[0], a[1], scene(seed)))
			for _, o := range prints[:seed] {
				n, _ := shared(prints[seed], o)
				total += n
			}
		}
		if total > 8 {
			t.Errorf("%s, %s: 15 pairs of pictures share %d keys", a[0], a[1], total)
		}
	}
}

// checkKeys fails where the keys of a fingerprint are not what they promise.
func checkKeys(t *testing.T, f *picture.Fingerprint) {
	t.Helper()
	keys, looks := f.KeysAndLooks()
	if len(keys) > picture.MostKeys || len(keys) != len(looks) || !slices.Equal(keys, f.Keys()) {
		t.Errorf("%d keys, %d looks, %d again", len(keys), len(looks), len(f.Keys()))
	}
	if sorted := slices.Sorted(slices.Values(keys)); len(slices.Compact(sorted)) != len(keys) {
		t.Errorf("a key comes twice: %x", keys)
	}
}

func randomPrint(t testing.TB, r *rand.Rand) *picture.Fingerprint {
	t.Helper()
	sig := []uint32{1<<24 | 255<<8 | 191}
	for range r.IntN(129) {
		m := r.Uint64()>>21 | uint64(r.IntN(24))<<43 | uint64(r.IntN(256))<<48 | uint64(r.IntN(192))<<56
		sig = append(sig, uint32(m), uint32(m>>32))
	}
	f, err := picture.FromSignature(sig)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestKeysOfAnyFingerprint(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	for range 200 {
		checkKeys(t, randomPrint(t, r))
	}
	checkKeys(t, &picture.Fingerprint{})
	if n := len(fingerprint(t, encode(t, scene(1), "jpeg")).Keys()); n != picture.MostKeys {
		t.Errorf("a detailed picture has %d keys", n)
	}
}

func FuzzKeys(f *testing.F) {
	sig := func(p *picture.Fingerprint) []byte {
		var b bytes.Buffer
		for _, v := range p.Signature() {
			b.Write([]byte{byte(v), byte(v >> 8), byte(v >> 16), byte(v >> 24)})
		}
		return b.Bytes()
	}
	f.Add(sig(fingerprint(f, encode(f, scene(1), "jpeg"))), sig(fingerprint(f, encode(f, scene(2), "jpeg"))))
	f.Add([]byte{0, 0, 0, 1}, []byte{255, 255, 1, 1})
	f.Fuzz(func(t *testing.T, a, b []byte) {
		var both [2]*picture.Fingerprint
		for i, data := range [2][]byte{a, b} {
			var sig []uint32
			for c := range slices.Chunk(data[:len(data)/4*4], 4) {
				sig = append(sig, uint32(c[0])|uint32(c[1])<<8|uint32(c[2])<<16|uint32(c[3])<<24)
			}
			var err error
			if both[i], err = picture.FromSignature(sig); err != nil {
				return
			}
			checkKeys(t, both[i])
		}
		_, same := picture.Compare(both[0], both[1])
		if picture.Same(both[0], both[1]) != same || picture.Same(both[1], both[0]) != same {
			t.Errorf("Same is not what Compare says: %v", same)
		}
	})
}

func BenchmarkKeys(b *testing.B) {
	f := fingerprint(b, encode(b, scene(1), "jpeg"))
	b.ReportAllocs()
	for b.Loop() {
		f.Keys()
	}
}

func BenchmarkSame(b *testing.B) {
	one, two := fingerprint(b, encode(b, scene(1), "jpeg")), fingerprint(b, encode(b, scene(2), "jpeg"))
	for name, o := range map[string]*picture.Fingerprint{"others": two, "copies": fingerprint(b, encode(b, scene(1), "poor"))} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				picture.Same(one, o)
			}
		})
	}
}
