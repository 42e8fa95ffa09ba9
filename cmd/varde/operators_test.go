package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// handbook is docs/operators.md as somebody who follows it to the letter: its file, and its commands in their order.
type handbook struct {
	t        testing.TB
	dir      string
	data     string
	config   string
	words    map[string]string
	site     *httptest.Server
	service  *service
	commands []string
}

var (
	shellBlock = regexp.MustCompile("(?s)```sh\n(.*?)```")
	yamlBlock  = regexp.MustCompile("(?s)```yaml\n(.*?)```")
	asName     = regexp.MustCompile(`--as (\S+)`)
	quoted     = regexp.MustCompile(`"([^"]*)"|(\S+)`)
)

// TestTheHandbookOfOperatorsWorks: a site is configured by one file, tried, approved by a second person, crawled, watched, read again, proved
// and stopped, by the commands of the handbook alone, on a site of this machine.
func TestTheHandbookOfOperatorsWorks(t *testing.T) {
	t.Parallel()
	h := openHandbook(t)
	for _, c := range h.commands {
		h.follow(c)
	}
	if h.service == nil {
		t.Fatal("the handbook does not start the service")
	}
}

func openHandbook(t testing.TB) *handbook {
	t.Helper()
	text, err := os.ReadFile("../../docs/operators.md")
	if err != nil {
		t.Fatal(err)
	}
	h := &handbook{t: t, dir: t.TempDir(), words: map[string]string{}}
	h.data, h.config = filepath.Join(h.dir, "data"), filepath.Join(h.dir, "varde.yaml")
	const page = `<!DOCTYPE html><h1>Massasje</h1><div class="text">Rolig sted</div><a href="tel:+4740000001">ring</a><span class="city">Bergen</span>`
	h.site = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		switch r.URL.Path {
		case "/ads":
			_, _ = w.Write([]byte(`<!DOCTYPE html><a class="ad" href="/ad/84312">Massasje</a>`))
		case "/ad/84312":
			_, _ = w.Write([]byte(page))
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(h.site.Close)
	now := time.Now().UTC()
	target := strings.NewReplacer("https://market.example", h.site.URL, "hosts: [market.example]", `hosts: ["`+h.site.Listener.Addr().String()+`"]`+"\nloopback: true",
		"2026-11-01", now.AddDate(0, 0, -2).Format(time.DateOnly), "2027-04-30", now.AddDate(0, 0, 90).Format(time.DateOnly), "rate: 0.5", "rate: 100",
	).Replace(yamlBlock.FindStringSubmatch(string(text))[1])
	for name, data := range map[string]string{"market.yaml": target, "saved.html": page, "varde.yaml": "crawl: {loopback: true}\nconsole: {listen: \"127.0.0.1:0\"}\n"} {
		h.write(name, data)
	}
	for _, block := range shellBlock.FindAllStringSubmatch(string(text), -1) {
		h.commands = append(h.commands, lines(block[1])...)
	}
	return h
}

func (h *handbook) write(name, text string) string {
	h.t.Helper()
	path := filepath.Join(h.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		h.t.Fatal(err)
	}
	return path
}

// follow runs one command of the handbook, with the words for the person and the paths of this test added.
func (h *handbook) follow(command string) {
	h.t.Helper()
	var args []string
	for _, m := range quoted.FindAllStringSubmatch(strings.ReplaceAll(command, "https://market.example", h.site.URL), -1) {
		args = append(args, m[1]+m[2])
	}
	if args[0] != "varde" {
		h.t.Fatalf("the handbook says %q", command)
	}
	args = append(args[1:], "--data", h.data, "--config", h.config)
	for i, a := range args {
		if a == "market.yaml" || a == "saved.html" || a == "case-7" {
			args[i] = filepath.Join(h.dir, a)
		} else if a == "capture.warc.gz" {
			args[i] = filepath.Join(h.dir, "case-7", "records.warc.gz")
		}
	}
	if who := asName.FindStringSubmatch(command); who != nil {
		args = append(args, "--password-file", h.words[who[1]])
	}
	switch verb := strings.Join(args[:2], " "); {
	case verb == "user add":
		h.newcomer(args)
	case verb == "user password":
		h.password(args)
	case args[0] == "up":
		h.up(args)
	case args[0] == "reextract" && h.service != nil: // it needs the data folder for itself, as the handbook says
		h.service.stop()
		h.run(args)
	case verb == "target approve":
		h.run(append(args, "--yes"))
	default:
		h.run(args)
	}
}

func (h *handbook) run(args []string) string {
	h.t.Helper()
	out := must(h.t, args...)
	switch args[0] + " " + args[1] {
	case "target try":
		if strings.Contains(strings.Join(args, " "), "/ad/84312") && !strings.Contains(out, "Massasje") {
			h.t.Errorf("the try shows no title:\n%s", out)
		}
	case "evidence export":
		check := exec.Command("sha256sum", "-c", "--quiet", "SHA256SUMS")
		check.Dir = filepath.Join(h.dir, "case-7")
		if said, err := check.CombinedOutput(); err != nil {
			h.t.Errorf("sha256sum: %v\n%s", err, said)
		}
	}
	return out
}

// newcomer keeps the first password as the words of an account.
func (h *handbook) newcomer(args []string) {
	h.t.Helper()
	var made struct{ Password string }
	if err := json.Unmarshal([]byte(must(h.t, append(args, "--json")...)), &made); err != nil {
		h.t.Fatal(err)
	}
	h.words[args[2]] = h.write(args[2]+".txt", made.Password+"\n")
}

func (h *handbook) password(args []string) {
	h.t.Helper()
	name := args[2]
	next := h.write(name+"-next.txt", "fjell og fjord og vidde\n")
	must(h.t, append(args, "--password-file", h.words[name], "--new-password-file", next)...)
	h.words[name] = next
}

// up starts the service, and waits until the site's one ad is in the record.
func (h *handbook) up(args []string) {
	h.t.Helper()
	s := start(h.t, regexp.MustCompile(`console is (at) (\S+)/\n()`), args...)
	h.service = &s
	wait(h.t, "the site's ad", func() bool { return len(adsOf(h.t, h.data)) == 1 })
}
