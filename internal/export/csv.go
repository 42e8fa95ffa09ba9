package export

import (
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"varde/internal/ad"
)

// The CSV is for people and their spreadsheets: UTF-8 with a byte-order mark, one row an ad or a network, names rather
// than bare ids, and cells that a spreadsheet would take for a formula made text by a leading apostrophe (OWASP ASVS 5.0,
// 1.2.10). Programs read the JSON Lines, where nothing is prefixed.

func csvAds(w io.Writer, ads Ads, to Reader) error {
	out, err := newSheet(w, "key", "site", "ad_id", "url", "category", "band", "score", "score_version", "network", "title", "text", "language", "location", "country",
		"advertiser", "age", "phones", "contacts", "pictures", "reasons", "first_seen", "last_seen", "gone_at", "sightings", "versions")
	if err != nil {
		return err
	}
	for a, err := range ads {
		if err != nil {
			return err
		}
		s := &a.Finding.Sighting
		age, gone := "", ""
		if s.Age > 0 {
			age = strconv.Itoa(s.Age)
		}
		if !a.Gone.IsZero() {
			gone = stamp(a.Gone)
		}
		err = out.row(string(a.Key), s.Site, s.AdID, s.URL, string(s.Category), string(a.Band), score(a.Score), a.ScoreVersion, a.Network, s.Title, s.Text,
			a.Finding.Language, s.Location, s.Country, s.Advertiser, age, values(a.Identifiers, ad.Phone), values(a.Identifiers, ad.Handle, ad.Email, ad.Link),
			strconv.Itoa(len(s.Pictures)), reasons(a.Standing.Indicators, to), stamp(a.FirstSeen), stamp(a.LastSeen), gone,
			strconv.Itoa(a.Sightings), strconv.Itoa(a.Versions))
		if err != nil {
			return err
		}
	}
	return out.flush()
}

func csvNetworks(w io.Writer, networks Networks, to Reader) error {
	out, err := newSheet(w, "network", "band", "score", "score_version", "ads", "personas", "reasons", "phones", "contacts", "sites", "places", "categories",
		"first_seen", "last_seen", "ad_keys")
	if err != nil {
		return err
	}
	for n, err := range networks {
		if err != nil {
			return err
		}
		var phones, contacts, keys []string
		for _, id := range n.Identifiers {
			switch {
			case id.Hub || id.Ads > 0 && id.Cut == id.Ads:
			case id.Kind == ad.Phone:
				phones = append(phones, id.Value)
			case id.Kind == ad.Handle || id.Kind == ad.Email || id.Kind == ad.Link:
				contacts = append(contacts, id.Value)
			}
		}
		for _, k := range n.Ads {
			keys = append(keys, string(k))
		}
		var categories []string
		for _, c := range n.Categories {
			categories = append(categories, string(c))
		}
		err = out.row(n.ID, string(n.Band), score(n.Score), n.ScoreVersion, strconv.Itoa(len(n.Ads)), strconv.Itoa(n.Personas), reasons(n.Indicators, to),
			list(phones), list(contacts), list(n.Sites), list(n.Places), list(categories), stamp(n.FirstSeen), stamp(n.LastSeen), list(keys))
		if err != nil {
			return err
		}
	}
	return out.flush()
}

type sheet struct{ w *csv.Writer }

func newSheet(w io.Writer, header ...string) (sheet, error) {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return sheet{}, err
	}
	s := sheet{csv.NewWriter(w)}
	return s, s.w.Write(header)
}

func (s sheet) row(cells ...string) error {
	for i, c := range cells {
		cells[i] = plain(c)
	}
	return s.w.Write(cells)
}

func (s sheet) flush() error {
	s.w.Flush()
	return s.w.Error()
}

// formula are the first characters that some spreadsheet takes as the start of a formula, also after spaces or quotes.
const formula = "=+-@|\t\n＝＋－＠"

// plain makes a cell that no spreadsheet runs, without characters that end a cell or a file early or that turn what stands beside them.
func plain(cell string) string {
	cell = clean(cell)
	if first := strings.TrimLeft(cell, " \"'\u00a0"); first != "" && strings.ContainsRune(formula, []rune(first)[0]) {
		return "'" + cell
	}
	return cell
}

func values(ids []ad.Identifier, kinds ...ad.Kind) string {
	var vs []string
	for _, id := range ids {
		if slices.Contains(kinds, id.Kind) {
			vs = append(vs, id.Value)
		}
	}
	return list(vs)
}

func reasons(ins []ad.Indicator, to Reader) string {
	var rs []string
	for _, in := range ins {
		if in.Counts() { // what was found and counts nothing is no reason
			rs = append(rs, in.Code+" "+why(in, to.title, readable))
		}
	}
	return list(rs)
}

func list(vs []string) string { return strings.Join(vs, " | ") }

func score(f float64) string { return strconv.FormatFloat(f, 'f', 2, 64) }

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
