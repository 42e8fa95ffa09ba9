package console_test

import (
	"context"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"varde/configs"
	"varde/internal/ad"
	"varde/internal/audit"
	"varde/internal/child"
	"varde/internal/fault"
	"varde/internal/help"
)

// childLedger keeps flags in memory as the record does.
type childLedger struct {
	mu    sync.Mutex
	flags []child.Flag
	log   []audit.Entry
}

func (l *childLedger) ChildFlag(_ context.Context, key ad.Key) (child.Flag, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, f := range l.flags {
		if f.Ad == key {
			return f, nil
		}
	}
	return child.Flag{}, fault.ErrNotFound
}

func (l *childLedger) ChildFlags(_ context.Context, states []child.State, limit, offset int) (list []child.Flag, total int, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, f := range l.flags {
		for _, st := range states {
			if f.State == st {
				list = append(list, f)
			}
		}
	}
	from := min(offset, len(list))
	return list[from:min(from+limit, len(list))], len(list), nil
}

func (l *childLedger) PutChildFlag(_ context.Context, f child.Flag, e audit.Entry) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range l.flags {
		if l.flags[i].Ad == f.Ad && l.flags[i].Revision == f.Revision-1 {
			l.flags[i], l.log = f, append(l.log, e)
			return nil
		}
	}
	return child.ErrChanged
}

func contacts(t testing.TB) *help.Contacts {
	t.Helper()
	data, err := configs.FS.ReadFile("help.yaml")
	if err != nil {
		t.Fatal(err)
	}
	c, err := help.Load("help.yaml", data)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (r *records) PossibleChildren(ctx context.Context, networks []string) (map[string]int, error) {
	count := map[string]int{}
	for _, a := range r.ads {
		f, err := r.flags.ChildFlag(ctx, a.Key)
		if a.Child && slices.Contains(networks, a.Network) && (err != nil || !f.Cleared()) {
			count[a.Network]++
		}
	}
	return count, r.err
}

// withChild flags the first ad of the ring.
func (r *records) withChild() {
	key := ad.Key("nordmarked.example/84312")
	a := r.ads[key]
	a.Child = true
	r.ads[key] = a
	n := r.networks[a.Network]
	n.Child = 1
	r.networks[n.ID] = n
	text := a.Finding.Sighting.Text
	r.flags.flags = []child.Flag{{ChildFlag: ad.ChildFlag{Ad: key, Version: "v1", At: day(20), SeenAt: day(20),
		Indicators: []ad.Indicator{{Code: "S04", Confidence: 1, Evidence: []ad.Evidence{at(ad.FieldText, text, "ny i byen"), {Field: ad.FieldAge, Figure: &ad.Figure{What: "age", Value: 17, Unit: "years", Compared: 18}}}}}},
		Raised: day(20), State: child.Open, Changed: day(20), Revision: 1}}
}

func TestAChildIsAnsweredFor(t *testing.T) {
	r := fill()
	r.withChild()
	w := open(t, r, nil)
	p := w.signedIn(t)
	key := "nordmarked.example/84312"
	for path, want := range map[string]string{"/ad?key=" + key: "/children?ad=", "/networks/n-5f3a9c01b2d4": "/children", "/queue": "1", "/queue?only=child": "n-5f3a9c01b2d4"} {
		if body := p.get(path).body; !strings.Contains(body, want) || !strings.Contains(body, "data-waiting") {
			t.Errorf("%s does not lead to the flag", path)
		}
	}
	page := p.get("/children").body
	if checked := regexp.MustCompile(`Kontrollert [^<]*`).FindString(page); !regexp.MustCompile(`^Kontrollert \d+\. [a-zæøå]+\.? 20\d\d,`).MatchString(checked) {
		t.Errorf("the date is no words: %q", checked)
	}
	for _, want := range []string{"<q><bdi>ny i byen</bdi></q>", "17", "116 111", `value="take"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the list lacks %q", want)
		}
	}
	if res := p.post("/children", "ad", key, "revision", "1", "do", "take"); res.status != http.StatusSeeOther {
		t.Fatalf("taking: %d", res.status)
	}
	for name, form := range map[string][]string{"an old look": {"revision", "1", "outcome", "adult", "reason", "x"}, "no note": {"revision", "2", "outcome", "adult", "reason", " "},
		"no outcome": {"revision", "2", "outcome", "maybe", "reason", "x"}} {
		res := p.post("/children", append([]string{"ad", key, "do", "answer"}, form...)...)
		if res.status != http.StatusConflict && res.status != http.StatusUnprocessableEntity || !strings.Contains(res.body, `role="alert"`) {
			t.Errorf("answered with %s: %d", name, res.status)
		}
		if note := strings.TrimSpace(form[5]); !strings.Contains(res.body, note+"</textarea>") || strings.Contains(res.body, `value="adult" checked`) != (form[3] == "adult") {
			t.Errorf("answered with %s: what was written is lost", name)
		}
	}
	if res := p.post("/children", "ad", key, "revision", "2", "do", "answer", "outcome", "reported", "reason", "<b>Ola</b> 14.05"); res.status != http.StatusSeeOther {
		t.Fatalf("answering: %d", res.status)
	}
	if body := p.get("/children").body; strings.Contains(body, "84312") || strings.Contains(body, "data-waiting") {
		t.Error("an answered flag still waits")
	}
	if body := p.get("/children?show=answered").body; !strings.Contains(body, "&lt;b&gt;Ola&lt;/b&gt; 14.05") || !strings.Contains(body, w.name) {
		t.Error("the answer is not shown with its author")
	}
	if res := p.post("/children", "ad", key, "revision", "3", "do", "reopen", "reason", "new words"); res.status != http.StatusSeeOther {
		t.Fatalf("reopening: %d", res.status)
	}
	if body := p.get("/children").body; !strings.Contains(body, w.name+" tok den opp igjen") {
		t.Error("it is not told who reopened it")
	}
	if res := p.get("/children?page=7"); res.status != http.StatusSeeOther || res.header.Get("Location") != "/children?page=1" {
		t.Errorf("a page beyond the last: %d, which looks as if nothing waited", res.status)
	}
	if res := p.post("/children", "ad", key, "revision", "4", "do", "answer", "outcome", "misread", "reason", "a shoe size"); res.status != http.StatusSeeOther {
		t.Fatalf("answering: %d", res.status)
	}
	for _, path := range []string{"/ad?key=" + key, "/networks/n-5f3a9c01b2d4", "/queue"} {
		if body := p.get(path).body; strings.Contains(body, "child-notice") || strings.Contains(body, "child-mark") {
			t.Errorf("%s still says that a child may be involved", path)
		}
	}
	if body := p.get("/ad?key=" + key).body; !strings.Contains(body, "Ordene handler ikke om en persons alder. "+w.name) {
		t.Error("the ad does not say who answered, and what")
	}
	var story []string
	for _, e := range r.flags.log {
		story = append(story, string(e.Action))
	}
	if got := strings.Join(story, " "); got != "child_taken child_answered child_reopened child_answered" {
		t.Errorf("the log says %s", got)
	}
}
