package console

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"varde/internal/fault"
)

// pageError is an error that has its own page: a status, the key of what people are told, and the cause for the log.
type pageError struct {
	status int
	key    string
	err    error
}

// Error returns the key and the cause.
func (e *pageError) Error() string { return fmt.Sprintf("%s (%d): %v", e.key, e.status, e.err) }

// Unwrap returns the cause.
func (e *pageError) Unwrap() error { return e.err }

// errorPage is what people see: what happened, what it means, what to do, and the reference to quote.
type errorPage struct {
	base
	What, Meaning, Todo string
}

// fail answers with the page for err. The cause goes to the log under the reference that the page shows.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	var known *pageError
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &known):
	case errors.Is(err, fault.ErrNotFound):
		known = &pageError{status: http.StatusNotFound, key: "error.not_found", err: err}
	case errors.As(err, &tooLarge):
		known = &pageError{status: http.StatusRequestEntityTooLarge, key: "error.too_large", err: err}
	case errors.Is(err, fault.ErrUsage):
		known = &pageError{status: http.StatusBadRequest, key: "error.bad_request", err: err}
	default:
		known = &pageError{status: http.StatusInternalServerError, key: "error.internal", err: err}
	}
	ref := referenceOf(r.Context())
	switch {
	case errors.Is(err, context.Canceled) && r.Context().Err() != nil:
		s.log.Debug("the browser went away", "reference", ref)
	case known.status >= http.StatusInternalServerError:
		s.log.Error("a page failed", "reference", ref, "method", r.Method, "error", err)
	default:
		s.log.Info("a page was refused", "reference", ref, "method", r.Method, "status", known.status)
	}
	lang := s.langOf(r)
	say := s.pages.locales[lang].say
	p := errorPage{base: s.base(r, say(known.key+".title"), ""),
		What: say(known.key + ".title"), Meaning: say(known.key + ".meaning"), Todo: say(known.key + ".todo")}
	if err := s.render(w, r, known.status, "error", p); err != nil {
		s.log.Error("the error page failed", "reference", ref, "error", err)
		http.Error(w, ref, http.StatusInternalServerError)
	}
}
