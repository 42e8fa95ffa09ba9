package detectors

import (
	"fmt"
	"io/fs"
	"slices"

	"varde/internal/ad"
	"varde/internal/extract"
	"varde/internal/text"
)

// placesFile is the list of places.
const placesFile = "places.csv"

func readPlaces(files fs.FS) (*extract.Places, error) {
	f, err := files.Open(placesFile)
	if err != nil {
		return nil, fmt.Errorf("open list of places: %w", err)
	}
	defer f.Close()
	return extract.ReadPlaces(f)
}

// values reads what a sighting says as values, once for all detectors: those of its own fields first, for they win.
func (d *Detectors) values(in *Input) []ad.Value {
	var out []ad.Value
	for i, p := range in.Prices {
		v := ad.Value{Kind: ad.PriceValue, Number: p.Amount, Unit: p.Currency, Evidence: ad.Evidence{Field: ad.FieldPrices, Index: i}}
		if p.Per != "" {
			v.Unit += "/" + p.Per
		}
		out = append(out, v)
	}
	if in.Age > 0 {
		out = append(out, ad.Value{Kind: ad.AgeValue, Number: float64(in.Age), Evidence: ad.Evidence{Field: ad.FieldAge}})
	}
	out = append(out, placed(ad.FieldLocation, d.places.Field(text.Read(text.Cut(in.Location, longestEntry)), in.Country))...)
	about := extract.About{Category: in.Category, Country: in.Country, At: in.PostedAt}
	if about.At.IsZero() {
		about.At = in.SeenAt
	}
	for _, f := range in.fields() {
		places := d.places.Find(f.Doc, in.Country)
		said := slices.DeleteFunc(extract.Values(f.Doc, about), func(v ad.Value) bool { return v.Kind == ad.AgeValue && placeWithin(v, places) })
		out = append(out, placed(f.Field, said)...)
		out = append(out, placed(f.Field, places)...)
		if in.Category != ad.Job { // a job ad's name is the firm's or of whom to ask
			out = append(out, placed(f.Field, extract.Names(f.Doc, body(in, f.Field), d.places, in.Country))...)
		}
	}
	return out
}

// body is the text that goes with a title.
func body(in *Input, field ad.Field) *text.Doc {
	if field == ad.FieldTitle {
		return in.Text
	}
	return nil
}

// placeWithin says that what was read as a name with an age is a place with a number: "Oslo, 16".
func placeWithin(v ad.Value, places []ad.Value) bool {
	return slices.ContainsFunc(places, func(p ad.Value) bool {
		return p.Evidence.Start == v.Evidence.Start && p.Evidence.End < v.Evidence.End
	})
}

// placed writes into values which field they stand in.
func placed(field ad.Field, values []ad.Value) []ad.Value {
	for i := range values {
		values[i].Evidence.Field = field
	}
	return values
}
