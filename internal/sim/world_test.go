package sim_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"varde/internal/ad"
	"varde/internal/phone"
	"varde/internal/sim"
	"varde/internal/text"
)

var update = flag.Bool("update", false, "write the golden files anew")

var start = time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC)

func world(ads int) *sim.World { return sim.NewWorld(sim.Config{Seed: 7, Ads: ads, Start: start}) }

// written is the ad file and the truth of a world.
func written(t testing.TB, w *sim.World) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := w.Write(&b, ""); err != nil {
		t.Fatal(err)
	}
	if err := w.WriteTruth(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestSameSeedSameWorld guards worlds that people compare results on: a change of words or draws must be meant.
func TestSameSeedSameWorld(t *testing.T) {
	w := world(300)
	all := written(t, w)
	h := sha256.New()
	h.Write(all)
	for i := 0; i < 300; i += 10 {
		s := w.Sighting(i)
		if err := w.Hash(&s); err != nil {
			t.Fatal(err)
		}
		for _, p := range s.Pictures {
			h.Write([]byte(p.PHash)) // the bytes of a file are the encoder's, which may differ between versions of Go
		}
	}
	got := hex.EncodeToString(h.Sum(nil)) + "\n"
	golden := filepath.Join("testdata", "world.golden")
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the world is %s, want %s; if that is meant, run with -update", got, want)
	}
	if !bytes.Equal(all, written(t, world(300))) {
		t.Error("the same seed gives another world")
	}
	if bytes.Equal(all, written(t, sim.NewWorld(sim.Config{Seed: 8, Ads: 300, Start: start}))) {
		t.Error("another seed gives the same world")
	}
}

func TestAdsAreTheSameInAnyOrderOfAsking(t *testing.T) {
	a, b := world(200), world(200)
	for i := 199; i >= 0; i-- {
		s := a.Sighting(i)
		key := s.Key()
		data, mediaType, ok := a.Picture(key, 1)
		again, _, _ := b.Picture(key, 1)
		if n := len(s.Images); ok != (n > 0) || !bytes.Equal(data, again) || ok && !strings.HasPrefix(mediaType, "image/") {
			t.Fatalf("%s: picture %v of %d differs", key, ok, n)
		}
	}
	for i := range 200 {
		if x, y := a.Sighting(i), b.Sighting(i); x.ID() != y.ID() {
			t.Fatalf("%s and %s differ", x.Key(), y.Key())
		}
	}
	for _, key := range []ad.Key{"nordmarked.example/1", "nordmarked.example/840001x", "elsewhere.example/840001", "fjordkontakt.example/fk28999", "jobbtorget.example/26-1", ""} {
		if _, _, ok := a.Picture(key, 1); ok {
			t.Errorf("%q has a picture", key)
		}
	}
}

func TestEveryAdIsValidAndHasOneTruth(t *testing.T) {
	for _, ads := range []int{1, 9, 700} {
		w := world(ads)
		truth := w.Truth()
		if w.Len() != ads || len(truth) != ads {
			t.Fatalf("a world of %d has %d ads and %d truths", ads, w.Len(), len(truth))
		}
		seen := map[ad.Key]bool{}
		i := 0
		for s := range w.Sightings() {
			if err := s.Validate(start.Add(sim.DefaultSpan)); err != nil {
				t.Errorf("%s: %v", s.Key(), err)
			}
			if seen[s.Key()] || truth[i].Ad != s.Key() {
				t.Fatalf("ad %d: %s comes twice, or its truth is of %s", i, s.Key(), truth[i].Ad)
			}
			if s.Category == ad.SexualServices && truth[i].Kind != string(sim.Spam) && s.Age < 19 && !slices.Contains(truth[i].Traits, sim.StatedMinor) {
				t.Errorf("%s: age %d", s.Key(), s.Age)
			}
			if strings.ContainsAny(s.Title+s.Text, "{}[]<>|") || strings.Contains(s.Text, "  ") {
				t.Errorf("%s: traces of the grammar: %q", s.Key(), s.Title+": "+s.Text)
			}
			if s.PostedAt.Before(start.Truncate(24*time.Hour)) || s.SeenAt.After(start.Add(sim.DefaultSpan+time.Hour)) {
				t.Errorf("%s lies outside the world's span: %s", s.Key(), s.PostedAt)
			}
			seen[s.Key()] = true
			i++
		}
	}
}

func TestTheFileAndItsTruthCanBeRead(t *testing.T) {
	w := world(120)
	dir := t.TempDir()
	var file, gold bytes.Buffer
	if err := w.Write(&file, dir); err != nil {
		t.Fatal(err)
	}
	n, pictures := 0, 0
	for row, err := range ad.Read(&file, start.Add(sim.DefaultSpan)) {
		if err != nil || row.Err != nil || len(row.Unknown) > 0 {
			t.Fatalf("line %d: %v %v %v", row.Line, err, row.Err, row.Unknown)
		}
		if want := w.Sighting(n); row.Sighting.ID() != want.ID() {
			t.Errorf("line %d reads differently", row.Line)
		}
		for k, name := range row.Sighting.Images {
			data, err := os.ReadFile(filepath.Join(dir, name))
			if drawn, _, _ := w.Picture(row.Sighting.Key(), k+1); err != nil || !bytes.Equal(data, drawn) {
				t.Errorf("%s: %v", name, err)
			}
			pictures++
		}
		n++
	}
	if n != 120 || pictures < 100 {
		t.Errorf("%d ads with %d pictures", n, pictures)
	}
	if err := w.WriteTruth(&gold); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(gold.String()) {
		var fields map[string]any
		if err := json.Unmarshal([]byte(line), &fields); err != nil || len(fields) != 4 || fields["ad"] == "" || fields["controller"] == "" {
			t.Errorf("%s: %v", line, err)
		}
	}
}

func TestSharesAreAsDocumented(t *testing.T) {
	const ads = 3000
	counts, exploitative := map[string]int{}, 0
	for _, truth := range world(ads).Truth() {
		counts[truth.Kind]++
		if truth.Exploitative {
			exploitative++
		}
	}
	want := map[sim.Kind]int{sim.Ring: sim.RingShare, sim.RecruitingRing: sim.RecruitingRingShare, sim.Independent: sim.IndependentShare, sim.Friends: sim.FriendsShare,
		sim.Agency: sim.AgencyShare, sim.Employer: sim.EmployerShare, sim.Chain: sim.ChainShare, sim.Recruiter: sim.RecruiterShare, sim.Private: sim.PrivateShare, sim.Spam: sim.SpamShare}
	sum := 0
	for kind, per := range want {
		sum += per
		if counts[string(kind)] != ads*per/1000 {
			t.Errorf("%d ads of %s, want %d", counts[string(kind)], kind, ads*per/1000)
		}
	}
	if sum != 1000 || len(counts) != len(want) {
		t.Errorf("the shares add up to %d; %d kinds", sum, len(counts))
	}
	if exploitative != ads*(sim.RingShare+sim.RecruitingRingShare+sim.RecruiterShare)/1000 {
		t.Errorf("%d ads are exploitative", exploitative)
	}
}

// TestADemoHoldsEveryDifficulty looks at a world of the demo's size: each trait is there, hubs and stock pictures are far above
// what a network of acquaintances would share, and rings move together.
func TestADemoHoldsEveryDifficulty(t *testing.T) {
	w := world(600)
	traits := map[sim.Trait]int{}
	hub := map[string]map[string]bool{}
	hubUsers := map[string]bool{}
	sites := map[string]int{}
	shared := map[string]map[string]bool{} // a ring's phone → the names it stands under
	truth := w.Truth()
	i := 0
	for s := range w.Sightings() {
		own := append([]string(nil), s.Phones...)
		for _, m := range phone.Find(text.Read(s.Text), "NO") {
			own = append(own, m.E164)
		}
		for _, tr := range truth[i].Traits {
			traits[tr]++
		}
		if slices.Contains(truth[i].Traits, sim.HubPhone) {
			last := phone.Find(text.Read(s.Text), "NO")
			if len(last) == 0 {
				t.Fatalf("%s names no hub: %s", s.Key(), s.Text)
			}
			hubUsers[truth[i].Controller] = true
			for _, m := range last {
				if hub[m.E164] == nil {
					hub[m.E164] = map[string]bool{}
				}
				hub[m.E164][truth[i].Controller] = true
			}
		}
		if truth[i].Kind == string(sim.Ring) {
			for _, p := range own {
				if e164, ok := phone.Parse(p, "NO"); ok {
					if shared[e164] == nil {
						shared[e164] = map[string]bool{}
					}
					shared[e164][s.Advertiser] = true
				}
			}
		}
		sites[s.Site]++
		i++
	}
	for _, tr := range []sim.Trait{sim.HubPhone, sim.StockPicture, sim.CopiedPhrases, sim.ObscuredPhone, sim.OnTour, sim.BothSites, sim.Repost, sim.HouseVoice, sim.SharedPhone, sim.Varied} {
		if traits[tr] == 0 {
			t.Errorf("no ad has %s", tr)
		}
	}
	most := 0
	for _, users := range hub {
		most = max(most, len(users))
	}
	if most < 14 || most != len(hubUsers) {
		t.Errorf("the hub has %d users of %d", most, len(hubUsers))
	}
	several := 0
	for _, names := range shared {
		if len(names) >= 3 {
			several++
		}
	}
	if several < 2 {
		t.Errorf("only %d phones of rings stand under three names", several)
	}
	for _, name := range []string{"nordmarked.example", "fjordkontakt.example", "jobbtorget.example", "smaajobb.example"} {
		if sites[name] < 60 {
			t.Errorf("%s has %d ads", name, sites[name])
		}
	}
}

// TestWhatDetectorsMustTellApart looks at a larger world for the rarer things, and that what they say is so.
func TestWhatDetectorsMustTellApart(t *testing.T) {
	w := world(3000)
	truth := w.Truth()
	traits := map[sim.Trait]int{}
	robbed, pasted := map[string]bool{}, map[string]bool{} // phones
	minutes := map[string]map[int]bool{}
	i := 0
	for s := range w.Sightings() {
		for _, tr := range truth[i].Traits {
			traits[tr]++
		}
		has := func(tr sim.Trait) bool { return slices.Contains(truth[i].Traits, tr) }
		if has(sim.StatedMinor) && (s.Age < 16 || s.Age > 17 || !truth[i].Exploitative) {
			t.Errorf("%s: age %d of %s", s.Key(), s.Age, truth[i].Kind)
		}
		if (has(sim.Robbed) || has(sim.OtherName) || has(sim.Fake)) && truth[i].Exploitative {
			t.Errorf("%s: %v of %s", s.Key(), truth[i].Traits, truth[i].Kind)
		}
		if has(sim.Clockwork) {
			if minutes[truth[i].Controller] == nil {
				minutes[truth[i].Controller] = map[int]bool{}
			}
			minutes[truth[i].Controller][s.PostedAt.Minute()] = true
		}
		for _, m := range phone.Find(text.Read(s.Text+" "+strings.Join(s.Phones, " ")), "NO") {
			if has(sim.Robbed) {
				robbed[m.E164] = true
			}
			if has(sim.Pastes) {
				pasted[m.E164] = true
			}
		}
		i++
	}
	for _, tr := range []sim.Trait{sim.Company, sim.Housed, sim.Churn, sim.Altered, sim.Clockwork, sim.Underpriced, sim.OtherAge, sim.OtherName, sim.StatedMinor,
		sim.Pastes, sim.Robbed, sim.Fake, sim.OnTour, sim.CopiedPhrases} {
		if traits[tr] == 0 {
			t.Errorf("no ad has %s", tr)
		}
	}
	both := 0
	for p := range robbed {
		if pasted[p] {
			both++
		}
	}
	if both < 3 {
		t.Errorf("%d phones of the robbed stand in the ads of rings", both)
	}
	for c, at := range minutes {
		if len(at) != 1 {
			t.Errorf("%s posts at %d different minutes", c, len(at))
		}
	}
	if traits[sim.StatedMinor] > 30 {
		t.Errorf("%d ads state an age under 18", traits[sim.StatedMinor])
	}
}

func TestPhonesAreValidAndNobodyElses(t *testing.T) {
	w := world(2000)
	owner := map[string]string{}
	truth := w.Truth()
	i := 0
	for s := range w.Sightings() {
		for _, p := range s.Phones {
			e164, ok := phone.Parse(p, "NO")
			if !ok {
				t.Errorf("%s: %q is not valid", s.Key(), p)
			}
			if other, taken := owner[e164]; taken && other != truth[i].Controller {
				t.Errorf("%s belongs to %s and %s", e164, other, truth[i].Controller)
			}
			owner[e164] = truth[i].Controller
		}
		i++
	}
	if len(owner) < 500 {
		t.Errorf("only %d phones", len(owner))
	}
}

// TestHiddenPhonesCanBeRead guards that most obscured phones are still phones: what nobody can read would prove nothing. How many of
// them are read is a matter of the phone package.
func TestHiddenPhonesCanBeRead(t *testing.T) {
	w := world(2000)
	truth := w.Truth()
	hidden, read := 0, 0
	i := 0
	for s := range w.Sightings() {
		if slices.Contains(truth[i].Traits, sim.ObscuredPhone) {
			hidden++
			if len(s.Phones) > 0 {
				t.Errorf("%s shows its hidden phone", s.Key())
			}
			if found := phone.Find(text.Read(s.Text), "NO"); slices.ContainsFunc(found, func(m phone.Match) bool { return m.Obscured }) {
				read++
			}
		}
		i++
	}
	if hidden < 50 || read < hidden/2 {
		t.Errorf("%d of %d hidden phones can be read", read, hidden)
	}
}
