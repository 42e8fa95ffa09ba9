package sim

import (
	"encoding/hex"
	"fmt"
	"math/rand/v2"

	"varde/internal/ad"
	imaging "varde/internal/picture"
)

// Imitated is Sighting with Pictures as drawing and hashing them would give, made some hundred times faster without drawing any: for
// measuring worlds so large that drawing would take all the time. What two uses of a drawing have in common, and what two drawings have not,
// is as it was measured of 60 drawings in four uses each (TestImitationsAreLikeDrawings).
func (w *World) Imitated(i int) ad.Sighting {
	c := w.content(i)
	s := c.sighting()
	for n, p := range c.pictures {
		one := p.imitate(w.cfg.Seed)
		one.Image = n + 1
		s.Pictures = append(s.Pictures, one)
	}
	return s
}

// The marks of an imitation.
const (
	imitatedMarks = 128
	markSigns     = 42
	scaleUnits    = 8 // steps of scale in an octave
	// imitatedWidth and imitatedHeight are the size in which marks are placed: the drawings' sides, the longer one being 256.
	imitatedWidth, imitatedHeight = 256, 199
	// lostMark is the chance that one use of a drawing lacks a mark of it and has another one instead; a crop cuts the patches of more.
	lostMark, lostInCrop = 0.06, 0.25
	// nearHash is the chance that the perceptual hash of a use differs from the drawing's, in two bits.
	nearHash = 0.045
)

// spot is a mark of an imitated picture.
type spot struct {
	signs       uint64
	dark        uint64
	scale, x, y int
}

// imitate makes a picture's hash and fingerprint up.
func (p picture) imitate(seed int64) ad.Picture {
	r, use := stream(seed, forImitation, p.base), stream(seed, forImitation, p.base, p.variant, 1)
	hash := p.turn.hash(r.Uint64())
	if weak := r.IntN(32); chance(use, nearHash) {
		hash ^= 1<<weak | 1<<(weak+32)
	}
	sig := make([]uint32, 1, 1+2*imitatedMarks)
	sig[0] = 1<<24 | (imitatedWidth-1)<<8 | uint32(imitatedHeight-2+use.IntN(3)) // the head: form 1, width and height less one
	if p.turn == framed {
		sig[0] |= 1 << 16
	}
	for range imitatedMarks {
		m, own := randomSpot(r), chance(use, lostMark)
		if p.turn == cropped {
			m.x, m.y = (m.x-imitatedWidth/10)*5/4, (m.y-imitatedHeight/10)*5/4
			m.scale += (scaleUnits + 2) / 4 // a fifth of each side is gone: what is left is larger by a quarter
			own = own || m.x < 8 || m.y < 8 || m.x > imitatedWidth-8 || m.y > imitatedHeight-8 || chance(use, lostInCrop)
		}
		if own {
			m = randomSpot(use)
		} else {
			m.jitter(use, p.turn == framed)
		}
		if p.turn == mirrored {
			m.signs, m.x = m.signs^oddRows, imitatedWidth-1-m.x
		}
		v := m.signs | m.dark<<markSigns | uint64(m.scale)<<43 | uint64(m.x)<<48 | uint64(m.y)<<56
		sig = append(sig, uint32(v), uint32(v>>32))
	}
	print, err := imaging.FromSignature(sig)
	if err != nil {
		panic("sim: imitate a picture: " + err.Error())
	}
	return ad.Picture{SHA256: imitatedSum(use), PHash: fmt.Sprintf("%016x", hash), Features: print.String(), Width: pictureWidth, Height: pictureHeight}
}

// hash is the perceptual hash of an altered picture: mirroring turns the signs of every second column of frequencies over, and cutting or framing
// leaves little of it.
func (t turn) hash(plain uint64) uint64 {
	switch t {
	case mirrored:
		return plain ^ 0x5555555555555555
	case cropped, framed:
		return mix(plain ^ uint64(t))
	}
	return plain
}

// scales are those of the marks of drawings, as often as they are.
var imitatedScales = []int{4, 4, 4, 4, 4, 4, 5, 5, 5, 6, 11, 12, 12, 12, 12, 12, 12, 13, 19, 20}

func randomSpot(r *rand.Rand) spot {
	v := r.Uint64()
	place := r.Uint64()
	return spot{signs: v & (1<<markSigns - 1), dark: v >> 63, scale: imitatedScales[place>>32%uint64(len(imitatedScales))],
		x: 10 + int(place&0xffff)*(imitatedWidth-20)>>16, y: 10 + int(place>>16&0xffff)*(imitatedHeight-20)>>16}
}

// jitter moves a mark as another size and encoding do: a sign or two, a pixel, a step of scale.
func (m *spot) jitter(r *rand.Rand, more bool) {
	v := r.Uint64()
	flips, at := 0, v&0xff
	for flips < len(flipsBelow) && at >= flipsBelow[flips] {
		flips++
	}
	for n := range flips {
		m.signs ^= 1 << (v >> (8 + 6*n) & 63 % markSigns)
	}
	move := func(bits uint64) int { // a pixel one time in four, and mostly one way or the other
		switch n := bits & 15; {
		case n < 2:
			return -1
		case n < 4, more && n < 6:
			return 1
		}
		return 0
	}
	m.x, m.y = m.x+move(v>>48), m.y+move(v>>52)
	if v>>56&31 == 0 {
		m.scale++
	}
}

// flipsBelow are the chances, of 256, that at most so many signs of a mark differ in one use from the drawing's.
var flipsBelow = [...]uint64{154, 218, 244, 253, 255}

// oddRows are the signs that change when a patch is mirrored: those of waves that are odd along its rows. Waves are numbered diagonal by diagonal,
// as in internal/picture.
var oddRows = func() (signs uint64) {
	n := 0
	for sum := 1; n < markSigns; sum++ {
		for u := max(0, sum-7); u <= min(sum, 7) && n < markSigns; u++ {
			signs |= uint64(u&1) << n
			n++
		}
	}
	return signs
}()

// imitatedSum stands for the hash of a file.
func imitatedSum(r *rand.Rand) string {
	var sum [32]byte
	for i := range sum {
		sum[i] = byte(r.Uint32())
	}
	return hex.EncodeToString(sum[:])
}
