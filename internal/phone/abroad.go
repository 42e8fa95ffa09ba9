package phone

import "strings"

// speech are words of languages that are spoken in one country above all, or whose other countries write numbers of another length; a
// Russian text says nothing of the country.
var speech = func() map[string]string {
	m := map[string]string{}
	for region, words := range map[string]string{
		"PL": "jestem zapraszam się dzwoń zadzwoń dla oraz praca pracy tylko lat nie mam proszę",
		"SE": "och jag inte mig kontakta tjej mycket från också bara",
		"UA": "мені дзвоніть дзвони телефонуйте пишіть дівчина що від робота роботи потрібна",
		"RO": "sunt pentru sună sunați și vă mă fată ani locuri muncă telefon",
		"LT": "aš esu ir skambink skambinkite mano darbas labas metų",
		"ES": "soy llama llámame tengo años para con hola trabajo busco",
	} {
		for _, w := range strings.Fields(words) {
			w = folded(w)
			if _, both := m[w]; both {
				m[w] = ""
				continue
			}
			m[w] = region
		}
	}
	return m
}()

// leastSpeech is how many of its words show a text's language.
const leastSpeech = 2

// elsewhere is the one other country to which the text's language or the countries that it names point, or empty where they point to none,
// or to several. A number that is written as at home there is read only behind a word for phone.
func (r *reader) elsewhere() string {
	if r.asked {
		return r.abroad
	}
	r.asked = true
	hits := map[string]int{}
	for i := range r.doc.Tokens {
		if region := speech[r.doc.Word(i)]; region != "" {
			hits[region]++
		} else if region := countryWords[r.doc.Word(i)]; region != "" {
			hits[region] += leastSpeech
		}
	}
	delete(hits, r.region)
	for region, n := range hits {
		switch {
		case n < leastSpeech:
		case r.abroad != "":
			r.abroad = ""
			return ""
		default:
			r.abroad = region
		}
	}
	return r.abroad
}
