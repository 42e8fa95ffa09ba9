package adapter

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"varde/internal/frontier"
)

// Barrier says which barrier a page is that gave no ad or no links: a log-in, a CAPTCHA, a question for consent (to cookies, or to being of
// age) or a block of robots; "" where it is none of them. A barrier is recognised so that a person knows; nothing passes it.
func Barrier(page *Page) frontier.Outcome {
	src := open(page)
	defer src.close()
	f := faceOf(src)
	for _, s := range signs {
		if s.outcome == frontier.Captcha && s.title == nil && f.letter { // what is asked before a letter to the advertiser is sent
			continue
		}
		if f.own <= s.most && oneOf(f.title, s.title) && oneOf(f.words, s.words) && oneOf(f.marks, s.marks) && oneOf(f.buttons, s.buttons) && (f.password || !s.password) {
			return s.outcome
		}
	}
	return ""
}

// oneOf says whether one of the parts is in a text; of no parts all are.
func oneOf(text string, parts []string) bool {
	return len(parts) == 0 || slices.ContainsFunc(parts, func(p string) bool { return strings.Contains(text, p) })
}

// parts are those of a list, divided at its bars; " | " is part of a title.
func parts(list string) []string {
	out := strings.Split(strings.ReplaceAll(list, " | ", "\x00"), "|")
	for i := range out {
		out[i] = strings.ReplaceAll(out[i], "\x00", " | ")
	}
	return out
}

// face is what a page looks like to those who ask whether it is a barrier. All letters are small.
type face struct {
	title, words, marks, buttons string
	// password says that there is a field for one, letter that there is a form to write to somebody.
	password, letter bool
	// own counts the letters of the page's own words.
	own int
}

const (
	// mostMarks bounds in bytes how much of the attributes and scripts is looked at, mostOfScript how much of each script.
	mostMarks    = 256 << 10
	mostOfScript = 4 << 10
)

func faceOf(src *source) face {
	d := src.document()
	w := watcher{asking: map[*html.Node]bool{}}
	w.find(d.root, false)
	var own, all scribe
	own.skip = func(n *html.Node) bool { return n.DataAtom == atom.Head || w.asking[n] || aside(n) }
	own.node(d.root)
	all.skip = func(n *html.Node) bool { return n.DataAtom == atom.Head }
	all.node(d.root)
	for _, n := range w.noscript {
		all.line()
		all.text(n)
	}
	var title scribe
	heading := d.first(atom.H1)
	if heading == nil {
		heading = d.first(atom.H2)
	}
	for _, n := range []*html.Node{d.first(atom.Title), heading} {
		if n != nil {
			title.line()
			title.node(n)
		}
	}
	f := face{title: strings.ToLower(title.b.String()), words: strings.ToLower(all.b.String()), marks: strings.ToLower(w.marks.String()),
		buttons: strings.ToLower(w.buttons.b.String()), password: w.password, letter: w.letters}
	for _, r := range own.b.String() {
		if unicode.IsLetter(r) {
			f.own++
		}
	}
	if head := strings.TrimSpace(string(src.text[:min(len(src.text), mostOfScript)])); head != "" && head[0] == '{' { // what a block of robots tells programs
		f.marks, f.own = f.marks+strings.ToLower(head), 0
	}
	return f
}

// watcher looks at a page's elements.
type watcher struct {
	marks    strings.Builder
	buttons  scribe
	password bool
	noscript []string
	// asking are forms that ask for a password or a CAPTCHA and for nothing that a letter to an advertiser has.
	asking map[*html.Node]bool
	form   *html.Node
	// letter says that the form is to write to somebody, letters that one of the page's forms is.
	letter, letters bool
}

// find goes through the elements; around says that they stand in the head or foot of a page or in a banner.
func (w *watcher) find(n *html.Node, around bool) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode {
			continue
		}
		w.element(c, around)
		outer, letter := w.form, w.letter
		if c.DataAtom == atom.Form {
			w.form, w.letter = c, false
		}
		w.find(c, around || aside(c))
		if c.DataAtom == atom.Form {
			if w.letter {
				delete(w.asking, c)
				w.letters = true
			}
			w.form, w.letter = outer, letter
		}
	}
}

func (w *watcher) element(n *html.Node, around bool) {
	marks := w.marks.Len()
	for _, a := range n.Attr {
		switch a.Key {
		case "id", "class", "src", "href", "action", "name", "data-sitekey":
			if w.marks.Len() < mostMarks {
				w.marks.WriteString(a.Val[:min(len(a.Val), mostOfScript)])
				w.marks.WriteByte(' ')
			}
		}
	}
	switch n.DataAtom {
	case atom.Script, atom.Noscript:
		if n.FirstChild == nil {
			return
		}
		text := n.FirstChild.Data[:min(len(n.FirstChild.Data), mostOfScript)]
		if n.DataAtom == atom.Noscript && len(w.noscript) < mostValues {
			w.noscript = append(w.noscript, text)
		} else if w.marks.Len() < mostMarks {
			w.marks.WriteString(text + " ")
		}
	case atom.Button:
		w.buttons.line()
		w.buttons.node(n)
	case atom.Textarea:
		w.letter = w.letter || !strings.Contains(attr(n, "name"), "captcha") // reCAPTCHA has one of its own
	case atom.Input:
		if kind := strings.ToLower(attr(n, "type")); kind == "submit" || kind == "button" {
			w.buttons.line()
			w.buttons.text(attr(n, "value"))
		}
		if strings.EqualFold(attr(n, "type"), "password") && !around {
			w.password = true
			w.asking[w.form] = true
		}
	}
	if w.form != nil && w.marks.Len() > marks && oneOf(strings.ToLower(w.marks.String()[marks:]), captchaMarks) {
		w.asking[w.form] = true
	}
}

// aside says whether an element stands around a page's own words.
func aside(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Header, atom.Nav, atom.Footer, atom.Dialog:
		return true
	case atom.Html, atom.Body, atom.Main:
		return false
	}
	for _, a := range n.Attr {
		switch {
		case a.Key == "role" && (a.Val == "dialog" || a.Val == "alertdialog" || a.Val == "navigation" || a.Val == "banner" || a.Val == "contentinfo"):
			return true
		case (a.Key == "id" || a.Key == "class") && oneOf(strings.ToLower(a.Val[:min(len(a.Val), mostOfScript)]), asides):
			return true
		}
	}
	return false
}
