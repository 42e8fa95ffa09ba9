package extract

import (
	"net/url"
	"strings"

	"varde/internal/ad"
)

// site says how a service's links name an account.
type site struct {
	service string
	kind    ad.Kind
	// under is the part of the path before the name: "add" in snapchat.com/add/NAME; "" for none.
	under []string
	// mark is a sign that the name begins with, such as @ in venmo.com/@NAME; 0 for none.
	mark byte
	// not are first parts of paths that are no names.
	not map[string]bool
}

var sites = map[string]site{
	"t.me":          {service: "telegram", under: []string{"", "s"}, not: wordSet("joinchat addstickers addlist share proxy socks c iv bot login")},
	"telegram.me":   {service: "telegram", under: []string{"", "s"}, not: wordSet("joinchat addstickers addlist share proxy socks c iv bot login")},
	"telegram.dog":  {service: "telegram", under: []string{"", "s"}, not: wordSet("joinchat addstickers addlist share proxy socks c iv bot login")},
	"wa.me":         {service: "whatsapp", under: []string{""}, not: wordSet("message c qr")},
	"instagram.com": {service: "instagram", under: []string{"", "stories"}, not: wordSet("p reel reels explore tv accounts about share direct legal")},
	"instagr.am":    {service: "instagram", under: []string{""}, not: wordSet("p reel")},
	"snapchat.com":  {service: "snapchat", under: []string{"add", ""}, not: wordSet("t p s lens discover spotlight stories download add unlock")},
	"onlyfans.com":  {service: "onlyfans", under: []string{""}, not: wordSet("my help terms privacy contact about posts")},
	"viber.click":   {service: "viber", under: []string{""}},
	"kik.me":        {service: "kik", under: []string{""}},
	"line.me":       {service: "line", under: []string{"ti/p", "r/ti/p"}},
	"discord.com":   {service: "discord", under: []string{"users"}},
	"paypal.me":     {service: "paypal", kind: ad.Payment, under: []string{""}},
	"paypal.com":    {service: "paypal", kind: ad.Payment, under: []string{"paypalme"}},
	"revolut.me":    {service: "revolut", kind: ad.Payment, under: []string{""}},
	"cash.app":      {service: "cashapp", kind: ad.Payment, under: []string{""}, mark: '$'},
	"venmo.com":     {service: "venmo", kind: ad.Payment, under: []string{"u", ""}},
	"wise.com":      {service: "wise", kind: ad.Payment, under: []string{"pay/me"}},
	"snapchat:":     {service: "snapchat", under: []string{"add"}},
	"m.me":          {service: "messenger", under: []string{""}},
	"messenger.com": {service: "messenger", under: []string{"t"}},
}

// profile takes a link to an account on a service; ok is false where the link is no such thing.
func (c *contacts) profile(a address, region string) bool {
	found := Contact{Start: a.start, End: a.end, Disguised: a.disguised, Host: a.host}
	if num, service, ok := chat(a); ok {
		e164, ok := phoneOf(num, region)
		if ok {
			found.Kind, found.Value, found.Service = ad.Phone, e164, service
			c.add(found)
		}
		return ok
	}
	if a.host == "tg:" {
		q, _ := url.ParseQuery(a.query)
		a.host, a.path = "t.me", "/"+q.Get("domain")
	}
	s, ok := sites[strings.TrimPrefix(strings.TrimPrefix(a.host, "m."), "mobile.")]
	if !ok {
		return false
	}
	if s.kind == "" {
		s.kind = ad.Handle
	}
	path := strings.Trim(a.path, "/")
	if u, err := url.PathUnescape(path); err == nil {
		path = u
	}
	name, ok := s.name(path)
	if !ok {
		return false
	}
	if e164, isPhone := phoneOf(name, region); isPhone {
		found.Kind, found.Value, found.Service = ad.Phone, e164, s.service
		c.add(found)
		return true
	}
	if name = accountName(s.service, name); name == "" {
		return false
	}
	found.Kind, found.Value, found.Service = s.kind, s.service+":"+name, s.service
	c.add(found)
	return true
}

// name is the account's name in a path.
func (s *site) name(path string) (string, bool) {
	lower := strings.ToLower(path)
	for _, under := range s.under {
		rest := lower
		if under != "" {
			var ok bool
			if rest, ok = strings.CutPrefix(lower, under+"/"); !ok {
				continue
			}
		}
		name, _, _ := strings.Cut(rest, "/")
		if name == "" || under == "" && s.not[name] || s.mark != 0 && name[0] != s.mark {
			continue
		}
		if strings.HasPrefix(name, "+") && strings.Trim(name, "+0123456789") != "" { // t.me/+hash is an invitation, not a name
			return "", false
		}
		return strings.TrimLeft(name, "@~$"), true
	}
	return "", false
}

// chat is the number in a link that opens a chat with a phone.
func chat(a address) (number, service string, ok bool) {
	q, err := url.ParseQuery(strings.ReplaceAll(a.query, "+", "%2B"))
	if err != nil {
		return "", "", false
	}
	switch a.host {
	case "api.whatsapp.com", "web.whatsapp.com", "whatsapp.com", "whatsapp:":
		number, service = q.Get("phone"), "whatsapp"
	case "viber:":
		number, service = q.Get("number"), "viber"
	case "tg:":
		number, service = q.Get("phone"), "telegram"
	case "signal.me", "sgnl:":
		number, service = strings.TrimPrefix(a.fragment, "p/"), "signal"
	}
	return number, service, number != ""
}

// Lengths of an account's name on any of the services.
const (
	leastName = 3
	mostName  = 32
)

// leastTelegram is the shortest name that Telegram gives to everybody.
const leastTelegram = 5

// accountName is the one spelling of a name on a service, "" where it is none.
func accountName(service, name string) string {
	name = strings.ToLower(name)
	name = strings.TrimRight(name, ".-")
	if service == "telegram" { // its names have no dots or hyphens: the rest is the next sentence
		if i := strings.IndexAny(name, ".-"); i >= leastTelegram {
			name = name[:i]
		}
	}
	if len(name) < leastName || len(name) > mostName || strings.Trim(name, "0123456789._-") == "" {
		return ""
	}
	for i := range len(name) {
		if !isAlnum(name[i]) && strings.IndexByte("._-:", name[i]) < 0 {
			return ""
		}
	}
	return name
}
