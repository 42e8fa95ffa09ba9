package network

import (
	"cmp"
	"encoding/binary"
	"maps"
	"slices"

	"github.com/cespare/xxhash/v2"

	"varde/internal/ad"
	"varde/internal/neartext"
	"varde/internal/picture"
	"varde/internal/postings"
)

// Bounds of the search for near-duplicates. They hold what one value costs however many are like it, and are this project's choice: of a
// text that thousands copy, any few of those found are enough to join the group.
const (
	// mostInBucket values are kept of those that have a key in common, the first by their tags, which are hashes (neartext.Speakers).
	mostInBucket = neartext.Speakers
	// mostTried values are compared with one in full, those with most keys in common first.
	mostTried = 64
)

// near groups the near-duplicate values of one kind: those that are alike, and those alike to them, are one link, named by the smallest. Which
// are candidates follows from the keys that two values have in common, so that groups do not depend on the order in which values came.
type near struct {
	*Linker
	kind ad.Kind
	// values are those used last, by their tags.
	values *shelf[uint64, *value]
	of     material
}

// material is what texts and pictures each have of their own.
type material interface {
	// load fills what is in memory.
	load()
	// sketch makes what is compared of a value's signature; it is not ok where that cannot be read.
	sketch(*value) (ok bool)
	// keys are what values alike to it have in common with it; nearby names further candidates. Of a value that is not compared there are none,
	// which is not the same as an empty list. The look of a key must be alike, too, where not every equal key counts.
	keys(*value) []key
	nearby(*value) []string
	alike(a, b *value) bool
	// arrive and depart are told of values that are new or gone, before and after they are grouped, counted of each ad of a site more or less that
	// shows a value. What they touch is returned.
	arrive(*value) []ad.Key
	depart(*value) []ad.Key
	counted(v *value, site string, more int) []ad.Key
	substitutes
}

// substitutes say which values stand for others, so that these need no keys. What stands for what depends on the values alone.
type substitutes interface {
	isCovered(*value) bool
	// stoodFor are those that one stands for; standIn takes the keys from one of them where a new value stands for it, if that changes no group but
	// by the new value's coming.
	stoodFor(*value) []*value
	standIn(v, of *value) bool
	// stand and withdraw are told of values that are put into a group or taken out.
	stand(*value)
	withdraw(*value)
}

// key is what a value is looked up by.
type key struct{ key, look uint64 }

// value is a text or a picture.
type value struct {
	name string
	// group is that of the value, "" while it is put into one.
	group string
	// ads is how many ads show it.
	ads int
	// covered says that another value stands for it.
	covered bool
	sig     []uint32
	text    sketch
	shot    shot
	// made are a picture's keys, while it is new.
	made []key
}

func (n *near) key(prefix byte, parts ...string) []byte {
	return stateKey(prefix, append([]string{string(n.kind), "\x00"}, parts...)...)
}

// get is a value that is known, nil where it is not.
func (n *near) get(name string) *value {
	if v, ok := n.values.get(tagOf(name)); ok && v.name == name {
		return v
	}
	b, ok := n.state.Get(n.key(valuePrefix, name))
	if !ok {
		return nil
	}
	v := &value{name: name}
	c := coder{b: b, reading: true}
	c.state(v)
	if b, ok = n.state.Get(n.key(signaturePrefix, name)); ok {
		c.b = b
		c.signature(&v.sig)
	}
	if !ok || c.bad || !n.of.sketch(v) {
		n.state.Damaged("a text or a picture")
		return nil
	}
	n.values.put(tagOf(name), v)
	return v
}

func (n *near) keep(v *value) {
	var c coder
	c.state(v)
	n.state.Put(n.key(valuePrefix, v.name), c.b)
}

// state is what is kept of a value beside its signature.
func (c *coder) state(v *value) {
	c.str(&v.group)
	c.int(&v.ads)
	c.flag(&v.covered)
}

// signature is a list of values of four bytes.
func (c *coder) signature(v *[]uint32) {
	if !c.reading {
		for _, x := range *v {
			c.b = binary.LittleEndian.AppendUint32(c.b, x)
		}
		return
	}
	*v = make([]uint32, len(c.b)/4)
	for i := range *v {
		(*v)[i] = binary.LittleEndian.Uint32(c.b[4*i:])
	}
}

// bare begins the group of a value that is not compared: it stands for itself and links nothing.
const bare = "~"

// groupOf is the group of a value that an ad shows.
func (n *near) groupOf(name string) string {
	if v := n.get(name); v != nil {
		return v.group
	}
	return bare + name // the state is damaged, which is known
}

// add takes a value that one more ad shows, and returns the ads to which that matters. It is not ok where it cannot be compared.
func (n *near) add(name string, sig []uint32, site string) (touched []ad.Key, ok bool) {
	v := n.get(name)
	if v != nil {
		v.ads++
		n.keep(v)
		return n.of.counted(v, site, 1), true
	}
	v = &value{name: name, ads: 1, sig: sig}
	if !n.of.sketch(v) {
		return nil, false
	}
	var c coder
	c.signature(&v.sig)
	n.state.Put(n.key(signaturePrefix, name), c.b)
	n.state.Put(n.tagKey(tagOf(name)), []byte(name))
	n.values.put(tagOf(name), v)
	touched = append(n.of.arrive(v), n.of.counted(v, site, 1)...)
	n.of.sketch(v) // by what is boilerplate now
	covers := slices.DeleteFunc(n.of.stoodFor(v), func(o *value) bool { return n.of.standIn(v, o) })
	touched = append(touched, n.again(covers)...)
	touched = append(touched, n.enter(v)...)
	v.made = nil
	return touched, true
}

// remove takes back that an ad shows a value.
func (n *near) remove(name, site string) (touched []ad.Key) {
	v := n.get(name)
	if v == nil {
		return nil
	}
	if v.ads--; v.ads > 0 {
		n.keep(v)
		return n.of.counted(v, site, -1)
	}
	covers := n.of.stoodFor(v)
	touched = n.leave(v)
	touched = append(touched, n.of.depart(v)...)
	touched = append(touched, n.again(covers)...)
	touched = append(touched, n.of.counted(v, site, -1)...)
	n.state.Delete(n.key(valuePrefix, name))
	n.state.Delete(n.key(signaturePrefix, name))
	n.state.Delete(n.tagKey(tagOf(name)))
	n.values.drop(tagOf(name))
	return touched
}

// enter puts a value into the group of what is alike to it, joining groups where it is alike to several.
func (n *near) enter(v *value) (touched []ad.Key) {
	v.covered = n.of.isCovered(v)
	keys := n.of.keys(v)
	if keys == nil {
		v.group = bare + v.name
		n.keep(v)
		return nil
	}
	v.group = ""
	joined := map[string]bool{}
	full := n.try(v, keys, func(o *value) bool { return !joined[o.group] }, func(o *value) { joined[o.group] = true })
	v.group = v.name
	for group := range joined {
		v.group = min(v.group, group)
	}
	for _, group := range slices.Sorted(maps.Keys(joined)) {
		if len(joined) > 1 || group != v.group {
			touched = append(touched, n.adsOf(n.linkOf(identifier{n.kind, group}))...)
		}
		if group != v.group {
			n.rename(group, v.group)
		}
	}
	n.keep(v)
	n.state.Put(n.key(memberPrefix, v.group, "\x00", v.name), nil)
	tag := tagOf(v.name)
	for i, k := range keys {
		if !full[i] {
			n.postings.Put(n.hash(k.key), postings.Entry{Tag: tag, Look: k.look})
		}
	}
	n.of.stand(v)
	return touched
}

// try compares a value with the candidates that ask says so of, and calls found for those alike. It returns which of the keys have so many values
// before it that it need not be found by them.
func (n *near) try(v *value, keys []key, ask func(*value) bool, found func(*value)) (full []bool) {
	common, mine := map[uint64]int{}, tagOf(v.name)
	full = make([]bool, len(keys))
	for i, k := range keys {
		n.holders = n.postings.Find(n.hash(k.key), n.holders[:0])
		full[i] = len(n.holders) == mostInBucket && n.holders[mostInBucket-1].Tag < mine
		for _, h := range n.holders {
			if n.kind != ad.PHash || picture.LooksAlike(k.look, h.Look) {
				common[h.Tag]++
			}
		}
	}
	also := map[uint64]string{}
	for _, name := range n.of.nearby(v) {
		tag := tagOf(name)
		also[tag] = name
		common[tag] += len(keys) + 1
	}
	delete(common, mine)
	tags := slices.SortedFunc(maps.Keys(common), func(a, b uint64) int { return cmp.Or(cmp.Compare(common[b], common[a]), cmp.Compare(a, b)) })
	for tried := 0; len(tags) > 0 && tried < mostTried; tags = tags[1:] {
		o := n.candidate(tags[0], also[tags[0]])
		if o == nil || o.group == "" || !ask(o) {
			continue
		}
		tried++
		if n.of.alike(v, o) {
			found(o)
		}
	}
	return full
}

// rename gives a group another name, which may be one that there is.
func (n *near) rename(from, to string) {
	for _, name := range n.members(from) {
		n.move(name, to)
	}
	old, into := identifier{n.kind, from}, identifier{n.kind, to}
	via, prefix := &link{kind: n.kind, value: to}, postingKey(&link{kind: n.kind, value: from}, "")
	type entry struct {
		key   ad.Key
		value []byte
	}
	var all []entry
	for key, value := range n.state.Scan(prefix) {
		all = append(all, entry{ad.Key(key[len(prefix):]), slices.Clone(value)})
	}
	for _, e := range all {
		n.state.Delete(append(slices.Clip(prefix), e.key...))
		n.state.Put(postingKey(via, e.key), e.value)
	}
	n.links.drop(old)
	n.links.drop(into)
}

// move makes a value a member of another group.
func (n *near) move(name, to string) {
	v := n.get(name)
	if v == nil {
		return
	}
	n.state.Delete(n.key(memberPrefix, v.group, "\x00", name))
	v.group = to
	n.keep(v)
	n.state.Put(n.key(memberPrefix, to, "\x00", name), nil)
}

// members are the values of a group, sorted.
func (n *near) members(group string) (names []string) {
	prefix := n.key(memberPrefix, group, "\x00")
	for key := range n.state.Scan(prefix) {
		names = append(names, string(key[len(prefix):]))
	}
	return names
}

// leave takes a value out of its group. What only it held together falls apart.
func (n *near) leave(v *value) (touched []ad.Key) {
	keys, group := n.of.keys(v), v.group
	if keys == nil || group == "" {
		v.group = ""
		return nil
	}
	var beside []string
	n.try(v, keys, func(o *value) bool { return o.group == group }, func(o *value) { beside = append(beside, o.name) })
	for _, k := range keys {
		n.postings.Delete(n.hash(k.key), tagOf(v.name))
	}
	n.of.withdraw(v)
	n.state.Delete(n.key(memberPrefix, group, "\x00", v.name))
	v.group = ""
	n.keep(v)
	rest := n.members(group)
	if len(rest) == 0 || group != v.name && n.together(beside) {
		return nil
	}
	return n.regroup(group, rest)
}

// together says whether values of one group hang together.
func (n *near) together(names []string) bool {
	if len(names) < 2 {
		return true
	}
	reached := n.reach(names[0], func(all map[string]bool) bool {
		return !slices.ContainsFunc(names, func(name string) bool { return !all[name] })
	})
	return !slices.ContainsFunc(names, func(name string) bool { return !reached[name] })
}

// reach is what hangs together with a value, or as much of it as is enough.
func (n *near) reach(from string, enough func(map[string]bool) bool) map[string]bool {
	all, queue := map[string]bool{from: true}, []string{from}
	for i := 0; i < len(queue) && !enough(all); i++ {
		v := n.get(queue[i])
		if v == nil {
			continue
		}
		n.try(v, n.of.keys(v), func(o *value) bool { return o.group == v.group && !all[o.name] }, func(o *value) {
			all[o.name] = true
			queue = append(queue, o.name)
		})
	}
	return all
}

// regroup makes the groups of the values of a former one.
func (n *near) regroup(group string, names []string) (touched []ad.Key) {
	touched = n.clear(n.linkOf(identifier{n.kind, group}))
	done := map[string]bool{}
	var groups [][]string
	for _, name := range names { // sorted: the first of each group names it
		if done[name] {
			continue
		}
		reached := n.reach(name, func(map[string]bool) bool { return false })
		for other := range reached {
			done[other] = true
		}
		groups = append(groups, slices.Sorted(maps.Keys(reached)))
	}
	for _, members := range groups {
		for _, name := range members {
			n.move(name, members[0])
		}
	}
	return append(touched, n.spreadAll(touched)...)
}

// again takes values out of their groups and puts them into those where they belong now. Ads are moved only where a value does not come back to
// those with which it was.
func (n *near) again(values []*value) (touched []ad.Key) {
	if len(values) == 0 {
		return nil
	}
	slices.SortFunc(values, func(a, b *value) int { return cmp.Compare(a.name, b.name) })
	moving := map[string]bool{}
	for _, v := range values {
		moving[v.name] = true
	}
	was, stays := map[*value]string{}, map[string]string{} // the group of a value, and of a group one that stays
	for _, v := range values {
		if was[v] = v.group; v.group == "" { // only just coming
			continue
		}
		if _, known := stays[v.group]; !known {
			stays[v.group] = n.member(v.group, moving)
		}
	}
	var ads []ad.Key // to be put into their links at the end
	for _, v := range values {
		ads = append(ads, n.leave(v)...)
	}
	for _, v := range values {
		n.of.sketch(v)
		touched = append(touched, n.enter(v)...)
	}
	left := map[string]bool{} // links in which ads may be that belong to others
	for _, v := range values {
		if was[v] == "" {
			continue
		}
		now := was[v]
		if stays := stays[was[v]]; stays != "" {
			now = n.groupOf(stays)
		}
		if v.group != now {
			left[now], left[was[v]] = true, true
		}
	}
	for _, group := range slices.Sorted(maps.Keys(left)) {
		ads = append(ads, n.clear(n.linkOf(identifier{n.kind, group}))...)
	}
	slices.Sort(ads)
	ads = slices.Compact(ads)
	return append(append(touched, ads...), n.spreadAll(ads)...)
}

// member is a value of a group, other than some, "" where there is none.
func (n *near) member(group string, but map[string]bool) string {
	prefix := n.key(memberPrefix, group, "\x00")
	for key := range n.state.Scan(prefix) {
		if name := string(key[len(prefix):]); !but[name] {
			return name
		}
	}
	return ""
}

// clear takes all ads out of a link, and returns them.
func (l *Linker) clear(via *link) (ads []ad.Key) {
	ads = l.adsOf(via)
	for _, key := range ads {
		l.state.Delete(postingKey(via, key))
	}
	l.links.drop(identifier{via.kind, via.value})
	return ads
}

// spreadAll puts ads into their links.
func (l *Linker) spreadAll(keys []ad.Key) (touched []ad.Key) {
	for _, key := range keys {
		if c := l.known(key); c != nil {
			touched = append(touched, l.spread(c)...)
		}
	}
	return touched
}

// hash is a key among those of other kinds.
func (n *near) hash(key uint64) uint64 {
	if n.kind == ad.PHash {
		return key
	}
	return key * 0x9e3779b97f4a7c15
}

// tagOf names a value in few bytes. Of two with one tag, of which none are expected among billions, one is not found by its keys.
func tagOf(name string) uint64 { return xxhash.Sum64String(name) &^ 1 }

func (n *near) tagKey(tag uint64) []byte {
	return n.key(tagPrefix, string(binary.BigEndian.AppendUint64(nil, tag)))
}

// candidate is the value that a tag names, and whose name may be known, nil where there is none.
func (n *near) candidate(tag uint64, name string) *value {
	if name != "" {
		return n.get(name)
	}
	if v, ok := n.values.get(tag); ok {
		return v
	}
	b, ok := n.state.Get(n.tagKey(tag))
	if !ok {
		return nil
	}
	return n.get(string(b))
}

// names is a list of names in the state.
func (l *Linker) names(key []byte) (names []string) {
	b, ok := l.state.Get(key)
	if !ok {
		return nil
	}
	c := coder{b: b, reading: true}
	if list(&c, &names, c.str); c.bad {
		l.state.Damaged("a list of texts or pictures")
	}
	return names
}

func (l *Linker) putNames(key []byte, names []string) {
	if len(names) == 0 {
		l.state.Delete(key)
		return
	}
	var c coder
	list(&c, &names, c.str)
	l.state.Put(key, c.b)
}
