package console_test

import (
	"strings"
	"testing"

	"varde/internal/testkit"
)

// TestDecideByKey: each verb has a key; dismissing leads to its reason first; what was decided can be taken back by a key.
func TestDecideByKey(t *testing.T) {
	t.Parallel()
	w := filled(t, nil)
	b := testkit.Open(t)
	comeIn(b, w)
	b.Goto(w.url + ring)
	b.Wait("#graph[data-state=drawn]")
	b.Press("a")
	if got := testkit.Eval[string](b, "document.activeElement.id"); got != "review-reason" {
		t.Errorf("dismissing leads to %q", got)
	}
	b.Press("\x1b")
	b.Press("b")
	b.WaitText(".title-row .decided", "Beholdt")
	b.Wait(settled)
	b.Press("z")
	b.WaitText(".assessments", "Angret")
	b.Wait(settled)
	if got := b.Text(".assessments li:last-child"); !strings.Contains(got, "tatt tilbake") {
		t.Errorf("history: %q", got)
	}
	if errs := b.Errors(); len(errs) > 0 {
		t.Errorf("page errors: %q", errs)
	}
}
