// Reads one export with a reader that did not come from Varde, and prints what it found as JSON.
import fs from "node:fs";
import cytoscape from "cytoscape";
import Graph from "graphology";
import gexf from "graphology-gexf";
import { generateDeterministicId } from "@security-alliance/stix/2.1";
import ftm from "@alephdata/followthemoney";
import model from "@alephdata/followthemoney/dist/defaultModel.json" with { type: "json" };

const [, , format, file] = process.argv;
const text = fs.readFileSync(file, "utf8");

const readers = {
  cytoscape() {
    const doc = JSON.parse(text);
    const cy = cytoscape({ headless: true, elements: doc.elements, data: doc.data });
    return { nodes: cy.nodes().length, edges: cy.edges().length, labels: cy.nodes().map((n) => n.data("name")), statement: cy.data("purpose") };
  },
  gexf() {
    const g = gexf.parse(Graph, text);
    return { nodes: g.order, edges: g.size, labels: g.mapNodes((_, a) => a.label), statement: g.getAttribute("description") };
  },
  // Every entity is read into the model, which refuses schemata and properties that it does not know; ends must be there.
  ftm() {
    const m = new ftm.Model(model);
    const entities = text.trimEnd().split("\n").map((l) => {
      const raw = JSON.parse(l);
      for (const [k, v] of Object.entries(raw.properties)) {
        if (!Array.isArray(v) || v.some((x) => typeof x !== "string")) throw new Error(`${raw.id}: ${k} is no list of texts`);
        if (!m.getSchema(raw.schema).hasProperty(m.getSchema(raw.schema).getProperty(k))) throw new Error(`${raw.schema} has no ${k}`);
      }
      const e = m.getEntity(raw);
      for (const p of e.schema.required ?? []) if (!e.hasProperty(p) && p !== "name") throw new Error(`${raw.schema} ${raw.id} lacks ${p}`);
      return [raw, e];
    });
    const ids = new Set(entities.map(([raw]) => raw.id));
    if (ids.size !== entities.length) throw new Error("an id stands twice");
    for (const [raw] of entities) for (const k of ["subject", "object", "entity"]) for (const id of raw.properties[k] ?? []) if (!ids.has(id)) throw new Error(`${raw.id}: ${k} is not there`);
    const count = (...s) => entities.filter(([raw]) => s.includes(raw.schema)).length;
    return { nodes: count("HyperText", "UserAccount", "Image", "PlainText"), edges: count("UnknownLink"), networks: count("Note") - 1,
      labels: entities.filter(([r]) => r.schema === "HyperText").map(([, e]) => e.getFirst("title")), statement: entities[0][1].getFirst("description"),
      schemata: [...new Set(entities.map(([raw]) => raw.schema))].sort() };
  },
  // The ids of observables are worked out again.
  stix() {
    const made = { url: ["value"], "email-addr": ["value"], "user-account": ["account_type", "account_login", "user_id"], file: ["name"] };
    let checked = 0;
    for (const o of JSON.parse(text).objects) {
      if (!made[o.type]) continue;
      const id = generateDeterministicId(o.type, Object.fromEntries(made[o.type].filter((k) => k in o).map((k) => [k, o[k]])));
      if (id !== o.id) throw new Error(`${o.id} should be ${id}`);
      checked++;
    }
    return { nodes: checked, edges: 0 };
  },
};

process.stdout.write(JSON.stringify(readers[format]()) + "\n");
