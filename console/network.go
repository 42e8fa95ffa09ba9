package console

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"

	"varde/internal/ad"
	"varde/internal/review"
)

// How much of a network one page shows.
const (
	adsPerPage      = 50
	mostIdentifiers = 200
	mostLinks       = 400
	// longestValue is how much of one value is shown, in characters; what is longer is no phone, place or name.
	longestValue = 120
)

// networkPage answers, in this order: what is this, why am I shown it, what holds it together.
type networkPage struct {
	base
	ID      string
	Was     string // the old id that led here
	Band    ad.Band
	Score   string
	Summary string
	// Held says in words why the score is lower than the points together, "" where it is not.
	Held string
	// Child counts its ads in which a child may be involved; Spam says that it is of that class.
	Child   int
	Spam    bool
	Facts   []fact
	Reasons []reason
	// Template is the text that most of its ads share, nil where they share none.
	Template *sharedTemplate
	// Holds says what holds it together most and least.
	Holds holdsText
	// Identifiers hold the network together or are shown by it; those past mostIdentifiers are only counted.
	Identifiers     []identifierRow
	MoreIdentifiers int
	AdCount         int
	Ads             []adRow
	Pager           pager
	Links           []linkRow
	MoreLinks       int
	GraphURL        string
	Folded          bool
	Review          *verdict
	// Decided is what is decided about its links.
	Decided *decidedLinks
	// Lineage is what became of it: merges, splits and former ids.
	Lineage       []lineageRow
	LineageFolded bool
	Export        *exportForm
	// ScoresHref is where the version that made the score is explained.
	ScoreVersion, ScoresHref string
}

// fact is a line of what is known: a key of the catalogue and its values.
type fact struct {
	Key    string
	Values []string
	When   *moment
	// Exact values are addresses and hashes, shown letter by letter.
	Exact bool
	// Warn marks what a reader must not overlook.
	Warn bool
	// Href is where the values lead in the console, "" for nowhere.
	Href string
}

// identifierRow is one identifier with how many of the network's ads show it.
type identifierRow struct {
	Kind ad.Kind
	// Value is what people read, Exact the hash behind the name of a text or a picture, "" for all else.
	Value string
	Exact string
	Ads   int
	Of    int
	Hub   bool
	Joins bool
	// Cut is how many of Ads it does not link because somebody decided so.
	Cut int
	// value is as the record has it.
	value string
	// Search is where the value leads: to a search for it, or to the ad that it is named by.
	Search string
}

// adRow is one ad in a table.
type adRow struct {
	Key, Href   string
	Title       []part
	Advertiser  string
	Age         int
	Place, Site string
	Category    ad.Category
	Band        ad.Band
	First, Last moment
}

// linkRow is one line of the graph as a table.
type linkRow struct {
	Ad    link
	Kind  ad.Kind
	Value string
	// Exact is the hash behind the name of a text or a picture, "" for all else; such a name says what kind it is.
	Exact string
}

func (s *Server) network(w http.ResponseWriter, r *http.Request) error {
	return s.showNetwork(w, r, http.StatusOK, nil)
}

// showNetwork shows a network; refused changes the form that could not be taken.
func (s *Server) showNetwork(w http.ResponseWriter, r *http.Request, status int, refused func(*networkPage)) error {
	l := s.locale(r)
	id := r.PathValue("id")
	n, err := s.records.Network(r.Context(), id)
	if err != nil {
		return err
	}
	if n.ID != id && refused == nil {
		http.Redirect(w, r, networkURL(n.ID)+"?was="+url.QueryEscape(id), http.StatusFound)
		return nil
	}
	page := pageNumber(r.URL.Query())
	keys := n.Ads[min((page-1)*adsPerPage, len(n.Ads)):min(page*adsPerPage, len(n.Ads))]
	ads, err := s.records.AdsOf(r.Context(), keys)
	if err != nil {
		return err
	}
	children, err := s.records.PossibleChildren(r.Context(), []string{n.ID})
	if err != nil {
		return err
	}
	p := networkPage{base: s.base(r, l.say("network.title", "id", n.ID), "queue"), ID: n.ID,
		Was: short(r.URL.Query().Get("was"), 40), Band: n.Band, Score: l.decimal(n.Score), Summary: s.summary(l, n, 4, false),
		Facts: l.networkFacts(n), Reasons: s.reasons(l, n.Indicators), AdCount: len(n.Ads), Child: children[n.ID], Spam: n.Class == ad.Spam, Ads: l.adRows(ads),
		Pager: newPager(r.URL, page, len(n.Ads), adsPerPage), GraphURL: networkURL(n.ID) + "/graph"}
	if err := s.showShared(r.Context(), l, p.Reasons); err != nil {
		return err
	}
	if p.Template, err = s.templateOf(r.Context(), n); err != nil {
		return err
	}
	p.Held, err = s.explain(r.Context(), l, scored{score: n.Score, version: n.ScoreVersion, class: n.Class, found: n.Indicators, network: len(n.Ads) > 1}, p.Reasons)
	if err != nil {
		return err
	}
	names, err := s.nameShared(r.Context(), l, n)
	if err != nil {
		return err
	}
	p.Identifiers, p.MoreIdentifiers = identifierRows(n, names)
	p.Holds = l.holdsOf(n, names)
	if p.Decided, err = s.decidedOf(r.Context(), l, n, ads, p.Identifiers); err != nil {
		return err
	}
	p.Decided.Cut = r.URL.Query().Get("cut")
	p.Links, p.MoreLinks = linkRows(n, names)
	p.Folded = nodeCount(n) > mostNodes
	if p.Lineage, err = s.lineage(r.Context(), l, n.ID); err != nil {
		return err
	}
	if p.Review, err = s.verdictOf(r.Context(), l, n, p.Lineage); err != nil {
		return err
	}
	p.LineageFolded = len(p.Lineage) > shownLineage
	p.ScoreVersion, p.ScoresHref = n.ScoreVersion, scoresURL(n.ScoreVersion)
	p.Path = networkURL(n.ID)
	p.Export = newExportForm("")
	p.Export.Networks = []string{n.ID}
	if done := r.URL.Query().Get("done"); done == string(review.Undo) || slices.Contains(review.Decisions, review.Decision(done)) {
		p.Notice = l.say("review.done." + done)
	} else if done == "cut" || done == "join" || done == "undo-link" {
		p.Notice = l.say("decided.done." + done)
	}
	if refused != nil {
		refused(&p)
	}
	return s.render(w, r, status, "network", p)
}

func (l *locale) networkFacts(n ad.Network) []fact {
	first, last := l.clock(n.FirstSeen), l.clock(n.LastSeen)
	facts := []fact{{Key: "fact.first_seen", When: &first}, {Key: "fact.last_seen", When: &last}}
	add := func(key string, values []string) {
		if len(values) == 0 {
			values = []string{l.say("fact.none")}
		}
		if more := len(values) - 20; more > 0 {
			values = append(slices.Clone(values[:20]), l.say("list.more", "n", more))
		}
		short := make([]string, len(values))
		for i, v := range values {
			short[i] = shortValue(v)
		}
		facts = append(facts, fact{Key: key, Values: short})
	}
	add("fact.places", n.Places)
	add("fact.sites", n.Sites)
	var categories []string
	for _, c := range n.Categories {
		categories = append(categories, l.named("category.", string(c)))
	}
	add("fact.categories", categories)
	return facts
}

func shortValue(v string) string { return short(v, longestValue) }

// identifierRows lists what joins ads first, then what only one ad shows.
func identifierRows(n ad.Network, names map[idKey]sharedName) ([]identifierRow, int) {
	joins := map[[2]string]bool{}
	for _, e := range n.Edges {
		joins[[2]string{string(e.Kind), e.Value}] = true
	}
	rows := make([]identifierRow, 0, len(n.Identifiers))
	for _, id := range n.Identifiers {
		row := identifierRow{Kind: id.Kind, Value: short(identifier(id.Kind, id.Value), longestValue), Ads: id.Ads, Of: len(n.Ads), Hub: id.Hub, Cut: id.Cut, value: id.Value,
			Joins: !id.Hub && id.Ads-id.Cut > 1 && joins[[2]string{string(id.Kind), id.Value}]}
		if id.Kind == ad.Phone || id.Kind == ad.Handle || id.Kind == ad.Email {
			row.Search = "/search?q=" + url.QueryEscape(searchWord(id.Kind, id.Value))
		}
		if name, ok := names[idKey{id.Kind, id.Value}]; ok {
			row.Value, row.Exact, row.Search = name.Text, shortValue(id.Value), name.Href
		}
		rows = append(rows, row)
	}
	slices.SortStableFunc(rows, func(a, b identifierRow) int {
		if a.Joins != b.Joins {
			return map[bool]int{true: -1, false: 1}[a.Joins]
		}
		return cmp.Compare(b.Ads, a.Ads)
	})
	more := max(0, len(rows)-mostIdentifiers)
	return rows[:len(rows)-more], more
}

func linkRows(n ad.Network, names map[idKey]sharedName) ([]linkRow, int) {
	more := max(0, len(n.Edges)-mostLinks)
	rows := make([]linkRow, 0, len(n.Edges)-more)
	for _, e := range n.Edges[:len(n.Edges)-more] {
		row := linkRow{Ad: adLink(e.Ad), Kind: e.Kind, Value: short(identifier(e.Kind, e.Value), 60)}
		if name, ok := names[idKey{e.Kind, e.Value}]; ok {
			row.Value, row.Exact = name.Text, shortValue(e.Value)
		}
		rows = append(rows, row)
	}
	return rows, more
}

// adRows shows ads by when they were first seen.
func (l *locale) adRows(ads []ad.Ad) []adRow {
	ads = slices.Clone(ads)
	slices.SortFunc(ads, func(a, b ad.Ad) int {
		return cmp.Or(a.FirstSeen.Compare(b.FirstSeen), cmp.Compare(a.Key, b.Key))
	})
	rows := make([]adRow, len(ads))
	for i, a := range ads {
		rows[i] = l.adRow(a)
	}
	return rows
}

func (l *locale) adRow(a ad.Ad) adRow {
	s := &a.Finding.Sighting
	return adRow{Key: string(a.Key), Href: adURL(a.Key), Title: unseenParts(adTitle(s), part{}), Advertiser: short(s.Advertiser, 40),
		Age: s.Age, Place: short(s.Location, 40), Site: s.Site, Category: s.Category, Band: a.Band,
		First: l.day(a.FirstSeen), Last: l.day(a.LastSeen)}
}

// adTitle is what an ad is called in lists: its title, or the start of its text, or its key.
func adTitle(s *ad.Sighting) string {
	switch {
	case s.Title != "":
		return short(s.Title, 120)
	case s.Text != "":
		return short(s.Text, 80)
	}
	return string(s.Key())
}
