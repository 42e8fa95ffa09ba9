package extract_test

import (
	"strings"
	"testing"

	"varde/internal/extract"
	"varde/internal/text"
)

// namesOf are the names in a title or text.
func namesOf(t *testing.T, p *extract.Places, in, body string) string {
	t.Helper()
	var with *text.Doc
	if body != "" {
		with = text.Read(body)
	}
	var out []string
	for _, v := range extract.Names(text.Read(in), with, p, "NO") {
		if e := v.Evidence; in[e.Start:e.End] != e.Quote || !strings.HasSuffix(e.Quote, v.Name) {
			t.Errorf("%q: quote %q, name %q", in, e.Quote, v.Name)
		}
		out = append(out, v.Name)
	}
	return strings.Join(out, " ")
}

func TestNames(t *testing.T) {
	p := places(t)
	for in, want := range map[string]string{
		"Mia, 22": "Mia", "Mia (22)": "Mia", "Luna 24 år": "Luna", "Bella, 22 sweet new girl in Bergen!": "Bella", "Anna here, 19, at present in Oslo": "Anna", "Daria - 36": "Daria",
		"Jeg heter Mia og er 24": "Mia", "Hei! Jeg er Anna, 27 år": "Anna", "mitt navn er Bea": "Bea", "Jag heter Elin.": "Elin", "My name is Cleo": "Cleo", "I am Mia, 22": "Mia", "I'm Mia (22)": "Mia", "She is called Monica and she is only a few days in Oslo": "Monica",
		"jestem Ola, 25 lat": "Ola", "mam na imię Zosia": "Zosia", "Меня зовут Анна": "Анна", "мене звати Оля": "Оля", "Mă numesc Ioana": "Ioana", "me llamo Lucia": "Lucia", "mano vardas Rasa": "Rasa", "Hun heter Mia. Hun heter Bea.": "Mia Bea",
		"Bea i Oslo": "", "Jeg er Norsk, 22 år": "", "I am Russian, 22": "", "I am Latina (22)": "", "Jestem Polka, 25 lat": "", "Я русская, 25 лет": "", "Thai, 22": "", "Oslo, 22": "", "Student, 22": "", "Massasje, 30 min": "", "Onsdag, 22": "", "Ring meg, 22": "",
		"I am Happy to see you": "", "my name is not important": "", "my name is Secret22": "", "I am Independent": "", "Åpent, 22": "", "Pris, 22": "", "Mia, 1500 kr": "", "Mia, 22 kr": "", "Ny jente, 22": "", "Kl 10, 22": "", "Come here, 22": "", "Sexy, 22": "", "jeg heter det samme": "",
	} {
		if got := namesOf(t, p, in, ""); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestNamesOfTitles(t *testing.T) {
	p := places(t)
	for in, want := range map[string]string{
		"Bea i Oslo": "Bea", "Bella Bergen": "Bella", "Kim w Oslo": "Kim", "Анна в Осло": "Анна", "Mia, 22": "Mia", "Cleo i Mo i Rana": "Cleo",
		"Massasje i Oslo": "", "Avspenning i Oslo": "", "Relaks w Oslo": "", "Maren i Oslo": "", "Sauna i Oslo": "", "Thai i Bergen": "", "Russian in Oslo": "", "Ny i Oslo": "", "Back in Oslo": "", "Ledig i Bergen": "", "Girls in Oslo": "", "Escort Bergen": "", "Oslo Bergen": "", "Bea i senga": "", "Bea i Oslo søker venn": "", "Jenter Oslo": "", "Relax in Oslo": "", "Polska Oslo": "", "Nå i Oslo": "", "Norsk i Bergen": "", "Brazilian Stavanger": "",
	} {
		if got := namesOf(t, p, in, "Velkommen til meg, her er Kim og Cleo. Avspenning og massasje."); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func FuzzNames(f *testing.F) {
	for _, in := range []string{"Mia, 22", "Jeg heter Mia", "I'm Bea (23) in Oslo", "Меня зовут Анна", "moє ім'я Оля", "Bea i Oslo"} {
		f.Add(in)
	}
	p := places(f)
	f.Fuzz(func(t *testing.T, in string) {
		for _, body := range []*text.Doc{nil, text.Read(in)} {
			for _, v := range extract.Names(text.Read(in), body, p, "NO") {
				if e := v.Evidence; in[e.Start:e.End] != e.Quote || !strings.Contains(e.Quote, v.Name) || v.Name == "" {
					t.Errorf("%q: quote %q, name %q", in, e.Quote, v.Name)
				}
			}
		}
	})
}
