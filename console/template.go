package console

import (
	"context"
	"strings"

	"varde/internal/ad"
	"varde/internal/template"
)

// What of a text that ads share is shown.
const (
	// mostCompared ads are looked up to find what changes in their text.
	mostCompared = 100
	// slotValues are shown of what stands in a slot, each up to longestSlot characters.
	slotValues  = 4
	longestSlot = 40
)

// sharedTemplate is the text that most ads of a network share, with what changes in it.
type sharedTemplate struct {
	// Ads is how many ads were compared, of how many that share it.
	Ads, Of int
	Pieces  []templatePiece
}

// templatePiece is a constant part, or a slot with what stands in it.
type templatePiece struct {
	Text   string
	Values []string
	More   int
}

// templateOf finds the text that most ads of a network share; it is nil where they share none.
func (s *Server) templateOf(ctx context.Context, n ad.Network) (*sharedTemplate, error) {
	on := map[string][]ad.Key{}
	best := ""
	for _, e := range n.Edges {
		if e.Kind != ad.TextSig {
			continue
		}
		on[e.Value] = append(on[e.Value], e.Ad)
		if more := len(on[e.Value]) - len(on[best]); more > 0 || more == 0 && e.Value < best {
			best = e.Value
		}
	}
	keys := on[best]
	if len(keys) < 2 {
		return nil, nil
	}
	ads, err := s.records.AdsOf(ctx, keys[:min(len(keys), mostCompared)])
	if err != nil {
		return nil, err
	}
	texts := make([]string, len(ads))
	for i := range ads {
		texts[i] = ads[i].Finding.Sighting.Text
	}
	t, ok := template.Of(texts)
	if !ok {
		return nil, nil
	}
	out := &sharedTemplate{Ads: t.Texts, Of: len(keys)}
	for _, p := range t.Parts {
		piece := templatePiece{Text: strings.Join(strings.Fields(p.Text), " ")}
		for _, v := range p.Values[:min(len(p.Values), slotValues)] {
			piece.Values = append(piece.Values, short(v.Text, longestSlot))
		}
		piece.More = max(0, len(p.Values)-slotValues)
		out.Pieces = append(out.Pieces, piece)
	}
	return out, nil
}
