package console_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"varde/internal/ad"
	"varde/internal/audit"
	"varde/internal/fault"
	"varde/internal/watch"
)

// watchLedger keeps the list in memory as the record does.
type watchLedger struct {
	mu   sync.Mutex
	list []watch.Item
}

func (l *watchLedger) Watched(context.Context) ([]watch.Item, int64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.list), int64(len(l.list)), nil
}

func (l *watchLedger) PutWatched(_ context.Context, i watch.Item, _ audit.Entry) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = append(slices.DeleteFunc(l.list, func(old watch.Item) bool { return old.Kind == i.Kind && old.Value == i.Value }), i)
	return nil
}

func (l *watchLedger) EndWatched(_ context.Context, kind ad.Kind, value string, _ audit.Entry) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := len(l.list)
	l.list = slices.DeleteFunc(l.list, func(i watch.Item) bool { return i.Kind == kind && i.Value == value })
	if len(l.list) == n {
		return fault.ErrNotFound
	}
	return nil
}

func TestWatchList(t *testing.T) {
	w := open(t, fill(), nil)
	p := w.signedIn(t)
	if body := p.get("/watch").body; !strings.Contains(body, `class="empty"`) {
		t.Error("an empty list does not say so")
	}
	for name, form := range map[string][]string{"no phone": {"kind", "phone", "value", "113", "reference", "case 7"}, "no reference": {"kind", "phone", "value", "412 34 567", "reference", " "},
		"no kind": {"kind", "picture", "value", "x", "reference", "case 7"}} {
		res := p.post("/watch", append(form, "do", "add")...)
		if res.status != http.StatusUnprocessableEntity || !strings.Contains(res.body, `role="alert"`) || !strings.Contains(res.body, `value="`+form[3]+`"`) {
			t.Errorf("%s: %d", name, res.status)
		}
	}
	if res := p.post("/watch", "kind", "phone", "value", "412 34 567", "reference", "case <7>", "do", "add"); res.status != http.StatusSeeOther {
		t.Fatalf("adding: %d", res.status)
	}
	if body := strings.ReplaceAll(p.get("/watch?done=add").body, "\u00a0", " "); !strings.Contains(body, "47 412 34 567</bdi></a>") || !strings.Contains(body, "case &lt;7&gt;") || !strings.Contains(body, `role="status"`) {
		t.Errorf("the list: %s", body)
	}
	// What another case put there does not vanish unseen.
	other := []string{"kind", "phone", "value", "0047 41 23 45 67", "reference", "case 8", "do", "add"}
	res := p.post("/watch", other...)
	if res.status != http.StatusUnprocessableEntity || !strings.Contains(res.body, `name="replaces" value="case &lt;7&gt;"`) || w.watch.list[0].Reference != "case <7>" {
		t.Errorf("what is there already is replaced: %d, %+v", res.status, w.watch.list)
	}
	res.page().Has("[role=alert]", "case <7>", w.name)
	if res := p.post("/watch", append(other, "replaces", "case <7>")...); res.status != http.StatusSeeOther || len(w.watch.list) != 1 || w.watch.list[0].Reference != "case 8" {
		t.Errorf("replaced knowingly: %d, %+v", res.status, w.watch.list)
	}
	if res := p.post("/watch", "kind", "phone", "value", "+4741234567", "do", "remove"); res.status != http.StatusUnprocessableEntity {
		t.Errorf("removing without a reason: %d", res.status)
	}
	for range 2 { // the second comes too late and finds what it wanted
		if res := p.post("/watch", "kind", "phone", "value", "+4741234567", "do", "remove", "reason", "closed"); res.status != http.StatusSeeOther {
			t.Errorf("removing: %d", res.status)
		}
	}
}
