package adapter_test

import (
	"html"
	"strings"
	"testing"
	"time"

	"varde/crawler/adapter"
	"varde/internal/target"
)

// with is a target whose ads have a title and one more field of class f, as YAML.
func with(t testing.TB, name, more string, fields ...string) *target.Target {
	t.Helper()
	return spec(t, `{kind: css, ad_path: "^/ad/(\\d+)", fields: {title: {selector: h1}, `+name+`: {selector: .f`+more+`}}}`, fields...)
}

func ofField(values ...string) *adapter.Page {
	var b strings.Builder
	b.WriteString("<h1>x</h1>")
	for _, v := range values {
		b.WriteString(`<p class="f">` + html.EscapeString(v) + "</p>")
	}
	return page(b.String())
}

// TestTimesOfEveryLanguage: pages were fetched on Wednesday 2026-10-07 at 14:50:30 in Oslo, where the clocks stand two hours before UTC,
// and one hour from 2026-10-25 on.
func TestTimesOfEveryLanguage(t *testing.T) {
	for language, tests := range map[string]map[string]string{
		"any": {
			"2026-09-01T10:30:00+02:00": "09-01 08:30", "2026-09-01T10:30:00Z": "09-01 10:30", "2026-09-01T10:30:00+0200": "09-01 08:30", "2026-09-01T10:30:00": "09-01 08:30",
			"2026-09-01T10:30": "09-01 08:30", "2026-09-01 10:30": "09-01 08:30", "2026-09-01 10:30:59": "09-01 08:30", "2026-09-01": "08-31 22:00", "2026-12-01": "11-30 23:00", "20260901T103000Z": "09-01 10:30",
			"2026-09-01 10:30:00 +0200": "09-01 08:30", "Tue, 01 Sep 2026 10:30:00 GMT": "09-01 10:30", "Tue, 01 Sep 2026 10:30:00 +0200": "09-01 08:30", "Tue, 1 Sep 2026 10:30:00 +0200": "09-01 08:30",
			"1788258600": "09-01 10:30", "1788258600000": "09-01 10:30", "1788258600123": "09-01 10:30", "2026/09/01": "08-31 22:00", "2026.09.01 10:30": "09-01 08:30",
			"01.09.2026": "08-31 22:00", "1.9.2026": "08-31 22:00", "01.09.26": "08-31 22:00", "1/9/2026": "08-31 22:00", "01-09-2026 10:30": "09-01 08:30", "01.09.2026, 10.30": "09-01 08:30",
			"24.12.2026": "12-23 23:00", "Posted: 2026-09-01T10:30:00+02:00 (CEST)": "09-01 08:30", "01.09.2026 10:30 UTC": "09-01 10:30", "01.09.2026 10:30:15 +03:00": "09-01 07:30", "14:05": "10-07 12:05",
		},
		"nb": {
			"4. okt. 2026 kl. 14.05": "10-04 12:05", "4. oktober 2026": "10-03 22:00", "4. okt. kl. 14.05": "10-04 12:05", "Publisert: søndag 4. oktober 2026 klokken 14:05": "10-04 12:05", "4.10. 14:05": "10-04 12:05",
			"24. des.": "2025-12-23 23:00", "i dag 14:05": "10-07 12:05", "I dag, kl. 09:00": "10-07 07:00", "i dag": "10-06 22:00", "i går": "10-05 22:00", "I går 23.59": "10-06 21:59", "i går\u00a0kl.\u00a014.05": "10-06 12:05",
			"i forgårs": "10-04 22:00", "for 3 timer siden": "10-07 09:00", "3 t siden": "10-07 09:00", "for 20 minutter siden": "10-07 12:30", "for en time siden": "10-07 11:00", "for 2 dager siden": "10-04 22:00",
			"2 uker siden": "09-20 22:00", "for 3 måneder siden": "06-30 22:00", "for ett år siden": "2024-12-31 23:00", "mandag 14:05": "10-05 12:05", "onsdag 14:05": "10-07 12:05", "onsdag kl. 20.00": "09-30 18:00",
			"torsdag": "09-30 22:00", "akkurat nå": "10-07 12:50", "Sist endret 1. mai 2026, 08:15": "05-01 06:15", "4. okt. 2026 kl. 9": "10-04 07:00", "lagt ut i dag kl 7": "10-07 05:00",
		},
		"nn": {"4. oktober 2026 kl. 14.05": "10-04 12:05", "for 3 timar sidan": "10-07 09:00", "i går": "10-05 22:00", "for 2 dagar sidan": "10-04 22:00", "for 2 veker sidan": "09-20 22:00", "laurdag 10:00": "10-03 08:00", "sundag": "10-03 22:00"},
		"en": {"October 4, 2026": "10-03 22:00", "Oct 4th, 2026, 2:05 PM": "10-04 12:05", "4 Oct 2026 2:05 p.m.": "10-04 12:05", "4 October 2026 12:05 am": "10-03 22:05", "the 4th of October 2026": "10-03 22:00", "2 days ago": "10-04 22:00",
			"3 hours ago": "10-07 09:00", "an hour ago": "10-07 11:00", "a day ago": "10-05 22:00", "5 mins ago": "10-07 12:45", "today at 2:05 pm": "10-07 12:05", "Yesterday": "10-05 22:00", "yesterday, 14:05": "10-06 12:05",
			"day before yesterday": "10-04 22:00", "Just now": "10-07 12:50", "a week ago": "09-27 22:00", "last Monday": "10-04 22:00", "May 5": "05-04 22:00", "1 month ago": "08-31 22:00", "Sunday, October 4": "10-03 22:00"},
		"sv": {"4 oktober 2026 14:05": "10-04 12:05", "4 okt. 14:05": "10-04 12:05", "för 3 timmar sedan": "10-07 09:00", "3 tim sedan": "10-07 09:00", "Idag 14:05": "10-07 12:05", "igår 14:05": "10-06 12:05", "i förrgår": "10-04 22:00", "för 2 veckor sedan": "09-20 22:00",
			"4 maj 2026": "05-03 22:00", "lördag": "10-02 22:00", "just nu": "10-07 12:50", "4 augusti": "08-03 22:00"},
		"da": {"4. oktober 2026 kl. 14.05": "10-04 12:05", "for 3 timer siden": "10-07 09:00", "I dag kl. 14:05": "10-07 12:05", "i går": "10-05 22:00", "for 2 uger siden": "09-20 22:00", "4. marts 2026": "03-03 23:00", "for en måned siden": "08-31 22:00", "lige nu": "10-07 12:50"},
		"pl": {"4 października 2026": "10-03 22:00", "4 października 2026 r., 14:05": "10-04 12:05", "4 paź 2026 14:05": "10-04 12:05", "wczoraj": "10-05 22:00", "wczoraj o 14:05": "10-06 12:05", "dzisiaj o 14:05": "10-07 12:05", "dziś 14:05": "10-07 12:05",
			"przedwczoraj": "10-04 22:00", "3 godziny temu": "10-07 09:00", "godzinę temu": "10-07 11:00", "5 minut temu": "10-07 12:45", "2 dni temu": "10-04 22:00", "tydzień temu": "09-27 22:00", "miesiąc temu": "08-31 22:00", "przed chwilą": "10-07 12:50",
			"04 lip 2026": "07-03 22:00", "poniedziałek": "10-04 22:00"},
		"ro": {"4 octombrie 2026": "10-03 22:00", "4 octombrie 2026, ora 14:05": "10-04 12:05", "ieri": "10-05 22:00", "azi 14:05": "10-07 12:05", "astăzi": "10-06 22:00", "acum 3 ore": "10-07 09:00", "acum o oră": "10-07 11:00", "în urmă cu 2 zile": "10-04 22:00",
			"alaltăieri": "10-04 22:00", "acum o săptămână": "09-27 22:00", "chiar acum": "10-07 12:50", "sâmbătă": "10-02 22:00", "4 ian. 2026": "01-03 23:00", "acum 5 minute": "10-07 12:45"},
		"ru": {"4 октября 2026": "10-03 22:00", "4 октября 2026 г. в 14:05": "10-04 12:05", "4 окт. 2026, 14:05": "10-04 12:05", "вчера": "10-05 22:00", "вчера в 14:05": "10-06 12:05", "сегодня в 14:05": "10-07 12:05", "позавчера": "10-04 22:00",
			"3 часа назад": "10-07 09:00", "час назад": "10-07 11:00", "5 минут назад": "10-07 12:45", "2 дня назад": "10-04 22:00", "неделю назад": "09-27 22:00", "месяц назад": "08-31 22:00", "год назад": "2024-12-31 23:00", "только что": "10-07 12:50", "понедельник": "10-04 22:00"},
		"uk": {"4 жовтня 2026": "10-03 22:00", "4 жовтня 2026 р. 14:05": "10-04 12:05", "вчора": "10-05 22:00", "вчора о 14:05": "10-06 12:05", "сьогодні о 14:05": "10-07 12:05", "позавчора": "10-04 22:00", "3 години тому": "10-07 09:00", "2 дні тому": "10-04 22:00",
			"тиждень тому": "09-27 22:00", "щойно": "10-07 12:50", "п'ятниця": "10-01 22:00", "4 листопада 2025": "2025-11-03 23:00"},
		"lt": {"2026 m. spalio 4 d.": "10-03 22:00", "2026 m. spalio 4 d. 14:05": "10-04 12:05", "spalio 4 d.": "10-03 22:00", "2026-10-04 14:05": "10-04 12:05", "vakar": "10-05 22:00", "vakar 14:05": "10-06 12:05", "šiandien 14:05": "10-07 12:05", "užvakar": "10-04 22:00",
			"prieš 3 valandas": "10-07 09:00", "prieš 2 dienas": "10-04 22:00", "prieš savaitę": "09-27 22:00", "ką tik": "10-07 12:50", "prieš 5 min.": "10-07 12:45", "pirmadienis": "10-04 22:00"},
		"es": {"4 de octubre de 2026": "10-03 22:00", "4 de octubre de 2026 a las 14:05": "10-04 12:05", "4 oct. 2026": "10-03 22:00", "ayer": "10-05 22:00", "ayer a las 14:05": "10-06 12:05", "hoy": "10-06 22:00", "anteayer": "10-04 22:00", "hace 3 horas": "10-07 09:00",
			"hace un día": "10-05 22:00", "hace 2 semanas": "09-20 22:00", "ahora": "10-07 12:50", "4 ago 2026": "08-03 22:00", "sábado": "10-02 22:00"},
		"de": {"4. Oktober 2026": "10-03 22:00", "4. Oktober 2026 um 14:05 Uhr": "10-04 12:05", "4. Okt. 2026, 14:05": "10-04 12:05", "04. März 2026": "03-03 23:00", "gestern": "10-05 22:00", "gestern, 14:05": "10-06 12:05", "heute 14:05": "10-07 12:05", "vorgestern": "10-04 22:00",
			"vor 3 Stunden": "10-07 09:00", "vor einer Stunde": "10-07 11:00", "vor 2 Tagen": "10-04 22:00", "vor einer Woche": "09-27 22:00", "gerade eben": "10-07 12:50", "Samstag": "10-02 22:00", "4. Dez.": "2025-12-03 23:00"},
	} {
		for in, want := range tests {
			t.Run(language+"/"+in, func(t *testing.T) {
				got, err := extract(t, with(t, "posted_at", ""), ofField(in))
				if err != nil {
					t.Fatal(err)
				}
				if len(want) == len("01-02 15:04") {
					want = "2026-" + want
				}
				if have := got.Ad.PostedAt.Format("2006-01-02 15:04"); have != want || len(got.Problems) > 0 || got.Ad.PostedAt.Location() != time.UTC {
					t.Errorf("%s, %q; want %s", have, got.Problems, want)
				}
			})
		}
	}
}

func TestWhatIsNoTime(t *testing.T) {
	for _, in := range []string{"snart", "etter avtale", "2026-02-30", "30. februar 2026", "32.10.2026", "12/24/2026", "01.13.2026", "4. okt. 2026 kl. 25:00", "om 2 dager", "mai", "1026-01-01", "0000-00-00", "99999999999999999999",
		"ring 900 00 001", "23:59", "neste torsdag om en uke", "14.99", strings.Repeat("9", 5000), strings.Repeat("4. okt. ", 5000) + "x", "-1", "1e300", "NaN", "for 100000 år siden", "\xff\xfe"} {
		if strings.HasPrefix(in, "4. okt. 4.") || in == "neste torsdag om en uke" { // the first date counts, and a weekday is the last one
			continue
		}
		got, err := extract(t, with(t, "posted_at", ""), ofField(in))
		if err != nil || !got.Ad.PostedAt.IsZero() {
			t.Errorf("%.40q: %s, %v", in, got.Ad.PostedAt, err)
		}
		if len(got.Problems) != 1 && !strings.Contains(in, "\xff") || !strings.HasPrefix(got.Problems[len(got.Problems)-1], "posted_at: ") || len(got.Problems[0]) > 120 {
			t.Errorf("%.40q: problems %q", in, got.Problems)
		}
	}
}

// TestALayoutIsTheOnlyForm: where a site writes the month first, or anything else that nobody can guess.
func TestALayoutIsTheOnlyForm(t *testing.T) {
	for in, tt := range map[string]struct{ layout, want string }{
		"12/24/2026":                {"01/02/2006", "2026-12-23 23:00"},
		"01.09.2026 10:30":          {"02.01.2006 15:04", "2026-09-01 08:30"},
		"4. oktober 2026":           {"2. January 2006", "2026-10-03 22:00"},
		"4 OKT 26":                  {"2 Jan 06", "2026-10-03 22:00"},
		"środa, 4 lutego 2026":      {"Monday, 2 January 2006", "2026-02-03 23:00"},
		"24.12 kl 15":               {"02.01 kl 15", "2025-12-24 14:00"},
		"2026-09-01T10:30:00Z":      {"02.01.2006", ""},
		"i går":                     {"02.01.2006", ""},
		"0001-01-01":                {"2006-01-02", ""},
		"2026-09-01 10:30 +0300":    {"2006-01-02 15:04 -0700", "2026-09-01 07:30"},
		"Publisert 01.09.2026 side": {"02.01.2006", ""},
	} {
		got, err := extract(t, with(t, "posted_at", `, layout: "`+tt.layout+`"`), ofField(in))
		have := ""
		if !got.Ad.PostedAt.IsZero() {
			have = got.Ad.PostedAt.Format("2006-01-02 15:04")
		}
		if err != nil || have != tt.want || (tt.want == "") != (len(got.Problems) == 1) {
			t.Errorf("%q by %q: %s, %q, %v", in, tt.layout, have, got.Problems, err)
		}
	}
}

// TestTimesNeedTheClockOfTheFetch: the adapter has none.
func TestTimesNeedTheClockOfTheFetch(t *testing.T) {
	for in, ok := range map[string]bool{"i går": false, "2 days ago": false, "14:05": false, "4. okt.": false, "mandag": false, "nettopp": false, "4. okt. 2026": true} {
		p := ofField(in)
		p.At = time.Time{}
		got, err := extract(t, with(t, "posted_at", ""), p)
		if err != nil || got.Ad.PostedAt.IsZero() == ok || !ok && !strings.Contains(strings.Join(got.Problems, ""), "when the page was fetched") {
			t.Errorf("%q: %s, %q, %v", in, got.Ad.PostedAt, got.Problems, err)
		}
	}
	for in, want := range map[string]string{"2026-09-01 10:30": "10:30", "i dag 10:30": "10:30"} { // in the zone of the site
		got, err := extract(t, with(t, "posted_at", "", "timezone: Europe/London"), ofField(in))
		if err != nil || got.Ad.PostedAt.Add(time.Hour).Format("15:04") != want {
			t.Errorf("%q: %s, %v", in, got.Ad.PostedAt, err)
		}
	}
}

// TestTheSameWordsMeanTheSameTime: an ad is read again and again, and a time that moves each time would make a new version of it.
func TestTheSameWordsMeanTheSameTime(t *testing.T) {
	for in, later := range map[string]time.Duration{"i går": 9 * time.Hour, "3 timer siden": 9 * time.Minute, "2 days ago": 9 * time.Hour, "3 weeks ago": 4 * 24 * time.Hour, "for 2 måneder siden": 20 * 24 * time.Hour, "4. okt.": 90 * 24 * time.Hour, "for 1 år siden": 80 * 24 * time.Hour} {
		var times []time.Time
		for _, at := range []time.Time{fetched, fetched.Add(later)} {
			p := ofField(in)
			p.At = at
			got, err := extract(t, with(t, "posted_at", ""), p)
			if err != nil || got.Ad.PostedAt.IsZero() {
				t.Fatalf("%q: %v", in, err)
			}
			times = append(times, got.Ad.PostedAt)
		}
		if !times[0].Equal(times[1]) {
			t.Errorf("%q was %s, and %s later %s", in, times[0], later, times[1])
		}
	}
}
