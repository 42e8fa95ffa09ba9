package text

import (
	"sort"
	"sync"
	"unicode"
	"unicode/utf8"
)

// Folded is text in its plainest spelling: lower case, compatibility forms (full-width, circled, superscript) replaced by plain
// ones, diacritics and combining marks taken off (å is a, ø is o, æ is ae, ß is ss, й is и), invisible characters dropped, and
// letters of a foreign script that look like the word's own put right. Every byte knows where it came from.
type Folded struct {
	Text string
	// runs say where the bytes came from, in the order of Text.
	runs []run
	// changed are the bytes whose original was a disguise, in order and apart from each other.
	changed []extent
}

// run is bytes of a folded text, from at to the next run's, that came from one place in the original.
type run struct {
	at, from int32
	// size is how many bytes of the original all of the run's bytes came from, such as 3 for ④; 0 says that each byte came from
	// a byte of its own, as in plain ASCII, or each character from one of as many bytes.
	size int32
}

// extent is bytes from start to end.
type extent struct{ start, end int32 }

// Fold folds s.
func Fold(s string) Folded {
	f := folders.Get().(*folder)
	defer f.release()
	return f.fold(s)
}

// Span returns the bytes of the original that a span of the folded text came from; 0 and 0 for an empty span or one that does not
// lie in the text.
func (f *Folded) Span(start, end int) (from, to int) {
	if start < 0 || start >= end || end > len(f.Text) {
		return 0, 0
	}
	for start > 0 && !utf8.RuneStart(f.Text[start]) {
		start--
	}
	for end < len(f.Text) && !utf8.RuneStart(f.Text[end]) {
		end++
	}
	first, last := f.runs[f.runAt(start)], f.runs[f.runAt(end-1)]
	from, to = int(first.from), int(last.from+last.size)
	if first.size == 0 {
		from += start - int(first.at)
	}
	if last.size == 0 {
		to += end - int(last.at)
	}
	return from, to
}

// runAt is the run that a byte belongs to.
func (f *Folded) runAt(i int) int {
	return sort.Search(len(f.runs), func(k int) bool { return int(f.runs[k].at) > i }) - 1
}

// Changed says whether something in the span was a disguise in the original: a letter of another script that looks like the one
// meant, a full-width, circled, mathematical or keycap character, an invisible character between two others, a heap of marks, and
// in Doc.Words a digit for a letter. Diacritics are none.
func (f *Folded) Changed(start, end int) bool {
	k := sort.Search(len(f.changed), func(k int) bool { return int(f.changed[k].end) > start })
	return k < len(f.changed) && int(f.changed[k].start) < end
}

// folder is the working memory of one folding.
type folder struct {
	buf     []byte
	runs    []run
	changed []extent
	tokens  []Token
	edits   []edit
	// latin and other say what has been seen: letters of ASCII; letters or signs of other scripts that may stand for them.
	latin, other bool
}

var folders = sync.Pool{New: func() any { return new(folder) }}

// mostKept is the largest working memory that is kept, in bytes of text; few texts are longer.
const mostKept = 1 << 16

func (f *folder) release() {
	if cap(f.buf) <= mostKept && cap(f.edits) <= mostKept/8 {
		folders.Put(f)
	}
}

func (f *folder) fold(s string) Folded {
	f.buf, f.runs, f.changed, f.latin, f.other = f.buf[:0], f.runs[:0], f.changed[:0], false, false
	for i := 0; i < len(s); {
		switch {
		case s[i] < utf8.RuneSelf:
			i = f.ascii(s, i)
		case i+1 < len(s) && sameTwo(s[i], s[i+1]) != 0:
			i = f.unchanged(s, i)
		default:
			i = f.foreign(s, i)
		}
	}
	out := Folded{Text: string(f.buf), runs: append([]run(nil), f.runs...)}
	if len(f.changed) > 0 {
		out.changed = append([]extent(nil), f.changed...)
	}
	if f.latin && f.other {
		f.edits = lookalikes(out.Text, f.edits[:0])
		out = out.rewrite(f.edits)
	}
	return out
}

// begin opens a run of bytes that come from bytes of their own, unless the last is one and goes on here.
func (f *folder) begin(from int) {
	if n := len(f.runs); n > 0 {
		if last := f.runs[n-1]; last.size == 0 && int(last.from)+len(f.buf)-int(last.at) == from {
			return
		}
	}
	f.runs = append(f.runs, run{at: int32(len(f.buf)), from: int32(from)})
}

// ascii folds the ASCII characters at i and says where they end.
func (f *folder) ascii(s string, i int) int {
	f.begin(i)
	seen := byte(0)
	for ; i < len(s) && s[i] < utf8.RuneSelf; i++ {
		c := lower[s[i]]
		seen |= c
		f.buf = append(f.buf, c)
	}
	f.latin = f.latin || seen&0x40 != 0 // letters have this bit, digits and space do not
	return i
}

// unchanged takes over the two-byte characters at i that fold to themselves, and says where they end.
func (f *folder) unchanged(s string, i int) int {
	f.begin(i)
	start, seen := i, traits(0)
	for i+1 < len(s) {
		t := sameTwo(s[i], s[i+1])
		if t == 0 {
			break
		}
		seen |= t
		i += 2
	}
	f.buf = append(f.buf, s[start:i]...)
	f.other = f.other || seen&otherScript != 0
	return i
}

// sameTwo is the traits of the character of two bytes if it folds to itself, or 0.
func sameTwo(a, b byte) traits {
	if r := rune(a&0x1F)<<6 | rune(b&0x3F); a&0xE0 == 0xC0 && b&0xC0 == 0x80 && r >= utf8.RuneSelf && r < tabled && table[r].traits&same != 0 {
		return table[r].traits
	}
	return 0
}

// lower is ASCII in lower case.
var lower = func() (t [utf8.RuneSelf]byte) {
	for i := range t {
		t[i] = byte(i)
		if i >= 'A' && i <= 'Z' {
			t[i] += 'a' - 'A'
		}
	}
	return t
}()

// foreign folds the character at i, with everything invisible that follows, and says where it ends.
func (f *folder) foreign(s string, i int) int {
	r, n := utf8.DecodeRuneInString(s[i:])
	out, flags := plain(r)
	if flags&gone != 0 {
		return f.drop(s, i)
	}
	f.other = f.other || flags&otherScript != 0 || r == '€'
	switch {
	case r == utf8.RuneError && n == 1: // not UTF-8
		out = string(utf8.RuneError)
	case flags&same != 0:
		f.begin(i)
		f.buf = append(f.buf, s[i:i+n]...)
		return i + n
	}
	at := int32(len(f.buf))
	if len(out) == n && utf8.RuneCountInString(out) == 1 {
		f.begin(i)
	} else {
		f.runs = append(f.runs, run{at: at, from: int32(i), size: int32(n)})
	}
	f.buf = append(f.buf, out...)
	f.latin = f.latin || out[0] < utf8.RuneSelf
	if flags&disguise != 0 {
		f.mark(at)
	}
	return i + n
}

// mark says that the characters from at to the end were a disguise.
func (f *folder) mark(at int32) {
	f.markSpan(int(at), len(f.buf))
}

func (f *folder) markSpan(start, end int) {
	if n := len(f.changed); n > 0 && int(f.changed[n-1].end) >= start {
		f.changed[n-1].end = max(f.changed[n-1].end, int32(end))
	} else if start < end {
		f.changed = append(f.changed, extent{int32(start), int32(end)})
	}
}

// heap is how many marks on one letter no language puts there; Vietnamese has two.
const heap = 3

// drop passes over the invisible characters and marks at i, says where they end, and gives their bytes to the character before.
func (f *folder) drop(s string, i int) int {
	before, size := utf8.DecodeLastRune(f.buf)
	digit := before >= '0' && before <= '9'
	invisible, enclosing, marks := false, false, 0
	for i < len(s) && s[i] >= utf8.RuneSelf {
		r, n := utf8.DecodeRuneInString(s[i:])
		_, flags := plain(r)
		if flags&gone == 0 {
			break
		}
		switch {
		case flags&encloses != 0:
			enclosing = true
		case flags&combines != 0:
			marks++
		case r != softHyphen || digit: // pages are full of soft hyphens in long words
			invisible = true
		}
		i += n
	}
	if size == 0 {
		return i
	}
	last := &f.runs[len(f.runs)-1]
	if at := int32(len(f.buf) - size); last.size == 0 && last.at < at {
		f.runs = append(f.runs, run{at: at, from: last.from + at - last.at})
		last = &f.runs[len(f.runs)-1]
	}
	last.size = int32(i) - last.from
	after, _ := utf8.DecodeRuneInString(s[i:])
	if inName(before) && (enclosing || marks >= heap || digit && marks > 0 || invisible && i < len(s) && inName(after)) {
		f.mark(last.at)
	}
	return i
}

const softHyphen = '\u00ad'

// inName says that a character is a digit or a letter of a script in which nothing invisible belongs between letters.
func inName(r rune) bool { return r >= '0' && r < 0x530 && (r <= '9' || unicode.IsLetter(r)) }

// edit replaces bytes of a folded text; they were a disguise.
type edit struct {
	start, end int32
	with       string
}

// rewrite returns the text with the edits made, which stand in order and apart from each other.
func (f Folded) rewrite(edits []edit) Folded {
	if len(edits) == 0 {
		return f
	}
	w := folder{buf: make([]byte, 0, len(f.Text)), runs: make([]run, 0, len(f.runs)+2*len(edits))}
	done, next, hidden := 0, 0, 0
	upTo := func(end int) {
		for done < end {
			for next < len(f.runs) && int(f.runs[next].at) <= done {
				next++
			}
			r, stop := f.runs[next-1], end
			if next < len(f.runs) {
				stop = min(stop, int(f.runs[next].at))
			}
			if r.size == 0 {
				r.from += int32(done) - r.at
			}
			r.at = int32(len(w.buf))
			w.runs = append(w.runs, r)
			for ; hidden < len(f.changed) && int(f.changed[hidden].start) < stop; hidden++ {
				c := f.changed[hidden]
				w.markSpan(max(int(c.start), done)+len(w.buf)-done, min(int(c.end), stop)+len(w.buf)-done)
				if int(c.end) > stop {
					break
				}
			}
			w.buf = append(w.buf, f.Text[done:stop]...)
			done = stop
		}
	}
	for _, e := range edits {
		upTo(int(e.start))
		from, to := f.Span(int(e.start), int(e.end))
		at := int32(len(w.buf))
		w.runs = append(w.runs, run{at: at, from: int32(from), size: int32(to - from)})
		w.buf = append(w.buf, e.with...)
		w.mark(at)
		done = int(e.end)
		for hidden < len(f.changed) && f.changed[hidden].end <= e.end {
			hidden++
		}
	}
	upTo(len(f.Text))
	return Folded{Text: string(w.buf), runs: w.runs, changed: w.changed}
}

// Cut returns at most n bytes of s, ending between characters.
func Cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
