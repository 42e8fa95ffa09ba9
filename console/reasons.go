package console

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"varde/internal/ad"
	"varde/internal/indicator"
)

// How much of a reason's evidence is shown; the rest is counted.
const (
	mostSeen = 6
	mostAds  = 12
)

// shownBy is the figure that counts ads, of all where it is compared.
const shownBy = "ads"

// reason is one indicator as people read it: what was seen, why it may matter, what could be innocent about it.
type reason struct {
	// N numbers the reasons of a page, from 1; spans refer to it.
	N    int
	Code string
	// Family is the key of the family's name.
	Family      string
	Strong      bool
	Title       string
	Why         string
	Innocent    string
	Source      string
	Reliability string
	Points      string
	// Note is the key of why it counts less than the catalogue says, Beside that of what it counts for instead of the score.
	Note   string
	Beside string
	// Capped says in words that the cap of its family made its points smaller, "" where it did not.
	Capped string
	// Share tells in how many of the network's ads it was read, "" where that is no question.
	Share      string
	Confidence int // percent; 100 is not shown
	Seen       []seen
	More       int

	points float64
}

// seen is one piece of evidence.
type seen struct {
	// Where is the key of the field's name, "" where the evidence lies in no field.
	Where  string
	Quote  []part
	Image  int
	Figure string
	Value  string
	// Shared is the beginning of the text, and Pictures the picture in two of the ads, where that is what they share.
	Shared   *sharedText
	Pictures []sharedPicture
	Ads      []link
	MoreAds  int

	value string
	on    []ad.Key
}

// link is a place in the console with its name.
type link struct{ Href, Text string }

func adURL(key ad.Key) string       { return "/ad?key=" + url.QueryEscape(string(key)) }
func networkURL(id string) string   { return "/networks/" + url.PathEscape(id) }
func adLink(key ad.Key) link        { return link{adURL(key), short(string(key), 60)} }
func evidenceKey(f ad.Field) string { return "field." + string(f) }

// entry returns what the catalogue says of a code; one that is gone from the catalogue still shows its code.
func (s *Server) entry(code string) indicator.Entry {
	e, ok := s.catalogue.Entry(code)
	if !ok {
		e = indicator.Entry{Code: code, Family: code[:min(1, len(code))]}
	}
	return e
}

// inLang picks a text of the catalogue in the language of the page, or in the first that has it.
func inLang[K ~string](texts map[K]string, lang string) string {
	if t := texts[K(lang)]; t != "" {
		return t
	}
	for _, l := range languages {
		if t := texts[K(l)]; t != "" {
			return t
		}
	}
	return ""
}

// title is the name of a code in words.
func (s *Server) title(l *locale, code string) string {
	if t := inLang(s.entry(code).Title, l.lang); t != "" {
		return t
	}
	return code
}

// reasons turns indicators into what people read, one reason a code, the strongest first.
func (s *Server) reasons(l *locale, found []ad.Indicator) []reason {
	byCode := map[string]*reason{}
	var order []*reason
	for _, in := range found {
		r := byCode[in.Code]
		if r == nil {
			r = s.newReason(l, in.Code)
			byCode[in.Code] = r
			order = append(order, r)
		}
		if in.Points >= r.points {
			r.points, r.Note = in.Points, ""
			r.Share, r.Confidence = l.shareOf(in)
			if in.Note != "" {
				r.Note = "note." + string(in.Note)
			}
		}
		for _, ev := range in.Evidence {
			if len(r.Seen) == mostSeen {
				r.More++
				continue
			}
			r.Seen = append(r.Seen, l.seen(ev))
		}
	}
	slices.SortStableFunc(order, func(a, b *reason) int {
		return cmp.Or(cmp.Compare(b.points, a.points), strings.Compare(a.Code, b.Code))
	})
	all := make([]reason, len(order))
	for i, r := range order {
		r.N, r.Points = i+1, l.decimal(r.points)
		all[i] = *r
	}
	return all
}

// shareOf tells a network's reason that ads of it show as their number, and how surely those were read, in percent. Of other reasons it
// only tells how surely.
func (l *locale) shareOf(in ad.Indicator) (share string, confidence int) {
	sure := in.Confidence
	if len(in.Evidence) > 0 {
		if f := in.Evidence[0].Figure; f != nil && f.What == shownBy && f.Compared > 0 && f.Value > 0 {
			share, sure = l.say("reason.share", "n", l.decimal(f.Value), "of", l.decimal(f.Compared)), min(1, in.Confidence*f.Compared/f.Value)
		}
	}
	return share, int(sure*100 + 0.5)
}

func (s *Server) newReason(l *locale, code string) *reason {
	e := s.entry(code)
	return &reason{Code: code, Family: "family." + string(e.Family), Strong: e.Strong, Title: s.title(l, code),
		Why: inLang(e.Why, l.lang), Innocent: inLang(e.Innocent, l.lang), Source: e.Source,
		Reliability: string(e.Reliability), Beside: map[string]string{"C": "reason.beside_child", "X": "reason.beside_spam"}[e.Family]}
}

func (l *locale) seen(ev ad.Evidence) seen {
	v := seen{Image: ev.Image, value: ev.Value, on: ev.Ads[:min(len(ev.Ads), mostLooked)]}
	if ev.Field != "" {
		v.Where = evidenceKey(ev.Field)
	}
	if ev.Quote != "" {
		v.Quote = unseenParts(short(ev.Quote, 300), part{})
	}
	if ev.Value != "" && ev.Value != ev.Quote {
		v.Value = short(l.shared(ev.Value), 80)
	}
	if ev.Figure != nil {
		v.Figure = l.figure(*ev.Figure)
	}
	for _, key := range ev.Ads {
		if len(v.Ads) == mostAds {
			v.MoreAds++
			continue
		}
		v.Ads = append(v.Ads, adLink(key))
	}
	return v
}

// shared writes what ads share: a value, or "kind:value".
func (l *locale) shared(value string) string {
	if kind, rest, ok := strings.Cut(value, ":"); ok && slices.Contains(ad.Kinds, ad.Kind(kind)) {
		return l.named("kind.", kind) + " " + identifier(ad.Kind(kind), rest)
	}
	return phone(value)
}

// figure writes a number with what it was compared with: a number is never alone.
func (l *locale) figure(f ad.Figure) string {
	unit := func(v float64) string {
		currency, per, _ := strings.Cut(f.Unit, "/")
		switch {
		case len(currency) == 3 && strings.ToUpper(currency) == currency:
			return l.price(ad.Price{Amount: v, Currency: currency, Per: per})
		case f.Unit == "":
			return l.decimal(v)
		}
		return l.decimal(v) + nbsp + l.named("unit.", f.Unit)
	}
	text := l.named("figure.", f.What) + ": " + unit(f.Value)
	switch {
	case f.What == shownBy && f.Compared != 0:
		text += l.say("figure_of", "value", unit(f.Compared))
	case f.Compared != 0 && f.Basis != "":
		text += l.say("figure_compared_basis", "value", unit(f.Compared), "basis", f.Basis)
	case f.Compared != 0:
		text += l.say("figure_compared", "value", unit(f.Compared))
	case f.Basis != "":
		text += l.say("figure_basis", "basis", f.Basis)
	}
	return text
}

// strongest returns the names of the n reasons that count most.
func (s *Server) strongest(l *locale, found []ad.Indicator, n int) []string {
	sorted := slices.Clone(found)
	slices.SortStableFunc(sorted, func(a, b ad.Indicator) int {
		return cmp.Or(cmp.Compare(b.Points, a.Points), strings.Compare(a.Code, b.Code))
	})
	var titles []string
	for _, in := range sorted {
		if t := s.title(l, in.Code); !slices.Contains(titles, t) && len(titles) < n {
			titles = append(titles, t)
		}
	}
	return titles
}
