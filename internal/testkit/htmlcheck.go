package testkit

import (
	"io"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// Page is a parsed page that is checked by selector, so that a change of looks does not break a test.
type Page struct {
	t   testing.TB
	doc *goquery.Document
}

// ReadPage parses HTML.
func ReadPage(t testing.TB, r io.Reader) *Page {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(r)
	if err != nil {
		t.Fatalf("parse page: %v", err)
	}
	return &Page{t: t, doc: doc}
}

// Has fails the test unless some element that selector finds contains every one of texts. Runs of white space count as
// one space.
func (p *Page) Has(selector string, texts ...string) {
	p.t.Helper()
	found := p.Texts(selector)
	if len(found) == 0 {
		p.t.Errorf("nothing matches %q", selector)
		return
	}
	for _, text := range found {
		ok := true
		for _, want := range texts {
			ok = ok && strings.Contains(text, want)
		}
		if ok {
			return
		}
	}
	p.t.Errorf("no %q contains %q; they are %.2000q", selector, texts, found)
}

// HasNot fails the test if selector finds anything that contains text; "" matches any text.
func (p *Page) HasNot(selector, text string) {
	p.t.Helper()
	for _, got := range p.Texts(selector) {
		if strings.Contains(got, text) {
			p.t.Errorf("%q must not contain %q: %.500q", selector, text, got)
		}
	}
}

// Count returns how many elements selector finds.
func (p *Page) Count(selector string) int { return p.doc.Find(selector).Length() }

// Texts returns the text of each element that selector finds, with runs of white space as one space.
func (p *Page) Texts(selector string) []string {
	return p.doc.Find(selector).Map(func(_ int, s *goquery.Selection) string {
		return strings.Join(strings.Fields(s.Text()), " ")
	})
}

// Attrs returns attribute name of each element that selector finds and that has it.
func (p *Page) Attrs(selector, name string) []string {
	var all []string
	p.doc.Find(selector).Each(func(_ int, s *goquery.Selection) {
		if v, ok := s.Attr(name); ok {
			all = append(all, v)
		}
	})
	return all
}
