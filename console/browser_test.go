package console_test

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"varde/internal/testkit"
)

// quiet fails the test if the page complained or asked another host for anything.
func quiet(t *testing.T, b *testkit.Browser, w *world) {
	t.Helper()
	for _, e := range b.Errors() {
		t.Errorf("the browser says: %s", e)
	}
	here, err := url.Parse(w.url)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range b.Hosts() {
		if h != here.Host {
			t.Errorf("the page asked %s", h)
		}
	}
}

// comeIn signs in through the form.
func comeIn(b *testkit.Browser, w *world) {
	b.Goto(w.url + "/")
	b.Wait("#name")
	b.Type("#name", w.name)
	b.Type("#password", w.pass)
	b.Press("\r")
	b.Wait("nav.menu")
	b.Wait("[data-keys]:not([hidden])") // its scripts have run
}

// drawnPixels counts the pixels of the graph that are not its background: a canvas that is only there draws nothing.
const drawnPixels = `(async () => {
	while (!document.querySelector(".graph-canvas canvas")) await new Promise(done => setTimeout(done, 20));
	const shot = document.createElement("canvas"), from = [...document.querySelectorAll(".graph-canvas canvas")];
	const box = from[0].getBoundingClientRect();
	shot.width = box.width; shot.height = box.height;
	const ink = shot.getContext("2d");
	await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
	for (const c of from) ink.drawImage(c, 0, 0, shot.width, shot.height);
	const data = ink.getImageData(0, 0, shot.width, shot.height).data;
	let n = 0;
	for (let i = 3; i < data.length; i += 4) if (data[i] > 0) n++;
	return n;
})()`

// brokenWords are the menu's words that stand on several lines.
const brokenWords = `[...document.querySelectorAll(".menu a")].filter(a => {
	const word = document.createRange();
	word.selectNodeContents(a.firstChild);
	return new Set([...word.getClientRects()].map(r => Math.round(r.top))).size > 1;
}).map(a => a.innerText).join(" ")`

// settled finds the page when htmx has done with it: what happens to an element before that can be undone.
const settled = "html:not(:has(.htmx-request, .htmx-swapping, .htmx-settling))"

func TestInABrowser(t *testing.T) {
	t.Parallel()
	w := filled(t, nil)
	b := testkit.Open(t)
	comeIn(b, w)
	b.WaitText("h1", "Kø")

	// By keyboard from the queue to the network.
	b.Press("j")
	b.Press("j")
	b.Press("k")
	if got := testkit.Eval[string](b, "document.activeElement.innerText"); !strings.HasPrefix(got, "7 annonser") {
		t.Errorf("the keys lead to %q", got)
	}
	b.Press("\r")
	b.WaitText("h1", "Nettverk n-5f3a9c01b2d4")
	b.Wait("#graph[data-state=drawn]")
	if n := testkit.Eval[string](b, "document.querySelector('#graph').dataset.nodes"); n != "11" {
		t.Errorf("the graph has %s nodes, want 7 ads and 4 identifiers", n)
	}
	if n := testkit.Eval[int](b, drawnPixels); n < 500 {
		t.Errorf("%d pixels are drawn", n)
	}
	if got := b.Text("#reason-1"); !strings.Contains(got, "Ulike navn eller aldre: 3") {
		t.Errorf("reason: %q", got)
	}

	// Language, and back to the same page.
	b.Click("details.account > summary")
	b.Click("button[name=lang][value=en]")
	b.WaitText("h1", "Network n-5f3a9c01b2d4")
	b.Wait("html[lang=en]")
	b.Wait("#graph[data-state=drawn]")

	// Search by key, from anywhere, in three spellings.
	for _, spelling := range []string{"412 34 567", "+4741234567", "0047 41234567"} {
		b.Press("/")
		b.Press("") // nothing: the field has the focus and holds what was searched for before
		b.Type("[data-search]", spelling)
		b.Press("\r")
		b.WaitText(".understood", strings.ToLower(spelling))
		b.WaitText(".choices a[aria-current]", "7")
	}
	b.Click(".hits li:first-child [data-item]")
	b.Wait(".words mark[data-mark=both]")
	b.Wait(settled)
	b.Press("?")
	b.Wait("dialog[open]")
	b.Press("\x1b")
	b.Wait("dialog:not([open])")
	b.Press("g")
	b.Press("q")
	b.WaitText("h1", "Queue")
	quiet(t, b, w)

	b.Click("details.account > summary")
	b.Click("form[action='/sign-out'] button")
	b.Wait("#name")
	if kept := testkit.Eval[string](b, "JSON.stringify([{...localStorage}, {...sessionStorage}])"); strings.Contains(kept, "412") || strings.Contains(kept, "n-5f3a") {
		t.Errorf("the browser keeps %s", kept)
	}
	quiet(t, b, w)
}

func TestHostileWordsInABrowser(t *testing.T) {
	t.Parallel()
	r, key, _ := hostileRecord()
	w := open(t, r, nil)
	b := testkit.Open(t)
	comeIn(b, w)
	for _, path := range []string{"/queue", "/networks/n-evil", "/ad?key=" + url.QueryEscape(key), "/search?q=script"} {
		b.Goto(w.url + path)
		if path == "/networks/n-evil" {
			b.Wait("#graph[data-state=drawn]")
		}
		if testkit.Eval[bool](b, "'hit' in window") {
			t.Errorf("%s: an ad ran a script", path)
		}
		for _, width := range []int64{390, 1440} {
			b.Size(width, 900)
			if over := testkit.Eval[int](b, "document.documentElement.scrollWidth - innerWidth"); over > 0 {
				t.Errorf("%.30s: %d pixels wider than a window of %d", path, over, width)
			}
			if broken := testkit.Eval[string](b, brokenWords); broken != "" {
				t.Errorf("%.30s: the menu's word %s breaks in a window of %d", path, broken, width)
			}
		}
	}
	quiet(t, b, w)
}

func TestWhenTheLineIsDown(t *testing.T) {
	t.Parallel()
	w := filled(t, nil)
	b := testkit.Open(t)
	comeIn(b, w)
	testkit.Eval[bool](b, "(window.fetch = () => Promise.reject(new Error()), XMLHttpRequest.prototype.send = function () { this.onerror() }, true)")
	b.Click(".menu a[href='/system']")
	b.WaitText(".offline", "Ingen kontakt med Varde")
	b.WaitText("h1", "Kø")
}

// TestNothingIsCutOff opens every page at the widths people have, in both languages.
func TestNothingIsCutOff(t *testing.T) {
	t.Parallel()
	w := filled(t, aside{{Seq: 7, Stage: "detect", ID: "x", Reason: "detectors: " + strings.Repeat("långt ", 40), Deliveries: 4, At: day(20)}})
	b := testkit.Open(t)
	dir := os.Getenv("VARDE_SHOTS") // a folder for pictures of every page, for people to look at
	if dir != "" {
		lookAtEmpty(t, testkit.Open(t), dir)
	}
	withAxe(t, b)
	comeIn(b, w)
	pages := map[string]string{"queue": "/queue", "network": "/networks/n-5f3a9c01b2d4", "ad": "/ad?key=nordmarked.example%2F84312", "search": "/search?q=jenter", "help": "/search", "system": "/system", "password": "/password"}
	for name, path := range pages {
		for _, size := range [][2]int64{{390, 844}, {1440, 900}, {2560, 1440}} {
			b.Size(size[0], size[1])
			if size[0] == 390 || name == "network" { // the others are laid out by the sheet alone
				b.Goto(w.url + path)
			}
			if name == "network" {
				b.Wait("#graph[data-state=drawn]")
			}
			if over := testkit.Eval[int](b, "document.documentElement.scrollWidth - innerWidth"); over > 0 {
				t.Errorf("%s is %d pixels wider than a window of %d", name, over, size[0])
			}
			if dir != "" {
				shoot(b, dir, name, size[0])
			}
			if size[0] != 2560 {
				accessible(t, b, name)
			}
		}
	}
	b.Size(1440, 900)
	b.Goto(w.url + "/queue")
	if low := testkit.Eval[float64](b, "document.querySelector('.queue tbody tr:last-child').getBoundingClientRect().bottom"); low > 900 {
		t.Errorf("the 25th network ends at %v, below a window of 900", low)
	}
	quiet(t, b, w)
}

// shoot takes a page's picture in both colour schemes.
func shoot(b *testkit.Browser, dir, name string, width int64) {
	for _, scheme := range []string{"dark", "light"} {
		b.Scheme(scheme)
		if name == "network" {
			b.Wait("#graph[data-state=drawn]")
			testkit.Eval[int](b, drawnPixels)
		}
		b.Screenshot(filepath.Join(dir, fmt.Sprintf("%s-%s-%d.png", name, scheme, width)), width != 2560)
	}
}

// lookAtEmpty takes pictures of what people see before anything has come in.
func lookAtEmpty(t *testing.T, b *testkit.Browser, dir string) {
	w := open(t, newRecords(), nil)
	for _, width := range []int64{390, 1440} {
		b.Size(width, 900)
		b.Goto(w.url + "/sign-in")
		shoot(b, dir, "sign-in", width)
	}
	comeIn(b, w)
	for _, width := range []int64{390, 1440} {
		b.Size(width, 900)
		b.Goto(w.url + "/queue")
		b.Click("details.account > summary")
		shoot(b, dir, "empty", width)
		b.Goto(w.url + "/none")
		shoot(b, dir, "missing", width)
		b.Forget()
	}
}

func TestWithoutWebGLAndOnPaper(t *testing.T) {
	t.Parallel()
	w := filled(t, nil)
	b := testkit.Open(t)
	comeIn(b, w)
	b.OnLoad(`const get = HTMLCanvasElement.prototype.getContext;
		HTMLCanvasElement.prototype.getContext = function (kind, ...more) { return kind.startsWith("webgl") ? null : get.call(this, kind, ...more) }`)
	b.Goto(w.url + "/networks/n-5f3a9c01b2d4")
	b.WaitText(".graph-no-webgl", "Tabellen sier det samme")
	if got := b.Text(".links tbody tr:first-child"); !strings.Contains(got, "nordmarked.example/84312") {
		t.Errorf("the table says %q", got)
	}
	quiet(t, b, w)
	b.Media("print")
	for selector, want := range map[string]bool{".head": false, ".graph": false, ".reason": true, ".ads": true, ".back": false} {
		if got := testkit.Eval[bool](b, fmt.Sprintf("document.querySelector(%q).checkVisibility()", selector)); got != want {
			t.Errorf("%s on paper: %v, want %v", selector, got, want)
		}
	}
	if dir := os.Getenv("VARDE_SHOTS"); dir != "" {
		b.Screenshot(filepath.Join(dir, "network-print.png"), true)
	}
}
