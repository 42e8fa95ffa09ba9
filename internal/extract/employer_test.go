package extract_test

import (
	"testing"

	"varde/internal/extract"
	"varde/internal/text"
)

func ownHost(host string) bool { return !extract.FreeMail(host) && !extract.AnyonesHost(host) }

// The names are made up.
func TestFindEmployer(t *testing.T) {
	for in, want := range map[string]string{
		"Fjellstua Drift AS søker kokk.":                                 "form",
		"Vi i Nordvik kommune søker lærer.":                              "body",
		"Snekkeren i Nordvik AB söker":                                   "form",
		"Ny stilling hos Fjellstua!":                                     "named",
		"Fra i høst skal vårt lag i Nordvik vokse: FjellStua er i vekst": "named",
		"Vil du jobbe ved Nordviksykehuset?":                             "named",
		"Langtoppkommune vil ha deg":                                     "body",
		"We are Brightwater Ltd, a small firm.":                          "form",
		"The team here at Brightwater.":                                  "named",
		"About Brightwater":                                              "named",
		"In this role BrightWater is growing":                            "named",
		"and so Brightwater seeks a cook":                                "named",
		"Firma Jasnowoda Sp. z o.o. poszukuje kucharza":                  "form",
		"Spółka „Jasnowoda” zatrudni":                                    "form",
		"Compania Apeclare SRL angajează":                                "form",
		"ООО «Светлая вода» ищет повара":                                 "form",
		"Компания Светлая вода приглашает":                               "form",
		"ТОВ «Світла вода» шукає кухаря":                                 "form",
		"UAB „Šviesus vanduo“ ieško virėjo":                              "form",
		"La empresa Aguaclara busca cocinero":                            "form",
		"Aguaclara Servicios S.L. contrata; Aguaclara SL":                "form",
		"Kom innom i Storgata 5":                                         "address",
		"ul. Długa 7":                                                    "address",
		"улица Ленина 7":                                                 "address",
		"Calle Mayor 7":                                                  "address",
		"Send CV to jobs@brightwater.example":                            "host",
		"Les mer på fjellstua.example":                                   "host",
		// nobody is named
		"Vi søker kokk til restaurant i Oslo. Ring 900 00 000.":                   "",
		"Our company is looking for hard working people. Email me at x@gmail.com": "",
		"Work at home. Training is provided.Review the offer":                     "",
		"English is a must, and Polish is an advantage":                           "",
		"work at Polish houses with Thai cooks":                                   "",
		"as soon as possible, as a cook":                                          "",
		"Шукаємо покоївок, телефон у приват":                                      "",
		"Ищем девушек, высокая зарплата":                                          "",
		"Szukamy pań do sprzątania":                                               "",
		"Se busca camarera":                                                       "",
		"5 days, 7 hours, 3 shifts in 2025":                                       "",
		"bit.ly/x t.me/mia_b forms.gle/x":                                         "",
	} {
		got, _ := extract.FindEmployer(text.Read(in), ownHost)
		if got.How != want {
			t.Errorf("%q: got %q (%s), want %q", in, got.How, in[got.Start:got.End], want)
		}
	}
}

func FuzzFindEmployer(f *testing.F) {
	for _, in := range []string{"Fjellstua AS", "ООО «Светлая вода»", "at Brightwater", "Storgata 5", "x.example", "ＡＳ Ａ ＡＳ"} {
		f.Add(in)
	}
	f.Fuzz(func(t *testing.T, in string) {
		e, ok := extract.FindEmployer(text.Read(in), ownHost)
		if ok != (e.How != "") || e.Start < 0 || e.End > len(in) || ok && e.Start >= e.End {
			t.Fatalf("%+v %v in %d bytes", e, ok, len(in))
		}
	})
}
