package console

import (
	"errors"
	"math"
	"net"
	"net/http"
	"time"

	"varde/internal/auth"
)

// signInPage asks for name and password.
type signInPage struct {
	base
	Next, Name string
	// Problem is why the last attempt was refused.
	Problem string
}

func (s *Server) signIn(w http.ResponseWriter, r *http.Request) error {
	next := localPath(r.URL.Query().Get("next"))
	if userOf(r.Context()) != nil {
		http.Redirect(w, r, next, http.StatusSeeOther)
		return nil
	}
	say := s.locale(r).say
	p := signInPage{base: s.base(r, say("sign_in.title"), ""), Next: next}
	if r.URL.Query().Get("lost") != "" {
		p.Problem = say("sign_in.lost")
	}
	return s.render(w, r, http.StatusOK, "sign_in", p)
}

func (s *Server) signInSubmit(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return &pageError{status: http.StatusBadRequest, key: "error.bad_request", err: err}
	}
	say := s.locale(r).say
	p := signInPage{base: s.base(r, say("sign_in.title"), ""), Next: localPath(r.PostFormValue("next")), Name: short(r.PostFormValue("name"), auth.MaxName)}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	err = s.auth.SignIn(r.Context(), p.Name, r.PostFormValue("password"), host)
	var locked *auth.LockedError
	switch {
	case err == nil:
		http.Redirect(w, r, p.Next, http.StatusSeeOther)
		return nil
	case errors.As(err, &locked):
		p.Problem = say("sign_in.locked", "n", minutes(locked.Wait))
		return s.render(w, r, http.StatusTooManyRequests, "sign_in", p)
	case errors.Is(err, auth.ErrRefused):
		p.Problem = say("sign_in.refused")
		return s.render(w, r, http.StatusUnprocessableEntity, "sign_in", p)
	}
	return err
}

func minutes(d time.Duration) int { return max(1, int(math.Ceil(d.Minutes()))) }

func (s *Server) signOut(w http.ResponseWriter, r *http.Request) error {
	if err := s.auth.SignOut(r.Context()); err != nil {
		return err
	}
	w.Header().Set("Clear-Site-Data", `"cache", "storage"`)
	http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
	return nil
}

// language keeps the choice with the account, or in a cookie for who is not signed in.
func (s *Server) language(w http.ResponseWriter, r *http.Request) error {
	lang := r.PostFormValue("lang")
	if s.pages.locales[lang] == nil {
		return &pageError{status: http.StatusBadRequest, key: "error.bad_request"}
	}
	if userOf(r.Context()) != nil {
		if err := s.auth.SetLang(r.Context(), lang); err != nil {
			return err
		}
	}
	http.SetCookie(w, &http.Cookie{Name: langCookie, Value: lang, Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true,
		Secure: s.cfg.Secure, SameSite: http.SameSiteLaxMode})
	http.Redirect(w, r, localPath(r.PostFormValue("next")), http.StatusSeeOther)
	return nil
}
