package export

import (
	"io"
	"strconv"
)

// cyElement is a node or an edge of Cytoscape's JSON.
type cyElement struct {
	Data     map[string]any `json:"data"`
	Position *cyPosition    `json:"position,omitempty"`
}

type cyPosition struct {
	X float64 `json:"x"`
	Y float64 `json:"y"`
}

// cytoscape is the JSON that Cytoscape (.cyjs) and Cytoscape.js read. The statement is among the data of the network.
func cytoscape(w io.Writer, c *Content, _ Reader) error {
	data := map[string]any{"name": "Varde", "shared_name": "Varde"}
	for _, f := range c.Statement.fields() {
		data[f[0]] = f[1]
	}
	p := newPrinter(w)
	p.print(`{"format_version":"1.0","generated_by":"Varde","target_cytoscapejs_version":"~2.1","data":`)
	p.json(data, "")
	p.print(`,"elements":{"nodes":[`)
	x, y := c.place()
	for i := range c.nodes {
		n := &c.nodes[i]
		e := cyElement{Data: map[string]any{"id": n.id, "name": n.label}, Position: &cyPosition{x[i] * 1000, y[i] * 1000}}
		for _, a := range attributes {
			if v := a.of(n); v != "" {
				e.Data[a.name] = typed(a.kind, v)
			}
		}
		comma(p, i)
		p.json(e, "")
	}
	p.print(`],"edges":[`)
	for i, e := range c.edges {
		weight, _ := strconv.ParseFloat(e.weight(), 64)
		comma(p, i)
		p.json(cyElement{Data: map[string]any{"id": e.id(c), "source": c.nodes[e.ad].id, "target": c.nodes[e.identifier].id, "interaction": e.role(),
			"links": e.Links, "weight": weight}}, "")
	}
	p.print("]}}\n")
	return p.end()
}

func comma(p *printer, i int) {
	if i > 0 {
		p.print(",")
	}
}

// typed is an attribute's value as JSON has it.
func typed(kind, v string) any {
	switch kind {
	case "int", "double":
		if f, err := strconv.ParseFloat(v, 64); err == nil {
			return f
		}
	case "boolean":
		return v == "true"
	}
	return v
}
