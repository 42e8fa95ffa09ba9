package console_test

import (
	"errors"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"varde/internal/audit"
	"varde/internal/fault"
	"varde/internal/target"
)

func TestNewTarget(t *testing.T) {
	w, l := crawling(t)
	kari := w.named(t, "kari")
	broken := strings.Replace(strings.Replace(targetFile(t, "nytt"), "approver: ola", "aprover: ola", 1), "rate: 0.5", "rate: 500", 1)
	for _, do := range []string{"check", "save"} {
		res := kari.post("/targets/new", "text", strings.ReplaceAll(broken, "\n", "\r\n"), "reason", "Fordi det trengs", "do", do)
		if res.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: status %d", do, res.status)
		}
		page := res.page()
		page.Has("#problems", "3 ting må rettes.", "Ingenting er lagret.", "aprover", "unknown field", "authority.approver", "500 requests")
		for _, href := range page.Attrs("#problems a", "href") {
			if page.Count(href+".wrong") != 1 {
				t.Errorf("%s leads to no line that is marked", href)
			}
		}
		page.Has(".lines .wrong", "aprover: ola")
		page.Has("textarea#text", "aprover: ola", "rate: 500")
		if got := page.Attrs("#reason", "value"); len(got) != 1 || got[0] != "Fordi det trengs" {
			t.Errorf("the reason is %q", got)
		}
	}
	good := targetFile(t, "nytt")
	kari.post("/targets/new", "text", good, "do", "check").page().Has(".notice", "Ingen feil funnet. Ingenting er lagret ennå.")
	if _, err := l.desk.Get(t.Context(), "nytt"); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("a check saved something: %v", err)
	}
	res := kari.post("/targets/new", "text", strings.ReplaceAll(good, "\n", "\r\n"), "reason", "Fordi det trengs", "do", "save")
	if res.status != http.StatusSeeOther || res.header.Get("Location") != "/targets/nytt?done=draft" {
		t.Fatalf("status %d to %q", res.status, res.header.Get("Location"))
	}
	kari.page("/targets/nytt?done=draft").Has(".notice", "Lagret som utkast")
	versions, err := l.desk.Versions(t.Context(), "nytt")
	if err != nil || len(versions) != 1 || versions[0].Text != good || versions[0].Author != "kari" || versions[0].Reason != "Fordi det trengs" {
		t.Errorf("saved as %+v, %v", versions, err)
	}
	again := kari.post("/targets/new", "text", good, "do", "save")
	if again.status != http.StatusUnprocessableEntity {
		t.Errorf("the same id again: status %d", again.status)
	}
	again.page().Has("#problems", "Linje 12", "Det finnes allerede et mål nytt.")
	loop := kari.post("/targets/new", "text", targetFile(t, "egen", "loopback: false", "loopback: true"), "do", "save")
	if loop.status != http.StatusUnprocessableEntity {
		t.Errorf("a loopback target: status %d", loop.status)
	}
	loop.page().Has(".problem", "loopback: true", "ekte nettsted")
	if res := kari.post("/targets/new", "text", strings.Repeat("æ", 140<<10), "do", "save"); res.status != http.StatusUnprocessableEntity {
		t.Errorf("a file of 280 KiB: status %d", res.status)
	}
}

func TestEditTellsWhatHappenedMeanwhile(t *testing.T) {
	w, l := crawling(t)
	kari := w.named(t, "kari")
	page := kari.page("/targets/nordmarked/edit")
	page.Has(".warning", "opphever godkjenningen")
	if got := page.Attrs("input[name=base]", "value"); len(got) != 1 || got[0] != "2" {
		t.Errorf("the form starts from %q", got)
	}
	st, err := l.desk.Draft(t.Context(), "per", "t.yaml", []byte(targetFile(t, "nordmarked", "rate: 0.5", "rate: 3")), "Min")
	if err != nil || st.Version != 3 {
		t.Fatal(st, err)
	}
	mine := targetFile(t, "nordmarked", "rate: 0.5", "rate: 4")
	res := kari.post("/targets/nordmarked/edit", "base", "2", "text", mine, "reason", "Raskere", "do", "save")
	if res.status != http.StatusConflict {
		t.Fatalf("status %d", res.status)
	}
	told := res.page()
	told.Has(".problem", "per lagret versjon 3 mens du skrev")
	told.Has("textarea#text", "rate: 4")
	told.Has(".diff [data-kind='-']", "rate: 3")
	told.Has(".diff [data-kind='+']", "rate: 4")
	told.Has(".diff .fold", "uendrede linjer")
	if got := told.Attrs("input[name=base]", "value"); len(got) != 1 || got[0] != "3" {
		t.Errorf("the form goes on from %q", got)
	}
	if res := kari.post("/targets/nordmarked/edit", "base", "3", "text", mine, "do", "save"); res.status != http.StatusSeeOther {
		t.Errorf("saved over version 3: status %d", res.status)
	}
	same := kari.post("/targets/nordmarked/edit", "base", "4", "text", mine, "do", "save")
	if same.status != http.StatusUnprocessableEntity {
		t.Errorf("the same text: status %d", same.status)
	}
	same.page().Has(".problem", "Teksten er den samme som i gjeldende versjon")
	other := kari.post("/targets/nordmarked/edit", "base", "4", "text", targetFile(t, "annet"), "do", "save")
	if other.status != http.StatusUnprocessableEntity {
		t.Errorf("another id: status %d", other.status)
	}
	other.page().Has("#problems", "Dette er målet nordmarked")
}

var hashOf = regexp.MustCompile(`name="hash" value="([0-9a-f]+)"`)

func TestApprove(t *testing.T) {
	w, l := crawling(t)
	ola := w.named(t, "ola")
	l.draft(targetFile(t, "vestlysning", "policy: obey", "policy: ignore", "# reason: why", "  reason: Avklart på nytt # why", "rate: 0.5", "rate: 0.2"), "Saktere")
	res := ola.get("/targets/vestlysning/approve")
	page := res.page()
	page.Has(".lead", "Skrevet av kari", "Saktere")
	page.Has("#diff", "Endret siden versjon 1, som sist ble godkjent")
	page.Has(".diff [data-kind='+']", "rate: 0.2")
	page.Has(".decide blockquote", "Avklart på nytt")
	page.Has(".side", "Ses bort fra", "Avklart på nytt", "politiregisterloven")
	hash := hashOf.FindStringSubmatch(res.body)[1]
	form := []string{"version", "2", "hash", hash, "note", "Lest <nøye>"}
	for _, tt := range []struct {
		more []string
		want string
	}{
		{nil, "Kryss av for at du har lest det."},
		{[]string{"consent", "on"}, "Kryss av for at du har lest det."},
		{[]string{"read", "on"}, "Samtykk uttrykkelig til det"},
	} {
		res := ola.post("/targets/vestlysning/approve", append(tt.more, form...)...)
		if res.status != http.StatusUnprocessableEntity {
			t.Errorf("%v: status %d", tt.more, res.status)
		}
		res.page().Has(".problem", tt.want)
		res.page().Has("#note", "Lest <nøye>")
	}
	whole := append([]string{"read", "on", "consent", "on"}, form...)
	for _, who := range []string{"kari", "per"} { // whoever makes the form themselves is refused by the desk, and it is noted
		res := w.named(t, who).post("/targets/vestlysning/approve", whole...)
		if res.status != http.StatusForbidden {
			t.Errorf("%s approves: status %d", who, res.status)
		}
	}
	refused := 0
	history, err := l.desk.History(t.Context(), "vestlysning")
	for _, e := range history {
		if e.Action == audit.TargetRefused {
			refused++
		}
	}
	if err != nil || refused != 2 {
		t.Errorf("%d attempts are noted, want those of kari and per (%v)", refused, err)
	}
	if st := must(l.desk.Get(t.Context(), "vestlysning")); st.State != target.Draft {
		t.Errorf("the target is %s", st.State)
	}
	if done := ola.post("/targets/vestlysning/approve", whole...); done.status != http.StatusSeeOther {
		t.Errorf("status %d", done.status)
	}
	if st := must(l.desk.Get(t.Context(), "vestlysning")); st.State != target.Approved || !st.Approval.Consent || st.Approval.Note != "Lest <nøye>" {
		t.Errorf("approved as %+v", st.Approval)
	}
}

// TestApproveTellsAnEdit: an edit between reading and approving is told, and nothing is approved.
func TestApproveTellsAnEdit(t *testing.T) {
	w, l := crawling(t)
	ola := w.named(t, "ola")
	st := l.draft(targetFile(t, "vestlysning", "policy: obey", "policy: ignore", "# reason: why", "  reason: Avklart på nytt # why"), "Saktere")
	whole := []string{"version", "2", "hash", st.Hash, "note", "Lest <nøye>", "read", "on", "consent", "on"}
	l.draft(targetFile(t, "vestlysning", "rate: 0.5", "rate: 0.3"), "Likevel ikke")
	late := ola.post("/targets/vestlysning/approve", whole...)
	if late.status != http.StatusConflict {
		t.Errorf("a version that is no more: status %d", late.status)
	}
	late.page().Has(".problem", "Versjon 2, som du leste, er ikke lenger gjeldende. Ingenting er godkjent. Dette er versjon 3")
	late.page().Has("#note", "Lest <nøye>")
	if n := late.page().Count("#consent"); n != 0 {
		t.Error("consent is asked for where robots.txt is obeyed")
	}
	done := ola.post("/targets/vestlysning/approve", "version", "3", "hash", hashOf.FindStringSubmatch(late.body)[1], "read", "on", "note", "Greit")
	if done.status != http.StatusSeeOther || done.header.Get("Location") != "/targets/vestlysning?done=approve" {
		t.Fatalf("status %d to %q", done.status, done.header.Get("Location"))
	}
	st, err := l.desk.Get(t.Context(), "vestlysning")
	if err != nil || st.State != target.Approved || st.Approval.By != "ola" || st.Approval.Note != "Greit" || st.Approval.Consent {
		t.Errorf("approved as %+v, %v", st, err)
	}
	second := ola.post("/targets/vestlysning/approve", "version", "3", "hash", st.Hash, "read", "on")
	if second.status != http.StatusConflict {
		t.Errorf("approved twice: status %d", second.status)
	}
}

func TestStartPauseRevoke(t *testing.T) {
	w, l := crawling(t)
	per := w.named(t, "per")
	do := func(want int, form ...string) answer {
		t.Helper()
		res := per.post("/targets/senere", form...)
		if res.status != want {
			t.Errorf("%q: status %d, want %d", form, res.status, want)
		}
		return res
	}
	early := do(http.StatusConflict, "do", "activate", "version", "7", "reason", "Klar")
	early.page().Has(".problem", "Versjon 1 er kommet til siden du så på målet. Ingenting er startet.")
	do(http.StatusSeeOther, "do", "activate", "version", "1", "reason", "Klar")
	per.page("/targets/senere").Has(".lead", "Startet, men tillatelsen gjelder først fra 1. des. 2026 kl. 00.00.")
	late := do(http.StatusConflict, "do", "activate", "version", "1", "reason", "Jeg også")
	late.page().Has(".problem", "Målet er aktivt allerede.")
	do(http.StatusSeeOther, "do", "pause")
	stale := do(http.StatusConflict, "do", "pause", "reason", "For sent")
	stale.page().Has(".problem", "Målet er ikke aktivt")
	bare := do(http.StatusUnprocessableEntity, "do", "revoke", "reason", "  ")
	bare.page().Has(".problem", "Skriv hvorfor målet trekkes tilbake.")
	if bare.page().Count("details.act[open] input[value=revoke]") != 1 {
		t.Error("the form that lacks its reason is not shown")
	}
	do(http.StatusSeeOther, "do", "revoke", "reason", "Avsluttet")
	do(http.StatusConflict, "do", "activate", "version", "1")
	do(http.StatusBadRequest, "do", "delete")
	if st, err := l.desk.Get(t.Context(), "senere"); err != nil || st.State != target.Revoked {
		t.Errorf("%+v, %v", st.State, err)
	}
	if res := per.post("/targets/bymarked", "do", "revoke", "version", "1", "reason", "Ikke nødvendig"); res.status != http.StatusSeeOther {
		t.Errorf("rejected: status %d", res.status)
	}
	per.page("/targets/bymarked").Has(".lead", "Forkastet uten å bli godkjent.")
	per.page("/pause").Has("main", "3 mål hentes nå.", "Nordmarked, eskorte", "Vestlysning", "Nattmarked")
	if res := per.post("/pause", "reason", "Strømbrudd"); res.status != http.StatusSeeOther || res.header.Get("Location") != "/targets?done=pause_all" {
		t.Errorf("status %d to %q", res.status, res.header.Get("Location"))
	}
	page := per.page("/targets?done=pause_all")
	page.Has(".notice", "Alt er satt på pause")
	if n := page.Count(".state[data-state=active]"); n != 0 {
		t.Errorf("%d targets are still crawled", n)
	}
}

func TestEveryRuleOfTheDeskIsTold(t *testing.T) {
	src, err := os.ReadFile("../internal/target/desk_rules.go")
	if err != nil {
		t.Fatal(err)
	}
	rules := regexp.MustCompile(`&refusal\{"(\w+)"`).FindAllStringSubmatch(string(src), -1)
	if len(rules) < 10 {
		t.Fatalf("only %d rules found; the search is broken", len(rules))
	}
	for _, lang := range []string{"nb", "en"} {
		c := readCatalogue(t, lang)
		for _, r := range rules {
			if _, ok := c["refusal."+r[1]]; !ok {
				t.Errorf("%s lacks refusal.%s", lang, r[1])
			}
		}
	}
}
