package sim

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"varde/internal/ad"
)

// firm is an honest employer.
type firm struct {
	world      *World
	controller int
	name       string
	org        string
	mail       string
	address    string
	contact    string
	phone      number
	style      int
	hub        int
	logo       picture
}

// firmOf draws an employer. Its mail domain is its name under .example.
func (w *World) firmOf(r *rand.Rand, c int) firm {
	names := w.words.grammars["names"]
	front, back := names.word(r, "front"), names.word(r, "back")
	f := firm{world: w, controller: c, name: front + " " + back + " AS", org: orgNumber(r), contact: names.word(r, "person"), phone: w.phone(c, 0),
		style: r.IntN(spellings), hub: -1, logo: ownPicture(c, 0)}
	f.mail = fmt.Sprintf("%s@%s%d.example", pick(r, []string{"jobb", "post", "personal", "hr"}), latin(front+back), c)
	street := names.word(r, "street")
	if chance(r, 0.4) {
		street = names.word(r, "street2") + " " + street
	}
	f.address = fmt.Sprintf("%s %d", street, between(r, 1, 98))
	if n := r.IntN(1 << 20); chance(r, hubChance/2) {
		f.hub = n
	}
	return f
}

// latin spells a name as it stands in a domain.
func latin(s string) string {
	return strings.NewReplacer("æ", "ae", "ø", "o", "å", "a", " ", "").Replace(strings.ToLower(s))
}

// jobLanguage draws the language of a job ad.
func jobLanguage(r *rand.Rand) string { return []string{"nb", "en", "pl"}[weighted(r, 72, 22, 6)] }

// jobText writes the k-th job text of an employer, with open slots.
func (w *World) jobText(lang string, c, k int) []string {
	r := stream(w.cfg.Seed, forText, c, k)
	g := w.words.grammars[lang+"_job"]
	text := g.draw(r, "intro", 1)
	var middle []string
	for _, part := range []struct {
		section  string
		low, top int
	}{{"duties", 1, 2}, {"wanted", 1, 3}, {"offers", 1, 2}, {"terms", 1, 2}, {"company", 0, 2}} {
		middle = append(middle, g.draw(r, part.section, between(r, part.low, part.top))...)
	}
	r.Shuffle(len(middle), func(i, j int) { middle[i], middle[j] = middle[j], middle[i] })
	text = append(append(text, middle...), g.draw(r, "apply", 1)...)
	if chance(r, 0.8) {
		text = append(text, g.draw(r, "legal", 1)...)
	}
	return text
}

// slots are what a job text is filled with: the role's duties are drawn anew for each text.
func (f *firm) slots(ro role, lang, city string, text int) (v map[string]string, pay int) {
	r := stream(f.world.cfg.Seed, forVariant, f.controller, text)
	name, duties := ro.nb, some(r, ro.dutiesNB, 3)
	if lang != "nb" {
		name, duties = ro.en, some(r, ro.dutiesEN, 3)
	}
	pay = between(r, ro.low, ro.high)
	return map[string]string{"employer": f.name, "role": name, "city": city, "duty1": duties[0], "duty2": duties[1], "duty3": duties[2],
		"pay": fmt.Sprint(pay), "mail": f.mail, "contact": f.contact, "phone": f.phone.spell(f.style), "org": f.org, "address": f.address + ", " + city}, pay
}

// article mends English before the roles that begin with a vowel.
var article = strings.NewReplacer(" a electrician", " an electrician", " a accountant", " an accountant")

// page writes a job ad of a firm.
func (f *firm) page(serial int, ro role, lang, city string, text int) page {
	w := f.world
	v, pay := f.slots(ro, lang, city, text)
	p := page{city: city, advertiser: f.name, phone: v["phone"], mail: f.mail, text: join(w.jobText(lang, f.controller, text), v),
		title: fill(w.title(lang+"_job", "title", f.controller, text, 0), v), price: hourly(pay)}
	if lang == "en" {
		p.text, p.title = article.Replace(p.text), article.Replace(p.title)
	}
	if f.hub >= 0 {
		v["hub"] = w.hubPhone(f.hub)
		p.text += " " + fill("Problemer med nettstedet? Kundeservice har nummer [hub].", v)
	}
	if f.controller%3 != 0 {
		p.pictures = dress([]picture{f.logo}, serial)
	}
	return p
}

// jobSite draws where a job ad stands.
func jobSite(r *rand.Rand) site { return []site{jobbtorget, smaajobb}[weighted(r, 82, 18)] }

// employerProfile is an honest employer with one to five vacancies, each with its own text.
func (w *World) employerProfile(r *rand.Rand, c int) *profile {
	f := w.firmOf(r, c)
	p := &profile{}
	city, lang := w.city(r), jobLanguage(r)
	var traits []Trait
	if f.hub >= 0 {
		traits = append(traits, HubPhone)
	}
	for k, ro := range some(r, w.words.roles, []int{1, 2, 3, 4, 5}[weighted(r, 40, 25, 18, 10, 7)]) {
		p.drafts = append(p.drafts, draft{at: w.when(r, 0, 1), site: jobSite(r), traits: traits, write: func(serial int) page {
			return f.page(serial, ro, lang, city, k)
		}})
	}
	return p
}

// chainProfile is an honest employer with one template for one role in many places; each place has its own phone and contact. Some
// chains put the place into the employer's name.
func (w *World) chainProfile(r *rand.Rand, c int) *profile {
	f := w.firmOf(r, c)
	p := &profile{}
	lang, ro, named := jobLanguage(r), pick(r, w.words.roles), chance(r, 0.4)
	f.hub = -1
	for k, city := range w.cities(r, between(r, 6, 16)) {
		local := f
		local.phone, local.contact = w.phone(c, k), w.words.grammars["names"].word(r, "person")
		p.drafts = append(p.drafts, draft{at: w.when(r, 0, 1), site: jobSite(r), write: func(serial int) page {
			pg := local.page(serial, ro, lang, city, 0)
			if named {
				pg.advertiser = strings.TrimSuffix(local.name, " AS") + " " + city
			}
			return pg
		}})
	}
	return p
}

// recruiterProfile is a deceptive recruiter: one house text under several cover names, in many places, answered by messenger.
func (w *World) recruiterProfile(r *rand.Rand, c int) *profile {
	p := &profile{}
	names := w.words.grammars["names"]
	lang := pick(r, []string{"nb", "en"})
	text, high, low := w.recruitText(r, lang), 1000*between(r, 45, 95), between(r, 60, 130)
	titles := w.words.grammars[lang+"_recruit"].draw(r, "title", 2)
	roleName := pick(r, map[string][]string{"nb": {"vertinne", "hushjelp", "modell", "danser", "medhjelper"}, "en": {"hostess", "maid", "model", "dancer", "helper"}}[lang])
	if ro := pick(r, w.words.roles); chance(r, 0.4) {
		roleName = map[string]string{"nb": ro.nb, "en": ro.en}[lang]
	}
	var covers []string
	for range between(r, 3, 5) {
		covers = append(covers, names.word(r, "cover"))
	}
	phones, fee := between(r, 1, 3), 500*between(r, 3, 16)
	price := ad.Price{Amount: float64(high), Currency: "NOK", Per: "month"}
	if !strings.Contains(strings.Join(text, ""), "[high]") {
		price = hourly(low)
	}
	for i, city := range w.cities(r, between(r, 6, 14)) {
		cover := covers[i%len(covers)]
		account := cover
		if chance(r, 0.2) {
			account = names.word(r, "person") // no employer named at all
		}
		p.drafts = append(p.drafts, draft{at: w.when(r, 0, 1), site: jobSite(r), write: func(serial int) page {
			phone := w.phone(c, i%phones).spell(i)
			v := map[string]string{"employer": cover, "city": city, "role": roleName, "phone": phone, "handle": handle(covers[0], c),
				"high": grouped(high, " "), "low": fmt.Sprint(low), "fee": grouped(fee, " ")}
			return page{title: fill(titles[i%len(titles)], v), text: join(text, v), city: city, advertiser: account, price: price,
				pictures: dress([]picture{ownPicture(c, 0)}[:i%2], serial)}
		}})
	}
	return p
}

// recruitText draws a recruiter's template: four to seven of the ways in which people are deceived.
func (w *World) recruitText(r *rand.Rand, lang string) []string {
	g := w.words.grammars[lang+"_recruit"]
	text := g.draw(r, "intro", 1)
	middle := g.draw(r, pick(r, []string{"highpay", "lowpay"}), 1)
	for _, section := range some(r, []string{"vague", "fee", "debt", "passport", "nocontract", "housing", "hurry", "promise"}, between(r, 4, 6)) {
		middle = append(middle, g.draw(r, section, 1)...)
	}
	r.Shuffle(len(middle), func(i, j int) { middle[i], middle[j] = middle[j], middle[i] })
	return append(append(text, middle...), g.draw(r, "contact", 1)...)
}

// offerKind is what an ad on the small site offers beside jobs.
type offerKind string

const (
	offerRoom    offerKind = "room"
	offerGoods   offerKind = "goods"
	offerService offerKind = "service"
	offerSpam    offerKind = "spam"
)

// privateProfile is somebody who lets a room, sells things or does odd jobs.
func (w *World) privateProfile(r *rand.Rand, c int) *profile {
	p := &profile{}
	g := w.words.grammars["nb_small"]
	contact, phone, style := w.words.grammars["names"].word(r, "person"), w.phone(c, 0), r.IntN(spellings)
	city, org := w.city(r), orgNumber(r)
	for range between(r, 1, 2) {
		kind := pick(r, []offerKind{offerRoom, offerRoom, offerGoods, offerGoods, offerService})
		text, title := append(g.draw(r, string(kind), 1), g.draw(r, "more_"+string(kind), between(r, 1, 2))...), g.draw(r, "title_"+string(kind), 1)[0]
		price, sec := ad.Price{Amount: float64(50 * between(r, 2, 90)), Currency: "NOK"}, torg
		switch kind {
		case offerRoom:
			price, sec = ad.Price{Amount: float64(100 * between(r, 45, 120)), Currency: "NOK", Per: "month"}, bolig
		case offerService:
			price.Amount, price.Per = float64(10*between(r, 30, 75)), "hour"
		}
		shown := ownPicture(c, len(p.drafts))
		p.drafts = append(p.drafts, draft{at: w.when(r, 0, 1), site: smaajobb, section: sec, write: func(serial int) page {
			v := map[string]string{"city": city, "price": grouped(int(price.Amount), " "), "phone": phone.spell(style), "contact": contact, "org": org}
			return page{title: fill(title, v), text: join(text, v), city: city, advertiser: contact, phone: phone.spell(style), price: price,
				offer: kind, pictures: dress([]picture{shown}, serial)}
		}})
	}
	return p
}
