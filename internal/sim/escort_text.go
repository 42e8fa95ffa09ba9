package sim

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
)

// languages are those that escort ads are written in, with their weight among independents.
var languages = []struct {
	code   string
	weight int
}{{"nb", 56}, {"en", 24}, {"nn", 4}, {"sv", 5}, {"es", 4}, {"pl", 4}, {"de", 3}}

func language(r *rand.Rand) string {
	weights := make([]int, len(languages))
	for i, l := range languages {
		weights[i] = l.weight
	}
	return languages[weighted(r, weights...)].code
}

// ownText writes the k-th text of a controller as somebody who writes for herself: sentences with open slots, the same whenever
// they are asked for.
func (w *World) ownText(lang string, c, k int) []string {
	r := stream(w.cfg.Seed, forText, c, k)
	g := w.words.grammars[lang+"_escort"]
	var middle []string
	for _, part := range []struct {
		section  string
		low, top int
	}{{"self", 1, 3}, {"offer", 1, 3}, {"place", 1, 3}, {"hours", 1, 2}, {"screening", 0, 2}, {"practical", 0, 3}, {"contact", 1, 2}} {
		middle = append(middle, g.draw(r, part.section, between(r, part.low, part.top))...)
	}
	r.Shuffle(len(middle), func(i, j int) { middle[i], middle[j] = middle[j], middle[i] })
	text := append(g.draw(r, "opening", 1), middle[:min(len(middle), between(r, 7, 9))]...)
	if chance(r, 0.7) {
		text = append(text, g.draw(r, "closing", 1)...)
	}
	return text
}

// houseText writes the k-th house text of a ring: partly in the voice of a house, partly in sentences that sound like anybody's.
func (w *World) houseText(lang string, c, k int) []string {
	r := stream(w.cfg.Seed, forText, c, k)
	house, plain := w.words.grammars[lang+"_house"], w.words.grammars[lang+"_escort"]
	text := append(house.draw(r, "opening", 1), house.draw(r, "voice", between(r, 1, 2))...)
	var middle []string
	if chance(r, 0.6) {
		middle = append(middle, house.draw(r, "extra", 1)...)
	}
	if chance(r, 0.6) {
		middle = append(middle, house.draw(r, "assurance", 1)...)
	}
	middle = append(middle, house.draw(r, "place", 1)...)
	for _, section := range []string{"offer", "place", "practical", "hours"} {
		middle = append(middle, plain.draw(r, section, 1)...)
	}
	r.Shuffle(len(middle), func(i, j int) { middle[i], middle[j] = middle[j], middle[i] })
	text = append(text, middle...)
	if chance(r, 0.5) {
		text = append(text, house.draw(r, "hours", 1)...)
	}
	return append(append(text, house.draw(r, "contact", 1)...), house.draw(r, "closing", 1)...)
}

// title draws a title; tries asks for another one of the same text.
func (w *World) title(lang, section string, c, k, try int) string {
	r := stream(w.cfg.Seed, forText, c, k, try+1)
	return w.words.grammars[lang].draw(r, section, 1)[0]
}

// vary replaces one sentence inside a text by another of the same language, as somebody does who edits an ad.
func (w *World) vary(text []string, lang string, r *rand.Rand) []string {
	out := append([]string(nil), text...)
	section := pick(r, []string{"self", "offer", "hours"})
	out[between(r, 1, len(out)-2)] = w.words.grammars[lang+"_escort"].draw(r, section, 1)[0]
	return out
}

// priceTable writes prices the ways people do (safeguards 4.4).
func priceTable(style, hour int, lang string) string {
	half := (hour*6/10 + 50) / 100 * 100
	hourWord, halfWord := "time", "30 min"
	switch lang {
	case "en":
		hourWord, halfWord = "hour", "30 minutes"
	case "sv":
		hourWord = "timme"
	case "de":
		hourWord = "Stunde"
	case "es":
		hourWord = "hora"
	case "pl":
		hourWord = "godzina"
	}
	switch style % 4 {
	case 0:
		return fmt.Sprintf("%s %d / 1 %s %d.", halfWord, half, hourWord, hour)
	case 1:
		return fmt.Sprintf("%s kr %s, 1 %s kr %s.", halfWord, grouped(half, " "), hourWord, grouped(hour, " "))
	case 2:
		return fmt.Sprintf("1 %s %d,-", hourWord, hour)
	}
	return fmt.Sprintf("%d NOK / %s.", hour, hourWord)
}

// grouped writes thousands apart.
func grouped(n int, sep string) string {
	s := strconv.Itoa(n)
	if len(s) < 4 {
		return s
	}
	return s[:len(s)-3] + sep + s[len(s)-3:]
}

// callMe is how a text names the phone outside a template.
func callMe(lang, phone string) string {
	words := map[string]string{"nb": "Tlf", "nn": "Tlf", "sv": "Tel", "en": "Phone", "es": "Teléfono", "pl": "Telefon", "de": "Telefon"}
	return words[lang] + ": " + phone
}

// values are what every escort text may have in its slots.
func values(p *persona, city, phone string) map[string]string {
	return map[string]string{"name": p.name, "age": strconv.Itoa(p.age), "city": city, "phone": phone}
}

// paragraph puts a text and its additions together, each addition on its own line.
func paragraph(text []string, v map[string]string, more ...string) string {
	out := []string{join(text, v)}
	for _, m := range more {
		if m != "" {
			out = append(out, m)
		}
	}
	return strings.Join(out, "\n")
}
