package picture

import "math"

const (
	// fine is the fraction of a pixel in which places are reckoned.
	fine = 16
	// leastApart is how far apart, in fine parts, two spots must lie to say how the pictures lie on each other.
	leastApart = 10 * fine
	// tolerance is how far from where it ought to be a spot may lie.
	tolerance = 2 * fine
	// leastScale and mostScale bound, in 256ths, how much larger one picture shows things than the other: 1/3 to a little above 3.
	leastScale, mostScale = 85, 800
	// mostTilt is the steepest tilt, as 1/mostTilt: 5.7°. A spot's signs change when it is turned further.
	mostTilt = 10
)

// placing says how one picture lies on another: mirrored and turned by quarters, then scaled and shifted, maybe tilted a little.
type placing struct {
	how orientation
	// fromX and fromY, after how, come to lie on toX and toY; re and im are the scale and the tilt around that point, in 1<<turnBits.
	fromX, fromY, toX, toY, re, im int
	// scale is how much larger the other picture shows things, in 256ths; room is the square of the tolerance.
	scale, room int
}

const turnBits = 16

// place says how a lies on b if both pairs of marks are right. It is not ok where they cannot be, such as where the spots' own scales say
// otherwise.
func place(how orientation, one, two *laid) (p placing, ok bool) {
	if !upright(one, two) {
		return p, false
	}
	ax, ay, bx, by := two.x-one.x, two.y-one.y, two.toX-one.toX, two.toY-one.toY
	re, im := ax*bx+ay*by, ax*by-ay*bx
	n := ax*ax + ay*ay
	if n < leastApart*leastApart || bx*bx+by*by < leastApart*leastApart {
		return p, false
	}
	p.scale = re * 256 / n
	if p.scale < leastScale || p.scale > mostScale || !p.fits(one.scale) || !p.fits(two.scale) {
		return p, false
	}
	p.how, p.fromX, p.fromY, p.toX, p.toY = how, one.x, one.y, one.toX, one.toY
	p.re, p.im = re<<turnBits/n, im<<turnBits/n
	p.room = tolerance * max(256, p.scale) / 256
	p.room *= p.room
	return p, true
}

// upright says whether the way from one pair's marks to the other's leads the same way in both pictures, but for a little tilt.
func upright(one, two *laid) bool {
	ax, ay, bx, by := two.x-one.x, two.y-one.y, two.toX-one.toX, two.toY-one.toY
	re, im := ax*bx+ay*by, ax*by-ay*bx
	return re > 0 && mostTilt*im <= re && -mostTilt*im <= re
}

// laid is a pair of marks with their places, that of the first in the orientation, and with how much larger the second one's spot is.
type laid struct {
	pair
	x, y, toX, toY, scale int
}

func (p pair) laid(a, b *Fingerprint, how orientation) laid {
	m, o := a.marks[p.i], b.marks[p.j]
	x, y := how.place(fine*m.x(), fine*m.y())
	return laid{p, x, y, fine * o.x(), fine * o.y(), powers[o.scale()-m.scale()+31]}
}

// agrees says whether the marks of a pair lie as the placing says, and are as large.
func (p *placing) agrees(q *laid) bool {
	x, y := q.x-p.fromX, q.y-p.fromY
	x, y = p.toX+(p.re*x-p.im*y)>>turnBits-q.toX, p.toY+(p.im*x+p.re*y)>>turnBits-q.toY
	return x*x+y*y <= p.room && p.fits(q.scale)
}

// scales says whether the scales of two spots agree with that of the placing, within a factor of one and a half.
func (p *placing) scales(m, o mark) bool {
	return p.fits(powers[o.scale()-m.scale()+31])
}

func (p *placing) fits(scale int) bool { return 2*p.scale < 3*scale && 2*scale < 3*p.scale }

// powers are what steps of scale amount to, from 31 down to 31 up, in 256ths.
var powers = func() (t [63]int) {
	for i := range t {
		t[i] = int(math.Round(256 * math.Pow(2, float64(i-31)/scaleSteps)))
	}
	return t
}()

// to is where a point comes to lie, in fine parts of a pixel.
func (p *placing) to(x, y int) (int, int) {
	x, y = p.how.place(x, y)
	x, y = x-p.fromX, y-p.fromY
	return p.toX + (p.re*x-p.im*y)>>turnBits, p.toY + (p.im*x+p.re*y)>>turnBits
}

func (p *placing) mark(m mark) (int, int) { return p.to(fine*m.x(), fine*m.y()) }

// agree says whether mark o lies where m, which comes to lie on x and y, says it should, and is as large.
func (p *placing) agree(x, y int, m, o mark) bool {
	x, y = x-fine*o.x(), y-fine*o.y()
	return x*x+y*y <= p.room && p.scales(m, o)
}

// reaches says whether a mark of the other picture lies on a.
func (p *placing) reaches(o mark, a *Fingerprint) bool {
	x, y := fine*o.x()-p.toX, fine*o.y()-p.toY
	whole := max(1, (p.re*p.re+p.im*p.im)>>turnBits) // the square of the scale
	x, y = p.fromX+(p.re*x+p.im*y)/whole, p.fromY+(p.re*y-p.im*x)/whole
	x, y = p.how.back().place(x, y)
	return x >= 0 && y >= 0 && x <= fine*a.width && y <= fine*a.height
}

// shared is the part of b that shows what a shows, in pixels.
func (p *placing) shared(a, b *Fingerprint) (x0, y0, x1, y1 int) {
	ax, ay := p.to(0, 0)
	bx, by := p.to(fine*a.width, fine*a.height)
	x0, y0 = max(min(ax, bx), 0)/fine, max(min(ay, by), 0)/fine
	return x0, y0, max(x0, min(max(ax, bx)/fine, b.width)), max(y0, min(max(ay, by)/fine, b.height))
}
