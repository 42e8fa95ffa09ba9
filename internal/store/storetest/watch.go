package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"varde/internal/ad"
	"varde/internal/audit"
	"varde/internal/fault"
	"varde/internal/store"
	"varde/internal/watch"
)

func watched(t *testing.T, s *store.Store) {
	ctx := context.Background()
	d := watch.NewDesk(s, "NO", func() time.Time { return start })
	_, before, err := s.Watched(ctx)
	must(t, err)
	phone, err := d.Add(ctx, "kari", ad.Phone, "412 34 567", "case 7", "")
	must(t, err)
	same(t, "a phone", phone, watch.Item{Kind: ad.Phone, Value: "+4741234567", Reference: "case 7", By: "kari", At: start})
	_, err = d.Add(ctx, "ola", ad.Handle, "Telegram:@Mia_B", "tip 3", "seen twice")
	must(t, err)
	phone.Reference = "case 8"
	_, err = d.Add(ctx, "kari", ad.Phone, "+47 41 23 45 67", "case 8", "")
	must(t, err)
	list, after, err := s.Watched(ctx)
	must(t, err)
	same(t, "the list", list, []watch.Item{{Kind: ad.Handle, Value: "telegram:mia_b", Reference: "tip 3", Note: "seen twice", By: "ola", At: start}, phone})
	if after != before+3 {
		t.Errorf("three changes took the number from %d to %d", before, after)
	}
	for _, c := range []struct {
		kind             ad.Kind
		value, reference string
	}{{ad.Phone, "113", "x"}, {ad.Phone, "41234567", " "}, {ad.PHash, "00", "x"}, {ad.Handle, "mia", "x"}, {ad.Email, "a b", "x"}, {ad.Link, "site.example", "x"}} {
		if _, err := d.Add(ctx, "kari", c.kind, c.value, c.reference, ""); !errors.Is(err, fault.ErrUsage) {
			t.Errorf("%+v: %v", c, err)
		}
	}
	if err := d.Remove(ctx, "kari", ad.Handle, "telegram:mia_b", ""); !errors.Is(err, fault.ErrUsage) {
		t.Errorf("removed without a reason: %v", err)
	}
	must(t, d.Remove(ctx, "kari", ad.Handle, "telegram:mia_b", "closed"))
	if err := d.Remove(ctx, "kari", ad.Handle, "telegram:mia_b", "closed"); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("removed twice: %v", err)
	}
	list, last, err := s.Watched(ctx)
	must(t, err)
	if len(list) != 1 || last != after+1 {
		t.Errorf("left are %+v at %d", list, last)
	}
	entries, err := s.Entries(ctx, audit.Watch("handle", "telegram:mia_b"))
	must(t, err)
	if len(entries) != 2 || entries[0].Action != audit.WatchRemoved || entries[1].Object != "tip 3" {
		t.Errorf("the log: %+v", entries)
	}
}
