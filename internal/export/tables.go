package export

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
)

const tablesReadme = `Two tables of a graph, and two of what they tell of, for spreadsheets and for programs that take a table (Gephi's "Import spreadsheet", Maltego's
"Import from table", R, pandas). UTF-8 with a byte-order mark, commas, RFC 4180.

nodes.csv     one row an ad or an identifier. id is what edges.csv names.
edges.csv     one row for each ad that shows an identifier. links is true where it holds a network together; it is false for a number that
              half a site shows, and for one that a single ad has. The names of both ends stand beside their ids.
networks.csv  one row a network, with its reasons.
ads.csv       one row an ad, with its reasons.
statement.json  what this is for, how far it may be passed on, who made it and when, and the hash of the content.

A cell that a spreadsheet would take for a formula begins with an apostrophe; so do phone numbers, which begin with +.

`

// tables is a zip of the graph as two tables, and of networks and ads as people read them.
func tables(w io.Writer, c *Content, to Reader) error {
	z := newPacked(w, c.Statement.MadeAt)
	z.text("README.txt", tablesReadme+c.Statement.text())
	z.statement(&c.Statement)
	z.file("nodes.csv", func(w io.Writer) error {
		header := []string{"Id"}
		for _, a := range attributes {
			header = append(header, a.name)
		}
		header[1] = "Label"
		out, err := newSheet(w, header...)
		if err != nil {
			return err
		}
		for i := range c.nodes {
			row := []string{c.nodes[i].id}
			for _, a := range attributes {
				row = append(row, a.of(&c.nodes[i]))
			}
			if err := out.row(row...); err != nil {
				return err
			}
		}
		return out.flush()
	})
	z.file("edges.csv", func(w io.Writer) error {
		out, err := newSheet(w, "Source", "Target", "Type", "Kind", "links", "Weight", "source_label", "target_kind", "target_label", "network", "first_seen", "last_seen")
		if err != nil {
			return err
		}
		for _, e := range c.edges {
			from, to := &c.nodes[e.ad], &c.nodes[e.identifier]
			if err := out.row(from.id, to.id, "Undirected", e.kind(), strconv.FormatBool(e.Links), e.weight(), from.label, to.kind, to.label, line(from.ad.Network),
				stamp(from.ad.FirstSeen), stamp(from.ad.LastSeen)); err != nil {
				return err
			}
		}
		return out.flush()
	})
	z.file("networks.csv", func(w io.Writer) error { return csvNetworks(w, all(c.Networks), to) })
	z.file("ads.csv", func(w io.Writer) error { return csvAds(w, all(c.Ads), to) })
	return z.end()
}

const neo4jReadme = `Nodes and relationships for Neo4j's bulk import (an empty database):

  neo4j-admin database import full --nodes=nodes.csv --relationships=relationships.csv neo4j

or into a database that holds something already, from its import folder:

  CREATE CONSTRAINT varde IF NOT EXISTS FOR (n:Varde) REQUIRE n.id IS UNIQUE;
  LOAD CSV WITH HEADERS FROM 'file:///nodes.csv' AS r
    MERGE (n:Varde {id: r.` + "`id:ID`" + `}) SET n.kind = r.kind, n.label = r.label, n.value = r.value, n.network = r.network, n.band = r.band, n.url = r.url;
  LOAD CSV WITH HEADERS FROM 'file:///relationships.csv' AS r
    MATCH (a:Varde {id: r.` + "`:START_ID`" + `}), (i:Varde {id: r.` + "`:END_ID`" + `}) MERGE (a)-[s:SHOWS]->(i) SET s.links = r.` + "`links:boolean`" + ` = 'true';

Nodes have the labels Varde and Ad or Identifier; every relationship is SHOWS, from an ad to an identifier. Phones stand as they are,
+47…; any other value that a spreadsheet would take for a formula begins with an apostrophe.

`

// neo4jKinds are Neo4j's names of the kinds of attributes.
var neo4jKinds = map[string]string{"string": "", "int": ":int", "double": ":double", "boolean": ":boolean"}

// neo4j is a zip of nodes and relationships as neo4j-admin imports them: without a byte-order mark, which it would take for part of a name.
func neo4j(w io.Writer, c *Content, _ Reader) error {
	z := newPacked(w, c.Statement.MadeAt)
	z.text("README.txt", neo4jReadme+c.Statement.text())
	z.statement(&c.Statement)
	z.file("nodes.csv", func(w io.Writer) error {
		header := []string{"id:ID", ":LABEL"}
		for _, a := range attributes {
			header = append(header, a.name+neo4jKinds[a.kind])
		}
		return rawTable(w, "", header, func(write func(...string) error) error {
			for i := range c.nodes {
				n := &c.nodes[i]
				row := []string{n.id, "Varde;Identifier"}
				if n.ad != nil {
					row[1] = "Varde;Ad"
				}
				for _, a := range attributes {
					row = append(row, a.of(n))
				}
				if err := write(row...); err != nil {
					return err
				}
			}
			return nil
		})
	})
	z.file("relationships.csv", func(w io.Writer) error {
		return rawTable(w, "", []string{":START_ID", ":END_ID", ":TYPE", "links:boolean", "weight:double"}, func(write func(...string) error) error {
			for _, e := range c.edges {
				if err := write(c.nodes[e.ad].id, c.nodes[e.identifier].id, "SHOWS", strconv.FormatBool(e.Links), e.weight()); err != nil {
					return err
				}
			}
			return nil
		})
	})
	return z.end()
}

// rawTable writes CSV for programs: one line a row, and phones as they are; any other cell that a spreadsheet would take for a formula is made text
// all the same, for these files are opened in one, too.
func rawTable(w io.Writer, mark string, header []string, rows func(write func(...string) error) error) error {
	if _, err := io.WriteString(w, mark); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	if err := out.Write(header); err != nil {
		return err
	}
	err := rows(func(cells ...string) error {
		for i, c := range cells {
			if c = strings.ReplaceAll(c, "\n", " "); !dialled(c) {
				c = plain(c)
			}
			cells[i] = c
		}
		return out.Write(cells)
	})
	if err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}

// dialled says whether a cell is a phone number in E.164 and nothing else.
func dialled(cell string) bool {
	digits, ok := strings.CutPrefix(cell, "+")
	return ok && digits != "" && strings.Trim(digits, "0123456789") == ""
}
