package picture

import (
	"cmp"
	"image"
	"math"
	"math/bits"
	"slices"
)

const (
	// leastContrast is how much a spot must stand out of its surroundings to be kept: one and a half of 255 steps of brightness.
	leastContrast = 3 * unit / 2
	// edgeRatio is the most that a spot may be longer than wide (Lowe 2004, section 4.1): along an edge a place is not told from the next.
	edgeRatio = 10
	// grid is how many samples wide and high a patch is.
	grid = 16
	// patchSigmas is how wide a patch is, in widths of the spot. Measured on half of the photographs: 6 and 7 tell less apart, 10 and more are
	// cut off more often by a crop.
	patchSigmas = 8
	// steps is how many steps of scale an octave has while a spot is placed.
	steps = 24
	// part is the fraction of a pixel in which spots are placed.
	part = 16
)

const (
	// mostRepeats marks that differ in at most repeatApart signs are a pattern.
	mostRepeats = 3
	repeatApart = 4
)

// spot is a place that is lighter or darker than what surrounds it, at the scale where it stands out most.
type spot struct {
	octave, level int
	// x and y are in parts of a pixel of the octave, from the middle of the first pixel.
	x, y int
	// scale is in steps, from baseSigma.
	scale    int
	dark     bool
	strength int32
}

// spots finds the spots of one octave: extremes of the difference of two blurs among their 26 neighbours in place and scale.
func (a *arena) spots(o *octave, number int) (found []spot) {
	w, h := o.levels[0].w, o.levels[0].h
	var d [levels - 1][]int32
	for i := range d {
		less := o.levels[i].at
		more := o.levels[i+1].at[:len(less)]
		d[i] = a.take(len(less))
		into := d[i][:len(less)]
		for j, v := range less {
			into[j] = more[j] - v
		}
	}
	for i := 1; i <= intervals; i++ {
		for y := 2; y < h-2; y++ {
			for x, v := range d[i][y*w : (y+1)*w-2] {
				if x < 2 || v < leastContrast && v > -leastContrast {
					continue
				}
				j := y*w + x
				if !extreme(&d, i, j, w) || edge(d[i], j, w) {
					continue
				}
				found = append(found, spot{octave: number, level: i, dark: v > 0, strength: max(v, -v),
					x: part*x + peak(d[i][j-1], v, d[i][j+1], part), y: part*y + peak(d[i][j-w], v, d[i][j+w], part),
					scale: steps*number + steps/intervals*i + peak(d[i-1][j], v, d[i+1][j], steps/intervals)})
			}
		}
	}
	return found
}

// extreme says whether no neighbour of pixel j, nor of those above and below it in scale, reaches its value.
func extreme(d *[levels - 1][]int32, i, j, w int) bool {
	v, left, right := d[i][j], d[i][j-1], d[i][j+1]
	if v > 0 && (left >= v || right >= v) || v <= 0 && (left <= v || right <= v) {
		return false
	}
	for level := i - 1; level <= i+1; level++ {
		for _, k := range [3]int{j - w, j, j + w} {
			if level == i && k == j {
				continue
			}
			n := d[level][k-1 : k+2]
			if v > 0 && (n[0] >= v || n[1] >= v || n[2] >= v) || v <= 0 && (n[0] <= v || n[1] <= v || n[2] <= v) {
				return false
			}
		}
	}
	return true
}

// edge says whether what stands out is a line and not a spot.
func edge(d []int32, j, w int) bool {
	xx, yy := int64(d[j+1]+d[j-1]-2*d[j]), int64(d[j+w]+d[j-w]-2*d[j])
	xy := int64(d[j+w+1]+d[j-w-1]-d[j+w-1]-d[j-w+1]) / 4
	trace, det := xx+yy, xx*yy-xy*xy
	return det <= 0 || trace*trace*edgeRatio >= (edgeRatio+1)*(edgeRatio+1)*det
}

// peak is where the top of a parabola through three values lies, in parts of the distance between two, at most half of it away.
func peak(a, b, c int32, parts int) int {
	bend := 2 * int(a-2*b+c)
	if bend == 0 {
		return 0
	}
	return min(max(int(a-c)*parts/bend, -parts/2), parts/2)
}

// sigmas are the widths of spots by steps within an octave and a little beyond, in parts of a pixel.
var sigmas = func() (t [2 * steps]int) {
	const baseSigma = 1.6 // Lowe 2004, section 3.3
	for i := range t {
		t[i] = int(math.Round(part * baseSigma * math.Pow(2, float64(i)/steps)))
	}
	return t
}()

// cosines are those of the discrete cosine transform of a row of samples.
var cosines = func() (t [frequencies][grid]int32) {
	for u := range t {
		for x := range t[u] {
			t[u][x] = int32(math.Round(1024 * math.Cos(math.Pi*float64(u)*(2*float64(x)+1)/(2*grid))))
		}
	}
	return t
}()

// describe makes the mark of a spot: the signs of the lowest frequencies of the patch around it. Spots whose patch is cut off are not ok.
func (s *spot) describe(all []octave) (m mark, ok bool) {
	p := all[s.octave].levels[s.level]
	side := sigmas[s.scale-steps*s.octave] * patchSigmas
	left, top := s.x-side/2, s.y-side/2
	if left < -part/2 || top < -part/2 || left+side > part*p.w-part/2 || top+side > part*p.h-part/2 {
		return 0, false
	}
	var rows [grid][frequencies]int32
	for r := range rows {
		var line [grid]int32
		y := min(max(top+side*(2*r+1)/(2*grid), 0), part*(p.h-1)-1)
		for c := range line {
			line[c] = p.sample(min(max(left+side*(2*c+1)/(2*grid), 0), part*(p.w-1)-1), y)
		}
		for u := range rows[r] {
			var sum int32
			for c, v := range line {
				sum += v * cosines[u][c] >> 4
			}
			rows[r][u] = sum >> 8
		}
	}
	var signs uint64
	for i, f := range waves {
		var sum int64
		for r := range rows {
			sum += int64(rows[r][f.u]) * int64(cosines[f.v][r])
		}
		if sum > 0 {
			signs |= 1 << i
		}
	}
	return makeMark(signs, s.dark, (s.x+part/2)<<s.octave/part, (s.y+part/2)<<s.octave/part, s.scale), true
}

// sample blends the four pixels around a place.
func (p *plane) sample(x, y int) int32 {
	fx, fy := int32(x%part), int32(y%part)
	j := y/part*p.w + x/part
	top := p.at[j]*(part-fx) + p.at[j+1]*fx
	low := p.at[j+p.w]*(part-fx) + p.at[j+p.w+1]*fx
	return (top*(part-fy) + low*fy) / (part * part)
}

// fingerprint finds the strongest marks of a picture.
func (a *arena) fingerprint(grey *image.Gray, whole *plane) *Fingerprint {
	p, framed := a.content(grey, whole)
	all := a.pyramid(p)
	var spots []spot
	for i := range all {
		spots = append(spots, a.spots(&all[i], i)...)
	}
	slices.SortFunc(spots, func(a, b spot) int {
		return cmp.Or(cmp.Compare(b.strength, a.strength), cmp.Compare(a.octave, b.octave), cmp.Compare(a.y, b.y), cmp.Compare(a.x, b.x), cmp.Compare(a.scale, b.scale))
	})
	var marks []mark
	for i := range spots {
		if len(marks) == 3*mostMarks/2 {
			break
		}
		if m, ok := spots[i].describe(all); ok {
			marks = append(marks, m)
		}
	}
	marks = distinct(marks)
	return &Fingerprint{width: p.w, height: p.h, framed: framed, marks: marks[:min(len(marks), mostMarks)]}
}

// distinct leaves out what repeats itself within a picture: letters, tiles, the stones of a wall, a mark written all over. It says what
// the picture is like, and not which.
func distinct(marks []mark) (kept []mark) {
	for i, m := range marks {
		again := 0
		for j, o := range marks {
			if x := m.look() ^ o.look(); i != j && x>>signBits == 0 && bits.OnesCount64(x) <= repeatApart {
				again++
			}
		}
		if again < mostRepeats {
			kept = append(kept, m)
		}
	}
	return kept
}
