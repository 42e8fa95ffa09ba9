package extract

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"varde/internal/ad"
	"varde/internal/phone"
)

// mostURL is how much of a link is read, in bytes.
const mostURL = 300

// address is a link taken apart. Path, query and fragment keep the case of the original; a short link differs by it.
type address struct {
	host, path, query, fragment string
	start, end                  int
	disguised                   bool
}

// links reads links with a scheme, with www, and bare hosts with a path; also in disguise: hxxp, [.], "dot com slash".
func (c *contacts) links(region string) {
	take := func(a address, ok bool) {
		if ok {
			c.link(a, region)
		}
	}
	for i := 0; i < len(c.s); i++ {
		n := strings.IndexByte(c.s[i:], '/')
		if n < 0 {
			break
		}
		i += n
		switch {
		case c.isTaken(i):
		case i > 0 && c.s[i-1] == ':' && i+1 < len(c.s) && c.s[i+1] == '/':
			if c.scheme(i-1, region) {
				i++
			}
		default:
			take(c.bareLink(i))
		}
	}
	for i := 0; ; {
		n := strings.Index(c.s[i:], "www.")
		if n < 0 {
			break
		}
		i += n
		if !c.isTaken(i) && (i == 0 || !wordBefore(c.s, i)) {
			take(c.addressAt(i, i, true))
		}
		i += len("www.")
	}
	for _, a := range c.anchors {
		if a.sign == '.' && !c.isTaken(a.start) {
			take(c.spelledLink(a))
		}
	}
	for i := 0; i < len(c.s); i++ { // site[.]com/mia
		n := strings.IndexByte(c.s[i:], '.')
		if n < 0 {
			break
		}
		i += n
		if i > 0 && strings.IndexByte("([{<", c.s[i-1]) >= 0 && !c.isTaken(i) {
			take(c.spelledLink(anchor{start: i, end: i + 1}))
		}
	}
}

// scheme reads a link by its scheme, which ends at colon.
func (c *contacts) scheme(colon int, region string) bool {
	from := colon - runBack(c.s[:colon], 10, func(b byte) bool { return isAlnum(b) || b == '*' })
	host := colon + len("://")
	switch name := c.s[from:colon]; name {
	case "http", "https", "hxxp", "hxxps", "h**p", "h**ps", "htp", "htps", "hxtp":
		a, ok := c.addressAt(from, host, false)
		if ok {
			a.disguised = name[1] != 't' || len(name) < 4
			c.link(a, region)
		}
		return ok
	case "viber", "tg", "whatsapp", "sgnl", "snapchat", "instagram":
		end := host + runOf(c.s[host:], mostURL, inURL)
		raw, ok := cased(c.d, host, end)
		if !ok {
			return false
		}
		a := address{host: name + ":", start: from, end: end}
		a.path, a.query, _ = strings.Cut(raw, "?")
		return c.profile(a, region)
	}
	return false
}

func inURL(b byte) bool { return b > ' ' && b != 0x7f && strings.IndexByte(`<>"'()[]{}|`, b) < 0 }

// addressAt reads a link whose host begins at a place; start is where the whole begins. www says that no scheme stands before.
func (c *contacts) addressAt(start, at int, www bool) (a address, ok bool) {
	h, ok := c.hostAt(at, !www)
	if !ok {
		return a, false
	}
	return c.rest(start, h)
}

// rest reads what follows a link's host: port, path, query and fragment.
func (c *contacts) rest(start int, h host) (a address, ok bool) {
	a = address{host: strings.TrimPrefix(h.name, "www."), start: start, end: h.end, disguised: h.spelled}
	at := h.end
	if at < len(c.s) && c.s[at] == ':' {
		if n := runOf(c.s[at+1:], 5, isNumeral); n > 0 {
			at += 1 + n
			a.end = at
		}
	}
	if at >= len(c.s) || strings.IndexByte("/?#", c.s[at]) < 0 {
		return a, true
	}
	end := at + runOf(c.s[at:], mostURL, inURL)
	for end < len(c.s) && !utf8.RuneStart(c.s[end]) {
		end--
	}
	end = at + len(strings.TrimRight(c.s[at:end], ".,;:!?*"))
	if end == at {
		return a, true
	}
	raw, plain := cased(c.d, at, end)
	if !plain {
		raw = c.s[at:end]
		if i := strings.IndexFunc(raw, notInURL); i >= 0 { // a heart or an arrow ends it
			raw, end = raw[:i], at+i
		}
	}
	raw, a.fragment, _ = strings.Cut(raw, "#")
	a.path, a.query, _ = strings.Cut(raw, "?")
	a.end = end
	return a, true
}

// notInURL are signs that people set directly after a link.
func notInURL(r rune) bool {
	return r >= utf8.RuneSelf && !unicode.IsLetter(r) && !unicode.IsDigit(r) || r == utf8.RuneError
}

// bareLink reads a host and path without a scheme around the first slash of the path.
func (c *contacts) bareLink(slash int) (a address, ok bool) {
	if slash+1 >= len(c.s) || slash == 0 || !isHost(c.s[slash-1]) || !isAlnum(c.s[slash+1]) && strings.IndexByte("+@$~_", c.s[slash+1]) < 0 {
		return a, false
	}
	start := slash - runBack(c.s[:slash], mostLabel*2, func(b byte) bool { return isHost(b) || b == '.' })
	start += len(c.s[start:slash]) - len(strings.TrimLeft(c.s[start:slash], ".-"))
	for start < slash && !utf8.RuneStart(c.s[start]) {
		start++
	}
	name, tld := cutLast(c.s[start:slash], '.')
	if name == "" || !isTLD(tld) || unitTLDs[tld] || isNumber(name) || start > 0 && strings.IndexByte("@/:", c.s[start-1]) >= 0 {
		return a, false
	}
	h, ok := c.hostAt(start, false)
	if !ok || h.end != slash || programs[h.name] {
		return a, false
	}
	a, ok = c.rest(start, h)
	return a, ok && len(a.path) >= leastPath
}

// leastPath is the shortest path of a host without scheme: shorter ones are alternatives, "a.no/b.no" or "dr.no/x".
const leastPath = 3

// programs are names of programs that look like hosts: "ASP.NET/MVC".
var programs = wordSet("asp.net vb.net ado.net")

// unitTLDs are top-level domains that stand before a slash in prices and measures: "ca.kr/time".
var unitTLDs = wordSet("kr st pr pm mm cm mg kg")

func isNumber(s string) bool { return strings.Trim(s, "0123456789.,") == "" }

// cutLast cuts s around the last sep.
func cutLast(s string, sep byte) (before, after string) {
	if i := strings.LastIndexByte(s, sep); i >= 0 {
		return s[:i], s[i+1:]
	}
	return "", s
}

// spelledLink reads a link around a dot that is a word or stands in brackets: "mysite dot com slash mia", "mysite[.]com/mia". Only
// with a path is it one: "we meet at noon dot" is prose.
func (c *contacts) spelledLink(dot anchor) (a address, ok bool) {
	before := c.partEnd(dot.start)
	n := runBack(c.s[:before], mostLabel*2, func(b byte) bool { return isHost(b) || b == '.' })
	start := before - n
	start += n - len(strings.TrimLeft(c.s[start:before], ".-"))
	for start < before && !utf8.RuneStart(c.s[start]) {
		start++
	}
	if start == before || c.isTaken(start) || start > 0 && strings.IndexByte("@/", c.s[start-1]) >= 0 {
		return a, false
	}
	h, ok := c.hostAt(start, true)
	if !ok || !h.spelled || h.end < dot.end {
		return a, false
	}
	if h.end < len(c.s) && c.s[h.end] == '/' {
		a, ok = c.rest(start, h)
		return a, ok && a.path != "" && a.path != "/"
	}
	j, ok := c.joinAt(h.end)
	if !ok || j.sign != '/' || j.end >= len(c.s) || !isAlnum(c.s[j.end]) {
		return a, false
	}
	end := j.end + runOf(c.s[j.end:], mostURL, func(b byte) bool { return isAlnum(b) || strings.IndexByte("._-/", b) >= 0 })
	end = j.end + len(strings.TrimRight(c.s[j.end:end], "._-/"))
	path, plain := cased(c.d, j.end, end)
	return address{host: strings.TrimPrefix(h.name, "www."), path: "/" + path, start: start, end: end, disguised: true}, plain
}

// queryPages are the last parts of paths that mean nothing without their query: everybody's watch page is one path.
var queryPages = wordSet("watch profile view item search share send index form page apply post story permalink redirect")

// link gives a link as what it is: a profile on a service, a payment account, or host and path.
func (c *contacts) link(a address, region string) {
	if c.profile(a, region) {
		return
	}
	f := Contact{Kind: ad.Link, Host: a.host, Start: a.start, End: a.end, Disguised: a.disguised}
	if u, err := url.Parse("https://" + a.host + a.path); err == nil {
		if path := strings.TrimRight(u.EscapedPath(), "/"); path != "" {
			_, last := cutLast(path, '/')
			name, ext, _ := strings.Cut(strings.ToLower(last), ".")
			if a.query == "" || !queryPages[name] && ext == "" {
				f.Value = a.host + path
			}
		}
	}
	if a.host == "signal.group" || a.host == "signal.me" { // the invitation is all in the fragment
		if f.Value = ""; a.fragment != "" {
			f.Value = a.host + "/#" + a.fragment
		}
	}
	c.add(f)
}

// phoneOf is the phone in a profile link, in international form with or without its plus.
func phoneOf(name, region string) (string, bool) {
	if u, err := url.PathUnescape(name); err == nil {
		name = u
	}
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		if strings.ContainsRune("+ -()", r) {
			return -1
		}
		return 'x'
	}, name)
	if len(digits) < 8 || strings.Contains(digits, "x") {
		return "", false
	}
	return phone.Parse("+"+strings.TrimPrefix(digits, "00"), region)
}
