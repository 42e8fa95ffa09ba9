package detectors

import (
	"context"
	"sort"
	"strings"
	"time"

	"varde/internal/ad"
)

// payDetector compares the pay of a job ad with the statutory minimum of its industry on the ad's date (J02) and with what the
// trade pays (J01), and reads working hours (J12).
type payDetector struct{ wages *wages }

func newPay(cfg *Config) (Detector, error) {
	w, err := readWages(cfg.Files)
	return payDetector{w}, err
}

func (payDetector) Name() string    { return "pay" }
func (payDetector) Codes() []string { return []string{"J01", "J02", "J12"} }

func (d payDetector) Detect(_ context.Context, in *Input) (r Reading, _ error) {
	if in.Category != ad.Job {
		return r, nil
	}
	if best := d.best(in); best != nil {
		if found, ok := d.under(in, best); ok {
			r.Indicators = append(r.Indicators, found)
		}
		if found, ok := d.farAbove(in, best); ok {
			r.Indicators = append(r.Indicators, found)
		}
	}
	if on := hours(in); len(on) > 0 {
		r.Indicators = append(r.Indicators, ad.Indicator{Code: "J12", Confidence: 1, Evidence: on})
	}
	return r, nil
}

// leastPay is what an amount an hour must be to be a pay at all and not a supplement or a fee, in NOK.
const leastPay = 20

// best is the highest pay that an ad offers: only an ad that offers nothing lawful is under the minimum. Of a range the upper end
// counts. Supplements and the rates of the young are no pay of an adult.
func (d payDetector) best(in *Input) (best *ad.Value) {
	for i := range in.Values {
		v := &in.Values[i]
		if v.Kind == ad.PriceValue && d.hourly(v) >= leastPay && !d.other(in, v) && (best == nil || d.hourly(v) > d.hourly(best)) {
			best = v
		}
	}
	return best
}

// Hours of a day and of a week of 37.5 hours, as month_hours has it.
const (
	dayHours  = 7.5
	fullWeek  = 37.5
	rough     = 0.8 // what is rounded, converted or counted in days must be so far under a minimum to be called so
	longestBy = 60  // bytes around an amount in which words tell that it is another's rate
)

// hourly is an amount in NOK an hour, or 0 where the unit does not allow it.
func (d payDetector) hourly(v *ad.Value) float64 {
	nok := max(v.Number, v.To)
	currency, unit, _ := strings.Cut(v.Unit, "/")
	if currency != "NOK" {
		nok *= d.wages.NOK[currency]
	}
	switch unit {
	case "hour":
		return nok
	case "day":
		return nok / dayHours
	case "week":
		return nok / fullWeek
	case "month":
		return nok / d.wages.MonthHours
	case "year":
		return nok / d.wages.MonthHours / 12
	}
	return 0
}

// other says that words beside an amount show it to be no adult's full pay.
func (d payDetector) other(in *Input, v *ad.Value) bool {
	for _, f := range in.fields() {
		if f.Field != v.Evidence.Field {
			continue
		}
		token := sort.Search(len(f.Tokens), func(i int) bool {
			_, to := f.Span(int(f.Tokens[i].Start), int(f.Tokens[i].End))
			return to > v.Evidence.Start
		})
		if token == len(f.Tokens) {
			return false
		}
		at := int(f.Tokens[token].Start)
		from, to := max(0, at-longestBy), min(len(f.Text), at+len(v.Evidence.Quote)+longestBy)
		if i := strings.LastIndexAny(f.Text[from:at], "\n;"); i >= 0 {
			from += i
		}
		_, _, found := d.wages.otherRates.find(f.Doc, from, to)
		return found
	}
	return false
}

// under compares with the minimum in force in Norway.
func (d payDetector) under(in *Input, v *ad.Value) (ad.Indicator, bool) {
	currency, unit, _ := strings.Cut(v.Unit, "/")
	if in.Country != "" && in.Country != "NO" || in.Country == "" && currency != "NOK" || elsewhere(in, currency) {
		return ad.Indicator{}, false
	}
	if unit != "hour" && d.partTime(in) {
		return ad.Indicator{}, false
	}
	date := in.PostedAt
	if date.IsZero() {
		date = in.SeenAt
	}
	industry, rate := d.minimum(in, date.Format(time.DateOnly))
	if rate == nil {
		return ad.Indicator{}, false
	}
	limit := rate.Hour
	if currency != "NOK" || unit == "day" || unit == "week" {
		limit *= rough
	}
	hour := d.hourly(v)
	if hour >= limit {
		return ad.Indicator{}, false
	}
	e := v.Evidence
	e.Figure = &ad.Figure{What: "hourly_pay", Value: hour, Unit: "NOK", Compared: rate.Hour, Basis: industry.Name + ", " + rate.Regulation}
	return ad.Indicator{Code: "J02", Confidence: 0.8, Evidence: []ad.Evidence{e}}, true
}

// abroad are words in a row for work in a neighbour that pays in crowns too.
var abroad = newStems([]string{"i sverige", "i danmark", "til sverige", "til danmark", "till sverige", "till danmark", "in sweden", "in denmark", "to sweden", "to denmark", "w szwecji", "w danii", "do szwecji", "do danii",
	"в швеции", "в дании", "в швецию", "в данию", "у швеції", "в швеції", "у данії", "в данії", "в данию", "în suedia", "in suedia", "în danemarca", "in danemarca", "en suecia", "en dinamarca", "švedijoje", "danijoje", "į švediją", "į daniją", "in schweden", "in dänemark"})

// inNorway are beginnings of Norway's name, and of no word for people from there.
var inNorway = newStems([]string{"norge", "noreg", "norway", "norwegen", "norwegii", "norwegię", "în norvegia", "norvegij", "en noruega", "a noruega", "норвеги", "норвегі"})

// elsewhere says that an ad's work is in another country than Norway: it names places or a neighbour abroad, or pays in the neighbour's
// crowns, and nothing in Norway.
func elsewhere(in *Input, currency string) bool {
	foreign := currency == "SEK" || currency == "DKK"
	for _, v := range in.Values {
		switch {
		case v.Kind == ad.PlaceValue && v.Code != "":
			return false
		case v.Kind == ad.PlaceValue, v.Kind == ad.PriceValue && (strings.HasPrefix(v.Unit, "SEK") || strings.HasPrefix(v.Unit, "DKK")):
			foreign = true
		}
	}
	for _, f := range in.fields() {
		if inNorway.in(f.Doc) {
			return false
		}
		foreign = foreign || abroad.in(f.Doc)
	}
	return foreign
}

// minimum is the minimum that holds for an ad: of the industry that its title names, else the lowest of those that its text names.
func (d payDetector) minimum(in *Input, day string) (of *industry, lowest *rate) {
	for _, f := range in.fields() {
		named := false
		for i := range d.wages.Industries {
			one := &d.wages.Industries[i]
			if !one.words.in(f.Doc) {
				continue
			}
			named = true
			r := one.rateOn(day)
			if r == nil { // a trade without a minimum may be the one that is meant
				return nil, nil
			}
			if lowest == nil || r.Hour < lowest.Hour {
				of, lowest = one, r
			}
		}
		if named {
			break
		}
	}
	return of, lowest
}

// partTime says that a month's pay is not for a month's work.
func (d payDetector) partTime(in *Input) bool {
	for _, f := range in.fields() {
		if d.wages.partTime.in(f.Doc) {
			return true
		}
		for i, t := range f.Tokens { // "50 % stilling"
			if n := int(t.End - t.Start); n == 2 && f.Text[t.Start] >= '1' && f.Text[t.Start] <= '9' && i+1 < len(f.Tokens) &&
				strings.TrimSpace(f.Text[t.End:f.Tokens[i+1].Start]) == "%" {
				return true
			}
		}
	}
	return false
}

// farAbove marks pay far beyond the trade that asks for no skill.
func (d payDetector) farAbove(in *Input, v *ad.Value) (ad.Indicator, bool) {
	skill, asked := d.wages.noSkill.quote(in)
	if !asked {
		return ad.Indicator{}, false
	}
	of := &d.wages.Trades[0]
	for i := range d.wages.Trades[1:] {
		if one := &d.wages.Trades[1+i]; one.words.in(in.Title) {
			of = one
			break
		}
	}
	usual := of.Month / d.wages.MonthHours
	hour := d.hourly(v)
	if hour < usual*d.wages.FarAbove {
		return ad.Indicator{}, false
	}
	e := v.Evidence
	if told(in, e) || told(in, skill) {
		return ad.Indicator{}, false
	}
	e.Figure = &ad.Figure{What: "hourly_pay", Value: hour, Unit: "NOK", Compared: usual, Basis: of.Name + ", " + of.Source}
	return ad.Indicator{Code: "J01", Confidence: 0.8, Evidence: []ad.Evidence{e, skill}}, true
}

// mostWeekHours is the limit of the EU's working time directive (2003/88/EC, Art. 6) and of arbeidsmiljøloven § 10-6. Its daily rest
// of eleven hours (Art. 3) leaves thirteen; from mostDayHours on a day as the rule is no longer anybody's ordinary one.
const (
	mostWeekHours = 48
	mostDayHours  = 12
)

// hours reads excessive working hours of the job itself; of a range the lower end counts.
func hours(in *Input) (on []ad.Evidence) {
	for _, v := range in.Values {
		if v.Kind != ad.WorkValue || told(in, v.Evidence) {
			continue
		}
		e := v.Evidence
		switch {
		case v.Unit == "hours/week" && v.Number > mostWeekHours:
			e.Figure = &ad.Figure{What: "week_hours", Value: v.Number, Unit: "h", Compared: mostWeekHours, Basis: "2003/88/EC Art. 6"}
		case v.Unit == "hours/day" && v.Number >= mostDayHours && v.Number < 24, v.Unit == "days/week" && v.Number == 7:
		default:
			continue
		}
		on = append(on, e)
	}
	return on
}
