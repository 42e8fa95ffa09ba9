package console_test

import (
	"strings"
	"testing"

	"varde/internal/ad"
)

// TestSharedWordsAndPicturesAreShown: what ads share is read on the page: the words, and which pictures of which ads, and no hash.
func TestSharedWordsAndPicturesAreShown(t *testing.T) {
	r := fill()
	n := r.networks["n-5f3a9c01b2d4"]
	text, pic, near := "4a71575264d2aa0011223344", "00ff00ff00ff00ff-0123456789ab", "00ff00ff00ff00fe-ba9876543210"
	for i, key := range n.Ads[:3] {
		a := r.ads[key]
		value := pic
		if i > 0 {
			value = near
		}
		a.Finding.Identifiers = []ad.Identifier{{Kind: ad.PHash, Value: "ffffffff00000000-0123456789ab", Evidence: []ad.Evidence{{Image: 1}}},
			{Kind: ad.PHash, Value: value, Evidence: []ad.Evidence{{Image: 2 + i}}}}
		if i == 1 {
			a.Finding.Identifiers = append(a.Finding.Identifiers, ad.Identifier{Kind: ad.TextSig, Value: text})
			a.Finding.Sighting.Text = "Varm velkomst i hjertet av byen. " + strings.Repeat("Kom innom. ", 40)
		}
		r.ads[key] = a
	}
	n.Indicators = []ad.Indicator{
		{Code: "N03", Points: 20, Confidence: 1, Evidence: []ad.Evidence{{Value: "text:" + text, Ads: n.Ads[:3]}}},
		{Code: "N04", Points: 18, Confidence: 1, Evidence: []ad.Evidence{{Value: "picture:" + pic, Ads: n.Ads[:3]}}},
		{Code: "N09", Points: 9, Confidence: 1, Evidence: []ad.Evidence{{Value: "text:ffffffffffffffffffff", Ads: n.Ads[:3]}}},
	}
	r.networks[n.ID] = n
	page := open(t, r, nil).signedIn(t).page("/networks/" + n.ID)
	page.Has("#reason-1 .seen", "Tekst Varm velkomst i hjertet av byen.", string(n.Ads[1]))
	page.HasNot("#reason-1 .seen", text[:12])
	page.Has("#reason-2 .seen", "Bilde nr. 2 i "+string(n.Ads[0])+" = Bilde nr. 3 i "+string(n.Ads[1]))
	page.HasNot("#reason-2 .seen", pic[:12])
	page.Has("#reason-3 .seen", "Tekst ffffffffffff") // no ad shows it now: nothing is claimed
}

// TestTextsAndPicturesHaveNames: the network's page and graph call a text and a picture by an ad that shows it, in both languages, and keep
// the hash in the title.
func TestTextsAndPicturesHaveNames(t *testing.T) {
	r := fill()
	n := r.networks["n-5f3a9c01b2d4"]
	text, pic, near, hub := "4a71575264d2aa0011223344", "00ff00ff00ff00ff-0123456789ab", "00ff00ff00ff00fe-ba9876543210", "ffff0000ffff0000-ba9876543210"
	n.Edges = []ad.Edge{{Ad: n.Ads[0], Kind: ad.TextSig, Value: text}, {Ad: n.Ads[1], Kind: ad.TextSig, Value: text}, {Ad: n.Ads[0], Kind: ad.PHash, Value: pic},
		{Ad: n.Ads[1], Kind: ad.PHash, Value: pic}, {Ad: n.Ads[1], Kind: ad.PHash, Value: "ffff"}, {Ad: n.Ads[2], Kind: ad.PHash, Value: "ffff"}}
	n.Identifiers = []ad.NetworkIdentifier{{Kind: ad.TextSig, Value: text, Ads: 2}, {Kind: ad.PHash, Value: pic, Ads: 2}, {Kind: ad.PHash, Value: "ffff", Ads: 2},
		{Kind: ad.PHash, Value: hub, Ads: 6, Hub: true}, {Kind: ad.TextSig, Value: "feed", Ads: 6, Hub: true}}
	r.networks[n.ID] = n
	one, other := r.ads[n.Ads[0]], r.ads[n.Ads[6]]
	one.Finding.Identifiers = []ad.Identifier{{Kind: ad.PHash, Value: near, Evidence: []ad.Evidence{{Image: 2}}}}
	other.Finding.Identifiers = []ad.Identifier{{Kind: ad.PHash, Value: hub, Evidence: []ad.Evidence{{Image: 3}}}}
	r.ads[n.Ads[0]], r.ads[n.Ads[6]] = one, other
	p := open(t, r, nil).signedIn(t)
	first := string(n.Ads[0])
	page := p.page("/networks/" + n.ID)
	page.Has(".identifiers a[title='"+text+"']", "Tekst i annonse "+first)
	page.Has(".identifiers a[title='"+pic+"']", "Bilde nr. 2 i annonse "+first)
	page.Has(".identifiers a[title='ffff']", "Bilde i annonse "+string(n.Ads[1]))
	page.Has(".identifiers a[title='"+hub+"']", "Bilde nr. 3 i annonse "+string(n.Ads[6]))
	page.Has(".links", "Tekst i annonse "+first, "Bilde nr. 2 i annonse "+first)
	page.HasNot(".links", text[:12])
	page.HasNot(".links", pic[:12])
	page.Has(".identifiers", "feed") // no ad shows it now: nothing is claimed
	graph := string(p.get("/networks/" + n.ID + "/graph").body)
	for _, want := range []string{"Tekst i annonse " + first, "Bilde nr. 2 i annonse " + first} {
		if !strings.Contains(graph, `"label":"`+want) || strings.Contains(graph, text[:12]) || strings.Contains(graph, pic[:12]) {
			t.Errorf("the graph does not say %q: %.600s", want, graph)
		}
	}
	p.page("/ad?key="+first).Has("bdi[title='"+near+"']", "Bilde nr. 2")
	p.post("/language", "lang", "en", "next", "/queue")
	page = p.page("/networks/" + n.ID)
	page.Has(".identifiers", "Text of ad "+first, "Picture no. 2 of ad "+first)
}
