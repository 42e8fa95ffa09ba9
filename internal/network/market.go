package network

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"varde/internal/ad"
)

// The market is what ads of one category ask, for one length of time in one currency, in one place and calendar month. S12 is a price
// far under its median; where a place has too few ads the country's are compared.
const (
	// leastMarket is how many ads a market needs to say what is usual.
	leastMarket = 20
	// farUnder is the robust z below which a price is far under: (x - median) / (1.4826 · MAD); 1.4826 makes the MAD of normal
	// values their standard deviation.
	farUnder = -2
	madScale = 1.4826
	// leastMAD is the floor of the MAD as a share of the median: where nearly all ask the same, a tenth less is nothing.
	leastMAD = 0.1
)

// marketUnits are the lengths of time that are compared.
var marketUnits = []string{"quarter", "half_hour", "hour", "night"}

// marketKey names a market; a country's has no place.
type marketKey struct {
	category             ad.Category
	country, place, unit string // unit is currency/time
	month                string
}

func (k marketKey) String() string {
	return strings.Join([]string{string(k.category), k.country, k.place, k.unit, k.month}, "\x1f")
}

// market is how many ads of one key ask which price, with what was last made of them.
type market struct {
	key    marketKey
	prices map[float64]int
	usual  usual
	// changed says that offers came or went since usual was made.
	changed bool
}

// usual is what a market shows: rounded, so that it stays the same while ads come, and an ad is told again rarely.
type usual struct {
	ads           int // 0 where they are too few
	median, limit float64
}

// offer is the lowest price of an ad for one length of time.
type offer struct {
	price ad.Value
	// in is the market of the place, national the country's; in has no unit where the ad names no place.
	in, national marketKey
}

// markets are the markets that were looked at.
type markets struct {
	*Linker
	of      map[marketKey]*market
	changed []*market
}

func (m *markets) get(key marketKey) *market {
	one := m.of[key]
	if one != nil {
		return one
	}
	one = &market{key: key, prices: map[float64]int{}}
	if b, ok := m.state.Get(stateKey(marketPrefix, key.String())); ok {
		c := coder{b: b, reading: true}
		if c.prices(one.prices); c.bad {
			m.state.Damaged("a market")
		}
	}
	one.usual = one.measure()
	m.of[key] = one
	return one
}

func (c *coder) prices(of map[float64]int) {
	keys := slices.Sorted(maps.Keys(of))
	list(c, &keys, func(price *float64) {
		n := of[*price]
		c.float(price)
		c.int(&n)
		of[*price] = n
	})
}

func offerKey(key marketKey, price float64, of ad.Key) []byte {
	return stateKey(offerPrefix, key.String(), "\x00", sortable(price), string(of))
}

// put adds an ad's offer to a market, or takes it away.
func (m *markets) put(key marketKey, of ad.Key, price float64, more int) {
	if key.unit == "" {
		return
	}
	one := m.get(key)
	if one.prices[price] += more; one.prices[price] <= 0 {
		delete(one.prices, price)
	}
	if more > 0 {
		m.state.Put(offerKey(key, price, of), nil)
	} else {
		m.state.Delete(offerKey(key, price, of))
	}
	if !one.changed {
		one.changed = true
		m.changed = append(m.changed, one)
	}
}

// offersOf are an ad's places in the markets.
func (c *card) offersOf() []offer {
	if c.offers != nil || c.category != ad.SexualServices && c.category != ad.Massage {
		return c.offers
	}
	month := c.at().UTC().Format("2006-01")
	for _, v := range c.prices {
		o := offer{price: v, national: marketKey{category: c.category, country: c.country, unit: v.Unit, month: month}}
		if c.place != "" {
			o.in = o.national
			o.in.place = c.place
		}
		c.offers = append(c.offers, o)
	}
	return c.offers
}

// move takes an ad from the markets in which it was to those in which it is.
func (m *markets) move(of ad.Key, was, is []offer) {
	same := func(a, b offer) bool {
		return a.in == b.in && a.national == b.national && a.price.Number == b.price.Number
	}
	if slices.EqualFunc(was, is, same) {
		return
	}
	for _, o := range was {
		m.put(o.in, of, o.price.Number, -1)
		m.put(o.national, of, o.price.Number, -1)
	}
	for _, o := range is {
		m.put(o.in, of, o.price.Number, 1)
		m.put(o.national, of, o.price.Number, 1)
	}
}

// settle makes the markets that changed anew and returns the other ads whose answer or shown figures that can change.
func (m *markets) settle() (touched []ad.Key) {
	for _, one := range m.changed {
		was := one.usual
		one.usual = one.measure()
		one.changed = false
		var c coder
		c.prices(one.prices)
		m.state.Put(stateKey(marketPrefix, one.key.String()), c.b)
		if one.usual == was {
			continue
		}
		limit := max(was.limit, one.usual.limit)
		opened := (was.ads == 0) != (one.usual.ads == 0) && one.key.place != "" // from then on they are compared with another market
		prefix := stateKey(offerPrefix, one.key.String(), "\x00")
		for key := range m.state.Scan(prefix) {
			price, of := key[len(prefix):][:8], key[len(prefix)+8:]
			if !opened && string(price) >= sortable(limit) {
				break
			}
			touched = append(touched, ad.Key(of))
		}
	}
	m.changed = m.changed[:0]
	return touched
}

// measure makes what a market shows of its offers.
func (one *market) measure() usual {
	ads := 0
	for _, n := range one.prices {
		ads += n
	}
	if ads < leastMarket {
		return usual{}
	}
	median := medianOf(one.prices, ads)
	apart := make(map[float64]int, len(one.prices))
	for p, n := range one.prices {
		apart[math.Abs(p-median)] += n
	}
	mad := max(medianOf(apart, ads), leastMAD*median)
	return usual{ads: roundedCount(ads), median: twoDigits(median), limit: twoDigits(median + farUnder*madScale*mad)}
}

// medianOf is the median of values that occur so often.
func medianOf(count map[float64]int, n int) float64 {
	var low float64
	seen, first := 0, true
	for _, v := range slices.Sorted(maps.Keys(count)) {
		seen += count[v]
		if first && seen > (n-1)/2 {
			low, first = v, false
		}
		if seen > n/2 {
			return (low + v) / 2
		}
	}
	return low
}

// roundedCount rounds down to 20, 50, 100, 200, 500 …
func roundedCount(n int) int {
	for step := 10; ; step *= 10 {
		switch {
		case n < 2*step:
			return step
		case n < 5*step:
			return 2 * step
		case n < 10*step:
			return 5 * step
		}
	}
}

// twoDigits rounds to two digits that count, so that 2 437 is 2 400; less than nothing is nothing.
func twoDigits(f float64) float64 {
	if f <= 0 {
		return 0
	}
	scale := math.Pow(10, math.Floor(math.Log10(f))-1)
	return math.Round(f/scale) * scale
}

// own are the indicators of an ad itself: those of its finding, its price against the market, and what changed between its versions.
func (l *Linker) own(c *card) []ad.Indicator {
	out := append(c.said(), c.changed()...)
	var on []ad.Evidence
	for _, o := range c.offersOf() {
		of := l.markets.get(o.national)
		if o.in.unit != "" {
			if in := l.markets.get(o.in); in.usual.ads > 0 {
				of = in
			}
		}
		if o.price.Number >= of.usual.limit {
			continue
		}
		e := o.price.Evidence
		where := cmp.Or(of.key.place, of.key.country)
		e.Figure = &ad.Figure{What: "price", Value: o.price.Number, Unit: o.price.Unit, Compared: of.usual.median,
			Basis: fmt.Sprintf("%s, %s, n ≥ %d", where, of.key.month, of.usual.ads)}
		on = append(on, e)
	}
	if len(on) == 0 {
		return out
	}
	return append(out, ad.Indicator{Code: "S12", Confidence: 1, Evidence: on})
}

// said are the indicators of the ad's own words. What a salon of massage is by its nature, a house that speaks of its several masseurs and has a
// reception, says little of one that openly is a salon.
func (c *card) said() []ad.Indicator {
	if c.category != ad.Massage || !c.agency {
		return slices.Clip(c.indicators)
	}
	out := slices.Clone(c.indicators)
	for i := range out {
		if slices.Contains([]string{"S07", "S08", "S10"}, out[i].Code) {
			out[i].Confidence *= openSalon
		}
	}
	return out
}

// offered are the lowest prices of a finding for each length of time that is compared, in the order of their units.
func offered(f *ad.Finding) (out []ad.Value) {
	field := len(f.Sighting.Prices) > 0 // what the ad's fields give wins over its text
	for _, v := range f.Values {
		_, time, _ := strings.Cut(v.Unit, "/")
		if v.Kind != ad.PriceValue || v.Number <= 0 || !slices.Contains(marketUnits, time) || (v.Evidence.Field == ad.FieldPrices) != field {
			continue
		}
		if i := slices.IndexFunc(out, func(o ad.Value) bool { return o.Unit == v.Unit }); i < 0 {
			out = append(out, v)
		} else if v.Number < out[i].Number {
			out[i] = v
		}
	}
	slices.SortFunc(out, func(a, b ad.Value) int { return strings.Compare(a.Unit, b.Unit) })
	return out
}

// Thresholds of N12: a list of prices that is no chance, under more names than friends are.
const (
	leastTariff         = 3
	leastTariffPersonas = 4
)

// tariff is the list of prices of an ad in one spelling, "" for one that is too short to tell.
func tariff(prices []ad.Value) string {
	if len(prices) < leastTariff {
		return ""
	}
	lines := make([]string, len(prices))
	for i, v := range prices {
		lines[i] = fmt.Sprintf("%g %s", v.Number, v.Unit)
	}
	return strings.Join(lines, ", ")
}

// readTariffs reads N12: one list of prices under several personas.
func (s *survey) readTariffs() {
	by := map[string][]*card{}
	var order []string
	for _, c := range only(s.cards, ad.SexualServices, ad.Massage) {
		list := tariff(c.prices)
		if list == "" {
			continue
		}
		if by[list] == nil {
			order = append(order, list)
		}
		by[list] = append(by[list], c)
	}
	for _, list := range order {
		if who := personas(by[list]); who >= leastTariffPersonas {
			p := piece{code: "N12", value: list, on: by[list], what: "personas", figure: float64(who)}
			if openly(by[list]) {
				p.confidence = openAgency
			}
			s.add(p)
		}
	}
}
