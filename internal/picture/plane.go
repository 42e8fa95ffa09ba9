package picture

import "image"

// workSide is the longer side, in pixels, of the brightness plane in which features are looked for.
const workSide = 256

// borderContrast is how much brightness may vary along an even border: what compression leaves.
const borderContrast = 12 * unit

// plane is brightness: 0 to 255, times 64.
type plane struct {
	w, h int
	at   []int32
}

// unit is what one step of brightness is in a plane: room for what blurring leaves between two steps.
const unit = 64

// brightness is a picture reduced to its brightness. Pictures that hold it apart, as JPEG and most WebP do, are used as they are.
func brightness(img image.Image) *image.Gray {
	switch p := img.(type) {
	case *image.Gray:
		return p
	case *image.YCbCr:
		return &image.Gray{Pix: p.Y, Stride: p.YStride, Rect: p.Rect}
	case *image.NYCbCrA:
		return &image.Gray{Pix: p.Y, Stride: p.YStride, Rect: p.Rect}
	}
	b := img.Bounds()
	grey := image.NewGray(image.Rect(0, 0, b.Dx(), b.Dy()))
	switch p := img.(type) {
	case *image.RGBA:
		for y := range b.Dy() {
			row := p.Pix[p.PixOffset(b.Min.X, b.Min.Y+y):]
			for x := range b.Dx() {
				grey.Pix[y*grey.Stride+x] = luma(uint32(row[4*x]), uint32(row[4*x+1]), uint32(row[4*x+2]))
			}
		}
	case *image.NRGBA:
		for y := range b.Dy() {
			row := p.Pix[p.PixOffset(b.Min.X, b.Min.Y+y):]
			for x := range b.Dx() {
				grey.Pix[y*grey.Stride+x] = uint8(uint32(luma(uint32(row[4*x]), uint32(row[4*x+1]), uint32(row[4*x+2]))) * uint32(row[4*x+3]) / 255)
			}
		}
	case *image.Paletted:
		var table [256]uint8
		for i, c := range p.Palette {
			r, g, bl, _ := c.RGBA()
			table[i] = luma(r>>8, g>>8, bl>>8)
		}
		for y := range b.Dy() {
			row := p.Pix[p.PixOffset(b.Min.X, b.Min.Y+y):]
			for x := range b.Dx() {
				grey.Pix[y*grey.Stride+x] = table[row[x]]
			}
		}
	default:
		for y := range b.Dy() {
			for x := range b.Dx() {
				r, g, bl, _ := img.At(b.Min.X+x, b.Min.Y+y).RGBA()
				grey.Pix[y*grey.Stride+x] = luma(r>>8, g>>8, bl>>8)
			}
		}
	}
	return grey
}

// luma is the brightness of a colour as JPEG defines it (ITU-R BT.601).
func luma(r, g, b uint32) uint8 { return uint8((299*r + 587*g + 114*b + 500) / 1000) }

// trim finds the part of a plane within even borders: rows and columns of one brightness all along, as frames and letterboxes are.
func (p *plane) trim() image.Rectangle {
	r := image.Rect(0, 0, p.w, p.h)
	even := func(x, y, dx, dy, n int) bool {
		low, high := p.at[y*p.w+x], p.at[y*p.w+x]
		for range n {
			v := p.at[y*p.w+x]
			low, high = min(low, v), max(high, v)
			x, y = x+dx, y+dy
		}
		return high-low < borderContrast
	}
	for r.Min.Y < p.h*2/5 && even(0, r.Min.Y, 1, 0, p.w) {
		r.Min.Y++
	}
	for r.Max.Y > p.h*3/5 && even(0, r.Max.Y-1, 1, 0, p.w) {
		r.Max.Y--
	}
	for r.Min.X < p.w*2/5 && even(r.Min.X, r.Min.Y, 0, 1, r.Dy()) {
		r.Min.X++
	}
	for r.Max.X > p.w*3/5 && even(r.Max.X-1, r.Min.Y, 0, 1, r.Dy()) {
		r.Max.X--
	}
	return r
}

// shrink brings brightness to workSide: each pixel of the plane is the mean of the area that it covers. Smaller pictures are stretched.
func (a *arena) shrink(grey *image.Gray) *plane {
	w, h := grey.Rect.Dx(), grey.Rect.Dy()
	long := max(w, h)
	p := a.plane(max(1, (w*workSide+long/2)/long), max(1, (h*workSide+long/2)/long))
	if long < workSide {
		p.stretch(grey)
		return p
	}
	columns, rows := spans(p.w, w), spans(p.h, h)
	line := make([]int64, p.w)
	for y, r := range rows {
		clear(line)
		for sy := r.from; sy <= r.to; sy++ {
			weight := r.weight(sy)
			if weight == 0 {
				continue
			}
			row := grey.Pix[sy*grey.Stride : sy*grey.Stride+w]
			for x, c := range columns {
				sum := int64(row[c.from]) * c.first
				if c.to > c.from {
					var whole int64
					for _, v := range row[c.from+1 : c.to] {
						whole += int64(v)
					}
					sum += whole<<spanBits + int64(row[c.to])*c.last
				}
				line[x] += sum * weight
			}
		}
		for x, c := range columns {
			p.at[y*p.w+x] = int32(line[x] * unit / (c.total * r.total))
		}
	}
	return p
}

// span is what one pixel of a shrunken line covers: the pixels from and to, and how much of the first and last, in 1<<spanBits.
type span struct {
	from, to           int
	first, last, total int64
}

const spanBits = 8

func spans(n, of int) []span {
	out := make([]span, n)
	for i := range out {
		a, b := int64(i)*int64(of)<<spanBits/int64(n), int64(i+1)*int64(of)<<spanBits/int64(n)
		s := span{from: int(a >> spanBits), to: int((b - 1) >> spanBits), total: b - a}
		s.first = min(int64(s.from+1)<<spanBits, b) - a
		s.last = b - int64(s.to)<<spanBits
		if s.to == s.from {
			s.last = s.first
		}
		out[i] = s
	}
	return out
}

// weight is how much of a line the span covers.
func (s span) weight(line int) int64 {
	switch line {
	case s.from:
		return s.first
	case s.to:
		return s.last
	}
	return 1 << spanBits
}

// stretch fills a plane that is larger than the picture, blending between neighbours.
func (p *plane) stretch(grey *image.Gray) {
	w, h := grey.Rect.Dx(), grey.Rect.Dy()
	for y := range p.h {
		y0, y1, fy := between(y, p.h, h)
		for x := range p.w {
			x0, x1, fx := between(x, p.w, w)
			top := int(grey.Pix[y0*grey.Stride+x0])*(256-fx) + int(grey.Pix[y0*grey.Stride+x1])*fx
			low := int(grey.Pix[y1*grey.Stride+x0])*(256-fx) + int(grey.Pix[y1*grey.Stride+x1])*fx
			p.at[y*p.w+x] = int32((top*(256-fy) + low*fy) * unit >> 16)
		}
	}
}

// between places the middle of the i-th of n pixels among of others: the two it lies between, and how far, in 256ths.
func between(i, n, of int) (low, high, part int) {
	at := max(0, ((2*i+1)*of*128)/n-128)
	low = min(at>>8, of-1)
	return low, min(low+1, of-1), at & 255
}

// grey is the plane as a picture.
func (p *plane) grey() *image.Gray {
	g := image.NewGray(image.Rect(0, 0, p.w, p.h))
	for i, v := range p.at {
		g.Pix[i] = uint8((v + unit/2) / unit)
	}
	return g
}

// content is the plane of a picture without its even borders, and whether it had any; whole is the plane with them.
func (a *arena) content(grey *image.Gray, whole *plane) (p *plane, framed bool) {
	r := whole.trim()
	if r == image.Rect(0, 0, whole.w, whole.h) {
		return whole, false
	}
	in := 1 // the pixel beside a border is part border
	if min(whole.w, whole.h) < workSide/8 {
		in = 0
	}
	w, h := grey.Rect.Dx(), grey.Rect.Dy()
	inner := image.Rect((r.Min.X+pad(r.Min.X > 0, in))*w/whole.w, (r.Min.Y+pad(r.Min.Y > 0, in))*h/whole.h,
		(r.Max.X-pad(r.Max.X < whole.w, in))*w/whole.w, (r.Max.Y-pad(r.Max.Y < whole.h, in))*h/whole.h)
	if inner.Dx() < leastSide || inner.Dy() < leastSide {
		return whole, false
	}
	return a.shrink(&image.Gray{Pix: grey.Pix[inner.Min.Y*grey.Stride+inner.Min.X:], Stride: grey.Stride, Rect: image.Rect(0, 0, inner.Dx(), inner.Dy())}), true
}

func pad(border bool, n int) int {
	if border {
		return n
	}
	return 0
}
