package watch_test

import (
	"errors"
	"testing"

	"varde/internal/ad"
	"varde/internal/extract"
	"varde/internal/fault"
	"varde/internal/text"
	"varde/internal/watch"
)

// TestWhatIsWatchedIsWhatAdsShow: each value comes out as an ad that says it has it.
func TestWhatIsWatchedIsWhatAdsShow(t *testing.T) {
	for _, tt := range []struct {
		kind  ad.Kind
		value string
		want  string // kind:value
		said  string // how an ad says it, "" where no text does
	}{
		{ad.Phone, "412 34 567", "phone:+4741234567", ""},
		{ad.Phone, "0047 41234567", "phone:+4741234567", ""},
		{ad.Handle, "Telegram:@Mia_B", "handle:telegram:mia_b", "telegram: @mia_b"},
		{ad.Handle, "tg:mia_b", "handle:telegram:mia_b", "tg: mia_b"},
		{ad.Email, "X@Y.example", "email:x@y.example", "x (at) y (dot) example"},
		{ad.Payment, "vipps:614203", "payment:vipps:614203", "Vipps 614203"},
		{ad.Payment, "vipps:41234567", "payment:vipps:+4741234567", "Vipps 412 34 567"},
		{ad.Payment, "NO93 8601 1117 947", "payment:iban:NO9386011117947", "IBAN NO9386011117947"},
		{ad.Payment, "iban:no9386011117947", "payment:iban:NO9386011117947", ""},
		{ad.Link, "https://www.b.example/profil/7?x=1", "link:b.example/profil/7", "se b.example/profil/7"},
		{ad.Link, "t.me/mia_bergen", "handle:telegram:mia_bergen", "t.me/mia_bergen"},
		{ad.Link, "https://wa.me/4741234567", "phone:+4741234567", "wa.me/4741234567"},
	} {
		kind, value, err := watch.Parse(tt.kind, tt.value, "NO")
		if got := string(kind) + ":" + value; err != nil || got != tt.want {
			t.Errorf("%s %q: got %s, %v, want %s", tt.kind, tt.value, got, err, tt.want)
		}
		if tt.said == "" {
			continue
		}
		shown := map[string]bool{}
		for _, c := range extract.Contacts(text.Read(tt.said), "NO") {
			shown[string(c.Kind)+":"+c.Value] = true
		}
		for _, p := range extract.Payments(text.Read(tt.said), "NO") {
			shown["payment:"+p.Value] = true
		}
		if !shown[tt.want] {
			t.Errorf("an ad that says %q shows %v, not %s", tt.said, shown, tt.want)
		}
	}
	for _, tt := range []struct {
		kind  ad.Kind
		value string
	}{{ad.Phone, "113"}, {ad.Handle, "mia"}, {ad.Handle, "nosuch:mia"}, {ad.Email, "a b"}, {ad.Payment, "iban:NO9386011117948"}, {ad.Link, "site.example"}, {ad.PHash, "00"}} {
		if kind, value, err := watch.Parse(tt.kind, tt.value, "NO"); !errors.Is(err, fault.ErrUsage) {
			t.Errorf("%s %q is taken as %s %q", tt.kind, tt.value, kind, value)
		}
	}
}
