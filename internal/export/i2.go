package export

import (
	"fmt"
	"io"
	"strings"

	"varde/internal/ad"
)

// i2Types are what entities are called in Analyst's Notebook, with the name of their icon there.
var i2Types = map[string][2]string{
	"ad": {"Advertisement", "Document"}, string(ad.Phone): {"Phone", "Phone"}, string(ad.Handle): {"Online Account", "Account"}, string(ad.Email): {"E-mail Address", "E-mail"},
	string(ad.Link): {"Web Address", "Web Page"}, string(ad.Payment): {"Payment Account", "Account"}, string(ad.PHash): {"Shared Picture", "Photograph"},
	string(ad.TextSig): {"Shared Text", "Document"}, string(ad.Decided): {"Analyst Decision", "Document"},
}

const i2Readme = `Entities and links for i2 Analyst's Notebook, which asks for an import specification for every CSV file: how to make it once is below. The
format "anx" needs none.

entities.csv  one row an entity: every ad and every identifier.
links.csv     one row a link: an ad, an identifier that it shows or a decision that joins it to another, and the link between them.

Both are UTF-8 with a byte-order mark, with commas, a row of headings, and no line end inside a field. Dates are YYYY-MM-DD and times HH:MM:SS, in
the time zone %s. A field that a spreadsheet would take for a formula begins with an apostrophe; phone numbers stand as they are, +47….

THE IMPORT SPECIFICATION, STEP BY STEP (the names of menus are those of Analyst's Notebook 9 and 10)

 1. Data > Import > Import from file. Choose links.csv, and New specification. Call it "Varde links".
 2. File format: text, delimited by commas, text qualifier ", encoding UTF-8. First row holds column headings: yes.
 3. Column actions: none. All columns are kept as text; set date to the date format YYYY-MM-DD and time to HH:MM:SS.
 4. Design: choose two entities with one link between them.
 5. First entity. Identity: end1_id. Label: end1_label. Type: from column end1_type.
 6. Second entity. Identity: end2_id. Label: end2_label. Type: from column end2_type.
 7. Link. Type: from column link_type. Label: link_label. Date: date. Time: time. Strength: from column strength
    ("Confirmed" where it holds a network together, "Tentative" where it does not). Description: description.
    Source reference: source_ref. Direction: none. Multiplicity: single, so that importing twice does not draw a link twice.
 8. Where a type of the column is not known to the chart, let the import create it, or map it: %s.
 9. Save the specification, and import. The number of links must be %d.
10. For what is known of each ad, import entities.csv in the same way with the design "one entity": identity id, label label, type type, date and time
    as above, description description, source reference source_ref; and let each other column become an attribute of its own name. Choose to merge
    with the entities that are on the chart (same identity). The number of entities must be %d.

A saved specification (.ximp) can be used again for every export of this format.

`

// i2csv is a zip of two tables for Analyst's Notebook and of how to import them.
func i2csv(w io.Writer, c *Content, to Reader) error {
	z := newPacked(w, c.Statement.MadeAt)
	var types []string
	for _, k := range nodeKinds() {
		types = append(types, i2Types[k][0])
	}
	zone := to.local(c.Statement.MadeAt).Location().String()
	z.text("README.txt", fmt.Sprintf(i2Readme, zone, strings.Join(types, ", "), len(c.edges), len(c.nodes))+c.Statement.text())
	z.statement(&c.Statement)
	z.file("entities.csv", func(w io.Writer) error { return i2Entities(w, c, to) })
	z.file("links.csv", func(w io.Writer) error { return i2Links(w, c, to) })
	return z.end()
}

func i2Entities(w io.Writer, c *Content, to Reader) error {
	header := []string{"type", "id", "label", "date", "time", "source_ref", "description"}
	for _, a := range i2Attributes {
		header = append(header, a.name)
	}
	return rawTable(w, "\ufeff", header, func(write func(...string) error) error {
		for i := range c.nodes {
			n := &c.nodes[i]
			row := []string{i2Types[n.kind][0], n.id, n.label, "", "", "", ""}
			if n.ad != nil {
				s := &n.ad.Finding.Sighting
				first := to.local(n.ad.FirstSeen)
				row[3], row[4], row[5], row[6] = first.Format("2006-01-02"), first.Format("15:04:05"), line(s.URL), line(s.Text)
			}
			for _, a := range i2Attributes {
				row = append(row, a.of(n))
			}
			if err := write(row...); err != nil {
				return err
			}
		}
		return nil
	})
}

func i2Links(w io.Writer, c *Content, to Reader) error {
	header := []string{"end1_type", "end1_id", "end1_label", "end2_type", "end2_id", "end2_label", "link_type", "link_label", "date", "time", "strength", "source_ref", "description"}
	return rawTable(w, "\ufeff", header, func(write func(...string) error) error {
		for _, e := range c.edges {
			from, end := &c.nodes[e.ad], &c.nodes[e.identifier]
			first := to.local(from.ad.FirstSeen)
			err := write(i2Types["ad"][0], from.id, from.label, i2Types[end.kind][0], end.id, end.label, i2Link(e), e.role(), first.Format("2006-01-02"), first.Format("15:04:05"),
				i2Strength(e), line(from.ad.Finding.Sighting.URL), i2About(e))
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func i2Strength(e edge) string {
	if e.Links {
		return "Confirmed"
	}
	return "Tentative"
}

func i2Link(e edge) string {
	if e.Decided {
		return "Decided"
	}
	return "Shows"
}

func i2About(e edge) string {
	switch {
	case e.Decided:
		return "A person decided that the ad belongs to the network. The ad does not show it."
	case e.Links:
		return "The ad shows it, and it holds the network together."
	}
	return "The ad shows it. It links nothing: no other ad has it, too many do, or a person decided so."
}

// i2Attributes are the properties that become attributes of entities; the rest have places of their own there.
var i2Attributes = func() (all []attribute) {
	for _, a := range attributes {
		switch a.name {
		case "label", "kind", "text", "url", "first_seen":
		default:
			all = append(all, a)
		}
	}
	return all
}()
