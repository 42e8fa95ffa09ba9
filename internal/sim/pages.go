package sim

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"sort"
	"strconv"
	"strings"
	"time"

	"varde/internal/ad"
)

//go:embed pages/*.html
var pageFiles embed.FS

// pages are the sites' templates.
type pages struct{ all *template.Template }

func readPages() (*pages, error) {
	t, err := template.ParseFS(pageFiles, "pages/*.html")
	if err != nil {
		return nil, fmt.Errorf("read pages of the simulated sites: %w", err)
	}
	return &pages{t}, nil
}

// list is a list of ads of a site.
type list struct {
	// pattern is how the list's pages are asked for; page and link read and write the number of one.
	pattern string
	page    func(r *http.Request) (int, bool)
	link    func(page int) string
	// ads is the beginning of the paths of its ads, size how many stand on a page.
	ads  string
	size int
	// section counts on the small site.
	section section
}

// lists are the lists of a site; each pages in its own way.
func lists(n site) []list {
	switch n {
	case nordmarked:
		return []list{{pattern: "/annonser", page: numbered(func(r *http.Request) string { return r.URL.Query().Get("page") }),
			link: func(p int) string { return "/annonser?page=" + strconv.Itoa(p) }, ads: "/annonse/", size: 25}}
	case fjordkontakt:
		return []list{{pattern: "/siste", page: offset(20), link: func(p int) string {
			if p == 1 {
				return "/siste"
			}
			return "/siste?fra=" + strconv.Itoa((p-1)*20)
		}, ads: "/profil/", size: 20}}
	case jobbtorget:
		return []list{{pattern: "/stillinger/side/{page}", page: numbered(func(r *http.Request) string { return r.PathValue("page") }),
			link: func(p int) string { return "/stillinger/side/" + strconv.Itoa(p) }, ads: "/stilling/", size: 30}}
	}
	var out []list
	for sec := range sections {
		out = append(out, list{pattern: sec.path(), page: numbered(func(r *http.Request) string { return r.URL.Query().Get("side") }),
			link: func(p int) string { return sec.path() + "?side=" + strconv.Itoa(p) }, ads: sec.path() + "/", size: 15, section: sec})
	}
	return out
}

// numbered reads a page number that is 1 where it is missing.
func numbered(from func(*http.Request) string) func(*http.Request) (int, bool) {
	return func(r *http.Request) (int, bool) {
		v := from(r)
		if v == "" {
			return 1, true
		}
		n, err := strconv.Atoi(v)
		return n, err == nil && n >= 1
	}
}

// offset reads how many ads to pass over.
func offset(size int) func(*http.Request) (int, bool) {
	return func(r *http.Request) (int, bool) {
		v := r.URL.Query().Get("fra")
		if v == "" {
			return 1, true
		}
		n, err := strconv.Atoi(v)
		return n/size + 1, err == nil && n >= 0 && n%size == 0
	}
}

// item is one ad on a list page.
type item struct{ Path, Title, City, Price, Advertiser string }

// listView is what a list page shows.
type listView struct {
	Page                 int
	Pages                []int
	Items                []item
	Next, Previous, Trap string
	Section              string
}

// window is how many numbered pages are linked on each side of one.
const window = 3

// serveList shows one page of a list, the newest ads first. The first page always exists.
func (s *Sites) serveList(n site, l list, w http.ResponseWriter, r *http.Request) bool {
	page, ok := l.page(r)
	if !ok {
		return false
	}
	ads := s.listed(n, l)
	last := max(1, (len(ads)+l.size-1)/l.size)
	if page > last {
		return false
	}
	v := listView{Page: page}
	for p := 1; p <= last; p++ {
		if p == 1 || p == last || p >= page-window && p <= page+window {
			v.Pages = append(v.Pages, p)
		}
	}
	if page < last {
		v.Next = l.link(page + 1)
	}
	if page > 1 {
		v.Previous = l.link(page - 1)
	} else {
		v.Trap = n.trap() + "1"
	}
	if n == smaajobb {
		v.Section = capital(l.section.path()[1:])
	}
	from := (page - 1) * l.size
	for i := from; i < min(from+l.size, len(ads)); i++ {
		c := s.world.content(int(ads[len(ads)-1-i]))
		v.Items = append(v.Items, item{Path: c.path(), Title: c.title, City: c.city, Price: c.priceText(), Advertiser: c.advertiser})
	}
	return s.render(w, r, n.short()+"_list.html", v, time.Time{})
}

// listed are the released ads of a list, oldest first.
func (s *Sites) listed(n site, l list) []int32 {
	all, released := s.world.bySite[n], int32(s.released.Load())
	if n == smaajobb {
		all = s.world.bySection[l.section]
	}
	return all[:sort.Search(len(all), func(i int) bool { return all[i] >= released })]
}

// adView is what an ad page shows.
type adView struct {
	ID, Title, City, Price, Phone, Tel, Mail, Handle, Advertiser string
	Age                                                          int
	Lines, Images                                                []string
	RFC3339, Day, Minute                                         string
	JSONLD                                                       map[string]any
}

func (s *Sites) serveAd(n site, l list, w http.ResponseWriter, r *http.Request) bool {
	c, ok := s.ad(n, r.PathValue("id"))
	if !ok || n == smaajobb && c.section != l.section {
		return false
	}
	v := adView{ID: c.id, Title: c.title, City: c.city, Price: c.priceText(), Phone: c.phone, Tel: strings.ReplaceAll(c.phone, " ", ""), Mail: c.mail, Handle: c.handle,
		Advertiser: c.advertiser, Age: c.age, Lines: strings.Split(c.text, "\n"), RFC3339: c.posted.Format(time.RFC3339), Day: c.posted.Format(time.DateOnly),
		Minute: c.posted.Format(minuteLayout)}
	for i, p := range c.pictures {
		v.Images = append(v.Images, imageName(c.id, i+1, p))
	}
	if n == smaajobb {
		v.JSONLD = c.jsonLD(v.Images)
	}
	return s.render(w, r, n.short()+"_ad.html", v, c.seen.Add(-seenAfter))
}

// minuteLayout is how fjordkontakt writes a time, in UTC.
const minuteLayout = "02.01.2006 15:04"

func (s *Sites) serveHome(n site, w http.ResponseWriter, r *http.Request) bool {
	return s.render(w, r, "home.html", map[string]string{"Site": n.name(), "Start": lists(n)[0].link(1)}, time.Time{})
}

// render shows a page. A template that fails is a mistake of this package; the answer is then 500.
func (s *Sites) render(w http.ResponseWriter, r *http.Request, name string, view any, changed time.Time) bool {
	var b bytes.Buffer
	if err := s.pages.all.ExecuteTemplate(&b, name, view); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return true
	}
	answer(w, r, "text/html; charset=utf-8", b.Bytes(), changed)
	return true
}

// short is the site's name without .example.
func (s site) short() string { return strings.TrimSuffix(s.name(), ".example") }

// priceText writes the price as the site does, empty where there is none.
func (c *content) priceText() string {
	if c.price.Amount == 0 {
		return ""
	}
	per := map[string]string{"hour": "time", "month": "måned"}[c.price.Per]
	amount, currency := int(c.price.Amount), c.price.Currency
	switch {
	case c.site == nordmarked:
		return grouped(amount, "\u00a0") + " kr/" + per
	case c.site == fjordkontakt:
		return "kr " + strconv.Itoa(amount) + ",- pr. " + per
	case per == "":
		return grouped(amount, " ") + " " + currency
	case currency == "NOK":
		return grouped(amount, " ") + " kr/" + per
	}
	return grouped(amount, " ") + " " + currency + " / " + per
}

// jsonLD is the ad as schema.org markup: jobs as JobPosting, things as Product, all else as Offer.
func (c *content) jsonLD(images []string) map[string]any {
	org := map[string]any{"@type": "Organization", "name": c.advertiser}
	out := map[string]any{"@context": "https://schema.org", "description": c.text}
	if len(images) > 0 {
		var all []string
		for _, i := range images {
			all = append(all, "/"+i)
		}
		out["image"] = all
	}
	if c.phone != "" {
		org["telephone"] = c.phone
	}
	if c.mail != "" {
		org["email"] = c.mail
	}
	place := map[string]any{"@type": "City", "name": c.city}
	price := map[string]any{"@type": "Offer", "price": c.price.Amount, "priceCurrency": c.price.Currency}
	posted := c.posted.Format(time.RFC3339)
	switch {
	case c.category == ad.Job:
		out["@type"], out["title"], out["datePosted"], out["hiringOrganization"] = "JobPosting", c.title, posted, org
		out["jobLocation"] = map[string]any{"@type": "Place", "address": map[string]any{"@type": "PostalAddress", "addressLocality": c.city, "addressCountry": "NO"}}
		if c.price.Amount > 0 {
			out["baseSalary"] = map[string]any{"@type": "MonetaryAmount", "currency": c.price.Currency,
				"value": map[string]any{"@type": "QuantitativeValue", "value": c.price.Amount, "unitText": strings.ToUpper(c.price.Per)}}
		}
	case c.offer == offerGoods:
		out["@type"], out["name"], out["releaseDate"], out["seller"], out["areaServed"] = "Product", c.title, posted, org, place
		out["offers"] = price
	default:
		out["@type"], out["name"], out["validFrom"], out["offeredBy"], out["areaServed"] = "Offer", c.title, posted, org, place
		if c.price.Amount > 0 {
			out["price"], out["priceCurrency"] = c.price.Amount, c.price.Currency
		}
	}
	return out
}

// parseImage reads the name of a picture's file.
func parseImage(name string) (id string, n int, ok bool) {
	base, _, found := strings.Cut(name, ".")
	i := strings.LastIndexByte(base, '-')
	if !found || i <= 0 {
		return "", 0, false
	}
	n, err := strconv.Atoi(base[i+1:])
	return base[:i], n, err == nil
}
