package adapter

import (
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// The words around ages in the languages of ads.
const (
	yearsOld = `år|år gammel|år gammal|years?|yrs?|y\.?\s?o|lata|lat|l|ani|an|года|год|лет|років|роки|рік|р|metai|metų|metu|m|años|anos|jahre?|j`
	ageLabel = `alder|age|ålder|wiek|vârst[ăa]|varsta|возраст|вік|amžius|edad|alter`
)

var (
	ageBare     = regexp.MustCompile(`^\d{1,3}$`)
	ageCounted  = regexp.MustCompile(`(?:^|[^\d.,+-])(\d{1,3})\s?-?(?:` + yearsOld + `)(?:[^\pL\d]|$)`)
	ageLabelled = regexp.MustCompile(`(?:^|[^\pL])(?:` + ageLabel + `)\s*[:=–-]?\s*(\d{1,3})(?:[^\d+]|$)`)
	ageRange    = regexp.MustCompile(`\d\s?(?:-|–|—|til|till|to|do|до|bis|/|\+)\s?(?:\d{1,3}|$)`)
)

// longestShort bounds in bytes how much of a value is searched for an age or a place.
const longestShort = 500

// age reads how old somebody is: "23", "23 år", "Age: 23", "23 l.". Several ages are nobody's.
func age(value string) (int, error) {
	text := strings.ToLower(norm.NFC.String(strings.TrimSpace(value[:min(len(value), longestShort)])))
	for _, re := range []*regexp.Regexp{ageBare, ageLabelled, ageCounted} {
		m := re.FindAllStringSubmatch(text, 3)
		if len(m) == 0 || re != ageBare && ageRange.MatchString(text) {
			continue
		}
		digits := m[0][len(m[0])-1]
		n, err := strconv.Atoi(digits)
		if err != nil || n < 1 || n > oldest || len(m) > 1 && m[1][len(m[1])-1] != digits {
			break
		}
		return n, nil
	}
	return 0, fmt.Errorf("%q is no age", short(value))
}

// oldest is the greatest age that anybody reached, 122, and some years more.
const oldest = 130

var (
	phoneLabel = regexp.MustCompile(`(?i)^(?:(?:mob(?:il(?:nr|telefon)?|ile|telefon)?|tel(?:efon(?:nummer|as|o|u)?|efonas|éfono|ephone|f)?|tlf|tfn|phone|call|ring|ring til|ringe|kontakt|nr|nummer|number|numer|` +
		`whats\s?app|viber|telegram|signal|sms|kom(?:órkowy)?|тел(?:ефон)?|моб|номер|móvil|handy)\s*(?:nr|no|numer|nummer|number)?\s*[.:/#–-]*\s*)+`)
	phoneParts = regexp.MustCompile(`\s*(?:[/|;•\n]|,\s|\s(?:eller|or|och|og|and|oder|lub|sau|или|або|arba|o)\s)\s*`)
	phoneTail  = regexp.MustCompile(`(?i)\s*\(?(?:whats\s?app|viber|telegram|signal|sms|imessage|only|kun|mob(?:il)?)\)?\s*$`)
)

var dialled = regexp.MustCompile(`^\+?\d[\d ]{5,20}$`)

// leastDigits is how many digits a phone has at least, as it is written.
const leastDigits = 3

// phones are the numbers of a value, as they are written, without what stands around them: "Tlf: 900 00 001 / 900 00 002". A value with
// fewer digits is kept as it is, for others to make out ("9OO OO OO1"), and named. One without any, as that of a button that shows the
// number, is only named.
func phones(values []string) (out []string, err error) {
	for _, v := range values {
		if dialled.MatchString(v) { // most are nothing but a number
			out = add(out, strings.TrimSpace(v))
			continue
		}
		found := 0
		for _, p := range phoneParts.Split(linked(v), mostValues) {
			p = phoneLabel.ReplaceAllString(strings.TrimSpace(p), "")
			p = strings.Trim(phoneTail.ReplaceAllString(p, ""), " \t\n.,;:")
			if digits(p) >= leastDigits {
				out, found = add(out, strings.TrimSpace(clip(p, longestEntry))), found+1
			}
		}
		if found > 0 {
			continue
		}
		if digits(v) > 0 {
			out = add(out, strings.TrimSpace(clip(strings.TrimSpace(v), longestEntry)))
		}
		if err == nil {
			err = fmt.Errorf("%q is no phone", short(v))
		}
	}
	return out, err
}

// linked takes the number out of an address that dials it.
func linked(v string) string {
	v = strings.TrimSpace(v)
	lower := strings.ToLower(v)
	for _, scheme := range []string{"tel:", "callto:", "sms:", "https://wa.me/", "http://wa.me/", "https://api.whatsapp.com/send?phone=", "whatsapp://send?phone=", "viber://chat?number="} {
		if strings.HasPrefix(lower, scheme) {
			v, _, _ = strings.Cut(v[len(scheme):], "&")
			if (strings.Contains(scheme, "wa.me") || strings.Contains(scheme, "whatsapp")) && v != "" && v[0] >= '1' && v[0] <= '9' {
				v = "+" + v // as these addresses have it
			}
			v, _, _ = strings.Cut(v, "?")
			if plain, err := url.PathUnescape(v); err == nil {
				v = strings.ToValidUTF8(plain, "")
			}
			return strings.TrimPrefix(v, "//")
		}
	}
	return v
}

func digits(s string) (n int) {
	for _, r := range s {
		if unicode.IsDigit(r) || unicode.Is(unicode.No, r) {
			n++
		}
	}
	return n
}

var (
	placeLabel = regexp.MustCompile(`(?i)^(?:sted|stad|poststed|område|adresse|adress|by|location|place|city|town|area|address|ort|plats|miasto|lokalizacja|miejscowość|adres|oraș|oras|localitate|` +
		`locație|adresa|город|место|адрес|місто|адреса|miestas|vieta|adresas|ciudad|lugar|ubicación|dirección|stadt|wohnort)\s*[:–-]\s*`)
	// postcode is a postal code before a place, as countries write them: 5003, 111 22, 12345, 00-950, LT-01101, DK-2100.
	postcode = regexp.MustCompile(`(?:^|[\s,])(?:[A-Z]{1,2}-)?(?:\d{2}-\d{3}|\d{3} \d{2}|\d{4,6})\s+(\pL[\pL\pM .'’/-]*?)\s*(?:$|[,;(\n])`)
)

// place reads where an ad is: the town where there is a postal code before it, otherwise the first line, without what it is called.
func place(value string) (string, error) {
	value = strings.ToValidUTF8(value[:min(len(value), longestShort)], "")
	if m := postcode.FindStringSubmatch(value); m != nil {
		return m[1], nil
	}
	for line := range strings.Lines(value) {
		line = strings.Trim(placeLabel.ReplaceAllString(strings.TrimSpace(line), ""), " \t\n\r,;:")
		if strings.IndexFunc(line, unicode.IsLetter) >= 0 {
			return line, nil
		}
	}
	return "", fmt.Errorf("%q is no place", short(value))
}
