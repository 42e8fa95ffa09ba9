package extract

import (
	"slices"
	"strings"

	"varde/internal/ad"
	"varde/internal/text"
)

// Contact is a way to reach somebody that a text names, with the bytes of the original it was read from.
type Contact struct {
	// Kind is Email, Handle, Link or, for a profile named by its number (wa.me/47…), Phone.
	Kind ad.Kind
	// Value is the identifier's one spelling; "" for a link to a front page, which identifies nobody but names a Host.
	Value string
	// Host is where a mail address or link leads.
	Host string
	// Service is the messenger or page that a handle or a phone was named for, such as "whatsapp".
	Service    string
	Start, End int
	// Disguised says that it was written so that a search for it fails, such as "x (at) y dot no".
	Disguised bool
}

// contacts collects what is found in one text. Spans are of the folded text until the end.
type contacts struct {
	d     *text.Doc
	s     string
	found []Contact
	// taken has a bit for each byte of the folded text that belongs to something found.
	taken []uint64
	// anchors are the tokens that name a service or spell a sign.
	anchors []anchor
}

// anchor is a token, or a few, with a meaning for contacts.
type anchor struct {
	word
	// first and last are tokens; start and end are bytes of the folded text.
	first, last int
	start, end  int
}

// Contacts reads mail addresses, handles of messengers and other services, and links, in the order in which they stand. region is the
// country in which a phone without prefix is read.
//
// Masked identifiers of public data sets are read too: one hash stands for one value. A masked link is the Link
// "masked.invalid/url_HASH"; a masked mail address or phone is the Handle "masked:email_HASH" or "masked:phone_HASH", because what it
// stands for is neither an address nor a number that anybody could use.
func Contacts(d *text.Doc, region string) []Contact {
	c := &contacts{d: d, s: d.Text}
	c.readAnchors()
	at := strings.IndexByte(c.s, '@') >= 0
	if strings.IndexByte(c.s, '#') >= 0 {
		c.masks()
	}
	if at {
		c.mails()
	}
	c.disguisedMails(at)
	c.links(region)
	c.handles()
	slices.SortStableFunc(c.found, func(a, b Contact) int { return a.Start - b.Start })
	for i := range c.found {
		f := &c.found[i]
		f.Disguised = f.Disguised || d.Changed(f.Start, f.End)
		f.Start, f.End = d.Span(f.Start, f.End)
	}
	return c.found
}

// add keeps what was found unless something found earlier stands there: a mail address is no link, a link no handle.
func (c *contacts) add(f Contact) {
	if c.taken == nil {
		c.taken = make([]uint64, len(c.s)/64+1)
	}
	for i := f.Start; i < f.End; i++ {
		if c.taken[i/64]&(1<<(i%64)) != 0 {
			return
		}
	}
	for i := f.Start; i < f.End; i++ {
		c.taken[i/64] |= 1 << (i % 64)
	}
	c.found = append(c.found, f)
}

// isTaken says whether something found earlier stands at a place.
func (c *contacts) isTaken(at int) bool { return c.taken != nil && c.taken[at/64]&(1<<(at%64)) != 0 }

// Masks are written #KIND_HASH#, folded to lower case.
const (
	leastHash = 16
	mostHash  = 128
)

// masks reads the masked identifiers of public data sets.
func (c *contacts) masks() {
	for i := 0; i < len(c.s); {
		at := strings.IndexByte(c.s[i:], '#')
		if at < 0 {
			return
		}
		i += at
		for _, kind := range []string{"url", "email", "phone"} {
			rest, ok := strings.CutPrefix(c.s[i+1:], kind+"_")
			if !ok {
				continue
			}
			n := runOf(rest, mostHash+1, isHex)
			if n < leastHash || n > mostHash || n >= len(rest) || rest[n] != '#' {
				break
			}
			f := Contact{Kind: ad.Handle, Service: "masked", Value: "masked:" + kind + "_" + rest[:n], Start: i, End: i + 1 + len(kind) + 1 + n + 1}
			if kind == "url" {
				f = Contact{Kind: ad.Link, Host: MaskedHost, Value: MaskedHost + "/url_" + rest[:n], Start: f.Start, End: f.End}
			}
			c.add(f)
			i = f.End - 1 // the closing mark may be followed by an opening one
			break
		}
		i++
	}
}

// MaskedHost stands for the unknown host of a masked link; .invalid is reserved for such names (RFC 2606).
const MaskedHost = "masked.invalid"

// Account is the one spelling of an account that a field names with its service, such as "telegram" and "@Mia_Bergen"; ok is false
// where the service is none or the name is a phone or no name.
func Account(service, name string) (value string, ok bool) {
	service = strings.ToLower(service)
	if !services[service] {
		return "", false
	}
	name = accountName(service, strings.TrimLeft(strings.TrimSpace(name), "@"))
	return service + ":" + name, name != ""
}

// services are the names under which accounts are kept.
var services = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range anchorWords {
		m[w.service] = w.service != ""
	}
	return m
}()
