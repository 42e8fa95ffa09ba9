// Package arch holds tests only: the direction of imports, one door per library, the list of modules, package docs and
// file sizes.
//
// It reads the source files itself: a test that asks the go command is cached although the files changed.
package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const module = "varde"

// pkg is one folder of Go files.
type pkg struct {
	dir         string
	doc         string
	name        string
	imports     map[string]string // import path → a file that has it
	testImports map[string]string
	inits       []string
	lines       map[string]int
}

func load(t *testing.T) []*pkg {
	t.Helper()
	root := os.DirFS("../..")
	byDir := map[string]*pkg{}
	err := fs.WalkDir(root, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || d.Name() == "node_modules" || strings.HasPrefix(d.Name(), ".") && p != ".") {
			return fs.SkipDir
		}
		if !strings.HasSuffix(p, ".go") {
			return nil
		}
		data, err := fs.ReadFile(root, p)
		if err != nil {
			return err
		}
		dir := path.Dir(p)
		if byDir[dir] == nil {
			byDir[dir] = &pkg{dir: dir, imports: map[string]string{}, testImports: map[string]string{}, lines: map[string]int{}}
		}
		return byDir[dir].read(p, data)
	})
	if err != nil {
		t.Fatal(err)
	}
	var all []*pkg
	for _, p := range byDir {
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b *pkg) int { return strings.Compare(a.dir, b.dir) })
	if len(all) < 10 {
		t.Fatalf("only %d packages found; the walk is broken", len(all))
	}
	return all
}

func (p *pkg) read(file string, data []byte) error {
	f, err := parser.ParseFile(token.NewFileSet(), file, data, parser.ParseComments)
	if err != nil {
		return err
	}
	p.lines[file] = strings.Count(string(data), "\n")
	into := p.imports
	if strings.HasSuffix(file, "_test.go") {
		into = p.testImports
	} else {
		p.name = f.Name.Name
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Name.Name == "init" && fn.Recv == nil {
				p.inits = append(p.inits, file)
			}
		}
	}
	if f.Doc != nil && (p.doc == "" || strings.HasPrefix(f.Doc.Text(), "Package ")) && !strings.HasSuffix(f.Name.Name, "_test") {
		p.doc = f.Doc.Text()
		p.name = f.Name.Name
	}
	for _, im := range f.Imports {
		into[strings.Trim(im.Path.Value, `"`)] = file
	}
	return nil
}

// within says whether an import path or folder is at, or under, one of the places.
func within(p string, places ...string) bool {
	return slices.ContainsFunc(places, func(place string) bool { return p == place || strings.HasPrefix(p, place+"/") })
}

// forbidden are the rules on which part may know which; paths are relative to the module.
var forbidden = []struct {
	from   []string
	to     []string
	except []string
	why    string
}{
	{from: []string{"crawler", "detectors", "index", "console", "internal", "configs"}, to: []string{"cmd"}, why: "cmd wires; nothing hangs on it"},
	{from: []string{"crawler"}, to: []string{"detectors", "index", "console"}, why: "parts meet in the stream"},
	{from: []string{"detectors"}, to: []string{"crawler", "index", "console"}, why: "parts meet in the stream"},
	{from: []string{"index"}, to: []string{"crawler", "detectors", "console"}, why: "parts meet in the stream"},
	{from: []string{"console"}, to: []string{"crawler", "detectors", "index"}, except: []string{"index/query"}, why: "the console searches through an interface; only the words of a query are shared"},
	{from: []string{"crawler", "detectors", "index", "console", "internal/network"}, to: []string{"internal/stream", "internal/store"}, why: "a part is a function; cmd gives it to the stream and the store"},
	{from: []string{"internal"}, to: []string{"crawler", "detectors", "index", "console"}, why: "what is shared knows nothing of the parts above"},
	{from: []string{"index/query"}, to: []string{"internal", "index"}, except: []string{"internal/ad", "index/query"}, why: "a query is words, for whoever searches"},
	{from: []string{"crawler", "detectors", "index", "console", "internal"}, to: []string{"internal/sim"}, except: nil, why: "the simulated world is for the demo and for tests"},
	{from: []string{""}, to: []string{"internal/testkit"}, why: "for tests only"},
}

func TestImportsPointOneWay(t *testing.T) {
	for _, p := range load(t) {
		for imp, file := range p.imports {
			to, ours := strings.CutPrefix(imp, module+"/")
			if !ours || to == p.dir || within(to, "internal/testkit") && within(p.dir, "internal/testkit") {
				continue
			}
			for _, rule := range forbidden {
				from := rule.from[0] == "" || within(p.dir, rule.from...)
				if from && within(to, rule.to...) && !within(to, rule.except...) && !within(p.dir, rule.to...) {
					t.Errorf("%s imports %s: %s", file, to, rule.why)
				}
			}
		}
	}
}

// doors says which packages may import a library outside their tests, and why only they.
var doors = []struct {
	library []string
	open    []string
	tests   []string // further places whose tests may use it
	why     string
}{
	{[]string{"github.com/nats-io"}, []string{"internal/stream", "internal/testkit"}, nil, "acknowledgement rules are written once"},
	{[]string{"modernc.org/sqlite", "github.com/jackc/pgx", "github.com/pressly/goose", "database/sql"}, []string{"internal/store"}, []string{"internal/testkit"}, "one record, one set of queries"},
	{[]string{"github.com/blevesearch", "go.etcd.io/bbolt"}, []string{"index"}, nil, "the index can be swapped"},
	{[]string{"github.com/cockroachdb/pebble"}, []string{"internal/kv"}, nil, "the state of linking can be kept elsewhere"},
	{[]string{"github.com/gocolly", "github.com/temoto/robotstxt"}, []string{"crawler/fetch"}, []string{"cmd/varde"}, "one door to the net; the benchmark compares with it bare"},
	{[]string{"github.com/PuerkitoBio/goquery", "golang.org/x/net/html"}, []string{"crawler"}, []string{"console", "internal/testkit", "internal/sim", "cmd"}, "pages are read in one place"},
	{[]string{"go.yaml.in/yaml"}, []string{"internal/config"}, nil, "every file an operator edits is read strictly"},
	{[]string{"github.com/nyaruka/phonenumbers"}, []string{"internal/phone"}, []string{"internal/sim"}, "one spelling of a number"},
	{[]string{"github.com/corona10/goimagehash", "golang.org/x/image"}, []string{"internal/picture", "internal/export"}, []string{"internal/sim", "crawler"}, "pictures are guarded before they are decoded; an export draws one"},
	{[]string{"github.com/pemistahl/lingua-go"}, []string{"detectors"}, nil, "language chooses lexicons and nothing else"},
	{[]string{"github.com/spf13/cobra", "github.com/spf13/pflag", "github.com/schollz/progressbar"}, []string{"cmd/varde"}, nil, "the command line is wiring"},
	{[]string{"github.com/aymanbagabas/go-udiff"}, []string{"internal/target"}, nil, "what an approver reads as a difference is made in one place"},
	{[]string{"github.com/alexedwards"}, []string{"internal/auth", "console"}, nil, "sign-in is written once"},
	{[]string{"github.com/klauspost/compress"}, []string{"internal/ad", "internal/evidence"}, nil, "the ad file is opened in one place; evidence is packed and unpacked in another, at half the cost of the standard library"},
	{[]string{"golang.org/x/text"}, []string{"internal/text", "internal/config", "console", "crawler", "index"}, nil, "normalising is done once; codes of countries and languages are checked where they are read"},
	{[]string{"golang.org/x/crypto", "golang.org/x/net/publicsuffix"}, []string{"internal/extract"}, nil, "contacts and accounts are read, and checked, in one place"},
	{[]string{"gonum.org/v1/gonum/graph"}, []string{"internal/graph"}, nil, "networks are parted in one place"},
	{[]string{"gonum.org/v1/gonum/optimize", "gonum.org/v1/gonum/mat", "gonum.org/v1/gonum/stat"}, []string{"internal/tune"}, nil, "points are fitted in one place"},
	{[]string{"github.com/chromedp"}, []string{"internal/testkit"}, []string{"console", "cmd"}, "a browser is for tests"},
}

func TestOneDoorPerLibrary(t *testing.T) {
	for _, p := range load(t) {
		for _, d := range doors {
			for imp, file := range p.imports {
				if within(imp, d.library...) && !within(p.dir, d.open...) && !(within(p.dir, "internal/testkit") && slices.Contains(d.tests, "internal/testkit")) {
					t.Errorf("%s imports %s: only %v may: %s", file, imp, d.open, d.why)
				}
			}
			for imp, file := range p.testImports {
				if within(imp, d.library...) && !within(p.dir, append(slices.Clone(d.open), d.tests...)...) {
					t.Errorf("%s imports %s: only %v may: %s", file, imp, d.open, d.why)
				}
			}
		}
	}
}

// plain packages use the standard library and at most the named parser, so that they can be read and used alone.
var plain = map[string][]string{
	"internal/ad":      {"github.com/klauspost/compress"},
	"internal/fault":   nil,
	"internal/graph":   {"gonum.org/v1/gonum/graph"},
	"internal/text":    {"golang.org/x/text"},
	"internal/phone":   {"github.com/nyaruka/phonenumbers"},
	"internal/picture": {"github.com/corona10/goimagehash", "golang.org/x/image"},
}

func TestWordsStandAlone(t *testing.T) {
	for _, p := range load(t) {
		parsers, ok := plain[p.dir]
		if !ok {
			continue
		}
		for imp, file := range p.imports {
			std := !strings.Contains(strings.Split(imp, "/")[0], ".") && !within(imp, module)
			words := within(imp, module+"/internal/ad", module+"/internal/text", module+"/internal/fault")
			if !std && !words && !within(imp, parsers...) {
				t.Errorf("%s imports %s: %s may use the standard library and %v only", file, imp, p.dir, parsers)
			}
		}
	}
}

func TestNoTestingOutsideTests(t *testing.T) {
	for _, p := range load(t) {
		if within(p.dir, "internal/testkit") || strings.HasSuffix(p.dir, "test") {
			continue
		}
		if file, ok := p.imports["testing"]; ok {
			t.Errorf("%s imports testing outside a test", file)
		}
	}
}

func TestEveryPackageSaysWhatItIs(t *testing.T) {
	for _, p := range load(t) {
		want := "Package " + p.name + " "
		if p.name == "main" {
			want = "Command "
		}
		if !strings.HasPrefix(p.doc, want) {
			t.Errorf("%s: the package doc must begin with %q, it begins with %.40q", p.dir, want, p.doc)
		}
		if n := strings.Count(p.doc, "\n"); n > 60 {
			t.Errorf("%s: the package doc has %d lines; move the rest to docs/", p.dir, n)
		}
	}
}

func TestNothingHappensOnImport(t *testing.T) {
	for _, p := range load(t) {
		for _, file := range p.inits {
			t.Errorf("%s has an init function; give it a name and call it", file)
		}
	}
}

func TestFilesCanBeReadInOneGo(t *testing.T) {
	const most = 600
	for _, p := range load(t) {
		for file, n := range p.lines {
			if n > most {
				t.Errorf("%s has %d lines, more than %d; split it by what it does", file, n, most)
			}
		}
	}
}

func TestModulesAreKnown(t *testing.T) {
	data, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	direct := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^(?:require )?\t?([a-z][^\s]+\.[^\s]+) v[^\s]+( // indirect)?$`).FindAllStringSubmatch(string(data), -1) {
		if m[2] == "" {
			direct[m[1]] = true
		}
	}
	for m := range direct {
		if modules[m] == "" {
			t.Errorf("go.mod requires %s, which internal/arch/modules_test.go does not name with a reason", m)
		}
	}
	for m := range modules {
		if !direct[m] {
			t.Errorf("modules_test.go names %s, which go.mod does not require", m)
		}
	}
}
