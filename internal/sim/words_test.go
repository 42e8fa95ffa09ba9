package sim

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestEveryPhraseOfTheWordFiles draws each sentence often enough to pass each of its choices, and fills it.
func TestEveryPhraseOfTheWordFiles(t *testing.T) {
	values := map[string]string{}
	for _, slot := range strings.Fields("name age city phone hub friend house employer role duty1 duty2 duty3 pay mail contact org address high low fee handle price domain code") {
		values[slot] = "X"
	}
	w := readWords()
	if len(w.grammars) < 15 || len(w.roles) < 15 {
		t.Fatalf("%d word files, %d roles", len(w.grammars), len(w.roles))
	}
	for name, g := range w.grammars {
		r := stream(1, forText, len(name))
		for kind, sections := range map[string]map[string][]phrase{"section": g.sections, "list": g.lists} {
			for section, phrases := range sections {
				for _, p := range phrases {
					for range 40 {
						if s := fill(g.expand(r, p), values); strings.TrimSpace(s) == "" || strings.ContainsAny(s, "{}|[]<>") {
							t.Errorf("%s, %s %s: %q", name, kind, section, s)
						}
					}
				}
			}
		}
	}
	for _, ro := range w.roles {
		if ro.low < 160 || ro.high < ro.low || len(ro.dutiesNB) < 3 || len(ro.dutiesEN) < 3 {
			t.Errorf("role %+v", ro)
		}
	}
}

func TestNumbersOfAWorldAreAllDifferent(t *testing.T) {
	for _, s := range []series{mobileNO, mobileSE, mobileRO, fixedNO} {
		seen := map[string]bool{}
		for n := range 50_000 {
			e164 := s.at(3, n).E164()
			if seen[e164] {
				t.Fatalf("%s comes twice", e164)
			}
			seen[e164] = true
		}
	}
}

// TestPhonesOfALargeWorldAreNobodyElses: where not every controller can have as many numbers as there are names for, each has those that it uses.
func TestPhonesOfALargeWorldAreNobodyElses(t *testing.T) {
	w := &World{cfg: Config{Ads: mostAds + 1}}
	for range 2000 {
		for _, s := range shares() {
			w.controllers = append(w.controllers, controller{kind: s.kind})
		}
	}
	w.assignPhones()
	used := map[Kind][]int{Ring: {0, 1, 2, 3, 4, 5, 6, 20, 21, 22, 23, 24, 25, 26, 27, 28}, RecruitingRing: {0, 6, 20, 23, 28}, Agency: {0, 7}, Friends: {0, 1},
		Chain: {0, 1, 14, 15}, Recruiter: {0, 1, 2}}
	seen := map[int]bool{}
	for c, who := range w.controllers {
		for _, k := range append(used[who.kind], used[Independent]...) {
			n := w.phoneIndex(c, k)
			if seen[n] || n >= 7*len(w.controllers) {
				t.Fatalf("number %d of %s %d is the %d-th: taken, or beyond what there is", k, who.kind, c, n)
			}
			seen[n] = true
		}
		if used[who.kind] == nil && seen[w.phoneIndex(c, 0)] {
			t.Fatalf("the number of %s %d is taken", who.kind, c)
		}
		seen[w.phoneIndex(c, 0)] = true
	}
}

func TestObscuredNumbersKeepTheirDigits(t *testing.T) {
	for style := range spellings {
		for _, lang := range []string{"nb", "en", "pl"} {
			n := mobileNO.at(5, style)
			words, ok := digitWords[lang]
			if !ok {
				words = digitWords["en"]
			}
			said := n.obscure(style, lang)
			var back string
			for _, part := range strings.FieldsFunc(said, func(r rune) bool { return r == ' ' || r == '*' }) {
				if i := slices.Index(words[:], part); i >= 0 {
					part = strconv.Itoa(i)
				}
				back += part
			}
			if back != n.national || strings.Contains(said, n.national) {
				t.Errorf("%s in style %d, %s: %q", n.national, style, lang, said)
			}
		}
	}
}

func TestOrganisationNumbersHaveTheirCheckDigit(t *testing.T) {
	r := stream(1, forProfile)
	for range 1000 {
		n := strings.ReplaceAll(orgNumber(r), " ", "")
		sum := 0
		for i, w := range []int{3, 2, 7, 6, 5, 4, 3, 2, 1} {
			sum += int(n[i]-'0') * w
		}
		if len(n) != 9 || n[0] != '9' || sum%11 != 0 {
			t.Fatalf("%s", n)
		}
	}
}

func TestQuotasAddUp(t *testing.T) {
	for ads := 1; ads < 3000; ads += 7 {
		sum := 0
		for _, n := range quotas(ads) {
			sum += n
		}
		if sum != ads {
			t.Fatalf("the quotas of %d ads add up to %d", ads, sum)
		}
	}
}

func TestMistakesInWordFilesPanic(t *testing.T) {
	for name, do := range map[string]func(){
		"open choice":   func() { parseGrammar("x", "= a\n{b|c\n") },
		"open slot":     func() { parseGrammar("x", "= a\n[b\n") },
		"stray bar":     func() { parseGrammar("x", "= a\nb|c\n") },
		"no section":    func() { parseGrammar("x", "b\n") },
		"unknown slot":  func() { fill("[nobody]", nil) },
		"short role":    func() { parseRoles("a|b\n") },
		"unknown list":  func() { g := parseGrammar("x", "= a\n<b>\n"); g.draw(stream(1, forText), "a", 1) },
		"no ads at all": func() { NewWorld(Config{}) },
	} {
		if said := recovered(do); !strings.HasPrefix(said, "sim: ") {
			t.Errorf("%s: %q", name, said)
		}
	}
}

func recovered(do func()) (said string) {
	defer func() { said = fmt.Sprint(recover()) }()
	do()
	return ""
}
