package export

import (
	"io"
	"strconv"
	"strings"
)

const neo4jReadme = `Nodes and relationships for Neo4j's bulk import (an empty database):

  neo4j-admin database import full --nodes=nodes.csv --relationships=relationships.csv neo4j

or into a database that holds something already, from its import folder:

  CREATE CONSTRAINT varde IF NOT EXISTS FOR (n:Varde) REQUIRE n.id IS UNIQUE;
  LOAD CSV WITH HEADERS FROM 'file:///nodes.csv' AS r
    MERGE (n:Varde {id: r.` + "`id:ID`" + `}) SET n.kind = r.kind, n.label = r.label, n.value = r.value, n.network = r.network, n.band = r.band, n.url = r.url;
  LOAD CSV WITH HEADERS FROM 'file:///relationships.csv' AS r
    MATCH (a:Varde {id: r.` + "`:START_ID`" + `}), (i:Varde {id: r.` + "`:END_ID`" + `}) MERGE (a)-[s:SHOWS]->(i) SET s.links = r.` + "`links:boolean`" + ` = 'true', s.type = r.` + "`:TYPE`" + `;

Nodes have the labels Varde and Ad or Identifier; every relationship is SHOWS, from an ad to an identifier, or DECIDED, from an ad to a decision by
which a person joined it to another. Phones stand as they are,
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
				if err := write(c.nodes[e.ad].id, c.nodes[e.identifier].id, strings.ToUpper(e.role()), strconv.FormatBool(e.Links), e.weight()); err != nil {
					return err
				}
			}
			return nil
		})
	})
	return z.end()
}
