package target_test

import (
	"net/url"
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
