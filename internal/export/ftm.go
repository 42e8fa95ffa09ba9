package export

import (
	"crypto/sha1" //nolint:gosec // names things as FollowTheMoney's tools do; nothing rests on it
	"encoding/hex"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"varde/internal/ad"
)

// ftmEntity is one line of FollowTheMoney's JSON; every value is a list of texts.
type ftmEntity struct {
	ID         string              `json:"id"`
	Schema     string              `json:"schema"`
	Properties map[string][]string `json:"properties"`
}

func (e *ftmEntity) set(name string, values ...string) {
	for _, v := range values {
		if v != "" {
			e.Properties[name] = append(e.Properties[name], v)
		}
	}
}

func ftm(schema, of string) *ftmEntity {
	sum := sha1.Sum([]byte(of)) //nolint:gosec // see above
	return &ftmEntity{ID: "varde-" + hex.EncodeToString(sum[:]), Schema: schema, Properties: map[string][]string{}}
}

// followTheMoney is lines of entities for Aleph, OpenAleph and ftm: an ad is a HyperText, a contact a UserAccount, a link an UnknownLink, and a network or
// a decision that joined ads a Note on them. Nobody is made a Person, nothing is given the topic of a crime. The first line is the statement.
func followTheMoney(w io.Writer, c *Content, to Reader) error {
	p := newPrinter(w)
	st := ftm("Note", "statement "+c.Statement.SHA256+" "+stamp(c.Statement.MadeAt))
	st.set("name", "Varde export, "+string(c.Statement.Handling))
	st.set("description", c.Statement.text())
	st.set("createdAt", stamp(c.Statement.MadeAt))
	p.json(st, "")
	at := make(map[ad.Key]int, len(c.Ads))
	for i := range c.nodes {
		if a := c.nodes[i].ad; a != nil {
			at[a.Key] = i
		}
		if c.nodes[i].kind != string(ad.Decided) {
			p.json(ftmNode(&c.nodes[i]), "")
		}
	}
	decisions := map[int]*ftmEntity{}
	for _, e := range c.edges {
		if e.Decided {
			if decisions[e.identifier] == nil {
				decisions[e.identifier] = ftmDecision(&c.nodes[e.identifier])
			}
			decisions[e.identifier].set("entity", ftm("", c.nodes[e.ad].id).ID)
			continue
		}
		l := ftm("UnknownLink", e.id(c))
		l.set("subject", ftm("", c.nodes[e.ad].id).ID)
		l.set("object", ftm("", c.nodes[e.identifier].id).ID)
		l.set("role", e.role())
		l.set("summary", i2About(e))
		l.set("startDate", stamp(c.Ads[e.ad].FirstSeen))
		l.set("endDate", stamp(c.Ads[e.ad].LastSeen))
		p.json(l, "")
	}
	for _, i := range slices.Sorted(maps.Keys(decisions)) {
		p.json(decisions[i], "")
	}
	for i := range c.Networks {
		n := &c.Networks[i]
		note := ftm("Note", "network:"+n.ID)
		note.set("name", "Network "+line(n.ID))
		note.set("description", networkText(n, to))
		for _, key := range n.Ads {
			if j, ok := at[key]; ok {
				note.set("entity", ftm("", c.nodes[j].id).ID)
			}
		}
		p.json(note, "")
	}
	return p.end()
}

// decidedText says what a decision is that joined ads.
const decidedText = "A person decided that these ads belong together. Neither shows it."

// ftmDecision is a decision by which a person joined ads, which are to be set.
func ftmDecision(n *node) *ftmEntity {
	note := ftm("Note", n.id)
	note.set("name", "Analyst's "+n.label)
	note.set("description", decidedText)
	return note
}

func ftmNode(n *node) *ftmEntity {
	if n.ad != nil {
		return ftmAd(n)
	}
	switch ad.Kind(n.kind) {
	case ad.PHash, ad.TextSig:
		e := ftm(map[ad.Kind]string{ad.PHash: "Image", ad.TextSig: "PlainText"}[ad.Kind(n.kind)], n.id)
		e.set("fileName", n.kind+" "+n.value)
		e.set("title", n.label)
		return e
	}
	e := ftm("UserAccount", n.id)
	service, name, _ := strings.Cut(n.value, ":")
	switch ad.Kind(n.kind) {
	case ad.Phone:
		service, name = "phone", n.value
		e.set("number", n.value)
	case ad.Email:
		service, name = "e-mail", n.value
		e.set("email", n.value)
	case ad.Link:
		service, name, _ = strings.Cut(n.value, "/")
		e.set("sourceUrl", "https://"+n.value)
	}
	if name == "" {
		name = n.value
	}
	e.set("name", n.label)
	e.set("username", name)
	e.set("service", service)
	return e
}

func ftmAd(n *node) *ftmEntity {
	a, s := n.ad, &n.ad.Finding.Sighting
	e := ftm("HyperText", n.id)
	e.set("fileName", line(string(a.Key))+".html")
	e.set("title", n.label)
	e.set("bodyText", clean(s.Text))
	e.set("sourceUrl", line(s.URL))
	e.set("publisher", line(s.Site))
	if !s.PostedAt.IsZero() {
		e.set("publishedAt", stamp(s.PostedAt))
	}
	e.set("date", stamp(a.FirstSeen))
	e.set("retrievedAt", stamp(a.LastSeen))
	e.set("crawler", "varde")
	e.set("author", line(s.Advertiser))
	e.set("locationMentioned", line(s.Location))
	if len(s.Country) == 2 {
		e.set("country", strings.ToLower(s.Country))
	}
	e.set("language", iso3[a.Finding.Language])
	for _, id := range a.Identifiers {
		switch id.Kind {
		case ad.Phone:
			e.set("phoneMentioned", line(id.Value))
		case ad.Email:
			e.set("emailMentioned", line(id.Value))
		}
	}
	e.set("summary", "attention "+string(a.Band)+", score "+score(a.Score)+" by scores "+line(a.ScoreVersion)+". "+Caution)
	return e
}

// iso3 are the languages of ads by the three letters that FollowTheMoney takes; it drops what it does not know.
var iso3 = map[string]string{"nb": "nob", "nn": "nno", "no": "nor", "sv": "swe", "da": "dan", "fi": "fin", "en": "eng", "de": "deu", "nl": "nld", "fr": "fra", "es": "spa",
	"pt": "por", "it": "ita", "pl": "pol", "ro": "ron", "bg": "bul", "hu": "hun", "cs": "ces", "sk": "slk", "lt": "lit", "lv": "lav", "et": "est", "uk": "ukr", "ru": "rus",
	"sq": "sqi", "sr": "srp", "hr": "hrv", "tr": "tur", "ar": "ara", "th": "tha", "vi": "vie", "zh": "zho", "tl": "tgl", "ti": "tir", "am": "amh", "so": "som"}

// networkText says in words what a network is and why it is shown.
func networkText(n *ad.Network, to Reader) string {
	var b strings.Builder
	b.WriteString("Attention: " + string(n.Band) + ". Score " + score(n.Score) + " by scores " + line(n.ScoreVersion) + ". Ads: " + strconv.Itoa(len(n.Ads)) +
		". First seen " + stamp(n.FirstSeen) + ", last seen " + stamp(n.LastSeen) + ".\n")
	if len(n.Places) > 0 {
		b.WriteString("Places: " + line(list(n.Places)) + ".\n")
	}
	for _, in := range n.Indicators {
		if in.Counts() {
			b.WriteString(in.Code + " " + line(why(in, to.title, readable)) + "\n")
			if e, ok := to.Entry(in.Code); ok && e.Innocent[to.Lang] != "" {
				b.WriteString("   What could be innocent: " + line(e.Innocent[to.Lang]) + "\n")
			}
		}
	}
	b.WriteString(Caution)
	return b.String()
}
