package testkit

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browserPatience is how long a page may take to show what a test waits for, on a busy machine with the race detector.
const browserPatience = 30 * time.Second

// Browser is one tab of a real Chromium with an empty profile. It notes every error of the page and every host that
// the page asked for. It is for one goroutine; it ends with the test.
type Browser struct {
	t   testing.TB
	ctx context.Context

	mu     sync.Mutex
	errors []string
	hosts  map[string]bool
}

// Open starts Chromium, 1440 by 900, light, with software WebGL. It fails the test where Chromium is missing.
func Open(t testing.TB) *Browser {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatalf("chromium is not installed (Debian: apt-get install chromium; make tools does it): %v", err)
	}
	opts := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.WindowSize(1440, 900),
		chromedp.Flag("enable-unsafe-swiftshader", true), chromedp.Flag("use-angle", "swiftshader"),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-domain-reliability", true), chromedp.Flag("no-pings", true),
	)
	b := &Browser{t: t, hosts: map[string]bool{}}
	alloc, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	ctx, cancel := chromedp.NewContext(alloc, chromedp.WithListener(b.hear))
	t.Cleanup(func() { cancel(); stop() })
	b.ctx = ctx
	// The first Run starts the browser and must not carry a deadline: the deadline would end the browser.
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[int]("1")); err != nil {
		t.Fatalf("start chromium: %v", err)
	}
	b.call("Network.enable", nil)
	b.call("Log.enable", nil)
	b.Size(1440, 900)
	b.Scheme("light")
	return b
}

// hear runs inside the browser's reading loop: it only takes notes.
func (b *Browser) hear(ev any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := ev.(type) {
	case *runtime.EventExceptionThrown:
		text := e.ExceptionDetails.Text
		if x := e.ExceptionDetails.Exception; x != nil {
			text += " " + x.Description
		}
		b.errors = append(b.errors, "exception: "+text)
	case *runtime.EventConsoleAPICalled:
		if e.Type == "error" || e.Type == "assert" {
			var parts []string
			for _, a := range e.Args {
				parts = append(parts, strings.Trim(string(a.Value)+" "+a.Description, ` "`))
			}
			b.errors = append(b.errors, "console: "+strings.Join(parts, " "))
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == "error" || e.Entry.Source == "security" {
			b.errors = append(b.errors, fmt.Sprintf("%s: %s %s", e.Entry.Source, e.Entry.Text, e.Entry.URL))
		}
	case *network.EventRequestWillBeSent:
		if u, err := url.Parse(e.Request.URL); err == nil && u.Host != "" {
			b.hosts[u.Host] = true
		}
	}
}

func (b *Browser) call(method string, params any) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, browserPatience)
	defer cancel()
	err := chromedp.Do(ctx, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		return t.Call(ctx, method, params, nil)
	}))
	if err != nil {
		b.t.Fatalf("%s: %v", method, err)
	}
}

func (b *Browser) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, browserPatience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatalf("%s at %s: %v\npage errors: %q", what, b.URL(), err, b.Errors())
	}
}

// Size sets the size of the page in CSS pixels.
func (b *Browser) Size(width, height int64) {
	b.t.Helper()
	b.do("resize", chromedp.EmulateViewport(width, height))
}

// Scheme sets the system's colour scheme: "light" or "dark".
func (b *Browser) Scheme(scheme string) {
	b.t.Helper()
	b.do("set scheme", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
		return err
	}))
}

// OnLoad runs a script in every page from now on, before the page's own: for a browser that lacks something.
func (b *Browser) OnLoad(script string) {
	b.t.Helper()
	b.call("Page.addScriptToEvaluateOnNewDocument", map[string]string{"source": script})
}

// Media sets what the page is shown on: "screen" or "print".
func (b *Browser) Media(media string) {
	b.t.Helper()
	b.call("Emulation.setEmulatedMedia", map[string]string{"media": media})
}

// Goto opens an address and returns when the page has loaded.
func (b *Browser) Goto(address string) {
	b.t.Helper()
	b.do("open "+address, chromedp.Navigate(address))
}

// Click waits for the first element that selector finds to be seen, and clicks it with the mouse. It does not wait for
// what the click starts: follow it with Wait, WaitText or WaitURL.
func (b *Browser) Click(selector string) {
	b.t.Helper()
	b.do("click "+selector, chromedp.Click(chromedp.CSS(selector)))
}

// Type replaces what the field holds with text, key by key.
func (b *Browser) Type(selector, text string) {
	b.t.Helper()
	b.Wait(selector)
	Eval[bool](b, fmt.Sprintf("(e => { e.focus(); e.select(); return true })(document.querySelector(%q))", selector))
	b.do("type into "+selector, chromedp.KeyEvent(text))
}

// Press sends keys to whatever has the focus; "\r" is Enter.
func (b *Browser) Press(keys string) {
	b.t.Helper()
	b.do("press "+keys, chromedp.KeyEvent(keys))
}

// Text waits for the first element that selector finds and returns its text as a person sees it.
func (b *Browser) Text(selector string) string {
	b.t.Helper()
	b.Wait(selector)
	return Eval[string](b, fmt.Sprintf("document.querySelector(%q).innerText", selector))
}

// Wait returns when selector finds an element.
func (b *Browser) Wait(selector string) {
	b.t.Helper()
	b.until(selector, fmt.Sprintf("!!document.querySelector(%q)", selector))
}

// WaitText returns when an element that selector finds holds text.
func (b *Browser) WaitText(selector, text string) {
	b.t.Helper()
	b.until(selector+" with "+text, fmt.Sprintf(
		"[...document.querySelectorAll(%q)].some(e => e.innerText.includes(%q))", selector, text))
}

// WaitURL returns when the address of the page contains part.
func (b *Browser) WaitURL(part string) {
	b.t.Helper()
	b.until("address with "+part, fmt.Sprintf("location.href.includes(%q)", part))
}

// until asks the page again and again, because one waiting script would not outlive a navigation.
func (b *Browser) until(what, condition string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, browserPatience)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool](condition)); err == nil && ok {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			body, _ := chromedp.Run(b.ctx, chromedp.Evaluate[string]("document.body.innerText.slice(0, 2000)"))
			b.t.Fatalf("waited in vain for %s at %s\npage errors: %q\npage: %s", what, b.URL(), b.Errors(), body)
		}
	}
}

// Eval returns the value of a JavaScript expression in the page.
func Eval[T any](b *Browser, expression string) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, browserPatience)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("evaluate %s: %v", expression, err)
	}
	return v
}

// URL returns the page's address.
func (b *Browser) URL() string {
	u, err := chromedp.Run(b.ctx, chromedp.Location())
	if err != nil {
		return "unknown address"
	}
	return u
}

// Screenshot writes what the window shows to a PNG file; whole writes the page from top to bottom.
func (b *Browser) Screenshot(path string, whole bool) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, browserPatience)
	defer cancel()
	shot := chromedp.CaptureScreenshot()
	if whole {
		shot = chromedp.FullScreenshot(100)
	}
	png, err := chromedp.Run(ctx, shot)
	if err == nil {
		err = os.WriteFile(path, png, 0o600)
	}
	if err != nil {
		b.t.Fatalf("screenshot %s: %v", path, err)
	}
}

// Errors returns every uncaught exception, console error, failed load and policy violation since Open or Forget.
func (b *Browser) Errors() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.errors)
}

// Forget drops the errors noted so far, for a test that has just asked for a page that must not exist.
func (b *Browser) Forget() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.errors = nil
}

// Hosts returns, sorted, every host:port that the tab has sent a request to, answered or not.
func (b *Browser) Hosts() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var all []string
	for h := range b.hosts {
		all = append(all, h)
	}
	slices.Sort(all)
	return all
}
