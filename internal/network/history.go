package network

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"varde/internal/ad"
)

// What an ad offered in its earlier versions: S05 where the stated age of one ad changes, S13 where its price falls, J21 where the terms of
// a job get worse after it was first seen. Duties are not compared: their words change without their meaning.
const (
	// mostTerms bounds how many different terms of an ad are remembered: the latest.
	mostTerms = 12
	// leastFalls is how many times a price must fall, and never rise, before it is a trend and no offer of the week; leastFall the share
	// of the first price that is gone by then.
	leastFalls = 2
	leastFall  = 0.2
	// worse is the share by which pay must fall or hours must grow to be other terms and no rounding.
	worse = 0.05
	// fullTime is the most ordinary hours of a week in Norwegian law (arbeidsmiljøloven § 10-4): a rota or a break that is counted differently
	// moves them below it, and that is no worse.
	fullTime = 40
)

// terms are what one version of an ad offers, by its latest sighting.
type terms struct {
	at    time.Time
	id    string
	age   int
	place string
	// money are prices or pay and hours the weekly working time, one for each unit, in the order of their units.
	money []ad.Value
	hours float64
	// on is where the ad says its place and its hours.
	ageOn, placeOn, hoursOn ad.Evidence
}

// termsOf reads the terms of a finding.
func termsOf(f *ad.Finding, id string) terms {
	t := terms{at: f.Sighting.SeenAt, id: id, age: f.Age()}
	if f.Sighting.Category == ad.Job {
		t.money = promised(f)
	} else {
		t.money = offered(f)
	}
	place := f.Place()
	for _, v := range f.Values {
		switch {
		case v.Kind == ad.WorkValue && v.Unit == "hours/week" && max(v.Number, v.To) > t.hours:
			t.hours, t.hoursOn = max(v.Number, v.To), v.Evidence
		case v.Kind == ad.AgeValue && int(v.Number) == t.age:
			t.ageOn = v.Evidence
		case v.Kind == ad.PlaceValue && v.Name == place: // only places that are known: two spellings of another may be one
			t.place, t.placeOn = v.Name, v.Evidence
		}
	}
	return t
}

// promised is the highest pay of a job ad for each length of time, with the least of its range as To: amounts without one are fees and
// supplements.
func promised(f *ad.Finding) (out []ad.Value) {
	for _, v := range f.Values {
		if _, time, ok := strings.Cut(v.Unit, "/"); v.Kind != ad.PriceValue || !ok || time == "" || v.Number <= 0 {
			continue
		}
		if v.To > 0 {
			v.Number, v.To = max(v.Number, v.To), min(v.Number, v.To)
		} else {
			v.To = v.Number
		}
		if i := slices.IndexFunc(out, func(o ad.Value) bool { return o.Unit == v.Unit }); i < 0 {
			out = append(out, v)
		} else if v.Number > out[i].Number {
			out[i] = v
		}
	}
	slices.SortFunc(out, func(a, b ad.Value) int { return strings.Compare(a.Unit, b.Unit) })
	return out
}

// same says whether two versions offer the same.
func (t *terms) same(o *terms) bool {
	return t.age == o.age && t.place == o.place && t.hours == o.hours &&
		slices.EqualFunc(t.money, o.money, func(a, b ad.Value) bool { return a.Unit == b.Unit && a.Number == b.Number })
}

// remember takes terms into a card's history, which is sorted by time: each of the latest mostTerms different ones once, with its latest
// sighting. So it depends on the sightings alone, and not on the order in which they come.
func (c *card) remember(t terms) {
	if i := slices.IndexFunc(c.history, func(o terms) bool { return o.same(&t) }); i >= 0 {
		if byTime(c.history[i], t) >= 0 {
			return
		}
		c.history = slices.Delete(c.history, i, i+1)
	}
	i, _ := slices.BinarySearchFunc(c.history, t, byTime)
	c.history = slices.Insert(c.history, i, t)
	if len(c.history) > mostTerms {
		c.history = slices.Delete(c.history, 0, 1)
	}
}

func byTime(a, b terms) int { return cmp.Or(a.at.Compare(b.at), strings.Compare(a.id, b.id)) }

// changed reads what an ad's versions say of each other.
func (c *card) changed() (out []ad.Indicator) {
	if len(c.history) < 2 {
		return nil
	}
	switch c.category {
	case ad.SexualServices, ad.Massage:
		if on := c.agesOverTime(); on != nil {
			out = append(out, ad.Indicator{Code: "S05", Confidence: 1, Evidence: on})
		}
		if on := c.fallingPrices(); on != nil {
			out = append(out, ad.Indicator{Code: "S13", Confidence: 1, Evidence: on})
		}
	case ad.Job:
		if on := c.worseTerms(); on != nil {
			out = append(out, ad.Indicator{Code: "J21", Confidence: 1, Evidence: on})
		}
	}
	return out
}

// agesOverTime reads S05 of one ad: ages that differ by more than people round and grow older.
func (c *card) agesOverTime() []ad.Evidence {
	now := &c.history[len(c.history)-1]
	if now.age == 0 {
		return nil
	}
	for i := range c.history {
		was := &c.history[i]
		older := int(now.at.Sub(was.at) / (365 * 24 * time.Hour))
		if was.age == 0 || now.age >= was.age-ageGap && now.age <= was.age+ageGap+older {
			continue
		}
		on := now.ageOn
		on.Figure = &ad.Figure{What: "age", Value: float64(now.age), Compared: float64(was.age), Basis: day(was.at)}
		return []ad.Evidence{on}
	}
	return nil
}

// fallingPrices reads S13: prices for one length of time that fell again and again.
func (c *card) fallingPrices() (on []ad.Evidence) {
	for _, now := range c.history[len(c.history)-1].money {
		first, last, falls := now, now.Number, 0
		var since time.Time
		for i := range slices.Backward(c.history[:len(c.history)-1]) {
			was := c.history[i].of(now.Unit)
			if was == nil || was.Number == last {
				continue
			}
			if was.Number < last { // it rose before that: the trend begins after
				break
			}
			first, last, since = *was, was.Number, c.history[i].at
			falls++
		}
		if falls < leastFalls || now.Number > (1-leastFall)*first.Number {
			continue
		}
		e := now.Evidence
		e.Figure = &ad.Figure{What: "price", Value: now.Number, Unit: now.Unit, Compared: first.Number, Basis: fmt.Sprintf("%s, n = %d", day(since), falls+1)}
		on = append(on, e)
	}
	return on
}

// worseTerms reads J21: less pay, longer hours or another place than the ad said when it was first seen to say any.
func (c *card) worseTerms() (on []ad.Evidence) {
	now := &c.history[len(c.history)-1]
	earlier := c.history[:len(c.history)-1]
	for _, pay := range now.money {
		for i := range earlier {
			if was := earlier[i].of(pay.Unit); was != nil {
				if pay.Number < (1-worse)*was.To { // below all of what was promised
					e := pay.Evidence
					e.Figure = &ad.Figure{What: "pay", Value: pay.Number, Unit: pay.Unit, Compared: was.To, Basis: day(earlier[i].at)}
					on = append(on, e)
				}
				break
			}
		}
	}
	if i := slices.IndexFunc(earlier, func(t terms) bool { return t.hours > 0 }); i >= 0 && now.hours > fullTime && now.hours > (1+worse)*earlier[i].hours {
		e := now.hoursOn
		e.Figure = &ad.Figure{What: "week_hours", Value: now.hours, Compared: earlier[i].hours, Basis: day(earlier[i].at)}
		on = append(on, e)
	}
	if i := slices.IndexFunc(earlier, func(t terms) bool { return t.place != "" }); i >= 0 && now.place != "" && now.place != earlier[i].place {
		e := now.placeOn
		e.Figure = &ad.Figure{What: "other_places", Value: 1, Basis: earlier[i].place + ", " + day(earlier[i].at)}
		on = append(on, e)
	}
	return on
}

// of is the amount for a length of time, nil where there is none.
func (t *terms) of(unit string) *ad.Value {
	for i := range t.money {
		if t.money[i].Unit == unit {
			return &t.money[i]
		}
	}
	return nil
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }
