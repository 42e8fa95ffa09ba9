package sim

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
)

// picture names a drawing: what it shows, and in which of its variants.
type picture struct {
	// base is what is drawn: different bases look unrelated.
	base int
	// variant decides size, brightness and encoding.
	variant int
	// turn is how somebody altered it so that it would not be recognised.
	turn turn
}

// turn is a way of altering a picture.
type turn uint8

const (
	asIs turn = iota
	mirrored
	cropped // a tenth off each side
	framed  // a border of one colour
	turns
)

// ownPicture is the n-th picture of a controller, n below 64.
func ownPicture(controller, n int) picture { return picture{base: controller*64 + n} }

// stockPicture is one of the pictures that unrelated ads share.
func stockPicture(n int) picture { return picture{base: -1 - n} }

// Pictures are small, since thousands are drawn in tests; perceptual hashes look at 64×64 pixels at most.
const (
	pictureWidth  = 144
	pictureHeight = 112
	// cells is the grid of the coarsest noise. Perceptual hashes compare the 8×8 lowest frequencies; noise on a grid as coarse as that fills
	// them evenly, so that the hashes of two bases differ in about half of their 64 bits.
	cells = 9
)

// octaves are the noises of a scene. Photographs have detail at every size, and no two spots of it look alike; one coarse grid alone would give
// all drawings the same few kinds of spot.
var octaves = [3]struct{ cells, light int }{{cells, 100}, {2*cells + 3, 60}, {4*cells + 5, 45}}

// encode draws a picture and returns it as a file would hold it. All is done in whole numbers: the same on every machine.
func (p picture) encode(seed int64) (data []byte, mediaType string) {
	r := stream(seed, forPicture, p.base, p.variant, 1)
	percent, brighter := between(r, 85, 130), between(r, -6, 8)
	img := p.turn.apply(p.draw(seed, pictureWidth*percent/100, pictureHeight*percent/100, brighter))
	var b bytes.Buffer
	if p.isPNG() {
		mediaType = "image/png"
		if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, img); err != nil {
			panic("sim: encode a picture in memory: " + err.Error())
		}
		return b.Bytes(), mediaType
	}
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: between(r, 72, 93)}); err != nil {
		panic("sim: encode a picture in memory: " + err.Error())
	}
	return b.Bytes(), "image/jpeg"
}

// isPNG says how the variant is encoded: one in eight as PNG.
func (p picture) isPNG() bool { return mix(uint64(p.base)*31+uint64(p.variant))%8 == 0 }

// extension is the ending of the picture's file name.
func (p picture) extension() string {
	if p.isPNG() {
		return ".png"
	}
	return ".jpg"
}

// scene is what a picture shows: noise, a slope of light, two colours and some shapes, in a plane of 1<<16 by 1<<16.
type scene struct {
	noise      [len(octaves)][]int32
	dx, dy     int
	dark, pale [3]int
	shapes     []shape
}

// shape is a disc or a bar that lightens or darkens what lies below it.
type shape struct {
	x, y, w, h int
	disc       bool
	light      int
}

func sceneOf(seed int64, base int) *scene {
	r := stream(seed, forPicture, base)
	s := &scene{dx: between(r, -40, 40), dy: between(r, -40, 40), dark: colour(r, 10, 90), pale: colour(r, 150, 245)}
	for n, o := range octaves {
		s.noise[n] = make([]int32, (o.cells+1)*(o.cells+1))
		for i := range s.noise[n] {
			s.noise[n][i] = int32(between(r, -o.light, o.light))
		}
	}
	for range between(r, 2, 4) {
		s.shapes = append(s.shapes, shape{x: r.IntN(1 << 16), y: r.IntN(1 << 16), w: between(r, 1<<12, 1<<13), h: between(r, 1<<12, 1<<13),
			disc: chance(r, 0.5), light: pick(r, []int{-60, 60})})
	}
	return s
}

func colour(r *rand.Rand, low, high int) [3]int {
	return [3]int{between(r, low, high), between(r, low, high), between(r, low, high)}
}

// draw paints the scene in a size.
func (p picture) draw(seed int64, width, height, brighter int) *image.RGBA {
	s := sceneOf(seed, p.base)
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for py := range height {
		y := (2*py + 1) << 16 / (2 * height)
		for px := range width {
			x := (2*px + 1) << 16 / (2 * width)
			v := min(max(s.light(x, y)+brighter, 0), 255)
			var c [3]uint8
			for k := range c {
				c[k] = uint8(min(max((s.dark[k]*(255-v)+s.pale[k]*v)/255+brighter, 0), 255))
			}
			img.SetRGBA(px, py, color.RGBA{c[0], c[1], c[2], 255})
		}
	}
	return img
}

// light is how light the scene is at a point, from about 0 to 255.
func (s *scene) light(x, y int) int {
	v := 128 + ((x-1<<15)*s.dx+(y-1<<15)*s.dy)>>15
	for n, o := range octaves {
		gx, gy := x*o.cells, y*o.cells
		fx, fy := gx&0xffff>>8, gy&0xffff>>8
		at := s.noise[n][gy>>16*(o.cells+1)+gx>>16:]
		top := int(at[0])*(256-fx) + int(at[1])*fx
		low := int(at[o.cells+1])*(256-fx) + int(at[o.cells+2])*fx
		v += (top*(256-fy) + low*fy) >> 16
	}
	for _, sh := range s.shapes {
		dx, dy := (x-sh.x)*256/sh.w, (y-sh.y)*256/sh.h
		if sh.disc && dx*dx+dy*dy < 1<<16 || !sh.disc && max(dx, -dx) < 200 && max(dy, -dy) < 200 {
			v += sh.light
		}
	}
	return v
}

// apply alters a picture.
func (t turn) apply(img *image.RGBA) *image.RGBA {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	switch t {
	case mirrored:
		out := image.NewRGBA(img.Rect)
		for y := range h {
			for x := range w {
				out.SetRGBA(w-1-x, y, img.RGBAAt(x, y))
			}
		}
		return out
	case cropped:
		out := image.NewRGBA(image.Rect(0, 0, w-2*(w/10), h-2*(h/10)))
		draw.Draw(out, out.Rect, img, image.Pt(w/10, h/10), draw.Src)
		return out
	case framed:
		const border = 8
		out := image.NewRGBA(image.Rect(0, 0, w+2*border, h+2*border))
		draw.Draw(out, out.Rect, image.NewUniform(color.RGBA{245, 245, 245, 255}), image.Point{}, draw.Src)
		draw.Draw(out, img.Rect.Add(image.Pt(border, border)), img, image.Point{}, draw.Src)
		return out
	}
	return img
}
