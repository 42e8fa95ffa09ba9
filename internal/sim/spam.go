package sim

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// spamProfile posts one text everywhere within a few days: deposits and links, stock pictures, no phone.
func (w *World) spamProfile(r *rand.Rand, c int) *profile {
	if chance(stream(w.cfg.Seed, forTwist, c), fakeChance) {
		return w.fakeProfile(r, c)
	}
	p := &profile{}
	g := w.words.grammars["nb_small"]
	text, title := append(g.draw(r, "more_spam", between(r, 2, 4)), g.draw(r, "spam", 1)...), g.draw(r, "title_spam", 1)[0]
	domain, stock, from := fmt.Sprintf("bonus%d.example", c), r.IntN(1<<20), w.when(r, 0, 0.8)
	price := 100 * between(r, 3, 20)
	for i, city := range w.cities(r, between(r, 10, 30)) {
		on := []site{nordmarked, fjordkontakt, smaajobb}[i%3]
		code := fmt.Sprintf("%c%d", 'A'+r.IntN(26), between(r, 1000, 9999))
		p.drafts = append(p.drafts, draft{at: from + time.Duration(r.IntN(3*24*60))*time.Minute, site: on, section: torg, traits: []Trait{StockPicture}, write: func(serial int) page {
			v := map[string]string{"city": city, "price": fmt.Sprint(price), "domain": domain, "code": code}
			return page{title: fill(title, v), text: join(text, v), city: city, advertiser: "vip" + code,
				offer: offerSpam, pictures: dress([]picture{stockPicture(stock % w.stocks)}, serial)}
		}})
	}
	w.clamp(p)
	return p
}

// fakeProfile posts one invented person in many towns at once, under many names, with one messenger account, and asks for a deposit:
// fraud upon clients.
func (w *World) fakeProfile(r *rand.Rand, c int) *profile {
	p := &profile{}
	g := w.words.grammars["nb_small"]
	text := w.ownText("nb", c, 0)
	demand := g.draw(r, "deposit", 2)
	from, account, stock := w.when(r, 0, 0.8), handle(w.words.grammars["names"].word(r, "persona"), c), r.IntN(1<<20)
	for i, city := range w.cities(r, between(r, 10, 30)) {
		who := w.persona(r, c, i, 19, 27)
		on := escortSites[i%2]
		p.drafts = append(p.drafts, draft{at: from + time.Duration(r.IntN(2*24*60))*time.Minute, site: on, traits: []Trait{Fake, StockPicture}, write: func(serial int) page {
			v := values(&who, city, "")
			v["handle"] = account
			said := make([]string, len(demand))
			for n, sentence := range demand {
				said[n] = fill(sentence, v)
			}
			return page{title: fill(w.title("nb_escort", "title", c, 0, i), v), text: join(text, v) + "\n" + strings.Join(said, " "), city: city, advertiser: who.account, age: who.age,
				price: hourly(who.hourly), handle: account, pictures: dress([]picture{stockPicture(stock % w.stocks)}, serial)}
		}})
	}
	w.clamp(p)
	return p
}
