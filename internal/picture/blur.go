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
func pyramid(p *plane) (all []octave) {
	for range octaves {
		if min(p.w, p.h) < leastSide {
			break
		}
		var o octave
		one, two := newPlane(p.w, p.h), newPlane(p.w, p.h)
		for i, b := range boxes {
			o.levels[i] = newPlane(p.w, p.h)
			p.boxRows(b[0], one)
			one.boxRows(b[1], two)
			two.boxColumns(b[0], one)
			one.boxColumns(b[1], o.levels[i])
		}
		all = append(all, o)
		p = p.half()
	}
	return all
}

// boxRows writes the mean of each pixel and its r neighbours on either side in the row. The edge goes on beyond the edge.
func (p *plane) boxRows(r int, into *plane) {
	part := int32((1 << 16) / (2*r + 1)) // a mean is below 1<<14, so that its product stays below 1<<31
	for y := range p.h {
		row, out := p.at[y*p.w:(y+1)*p.w], into.at[y*p.w:(y+1)*p.w]
		last := len(row) - 1
		sum := row[0] * int32(r+1)
		for i := 1; i <= r; i++ {
			sum += row[min(i, last)]
		}
		x := 0
		for ; x < min(r, len(row)); x++ {
			out[x] = sum * part >> 16
			sum += row[min(x+r+1, last)] - row[0]
		}
		if n := last - r - x; n > 0 {
			add, drop, to := row[x+r+1:][:n], row[x-r:][:n], out[x:][:n]
			for i, v := range add {
				to[i] = sum * part >> 16
				sum += v - drop[i]
			}
			x += n
		}
		for ; x <= last; x++ {
			out[x] = sum * part >> 16
			sum += row[last] - row[max(x-r, 0)]
		}
	}
}

// boxColumns is boxRows for columns.
func (p *plane) boxColumns(r int, into *plane) {
	part := int32((1 << 16) / (2*r + 1))
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
func (p *plane) half() *plane {
	out := newPlane(p.w/2, p.h/2)
	for y := range out.h {
		for x := range out.w {
			i := 2*y*p.w + 2*x
			out.at[y*out.w+x] = (p.at[i] + p.at[i+1] + p.at[i+p.w] + p.at[i+p.w+1]) / 4
		}
	}
	return out
}
