// Package alter changes pictures as people and sites change them: cut, turned, framed, written over, compressed.
//
// It promises the same result for the same picture, and that no two alterations share a name. It is for measuring how well altered copies are
// found again; nothing in Varde alters a picture that it watches.
package alter

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math"

	"golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/f64"
	"golang.org/x/image/math/fixed"
)

// Alteration is one way to change a picture.
type Alteration struct {
	// Group names what is told together, such as "cropped"; Name tells it from the others of the group.
	Group, Name string
	// Apply returns the changed picture as a JPEG file of quality 85, or of its own.
	Apply func(*image.RGBA) ([]byte, error)
}

// quality is that of a file whose alteration is not its quality.
const quality = 85

// All lists the alterations, those of a group together.
func All() []Alteration {
	var all []Alteration
	add := func(group, name string, change func(*image.RGBA) image.Image) {
		all = append(all, Alteration{group, name, func(img *image.RGBA) ([]byte, error) { return encode(change(img), quality) }})
	}
	for _, q := range []int{90, 70, 50, 30} {
		all = append(all, Alteration{"re-encoded", fmt.Sprintf("JPEG %d", q), func(img *image.RGBA) ([]byte, error) { return encode(img, q) }})
	}
	for _, percent := range []int{75, 50, 30} {
		add("resized", fmt.Sprintf("%d %%", percent), func(img *image.RGBA) image.Image { return resize(img, percent) })
	}
	for _, cut := range []int{5, 10, 20, 30} {
		add("cropped", fmt.Sprintf("centre %d %%", cut), func(img *image.RGBA) image.Image { return crop(img, cut, false) })
	}
	for _, cut := range []int{5, 10, 20, 30} {
		add("cropped", fmt.Sprintf("corner %d %%", cut), func(img *image.RGBA) image.Image { return crop(img, cut, true) })
	}
	add("mirrored", "left and right", func(img *image.RGBA) image.Image { return turn(img, true, 0) })
	add("mirrored", "up and down", func(img *image.RGBA) image.Image { return turn(img, true, 2) })
	for quarter := 1; quarter <= 3; quarter++ {
		add("turned", fmt.Sprintf("%d°", 90*quarter), func(img *image.RGBA) image.Image { return turn(img, false, quarter) })
	}
	for _, degrees := range []float64{2, 3} {
		add("tilted", fmt.Sprintf("%g°", degrees), func(img *image.RGBA) image.Image { return tilt(img, degrees) })
	}
	add("framed", "white 8 %", func(img *image.RGBA) image.Image { return frame(img, color.White, 8) })
	add("framed", "black 15 %", func(img *image.RGBA) image.Image { return frame(img, color.Black, 15) })
	add("framed", "letterbox", letterbox)
	add("framed", "blurred", blurredFrame)
	add("written over", "large text", largeText)
	add("written over", "logo", logo)
	add("written over", "faint tiles", tiles)
	add("light", "brighter", func(img *image.RGBA) image.Image { return tone(img, func(v float64) float64 { return v + 40 }) })
	add("light", "darker", func(img *image.RGBA) image.Image { return tone(img, func(v float64) float64 { return v - 40 }) })
	add("light", "less contrast", func(img *image.RGBA) image.Image {
		return tone(img, func(v float64) float64 { return 128 + (v-128)*.6 })
	})
	add("light", "more contrast", func(img *image.RGBA) image.Image {
		return tone(img, func(v float64) float64 { return 128 + (v-128)*1.4 })
	})
	add("light", "gamma 0.6", func(img *image.RGBA) image.Image { return gamma(img, .6) })
	add("light", "gamma 1.7", func(img *image.RGBA) image.Image { return gamma(img, 1.7) })
	add("light", "greyscale", grey)
	add("overlaid", "emoji", emoji)
	add("overlaid", "censor bar", censor)
	add("overlaid", "blurred patch", blurPatch)
	add("several", "mirrored, cropped 10 %, logo", func(img *image.RGBA) image.Image {
		return logo(rgba(crop(rgba(turn(img, true, 0)), 10, false)))
	})
	add("several", "cropped 5 %, framed, brighter", func(img *image.RGBA) image.Image {
		return frame(rgba(tone(rgba(crop(img, 5, true)), func(v float64) float64 { return v + 25 })), color.White, 6)
	})
	return all
}

func encode(img image.Image, quality int) ([]byte, error) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
		return nil, fmt.Errorf("encode an altered picture: %w", err)
	}
	return b.Bytes(), nil
}

// Plain is a picture ready to be altered: its pixels, from the origin.
func Plain(img image.Image) *image.RGBA { return rgba(img) }

func rgba(img image.Image) *image.RGBA {
	if r, ok := img.(*image.RGBA); ok && r.Rect.Min == (image.Point{}) && r.Stride == 4*r.Rect.Dx() {
		return r
	}
	out := image.NewRGBA(image.Rect(0, 0, img.Bounds().Dx(), img.Bounds().Dy()))
	draw.Draw(out, out.Rect, img, img.Bounds().Min, draw.Src)
	return out
}

func resize(img *image.RGBA, percent int) image.Image {
	out := image.NewRGBA(image.Rect(0, 0, img.Rect.Dx()*percent/100, img.Rect.Dy()*percent/100))
	draw.CatmullRom.Scale(out, out.Rect, img, img.Rect, draw.Src, nil)
	return out
}

// crop takes cut percent off each side, or leaves as much of the upper left corner.
func crop(img *image.RGBA, cut int, corner bool) image.Image {
	dx, dy := img.Rect.Dx()*cut/100, img.Rect.Dy()*cut/100
	r := img.Rect.Inset(0)
	r.Min, r.Max = r.Min.Add(image.Pt(dx, dy)), r.Max.Sub(image.Pt(dx, dy))
	if corner {
		r = r.Sub(image.Pt(dx, dy))
	}
	return rgba(img.SubImage(r))
}

// turn mirrors left and right, if asked, and then turns by quarters, clockwise.
func turn(img *image.RGBA, mirrored bool, quarters int) image.Image {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	size := image.Rect(0, 0, w, h)
	if quarters%2 == 1 {
		size = image.Rect(0, 0, h, w)
	}
	out := image.NewRGBA(size)
	for y := range h {
		for x := range w {
			u, v := x, y
			if mirrored {
				u = w - 1 - x
			}
			switch quarters {
			case 1:
				u, v = h-1-v, u
			case 2:
				u, v = w-1-u, h-1-v
			case 3:
				u, v = v, w-1-u
			}
			out.SetRGBA(u, v, img.RGBAAt(x, y))
		}
	}
	return out
}

// tilt turns by a few degrees and enlarges until no corner is empty.
func tilt(img *image.RGBA, degrees float64) image.Image {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	w, h := float64(img.Rect.Dx()), float64(img.Rect.Dy())
	s := cos + sin*max(w, h)/min(w, h)
	a, b := s*cos, s*sin
	out := image.NewRGBA(img.Rect)
	draw.BiLinear.Transform(out, f64.Aff3{a, -b, w/2 - a*w/2 + b*h/2, b, a, h/2 - b*w/2 - a*h/2}, img, img.Rect, draw.Src, nil)
	return out
}

func frame(img *image.RGBA, c color.Color, percent int) image.Image {
	n := max(img.Rect.Dx(), img.Rect.Dy()) * percent / 100
	out := image.NewRGBA(image.Rect(0, 0, img.Rect.Dx()+2*n, img.Rect.Dy()+2*n))
	draw.Draw(out, out.Rect, image.NewUniform(c), image.Point{}, draw.Src)
	draw.Draw(out, img.Rect.Add(image.Pt(n, n)), img, image.Point{}, draw.Src)
	return out
}

// square is the picture in the middle of a square ground.
func square(img *image.RGBA, ground func(*image.RGBA)) image.Image {
	side := max(img.Rect.Dx(), img.Rect.Dy()) * 105 / 100
	out := image.NewRGBA(image.Rect(0, 0, side, side))
	ground(out)
	draw.Draw(out, img.Rect.Add(image.Pt((side-img.Rect.Dx())/2, (side-img.Rect.Dy())/2)), img, image.Point{}, draw.Src)
	return out
}

func letterbox(img *image.RGBA) image.Image {
	return square(img, func(out *image.RGBA) { draw.Draw(out, out.Rect, image.Black, image.Point{}, draw.Src) })
}

// blurredFrame fills the square with the picture itself, enlarged and out of focus, as phones do.
func blurredFrame(img *image.RGBA) image.Image {
	return square(img, func(out *image.RGBA) {
		small := image.NewRGBA(image.Rect(0, 0, 12, 12))
		draw.BiLinear.Scale(small, small.Rect, img, img.Rect, draw.Src, nil)
		draw.CatmullRom.Scale(out, out.Rect, small, small.Rect, draw.Src, nil)
	})
}

// write draws words of a height in pixels.
func write(onto *image.RGBA, words string, at image.Point, height int, c color.Color) {
	face := basicfont.Face7x13
	line := image.NewAlpha(image.Rect(0, 0, 7*len(words), 13))
	d := font.Drawer{Dst: line, Src: image.Opaque, Face: face, Dot: fixed.P(0, 11)}
	d.DrawString(words)
	large := image.NewAlpha(image.Rect(0, 0, line.Rect.Dx()*height/13, height))
	draw.BiLinear.Scale(large, large.Rect, line, line.Rect, draw.Src, nil)
	draw.DrawMask(onto, large.Rect.Add(at), image.NewUniform(c), image.Point{}, large, image.Point{}, draw.Over)
}

func largeText(img *image.RGBA) image.Image {
	out := clone(img)
	w, h := img.Rect.Dx(), img.Rect.Dy()
	write(out, "annonser.example", image.Pt(w/12, h*2/5), w*10/12*13/(7*16), color.RGBA{255, 255, 255, 255})
	return out
}

func logo(img *image.RGBA) image.Image {
	out := clone(img)
	w, h := img.Rect.Dx(), img.Rect.Dy()
	box := image.Rect(w*62/100, h*84/100, w*98/100, h*97/100)
	draw.Draw(out, box, image.NewUniform(color.RGBA{200, 20, 60, 255}), image.Point{}, draw.Src)
	write(out, "SITE.example", box.Min.Add(image.Pt(box.Dx()/12, box.Dy()/5)), box.Dx()*10/12*13/(7*12), color.White)
	return out
}

func tiles(img *image.RGBA) image.Image {
	out := clone(img)
	height := max(13, img.Rect.Dx()/25)
	for y, row := 0, 0; y < img.Rect.Dy(); y, row = y+3*height, row+1 {
		for x := -row % 2 * 3 * height; x < img.Rect.Dx(); x += 8 * height {
			write(out, "site.example", image.Pt(x, y), height, color.NRGBA{255, 255, 255, 64})
		}
	}
	return out
}

func clone(img *image.RGBA) *image.RGBA {
	out := image.NewRGBA(img.Rect)
	copy(out.Pix, img.Pix)
	return out
}

// tone changes each channel alike.
func tone(img *image.RGBA, f func(float64) float64) image.Image {
	var table [256]uint8
	for v := range table {
		table[v] = uint8(min(max(math.Round(f(float64(v))), 0), 255))
	}
	out := clone(img)
	for i, v := range out.Pix {
		if i%4 != 3 {
			out.Pix[i] = table[v]
		}
	}
	return out
}

func gamma(img *image.RGBA, g float64) image.Image {
	return tone(img, func(v float64) float64 { return 255 * math.Pow(v/255, g) })
}

func grey(img *image.RGBA) image.Image {
	out := image.NewGray(img.Rect)
	draw.Draw(out, out.Rect, img, image.Point{}, draw.Src)
	return out
}

// emoji lays a yellow disc with eyes over the upper middle, about where a face would be.
func emoji(img *image.RGBA) image.Image {
	out := clone(img)
	w, h := img.Rect.Dx(), img.Rect.Dy()
	r := min(w, h) / 7
	disc(out, w/2, h/3, r, color.RGBA{250, 210, 50, 255})
	disc(out, w/2-r/3, h/3-r/4, r/6, color.RGBA{60, 40, 20, 255})
	disc(out, w/2+r/3, h/3-r/4, r/6, color.RGBA{60, 40, 20, 255})
	return out
}

func disc(img *image.RGBA, cx, cy, r int, c color.RGBA) {
	for y := -r; y <= r; y++ {
		for x := -r; x <= r; x++ {
			if x*x+y*y <= r*r && image.Pt(cx+x, cy+y).In(img.Rect) {
				img.SetRGBA(cx+x, cy+y, c)
			}
		}
	}
}

func censor(img *image.RGBA) image.Image {
	out := clone(img)
	w, h := img.Rect.Dx(), img.Rect.Dy()
	draw.Draw(out, image.Rect(w/4, h*28/100, w*3/4, h*38/100), image.Black, image.Point{}, draw.Src)
	return out
}

func blurPatch(img *image.RGBA) image.Image {
	out := clone(img)
	w, h := img.Rect.Dx(), img.Rect.Dy()
	r := image.Rect(w*35/100, h/5, w*65/100, h*55/100)
	small := image.NewRGBA(image.Rect(0, 0, 5, 5))
	draw.BiLinear.Scale(small, small.Rect, img, r, draw.Src, nil)
	draw.BiLinear.Scale(out, r, small, small.Rect, draw.Src, nil)
	return out
}

// Page is a screenshot of made-up words, another for each seed.
func Page(seed uint64, width, height int) image.Image {
	out := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(out, out.Rect, image.White, image.Point{}, draw.Src)
	for y := 20; y < height-30; y += 24 {
		for x := 16; x < width-120; {
			var word []byte
			for range 3 + seed>>40%6 {
				seed = seed*6364136223846793005 + 1442695040888963407
				word = append(word, "etaoinsrhldcumfpgwybvk"[seed>>33%22])
			}
			write(out, string(word), image.Pt(x, y), 18, color.Black)
			x += (len(word) + 1) * 10
		}
	}
	return out
}
