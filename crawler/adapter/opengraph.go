package adapter

import (
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html/atom"

	"varde/internal/ad"
	"varde/internal/target"
)

// openGraph are the properties of OpenGraph, and of those that build on it, by the fields of ads.
var openGraph = map[string][]string{
	"title":      {"og:title", "twitter:title"},
	"text":       {"og:description", "twitter:description"},
	"posted_at":  {"article:published_time", "product:published_time", "og:published_time"},
	"advertiser": {"og:profile:username", "article:author", "product:retailer_title"},
	"location":   {"og:locality", "business:contact_data:locality", "og:region", "business:contact_data:region"},
	"phones":     {"og:phone_number", "business:contact_data:phone_number"},
	"contacts":   {"og:email", "business:contact_data:email"},
	"images":     {"og:image", "og:image:url", "og:image:secure_url", "twitter:image"},
}

// openGraph reads what the head of a page says for those who show links to it. Every page of a site says something there, so that
// alone it makes an ad only where its type is not that of a whole site, or its address is the ad's; completing says that something
// else shows that there is one.
func (d *document) openGraph(t *target.Target, page *url.URL, completing bool) facts {
	meta := map[string][]string{}
	for n := range d.root.Descendants() {
		if n.DataAtom != atom.Meta {
			continue
		}
		name := attr(n, "property")
		if name == "" {
			name = attr(n, "name")
		}
		name = strings.ToLower(strings.TrimSpace(name))
		if content := strings.TrimSpace(attr(n, "content")); strings.Contains(name, ":") && content != "" {
			meta[name] = add(meta[name], content)
		}
	}
	if len(meta) == 0 || !completing && !about(meta, t, page) {
		return facts{}
	}
	out := facts{shape: "opengraph", fields: map[string]found{}}
	for field, names := range openGraph {
		i := slices.IndexFunc(names, func(name string) bool { return len(meta[name]) > 0 })
		if i < 0 {
			continue
		}
		values := meta[names[i]]
		switch field {
		case "images":
		case "contacts":
			values = []string{"mailto:" + values[0]}
		default:
			values = values[:1]
		}
		out.fields[field] = found{values: values, from: names[i]}
	}
	for _, name := range []string{"product:price", "og:price", "product:sale_price"} {
		amounts := meta[name+":amount"]
		if len(amounts) == 0 {
			continue
		}
		currency := currencyCodeOf(currencyIn("", t.Country), meta[name+":currency"]...)
		if a, ok := numberOf(amounts[0]); ok {
			out.prices = []ad.Price{{Amount: a, Currency: currency}}
			out.fields["price"] = found{values: []string{priceText(out.prices[0])}, from: name + ":amount"}
			break
		}
	}
	return out
}

// about says whether a page's OpenGraph is about its ad and not about the site.
func about(meta map[string][]string, t *target.Target, page *url.URL) bool {
	if len(meta["og:title"]) == 0 {
		return false
	}
	if kind := meta["og:type"]; len(kind) > 0 && kind[0] != "website" {
		return true
	}
	if len(meta["product:price:amount"]) > 0 || len(meta["og:url"]) == 0 {
		return len(meta["product:price:amount"]) > 0
	}
	own, _ := t.AdID(page)
	u := resolve(page, meta["og:url"][0])
	if u == nil || own == "" {
		return false
	}
	id, ok := t.AdID(u)
	return ok && id == own
}
