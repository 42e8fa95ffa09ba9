package export

import (
	"bytes"
	"strings"
	"testing"

	"varde/internal/ad"
)

// decidedContent is two ads that nothing but a person's decision ties together, and a phone that was cut from both.
func decidedContent() *Content {
	ads := []ad.Ad{sampleAd("1", "Mia"), sampleAd("2", "Eva")}
	n := sampleNetwork("n-1", ads...)
	n.Identifiers = []ad.NetworkIdentifier{{Kind: ad.Phone, Value: "+4741234567", Ads: 2, Cut: 2}, {Kind: ad.Decided, Value: "12", Ads: 2, Weight: 1}}
	n.Edges = []ad.Edge{{Ad: ads[0].Key, Kind: ad.Decided, Value: "12"}, {Ad: ads[1].Key, Kind: ad.Decided, Value: "12"}}
	n.Strongest = &ad.Hold{Kind: ad.Decided, Value: "12", Ads: 2, Weight: 2}
	return Gather(statement, []ad.Network{n}, ads)
}

// TestWhatPeopleJoinedIsExported: every format takes a person's join and tells it from what ads show.
func TestWhatPeopleJoinedIsExported(t *testing.T) {
	want := map[string]string{"jsonl": `"kind":"analyst"`, "csv": "", "html": "decision 12", "svg": "analyst decision 12", "png": "", // it is what svg draws
		"graphml": "decided", "gexf": "decided",
		"cytoscape": `"interaction":"decided"`, "neo4j": "DECIDED", "i2csv": "Analyst Decision", "anx": "Label=\"decided\"", "stix": "Analyst's decision 12", "ftm": "Analyst's decision 12", "tables": ",decided,"}
	for _, f := range Formats {
		said, known := want[f.Name]
		if !known {
			t.Errorf("what is %s to say of it?", f.Name)
		}
		var out bytes.Buffer
		if err := f.Write(&out, decidedContent(), reader); err != nil {
			t.Errorf("%s: %v", f.Name, err)
		}
		text := out.Bytes()
		if f.Extension == "zip" {
			text = unpack(t, text)
		}
		if !strings.Contains(string(text), said) || len(text) == 0 {
			t.Errorf("%s lacks %q:\n%s", f.Name, said, text)
		}
		if f.Name == "stix" && strings.Contains(string(text), `"account_login":"12"`) || f.Name == "ftm" && strings.Contains(string(text), `"username":["12"]`) {
			t.Errorf("%s makes an account of a decision", f.Name)
		}
	}
	var out bytes.Buffer
	if err := csvNetworks(&out, all(decidedContent().Networks), reader); err != nil || strings.Contains(strings.Split(out.String(), "N01")[1], "+4741234567;") {
		t.Errorf("%v, the phone that is cut is listed as one that links:\n%s", err, out.String())
	}
}
