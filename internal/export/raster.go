package export

import (
	"encoding/xml"
	"fmt"
	"image"
	"image/color"
	"math"
	"strconv"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// regular is the typeface: Latin, Greek and Cyrillic letters. What it lacks is a frame, as in any program without the letters.
var regular = sync.OnceValues(func() (*opentype.Font, error) { return opentype.Parse(goregular.TTF) })

// style is how an element is drawn.
type style struct {
	fill, stroke        string
	width, size, dx, dy float64
}

// raster is a picture that is being drawn. Lengths are those of the svg.
type raster struct {
	img    *image.RGBA
	styles []style
	shape  vector.Rasterizer
	faces  map[float64]font.Face
	// lines is what was put on lines of the style lined and is not yet drawn: drawing each by itself would go over its whole surroundings.
	lines *vector.Rasterizer
	lined style
	err   error
}

// drawn are the attributes of an element.
type drawn map[string]string

func attributesOf(e xml.StartElement) drawn {
	at := drawn{}
	for _, a := range e.Attr {
		at[a.Name.Local] = a.Value
	}
	return at
}

// number is an attribute that is a length; one that is none is told by failed.
func (at drawn) number(name string) float64 {
	f, err := strconv.ParseFloat(at[name], 64)
	if err != nil {
		at["error"] = name
	}
	return f
}

func (at drawn) failed(element string) error {
	if name := at["error"]; name != "" {
		return fmt.Errorf("<%s> has the %s %q", element, name, at[name])
	}
	return nil
}

// paint is a colour, false for none.
func paint(hex string) (color.RGBA, bool) {
	n, err := strconv.ParseUint(hex[min(1, len(hex)):], 16, 32)
	return color.RGBA{uint8(n >> 16), uint8(n >> 8), uint8(n), 255}, err == nil
}

// fill draws a shape that trace puts into a field of w by h pixels whose corner is at x and y.
func (r *raster) fill(hex string, x, y, w, h float64, trace func(z *vector.Rasterizer, dx, dy float32)) {
	c, ok := paint(hex)
	if !ok || w <= 0 || h <= 0 {
		return
	}
	left, top := int(math.Floor(x)), int(math.Floor(y))
	field := image.Rect(left, top, int(math.Ceil(x+w))+1, int(math.Ceil(y+h))+1).Intersect(r.img.Rect)
	if field.Empty() {
		return
	}
	r.shape.Reset(field.Dx(), field.Dy())
	trace(&r.shape, float32(x-float64(field.Min.X)), float32(y-float64(field.Min.Y)))
	r.shape.Draw(r.img, field, image.NewUniform(c), image.Point{})
}

// outlined draws a shape in its stroke's colour, and then a smaller one in its own.
func outlined(s style, draw func(hex string, grown float64)) {
	if s.stroke != "none" {
		draw(s.stroke, s.width/2)
		draw(s.fill, -s.width/2)
		return
	}
	draw(s.fill, 0)
}

func (r *raster) rect(s style, x, y, w, h float64) {
	outlined(s, func(hex string, grown float64) {
		wide, tall := float32((w+2*grown)*pixels), float32((h+2*grown)*pixels)
		r.fill(hex, (x+s.dx-grown)*pixels, (y+s.dy-grown)*pixels, float64(wide), float64(tall), func(z *vector.Rasterizer, dx, dy float32) {
			z.MoveTo(dx, dy)
			z.LineTo(dx+wide, dy)
			z.LineTo(dx+wide, dy+tall)
			z.LineTo(dx, dy+tall)
			z.ClosePath()
		})
	})
}

func (r *raster) circle(s style, x, y, radius float64) {
	outlined(s, func(hex string, grown float64) {
		rad := float32((radius + grown) * pixels)
		side := float64(2 * rad)
		r.fill(hex, (x+s.dx)*pixels-side/2, (y+s.dy)*pixels-side/2, side, side, func(z *vector.Rasterizer, dx, dy float32) {
			const k = 0.5522847 // of a quarter of a circle by a cubic curve
			cx, cy := dx+rad, dy+rad
			z.MoveTo(cx+rad, cy)
			z.CubeTo(cx+rad, cy+k*rad, cx+k*rad, cy+rad, cx, cy+rad)
			z.CubeTo(cx-k*rad, cy+rad, cx-rad, cy+k*rad, cx-rad, cy)
			z.CubeTo(cx-rad, cy-k*rad, cx-k*rad, cy-rad, cx, cy-rad)
			z.CubeTo(cx+k*rad, cy-rad, cx+rad, cy-k*rad, cx+rad, cy)
			z.ClosePath()
		})
	})
}

// line puts a line among those that are drawn together; a dashed one as its dashes, 3 long with 3 between.
func (r *raster) line(s style, x1, y1, x2, y2 float64, dashed bool) {
	if r.lines != nil && r.lined != s {
		r.drawLines()
	}
	if r.lines == nil {
		r.lines, r.lined = vector.NewRasterizer(r.img.Rect.Dx(), r.img.Rect.Dy()), s
	}
	long := math.Hypot(x2-x1, y2-y1)
	if long == 0 {
		return
	}
	step := long
	if dashed {
		step = 3
	}
	ux, uy := (x2-x1)/long, (y2-y1)/long
	point := func(along, aside float64) (float32, float32) {
		return float32((x1 + s.dx + ux*along - uy*aside) * pixels), float32((y1 + s.dy + uy*along + ux*aside) * pixels)
	}
	for from := 0.0; from < long; from += 2 * step {
		to := min(from+step, long)
		r.lines.MoveTo(point(from, -s.width/2))
		r.lines.LineTo(point(to, -s.width/2))
		r.lines.LineTo(point(to, s.width/2))
		r.lines.LineTo(point(from, s.width/2))
		r.lines.ClosePath()
	}
}

func (r *raster) drawLines() {
	if r.lines == nil {
		return
	}
	if c, ok := paint(r.lined.stroke); ok {
		r.lines.Draw(r.img, r.img.Rect, image.NewUniform(c), image.Point{})
	}
	r.lines = nil
}

// text writes words on one line that begins at x, has its middle there, or ends there.
func (r *raster) text(s style, x, y float64, anchor, words string) {
	face, err := r.face(s.size)
	c, ok := paint(s.fill)
	if err != nil || !ok {
		r.err = err
		return
	}
	d := font.Drawer{Dst: r.img, Src: image.NewUniform(c), Face: face, Dot: fixed.Point26_6{X: fixed.Int26_6((x + s.dx) * pixels * 64), Y: fixed.Int26_6((y + s.dy) * pixels * 64)}}
	switch anchor {
	case "middle":
		d.Dot.X -= d.MeasureString(words) / 2
	case "end":
		d.Dot.X -= d.MeasureString(words)
	}
	d.DrawString(words)
}

func (r *raster) face(size float64) (font.Face, error) {
	if f := r.faces[size]; f != nil {
		return f, nil
	}
	typeface, err := regular()
	if err != nil {
		return nil, err
	}
	f, err := opentype.NewFace(typeface, &opentype.FaceOptions{Size: size * pixels, DPI: 72, Hinting: font.HintingNone})
	if err == nil {
		if r.faces == nil {
			r.faces = map[float64]font.Face{}
		}
		r.faces[size] = f
	}
	return f, err
}
