package console_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"varde/console"
	"varde/internal/frontier"
	"varde/internal/target"
	"varde/internal/testkit"
)

// tryNothing answers as a page of an ad would, without fetching it.
func tryNothing(_ context.Context, t *target.Target, address string, body []byte) (console.Trial, error) {
	text := "Mia, 22 år\nHei, jeg er Mia, ny i byen. Ring 412 34 567."
	if body != nil {
		text = string(body)
	}
	return console.Trial{URL: address, Status: 200, ContentType: "text/html; charset=utf-8", Bytes: 48211, SHA256: strings.Repeat("a7", 32), Outcome: frontier.AdRead,
		Ad: true, Shape: "css", Text: text, Problems: []string{"price: “etter avtale” is no amount"}, Fields: []console.TrialField{
			{Name: "title", Values: []string{"Mia, 22 år"}, From: "h1"},
			{Name: "text", Values: []string{text}, From: ".description"},
			{Name: "phones", From: "a[href^='tel:']"},
			{Name: "contacts", From: ".telegram", Optional: true},
			{Name: "location", Values: []string{"Bergen"}, From: ".city"},
			{Name: "price", Values: []string{"etter avtale", "800 kr"}, From: ".price", Optional: true, Problem: "“etter avtale” is no amount"},
			{Name: "images", Values: []string{"/img/1.jpg", "/img/2.jpg"}, From: ".gallery img"},
		}}, nil
}

// targetPages are the pages on targets, by name.
var targetPages = map[string]string{"targets": "/targets", "target": "/targets/nordmarked", "target-draft": "/targets/bymarked", "target-blocked": "/targets/vestlysning",
	"target-new": "/targets/new", "target-edit": "/targets/nordmarked/edit", "target-version": "/targets/nordmarked/versions/2", "target-approve": "/targets/bymarked/approve",
	"target-try": "/targets/nordmarked/try", "pause": "/pause", "system-targets": "/system"}

// TestTargetPagesAreWhole opens every page on targets as people have them: nothing is cut off, no rule of accessibility is broken, nothing
// is asked of another host.
func TestTargetPagesAreWhole(t *testing.T) {
	r := fill()
	r.try = tryNothing
	r.simulation = false
	r.withTargets(t)
	w := open(t, r, nil)
	b := testkit.Open(t)
	withAxe(t, b)
	dir := os.Getenv("VARDE_SHOTS")
	w.name, w.pass = "ola", w.account(t, "ola")
	comeIn(b, w)
	for name, path := range targetPages {
		for _, size := range [][2]int64{{390, 844}, {1440, 900}} {
			b.Size(size[0], size[1])
			b.Goto(w.url + path)
			if over := testkit.Eval[int](b, "document.documentElement.scrollWidth - innerWidth"); over > 0 {
				t.Errorf("%s is %d pixels wider than a window of %d", name, over, size[0])
			}
			if dir != "" {
				shoot(b, dir, name, size[0])
			}
			accessible(t, b, name)
		}
	}
	quiet(t, b, w)
}
