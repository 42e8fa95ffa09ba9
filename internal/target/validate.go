package target

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/andybalholm/cascadia"

	"varde/internal/ad"
	"varde/internal/config"
)

var (
	idPattern     = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)
	headerPattern = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]{0,62}$`)
	secretPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,62}$`)
)

// ruler checks one rule of a file.
type ruler func(ok bool, field, format string, args ...any)

// Validate reports each broken rule. It also keeps what it read on the way: the days, the windows and the zone.
func (t *Target) Validate(report func(field, text string)) {
	rule := ruler(func(ok bool, field, format string, args ...any) {
		if !ok {
			report(field, fmt.Sprintf(format, args...))
		}
	})
	rule(idPattern.MatchString(t.ID) && t.ID != "new", "id", "required: small letters, digits and hyphens, and not new, which is a page of the console")
	rule(t.Name != "", "name", "required: what people call the target")
	rule(t.Site != "" && !strings.ContainsAny(t.Site, "/ "), "site", "required: a host name, the first part of the ads' keys")
	rule(len(t.Categories) > 0, "categories", "required: which of sexual_services, massage, job, housing, other the ads may be")
	for i, c := range t.Categories {
		rule(slices.Contains(ad.Categories, c), fmt.Sprintf("categories.%d", i), "%q is none of sexual_services, massage, job, housing, other", c)
	}
	rule(t.Country == "" || config.IsCountry(t.Country), "country", "%q is not a country code of two capital letters", t.Country)
	t.validateAuthority(rule)
	t.validateReach(rule)
	t.validatePace(rule)
	t.validateManners(rule)
	t.Adapter.validate(rule, t.Categories)
}

func (t *Target) validateAuthority(rule ruler) {
	a := &t.Authority
	for _, f := range []struct{ name, value, what string }{
		{"purpose", a.Purpose, "what the information is for"},
		{"necessity", a.Necessity, "why it takes crawling this site, and not less"},
		{"legal_basis", a.LegalBasis, "the provision that allows it"},
		{"reference", a.Reference, "the case or assignment"},
		{"unit", a.Unit, "who is responsible"},
		{"approver", a.Approver, "the account of the person who is to approve"},
		{"terms", a.Terms, "what the site's terms of use say on automated reading, or where a copy of them is kept"},
	} {
		rule(strings.TrimSpace(f.value) != "", "authority."+f.name, "required: %s", f.what)
	}
	var err error
	if t.zone, err = time.LoadLocation(t.Timezone); err != nil || t.Timezone == "" || t.Timezone == "Local" {
		rule(false, "timezone", "%q is no time zone such as Europe/Oslo", t.Timezone)
		t.zone = time.UTC
	}
	from, _, okFrom := day(a.ValidFrom, t.zone)
	_, to, okTo := day(a.ValidTo, t.zone)
	rule(okFrom, "authority.valid_from", "%q is no day such as 2026-11-01", a.ValidFrom)
	rule(okTo, "authority.valid_to", "%q is no day such as 2027-01-31", a.ValidTo)
	rule(!okFrom || !okTo || from.Before(to), "authority.valid_to", "%s does not come after %s", a.ValidTo, a.ValidFrom)
	rule(!okFrom || !okTo || !to.After(from.AddDate(longestYears, 0, 1)), "authority.valid_to",
		"an approval lasts at most a year, so that its need is looked at again")
	t.from, t.to = from, to
	rule(t.RetentionDays >= 1 && t.RetentionDays <= longestRetention, "retention_days", "required: for how many days what is found may be kept, 1 to %d", longestRetention)
}

const (
	// longestYears is the longest validity. Storing without periodic review is unlawful (CJEU C-118/22, 2024-01-30).
	longestYears = 1
	// longestRetention is five years, the longest that a criminal-intelligence register keeps without a new entry (politiregisterforskriften § 47-14).
	longestRetention = 5*365 + 2
)

func (t *Target) validateReach(rule ruler) {
	rule(len(t.Hosts) > 0, "hosts", "required: the hosts that may be asked")
	for i, h := range t.Hosts {
		rule(h != "" && h == strings.ToLower(h) && !strings.ContainsAny(h, "/@*?# ") && asciiHost(h) != "", fmt.Sprintf("hosts.%d", i), "%q is not host or host:port in small letters, without scheme and path", h)
	}
	rule(len(t.Allow) > 0, "allow", "required: beginnings of the paths that may be asked, such as /ads")
	rule(len(t.Start) > 0, "start", "required: the pages where discovery begins")
	for i, s := range t.Start {
		u, err := url.Parse(s)
		rule(err == nil && t.Inside(u), fmt.Sprintf("start.%d", i), "%q is not an address within hosts, allow and deny", s)
	}
	for name, list := range map[string][]string{"allow": t.Allow, "deny": t.Deny} {
		for i, p := range list {
			rule(strings.HasPrefix(p, "/"), fmt.Sprintf("%s.%d", name, i), "%q does not begin with /", p)
		}
	}
	rule(t.MaxPages >= 1 && t.MaxPages <= 5_000_000, "max_pages", "%d is not between 1 and 5000000", t.MaxPages)
}

func (t *Target) validatePace(rule ruler) {
	rule(t.Rate > 0 && t.Rate <= 20 || t.Loopback && t.Rate >= 0, "rate", "%v requests a second is not above 0 and at most 20", t.Rate)
	rule(t.Concurrency >= 1 && t.Concurrency <= 32, "concurrency", "%d is not between 1 and 32", t.Concurrency)
	rule(t.Every >= time.Minute || t.Loopback && t.Every > 0, "every", "%s is shorter than a minute", t.Every)
	rule(t.Revisit.Least >= time.Minute || t.Loopback && t.Revisit.Least > 0, "revisit.least", "%s is shorter than a minute", t.Revisit.Least)
	rule(t.Revisit.Most >= t.Revisit.Least, "revisit.most", "%s is shorter than revisit.least", t.Revisit.Most)
	t.windows = nil
	for i, text := range t.Windows {
		w, err := parseWindow(text)
		rule(err == nil, fmt.Sprintf("windows.%d", i), "%q is not days and hours such as Mon-Fri 08:00-16:00", text)
		t.windows = append(t.windows, w)
	}
}

func (t *Target) validateManners(rule ruler) {
	rule(t.UserAgent != "" && !strings.ContainsAny(t.UserAgent, "\r\n"), "user_agent", "required: the name the crawler gives itself")
	rule((strings.HasPrefix(t.Contact, "mailto:") || strings.HasPrefix(t.Contact, "https://")) && !strings.ContainsAny(t.Contact, "\r\n"), "contact",
		"required: mailto: or https:// where the site's owner reaches you")
	rule(slices.Contains([]string{"obey", "ignore"}, t.Robots.Policy), "robots.policy", "%q is neither obey nor ignore", t.Robots.Policy)
	rule(!t.Robots.Ignored() || strings.TrimSpace(t.Robots.Reason) != "", "robots.reason", "required where robots.txt is ignored: why the purpose cannot be reached otherwise")
	rule(slices.Contains([]string{"hash", "keep", "none"}, t.Pictures), "pictures", "%q is none of hash, keep, none", t.Pictures)
	if k := t.Token; k != (Token{}) {
		rule(headerPattern.MatchString(k.Header) && !reservedHeaders[strings.ToLower(k.Header)], "token.header", "%q is no header that can carry a key, such as Authorization", k.Header)
		rule(secretPattern.MatchString(k.File), "token.file", "%q is not the name of a file in the data folder's secrets", k.File)
		rule(!strings.ContainsAny(k.Prefix, "\r\n"), "token.prefix", "has a line break")
	}
}

// reservedHeaders say who asks and for what; Cookie would carry a log-in.
var reservedHeaders = map[string]bool{"host": true, "user-agent": true, "cookie": true, "range": true, "accept-encoding": true, "connection": true,
	"content-length": true, "transfer-encoding": true, "if-none-match": true, "if-modified-since": true}

func (a *Adapter) validate(rule ruler, categories []ad.Category) {
	rule(slices.Contains([]string{"css", "structured", "json"}, a.Kind), "adapter.kind", "%q is none of css, structured, json", a.Kind)
	finds := selects
	what := "CSS selector"
	if a.Kind == "json" {
		finds, what = isPath, "path such as items[*].url"
	}
	rule(a.List.Ads == "" || finds(a.List.Ads), "adapter.list.ads", "%q is no %s", a.List.Ads, what)
	rule(a.List.Next == "" || finds(a.List.Next), "adapter.list.next", "%q is no %s", a.List.Next, what)
	re, err := regexp.Compile(a.AdPath)
	rule(a.AdPath != "" && err == nil && re.NumSubexp() >= 1, "adapter.ad_path", "required: a regular expression of ad pages with a group for the ad's name, such as ^/ad/(\\d+)")
	if a.Kind != "structured" {
		_, title := a.Fields["title"]
		_, text := a.Fields["text"]
		rule(title || text, "adapter.fields", "one of title and text is required")
	}
	for name, f := range a.Fields {
		at := "adapter.fields." + name
		rule(slices.Contains(FieldNames, name), at, "unknown field; it is one of %s", strings.Join(FieldNames, ", "))
		rule(f.Selector != "", at+".selector", "required: a %s", what)
		rule(f.Selector == "" || finds(f.Selector), at+".selector", "%q is no %s", f.Selector, what)
		_, err := regexp.Compile(f.Pattern)
		rule(err == nil, at+".pattern", "not a regular expression")
		if name == "category" {
			for word, c := range f.Values {
				rule(slices.Contains(categories, ad.Category(c)), at+".values."+word, "%q is none of the target's categories", c)
			}
		}
	}
}

// selects says whether a text is a CSS selector; goquery takes a broken one for one that finds nothing.
func selects(selector string) bool {
	_, err := cascadia.ParseGroup(selector)
	return err == nil
}

// jsonPath is names parted by points, each perhaps with [n] or [*].
var jsonPath = regexp.MustCompile(`^[^.\[\]]+(\[(\d+|\*)\])*(\.[^.\[\]]+(\[(\d+|\*)\])*)*$`)

func isPath(path string) bool { return jsonPath.MatchString(path) }
