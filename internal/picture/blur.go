package picture

const (
	// octaves is how often the plane is halved, intervals how many scales between one octave and the next are looked at.
	octaves   = 4
	intervals = 3
	levels    = intervals + 3
	// leastSide is the shortest side, in pixels, of an octave that is looked at.
	leastSide = 16
)

// boxes are the radii of the two box blurs that stand for a Gaussian of baseSigma times 2^(level/intervals): the variances of boxes add up
// to r(r+1)/3 each.
var boxes = [levels][2]int{{1, 2}, {2, 2}, {2, 3}, {3, 4}, {4, 5}, {5, 6}}

// octave is a plane blurred more and more.
type octave struct {
	levels [levels]*plane
}

// pyramid blurs the plane over all octaves.
func (a *arena) pyramid(p *plane) (all []octave) {
	for range octaves {
		if min(p.w, p.h) < leastSide {
			break
		}
		var o octave
		one, two := a.plane(p.w, p.h), a.plane(p.w, p.h)
		for i, b := range boxes {
			o.levels[i] = a.plane(p.w, p.h)
			p.boxRows(b[0], one)
			one.boxRows(b[1], two)
			two.boxColumns(b[0], one)
			one.boxColumns(b[1], o.levels[i])
		}
		all = append(all, o)
		p = a.half(p)
	}
	return all
}

// boxRows writes the mean of each pixel and its r neighbours on either side in the row. The edge goes on beyond the edge.
func (p *plane) boxRows(r int, into *plane) {
	y := 0
	for ; y+1 < p.h && p.w > 2*r+1; y += 2 {
		p.boxTwoRows(r, y, into)
	}
	for ; y < p.h; y++ {
		p.boxRow(r, y, into)
	}
}

// boxPart is what a sum is multiplied with for the mean, in 1<<16. A mean is below 1<<14, so that the product stays below 1<<31.
func boxPart(r int) int32 { return int32((1 << 16) / (2*r + 1)) }

// boxTwoRows writes row y and the one after it. The two sums do not wait for each other, which makes it faster than one after the other.
func (p *plane) boxTwoRows(r, y int, into *plane) {
	part, w := boxPart(r), p.w
	a, b := p.at[y*w:][:w], p.at[(y+1)*w:][:w]
	outA, outB := into.at[y*w:][:w], into.at[(y+1)*w:][:w]
	sumA, sumB := a[0]*int32(r+1), b[0]*int32(r+1)
	for i := 1; i <= r; i++ {
		sumA, sumB = sumA+a[i], sumB+b[i]
	}
	for x := range r {
		outA[x], outB[x] = sumA*part>>16, sumB*part>>16
		sumA, sumB = sumA+a[x+r+1]-a[0], sumB+b[x+r+1]-b[0]
	}
	n := w - 2*r - 1
	addA, addB, dropA, dropB, toA, toB := a[2*r+1:][:n], b[2*r+1:][:n], a[:n], b[:n], outA[r:][:n], outB[r:][:n]
	for i := range n {
		toA[i], toB[i] = sumA*part>>16, sumB*part>>16
		sumA, sumB = sumA+addA[i]-dropA[i], sumB+addB[i]-dropB[i]
	}
	for x := w - r - 1; x < w; x++ {
		outA[x], outB[x] = sumA*part>>16, sumB*part>>16
		sumA, sumB = sumA+a[w-1]-a[x-r], sumB+b[w-1]-b[x-r]
	}
}

func (p *plane) boxRow(r, y int, into *plane) {
	part := boxPart(r)
	row, out := p.at[y*p.w:(y+1)*p.w], into.at[y*p.w:(y+1)*p.w]
	last := len(row) - 1
	sum := row[0] * int32(r+1)
	for i := 1; i <= r; i++ {
		sum += row[min(i, last)]
	}
	for x := range row {
		out[x] = sum * part >> 16
		sum += row[min(x+r+1, last)] - row[max(x-r, 0)]
	}
}

// boxColumns is boxRows for columns.
func (p *plane) boxColumns(r int, into *plane) {
	part := boxPart(r)
	sums := make([]int32, p.w)
	line := func(y int) []int32 { y = min(max(y, 0), p.h-1); return p.at[y*p.w : (y+1)*p.w] }
	for i := -r; i <= r; i++ {
		for x, v := range line(i) {
			sums[x] += v
		}
	}
	for y := range p.h {
		add, drop, out := line(y + r + 1)[:len(sums)], line(y - r)[:len(sums)], into.at[y*p.w:][:len(sums)]
		for x, sum := range sums {
			out[x] = sum * part >> 16
			sums[x] = sum + add[x] - drop[x]
		}
	}
}

// half is the plane at half its size.
func (a *arena) half(p *plane) *plane {
	out := a.plane(p.w/2, p.h/2)
	for y := range out.h {
		for x := range out.w {
			i := 2*y*p.w + 2*x
			out.at[y*out.w+x] = (p.at[i] + p.at[i+1] + p.at[i+p.w] + p.at[i+p.w+1]) / 4
		}
	}
	return out
}
