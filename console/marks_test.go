package console

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"varde/internal/ad"
)

func shown(parts []part) string {
	var b strings.Builder
	for _, p := range parts {
		switch {
		case p.Unseen:
			b.WriteString("<" + p.Text + ">")
		case p.Mark != "":
			b.WriteString("[" + p.Mark[:1] + ":" + p.Text + "]")
		default:
			b.WriteString(p.Text)
		}
		for _, e := range p.Ends {
			b.WriteString("^" + string(rune('0'+e)))
		}
	}
	return b.String()
}

func TestMarkText(t *testing.T) {
	r := func(start, end, ref int) span { return span{start, end, ref, "t"} }
	for name, c := range map[string]struct {
		text  string
		spans []span
		want  string
	}{
		"none":              {"plain", nil, "plain"},
		"empty":             {"", []span{r(0, 1, 1)}, ""},
		"one":               {"a bcd e", []span{r(2, 5, 1)}, "a [r:bcd]^1 e"},
		"identifier":        {"a bcd e", []span{r(2, 5, 0)}, "a [i:bcd] e"},
		"overlap":           {"abcdef", []span{r(0, 4, 1), r(2, 6, 2)}, "[r:ab][r:cd]^1[r:ef]^2"},
		"inside":            {"abcdef", []span{r(0, 6, 1), r(2, 4, 0)}, "[r:ab][b:cd][r:ef]^1"},
		"same":              {"abcdef", []span{r(1, 3, 1), r(1, 3, 2), r(1, 3, 1)}, "a[r:bc]^1^2def"},
		"touching":          {"abcd", []span{r(0, 2, 1), r(2, 4, 2)}, "[r:ab]^1[r:cd]^2"},
		"out of the text":   {"abc", []span{r(-1, 2, 1), r(2, 9, 2), r(3, 3, 3), r(2, 1, 4)}, "abc"},
		"inside a rune":     {"æøå", []span{r(1, 3, 1), r(2, 4, 2)}, "æ[r:ø]^2å"},
		"override":          {"a\u202eb", nil, "a<U+202E>b"},
		"run":               {"a\u200b\u200b\u200bb", nil, "a<U+200B×3>b"},
		"mark ends unseen":  {"ab\u200bc", []span{r(0, 5, 1)}, "[r:ab]<U+200B>^1c"},
		"endless word":      {strings.Repeat("x", 450), []span{r(0, 1, 1)}, "[r:x]^1" + strings.Repeat("x", 449)},
		"emoji joiner":      {"👩\u200d👧 a\u200db", nil, "👩\u200d👧 a<U+200D>b"},
		"no text":           {"a\xffb\x00", nil, "a<U+FFFD>b<U+0000>"},
		"tags":              {"a\U000e0041", nil, "a<U+E0041>"},
		"ordinary controls": {"a\n\tb", nil, "a\n\tb"},
	} {
		parts := markText(c.text, c.spans)
		if got := shown(parts); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		for _, p := range parts {
			if len(p.Text) > longestWord {
				t.Errorf("%s: a part of %d bytes without a place to break", name, len(p.Text))
			}
		}
	}
}

func TestMarksChangeNoWord(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[a-zæøå0-9 \n]{0,60}`).Draw(t, "text")
		var spans []span
		for range rapid.IntRange(0, 8).Draw(t, "n") {
			spans = append(spans, span{rapid.IntRange(-2, len(text)+2).Draw(t, "start"), rapid.IntRange(-2, len(text)+2).Draw(t, "end"), rapid.IntRange(0, 3).Draw(t, "ref"), "t"})
		}
		var b strings.Builder
		marked := map[int]bool{}
		for _, p := range markText(text, spans) {
			if p.Text == "" || p.Unseen {
				t.Fatalf("an empty or unseen part in %q", text)
			}
			for i := range len(p.Text) {
				marked[b.Len()+i] = p.Mark != ""
			}
			b.WriteString(p.Text)
		}
		if b.String() != text {
			t.Fatalf("%q became %q", text, b.String())
		}
		for i := range len(text) {
			want := false
			for _, s := range spans {
				want = want || s.start >= 0 && s.end <= len(text) && s.start <= i && i < s.end && border(text, s.start) && border(text, s.end)
			}
			if marked[i] != want {
				t.Fatalf("byte %d of %q: marked %v, want %v by %v", i, text, marked[i], want, spans)
			}
		}
	})
}

func FuzzNothingUnseenGetsOut(f *testing.F) {
	f.Add("a\u202eb\u2066\u200b\ufeff")
	f.Add("👩\u200d👧 1\ufe0f\u20e3")
	f.Add("a\xff\xffb")
	f.Fuzz(func(t *testing.T, in string) {
		out := string(visible([]byte(in)))
		for i, r := range out {
			if r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x200b || r == 0xfeff || r == 0 || r == 0x200f {
				t.Fatalf("U+%04X at %d of %q", r, i, out)
			}
		}
		if utf8.ValidString(in) && !mayHide([]byte(in)) && out != in {
			t.Fatalf("%q became %q", in, out)
		}
		for _, p := range unseenParts(in, part{}) {
			if !p.Unseen && p.Text == "" {
				t.Fatalf("an empty part of %q", in)
			}
		}
	})
}

func TestFormats(t *testing.T) {
	locales, err := newLocales()
	if err != nil {
		t.Fatal(err)
	}
	nb, en := locales["nb"], locales["en"]
	summer := time.Date(2026, 10, 4, 12, 5, 0, 0, time.UTC)
	winter := time.Date(2026, 11, 21, 23, 30, 0, 0, time.UTC)
	for name, c := range map[string][2]string{
		"thousands nb":   {nb.number(1234567), "1\u00a0234\u00a0567"},
		"thousands en":   {en.number(-1234), "−1,234"},
		"small":          {nb.number(999), "999"},
		"decimal nb":     {nb.decimal(0.834), "0,83"},
		"decimal en":     {en.decimal(12.5), "12.5"},
		"carry":          {nb.decimal(1.999), "2"},
		"nearly nothing": {nb.decimal(-0.001), "0"},
		"amount nb":      {nb.amount(1500, "NOK"), "1\u00a0500\u00a0kr"},
		"amount en":      {en.amount(1500, "NOK"), "NOK\u00a01,500"},
		"euro":           {nb.price(ad.Price{Amount: 20000, Currency: "EUR", Per: "month"}), "20\u00a0000\u00a0EUR per måned"},
		"moment nb":      {nb.clock(summer).Text, "4. okt. 2026 kl. 14.05"},
		"moment en":      {en.clock(summer).Text, "4 Oct 2026, 14:05"},
		"next day":       {nb.clock(winter).Text, "22. nov. 2026 kl. 00.30"},
		"zone":           {nb.clock(winter).Zone, "2026-11-22 00:30:00 CET (Europe/Oslo)"},
		"no time":        {nb.clock(time.Time{}).Text, "ukjent"},
		"period":         {nb.period(summer, winter, true), "4. okt.–22. nov. 2026"},
		"one day":        {en.period(summer, summer.Add(time.Hour), true), "4 Oct 2026"},
		"two years":      {en.period(summer, summer.AddDate(1, 0, 0), false), "4 Oct 2026–4 Oct 2027"},
		"one month":      {nb.period(summer, summer.AddDate(0, 0, 9), true), "4.–13. okt. 2026"},
		"this year":      {en.period(summer, winter, false), "4 Oct–22 Nov"},
		"mobile":         {phone("+4741234567"), "+47\u00a0412\u00a034\u00a0567"},
		"fixed line":     {phone("+4722334455"), "+47\u00a022\u00a033\u00a044\u00a055"},
		"sweden":         {phone("+46701234567"), "+46\u00a0701\u00a0234\u00a0567"},
		"lithuania":      {phone("+37060012345"), "+370\u00a0600\u00a0123\u00a045"},
		"usa":            {phone("+12025550123"), "+1\u00a0202\u00a0555\u00a001\u00a023"},
		"no phone":       {phone("<script>"), "<script>"},
		"one":            {nb.say("summary.ads", "n", 1), "1 annonse"},
		"many":           {nb.say("summary.ads", "n", 1200), "1\u00a0200 annonser"},
		"unknown word":   {nb.named("category.", "new_kind"), "new kind"},
		"short":          {short("æøåæøå", 3), "æøå…"},
		"short enough":   {short("æøå", 3), "æøå"},
	} {
		if c[0] != c[1] {
			t.Errorf("%s: %q, want %q", name, c[0], c[1])
		}
	}
}
