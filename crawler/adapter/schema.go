package adapter

import "strings"

// teller turns a thing of schema.org's into facts of an ad.
type teller struct {
	kind string
	g    graph
	// usual is the currency of amounts that name none.
	usual string
	out   facts
}

// facts are what a thing of a kind says of an ad, each with the property that says it.
func (t thing) facts(kind string, g graph, usual string) facts {
	w := teller{kind: kind, g: g, usual: usual, out: facts{fields: map[string]found{}}}
	w.first("title", t, "title", "name", "headline")
	w.first("text", t, "description", "articleBody", "text")
	w.first("posted_at", t, "datePosted", "datePublished", "releaseDate", "validFrom", "dateCreated", "uploadDate")
	w.first("advertiser", t, "hiringOrganization", "seller", "offeredBy", "provider", "author", "agent", "brand")
	w.follow("advertiser", t, "offers", "seller", "offeredBy")
	w.follow("posted_at", t, "offers", "validFrom")
	w.location(t)
	if kind == "JobPosting" {
		w.salary(t)
	} else {
		for _, o := range g.things(t["offers"]) {
			w.offer(o, "offers.")
		}
		w.offer(t, "")
	}
	w.images(t)
	w.contact(t, "")
	for _, name := range []string{"hiringOrganization", "seller", "offeredBy", "provider", "agent", "applicationContact", "contactPoint"} {
		for _, o := range g.things(t[name]) {
			w.contact(o, name+".")
			for _, c := range g.things(o["contactPoint"]) {
				w.contact(c, name+".contactPoint.")
			}
		}
	}
	for _, o := range g.things(t["offers"]) {
		for _, s := range g.things(o["seller"]) {
			w.contact(s, "offers.seller.")
		}
	}
	return w.out
}

// put adds a value to a field; its property is that of the first one.
func (w *teller) put(field, value, property string) {
	got := w.out.fields[field]
	if got.from == "" {
		got.from = w.kind + "." + property
	}
	got.values = add(got.values, value)
	if len(got.values) > 0 {
		w.out.fields[field] = got
	}
}

// first puts the first property that has words, if the field has none yet. A reference is followed for its name.
func (w *teller) first(field string, t thing, names ...string) {
	if len(w.out.fields[field].values) > 0 {
		return
	}
	for _, name := range names {
		for _, v := range list(t[name]) {
			if things := w.g.things(v); len(things) > 0 {
				v = map[string]any(things[0])
			}
			if s := told(v, 0); s != "" {
				w.put(field, s, name)
				return
			}
		}
	}
}

// follow does the same in the things of a property.
func (w *teller) follow(field string, t thing, in string, names ...string) {
	for _, o := range w.g.things(t[in]) {
		if _, name := o.named(names...); name != "" && len(w.out.fields[field].values) == 0 {
			w.put(field, o.text(name), in+"."+name)
		}
	}
}

// location looks for the town first: the region only where there is none.
func (w *teller) location(t thing) {
	for _, at := range []string{"jobLocation", "location", "availableAtOrFrom", "areaServed", "itemOffered", ""} {
		places, path := []thing{t}, ""
		if at != "" {
			places, path = w.g.things(t[at]), at+"."
		}
		for _, p := range places {
			if text := scalar(p["address"]); text != "" {
				w.put("location", text, path+"address")
				return
			}
			for _, a := range append(w.g.things(p["address"]), p) {
				in := path + "address."
				if _, ok := a["address"]; ok {
					in = path
				}
				if text, name := a.named("addressLocality", "addressRegion"); text != "" {
					w.put("location", text, in+name)
					return
				}
			}
		}
	}
	w.first("location", t, "jobLocation", "location", "areaServed", "availableAtOrFrom", "address")
}

// unitTexts are schema.org's units of pay, as words or as codes of UN/CEFACT.
var unitTexts = map[string]string{"HOUR": "hour", "DAY": "day", "WEEK": "week", "MONTH": "month", "YEAR": "year", "HUR": "hour", "MON": "month", "ANN": "year", "WEE": "week",
	"NIGHT": "night", "HOURLY": "hour", "DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year", "ANNUALLY": "year"}

func (w *teller) salary(t thing) {
	for _, name := range []string{"baseSalary", "estimatedSalary"} {
		for _, v := range list(t[name]) {
			if things := w.g.things(v); len(things) == 0 {
				w.price(v, currencyCodeOf(w.usual, t.text("salaryCurrency")), "", name)
				continue
			}
			pay := w.g.things(v)[0]
			value := pay
			if inner := w.g.things(pay["value"]); len(inner) > 0 {
				value = inner[0]
			}
			currency := currencyCodeOf(w.usual, pay.text("currency"), value.text("currency"), t.text("salaryCurrency"))
			for _, of := range []string{"minValue", "maxValue", "value"} {
				w.price(value[of], currency, unitTexts[strings.ToUpper(value.text("unitText", "unitCode"))], name+".value")
			}
		}
	}
}

func (w *teller) offer(t thing, path string) {
	for _, name := range []string{"price", "lowPrice", "highPrice"} {
		w.price(t[name], currencyCodeOf(w.usual, t.text("priceCurrency")), "", path+name)
	}
	for _, s := range w.g.things(t["priceSpecification"]) {
		currency := currencyCodeOf(w.usual, s.text("priceCurrency"), t.text("priceCurrency"))
		for _, name := range []string{"price", "minPrice", "maxPrice"} {
			w.price(s[name], currency, unitTexts[strings.ToUpper(s.text("unitText", "unitCode"))], path+"priceSpecification."+name)
		}
	}
}

func (w *teller) price(v any, currency, per, property string) {
	before := len(w.out.prices)
	w.out.prices = priceAt(w.out.prices, v, currency, per)
	for _, p := range w.out.prices[before:] {
		w.put("price", priceText(p), property)
	}
}

func (w *teller) images(t thing) {
	for _, name := range []string{"image", "photo", "primaryImageOfPage"} {
		for _, v := range list(t[name]) {
			if things := w.g.things(v); len(things) > 0 {
				w.put("images", things[0].text("url", "contentUrl"), name)
			} else {
				w.put("images", strings.TrimSpace(scalar(v)), name)
			}
		}
	}
}

func (w *teller) contact(t thing, path string) {
	for _, v := range list(t["telephone"]) {
		w.put("phones", told(v, 0), path+"telephone")
	}
	for _, v := range list(t["email"]) {
		if m := strings.TrimPrefix(told(v, 0), "mailto:"); m != "" {
			w.put("contacts", "mailto:"+m, path+"email")
		}
	}
}
