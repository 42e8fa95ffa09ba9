package picture_test

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math/bits"
	"testing"

	"varde/internal/fault"
	"varde/internal/picture"
)

// draw makes a picture of soft blobs, another for each seed.
func draw(seed, size int) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, size, size*3/4))
	for y := range size * 3 / 4 {
		for x := range size {
			u, v := x*1000/size, y*1000/size
			img.Set(x, y, color.RGBA{uint8((u*(seed%7+1)/3 + v*(seed%5)) >> 2), uint8((u/(seed%9+1) ^ v/(seed%11+2)) >> 1), uint8(u * v / (9000 * (seed%3 + 1))), 255})
		}
	}
	return img
}

func encode(t testing.TB, img image.Image, format string) []byte {
	t.Helper()
	var b bytes.Buffer
	var err error
	switch format {
	case "png":
		err = png.Encode(&b, img)
	case "gif":
		err = gif.Encode(&b, img, nil)
	case "poor":
		err = jpeg.Encode(&b, img, &jpeg.Options{Quality: 40})
	default:
		err = jpeg.Encode(&b, img, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func distance(t testing.TB, a, b []byte) int {
	t.Helper()
	var x, y uint64
	for h, data := range map[*uint64][]byte{&x: a, &y: b} {
		p, err := picture.Hash(bytes.NewReader(data), picture.Limits{})
		if err != nil || p.Flat {
			t.Fatalf("hash: %+v, %v", p, err)
		}
		if _, err := fmt.Sscanf(p.PHash, "%x", h); err != nil {
			t.Fatal(err)
		}
	}
	return bits.OnesCount64(x ^ y)
}

func TestNearAndFar(t *testing.T) {
	base := encode(t, draw(3, 400), "jpeg")
	for _, near := range [][]byte{encode(t, draw(3, 400), "png"), encode(t, draw(3, 400), "poor"), encode(t, draw(3, 300), "jpeg"), encode(t, draw(3, 400), "gif")} {
		if d := distance(t, base, near); d > 7 {
			t.Errorf("the same picture again is %d bits away", d)
		}
	}
	if d := distance(t, base, encode(t, draw(8, 400), "jpeg")); d <= 7 {
		t.Errorf("another picture is %d bits away", d)
	}
}

func TestFlatIsMarked(t *testing.T) {
	for _, c := range []color.Color{color.White, color.Black, color.RGBA{200, 20, 90, 255}} {
		img := image.NewRGBA(image.Rect(0, 0, 50, 50))
		for i := range 2500 {
			img.Set(i%50, i/50, c)
		}
		p, err := picture.Hash(bytes.NewReader(encode(t, img, "png")), picture.Limits{})
		if err != nil || !p.Flat || p.PHash != "" || p.Width != 50 {
			t.Errorf("%+v, %v", p, err)
		}
	}
}

// liar is a PNG of a few bytes that claims a size.
func liar(width, height uint32) []byte {
	var b bytes.Buffer
	b.WriteString("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d")
	chunk := append([]byte("IHDR"), byte(width>>24), byte(width>>16), byte(width>>8), byte(width), byte(height>>24), byte(height>>16), byte(height>>8), byte(height), 8, 2, 0, 0, 0)
	b.Write(chunk)
	sum := crc32.ChecksumIEEE(chunk)
	b.Write([]byte{byte(sum >> 24), byte(sum >> 16), byte(sum >> 8), byte(sum)})
	return b.Bytes()
}

// webpLiar is a WebP of 28 bytes that claims 16384 by 16384 pixels.
var webpLiar = []byte("RIFF\x14\x00\x00\x00WEBPVP8L\x08\x00\x00\x00\x2f\xff\xff\xff\x0f\x00\x00\x00")

func TestRefusesWhatWouldHarm(t *testing.T) {
	whole := encode(t, draw(3, 400), "jpeg")
	for name, data := range map[string][]byte{
		"empty": nil, "text": []byte("<html><body>hei</body></html>"), "65535 by 65535": liar(65535, 65535), "6000 by 6000 in no bytes": liar(6000, 6000),
		"negative": liar(1<<31, 1<<31), "cut": whole[:len(whole)/3], "WebP that lies": webpLiar,
	} {
		if _, err := picture.Hash(bytes.NewReader(data), picture.Limits{}); !errors.Is(err, fault.ErrPermanent) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := picture.Hash(bytes.NewReader(whole), picture.Limits{Bytes: 100}); !errors.Is(err, fault.ErrPermanent) {
		t.Errorf("too large: %v", err)
	}
}

func FuzzHash(f *testing.F) {
	f.Add(encode(f, draw(3, 60), "jpeg"))
	f.Add(encode(f, draw(3, 60), "png"))
	f.Add(encode(f, draw(3, 60), "gif"))
	f.Add(encode(f, draw(3, 90), "poor"))
	f.Add(webpLiar)
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := picture.Hash(bytes.NewReader(data), picture.Limits{Pixels: 1 << 20})
		if err == nil && (p.Width <= 0 || p.SHA256 == "" || p.Flat == (p.PHash != "")) {
			t.Errorf("half a picture: %+v", p)
		}
		if p.Features != "" {
			if _, err := picture.ParseFingerprint(p.Features); err != nil || p.Flat || min(p.Width, p.Height) < 64 {
				t.Errorf("%+v: %v", p, err)
			}
		}
	})
}

func BenchmarkHash(b *testing.B) {
	data := encode(b, draw(3, 800), "jpeg")
	for b.Loop() {
		if _, err := picture.Hash(bytes.NewReader(data), picture.Limits{}); err != nil {
			b.Fatal(err)
		}
	}
}
