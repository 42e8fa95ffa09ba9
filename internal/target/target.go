// Package target holds what may be crawled: which hosts and paths of which site, how fast, and how its pages are read.
//
// It promises that a target is whole or refused with file, line and field. It fetches nothing, and it does not yet know who
// approved a target; the crawler asks a Gate before every request, which is where that belongs.
package target

import (
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/andybalholm/cascadia"

	"varde/internal/ad"
	"varde/internal/config"
)

// Target is one site to crawl: a file of configs/targets.
type Target struct {
	// ID names the target in sightings; Name is for people.
	ID   string `yaml:"id"`
	Name string `yaml:"name"`
	// Enabled is false in a target that is only kept or being written.
	Enabled bool `yaml:"enabled"`
	// Site is the first part of the ads' keys.
	Site     string      `yaml:"site"`
	Category ad.Category `yaml:"category"`
	// Country is where phones without prefix are read, ISO 3166.
	Country string `yaml:"country"`
	// Hosts may be asked, as host or host:port; Allow and Deny are beginnings of paths on them. Deny wins.
	Hosts []string `yaml:"hosts"`
	Start []string `yaml:"start"`
	Allow []string `yaml:"allow"`
	Deny  []string `yaml:"deny"`
	// Rate is requests a second to one host; Concurrency is requests under way at once.
	Rate        float64 `yaml:"rate"`
	Concurrency int     `yaml:"concurrency"`
	// Every is how long after a pass the next one begins.
	Every time.Duration `yaml:"every"`
	// MaxPages bounds one pass.
	MaxPages  int    `yaml:"max_pages"`
	UserAgent string `yaml:"user_agent"`
	Contact   string `yaml:"contact"`
	// Pictures is "hash" or "none"; the bytes are never kept.
	Pictures string `yaml:"pictures"`
	// Loopback lets a simulated site on this machine be crawled, and nothing else.
	Loopback bool    `yaml:"loopback"`
	Adapter  Adapter `yaml:"adapter"`

	adPath *regexp.Regexp
}

// Adapter says how the site's pages are read.
type Adapter struct {
	// Kind is "css" or "jsonld".
	Kind string `yaml:"kind"`
	List List   `yaml:"list"`
	// AdPath is a regular expression of the paths of ad pages; its first group is the site's name of the ad.
	AdPath string           `yaml:"ad_path"`
	Fields map[string]Field `yaml:"fields"`
}

// List finds the way on pages that list ads: CSS selectors of links.
type List struct {
	Ads  string `yaml:"ads"`
	Next string `yaml:"next"`
}

// Field takes a value from an ad page. Without Attr it is the text of the element.
type Field struct {
	Selector string `yaml:"selector"`
	Attr     string `yaml:"attr"`
	// Pattern is a regular expression; its first group, or the whole match, is the value.
	Pattern string `yaml:"pattern"`
	// All takes every element and not just the first.
	All bool `yaml:"all"`
	// Layout is the Go layout of a time that is not RFC 3339.
	Layout string `yaml:"layout"`
	// Prefix stands before the value, as in "telegram:".
	Prefix string `yaml:"prefix"`
}

// FieldNames are the fields that a page can give.
var FieldNames = []string{"title", "text", "phones", "contacts", "location", "posted_at", "advertiser", "age", "price", "images"}

// Parse reads one target strictly; its errors are config.Problems.
func Parse(file string, data []byte) (*Target, error) {
	t := &Target{Rate: 0.5, Concurrency: 1, Every: 6 * time.Hour, MaxPages: 5000, Pictures: "hash"}
	if err := config.Strict(file, data, t); err != nil {
		return nil, err
	}
	t.adPath = regexp.MustCompile(t.Adapter.AdPath)
	return t, nil
}

// Load reads every *.yaml of a folder. It reports all mistakes of all files, and targets that share an id.
func Load(dir string) ([]*Target, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(dir); err != nil {
		return nil, fmt.Errorf("read targets: %w", err)
	}
	if len(paths) == 0 {
		return nil, fmt.Errorf("there is no target in %s: each is a file named *.yaml, like configs/targets/example.yaml", dir)
	}
	var all []*Target
	var problems []string
	files := map[string]string{}
	for _, p := range paths {
		data, err := os.ReadFile(p)
		if err != nil {
			return nil, fmt.Errorf("read target: %w", err)
		}
		t, err := Parse(p, data)
		switch {
		case err != nil:
			problems = append(problems, err.Error())
		case files[t.ID] != "":
			problems = append(problems, fmt.Sprintf("%s: id: %q stands in %s too", p, t.ID, files[t.ID]))
		default:
			files[t.ID] = p
			all = append(all, t)
		}
	}
	if len(problems) > 0 {
		return nil, fmt.Errorf("targets are not valid:\n%s", strings.Join(problems, "\n"))
	}
	return all, nil
}

var idPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)

// Validate reports each broken rule.
func (t *Target) Validate(report func(field, text string)) {
	rule := func(ok bool, field, format string, args ...any) {
		if !ok {
			report(field, fmt.Sprintf(format, args...))
		}
	}
	rule(idPattern.MatchString(t.ID), "id", "required: small letters, digits and hyphens")
	rule(t.Name != "", "name", "required: what people call the target")
	rule(t.Site != "" && !strings.ContainsAny(t.Site, "/ "), "site", "required: a host name, the first part of the ads' keys")
	rule(slices.Contains(ad.Categories, t.Category), "category", "%q is none of sexual_services, massage, job, housing, other", t.Category)
	rule(t.Country == "" || config.IsCountry(t.Country), "country", "%q is not a country code of two capital letters", t.Country)
	rule(len(t.Hosts) > 0, "hosts", "required: the hosts that may be asked")
	rule(len(t.Allow) > 0, "allow", "required: beginnings of the paths that may be asked, such as /ads")
	rule(len(t.Start) > 0, "start", "required: the pages where a pass begins")
	rule(t.Rate > 0 && (t.Rate <= 20 || t.Loopback), "rate", "%v requests a second is not above 0 and at most 20", t.Rate)
	rule(t.Concurrency >= 1 && t.Concurrency <= 32, "concurrency", "%d is not between 1 and 32", t.Concurrency)
	rule(t.Every >= time.Minute || t.Loopback && t.Every > 0, "every", "%s is shorter than a minute", t.Every)
	rule(t.MaxPages >= 1 && t.MaxPages <= 1_000_000, "max_pages", "%d is not between 1 and 1000000", t.MaxPages)
	rule(t.UserAgent != "" && !strings.ContainsAny(t.UserAgent, "\r\n"), "user_agent", "required: the name the crawler gives itself")
	rule(strings.HasPrefix(t.Contact, "mailto:") || strings.HasPrefix(t.Contact, "https://"), "contact", "required: mailto: or https:// where the site's owner reaches you")
	rule(t.Pictures == "hash" || t.Pictures == "none", "pictures", "%q is neither hash nor none", t.Pictures)
	for i, s := range t.Start {
		u, err := url.Parse(s)
		rule(err == nil && t.Inside(u), fmt.Sprintf("start.%d", i), "%q is not an address within hosts, allow and deny", s)
	}
	for i, p := range append(slices.Clone(t.Allow), t.Deny...) {
		rule(strings.HasPrefix(p, "/"), fmt.Sprintf("allow.%d", i), "%q does not begin with /", p)
	}
	t.Adapter.validate(rule)
}

func (a *Adapter) validate(rule func(ok bool, field, format string, args ...any)) {
	rule(a.Kind == "css" || a.Kind == "jsonld", "adapter.kind", "%q is neither css nor jsonld", a.Kind)
	rule(a.List.Ads != "" && selects(a.List.Ads), "adapter.list.ads", "%q is no CSS selector of links to ads", a.List.Ads)
	rule(a.List.Next == "" || selects(a.List.Next), "adapter.list.next", "%q is no CSS selector", a.List.Next)
	re, err := regexp.Compile(a.AdPath)
	rule(a.AdPath != "" && err == nil && re.NumSubexp() >= 1, "adapter.ad_path", "required: a regular expression of ad pages with a group for the ad's name, such as ^/ad/(\\d+)")
	if a.Kind == "css" {
		_, title := a.Fields["title"]
		_, text := a.Fields["text"]
		rule(title || text, "adapter.fields", "one of title and text is required")
	}
	for name, f := range a.Fields {
		at := "adapter.fields." + name
		rule(slices.Contains(FieldNames, name), at, "unknown field; it is one of %s", strings.Join(FieldNames, ", "))
		rule(f.Selector != "", at+".selector", "required: a CSS selector")
		rule(f.Selector == "" || selects(f.Selector), at+".selector", "%q is no CSS selector", f.Selector)
		_, err := regexp.Compile(f.Pattern)
		rule(err == nil, at+".pattern", "not a regular expression")
	}
}

// selects says whether a text is a CSS selector; goquery takes a broken one for one that finds nothing.
func selects(selector string) bool {
	_, err := cascadia.ParseGroup(selector)
	return err == nil
}

// Inside says whether an address lies within the target's hosts and paths. Paths count unescaped. One that steps up or about, as
// /ads/../private does, lies nowhere: it says another place than where a site finds it.
func (t *Target) Inside(u *url.URL) bool {
	if u == nil || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || !t.host(u) || steps(u.Path) {
		return false
	}
	if u.Path == "/robots.txt" {
		return true
	}
	single := slashes.ReplaceAllString(u.Path, "/") // many servers take /ads//private for /ads/private
	return slices.ContainsFunc(t.Allow, func(p string) bool { return strings.HasPrefix(u.Path, p) }) &&
		!slices.ContainsFunc(t.Deny, func(p string) bool { return strings.HasPrefix(u.Path, p) || strings.HasPrefix(single, p) })
}

var slashes = regexp.MustCompile(`//+`)

// steps says whether a path has parts that stand for other places. Browsers, and our HTTP library, take \ for /.
func steps(path string) bool {
	return strings.Contains(path, `\`) || slices.ContainsFunc(strings.Split(path, "/"), func(part string) bool { return part == "." || part == ".." })
}

func (t *Target) host(u *url.URL) bool {
	host := strings.ToLower(u.Host)
	if h, port, err := net.SplitHostPort(host); err == nil && (u.Scheme == "http" && port == "80" || u.Scheme == "https" && port == "443") {
		host = h
	}
	return slices.Contains(t.Hosts, host)
}

// AdID returns what the site calls the ad of a page; ok is false for pages that are no ads.
func (t *Target) AdID(u *url.URL) (id string, ok bool) {
	where := u.Path
	if u.RawQuery != "" {
		where += "?" + u.RawQuery
	}
	m := t.adPath.FindStringSubmatch(where)
	if m == nil || m[1] == "" {
		return "", false
	}
	return m[1], true
}
