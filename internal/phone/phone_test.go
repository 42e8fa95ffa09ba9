package phone_test

import (
	"strings"
	"testing"

	"varde/internal/phone"
	"varde/internal/text"
)

func TestFind(t *testing.T) {
	tests := []struct {
		name, in string
		want     string // E.164, space between; an asterisk marks obscured ones
		quote    string // of the first
	}{
		{name: "plain", in: "Ring 41234567 nå", want: "+4741234567", quote: "41234567"},
		{name: "3-2-3", in: "tlf 412 34 567.", want: "+4741234567", quote: "412 34 567"},
		{name: "2-2-2-2", in: "41 23 45 67", want: "+4741234567"},
		{name: "plus", in: "+47 412 34 567", want: "+4741234567", quote: "+47 412 34 567"},
		{name: "00", in: "0047 412 34 567", want: "+4741234567"},
		{name: "brackets", in: "(+47) 412-34-567", want: "+4741234567"},
		{name: "code without plus", in: "4741234567", want: "+4741234567"},
		{name: "Swedish", in: "+46 70 123 45 67", want: "+46701234567"},
		{name: "Romanian", in: "+40 721 234 567", want: "+40721234567"},
		{name: "two", in: "412 34 567 eller 922 33 444", want: "+4741234567 +4792233444"},
		{name: "words", in: "ring fire en to tre fire fem seks sju i kveld", want: "+4741234567*", quote: "fire en to tre fire fem seks sju"},
		{name: "English words", in: "four one two three four five six seven", want: "+4741234567*"},
		{name: "mixed", in: "412 tre4 fem67", want: "+4741234567*"},
		{name: "full width", in: "４１２３４５６７", want: "+4741234567*", quote: "４１２３４５６７"},
		{name: "stars between", in: "4*1*2*3*4*5*6*7", want: "+4741234567*"},
		{name: "hearts between", in: "412❤34❤567", want: "+4741234567*"},
		{name: "date", in: "ledig 24.12.2026 og 2026-11-23"},
		{name: "hours", in: "20.00-23.30 hver dag, 10:00 - 22:00"},
		{name: "prices", in: "30 min 1000 1 time 1800, kr 2500, 3500,- og 2 000 kr"},
		{name: "price list", in: "2000 3500 5000"},
		{name: "organisation number", in: "org.nr 912 345 678"},
		{name: "postcode", in: "5003 Bergen"},
		{name: "measures", in: "178 cm 60 kg 25 år"},
		{name: "story", in: "vi er to jenter og en gutt, fire rom og tre bad"},
		{name: "short", in: "ring 112 eller 02800"},
		{name: "hash", in: "#PHONE_4123456741234567412345674123#"},
		{name: "spaced letters", in: "ring 4 l 2 3 4 S 6 7", want: "+4741234567*"},
		{name: "leet words", in: "f1re en to tre f0ur", want: ""},
		{name: "glued words", in: "ring fireento trefire femsekssju nå", want: "+4741234567*", quote: "fireento trefire femsekssju"},
		{name: "all in one word", in: "FireEnToTreFireFemSeksSju", want: "+4741234567*"},
		{name: "pairs in words", in: "førtien tjuetre førti fem sekstisju", want: "+4741234567*"},
		{name: "double", in: "four double one two three four five six", want: "+4741123456*"},
		{name: "hundreds", in: "звони восемь девятьсот шестнадцать сто двадцать три сорок пять шестьдесят семь", want: ""},
		{name: "punctuation as words", in: "41 punkt 23 punkt 45 punkt 67", want: "+4741234567*"},
		{name: "ordinary signs", in: "41-23-45-67, (412) 34 567, 412/34/567", want: "+4741234567 +4741234567 +4741234567"},
		{name: "a flag before a foreign number", in: "🇵🇱 512 345 678", want: "+48512345678"},
		{name: "a country before a foreign number", in: "Polsk nummer: 512 345 678", want: "+48512345678"},
		{name: "behind an age", in: "Mia 22 41 23 45 67", want: "+4741234567"},
		{name: "before hours", in: "41234567 24/7", want: "+4741234567"},
		{name: "link to a messenger", in: "https://wa.me/4741234567", want: "+4741234567", quote: "4741234567"},
		{name: "Swedish trunk", in: "+46 (0)70 123 45 67", want: "+46701234567"},
		{name: "counting", in: "en to tre fire fem seks sju åtte ni ti"},
		{name: "measures", in: "172/58/85-60-90 og 90-60-90 22"},
		{name: "IBAN", in: "DE89 3704 0044 0532 0130 00"},
		{name: "card", in: "4111 1111 1111 1111"},
		{name: "order", in: "ordre nr. 41234567, kundenummer 41234568"},
		{name: "link", in: "https://s.example/ad/41234567"},
		{name: "mail", in: "41234567@post.example"},
		{name: "handle", in: "snap mia41234567"},
		{name: "hours and days", in: "10.00 - 22.00, 24/12-28/12"},
		{name: "years", in: "2024 2025"},
		{name: "lines do not join", in: "412\n34567"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			matches := phone.Find(text.Read(tt.in), "NO")
			for _, m := range matches {
				s := m.E164
				if m.Obscured {
					s += "*"
				}
				got = append(got, s)
			}
			if g := strings.Join(got, " "); g != tt.want {
				t.Errorf("%q: got %q, want %q", tt.in, g, tt.want)
			}
			if tt.quote != "" && len(matches) > 0 && tt.in[matches[0].Start:matches[0].End] != tt.quote {
				t.Errorf("%q: span %q, want %q", tt.in, tt.in[matches[0].Start:matches[0].End], tt.quote)
			}
		})
	}
}

func TestSplit(t *testing.T) {
	for _, tt := range []struct{ title, text, want, inTitle, inText string }{
		{"Mia i Bergen 412", "34 567, ring nå", "+4741234567", "412", "34 567"},
		{"Ring 412 3", "4 567", "+4741234567", "412 3", "4 567"},
		{"Mia fire en to tre", "fire fem seks sju. Ledig i dag", "+4741234567", "fire en to tre", "fire fem seks sju"},
		{"Mia 4️⃣1️⃣2️⃣3️⃣", "4567", "+4741234567", "4️⃣1️⃣2️⃣3️⃣", "4567"},
		{"Mia 4123", "Jeg er ledig hver kveld, resten er 4567", "+4741234567", "4123", "4567"},
		{title: "Mia 24", text: "412345 er ikke mitt nummer"},
		{title: "Leilighet 2024", text: "5000 kroner i måneden"},
		{title: "Time 1500", text: "2500 for to"},
		{title: "Ring 41234567", text: "412 34 567"},
		{title: "Mia", text: "412 34 567"},
		{title: "", text: "412"},
		{title: "412", text: ""},
	} {
		h, _ := phone.Split(text.Read(tt.title), text.Read(tt.text), "NO")
		inTitle, inText := tt.title[h.TitleStart:h.TitleEnd], tt.text[h.TextStart:h.TextEnd]
		if h.E164 != tt.want || inTitle != tt.inTitle || inText != tt.inText {
			t.Errorf("%q and %q: %s from %q and %q, want %s from %q and %q", tt.title, tt.text, h.E164, inTitle, inText, tt.want, tt.inTitle, tt.inText)
		}
	}
}

func FuzzFind(f *testing.F) {
	for _, s := range []string{"ring +47 412 34 567, fire en to ４１２ 24.12.2026", "4️⃣1l2S дев'ять 412 hundre og tolv", "double to 4\n1\n2", "+00 0 (0) tjueto veinti dos"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		half := len(s) / 2
		if h, ok := phone.Split(text.Read(s[:half]), text.Read(s[half:]), "NO"); ok {
			if _, valid := phone.Parse(h.E164, ""); !valid || h.TitleStart < 0 || h.TitleStart >= h.TitleEnd || h.TitleEnd > half || h.TextStart < 0 || h.TextStart >= h.TextEnd || h.TextEnd > len(s)-half {
				t.Fatalf("halves %+v of %d and %d bytes", h, half, len(s)-half)
			}
		}
		last := 0
		for _, m := range phone.Find(text.Read(s), "NO") {
			if m.Start < 0 || m.End > len(s) || m.Start >= m.End || m.End < last {
				t.Fatalf("span %d to %d of %d bytes, after %d", m.Start, m.End, len(s), last)
			}
			last = m.End
			if _, ok := phone.Parse(m.E164, ""); !ok {
				t.Fatalf("%q is not valid", m.E164)
			}
		}
	})
}

// ad is of a hundred words, without a phone.
var ad = strings.Repeat("Hei, jeg heter Anna og tar imot i rolige omgivelser midt i byen. ", 8) + "Pris 1500 kr fra 10:00 til 20:00 hver dag. "

func BenchmarkFind(b *testing.B) {
	for _, bb := range []struct{ name, in string }{
		{"without a phone", ad},
		{"with a phone", ad + "Ring 412 34 567"},
		{"with a phone in words", ad + "Ring fire en to tre fire fem seks sju"},
		{"1 MB of digits", strings.Repeat("4", 1<<20)},
		{"1 MB of single digits", strings.Repeat("4 ", 1<<19)},
		{"1 MB of digit words", strings.Repeat("fire ", 1<<18)},
		{"1 MB of glued words", strings.Repeat("fireto", 1<<17)},
		{"1 MB of digits and words", strings.Repeat("4 to ", 1<<18)},
		{"1 MB of letters and digits", strings.Repeat("4o", 1<<19)},
		{"1 MB of numbers", strings.Repeat("41234567\n\n\n\n", 1<<16)},
		{"1 MB of pairs", strings.Repeat("22 ", 1<<18)},
	} {
		b.Run(bb.name, func(b *testing.B) {
			d := text.Read(bb.in)
			b.ReportAllocs()
			for b.Loop() {
				phone.Find(d, "NO")
			}
		})
	}
}
