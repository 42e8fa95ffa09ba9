package console_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"varde/console"
	"varde/internal/ad"
	"varde/internal/fault"
)

// day is the n-th day after 1 October 2026, at 14.05 in Oslo.
func day(n int) time.Time { return time.Date(2026, 10, 1+n, 12, 5, 0, 0, time.UTC) }

const ringPhone = "+4741234567"

// at finds quote in text and gives the evidence for it.
func at(f ad.Field, text, quote string) ad.Evidence {
	i := strings.Index(text, quote)
	if i < 0 {
		panic("no " + quote + " in " + text)
	}
	return ad.Evidence{Field: f, Start: i, End: i + len(quote), Quote: quote}
}

// ringAd is one ad of a ring: the same words and phone under another name in another town.
func ringAd(i int) ad.Ad {
	names := []string{"Mia", "Sofie", "Emma"}
	places := []string{"Bergen", "Bergen", "Stavanger", "Stavanger", "Stavanger", "Bergen", "Stavanger"}
	text := fmt.Sprintf("Hei, jeg er %s, ny i byen og bare her til søndag. Ring 4I2 34 567 eller skriv @mia_bergen på Telegram.\n"+
		"Nye jenter hver uke, spør etter hvem som er her. Ekte bilder, 100 %% pålitelig.\nIncall sentralt, 24/7. Pris fra 800 kr.", names[i%3])
	s := ad.Sighting{Site: []string{"nordmarked.example", "vestlysning.example"}[i%2], AdID: fmt.Sprint(84312 + i),
		Category: ad.SexualServices, Title: fmt.Sprintf("%s, %d år – %s sentrum", names[i%3], 22+i%3, places[i]), Text: text,
		Language: "nb", PostedAt: day(3 + i), SeenAt: day(3 + 7*i), Location: places[i], Country: "NO",
		Phones: []string{"412 34 567"}, Contacts: []string{"telegram:@mia_bergen"}, Advertiser: names[i%3], Age: 22 + i%3,
		Images:   []string{"img/1.jpg", "img/2.jpg"},
		Pictures: []ad.Picture{{Image: 1, SHA256: strings.Repeat("ab", 32), PHash: "c3d1e0f0a1b2c3d4", Width: 800, Height: 1200}},
		Provenance: ad.Provenance{Source: "crawl", Target: "nordmarked", TargetVersion: 3, Adapter: "css", PageSHA256: strings.Repeat("cd", 32),
			Problems: []string{"picture 2: status 404"}}}
	s.URL = "https://" + s.Site + "/ad/" + s.AdID
	f := ad.Finding{Sighting: s, Language: "nb", Values: []ad.Value{{Kind: ad.PriceValue, Number: 800, Unit: "NOK/half_hour", Evidence: at(ad.FieldText, text, "800")}}, Rules: "4f1c09aa77d2",
		Identifiers: []ad.Identifier{
			{Kind: ad.Phone, Value: ringPhone, Evidence: []ad.Evidence{at(ad.FieldText, text, "4I2 34 567"), {Field: ad.FieldPhones, End: 10, Quote: "412 34 567"}}},
			{Kind: ad.Handle, Value: "telegram:mia_bergen", Evidence: []ad.Evidence{at(ad.FieldText, text, "@mia_bergen")}},
			{Kind: ad.PHash, Value: "c3d1e0f0a1b2c3d4", Evidence: []ad.Evidence{{Field: ad.FieldImages, Image: 1}}},
			{Kind: ad.TextSig, Value: "9b2f6f1c0d3e4a5b6c7d", Evidence: []ad.Evidence{{Field: ad.FieldText, End: len(text), Quote: text}}},
		}, Indicators: []ad.Indicator{
			{Code: "S01", Points: 9, Confidence: 0.9, Evidence: []ad.Evidence{at(ad.FieldText, text, "4I2 34 567")}},
			{Code: "S09", Points: 8, Confidence: 1, Evidence: []ad.Evidence{at(ad.FieldText, text, "Nye jenter hver uke")}},
			{Code: "S02", Points: 5, Confidence: 1, Evidence: []ad.Evidence{at(ad.FieldText, text, "Ekte bilder, 100 % pålitelig"), at(ad.FieldText, text, "pålitelig")}},
			{Code: "S12", Points: 7, Confidence: 1, Evidence: []ad.Evidence{{Field: ad.FieldPrices, Figure: &ad.Figure{What: "price", Value: 1600, Unit: "NOK/hour", Compared: 2500, Basis: "412 annonser i Bergen"}}}},
		}}
	key := s.Key()
	net := ad.Indicator{Code: "N01", Points: 22, Confidence: 1, Evidence: []ad.Evidence{{Field: ad.FieldPhones, End: 10, Quote: "412 34 567", Value: ringPhone, Ads: []ad.Key{"nordmarked.example/84312", "vestlysning.example/84313"}}}}
	return ad.Ad{Key: key, Finding: f, FirstSeen: day(3 + i), LastSeen: s.SeenAt, Sightings: 4, Versions: 1, Identifiers: f.Identifiers,
		Standing: ad.Standing{Key: key, Network: "n-5f3a9c01b2d4", Score: 0.62, Band: ad.High, Indicators: append([]ad.Indicator{net}, f.Indicators...)}}
}

// networkOf makes a network of ads that share every identifier.
func networkOf(id string, score float64, band ad.Band, ads ...ad.Ad) ad.Network {
	n := ad.Network{ID: id, Score: score, Band: band, FirstSeen: ads[0].FirstSeen, LastSeen: ads[0].LastSeen,
		Categories: []ad.Category{ads[0].Finding.Sighting.Category}}
	seen := map[string]bool{}
	for _, a := range ads {
		s := a.Finding.Sighting
		n.Ads = append(n.Ads, a.Key)
		if a.FirstSeen.Before(n.FirstSeen) {
			n.FirstSeen = a.FirstSeen
		}
		if a.LastSeen.After(n.LastSeen) {
			n.LastSeen = a.LastSeen
		}
		if !seen["site"+s.Site] {
			n.Sites = append(n.Sites, s.Site)
		}
		if !seen["place"+s.Location] {
			n.Places = append(n.Places, s.Location)
		}
		if !seen["who"+s.Advertiser] {
			n.Personas++
		}
		seen["site"+s.Site], seen["place"+s.Location], seen["who"+s.Advertiser] = true, true, true
		for _, i := range a.Identifiers {
			if len(ads) > 1 {
				n.Edges = append(n.Edges, ad.Edge{Ad: a.Key, Kind: i.Kind, Value: i.Value})
			}
			k := string(i.Kind) + "\x00" + i.Value
			if !seen[k] {
				seen[k] = true
				n.Identifiers = append(n.Identifiers, ad.NetworkIdentifier{Kind: i.Kind, Value: i.Value})
			}
		}
	}
	for j, i := range n.Identifiers {
		for _, e := range n.Edges {
			if e.Kind == i.Kind && e.Value == i.Value {
				n.Identifiers[j].Ads++
			}
		}
		n.Identifiers[j].Ads = max(1, n.Identifiers[j].Ads)
	}
	return n
}

// add puts a network and its ads on record.
func (r *records) add(n ad.Network, ads ...ad.Ad) {
	for _, a := range ads {
		a.Network = n.ID
		r.ads[a.Key] = a
		r.versions[a.Key] = []ad.Finding{a.Finding}
	}
	r.networks[n.ID] = n
}

// filled is a console with a ring, forty smaller networks, ads that stand alone, and an id that became another.
func filled(t testing.TB, dead console.SetAside, notices ...fault.Notice) *world {
	t.Helper()
	return open(t, fill(), dead, notices...)
}

// fill makes its record.
func fill() *records {
	r := newRecords()
	var ring []ad.Ad
	for i := range 7 {
		ring = append(ring, ringAd(i))
	}
	n := networkOf("n-5f3a9c01b2d4", 0.83, ad.High, ring...)
	n.Identifiers = append(n.Identifiers, ad.NetworkIdentifier{Kind: ad.Phone, Value: "+4722334455", Ads: 3, Hub: true})
	n.Indicators = []ad.Indicator{
		{Code: "N01", Points: 22, Confidence: 1, Evidence: []ad.Evidence{{Value: "phone:" + ringPhone, Ads: n.Ads[:3], Figure: &ad.Figure{What: "personas", Value: 3}}}},
		{Code: "N03", Points: 20, Confidence: 0.8, Evidence: []ad.Evidence{{Quote: "Nye jenter hver uke, spør etter hvem som er her.", Field: ad.FieldText, Ads: n.Ads}}},
		{Code: "S01", Points: 9, Confidence: 0.9, Evidence: ring[0].Finding.Indicators[0].Evidence},
		{Code: "S12", Points: 7, Confidence: 1, Evidence: ring[0].Finding.Indicators[3].Evidence},
	}
	r.add(n, ring...)
	r.became["n-00000000old0"] = n.ID
	older := ring[0].Finding
	older.Sighting.Text = "Hei, jeg heter Mia. Ring 412 34 567."
	older.Sighting.SeenAt = day(1)
	older.Indicators = nil
	older.Identifiers = []ad.Identifier{{Kind: ad.Phone, Value: ringPhone, Evidence: []ad.Evidence{at(ad.FieldText, older.Sighting.Text, "412 34 567")}}}
	r.versions[ring[0].Key] = append(r.versions[ring[0].Key], older)
	for i := range 40 {
		r.addSmall(i)
	}
	for i := range 3 {
		a := jobAd(1000 + i)
		single := networkOf(fmt.Sprintf("n-single%06d", i), 0.02, ad.Low, a)
		r.add(single, a)
	}
	return r
}

// addSmall puts the i-th small network on record: two job ads with one phone.
func (r *records) addSmall(i int) {
	a, b := jobAd(2*i), jobAd(2*i+1)
	band, score := ad.Low, 0.1+float64(i)/1000
	if i%3 == 0 {
		band, score = ad.Elevated, 0.4+float64(i)/1000
	}
	n := networkOf(fmt.Sprintf("n-job%09d", i), score, band, a, b)
	if i%2 == 0 {
		n.Indicators = []ad.Indicator{{Code: "J03", Points: 15, Confidence: 1}, {Code: "J02", Points: 14, Confidence: 1}}
	}
	r.add(n, a, b)
}

// jobAd is an ordinary job ad.
func jobAd(i int) ad.Ad {
	text := fmt.Sprintf("Vi søker kokk til sesongen. Lønn etter tariff. Kontakt kjøkkenet på post%d@bygdekro.example.", i/2)
	s := ad.Sighting{Site: "jobbtorget.example", AdID: fmt.Sprint(i), Category: ad.Job, Title: "Kokk, sesong", Text: text, SeenAt: day(10 + i%20),
		Location: []string{"Voss", "Geilo", "Å i Lofoten"}[i/2%3], Country: "NO", Advertiser: "Bygdekro AS",
		Provenance: ad.Provenance{Source: "import", File: "job_ads.csv", Line: i + 2}}
	quote := fmt.Sprintf("post%d@bygdekro.example", i/2)
	f := ad.Finding{Sighting: s, Language: "nb", Identifiers: []ad.Identifier{{Kind: ad.Email, Value: quote, Evidence: []ad.Evidence{at(ad.FieldText, text, quote)}}}}
	return ad.Ad{Key: s.Key(), Finding: f, FirstSeen: s.SeenAt, LastSeen: s.SeenAt.AddDate(0, 0, i%4), Sightings: 1, Versions: 1, Identifiers: f.Identifiers,
		Standing: ad.Standing{Key: s.Key(), Band: ad.Low, Score: 0.05}}
}
