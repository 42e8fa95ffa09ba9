package picture

import "slices"

// count adds up what the pairs that agree with a placing are worth, each mark counted once, by that of its pairs which is worth most.
type count struct {
	// pairs are those of one mark of the first picture after another, and of each mark those first that are worth most.
	pairs []laid
	// marks are from where to where the pairs of each mark are. Those come first that did not agree with the best placing so far: what another
	// placing lacks against it is known soonest by these.
	marks [][2]int
	// mostA and mostB are what all marks of each picture would be worth together.
	mostA, mostB int
}

// newCount takes pairs in order, those that differ least first.
func newCount(all []laid) *count {
	c := &count{pairs: make([]laid, 0, len(all)), marks: make([][2]int, 0, len(all))}
	var ofB [mostMarks]bool
	var first [mostMarks]bool
	for k, p := range all {
		if !ofB[p.j] {
			ofB[p.j] = true
			c.mostB += p.worth()
		}
		if first[p.i] {
			continue
		}
		first[p.i] = true
		c.mostA += p.worth()
		from := len(c.pairs)
		for _, q := range all[k:] {
			if q.i == p.i {
				c.pairs = append(c.pairs, q)
			}
		}
		c.marks = append(c.marks, [2]int{from, len(c.pairs)})
	}
	return c
}

// score is what the pairs that agree with a placing are worth, the less of both pictures' marks; or 0 where it is not above best. Then the marks
// that do not agree come to the front.
func (c *count) score(p *placing, best int) int {
	var ofB [mostMarks]int8
	sumA, sumB := c.mostA, 0
	for _, of := range c.marks {
		worth := 0
		for k := of[0]; k < of[1]; k++ {
			q := &c.pairs[k]
			if !p.agrees(q) {
				continue
			}
			worth = max(worth, q.worth())
			if add := q.worth() - int(ofB[q.j]); add > 0 {
				ofB[q.j] = int8(q.worth())
				sumB += add
			}
		}
		if sumA -= c.pairs[of[0]].worth() - worth; sumA <= best {
			return 0
		}
	}
	if sumB <= best {
		return 0
	}
	front := 0
	for k, of := range c.marks {
		if !slices.ContainsFunc(c.pairs[of[0]:of[1]], func(q laid) bool { return p.agrees(&q) }) {
			c.marks[front], c.marks[k] = of, c.marks[front]
			front++
		}
	}
	return min(sumA, sumB)
}
