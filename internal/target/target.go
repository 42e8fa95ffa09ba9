// Package target holds what may be crawled: which hosts and paths of which site, how fast, how its pages are read, and under whose
// authority.
//
// It promises that a target is whole or refused with file, line and field; that nobody approves what they drafted themselves; that an
// approval holds for exactly the text that was approved, until it ends; and that every change is a version with its author, its
// reason and its difference. It fetches nothing: the crawler asks Desk.Allow before every request.
package target

import (
	"crypto/sha256"
	"encoding/hex"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/net/idna"

	"varde/internal/ad"
	"varde/internal/config"
)

// Target is one site to crawl, as its file says: see configs/targets/example.yaml.
type Target struct {
	// ID names the target in sightings; Name is for people.
	ID   string `yaml:"id"`
	Name string `yaml:"name"`
	// Site is the first part of the ads' keys.
	Site string `yaml:"site"`
	// Categories are the only ones that ads of this target may have. An ad whose page does not say which is of the first.
	Categories []ad.Category `yaml:"categories"`
	// Country is where phones without prefix are read, ISO 3166.
	Country   string    `yaml:"country"`
	Authority Authority `yaml:"authority"`
	// Hosts may be asked, as host or host:port, in ASCII or in the letters of their country; Allow and Deny are beginnings of paths on them. Deny wins.
	Hosts []string `yaml:"hosts"`
	// Start are the pages where discovery begins: list pages, sitemaps, RSS or Atom feeds, or lists in JSON.
	Start []string `yaml:"start"`
	Allow []string `yaml:"allow"`
	Deny  []string `yaml:"deny"`
	// Rate is the most requests a second to one host, 0 for no limit (simulated sites only); Concurrency is requests under way at once.
	Rate        float64 `yaml:"rate"`
	Concurrency int     `yaml:"concurrency"`
	// Windows are when requests may be made, such as "Mon-Fri 08:00-16:00" in Timezone; none means always.
	Windows  []string `yaml:"windows"`
	Timezone string   `yaml:"timezone"`
	// Every is how often list pages are read.
	Every   time.Duration `yaml:"every"`
	Revisit Revisit       `yaml:"revisit"`
	// MaxPages bounds how many addresses of the site are kept track of.
	MaxPages int `yaml:"max_pages"`
	// UserAgent and Contact are how the crawler introduces itself.
	UserAgent string `yaml:"user_agent"`
	Contact   string `yaml:"contact"`
	// Token is a key that the site gives to everybody who asks for it, such as that of a public interface.
	Token  Token  `yaml:"token"`
	Robots Robots `yaml:"robots"`
	// Pictures is "hash" (fetched, hashed in memory and dropped), "keep" (kept in the evidence) or "none" (not fetched).
	Pictures string `yaml:"pictures"`
	// RetentionDays is how long what this target brought may be kept without a person's decision.
	RetentionDays int `yaml:"retention_days"`
	// Loopback lets a simulated site on this machine be crawled, and nothing else.
	Loopback bool    `yaml:"loopback"`
	Adapter  Adapter `yaml:"adapter"`

	// Version, Hash and Authorisation say under what the target is crawled. The Desk sets them; in a file that nobody has added they
	// are zero.
	Version       int    `yaml:"-"`
	Hash          string `yaml:"-"`
	Authorisation string `yaml:"-"`

	adPath   *regexp.Regexp
	from, to time.Time
	windows  []window
	zone     *time.Location
}

// Authority is why a target may be crawled, and under whose responsibility.
type Authority struct {
	// Purpose is what the information is for, Necessity why it takes crawling this site, LegalBasis the provision that allows it.
	Purpose    string `yaml:"purpose"`
	Necessity  string `yaml:"necessity"`
	LegalBasis string `yaml:"legal_basis"`
	// Reference is the case or assignment, Unit who is responsible.
	Reference string `yaml:"reference"`
	Unit      string `yaml:"unit"`
	// Approver is the account of the person who is to approve; nobody else can.
	Approver string `yaml:"approver"`
	// ValidFrom and ValidTo are days (2026-11-01, both included, in Timezone) or instants (2026-11-01T08:00:00Z).
	ValidFrom string `yaml:"valid_from"`
	ValidTo   string `yaml:"valid_to"`
	// Terms is what the site's terms of use say on automated reading, or where a copy of them is kept.
	Terms string `yaml:"terms"`
}

// Robots says whether robots.txt is obeyed. To ignore it takes a reason, and the approver's consent at approval.
type Robots struct {
	Policy string `yaml:"policy"`
	Reason string `yaml:"reason"`
}

// Ignored says whether robots.txt is not asked.
func (r Robots) Ignored() bool { return r.Policy == "ignore" }

// Token is sent in a header of every request. Its value stands in a file of the data folder's secrets, and nowhere else.
type Token struct {
	Header string `yaml:"header"`
	// File is the name of the file under secrets/ in the data folder that holds the value, as in "nav-token".
	File string `yaml:"file"`
	// Prefix stands before the value, as in "Bearer ".
	Prefix string `yaml:"prefix"`
}

// Revisit bounds how often an ad page is read again: Least after a change, stretching to Most while nothing changes.
type Revisit struct {
	Least time.Duration `yaml:"least"`
	Most  time.Duration `yaml:"most"`
}

// Adapter says how the site's pages are read.
type Adapter struct {
	// Kind is "css" (the selectors below), "structured" (JSON-LD, microdata, OpenGraph, completed by the selectors below) or "json"
	// (paths in a JSON document).
	Kind string `yaml:"kind"`
	List List   `yaml:"list"`
	// AdPath is a regular expression of the paths of ad pages; its first group is the site's name of the ad.
	AdPath string           `yaml:"ad_path"`
	Fields map[string]Field `yaml:"fields"`
}

// List finds the way on pages that list ads: CSS selectors of links, or for json paths of addresses. Sitemaps and feeds need none.
type List struct {
	Ads  string `yaml:"ads"`
	Next string `yaml:"next"`
}

// Field takes a value from an ad page. Without Attr it is the text of the element.
type Field struct {
	// Selector is a CSS selector, or for json a path such as ad_content.workLocations[*].city.
	Selector string `yaml:"selector"`
	Attr     string `yaml:"attr"`
	// Pattern is a regular expression; its first group, or the whole match, is the value.
	Pattern string `yaml:"pattern"`
	// All takes every element and not just the first.
	All bool `yaml:"all"`
	// Layout is the Go layout of a time in a form of its own; the usual ones of the ads' languages need none.
	Layout string `yaml:"layout"`
	// Prefix stands before the value, as in "telegram:".
	Prefix string `yaml:"prefix"`
	// Values turns the site's words into ours, as in {Stilling: job} for category.
	Values map[string]string `yaml:"values"`
	// Optional says that many ads do not have the field, so that nobody is warned where it is missing.
	Optional bool `yaml:"optional"`
}

// FieldNames are the fields that a page can give, in the order in which people are shown them. A page with a value for gone says
// that the ad is no longer there.
var FieldNames = []string{"title", "text", "category", "phones", "contacts", "location", "posted_at", "advertiser", "age", "price", "images", "gone"}

// Parse reads one target strictly; its errors are config.Problems.
func Parse(file string, data []byte) (*Target, error) {
	t := &Target{Rate: 0.5, Concurrency: 1, Every: 6 * time.Hour, MaxPages: 50_000, Pictures: "hash", Timezone: "Europe/Oslo",
		Robots: Robots{Policy: "obey"}, Revisit: Revisit{Least: 12 * time.Hour, Most: 7 * 24 * time.Hour}}
	if err := config.Strict(file, data, t); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(data)
	t.Hash = hex.EncodeToString(sum[:])
	t.adPath = regexp.MustCompile(t.Adapter.AdPath)
	return t, nil
}

// Inside says whether an address lies within the target's hosts and paths. Paths count unescaped; deny counts in small and capital
// letters alike, since for some servers they are. One that steps up or about, as /ads/../private does, lies nowhere: it says another
// place than where a site finds it.
func (t *Target) Inside(u *url.URL) bool {
	if u == nil || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || !t.host(u) || steps(u.Path) {
		return false
	}
	if u.Path == "/robots.txt" {
		return true
	}
	return slices.ContainsFunc(t.Allow, func(p string) bool { return strings.HasPrefix(u.Path, p) }) && !t.denies(u.Path)
}

// denies says whether deny holds a path as it is written, or as servers may take it: /ads//private, and /ads;x=1/private, for /ads/private.
func (t *Target) denies(path string) bool {
	path = strings.ToLower(path)
	plain := slashes.ReplaceAllString(parameters.ReplaceAllString(path, ""), "/")
	return slices.ContainsFunc(t.Deny, func(p string) bool {
		p = strings.ToLower(p)
		return strings.HasPrefix(path, p) || strings.HasPrefix(plain, p)
	})
}

var (
	slashes    = regexp.MustCompile(`//+`)
	parameters = regexp.MustCompile(`;[^/]*`)
	// escapes are of dots and slashes, in a path that is unescaped once: a server that does it twice steps about.
	escapes = regexp.MustCompile(`(?i)%(25)*(2e|2f|5c)`)
)

// steps says whether a path has parts that stand for other places. Browsers, and our HTTP library, take \ for /; servers of Java take off
// what follows a semicolon first.
func steps(path string) bool {
	return strings.Contains(path, `\`) || escapes.MatchString(path) || slices.ContainsFunc(strings.Split(path, "/"), func(part string) bool {
		part, _, _ = strings.Cut(part, ";")
		return part == "." || part == ".."
	})
}

func (t *Target) host(u *url.URL) bool {
	host := Host(u)
	return host != "" && slices.ContainsFunc(t.Hosts, func(h string) bool { return asciiHost(h) == host })
}

// Host is the one name of an address's host, however it is spelled: in small letters, in ASCII as it is sent, without the port that goes
// without saying. It is "" where there is none.
func Host(u *url.URL) string {
	host := strings.ToLower(u.Host)
	if h, port, err := net.SplitHostPort(host); err == nil && (u.Scheme == "http" && port == "80" || u.Scheme == "https" && port == "443") {
		host = h
	}
	return asciiHost(host)
}

// asciiHost spells a host, or host:port, in ASCII; "" where it has letters that no host has. One in ASCII already stays as it is.
func asciiHost(host string) string {
	if !strings.ContainsFunc(host, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return host
	}
	name, port := host, ""
	if i := strings.LastIndexByte(host, ':'); i >= 0 {
		name, port = host[:i], host[i:]
	}
	name, err := idna.Lookup.ToASCII(name)
	if err != nil {
		return ""
	}
	return name + port
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
