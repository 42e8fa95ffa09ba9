package console

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"varde/internal/fault"
	"varde/internal/target"
)

// plainForm reads a form's fields.
func plainForm(r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return err
		}
		return &pageError{status: http.StatusBadRequest, key: "error.bad_request", err: err}
	}
	return nil
}

// reasonOf is the reason that a form carries.
func reasonOf(r *http.Request) string { return strings.TrimSpace(r.PostFormValue("reason")) }

// refusal says why the desk did not do what was asked for, and with which status the page answers; ok is false where err is no refusal.
func (l *locale) refusal(err error) (sentence string, status int, ok bool) {
	var no *target.Refusal
	switch {
	case errors.Is(err, target.ErrChanged):
		return l.say("target.changed"), http.StatusConflict, true
	case errors.As(err, &no):
		return l.refused(no.Reason, fault.Sentence(err)), refusalStatus(no.Reason), true
	case errors.Is(err, fault.ErrUsage) && fault.Sentence(err) != "":
		return fault.Sentence(err), http.StatusUnprocessableEntity, true
	}
	return "", 0, false
}

// refused says in words which rule forbids something: the catalogue's, or the desk's own where the rule is newer than the catalogue.
func (l *locale) refused(rule, sentence string) string {
	if m, known := l.text["refusal."+rule]; known {
		return m.Other
	}
	if sentence != "" {
		return sentence
	}
	return l.named("refusal.", rule)
}

// refusalStatus tells what came too late from what is not the reader's to do, and both from what the form lacks.
func refusalStatus(rule string) int {
	switch rule {
	case "own_draft", "not_approver", "no_actor", "program":
		return http.StatusForbidden
	case "no_reason", "no_consent", "unchanged", "loopback", "not_simulated":
		return http.StatusUnprocessableEntity
	}
	return http.StatusConflict
}

// targetAct starts, pauses or revokes. A form that came too late, or that lacks its reason, is answered with the page as it is now.
func (s *Server) targetAct(w http.ResponseWriter, r *http.Request) error {
	if err := plainForm(r); err != nil {
		return err
	}
	ctx, who, id, reason := r.Context(), userOf(r.Context()).Name, r.PathValue("id"), reasonOf(r)
	act := targetAct{Do: r.PostFormValue("do"), Reason: reason}
	st, err := s.targets.Get(ctx, id)
	if err != nil {
		return err
	}
	switch act.Do {
	case "activate":
		// What is started is what was looked at. Stopping needs no such care: it is right whatever there is now.
		if r.PostFormValue("version") != strconv.Itoa(st.Version) {
			return s.showTarget(w, r, http.StatusConflict, s.locale(r).say("target.act_changed", "version", plainNumber(st.Version)), act)
		}
		_, err = s.targets.Activate(ctx, who, id, reason)
	case "pause":
		_, err = s.targets.Pause(ctx, who, id, reason)
	case "revoke":
		if reason == "" {
			return s.showTarget(w, r, http.StatusUnprocessableEntity, s.locale(r).say("target.reason_missing"), act)
		}
		_, err = s.targets.Revoke(ctx, who, id, reason)
	default:
		return &pageError{status: http.StatusBadRequest, key: "error.bad_request"}
	}
	if err != nil {
		if sentence, status, ok := s.locale(r).refusal(err); ok {
			return s.showTarget(w, r, status, sentence, act)
		}
		return err
	}
	http.Redirect(w, r, targetURL(id)+"?done="+act.Do, http.StatusSeeOther)
	return nil
}

// pausePage asks before everything is paused.
type pausePage struct {
	base
	Active          []link
	Reason, Problem string
}

func (s *Server) pauseAll(w http.ResponseWriter, r *http.Request) error {
	return s.pauseForm(w, r, http.StatusOK, "")
}

func (s *Server) pauseForm(w http.ResponseWriter, r *http.Request, status int, problem string) error {
	l := s.locale(r)
	all, err := s.targets.List(r.Context())
	if err != nil {
		return err
	}
	p := pausePage{base: s.base(r, l.say("target.pause_all"), "targets"), Problem: problem}
	p.Path = r.URL.Path
	if r.Method == http.MethodPost {
		p.Reason = reasonOf(r)
	}
	for _, st := range all {
		if st.State != target.Active {
			continue
		}
		name := st.ID
		if st.Spec != nil {
			name = short(st.Spec.Name, longestValue)
		}
		p.Active = append(p.Active, link{targetURL(st.ID), name})
	}
	return s.render(w, r, status, "targets_pause", p)
}

func (s *Server) pauseAllSubmit(w http.ResponseWriter, r *http.Request) error {
	if err := plainForm(r); err != nil {
		return err
	}
	if _, err := s.targets.PauseAll(r.Context(), userOf(r.Context()).Name, reasonOf(r)); err != nil {
		if sentence, status, ok := s.locale(r).refusal(err); ok {
			return s.pauseForm(w, r, status, sentence)
		}
		return err
	}
	http.Redirect(w, r, "/targets?done=pause_all", http.StatusSeeOther)
	return nil
}
