package network

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"varde/internal/ad"
	"varde/internal/fault"
	"varde/internal/graph"
	"varde/internal/indicator"
	"varde/internal/kv"
	"varde/internal/postings"
)

// Config says what links ads.
type Config struct {
	// HubAds: an identifier on more ads than this links nothing.
	HubAds int
	// HubPhones: nor does one whose ads show more different other phones than this, under more than two names.
	HubPhones int
	// TextSimilarity is the least similarity of two near-duplicate texts, in (0,1] (neartext.Similarity).
	TextSimilarity float64
	// Boilerplate: a sentence that this share of a site's ads has or more, in (0,1], is left out of all texts, where those that have it have
	// else little in common. BoilerplateAds must have it at least.
	Boilerplate    float64
	BoilerplateAds int
	// SplitAds is from how many ads on what hangs together is parted where only a weak bridge holds it, Bridge the least weight of what two
	// parts share for them to be one network.
	SplitAds int
	Bridge   float64
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

// Linker holds the graph of ads and identifiers, in a folder or in memory. It is derived state: what is in it follows from the record, and
// can be made anew from it. It is not safe for use by several goroutines at once, and after an error it must be opened anew.
type Linker struct {
	// dir is the folder of the state.
	dir    string
	cfg    Config
	scorer Scorer
	// rules names the thresholds, which are the same in all of the state.
	rules string
	state *kv.Store
	// postings are which texts and pictures have a key; holders is what was found last.
	postings *postings.Table
	holders  []postings.Entry
	cards    *shelf[ad.Key, *card]
	links    *shelf[identifier, *link]
	// near are the groups of texts and of pictures.
	near    map[ad.Kind]*near
	markets markets
	// compared are the differences of two pictures, by their names, which are the same for ever.
	compared *shelf[[2]string, comparison]
	// watched is what is known from cases and tips, with its reference.
	watched map[identifier]string
	// stale are ads whose recorded standing names something watched, under a list that is not known any longer.
	stale map[ad.Key]bool
	// decided is what people decided about links.
	decided decided
	// tellAll gives out also what was given out before.
	tellAll bool
	// record and change are how far the state is.
	record string
	change int64
	// damage is why the state was emptied when it was opened.
	damage error
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
	inField []identifier
	// shows are the identifiers of all versions, sorted.
	shows   []identifier
	network string
	// standing is the hash of the last standing that was given out.
	standing string
}

// Open opens the state in a folder, or an empty one in memory where dir is "". A folder that is damaged, or whose state was linked by other
// rules, is emptied: Learn then learns all. What is found damaged later is in the error, fault.ErrDamaged, and Close removes the folder.
func Open(dir string, cfg Config, scorer Scorer) (*Linker, error) {
	switch {
	case scorer == nil:
		return nil, fmt.Errorf("open linker: no catalogue")
	case cfg.HubAds < 2 || cfg.HubPhones < 1:
		return nil, fmt.Errorf("open linker: hubs of %d ads or %d phones would leave nothing to link", cfg.HubAds, cfg.HubPhones)
	case cfg.TextSimilarity <= 0 || cfg.TextSimilarity > 1:
		return nil, fmt.Errorf("open linker: text similarity %v lies outside 0 to 1", cfg.TextSimilarity)
	case cfg.PictureDistance < 0 || cfg.PictureDistance > graph.MaxRadius:
		return nil, fmt.Errorf("open linker: picture distance %d lies outside 0 to %d", cfg.PictureDistance, graph.MaxRadius)
	case cfg.SplitAds < 2*leastSide || cfg.Bridge <= 0:
		return nil, fmt.Errorf("open linker: networks of %d ads with bridges of %v cannot be parted", cfg.SplitAds, cfg.Bridge)
	case cfg.Boilerplate <= 0 || cfg.Boilerplate > 1 || cfg.BoilerplateAds < 2:
		return nil, fmt.Errorf("open linker: a share of %v of ads, or %d of them, tell no boilerplate", cfg.Boilerplate, cfg.BoilerplateAds)
	}
	l := &Linker{dir: dir, cfg: cfg, scorer: scorer, rules: fmt.Sprintf("%+v", cfg)}
	if err := l.open(); err != nil {
		return nil, err
	}
	if !l.loadMark() {
		if err := l.state.Err(); errors.Is(err, fault.ErrDamaged) {
			l.damage = err
		}
		if err := l.Empty(); err != nil {
			return nil, err
		}
	}
	err := l.loadMemory()
	if errors.Is(err, fault.ErrDamaged) {
		l.damage = err
		err = l.Empty() // what is in memory of an empty state is nothing
	}
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

// loadMemory fills what is held in memory of the state.
func (l *Linker) loadMemory() error {
	l.loadWatched()
	for _, n := range l.near {
		n.of.load()
	}
	l.loadDecided()
	return l.state.Err()
}

// Damage is why Open emptied a state that was not what was written, nil where it did not.
func (l *Linker) Damage() error { return l.damage }

func (l *Linker) open() (err error) {
	if err = l.openState(); errors.Is(err, fault.ErrDamaged) {
		l.damage = err
		if err = clearFolder(l.dir); err == nil {
			err = l.openState()
		}
	}
	if err != nil {
		return fmt.Errorf("open the state of linking: %w", err)
	}
	l.cards, l.links = newShelf[ad.Key, *card](mostCards), newShelf[identifier, *link](mostLinks)
	l.near = map[ad.Kind]*near{ad.TextSig: l.texts(), ad.PHash: l.pictures()}
	l.compared = newShelf[[2]string, comparison](mostPairs)
	l.markets = markets{Linker: l, of: map[marketKey]*market{}}
	l.watched, l.stale, l.decided = map[identifier]string{}, map[ad.Key]bool{}, decided{}
	return nil
}

func (l *Linker) openState() (err error) {
	if l.state, err = kv.Open(l.dir, sought); err != nil {
		return err
	}
	folder := ""
	if l.dir != "" {
		folder = filepath.Join(l.dir, "postings")
	}
	l.postings, err = postings.Open(folder, l.state, postingsPrefix, postings.Config{Most: mostInBucket, Fresh: mostFresh})
	if err != nil {
		return errors.Join(err, l.state.Close())
	}
	return nil
}

// clearFolder removes what is in a folder, which may be the root of a volume.
func clearFolder(dir string) error {
	all, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	for _, one := range all {
		err = errors.Join(err, os.RemoveAll(filepath.Join(dir, one.Name())))
	}
	return err
}

// Empty removes all of the state.
func (l *Linker) Empty() error {
	if err := l.Close(); err != nil {
		return fmt.Errorf("close the state of linking: %w", err)
	}
	if l.dir != "" {
		if err := clearFolder(l.dir); err != nil {
			return fmt.Errorf("remove the state of linking: %w", err)
		}
	}
	l.record, l.change = "", 0
	return l.open()
}

// Close leaves what was not saved. A state that was found damaged is removed: it would be found so again, and can be made anew.
func (l *Linker) Close() error {
	found := l.state.Err()
	err := errors.Join(l.postings.Close(), l.state.Close())
	if errors.Is(found, fault.ErrDamaged) && l.dir != "" {
		err = errors.Join(err, clearFolder(l.dir))
	}
	return err
}

// Link takes a batch of findings and returns all that they change. Findings that were linked before change nothing.
func (l *Linker) Link(ctx context.Context, findings []ad.Finding, now time.Time) (ad.Update, error) {
	dirty := map[ad.Key]bool{}
	for i := range findings {
		f := &findings[i]
		c := l.card(f.Sighting.Key(), f.Sighting.SeenAt, f.Sighting.SeenAt)
		dirty[c.key] = true
		for _, key := range l.take(c, f, f.Identifiers) {
			dirty[key] = true
		}
	}
	for _, key := range append(l.markets.settle(), l.resolve()...) {
		dirty[key] = true
	}
	update, err := l.settle(ctx, dirty, nil, now)
	update.Findings = findings
	return update, err
}

// take takes over what a finding says of an ad, and what the ad shows. It returns the other ads whose networks that can change.
func (l *Linker) take(c *card, f *ad.Finding, shows []ad.Identifier) (touched []ad.Key) {
	was := c.offers
	c.offers = nil
	c.facts(f)
	l.markets.move(c.key, was, c.offersOf())
	for _, id := range shows {
		touched = append(touched, l.show(c, id)...)
	}
	l.keep(c)
	return append(touched, l.spread(c)...)
}

// Rebuild returns every network and standing as they follow from the ads alone.
func (l *Linker) Rebuild(ctx context.Context, now time.Time) (ad.Update, error) {
	l.tellAll = true
	defer func() { l.tellAll = false }()
	return l.settle(ctx, l.all(), nil, now)
}

func (l *Linker) card(key ad.Key, first, last time.Time) *card {
	c := l.known(key)
	if c == nil {
		c = &card{key: key, firstSeen: first.UTC(), lastSeen: last.UTC()}
		l.cards.put(key, c)
	}
	c.offersOf() // as it was
	if first.Before(c.firstSeen) {
		c.firstSeen = first.UTC()
	}
	if last.After(c.lastSeen) {
		c.lastSeen = last.UTC()
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
	c.latestAt, c.latestID = s.SeenAt.UTC(), id
	c.place, c.category, c.age, c.advertiser, c.posted = f.Place(), s.Category, f.Age(), s.Advertiser, s.PostedAt.UTC()
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
// Networks that lost ads are retired where nothing is left of them.
func (l *Linker) settle(ctx context.Context, dirty map[ad.Key]bool, lost []string, now time.Time) (ad.Update, error) {
	var update ad.Update
	old := map[string]*card{} // networks that there were, each with its ad that was seen first
	for _, id := range lost {
		old[id] = nil
	}
	done := map[ad.Key]bool{}
	made := map[string]bool{}
	for _, k := range slices.Sorted(maps.Keys(dirty)) {
		c := l.known(k)
		if done[k] || c == nil {
			continue
		}
		if err := ctx.Err(); err != nil {
			return update, err
		}
		component := l.component(c, done)
		for _, c := range component {
			if first := old[c.network]; c.network != "" && (first == nil || before(c, first) < 0) {
				old[c.network] = c
			}
		}
		parts, bridges := l.split(component)
		for i, part := range parts {
			made[l.describe(part, tiesOf(parts, bridges, i), &update)] = true
		}
	}
	for id, first := range old {
		if !made[id] {
			l.retire(id, first, now, &update)
		}
	}
	slices.Sort(update.Removed)
	slices.SortFunc(update.Successions, func(a, b ad.Succession) int { return strings.Compare(a.Old, b.Old) })
	slices.SortFunc(update.Networks, func(a, b ad.Network) int { return strings.Compare(a.ID, b.ID) })
	slices.SortFunc(update.Standings, func(a, b ad.Standing) int { return strings.Compare(string(a.Key), string(b.Key)) })
	return update, l.state.Err()
}

// component collects the ads that hang together with c, sorted by key.
func (l *Linker) component(c *card, done map[ad.Key]bool) []*card {
	done[c.key] = true
	found := []*card{c}
	walked := map[*link]bool{}
	walk := func(via *link) {
		walked[via] = true
		for n := range via.ads { // order does not matter: found is sorted
			if key := via.ads[n].key; !done[key] && !l.cut(via, key) {
				done[key] = true
				if next := l.known(key); next != nil {
					found = append(found, next)
				}
			}
		}
	}
	for i := 0; i < len(found); i++ {
		key := found[i].key
		for _, id := range found[i].shows {
			if via := l.link(id); via != nil && !walked[via] && !l.hub(via) && !l.cut(via, key) {
				walk(via)
			}
		}
		for _, via := range l.decided.joins[key] {
			walk(via)
		}
	}
	slices.SortFunc(found, func(a, b *card) int { return strings.Compare(string(a.key), string(b.key)) })
	return found
}

// retire removes an id that no component has any more. Its successor is where its first ad went.
func (l *Linker) retire(id string, first *card, now time.Time, update *ad.Update) {
	update.Removed = append(update.Removed, id)
	l.state.Delete(stateKey(networkPrefix, id))
	if first != nil && first.network != id {
		update.Successions = append(update.Successions, ad.Succession{Old: id, New: first.network, At: now})
	}
}

// Forget removes ads as if they had never been, and returns what that changes. Ads that are not known change nothing.
func (l *Linker) Forget(ctx context.Context, keys []ad.Key, now time.Time) (ad.Update, error) {
	dirty := map[ad.Key]bool{}
	var lost []string
	for _, key := range keys {
		c := l.known(key)
		if c == nil {
			continue
		}
		if c.network != "" {
			lost = append(lost, c.network)
		}
		for _, touched := range l.forget(c) {
			dirty[touched] = true
		}
	}
	for _, key := range append(l.markets.settle(), l.resolve()...) {
		dirty[key] = true
	}
	update, err := l.settle(ctx, dirty, lost, now)
	update.Forgotten = keys
	return update, err
}

// forget removes one ad, and returns those that it was linked to.
func (l *Linker) forget(c *card) (touched []ad.Key) {
	touched = l.joined(c.key)
	for _, via := range l.shownBy(c) {
		if !l.hub(via) {
			touched = append(touched, l.adsOf(via)...)
		}
		touched = append(touched, l.unpost(via, c.key)...)
	}
	shows := c.shows
	c.shows = nil
	l.state.Delete(stateKey(cardPrefix, string(c.key)))
	l.state.Delete(stateKey(standingPrefix, string(c.key)))
	l.cards.drop(c.key)
	for _, id := range shows {
		if n := l.near[id.kind]; n != nil {
			touched = append(touched, n.remove(id.value, c.key.Site())...)
		}
	}
	l.markets.move(c.key, c.offersOf(), nil)
	return touched
}
