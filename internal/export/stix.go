package export

import (
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"varde/internal/ad"
)

// stixObject is any object of STIX 2.1.
type stixObject map[string]any

// tlp are the marking definitions of TLP 2.0, as OASIS has defined them.
var tlp = map[Handling]string{
	Clear: "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487", Green: "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
	Amber: "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421", AmberStrict: "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
	Red: "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
}

const tlpExtension = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"

// stixWriter writes the objects of one bundle, each once.
type stixWriter struct {
	p       *printer
	c       *Content
	marking string
	maker   string
	made    string
	written map[string]bool
}

// stix is a STIX 2.1 bundle. An ad is observed-data of a url and of what it shows, a network a grouping, its reasons a note, and so is a decision that joined ads. There are no
// relationships between observables, which OpenCTI refuses, and no threat actor, campaign or identity: nobody is one by an ad. The only identity is
// this program's, which made it. Every object refers to objects of the bundle only.
func stix(w io.Writer, c *Content, to Reader) error {
	s := &stixWriter{p: newPrinter(w), c: c, marking: tlp[c.Statement.Handling], made: stixTime(c.Statement.MadeAt), written: map[string]bool{}}
	s.maker = stixID("identity", "varde")
	s.p.print(`{"type":"bundle","id":"` + stixID("bundle", c.Statement.SHA256+s.made+c.Statement.Purpose) + `","objects":[`)
	level := strings.ToLower(strings.TrimPrefix(string(c.Statement.Handling), "TLP:"))
	s.put(stixObject{"type": "marking-definition", "spec_version": "2.1", "id": s.marking, "created": "2022-10-01T00:00:00.000Z", "name": string(c.Statement.Handling),
		"extensions": map[string]any{tlpExtension: map[string]any{"extension_type": "property-extension", "tlp_2_0": level}}})
	s.put(s.sdo("identity", s.maker, epoch, stixObject{"name": c.Statement.Program, "identity_class": "system",
		"description": "The program that made this export. Made by: " + line(c.Statement.MadeBy) + "."}))
	refs := s.observables()
	observed := make([]string, len(c.Ads))
	shows := make([][]string, len(c.Ads))
	for _, e := range c.edges {
		if !e.Decided {
			shows[e.ad] = append(shows[e.ad], refs[e.identifier])
		}
	}
	for i := range c.Ads {
		observed[i] = s.observe(i, append([]string{refs[i]}, shows[i]...))
	}
	s.decisions(observed)
	groups := s.groupings(refs, observed, shows, to)
	about := groups
	if len(about) == 0 {
		about = observed
	}
	if len(about) == 0 {
		about = []string{s.maker}
	}
	s.put(s.sdo("note", stixID("note", "statement "+c.Statement.SHA256+s.made), s.made, stixObject{"abstract": "Export statement", "content": c.Statement.text(), "object_refs": about}))
	s.p.print("]}\n")
	return s.p.end()
}

func (s *stixWriter) put(o stixObject) {
	id, _ := o["id"].(string)
	if s.written[id] { // two names of one thing, such as an ad's address that another ad links to
		return
	}
	comma(s.p, len(s.written))
	s.written[id] = true
	s.p.json(o, "")
}

// sdo fills in what every object but an observable has.
func (s *stixWriter) sdo(kind, id, created string, o stixObject) stixObject {
	o["type"], o["spec_version"], o["id"], o["created"], o["modified"] = kind, "2.1", id, created, s.made
	o["object_marking_refs"] = []string{s.marking}
	if id != s.maker {
		o["created_by_ref"] = s.maker
	}
	return o
}

// observables writes the addresses and identifiers, and returns the ids by the number of the node.
func (s *stixWriter) observables() []string {
	refs := make([]string, len(s.c.nodes))
	for i := range s.c.nodes {
		if s.c.nodes[i].kind == string(ad.Decided) { // nobody observed it
			continue
		}
		o := observable(&s.c.nodes[i])
		refs[i], _ = o["id"].(string)
		o["object_marking_refs"] = []string{s.marking}
		s.put(o)
	}
	return refs
}

func (s *stixWriter) observe(i int, refs []string) string {
	a := &s.c.Ads[i]
	id := stixID("observed-data", s.c.nodes[i].id)
	last := a.LastSeen
	if last.Before(a.FirstSeen) {
		last = a.FirstSeen
	}
	s.put(s.sdo("observed-data", id, s.created(a.FirstSeen), stixObject{"first_observed": stixTime(a.FirstSeen), "last_observed": stixTime(last),
		"number_observed": max(1, a.Sightings), "object_refs": unique(refs)}))
	text := clean(a.Finding.Sighting.Text)
	if text == "" {
		text = s.c.nodes[i].label
	}
	s.put(s.sdo("note", stixID("note", s.c.nodes[i].id), s.created(a.FirstSeen), stixObject{"abstract": s.c.nodes[i].label, "content": text, "object_refs": []string{id}}))
	return id
}

// decisions writes each decision by which a person joined ads.
func (s *stixWriter) decisions(observed []string) {
	ads := map[int][]string{}
	for _, e := range s.c.edges {
		if e.Decided {
			ads[e.identifier] = append(ads[e.identifier], observed[e.ad])
		}
	}
	for _, i := range slices.Sorted(maps.Keys(ads)) {
		n := &s.c.nodes[i]
		s.put(s.sdo("note", stixID("note", n.id), s.made, stixObject{"abstract": "Analyst's " + n.label, "content": decidedText, "object_refs": ads[i]}))
	}
}

// groupings writes each network with its places and reasons.
func (s *stixWriter) groupings(refs, observed []string, shows [][]string, to Reader) (ids []string) {
	at := map[ad.Key]int{}
	for i := range s.c.Ads {
		at[s.c.Ads[i].Key] = i
	}
	for i := range s.c.Networks {
		n := &s.c.Networks[i]
		var holds []string
		countries := map[string]string{}
		for _, key := range n.Ads {
			if j, ok := at[key]; ok {
				holds = append(append(holds, observed[j], refs[j]), shows[j]...)
				if of := &s.c.Ads[j].Finding.Sighting; len(of.Country) == 2 && of.Location != "" {
					countries[line(of.Location)] = strings.ToUpper(of.Country)
				}
			}
		}
		for _, place := range slices.Sorted(maps.Keys(countries)) {
			id := stixID("location", countries[place]+place)
			s.put(s.sdo("location", id, epoch, stixObject{"name": place, "country": countries[place], "city": place}))
			holds = append(holds, id)
		}
		if len(holds) == 0 {
			continue
		}
		id := stixID("grouping", n.ID)
		s.put(s.sdo("grouping", id, s.created(n.FirstSeen), stixObject{"name": "Varde network " + line(n.ID), "context": "suspicious-activity", "description": Caution, "object_refs": unique(holds)}))
		s.put(s.sdo("note", stixID("note", "network:"+n.ID), s.created(n.FirstSeen), stixObject{"abstract": "Why this network is shown", "content": networkText(n, to), "object_refs": []string{id}}))
		ids = append(ids, id)
	}
	return ids
}

// created is when a thing was first known, and never after the export was made.
func (s *stixWriter) created(t time.Time) string {
	if t.IsZero() || t.After(s.c.Statement.MadeAt) {
		return s.made
	}
	return stixTime(t)
}

// epoch is when things are said to be created that are the same in every export.
const epoch = "2026-01-01T00:00:00.000Z"

func stixTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

func unique(ids []string) []string {
	seen := map[string]bool{}
	return slices.DeleteFunc(ids, func(id string) bool { was := seen[id]; seen[id] = true; return was })
}
