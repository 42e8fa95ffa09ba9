package console_test

import (
	"fmt"
	"testing"

	"varde/internal/ad"
	"varde/internal/testkit"
)

// withRecruiter puts a job ad on record that keeps passports, takes a fee, makes debt, works fourteen hours and hides its pay: all of one
// family, and more points than its cap.
func (r *records) withRecruiter(t testing.TB) ad.Ad {
	t.Helper()
	a := jobAd(5000)
	c := testkit.Catalogue(t)
	for _, code := range []string{"J05", "J03", "J04", "J12", "J09", "J02"} {
		a.Indicators = append(a.Indicators, ad.Indicator{Code: code, Confidence: 1})
	}
	s := c.Score(a.Indicators)
	a.Indicators, a.Score, a.Band, a.ScoreVersion = s.Indicators, s.Score, s.Band, s.Version
	if a.Band != ad.Low || !s.Gated {
		t.Fatalf("the ad is not held: %+v", s)
	}
	n := networkOf("n-recruiter", s.Score, s.Band, a)
	n.Indicators, n.ScoreVersion = s.Indicators, s.Version
	r.add(n, a)
	return a
}

// TestAHeldScoreSaysSo: points that do not come to the score are explained, on the ad's page and on the network's, in both languages.
func TestAHeldScoreSaysSo(t *testing.T) {
	r := fill()
	a := r.withRecruiter(t)
	p := open(t, r, nil).signedIn(t)
	for _, path := range []string{"/ad?key=" + string(a.Key), "/networks/n-recruiter"} {
		page := p.page(path)
		page.Has(".held", "Poengene under blir 50", fmt.Sprintf("holdes på 0,%.0f", a.Score*100), "for få uavhengige grunner", "3 grunner fra minst 2 ulike familier")
		page.Has("#reason-1", "For seg ville dette gitt 16 poeng", "teller høyst 50 til sammen")
	}
	if n := p.page("/networks/n-5f3a9c01b2d4").Count(".held"); n != 0 {
		t.Error("a score that is not held is said to be")
	}
	p.post("/language", "lang", "en", "next", "/queue")
	p.page("/ad?key="+string(a.Key)).Has(".held", "too few independent reasons")
}

// TestSingleAdsAreFound: an ad that is linked to no other and has the points is counted and listed, and stays low.
func TestSingleAdsAreFound(t *testing.T) {
	r := fill()
	if n := open(t, r, nil).signedIn(t).page("/queue").Count(".choices a[href='/queue?only=single']"); n != 0 {
		t.Error("single ads are offered where none has the points")
	}
	r.withRecruiter(t)
	p := open(t, r, nil).signedIn(t)
	queue := p.page("/queue")
	queue.Has(".choices a[href='/queue?only=single']", "Enkeltannonser", "1")
	queue.Has("main", "henger ikke sammen med noen annen", "bare de som har poeng nok, under «Enkeltannonser»", "under «Mulig barn»")
	queue.HasNot("main", "bare i søk")
	page := p.page("/queue?only=single")
	page.Has(".queue tbody tr [data-item]", "1 annonse")
	page.Has(".queue tbody tr .band[data-band=low]", "Lav")
	if n := page.Count(".queue tbody tr"); n != 1 {
		t.Errorf("%d rows, want 1", n)
	}
}
