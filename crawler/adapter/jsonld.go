package adapter

import (
	"fmt"
	"strings"

	"golang.org/x/net/html/atom"
)

// mostBlocks bounds how many scripts of a page are read.
const mostBlocks = 200

// jsonLD gathers the things of a page's JSON-LD. A block that is broken is mended or named, and the others are read.
func (d *document) jsonLD(src *source) (all []thing) {
	block := 0
	for n := range d.root.Descendants() {
		if n.DataAtom != atom.Script || !strings.HasPrefix(strings.ToLower(strings.TrimSpace(attr(n, "type"))), "application/ld+json") {
			continue
		}
		if block++; block > mostBlocks {
			break
		}
		text := ""
		if n.FirstChild != nil {
			text = n.FirstChild.Data
		}
		values, mended, err := jsonValues([]byte(text))
		if mended != "" {
			src.problems = add(src.problems, fmt.Sprintf("JSON-LD block %d mended: %s", block, mended))
		}
		if err != nil {
			src.problems = add(src.problems, fmt.Sprintf("JSON-LD block %d: %v", block, err))
		}
		for _, v := range values {
			collect(v, &all, 0)
		}
	}
	return all
}
