package console_test

import (
	"strings"
	"testing"

	"varde/internal/testkit"
)

// TestMarksOfTheQueueAreSeen: what was decided, and that a child may be involved, is seen however long the line is.
func TestMarksOfTheQueueAreSeen(t *testing.T) {
	t.Parallel()
	r := fill()
	r.withChild()
	n := r.networks["n-5f3a9c01b2d4"]
	n.Places = []string{"Sør-Aurdal herred i Valdres", "Nord-Aurdal herred i Valdres", "Bergen"}
	r.networks[n.ID] = n
	w := open(t, r, nil)
	b := testkit.Open(t)
	comeIn(b, w)
	b.Goto(w.url + ring)
	b.Wait("#graph[data-state=drawn]")
	b.Press("b")
	b.WaitText(".title-row .decided", "Beholdt")
	b.Goto(w.url + "/queue")
	const seen = `[...document.querySelectorAll(".queue :is(.decided, .child-mark)")].filter(m => m.getBoundingClientRect().right <= m.closest("th").getBoundingClientRect().right).length`
	if got := testkit.Eval[int](b, seen); got != 2 {
		t.Errorf("%d of 2 marks are seen", got)
	}
}

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
