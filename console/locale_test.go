package console_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"

	"varde/internal/ad"
	"varde/internal/audit"
	"varde/internal/decision"
	"varde/internal/fault"
	"varde/internal/frontier"
	"varde/internal/indicator"
	"varde/internal/review"
	"varde/internal/target"
	"varde/internal/testkit"
	"varde/internal/weights"
)

func readCatalogue(t *testing.T, lang string) map[string]any {
	t.Helper()
	data, err := os.ReadFile("locale/" + lang + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var c map[string]any
	if err := json.Unmarshal(data, &c); err != nil {
		t.Fatal(err)
	}
	return c
}

var place = regexp.MustCompile(`\{\w+\}`)

// places returns the {names} of a text in order of name, each once.
func places(v any) []string {
	var texts []string
	switch v := v.(type) {
	case string:
		texts = []string{v}
	case map[string]any:
		texts = []string{v["other"].(string)}
	}
	found := place.FindAllString(texts[0], -1)
	slices.Sort(found)
	return slices.Compact(found)
}

func TestLanguagesHaveTheSameKeys(t *testing.T) {
	nb, en := readCatalogue(t, "nb"), readCatalogue(t, "en")
	for key, text := range nb {
		other, ok := en[key]
		if !ok {
			t.Errorf("en lacks %s", key)
			continue
		}
		if got, want := places(other), places(text); !slices.Equal(got, want) {
			t.Errorf("%s: en has the places %q, nb %q", key, got, want)
		}
		_, plural := text.(map[string]any)
		if _, too := other.(map[string]any); plural != too {
			t.Errorf("%s has number forms in one language only", key)
		}
	}
	for key := range en {
		if _, ok := nb[key]; !ok {
			t.Errorf("nb lacks %s", key)
		}
	}
}

// sources returns the text of all files under the package that match, by name.
func sources(t *testing.T, suffix string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := fs.WalkDir(os.DirFS("."), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(p, suffix) || strings.HasSuffix(p, "_test.go") || strings.Contains(p, "vendor") {
			return err
		}
		data, err := os.ReadFile(p)
		all[p] = string(data)
		return err
	})
	if err != nil || len(all) == 0 {
		t.Fatalf("%s: %d files, %v", suffix, len(all), err)
	}
	return all
}

var (
	fixedKey = regexp.MustCompile(`"([a-z_]+(?:\.[a-zA-Z0-9_]+)*)"`)
	// madeKey finds keys that are put together: printf "band.%s", named "facet." x, l.named("kind.", x), "month." + x.
	madeKey = regexp.MustCompile(`"([a-z_.]+\.)(?:%s)?"`)
	sayKey  = regexp.MustCompile(`(?:[{(]t |\bsay\()"([a-z_.]+)"`)
)

func TestEveryKeyIsUsedAndThere(t *testing.T) {
	known := readCatalogue(t, "nb")
	used, prefixes := map[string]bool{}, map[string]bool{}
	for _, suffix := range []string{".go", ".html"} {
		for file, text := range sources(t, suffix) {
			for _, m := range fixedKey.FindAllStringSubmatch(text, -1) {
				used[m[1]] = true
			}
			for _, m := range madeKey.FindAllStringSubmatch(text, -1) {
				prefixes[m[1]] = true
			}
			for _, m := range sayKey.FindAllStringSubmatch(text, -1) {
				if _, ok := known[m[1]]; !ok && !strings.HasSuffix(m[1], ".") {
					t.Errorf("%s asks for %q, which no language has", file, m[1])
				}
			}
			for _, m := range regexp.MustCompile(`"(error\.[a-z_]+)"`).FindAllStringSubmatch(text, -1) {
				for _, part := range []string{".title", ".meaning", ".todo"} {
					used[m[1]+part] = true
				}
			}
		}
	}
	for key := range known {
		prefix := key[:strings.LastIndex(key, ".")+1]
		if !used[key] && !prefixes[prefix] {
			t.Errorf("%s is used nowhere", key)
		}
	}
}

func TestEveryWordOfTheModelHasAName(t *testing.T) {
	var keys []string
	for _, b := range ad.Bands {
		keys = append(keys, "band."+string(b))
	}
	for _, c := range ad.Categories {
		keys = append(keys, "category."+string(c))
	}
	for _, k := range ad.Kinds {
		keys = append(keys, "kind."+string(k))
	}
	for _, f := range []ad.Field{ad.FieldTitle, ad.FieldText, ad.FieldPhones, ad.FieldContacts, ad.FieldAdvertiser, ad.FieldImages, ad.FieldPrices, ad.FieldAge} {
		keys = append(keys, "field."+string(f))
	}
	for _, f := range target.FieldNames {
		keys = append(keys, "field."+f)
	}
	for _, s := range target.States {
		keys = append(keys, "target.state."+string(s))
	}
	for _, r := range target.Reasons {
		keys = append(keys, "denial."+r)
	}
	for _, o := range frontier.Outcomes {
		keys = append(keys, "outcome."+string(o))
	}
	for _, a := range audit.Actions {
		keys = append(keys, "action."+string(a))
	}
	for _, a := range []audit.Action{audit.TargetDrafted, audit.TargetTried, audit.TargetApproved, audit.TargetActivated, audit.TargetPaused, audit.TargetRevoked} {
		keys = append(keys, "attempt."+string(a)) // what the desk can refuse
	}
	keys = append(keys, "note."+string(ad.AddedByOthers))
	for _, d := range append(slices.Clone(review.Decisions), review.Undo) {
		keys = append(keys, "review.do."+string(d), "review.decision."+string(d), "review.done."+string(d))
	}
	for _, k := range []ad.LineageKind{ad.Merged, ad.Split, ad.Renamed} {
		keys = append(keys, "lineage.from."+string(k), "lineage.to."+string(k))
	}
	for _, r := range review.Reasons {
		keys = append(keys, "review.reason."+string(r))
	}
	for _, r := range review.Rules {
		keys = append(keys, "review.refused."+r)
	}
	for _, r := range decision.Rules {
		keys = append(keys, "decided.refused."+r)
	}
	for _, o := range []weights.Origin{weights.File, weights.Tuned, weights.Carried} {
		keys = append(keys, "scores.origin."+string(o))
	}
	for _, st := range []weights.State{weights.Proposed, weights.Accepted, weights.Rejected} {
		keys = append(keys, "scores.state."+string(st))
	}
	for _, r := range indicator.Reliabilities {
		keys = append(keys, "reliability."+r, "reliable."+r)
	}
	for _, k := range fault.NoticeKinds {
		keys = append(keys, "notice."+string(k))
	}
	for _, c := range testkit.Catalogue(t).Codes() {
		e, _ := testkit.Catalogue(t).Entry(c)
		keys = append(keys, "family."+e.Family, "reliability."+e.Reliability)
	}
	for _, per := range []string{"hour", "half_hour", "quarter", "night", "day", "week", "month", "year", "piece"} {
		keys = append(keys, "per."+per)
	}
	for _, lang := range []string{"nb", "en"} {
		c := readCatalogue(t, lang)
		for _, k := range keys {
			if _, ok := c[k]; !ok {
				t.Errorf("%s lacks %s", lang, k)
			}
		}
	}
}

var action = regexp.MustCompile(`(?s)\{\{.*?\}\}`)

// shownAttributes are those whose value people read or hear.
var shownAttributes = []string{"title", "placeholder", "aria-label", "alt", "value", "summary", "label"}

// TestTemplatesHoldNoWords: what people read in a template comes from the catalogue. Commands and keys, inside code and
// kbd, are the same in every language.
func TestTemplatesHoldNoWords(t *testing.T) {
	letters := func(s string) bool { return strings.ContainsFunc(s, unicode.IsLetter) }
	for file, text := range sources(t, ".html") {
		z := html.NewTokenizer(strings.NewReader(action.ReplaceAllString(text, "")))
		same := 0
		for z.Next() != html.ErrorToken {
			tok := z.Token()
			switch tok.Type {
			case html.StartTagToken, html.SelfClosingTagToken:
				if tok.Data == "code" || tok.Data == "kbd" {
					same++
				}
				for _, a := range tok.Attr {
					if slices.Contains(shownAttributes, a.Key) && letters(a.Val) && !(tok.Data == "button" && a.Key == "value") {
						t.Errorf("%s: %s=%q holds words", file, a.Key, a.Val)
					}
					if strings.HasPrefix(a.Key, "on") || a.Key == "style" {
						t.Errorf("%s: the policy forbids %s=%q", file, a.Key, a.Val)
					}
				}
			case html.EndTagToken:
				if tok.Data == "code" || tok.Data == "kbd" {
					same--
				}
			case html.TextToken:
				if same == 0 && letters(tok.Data) {
					t.Errorf("%s: %q holds words", file, strings.TrimSpace(tok.Data))
				}
			}
		}
		if strings.Contains(text, "<script>") || strings.Contains(text, "<style") {
			t.Errorf("%s holds a script or a sheet", file)
		}
	}
}
