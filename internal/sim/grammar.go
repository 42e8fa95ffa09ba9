package sim

import (
	"embed"
	"fmt"
	"math/rand/v2"
	"strings"
	"unicode"
	"unicode/utf8"
)

//go:embed words/*.txt
var wordFiles embed.FS

// phrase is a parsed line of a word file: a sequence of pieces.
type phrase []piece

// piece is fixed text, a choice, a slot that an ad fills, or a draw from a list.
type piece struct {
	text   string
	choice []phrase
	slot   string
	list   string
}

// grammar is one word file: sections of sentences, and lists of words.
type grammar struct {
	sections map[string][]phrase
	lists    map[string][]phrase
}

// words are all that texts are made of.
type words struct {
	grammars map[string]*grammar
	roles    []role
}

// role is an occupation with what it honestly pays and what is done in it.
type role struct {
	nb, en    string
	trade     string
	low, high int
	dutiesNB  []string
	dutiesEN  []string
}

// readWords parses the embedded word files. They are part of the program: a mistake in them is one of the program, and panics.
func readWords() *words {
	w := &words{grammars: map[string]*grammar{}}
	entries, err := wordFiles.ReadDir("words")
	if err != nil {
		panic(fmt.Sprintf("sim: read words: %v", err))
	}
	for _, e := range entries {
		data, err := wordFiles.ReadFile("words/" + e.Name())
		if err != nil {
			panic(fmt.Sprintf("sim: read words: %v", err))
		}
		name := strings.TrimSuffix(e.Name(), ".txt")
		if name == "roles" {
			w.roles = parseRoles(string(data))
			continue
		}
		w.grammars[name] = parseGrammar(name, string(data))
	}
	return w
}

func parseRoles(data string) (roles []role) {
	for line := range strings.Lines(data) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		f := strings.Split(line, "|")
		if len(f) != 7 {
			panic(fmt.Sprintf("sim: roles: %d fields in %q", len(f), line))
		}
		r := role{nb: f[0], en: f[1], trade: f[2], dutiesNB: strings.Split(f[5], ";"), dutiesEN: strings.Split(f[6], ";")}
		if _, err := fmt.Sscan(f[3]+" "+f[4], &r.low, &r.high); err != nil {
			panic(fmt.Sprintf("sim: roles: pay in %q: %v", line, err))
		}
		roles = append(roles, r)
	}
	return roles
}

func parseGrammar(name, data string) *grammar {
	g := &grammar{sections: map[string][]phrase{}, lists: map[string][]phrase{}}
	var into map[string][]phrase
	section := ""
	for line := range strings.Lines(data) {
		line = strings.TrimRight(line, "\r\n")
		switch {
		case line == "" || line[0] == '#':
		case strings.HasPrefix(line, "= list "):
			into, section = g.lists, line[len("= list "):]
		case strings.HasPrefix(line, "= "):
			into, section = g.sections, line[2:]
		default:
			p, rest := parsePhrase(line)
			if rest != "" || into == nil {
				panic(fmt.Sprintf("sim: words %s, section %s: cannot read %q at %q", name, section, line, rest))
			}
			into[section] = append(into[section], p)
		}
	}
	return g
}

// parsePhrase reads up to the end, or to a | or } that ends the choice it stands in.
func parsePhrase(s string) (p phrase, rest string) {
	for s != "" {
		i := strings.IndexAny(s, "{|}[<")
		if i < 0 {
			return append(p, piece{text: s}), ""
		}
		if i > 0 {
			p = append(p, piece{text: s[:i]})
		}
		s = s[i:]
		switch s[0] {
		case '|', '}':
			return p, s
		case '{':
			var c piece
			for s != "" && s[0] != '}' {
				var option phrase
				option, s = parsePhrase(s[1:])
				c.choice = append(c.choice, option)
			}
			if s == "" {
				return p, "{"
			}
			p, s = append(p, c), s[1:]
		case '[':
			name, after, ok := strings.Cut(s[1:], "]")
			if !ok {
				return p, s
			}
			p, s = append(p, piece{slot: name}), after
		case '<':
			name, after, ok := strings.Cut(s[1:], ">")
			if !ok {
				return p, s
			}
			p, s = append(p, piece{list: name}), after
		}
	}
	return p, ""
}

// expand draws a sentence; slots stay as [slot].
func (g *grammar) expand(r *rand.Rand, p phrase) string {
	var b strings.Builder
	g.write(r, &b, p, map[string]int{})
	return b.String()
}

// write draws a phrase. used remembers what a list gave in this sentence, so that two draws differ.
func (g *grammar) write(r *rand.Rand, b *strings.Builder, p phrase, used map[string]int) {
	for _, x := range p {
		switch {
		case x.choice != nil:
			g.write(r, b, pick(r, x.choice), used)
		case x.slot != "":
			b.WriteString("[" + x.slot + "]")
		case x.list != "":
			list := g.lists[x.list]
			if len(list) == 0 {
				panic(fmt.Sprintf("sim: no list %q", x.list))
			}
			i := r.IntN(len(list))
			if last, again := used[x.list]; again && i == last {
				i = (i + 1) % len(list)
			}
			used[x.list] = i
			g.write(r, b, list[i], used)
		default:
			b.WriteString(x.text)
		}
	}
}

// draw returns n different sentences of a section, or as many as there are.
func (g *grammar) draw(r *rand.Rand, section string, n int) []string {
	var out []string
	for _, p := range some(r, g.sections[section], n) {
		out = append(out, g.expand(r, p))
	}
	return out
}

// word draws one entry of a list.
func (g *grammar) word(r *rand.Rand, list string) string { return g.expand(r, pick(r, g.lists[list])) }

// fill puts an ad's own words into the slots and gives sentences their capital letter. A slot without a value panics: the word
// files and this package belong together.
func fill(sentence string, values map[string]string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(sentence, "[")
		b.WriteString(before)
		if !ok {
			break
		}
		name, after, ok := strings.Cut(rest, "]")
		v, known := values[name]
		if !ok || !known {
			panic(fmt.Sprintf("sim: nothing fills the slot %q", name))
		}
		b.WriteString(v)
		sentence = after
	}
	return capital(b.String())
}

func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}
