package console

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"varde/internal/frontier"
	"varde/internal/target"
)

// Trial is what one page gave under one version of a target. An ad's fields come in the order of target.FieldNames.
type Trial struct {
	// URL is where the page lay in the end. Status and ContentType are what the site answered; Status is 0 where nothing was fetched.
	URL         string
	Status      int
	ContentType string
	// Bytes and SHA256 are of the page as it was read.
	Bytes  int
	SHA256 string
	// Outcome is what the crawler would have counted, and Detail says more of it; it holds nothing that the page said.
	Outcome frontier.Outcome
	Detail  string
	// Ad says that the address is one of an ad page, and was read as one.
	Ad bool
	// Shape is how it was read, such as "css" or "json-ld". FellBack says that it was too deeply nested for that.
	Shape    string
	FellBack bool
	// Gone says that the page says of itself that the ad is no longer there.
	Gone   bool
	Fields []TrialField
	// Ads and Next are the addresses that a list page leads to.
	Ads, Next []string
	// Problems are what could not be read.
	Problems []string
	// Text is the page as text.
	Text string
}

// TrialField is one field of an ad page.
type TrialField struct {
	Name   string
	Values []string
	// From is the selector, path or property that gave the values, or was to.
	From     string
	Optional bool
	Problem  string
}

// Try reads one page by a target that need not be approved. With a nil body it fetches the address within the target's limits; otherwise
// body is the page, and nothing is fetched. What the site answered is a Trial, also where it refused; an error with a sentence and
// fault.ErrUsage says why nothing could be tried.
type Try func(ctx context.Context, t *target.Target, address string, body []byte) (Trial, error)

// mostTried is the largest page that can be handed in.
const mostTried = 8 << 20

// How much of a trial is shown.
const (
	mostTrialLinks = 100
	mostTrialText  = 100_000
)

// tryPage lets people try a version on one page.
type tryPage struct {
	base
	ID, Name string
	Version  int
	State    target.State
	// Ready says that this process can try at all; NoFetch why it must not fetch, "" where it may.
	Ready   bool
	NoFetch string
	// Address and Page are what was typed.
	Address, Page string
	Problem       string
	Result        *tryResult
}

// tryResult is a Trial as people read it.
type tryResult struct {
	Trial
	More    detail
	Word    string
	Barrier bool
	Good    bool
	Rows    []tryField
	Missing []string
	Facts   []fact
	// AdCount and NextCount count all links, MoreAds and MoreNext those that are not shown.
	AdCount, NextCount, MoreAds, MoreNext int
	Shown                                 []part
}

// tryField is one field of a trial.
type tryField struct {
	Name, Word    string
	Values        [][]part
	More          int
	From, Problem string
	Optional      bool
	Missing       bool
}

func (s *Server) targetTry(w http.ResponseWriter, r *http.Request) error {
	p, _, err := s.trying(r, r.URL.Query().Get("version"))
	if err != nil {
		return err
	}
	if address := r.URL.Query().Get("address"); address != "" {
		p.Address = short(address, 2000)
	}
	return s.render(w, r, http.StatusOK, "target_try", p)
}

// trying returns the form for a version of the target that the address names, and what the version says.
func (s *Server) trying(r *http.Request, version string) (p tryPage, t *target.Target, err error) {
	l := s.locale(r)
	st, err := s.targets.Get(r.Context(), r.PathValue("id"))
	if err != nil {
		return p, nil, err
	}
	n := st.Version
	if version != "" {
		if n, err = strconv.Atoi(version); err != nil {
			return p, nil, &pageError{status: http.StatusNotFound, key: "error.not_found", err: err}
		}
	}
	if t, err = s.targets.At(r.Context(), st.ID, n); err != nil {
		return p, nil, err
	}
	p = tryPage{base: s.targetBase(r, st, l.say("target.try")), ID: st.ID, Name: short(t.Name, longestValue), Version: n, State: st.State, Ready: s.try != nil}
	if len(t.Start) > 0 {
		p.Address = t.Start[0]
	}
	switch {
	case n != st.Version:
		p.NoFetch = l.say("target.try_old", "version", plainNumber(st.Version))
	case st.State == target.Revoked || st.State == target.Expired:
		p.NoFetch = l.say("target.try_ended", "state", l.say("target.state."+string(st.State)))
	}
	return p, t, nil
}

// targetTrySubmit answers with what the page gave. Nothing is kept of it, so that there is nothing to be sent on to.
func (s *Server) targetTrySubmit(w http.ResponseWriter, r *http.Request) error {
	body, err := trialForm(r)
	if err != nil {
		return err
	}
	p, t, err := s.trying(r, r.PostFormValue("version"))
	if err != nil {
		return err
	}
	l := s.locale(r)
	p.Address, p.Page = strings.TrimSpace(r.PostFormValue("address")), r.PostFormValue("page")
	again := func(status int, problem string) error {
		p.Problem = problem
		return s.render(w, r, status, "target_try", p)
	}
	switch {
	case s.try == nil:
		return again(http.StatusUnprocessableEntity, l.say("target.try_away"))
	case p.Address == "":
		return again(http.StatusUnprocessableEntity, l.say("target.try_address"))
	case body == nil && p.NoFetch != "":
		return again(http.StatusUnprocessableEntity, p.NoFetch)
	case body == nil:
		// Noted before anything leaves: what cannot be noted is not done.
		if err := s.targets.Tried(r.Context(), p.User.Name, p.ID, p.Version, p.Address); err != nil {
			return err
		}
	}
	trial, err := s.try(r.Context(), t, p.Address, body)
	if err != nil {
		if sentence, status, ok := l.refusal(err); ok {
			return again(status, sentence)
		}
		return err
	}
	p.Result = l.tryResult(trial)
	return s.render(w, r, http.StatusOK, "target_try", p)
}

// trialForm reads the form, which may carry a page as a file or as text; nil means that it carries none.
func trialForm(r *http.Request) ([]byte, error) {
	err := r.ParseMultipartForm(mostTried)
	if errors.Is(err, http.ErrNotMultipart) {
		err = plainForm(r)
	}
	if err != nil {
		var tooLarge *http.MaxBytesError
		var known *pageError
		if errors.As(err, &tooLarge) || errors.As(err, &known) {
			return nil, err
		}
		return nil, &pageError{status: http.StatusBadRequest, key: "error.bad_request", err: err}
	}
	if r.MultipartForm != nil {
		defer func() { _ = r.MultipartForm.RemoveAll() }() // of parts that went to disk; there are none below mostTried
	}
	if file, _, err := r.FormFile("file"); err == nil {
		body, err := io.ReadAll(file)
		if err != nil {
			return nil, err
		}
		if len(body) > 0 {
			return body, nil
		}
	}
	if text := r.PostFormValue("page"); strings.TrimSpace(text) != "" {
		return []byte(text), nil
	}
	return nil, nil
}

func (l *locale) tryResult(t Trial) *tryResult {
	v := &tryResult{Trial: t, Word: l.named("outcome.", string(t.Outcome)), Barrier: t.Outcome.Barrier(), Good: t.Outcome.Good(),
		Shown: unseenParts(short(t.Text, mostTrialText), part{})}
	v.More = l.detail(t.Outcome, t.Detail, 500)
	for _, f := range t.Fields {
		row := tryField{Name: f.Name, Word: l.named("field.", f.Name), From: short(f.From, 300), Problem: short(f.Problem, 300), Optional: f.Optional,
			Missing: len(f.Values) == 0}
		for i, value := range f.Values {
			if i == 10 {
				row.More = len(f.Values) - i
				break
			}
			row.Values = append(row.Values, unseenParts(short(value, 400), part{}))
		}
		if row.Missing && !f.Optional {
			v.Missing = append(v.Missing, row.Word)
		}
		v.Rows = append(v.Rows, row)
	}
	v.AdCount, v.NextCount = len(t.Ads), len(t.Next)
	v.Ads, v.MoreAds = fewLinks(t.Ads)
	v.Next, v.MoreNext = fewLinks(t.Next)
	facts := targetFacts{}
	facts.exact("target.try.url", t.URL)
	if t.Status > 0 {
		facts.add("target.try.status", strconv.Itoa(t.Status))
	}
	facts.add("target.try.type", t.ContentType)
	facts.add("target.try.size", l.say("target.bytes", "n", t.Bytes))
	facts.exact("provenance.page_sha256", t.SHA256)
	facts.add("target.try.shape", t.Shape)
	v.Facts = facts
	return v
}

func fewLinks(all []string) ([]string, int) {
	more := max(0, len(all)-mostTrialLinks)
	few := make([]string, 0, len(all)-more)
	for _, a := range all[:len(all)-more] {
		few = append(few, short(a, 300))
	}
	return few, more
}
