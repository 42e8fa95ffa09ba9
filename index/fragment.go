package index

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2/search"

	"varde/index/query"
	"varde/internal/ad"
)

// Sizes of a fragment in bytes: what is shown before the first match, and in all.
const (
	fragmentLead = 60
	fragmentSize = 240
)

// fragments show where an ad was matched: pieces of title and text as they stand, with what was matched marked.
func fragments(a *ad.Ad, found search.FieldTermLocationMap) (out []query.Fragment) {
	s := &a.Finding.Sighting
	for _, f := range []struct{ name, text string }{{"title", s.Title}, {"text", s.Text}} {
		var spans [][2]int
		for field, terms := range found {
			if field != f.name && !(f.name == "text" && strings.HasPrefix(field, "text_")) {
				continue
			}
			for _, locations := range terms {
				for _, l := range locations {
					if int(l.End) <= len(f.text) && l.Start < l.End {
						spans = append(spans, [2]int{int(l.Start), int(l.End)})
					}
				}
			}
		}
		if len(spans) > 0 {
			out = append(out, query.Fragment{Field: f.name, Parts: cut(f.text, spans)})
		}
	}
	return out
}

func cut(text string, spans [][2]int) (parts []query.Part) {
	slices.SortFunc(spans, func(a, b [2]int) int { return a[0] - b[0] })
	from := border(text, max(0, spans[0][0]-fragmentLead))
	to := border(text, min(len(text), from+max(fragmentSize, spans[0][1]-from)))
	if from > 0 {
		parts = append(parts, query.Part{Text: "…"})
	}
	at := from
	for _, s := range spans {
		if s[0] < at || s[1] > to {
			continue
		}
		if s[0] > at {
			parts = append(parts, query.Part{Text: text[at:s[0]]})
		}
		parts = append(parts, query.Part{Text: text[s[0]:s[1]], Match: true})
		at = s[1]
	}
	if at < to {
		parts = append(parts, query.Part{Text: text[at:to]})
	}
	if to < len(text) {
		parts = append(parts, query.Part{Text: "…"})
	}
	return parts
}

// border moves to the beginning of a character.
func border(s string, i int) int {
	for i > 0 && i < len(s) && !utf8.RuneStart(s[i]) {
		i--
	}
	return i
}
