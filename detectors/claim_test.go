package detectors_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"varde/internal/ad"
)

// said lists the values of two kinds that a text gives, with what is quoted.
func said(t *testing.T, in string, kind ad.ValueKind) string {
	t.Helper()
	f := find(t, ready(t), ad.Sighting{Category: ad.SexualServices, Title: "Annonse", Text: in})
	var out []string
	for _, v := range f.Values {
		if v.Kind == kind {
			if e := v.Evidence; in[e.Start:e.End] != e.Quote {
				t.Errorf("%q is not at %d of %q", e.Quote, e.Start, in)
			}
			out = append(out, v.Name)
		}
	}
	return strings.Join(out, "; ")
}

func TestOwnServices(t *testing.T) {
	for in, want := range map[string]string{
		"I offer cleaning of homes, 300 kr per hour.":     "own_services",
		"Jeg tilbyr rydding og vask. Jobb utføres raskt.": "own_services",
		"Ищу работу по уборке":                            "own_services",
		"I offer well paid work as a model":               "",
		"Jeg tilbyr jobb og bolig":                        "",
		"We offer cleaning of homes":                      "",
		"Independent, no agency, three friends":           "",
	} {
		var got []string
		for _, v := range find(t, ready(t), ad.Sighting{Category: ad.Job, Title: "Annonse", Text: in}).Values {
			if v.Kind == ad.ClaimValue {
				got = append(got, v.Name)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

// TestASalonOfMassageSaysWhatItIs: what makes a salon an open house makes a brothel none.
func TestASalonOfMassageSaysWhatItIs(t *testing.T) {
	for _, in := range []string{"Våre massører tar imot deg hver dag", "Наши массажистки работают с 10 до 20", "Welcome to our salon"} {
		for category, want := range map[ad.Category]bool{ad.Massage: true, ad.SexualServices: false} {
			f := find(t, ready(t), ad.Sighting{Category: category, Title: "Annonse", Text: in})
			if got := slices.ContainsFunc(f.Values, func(v ad.Value) bool { return v.Kind == ad.ClaimValue && v.Name == ad.Agency }); got != want {
				t.Errorf("%s, %q: %v", category, in, got)
			}
		}
	}
}

func TestClaims(t *testing.T) {
	for in, want := range map[string]string{
		"Independent escort in Oslo":                                              "independent",
		"I work alone, no agency.":                                                "independent",
		"Jeg er min egen sjef her":                                                "independent",
		"Ingen mellommann og ingen andre":                                         "independent",
		"Är egen chef sedan länge":                                                "independent",
		"Jestem niezależna i dyskretna":                                           "independent",
		"Lucrez singură, fără intermediari":                                       "independent",
		"Индивидуалка, без посредников":                                           "independent",
		"Працюю сама, без посередників":                                           "independent",
		"Dirbu viena, be tarpininkų":                                              "independent",
		"Soy independiente":                                                       "independent",
		"Ich arbeite allein":                                                      "independent",
		"Jeg er tilknyttet Fjord, et åpent byrå":                                  "agency",
		"Avtaler gjøres gjennom Fjord, som er et registrert kontor":               "agency",
		"I belong to Fjord, which is a registered office":                         "agency",
		"Book through our agency":                                                 "agency",
		"Vi er tre venninner som deler leilighet og telefon for sikkerhets skyld": "sharing",
		"Lise her. Deler telefon med to venninner.":                               "sharing",
		"Vi hjelper hverandre med telefonen":                                      "sharing",
		"Two friends, we share a phone to be safe":                                "sharing",
		"Dzielimy telefon dla bezpieczeństwa":                                     "sharing",
		"I offer massage and quiet company":                                       "",
		"This is not an escort agency":                                            "",
		"I am not independent of my driver":                                       "",
		"I like independent films and own business suits":                         "independent", // a word is a word: it scores nothing by itself
		"Jeg er alene i kveld":                                                    "",
	} {
		if got := said(t, in, ad.ClaimValue); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestAddresses(t *testing.T) {
	for in, want := range map[string]string{
		"Kom til Storgata 12 i kveld":         "storgata 12",
		"Storgaten 12, tredje etasje":         "storgata 12",
		"bor i Karl Johans gate 5B":           "karl johans gata 5b",
		"Møt meg i Kirkeveien 7 B":            "kirkevei 7b",
		"Welcome to 12 High Street":           "high street 12",
		"ul. Długa 7, Warszawa":               "długa 7",
		"улица Ленина 5":                      "ленина 5",
		"I Storgata 5 minutter fra stasjonen": "",
		"i forveien 2 timer":                  "",
		"Ring 22 33 44 55":                    "",
		"Åpent i Storgata 10-22":              "",
		"Storgata 1500 kr":                    "",
		"Leilighet nær Storgata":              "",
		"på Bislett 12 år":                    "",
	} {
		// Folding may drop marks of letters; the same folding must not make two addresses of one.
		if got := said(t, in, ad.AddressValue); got != want && got != strings.NewReplacer("ł", "l").Replace(want) {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func FuzzClaimsAndAddresses(f *testing.F) {
	d := ready(f)
	f.Add("Karl Johans gate 5B", "independent, no agency. ul. Długa 7")
	f.Fuzz(func(t *testing.T, title, in string) {
		s := ad.Sighting{Site: "a.example", AdID: "1", SeenAt: seen, Category: ad.SexualServices, Title: title, Text: in}
		found, err := d.Find(context.Background(), &s)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range found.Values {
			if e := v.Evidence; e.Quote != s.FieldText(e.Field, e.Index)[e.Start:e.End] {
				t.Fatalf("%q is not at %d of %s", e.Quote, e.Start, e.Field)
			}
		}
	})
}
