package console

import (
	"net/http"
	"strconv"

	"varde/internal/fault"
	"varde/internal/target"
)

// approvePage shows what is to be approved, and the form that does it.
type approvePage struct {
	base
	ID, Name string
	Version  int
	Hash     string
	// May: the reader is the one who can approve; otherwise WhyNot says why not.
	May       bool
	WhyNot    string
	Author    string
	Reason    string
	When      moment
	Authority []fact
	Reach     []fact
	// Diff is the difference from the version that was approved last; nil where none was, and Lines is the whole.
	Diff  *diffView
	Lines []fileLine
	// Robots is the written reason why robots.txt is ignored, "" where it is obeyed.
	Robots  string
	Ignored bool
	Note    string
	Problem string
}

func (s *Server) targetApprove(w http.ResponseWriter, r *http.Request) error {
	return s.approveForm(w, r, http.StatusOK, "")
}

func (s *Server) approveForm(w http.ResponseWriter, r *http.Request, status int, problem string) error {
	l := s.locale(r)
	st, err := s.targets.Get(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	versions, err := s.targets.Versions(r.Context(), st.ID)
	if err != nil {
		return err
	}
	at := indexOfVersion(versions, st.Version)
	if at < 0 || !readable(st) {
		return fault.ErrNotFound
	}
	v := versions[at]
	p := approvePage{base: s.targetBase(r, st, l.say("target.approve")), ID: st.ID, Name: short(st.Spec.Name, longestValue), Version: st.Version, Hash: st.Hash,
		Author: short(v.Author, 60), Reason: short(v.Reason, 1000), When: l.clock(v.At), Authority: l.authorityFacts(st.Spec), Reach: l.reachFacts(st.Spec),
		Ignored: st.Spec.Robots.Ignored(), Robots: short(st.Spec.Robots.Reason, 2000), Problem: problem}
	if r.Method == http.MethodPost {
		p.Note = r.PostFormValue("note")
	}
	p.May, p.WhyNot = l.mayApprove(p.User.Name, st, versions)
	if !p.May && p.WhyNot == "" {
		p.WhyNot = l.say("target.cannot.state", "state", l.say("target.state."+string(st.State)))
	}
	if _, last := earlier(versions, at); last != nil {
		p.Diff = newDiff(*last, v, true)
	}
	p.Lines = fileLines(v.Text, nil)
	return s.render(w, r, status, "target_approve", p)
}

// targetApproveSubmit approves the version that was shown: its number and hash come with the form, so that an edit in between is told.
func (s *Server) targetApproveSubmit(w http.ResponseWriter, r *http.Request) error {
	if err := plainForm(r); err != nil {
		return err
	}
	l, id := s.locale(r), r.PathValue("id")
	version, err := strconv.Atoi(r.PostFormValue("version"))
	if err != nil {
		return &pageError{status: http.StatusBadRequest, key: "error.bad_request", err: err}
	}
	st, err := s.targets.Get(r.Context(), id)
	if err != nil {
		return err
	}
	hash, consent := r.PostFormValue("hash"), r.PostFormValue("consent") == "on"
	switch {
	case st.Version != version || st.Hash != hash:
		return s.approveForm(w, r, http.StatusConflict, l.say("target.changed_since", "shown", plainNumber(version), "version", plainNumber(st.Version)))
	case r.PostFormValue("read") != "on":
		return s.approveForm(w, r, http.StatusUnprocessableEntity, l.say("target.read_missing"))
	case st.Spec.Robots.Ignored() && !consent && st.State == target.Draft:
		return s.approveForm(w, r, http.StatusUnprocessableEntity, l.say("target.consent_missing"))
	}
	_, err = s.targets.Approve(r.Context(), userOf(r.Context()).Name, id, version, hash, consent, r.PostFormValue("note"))
	if err != nil {
		if sentence, status, ok := l.refusal(err); ok {
			return s.approveForm(w, r, status, sentence)
		}
		return err
	}
	http.Redirect(w, r, targetURL(id)+"?done=approve", http.StatusSeeOther)
	return nil
}
