package main

import (
	"encoding/json"
	"strings"
	"testing"

	"varde/internal/ad"
)

// people's ads: one of a minor, and one that only keeps minors away.
const agesFile = `{"site":"a.example","ad_id":"1","category":"sexual_services","title":"Lina","text":"Hei, jeg er Lina og er 16 år. Ring 412 34 567.","seen_at":"2026-11-20T20:00:00Z","location":"Bergen","country":"NO"}
{"site":"a.example","ad_id":"2","category":"sexual_services","title":"Eva","text":"Hei, jeg er Eva, 27 år. Bare for deg over 18 år. Ring 412 34 568.","seen_at":"2026-11-20T21:00:00Z","location":"Bergen","country":"NO"}
`

// TestAChildHasAPathOfItsOwn: flagged at once, without points, and waiting until somebody has answered.
func TestAChildHasAPathOfItsOwn(t *testing.T) {
	t.Parallel()
	p := staff(t)
	p.must("", "import", p.draft("ads.jsonl", agesFile))
	out := p.must("", "child", "list")
	if !strings.Contains(out, "a.example/1") || !strings.Contains(out, "16 år") || strings.Contains(out, "a.example/2") {
		t.Fatalf("the list is\n%s", out)
	}
	var scored struct {
		Score      float64        `json:"score"`
		Indicators []ad.Indicator `json:"indicators"`
	}
	first, _, _ := strings.Cut(p.must("", "export", "ads", "--format", "jsonl"), "\n")
	if err := json.Unmarshal([]byte(first), &scored); err != nil || scored.Score != 0 || !strings.Contains(first, `"S04"`) {
		t.Errorf("a child has points, or is not told: %v %s", err, first)
	}
	p.refused(exitUsage, "needs a note", "kari", "child", "answer", "a.example/1", "--outcome", "reported")
	p.refused(exitUsage, "none of reported", "kari", "child", "answer", "a.example/1", "--outcome", "fine", "--note", "x")
	p.refused(1, "varde child list shows", "kari", "child", "answer", "a.example/2", "--outcome", "adult", "--note", "x")
	p.must("kari", "child", "answer", "a.example/1", "--outcome", "reported", "--note", "operations centre told 14.05")
	p.refused(exitUsage, "already answered by kari; reopen it first", "ola", "child", "answer", "a.example/1", "--outcome", "misread", "--note", "x")
	if out := p.must("", "child", "list"); !strings.Contains(out, "No ad waits") {
		t.Errorf("after the answer:\n%s", out)
	}
	// The same words again leave the answer; other words ask again.
	p.must("", "import", p.draft("again.jsonl", strings.ReplaceAll(agesFile, "-20T", "-21T")))
	if out := p.must("", "child", "list", "--all"); !strings.Contains(out, "answered by kari, reported: operations centre told 14.05") {
		t.Errorf("after the same words:\n%s", out)
	}
	p.must("", "import", p.draft("other.jsonl", strings.NewReplacer("-20T", "-22T", "er 16 år", "er 15 år").Replace(agesFile)))
	if out := p.must("", "child", "list"); !strings.Contains(out, "15 år") {
		t.Errorf("after other words:\n%s", out)
	}
	p.must("ola", "child", "answer", "a.example/1", "--outcome", "misread", "--note", "x")
	p.must("ola", "child", "reopen", "a.example/1", "--note", "not misread after all")
	if out := p.must("", "child", "list"); !strings.Contains(out, "open by ola: not misread after all") {
		t.Errorf("after reopening:\n%s", out)
	}
}

// TestWhatIsWatchedIsFound: an ad that is known already gets the reason, and loses it when the list no longer has it.
func TestWhatIsWatchedIsFound(t *testing.T) {
	t.Parallel()
	p := staff(t)
	p.must("", "import", p.draft("ads.jsonl", agesFile))
	p.refused(exitUsage, "write it as +47", "kari", "watch", "add", "phone", "113", "--reference", "case 7")
	p.refused(exitUsage, "a foo cannot be watched; say phone, handle, email, payment or link", "kari", "watch", "add", "foo", "113", "--reference", "case 7")
	p.refused(exitUsage, "reference is required", "kari", "watch", "add", "phone", "41234568")
	p.must("kari", "watch", "add", "phone", "412 34 568", "--reference", "case 7")
	p.refused(1, "case 7  (kari", "ola", "watch", "add", "phone", "0047 41234568", "--reference", "case 8")
	p.must("ola", "watch", "add", "phone", "41234568", "--reference", "case 8", "--replace")
	p.must("kari", "watch", "add", "phone", "41234568", "--reference", "case 7", "--replace")
	codes := func() string { return p.must("", "export", "ads", "--format", "jsonl") }
	p.must("", "rebuild")
	if out := codes(); strings.Count(out, `"N14"`) != 1 || !strings.Contains(out, "case 7") {
		t.Errorf("what is watched is not found:\n%s", out)
	}
	if out := p.must("", "watch", "list"); !strings.Contains(out, "+4741234568") || !strings.Contains(out, "case 7") {
		t.Errorf("the list:\n%s", out)
	}
	p.must("ola", "watch", "remove", "phone", "41234568", "--reason", "closed")
	p.refused(1, "is not watched", "ola", "watch", "remove", "phone", "41234568", "--reason", "closed")
	p.must("", "rebuild")
	if out := codes(); strings.Contains(out, `"N14"`) {
		t.Errorf("what is no longer watched is still found:\n%s", out)
	}
}
