package network_test

import (
	"fmt"
	"hash/crc32"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"varde/internal/ad"
	"varde/internal/network"
	"varde/internal/picture"
	"varde/internal/testkit"
)

// alteredPicture is a picture as somebody altered it: its perceptual hash is another, but what stands out in it is mostly the same. Some are
// altered beyond recognition.
func alteredPicture(r *rand.Rand, base uint64) ad.Identifier {
	spots := rand.New(rand.NewPCG(base, 7))
	sig := []uint32{1<<24 | uint32(r.IntN(2))<<16 | 255<<8 | 191} // framed or not
	dx, dy, noise := r.IntN(16), r.IntN(16), r.IntN(4)*3
	for range 40 {
		m := spots.Uint64()>>21 | uint64(spots.IntN(20))<<43 | uint64(30+spots.IntN(180)+dx)<<48 | uint64(30+spots.IntN(120)+dy)<<56
		for range noise {
			m ^= 1 << r.IntN(42)
		}
		if r.IntN(4) > 0 {
			sig = append(sig, uint32(m), uint32(m>>32))
		}
	}
	hash := r.Uint64()
	if r.IntN(2) == 0 { // some hashes are near, whatever stands out in the pictures
		hash = 0xff ^ 1<<r.IntN(64) ^ 1<<r.IntN(64) ^ 1<<r.IntN(64)
	}
	id := pictureOf(hash, sig)
	id.Evidence = []ad.Evidence{{Field: ad.FieldImages, Image: 1 + r.IntN(3)}}
	return id
}

func pictureOf(hash uint64, sig []uint32) ad.Identifier {
	return ad.Identifier{Kind: ad.PHash, Value: fmt.Sprintf("%016x-%012x", hash, crc32.ChecksumIEEE(fmt.Append(nil, sig))), Signature: sig}
}

// copies says whether one picture is found by the other.
func copies(a, b ad.Identifier, byKeys bool) bool {
	x, errX := picture.FromSignature(a.Signature)
	y, errY := picture.FromSignature(b.Signature)
	if errX != nil || errY != nil {
		return false
	}
	near := bits.OnesCount64(hashOf(a)^hashOf(b)) <= config.PictureDistance
	return (near || byKeys && sharePictureKey(x, y)) && picture.Same(x, y)
}

func sharePictureKey(x, y *picture.Fingerprint) bool {
	xKeys, xLooks := x.KeysAndLooks()
	yKeys, yLooks := y.KeysAndLooks()
	for i, key := range xKeys {
		if j := slices.Index(yKeys, key); j >= 0 && picture.LooksAlike(xLooks[i], yLooks[j]) {
			return true
		}
	}
	return false
}

// near says whether two pictures are one by their hashes.
func near(x, y uint64, a, b ad.Identifier) bool {
	one, errOne := picture.FromSignature(a.Signature)
	two, errTwo := picture.FromSignature(b.Signature)
	if errOne != nil || errTwo != nil {
		one, two = nil, nil
	}
	return picture.Near(x, y, one, two, config.PictureDistance)
}

// TestAlteredCopiesLink: ads are joined by a picture whose hash tells nothing, and a picture that is everywhere is a hub however it was altered
// in each place.
func TestAlteredCopiesLink(t *testing.T) {
	link := func(ads int, phones bool) ad.Update {
		l, err := network.Open("", config, testkit.Catalogue(t))
		if err != nil {
			t.Fatal(err)
		}
		r := rand.New(rand.NewPCG(3, 4))
		var in []ad.Finding
		for i := range ads {
			f := one{name: "a" + names[i]}.finding(i)
			id := alteredPicture(r, 11)
			for len(in) > 0 && !copies(in[0].Identifiers[0], id, true) {
				id = alteredPicture(r, 11)
			}
			f.Identifiers = append(f.Identifiers, id)
			if phones {
				f.Identifiers = append(f.Identifiers, ad.Identifier{Kind: ad.Phone, Value: fmt.Sprintf("+474000%04d", i)})
			}
			in = append(in, f)
		}
		u, err := l.Link(t.Context(), in, start)
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	sizes := func(u ad.Update) (n []int) {
		for _, net := range u.Networks {
			n = append(n, len(net.Ads))
		}
		slices.Sort(n)
		return n
	}
	if got := sizes(link(3, true)); !slices.Equal(got, []int{3}) {
		t.Errorf("three ads of one altered picture make networks of %v ads", got)
	}
	if got := sizes(link(config.HubPhones+3, true)); slices.Max(got) != 1 {
		t.Errorf("a picture beside %d phones links: networks of %v ads", config.HubPhones+3, got)
	}
	if got := sizes(link(config.HubAds+1, false)); slices.Max(got) != 1 {
		t.Errorf("a picture in %d ads links: networks of %v ads", config.HubAds+1, got)
	}
}

// TestDamagedPictures: values that are no hash link nothing; a hash whose fingerprint is damaged links by the hash.
func TestDamagedPictures(t *testing.T) {
	l, err := network.Open("", config, testkit.Catalogue(t))
	if err != nil {
		t.Fatal(err)
	}
	var in []ad.Finding
	for i, value := range []string{"", "xyz", "zzzzzzzzzzzzzzzz", "00000000000000ff-1", "00000000000000ff-2", "00000000000000fe"} {
		f := one{name: "a" + names[i]}.finding(i)
		f.Identifiers = append(f.Identifiers, ad.Identifier{Kind: ad.PHash, Value: value, Signature: make([]uint32, i)})
		in = append(in, f)
	}
	u, err := l.Link(t.Context(), in, start)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(u.Networks); n != 4 {
		t.Errorf("%d networks, want the three of no hash and one of three", n)
	}
}

// TestHashWithoutFingerprint: a picture of which only the hash is known, as from a file of another program, does not keep altered copies of that
// picture from being found, in whatever order they come.
func TestHashWithoutFingerprint(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	a, b := alteredPicture(r, 11), alteredPicture(r, 11)
	for !copies(a, b, true) || copies(a, b, false) { // by keys only
		b = alteredPicture(r, 11)
	}
	bare := ad.Identifier{Kind: ad.PHash, Value: fmt.Sprintf("%016x", hashOf(a))}
	for _, order := range [][]ad.Identifier{{bare, a, b}, {a, bare, b}, {b, a, bare}} {
		l, err := network.Open("", config, testkit.Catalogue(t))
		if err != nil {
			t.Fatal(err)
		}
		var in []ad.Finding
		for i, id := range order {
			f := one{name: "a" + names[i]}.finding(i)
			f.Identifiers = append(f.Identifiers, id)
			in = append(in, f)
		}
		u, err := l.Link(t.Context(), in, start)
		if err != nil {
			t.Fatal(err)
		}
		if len(u.Networks) != 1 {
			t.Errorf("%v are in %d networks, want one", order, len(u.Networks))
		}
	}
}
