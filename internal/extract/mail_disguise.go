package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"varde/internal/ad"
)

// disguisedMails reads addresses whose signs are words, in brackets or apart: "x (at) y dot no", "x krøllalfa y punktum com".
func (c *contacts) disguisedMails(at bool) {
	for _, a := range c.anchors {
		if a.sign == '@' {
			c.disguisedMail(a.start, a.end)
		}
	}
	if at {
		for i := 0; i < len(c.s); i++ {
			n := strings.IndexByte(c.s[i:], '@')
			if n < 0 {
				break
			}
			i += n
			c.disguisedMail(i, i+1)
		}
	}
	for i := 0; i < len(c.s); i++ { // x(a)y.no, x[a]y.no
		n := strings.IndexAny(c.s[i:], "([")
		if n < 0 {
			break
		}
		i += n
		if i+2 < len(c.s) && c.s[i+1] == 'a' && (c.s[i+2] == ')' || c.s[i+2] == ']') {
			c.disguisedMail(i+1, i+2)
		}
	}
}

// disguisedMail reads the address around a sign that stands from start to end.
func (c *contacts) disguisedMail(start, end int) {
	if c.isTaken(start) {
		return
	}
	before := c.partEnd(start)
	j, ok := c.joinAt(before)
	if !ok || j.sign != '@' || j.end < end {
		if j, ok = c.looseSign(start, end); !ok {
			return
		}
	}
	h, ok := c.hostAt(j.end, true)
	if !ok {
		return
	}
	local, from := c.localBefore(j.start)
	if local == "" || !c.meant(j, local, from, h) {
		return
	}
	c.add(Contact{Kind: ad.Email, Value: local + "@" + h.name, Host: h.name, Start: from, End: h.end, Disguised: true})
}

// partEnd is where the part before a sign ends: spaces and a bracket stand between.
func (c *contacts) partEnd(start int) int {
	p := start - runBack(c.s[:start], mostBlanks, isBlank)
	if p > 0 && strings.IndexByte("([{<", c.s[p-1]) >= 0 {
		p--
		p -= runBack(c.s[:p], mostBlanks, isBlank)
	}
	return p
}

// looseSign reads an @ with a space on one side only, or a tight one before a host in disguise: "x@y dot no".
func (c *contacts) looseSign(start, end int) (j join, ok bool) {
	if c.s[start] != '@' {
		return j, false
	}
	j = join{word: word{sign: '@', plain: true}, start: start - runBack(c.s[:start], mostBlanks, isBlank), end: end + runOf(c.s[end:], mostBlanks, isBlank)}
	return j, j.end < len(c.s)
}

// mostParts is how many parts of a local part may be joined by signs in disguise.
const mostParts = 4

// localBefore reads the local part that ends at a place, backwards.
func (c *contacts) localBefore(end int) (local string, start int) {
	start = end
	for range mostParts {
		n := runBack(c.s[:start], mostLocal, isLocal)
		if n == 0 || len(local)+n > mostLocal {
			break
		}
		start -= n
		local = c.s[start:start+n] + local
		sign, at := c.joinBefore(start)
		if sign == 0 {
			break
		}
		if m := runBack(c.s[:at], mostLocal, isLocal); m == 0 {
			break
		}
		local = string(sign) + local
		start = at
	}
	if start > 0 && wordBefore(c.s, start) || !genuine(c.d, start, end) && start < end {
		return "", 0
	}
	trimmed := strings.TrimLeft(local, "._-")
	start += len(local) - len(trimmed)
	return strings.TrimRight(trimmed, "."), start
}

// joinBefore reads a sign spelled as a word or in brackets that ends at a place, backwards; at is where it begins.
func (c *contacts) joinBefore(end int) (sign byte, at int) {
	p := end - runBack(c.s[:end], mostBlanks, isBlank)
	bracket := p > 0 && strings.IndexByte(")]}>", c.s[p-1]) >= 0
	if bracket {
		p--
	}
	from := p
	for from > 0 && p-from < longestAnchor {
		r, n := utf8.DecodeLastRuneInString(c.s[:from])
		if !unicode.IsLetter(r) {
			break
		}
		from -= n
	}
	w := anchorWords[c.s[from:p]]
	if bracket && from == p && p > 0 && strings.IndexByte("._-", c.s[p-1]) >= 0 {
		w.sign, from = c.s[p-1], p-1
	}
	if w.sign == 0 || w.sign == '@' || w.sign == '/' || w.plain && w.sign != '.' && !bracket || !bracket && (p == end || from == 0 || !isBlank(c.s[from-1])) {
		return 0, 0
	}
	if bracket {
		if from == 0 || strings.IndexByte("([{<", c.s[from-1]) < 0 {
			return 0, 0
		}
		from--
	}
	return w.sign, from - runBack(c.s[:from], mostBlanks, isBlank)
}

// meant says whether what looks like an address is one and not prose such as "look at site dot com". A word or bracket that is used
// for nothing else is enough; otherwise a provider where anybody has an address, a name that is no word, or a word for mail nearby.
func (c *contacts) meant(j join, local string, from int, h host) bool {
	if notLocal[local] {
		return false
	}
	if j.bracket || !j.plain {
		return true
	}
	apart := h.spelled || j.end-j.start > 1
	if !apart {
		return false
	}
	return FreeMail(h.name) || strings.ContainsAny(local, "0123456789_.") || c.mailWordBefore(from)
}

// notLocal are words that stand before "at" and a site in prose.
var notLocal = wordSet("me us it you them him her i we here there now online available look looking visit find see book call apply meet meg oss deg her nå " +
	"se ring besøk finn mnie nas tu zadzwoń mine noi aici мне нас тут здесь мені mí nosotros aquí order shop page site website only is are or and")

func wordSet(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range folded(words) {
		m[w] = true
	}
	return m
}

// mailWords are words for a mail address.
var mailWords = wordSet("mail email e-mail epost post mejl mejla mailen mailto mejlem adres poczta pocztę почта почту мейл имейл емейл мыло пошта пошту електронна paštas " +
	"paštu correo mailul adresa gmail hotmail")

// mailWordsWithin is how far before an address a word for mail is looked for, in bytes.
const mailWordsWithin = 32

func (c *contacts) mailWordBefore(from int) bool {
	begin := max(0, from-mailWordsWithin)
	for _, w := range strings.FieldsFunc(c.s[begin:from], func(r rune) bool { return !unicode.IsLetter(r) }) {
		if mailWords[w] {
			return true
		}
	}
	return false
}
