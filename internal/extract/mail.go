package extract

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/publicsuffix"

	"varde/internal/ad"
)

// The most bytes of a mail address's two parts (RFC 5321, 4.5.3.1) and of a host's labels (RFC 1035, 2.3.4).
const (
	mostLocal  = 64
	mostLabel  = 63
	mostLabels = 6
)

func isLocal(b byte) bool { return isAlnum(b) || strings.IndexByte("._%+-", b) >= 0 }

// mails reads addresses written as they are.
func (c *contacts) mails() {
	for i := 0; i < len(c.s); i++ {
		at := strings.IndexByte(c.s[i:], '@')
		if at < 0 {
			return
		}
		i += at
		if c.spacedMail(i) {
			continue
		}
		local := strings.TrimLeft(c.s[i-runBack(c.s[:i], mostLocal, isLocal):i], ".-")
		start := i - len(local)
		if local == "" || local[len(local)-1] == '.' || start > 0 && wordBefore(c.s, start) {
			continue
		}
		h, ok := c.hostAt(i+1, false)
		if !ok {
			continue
		}
		c.add(Contact{Kind: ad.Email, Value: local + "@" + h.name, Host: h.name, Start: start, End: h.end})
		i = h.end - 1
	}
}

// spacedMail reads an address with a space between all its characters, "m i a @ g m a i l . c o m", at a provider where anybody has one.
func (c *contacts) spacedMail(at int) bool {
	start, end := at, at+1
	var local, name []byte
	for start >= 2 && len(local) < mostLocal && c.s[start-1] == ' ' && isLocal(c.s[start-2]) && (start == 2 || c.s[start-3] == ' ') {
		start -= 2
		local = append(local, c.s[start])
	}
	for end+1 < len(c.s) && len(name) < mostLabel && c.s[end] == ' ' && (isHost(c.s[end+1]) || c.s[end+1] == '.') {
		name = append(name, c.s[end+1])
		end += 2
		if end < len(c.s) && c.s[end] != ' ' {
			break
		}
	}
	for n := len(name); n > 0; n-- {
		if h := string(name[:n]); len(local) > 1 && isTLD(h[strings.LastIndexByte(h, '.')+1:]) && FreeMail(h) {
			slices.Reverse(local)
			c.add(Contact{Kind: ad.Email, Value: string(local) + "@" + h, Host: h, Start: start, End: at + 1 + 2*n, Disguised: true})
			return true
		}
	}
	return false
}

// host is a host's name found in the folded text.
type host struct {
	name string
	end  int
	// spelled says that a dot was written as a word or apart.
	spelled bool
}

// hostAt reads a host's name that begins at a place. loose allows dots as words and signs apart; tight ones are always read.
func (c *contacts) hostAt(at int, loose bool) (best host, ok bool) {
	var parts []string
	cur := host{}
	for len(parts) < mostLabels {
		n := runOf(c.s[at:], mostLabel+1, isHost)
		if n == 0 || n > mostLabel || c.s[at] == '-' {
			break
		}
		parts = append(parts, strings.TrimRight(proper(c.d, at, at+n), "-"))
		at += n
		if len(parts) > 1 && isTLD(parts[len(parts)-1]) {
			best = host{name: strings.Join(parts, "."), end: at, spelled: cur.spelled}
			ok = true
		}
		next, spelled, found := c.dotAt(at, loose)
		if !found || ok && c.newSentence(next, at) {
			break
		}
		cur.spelled = cur.spelled || spelled
		at = next
	}
	return best, ok
}

// newSentence says that a capital after a dot begins one: "x@y.no.Ring".
func (c *contacts) newSentence(next, at int) bool {
	from, _ := c.d.Span(next, next+1)
	last, _ := c.d.Span(at-1, at)
	r, _ := utf8.DecodeRuneInString(c.d.Source[from:])
	l, _ := utf8.DecodeRuneInString(c.d.Source[last:])
	return unicode.IsUpper(r) && !unicode.IsUpper(l)
}

// dotAt reads a dot between two labels: as it is, or with loose apart, in brackets or as a word.
func (c *contacts) dotAt(at int, loose bool) (next int, spelled, ok bool) {
	if at+1 < len(c.s) && c.s[at] == '.' && isHost(c.s[at+1]) {
		return at + 1, false, true
	}
	if !loose {
		return 0, false, false
	}
	j, ok := c.joinAt(at)
	if !ok || j.sign != '.' || j.end >= len(c.s) || !isHost(c.s[j.end]) {
		return 0, false, false
	}
	return j.end, true, true
}

// join is a sign between two parts of an address that is written apart, in brackets, or as a word.
type join struct {
	word
	start, end int
	bracket    bool
}

// mostBlanks is how many spaces may stand on each side of a sign.
const mostBlanks = 2

// joinAt reads what joins the part that ends at a place with the next one.
func (c *contacts) joinAt(at int) (j join, ok bool) {
	p := at + runOf(c.s[at:], mostBlanks, isBlank)
	if p >= len(c.s) {
		return j, false
	}
	j.start = at
	open := strings.IndexByte("([{<", c.s[p])
	if j.bracket = open >= 0; j.bracket {
		p++
		p += runOf(c.s[p:], mostBlanks, isBlank)
	}
	n := letters(c.s[p:], longestAnchor)
	switch {
	case p < len(c.s) && strings.IndexByte("@._-/", c.s[p]) >= 0 && (j.bracket || p > at):
		j.word = word{sign: c.s[p], plain: !j.bracket}
		p++
	case n > 0:
		j.word = anchorWords[c.s[p:p+n]]
		if j.bracket && c.s[p:p+n] == "a" { // x(a)y.no
			j.word = word{sign: '@'}
		}
		p += n
		if !j.bracket && p == at+n { // the word must stand apart
			return j, false
		}
	}
	if j.sign == 0 {
		return j, false
	}
	p += runOf(c.s[p:], mostBlanks, isBlank)
	if j.bracket {
		if p >= len(c.s) || c.s[p] != ")]}>"[open] {
			return j, false
		}
		p++
		p += runOf(c.s[p:], mostBlanks, isBlank)
	} else if p >= len(c.s) || !isBlank(c.s[p-1]) {
		return j, false
	}
	j.end = p
	return j, true
}

// letters is the length of the run of letters at the beginning of s.
func letters(s string, most int) int {
	n := 0
	for n < len(s) && n < most {
		r, size := utf8.DecodeRuneInString(s[n:])
		if !unicode.IsLetter(r) {
			break
		}
		n += size
	}
	return n
}

// unlistedTLDs are read as top-level domains though the public suffix list spells them otherwise or not at all: .example is reserved
// for examples (RFC 2606).
var unlistedTLDs = map[string]bool{"example": true, "рф": true, "укр": true, "бел": true}

// isTLD says whether a label is a top-level domain.
func isTLD(label string) bool {
	if len(label) < 2 || isNumeral(label[0]) {
		return false
	}
	_, icann := publicsuffix.PublicSuffix(label)
	return icann || unlistedTLDs[label]
}
