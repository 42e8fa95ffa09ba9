package adapter

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/html/atom"

	"varde/internal/target"
)

// jsonDocument reads ads from JSON by the paths that the target's file gives.
type jsonDocument struct{}

func (jsonDocument) name() string { return "json" }

func (jsonDocument) read(src *source, t *target.Target, out *Reading) {
	out.Shape = "json"
	root, err := src.json()
	if err != nil {
		src.problems = append(src.problems, "not JSON: "+err.Error())
	}
	fill := newFiller(src.page, src.page.URL, t, out)
	for _, name := range target.FieldNames {
		f, ok := t.Adapter.Fields[name]
		if !ok {
			continue
		}
		got := found{from: f.Selector}
		along(root, f.Selector, func(v any, _ map[string]any) bool { return got.take(legible(scalar(v)), f) })
		fill.field(name, f, got)
	}
}

var errNoJSON = errors.New("there is none on the page")

// json is the page's JSON document, or a list of those that stand in scripts of an HTML page, as sites built by their scripts have.
func (s *source) json() (any, error) {
	if c := bytes.TrimSpace(s.text); len(c) == 0 || c[0] != '<' {
		return s.jsonIn(s.text)
	}
	var all []any
	for n := range s.document().root.Descendants() {
		if n.DataAtom == atom.Script && strings.HasSuffix(attr(n, "type"), "json") && n.FirstChild != nil {
			if v, err := s.jsonIn([]byte(n.FirstChild.Data)); err == nil {
				all = append(all, v)
			}
		}
	}
	if len(all) == 0 {
		return nil, errNoJSON
	}
	return all, nil
}

func (s *source) jsonIn(text []byte) (any, error) {
	values, mended, err := jsonValues(text)
	if mended != "" {
		s.problems = append(s.problems, "JSON mended: "+mended)
	}
	if err != nil && len(values) == 0 {
		return nil, err
	}
	if len(values) == 1 {
		return values[0], err
	}
	return values, err
}

var markup = regexp.MustCompile(`<[a-zA-Z/!]`)

// legible takes markup out of a value: descriptions often hold HTML. Lines of a text without any stay.
func legible(s string) string {
	switch {
	case markup.MatchString(s):
		root, _, _ := tree([]byte(s))
		return readable(root)
	case strings.Contains(s, "&"):
		s = html.UnescapeString(s)
	}
	return clip(strings.TrimSpace(s), longestText)
}

// changed are names under which lists in JSON say when an entry changed, best first.
var changed = []string{"date_modified", "modified", "lastModified", "last_modified", "updated", "updatedAt", "updated_at", "sistEndret", "lastmod", "date_published", "published", "publishedAt", "published_at"}

// json reads a list in JSON by the target's paths, or as a JSON Feed where it has none.
func (l *lister) json(src *source) error {
	l.out.Shape = "json"
	root, err := src.json()
	if err != nil {
		if root == nil {
			return fmt.Errorf("not JSON: %w", err)
		}
		l.problem("not JSON to its end: " + err.Error())
	}
	ads, next := "items[*].url", "next_url" // as jsonfeed.org has it
	if l.t.Adapter.Kind == "json" {
		if ads, next = l.t.Adapter.List.Ads, l.t.Adapter.List.Next; ads == "" {
			ads = "items[*].url"
		}
	}
	along(root, ads, func(v any, in map[string]any) bool {
		l.ad("list.ads", scalar(v), l.modified(in))
		return !l.full
	})
	along(root, next, func(v any, _ map[string]any) bool {
		l.next(scalar(v), time.Time{})
		return !l.full
	})
	return nil
}

// modified is when an entry of a list says that it changed.
func (l *lister) modified(in map[string]any) time.Time {
	i := slices.IndexFunc(changed, func(name string) bool { return scalar(in[name]) != "" })
	if i < 0 {
		return time.Time{}
	}
	return l.time(scalar(in[changed[i]]))
}
