package picture

import (
	"bytes"
	"image"
	"image/jpeg"
	"testing"

	"golang.org/x/image/draw"

	"varde/internal/picture/alter"
)

// megapixel is a JPEG of 1152 by 864 pixels, of quality 85, of an altered page of writing: more detail than most photographs have.
func megapixel(b *testing.B) []byte {
	b.Helper()
	small := alter.Page(1, 576, 432)
	img := image.NewRGBA(image.Rect(0, 0, 1152, 864))
	draw.CatmullRom.Scale(img, img.Rect, small, small.Bounds(), draw.Src, nil)
	for y := range 864 {
		for x := range 1152 {
			i := img.PixOffset(x, y)
			for c := range 3 { // light and grain
				img.Pix[i+c] = uint8(int(img.Pix[i+c])*(x+y*(c+1)/2+400)/3000 + (x*7919+y*104729)>>3%9)
			}
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 85}); err != nil {
		b.Fatal(err)
	}
	return out.Bytes()
}

// BenchmarkMegapixel hashes a picture of 1 megapixel: from the file, and once it is decoded, which takes the other part of the time.
func BenchmarkMegapixel(b *testing.B) {
	data := megapixel(b)
	b.Run("file", func(b *testing.B) {
		for b.Loop() {
			if p, err := Hash(bytes.NewReader(data), Limits{}); err != nil || p.Features == "" {
				b.Fatal(p, err)
			}
		}
	})
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		b.Fatal(err)
	}
	b.Run("decoded", func(b *testing.B) {
		for b.Loop() {
			if _, _, err := hash(img); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("decoding", func(b *testing.B) {
		for b.Loop() {
			if _, _, err := image.Decode(bytes.NewReader(data)); err != nil {
				b.Fatal(err)
			}
		}
	})
}
