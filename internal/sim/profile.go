package sim

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"varde/internal/ad"
)

// profile is a controller with its ads, made anew whenever it is needed.
type profile struct {
	drafts []draft
}

// draft is an ad before its words are chosen.
type draft struct {
	// at is when it is posted, after the world's start.
	at   time.Duration
	site site
	// section is the part of the small site; elsewhere it means nothing.
	section section
	traits  []Trait
	// write makes what the page shows. serial is the ad's place in the world.
	write func(serial int) page
}

// page is what an ad says.
type page struct {
	title      string
	text       string
	city       string
	advertiser string
	age        int
	// phone is what the phone field of the page shows, empty where the page has none.
	phone string
	// mail stands on pages of jobs, handle on those of fjordkontakt.
	mail, handle string
	price        ad.Price
	pictures     []picture
	// offer is the kind of offer on the small site, empty for jobs.
	offer offerKind
}

// content is a page with its place and time in the world.
type content struct {
	page
	section  section
	category ad.Category
	site     site
	id       string
	// posted is as exact as the site shows it.
	posted time.Time
	seen   time.Time
}

// build makes a controller's whole profile.
func (w *World) build(c int) *profile {
	r := stream(w.cfg.Seed, forProfile, c)
	switch w.controllers[c].kind {
	case Independent:
		return w.independentProfile(r, c)
	case Friends:
		return w.friendsProfile(r, c)
	case Agency:
		return w.agencyProfile(r, c)
	case Ring:
		return w.ringProfile(r, c, false)
	case RecruitingRing:
		return w.ringProfile(r, c, true)
	case Employer:
		return w.employerProfile(r, c)
	case Chain:
		return w.chainProfile(r, c)
	case Recruiter:
		return w.recruiterProfile(r, c)
	case Private:
		return w.privateProfile(r, c)
	}
	return w.spamProfile(r, c)
}

// size is how many ads a controller would have.
func (w *World) size(c int) int { return len(w.build(c).drafts) }

// profile is a controller's profile with the ads that are in the world.
func (w *World) profile(c int) *profile {
	p := w.build(c)
	p.drafts = p.drafts[:w.controllers[c].ads]
	if w.robbed[c] {
		for i := range p.drafts {
			p.drafts[i].traits = append(p.drafts[i].traits, Robbed)
		}
	}
	return p
}

// page is what the advertiser of the i-th ad of the plan wrote.
func (w *World) page(i int) page {
	e := &w.plan[i]
	return w.profile(int(e.controller)).drafts[e.draft].write(i)
}

// content writes the i-th ad of the plan.
func (w *World) content(i int) *content {
	e := w.plan[i]
	at := w.cfg.Start.Add(time.Duration(e.posted) * time.Second)
	p := w.page(i)
	p.text = w.standard(e.site, int(e.number), p.text)
	return &content{page: p, site: e.site, section: e.section,
		category: e.site.category(e.section), id: e.site.id(int(e.number)),
		posted: e.site.shownTime(at), seen: at.Add(seenAfter)}
}

// when draws a time of posting between two fractions of the world's span, to the minute. People post by day.
func (w *World) when(r *rand.Rand, from, to float64) time.Duration {
	d := time.Duration((from + (to-from)*r.Float64()) * float64(w.cfg.Span))
	return min(d, w.cfg.Span-time.Minute).Truncate(time.Minute)
}

// city draws a town by its weight.
func (w *World) city(r *rand.Rand) string { return w.cities(r, 1)[0] }

// cities draws n different towns.
func (w *World) cities(r *rand.Rand, n int) []string {
	weights := make([]int, len(places))
	for i, p := range places {
		weights[i] = p.weight
	}
	var out []string
	for len(out) < min(n, len(places)) {
		i := weighted(r, weights...)
		weights[i] = 0
		out = append(out, places[i].name)
	}
	return out
}

// persona is somebody whom an escort ad presents.
type persona struct {
	name    string
	account string
	age     int
	man     bool
	hourly  int
	phone   number
	// pictures are the persona's own.
	pictures []picture
}

// persona makes the k-th persona of a controller.
func (w *World) persona(r *rand.Rand, c, k, youngest, oldest int) persona {
	p := persona{name: w.words.grammars["names"].word(r, "persona"), age: between(r, youngest, oldest), hourly: 100 * between(r, 11, 24),
		phone: w.phone(c, k)}
	switch r.IntN(4) {
	case 0:
		p.account = strings.ToLower(p.name)
	case 1:
		p.account = fmt.Sprintf("%s%d", strings.ToLower(p.name), between(r, 10, 99))
	case 2:
		p.account = fmt.Sprintf("%s_%d", p.name, p.age)
	default:
		p.account = p.name
	}
	for n := range between(r, 1, 3) {
		p.pictures = append(p.pictures, ownPicture(c, k*8+n))
	}
	return p
}

// phone is the k-th Norwegian number of a controller.
func (w *World) phone(c, k int) number {
	return mobileNO.at(w.cfg.Seed, w.phoneIndex(c, k))
}

// hubPhone is the number of one of the world's hubs.
func (w *World) hubPhone(n int) string { return fixedNO.at(w.cfg.Seed, n%w.hubs).spell(n) }

// dress gives each use of a picture its own size, brightness and encoding, as sites and phones do.
func dress(pictures []picture, serial int) []picture {
	out := make([]picture, len(pictures))
	for i, p := range pictures {
		p.variant = serial
		out[i] = p
	}
	return out
}

// hourly is a price in kroner for an hour.
func hourly(amount int) ad.Price {
	return ad.Price{Amount: float64(amount), Currency: "NOK", Per: "hour"}
}

// join puts sentences together.
func join(sentences []string, values map[string]string) string {
	out := make([]string, len(sentences))
	for i, s := range sentences {
		out[i] = fill(s, values)
	}
	return strings.Join(out, " ")
}
