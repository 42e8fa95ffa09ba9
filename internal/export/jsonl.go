package export

import (
	"bufio"
	"io"
	"time"

	"varde/internal/ad"
)

// adLine is an ad as the ad file has it, with what Varde made of it. Import reads it back, without what was added.
type adLine struct {
	ad.Sighting
	FirstSeen    time.Time        `json:"first_seen"`
	LastSeen     time.Time        `json:"last_seen"`
	GoneAt       time.Time        `json:"gone_at,omitzero"`
	Sightings    int              `json:"sightings"`
	Versions     int              `json:"versions"`
	Score        float64          `json:"score"`
	Band         ad.Band          `json:"band"`
	ScoreVersion string           `json:"score_version,omitempty"`
	Network      string           `json:"network"`
	Identifiers  []identifierLine `json:"identifiers"`
	Indicators   []ad.Indicator   `json:"indicators"`
}

type identifierLine struct {
	Kind     ad.Kind       `json:"kind"`
	Value    string        `json:"value"`
	Evidence []ad.Evidence `json:"evidence,omitempty"`
}

func jsonlAds(w io.Writer, ads Ads, _ Reader) error {
	bw := bufio.NewWriter(w)
	for a, err := range ads {
		if err != nil {
			return err
		}
		if err := ad.WriteLine(bw, lineOf(&a)); err != nil {
			return err
		}
	}
	return bw.Flush()
}

func lineOf(a *ad.Ad) adLine {
	line := adLine{Sighting: a.Finding.Sighting, FirstSeen: a.FirstSeen, LastSeen: a.LastSeen, GoneAt: a.Gone,
		Sightings: a.Sightings, Versions: a.Versions, Score: a.Score, Band: a.Band, ScoreVersion: a.ScoreVersion, Network: a.Network, Identifiers: []identifierLine{}, Indicators: []ad.Indicator{}}
	if line.Language == "" {
		line.Language = a.Finding.Language
	}
	for _, id := range a.Identifiers {
		line.Identifiers = append(line.Identifiers, identifierLine{id.Kind, id.Value, id.Evidence})
	}
	line.Indicators = append(line.Indicators, a.Standing.Indicators...)
	return line
}

// networkLine has the fields in the order that the design gives.
type networkLine struct {
	ID           string                 `json:"id"`
	Score        float64                `json:"score"`
	Band         ad.Band                `json:"band"`
	ScoreVersion string                 `json:"score_version,omitempty"`
	Ads          []ad.Key               `json:"ads"`
	Identifiers  []ad.NetworkIdentifier `json:"identifiers"`
	Indicators   []reasonLine           `json:"indicators"`
	FirstSeen    time.Time              `json:"first_seen"`
	LastSeen     time.Time              `json:"last_seen"`
	Sites        []string               `json:"sites"`
	Places       []string               `json:"places"`
	Categories   []ad.Category          `json:"categories"`
}

type reasonLine struct {
	Code   string  `json:"code"`
	Points float64 `json:"points"`
	Why    string  `json:"why"`
	// Note says why it counts nothing or less, where it does.
	Note ad.Note `json:"note,omitempty"`
}

func jsonlNetworks(w io.Writer, networks Networks, to Reader) error {
	bw := bufio.NewWriter(w)
	for n, err := range networks {
		if err != nil {
			return err
		}
		line := networkLine{ID: n.ID, Score: n.Score, Band: n.Band, ScoreVersion: n.ScoreVersion, Ads: n.Ads, Identifiers: append([]ad.NetworkIdentifier{}, n.Identifiers...),
			Indicators: []reasonLine{}, FirstSeen: n.FirstSeen, LastSeen: n.LastSeen, Sites: append([]string{}, n.Sites...),
			Places: append([]string{}, n.Places...), Categories: n.Categories}
		for _, in := range n.Indicators {
			line.Indicators = append(line.Indicators, reasonLine{in.Code, in.Points, why(in, to.title, exact), in.Note})
		}
		if err := ad.WriteLine(bw, line); err != nil {
			return err
		}
	}
	return bw.Flush()
}
