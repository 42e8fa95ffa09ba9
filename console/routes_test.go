package console_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"varde/internal/auth"
)

// walk is one address for each route of the table; the test below fails if a route has none.
var walk = map[string]struct {
	path   string
	public bool // answered without signing in
	status int  // signed in
}{
	"GET /sign-in":                   {"/sign-in", true, 303},
	"POST /sign-in":                  {"/sign-in", true, 422},
	"POST /sign-out":                 {"/sign-out", true, 303},
	"GET /password":                  {"/password", false, 200},
	"POST /password":                 {"/password", false, 422},
	"POST /language":                 {"/language", true, 400},
	"GET /{$}":                       {"/", false, 303},
	"GET /queue":                     {"/queue", false, 200},
	"GET /search":                    {"/search?q=jenter", false, 200},
	"GET /networks/{id}":             {"/networks/n-5f3a9c01b2d4", false, 200},
	"POST /networks/{id}":            {"/networks/n-5f3a9c01b2d4", false, 400},
	"POST /networks/{id}/links":      {"/networks/n-5f3a9c01b2d4/links", false, 400},
	"POST /export":                   {"/export", false, 400},
	"GET /scores/{version}":          {"/scores/0a1b2c3d4e5f", false, 200},
	"GET /networks/{id}/graph":       {"/networks/n-5f3a9c01b2d4/graph", false, 200},
	"GET /ad":                        {"/ad?key=nordmarked.example%2F84312", false, 200},
	"GET /children":                  {"/children", false, 200},
	"POST /children":                 {"/children", false, 400},
	"GET /watch":                     {"/watch", false, 200},
	"POST /watch":                    {"/watch", false, 400},
	"GET /targets":                   {"/targets", false, 200},
	"GET /targets/new":               {"/targets/new", false, 200},
	"POST /targets/new":              {"/targets/new", false, 422},
	"GET /targets/{id}":              {"/targets/nordmarked", false, 200},
	"POST /targets/{id}":             {"/targets/nordmarked", false, 400},
	"GET /targets/{id}/edit":         {"/targets/nordmarked/edit", false, 200},
	"POST /targets/{id}/edit":        {"/targets/nordmarked/edit", false, 422},
	"GET /targets/{id}/approve":      {"/targets/nordmarked/approve", false, 200},
	"POST /targets/{id}/approve":     {"/targets/nordmarked/approve", false, 400},
	"GET /targets/{id}/try":          {"/targets/nordmarked/try", false, 200},
	"POST /targets/{id}/try":         {"/targets/nordmarked/try", false, 422},
	"GET /targets/{id}/versions/{n}": {"/targets/nordmarked/versions/1", false, 200},
	"GET /pause":                     {"/pause", false, 200},
	"POST /pause":                    {"/pause", false, 303},
	"GET /system":                    {"/system", false, 200},
	"GET /healthz":                   {"/healthz", true, 200},
	"GET /static/{name...}":          {"/static/none.css", true, 404},
	"/":                              {"/wp-login.php", true, 404},
}

func TestEveryRouteSignedInAndNot(t *testing.T) {
	src, err := os.ReadFile("routes.go")
	if err != nil {
		t.Fatal(err)
	}
	table := regexp.MustCompile(`\{"((?:GET|POST)? ?/[^"]*)", (\w+), "(\w*)"`).FindAllStringSubmatch(string(src), -1)
	if len(table) != len(walk) {
		t.Fatalf("%d routes in the table, %d are walked", len(table), len(walk))
	}
	r := fill()
	r.withTargets(t)
	w := open(t, r, nil)
	stranger, known := w.person(t), w.signedIn(t)
	for _, rt := range table {
		step, ok := walk[rt[1]]
		if !ok {
			t.Errorf("%s is not walked", rt[1])
			continue
		}
		method, _, _ := strings.Cut(rt[1], " ")
		if method != http.MethodPost {
			method = http.MethodGet
		}
		check := func(who *person, want int) answer {
			res := who.do(method, step.path, nil)
			if want != 0 && res.status != want {
				t.Errorf("%s: status %d, want %d", rt[1], res.status, want)
			}
			headers(t, rt[1], res)
			return res
		}
		check(known, step.status)
		if rt[1] == "POST /sign-out" {
			known = w.signedIn(t)
		}
		res := check(stranger, 0)
		turned := res.status == http.StatusSeeOther && strings.HasPrefix(res.header.Get("Location"), "/sign-in")
		if !step.public && !turned {
			t.Errorf("%s: a stranger gets status %d", rt[1], res.status)
		}
		if !step.public && strings.Contains(res.body, "Bergen") {
			t.Errorf("%s: a stranger sees an ad", rt[1])
		}
	}
}

// headers must be on every answer.
func headers(t *testing.T, where string, res answer) {
	t.Helper()
	csp := res.header.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} {
		if !strings.Contains(csp, want) {
			t.Errorf("%s: policy %q lacks %s", where, csp, want)
		}
	}
	if strings.Contains(csp, "unsafe") || strings.Contains(csp, "http") {
		t.Errorf("%s: policy %q is too wide", where, csp)
	}
	for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"} {
		if got := res.header.Get(name); got != want {
			t.Errorf("%s: %s is %q", where, name, got)
		}
	}
	if strings.HasPrefix(res.header.Get("Content-Type"), "text/html") && res.status == 200 && res.header.Get("Cache-Control") != "no-store" {
		t.Errorf("%s: a page may be cached", where)
	}
}

func TestSignIn(t *testing.T) {
	w := filled(t, nil)
	p := w.person(t)
	res := p.get("/networks/n-5f3a9c01b2d4?was=x")
	if to := res.header.Get("Location"); to != "/sign-in?next=%2Fnetworks%2Fn-5f3a9c01b2d4%3Fwas%3Dx" {
		t.Fatalf("sent to %q", to)
	}
	// Who was signed out while writing is told that nothing was saved, and led back to where it was written.
	lost := p.post(ring, "do", "lead", "seen", "x").header.Get("Location")
	page := p.page(lost)
	page.Has("[role=alert]", "er ikke lagret")
	if next := page.Attrs("main input[name=next]", "value")[0]; next != ring {
		t.Errorf("after a form that was lost: %q", next)
	}
	form := p.page(res.header.Get("Location"))
	form.Has("h1", "Logg inn")
	next := form.Attrs("main input[name=next]", "value")[0]
	refused := p.post("/sign-in", "name", w.name, "password", "wrong<script>", "next", next)
	if refused.status != http.StatusUnprocessableEntity {
		t.Errorf("wrong password: status %d", refused.status)
	}
	refused.page().Has("[role=alert]", "hører ikke sammen")
	if strings.Contains(refused.body, "wrong") {
		t.Error("the page repeats the password")
	}
	in := p.post("/sign-in", "name", w.name, "password", w.pass, "next", next)
	if in.status != http.StatusSeeOther || in.header.Get("Location") != "/networks/n-5f3a9c01b2d4?was=x" {
		t.Fatalf("status %d to %q", in.status, in.header.Get("Location"))
	}
	if c := in.header.Get("Set-Cookie"); !strings.Contains(c, "HttpOnly") || !strings.Contains(c, "SameSite=Lax") {
		t.Errorf("cookie %q", c)
	}
	p.page("/queue")
	if out := p.post("/sign-out"); out.status != http.StatusSeeOther {
		t.Errorf("sign out: status %d", out.status)
	}
	if res := p.get("/queue"); res.status != http.StatusSeeOther {
		t.Errorf("after signing out: status %d", res.status)
	}
	for range 5 {
		p.post("/sign-in", "name", "kari", "password", "x")
	}
	locked := p.post("/sign-in", "name", "kari", "password", "x")
	if locked.status != http.StatusTooManyRequests {
		t.Errorf("sixth wrong password: status %d", locked.status)
	}
	locked.page().Has("[role=alert]", "Vent ett minutt")
}

func TestNextStaysHere(t *testing.T) {
	p := reader(t)
	for _, next := range []string{"https://evil.example/", "//evil.example", `/\evil.example`, "javascript:alert(1)", "/\t/evil.example", "evil", "//user@evil.example/", "", "/%2f/evil.example"} {
		res := p.get("/sign-in?next=" + url.QueryEscape(next))
		to, err := url.Parse(res.header.Get("Location"))
		if err != nil || to.Host != "" || to.Scheme != "" || strings.HasPrefix(to.Path, "//") && !strings.HasPrefix(to.EscapedPath(), "/%2f") {
			t.Errorf("%q leads to %q", next, res.header.Get("Location"))
		}
	}
}

func TestMustChangePassword(t *testing.T) {
	w := filled(t, nil)
	p := w.signedIn(t)
	if err := w.update(w.name, func(u *auth.User) { u.MustChange = true }); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/queue", "/networks/n-5f3a9c01b2d4/graph", "/ad?key=nordmarked.example%2F84312"} {
		if res := p.get(path); res.status != http.StatusSeeOther || res.header.Get("Location") != "/password" {
			t.Errorf("%s: status %d to %q", path, res.status, res.header.Get("Location"))
		}
	}
	p.page("/password").Has(".notice", "laget av noen andre")
	const better = "fjell fjord og vidde"
	for _, try := range []struct{ old, new, again, want string }{
		{w.pass, better, "noe annet enn det", "ikke like"},
		{"feil", better, better, "Nåværende passord er feil"},
		{w.pass, "kort", "kort", "for kort: minst 12 tegn"},
		{w.pass, w.pass, w.pass, "det samme som det gamle"},
	} {
		res := p.post("/password", "old", try.old, "new", try.new, "again", try.again)
		if res.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: status %d", try.want, res.status)
		}
		res.page().Has("[role=alert]", try.want)
	}
	done := p.post("/password", "old", w.pass, "new", better, "again", better)
	if done.status != http.StatusSeeOther {
		t.Fatalf("status %d: %s", done.status, done.body)
	}
	p.page(done.header.Get("Location")).Has(".notice", "Passordet er byttet")
}

func TestErrorPages(t *testing.T) {
	w := filled(t, nil)
	p := w.signedIn(t)
	missing := p.get("/none")
	if missing.status != http.StatusNotFound {
		t.Errorf("status %d", missing.status)
	}
	missing.page().Has("main", "Siden finnes ikke", "Gå til køen")
	cross := p.do(http.MethodPost, "/sign-out", nil, "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example")
	if cross.status != http.StatusForbidden {
		t.Errorf("a form from elsewhere: status %d", cross.status)
	}
	cross.page().Has("main", "Forespørselen ble avvist", "Ingenting er endret")
	p.page("/queue")
	large := p.do(http.MethodPost, "/language", strings.NewReader("lang=nb&x="+strings.Repeat("x", 1<<20)), "Content-Type", "application/x-www-form-urlencoded")
	if large.status != http.StatusBadRequest && large.status != http.StatusRequestEntityTooLarge {
		t.Errorf("a form of 1 MiB: status %d", large.status)
	}
	w.err = errors.New("dial tcp 10.0.0.5: the disk secret is full")
	for _, path := range []string{"/queue", "/search?q=jenter", "/networks/n-5f3a9c01b2d4", "/ad?key=nordmarked.example%2F84312", "/system"} {
		res := p.get(path)
		if res.status != http.StatusInternalServerError {
			t.Errorf("%s: status %d", path, res.status)
		}
		page := res.page()
		page.Has("main", "Noe gikk galt", "Ingenting du har gjort, er mistet", "gi referansen under")
		ref := page.Texts(".reference")
		if len(ref) != 1 || len(ref[0]) != 8 || !strings.Contains(w.log.String(), "reference="+ref[0]) {
			t.Errorf("%s: reference %q is not in the log", path, ref)
		}
		if strings.Contains(res.body, "secret") {
			t.Errorf("%s: the page tells the cause", path)
		}
	}
	if !strings.Contains(w.log.String(), "the disk secret is full") {
		t.Error("the log lacks the cause")
	}
	if res := p.get("/healthz"); res.status != http.StatusServiceUnavailable || strings.Contains(res.body, "secret") {
		t.Errorf("health: status %d %q", res.status, res.body)
	}
}

func TestStaticFilesAreKept(t *testing.T) {
	w := shared(t)
	p := w.person(t)
	page := p.page("/sign-in")
	files := append(page.Attrs("link[rel=stylesheet], link[rel=icon]", "href"), page.Attrs("script", "src")...)
	if len(files) != 6 {
		t.Fatalf("files %q", files)
	}
	total := 0
	for _, f := range files {
		res := p.do(http.MethodGet, f, nil, "Accept-Encoding", "gzip")
		if res.status != 200 || !strings.Contains(res.header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: status %d, %q", f, res.status, res.header.Get("Cache-Control"))
		}
		total += len(res.body)
	}
	if total > 100<<10 {
		t.Errorf("%d bytes go out for a first page, want at most 100 KiB", total)
	}
	for _, f := range []string{"/static/varde.css", "/static/../server.go", "/static/vendor/"} {
		if res := p.get(f); res.status == 200 {
			t.Errorf("%s is served", f)
		}
	}
}

func TestServeEndsWithItsContext(t *testing.T) {
	w := filled(t, nil)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- w.console.Serve(ctx, ln) }()
	w.url = "http://" + ln.Addr().String()
	if res := w.person(t).get("/healthz"); res.body != "ok\n" {
		t.Errorf("health: %q", res.body)
	}
	cancel()
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("still serving")
	}
}
