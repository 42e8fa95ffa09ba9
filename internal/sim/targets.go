package sim

import (
	"fmt"
	"strings"
	"time"
)

// Targets returns the crawl targets of the sites, as YAML by file name. The small site has one for each of its sections, since a
// target has one category. They are marked as loopback, to be approved by the account named, and valid for the year from the day of now.
func (s *Sites) Targets(approver string, now time.Time) map[string]string {
	c := charter{s, approver, now}
	out := map[string]string{
		"nordmarked.yaml": c.target(nordmarked, "nordmarked", "sexual_services", "/annonser?page=1", "/annonser, /annonse/", `^/annonse/(\d+)$`, `
  kind: css
  list: {ads: "table.ads a.ad", next: "nav.pages a"}
  fields:
    title: {selector: h1.title}
    text: {selector: div.text}
    phones: {selector: a.phone}
    location: {selector: td.place}
    posted_at: {selector: time, attr: datetime}
    advertiser: {selector: td.account}
    age: {selector: td.age, pattern: "(\\d+)"}
    price: {selector: td.price}
    images: {selector: img.photo, attr: src, all: true}`),
		"fjordkontakt.yaml": c.target(fjordkontakt, "fjordkontakt", "sexual_services", "/siste", "/siste, /profil/", `^/profil/(fk\d+)$`, `
  kind: css
  list: {ads: "article.card h2 a", next: "a[rel=next]"}
  fields:
    title: {selector: "#profil h2"}
    text: {selector: .about}
    phones: {selector: "#profil", attr: data-phone}
    contacts: {selector: "#profil", attr: data-telegram, prefix: "telegram:"}
    location: {selector: li.town}
    posted_at: {selector: li.date, layout: "`+minuteLayout+`"}
    advertiser: {selector: "#profil", attr: data-nick}
    age: {selector: "#profil", attr: data-age}
    price: {selector: li.rate}
    images: {selector: ".gallery img", attr: src, all: true}`),
		"jobbtorget.yaml": c.target(jobbtorget, "jobbtorget", "job", "/stillinger/side/1", "/stillinger/, /stilling/", `^/stilling/(26-\d+)$`, `
  kind: css
  list: {ads: "a.job", next: "a.next"}
  fields:
    title: {selector: h2.position-title}
    text: {selector: div.description}
    phones: {selector: dd.tel}
    contacts: {selector: a.mail, attr: href}
    location: {selector: dd.location}
    posted_at: {selector: dd.published, layout: "2006-01-02"}
    advertiser: {selector: dd.employer}
    price: {selector: dd.pay}
    images: {selector: img.logo, attr: src, all: true}`),
	}
	for sec := range sections {
		id := "smaajobb-" + strings.TrimPrefix(sec.path(), "/")
		out[id+".yaml"] = c.target(smaajobb, id, string(smaajobb.category(sec)), sec.path(), sec.path(), "^"+sec.path()+`/(s\d+)$`, `
  kind: structured
  list: {ads: "ul.results a", next: "a.more"}`)
	}
	return out
}

// charter is what the targets of the sites have in common.
type charter struct {
	*Sites
	approver string
	from     time.Time
}

// target writes one target. The pace is what a server on the same machine can bear.
func (c charter) target(n site, id, category, start, allow, adPath, adapter string) string {
	return fmt.Sprintf(`id: %[1]s
name: %[2]s (simulated)
site: %[2]s
categories: [%[3]s]
country: "NO"
authority:
  purpose: to show how Varde works, on made-up sites of this machine
  necessity: without pages there is nothing to show
  legal_basis: none is needed, as nothing here is about anybody
  reference: demo
  unit: demo
  approver: %[8]s
  valid_from: %[9]s
  valid_to: %[10]s
  terms: the simulated sites have none
hosts: ["%[4]s"]
start: ["http://%[4]s%[5]s"]
allow: [%[6]s, /img/]
deny: []
rate: 400
concurrency: 4
timezone: UTC
every: 5s
revisit: {least: 30s, most: 10m}
max_pages: 200000
user_agent: VardeBot/1.0
contact: mailto:demo@varde.example
pictures: hash
retention_days: 30
loopback: true
adapter:
  ad_path: '%[7]s'%[11]s
`, id, n.name(), category, c.addrs[n], start, allow, adPath, c.approver, c.from.Format(time.DateOnly), c.from.AddDate(1, 0, -1).Format(time.DateOnly), adapter)
}
