package sim

import (
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

const day = 24 * time.Hour

// escortSites are where escort ads stand.
var escortSites = []site{nordmarked, fjordkontakt}

// solo is one person who advertises for herself or himself, alone or beside others.
type solo struct {
	persona
	world      *World
	controller int
	text       int // the number of the text
	lang       string
	style      int // how phone and prices are written
	hidden     bool
	table      bool
	handled    bool
	hub, stock int // -1 where there is none
	copied     int // controller copied from, -1
	sure       bool
	extra      string // said by friends and agencies
	habits     habits
	shared     []picture
}

// soloOf draws the habits of one person.
func (w *World) soloOf(r *rand.Rand, c, k int) solo {
	s := solo{persona: w.persona(r, c, k, 19, 52), world: w, controller: c, text: k, lang: language(r), style: r.IntN(spellings), hub: -1, stock: -1, copied: -1}
	if chance(r, 0.12) && (s.lang == "nb" || s.lang == "en") {
		s.man, s.name = true, w.words.grammars["names"].word(r, "man")
		s.account = s.name
	}
	if chance(r, foreignChance) {
		foreign := pick(r, []series{mobileSE, mobileRO})
		s.phone = foreign.at(w.cfg.Seed, w.phoneIndex(c, k))
	}
	s.hidden, s.table, s.sure, s.handled = chance(r, obscuredChance), chance(r, 0.3), chance(r, assuranceChance), chance(r, handleChance)
	if n := r.IntN(1 << 20); chance(r, hubChance) && s.bilingual() {
		s.hub = n
	}
	if n := r.IntN(1 << 20); chance(r, stockChance) {
		s.stock = n
	}
	if n := r.IntN(1 << 20); chance(r, copyChance) && s.bilingual() {
		s.copied = n
	}
	return s
}

// traits lists what is special about all ads of a solo.
func (s *solo) traits(more ...Trait) []Trait {
	out := append([]Trait(nil), more...)
	if s.hub >= 0 {
		out = append(out, HubPhone)
	}
	if s.stock >= 0 {
		out = append(out, StockPicture)
	}
	if s.copied >= 0 {
		out = append(out, CopiedPhrases)
	}
	if s.hidden {
		out = append(out, ObscuredPhone)
	}
	return out
}

// bilingual says whether the language has the lists of additions.
func (s *solo) bilingual() bool { return s.lang == "nb" || s.lang == "en" }

// addition draws a sentence of one of the lists of additions in the solo's language, or in bokmål.
func (s *solo) addition(r *rand.Rand, list string) string {
	lang := "nb"
	if s.bilingual() {
		lang = s.lang
	}
	return s.world.words.grammars[lang+"_escort"].word(r, list)
}

// page writes one ad of a solo. try picks another title; edited replaces a sentence.
func (s *solo) page(serial int, on site, city string, try int, edited bool) page {
	w := s.world
	r := stream(w.cfg.Seed, forVariant, s.controller, s.text, try)
	text := w.ownText(s.lang, s.controller, s.text)
	if s.copied >= 0 {
		text = s.copyFrom(text)
	}
	if edited {
		text = w.vary(text, s.lang, r)
	}
	phone := s.phone.spell(s.style)
	v := values(&s.persona, city, phone)
	var more []string
	if s.extra != "" {
		more = append(more, fill(s.extra, v))
	}
	if s.sure && s.bilingual() {
		more = append(more, s.addition(stream(w.cfg.Seed, forText, s.controller, s.text, 1), "assurance"))
	}
	if s.hub >= 0 {
		v["hub"] = w.hubPhone(s.hub)
		more = append(more, fill(s.addition(stream(w.cfg.Seed, forText, s.controller, s.text, 2), "hub"), v))
	}
	if s.table {
		more = append(more, priceTable(s.style, s.hourly, s.lang))
	}
	p := page{city: city, advertiser: s.account, age: s.age, price: hourly(s.hourly), phone: phone}
	switch {
	case s.hidden:
		p.phone = ""
		more = append(more, callMe(s.lang, s.phone.obscure(s.style, s.lang)))
	case on == fjordkontakt && s.style%2 == 0: // this site lets people leave the field empty, and many do
		p.phone = ""
		more = append(more, callMe(s.lang, phone))
	}
	p.text = paragraph(text, v, more...)
	if s.handled {
		p.handle = handle(s.name, s.controller*phonesPerController+s.text%phonesPerController)
	}
	p.title = fill(w.title(s.lang+"_escort", s.titles(), s.controller, s.text, try), v)
	p.pictures = dress(s.shows(), serial)
	return p
}

// titles is the section of the word file that a solo's titles come from.
func (s *solo) titles() string {
	if s.man {
		return "title_m"
	}
	return "title"
}

// shows are the pictures of a solo's ads.
func (s *solo) shows() []picture {
	pictures := append(append([]picture(nil), s.pictures...), s.shared...)
	if s.stock >= 0 {
		stock := stockPicture(s.stock % s.world.stocks)
		if s.stock%3 == 0 {
			return []picture{stock}
		}
		pictures = append(pictures, stock)
	}
	return pictures
}

// copyFrom replaces the second and third sentence by those of another independent who writes the same language.
func (s *solo) copyFrom(text []string) []string {
	w := s.world
	out := append([]string(nil), text...)
	for i := range 24 {
		other := w.independent[(s.copied+i)%len(w.independent)]
		first := w.soloOf(stream(w.cfg.Seed, forProfile, other), other, 0)
		if first.lang == s.lang && other != s.controller {
			copy(out[1:3], w.ownText(first.lang, other, 0)[1:3])
			break
		}
	}
	return out
}

// independentProfile is one person: with a single ad, on both sites, on tour, or posting again.
func (w *World) independentProfile(r *rand.Rand, c int) *profile {
	s := w.soloOf(r, c, 0)
	s.habits = w.habitsOf(c)
	if s.habits.cheap {
		s.hourly = 100 * between(stream(w.cfg.Seed, forTwist, c, 1), 3, 6)
	}
	p := &profile{}
	add := func(at time.Duration, on site, city string, try int, edited bool, traits ...Trait) {
		one := s
		traits = append(traits, one.later(len(p.drafts))...)
		p.drafts = append(p.drafts, draft{at: at, site: on, traits: one.traits(traits...), write: func(serial int) page {
			return one.page(serial, on, city, try, edited)
		}})
	}
	on := pick(r, escortSites)
	switch weighted(r, 48, 17, 18, 12, 5) {
	case 0:
		add(w.when(r, 0, 1), on, w.city(r), 0, false)
	case 1:
		city, at := w.city(r), w.when(r, 0, 0.9)
		add(at, nordmarked, city, 0, false, BothSites)
		add(at+time.Duration(between(r, 5, 2000))*time.Minute, fjordkontakt, city, 1, true, BothSites)
	case 2:
		at := w.when(r, 0, 0.4)
		for i, city := range w.cities(r, between(r, 3, 5)) {
			add(at, on, city, i, false, OnTour)
			at += time.Duration(between(r, 3, 5))*day/2 + time.Duration(r.IntN(600))*time.Minute
		}
	case 3:
		city, at := w.city(r), w.when(r, 0, 0.5)
		for i := range between(r, 2, 4) {
			add(at, on, city, 0, i > 1, Repost)
			at += time.Duration(between(r, 3, 6)) * day / 2
		}
	case 4: // another text after a while, under the same phone
		city, at := w.city(r), w.when(r, 0, 0.5)
		add(at, on, city, 0, false)
		later := s
		later.text = 1
		p.drafts = append(p.drafts, draft{at: at + 10*day, site: on, traits: later.traits(), write: func(serial int) page {
			return later.page(serial, on, city, 0, false)
		}})
	}
	w.clamp(p)
	return p
}

// later changes what the n-th ad of an independent says, where her habits do, and tells how.
func (s *solo) later(n int) (traits []Trait) {
	if s.habits.cheap {
		traits = append(traits, Underpriced)
	}
	switch {
	case n == 0:
	case s.habits.name != "":
		s.name, s.account = s.habits.name, strings.ToLower(s.habits.name)
		traits = append(traits, OtherName)
	case s.habits.lowerAge > 0:
		s.age = max(s.age-s.habits.lowerAge, 19)
		traits = append(traits, OtherAge)
	}
	return traits
}

// clamp keeps a controller's ads within the world's span.
func (w *World) clamp(p *profile) {
	for i := range p.drafts {
		p.drafts[i].at = min(p.drafts[i].at, w.cfg.Span-time.Minute).Truncate(time.Minute)
	}
}

// friendsProfile are two who share a flat: each has her own text and price, they share a picture of the flat, some share a phone.
func (w *World) friendsProfile(r *rand.Rand, c int) *profile {
	p := &profile{}
	city, at, onePhone := w.city(r), w.when(r, 0, 0.8), chance(r, 0.4)
	a, b := w.soloOf(r, c, 0), w.soloOf(r, c, 1)
	towns := []string{city}
	if twist := stream(w.cfg.Seed, forTwist, c); chance(twist, friendsTour) {
		towns, at = w.cities(twist, 3), at/2
	}
	flat := ownPicture(c, 63)
	for i, pair := range [2][2]*solo{{&a, &b}, {&b, &a}} {
		s := pair[0]
		s.extra = fill(s.addition(r, "friend"), map[string]string{"friend": pair[1].name})
		s.shared = []picture{flat}
		if s.stock%3 == 0 {
			s.stock = -1 // the flat is always shown
		}
		traits := []Trait{}
		if onePhone {
			s.phone, s.hidden = w.phone(c, 0), false
			traits = append(traits, SharedPhone)
		}
		on := escortSites[:between(r, 1, 2)]
		for stop, town := range towns {
			special := traits
			if len(towns) > 1 {
				on, special = escortSites[:1], append(slices.Clone(traits), OnTour)
			}
			for n, site := range on {
				p.drafts = append(p.drafts, draft{at: at + time.Duration(i*37+n*900)*time.Minute + time.Duration(stop)*4*day, site: site, traits: s.traits(special...),
					write: func(serial int) page { return s.page(serial, site, town, n+stop, n > 0) }})
			}
		}
	}
	w.clamp(p)
	return p
}

// alone are words that somebody in an agency would not use of herself.
var alone = []string{"alene", "egen sjef", "byrå", "mellommann", "tjener på meg", "for meg selv", "independent", "selvstendig", "alone", "own boss", "own business", "agency", "middleman",
	"earns on me", "ensam", "egen chef", "egenföretagare", "åleine", "eigen sjef", "for meg sjølv", "sola", "jefa", "independiente", "sama", "szefową",
	"własny rachunek", "allein", "eigener chef", "selbständig"}

// together is the solo with a text that somebody in an agency could write.
func (s solo) together() *solo {
	for {
		text := strings.Join(s.world.ownText(s.lang, s.controller, s.text), " ")
		for try := range 2 { // no more ads than sites
			text += " " + s.world.title(s.lang+"_escort", s.titles(), s.controller, s.text, try)
		}
		text = strings.ToLower(text)
		if !slices.ContainsFunc(alone, func(word string) bool { return strings.Contains(text, word) }) {
			return &s
		}
		s.text += phonesPerController
	}
}

// agencyProfile is an open agency: each person has an own text, all say that the office answers its one phone.
func (w *World) agencyProfile(r *rand.Rand, c int) *profile {
	p := &profile{}
	house := w.words.grammars["names"].word(r, "agency")
	city, at := w.city(r), w.when(r, 0, 0.5)
	for k := range between(r, 4, 8) {
		s := w.soloOf(r, c, k)
		s.phone, s.hidden, s.copied = w.phone(c, 0), false, -1
		s.extra = fill(s.addition(r, "agency"), map[string]string{"house": house})
		for n, on := range escortSites[:between(r, 1, 2)] {
			p.drafts = append(p.drafts, draft{at: at + time.Duration(r.IntN(18*24*60))*time.Minute, site: on, traits: s.traits(),
				write: func(serial int) page { return s.together().page(serial, on, city, n, n > 0) }})
		}
	}
	w.clamp(p)
	return p
}
