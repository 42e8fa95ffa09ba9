package phone_test

import (
	"strings"
	"testing"

	"varde/internal/phone"
	"varde/internal/text"
)

// numbersIn are the numbers of a text as it is read in Norway.
func numbersIn(in string) string {
	var out []string
	for _, m := range phone.Find(text.Read(in), "NO") {
		out = append(out, m.E164)
	}
	return strings.Join(out, " ")
}

// TestDisguisesOnceMissed are spellings that an analyst found unread, with their like that are no numbers.
func TestDisguisesOnceMissed(t *testing.T) {
	for in, want := range map[string]string{
		"4.1❤️2.3❤️4.5❤️6.4": "+4741234564", "4.1*2.3*4.5*6.7": "+4741234567", "ledig 4.1 ❤ 5.1 ❤ 6.1": "", "4.12❤5.12❤6.12❤7.12": "",
		"f0ur 0ne tw0 thr33 f0ur f1ve s1x seven": "+4741234567", "call f0ur one tw0 thr33 f0ur five six s3ven": "+4741234567", "klokka 5to, 2en, 0ral og 4ever": "",
		"firetto tre fire fem seks syv": "+4741234567", "ring 41 dva 34 pięć 67": "+4741234567", "zvoni odin dva tri": "",
		"Målene 90607090": "", "målene 90 60 70 90": "", "Malene 90607090": "+4790607090", "Rom 412 34 567 plan 3": "", "to rom. 412 34 567": "+4741234567", "2 rom 412 34 567": "+4741234567",
	} {
		if got := numbersIn(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

// TestNumbersOfElsewhere: a number as it is written inside another country is read where the text's words point to that one country and a
// word for phone stands before.
func TestNumbersOfElsewhere(t *testing.T) {
	for in, want := range map[string]string{
		"Jestem Ola, zapraszam. Tel 600-700-800": "+48600700800", "Polsk jente. tel 600-700-800": "+48600700800", "Jag är här och väntar. Ring 070-123 45 67": "+46701234567",
		"Пишіть мені, дівчина. Тел 067 123 45 67": "+380671234567", "Sunt Ana, sună la telefon 0721 234 567": "+40721234567",
		"tel 600-700-800": "", "070-123 45 67": "", "tel 070-123 45 67": "", "Jestem Ola, zapraszam: 600-700-800": "", "Polsk og svensk jente. tel 600-700-800": "", "Norsk jente, tel 600-700-800": "",
		"Jestem Ola, zapraszam. Tel 412 34 567": "+4741234567",
	} {
		if got := numbersIn(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

// TestADisguiseIsReadInAllCountriesOrNone: that a number is disguised counts, so words for a country must not decide whether it is read.
func TestADisguiseIsReadInAllCountriesOrNone(t *testing.T) {
	for _, in := range []string{"Polsk jente. tel 6*0*0*7*0*0*8*0*1", "Svensk jente. tel 6*0*0*7*0*0*8*0*1", "Polsk jente. tel six00-7oo-8o1"} {
		if got := numbersIn(in); got != "" {
			t.Errorf("%q: got %q", in, got)
		}
	}
}
