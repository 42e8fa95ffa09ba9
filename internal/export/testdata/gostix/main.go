// Command gostix reads a STIX bundle with a library that did not come from Varde, and prints what it found as JSON.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/TcM1911/stix2"
)

func main() {
	data, err := os.ReadFile(os.Args[1])
	check(err)
	c, err := stix2.FromJSON(data)
	check(err)
	for _, o := range c.AllObjects() {
		if o.GetType() == stix2.TypeMarkingDefinition {
			continue // it knows none that is an extension, which TLP 2.0 is
		}
		_, err := json.Marshal(o) // it checks what is required when it writes
		check(err)
	}
	var refs int
	there := func(id stix2.Identifier) {
		if c.Get(id) == nil {
			check(fmt.Errorf("%s is referred to and not there", id))
		}
	}
	for _, o := range c.AllObservedData() {
		refs += len(o.ObjectRefs) - 1
		for _, id := range o.ObjectRefs {
			there(id)
		}
	}
	for _, g := range c.Groups() {
		for _, id := range g.Objects {
			there(id)
		}
	}
	var statement string
	for _, n := range c.Notes() {
		for _, id := range n.Objects {
			there(id)
		}
		if n.Abstract == "Export statement" {
			statement = n.Content
		}
	}
	check(json.NewEncoder(os.Stdout).Encode(map[string]any{"nodes": len(c.URLs()) + len(c.UserAccounts()) + len(c.EmailAddresses()) + len(c.Files()), "edges": refs,
		"networks": len(c.Groups()), "ads": len(c.AllObservedData()), "markings": len(c.MarkingDefinitions()), "statement": statement}))
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
