package export

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"
	"strings"
	"time"

	"varde/internal/ad"
)

//go:embed dossier.html
var dossierFS embed.FS

// dossierPage is what the dossier's template reads.
type dossierPage struct {
	Lang, Title     string
	Handling        Handling
	Statement       [][2]string
	Networks        []dossierNetwork
	Ads             []dossierAd
	Graph, Timeline template.HTML
	// Wide and LineTall are of the timeline.
	Wide, LineTall       int
	GraphWide, GraphTall int
}

type dossierNetwork struct {
	ID, Score, Version string
	Band               string
	Facts              [][2]string
	Reasons            []dossierReason
	Identifiers        []dossierIdentifier
}

type dossierReason struct{ Code, Title, Shown, Why, Innocent string }

type dossierIdentifier struct {
	Kind, Value string
	Ads         int
	Hub         bool
	// Cut says that a person cut it from ads of the network.
	Cut bool
}

type dossierAd struct {
	Key, URL, Site, Title, Text, Place, Advertiser, Age, Band, Score, Network, First, Last, Shows, Codes string
}

// dossier is a page to print or to send: one file, without script, that loads nothing. It says what was found, why, and what could be innocent
// about it.
func dossier(w io.Writer, c *Content, to Reader) error {
	say := to.words()
	p := dossierPage{Lang: to.Lang, Title: say["title"], Handling: c.Statement.Handling, Wide: wide, LineTall: timelineTall(c)}
	for _, f := range c.Statement.fields() {
		value := f[1]
		switch f[0] {
		case "caution":
			value = say["caution.text"]
		case "made_at":
			value = when(c.Statement.MadeAt, to)
		}
		p.Statement = append(p.Statement, [2]string{say["statement."+f[0]], value})
	}
	for i := range c.Networks {
		p.Networks = append(p.Networks, dossierOf(&c.Networks[i], say, to))
	}
	shows := make([][]string, len(c.Ads))
	for _, e := range c.edges {
		if n := &c.nodes[e.identifier]; n.kind != string(ad.PHash) && n.kind != string(ad.TextSig) && !e.Decided {
			shows[e.ad] = append(shows[e.ad], n.label)
		}
	}
	for i := range c.Ads {
		a, s := &c.Ads[i], &c.Ads[i].Finding.Sighting
		p.Ads = append(p.Ads, dossierAd{Key: line(string(a.Key)), URL: line(s.URL), Site: line(s.Site), Title: line(s.Title), Text: clean(s.Text), Place: line(s.Location),
			Advertiser: line(s.Advertiser), Age: positive(s.Age), Band: say["band."+string(a.Band)], Score: score(a.Score), Network: line(a.Network), First: when(a.FirstSeen, to),
			Last: when(a.LastSeen, to), Shows: strings.Join(shows[i], ", "), Codes: strings.Join(codes(a.Indicators), " ")})
	}
	var err error
	d := c.draw(say)
	p.GraphWide, p.GraphTall = d.wide, d.tall
	if p.Graph, err = picture(func(out *printer) { drawGraph(out, c, d) }); err == nil {
		p.Timeline, err = picture(func(out *printer) { drawTimeline(out, c, to, wide) })
	}
	if err != nil {
		return err
	}
	page, err := template.New("dossier.html").Funcs(template.FuncMap{"t": func(key string) string { return say[key] }}).ParseFS(dossierFS, "dossier.html")
	if err != nil {
		return fmt.Errorf("read the dossier's template: %w", err)
	}
	out := newPrinter(w)
	if err := page.Execute(out.w, p); err != nil {
		return fmt.Errorf("write the dossier: %w", err)
	}
	return out.end()
}

// picture is markup of this package's own, in which all that came from elsewhere was escaped when it was written.
func picture(draw func(*printer)) (template.HTML, error) {
	var b bytes.Buffer
	p := newPrinter(&b)
	draw(p)
	err := p.end()
	return template.HTML(b.String()), err //nolint:gosec // see above
}

func dossierOf(n *ad.Network, say map[string]string, to Reader) dossierNetwork {
	d := dossierNetwork{ID: line(n.ID), Band: say["band."+string(n.Band)], Score: score(n.Score), Version: line(n.ScoreVersion)}
	var categories []string
	for _, c := range n.Categories {
		categories = append(categories, say["category."+string(c)])
	}
	d.Facts = [][2]string{{say["ads"], fmt.Sprint(len(n.Ads))}, {say["first"], when(n.FirstSeen, to)}, {say["last"], when(n.LastSeen, to)},
		{say["places"], line(list(n.Places))}, {say["sites"], line(list(n.Sites))}, {say["categories"], list(categories)}}
	for _, in := range n.Indicators {
		if !in.Counts() {
			continue
		}
		r := dossierReason{Code: in.Code, Title: in.Code, Shown: line(strings.TrimPrefix(strings.TrimPrefix(why(in, to.title, readable), to.title(in.Code)), "; "))}
		if e, ok := to.Entry(in.Code); ok {
			r.Title, r.Why, r.Innocent = e.Title[to.Lang], e.Why[to.Lang], e.Innocent[to.Lang]
		}
		d.Reasons = append(d.Reasons, r)
	}
	first := map[shown]ad.Key{}
	for _, e := range n.Edges {
		if id := (shown{e.Kind, e.Value}); first[id] == "" {
			first[id] = e.Ad
		}
	}
	for _, id := range n.Identifiers {
		row := dossierIdentifier{Kind: say["kind."+string(id.Kind)], Value: short(id.Value, 80), Ads: id.Ads, Hub: id.Hub, Cut: id.Cut > 0}
		if by, ok := first[shown{id.Kind, id.Value}]; ok && (id.Kind == ad.TextSig || id.Kind == ad.PHash) {
			row.Value = say["of_ad"] + " " + short(string(by), 80)
		}
		if id.Kind == ad.Decided {
			row.Value = say["decision"] + " " + row.Value
		}
		d.Identifiers = append(d.Identifiers, row)
	}
	return d
}

// when is a time as people read it.
func when(t time.Time, to Reader) string {
	if t.IsZero() {
		return ""
	}
	return to.local(t).Format("2006-01-02 15:04 MST")
}
