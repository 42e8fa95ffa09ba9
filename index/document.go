package index

import (
	"strings"

	"varde/index/query"
	"varde/internal/ad"
)

func adID(key ad.Key) string { return query.Ads + ":" + string(key) }

func networkID(id string) string { return query.Networks + ":" + id }

// adDocument is what of an ad can be searched.
func adDocument(a *ad.Ad) map[string]any {
	s := &a.Finding.Sighting
	doc := map[string]any{
		"kind": query.Ads, "title": s.Title, "text": s.Text, "folded": s.Title + "\n" + s.Text + "\n" + s.Location, "advertiser": s.Advertiser,
		"site": s.Site, "place": s.Location, "category": string(s.Category), "band": string(a.Band), "network": a.Network, "score": a.Score,
		"first_seen": a.FirstSeen, "last_seen": a.LastSeen, "language": a.Finding.Language,
	}
	if stem, ok := stemmers[a.Finding.Language]; ok {
		doc["text_"+stem] = s.Text
	}
	var phones, contacts []string
	for _, id := range a.Identifiers {
		switch id.Kind {
		case ad.Phone:
			phones = append(phones, suffixes(id.Value)...)
		case ad.Handle, ad.Email, ad.Link:
			contacts = append(contacts, id.Value)
		}
	}
	doc["phone"], doc["contact"], doc["code"] = phones, strings.Join(contacts, " "), codes(a.Standing.Indicators)
	return doc
}

// networkDocument is what of a network can be searched. The titles of its ads stand as its text.
func networkDocument(n *ad.Network, titles map[ad.Key]string) map[string]any {
	var some []string
	for _, k := range titled(n) {
		some = append(some, titles[k])
	}
	var categories, phones, contacts []string
	for _, c := range n.Categories {
		categories = append(categories, string(c))
	}
	for _, id := range n.Identifiers {
		switch {
		case id.Kind == ad.Phone:
			phones = append(phones, suffixes(id.Value)...)
		case id.Kind != ad.PHash && id.Kind != ad.TextSig:
			contacts = append(contacts, id.Value)
		}
	}
	words := strings.Join(some, "\n")
	return map[string]any{
		"kind": query.Networks, "title": words, "folded": words + "\n" + strings.Join(n.Places, "\n"), "site": n.Sites, "place": n.Places, "category": categories,
		"band": string(n.Band), "network": n.ID, "score": n.Score, "first_seen": n.FirstSeen, "last_seen": n.LastSeen,
		"phone": phones, "contact": strings.Join(contacts, " "), "code": codes(n.Indicators),
	}
}

func codes(ins []ad.Indicator) []string {
	all := make([]string, len(ins))
	for i, in := range ins {
		all[i] = in.Code
	}
	return all
}

// leastSuffix is the shortest end of a number that is kept: anything shorter is found everywhere.
const leastSuffix = 3

// suffixes are the ends of a number, so that any part of it is the beginning of one of them.
func suffixes(e164 string) (all []string) {
	digits := strings.TrimPrefix(e164, "+")
	for i := 0; len(digits)-i >= leastSuffix; i++ {
		all = append(all, digits[i:])
	}
	return all
}
