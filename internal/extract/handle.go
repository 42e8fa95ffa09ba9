package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"varde/internal/ad"
)

// handles reads the names that stand after or before a service's word.
func (c *contacts) handles() {
	for i, a := range c.anchors {
		if a.service == "" || c.isTaken(a.start) || c.withinName(a) {
			continue
		}
		if c.nameBefore(a) {
			continue
		}
		end := len(c.s)
		for _, next := range c.anchors[i+1:] {
			if next.service != "" && !c.withinName(next) {
				end = next.start
				break
			}
		}
		c.nameAfter(a, end)
	}
}

// withinName says that a service's word is part of a name: "@kik_mia".
func (c *contacts) withinName(a anchor) bool {
	before, after := byte(' '), byte(' ')
	if a.start > 0 {
		before = c.s[a.start-1]
	}
	if a.end < len(c.s) {
		after = c.s[a.end]
	}
	return before == '@' || before == '_' || after == '_' || isNumeral(before) || isNumeral(after)
}

// mark is what stands between a service's word and a name.
type mark struct {
	// at is an @ that belongs to the name.
	at bool
	// sign is a colon, a dash, an emoji; verb is a word such as "is", "name". tight says that a dash joins two words.
	sign, verb, tight bool
}

// linkWords stand between a service and a name: "my insta is", "telegram nick", "snap heter".
var linkWords = wordSet("er is är jest este es yra это мой моя name nick nickname nik username user id brukernavn brukarnamn navn namn användarnamn nazwa nume ник имя логин login " +
	"konto account handle profil profile heter under som me at on as to min mitt mi my mój mano мой мій meu")

const (
	// mostGap is how many bytes may stand between a service's word and what follows.
	mostGap = 16
	// mostLinkWords is how many words may.
	mostLinkWords = 3
)

// nameAfter reads "tg: mia_b", "my insta is mia.b", "snap 👻 mia.b". Nothing is read beyond end, where the next service stands.
func (c *contacts) nameAfter(a anchor, end int) {
	p, m := a.end, mark{}
	for words := 0; ; words++ {
		gap, ok := c.gap(p, &m)
		if !ok || gap >= end {
			return
		}
		p = gap
		n := letters(c.s[p:], longestAnchor)
		if m.at || n == 0 || !linkWords[c.s[p:p+n]] || words == mostLinkWords || p+n < len(c.s) && strings.IndexByte("._-0123456789", c.s[p+n]) >= 0 && c.nameGoesOn(p+n) {
			break
		}
		if j, ok := c.joinAt(p + n); ok && j.sign == '_' { // "user [underscore] mia"
			break
		}
		m.verb = true
		p += n
	}
	if c.s[p] == '+' || isNumeral(c.s[p]) {
		c.number(a, p)
		return
	}
	name, stop := c.nameAt(p)
	if name == "" || !c.accepts(a, m, name, stop) {
		return
	}
	if name = accountName(a.service, name); name != "" {
		c.add(Contact{Kind: ad.Handle, Service: a.service, Value: a.service + ":" + name, Start: a.start, End: stop,
			Disguised: strings.ContainsAny(c.s[p:stop], " [({")})
	}
}

// nameGoesOn says that a sign after a word joins it with more: "is.mia".
func (c *contacts) nameGoesOn(at int) bool {
	return isNumeral(c.s[at]) || at+1 < len(c.s) && (isAlnum(c.s[at+1]) || c.s[at+1] == '_') || c.s[at] == '_'
}

// gap reads what stands between two words; ok is false where a sentence ends or nothing follows.
func (c *contacts) gap(p int, m *mark) (end int, ok bool) {
	for end = p; end < len(c.s) && end-p < mostGap; {
		r, n := utf8.DecodeRuneInString(c.s[end:])
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '_', r == '+':
			return end, end > p
		case r == '@':
			m.at = true
		case strings.ContainsRune(".;!?,/)]&|", r), r == '\n' && !m.sign:
			return 0, false
		case r == ' ', r == '\t', r == '\n', r == '\'', r == '\r':
		case strings.ContainsRune("-–—", r) && end == p && end+n < len(c.s) && !isBlank(c.s[end+n]):
			m.sign, m.tight = true, true
		default:
			m.sign = true
		}
		end += n
	}
	return 0, false
}

// number notes that a phone is reached by a service, "WhatsApp +47 …"; the phone itself is read with all others.
func (c *contacts) number(a anchor, p int) {
	digits, end := 0, p
	for end < len(c.s) && end-p < 24 && (isNumeral(c.s[end]) || strings.IndexByte("+ -().", c.s[end]) >= 0) {
		if isNumeral(c.s[end]) {
			digits++
		}
		end++
	}
	if digits >= leastPhone && a.how != ordinary || digits >= leastPhone && c.s[p] == '+' {
		c.add(Contact{Kind: ad.Phone, Service: a.service, Start: a.start, End: a.end})
	}
}

// leastPhone is the fewest digits of a phone with a messenger.
const leastPhone = 8

func isName(b byte) bool { return isAlnum(b) || b == '_' || b == '.' || b == '-' }

// nameAt reads the name of an account, with signs in it that are spelled: "mia [underscore] b".
func (c *contacts) nameAt(p int) (name string, end int) {
	start := p
	if rest := c.s[p:]; strings.HasPrefix(rest, "live:") { // names of Skype
		name, p = "live:", p+len("live:")
	}
	for range mostParts {
		n := runOf(c.s[p:], mostName+1, isName)
		for i := 1; i < n; i++ { // "mia.b.Ring meg"
			if c.s[p+i-1] == '.' && c.newSentence(p+i, p+i-1) {
				n = i - 1
			}
		}
		name += c.s[p : p+n]
		p += n
		end = p
		if n == 0 || len(name) > mostName {
			return "", 0
		}
		j, ok := c.joinAt(p)
		if !ok || j.sign != '_' && !(j.bracket && j.sign != '@' && j.sign != '/') || j.end >= len(c.s) || !isAlnum(c.s[j.end]) {
			break
		}
		name += string(j.sign)
		p = j.end
	}
	trimmed := strings.TrimRight(name, ".-")
	end -= len(name) - len(trimmed)
	if end <= start || wordAfter(c.s, end) || !genuine(c.d, start, end) {
		return "", 0
	}
	return trimmed, end
}

// like says that a name looks like an account's and not like a word: with a digit, an underscore or a dot between letters.
func like(name string) bool {
	if !isSmall(name[0]) && name[0] != '_' {
		return false
	}
	if before, after, ok := strings.Cut(name, "."); ok { // kl.10, nr.5, ca.200 are no names, nor is www.
		return !shortened[before] && after != "" && len(name) >= 4
	}
	return len(name) >= 4 && strings.ContainsAny(name, "0123456789_") && !notNames[name]
}

// shortened are words that are written with a dot before a number or a host.
var shortened = wordSet("www kl nr no ca tlf tel mob kr fra til from to od do ab nb abs st str ul g al")

// accepts says whether what follows a service's word is the name of an account.
func (c *contacts) accepts(a anchor, m mark, name string, end int) bool {
	switch {
	case anchorWords[name].sign != 0:
		return false
	case m.at:
		return a.how != ordinary || !m.verb
	case like(name):
		return a.how != ordinary || m.sign
	case strings.Contains(name, "."):
		return false
	}
	comma := a.how == short && end < len(c.s) && c.s[end] == ',' // "in a snap: dinner, drinks"
	return a.how != ordinary && (m.sign || m.verb) && !m.tight && !comma && !notNames[name] && len(name) >= leastName && c.sentenceEnds(end)
}

// sentenceEnds says that a word stands last: a name does, a verb seldom.
func (c *contacts) sentenceEnds(at int) bool {
	at += runOf(c.s[at:], mostGap, isBlank)
	if at >= len(c.s) {
		return true
	}
	r, n := utf8.DecodeRuneInString(c.s[at:])
	if unicode.IsLetter(r) {
		w := c.s[at : at+letters(c.s[at:], longestAnchor)]
		known, ok := anchorWords[w]
		return andWords[w] || ok && known.service != ""
	}
	return !unicode.IsDigit(r) && n > 0
}

var andWords = wordSet("og and eller or och och eller i oraz lub și sau и или і або ir arba y o")

// notNames are words that follow a service's word and a colon in prose.
var notNames = wordSet("yes no only new old private privat privé closed open available here soon free best preferred ok okay add contact call text write message chat group gruppe " +
	"grupp channel kanal video photo photos bilder foto below above link bio her nå åpen lukket ny gratis ja nei kontakt ring skriv melding meldinger send følg follow us oss me meg mer " +
	"mitt min nummer number numer phone telefon telefonnummer mobil mobile nej tak tack bara öppen stängd tylko nowy nowe prywatny tak nie da nu doar nou numai taip ne tik " +
	"solo nuevo privado si sí hola disponible numero required interview calls call's sms mms app apps online offline e-mail email mail web website site profile profil name " +
	"yes/no and og or with med for the this that det den 24h h24 24/7 b2b b2c wifi covid19 http https www")

// onWords stand between a name and the service it is on: "@mia_b on telegram".
var onWords = wordSet("on på i w na pe в на у en per via pa su no")

// nameBefore reads "@mia_b on telegram", "mia_b (snap)".
func (c *contacts) nameBefore(a anchor) bool {
	p := a.start
	p -= runBack(c.s[:p], mostBlanks, isBlank)
	joined := false
	switch {
	case p > 0 && (c.s[p-1] == '(' || c.s[p-1] == '['):
		joined = true
		p--
	case p > 0:
		from := p
		for from > 0 && p-from < 6 {
			r, n := utf8.DecodeLastRuneInString(c.s[:from])
			if !unicode.IsLetter(r) {
				break
			}
			from -= n
		}
		if joined = onWords[c.s[from:p]]; joined {
			p = from
		}
	}
	end := p - runBack(c.s[:p], mostBlanks, isBlank)
	if end == p && c.s[p:a.start] != "(" && c.s[p:a.start] != "[" {
		return false
	}
	start := end - runBack(c.s[:end], mostName+1, isName)
	if start == end {
		return false
	}
	at := start > 0 && c.s[start-1] == '@' && (start == 1 || !wordBefore(c.s, start-1))
	name := c.s[start:end]
	if !genuine(c.d, start, end) || start > 0 && !at && wordBefore(c.s, start) || !at && (!joined || !like(name) || a.how == ordinary) || at && !joined && a.how != full {
		return false
	}
	if name = accountName(a.service, name); name == "" {
		return false
	}
	if at {
		start--
	}
	if c.isTaken(start) {
		return false
	}
	c.add(Contact{Kind: ad.Handle, Service: a.service, Value: a.service + ":" + name, Start: start, End: a.end})
	return true
}
