package detectors

import (
	"context"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"time"

	"varde/internal/ad"
	"varde/internal/config"
	"varde/internal/text"
)

// payDetector compares the pay of a job ad with the statutory minimum of its industry on the ad's date (J02) and with what the
// trade pays (J01), and reads working hours (J12).
type payDetector struct{ wages *wages }

// wages is configs/wages.yaml.
type wages struct {
	// MonthHours turns a month's pay into an hour's: 37.5 hours a week.
	MonthHours float64 `yaml:"month_hours"`
	// FarAbove are the amounts in NOK from which pay without any skill asked is too good.
	FarAbove struct {
		Hour  float64 `yaml:"hour"`
		Month float64 `yaml:"month"`
	} `yaml:"far_above"`
	// NOK are rough values of other currencies in NOK; far above is a matter of size, not of decimals.
	NOK        map[string]float64 `yaml:"nok"`
	NoSkill    []string           `yaml:"no_skill"`
	Industries []industry         `yaml:"industries"`

	noSkill *regexp.Regexp
}

// industry has a minimum by law (allmenngjort), as dated rates.
type industry struct {
	Name  string   `yaml:"name"`
	Words []string `yaml:"words"`
	Rates []rate   `yaml:"rates"`

	words *regexp.Regexp
}

// rate is the lowest adult rate in NOK an hour from a day to a day; To empty means still in force.
type rate struct {
	Hour       float64 `yaml:"hour"`
	From       string  `yaml:"from"`
	To         string  `yaml:"to"`
	Regulation string  `yaml:"regulation"`
}

// Validate reports each broken rule.
func (w *wages) Validate(report func(field, text string)) {
	if w.MonthHours < 100 || w.MonthHours > 200 {
		report("month_hours", "must lie between 100 and 200")
	}
	if w.FarAbove.Hour <= 0 || w.FarAbove.Month <= 0 {
		report("far_above", "needs hour and month in NOK")
	}
	if len(w.NoSkill) == 0 {
		report("no_skill", "required: words that say no skill is asked")
	}
	for i, in := range w.Industries {
		at := fmt.Sprintf("industries.%d", i)
		if in.Name == "" || len(in.Words) == 0 {
			report(at+".name", "every industry needs a name and words")
		}
		for j, r := range in.Rates {
			_, ferr := time.Parse(time.DateOnly, r.From)
			_, terr := time.Parse(time.DateOnly, r.To)
			if r.Hour <= 0 || ferr != nil || r.To != "" && terr != nil || r.Regulation == "" {
				report(fmt.Sprintf("%s.rates.%d", at, j), "needs hour, from (2025-06-15), perhaps to, and regulation")
			}
		}
	}
}

func newPay(cfg *Config) (Detector, error) {
	data, err := fs.ReadFile(cfg.Files, "wages.yaml")
	if err != nil {
		return nil, fmt.Errorf("read wages: %w", err)
	}
	w := &wages{}
	if err := config.Strict("wages.yaml", data, w); err != nil {
		return nil, err
	}
	w.noSkill = wordsPattern(w.NoSkill)
	for i := range w.Industries {
		w.Industries[i].words = wordsPattern(w.Industries[i].Words)
	}
	return payDetector{w}, nil
}

// wordsPattern matches any of the words at the beginning of a word, so that endings do not matter.
func wordsPattern(words []string) *regexp.Regexp {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = regexp.QuoteMeta(w)
	}
	return regexp.MustCompile(`(?i)(?:^|[^\p{L}])(` + strings.Join(quoted, "|") + `)`)
}

func (payDetector) Name() string    { return "pay" }
func (payDetector) Codes() []string { return []string{"J01", "J02", "J12"} }

func (d payDetector) Detect(_ context.Context, s *Input) (r Reading, _ error) {
	if s.Category != ad.Job {
		return r, nil
	}
	date := s.SeenAt
	if !s.PostedAt.IsZero() {
		date = s.PostedAt
	}
	for _, f := range s.fields() {
		for _, m := range findMoney(f.Source, s.Country) {
			e := span(f.Field, f.Source, m.Start, m.End)
			if in, ok := d.under(s, m, date, e); ok {
				r.Indicators = append(r.Indicators, in)
			}
			if in, ok := d.farAbove(s, m, e); ok {
				r.Indicators = append(r.Indicators, in)
			}
		}
		r.Indicators = append(r.Indicators, hours(f.Field, f.Source)...)
	}
	return r, nil
}

// hourly is an amount in NOK an hour, or 0 where the unit does not allow it.
func (d payDetector) hourly(m money) float64 {
	nok := max(m.Amount, m.Upper)
	if m.Currency != "NOK" {
		nok *= d.wages.NOK[m.Currency]
	}
	switch m.Per {
	case "hour":
		return nok
	case "month":
		return nok / d.wages.MonthHours
	case "year":
		return nok / d.wages.MonthHours / 12
	}
	return 0
}

// leastPay is what an amount an hour must be to be a pay at all and not a supplement or a fee, in NOK.
const leastPay = 20

// under compares with the minimum in force. The upper end of a range counts: only an ad that offers nothing lawful is marked.
func (d payDetector) under(s *Input, m money, date time.Time, e ad.Evidence) (ad.Indicator, bool) {
	hour := d.hourly(m)
	if hour < leastPay || m.Currency != "NOK" || s.Country != "" && s.Country != "NO" {
		return ad.Indicator{}, false
	}
	for _, in := range d.wages.Industries {
		at := in.words.FindStringSubmatchIndex(s.Title.Source)
		if at == nil {
			at = in.words.FindStringSubmatchIndex(s.Text.Source)
		}
		if at == nil {
			continue
		}
		for _, r := range in.Rates {
			if day := date.Format(time.DateOnly); day >= r.From && (r.To == "" || day <= r.To) && hour < r.Hour {
				e.Figure = &ad.Figure{What: "hourly_pay", Value: hour, Unit: "NOK", Compared: r.Hour, Basis: in.Name + ", " + r.Regulation}
				return ad.Indicator{Code: "J02", Confidence: 0.8, Evidence: []ad.Evidence{e}}, true
			}
		}
		return ad.Indicator{}, false
	}
	return ad.Indicator{}, false
}

// farAbove marks pay beyond any trade that asks for no skill.
func (d payDetector) farAbove(s *Input, m money, e ad.Evidence) (ad.Indicator, bool) {
	hour := d.hourly(m)
	limit := d.wages.FarAbove.Hour
	if m.Per == "month" || m.Per == "year" {
		limit = d.wages.FarAbove.Month / d.wages.MonthHours
	}
	if hour < limit {
		return ad.Indicator{}, false
	}
	for _, f := range s.fields() {
		if at := d.wages.noSkill.FindStringSubmatchIndex(f.Source); at != nil {
			e.Figure = &ad.Figure{What: "hourly_pay", Value: hour, Unit: "NOK", Compared: limit, Basis: "configs/wages.yaml, far_above"}
			return ad.Indicator{Code: "J01", Confidence: 0.8, Evidence: []ad.Evidence{e, span(f.Field, f.Source, at[2], at[3])}}, true
		}
	}
	return ad.Indicator{}, false
}

var (
	weekHours = regexp.MustCompile(`(\d{2,3})\s?(?:timers?|timar|t|hours|hrs|h)\s(?:arbeids)?(?:i|per|pr\.?|a|each)?\s?(?:uken?|uka|week|arbeidsuke)\b`)
	noDaysOff = regexp.MustCompile(`(?:7|syv|sju|seven)\s(?:dager|days)\s(?:i|a|per|pr\.?)\s(?:uken?|uka|week)|(?:no|ingen)\s(?:days?\soff|fridager)|(?:12|13|14|15|16)\s?(?:timer|hours)\s(?:i\sdognet|om\sdagen|per\sdag|hver\sdag|a\sday|per\sday|every\sday)`)
)

// mostWeekHours is the limit of the EU's working time directive (2003/88/EC, Art. 6) and of arbeidsmiljøloven § 10-6.
const mostWeekHours = 48

// hours reads excessive working hours.
func hours(field ad.Field, in string) (out []ad.Indicator) {
	f := text.Fold(in)
	var on []ad.Evidence
	for _, at := range weekHours.FindAllStringSubmatchIndex(f.Text, -1) {
		if n, ok := number(f.Text[at[2]:at[3]], ""); ok && n > mostWeekHours && n <= 7*24 {
			from, to := f.Span(at[0], at[1])
			e := span(field, in, from, to)
			e.Figure = &ad.Figure{What: "week_hours", Value: n, Unit: "h", Compared: mostWeekHours, Basis: "2003/88/EC Art. 6"}
			on = append(on, e)
		}
	}
	for _, at := range noDaysOff.FindAllStringIndex(f.Text, -1) {
		from, to := f.Span(at[0], at[1])
		on = append(on, span(field, in, from, to))
	}
	if len(on) > 0 {
		out = append(out, ad.Indicator{Code: "J12", Confidence: 1, Evidence: slices.Clip(on)})
	}
	return out
}
