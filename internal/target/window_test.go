package target_test

import (
	"strings"
	"testing"
	"time"

	"varde/internal/target"
)

// inWindows is the example with windows in a zone.
func inWindows(t testing.TB, zone string, windows ...string) *target.Target {
	t.Helper()
	in := change(t, example(t), "timezone: Europe/Oslo", "timezone: "+zone)
	list := ""
	if len(windows) > 0 {
		list = `"` + strings.Join(windows, `", "`) + `"`
	}
	in = change(t, in, "windows: []", "windows: ["+list+"]")
	tg, err := target.Parse("t.yaml", []byte(in))
	if err != nil {
		t.Fatal(err)
	}
	return tg
}

func at(t testing.TB, text string) time.Time {
	t.Helper()
	moment, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return moment
}

func TestOpen(t *testing.T) {
	for _, tt := range []struct {
		name, zone string
		windows    []string
		open, shut []string
	}{
		{name: "none means always", open: []string{"2026-11-02T00:00:00Z", "2026-12-24T23:59:59Z"}},
		{name: "office hours", windows: []string{"Mon-Fri 08:00-16:00"}, // Oslo: an hour before UTC in winter
			open: []string{"2026-11-02T07:00:00Z", "2026-11-06T14:59:59Z"},
			shut: []string{"2026-11-02T06:59:59Z", "2026-11-06T15:00:00Z", "2026-11-07T10:00:00Z", "2026-11-08T10:00:00Z"}},
		{name: "in summer time", windows: []string{"Mon-Fri 08:00-16:00"},
			open: []string{"2027-06-01T06:00:00Z"}, shut: []string{"2027-06-01T05:59:59Z", "2027-06-01T14:00:00Z"}},
		{name: "over midnight", windows: []string{"Fri 22:00-04:00"},
			open: []string{"2026-11-06T21:00:00Z", "2026-11-06T23:30:00Z", "2026-11-07T02:59:59Z"},
			shut: []string{"2026-11-06T20:59:59Z", "2026-11-07T03:00:00Z", "2026-11-06T02:00:00Z", "2026-11-07T21:00:00Z"}},
		{name: "over Sunday's midnight", windows: []string{"Sun 23:00-01:00"},
			open: []string{"2026-11-08T22:30:00Z", "2026-11-08T23:59:00Z"}, shut: []string{"2026-11-09T00:00:00Z", "2026-11-07T23:30:00Z"}},
		{name: "days over the week's end", windows: []string{"Sat-Mon 10:00-11:00"},
			open: []string{"2026-11-07T09:00:00Z", "2026-11-08T09:30:00Z", "2026-11-09T09:59:00Z"}, shut: []string{"2026-11-10T09:00:00Z", "2026-11-06T09:30:00Z"}},
		{name: "all day", windows: []string{"Wed 00:00-24:00"},
			open: []string{"2026-11-03T23:00:00Z", "2026-11-04T22:59:59Z"}, shut: []string{"2026-11-03T22:59:59Z", "2026-11-04T23:00:00Z"}},
		{name: "every day round the clock", windows: []string{"08:00-08:00"}, open: []string{"2026-11-04T06:59:00Z", "2026-11-04T07:00:00Z", "2026-11-04T20:00:00Z"}},
		{name: "several", windows: []string{"08:00-09:00", "20:00-21:00"},
			open: []string{"2026-11-04T07:30:00Z", "2026-11-04T19:30:00Z"}, shut: []string{"2026-11-04T12:00:00Z"}},
		{name: "another zone", zone: "Pacific/Auckland", windows: []string{"Mon 08:00-09:00"}, // 13 hours ahead in its summer
			open: []string{"2026-11-01T19:30:00Z"}, shut: []string{"2026-11-02T08:30:00Z"}},
		// 2026-10-25 in Oslo: at 03:00 the clocks go back to 02:00, so that 02:30 comes twice and both count.
		{name: "the hour that comes twice", windows: []string{"02:00-03:00"},
			open: []string{"2026-10-25T00:00:00Z", "2026-10-25T00:59:59Z", "2026-10-25T01:00:00Z", "2026-10-25T01:59:59Z"},
			shut: []string{"2026-10-24T23:59:59Z", "2026-10-25T02:00:00Z"}},
		// 2027-03-28 in Oslo: at 02:00 the clocks go on to 03:00, so that there is no 02:30.
		{name: "the hour that never comes", windows: []string{"02:00-03:00"},
			open: []string{"2027-03-27T01:30:00Z", "2027-03-29T00:30:00Z"}, shut: []string{"2027-03-28T00:59:59Z", "2027-03-28T01:00:00Z", "2027-03-28T01:30:00Z"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.zone == "" {
				tt.zone = "Europe/Oslo"
			}
			tg := inWindows(t, tt.zone, tt.windows...)
			for want, list := range map[bool][]string{true: tt.open, false: tt.shut} {
				for _, moment := range list {
					if got := tg.Open(at(t, moment)); got != want {
						t.Errorf("%s at %s: open is %v", tt.windows, moment, got)
					}
				}
			}
		})
	}
}

func TestOpens(t *testing.T) {
	for _, tt := range []struct{ window, now, want string }{
		{"Mon-Fri 08:00-16:00", "2026-11-02T10:00:30Z", "2026-11-02T10:00:30Z"},
		{"Mon-Fri 08:00-16:00", "2026-11-02T05:12:34Z", "2026-11-02T07:00:00Z"},
		{"Mon-Fri 08:00-16:00", "2026-11-06T15:00:00Z", "2026-11-09T07:00:00Z"},
		{"Mon 08:00-08:01", "2026-11-02T07:01:00Z", "2026-11-09T07:00:00Z"}, // a week but a minute
		{"Sun 01:00-04:00", "2026-10-24T12:00:00Z", "2026-10-24T23:00:00Z"}, // into the night of 25 hours
		{"Sun 04:00-05:00", "2026-10-24T22:00:00Z", "2026-10-25T03:00:00Z"}, // and over it
		{"Sun 04:00-05:00", "2027-03-27T22:00:00Z", "2027-03-28T02:00:00Z"}, // over the night of 23
		{"Sun 02:00-02:30", "2027-03-27T22:00:00Z", "2027-04-04T00:00:00Z"}, // the hour that never comes: a week later
	} {
		if got := inWindows(t, "Europe/Oslo", tt.window).Opens(at(t, tt.now)); !got.Equal(at(t, tt.want)) {
			t.Errorf("%s at %s opens at %s, want %s", tt.window, tt.now, got.UTC().Format(time.RFC3339), tt.want)
		}
	}
}

func TestValidity(t *testing.T) {
	for _, tt := range []struct{ name, zone, from, to, begins, ends string }{
		{"days in winter", "Europe/Oslo", "2026-11-01", "2027-01-31", "2026-10-31T23:00:00Z", "2027-01-31T23:00:00Z"},
		{"to summer time", "Europe/Oslo", "2026-11-01", "2027-04-30", "2026-10-31T23:00:00Z", "2027-04-30T22:00:00Z"},
		{"the day of 25 hours", "Europe/Oslo", "2026-10-25", "2026-10-25", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"},
		{"the day of 23 hours", "Europe/Oslo", "2027-03-28", "2027-03-28", "2027-03-27T23:00:00Z", "2027-03-28T22:00:00Z"},
		{"elsewhere", "America/New_York", "2026-11-02", "2026-11-02", "2026-11-02T05:00:00Z", "2026-11-03T05:00:00Z"},
		{"instants", "Europe/Oslo", "2026-11-01T08:00:00Z", "2026-11-02T12:00:00+01:00", "2026-11-01T08:00:00Z", "2026-11-02T11:00:00Z"},
	} {
		in := change(t, change(t, example(t), "valid_from: 2026-11-01 ", "valid_from: "+tt.from+" "), "valid_to: 2027-04-30", "valid_to: "+tt.to)
		tg, err := target.Parse("t.yaml", []byte(change(t, in, "timezone: Europe/Oslo", "timezone: "+tt.zone)))
		if err != nil {
			t.Fatal(err)
		}
		if !tg.From().Equal(at(t, tt.begins)) || !tg.To().Equal(at(t, tt.ends)) {
			t.Errorf("%s: from %s to %s", tt.name, tg.From(), tg.To())
		}
	}
}
