package network

import (
	"encoding/binary"
	"math"
	"slices"

	"varde/internal/ad"
)

// The state is a folder of keys. Each begins with a letter that says what it is; a zero byte ends a part of it that others follow. What is
// in it follows from the record:
//
//	a AD                     card
//	s AD                     what linking said of the ad last: its network, and the hash of its standing
//	n NETWORK                the hash of what was said of a network
//	p KIND VALUE 0 AD        posting: an ad of a link; a link of texts or pictures is named by its group
//	v KIND VALUE             a text or picture: its group, and how many ads show it; x KIND VALUE is its signature
//	g KIND GROUP 0 VALUE     a member of a group
//	t KIND TAG               the text or picture of a tag
//	k                        the newest of which texts or pictures have a key (package postings)
//	h HASH                   the pictures that have a perceptual hash
//	c PASSAGE                whether a passage is left out; d PASSAGE VALUE is each text that has it
//	e SITE                   how many ads of a site have texts; f SITE 0 PASSAGE is how many of them have a passage
//	m MARKET                 how many ads of a market ask which price; o MARKET 0 PRICE AD is each of them
//	w                        what is watched
//	j                        what people decided about links
//	z                        how far the state is
const (
	cardPrefix      = 'a'
	standingPrefix  = 's'
	networkPrefix   = 'n'
	postingPrefix   = 'p'
	valuePrefix     = 'v'
	signaturePrefix = 'x'
	memberPrefix    = 'g'
	tagPrefix       = 't'
	postingsPrefix  = 'k'
	hashPrefix      = 'h'
	passagePrefix   = 'c'
	holderPrefix    = 'd'
	sitePrefix      = 'e'
	heldPrefix      = 'f'
	marketPrefix    = 'm'
	offerPrefix     = 'o'
	watchedPrefix   = 'w'
	decidedPrefix   = 'j'
	markPrefix      = 'z'
)

// sought are the first bytes of keys that are often looked for in vain: those of new ads, texts and pictures.
var sought = string([]byte{cardPrefix, valuePrefix, hashPrefix, heldPrefix})

func stateKey(prefix byte, parts ...string) []byte {
	n := 1
	for _, p := range parts {
		n += len(p)
	}
	key := append(make([]byte, 0, n), prefix)
	for _, p := range parts {
		key = append(key, p...)
	}
	return key
}

func postingKey(via *link, key ad.Key) []byte {
	return stateKey(postingPrefix, string(via.kind), "\x00", via.value, "\x00", string(key))
}

// sortable are the bytes of a number of at least 0 in an order that is its own.
func sortable(f float64) string {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], math.Float64bits(f))
	return string(b[:])
}

// How much of the state is kept in memory: numbers of entries of a few KB, 200 bytes a posting, 1 KB and 100 bytes.
const (
	mostCards  = 60_000
	mostLinks  = 150_000
	mostValues = 60_000
	mostPairs  = 100_000
)

// mostFresh is how many postings are in memory at most; a variable, so that tests come to merging them with few ads.
var mostFresh = 1 << 20

// known is the card of an ad, nil where there is none.
func (l *Linker) known(key ad.Key) *card {
	if c, ok := l.cards.get(key); ok {
		return c
	}
	b, ok := l.state.Get(stateKey(cardPrefix, string(key)))
	if !ok {
		return nil
	}
	c := &card{key: key}
	read := coder{b: b, reading: true}
	read.card(c)
	if b, ok = l.state.Get(stateKey(standingPrefix, string(key))); ok && !read.bad {
		read.b = b
		read.str(&c.network)
		read.str(&c.standing)
	}
	if read.bad {
		l.state.Damaged("the card of an ad")
		return nil
	}
	l.cards.put(key, c)
	return c
}

// keep writes a card.
func (l *Linker) keep(c *card) {
	var w coder
	w.card(c)
	l.state.Put(stateKey(cardPrefix, string(c.key)), w.b)
}

// keepStanding writes what was said of an ad.
func (l *Linker) keepStanding(c *card) {
	var w coder
	w.str(&c.network)
	w.str(&c.standing)
	l.state.Put(stateKey(standingPrefix, string(c.key)), w.b)
}

// said is the hash of what was said of a network, "" where nothing was.
func (l *Linker) said(network string) string {
	b, _ := l.state.Get(stateKey(networkPrefix, network))
	return string(b)
}

func (l *Linker) say(network, body string) {
	l.state.Put(stateKey(networkPrefix, network), []byte(body))
}

// all are the keys of all ads.
func (l *Linker) all() map[ad.Key]bool {
	keys := map[ad.Key]bool{}
	for key := range l.state.Scan([]byte{cardPrefix}) {
		keys[ad.Key(key[1:])] = true
	}
	return keys
}

// keepWatched and loadWatched keep the watch list: what was said under it must be told from what is said under another.
func (l *Linker) keepWatched() {
	var w coder
	w.watched(l.watched)
	l.state.Put([]byte{watchedPrefix}, w.b)
}

func (l *Linker) loadWatched() {
	b, ok := l.state.Get([]byte{watchedPrefix})
	if !ok {
		return
	}
	read := coder{b: b, reading: true}
	if l.watched = read.watched(nil); read.bad {
		l.state.Damaged("the watch list")
	}
}

func (c *coder) watched(of map[identifier]string) map[identifier]string {
	type entry struct {
		identifier
		reference string
	}
	var entries []entry
	for id, reference := range of {
		entries = append(entries, entry{id, reference})
	}
	slices.SortFunc(entries, func(a, b entry) int { return compareIdentifiers(a.identifier, b.identifier) })
	list(c, &entries, func(e *entry) { c.identifier(&e.identifier); c.str(&e.reference) })
	out := make(map[identifier]string, len(entries))
	for _, e := range entries {
		out[e.identifier] = e.reference
	}
	return out
}

// Save keeps what was linked since the last time, with how far the record was then. Before it is called the changes must be in the record.
func (l *Linker) Save(record string, change int64) error {
	var w coder
	form, at := formState, int(change)
	w.int(&form)
	w.str(&l.rules)
	w.str(&record)
	w.int(&at)
	l.state.Put([]byte{markPrefix}, w.b)
	l.record, l.change = record, change
	return l.turn()
}

// turn keeps what was written, and gives back memory. Without a mark that is later it is as good as not there: it is taken over again.
func (l *Linker) turn() error {
	if err := l.postings.Commit(); err != nil {
		return err
	}
	l.cards.turn()
	l.links.turn()
	l.compared.turn()
	for _, n := range l.near {
		n.values.turn()
	}
	return nil
}

// loadMark reads how far the state is. A state of another form, or linked by other rules, is not known.
func (l *Linker) loadMark() (ok bool) {
	b, ok := l.state.Get([]byte{markPrefix})
	if !ok {
		return false
	}
	read := coder{b: b, reading: true}
	var form, at int
	var rules string
	read.int(&form)
	read.str(&rules)
	if read.bad || form != formState || rules != l.rules {
		return false
	}
	read.str(&l.record)
	read.int(&at)
	l.change = int64(at)
	return !read.bad
}
