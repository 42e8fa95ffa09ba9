package network

import (
	"varde/internal/ad"
	"varde/internal/picture"
)

// Pictures altered so as not to be matched. These numbers bound the work and are this project's choice.
const (
	// mostCompared ads of one picture are compared with each other, in the order of their first use.
	mostCompared = 16
	// mostAltered is how many pairs of ads of one picture are told.
	mostAltered = 20
)

// readAltered reads N05: two ads that share no contact show one picture, altered in one of them and in no way as it is in the other. Sites crop
// and frame what is sent to them, and phones turn pictures: that counts within one site only, where both went through the same mill. Who
// crops a picture for another ad under the same phone does not hide.
func (s *survey) readAltered(via *link, cards []*card) {
	if via.kind != ad.PHash {
		return
	}
	told := 0
	cards = cards[:min(len(cards), mostCompared)]
	for i, one := range cards {
		for _, other := range cards[i+1:] {
			if told == mostAltered {
				return
			}
			if p, ok := s.altered(via, one, other); ok && !s.shareContact(one, other) {
				s.add(p)
				told++
			}
		}
	}
}

func (s *survey) shareContact(a, b *card) bool {
	for _, via := range s.of[a] {
		if !isContact(via.kind) || s.hub(via) {
			continue
		}
		for _, other := range s.of[b] {
			if via == other {
				return true
			}
		}
	}
	return false
}

// altered compares the pictures of a group that two ads show.
func (s *survey) altered(via *link, a, b *card) (p piece, ok bool) {
	for _, x := range a.pictures {
		for _, y := range b.pictures {
			if n := s.near[ad.PHash]; n.groupOf(x.value) != via.value || n.groupOf(y.value) != via.value {
				continue
			}
			how, plain := s.howAltered(x.value, y.value)
			if plain {
				return p, false
			}
			if what := alteration(how, a.key.Site() == b.key.Site()); what != "" && !ok {
				ok = true
				p = piece{code: "N05", via: via, on: []*card{a, b}, what: what, figure: float64(x.image), compared: float64(y.image)}
			}
		}
	}
	return p, ok
}

// alteration names what was done to a picture, "" where it does not count.
func alteration(how picture.Likeness, oneSite bool) string {
	switch {
	case how.Mirrored:
		return "mirrored"
	case !oneSite:
	case how.Turned:
		return "turned"
	case how.Framed:
		return "framed"
	case how.Cropped:
		return "cropped"
	}
	return ""
}

// howAltered says how two pictures of one group differ: plain where they do not, but for size, quality and light. Of pictures that are of
// one group only by way of others, and of those without fingerprints, it says nothing.
func (s *survey) howAltered(x, y string) (how picture.Likeness, plain bool) {
	if x == y {
		return how, true
	}
	key := [2]string{min(x, y), max(x, y)}
	if known, ok := s.compared.get(key); ok {
		return known.Likeness, known.plain
	}
	a, b := s.near[ad.PHash].get(x), s.near[ad.PHash].get(y)
	switch {
	case a == nil || b == nil:
	case picture.Near(a.shot.hash, b.shot.hash, a.shot.print, b.shot.print, s.cfg.PictureDistance):
		plain = true
	case a.shot.print != nil && b.shot.print != nil:
		same := false
		how, same = picture.Compare(a.shot.print, b.shot.print)
		plain = same && how == picture.Likeness{}
	}
	s.compared.put(key, comparison{how, plain})
	return how, plain
}

// comparison is how two pictures differ.
type comparison struct {
	picture.Likeness
	plain bool
}
