package network

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"varde/internal/ad"
	"varde/internal/graph"
	"varde/internal/indicator"
)

// Config says what links ads.
type Config struct {
	// HubAds: an identifier on more ads than this links nothing.
	HubAds int
	// HubPhones: nor does one whose ads show more different other phones than this.
	HubPhones int
	// TextSimilarity is the least estimated Jaccard similarity of two near-duplicate texts, in [0.5,1].
	TextSimilarity float64
	// PictureDistance is the most differing bits of two perceptual hashes of one picture, up to graph.MaxRadius.
	PictureDistance int
}

// Scorer adds indicators up; *indicator.Catalogue is one.
type Scorer interface {
	Score(indicators []ad.Indicator) indicator.Scored
	ScoreNetwork(network []ad.Indicator, ads [][]ad.Indicator) indicator.Scored
	// Hold keeps a score below the elevated band.
	Hold(s indicator.Scored) indicator.Scored
	// Child says whether a code means that a child may be involved, Spam whether it speaks for the class spam.
	Child(code string) bool
	Spam(code string) bool
}

// Linker holds the graph of ads and identifiers in memory. It is derived state: Load makes it from the record. It is not safe
// for use by several goroutines at once, and after an error of Link it must be loaded anew.
type Linker struct {
	cfg      Config
	scorer   Scorer
	cards    map[ad.Key]*card
	contacts map[identifier]*link
	texts    *groups
	pictures *groups
	networks map[string]*member
	markets  markets
	// watched is what is known from cases and tips, with its reference.
	watched map[identifier]string
}

// identifier is a kind and a value.
type identifier struct {
	kind  ad.Kind
	value string
}

// card is what the linker remembers of an ad.
type card struct {
	key       ad.Key
	firstSeen time.Time
	lastSeen  time.Time
	// latestAt and latestID say which sighting the facts below come from.
	latestAt   time.Time
	latestID   string
	place      string
	category   ad.Category
	advertiser string
	age        int
	indicators []ad.Indicator
	// posted is when the site says that the ad was posted; name is the advertiser's, or the text's, without what is no name.
	posted time.Time
	name   string
	// alone is where the ad says that its advertiser works alone, agency that it says that an agency stands behind it; addresses are
	// the exact ones that it names.
	alone  *ad.Evidence
	agency bool
	// sharing says that it shares a phone or a flat with friends, ownServices that its advertiser offers work of their own.
	sharing, ownServices bool
	addresses            []string
	// history are the different terms of its versions, by time.
	history []terms
	// pictures are those that can be compared, as the latest version shows them.
	pictures []shown
	// country is where the ad stands, prices the lowest for each length of time, offers their places in the markets.
	country string
	prices  []ad.Value
	offers  []offer
	// inField are the contacts that come from the form's fields.
	inField map[identifier]bool
	// shows are the identifiers of all versions, sorted.
	shows   []identifier
	network string
	// wasWatched says that the record's standing of the ad names something watched, under a list that is not known any longer.
	wasWatched bool
	// standing is the hash of the last standing that was given out.
	standing string
}

// member is a network that was given out: the ad its id comes from, and the hash of what was said of it, empty where that
// is not known.
type member struct {
	anchor ad.Key
	body   string
}

// New returns an empty linker.
func New(cfg Config, scorer Scorer) (*Linker, error) {
	switch {
	case scorer == nil:
		return nil, fmt.Errorf("new linker: no catalogue")
	case cfg.HubAds < 2 || cfg.HubPhones < 1:
		return nil, fmt.Errorf("new linker: hubs of %d ads or %d phones would leave nothing to link", cfg.HubAds, cfg.HubPhones)
	case cfg.TextSimilarity < 0.5 || cfg.TextSimilarity > 1:
		return nil, fmt.Errorf("new linker: text similarity %v lies outside 0.5 to 1", cfg.TextSimilarity)
	case cfg.PictureDistance < 0 || cfg.PictureDistance > graph.MaxRadius:
		return nil, fmt.Errorf("new linker: picture distance %d lies outside 0 to %d", cfg.PictureDistance, graph.MaxRadius)
	}
	return &Linker{cfg: cfg, scorer: scorer, cards: map[ad.Key]*card{}, contacts: map[identifier]*link{},
		texts: newTextGroups(cfg.TextSimilarity), pictures: newPictureGroups(cfg.PictureDistance), networks: map[string]*member{},
		markets: markets{of: map[marketKey]*market{}}}, nil
}

// Load fills an empty linker with what the record holds: its ads, and the findings of their versions before the latest.
func (l *Linker) Load(ads iter.Seq2[ad.Ad, error], earlier iter.Seq2[ad.Finding, error]) error {
	for a, err := range ads {
		if err != nil {
			return fmt.Errorf("load ad: %w", err)
		}
		c := l.card(a.Key, a.FirstSeen, a.LastSeen)
		c.facts(&a.Finding)
		c.network, c.standing = a.Network, fingerprint(a.Standing)
		c.wasWatched = slices.ContainsFunc(a.Indicators, func(in ad.Indicator) bool { return in.Code == watchCode })
		if a.Network != "" && (l.networks[a.Network] == nil || idOf(a.Key) == a.Network) {
			l.networks[a.Network] = &member{anchor: a.Key}
		}
		for _, id := range a.Identifiers {
			l.show(c, id)
		}
	}
	for f, err := range earlier {
		if err != nil {
			return fmt.Errorf("load an earlier version: %w", err)
		}
		if c := l.cards[f.Sighting.Key()]; c != nil { // an ad that came since is told of anew
			c.facts(&f)
		}
	}
	for _, c := range l.cards { // in any order: what is noted depends on the ads alone
		l.spread(c)
		l.markets.list(c)
	}
	l.markets.settle()
	return nil
}

// Link takes a batch of findings and returns all that they change. Findings that were linked before change nothing.
func (l *Linker) Link(ctx context.Context, findings []ad.Finding, now time.Time) (ad.Update, error) {
	dirty := map[ad.Key]bool{}
	for i := range findings {
		f := &findings[i]
		c := l.card(f.Sighting.Key(), f.Sighting.SeenAt, f.Sighting.SeenAt)
		c.facts(f)
		dirty[c.key] = true
		for _, id := range f.Identifiers {
			for _, key := range l.show(c, id) {
				dirty[key] = true
			}
		}
	}
	for i := range findings {
		c := l.cards[findings[i].Sighting.Key()]
		for _, key := range l.spread(c) {
			dirty[key] = true
		}
		l.markets.list(c)
	}
	for _, key := range l.markets.settle() {
		dirty[key] = true
	}
	update, err := l.settle(ctx, dirty, now)
	update.Findings = findings
	return update, err
}

// Rebuild returns every network and standing as they follow from the ads alone.
func (l *Linker) Rebuild(ctx context.Context, now time.Time) (ad.Update, error) {
	for _, c := range l.cards {
		c.standing = ""
	}
	for _, m := range l.networks {
		m.body = ""
	}
	return l.settle(ctx, l.all(), now)
}

func (l *Linker) all() map[ad.Key]bool {
	keys := make(map[ad.Key]bool, len(l.cards))
	for k := range l.cards {
		keys[k] = true
	}
	return keys
}

func (l *Linker) card(key ad.Key, first, last time.Time) *card {
	c := l.cards[key]
	if c == nil {
		c = &card{key: key, firstSeen: first, lastSeen: last}
		l.cards[key] = c
	}
	if first.Before(c.firstSeen) {
		c.firstSeen = first
	}
	if last.After(c.lastSeen) {
		c.lastSeen = last
	}
	return c
}

// facts takes over what a finding says, unless a later sighting is known: of two at one instant the greater id counts.
func (c *card) facts(f *ad.Finding) {
	s := &f.Sighting
	id := s.ID()
	c.remember(termsOf(f, id))
	if s.SeenAt.Before(c.latestAt) || s.SeenAt.Equal(c.latestAt) && id < c.latestID {
		return
	}
	c.latestAt, c.latestID = s.SeenAt, id
	c.place, c.category, c.age, c.advertiser, c.posted = f.Place(), s.Category, f.Age(), s.Advertiser, s.PostedAt
	c.name = nameOf(f.Name(), c.place)
	c.indicators, c.inField = f.Indicators, fieldsOf(f)
	c.alone, c.agency, c.addresses, c.pictures = nil, false, nil, picturesOf(f)
	c.sharing, c.ownServices = false, false
	c.country, c.prices = cmp.Or(s.Country, "NO"), offered(f)
	for i, v := range f.Values {
		switch {
		case v.Kind == ad.ClaimValue && v.Name == ad.Independent && c.alone == nil:
			c.alone = &f.Values[i].Evidence
		case v.Kind == ad.ClaimValue && v.Name == ad.Agency:
			c.agency = true
		case v.Kind == ad.ClaimValue && v.Name == ad.Sharing:
			c.sharing = true
		case v.Kind == ad.ClaimValue && v.Name == ad.OwnServices:
			c.ownServices = true
		case v.Kind == ad.AddressValue:
			c.addresses = append(c.addresses, v.Name)
		}
	}
}

// at is when the ad was first used: when the site says that it was posted, or when it was first seen, if that was earlier or the site
// does not say.
func (c *card) at() time.Time {
	if c.posted.IsZero() || c.posted.After(c.firstSeen) {
		return c.firstSeen
	}
	return c.posted
}

// before orders ads by when they were first seen; the first of a network is its anchor.
func before(a, b *card) int {
	if n := a.firstSeen.Compare(b.firstSeen); n != 0 {
		return n
	}
	return strings.Compare(string(a.key), string(b.key))
}

// idOf names a network by its anchor.
func idOf(anchor ad.Key) string {
	sum := sha256.Sum256([]byte(anchor))
	return "n-" + hex.EncodeToString(sum[:6])
}

// settle finds the components around the dirty ads and returns what is new about them.
func (l *Linker) settle(ctx context.Context, dirty map[ad.Key]bool, now time.Time) (ad.Update, error) {
	var update ad.Update
	old := map[string]bool{}
	done := map[ad.Key]bool{}
	keys := make([]ad.Key, 0, len(dirty))
	for k := range dirty {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	made := map[string]bool{}
	for _, k := range keys {
		if done[k] {
			continue
		}
		if err := ctx.Err(); err != nil {
			return update, err
		}
		component := l.component(l.cards[k], done)
		for _, c := range component {
			if c.network != "" {
				old[c.network] = true
			}
		}
		made[l.describe(component, &update)] = true
	}
	for id := range old {
		if !made[id] {
			l.retire(id, now, &update)
		}
	}
	slices.Sort(update.Removed)
	slices.SortFunc(update.Successions, func(a, b ad.Succession) int { return strings.Compare(a.Old, b.Old) })
	slices.SortFunc(update.Networks, func(a, b ad.Network) int { return strings.Compare(a.ID, b.ID) })
	slices.SortFunc(update.Standings, func(a, b ad.Standing) int { return strings.Compare(string(a.Key), string(b.Key)) })
	return update, nil
}

// component collects the ads that hang together with c, sorted by key.
func (l *Linker) component(c *card, done map[ad.Key]bool) []*card {
	done[c.key] = true
	found := []*card{c}
	walked := map[*link]bool{}
	for i := 0; i < len(found); i++ {
		for _, id := range found[i].shows {
			via := l.link(id)
			if walked[via] || l.hub(via) {
				continue
			}
			walked[via] = true
			for _, next := range via.ads { // order does not matter: found is sorted
				if !done[next.key] {
					done[next.key] = true
					found = append(found, next)
				}
			}
		}
	}
	slices.SortFunc(found, func(a, b *card) int { return strings.Compare(string(a.key), string(b.key)) })
	return found
}

// retire removes an id that no component has any more. Its successor is where its anchor went.
func (l *Linker) retire(id string, now time.Time, update *ad.Update) {
	update.Removed = append(update.Removed, id)
	m := l.networks[id]
	delete(l.networks, id)
	if m == nil {
		return
	}
	if c := l.cards[m.anchor]; c != nil && c.network != id {
		update.Successions = append(update.Successions, ad.Succession{Old: id, New: c.network, At: now})
	}
}
