package main

import (
	"context"
	"encoding/json"
	"maps"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"varde/internal/ad"
	"varde/internal/testkit"
)

// patience is how long a test waits for what takes seconds on an idle machine.
const patience = 90 * time.Second

// service is a service that a test has started, and the words that let one in.
type service struct {
	url, name, password string
	out                 *testkit.Output
	stop                func()
}

// wait asks done again and again until it is true. Between two questions it rests four times as long as the first took, so that asking does not
// take the processor from what it waits for.
func wait(t testing.TB, what string, done func() bool) {
	t.Helper()
	end := time.After(patience)
	for {
		began := time.Now()
		if done() {
			return
		}
		select {
		case <-time.After(max(poll, 4*time.Since(began))):
		case <-end:
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

var (
	greetDemo = regexp.MustCompile(`console   (\S+)/\n  name      (\S+)\n  password  (\S+)`)
	greetUp   = regexp.MustCompile(`console is at (\S+)/\n(?:Other commands.*\n)?Sign in as (\S+) with the password (\S+)`)
)

// start runs a command that goes on until it is stopped, and returns when its console listens. Stopping checks that it ends well.
func start(t testing.TB, greeting *regexp.Regexp, args ...string) service {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var out, errs testkit.Output
	ended := make(chan int, 1)
	go func() { ended <- run(ctx, args, strings.NewReader(""), &out, &errs) }()
	var m []string
	wait(t, "the console's address", func() bool {
		m = greeting.FindStringSubmatch(out.String())
		return m != nil || len(ended) > 0
	})
	if m == nil {
		cancel()
		t.Fatalf("varde %s: exit status %d\n%s%s", strings.Join(args, " "), <-ended, out.String(), errs.String())
	}
	stop := sync.OnceFunc(func() {
		cancel()
		select {
		case code := <-ended:
			if code != exitDone {
				t.Errorf("exit status %d\n%s", code, errs.String())
			}
		case <-time.After(patience):
			t.Error("the service does not end")
		}
	})
	t.Cleanup(stop)
	return service{m[1], m[2], m[3], &out, stop}
}

// come signs in through the form.
func (s service) come(b *testkit.Browser) {
	b.Goto(s.url + "/")
	b.Type("#name", s.name)
	b.Type("#password", s.password)
	b.Press("\r")
	b.Wait("nav.menu")
}

// exportedAd and exportedNetwork are what these tests read of the lines that varde export prints.
type exportedAd struct {
	Site     string    `json:"site"`
	ID       string    `json:"ad_id"`
	LastSeen time.Time `json:"last_seen"`
	Versions int       `json:"versions"`
	Network  string    `json:"network"`
}

type exportedNetwork struct {
	ID          string                 `json:"id"`
	Score       float64                `json:"score"`
	Band        ad.Band                `json:"band"`
	Identifiers []ad.NetworkIdentifier `json:"identifiers"`
}

func exported[T any](t testing.TB, data, what string) (all []T) {
	t.Helper()
	for _, l := range lines(must(t, "export", what, "--data", data)) {
		var v T
		if err := json.Unmarshal([]byte(l), &v); err != nil {
			t.Fatal(err)
		}
		all = append(all, v)
	}
	return all
}

// adsOf are the ads in a data folder by key; one that is there twice fails the test.
func adsOf(t testing.TB, data string) map[string]exportedAd {
	t.Helper()
	all := map[string]exportedAd{}
	for _, a := range exported[exportedAd](t, data, "ads") {
		key := a.Site + "/" + a.ID
		if _, twice := all[key]; twice {
			t.Errorf("%s is there twice", key)
		}
		all[key] = a
	}
	return all
}

// TestDemo is the main job from end to end: sites are crawled over HTTP, and in a real browser an analyst finds a network by a
// phone number in three spellings and reads why it is flagged, in both languages. Then the demo is stopped and started again.
func TestDemo(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "demo")
	args := []string{"demo", "--data", data, "--listen", "127.0.0.1:0", "--ads", "100"}
	demo := start(t, greetDemo, args...)
	began := time.Now()
	wait(t, "the ads of four sites", func() bool { return recorded(data) >= 90 })

	b := testkit.Open(t)
	demo.come(b)
	wait(t, "a flagged network in the queue", func() bool {
		b.Goto(demo.url + "/queue")
		return testkit.Eval[int](b, "document.querySelectorAll('[data-item]').length") > 0
	})
	t.Logf("flagged networks after %s", time.Since(began).Round(time.Second))
	analyse(t, b, demo, data)
	demo.stop()

	before := adsOf(t, data)
	stopped := time.Now()
	again := start(t, greetDemo, args...)
	wait(t, "an ad to be seen again", func() bool {
		for key, a := range adsOf(t, data) {
			if _, known := before[key]; known && a.LastSeen.After(stopped) {
				return true
			}
		}
		return false
	})
	again.stop()
	for key, a := range adsOf(t, data) {
		if a.Versions != 1 || a.Network == "" {
			t.Errorf("%s has %d versions and the network %q after a restart", key, a.Versions, a.Network)
		}
		delete(before, key)
	}
	if len(before) > 0 {
		t.Errorf("lost: %v", slices.Collect(maps.Keys(before)))
	}
}

// analyse does what an analyst does with the highest network of a running service.
func analyse(t *testing.T, b *testkit.Browser, s service, data string) {
	t.Helper()
	networks := exported[exportedNetwork](t, data, "networks")
	slices.SortFunc(networks, func(a, b exportedNetwork) int { return int(1000 * (b.Score - a.Score)) })
	n := networks[0]
	i := slices.IndexFunc(n.Identifiers, func(id ad.NetworkIdentifier) bool { return id.Kind == ad.Phone })
	if n.Band != ad.High || i < 0 {
		t.Fatalf("the highest network has band %s and no phone: %+v", n.Band, n)
	}
	digits := strings.TrimPrefix(n.Identifiers[i].Value, "+47")
	link := ".hits a[href='/networks/" + n.ID + "']"
	for _, spelling := range []string{"+47" + digits, digits[:3] + " " + digits[3:5] + " " + digits[5:], "0047 " + digits[:2] + "-" + digits[2:4] + "-" + digits[4:6] + "-" + digits[6:]} {
		b.Goto(s.url + "/search")
		b.Type("#q", spelling)
		b.Press("\r")
		b.Wait(link)
	}
	reasons := map[string]string{}
	for _, lang := range []string{"nb", "en"} {
		if lang != "nb" { // the console begins in bokmål
			b.Click("details.account > summary")
			b.Click("button[name=lang][value=" + lang + "]")
		}
		b.Wait("html[lang=" + lang + "]")
		b.Wait(link)
		b.Click(link)
		b.WaitURL("/networks/" + n.ID)
		b.Wait("#graph[data-state=drawn]")
		reasons[lang] = b.Text("#reason-1")
		if len(reasons[lang]) < 20 || strings.Contains(reasons[lang], "%!") {
			t.Errorf("reason in %s: %q", lang, reasons[lang])
		}
		b.Goto(s.url + "/search?q=" + url.QueryEscape(digits))
	}
	if reasons["nb"] == reasons["en"] {
		t.Errorf("the same reason in both languages: %q", reasons["nb"])
	}
	for _, e := range b.Errors() {
		t.Errorf("the browser says: %s", e)
	}
	for _, host := range b.Hosts() {
		if "http://"+host != s.url {
			t.Errorf("a page asked %s", host)
		}
	}
}

// TestDemoKeepsOffRealData: nothing made up may get among real ads.
func TestDemoKeepsOffRealData(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	must(t, "import", fewAds(t, 0, 3), "--data", data)
	if _, errs, code := varde(t, "demo", "--data", data); code != exitUsage || !strings.Contains(errs, "choose another folder") {
		t.Errorf("exit status %d\n%s", code, errs)
	}
	if _, _, code := varde(t, "demo", "--data", t.TempDir(), "--db", "postgres://127.0.0.1:1/x"); code != exitUsage {
		t.Errorf("with --db: exit status %d", code)
	}
}
