package console_test

import (
	"os"
	"strings"
	"testing"

	"varde/internal/testkit"
)

// withAxe makes every page that the browser opens from now on checkable.
func withAxe(t testing.TB, b *testkit.Browser) {
	t.Helper()
	axe, err := os.ReadFile("testdata/axe/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	b.OnLoad(string(axe))
}

// violation is a rule of accessibility that a page breaks, with the elements that break it.
type violation struct {
	ID, Help string
	Where    []string
}

// accessible fails the test for each rule that the page breaks.
func accessible(t testing.TB, b *testkit.Browser, where string) {
	t.Helper()
	const run = `axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations.map(v => ({ID: v.id, Help: v.help,
		Where: v.nodes.slice(0, 5).map(n => n.target.join(" ") + ": " + n.failureSummary)})))`
	for _, v := range testkit.Eval[[]violation](b, run) {
		t.Errorf("%s: %s (%s):\n%s", where, v.Help, v.ID, strings.Join(v.Where, "\n"))
	}
}
