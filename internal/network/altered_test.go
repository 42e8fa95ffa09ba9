package network_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"slices"
	"testing"

	"varde/internal/ad"
	"varde/internal/network"
	"varde/internal/picture"
	"varde/internal/picture/alter"
	"varde/internal/testkit"
)

// pictureFile is a made-up picture, altered in the way named, or as it is.
func pictureFile(t *testing.T, alteration string) []byte {
	t.Helper()
	r := rand.New(rand.NewPCG(8, 1))
	img := image.NewRGBA(image.Rect(0, 0, 320, 240))
	for i := range 320 * 240 {
		img.SetRGBA(i%320, i/320, color.RGBA{uint8(i % 320 / 3), 90, 80, 255})
	}
	for range 260 {
		x, y, w, h, c := r.IntN(320), r.IntN(240), 3+r.IntN(28), 3+r.IntN(28), uint8(r.IntN(256))
		for dy := range h {
			for dx := range w {
				img.SetRGBA(min(x+dx, 319), min(y+dy, 239), color.RGBA{c, c, c / 2, 255})
			}
		}
	}
	for _, a := range alter.All() {
		if a.Name == alteration {
			data, err := a.Apply(img)
			if err != nil {
				t.Fatal(err)
			}
			return data
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil || alteration != "" {
		t.Fatalf("no alteration is called %q, %v", alteration, err)
	}
	return b.Bytes()
}

// seen is the ad number n with the pictures altered as named.
func (o one) seen(t *testing.T, n int, site string, alterations ...string) ad.Finding {
	t.Helper()
	f := o.finding(n)
	f.Sighting.Site = site
	for i, a := range alterations {
		p, err := picture.Hash(bytes.NewReader(pictureFile(t, a)), picture.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		print, err := picture.ParseFingerprint(p.Features)
		if err != nil {
			t.Fatal(err)
		}
		f.Identifiers = append(f.Identifiers, ad.Identifier{Kind: ad.PHash, Value: p.PHash + "-" + p.SHA256[:12], Signature: print.Signature(),
			Evidence: []ad.Evidence{{Field: ad.FieldImages, Image: i + 1}}})
	}
	return f
}

func TestAlteredPictures(t *testing.T) {
	const a, b = "a.example", "b.example"
	for name, tt := range map[string]struct {
		first, second []string // the alterations of each ad's pictures
		site          string
		show          [2]string
		want          string // of the evidence: what, and the pictures' numbers
	}{
		"mirrored on another site":      {first: []string{""}, second: []string{"left and right"}, site: b, want: "mirrored 1 1"},
		"the second of two":             {first: []string{""}, second: []string{"", "left and right"}, site: a, want: ""},
		"mirrored and nothing else":     {first: []string{"JPEG 70"}, second: []string{"left and right"}, site: a, want: "mirrored 1 1"},
		"cropped on one site":           {first: []string{""}, second: []string{"centre 5 %"}, site: a, want: "cropped 1 1"},
		"cropped by the other site":     {first: []string{""}, second: []string{"centre 5 %"}, site: b, want: ""},
		"framed on one site":            {first: []string{""}, second: []string{"black 15 %"}, site: a, want: "framed 1 1"},
		"framed by the other site":      {first: []string{""}, second: []string{"black 15 %"}, site: b, want: ""},
		"turned on one site":            {first: []string{""}, second: []string{"90°"}, site: a, want: "turned 1 1"},
		"compressed and resized":        {first: []string{"JPEG 30"}, second: []string{"50 %"}, site: a, want: ""},
		"written over by the site":      {first: []string{""}, second: []string{"logo"}, site: a, want: ""},
		"her own, under her own number": {first: []string{""}, second: []string{"left and right"}, site: b, show: [2]string{"1", "1"}, want: ""},
		"other numbers":                 {first: []string{""}, second: []string{"left and right"}, site: b, show: [2]string{"1", "2"}, want: "mirrored 1 1"},
	} {
		l, err := network.Open("", config, testkit.Catalogue(t))
		if err != nil {
			t.Fatal(err)
		}
		in := []ad.Finding{one{name: "mia", show: tt.show[0]}.seen(t, 1, a, tt.first...), one{name: "eva", show: tt.show[1]}.seen(t, 2, tt.site, tt.second...)}
		u, err := l.Link(t.Context(), in, start)
		if err != nil {
			t.Fatal(err)
		}
		if len(u.Networks) != 1 || len(u.Networks[0].Ads) != 2 {
			t.Errorf("%s: the ads are not linked: %+v", name, u.Networks)
			continue
		}
		got := ""
		for _, code := range u.Networks[0].Indicators {
			if code.Code != "N05" {
				continue
			}
			e := code.Evidence[0]
			got = fmt.Sprintf("%s %v %v", e.Figure.What, e.Figure.Value, e.Figure.Compared)
			if !slices.Equal(e.Ads, []ad.Key{in[0].Sighting.Key(), in[1].Sighting.Key()}) {
				t.Errorf("%s: the evidence names %v", name, e.Ads)
			}
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}
