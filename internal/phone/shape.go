package phone

import "strings"

// shape is how a window of atoms looks: what sets a number apart from a list of prices.
type shape struct {
	r      *reader
	i, j   int
	digits string
	plus   bool
	// odd says that signs stand between the atoms, spelled that some are words, letters or disguised.
	odd, spelled bool
	// singles is how many atoms are of one digit each.
	singles int
	// uniform says that the same stands between all atoms.
	uniform bool
	// groups are the lengths of the atoms, such as 3-2-3; empty where words are among them.
	groups string
}

// groupings are how people write the eight digits of a Norwegian or Danish number.
const groupings = " 8 323 2222 44 35 53 233 26 62 332 224 422 11111111 "

// look reads the shape and says whether a number can have it.
func (s *shape) look() bool {
	r := s.r
	var buf [mostAtoms]byte
	groups := buf[:0]
	all, vague, strict, lists := tongues(0xffff), 0, 0, false
	s.uniform = true
	for k := s.i; k < s.j; k++ {
		a := &r.atoms[k]
		if k > s.i {
			s.odd = s.odd || a.gap >= odd
			lists = lists || a.gap == listing
			s.uniform = s.uniform && (k == s.i+1 || r.gapText(k) == r.gapText(k-1))
		}
		s.spelled = s.spelled || a.changed
		if a.kind == spelled {
			all &= a.tongues
			if a.vague {
				vague++
			} else {
				strict++
			}
			continue
		}
		if len(a.digits) == 1 {
			s.singles++
		}
		if n := len(groups); n > 0 && a.gap == tight && k > s.i {
			groups[n-1] = min('9', groups[n-1]+byte(len(a.digits)))
			continue
		}
		groups = append(groups, '0'+byte(min(len(a.digits), 9)))
	}
	atoms, words := s.j-s.i, vague+strict
	if words == 0 {
		s.groups = string(groups)
	}
	switch {
	case all == 0 && !(words < atoms && vague == 0 && r.called(s.i)),
		lists && s.singles+words < atoms && !r.called(s.i),
		words == 1 && vague == 1 && atoms > 1 && s.long() && !s.plus,
		words == atoms && counting(s.digits[:leastDigits]):
		return false
	}
	return words > 0 || s.plus || atoms == 1 && !s.day() || atoms > 1 && s.grouped()
}

// long says that some digits stand in groups of three or more: "from 412 to 34567" is no number.
func (s *shape) long() bool {
	for k := s.i; k < s.j; k++ {
		if len(s.r.atoms[k].digits) >= 3 {
			return true
		}
	}
	return false
}

// counting says that the digits follow each other: one two three.
func counting(digits string) bool {
	up, down := true, true
	for i := 1; i < len(digits); i++ {
		up = up && digits[i] == digits[i-1]+1
		down = down && digits[i] == digits[i-1]-1
	}
	return up || down
}

// day says that a single group is a date, 20261123.
func (s *shape) day() bool {
	d := s.digits
	return len(d) == 8 && isYear(small(d[:4])) && small(d[4:6]) >= 1 && small(d[4:6]) <= 12 && small(d[6:]) >= 1 && small(d[6:]) <= 31
}

// grouped says that figures stand in groups as those of a number do, and not as prices, years or hours.
func (s *shape) grouped() bool {
	prices, years, halves := true, true, true
	for k := s.i; k < s.j; k++ {
		d := s.r.atoms[k].digits
		prices = prices && len(d) >= 3 && strings.HasSuffix(d, "00")
		halves = halves && len(d) == 4 && (strings.HasSuffix(d, "00") || strings.HasSuffix(d, "50"))
		years = years && isYear(small(d))
	}
	last := s.r.atoms[s.j-1].digits
	switch {
	case prices && !(s.groups == "333" && s.uniform && s.r.gapText(s.j-1) == "-" && s.r.called(s.i)), years, halves && !s.r.called(s.i), last == "000" && !s.odd && len(s.digits) <= 8:
		return false
	case s.groups == "2222" && s.times():
		return false
	case len(s.digits) != 8:
		return true
	case s.uniform && s.odd && s.groups != "44":
		return true
	}
	return strings.Contains(groupings, " "+s.groups+" ")
}

// times says that four groups of two are two hours or days: 10.00 - 22.00, 24/12-28/12.
func (s *shape) times() bool {
	r := s.r
	a, b, c := r.gapText(s.i+1), r.gapText(s.i+2), r.gapText(s.i+3)
	if a != c || a == b {
		return false
	}
	x, y, z, w := small(r.atoms[s.i].digits), small(r.atoms[s.i+1].digits), small(r.atoms[s.i+2].digits), small(r.atoms[s.i+3].digits)
	return x <= 31 && z <= 31 && y < 60 && w < 60
}

// bounded says that the window is whole: nothing that belongs to it stands before or behind it in its run.
func (s *shape) bounded(lo, hi int) bool {
	r := s.r
	if t := int(r.atoms[s.j-1].token) + 1; r.glued1(s.j-1, t) && !(s.j < hi && r.atoms[s.j].gap == tight && r.atoms[s.j].kind != r.atoms[s.j-1].kind) {
		return false
	}
	left := s.i == lo || s.loose(s.i, s.i-1) || r.onlyVague(lo, s.i)
	right := s.j >= hi || s.loose(s.j, s.j) || r.onlyVague(s.j, hi)
	if left && right {
		return true
	}
	if !s.strong() {
		return false
	}
	if s.groups != "2222" {
		return true
	}
	// A row of pairs: an age before a mobile number is told by its first digit.
	before, after := s.i > lo && len(r.atoms[s.i-1].digits) == 2, s.j < hi && len(r.atoms[s.j].digits) == 2
	mobile := func(d string) bool { return d[0] == '4' || d[0] == '9' }
	return !after && (!before || s.i-1 == lo && mobile(s.digits) && !mobile(r.atoms[lo].digits))
}

// glued1 says that a letter touches the end of atom k; t is the token behind it.
func (r *reader) glued1(k, t int) bool {
	return t < len(r.doc.Tokens) && r.doc.Tokens[t].Start == r.atoms[k].end
}

// loose says that the gap of atom g parts the window from atom n outside it: another gap than those inside, or words beside figures.
func (s *shape) loose(g, n int) bool {
	r := s.r
	outside := &r.atoms[n]
	if r.atoms[g].gap == tight {
		return outside.kind != r.atoms[s.i].kind && s.same()
	}
	if s.same() && (outside.kind == spelled) != (r.atoms[s.i].kind == spelled) {
		return true
	}
	text := r.gapText(g)
	for k := s.i + 1; k < s.j; k++ {
		if r.gapText(k) == text {
			return false
		}
	}
	return true
}

// same says that all atoms are words or all are not.
func (s *shape) same() bool {
	for k := s.i + 1; k < s.j; k++ {
		if (s.r.atoms[k].kind == spelled) != (s.r.atoms[s.i].kind == spelled) {
			return false
		}
	}
	return true
}

// strong says that the groups alone show a number's beginning and end.
func (s *shape) strong() bool {
	switch {
	case s.plus || strings.HasPrefix(s.digits, "0"):
		return true
	case s.groups == "323" || s.groups == "2222" && s.uniform:
		return len(s.digits) == 8
	}
	return s.groups == "333" && s.r.region != "NO"
}

// onlyVague says that all atoms from i to j are words that are ordinary ones as well: en, to.
func (r *reader) onlyVague(i, j int) bool {
	for ; i < j; i++ {
		if a := &r.atoms[i]; a.kind != spelled || !a.vague {
			return false
		}
	}
	return true
}
