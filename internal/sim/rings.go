package sim

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"varde/internal/ad"
)

// ring is several personas run by others.
type ring struct {
	world      *World
	controller int
	personas   []persona
	phones     []number
	templates  []wording
	gallery    []picture
	hidden     bool
	style      int
	table      bool
	handled    bool // shows one Telegram handle for all
	twists
}

// wording is a house text and its language.
type wording struct {
	lang  string
	house bool
	text  int
}

// ringOf draws a ring: three to seven personas, one to four phones, one or two templates, pictures used across personas.
func (w *World) ringOf(r *rand.Rand, c int) *ring {
	g := &ring{world: w, controller: c, hidden: chance(r, ringHidesPhone), style: r.IntN(spellings), table: chance(r, 0.4),
		handled: chance(r, handleChance), twists: w.twistsOf(c)}
	names := map[string]bool{}
	for k := range between(r, 3, 7) {
		p := w.persona(r, c, k, 19, 29)
		for names[p.name] {
			p = w.persona(r, c, k, 19, 29)
		}
		names[p.name] = true
		p.pictures = p.pictures[:1]
		g.personas = append(g.personas, p)
	}
	for k := range between(r, 1, 4) {
		g.phones = append(g.phones, w.phone(c, ringPhone+k))
	}
	if chance(r, foreignChance) {
		g.phones[0] = mobileRO.at(w.cfg.Seed, w.phoneIndex(c, 0))
	}
	house, lang := chance(r, houseVoiceChance), pick(r, []string{"nb", "nb", "en"})
	for k := range between(r, 1, 2) {
		g.templates = append(g.templates, wording{lang: lang, house: house, text: k})
	}
	for k := range between(r, 2, 5) {
		g.gallery = append(g.gallery, ownPicture(c, 56+k))
	}
	if g.minor > 0 {
		g.personas[0].age = g.minor
	}
	if g.under {
		g.personas[0].hourly = 100 * (3 + c%3)
	}
	return g
}

// ringProfile makes a ring travel: at each stop two to four personas post on one or both sites within hours of each other. A
// recruiting ring also looks for people in job ads under one of its phones.
func (w *World) ringProfile(r *rand.Rand, c int, recruits bool) *profile {
	g := w.ringOf(r, c)
	p := &profile{}
	at := w.when(r, 0, 0.25)
	if recruits {
		w.ringJobs(r, g, p)
	}
	cities := w.cities(r, between(r, 3, 5))
	var company []int
	for stop, city := range cities {
		if g.address != "" {
			city = cities[0]
		}
		here := some(r, indexes(len(g.personas)), between(r, 2, 4))
		if g.company && g.address == "" {
			if company == nil {
				company = here
			}
			here = company
		}
		for n, who := range here {
			on := escortSites[:1]
			if chance(r, 0.4) {
				on = escortSites
			} else if chance(r, 0.5) {
				on = escortSites[1:]
			}
			for m, site := range on {
				d := ringDraft{ring: g, who: who, city: city, site: site, phone: g.phones[(who+stop/2)%len(g.phones)],
					template: (n + m) % len(g.templates), varied: chance(r, 0.15), seed: len(p.drafts), stop: stop}
				if g.churns {
					d.phone = w.phone(c, ringPhone+4+stop)
				}
				d.at = g.postedAt(at+time.Duration(r.IntN(300))*time.Minute, d.seed)
				p.drafts = append(p.drafts, draft{at: d.at, site: site, traits: d.traits(), write: d.page})
			}
		}
		at += time.Duration(between(r, 8, 14)) * day / 2
	}
	w.clamp(p)
	return p
}

// postedAt is when a draft is posted that is wanted at a time: a machine keeps its minute and works at night too.
func (g *ring) postedAt(at time.Duration, seed int) time.Duration {
	if g.minute < 0 {
		return at
	}
	return at.Truncate(day) + time.Duration(seed*7%24)*time.Hour + time.Duration(g.minute)*time.Minute
}

func indexes(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// ringDraft is one ad of a ring.
type ringDraft struct {
	ring     *ring
	who      int
	city     string
	site     site
	phone    number
	template int
	varied   bool
	seed     int
	stop     int
	at       time.Duration
}

func (d ringDraft) traits() []Trait {
	var out []Trait
	if d.ring.templates[d.template].house {
		out = append(out, HouseVoice)
	}
	if d.ring.hidden {
		out = append(out, ObscuredPhone)
	}
	if d.varied {
		out = append(out, Varied)
	}
	g := d.ring
	for trait, has := range map[Trait]bool{Company: g.company && g.address == "", Housed: g.address != "", Churn: g.churns, Altered: g.alters,
		Clockwork: g.minute >= 0, Underpriced: g.under, OtherAge: g.aging && d.stop%2 == 1, StatedMinor: g.minor > 0 && d.who == 0} {
		if has {
			out = append(out, trait)
		}
	}
	if t, robs := g.world.thefts[g.controller]; robs && d.at >= t.from {
		out = append(out, Pastes)
	}
	slices.Sort(out)
	return out
}

// page writes one ad of a ring from its template.
func (d ringDraft) page(serial int) page {
	g, w := d.ring, d.ring.world
	who, t := g.personas[d.who], g.templates[d.template]
	r := stream(w.cfg.Seed, forVariant, g.controller, d.seed)
	var text []string
	words := t.lang + "_escort"
	if t.house {
		text, words = w.houseText(t.lang, g.controller, t.text), t.lang+"_house"
	} else {
		text = w.ownText(t.lang, g.controller, t.text)
	}
	if d.varied {
		text = w.vary(text, t.lang, r)
	}
	if g.aging && d.stop%2 == 1 && !(g.minor > 0 && d.who == 0) {
		who.age += 4 + d.who%3
	}
	phone := d.phone
	shown := phone.spell(g.style)
	p := page{city: d.city, advertiser: who.account, age: who.age, price: hourly(g.personas[0].hourly), phone: shown}
	said := shown
	if g.hidden {
		said, p.phone = phone.obscure(g.style, t.lang), ""
	}
	v := values(&who, d.city, said)
	p.text = join(text, v)
	if !t.house && (g.hidden || d.site == fjordkontakt && g.style%2 == 0) {
		p.text += "\n" + callMe(t.lang, said)
		p.phone = ""
	}
	if t, robs := w.thefts[g.controller]; robs && d.at >= t.from {
		p = w.paste(t, p, &who, d.city, said)
	}
	if g.address != "" {
		p.text += "\n" + g.address + ", " + d.city
	}
	if g.table {
		p.text += "\n" + priceTable(g.style, g.personas[0].hourly, t.lang)
	}
	if g.handled {
		p.handle = handle(g.personas[0].name, g.controller)
	}
	p.title = fill(w.title(words, "title", g.controller, d.seed, 0), v)
	p.pictures = dress(append([]picture{pick(r, g.gallery)}, who.pictures...), serial)
	if g.alters {
		p.pictures[0].turn = turn(serial % int(turns))
	}
	return p
}

// ringJobs are the job ads of a recruiting ring.
func (w *World) ringJobs(r *rand.Rand, g *ring, p *profile) {
	names := w.words.grammars["names"]
	covers := []string{names.word(r, "cover"), names.word(r, "cover")}
	var text []string
	extra := map[string]int{"more": 1}
	for _, section := range []string{"intro", "money", "travel", "more", "papers", "contact"} {
		text = append(text, w.words.grammars["en_mixed"].draw(r, section, 1+extra[section])...)
	}
	title := w.words.grammars["en_mixed"].draw(r, "title", 1)[0]
	high := 500 * between(r, 12, 36)
	for i, city := range w.cities(r, between(r, 3, 6)) {
		cover, on := covers[i%2], pick(r, []site{jobbtorget, jobbtorget, smaajobb})
		p.drafts = append(p.drafts, draft{at: w.when(r, 0, 1), site: on, write: func(serial int) page {
			phone := g.phones[i%len(g.phones)].spell(g.style)
			v := map[string]string{"city": city, "employer": cover, "phone": phone, "handle": handle(cover, g.controller), "high": grouped(high, " ")}
			return page{title: fill(title, v), text: join(text, v), city: city, advertiser: cover, phone: phone,
				price: ad.Price{Amount: float64(high), Currency: "EUR", Per: "month"}, pictures: dress(g.gallery[:1], serial)}
		}})
	}
}

// handle is a made-up messenger account.
func handle(name string, n int) string {
	return fmt.Sprintf("@%s_%d", strings.ReplaceAll(strings.ToLower(name), " ", "_"), 70000+n)
}
