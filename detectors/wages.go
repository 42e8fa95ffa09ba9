package detectors

import (
	"fmt"
	"io/fs"
	"time"

	"varde/internal/config"
)

// wagesFile holds what pay is compared with.
const wagesFile = "wages/no.yaml"

// wages is configs/wages/no.yaml.
type wages struct {
	// MonthHours turns a month's pay into an hour's: 37.5 hours a week.
	MonthHours float64 `yaml:"month_hours"`
	// FarAbove is how many times the trade's average pay without any skill is too good.
	FarAbove float64 `yaml:"far_above"`
	// NOK are rough values of other currencies in NOK; far above is a matter of size, not of decimals.
	NOK map[string]float64 `yaml:"nok"`
	// Trades are what trades pay; the first is all of them.
	Trades []trade `yaml:"trades"`
	// NoSkill are words that say that no skill is asked, OtherRates what stands near amounts that are no adult's full pay, PartTime what
	// makes a month's pay say nothing of the hour's.
	NoSkill    []string   `yaml:"no_skill"`
	OtherRates []string   `yaml:"other_rates"`
	PartTime   []string   `yaml:"part_time"`
	Industries []industry `yaml:"industries"`

	noSkill, otherRates, partTime stems
}

// trade is a group of occupations with its average pay in NOK a month.
type trade struct {
	Name   string   `yaml:"name"`
	Month  float64  `yaml:"month"`
	Source string   `yaml:"source"`
	Words  []string `yaml:"words"`

	words stems
}

// industry has a minimum by law (allmenngjort), as dated rates.
type industry struct {
	Name  string   `yaml:"name"`
	Words []string `yaml:"words"`
	Rates []rate   `yaml:"rates"`

	words stems
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
	if w.FarAbove <= 1 {
		report("far_above", "must be above 1")
	}
	words := func(field string, list []string, least int) {
		if len(list) < least {
			report(field, "required: words in all languages")
		}
		for _, s := range list {
			if len(s) < stemKey {
				report(field, fmt.Sprintf("%q is too short: every word would begin with it", s))
			}
		}
	}
	words("no_skill", w.NoSkill, 1)
	words("other_rates", w.OtherRates, 1)
	words("part_time", w.PartTime, 1)
	if len(w.Trades) == 0 {
		report("trades", "required: the pay of all trades, and of some")
	}
	for i, t := range w.Trades {
		at := fmt.Sprintf("trades.%d", i)
		if t.Name == "" || t.Month <= 0 || t.Source == "" {
			report(at+".name", "every trade needs name, month in NOK and source")
		}
		words(at+".words", t.Words, min(i, 1))
	}
	for i, in := range w.Industries {
		at := fmt.Sprintf("industries.%d", i)
		if in.Name == "" {
			report(at+".name", "required")
		}
		words(at+".words", in.Words, 1)
		for j, r := range in.Rates {
			_, ferr := time.Parse(time.DateOnly, r.From)
			_, terr := time.Parse(time.DateOnly, r.To)
			if r.Hour <= 0 || ferr != nil || r.To != "" && terr != nil || r.Regulation == "" {
				report(fmt.Sprintf("%s.rates.%d", at, j), "needs hour, from (2025-06-15), perhaps to, and regulation")
			}
		}
	}
}

// readWages reads and prepares configs/wages/no.yaml.
func readWages(files fs.FS) (*wages, error) {
	data, err := fs.ReadFile(files, wagesFile)
	if err != nil {
		return nil, fmt.Errorf("read wages: %w", err)
	}
	w := &wages{}
	if err := config.Strict(wagesFile, data, w); err != nil {
		return nil, err
	}
	w.noSkill, w.otherRates, w.partTime = newStems(w.NoSkill), newStems(w.OtherRates), newStems(w.PartTime)
	for i := range w.Trades {
		w.Trades[i].words = newStems(w.Trades[i].Words)
	}
	for i := range w.Industries {
		w.Industries[i].words = newStems(w.Industries[i].Words)
	}
	return w, nil
}

// rateOn is the lowest rate in force on a day, or nil.
func (in *industry) rateOn(day string) *rate {
	for i := range in.Rates {
		if r := &in.Rates[i]; day >= r.From && (r.To == "" || day <= r.To) {
			return r
		}
	}
	return nil
}
