package console

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"varde/internal/ad"
)

// adPage shows an ad's words as they were, with marks, and what is known of it.
type adPage struct {
	base
	Key   string
	Band  ad.Band
	Score string
	// Held says in words why the score is lower than the points together, "" where it is not.
	Held string
	// ScoresHref is where the version that made the score is explained, "" for nowhere.
	ScoreVersion, ScoresHref string
	Network                  *link
	// TitleText and Body are the ad's own words.
	TitleText, Body []part
	// Others are its other fields that marks can lie in.
	Others      []markedField
	Facts       []fact
	Reasons     []reason
	Identifiers []adIdentifier
	Pictures    []pictureRow
	Versions    []versionRow
	// Child is nil where the ad is none in which a child may be involved.
	Child *childNotice
	// Gone is when the site was found not to have the ad any longer; nil where it had it when last looked.
	Gone *moment
	// Old says that an earlier version is shown, as it was seen at that time.
	Old        *moment
	Provenance []fact
	Captures   []captureRow
	Problems   []string
}

// markedField is one entry of a field with its marks.
type markedField struct {
	Key   string
	Parts []part
}

// adIdentifier is an identifier of the ad.
type adIdentifier struct {
	Kind  ad.Kind
	Value string
	// Exact is the hash of a picture or a text, whose value is a name, "" for all else.
	Exact  string
	Search string
}

// mostPictures bounds the table of pictures.
const mostPictures = 500

// pictureRow is what is kept of a picture: never the picture.
type pictureRow struct {
	N             int
	Name          string
	SHA256, PHash string
	Size          string
	Flat, Missing bool
}

// versionRow is one of the different contents seen of an ad.
type versionRow struct {
	Href    string
	Seen    moment
	Title   []part
	Current bool
	// First marks the oldest that is known; of the others Changes says what differs from the one before.
	First   bool
	Changes []change
}

func (s *Server) ad(w http.ResponseWriter, r *http.Request) error {
	l := s.locale(r)
	q := r.URL.Query()
	a, err := s.records.Ad(r.Context(), ad.Key(q.Get("key")))
	if err != nil {
		return err
	}
	versions, err := s.records.Versions(r.Context(), a.Key)
	if err != nil {
		return err
	}
	p := adPage{base: s.base(r, short(adTitle(&a.Finding.Sighting), 60), "queue"), Key: string(a.Key), Band: a.Band,
		Score: l.decimal(a.Score), ScoreVersion: a.ScoreVersion, ScoresHref: scoresURL(a.ScoreVersion)}
	if !a.Gone.IsZero() {
		gone := l.clock(a.Gone)
		p.Gone = &gone
	}
	if p.Child, err = s.childNotice(r.Context(), l, &a); err != nil {
		return err
	}
	if a.Network != "" {
		p.Network = &link{networkURL(a.Network), a.Network}
	}
	shown, indicators := a.Finding, a.Indicators
	chosen := q.Get("version")
	for i := range versions {
		v := versions[i].Sighting.Version()
		latest := v == a.Finding.Sighting.Version()
		row := versionRow{Href: adURL(a.Key), Seen: l.clock(versions[i].Sighting.SeenAt), Title: unseenParts(adTitle(&versions[i].Sighting), part{}),
			First: i == len(versions)-1}
		if !row.First {
			row.Changes = l.changes(versions[i+1], versions[i])
		}
		if !latest {
			row.Href += "&version=" + v[:16]
		}
		row.Current = chosen == v[:16] || chosen == "" && latest
		if row.Current && !latest {
			shown, indicators = versions[i], versions[i].Indicators
			old := l.clock(versions[i].Sighting.SeenAt)
			p.Old = &old
		}
		p.Versions = append(p.Versions, row)
	}
	if chosen != "" && p.Old == nil && !slices.ContainsFunc(p.Versions, func(v versionRow) bool { return v.Current }) {
		return &pageError{status: http.StatusNotFound, key: "error.not_found"}
	}
	s.fillAd(l, &p, a, shown, indicators)
	if err := s.showShared(r.Context(), l, p.Reasons); err != nil {
		return err
	}
	if p.Old == nil {
		if p.Held, err = s.explain(r.Context(), l, scored{score: a.Score, version: a.ScoreVersion, class: a.Class, found: indicators}, p.Reasons); err != nil {
			return err
		}
	}
	return s.render(w, r, http.StatusOK, "ad", p)
}

// fillAd shows one version of the ad.
func (s *Server) fillAd(l *locale, p *adPage, a ad.Ad, shown ad.Finding, indicators []ad.Indicator) {
	sg := &shown.Sighting
	p.Reasons = s.reasons(l, indicators)
	marks := spansOf(l, p.Reasons, indicators, shown.Identifiers)
	p.TitleText = markText(sg.Title, marks.in(sg, ad.FieldTitle, 0))
	p.Body = markText(sg.Text, marks.in(sg, ad.FieldText, 0))
	field := func(f ad.Field, i int, text string) {
		if text != "" {
			p.Others = append(p.Others, markedField{evidenceKey(f), markText(text, marks.in(sg, f, i))})
		}
	}
	field(ad.FieldAdvertiser, 0, sg.Advertiser)
	for i, t := range sg.Phones {
		field(ad.FieldPhones, i, t)
	}
	for i, t := range sg.Contacts {
		field(ad.FieldContacts, i, t)
	}
	p.Facts = l.adFacts(a, shown)
	for _, id := range shown.Identifiers {
		row := adIdentifier{Kind: id.Kind, Value: shortValue(identifier(id.Kind, id.Value))}
		if id.Kind == ad.Phone || id.Kind == ad.Handle || id.Kind == ad.Email {
			row.Search = "/search?q=" + url.QueryEscape(searchWord(id.Kind, id.Value))
		}
		switch {
		case id.Kind == ad.TextSig:
			row.Value, row.Exact = l.say("ad.whole_text"), shortValue(id.Value)
		case id.Kind == ad.PHash && len(id.Evidence) > 0 && id.Evidence[0].Image > 0:
			row.Value, row.Exact = l.say("reason.image", "n", id.Evidence[0].Image), shortValue(id.Value)
		}
		p.Identifiers = append(p.Identifiers, row)
	}
	p.Pictures = l.pictureRows(sg)
	p.Provenance, p.Captures = l.provenance(shown), captures(sg.Provenance)
	p.Problems = sg.Provenance.Problems
}

// fieldSpans are spans with the field they lie in.
type fieldSpans []fieldSpan

type fieldSpan struct {
	field ad.Field
	index int
	quote string
	span
}

// spansOf collects the spans of reasons and identifiers.
func spansOf(l *locale, reasons []reason, indicators []ad.Indicator, identifiers []ad.Identifier) (all fieldSpans) {
	number := map[string]reason{}
	for _, r := range reasons {
		number[r.Code] = r
	}
	for _, in := range indicators {
		r := number[in.Code]
		for _, ev := range in.Evidence {
			all = append(all, fieldSpan{ev.Field, ev.Index, ev.Quote, span{ev.Start, ev.End, r.N, strconv.Itoa(r.N) + ". " + r.Title}})
		}
	}
	for _, id := range identifiers {
		title := l.named("kind.", string(id.Kind)) + " " + identifier(id.Kind, id.Value)
		for _, ev := range id.Evidence {
			if id.Kind == ad.TextSig { // the whole text is its own signature; marking all of it marks nothing
				continue
			}
			all = append(all, fieldSpan{ev.Field, ev.Index, ev.Quote, span{start: ev.Start, end: ev.End, title: title}})
		}
	}
	return all
}

// in returns the spans of one field whose quotes are what the field says there: evidence from another version of the
// ad is not marked in this one.
func (all fieldSpans) in(s *ad.Sighting, f ad.Field, index int) []span {
	text := s.FieldText(f, index)
	var spans []span
	for _, fs := range all {
		if fs.field == f && fs.index == index && fs.start >= 0 && fs.start < fs.end && fs.end <= len(text) && text[fs.start:fs.end] == fs.quote {
			spans = append(spans, fs.span)
		}
	}
	return spans
}

func (l *locale) adFacts(a ad.Ad, shown ad.Finding) []fact {
	sg := &shown.Sighting
	var facts []fact
	add := func(key string, values ...string) {
		values = slices.DeleteFunc(values, func(v string) bool { return v == "" })
		if len(values) > 0 {
			for i := range values {
				values[i] = shortValue(values[i])
			}
			facts = append(facts, fact{Key: key, Values: values})
		}
	}
	when := func(key string, m moment) { facts = append(facts, fact{Key: key, When: &m}) }
	add("fact.site", sg.Site)
	add("fact.ad_id", sg.AdID)
	add("fact.category", l.named("category.", string(sg.Category)))
	if sg.Age > 0 {
		add("fact.age", strconv.Itoa(sg.Age))
	}
	add("fact.place", sg.Location)
	add("fact.country", sg.Country)
	var prices []string
	for _, p := range shown.Prices() {
		prices = append(prices, l.price(p))
	}
	add("fact.prices", prices...)
	if lang := shown.Language; lang != "" {
		add("fact.language", l.named("speech.", lang))
	}
	if !sg.PostedAt.IsZero() {
		when("fact.posted", l.clock(sg.PostedAt))
	}
	when("fact.first_seen", l.clock(a.FirstSeen))
	when("fact.last_seen", l.clock(a.LastSeen))
	add("fact.sightings", l.say("ad.sightings", "n", a.Sightings))
	return facts
}

func (l *locale) pictureRows(s *ad.Sighting) []pictureRow {
	rows := make([]pictureRow, len(s.Images))
	for i, name := range s.Images {
		rows[i] = pictureRow{N: i + 1, Name: short(name, 120), Missing: true}
	}
	for _, pic := range s.Pictures {
		for len(rows) < min(pic.Image, mostPictures) {
			rows = append(rows, pictureRow{N: len(rows) + 1, Missing: true})
		}
		if pic.Image < 1 || pic.Image > mostPictures {
			continue
		}
		row := &rows[pic.Image-1]
		row.SHA256, row.PHash, row.Flat, row.Missing = pic.SHA256, pic.PHash, pic.Flat, false
		row.Size = fmt.Sprintf("%d × %d", pic.Width, pic.Height)
	}
	return rows
}
