package detectors_test

import (
	"slices"
	"strings"
	"testing"

	"varde/internal/ad"
)

// duties is a text without any name, long enough to have room for one.
const duties = "Vi søker flere medarbeidere til rengjøring, kjøkken og servering med oppstart så snart som mulig. Du må like å jobbe i team og være presis. Vi tilbyr opplæring, " +
	"bolig og hyggelige kolleger. Arbeidet er på kveld og i helger, og du må regne med å stå mye. Send noen ord om deg selv, så svarer vi i løpet av få dager. "

func TestEmployer(t *testing.T) {
	d := ready(t)
	tests := []struct {
		name string
		in   ad.Sighting
		want string
	}{
		{name: "nobody named, free mail", in: ad.Sighting{Text: duties + "Skriv til jobb.na@gmail.com"}, want: "J06 J10"},
		{name: "nobody named, messenger", in: ad.Sighting{Text: duties + "Telegram @jobb_na"}, want: "J06 J10"},
		{name: "nobody named, messenger with a number", in: ad.Sighting{Text: duties + "Bare WhatsApp +47 412 34 567"}, want: "J10"},
		{name: "nobody named, a group's invitation", in: ad.Sighting{Text: duties + "Bli med: https://chat.whatsapp.com/AbCdEf123 eller tg: jobb_na"}, want: "J06 J10"},
		{name: "nobody named, masked mail", in: ad.Sighting{Text: duties + "#EMAIL_d4d825054e5b85bbe91a408485786af1#"}, want: "J06"},
		{name: "named in the text", in: ad.Sighting{Text: "Fjellstua Drift AS. " + duties + "Skriv til jobb.na@gmail.com"}, want: "J10"},
		{name: "named in its field", in: ad.Sighting{Advertiser: "Fjellstua", Text: duties + "Skriv til jobb.na@gmail.com"}, want: "J10"},
		{name: "right organisation number", in: ad.Sighting{Text: duties + "Org.nr. 974 760 673, jobb.na@gmail.com"}, want: "J10"},
		{name: "wrong organisation number", in: ad.Sighting{Text: "Fjellstua Drift AS, org.nr. 974 760 674"}, want: "J06"},
		{name: "a Swedish number is no wrong one", in: ad.Sighting{Country: "SE", Text: "Fjellstua AB, org.nr. 974 760 674"}, want: ""},
		{name: "address", in: ad.Sighting{Text: duties + "Kom innom i Storgata 5 eller skriv til jobb.na@gmail.com"}, want: "J10"},
		{name: "own mail", in: ad.Sighting{Text: duties + "Skriv til jobb@fjellstua.example"}, want: ""},
		{name: "own site beside a messenger", in: ad.Sighting{Text: duties + "Se fjellstua.example/jobb eller tg: jobb_na"}, want: ""},
		{name: "the site passes applications on", in: ad.Sighting{Text: duties}, want: ""},
		{name: "phone alone", in: ad.Sighting{Text: duties + "Ring 412 34 567", Phones: []string{"41234567"}}, want: ""},
		{name: "a phone to call beside free mail", in: ad.Sighting{Text: "Kokk søkes. jobb.na@gmail.com eller ring 412 34 567"}, want: ""},
		{name: "the messenger's phone is in the field too", in: ad.Sighting{Phones: []string{"+4741234567"}, Text: "Kokk søkes. Bare WhatsApp 412 34 567"}, want: "J10"},
		{name: "brief", in: ad.Sighting{Text: "Kokk søkes. jobb.na@gmail.com"}, want: "J10"},
		{name: "a known firm's name at a free provider", in: ad.Sighting{Text: "Equinor is hiring. equinor.jobs@gmail.com"}, want: "J10 J19"},
		{name: "a host that looks like a known firm's", in: ad.Sighting{Text: "Equinor is hiring. hr@equinor-careers.example"}, want: "J19"},
		{name: "the advertiser is a known firm, the mail anybody's", in: ad.Sighting{Advertiser: "Equinor ASA", Text: "Welders. Write to offshore88@gmail.com"}, want: "J10 J19"},
		{name: "the firm's own address", in: ad.Sighting{Advertiser: "Equinor ASA", Text: "hr@equinor.com"}, want: ""},
		{name: "the firm's own address beside a free one", in: ad.Sighting{Advertiser: "Equinor ASA", Text: "hr@equinor.com, offshore88@gmail.com"}, want: ""},
		{name: "a firm named as a customer", in: ad.Sighting{Advertiser: "Fjellstua", Text: "We deliver to Equinor and Ikea. fjellstua@gmail.com"}, want: "J10"},
		{name: "a name that begins like a firm's", in: ad.Sighting{Advertiser: "Ikeahackerne Drift", Text: "post.na@gmail.com"}, want: "J10"},
		{name: "no job ad", in: ad.Sighting{Category: ad.Housing, Text: duties + "jobb.na@gmail.com, org.nr. 974 760 674"}, want: ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := tt.in
			s.Site, s.AdID, s.SeenAt, s.Title = "torget.example", "1", seen, "Jobb"
			if s.Category == "" {
				s.Category = ad.Job
			}
			f := find(t, d, s)
			check(t, &s, f)
			got := slices.DeleteFunc(codes(f), func(c string) bool { return c != "J06" && c != "J10" && c != "J19" })
			if g := strings.Join(got, " "); g != tt.want {
				t.Errorf("got %q, want %q", g, tt.want)
			}
		})
	}
}
