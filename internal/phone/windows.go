package phone

import (
	"strings"

	"varde/internal/text"
)

// possible says that some run has enough digits for a number; most texts without one are done here.
func (r *reader) possible() bool {
	n := 0
	for i := range r.atoms {
		if i == 0 || !r.joins(i) {
			n = 0
		}
		if n += r.width(i); n >= leastDigits {
			return true
		}
	}
	return false
}

// runs cuts the atoms where two of them cannot be of one number, and reads each run.
func (r *reader) runs() {
	for lo := 0; lo < len(r.atoms); {
		if r.atoms[lo].cut {
			lo++
			continue
		}
		hi := lo + 1
		for hi < len(r.atoms) && !r.atoms[hi].cut && r.joins(hi) {
			hi++
		}
		r.read1(lo, hi)
		lo = hi
	}
}

// joins says that atom i may belong to the number of the atom before. Lines join where each has a digit or two.
func (r *reader) joins(i int) bool {
	a := &r.atoms[i]
	return a.gap < newline || a.gap == between || a.gap == newline && len(a.digits) <= 2 && len(r.atoms[i-1].digits) <= 2
}

// read1 reads the numbers of a run.
func (r *reader) read1(lo, hi int) {
	for i := lo; i < hi && len(r.found) < mostNumbers && r.tries > 0; {
		if j := r.longest(lo, i, hi); j > i {
			i = j
		} else {
			i++
		}
	}
}

// mostAtoms is how many atoms one number may have: a digit each, with words for plus and separators left out.
const mostAtoms = mostDigits + 2

// longest finds the longest number that begins at atom i and says where it ends, or 0.
func (r *reader) longest(lo, i, hi int) int {
	if r.startsInside(lo, i) {
		return 0
	}
	hi = min(hi, i+mostAtoms)
	for compose := range 2 {
		n, words := 0, false
		var lengths [mostAtoms + 1]int
		for j := i; j < hi; j++ {
			words = words || r.atoms[j].kind == spelled
			n += r.width(j)
			lengths[j-i+1] = n
			if n > 3*mostDigits {
				hi = j
				break
			}
		}
		if compose == 1 && !words {
			return 0
		}
		for j := hi; j > i; j-- {
			if lengths[j-i] < leastDigits || !words && lengths[j-i] > mostDigits+2 {
				continue
			}
			if m, ok := r.window(lo, i, j, hi, compose == 0); ok {
				r.found = append(r.found, m)
				return j
			}
		}
	}
	return 0
}

// width is how many digits an atom gives at most.
func (r *reader) width(i int) int {
	a := &r.atoms[i]
	switch {
	case a.kind != spelled:
		return len(a.digits)
	case a.class == hundred || a.class == times100 || a.class == repeat:
		return 3
	case a.class == unit:
		return 1
	}
	return 2
}

// startsInside says that no number begins at atom i, as it is glued to what stands before: mia41234567.
func (r *reader) startsInside(lo, i int) bool {
	a := &r.atoms[i]
	if i > 0 && a.gap == tight {
		return i == lo || !(a.kind == figures && len(a.digits) >= leastDigits && r.atoms[i-1].kind == spelled)
	}
	if a.token == 0 {
		return false
	}
	t := r.doc.Tokens[a.token-1]
	return t.Kind == text.Letters && t.End == a.start && !begins1(r.doc.Word(int(a.token)-1), phoneWords)
}

// window reads atoms i to j, of the run lo to hi, as one number.
func (r *reader) window(lo, i, j, hi int, compose bool) (m Match, ok bool) {
	r.tries--
	var buf [4 * mostDigits]byte
	spelling, ok := r.write(buf[:0], i, j, compose)
	if !ok || len(spelling) < leastDigits || len(spelling) > mostDigits+3 {
		return m, false
	}
	first := &r.atoms[i]
	s := shape{r: r, i: i, j: j, plus: first.plus, digits: string(spelling)}
	if !r.plausible(&s) || !s.look() || !s.bounded(lo, hi) {
		return m, false
	}
	m.E164 = r.number(&s)
	if m.E164 == "" || r.inAddress(i, j) {
		return m, false
	}
	m.Obscured, m.Spelled = s.odd || s.spelled || s.singles >= leastDigits, s.spelled
	m.Start, m.End = r.doc.Span(int(first.start), int(r.atoms[j-1].end))
	m.Start = trimStart(r.doc.Source, m.Start)
	return m, true
}

// write spells atoms i to j in digits. With compose, twenty two is 22 and four hundred twelve 412; without, 202 and 40012.
func (r *reader) write(out []byte, i, j int, compose bool) ([]byte, bool) {
	for k := i; k < j; k++ {
		a := &r.atoms[k]
		if a.kind != spelled {
			out = append(out, a.digits...)
			continue
		}
		next := func(n int, c class) bool { return k+n < j && r.atoms[k+n].kind == spelled && r.atoms[k+n].class == c }
		value, used := a.value, 0
		switch a.class {
		case repeat:
			if !next(1, unit) {
				return out, false
			}
			for range a.value {
				out = append(out, '0'+byte(r.atoms[k+1].value))
			}
			k++
			continue
		case unit:
			if !next(1, times100) {
				out = append(out, '0'+byte(value))
				continue
			}
			value, used = 100*value, 1
		case times100:
			value = 100
		}
		if compose && value >= 100 {
			switch {
			case next(used+1, ten):
				used++
				value += r.atoms[k+used].value
			case next(used+1, teen):
				used++
				value += r.atoms[k+used].value
			case next(used+1, unit) && !next(used+2, times100):
				used++
				value += r.atoms[k+used].value
			}
		}
		if compose && value >= 20 && value%10 == 0 && value%100 != 0 && r.atoms[k+used].class == ten && next(used+1, unit) && !next(used+2, times100) && r.atoms[k+used+1].value > 0 {
			used++
			value += r.atoms[k+used].value
		}
		if value >= 100 {
			out = append(out, '0'+byte(value/100))
		}
		out = append(out, '0'+byte(value/10%10), '0'+byte(value%10))
		k += used
	}
	return out, true
}

// number is the number that a window's digits are, or empty.
func (r *reader) number(s *shape) string {
	switch {
	case s.plus:
		return r.international(strings.TrimPrefix(s.digits, "00"))
	case strings.HasPrefix(s.digits, "00"):
		return r.international(s.digits[2:])
	}
	if e164 := r.national(s.digits, r.region); e164 != "" {
		return e164
	}
	if region := r.countryBefore(int(r.atoms[s.i].token)); region != "" {
		if e164 := r.national(s.digits, region); e164 != "" {
			return e164
		}
	}
	if !s.odd && !s.spelled && s.singles < leastDigits && r.called(s.i) { // a disguise that only one country's words undo would be a sign for that country alone
		if region := r.elsewhere(); region != "" {
			if e164 := r.national(s.digits, region); e164 != "" {
				return e164
			}
		}
	}
	p := planAt(s.digits)
	if p == nil || len(s.digits) <= leastDigits+1 {
		return ""
	}
	// A country code without plus: of the region itself, as a group of its own, or behind a word for phone.
	if p.region == r.region || r.atoms[s.i].digits == p.code || s.spelled || r.called(s.i) {
		return r.valid(p, s.digits[len(p.code):])
	}
	return ""
}

// plausible says that a window has as many digits as numbers have, before anything slower is asked.
func (r *reader) plausible(s *shape) bool {
	if s.plus || strings.HasPrefix(s.digits, "00") {
		return true
	}
	n := len(s.digits)
	p := planOf(r.region)
	if p == nil || n >= p.least && n <= p.most+len(p.trunk) && (!p.needed || strings.HasPrefix(s.digits, p.trunk)) || r.region == "LT" && n == 9 {
		return true
	}
	if q := planAt(s.digits); q != nil && n >= q.least+len(q.code) && n <= q.most+len(q.code) {
		return true
	}
	region := r.countryBefore(int(r.atoms[s.i].token))
	return region != "" && region != r.region || r.called(s.i) && r.elsewhere() != ""
}

// called says that a word for phone stands before atom i.
func (r *reader) called(i int) bool {
	d := r.doc
	start := r.atoms[i].start
	for k := int(r.atoms[i].token) - 1; k >= 0 && k >= int(r.atoms[i].token)-2 && start-d.Tokens[k].End <= mostPlain; k-- {
		if begins1(d.Word(k), phoneWords) {
			return true
		}
		start = d.Tokens[k].Start
	}
	return false
}

// inAddress says that the digits of a single atom stand in a mail or web address, or in a masked name such as #PHONE_1a2b#; the
// addresses of messengers that are made of the number are none.
func (r *reader) inAddress(i, j int) bool {
	s := r.doc.Text
	start, end := int(r.atoms[i].start), int(r.atoms[j-1].end)
	for n := 0; start > 0 && s[start-1] > ' ' && n < 80; n++ {
		start--
	}
	for n := 0; end < len(s) && s[end] > ' ' && n < 80; n++ {
		end++
	}
	before, after := s[start:r.atoms[i].start], s[r.atoms[j-1].end:end]
	if strings.HasSuffix(before, "wa.me/") || strings.HasSuffix(before, "wa.me/+") || strings.HasSuffix(before, "phone=") || strings.HasSuffix(before, "tel:") || strings.HasSuffix(before, "tel:+") {
		return false
	}
	return strings.Contains(before, "://") || strings.Contains(before, "www.") || strings.HasPrefix(before, "#") && strings.Contains(before, "_") ||
		strings.HasSuffix(before, "-") && mixed(before) || strings.HasPrefix(after, "-") && mixed(after) ||
		strings.HasSuffix(before, "@") || strings.HasPrefix(after, "@") && strings.Contains(after, ".")
}

// mixed says that letters and digits are mixed as in a hash.
func mixed(s string) bool {
	return strings.ContainsAny(s, "0123456789") && strings.ContainsAny(s, "abcdefghijklmnopqrstuvwxyz")
}

// trimStart moves over the plus and bracket that belong to a number.
func trimStart(s string, start int) int {
	for i := start; i > 0 && start-i < 4; i-- {
		switch s[i-1] {
		case ' ', '(':
			continue
		case '+':
			return i - 1
		}
		break
	}
	return start
}
