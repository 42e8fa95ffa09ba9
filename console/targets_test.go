package console_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"varde/internal/target"
)

// crawling is a console with targets in every state.

func crawling(t testing.TB) (*world, *ledger) {
	t.Helper()
	r := fill()
	r.try = tryNothing
	l := r.withTargets(t)
	return open(t, r, nil), l
}

func TestNoTargetsSayHowTheFirstComes(t *testing.T) {
	r := newRecords()
	r.newLedger(t)
	p := open(t, r, nil).signedIn(t)
	page := p.page("/targets")
	page.Has(".empty", "Ingen mål ennå", "varde target add", "En annen, som målet nevner, leser og godkjenner det")
	page.Has(".does a[href='/targets/new']", "Nytt mål")
	page.HasNot(".does", "pause")
	p.page("/pause").Has("main", "Ingen mål hentes nå")
	p.page("/targets/new").Has("textarea#text", "id: example", "legal_basis")
}

func TestTargetList(t *testing.T) {
	w, _ := crawling(t)
	page := w.signedIn(t).page("/targets")
	page.Has(".menu a[aria-current]", "Mål")
	var names []string
	names = append(names, page.Texts(".targets [data-item]")...)
	if got, want := strings.Join(names, "|"), "Nattmarked|Nordmarked, eskorte|Vestlysning|Bymarked, massasje|Senere.no, eskorte|Jobbtorget, stillinger|Gammelt marked|Lukket marked"; got != want {
		t.Errorf("targets come as %s, want %s", got, want)
	}
	for i, want := range [][]string{
		{"Aktiv", "Utenfor tidsvinduene, henter igjen 20. nov. 2026 kl. 22.00."},
		{"Aktiv", "nordmarked.example", "1.–28. nov. 2026", "ender om 9 dager", "19. nov. 2026 kl. 13.05", "nå", "49", "97 % av 495", "Felt som mangler: Telefon", "Krever samtykke til informasjonskapsler"},
		{"Aktiv", "7 % av 44", "Krever CAPTCHA"},
		{"Utkast", "Venter på at ola godkjenner.", "aldri"},
		{"Godkjent", "Godkjent, men ikke startet.", "1. des. 2026–30. apr. 2027"},
		{"På pause", "Satt på pause av noen.", "1 204", "100 % av 1 204"},
		{"Utløpt", "Tillatelsen har gått ut."},
		{"Trukket tilbake", "Tillatelsen er trukket tilbake."},
	} {
		page.Has(fmt.Sprintf(".targets tbody tr:nth-child(%d)", i+1), want...)
	}
	page.HasNot(".targets tbody tr:nth-child(2)", "Utenfor")
	for _, s := range target.States {
		if page.Count(".state[data-state="+string(s)+"] svg") == 0 {
			t.Errorf("the state %s has no shape", s)
		}
	}
	page.Has(".does a[href='/pause']", "Sett alle på pause")
}

func TestTargetPage(t *testing.T) {
	w, _ := crawling(t)
	p := w.signedIn(t)
	page := p.page("/targets/nordmarked")
	page.Has(".lead", "Hentes nå, til og med 28. nov. 2026.", "ender om 9 dager")
	page.Has(".side", "Formål", "politiregisterloven § 5 nr. 2, jf. § 8", "2026/1234", "Vest politidistrikt, EROP", "120 dager", "Bare avtrykk lagres")
	page.Has(".side", "https://market.example/ads", "/ads/private", "Følges", "Høyst 1 i sekundet", "Listesider: hver 6 t", "Annonser: hver 12 t til 7 d", "Når som helst")
	page.Has(".side", "Godkjent avola", "Lest sammen med saken.", "A-")
	page.Has(".side", "Listesider kjent9", "Annonsesider kjent40", "Sider lest minst én gang42")
	var groups []string
	groups = append(groups, page.Texts(".outcomes .group")...)
	if got := strings.Join(groups, "|"); got != "Hindringer som ikke passeres|Gikk ikke som håpet|Gikk bra|Ikke hentet" {
		t.Errorf("outcomes come as %s", got)
	}
	page.Has("[data-group=others]", "Nettstedet ba oss vente", "status 429, Retry-After 120 s")
	page.Has("[data-group=unasked]", "Lenke ut av målet, ikke fulgt", "87", "robots.txt tillater det ikke")
	page.Has("[data-group=good]", "Annonse lest", "40", "7. nov. 2026 kl. 13.05", "https://market.example/ad/139")
	if n := page.Count(".outcomes a"); n != 0 {
		t.Errorf("%d addresses of the site are links", n)
	}
	page.Has(".coverage .fallen", "Telefon", "phones", "81 % (29 av 36)", "1 av 12", "https://market.example/ad/139")
	page.Has(".warning", "Telefon mangler: på 1 av de siste 12 sidene, mot 100 % før.", "https://market.example/ad/139")
	page.Has("main", "varde reextract --target nordmarked")
	page.Has(".target-versions tbody tr:first-child", "versjon 2", "kari", "Raskere, etter avtale", "ola, 6. nov. 2026 kl. 13.05")
	page.Has(".history li:first-child", "6. nov. 2026 kl. 13.05", "kari startet hentingen av versjon 2.")
	page.Has(".history", "ola godkjente versjon 1.", "kari lagret versjon 1 som utkast. Første versjon")
	p.page("/targets/vestlysning").Has(".warning", "Krever CAPTCHA", "møtt 41 ganger, sist 19. nov. 2026 kl. 13.05", "Ingenting er lest siden.", "passeres aldri")
	p.page("/targets/bymarked").Has(".history .refused", "kari fikk nei til å godkjenne versjon 1: Den som har skrevet en versjon")
	for _, path := range []string{"/targets/none", "/targets/none/edit", "/targets/none/approve", "/targets/none/try", "/targets/nordmarked/versions/9", "/targets/nordmarked/versions/x", "/targets/nordmarked/try?version=9"} {
		if res := p.get(path); res.status != http.StatusNotFound {
			t.Errorf("%s: status %d", path, res.status)
		}
	}
}

// TestButtonsAreThoseThatWork: what a page offers is what the desk would do for this person now, and in a state where nothing is offered

// somebody is named who can.

func TestButtonsAreThoseThatWork(t *testing.T) {
	w, _ := crawling(t)
	ola, kari, per := w.named(t, "ola"), w.named(t, "kari"), w.named(t, "per")
	for _, tt := range []struct {
		id, next, acts string
	}{
		{"bymarked", "ola må godkjenne versjon 1", "revoke"},
		{"senere", "Godkjent, og gyldig til og med 30. apr. 2027. Ingenting hentes før noen starter.", "activate revoke"},
		{"nordmarked", "Hentes nå", "pause revoke"},
		{"nattmarked", "Startet, men hentes ikke akkurat nå. Utenfor tidsvinduene", "pause revoke"},
		{"jobbtorget", "På pause. Ingenting hentes før noen starter igjen", "activate revoke"},
		{"lukket", "Trukket tilbake for godt. Skal det hentes igjen, må noen skrive en ny versjon, og ola godkjenne den.", ""},
		{"gammel", "Tillatelsen gikk ut 15. nov. 2026.", ""},
	} {
		page := per.page("/targets/" + tt.id)
		page.Has(".lead", tt.next)
		if got := strings.Join(page.Attrs(".acts input[name=do]", "value"), " "); got != tt.acts {
			t.Errorf("%s: offers %q, want %q", tt.id, got, tt.acts)
		}
		if page.Count(".acts a[href$='/approve']") != 0 {
			t.Errorf("%s: per is offered to approve", tt.id)
		}
	}
	per.page("/targets/bymarked").Has(".next .hint", "Bare ola kan godkjenne")
	kari.page("/targets/bymarked").Has(".next .hint", "Du har selv skrevet versjon 1, og kan ikke godkjenne. Det må ola gjøre.")
	page := ola.page("/targets/bymarked")
	page.Has(".lead", "det er du som skal godkjenne versjon 1")
	page.Has(".acts a[href='/targets/bymarked/approve']", "Les og godkjenn")
	kari.page("/targets/bymarked/approve").Has(".notice", "Du har selv skrevet versjon 1")
	if n := kari.page("/targets/bymarked/approve").Count("main form"); n != 0 {
		t.Errorf("kari gets %d forms to approve her own draft", n)
	}
	ola.page("/targets/nordmarked/approve").Has(".notice", "Det er ikke noe å godkjenne nå: målet er «Aktiv».")
	// The named approver writes a version, and nobody is left who could approve it.
	if res := ola.post("/targets/bymarked/edit", "base", "1", "text", targetFile(t, "bymarked", "rate: 0.5", "rate: 2"), "do", "save"); res.status != http.StatusSeeOther {
		t.Fatalf("status %d: %s", res.status, res.body)
	}
	per.page("/targets/bymarked").Has(".lead", "ola skal godkjenne, men har skrevet på det selv")
	ola.page("/targets/bymarked").Has(".next .hint", "Du er nevnt som godkjenner, men har selv skrevet versjon 2.")
}

func TestVersionPage(t *testing.T) {
	w, l := crawling(t)
	for i := 3; i < 5; i++ {
		l.draft(targetFile(t, "nordmarked", "rate: 0.5", fmt.Sprintf("rate: %d", i)), "Forsøk")
	}
	p := w.signedIn(t)
	page := p.page("/targets/nordmarked/versions/4")
	page.Has("h1", "versjon 4")
	page.Has("#before", "Endret siden versjon 3")
	page.Has("#since", "Endret siden versjon 2, som sist ble godkjent")
	page.Has("section[aria-labelledby=before] [data-kind='+'] ins", "Lagt til:", "rate: 4")
	page.Has("section[aria-labelledby=before] [data-kind='-'] del", "Tatt bort:", "rate: 3")
	page.Has("section[aria-labelledby=since] [data-kind='-']", "rate: 1")
	page.Has(".lines", "id: nordmarked")
	if page.Count("a[rel=prev][href='/targets/nordmarked/versions/3']") != 1 || page.Count("a[rel=next]") != 0 {
		t.Error("the versions are not linked")
	}
	first := p.page("/targets/nordmarked/versions/1")
	if first.Count(".diff") != 0 {
		t.Error("the first version differs from something")
	}
	first.Has(".panel", "Godkjent av", "ola", "A-")
}

func TestSimulationIsToldOnEveryPage(t *testing.T) {
	r := fill()
	r.simulation = true
	r.newLedger(t)
	w := open(t, r, nil)
	w.person(t).page("/sign-in").Has(".simulation", "Simulering:")
	p := w.signedIn(t)
	for _, path := range []string{"/queue", "/targets", "/targets/new", "/system", "/search", "/ad?key=nordmarked.example%2F84312"} {
		p.page(path).Has(".simulation", "Simulering:", "ekte nettsteder hentes ikke")
	}
	p.get("/none").page().Has(".simulation", "Simulering:")
	if reader(t).page("/queue").Count(".simulation") != 0 {
		t.Error("a console of the real world says that it is simulated")
	}
}

func TestSystemPageNamesTargetsInTrouble(t *testing.T) {
	w, _ := crawling(t)
	page := w.signedIn(t).page("/system")
	page.Has(".warning", "Nordmarked, eskorte", "Telefon mangler: på 1 av de siste 12 sidene, mot 100 % før.")
	page.Has(".warning", "Vestlysning", "Krever CAPTCHA, sist 19. nov. 2026 kl. 13.05. Ingenting er lest siden.", "Nesten ingenting går bra: 7 % av 44 forsøk. Oftest: Krever CAPTCHA.")
	page.Has(".warning", "Nattmarked", "Ingen annonse er lest ennå.")
	if n := page.Count("li.warning"); n != 3 {
		t.Errorf("%d targets are in trouble, want 3", n)
	}
}

func TestAdPageShowsEvidence(t *testing.T) {
	r := fill()
	a := crawledAd()
	a.Gone = day(40)
	r.ads[a.Key], r.versions[a.Key] = a, nil
	w := open(t, r, nil)
	page := w.signedIn(t).page("/ad?key=" + url.QueryEscape(string(a.Key)))
	page.Has(".gone", "borte fra nettstedet siden 10. nov. 2026 kl. 13.05")
	page.Has(".provenance a[href='/targets/nordmarked']", "nordmarked")
	page.Has(".provenance a[href='/targets/nordmarked/versions/3']", "med versjon 3 av målet")
	page.Has(".provenance", "A-0123456789")
	page.Has(".captures tbody tr:first-child", "Siden", "urn:uuid:3c0f1c1e", "nordmarked/20261114-140500-1.warc.gz", "81234", strings.Repeat("e1", 32))
	page.Has(".captures tbody tr:nth-child(2)", "Bilde nr. 1", "99120")
	reader(t).page("/ad?key="+url.QueryEscape(string(a.Key))).HasNot(".gone", "")
}

// TestDeskAway: where the record does not answer, no page on targets shows half of what there is.

func TestDeskAway(t *testing.T) {
	w, l := crawling(t)
	p := w.signedIn(t)
	if err := l.store.Close(); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/targets", "/targets/nordmarked", "/targets/nordmarked/edit", "/targets/nordmarked/approve", "/targets/nordmarked/try", "/targets/nordmarked/versions/1", "/pause", "/system"} {
		if res := p.get(path); res.status != http.StatusInternalServerError {
			t.Errorf("%s: status %d", path, res.status)
		}
	}
	if res := p.post("/targets/new", "text", targetFile(t, "nytt"), "do", "save"); res.status != http.StatusInternalServerError {
		t.Errorf("saved without a record: status %d", res.status)
	}
}

// TestEveryRuleOfTheDeskIsTold: each rule that the desk refuses by has its sentence in the catalogue.

// lost is a desk whose only target can no longer be read.
type lost struct{ *hostileDesk }

func (d lost) Get(context.Context, string) (target.Standing, error) {
	st := target.Standing{Row: target.Row{ID: "evil", Version: 2, Hash: "x"}, State: target.Active, Why: target.Unreadable, Spec: &target.Target{ID: "evil", Name: "evil"}}
	return st, nil
}

func (d lost) List(ctx context.Context) ([]target.Standing, error) {
	st, err := d.Get(ctx, "evil")
	return []target.Standing{st}, err
}

func TestTargetThatCanNoLongerBeRead(t *testing.T) {
	r := newRecords()
	d := newHostileDesk(t, target.Active)
	r.targets, r.crawl = lost{d}, d
	p := open(t, r, nil).signedIn(t)
	p.page("/targets").Has(".targets", "evil", "Målets fil kan ikke leses lenger.")
	page := p.page("/targets/evil")
	page.Has(".lead", "Målets fil kan ikke leses lenger, så ingenting hentes.")
	if page.Count(".acts a[href$='/edit']") != 1 || page.Count(".acts a[href$='/try']") != 0 {
		t.Error("what can be done is to write it anew, and nothing else")
	}
	p.page("/targets/evil/edit").Has("textarea#text", "script")
	p.page("/pause").Has("main", "evil")
	p.page("/system")
	if res := p.get("/targets/evil/approve"); res.status != http.StatusNotFound {
		t.Errorf("status %d", res.status)
	}
}
