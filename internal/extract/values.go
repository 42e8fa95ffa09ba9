package extract

import (
	"cmp"
	"slices"
	"time"

	"varde/internal/ad"
	"varde/internal/text"
)

// About is what is known of the ad that a text is of.
type About struct {
	Category ad.Category
	// Country is where the ad stands, "" where that is not known.
	Country string
	// At is when it was posted or seen.
	At time.Time
}

// Values reads all values of a text except its places, in the order of the text. The evidence of each names bytes of the original; its
// field is for the caller to say.
func Values(d *text.Doc, about About) []ad.Value {
	r := newReader(d)
	out := r.prices(about.Country)
	if about.Category != ad.Job { // a job ad's ages are the firm's and its demands
		out = append(out, r.ages(about.At)...)
		out = append(out, r.persons()...)
		out = append(out, r.available()...)
	}
	out = append(out, r.work()...)
	slices.SortStableFunc(out, func(a, b ad.Value) int { return cmp.Compare(a.Evidence.Start, b.Evidence.Start) })
	return out
}

// evidence is the span of the original that bytes of the folded text came from.
func (r *reader) evidence(start, end int) ad.Evidence {
	from, to := r.Span(start, end)
	return ad.Evidence{Start: from, End: to, Quote: r.Source[from:to]}
}

// tokens is the evidence of tokens first to last.
func (r *reader) tokens(first, last int) ad.Evidence {
	return r.evidence(int(r.Tokens[first].Start), int(r.Tokens[last].End))
}
