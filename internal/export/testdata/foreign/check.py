"""Reads one export with readers that did not come from Varde, and prints what it found as JSON."""
import csv
import io
import json
import sys
import zipfile

import networkx

kind, name = sys.argv[1:]
csv.field_size_limit(1 << 30)


def graph(g, statement=""):
    return {"nodes": g.number_of_nodes(), "edges": g.number_of_edges(), "labels": [d["label"] for _, d in g.nodes(data=True)], "statement": statement}


def rows(z, file, encoding):
    text = io.TextIOWrapper(z.open(file), encoding=encoding, newline="")
    return list(csv.DictReader(text, strict=True))


if kind == "graphml":
    out = graph(networkx.read_graphml(name))
elif kind == "gexf":
    # networkx 2.8 knows GEXF 1.1 and 1.2: it is given the same file under the name of 1.2.
    with open(name, encoding="utf-8") as f:
        text = f.read()
    text = text.replace("http://gexf.net/1.3/viz", "http://www.gexf.net/1.2draft/viz").replace("http://gexf.net/1.3", "http://www.gexf.net/1.2draft").replace('version="1.3"', 'version="1.2"')
    out = graph(networkx.read_gexf(io.BytesIO(text.encode())))
else:
    nodes, edges, ident, source, target, label, encoding = {
        "tables": ("nodes.csv", "edges.csv", "Id", "Source", "Target", "Label", "utf-8-sig"),
        "neo4j": ("nodes.csv", "relationships.csv", "id:ID", ":START_ID", ":END_ID", "label", "utf-8"),
        "i2csv": ("entities.csv", "links.csv", "id", "end1_id", "end2_id", "label", "utf-8-sig"),
    }[kind]
    with zipfile.ZipFile(name) as z:
        n, e = rows(z, nodes, encoding), rows(z, edges, encoding)
        statement = json.load(z.open("statement.json"))["purpose"]
        raw = [z.read(f).decode(encoding) for f in (nodes, edges)]
    ids = {r[ident] for r in n}
    assert len(ids) == len(n), "an id stands twice"
    for r in e:
        assert r[source] in ids and r[target] in ids, r
    for r in n + e:
        assert None not in r and None not in r.values(), "a row is longer or shorter than its heading"
        for cell in r.values():
            assert not cell.startswith(("=", "-", "@", "\t", "\r")), cell
            assert not cell.startswith("+") or kind != "tables" and cell[1:].isdigit(), cell
    if kind != "tables":
        for text, table in zip(raw, (n, e)):
            assert text.count("\n") == len(table) + 1, "a row is broken across lines"
    out = {"nodes": len(n), "edges": len(e), "labels": [r[label] for r in n], "statement": statement}

json.dump(out, sys.stdout)
