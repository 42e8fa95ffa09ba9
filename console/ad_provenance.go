package console

import (
	"strconv"
	"strings"

	"varde/internal/ad"
)

// mostCaptures bounds the table of evidence: a page and its pictures.
const mostCaptures = 500

// captureRow places one answer of a site in the evidence.
type captureRow struct {
	// Image is 0 for the page and otherwise the picture's number.
	Image        int
	Record, File string
	Offset       int64
	// SHA256 is of the stored record.
	SHA256 string
}

// captures lists the evidence of one version of an ad.
func captures(v ad.Provenance) (rows []captureRow) {
	for _, c := range v.Captures[:min(len(v.Captures), mostCaptures)] {
		rows = append(rows, captureRow{Image: c.Image, Record: short(c.Record, 200), File: short(c.File, 300), Offset: c.Offset, SHA256: short(c.SHA256, 128)})
	}
	return rows
}

// provenance says how the ad came to be known, so that it can be traced to a page or to a line of a file.
func (l *locale) provenance(f ad.Finding) []fact {
	v := f.Sighting.Provenance
	var facts []fact
	add := func(key, value string) {
		if strings.TrimSpace(value) != "" {
			facts = append(facts, fact{Key: key, Values: []string{short(value, 2000)}})
		}
	}
	exact := func(key, value string) {
		if add(key, value); len(facts) > 0 && facts[len(facts)-1].Key == key {
			facts[len(facts)-1].Exact = true
		}
	}
	seenAt := l.clock(f.Sighting.SeenAt)
	facts = append(facts, fact{Key: "fact.seen", When: &seenAt})
	add("provenance.source", l.named("source.", v.Source))
	exact("provenance.url", f.Sighting.URL)
	to := func(key, value, href string) {
		if add(key, value); len(facts) > 0 && facts[len(facts)-1].Key == key {
			facts[len(facts)-1].Href = href
		}
	}
	to("provenance.target", v.Target, targetURL(v.Target))
	if v.TargetVersion > 0 {
		to("provenance.target_version", strconv.Itoa(v.TargetVersion), versionURL(v.Target, v.TargetVersion))
	}
	add("provenance.authorisation", v.Authorisation)
	add("provenance.adapter", v.Adapter)
	if v.Reading > 0 {
		to("provenance.reading", l.say("provenance.read_again", "version", strconv.Itoa(v.Reading)), versionURL(v.Target, v.Reading))
	}
	switch { // a crawl's file is the evidence, which is shown by itself
	case v.Source == "crawl" || v.File == "":
	case v.Line > 0:
		exact("provenance.file", v.File+":"+strconv.Itoa(v.Line))
	default:
		exact("evidence.file", v.File)
	}
	exact("provenance.page_sha256", v.PageSHA256)
	exact("provenance.sighting", f.Sighting.ID())
	exact("provenance.version", f.Sighting.Version())
	exact("provenance.rules", f.Rules)
	return facts
}
