package sim

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// Chances of what some controllers do beside their ordinary ways. They are this project's choice, made so that a world of some hundred ads
// holds each; they are no estimates. They are drawn from a stream of their own, so that one more changes nothing else.
const (
	companyChance = 0.35 // a ring sends the same people to every stop
	housedChance  = 0.15 // a ring stays at one address
	churnChance   = 0.20 // a ring takes a new number at every stop
	alterChance   = 0.35 // a ring mirrors, crops or frames its pictures
	clockChance   = 0.20 // a ring posts by a machine, at one minute of the hour, day and night
	underChance   = 0.30 // a ring asks much less than others
	agingChance   = 0.25 // a ring shows one name with ages far apart
	minorChance   = 0.08 // a ring states an age of 16 or 17 for one of its people
	robberChance  = 0.40 // a ring pastes an independent's phone or text into its ads
	otherName     = 0.05 // an independent uses two names, for safety
	otherAge      = 0.06 // an independent states a lower age in later ads
	cheapChance   = 0.03 // an independent asks little
	friendsTour   = 0.25 // friends travel together
	fakeChance    = 0.50 // spam pretends to be people and asks for a deposit
)

// twists are what a ring does beside its ordinary ways.
type twists struct {
	company, churns, alters, under, aging bool
	// address is where a ring stays, empty for one that travels; minute is when it posts, -1 for any time.
	address string
	minute  int
	// minor is the stated age of its first persona where that is a child's, else 0.
	minor int
}

func (w *World) twistsOf(c int) twists {
	r := stream(w.cfg.Seed, forTwist, c)
	t := twists{company: chance(r, companyChance), churns: chance(r, churnChance), alters: chance(r, alterChance), under: chance(r, underChance),
		aging: chance(r, agingChance), minute: -1}
	if chance(r, housedChance) {
		t.address = fmt.Sprintf("%s %d", w.words.grammars["names"].word(r, "street"), between(r, 1, 60))
	}
	if chance(r, clockChance) {
		t.minute = between(r, 1, 59)
	}
	if chance(r, minorChance) {
		t.minor = between(r, 16, 17)
	}
	return t
}

// habits are what an independent does beside her ordinary ways.
type habits struct {
	cheap    bool
	name     string // a second name for later ads
	lowerAge int    // what later ads take off the age
}

func (w *World) habitsOf(c int) (h habits) {
	r := stream(w.cfg.Seed, forTwist, c)
	h.cheap = chance(r, cheapChance)
	switch {
	case chance(r, otherName):
		h.name = w.words.grammars["names"].word(r, "persona")
	case chance(r, otherAge):
		h.lowerAge = between(r, 3, 6)
	}
	return h
}

// theft is what a ring pastes into its ads: the phone, the text, or both, of somebody who has nothing to do with it.
type theft struct {
	victim      int
	phone, text bool
	// from is when it begins: well after the victim's first ad.
	from time.Duration
}

// rob decides which rings paste whose phone or text. It is called when all controllers are known.
func (w *World) rob() {
	w.thefts, w.robbed = map[int]theft{}, map[int]bool{}
	for c, who := range w.controllers {
		r := stream(w.cfg.Seed, forTheft, c)
		if who.kind != Ring || !chance(r, robberChance) {
			continue
		}
		way := r.IntN(3)
		ads := w.profile(c).drafts
		from := ads[0].at
		if victim, first, ok := w.victim(r, ads[len(ads)-1].at); ok {
			w.thefts[c] = theft{victim: victim, phone: way != 1, text: way != 0, from: max(from, first+3*day)}
			w.robbed[victim] = true
		}
	}
}

// victim draws an independent who has been advertising for some time, under a phone that can be read and with an own text.
func (w *World) victim(r *rand.Rand, last time.Duration) (c int, first time.Duration, ok bool) {
	for range 60 {
		if len(w.independent) == 0 {
			return 0, 0, false
		}
		c = pick(r, w.independent)
		s := w.soloOf(stream(w.cfg.Seed, forProfile, c), c, 0)
		first = w.profile(c).drafts[0].at
		if !w.robbed[c] && !s.hidden && s.copied < 0 && s.hub < 0 && first+8*day < last {
			return c, first, true
		}
	}
	return 0, 0, false
}

// paste puts what a ring took into one of its ads. The ring's own contact stays beside it: that is how it is to be reached.
func (w *World) paste(t theft, p page, who *persona, city, said string) page {
	s := w.soloOf(stream(w.cfg.Seed, forProfile, t.victim), t.victim, 0)
	if t.text {
		p.text = join(w.ownText(s.lang, t.victim, 0), values(who, city, said)) + "\n" + callMe(s.lang, said)
	}
	if t.phone {
		p.text += "\n" + callMe(s.lang, s.phone.spell(s.style))
	}
	return p
}
