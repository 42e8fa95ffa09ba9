package target_test

import (
	"net/url"
	"strings"
	"testing"

	"varde/configs"
	"varde/internal/target"
)

func example(t testing.TB) string {
	t.Helper()
	data, err := configs.FS.ReadFile("targets/example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestTheExampleIsValid(t *testing.T) {
	tg, err := target.Parse("example.yaml", []byte(example(t)))
	if err != nil {
		t.Fatal(err)
	}
	if tg.Loopback || tg.Pictures != "hash" || tg.Robots.Ignored() || tg.Authority.Approver == "" {
		t.Errorf("the example is not one to copy: %+v", tg)
	}
	if tg.Version != 0 || tg.Authorisation != "" || len(tg.Hash) != 64 {
		t.Errorf("a file that nobody has added has version %d, authorisation %q and hash %q", tg.Version, tg.Authorisation, tg.Hash)
	}
}

func TestInside(t *testing.T) {
	tg, err := target.Parse("example.yaml", []byte(example(t)))
	if err != nil {
		t.Fatal(err)
	}
	for in, want := range map[string]bool{
		"https://market.example/ads": true, "https://market.example:443/ads": true, "https://MARKET.example/ad/7": true, "https://market.example/robots.txt": true,
		"https://market.example/": false, "https://market.example/ads/private/1": false, "https://market.example:8080/ads": false,
		"https://evil.example/ads": false, "https://market.example.evil.example/ads": false, "ftp://market.example/ads": false,
		"https://user@market.example/ads": false, "//market.example/ads": false, "https://169.254.169.254/ads": false,
		// Ways around a path: dots, escaped dots, escaped slashes, backslashes, double slashes.
		"https://market.example/ads/../private": false, "https://market.example/ads/%2e%2e/private": false, "https://market.example/ads/.%2E/private": false,
		"https://market.example/ads/%2e./private": false, "https://market.example/ads%2f..%2fprivate": false, "https://market.example/ads/..": false,
		`https://market.example/ads/..\private`: false, "https://market.example/ads/..%5cprivate": false, "https://market.example/ads/./private/1": false,
		"https://market.example/ads%2fprivate/1": false, "https://market.example/ads/%70rivate/1": false, "https://market.example/ads//private/1": false,
		"https://market.example/ads//7": true, "https://market.example/ads/7..8": true, "https://market.example/ads/...": true, "https://market.example/../robots.txt": false,
		"https://market.example/ads?next=../private": true,
		// Servers of Java take off what follows a semicolon, some servers unescape twice, and for some small letters are capital ones.
		"https://market.example/ads/..;/admin": false, "https://market.example/ads/..;x=1/admin": false, "https://market.example/ads/.;/7": false, "https://market.example/ads/%2e%2e;/admin": false,
		"https://market.example/ads/7;s=1": true, "https://market.example/ads/...;/7": true, "https://market.example/ads;x/private/1": false, "https://market.example/ads/;/private/1": false,
		"https://market.example/ads/%252e%252e/admin": false, "https://market.example/ads%252f..%252fadmin": false, "https://market.example/ads/..%255cadmin": false,
		"https://market.example/ads/%25252E%25252e/admin": false, "https://market.example/ads/100%25": true, "https://market.example/ads/%2520": true,
		"https://market.example/ads/Private/1": false, "https://market.example/ads//PRIVATE": false, "https://market.example/ADS": false,
	} {
		u, err := url.Parse(in)
		if err != nil {
			t.Fatal(err)
		}
		if got := tg.Inside(u); got != want {
			t.Errorf("%s: inside is %v", in, got)
		}
	}
}

// TestHostsInTheLettersOfTheirCountry are one host in both spellings, on both sides.
func TestHostsInTheLettersOfTheirCountry(t *testing.T) {
	const ascii = "xn--blbr-roah.example"
	for _, written := range []string{"blåbær.example", ascii, "blåbær.example:8080", ascii + ":8080"} {
		in := change(t, change(t, example(t), "hosts: [market.example]", `hosts: ["`+written+`"]`), "https://market.example/ads\"", "https://"+written+"/ads\"")
		tg, err := target.Parse("t.yaml", []byte(in))
		if err != nil {
			t.Fatalf("%s: %v", written, err)
		}
		port := strings.TrimLeft(written, "abcdefghijklmnopqrstuvwxyzåæ-.")
		for _, host := range []string{"blåbær.example", "BLÅBÆR.example", "bl%C3%A5b%C3%A6r.example", ascii, strings.ToUpper(ascii)} {
			u, err := url.Parse("https://" + host + port + "/ads")
			if err != nil {
				t.Fatal(err)
			}
			if !tg.Inside(u) || target.Host(u) != ascii+port {
				t.Errorf("%s is not inside %s: its host is %q", u, written, target.Host(u))
			}
		}
		for _, other := range []string{"https://blabar.example" + port + "/ads", "https://blåbær.example:81/ads", "https://blå bær.example" + port + "/ads", "https://\u2028.example/ads", "https:///ads"} {
			if u, err := url.Parse(other); err == nil && tg.Inside(u) {
				t.Errorf("%s is inside %s", other, written)
			}
		}
	}
	if got := mistakes(t, change(t, example(t), "hosts: [market.example]", `hosts: [market.example, "\u2028.example"]`)); !strings.Contains(got, "hosts.1: ") {
		t.Errorf("a host with letters that no host has: %q", got)
	}
}

func TestAdID(t *testing.T) {
	tg, err := target.Parse("example.yaml", []byte(example(t)))
	if err != nil {
		t.Fatal(err)
	}
	for in, want := range map[string]string{"https://market.example/ad/17": "17", "https://market.example/ad/17/pen-leilighet?x=1": "17",
		"https://market.example/ads": "", "https://market.example/ad/": "", "https://market.example/a/ad/17": ""} {
		u, err := url.Parse(in)
		if err != nil {
			t.Fatal(err)
		}
		if id, ok := tg.AdID(u); id != want || ok != (want != "") {
			t.Errorf("%s is ad %q, %v", in, id, ok)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(example(f))
	f.Fuzz(func(t *testing.T, in string) {
		tg, err := target.Parse("t.yaml", []byte(in))
		if err != nil {
			return
		}
		if tg.ID == "" || len(tg.Hosts) == 0 || tg.Authority.Approver == "" || !tg.From().Before(tg.To()) {
			t.Errorf("half a target: %+v", tg)
		}
		tg.Opens(tg.From()) // a zone or window that was taken can be used
	})
}
