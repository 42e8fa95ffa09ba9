package index

import (
	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/custom"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/keyword"
	"github.com/blevesearch/bleve/v2/analysis/char/asciifolding"
	"github.com/blevesearch/bleve/v2/analysis/lang/da"
	"github.com/blevesearch/bleve/v2/analysis/lang/de"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/analysis/lang/es"
	"github.com/blevesearch/bleve/v2/analysis/lang/fr"
	"github.com/blevesearch/bleve/v2/analysis/lang/no"
	"github.com/blevesearch/bleve/v2/analysis/lang/pl"
	"github.com/blevesearch/bleve/v2/analysis/lang/ro"
	"github.com/blevesearch/bleve/v2/analysis/lang/ru"
	"github.com/blevesearch/bleve/v2/analysis/lang/sv"
	"github.com/blevesearch/bleve/v2/analysis/token/lowercase"
	"github.com/blevesearch/bleve/v2/analysis/tokenizer/unicode"
	"github.com/blevesearch/bleve/v2/mapping"
)

// stemmers are the analyzers by the language of an ad (ISO 639-1). A language without one is found by its words as they stand.
var stemmers = map[string]string{"nb": no.AnalyzerName, "nn": no.AnalyzerName, "no": no.AnalyzerName, "en": en.AnalyzerName, "sv": sv.AnalyzerName,
	"da": da.AnalyzerName, "de": de.AnalyzerName, "es": es.AnalyzerName, "fr": fr.AnalyzerName, "pl": pl.AnalyzerName, "ro": ro.AnalyzerName, "ru": ru.AnalyzerName}

// stemFields are the fields of stemmed text, one for each analyzer.
var stemFields = []string{"text_" + no.AnalyzerName, "text_" + en.AnalyzerName, "text_" + sv.AnalyzerName, "text_" + da.AnalyzerName, "text_" + de.AnalyzerName,
	"text_" + es.AnalyzerName, "text_" + fr.AnalyzerName, "text_" + pl.AnalyzerName, "text_" + ro.AnalyzerName, "text_" + ru.AnalyzerName}

// Analyzers of our own: words as they stand, and words without accents, so that Tromso finds Tromsø.
const (
	plainAnalyzer  = "varde_plain"
	foldedAnalyzer = "varde_folded"
)

// facets are the keyword fields that hits are counted by, in the order in which people are shown them.
var facets = []string{"band", "code", "category", "site", "place", "language"}

// newMapping declares every field; nothing is indexed that is not named here.
func newMapping() mapping.IndexMapping {
	m := bleve.NewIndexMapping()
	must(m.AddCustomAnalyzer(plainAnalyzer, map[string]any{"type": custom.Name, "tokenizer": unicode.Name, "token_filters": []string{lowercase.Name}}))
	must(m.AddCustomAnalyzer(foldedAnalyzer, map[string]any{"type": custom.Name, "char_filters": []string{asciifolding.Name}, "tokenizer": unicode.Name,
		"token_filters": []string{lowercase.Name}}))
	doc := bleve.NewDocumentStaticMapping()
	text := func(name, analyzer string, locations bool) {
		f := bleve.NewTextFieldMapping()
		f.Analyzer, f.Store, f.IncludeInAll, f.DocValues, f.IncludeTermVectors = analyzer, false, false, false, locations
		doc.AddFieldMappingsAt(name, f)
	}
	key := func(name string, facet bool) {
		f := bleve.NewKeywordFieldMapping()
		f.Analyzer, f.Store, f.IncludeInAll, f.DocValues, f.IncludeTermVectors = keyword.Name, false, false, facet, false
		doc.AddFieldMappingsAt(name, f)
	}
	text("title", plainAnalyzer, true)
	text("text", plainAnalyzer, true)
	text("folded", foldedAnalyzer, false)
	text("contact", plainAnalyzer, false)
	text("advertiser", plainAnalyzer, false)
	for name, analyzer := range map[string]string{"text_no": no.AnalyzerName, "text_en": en.AnalyzerName, "text_sv": sv.AnalyzerName, "text_da": da.AnalyzerName,
		"text_de": de.AnalyzerName, "text_es": es.AnalyzerName, "text_fr": fr.AnalyzerName, "text_pl": pl.AnalyzerName, "text_ro": ro.AnalyzerName, "text_ru": ru.AnalyzerName} {
		text(name, analyzer, true)
	}
	for _, name := range facets {
		key(name, true)
	}
	for _, name := range []string{"kind", "phone", "network"} {
		key(name, false)
	}
	for _, name := range []string{"first_seen", "last_seen"} {
		f := bleve.NewDateTimeFieldMapping()
		f.Store, f.IncludeInAll = false, false
		doc.AddFieldMappingsAt(name, f)
	}
	score := bleve.NewNumericFieldMapping()
	score.Store, score.IncludeInAll = false, false
	doc.AddFieldMappingsAt("score", score)
	m.DefaultMapping = doc
	m.DefaultAnalyzer = plainAnalyzer
	m.StoreDynamic, m.IndexDynamic, m.DocValuesDynamic = false, false, false
	return m
}

// must panics at start-up on a mapping that could never work.
func must(err error) {
	if err != nil {
		panic("index: " + err.Error())
	}
}
