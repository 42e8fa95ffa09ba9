package network_test

import (
	"testing"

	"varde/internal/ad"
)

// TestARingCannotHideAsSpam: words of fraudsters set nobody apart who also speaks of people that are held, sent or changed.
func TestARingCannotHideAsSpam(t *testing.T) {
	for name, tt := range map[string]struct {
		ads  []one
		want ad.Class
	}{
		"a fraudster in many towns": {several(8, func(i int) one { return one{name: "vip", place: towns[i], text: 1, codes: "X01 X02 S02"} }), ad.Spam},
		"who invents names": {several(8, func(i int) one {
			return one{name: names[i], place: towns[i], text: 1, show: "1", codes: "X01 S02 S07"}
		}), ad.Spam},
		"a ring that asks for a deposit": {several(8, func(i int) one {
			return one{name: names[i%4], place: towns[i], text: 1, show: "1", codes: "X01 S07 S09 S11"}
		}), ""},
		"debt beside a deposit": {several(8, func(i int) one { return one{name: "mia", place: towns[i], text: 1, show: "1", codes: "X01 S17"} }), ""},
		"a recruiter who promises easy money": {several(8, func(i int) one {
			return one{name: names[i], place: towns[i], text: 1, show: "1", category: ad.Job, codes: "X03 J03 J05"}
		}), ""},
		"easy money alone": {several(8, func(i int) one {
			return one{name: names[i], place: towns[i], text: 1, show: "1", category: ad.Job, codes: "X03"}
		}), ad.Spam},
	} {
		t.Run(name, func(t *testing.T) {
			rec := linked(t, tt.ads...)
			for key, a := range rec.ads {
				if a.Class != tt.want || tt.want == ad.Spam && a.Band != ad.Low {
					t.Errorf("%s is of class %q, %s", key, a.Class, a.Band)
				}
			}
			for id, n := range rec.networks {
				if n.Class != tt.want {
					t.Errorf("network %s is of class %q", id, n.Class)
				}
			}
		})
	}
}

// TestOneAccountIsNotMany: what is on more ads than a hub is counted, not guessed.
func TestOneAccountIsNotMany(t *testing.T) {
	rec := linked(t, several(110, func(i int) one {
		return one{name: "mia", place: "Oslo", text: 1, show: "1", codes: "X01", day: float64(i) / 4}
	})...)
	for key, a := range rec.ads {
		if a.Class != "" {
			t.Fatalf("%s, one of a person's many reposts, is of class %q", key, a.Class)
		}
	}
}
