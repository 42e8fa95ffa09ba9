package console

import (
	"strconv"
	"strings"

	"varde/internal/ad"
)

// holdsText says in words what holds a network together, what would split it, and from which networks it is kept apart.
type holdsText struct {
	Strongest, Weakest string
	Ties               []tieText
}

// tieText is what a network shares with another one.
type tieText struct {
	Network link
	Shares  string
}

func (l *locale) holdsOf(n ad.Network, names map[idKey]sharedName) (t holdsText) {
	called := func(kind ad.Kind, value string) string {
		name, known := names[idKey{kind, value}]
		switch {
		case known:
			return name.Text
		case kind == ad.Decided:
			return l.say("decided.number", "n", value)
		case named(idKey{kind, value}): // a hash tells people nothing
			return l.named("holds.some.", string(kind))
		}
		return l.named("kind.", string(kind)) + " " + short(identifier(kind, value), longestValue)
	}
	if h := n.Strongest; h != nil {
		t.Strongest = l.say("holds.strongest", "what", called(h.Kind, h.Value), "n", h.Ads, "of", len(n.Ads))
	}
	switch h := n.Weakest; {
	case h != nil:
		t.Weakest = l.say("holds.weakest", "what", called(h.Kind, h.Value), "parts", l.sizes(h.Parts))
	case len(n.Ads) > 1 && n.Strongest != nil:
		t.Weakest = l.say("holds.no_weakest")
	}
	for _, tie := range n.Ties {
		t.Ties = append(t.Ties, tieText{link{Href: networkURL(tie.Network), Text: tie.Network}, called(tie.Kind, tie.Value)})
	}
	return t
}

// mostParts is how many sizes of parts are told.
const mostParts = 6

// sizes are numbers of ads in words, the largest first.
func (l *locale) sizes(parts []int) string {
	var words []string
	for _, n := range parts[:min(len(parts), mostParts)] {
		words = append(words, strconv.Itoa(n))
	}
	if more := len(parts) - mostParts; more > 0 {
		words = append(words, l.say("list.more", "n", more))
	}
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return l.say("list.and", "list", strings.Join(words[:last], ", "), "last", words[last])
}
