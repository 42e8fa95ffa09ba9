package lexicon

import (
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"varde/configs"
	"varde/internal/ad"
	"varde/internal/config"
	"varde/internal/text"
)

func shipped(t testing.TB) *Set {
	t.Helper()
	s, err := Load(configs.FS)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// made is a set of one English lexicon with the phrases as code and patterns.
func made(t testing.TB, l file) *Set {
	t.Helper()
	s := &Set{}
	if err := s.add(&l); err != nil {
		t.Fatal(err)
	}
	s.build()
	return s
}

// quotes are the code and the original words of what is found in a text.
func quotes(s *Set, in ad.Category, txt string) string {
	v := Reads(text.Read(txt))
	var out []string
	for _, f := range s.Find(in, []*text.Folded{v}) {
		for _, p := range f.On {
			from, to := v.Span(p.Start, p.End)
			out = append(out, f.Code+":"+txt[from:to])
		}
	}
	return strings.Join(out, " | ")
}

func TestFind(t *testing.T) {
	job := []ad.Category{ad.Job}
	s := made(t, file{Language: "xx", Negations: []string{"no", "not", "never"}, After: []string{"(?:is|are) not", "never"}, Or: []string{"or"},
		Affirmations: []string{"no problem", "do not hesitate"}, Warnings: []string{"beware", "scams?"},
		Phrases: []phrase{
			{Code: "A", In: job, Patterns: []string{`(?:visa|training) fee`, `fee of \d+`}},
			{Code: "B", In: job, All: true, Patterns: []string{`no skill`, `abroad`}, Warned: true},
			{Code: "C", In: []ad.Category{ad.SexualServices}, Patterns: []string{`(?:\p{L}+ ){0,2}girls`}, Confidence: 0.5},
			{Code: "D", In: job, Patterns: []string{`før avreise`, `don't ask`}},
			{Code: "E", In: job, Warned: true, Patterns: []string{`no scams?`}},
		}})
	for _, tt := range []struct {
		name, in, want string
		category       ad.Category
	}{
		{name: "plain", in: "A Visa Fee is due", want: "A:Visa Fee"},
		{name: "spaces and tabs are one", in: "visa \t fee", want: "A:visa \t fee"},
		{name: "not over lines", in: "visa\nfee", want: ""},
		{name: "within a word", in: "a visa feeling", want: ""},
		{name: "two patterns overlap", in: "training fee of 300", want: "A:training fee"},
		{name: "denied before", in: "we never ask for a visa fee", want: ""},
		{name: "denied in another clause", in: "no experience, visa fee", want: "A:visa fee"},
		{name: "denied in another sentence", in: "No stress! Visa fee", want: "A:Visa fee"},
		{name: "denied after", in: "a visa fee is not needed", want: ""},
		{name: "denied after the clause", in: "a visa fee, which is not much", want: "A:visa fee"},
		{name: "a list, first", in: "no visa fee, lunch or rent", want: ""},
		{name: "a list, middle", in: "no rent, visa fee or lunch", want: ""},
		{name: "a list, last", in: "no rent, lunch or visa fee", want: ""},
		{name: "no denial", in: "no problem with the visa fee", want: "A:visa fee"},
		{name: "warning", in: "Beware of anybody who asks you, whoever it is, for a visa fee.", want: ""},
		{name: "warning elsewhere", in: "Beware of dogs. The visa fee is 100.", want: "A:visa fee"},
		{name: "warned phrases", in: "no scams here", want: "E:no scams"},
		{name: "all", in: "no skill, work abroad", want: "B:no skill | B:abroad"},
		{name: "not all", in: "no skill", want: ""},
		{name: "another category", in: "two nice girls", want: ""},
		{name: "words between", in: "two nice girls", category: ad.SexualServices, want: "C:two nice girls"},
		{name: "spelling", in: "FØR  avreise", want: "D:FØR  avreise"},
		{name: "apostrophes", in: "don’t ask", want: "D:don’t ask"},
		{name: "full width", in: "ｖｉｓａ fee", want: "A:ｖｉｓａ fee"},
		{name: "invisible", in: "vi\u200bsa fee", want: "A:vi\u200bsa fee"},
		{name: "at the ends", in: "fee of 9", want: "A:fee of 9"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			category := tt.category
			if category == "" {
				category = ad.Job
			}
			if got := quotes(s, category, tt.in); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestAllOverTitleAndText: what an entry needs may stand partly in the title.
func TestAllOverTitleAndText(t *testing.T) {
	s := made(t, file{Language: "xx", Phrases: []phrase{{Code: "B", In: []ad.Category{ad.Job}, All: true, Patterns: []string{`no skill`, `abroad`}}}})
	got := s.Find(ad.Job, []*text.Folded{Reads(text.Read("Work abroad")), Reads(text.Read("no skill"))})
	if len(got) != 1 || len(got[0].On) != 2 || got[0].On[0].Field != 0 || got[0].On[1].Field != 1 {
		t.Errorf("got %+v", got)
	}
}

// TestDeniedInOneIsDeniedInAll: two languages share a word, and only one knows the other's negation.
func TestDeniedInOneIsDeniedInAll(t *testing.T) {
	s := &Set{}
	entry := []phrase{{Code: "A", In: []ad.Category{ad.Job}, Patterns: []string{`avgift`}}}
	for _, l := range []file{{Language: "xx", Negations: []string{"inte"}, Phrases: entry}, {Language: "yy", Negations: []string{"ikke"}, Phrases: entry}} {
		s.join(made(t, l))
	}
	s.build()
	for _, in := range []string{"ikke avgift", "inte avgift"} {
		if got := quotes(s, ad.Job, in); got != "" {
			t.Errorf("%q: got %q", in, got)
		}
	}
	if got := quotes(s, ad.Job, "avgift, ikke annet"); got != "A:avgift" {
		t.Errorf("got %q", got)
	}
}

func TestPatternsThatCannotBe(t *testing.T) {
	for in, want := range map[string]string{`(`: "no regular expression", `(a)bcd`: "write (?:…)", `\d+ \p{L}+`: "needs no word", `an?`: "needs no word"} {
		if _, _, err := compile(in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", in, err, want)
		}
	}
}

// TestSameAsEachPatternAlone: on texts of words that the patterns know, the engine finds what each pattern finds by itself.
func TestSameAsEachPatternAlone(t *testing.T) {
	s := shipped(t)
	known := vocabulary(t)
	alone := map[int]*regexp.Regexp{}
	found := 0
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		for range rapid.IntRange(1, 60).Draw(t, "words") {
			b.WriteString(rapid.SampledFrom(known).Draw(t, "words"))
			b.WriteString(rapid.SampledFrom([]string{" ", " ", " ", " ", "  ", ", ", ". ", "\n", "-"}).Draw(t, "between"))
		}
		in := text.Read(b.String()).Text
		got := map[int][]Place{}
		for _, m := range s.matches(s.pool.Get().(*scratch), 0xff, in, 0, nil) {
			got[int(m.pattern)] = append(got[int(m.pattern)], m.Place)
		}
		found += len(got)
		some := rapid.SliceOfN(rapid.IntRange(0, len(s.patterns)-1), 40, 40).Draw(t, "patterns")
		for _, i := range slices.AppendSeq(some, maps.Keys(got)) {
			if alone[i] == nil {
				alone[i] = regexp.MustCompile(begins + `(` + s.patterns[i].source + `)` + edge)
			}
			if want := naive(alone[i], in); !slices.Equal(got[i], want) {
				t.Fatalf("%s in %q: got %v, want %v", s.patterns[i].source, in, got[i], want)
			}
		}
	})
	if found == 0 {
		t.Error("the texts hold nothing to find")
	}
}

// naive runs one pattern over the whole text.
func naive(re *regexp.Regexp, in string) (out []Place) {
	for from := 0; from <= len(in); {
		at := re.FindStringSubmatchIndex(in[from:])
		if at == nil {
			return out
		}
		out = append(out, Place{0, from + at[2], from + at[3]})
		from += at[3]
	}
	return out
}

// vocabulary is phrases and words of the examples of the shipped lexicons.
func vocabulary(t testing.TB) (all []string) {
	t.Helper()
	paths, err := fs.Glob(configs.FS, "lexicons/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		data, err := fs.ReadFile(configs.FS, path)
		if err != nil {
			t.Fatal(err)
		}
		var l file
		if err := config.Strict(path, data, &l); err != nil {
			t.Fatal(err)
		}
		for _, p := range l.Phrases {
			for _, m := range append(p.Match, p.Not...) {
				all = append(append(all, m), strings.Fields(m)...)
			}
		}
	}
	return all
}

// ordinary is an ad of about 100 words that shows nothing.
const ordinary = `Hei! Jeg er Anna, ny i byen og her til søndag. Jeg tar imot i egen leilighet nær sentrum, rolig og diskret. Ring eller send
melding, så svarer jeg så fort jeg kan. Kun hyggelige folk, skjulte nummer besvares ikke. 1500 kr for en halv time, 2500 for en time. Alltid
kondom. I am well educated and enjoy good conversation. Screening required, no withheld numbers. Outcall to hotels in the centre. 2000 NOK per
hour. Safe only. Text me on Monday before noon, and please be on time. Avslappende massasje i rolige omgivelser. Jeg svarer ikke på sms på
natten, men du kan gjerne skrive en kort melding om deg selv og når du ønsker å komme.`

func BenchmarkFind(b *testing.B) {
	s := shipped(b)
	for _, category := range []ad.Category{ad.SexualServices, ad.Job} {
		b.Run(string(category), func(b *testing.B) {
			v := []*text.Folded{Reads(text.Read("Annonse")), Reads(text.Read(ordinary))}
			b.ReportAllocs()
			for b.Loop() {
				s.Find(category, v)
			}
		})
	}
}

// hostile are texts that ask for as much work as their bytes can; the detectors read 64 KB of a text.
func hostile(t testing.TB) map[string]string {
	known := vocabulary(t)
	fill := func(s string) string { return strings.Repeat(s, 1<<20/len(s)) }
	return map[string]string{"one phrase": fill("visa fee "), "every example": fill(strings.Join(known, " ")), "every word": fill(strings.Join(known, ". ")),
		"spaces": "visa" + fill(" ") + "fee", "letters": fill("a"), "girls": fill("our girls girls "), "denied": fill("never a visa fee "), "digits": fill("fee of 1 "),
		"nothing": fill("и ")}
}

func BenchmarkHostileMegabyte(b *testing.B) {
	s := shipped(b)
	for name, in := range hostile(b) {
		b.Run(name, func(b *testing.B) {
			v := []*text.Folded{Reads(text.Read(in))}
			for b.Loop() {
				s.Find(ad.Job, v)
				s.Find(ad.SexualServices, v)
			}
		})
	}
}

func FuzzFind(f *testing.F) {
	s := shipped(f)
	for _, w := range vocabulary(f) {
		f.Add(w, 0)
	}
	f.Fuzz(func(t *testing.T, in string, c int) {
		v := Reads(text.Read(in))
		for _, one := range s.Find(ad.Categories[uint(c)%uint(len(ad.Categories))], []*text.Folded{v}) {
			if one.Confidence <= 0 || one.Confidence > 1 || len(one.On) == 0 || len(one.On) > mostPlaces {
				t.Fatalf("%+v", one)
			}
			last := 0
			for _, p := range one.On {
				if p.Start < last || p.End <= p.Start || p.End > len(v.Text) {
					t.Fatalf("%+v of %d bytes", one, len(v.Text))
				}
				last = p.End
			}
		}
	})
}
