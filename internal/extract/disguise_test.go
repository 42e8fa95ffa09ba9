package extract_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"varde/internal/extract"
	"varde/internal/text"
)

// wide is s in full-width letters.
func wide(s string) string {
	return strings.Map(func(r rune) rune {
		if r > ' ' && r <= '~' {
			return r - '!' + '！'
		}
		return r
	}, s)
}

// invisible puts a zero-width space between any two characters.
func invisible(s string) string { return strings.Join(strings.Split(s, ""), "\u200b") }

// lookalike puts a Cyrillic letter for a Latin one that looks like it.
func lookalike(s string) string {
	return strings.Replace(strings.Replace(s, "a", "а", 1), "o", "о", 1)
}

// mailDisguises are ways in which people write mail addresses.
var mailDisguises = map[string]func(local, host string) string{
	"plain":      func(l, h string) string { return l + "@" + h },
	"capitals":   func(l, h string) string { return strings.ToUpper(l + "@" + h) },
	"full-width": func(l, h string) string { return wide(l + "@" + h) },
	"invisible":  func(l, h string) string { return invisible(l + "@" + h) },
	"lookalike":  func(l, h string) string { return lookalike(l) + "@" + h },
	"spaces":     func(l, h string) string { return l + " @ " + strings.ReplaceAll(h, ".", " . ") },
	"brackets":   func(l, h string) string { return l + "[@]" + strings.ReplaceAll(h, ".", "[.]") },
	"at dot":     func(l, h string) string { return l + " (at) " + strings.ReplaceAll(h, ".", " dot ") },
	"(a)":        func(l, h string) string { return l + "(a)" + h },
	"words":      func(l, h string) string { return l + " at " + strings.ReplaceAll(h, ".", " dot ") },
	"Norwegian":  func(l, h string) string { return l + " krøllalfa " + strings.ReplaceAll(h, ".", " punktum ") },
	"Swedish":    func(l, h string) string { return l + " snabela " + strings.ReplaceAll(h, ".", " punkt ") },
	"Polish":     func(l, h string) string { return l + " małpa " + strings.ReplaceAll(h, ".", " kropka ") },
	"Russian":    func(l, h string) string { return l + " собака " + strings.ReplaceAll(h, ".", " точка ") },
	"Ukrainian":  func(l, h string) string { return l + " равлик " + strings.ReplaceAll(h, ".", " крапка ") },
	"Romanian":   func(l, h string) string { return l + " arond " + strings.ReplaceAll(h, ".", " punct ") },
	"Lithuanian": func(l, h string) string { return l + " eta " + strings.ReplaceAll(h, ".", " taškas ") },
	"Spanish":    func(l, h string) string { return l + " arroba " + strings.ReplaceAll(h, ".", " punto ") },
	"dots apart": func(l, h string) string { return strings.ReplaceAll(l, ".", " [dot] ") + " (at) " + h },
}

// around are sentences that an address or name stands in.
var around = [][2]string{{"", ""}, {"Skriv til meg: ", ", eller ring."}, {"mail ", "\nhilsen meg"}, {"(", ")"}, {"пиши: ", " ❤"}, {"Kontakt → ", " nå"}}

func TestMailSurvivesDisguise(t *testing.T) {
	for name, disguise := range mailDisguises {
		t.Run(name, rapid.MakeCheck(func(t *rapid.T) {
			local := rapid.StringMatching(`[b-d][a-z]{4,8}[._][b-d][a-z]{3,8}[0-9]{1,3}`).Draw(t, "local")
			host := rapid.SampledFrom([]string{"gmail.com", "firma.no", "jobs.acme.co.uk", "wp.pl", "mail.ru", "b.example"}).Draw(t, "host")
			s := rapid.SampledFrom(around).Draw(t, "around")
			in := s[0] + disguise(local, host) + s[1]
			found := extract.Contacts(text.Read(in), "NO")
			if len(found) != 1 || found[0].Value != local+"@"+host {
				t.Fatalf("%q: got %v, want %s@%s", in, found, local, host)
			}
			if !strings.Contains(disguise(local, host), strings.Trim(in[found[0].Start:found[0].End], " ")) {
				t.Fatalf("%q: the span is %q", in, in[found[0].Start:found[0].End])
			}
		}))
	}
}

// handleDisguises are ways in which people write an account of a service.
var handleDisguises = map[string]func(service, name string) string{
	"plain":      func(s, n string) string { return s + ": " + n },
	"at":         func(s, n string) string { return s + " @" + n },
	"behind":     func(s, n string) string { return "@" + n + " on " + s },
	"brackets":   func(s, n string) string { return n + " (" + s + ")" },
	"capitals":   func(s, n string) string { return strings.ToUpper(s + ": " + n) },
	"full-width": func(s, n string) string { return wide(s + ": " + n) },
	"invisible":  func(s, n string) string { return invisible(s) + ": " + invisible(n) },
	"lookalike":  func(s, n string) string { return lookalike(s) + " @" + n },
	"leet": func(s, n string) string {
		return strings.NewReplacer("e", "3", "a", "4", "i", "1").Replace(s) + " @" + n
	},
	"spaced":    func(s, n string) string { return strings.Join(strings.Split(s, ""), " ") + " @" + n },
	"emoji":     func(s, n string) string { return s + " 👉 " + n },
	"is":        func(s, n string) string { return "my " + s + " is " + n },
	"spelled":   func(s, n string) string { return s + ": " + strings.ReplaceAll(n, "_", " [underscore] ") },
	"Norwegian": func(s, n string) string { return s + " heter " + strings.ReplaceAll(n, "_", " understrek ") },
	"Russian":   func(s, n string) string { return s + " мой ник " + n },
	"Polish":    func(s, n string) string { return s + " nazwa " + n },
	"bold":      func(s, n string) string { return s + ": **" + n + "**" },
}

func TestHandleSurvivesDisguise(t *testing.T) {
	for name, disguise := range handleDisguises {
		t.Run(name, rapid.MakeCheck(func(t *rapid.T) {
			account := rapid.StringMatching(`x[a-z]{2,7}_[a-z]{3,8}[0-9]{0,2}`).Draw(t, "name")
			service := rapid.SampledFrom([]string{"telegram", "snapchat", "instagram", "viber", "skype", "onlyfans"}).Draw(t, "service")
			s := rapid.SampledFrom(around).Draw(t, "around")
			in := s[0] + disguise(service, account) + s[1]
			found := extract.Contacts(text.Read(in), "NO")
			if len(found) != 1 || found[0].Value != service+":"+account {
				t.Fatalf("%q: got %v, want %s:%s", in, found, service, account)
			}
		}))
	}
}

func FuzzContacts(f *testing.F) {
	for _, in := range []string{contactAd, "mia (at) gmail punktum com", "t.me/+AbC wa.me/47", "T e l e g r a m: mia [underscore] b", "ｍｉａ＠ｇｍａｉｌ．ｃｏｍ", "#url_0123456789abcdef##", "hxxp://a[.]b/c?d#e", "skype:live:x", "\xff@\xfe.no"} {
		f.Add(in)
	}
	f.Fuzz(func(t *testing.T, in string) {
		last := 0
		for _, c := range extract.Contacts(text.Read(in), "NO") {
			if c.Start < 0 || c.End > len(in) || c.Start >= c.End {
				t.Fatalf("span %d to %d of %d bytes: %+v", c.Start, c.End, len(in), c)
			}
			if c.Start < last {
				t.Fatalf("not in order: %+v", c)
			}
			last = c.Start
			if strings.ContainsAny(c.Value, " \t\n") || strings.ContainsRune(c.Value, 0) {
				t.Fatalf("a value nobody can type: %q", c.Value)
			}
		}
	})
}
