package network

import (
	"cmp"
	"fmt"
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

// market is the ads of one key, with what was last made of them.
type market struct {
	key   marketKey
	offer map[*card]float64
	usual usual
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
	price    ad.Value
	in       *market // of the place, nil where the ad names none
	national *market
}

// markets are all markets of a linker.
type markets struct {
	of      map[marketKey]*market
	changed []*market
}

func (m *markets) get(key marketKey) *market {
	if m.of[key] == nil {
		m.of[key] = &market{key: key, offer: map[*card]float64{}}
	}
	return m.of[key]
}

// set puts or, with price 0, removes an ad's offer.
func (m *markets) set(one *market, c *card, price float64) {
	if one == nil || one.offer[c] == price {
		return
	}
	if !one.changed {
		one.changed = true
		m.changed = append(m.changed, one)
	}
	if price == 0 {
		delete(one.offer, c)
		return
	}
	one.offer[c] = price
}

// list puts an ad into its markets anew, after anything of it changed.
func (m *markets) list(c *card) {
	old := c.offers
	c.offers = nil
	if c.category == ad.SexualServices || c.category == ad.Massage {
		month := c.at().UTC().Format("2006-01")
		for _, v := range c.prices {
			key := marketKey{category: c.category, country: c.country, unit: v.Unit, month: month}
			o := offer{price: v, national: m.get(key)}
			if c.place != "" {
				key.place = c.place
				o.in = m.get(key)
			}
			c.offers = append(c.offers, o)
		}
	}
	for _, o := range old {
		if !slices.ContainsFunc(c.offers, func(n offer) bool { return n.in == o.in }) {
			m.set(o.in, c, 0)
		}
		if !slices.ContainsFunc(c.offers, func(n offer) bool { return n.national == o.national }) {
			m.set(o.national, c, 0)
		}
	}
	for _, o := range c.offers {
		m.set(o.in, c, o.price.Number)
		m.set(o.national, c, o.price.Number)
	}
}

// settle makes the markets that changed anew and returns the other ads whose answer or shown figures that can change.
func (m *markets) settle() (touched []ad.Key) {
	for _, one := range m.changed {
		was := one.usual
		one.usual = one.measure()
		one.changed = false
		if one.usual == was {
			continue
		}
		limit := max(was.limit, one.usual.limit)
		opened := (was.ads == 0) != (one.usual.ads == 0) && one.key.place != ""
		for c, price := range one.offer {
			if price < limit || opened { // from then on they are compared with another market
				touched = append(touched, c.key)
			}
		}
	}
	m.changed = m.changed[:0]
	return touched
}

// measure makes what a market shows of its offers.
func (one *market) measure() usual {
	if len(one.offer) < leastMarket {
		return usual{}
	}
	prices := make([]float64, 0, len(one.offer))
	for _, p := range one.offer {
		prices = append(prices, p)
	}
	slices.Sort(prices)
	median := medianOf(prices)
	for i, p := range prices {
		prices[i] = math.Abs(p - median)
	}
	slices.Sort(prices)
	mad := max(medianOf(prices), leastMAD*median)
	return usual{ads: roundedCount(len(prices)), median: twoDigits(median), limit: twoDigits(median + farUnder*madScale*mad)}
}

func medianOf(sorted []float64) float64 {
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
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
	for _, o := range c.offers {
		of := o.national
		if o.in != nil && o.in.usual.ads > 0 {
			of = o.in
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
