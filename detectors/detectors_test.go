package detectors_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"varde/configs"
	"varde/detectors"
	"varde/internal/ad"
	"varde/internal/indicator"
	"varde/internal/testkit"
)

var seen = time.Date(2026, 10, 4, 12, 0, 0, 0, time.UTC)

// made are Varde's detectors, once for all tests: they are never changed, and the lexicons take a moment.
var made = sync.OnceValues(func() (*detectors.Detectors, error) {
	data, err := configs.FS.ReadFile("indicators.yaml")
	if err != nil {
		return nil, err
	}
	cat, err := indicator.Load("indicators.yaml", data)
	if err != nil {
		return nil, err
	}
	return detectors.New(detectors.Config{Catalogue: cat, Files: configs.FS, Region: "NO"})
})

func ready(t testing.TB) *detectors.Detectors {
	t.Helper()
	d, err := made()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func find(t testing.TB, d *detectors.Detectors, s ad.Sighting) ad.Finding {
	t.Helper()
	if s.Site == "" {
		s.Site, s.AdID, s.SeenAt = "a.example", "1", seen
	}
	f, err := d.Find(context.Background(), &s)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func codes(f ad.Finding) (out []string) {
	for _, in := range f.Indicators {
		out = append(out, in.Code)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func TestEveryCodeIsExplainedAndGiven(t *testing.T) {
	// The network's codes are given by internal/network; its test of reasons names them.
	given := append(ready(t).Codes(), "N01", "N02", "N03", "N04", "N05", "N06", "N07", "N08", "N09", "N10", "N11", "N12", "N13", "N14", "J18", "J20", "J21", "S05", "S06", "S12", "S13", "X04", "X05")
	for _, code := range testkit.Catalogue(t).Codes() {
		if !slices.Contains(given, code) {
			t.Errorf("the catalogue explains %s, which nothing gives", code)
		}
	}
}

func TestIdentifiers(t *testing.T) {
	d := ready(t)
	tests := []struct {
		name string
		in   ad.Sighting
		want string // kind:value, sorted; no text signatures
	}{
		{name: "phone field and text are one", in: ad.Sighting{Phones: []string{"+47 412 34 567"}, Text: "ring 41234567"}, want: "phone:+4741234567"},
		{name: "digits spaced in a phone field", in: ad.Sighting{Phones: []string{"tlf 4 1 2 3 4 5 6 7"}}, want: "phone:+4741234567"},
		{name: "Swedish ad", in: ad.Sighting{Country: "SE", Text: "ring 070-123 45 67"}, want: "phone:+46701234567"},
		{name: "telegram contact", in: ad.Sighting{Contacts: []string{"telegram:@Mia_Bergen"}}, want: "handle:telegram:mia_bergen"},
		{name: "telegram in text", in: ad.Sighting{Text: "Telegram: @Mia_Bergen eller t.me/mia_bergen"}, want: "handle:telegram:mia_bergen"},
		{name: "whatsapp name", in: ad.Sighting{Text: "whatsapp @mia.b"}, want: "handle:whatsapp:mia.b"},
		{name: "a word is no service", in: ad.Sighting{Text: "et signal: husk dette, jeg har tg i dag"}, want: ""},
		{name: "snapchat with colon", in: ad.Sighting{Text: "Snapchat: mia.b"}, want: "handle:snapchat:mia.b"},
		{name: "mail", in: ad.Sighting{Contacts: []string{"mailto:X@Y.example"}, Text: "skriv til x@y.example"}, want: "email:x@y.example"},
		{name: "link", in: ad.Sighting{Site: "a.example", AdID: "1", SeenAt: seen, Text: "se https://www.b.example/profil/7?x=1 og https://a.example/ad/9 og www.c.example"}, want: "link:b.example/profil/7"},
		{name: "the site's own account", in: ad.Sighting{Site: "torget.example", AdID: "1", SeenAt: seen, Text: "Følg oss: instagram.com/torget og t.me/mia_b"}, want: "handle:telegram:mia_b"},
		{name: "phone in a profile link", in: ad.Sighting{Text: "https://wa.me/4741234567"}, want: "phone:+4741234567"},
		{name: "mail in disguise", in: ad.Sighting{Contacts: []string{"mia (at) b dot example"}, Text: "mia krøllalfa b punktum example"}, want: "email:mia@b.example"},
		{name: "accounts", in: ad.Sighting{Contacts: []string{"vipps: 123456"}, Text: "Kontonummer 8601.11.17947, btc 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"}, want: "payment:btc:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa payment:iban:NO9386011117947 payment:vipps:123456"},
		{name: "picture", in: ad.Sighting{Pictures: []ad.Picture{{Image: 1, PHash: "00ff00ff00ff00ff"}, {Image: 2, Flat: true}}}, want: "picture:00ff00ff00ff00ff"},
		{name: "nothing", in: ad.Sighting{Text: "Hei, jeg er 25 år, 168 cm, ledig 10.00-22.00, 1500 kr."}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.in.Title = "annonse"
			var got []string
			for _, id := range find(t, d, tt.in).Identifiers {
				if id.Kind != ad.TextSig {
					got = append(got, string(id.Kind)+":"+id.Value)
				}
			}
			slices.Sort(got)
			if g := strings.Join(got, " "); g != tt.want {
				t.Errorf("got %q, want %q", g, tt.want)
			}
		})
	}
}

func TestFieldsWin(t *testing.T) {
	f := find(t, ready(t), ad.Sighting{Category: ad.SexualServices, Title: "Mia, 24 år", Text: "Nå i Bergen. 30 min 1000 / 1 t 1500.", Age: 22, Location: "oslo sentrum",
		Prices: []ad.Price{{Amount: 1200, Currency: "NOK", Per: "hour"}}})
	if p := f.Prices(); len(p) != 1 || p[0].Amount != 1200 || f.Age() != 22 || f.Place() != "Oslo" {
		t.Errorf("prices %v, age %d, place %q", p, f.Age(), f.Place())
	}
	f = find(t, ready(t), ad.Sighting{Category: ad.SexualServices, Title: "Mia, 24 år", Text: "Nå i Bergen. 30 min 1000 / 1 t 1500."})
	if p := f.Prices(); len(p) != 2 || p[1] != (ad.Price{Amount: 1500, Currency: "NOK", Per: "hour"}) || f.Age() != 24 || f.Place() != "Bergen" {
		t.Errorf("prices %v, age %d, place %q", p, f.Age(), f.Place())
	}
	f = find(t, ready(t), ad.Sighting{Category: ad.SexualServices, Title: "Mia 24 år og Eva 29 år", Text: "Oslo og Bergen"})
	if f.Age() != 0 || f.Place() != "" {
		t.Errorf("of several none is chosen: age %d, place %q", f.Age(), f.Place())
	}
}

func TestPay(t *testing.T) {
	d := ready(t)
	tests := []struct {
		name, text string
		seen       time.Time
		want       string
	}{
		{name: "cleaner under the rate", text: "Renholder søkes, kr 150 per time.", want: "J02"},
		{name: "cleaner at the rate", text: "Renholder søkes, kr 240 per time.", want: ""},
		{name: "month under the rate", text: "Kokk søkes, 25 000 kr i mnd.", want: "J02"},
		{name: "upper end is lawful", text: "Servitør, kr 150 - 210 per time.", want: ""},
		{name: "before the rate was in force", text: "Bilpleie, kr 150 per time.", seen: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC), want: ""},
		{name: "after it", text: "Bilpleie, kr 150 per time.", want: "J02"},
		{name: "no minimum in force", text: "Arbeid på fiskebruk, kr 150 per time.", want: ""},
		{name: "unknown trade", text: "Avisbud, kr 150 per time.", want: ""},
		{name: "supplement", text: "Renholder, tillegg kr 15 per time.", want: ""},
		{name: "far above", text: "Ingen erfaring nødvendig, 120 000 kr i mnd.", want: "J01 J24"},
		{name: "far above in euro", text: "No experience needed, 10 000 euro per month.", want: "J01 J24"},
		{name: "high for skill", text: "Overlege, 120 000 kr i mnd.", want: ""},
		{name: "hours", text: "Du jobber 60 timer i uken.", want: "J12"},
		{name: "ordinary hours", text: "37,5 timer i uken, 24/7 vakttelefon.", want: ""},
		{name: "no days off", text: "7 days a week", want: "J12"},
		{name: "a lure that says what it is not", text: "You work 14 hours a day, no scam.", want: "J12"},
		{name: "a warning in another sentence", text: "Beware of scammers. You work 14 hours a day.", want: "J12"},
		{name: "trade is no trafficking", text: "Работа в торговле, 14 часов в день", want: "J12"},
		{name: "opening hours", text: "Butikken er åpen 7 dager i uken, du får fri 2.", want: ""},
		{name: "in Sweden's capital", text: "Städjobb i Stockholm, 120 kr i timmen.", want: ""},
		{name: "in Sweden", text: "Renholdsjobb i Sverige, 70 kr i timmen.", want: ""},
		{name: "in Denmark", text: "Rengøring i Danmark, 90 kr i timen.", want: ""},
		{name: "Swedish crowns", text: "Renholder, 100 SEK per time.", want: ""},
		{name: "from Sweden to Oslo", text: "Til deg som bor i Sverige: renholder i Oslo, 120 kr i timen.", want: "J02"},
		{name: "from Sweden to Norway", text: "Till dig i Sverige: städjobb i Norge, 120 kr i timmen.", want: "J02"},
		{name: "from Stockholm to a Norwegian place", text: "Fra Stockholm? Renholder søkes til Bergen, 120 kr i timen.", want: "J02"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := ad.Sighting{Site: "a.example", AdID: "1", SeenAt: seen, Category: ad.Job, Title: "Jobb", Text: tt.text}
			if !tt.seen.IsZero() {
				s.SeenAt = tt.seen
			}
			f := find(t, d, s)
			if g := strings.Join(codes(f), " "); g != tt.want {
				t.Errorf("got %q, want %q", g, tt.want)
			}
			for _, in := range f.Indicators {
				if fig := in.Evidence[0].Figure; in.Code != "J12" && in.Code != "J24" && (fig == nil || fig.Compared == 0 || fig.Basis == "") {
					t.Errorf("%s does not say what it compares: %+v", in.Code, in.Evidence)
				}
			}
		})
	}
}

// independents are ads as consenting adults who advertise alone write them: every one must stay silent or nearly so.
var independents = []string{
	"Hei! Jeg er Anna, 27 år, ny i byen og her til søndag. Jeg tar imot i egen leilighet nær sentrum. Ring eller send melding på 412 34 567. Kun hyggelige menn, skjulte nummer besvares ikke. 1500 kr for en halv time, 2500 for en time. Alltid kondom.",
	"Independent escort visiting Oslo 4-9 October. I am 34, well educated and enjoy good conversation. Screening required, no withheld numbers. Outcall to hotels. 2000 NOK per hour. Safe only. Text me on +47 922 33 444.",
	"Moden dame 45 i Bergen ønsker gentlemen velkommen på dagtid. Avslappende massasje i rolige omgivelser. Jeg svarer ikke på sms. Ring 480 12 345 mellom 10.00 og 20.00.",
	"🌹🍒 Latina on tour 💕 Stavanger this week, Bergen next week! Send WhatsApp +47 466 55 443. Please shower before, no rush.",
}

func TestIndependentsStayLow(t *testing.T) {
	d, cat := ready(t), testkit.Catalogue(t)
	for _, in := range independents {
		f := find(t, d, ad.Sighting{Category: ad.SexualServices, Title: "Annonse", Text: in, Age: 27})
		if got := cat.Score(f.Indicators); got.Band != ad.Low || got.Score > 0.1 {
			t.Errorf("score %v, codes %v: %.50s…", got.Score, codes(f), in)
		}
	}
}

func TestWhoSomebodyIsScoresNothing(t *testing.T) {
	d, cat := ready(t), testkit.Catalogue(t)
	base := "Vi har 3 nye jenter i byen, nye jenter hver uke. Ring resepsjonen. Jente fra %s med %s kropp snakker %s."
	var want float64
	for i, words := range [][]string{{"Norge", "fin", "norsk"}, {"Romania", "brun", "rumensk"}, {"Thailand", "slank", "thai"}, {"Nigeria", "mørk", "engelsk"}, {"Ukraina", "lys", "russisk"}} {
		text := base
		for _, w := range words {
			text = strings.Replace(text, "%s", w, 1)
		}
		got := cat.Score(find(t, d, ad.Sighting{Category: ad.SexualServices, Title: "x", Text: text}).Indicators).Score
		if i == 0 {
			want = got
		}
		if got != want || got == 0 {
			t.Errorf("%v: score %v, want %v", words, got, want)
		}
	}
}

// TestGenderAndOriginScoreNothing: the same words about women and men, or with a nationality among them, score the same.
func TestGenderAndOriginScoreNothing(t *testing.T) {
	d, cat := ready(t), testkit.Catalogue(t)
	for _, same := range [][]string{
		{"Jentene våre tar imot hver dag. 3 nye jenter i byen, nye jenter hver uke.", "Guttene våre tar imot hver dag. 3 nye gutter i byen, nye gutter hver uke."},
		{"Hun venter på deg. Sjåføren kjører henne.", "Han venter på deg. Sjåføren kjører ham."},
		{"Our girls are waiting. 3 new girls in town, new girls every week.", "Our boys are waiting. 3 new boys in town, new boys every week."},
		{"Our girls are here. 3 girls in town, new girls every week.", "Our Thai girls are here. 3 polish girls in town, new african girls every week."},
		{"Våre jenter tar imot. 3 nye jenter i byen.", "Våre polske jenter tar imot. 3 nye rumenske jenter i byen."},
		{"She is waiting for you, book her with us. Schoolgirl, pay off her debt.", "He is waiting for you, book him with us. Schoolboy, pay off his debt."},
	} {
		var want float64
		for i, text := range same {
			got := cat.Score(find(t, d, ad.Sighting{Category: ad.SexualServices, Title: "x", Text: text}).Indicators).Score
			if i == 0 {
				want = got
			}
			if got != want || got == 0 {
				t.Errorf("%q: score %v, want %v", text, got, want)
			}
		}
	}
}

func TestRecruiterIsRead(t *testing.T) {
	f := find(t, ready(t), ad.Sighting{Category: ad.Job, Title: "Hostesses wanted abroad", Text: "No experience needed, 12 000 euro per month. " +
		"Departure tomorrow, ticket is sent to you and deducted from your salary. We keep your passport. A registration fee is payable before departure. No contract."})
	if got := strings.Join(codes(f), " "); got != "J01 J03 J04 J05 J07 J09 J11 J13 J24" {
		t.Errorf("got %s", got)
	}
}

func check(t *testing.T, s *ad.Sighting, f ad.Finding) {
	t.Helper()
	evidence := func(what string, es []ad.Evidence) {
		for _, e := range es {
			if e.Quote == "" {
				continue
			}
			in := s.FieldText(e.Field, e.Index)
			if e.Start < 0 || e.End > len(in) || e.Start > e.End || in[e.Start:e.End] != e.Quote {
				t.Fatalf("%s: quote %q is not %s[%d:%d]", what, e.Quote, e.Field, e.Start, e.End)
			}
		}
	}
	for _, id := range f.Identifiers {
		evidence(string(id.Kind), id.Evidence)
	}
	for _, v := range f.Values {
		evidence(string(v.Kind), []ad.Evidence{v.Evidence})
	}
	for _, in := range f.Indicators {
		evidence(in.Code, in.Evidence)
		if in.Points < 0 || in.Confidence <= 0 || in.Confidence > 1 || len(in.Evidence) == 0 {
			t.Fatalf("indicator is not whole: %+v", in)
		}
	}
}

func FuzzFind(f *testing.F) {
	d := ready(f)
	for _, in := range independents {
		f.Add("Tittel", in, "+47 412 34 567", "telegram:@x_y", 0)
	}
	f.Fuzz(func(t *testing.T, title, text, phone, contact string, category int) {
		s := ad.Sighting{Site: "a.example", AdID: "1", SeenAt: seen, Title: title, Text: text, Phones: []string{phone}, Contacts: []string{contact},
			Category: ad.Categories[uint(category)%uint(len(ad.Categories))]}
		one, err := d.Find(context.Background(), &s)
		if err != nil {
			t.Fatal(err)
		}
		check(t, &s, one)
		two, err := d.Find(context.Background(), &s)
		if err != nil {
			t.Fatal(err)
		}
		a, _ := json.Marshal(one)
		b, _ := json.Marshal(two)
		if string(a) != string(b) {
			t.Fatalf("the same sighting gives two findings:\n%s\n%s", a, b)
		}
	})
}

func BenchmarkFind(b *testing.B) {
	d := ready(b)
	s := ad.Sighting{Site: "a.example", AdID: "1", SeenAt: seen, Category: ad.SexualServices, Title: "Annonse", Text: independents[0] + " " + independents[1]}
	for b.Loop() {
		if _, err := d.Find(context.Background(), &s); err != nil {
			b.Fatal(err)
		}
	}
}
