package network

import (
	"encoding/binary"
	"math"
	"time"

	"varde/internal/ad"
)

// formState is the version of the form in which the state is kept. A state of another form is made anew from the record.
const formState = 3

// coder writes values one after the other, or reads them in the same order: one function for both, so that they cannot part. Reading past the
// end makes it bad, and gives nothing more.
type coder struct {
	b       []byte
	reading bool
	bad     bool
}

func (c *coder) take(n int) []byte {
	if c.bad || n < 0 || n > len(c.b) {
		c.bad = true
		return nil
	}
	taken := c.b[:n]
	c.b = c.b[n:]
	return taken
}

func (c *coder) uint(v *uint64) {
	if !c.reading {
		c.b = binary.AppendUvarint(c.b, *v)
		return
	}
	n := 0
	if *v, n = binary.Uvarint(c.b); n <= 0 {
		c.bad, n, *v = true, 0, 0
	}
	c.b = c.b[n:]
}

func (c *coder) int(v *int) {
	u := uint64(*v)<<1 ^ uint64(*v>>63) // zigzag: small whether positive or negative
	c.uint(&u)
	*v = int(u>>1) ^ -int(u&1)
}

func (c *coder) str(v *string) { word(c, v) }

// word is a string of any type.
func word[T ~string](c *coder, v *T) {
	n := len(*v)
	c.int(&n)
	if c.reading {
		*v = T(c.take(n))
	} else {
		c.b = append(c.b, *v...)
	}
}

func (c *coder) float(v *float64) {
	bits := math.Float64bits(*v)
	if !c.reading {
		c.b = binary.LittleEndian.AppendUint64(c.b, bits)
	} else if b := c.take(8); b != nil {
		*v = math.Float64frombits(binary.LittleEndian.Uint64(b))
	}
}

func (c *coder) time(v *time.Time) {
	known := !v.IsZero()
	if c.flag(&known); !known {
		*v = time.Time{}
		return
	}
	seconds, nanos := int(v.Unix()), v.Nanosecond()
	c.int(&seconds)
	c.int(&nanos)
	*v = time.Unix(int64(seconds), int64(nanos)).UTC()
}

func (c *coder) flag(v *bool) {
	n := 0
	if *v {
		n = 1
	}
	c.int(&n)
	*v = n != 0
}

// list writes or reads a list; nil and empty are one.
func list[T any](c *coder, v *[]T, each func(*T)) {
	n := len(*v)
	c.int(&n)
	if c.reading {
		*v = nil
		if n < 0 || n > len(c.b) { // each takes a byte at least
			c.bad = true
			return
		}
		if n > 0 {
			*v = make([]T, n)
		}
	}
	for i := range *v {
		if c.bad {
			return
		}
		each(&(*v)[i])
	}
}

// optional writes or reads what may be nil.
func optional[T any](c *coder, v **T, each func(*T)) {
	there := *v != nil
	c.flag(&there)
	if c.reading {
		*v = nil
		if there && !c.bad {
			*v = new(T)
		}
	}
	if *v != nil {
		each(*v)
	}
}

func (c *coder) figure(v *ad.Figure) {
	c.str(&v.What)
	c.float(&v.Value)
	c.str(&v.Unit)
	c.float(&v.Compared)
	c.str(&v.Basis)
}

func (c *coder) evidence(v *ad.Evidence) {
	word(c, &v.Field)
	c.int(&v.Index)
	c.int(&v.Start)
	c.int(&v.End)
	c.str(&v.Quote)
	c.int(&v.Image)
	optional(c, &v.Figure, c.figure)
	list(c, &v.Ads, func(k *ad.Key) { word(c, k) })
	c.str(&v.Value)
}

func (c *coder) indicator(v *ad.Indicator) {
	c.str(&v.Code)
	c.float(&v.Points)
	c.float(&v.Confidence)
	list(c, &v.Evidence, c.evidence)
	word(c, &v.Note)
}

func (c *coder) value(v *ad.Value) {
	word(c, &v.Kind)
	c.float(&v.Number)
	c.float(&v.To)
	c.str(&v.Unit)
	c.str(&v.Name)
	c.str(&v.Code)
	c.evidence(&v.Evidence)
}

func (c *coder) terms(v *terms) {
	c.time(&v.at)
	c.str(&v.id)
	c.int(&v.age)
	c.str(&v.place)
	list(c, &v.money, c.value)
	c.float(&v.hours)
	c.evidence(&v.ageOn)
	c.evidence(&v.placeOn)
	c.evidence(&v.hoursOn)
}

func (c *coder) identifier(v *identifier) {
	word(c, &v.kind)
	c.str(&v.value)
}

// card is all that is remembered of an ad but its key and what linking said of it.
func (c *coder) card(v *card) {
	c.time(&v.firstSeen)
	c.time(&v.lastSeen)
	c.time(&v.latestAt)
	c.str(&v.latestID)
	c.str(&v.place)
	word(c, &v.category)
	c.str(&v.advertiser)
	c.int(&v.age)
	list(c, &v.indicators, c.indicator)
	c.time(&v.posted)
	c.str(&v.name)
	optional(c, &v.alone, c.evidence)
	c.flag(&v.agency)
	c.flag(&v.sharing)
	c.flag(&v.ownServices)
	list(c, &v.addresses, c.str)
	list(c, &v.history, c.terms)
	list(c, &v.pictures, func(s *shown) { c.str(&s.value); c.int(&s.image) })
	c.str(&v.country)
	list(c, &v.prices, c.value)
	list(c, &v.inField, c.identifier)
	list(c, &v.shows, c.identifier)
}

// posting is what a link knows of one of its ads.
func (c *coder) posting(v *posting) {
	c.time(&v.at)
	c.str(&v.place)
	c.str(&v.account)
	c.str(&v.name)
	list(c, &v.phones, c.str)
}
