package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"varde/internal/ad"
	"varde/internal/decision"
)

// sharedFile is two ads that share a phone, and one that shares nothing.
const sharedFile = `{"site":"a.example","ad_id":"1","category":"sexual_services","title":"Lina","text":"Hei, jeg er Lina og bor i Bergen nå.","phones":["412 34 567"],"seen_at":"2026-11-20T20:00:00Z","country":"NO"}
{"site":"a.example","ad_id":"2","category":"sexual_services","title":"Eva","text":"Eva i Oslo, ring meg gjerne i dag.","phones":["412 34 567"],"seen_at":"2026-11-20T21:00:00Z","country":"NO"}
{"site":"b.example","ad_id":"9","category":"sexual_services","title":"Ida","text":"Ida på besøk i Moss denne uka.","phones":["412 34 568"],"seen_at":"2026-11-20T22:00:00Z","country":"NO"}
`

// grouping is the ads of each network, a line each, sorted.
func (p *people) grouping() string {
	p.t.Helper()
	var all []string
	for line := range strings.Lines(p.must("", "export", "networks", "--format", "jsonl", "--singletons")) {
		var n struct {
			Ads []ad.Key `json:"ads"`
		}
		if err := json.Unmarshal([]byte(line), &n); err != nil {
			p.t.Fatalf("%s: %v", line, err)
		}
		all = append(all, fmt.Sprint(n.Ads))
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

// TestLinksAreCutAndAdded: what analysts decide about links is followed by the next start and by a rebuild, and undone it leaves what was before.
func TestLinksAreCutAndAdded(t *testing.T) {
	t.Parallel()
	p := staff(t)
	p.must("", "import", p.draft("ads.jsonl", sharedFile))
	const before, after = "[a.example/1 a.example/2] [b.example/9]", "[a.example/1] [a.example/2 b.example/9]"
	check := func(when, want string) {
		t.Helper()
		if got := p.grouping(); got != want {
			t.Errorf("%s the networks are %s, want %s", when, got, want)
		}
	}
	check("at first", before)
	p.refused(exitUsage, "no such ad", "kari", "link", "cut", "a.example/7", "phone", "412 34 567", "--reason", "x")
	p.refused(exitUsage, "does not show", "kari", "link", "cut", "a.example/1", "phone", "412 34 568", "--reason", "x")
	p.refused(exitUsage, "Say why", "kari", "link", "cut", "a.example/1", "phone", "412 34 567")
	p.refused(exitUsage, "24 hex digits", "kari", "link", "cut", "--all", "text", "Hei, jeg er Lina", "--reason", "x")
	p.refused(exitUsage, "24 hex digits", "kari", "link", "cut", "--all", "picture", "", "--reason", "x")
	p.refused(exitUsage, "accepts 3 arg", "kari", "link", "cut", "phone", "412 34 567", "--reason", "x")
	p.refused(exitUsage, "no number", "kari", "link", "undo", "first", "--reason", "x")
	p.refused(exitUsage, "--as NAME", "", "link", "add", "a.example/2", "b.example/9", "--reason", "x")
	if out := p.must("", "link", "list"); !strings.Contains(out, "Nothing is decided") {
		t.Errorf("the empty list is\n%s", out)
	}
	if out := p.must("kari", "link", "cut", "a.example/1", "phone", "412 34 567", "--reason", "the hotel's"); !strings.Contains(out, "phone +4741234567 does not link ad a.example/1: the hotel's  (kari") {
		t.Errorf("cutting says\n%s", out)
	}
	p.refused(exitUsage, "decided already", "ola", "link", "cut", "a.example/1", "phone", "+4741234567", "--reason", "x")
	p.must("ola", "link", "add", "b.example/9", "a.example/2", "--reason", "one flat")
	p.must("", "import", p.draft("again.jsonl", sharedFile)) // starts the linker
	check("after the next start", after)
	p.must("", "rebuild")
	check("after a rebuild", after)
	if out := p.must("", "export", "networks", "--format", "jsonl"); !strings.Contains(out, `"kind":"analyst","value":"2"`) {
		t.Errorf("the join is not exported:\n%s", out)
	}
	p.must("ola", "link", "undo", "1", "--reason", "her own phone")
	p.must("kari", "link", "undo", "2", "--reason", "two flats")
	p.refused(exitUsage, "No decision of that number", "kari", "link", "undo", "2", "--reason", "x")
	p.must("", "rebuild")
	check("undone", before)
	p.must("kari", "link", "cut", "--all", "phone", "412 34 567", "--reason", "a switchboard")
	p.must("", "rebuild")
	check("cut for all", "[a.example/1] [a.example/2] [b.example/9]")
	var list []decision.Item
	if err := json.Unmarshal([]byte(p.must("", "link", "list", "--undone", "--json")), &list); err != nil {
		t.Fatal(err)
	}
	if len(list) != 3 || list[0].Undone == nil || list[0].Undone.By != "ola" || list[0].Undone.Reason != "her own phone" || list[0].By != "kari" || list[2].Undone != nil {
		t.Errorf("the list is %+v", list)
	}
	if out := p.must("", "link", "list"); strings.Contains(out, "the hotel's") || !strings.Contains(out, "phone +4741234567 links no ads: a switchboard") {
		t.Errorf("what is in force:\n%s", out)
	}
}
