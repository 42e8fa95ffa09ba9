package network

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"strconv"

	"varde/internal/ad"
	"varde/internal/graph"
	"varde/internal/picture"
)

// shown is a picture of an ad's latest version, with its number there.
type shown struct {
	value string
	image int
}

// picturesOf are the pictures of a finding, in their order.
func picturesOf(f *ad.Finding) (list []shown) {
	for _, id := range f.Identifiers {
		if id.Kind == ad.PHash && len(id.Evidence) > 0 {
			list = append(list, shown{id.Value, id.Evidence[0].Image})
		}
	}
	return list
}

// shot is what is compared of a picture: its perceptual hash, and its fingerprint where there is one.
type shot struct {
	hash  uint64
	print *picture.Fingerprint
}

// hashDigits is how long the perceptual hash at the start of a picture's value is.
const hashDigits = 16

// pictures group the pictures that are one: those whose perceptual hashes are near, and altered copies by what stands out in them.
func (l *Linker) pictures() *near {
	p := &pictures{near: &near{Linker: l, kind: ad.PHash, values: newShelf[uint64, *value](mostValues)},
		hashes: graph.NewHamming(l.cfg.PictureDistance), first: graph.NewHamming(picture.SurelyNear)}
	p.of = p
	return p.near
}

// pictures group pictures. Of those with one perceptual hash, or hashes that differ in a few bits only, one stands for the others: that with the
// smallest name among those that have a fingerprint. It alone is found by keys, and altered copies of it stand for altered copies of them.
type pictures struct {
	*near
	// hashes are all perceptual hashes, first those of pictures for which no other stands. They are in memory: 54 bytes for each.
	hashes, first *graph.Hamming
}

// keys are none for a picture for which another stands.
func (p *pictures) keys(v *value) []key {
	keys := []key{}
	switch {
	case v.shot.print == nil || v.covered:
		return keys
	case v.made != nil:
		return v.made
	}
	all, looks := v.shot.print.KeysAndLooks()
	for i, k := range all {
		keys = append(keys, key{k, looks[i]})
	}
	return keys
}

func (p *pictures) alike(a, b *value) bool {
	return picture.Near(a.shot.hash, b.shot.hash, a.shot.print, b.shot.print, p.cfg.PictureDistance) ||
		a.shot.print != nil && b.shot.print != nil && picture.Same(a.shot.print, b.shot.print)
}

// nearby are pictures with near hashes: of very many those with the smallest hashes, half of them the surely near.
func (p *pictures) nearby(v *value) (names []string) {
	all := p.hashes.Near(v.shot.hash)
	slices.Sort(all)
	surely, maybe := mostInBucket, mostInBucket
	for _, hash := range all {
		most := &maybe
		if surelyNear(hash, v.shot.hash) {
			most = &surely
		}
		if *most == 0 {
			continue
		}
		*most--
		names = append(names, p.hashed(hash)...)
	}
	return names
}

func surelyNear(a, b uint64) bool { return bits.OnesCount64(a^b) <= picture.SurelyNear }

// isCovered says whether another picture stands for one, which also holds for one without a fingerprint: it has no keys that others could lack.
func (p *pictures) isCovered(v *value) bool {
	if !hasPrint(v.name) || p.leader(v.shot.hash) < v.name {
		return true
	}
	return p.under(v.shot.hash, v.shot.hash)
}

// under says whether a picture with a smaller hash, other than one, can stand for those with a hash.
func (p *pictures) under(hash, other uint64) bool {
	return slices.ContainsFunc(p.hashes.Near(hash), func(h uint64) bool {
		return h < hash && h != other && surelyNear(h, hash) && p.leader(h) != ""
	})
}

// stoodFor are the pictures for which one stands, and no other. It is asked of one that is there.
func (p *pictures) stoodFor(v *value) (list []*value) {
	names := p.printed(v.shot.hash)
	if len(names) == 0 || names[0] != v.name {
		return nil
	}
	add := func(name string) {
		if o := p.get(name); name != "" && o != nil {
			list = append(list, o)
		}
	}
	if len(names) > 1 {
		if !p.under(v.shot.hash, v.shot.hash) { // the next one is the first without it
			add(names[1])
		}
		return list
	}
	for _, hash := range p.hashes.Near(v.shot.hash) {
		if hash > v.shot.hash && surelyNear(hash, v.shot.hash) && (p.first.Has(hash) || !p.under(hash, v.shot.hash)) {
			add(p.leader(hash))
		}
	}
	return list
}

// standIn lets a picture, which is not grouped yet, stand for another that had keys, where everything that is found by the other's keys is found by
// its own: then what the other's keys held together stays together, and nothing need be grouped anew.
func (p *pictures) standIn(v, o *value) bool {
	if o.group == "" || o.covered || p.isCovered(v) || !slices.Contains(p.nearby(v), o.name) {
		return false
	}
	v.made = p.keys(v)
	keys, mine := p.keys(o), make(map[uint64]uint64, len(v.made))
	for _, k := range v.made {
		mine[k.key] = k.look
	}
	common := map[uint64]bool{} // whether it has a key of the new one, too
	for _, k := range keys {
		look, shared := mine[k.key]
		p.holders = p.postings.Find(p.hash(k.key), p.holders[:0])
		for _, h := range p.holders {
			if picture.LooksAlike(k.look, h.Look) {
				common[h.Tag] = common[h.Tag] || shared && picture.LooksAlike(look, h.Look)
			}
		}
	}
	delete(common, tagOf(o.name))
	if len(common) > mostTried {
		return false
	}
	for tag, byKey := range common {
		c := p.candidate(tag, "")
		if c == nil || !p.alike(o, c) {
			continue
		}
		if byHash := bits.OnesCount64(v.shot.hash^c.shot.hash) <= p.cfg.PictureDistance; !byKey && !byHash || !p.alike(v, c) {
			return false
		}
	}
	for _, k := range keys {
		p.postings.Delete(p.hash(k.key), tagOf(o.name))
	}
	p.withdraw(o)
	o.covered = true
	p.keep(o)
	return true
}

func hashKey(hash uint64) []byte {
	return binary.BigEndian.AppendUint64([]byte{hashPrefix}, hash)
}

func (p *pictures) counted(*value, string, int) []ad.Key { return nil }

// hashed are the pictures with a perceptual hash, sorted.
func (p *pictures) hashed(hash uint64) []string { return p.names(hashKey(hash)) }

// printed are those of them that have a fingerprint, leader the first of these, "" where there is none.
func (p *pictures) printed(hash uint64) []string {
	return slices.DeleteFunc(p.hashed(hash), func(name string) bool { return !hasPrint(name) })
}

func (p *pictures) leader(hash uint64) string {
	if names := p.printed(hash); len(names) > 0 {
		return names[0]
	}
	return ""
}

// hasPrint says whether a picture's value names a fingerprint.
func hasPrint(name string) bool { return len(name) > hashDigits }

// arrive takes down the hash of a new picture.
func (p *pictures) arrive(v *value) []ad.Key {
	names := p.hashed(v.shot.hash)
	if len(names) == 0 {
		p.hashes.Put(v.shot.hash)
	}
	at, _ := slices.BinarySearch(names, v.name)
	p.putNames(hashKey(v.shot.hash), slices.Insert(names, at, v.name))
	return nil
}

// depart takes that back of a picture that is gone.
func (p *pictures) depart(v *value) []ad.Key {
	names := p.hashed(v.shot.hash)
	if len(names) == 1 {
		p.hashes.Delete(v.shot.hash)
	}
	if at, known := slices.BinarySearch(names, v.name); known {
		p.putNames(hashKey(v.shot.hash), slices.Delete(names, at, at+1))
	}
	return nil
}

// stand and withdraw take down for which pictures no other stands.
func (p *pictures) stand(v *value) {
	if !v.covered {
		p.first.Put(v.shot.hash)
	}
}

func (p *pictures) withdraw(v *value) {
	if !v.covered {
		p.first.Delete(v.shot.hash)
	}
}

// sketch reads a picture's value. A fingerprint that cannot be read is as good as none: the hash alone still tells.
func (p *pictures) sketch(v *value) bool {
	if len(v.name) < hashDigits {
		return false
	}
	hash, err := strconv.ParseUint(v.name[:hashDigits], 16, 64)
	if err != nil {
		return false
	}
	print, err := picture.FromSignature(v.sig)
	if err != nil {
		print = nil
	}
	v.shot = shot{hash, print}
	return true
}

func (p *pictures) load() {
	for key := range p.state.Scan([]byte{hashPrefix}) {
		p.hashes.Put(binary.BigEndian.Uint64(key[1:]))
	}
	prefix := p.key(valuePrefix, "")
	for key, b := range p.state.Scan(prefix) {
		v, c := &value{name: string(key[len(prefix):])}, coder{b: b, reading: true}
		c.state(v)
		if p.sketch(v); !v.covered {
			p.first.Put(v.shot.hash)
		}
	}
}
