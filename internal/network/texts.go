package network

import (
	"encoding/binary"
	"maps"
	"math/bits"
	"slices"

	"varde/internal/ad"
	"varde/internal/neartext"
)

// sketch is what is compared of a text; there is none where left is false: nothing, or too little, is left without boilerplate.
type sketch struct {
	neartext.Sketch
	left bool
}

// texts group near-duplicate texts.
func (l *Linker) texts() *near {
	t := &texts{near: &near{Linker: l, kind: ad.TextSig, values: newShelf[uint64, *value](mostValues)}, passages: map[uint32]passage{}}
	t.of = t
	return t.near
}

// texts group texts. What is known of passages that many ads of a site have is in memory: there are few.
type texts struct {
	*near
	noSubstitutes
	passages map[uint32]passage
}

// sketch makes a text's sketch. A signature of another version, or a damaged one, is none.
func (t *texts) sketch(v *value) bool {
	if !neartext.Current(v.sig) {
		return false
	}
	v.text.Sketch, v.text.left = neartext.SketchOf(v.sig, func(p uint32) bool { return t.passages[p].common })
	return true
}

func (t *texts) keys(v *value) (keys []key) {
	if !v.text.left {
		return nil
	}
	for _, k := range v.text.Keys() {
		keys = append(keys, key{key: k})
	}
	return keys
}

func (t *texts) alike(a, b *value) bool {
	return neartext.Alike(a.text.Sketch, b.text.Sketch, t.cfg.TextSimilarity)
}

// noSubstitutes is that no value stands for another.
type noSubstitutes struct{}

func (noSubstitutes) nearby(*value) []string   { return nil }
func (noSubstitutes) isCovered(*value) bool    { return false }
func (noSubstitutes) stoodFor(*value) []*value { return nil }
func (noSubstitutes) standIn(_, _ *value) bool { return false }
func (noSubstitutes) stand(*value)             {}
func (noSubstitutes) withdraw(*value)          {}

// Boilerplate are the sentences that a site puts under the ads of others. They are told by how often a site's ads have them, and by what surrounds
// them in a sample of the texts that do, the first by their names, which are hashes.
const sampled = neartext.Speakers

// passage is what is known of a sentence or line: on how many sites enough ads have it, whether it is left out, and the name of the last text
// that was looked at for that.
type passage struct {
	sites  int
	common bool
	last   string
}

func passageKey(prefix byte, p uint32, parts ...string) []byte {
	return stateKey(prefix, append([]string{string(binary.BigEndian.AppendUint32(nil, p))}, parts...)...)
}

func (t *texts) load() {
	for key, b := range t.state.Scan([]byte{passagePrefix}) {
		var a passage
		c := coder{b: b, reading: true}
		if c.passage(&a); c.bad || len(key) != 5 {
			t.state.Damaged("a passage")
			return
		}
		t.passages[binary.BigEndian.Uint32(key[1:])] = a
	}
}

func (c *coder) passage(a *passage) {
	c.int(&a.sites)
	c.flag(&a.common)
	c.str(&a.last)
}

// count reads a number of the state, adds to it and writes it.
func (l *Linker) count(key []byte, more int) (n int) {
	if b, ok := l.state.Get(key); ok {
		c := coder{b: b, reading: true}
		if c.int(&n); c.bad {
			l.state.Damaged("a number")
		}
	}
	if more == 0 {
		return n
	}
	if n += more; n <= 0 {
		l.state.Delete(key)
		return 0
	}
	var c coder
	c.int(&n)
	l.state.Put(key, c.b)
	return n
}

// often says whether n of a site's ads are so many that what they have in common can be the site's own. The ads are taken as a power of two, so that
// the answer seldom changes while they become more.
func (t *texts) often(n, ads int) bool {
	if n < t.cfg.BoilerplateAds {
		return false
	}
	return float64(n) >= t.cfg.Boilerplate*float64(int(1)<<(bits.Len(uint(ads))-1))
}

// counted takes down that one more ad of a site has a text, or one less, and leaves out of all texts what becomes boilerplate by it.
func (t *texts) counted(v *value, site string, more int) (touched []ad.Key) {
	ads := t.Linker.count(stateKey(sitePrefix, site), more)
	mine := map[uint32]bool{}
	for _, p := range neartext.Passages(v.sig) {
		mine[p] = true
		n := t.Linker.count(heldKey(site, p), more)
		touched = append(touched, t.judge(p, v.name, t.often(n-more, ads-more), t.often(n, ads))...)
	}
	if bits.Len(uint(ads)) == bits.Len(uint(ads-more)) {
		return touched
	}
	prefix := stateKey(heldPrefix, site, "\x00")
	changed := map[uint32]bool{}
	for key, b := range t.state.Scan(prefix) {
		n, c, p := 0, coder{b: b, reading: true}, binary.BigEndian.Uint32(key[len(prefix):])
		c.int(&n)
		if was, is := t.often(n, ads-more), t.often(n, ads); was != is && !mine[p] {
			changed[p] = is
		}
	}
	for _, p := range slices.Sorted(maps.Keys(changed)) {
		touched = append(touched, t.judge(p, v.name, !changed[p], changed[p])...)
	}
	return touched
}

func heldKey(site string, p uint32) []byte {
	return stateKey(heldPrefix, site, "\x00", string(binary.BigEndian.AppendUint32(nil, p)))
}

// judge decides anew whether a passage is boilerplate, where it is on another number of sites, or where a text that has it came or went.
func (t *texts) judge(p uint32, text string, was, is bool) (touched []ad.Key) {
	a := t.passages[p]
	before := a
	if is && !was {
		a.sites++
	} else if was && !is {
		a.sites--
	}
	switch {
	case a.sites <= 0:
		a = passage{}
	case a.last == "" || text <= a.last:
		a.common, a.last = t.boilerplate(p)
	}
	switch {
	case a == before:
		return nil
	case a.sites == 0:
		delete(t.passages, p)
		t.state.Delete(passageKey(passagePrefix, p))
	default:
		t.passages[p] = a
		var c coder
		c.passage(&a)
		t.state.Put(passageKey(passagePrefix, p), c.b)
	}
	if a.common == before.common {
		return nil
	}
	return t.reread(p)
}

// arrive takes down which passages a new text has.
func (t *texts) arrive(v *value) []ad.Key {
	for _, p := range neartext.Passages(v.sig) {
		t.state.Put(passageKey(holderPrefix, p, v.name), nil)
	}
	return nil
}

// depart takes that back of a text that is gone.
func (t *texts) depart(v *value) (touched []ad.Key) {
	for _, p := range neartext.Passages(v.sig) {
		t.state.Delete(passageKey(holderPrefix, p, v.name))
		touched = append(touched, t.judge(p, v.name, false, false)...)
	}
	return touched
}

// boilerplate looks at what surrounds a passage in a sample of the texts that have it.
func (t *texts) boilerplate(p uint32) (common bool, last string) {
	prefix := passageKey(holderPrefix, p)
	var names []string
	for key := range t.state.Scan(prefix) {
		if names = append(names, string(key[len(prefix):])); len(names) == sampled {
			break
		}
	}
	if len(names) == 0 {
		return false, ""
	}
	var sample []neartext.Sketch
	for _, name := range names {
		sig, _ := t.signatureOf(name)
		if s, ok := neartext.SketchOf(sig, func(q uint32) bool { return q == p }); ok {
			sample = append(sample, s)
		}
	}
	return neartext.Common(1, sample, 0), names[len(names)-1]
}

func (t *texts) signatureOf(name string) (sig []uint32, ok bool) {
	if v, known := t.values.get(tagOf(name)); known && v.name == name {
		return v.sig, true
	}
	b, ok := t.state.Get(t.key(signaturePrefix, name))
	if ok {
		c := coder{b: b, reading: true}
		c.signature(&sig)
	}
	return sig, ok
}

// reread groups the texts with a passage anew that has become boilerplate, or is none any longer.
func (t *texts) reread(p uint32) (touched []ad.Key) {
	prefix := passageKey(holderPrefix, p)
	var holders []*value
	for key := range t.state.Scan(prefix) {
		if v := t.get(string(key[len(prefix):])); v != nil {
			holders = append(holders, v)
		}
	}
	return t.again(holders)
}
