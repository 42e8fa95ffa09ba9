package console

import (
	"errors"
	"net/http"

	"varde/internal/auth"
)

// passwordPage lets people change their password.
type passwordPage struct {
	base
	Must    bool
	Least   int
	Problem string
}

func (s *Server) password(w http.ResponseWriter, r *http.Request) error {
	return s.passwordForm(w, r, http.StatusOK, "")
}

func (s *Server) passwordForm(w http.ResponseWriter, r *http.Request, status int, problem string) error {
	return s.render(w, r, status, "password", passwordPage{base: s.base(r, s.locale(r).say("password.title"), ""),
		Must: userOf(r.Context()).MustChange, Least: auth.MinPassword, Problem: problem})
}

func (s *Server) passwordSubmit(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return &pageError{status: http.StatusBadRequest, key: "error.bad_request", err: err}
	}
	say := s.locale(r).say
	replacement := r.PostFormValue("new")
	if replacement != r.PostFormValue("again") {
		return s.passwordForm(w, r, http.StatusUnprocessableEntity, say("password.differ"))
	}
	err := s.auth.ChangePassword(r.Context(), r.PostFormValue("old"), replacement)
	var weak *auth.WeakError
	var locked *auth.LockedError
	switch {
	case err == nil:
		http.Redirect(w, r, "/queue?done=password", http.StatusSeeOther)
		return nil
	case errors.As(err, &weak):
		return s.passwordForm(w, r, http.StatusUnprocessableEntity, say("password."+string(weak.Weakness), "n", auth.MinPassword))
	case errors.As(err, &locked):
		return s.passwordForm(w, r, http.StatusTooManyRequests, say("sign_in.locked", "n", minutes(locked.Wait)))
	case errors.Is(err, auth.ErrRefused):
		return s.passwordForm(w, r, http.StatusUnprocessableEntity, say("password.wrong"))
	}
	return err
}
