package sim

// standardChance is the share of a site's ads under which its first standard text stands; each further one stands under a part of these.
const (
	standardChance = 0.85
	furtherChance  = 0.40
)

// standard puts under a text what its site puts under the ads of others. Not every site does.
func (w *World) standard(on site, number int, text string) string {
	if !w.cfg.Boilerplate {
		return text
	}
	r := stream(w.cfg.Seed, forStandard, int(on), number)
	for n, p := range w.words.grammars["standard"].sections[on.name()] {
		if n == 0 && !chance(r, standardChance) || n > 0 && !chance(r, furtherChance) {
			break
		}
		text += "\n" + w.words.grammars["standard"].expand(r, p)
	}
	return text
}
