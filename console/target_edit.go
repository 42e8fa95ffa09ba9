package console

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"varde/configs"
	"varde/internal/config"
	"varde/internal/fault"
	"varde/internal/target"
)

// mostFile is the largest form with a target's file: the desk takes 256 KiB, of which a browser makes more where letters are not plain.
const mostFile = 1 << 20

// exampleFile is what a new target starts from.
const exampleFile = "targets/example.yaml"

// editPage is the form in which a target's file is written.
type editPage struct {
	base
	// ID is "" for a new target; Current is the version that is there, which the text starts from.
	ID, Name string
	Current  int
	// Ends says that saving ends an approval, and with it crawling.
	Ends bool
	Text string
	// Reason is why the version is written.
	Reason   string
	Problem  string
	Problems []fileProblem
	// Lines is the text with its wrong lines marked; nil where none is.
	Lines []fileLine
	// Checked says that the text was looked at and nothing is wrong; Diff is what it changes.
	Checked bool
	Diff    *diffView
}

// fileProblem is one thing that is wrong with a file.
type fileProblem struct {
	Line        int
	Field, Text string
	// Lang is the language of Text where it is not the page's: the rules of files speak English.
	Lang string
}

func (s *Server) targetNew(w http.ResponseWriter, r *http.Request) error {
	text, err := configs.FS.ReadFile(exampleFile)
	if err != nil {
		return fmt.Errorf("read the example of a target: %w", err)
	}
	p := editPage{base: s.base(r, s.locale(r).say("target.new"), "targets"), Text: string(text)}
	return s.render(w, r, http.StatusOK, "target_edit", p)
}

func (s *Server) targetEdit(w http.ResponseWriter, r *http.Request) error {
	p, now, err := s.editing(r)
	if err != nil {
		return err
	}
	p.Text = now.Text
	return s.render(w, r, http.StatusOK, "target_edit", p)
}

// editing returns the page of an edit of the target that the address names, and the version that it starts from.
func (s *Server) editing(r *http.Request) (p editPage, now target.Version, err error) {
	l := s.locale(r)
	st, err := s.targets.Get(r.Context(), r.PathValue("id"))
	if err != nil {
		return p, now, err
	}
	versions, err := s.targets.Versions(r.Context(), st.ID)
	if err != nil {
		return p, now, err
	}
	at := indexOfVersion(versions, st.Version)
	if at < 0 {
		return p, now, fault.ErrNotFound
	}
	p = editPage{base: s.targetBase(r, st, l.say("target.edit")), ID: st.ID, Name: short(st.Spec.Name, longestValue), Current: st.Version}
	p.Ends = st.State == target.Approved || st.State == target.Active || st.State == target.Paused
	return p, versions[at], nil
}

func (s *Server) targetNewSubmit(w http.ResponseWriter, r *http.Request) error {
	if err := plainForm(r); err != nil {
		return err
	}
	p := editPage{base: s.base(r, s.locale(r).say("target.new"), "targets")}
	p.Path = r.URL.Path
	return s.saveTarget(w, r, p, target.Version{})
}

func (s *Server) targetEditSubmit(w http.ResponseWriter, r *http.Request) error {
	if err := plainForm(r); err != nil {
		return err
	}
	p, now, err := s.editing(r)
	if err != nil {
		return err
	}
	return s.saveTarget(w, r, p, now)
}

// saveTarget checks what was typed, and saves it where that was asked for. Whatever is wrong, the form comes back with what was typed.
func (s *Server) saveTarget(w http.ResponseWriter, r *http.Request, p editPage, now target.Version) error {
	l := s.locale(r)
	// A browser sends line ends of its own; a version's hash is of the text as people know it.
	p.Text = strings.ReplaceAll(r.PostFormValue("text"), "\r\n", "\n")
	p.Reason = reasonOf(r)
	again := func(status int) error { return s.render(w, r, status, "target_edit", p) }
	t, problems, err := s.checkFile(r, p)
	if err != nil {
		return err
	}
	if p.Problems = problems; len(problems) > 0 {
		p.Lines = fileLines(p.Text, wrongLines(problems))
		return again(http.StatusUnprocessableEntity)
	}
	if p.ID != "" {
		p.Diff = newDiff(now, target.Version{Number: now.Number + 1, Text: p.Text}, false)
	}
	if r.PostFormValue("do") == "check" {
		p.Checked = true
		return again(http.StatusOK)
	}
	if base := r.PostFormValue("base"); p.ID != "" && base != strconv.Itoa(p.Current) {
		p.Problem = l.say("target.edited_meanwhile", "version", plainNumber(p.Current), "who", short(now.Author, 60))
		return again(http.StatusConflict)
	}
	if _, err = s.targets.Draft(r.Context(), p.User.Name, t.ID+".yaml", []byte(p.Text), p.Reason); err != nil {
		sentence, status, ok := l.refusal(err)
		if !ok {
			return err
		}
		p.Problem = sentence
		return again(status)
	}
	http.Redirect(w, r, targetURL(t.ID)+"?done=draft", http.StatusSeeOther)
	return nil
}

// checkFile reads a target's text and says what is wrong with it: by the rules for all targets, and for the place where it was typed.
func (s *Server) checkFile(r *http.Request, p editPage) (*target.Target, []fileProblem, error) {
	l := s.locale(r)
	t, err := target.Parse("target.yaml", []byte(p.Text))
	var wrong config.Problems
	if errors.As(err, &wrong) {
		var problems []fileProblem
		for _, w := range wrong {
			problems = append(problems, fileProblem{Line: w.Line, Field: short(w.Field, 120), Text: short(w.Text, 400), Lang: "en"})
		}
		return nil, problems, nil
	}
	if err != nil {
		return nil, nil, err
	}
	if p.ID != "" && t.ID != p.ID {
		return t, []fileProblem{{Line: lineOfID(p.Text), Field: "id", Text: l.say("target.other_id", "id", p.ID)}}, nil
	}
	if p.ID == "" {
		_, err := s.targets.Get(r.Context(), t.ID)
		switch {
		case err == nil:
			return t, []fileProblem{{Line: lineOfID(p.Text), Field: "id", Text: l.say("target.id_taken", "id", t.ID)}}, nil
		case !errors.Is(err, fault.ErrNotFound):
			return nil, nil, err
		}
	}
	return t, nil, nil
}

func wrongLines(problems []fileProblem) map[int]bool {
	lines := map[int]bool{}
	for _, p := range problems {
		lines[p.Line] = true
	}
	return lines
}

// lineOfID is the line on which a target's file says its id.
func lineOfID(text string) int {
	for i, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(line, "id:") {
			return i + 1
		}
	}
	return 1
}
