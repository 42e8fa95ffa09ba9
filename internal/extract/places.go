package extract

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"varde/internal/ad"
	"varde/internal/text"
)

// Places is a list of places to be found in texts. It is never changed and may be used by many at once.
type Places struct {
	// first are the names by their first word, each name's words in full and those with most words first.
	first map[string][]placeName
}

// placeName is a name with the places that bear it.
type placeName struct {
	words []string
	at    []place // the best known first
}

type place struct {
	name, country, code string
	inhabitants         int
	municipality        bool
	word                bool // an ordinary word or somebody's name too
}

// Sizes from which a name is believed on fewer signs.
const (
	// wellKnown: with a capital letter anywhere. Norwegian municipalities are too.
	wellKnown = 10_000
	// known abroad: named in ads of another country than its own.
	knownAbroad = 30_000
	// city: also in lower case, and a large one also without a word of place before it.
	city      = 30_000
	largeCity = 100_000
)

// ReadPlaces reads configs/places.csv; its errors name the line.
func ReadPlaces(in io.Reader) (*Places, error) {
	rows := csv.NewReader(in)
	rows.Comment = '#'
	rows.FieldsPerRecord = 6
	if _, err := rows.Read(); err != nil {
		return nil, fmt.Errorf("read places: %w", err)
	}
	p := &Places{first: map[string][]placeName{}}
	for {
		row, err := rows.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("read places: %w", err)
		}
		inhabitants, err := strconv.Atoi(row[3])
		if err != nil || row[0] == "" || len(row[1]) != 2 || row[4] != "" && row[4] != "word" {
			line, _ := rows.FieldPos(0)
			return nil, fmt.Errorf("read places: line %d: needs name, country, municipality, inhabitants, word or nothing, other names", line)
		}
		one := place{name: row[0], country: row[1], code: row[2], inhabitants: max(inhabitants, 0), municipality: inhabitants < 0, word: row[4] != ""}
		for _, name := range append(strings.FieldsFunc(row[5], func(r rune) bool { return r == ';' }), row[0]) {
			p.add(name, one)
		}
	}
	for _, names := range p.first {
		slices.SortStableFunc(names, func(a, b placeName) int { return cmp.Compare(len(b.words), len(a.words)) })
	}
	return p, nil
}

// add adds a name.
func (p *Places) add(name string, one place) {
	d := text.Read(name)
	if len(d.Tokens) == 0 {
		return
	}
	words := make([]string, len(d.Tokens))
	for i := range words {
		words[i] = d.Word(i)
	}
	names := p.first[words[0]]
	at := slices.IndexFunc(names, func(n placeName) bool { return slices.Equal(n.words, words) })
	if at < 0 {
		names = append(names, placeName{words: words})
		at = len(names) - 1
	}
	names[at].at = append(names[at].at, one)
	slices.SortStableFunc(names[at].at, func(a, b place) int { return cmp.Compare(b.size(), a.size()) })
	p.first[words[0]] = names
}

func (p *place) size() int {
	if p.municipality {
		return max(p.inhabitants, wellKnown)
	}
	return p.inhabitants
}

// Find reads the places that a text names, of an ad of a country.
func (p *Places) Find(d *text.Doc, country string) []ad.Value {
	r := reader{Doc: d}
	return p.find(&r, country, false)
}

// Field reads the places of a field that holds nothing but a place.
func (p *Places) Field(d *text.Doc, country string) []ad.Value {
	r := reader{Doc: d}
	return p.find(&r, country, true)
}

func (p *Places) find(r *reader, country string, field bool) (out []ad.Value) {
	for i := 0; i < len(r.Tokens) && len(out) < mostOfAKind; i++ {
		if r.Tokens[i].Kind != text.Letters {
			continue
		}
		name, last := p.nameAt(r, i)
		if name == nil {
			continue
		}
		one, ok := name.of(country)
		if !ok || !field && !r.names(one, i, last) {
			continue
		}
		out = append(out, ad.Value{Kind: ad.PlaceValue, Name: one.name, Code: one.code, Evidence: r.tokens(i, last)})
		i = last
	}
	return out
}

// nameAt finds the longest name that begins with token i, also with the genitive's s.
func (p *Places) nameAt(r *reader, i int) (*placeName, int) {
	word := r.Word(i)
	names := p.first[word]
	if genitive := strings.TrimSuffix(word, "s"); names == nil && len(genitive) >= 4 && len(genitive) < len(word) {
		names = p.first[genitive]
		word = genitive
	}
	for n := range names {
		words := names[n].words
		k := i
		for _, w := range words[1:] {
			if k++; k >= len(r.Tokens) || r.Word(k) != w || r.gap(k) != " " && r.gap(k) != "-" {
				k = -1
				break
			}
		}
		if k >= 0 && (len(words) == 1 || word == words[0]) {
			return &names[n], k
		}
	}
	return nil, 0
}

// of chooses among the places of a name: those of the ad's own country first, else the largest that people elsewhere know. Of several
// in one country that are alike the municipality is not known.
func (n *placeName) of(country string) (place, bool) {
	if country == "" {
		country = "NO"
	}
	at := -1
	for i := range n.at {
		if n.at[i].country == country {
			at = i
			break
		}
	}
	if at < 0 {
		return n.at[0], n.at[0].inhabitants >= knownAbroad
	}
	one := n.at[at]
	for _, other := range n.at[at+1:] {
		if other.country == country && other.code != one.code && one.size() < wellKnown {
			one.code = ""
		}
	}
	return one, true
}

// names says whether tokens i to last are the name of the place and not another word: by capital letter, by what stands before, and by
// how well known it is.
func (r *reader) names(one place, i, last int) bool {
	after := i > 0 && lexemes[r.Word(i-1)].is&placeWord != 0 && r.gap(i) == " "
	capital := r.capital(i)
	short := r.Tokens[last].End-r.Tokens[i].Start < 5
	known := one.size() >= wellKnown && !one.word && !short
	switch {
	case one.word && len(one.name) < 3 && after: // Å and Os stand after "i" in capitals only
		return capital && r.Word(i) != "i"
	case capital && after:
		return true
	case one.word:
		return false
	case capital:
		return known || one.inhabitants >= city
	}
	return one.inhabitants >= largeCity || after && one.inhabitants >= city || after && known || one.inhabitants >= city && !short
}
