package text_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"varde/internal/text"
)

func TestFold(t *testing.T) {
	for _, tt := range []struct {
		name, in, want string
		changed        string // the folded bytes that were a disguise
	}{
		{name: "plain", in: "Ring meg NÅ, ærlig Øyvind!", want: "ring meg na, aerlig oyvind!"},
		{name: "decomposed", in: "na\u030ar", want: "nar"},
		{name: "Nordic and German", in: "Straße Köln Đurđa þing", want: "strasse koln durda thing"},
		{name: "Polish", in: "Łatwa praca, źródło", want: "latwa praca, zrodlo"},
		{name: "Romanian", in: "Bună, șefă și țară", want: "buna, sefa si tara"},
		{name: "Lithuanian", in: "Ąžuolas ėjo, ūkis", want: "azuolas ejo, ukis"},
		{name: "Spanish", in: "señorita, ¿qué?", want: "senorita, ¿que?"},
		{name: "Turkish", in: "İstanbul ışık", want: "istanbul isik"},
		{name: "Russian", in: "Ёлка, мой ЙОД", want: "елка, мои иод"},
		{name: "Ukrainian", in: "Її ґанок м’ята", want: "іі ганок м'ята"},
		{name: "full width", in: "Ｒing ４１２", want: "ring 412", changed: "r412"},
		{name: "circled", in: "④❶⓿ ⓢex", want: "410 sex", changed: "410s"},
		{name: "keycaps", in: "4️⃣1️⃣", want: "41", changed: "41"},
		{name: "mathematical", in: "𝓮𝓼𝓬𝓸𝓻𝓽 𝟜𝟙", want: "escort 41", changed: "escort41"},
		{name: "small capitals", in: "ᴇsᴄᴏʀᴛ", want: "escort", changed: "ecort"},
		{name: "raised", in: "⁴¹²", want: "412", changed: "412"},
		{name: "invisible between", in: "4\u200b1\u200b2 ring", want: "412 ring", changed: "41"},
		{name: "invisible at an end", in: "\ufeffring\u200b nå", want: "ring na"},
		{name: "soft hyphen in a word", in: "arbeids\u00adgiver", want: "arbeidsgiver"},
		{name: "soft hyphen in a number", in: "41\u00ad23", want: "4123", changed: "1"},
		{name: "heaped marks", in: "se\u0301\u0302\u0303x", want: "sex", changed: "e"},
		{name: "heart with variation", in: "❤️ a", want: "❤ a"},
		{name: "Cyrillic in a Latin word", in: "mаssаgе", want: "massage", changed: "aae"},
		{name: "capitals", in: "МАSSAGE", want: "massage", changed: "ma"},
		{name: "Latin in a Cyrillic word", in: "массaж", want: "массаж", changed: "а"},
		{name: "only shared shapes", in: "cекс", want: "секс", changed: "с"},
		{name: "Greek in a Latin word", in: "εscοrt", want: "escort", changed: "eo"},
		{name: "Cyrillic word in a Latin text", in: "our сосо", want: "our сосо"},
		{name: "two languages", in: "hello привет", want: "hello привет"},
		{name: "spaces", in: "1\u00a0000\u202fkr\u3000a", want: "1 000 kr a"},
		{name: "quotation marks and dashes", in: "“don’t” – 20—30", want: "\"don't\" - 20-30"},
		{name: "euro in a word", in: "s€x 200€ €50", want: "sex 200€ €50", changed: "e"},
		{name: "Arabic digits", in: "٤١٢", want: "412"},
		{name: "Hangul", in: "한국 각", want: "한국 각"},
		{name: "Thai keeps its vowels", in: "นวด ที่", want: "นวด ที่"},
		{name: "flags", in: "🇳🇴 ring", want: "🇳🇴 ring"},
		{name: "not UTF-8", in: "a\xffb", want: "a\ufffdb"},
		{name: "filler", in: "4\u3164\u11601", want: "41", changed: "4"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := text.Fold(tt.in)
			if f.Text != tt.want {
				t.Errorf("%q is %q, want %q", tt.in, f.Text, tt.want)
			}
			changed := ""
			for i, r := range f.Text {
				if f.Changed(i, i+utf8.RuneLen(r)) {
					changed += string(r)
				}
			}
			if changed != tt.changed {
				t.Errorf("%q: disguised are %q, want %q", tt.in, changed, tt.changed)
			}
		})
	}
}

func TestFoldKeepsTheWayBack(t *testing.T) {
	for _, tt := range []struct{ in, find, want string }{
		{"Ring ４１２ nå", "412", "４１２"},
		{"Ring 4\u200b1\u200b2 nå", "412", "4\u200b1\u200b2"},
		{"Ring 4\u200b1\u200b2\u200b nå", "412", "4\u200b1\u200b2\u200b"},
		{"4️⃣1️⃣", "41", "4️⃣1️⃣"},
		{"4️⃣1️⃣", "1", "1️⃣"},
		{"ÆØÅ", "oa", "ØÅ"},
		{"a\u00a0b", "a b", "a\u00a0b"},
		{"en mаssаgе her", "massage", "mаssаgе"},
		{"en mаssаgе her", "her", "her"},
		{"ПРИВЕТ, Мир", "мир", "Мир"},
		{"Привет, мир", "вет", "вет"},
		{"⑩ ting", "10", "⑩"},
		{"😀😀 og ❤️ her", "og ❤ her", "og ❤️ her"},
	} {
		f := text.Fold(tt.in)
		i := strings.Index(f.Text, tt.find)
		if i < 0 {
			t.Errorf("%q is not in %q", tt.find, f.Text)
			continue
		}
		from, to := f.Span(i, i+len(tt.find))
		if got := tt.in[from:to]; got != tt.want {
			t.Errorf("%q came from %q, want %q", tt.find, got, tt.want)
		}
	}
}

func TestWords(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"b4rely legal t33ns", "barely legal teens"},
		{"SCH00L g1rl5", "school girls"},
		{"n0 limits, 0ral, 5ex", "no limits, oral, sex"},
		{"f@st m@ss@ge", "fast massage"},
		{"f@st. $ex a$s", "fast. sex ass"},
		{"b1owj0b and sk!n", "blowjob and skin"},
		{"b4r\u200bely", "barely"},
		{"mia88", ""}, {"2girls", ""}, {"24/7", ""}, {"30min", ""}, {"4hands", ""}, {"100kr", ""}, {"kr500", ""}, {"75C", ""}, {"10til12", ""},
		{"mia@nordlys.example", ""}, {"b4rely@mail.example", ""}, {"tg: @m1a", ""}, {"https://s.example/b4r", ""}, {"nå!ring", "na!ring"},
		{"200$ eller $200", ""}, {"kl10", ""}, {"ring 412 34 567", ""},
	} {
		if tt.want == "" {
			tt.want = strings.ToLower(tt.in)
		}
		d := text.Read(tt.in)
		if d.Words.Text != tt.want {
			t.Errorf("%q reads %q, want %q", tt.in, d.Words.Text, tt.want)
		}
	}
	d := text.Read("så b4rely")
	if i := strings.Index(d.Words.Text, "barely"); !d.Words.Changed(i, i+6) || d.Changed(i, i+6) || d.Words.Changed(0, 3) {
		t.Error("what is undone is a disguise in the words, and only there")
	}
	if from, to := d.Words.Span(3, 9); d.Source[from:to] != "b4rely" {
		t.Errorf("barely came from %q", d.Source[from:to])
	}
}

func TestTokens(t *testing.T) {
	d := text.Read("Ring 41２3ab på kl.10, привет 한국!")
	var got []string
	for i := range d.Tokens {
		got = append(got, d.Word(i))
	}
	if want := "ring|4123|ab|pa|kl|10|привет|한국"; strings.Join(got, "|") != want {
		t.Errorf("tokens %q, want %q", strings.Join(got, "|"), want)
	}
}

func TestFoldPattern(t *testing.T) {
	for _, tt := range []struct{ pattern, match, not string }{
		{`våre (?:nye )?jenter`, "VÅRE NYE jenter", "varer"},
		{`łatwa praca`, "Latwa praca", ""},
		{`m[åa]ned`, "måned", "moned"},
		{`[æø]re`, "ære", "are"},
		{`[æø]re`, "øre", ""},
		{`stra(?:ß)+e`, "Straße", "strae"},
		{`(?i)МОЯ Ёлка`, "моя ёлка", ""},
		{`don’t\b`, "don't", "dont"},
		{`\bgå\s+\d{2}\b`, "gå  12", "ga 1"},
		{`\p{L}+ [^å]x`, "hei ox", "hei x"},
		{`no\x{200B}w`, "now", ""},
	} {
		p, err := text.FoldPattern(tt.pattern)
		if err != nil {
			t.Fatal(err)
		}
		re := regexp.MustCompile(p)
		if f := text.Fold(tt.match); !re.MatchString(f.Text) {
			t.Errorf("%q as %q does not match %q", tt.pattern, p, f.Text)
		}
		if f := text.Fold(tt.not); tt.not != "" && re.MatchString(f.Text) {
			t.Errorf("%q as %q matches %q", tt.pattern, p, f.Text)
		}
	}
	if _, err := text.FoldPattern("(unclosed"); err == nil {
		t.Error("a broken pattern is taken")
	}
}

// TestFoldPatternFindsItself: whatever is written, its own literal pattern finds it.
func TestFoldPatternFindsItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringN(1, 20, -1).Draw(t, "s")
		p, err := text.FoldPattern(regexp.QuoteMeta(s))
		if err != nil {
			t.Fatal(err)
		}
		if f := text.Fold(s); !regexp.MustCompile(p).MatchString(f.Text) {
			t.Fatalf("%q as %q does not match %q", s, p, f.Text)
		}
	})
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{"4️⃣ ４１２\u202e\xff", "mаssаgе b4rely $ex", "s€x ⑩ǅ\u0345ﬁ", "ＡΑа\u0301\u0302\u0303", "İŉ한\u1161", "a@b.c0m n0", "\u200b4\u200b", "ηaбa", "AΊˑ0Aـ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d := text.Read(s)
		if utf8.ValidString(s) && (!utf8.ValidString(d.Text) || !utf8.ValidString(d.Words.Text)) {
			t.Fatal("folding broke the text")
		}
		if again := text.Fold(d.Text); again.Text != d.Text {
			t.Fatalf("%q folds to %q and that to %q", s, d.Text, again.Text)
		}
		if len(d.Words.Text) != len(d.Text) {
			t.Fatalf("%q: words have %d bytes, the text %d", s, len(d.Words.Text), len(d.Text))
		}
		last, lastTo := 0, 0
		for i, r := range d.Text {
			from, to := d.Span(i, i+len(string(r)))
			if from < last || to < lastTo || from >= to || to > len(s) {
				t.Fatalf("%q: byte %d came from %d to %d of %d, the one before from %d to %d", s, i, from, to, len(s), last, lastTo)
			}
			last, lastTo = from, to
		}
		end := int32(0)
		for i, tok := range d.Tokens {
			if tok.Start < end || tok.Start >= tok.End || int(tok.End) > len(d.Text) || d.Word(i) == "" {
				t.Fatalf("token %d from %d to %d after %d", i, tok.Start, tok.End, end)
			}
			end = tok.End
		}
	})
}

// hundredWords is an ad of usual length.
var hundredWords = strings.Repeat("Hei, jeg heter Anna og tar imot i rolige omgivelser midt i byen. ", 8) + "Ring fra 10:00 til 20:00, pris 1500 kr, hilsen Åse på Grünerløkka i Oslo"

func BenchmarkRead(b *testing.B) {
	for _, bb := range []struct{ name, in string }{
		{"hundred words", hundredWords},
		{"Russian", strings.Repeat("Привет, меня зовут Анна, жду тебя в центре города ", 7)},
		{"disguised", strings.Repeat("mаssаgе b4rely ４１２ 𝓮𝓼𝓬 ❤️ ", 15)},
		{"1 MB of letters and digits", strings.Repeat("a1", 1<<19)},
		{"1 MB of mixed scripts", strings.Repeat("aа", 350_000)},
		{"1 MB of fancy letters", strings.Repeat("𝓮𝓼", 1<<17)},
		{"1 MB of invisible", strings.Repeat("\u200b", 350_000)},
		{"1 MB of at", strings.Repeat("a@", 1<<19)},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				text.Read(bb.in)
			}
		})
	}
}
