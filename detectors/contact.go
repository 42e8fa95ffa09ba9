package detectors

import (
	"context"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"varde/internal/ad"
)

// contactDetector finds mail addresses, handles of messaging services and links. J10 is a job ad that names no other way of
// contact than a messenger or a free mail address.
type contactDetector struct{}

func newContact(*Config) (Detector, error) { return contactDetector{}, nil }

func (contactDetector) Name() string    { return "contact" }
func (contactDetector) Codes() []string { return []string{"J10"} }

// services are messaging services by the words people write, in the order in which they are tried.
var services = []struct{ name, words string }{
	{"telegram", `telegram|tlgrm|tg|телеграм`},
	{"whatsapp", `whatsapp|whats app|wapp`},
	{"signal", `signal`},
	{"snapchat", `snapchat|snap|sc`},
	{"instagram", `instagram|insta|ig`},
	{"viber", `viber`},
	{"skype", `skype`},
	{"onlyfans", `onlyfans`},
	{"kik", `kik`},
}

var (
	email = regexp.MustCompile(`(?i)[\p{L}0-9._%+-]{1,64}@[\p{L}0-9-]{1,63}(?:\.[\p{L}0-9-]{1,63}){0,4}\.\p{L}{2,24}`)
	// handle is a service's word followed by a name that begins with @; after the full name of a service a colon is enough.
	handle = handlePattern()
	named  = regexp.MustCompile(`(?i)(?:^|[^\p{L}0-9])(telegram|whatsapp|snapchat|instagram|viber|skype|onlyfans)\s?:\s?([A-Za-z0-9][A-Za-z0-9._-]{2,31})`)
	// profile is a link to a profile on a service that has short links.
	profile = regexp.MustCompile(`(?i)(?:https?://)?(?:www\.)?(t\.me|telegram\.me|wa\.me|instagram\.com|snapchat\.com/add|onlyfans\.com|viber\.click|signal\.me/#p)/\+?([A-Za-z0-9._-]{3,64})`)
	link    = regexp.MustCompile(`(?i)\b(?:https?://|www\.)[^\s<>"'()\x00-\x1f]{4,300}`)
)

func handlePattern() *regexp.Regexp {
	var words []string
	for _, s := range services {
		words = append(words, s.words)
	}
	return regexp.MustCompile(`(?i)(?:^|[^\p{L}0-9])(` + strings.Join(words, "|") + `)\s{0,2}[:=]?\s{0,2}(?:(?:er|is|på|on)\s{1,2})?@\s?([A-Za-z0-9][A-Za-z0-9._-]{2,31})`)
}

var profileHosts = map[string]string{"t.me": "telegram", "telegram.me": "telegram", "wa.me": "whatsapp", "instagram.com": "instagram",
	"snapchat.com/add": "snapchat", "onlyfans.com": "onlyfans", "viber.click": "viber", "signal.me/#p": "signal"}

// freeMail are providers where anybody has an address; an employer's own domain says more.
var freeMail = []string{"gmail.com", "hotmail.com", "outlook.com", "yahoo.com", "proton.me", "protonmail.com", "icloud.com", "mail.ru", "online.no"}

func (contactDetector) Detect(_ context.Context, s *Input) (Reading, error) {
	var r Reading
	add := func(kind ad.Kind, value string, e ad.Evidence) {
		r.Identifiers = merge(r.Identifiers, []ad.Identifier{{Kind: kind, Value: value, Evidence: []ad.Evidence{e}}})
	}
	for i, c := range s.Contacts {
		e := span(ad.FieldContacts, c, 0, len(c))
		e.Index = i
		if kind, value := contactField(c); value != "" {
			add(kind, value, e)
		}
	}
	for _, f := range s.fields() {
		readContacts(f.Source, s.Site, func(kind ad.Kind, value string, start, end int) {
			add(kind, value, span(f.Field, f.Source, start, end))
		})
	}
	if s.Category == ad.Job && onlyPrivate(s, r.Identifiers) {
		var on []ad.Evidence
		for _, id := range r.Identifiers {
			on = append(on, id.Evidence[0])
		}
		r.Indicators = append(r.Indicators, ad.Indicator{Code: "J10", Confidence: 0.8, Evidence: on})
	}
	return r, nil
}

// contactField reads an entry of the contacts field, such as "telegram:@mia" or "mailto:x@y.example".
func contactField(c string) (ad.Kind, string) {
	scheme, rest, ok := strings.Cut(c, ":")
	scheme = strings.ToLower(strings.TrimSpace(scheme))
	rest = strings.TrimSpace(rest)
	switch {
	case ok && scheme == "mailto" && email.MatchString(rest), !ok && email.FindString(c) == c:
		return ad.Email, strings.ToLower(email.FindString(c))
	case ok && (scheme == "http" || scheme == "https"):
		return linkOf(c, "")
	case ok && slices.ContainsFunc(services, func(s struct{ name, words string }) bool { return s.name == scheme }):
		if name := handleName(rest); name != "" {
			return ad.Handle, scheme + ":" + name
		}
	}
	return "", ""
}

// handleName is the one spelling of a name; a phone number as a name is left to the phone detector.
func handleName(name string) string {
	name = strings.ToLower(strings.Trim(name, "@ ._-"))
	if len(name) < 3 || strings.Trim(name, "0123456789+ ") == "" || strings.ContainsAny(name, " \t\n") {
		return ""
	}
	return name
}

func readContacts(in, site string, found func(kind ad.Kind, value string, start, end int)) {
	taken := func(at []int, kind ad.Kind, value string) {
		if value != "" {
			found(kind, value, at[0], at[1])
		}
	}
	if !strings.ContainsAny(in, "@:/") && !strings.Contains(in, "www.") { // most ads: nothing that any pattern could find
		return
	}
	for _, at := range email.FindAllStringIndex(in, -1) {
		taken(at, ad.Email, strings.ToLower(in[at[0]:at[1]]))
	}
	for _, at := range append(handle.FindAllStringSubmatchIndex(in, -1), named.FindAllStringSubmatchIndex(in, -1)...) {
		service, name := serviceOf(in[at[2]:at[3]]), handleName(in[at[4]:at[5]])
		if service != "" && name != "" {
			taken([]int{at[2], at[2*2] + len(strings.TrimRight(in[at[4]:at[5]], "._-"))}, ad.Handle, service+":"+name)
		}
	}
	for _, at := range profile.FindAllStringSubmatchIndex(in, -1) {
		service, name := profileHosts[strings.ToLower(in[at[2]:at[3]])], handleName(in[at[4]:at[5]])
		if name != "" {
			taken(at[:2], ad.Handle, service+":"+name)
		}
	}
	for _, at := range link.FindAllStringIndex(in, -1) {
		raw := strings.TrimRight(in[at[0]:at[1]], ".,;:!?")
		if profile.MatchString(raw) {
			continue
		}
		kind, value := linkOf(raw, site)
		taken([]int{at[0], at[0] + len(raw)}, kind, value)
	}
}

func serviceOf(word string) string {
	word = strings.ToLower(word)
	for _, s := range services {
		if slices.Contains(strings.Split(s.words, "|"), word) {
			return s.name
		}
	}
	return ""
}

// linkOf is a link without what varies: scheme, www, query and fragment. A link to the ad's own site identifies nobody, nor
// does the front page of any other.
func linkOf(raw, site string) (ad.Kind, string) {
	if !strings.Contains(raw, "://") {
		raw = "https://" + raw
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return "", ""
	}
	host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	path := strings.TrimRight(u.EscapedPath(), "/")
	if path == "" || host == site || strings.HasSuffix(host, "."+site) && site != "" {
		return "", ""
	}
	return ad.Link, host + path
}

// onlyPrivate says that every way to reach the employer is a messenger or a free mail address.
func onlyPrivate(s *Input, ids []ad.Identifier) bool {
	if len(ids) == 0 || len(s.Phones) > 0 {
		return false
	}
	for _, id := range ids {
		_, domain, _ := strings.Cut(id.Value, "@")
		if id.Kind == ad.Link || id.Kind == ad.Email && !slices.Contains(freeMail, domain) {
			return false
		}
	}
	return true
}
