package picture

// wave is one frequency of a patch: u along its rows, v along its columns.
type wave struct{ u, v int }

// waves are the lowest frequencies, the plain mean left out: with each also the one turned over, so that mirroring and turning a patch only
// flips and exchanges signs.
var waves = func() (list [signBits]wave) {
	n := 0
	for sum := 1; n < signBits; sum++ {
		for u := max(0, sum-frequencies+1); u <= min(sum, frequencies-1); u++ {
			list[n] = wave{u, sum - u}
			n++
		}
	}
	return list
}()

// orientation is one of the eight ways to mirror and turn a picture: first transposed, then mirrored.
type orientation struct {
	transposed, leftRight, upDown bool
}

var orientations = func() (all [8]orientation) {
	for i := range all {
		all[i] = orientation{transposed: i&4 != 0, leftRight: i&1 != 0, upDown: i&2 != 0}
	}
	return all
}()

// mirrored says whether the picture is seen as in a mirror, and not only turned.
func (o orientation) mirrored() bool { return o.transposed != (o.leftRight != o.upDown) }

// back is the orientation that undoes o.
func (o orientation) back() orientation {
	if o.transposed {
		o.leftRight, o.upDown = o.upDown, o.leftRight
	}
	return o
}

// look is what a mark looks like in the orientation.
func (o orientation) look(look uint64) uint64 {
	if o.transposed {
		look = transpose(look)
	}
	if o.leftRight {
		look ^= oddRows
	}
	if o.upDown {
		look ^= oddColumns
	}
	return look
}

// everyWay is a look in each of the orientations.
func everyWay(look uint64) (all [len(orientations)]uint64) {
	for n, look := range [2]uint64{look, transpose(look)} {
		all[4*n], all[4*n+1], all[4*n+2], all[4*n+3] = look, look^oddRows, look^oddColumns, look^oddRows^oddColumns
	}
	return all
}

// place is where a point comes to lie, but for a shift.
func (o orientation) place(x, y int) (int, int) {
	if o.transposed {
		x, y = y, x
	}
	if o.leftRight {
		x = -x
	}
	if o.upDown {
		y = -y
	}
	return x, y
}

// oddRows and oddColumns are the signs that change where left and right, or up and down, are exchanged.
var oddRows, oddColumns = func() (rows, columns uint64) {
	for i, f := range waves {
		rows |= uint64(f.u&1) << i
		columns |= uint64(f.v&1) << i
	}
	return rows, columns
}()

// transposed is what each byte of a look becomes when rows and columns are exchanged.
var transposed = func() (t [6][256]uint64) {
	at := map[wave]int{}
	for i, f := range waves {
		at[f] = i
	}
	for i := range 8 * len(t) {
		to := i // the bits beyond the signs stay
		if i < signBits {
			to = at[wave{waves[i].v, waves[i].u}]
		}
		for b := range 256 {
			if b>>(i%8)&1 == 1 {
				t[i/8][b] |= 1 << to
			}
		}
	}
	return t
}()

func transpose(look uint64) (out uint64) {
	for i := range transposed {
		out |= transposed[i][byte(look>>(8*i))]
	}
	return out
}
