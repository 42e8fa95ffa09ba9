package console

import (
	"net/http"
)

// access says who may use a route.
type access int

const (
	// public routes read no session: static files and the health check.
	public access = iota
	// anybody may use these, signed in or not.
	anybody
	// signedIn routes send everybody else to sign in.
	signedIn
)

// route is one line of the table of everything that the console answers.
type route struct {
	pattern string
	access  access
	// purpose is what a look at this page is in the audit log: "" for what shows no personal data.
	purpose string
	do      func(w http.ResponseWriter, r *http.Request) error
}

// routes is the whole table.
func (s *Server) routes() []route {
	return []route{
		// Coming and going
		{"GET /sign-in", anybody, "", s.signIn},
		{"POST /sign-in", anybody, "sign_in", s.signInSubmit},
		{"POST /sign-out", anybody, "sign_out", s.signOut},
		{"GET /password", signedIn, "", s.password},
		{"POST /password", signedIn, "password_change", s.passwordSubmit},
		{"POST /language", anybody, "", s.language},

		// Work
		{"GET /{$}", signedIn, "", s.home},
		{"GET /queue", signedIn, "queue_read", s.queue},
		{"GET /search", signedIn, "search", s.searchPage},
		{"GET /networks/{id}", signedIn, "network_read", s.network},
		{"POST /networks/{id}", signedIn, "network_review", s.networkReview},
		{"POST /networks/{id}/links", signedIn, "link_decide", s.networkLinks},
		{"POST /export", signedIn, "export", s.export},
		{"GET /scores/{version}", signedIn, "", s.scoreVersion},
		{"GET /networks/{id}/graph", signedIn, "network_read", s.networkGraph},
		{"GET /ad", signedIn, "ad_read", s.ad},

		// Where a child may be involved
		{"GET /children", signedIn, "child_read", s.childList},
		{"POST /children", signedIn, "child_answer", s.childSubmit},

		// What is known from cases and tips
		{"GET /watch", signedIn, "watch_read", s.watchList},
		{"POST /watch", signedIn, "watch_change", s.watchSubmit},

		// What may be crawled
		{"GET /targets", signedIn, "target_read", s.targetList},
		{"GET /targets/new", signedIn, "", s.targetNew},
		{"POST /targets/new", signedIn, "target_draft", s.targetNewSubmit},
		{"GET /targets/{id}", signedIn, "target_read", s.target},
		{"POST /targets/{id}", signedIn, "target_change", s.targetAct},
		{"GET /targets/{id}/edit", signedIn, "target_read", s.targetEdit},
		{"POST /targets/{id}/edit", signedIn, "target_draft", s.targetEditSubmit},
		{"GET /targets/{id}/approve", signedIn, "target_read", s.targetApprove},
		{"POST /targets/{id}/approve", signedIn, "target_approve", s.targetApproveSubmit},
		{"GET /targets/{id}/try", signedIn, "target_read", s.targetTry},
		{"POST /targets/{id}/try", signedIn, "target_try", s.targetTrySubmit},
		{"GET /targets/{id}/versions/{n}", signedIn, "target_read", s.targetVersion},
		{"GET /pause", signedIn, "", s.pauseAll},
		{"POST /pause", signedIn, "target_change", s.pauseAllSubmit},

		// Running it
		{"GET /system", signedIn, "", s.system},
		{"GET /healthz", public, "", s.healthz},
		{"GET /static/{name...}", public, "", s.staticFile},

		// Everything else
		{"/", anybody, "", s.notFound},
	}
}

// mostBody is the largest form, in bytes; largeBodies are the routes that take more.
const mostBody = 64 << 10

var largeBodies = map[string]int64{"POST /targets/{id}/try": mostTried + mostBody, "POST /targets/new": mostFile, "POST /targets/{id}/edit": mostFile}

// install wires the table behind what every request passes through.
func (s *Server) install() (http.Handler, error) {
	mux := http.NewServeMux()
	for _, rt := range s.routes() {
		h := s.handle(rt)
		if rt.access != public {
			h = s.auth.Sessions(h, s.fail)
		}
		mux.Handle(rt.pattern, h)
	}
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.fail(w, r, &pageError{status: http.StatusForbidden, key: "error.cross_origin"})
	}))
	return s.reference(s.secure(cross.Handler(mux))), nil
}

func (s *Server) notFound(http.ResponseWriter, *http.Request) error {
	return &pageError{status: http.StatusNotFound, key: "error.not_found"}
}

func (s *Server) home(w http.ResponseWriter, r *http.Request) error {
	http.Redirect(w, r, "/queue", http.StatusSeeOther)
	return nil
}

// healthz says whether the record answers; it tells nothing else.
func (s *Server) healthz(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if _, err := s.records.LastChange(r.Context()); err != nil {
		s.log.Error("health check failed", "error", err)
		w.WriteHeader(http.StatusServiceUnavailable)
		_, err = w.Write([]byte("not ready\n"))
		return err
	}
	_, err := w.Write([]byte("ok\n"))
	return err
}
