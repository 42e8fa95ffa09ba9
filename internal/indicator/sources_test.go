package indicator_test

import (
	"fmt"
	"strings"
	"testing"

	"varde/internal/testkit"
)

// TestReliabilityIsThatOfTheSource: what is called tested names the study with known outcomes, and what is called named by experts names a list
// that people of the field made, or the law. Research that counts or finds something is neither.
func TestReliabilityIsThatOfTheSource(t *testing.T) {
	c := testkit.Catalogue(t)
	lists := []string{"ILO", "IOM", "UNODC", "OSCE", "Europol", "FTC", "BBB", "Love Justice", "somoscolmena", "Ibanez & Suthers", "Straffeloven"}
	for _, code := range c.Codes() {
		e, _ := c.Entry(code)
		named := e.Reliability == "own"
		switch e.Reliability {
		case "tested":
			named = strings.Contains(e.Source, "JRSA")
		case "expert":
			for _, l := range lists {
				named = named || strings.Contains(e.Source, l)
			}
		}
		if !named || strings.Contains(e.Source, "shared/") {
			t.Errorf("%s is %s by %q", code, e.Reliability, e.Source)
		}
	}
}

// TestDocumentKnowsEveryNumber: every code of the catalogue's numbers is explained.
func TestDocumentKnowsEveryNumber(t *testing.T) {
	var b strings.Builder
	if err := testkit.Catalogue(t).WriteDocument(&b); err != nil {
		t.Fatal(err)
	}
	for family, last := range map[string]int{"N": 14, "S": 17, "J": 33, "X": 6} {
		for n := range last {
			code := fmt.Sprintf("%s%02d", family, n+1)
			if !strings.Contains(b.String(), "\n### "+code+"\n") {
				t.Errorf("%s is not explained", code)
			}
		}
	}
}
