package phone

import (
	"strings"
	"unicode/utf8"

	"github.com/nyaruka/phonenumbers"
)

// plan is what must be known of a country's numbers to see of most digits that they are none, without asking the library. The
// lengths are of libphonenumber's metadata.
type plan struct {
	region, code string
	least, most  int
	// trunk is what stands before a number inside the country; needed says that no number is written without it.
	trunk  string
	needed bool
}

// plans are the countries whose numbers turn up in the region; others are left to the library. Italy is: its noughts are part of
// the number.
var plans = []plan{
	{"NO", "47", 8, 8, "", false}, {"SE", "46", 7, 9, "0", true}, {"DK", "45", 8, 8, "", false}, {"FI", "358", 6, 10, "0", true},
	{"IS", "354", 7, 7, "", false}, {"GB", "44", 9, 10, "0", true}, {"IE", "353", 7, 9, "0", true}, {"DE", "49", 7, 11, "0", true},
	{"PL", "48", 9, 9, "", false}, {"RO", "40", 9, 9, "0", true}, {"MD", "373", 8, 8, "0", true}, {"RU", "7", 10, 10, "8", false},
	{"UA", "380", 9, 9, "0", true}, {"BY", "375", 9, 9, "80", true}, {"LT", "370", 8, 8, "8", false}, {"LV", "371", 8, 8, "", false},
	{"EE", "372", 7, 8, "", false}, {"ES", "34", 9, 9, "", false}, {"PT", "351", 9, 9, "", false}, {"FR", "33", 9, 9, "0", true},
	{"NL", "31", 9, 9, "0", true}, {"BE", "32", 8, 9, "0", true}, {"CH", "41", 9, 9, "0", true}, {"AT", "43", 7, 13, "0", true},
	{"CZ", "420", 9, 9, "", false}, {"SK", "421", 9, 9, "0", true}, {"HU", "36", 8, 9, "06", true}, {"BG", "359", 8, 9, "0", true},
	{"GR", "30", 10, 10, "", false}, {"TR", "90", 10, 10, "0", false}, {"TH", "66", 8, 9, "0", true}, {"US", "1", 10, 10, "1", false},
}

func planOf(region string) *plan {
	for i := range plans {
		if plans[i].region == region {
			return &plans[i]
		}
	}
	return nil
}

// planAt is the plan whose country code the digits begin with.
func planAt(digits string) *plan {
	for i := range plans {
		if strings.HasPrefix(digits, plans[i].code) {
			return &plans[i]
		}
	}
	return nil
}

// international reads digits that begin with a country code; the trunk's nought in brackets behind it is left out: +46 (0)70.
func (r *reader) international(digits string) string {
	if p := planAt(digits); p != nil {
		n := digits[len(p.code):]
		if len(n) > p.most || len(n) > p.least && p.trunk == "0" && n[0] == '0' {
			n = strings.TrimPrefix(n, "0")
		}
		return r.valid(p, n)
	}
	if len(digits) < leastDigits || digits[0] == '0' {
		return ""
	}
	return r.ask("+"+digits, "")
}

// national reads digits as written inside the region.
func (r *reader) national(digits, region string) string {
	p := planOf(region)
	if p == nil {
		if len(digits) < leastDigits || len(digits) > 12 || region == "" {
			return ""
		}
		return r.ask(digits, region)
	}
	n := digits
	switch {
	case p.trunk != "" && strings.HasPrefix(n, p.trunk) && len(n)-len(p.trunk) >= p.least:
		n = n[len(p.trunk):]
	case region == "LT" && len(n) == 9 && n[0] == '0': // since 2024 beside 8
		n = n[1:]
	case p.needed:
		return ""
	}
	return r.valid(p, n)
}

// valid asks the library about a number of a known country.
func (r *reader) valid(p *plan, n string) string {
	if len(n) < p.least || len(n) > p.most || n[0] == '0' || n[0] == '1' && p.code == "47" || r.tries <= 0 {
		return ""
	}
	code, value := int32(0), uint64(0)
	for i := range len(p.code) {
		code = code*10 + int32(p.code[i]-'0')
	}
	for i := range len(n) {
		value = value*10 + uint64(n[i]-'0')
	}
	if !phonenumbers.IsValidNumber(&phonenumbers.PhoneNumber{CountryCode: &code, NationalNumber: &value}) {
		r.tries -= asking
		return ""
	}
	return "+" + p.code + n
}

func (r *reader) ask(s, region string) string {
	if r.tries <= 0 {
		return ""
	}
	e164, ok := Parse(s, region)
	if !ok {
		r.tries -= asking
	}
	return e164
}

// countryWords are beginnings of countries' names and adjectives in the ads' languages, folded.
var countryWords = func() map[string]string {
	m := map[string]string{}
	for region, words := range map[string]string{
		"NO": "norge noreg norsk norway norwegian norwegia norvegia norvegija noruega норвегия норвегія",
		"SE": "sverige svensk sweden swedish szwecja suedia svedija suecia швеция швеція",
		"DK": "danmark dansk denmark danish dania danemarca danija dinamarca дания данія",
		"FI": "finland finsk finnish finlandia suomi финляндия", "DE": "tyskland tysk germany german niemcy germania vokietija alemania германия німеччина deutschland",
		"GB": "england engelsk britisk uk britain anglia англия",
		"PL": "polen polsk poland polish polska polonia lenkija польша польща", "RO": "romania rumensk rumania romanian rumunia rumunija румыния румунія",
		"RU": "russland russisk russia russian rosja rusia rusija россия росія", "UA": "ukraina ukrainsk ukraine ukrainian ucraina ucrania украина україна",
		"LT": "litauen litauisk lithuania lithuanian litwa lituania lietuva литва", "LV": "latvia latvisk lettland latvija", "EE": "estland estisk estonia eesti",
		"ES": "spania spansk spain spanish hiszpania spaniola ispanija espana испания іспанія", "NL": "nederland nederlandsk netherlands", "FR": "frankrike fransk france",
	} {
		for _, w := range strings.Fields(words) {
			m[folded(w)] = region
		}
	}
	return m
}()

// countryBefore is the region of a country named, or shown by its flag, right before token i: Polen: 512 345 678.
func (r *reader) countryBefore(i int) string {
	d := r.doc
	start := d.Tokens[i].Start
	if region := flagBefore(d.Text, int(start)); region != "" {
		return region
	}
	for k := i - 1; k >= 0 && k >= i-2 && start-d.Tokens[k].End <= mostPlain; k-- {
		w := d.Word(k)
		if region, ok := countryWords[w]; ok {
			return region
		}
		if w != "nr" && w != "nummer" && w != "number" && w != "numer" && w != "tlf" && w != "tel" {
			return ""
		}
		start = d.Tokens[k].Start
	}
	return ""
}

// flagBefore is the region of a flag that stands right before i: 🇵🇱.
func flagBefore(s string, i int) string {
	s = strings.TrimRight(s[max(0, i-12):i], " :-(+")
	b, n := utf8.DecodeLastRuneInString(s)
	a, _ := utf8.DecodeLastRuneInString(s[:len(s)-n])
	if a < 0x1F1E6 || a > 0x1F1FF || b < 0x1F1E6 || b > 0x1F1FF {
		return ""
	}
	return string([]byte{byte('A' + a - 0x1F1E6), byte('A' + b - 0x1F1E6)})
}
