package sim

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// phonesPerController is how many numbers are set aside for each controller.
const phonesPerController = 32

// ringPhone is the first of the numbers that a ring uses; those before it are its personas' and unused.
const ringPhone = 20

// mostAds is the size up to which a world sets phonesPerController numbers aside for each controller: a larger one would need more than there are.
const mostAds = 1_000_000

// needed is how many different numbers a controller of a kind uses at most; those of larger worlds get no more.
func (k Kind) needed() int {
	switch k {
	case Ring, RecruitingRing, Chain:
		return 16
	case Agency:
		return 8
	case Friends:
		return 2
	case Recruiter:
		return 3
	}
	return 1
}

// assignPhones sets numbers aside in a large world, when all controllers are known.
func (w *World) assignPhones() {
	if w.cfg.Ads <= mostAds {
		return
	}
	w.phones = make([]int32, len(w.controllers))
	next := 0
	for c, who := range w.controllers {
		w.phones[c] = int32(next)
		next += who.kind.needed()
	}
}

// phoneIndex is which number of a series the k-th of a controller is.
func (w *World) phoneIndex(c, k int) int {
	k %= phonesPerController
	if w.phones == nil {
		return c*phonesPerController + k
	}
	kind := w.controllers[c].kind
	if (kind == Ring || kind == RecruitingRing) && k >= ringPhone {
		k -= ringPhone - 7 // the personas are seven at most
	}
	return int(w.phones[c]) + k%kind.needed()
}

// number is a made-up phone number: country code and national number.
type number struct {
	code     string
	national string
}

// E164 is the number's international form.
func (n number) E164() string { return "+" + n.code + n.national }

// series are the mobile series of a country's plan, and how many digits follow them.
type series struct {
	code   string
	starts []string
	digits int
}

// The series are those that phonenumbers and Nkom's plan call mobile; fixed are the hubs'.
var (
	mobileNO = series{"47", []string{"40", "41", "45", "46", "47", "48", "90", "91", "92", "93", "94", "95", "96", "97", "98", "99"}, 6}
	mobileSE = series{"46", []string{"70", "72", "73", "76"}, 7}
	mobileRO = series{"40", []string{"72", "73", "74", "75", "76"}, 7}
	fixedNO  = series{"47", []string{"22", "55", "73", "51"}, 6}
)

// at returns the n-th number of the series in a world. Different n give different numbers.
func (s series) at(seed int64, n int) number {
	per := 1
	for range s.digits {
		per *= 10
	}
	all := uint64(per * len(s.starts))
	r := stream(seed, forPhones, len(s.starts), s.digits)
	b := r.Uint64N(all)
	const a = 7368787 // prime and no divisor of any count of numbers, so that n -> a·n+b runs through all of them
	k := int((a*uint64(n) + b) % all)
	return number{s.code, fmt.Sprintf("%s%0*d", s.starts[k/per], s.digits, k%per)}
}

// spellings are the ways in which people write a Norwegian number (safeguards 4.3).
const spellings = 6

// spell writes the number in one of the ordinary ways.
func (n number) spell(style int) string {
	d := n.national
	if n.code != "47" {
		return "+" + n.code + " " + d[:2] + " " + d[2:5] + " " + d[5:]
	}
	switch style % spellings {
	case 0:
		return d[:3] + " " + d[3:5] + " " + d[5:]
	case 1:
		return d[:2] + " " + d[2:4] + " " + d[4:6] + " " + d[6:]
	case 2:
		return "+47 " + d[:3] + " " + d[3:5] + " " + d[5:]
	case 3:
		return "+47" + d
	case 4:
		return "0047 " + d
	}
	return d
}

var digitWords = map[string][10]string{
	"nb": {"null", "en", "to", "tre", "fire", "fem", "seks", "sju", "åtte", "ni"},
	"en": {"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"},
}

// obscure writes the number so that a search for it fails: as words, with signs between the digits, or mixed.
func (n number) obscure(style int, lang string) string {
	words, ok := digitWords[lang]
	if !ok {
		words = digitWords["en"]
	}
	parts := make([]string, len(n.national))
	for i, d := range n.national {
		parts[i] = string(d)
		if style%3 == 0 || style%3 == 1 && i%3 == 1 {
			parts[i] = words[d-'0']
		}
	}
	if style%3 == 2 {
		return strings.Join(parts, "*")
	}
	return strings.Join(parts, " ")
}

// orgNumber makes an invented organisation number: nine digits beginning with 9, the last a correct modulo-11 check digit.
func orgNumber(r *rand.Rand) string {
	weights := [8]int{3, 2, 7, 6, 5, 4, 3, 2}
	for {
		n := fmt.Sprintf("9%07d", r.IntN(10_000_000))
		sum := 0
		for i, w := range weights {
			sum += int(n[i]-'0') * w
		}
		if check := (11 - sum%11) % 11; check < 10 {
			return fmt.Sprintf("%s %s %s%d", n[:3], n[3:6], n[6:], check)
		}
	}
}
