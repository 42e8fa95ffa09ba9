package detectors

import (
	"context"
	"strings"

	"varde/internal/ad"
	"varde/internal/extract"
)

// minorDetector finds that a child may be involved, by number: an age under 18 that is stated of whoever offers (S04; in an ad of no
// category of its own only beside sex that is offered), and work or
// housing for lone minors that is no ordinary youth work (J22). Neither is ever scored. Lexicons find the same by words.
type minorDetector struct{}

func newMinor(*Config) (Detector, error) { return minorDetector{}, nil }

func (minorDetector) Name() string    { return "minor" }
func (minorDetector) Codes() []string { return []string{"S04", "J22"} }

// adult is the age below which somebody is a child (UN Convention on the Rights of the Child, Art. 1).
const adult = 18

func (minorDetector) Detect(_ context.Context, in *Input) (r Reading, _ error) {
	switch {
	case isSexual(in):
		if on := statedUnder(in); len(on) > 0 {
			r.Indicators = []ad.Indicator{{Code: "S04", Confidence: 1, Evidence: on}}
		}
	case in.Category == ad.Other: // things for sale have years too, and toys are for a child of some
		context, risky := sexOffered.quote(in)
		if on := statedUnder(in); risky && len(on) > 0 {
			r.Indicators = []ad.Indicator{{Code: "S04", Confidence: 1, Evidence: append(on, context)}}
		}
	case in.Category == ad.Job || in.Category == ad.Housing:
		if on := youngWanted(in); len(on) > 0 {
			r.Indicators = []ad.Indicator{{Code: "J22", Confidence: 1, Evidence: on}}
		}
	}
	return r, nil
}

// statedUnder are the ages under 18 that the ad states.
func statedUnder(in *Input) (on []ad.Evidence) {
	for _, v := range in.Values {
		if v.Kind == ad.AgeValue && v.Number < adult {
			on = append(on, in.around(youngAge(v)))
		}
	}
	return on
}

func youngAge(v ad.Value) ad.Evidence {
	e := v.Evidence
	e.Figure = &ad.Figure{What: "age", Value: v.Number, Unit: "years", Compared: adult}
	return e
}

// aroundBytes is how far before and after words on a child the quote reaches: "no clients" and "go away" must be seen by who judges.
const aroundBytes = 60

// aboutChild are the codes whose quotes show the words around what was found.
var aboutChild = map[string]bool{"S04": true, "J22": true}

// around widens evidence of the title or text by the words around it.
func (in *Input) around(e ad.Evidence) ad.Evidence {
	for _, f := range in.fields() {
		if f.Field != e.Field || e.End > len(f.Source) {
			continue
		}
		from, to := max(0, e.Start-aroundBytes), min(len(f.Source), e.End+aroundBytes)
		if from > 0 { // no cut word, and no cut letter of several bytes
			if at := strings.IndexAny(f.Source[from:e.Start], " \n\t"); at >= 0 {
				from += at + 1
			} else {
				from = e.Start
			}
		}
		if to < len(f.Source) {
			to = e.End + max(0, strings.LastIndexAny(f.Source[e.End:to], " \n\t"))
		}
		wide := span(e.Field, f.Source, from, to)
		wide.Figure = e.Figure
		return wide
	}
	return e
}

// youngWanted are the limits under 18 of an ad that also speaks of what no youth work is: work of company, body or night, abroad, or
// where one lives.
func youngWanted(in *Input) (on []ad.Evidence) {
	context, risky := notForYouth.quote(in)
	if !risky {
		return nil
	}
	for _, f := range in.fields() {
		for _, v := range extract.YoungLimits(f.Doc) {
			v.Evidence.Field = f.Field
			on = append(on, in.around(youngAge(v)))
		}
	}
	if len(on) > 0 {
		on = append(on, context)
	}
	return on
}

// sexOffered are beginnings of words, or of words in a row, for sex that is offered. "Sex" alone is a number in Swedish, "escort" a car.
var sexOffered = newStems([]string{
	"erotic massage", "erotic service", "sexual service", "offers sex", "have sex", "massage and sex", "oral sex", "sex for money", "incall", "outcall", "in-call", "out-call", "happy ending", "escort service", "nude pic", "nude photo", "hookup",
	"erotisk massasje", "erotisk massage", "erotiske tjenester", "seksuelle tjenester", "seksuelle tenester", "seksuelle ydelser", "tilbyr sex", "tilbyder sex", "sex mot betal", "sex mod betal", "sexuella tjänster", "eskortetjeneste", "nakenbilde", "erotische massage", "erotische dienst", "sexuelle dienst", "bietet sex", "begleitservice",
	"masaż erotyczn", "usługi erotyczn", "usługi seksualne", "sponsoring", "servicii sexuale", "masaj erotic", "ofer sex", "эротический массаж", "интим", "секс услуг", "секс за", "еротичний масаж", "інтим", "секс послуг", "erotinis masaž", "intymi", "seksualines paslaug", "seksualinės paslaug", "masaje erótic", "masajes erótic", "servicios sexuales", "ofrece sexo", "ofrezco sexo",
})

// notForYouth are beginnings of words for work that shops, cafés, farms and summer camps do not have for the young.
var notForYouth = newStems([]string{
	"vertinne", "hostess", "modell", "model", "danser", "dancer", "massasje", "massage", "nattklubb", "nightclub", "night club", "stripp", "stripte", "eskorte", "escort", "selskapsdame", "companion", "utlandet", "abroad",
	"au pair", "live-in", "live in", "bo hos", "kost og losji", "losji", "bolig inkludert", "gratis bolig", "gratis rom", "free room", "free housing", "free accommodation", "accommodation provided", "nattarbeid", "night work", "nattskift",
	"utomlands", "boende ingår", "massør", "gratis boende", "udlandet", "gratis værelse", "hosteska", "hostessa", "modelk", "tancerk", "masaż", "za granic", "zakwaterowanie", "cazare", "străinătate", "dansatoare", "masaj", "hostesă",
	"хостес", "модел", "танцовщ", "массаж", "за границ", "проживани", "танцівниц", "масаж", "за кордон", "проживанн", "hosteses", "modeli", "šokėj", "masaž", "užsieny", "apgyvendinim", "azafata", "modelo", "bailarina", "masaj", "extranjero", "alojamiento",
})
