package detectors

import (
	"context"
	"strings"

	"github.com/pemistahl/lingua-go"

	"varde/internal/text"
)

// languageDetector tells the language of an ad, for the search index and for people. It is never scored: language is a proxy
// for origin. Every lexicon reads every ad, so a wrong guess changes no score.
type languageDetector struct{ detector lingua.LanguageDetector }

// languages are those expected in the ads; more would cost memory and certainty.
var languages = []lingua.Language{lingua.Bokmal, lingua.Nynorsk, lingua.English, lingua.Swedish, lingua.Danish, lingua.German, lingua.Polish,
	lingua.Romanian, lingua.Russian, lingua.Ukrainian, lingua.Lithuanian, lingua.Spanish, lingua.French, lingua.Thai}

// Least and most of a text that the language is read from, in bytes: less is a guess, more only costs time.
const (
	leastForLanguage = 20
	mostForLanguage  = 240
)

func newLanguage(*Config) (Detector, error) {
	// Low accuracy mode reads trigrams only: a tenth of the memory, and for texts of an ad's length as right.
	d := lingua.NewLanguageDetectorBuilder().FromLanguages(languages...).WithLowAccuracyMode().Build()
	return languageDetector{d}, nil
}

func (languageDetector) Name() string    { return "language" }
func (languageDetector) Codes() []string { return nil }

func (d languageDetector) Detect(_ context.Context, s *Input) (r Reading, _ error) {
	sample := strings.TrimSpace(text.Cut(s.Title.Source+"\n"+s.Text.Source, mostForLanguage))
	if len(sample) < leastForLanguage {
		return r, nil
	}
	if lang, ok := d.detector.DetectLanguageOf(sample); ok {
		r.Language = strings.ToLower(lang.IsoCode639_1().String())
	}
	return r, nil
}
