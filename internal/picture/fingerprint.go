package picture

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"

	"varde/internal/fault"
)

const (
	// mostMarks bounds a fingerprint: 1 KB.
	mostMarks = 128
	// signBits is how many signs a mark holds, frequencies how many waves there are along one side of a patch.
	signBits    = 42
	frequencies = 8
	// scaleSteps is how many steps of scale an octave has in a mark.
	scaleSteps = 8
	// formFingerprint is the version of the form that a fingerprint is kept in.
	formFingerprint = 1
)

// A mark is one spot of a picture: 42 signs, whether it is dark, its scale in 5 bits, and its place in 8 bits each.
type mark uint64

func makeMark(signs uint64, dark bool, x, y, scale int) mark {
	m := mark(signs) | mark(min(max((scale-steps/intervals/2+1)*scaleSteps/steps, 0), 31))<<43 | mark(min(max(x, 0), 255))<<48 | mark(min(max(y, 0), 255))<<56
	if dark {
		m |= 1 << signBits
	}
	return m
}

// look is what a mark looks like: its signs, and whether it is dark.
func (m mark) look() uint64 { return uint64(m) & (1<<(signBits+1) - 1) }
func (m mark) scale() int   { return int(m >> 43 & 31) }
func (m mark) x() int       { return int(m >> 48 & 255) }
func (m mark) y() int       { return int(m >> 56) }

// Fingerprint is what is kept of a picture so that an altered copy of it can be recognised: some spots that stand out, each with its place and
// 42 signs of how the brightness around it changes. That is far too little to draw the picture from.
type Fingerprint struct {
	// width and height are those of the picture, the longer side being workSide.
	width, height int
	// framed says that an even border was left out.
	framed bool
	marks  []mark
}

// Marks is how many spots the fingerprint holds, 128 at most; a picture with few cannot be recognised.
func (f *Fingerprint) Marks() int { return len(f.marks) }

// Signature is the fingerprint as an identifier carries it.
func (f *Fingerprint) Signature() []uint32 {
	sig := make([]uint32, 0, 1+2*len(f.marks))
	head := formFingerprint<<24 | uint32(f.width-1)<<8 | uint32(f.height-1)
	if f.framed {
		head |= 1 << 16
	}
	sig = append(sig, head)
	for _, m := range f.marks {
		sig = append(sig, uint32(m), uint32(m>>32))
	}
	return sig
}

// FromSignature reads what Signature wrote.
func FromSignature(sig []uint32) (*Fingerprint, error) {
	if len(sig)%2 == 0 || len(sig) > 1+2*mostMarks || sig[0]>>17 != formFingerprint<<7 {
		return nil, fmt.Errorf("%w: no fingerprint of a picture: %d values", fault.ErrDamaged, len(sig))
	}
	f := &Fingerprint{width: int(sig[0]>>8&255) + 1, height: int(sig[0]&255) + 1, framed: sig[0]>>16&1 == 1}
	f.marks = make([]mark, len(sig)/2)
	for i := range f.marks {
		f.marks[i] = mark(sig[2*i+1]) | mark(sig[2*i+2])<<32
	}
	return f, nil
}

// String is the fingerprint as ad.Picture carries it: base64 of the signature's values, the lowest byte first.
func (f *Fingerprint) String() string {
	raw := make([]byte, 0, 4*(1+2*len(f.marks)))
	for _, v := range f.Signature() {
		raw = binary.LittleEndian.AppendUint32(raw, v)
	}
	return base64.RawStdEncoding.EncodeToString(raw)
}

// ParseFingerprint reads what String wrote.
func ParseFingerprint(text string) (*Fingerprint, error) {
	raw, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil || len(raw)%4 != 0 {
		return nil, fmt.Errorf("%w: no fingerprint of a picture: %d characters", fault.ErrDamaged, len(text))
	}
	sig := make([]uint32, len(raw)/4)
	for i := range sig {
		sig[i] = binary.LittleEndian.Uint32(raw[4*i:])
	}
	return FromSignature(sig)
}
