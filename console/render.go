package console

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strings"

	"varde/internal/auth"
)

//go:embed templates/*.html templates/partials/*.html templates/views/*.html
var templateFS embed.FS

// views are the pages. A file under templates/views that is not named here, or the other way round, is an error at
// start.
var views = []string{"ad", "children", "error", "export", "network", "password", "queue", "scores", "search", "sign_in", "system", "target", "target_approve", "target_edit", "target_try",
	"target_version", "targets", "targets_pause", "watch"}

// langCookie keeps the language of somebody who is not signed in.
const langCookie = "varde-lang"

// pages are all views in all languages, parsed once: the functions of a language are bound to its set.
type pages struct {
	locales map[string]*locale
	parsed  map[string]map[string]*template.Template
}

func newPages(locales map[string]*locale, static *assets) (*pages, error) {
	found, err := fs.Glob(templateFS, "templates/views/*.html")
	if err != nil {
		return nil, err
	}
	var names []string
	for _, p := range found {
		names = append(names, strings.TrimSuffix(path.Base(p), ".html"))
	}
	if !slices.Equal(names, views) {
		return nil, fmt.Errorf("the views are %q, the templates %q", views, names)
	}
	p := &pages{locales: locales, parsed: map[string]map[string]*template.Template{}}
	for lang, l := range locales {
		p.parsed[lang] = map[string]*template.Template{}
		for _, view := range views {
			t, err := template.New("layout.html").Funcs(l.funcs(static)).Option("missingkey=error").
				ParseFS(templateFS, "templates/layout.html", "templates/partials/*.html", "templates/views/"+view+".html")
			if err != nil {
				return nil, fmt.Errorf("parse page %s: %w", view, err)
			}
			p.parsed[lang][view] = t
		}
	}
	return p, nil
}

// funcs are what templates can call.
func (l *locale) funcs(static *assets) template.FuncMap {
	return template.FuncMap{
		"t":      l.say,
		"named":  l.named,
		"num":    l.number,
		"static": static.url,
		"short":  short,
	}
}

// base is what every page shows around its own.
type base struct {
	Lang  string
	Title string
	// Nav is the entry of the menu that this page belongs to.
	Nav  string
	User *auth.User
	// Path is where a change of language comes back to; Query is what the search field in the head holds.
	Path      string
	Query     string
	Reference string
	// Notice is a sentence about what has just been done.
	Notice string
	// ChildWaiting counts the ads in which a child may be involved and that nobody has answered for.
	ChildWaiting int
	// Simulation puts a banner on the page: what is crawled is not real.
	Simulation bool
}

func (s *Server) base(r *http.Request, title, nav string) base {
	b := base{Lang: s.langOf(r), Title: title, Nav: nav, User: userOf(r.Context()), Path: "/queue",
		Reference: referenceOf(r.Context()), Simulation: s.cfg.Simulation}
	if r.Method == http.MethodGet {
		b.Path = r.URL.RequestURI()
		b.Query = r.URL.Query().Get("q")
	}
	if b.User != nil && !b.User.MustChange {
		n, err := s.children.Waiting(r.Context())
		if err != nil { // the page itself says what is wrong with the record
			s.log.Warn("count waiting child flags", "error", err)
		}
		b.ChildWaiting = n
	}
	return b
}

// langOf is the account's language, or the one chosen before signing in, or the default.
func (s *Server) langOf(r *http.Request) string {
	if u := userOf(r.Context()); u != nil && s.pages.locales[u.Lang] != nil {
		return u.Lang
	}
	if c, err := r.Cookie(langCookie); err == nil && s.pages.locales[c.Value] != nil {
		return c.Value
	}
	return s.cfg.Lang
}

// locale is the language of the request.
func (s *Server) locale(r *http.Request) *locale { return s.pages.locales[s.langOf(r)] }

// render writes a page. It is built whole before the status goes out, so that what fails does not fail half-way.
func (s *Server) render(w http.ResponseWriter, r *http.Request, status int, view string, data any) error {
	var b bytes.Buffer
	if err := s.pages.parsed[s.langOf(r)][view].Execute(&b, data); err != nil {
		return fmt.Errorf("render page %s: %w", view, err)
	}
	w.Header().Set("Cache-Control", "no-store")
	send(w, r, status, "text/html; charset=utf-8", visible(b.Bytes()), nil)
	return nil
}
