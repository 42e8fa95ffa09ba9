package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"varde/internal/ad"
	"varde/internal/audit"
	"varde/internal/child"
	"varde/internal/fault"
	"varde/internal/store"
)

// flagged commits a finding that raises a flag and returns its ad's key.
func flagged(t *testing.T, s *store.Store, id, words string, after time.Duration) ad.Key {
	f := finding("a", id, after, words)
	f.Indicators = []ad.Indicator{{Code: "S04", Confidence: 1, Evidence: []ad.Evidence{{Field: ad.FieldText, End: 3, Quote: words[:3]}}}, {Code: "S01", Confidence: 1}}
	flag, ok := child.From(&f, func(code string) bool { return code == "S04" }, start.Add(after+time.Minute))
	if !ok || len(flag.Indicators) != 1 {
		t.Fatalf("the finding raises %+v", flag)
	}
	commit(t, s, ad.Update{Findings: []ad.Finding{f}, Children: []ad.ChildFlag{flag}})
	return f.Sighting.Key()
}

func childFlags(t *testing.T, s *store.Store) {
	ctx := context.Background()
	desk := child.NewDesk(s, func() time.Time { return start.Add(24 * time.Hour) })
	first, second := flagged(t, s, "1", "fifteen", 0), flagged(t, s, "2", "sixteen", time.Hour)
	flagged(t, s, "1", "fifteen", 0) // the same again changes nothing
	list, total, err := desk.List(ctx, nil, 10, 0)
	must(t, err)
	if total != 2 || len(list) != 2 || list[0].Ad != first || list[1].Ad != second || list[0].State != child.Open || list[0].Revision != 1 {
		t.Fatalf("the list is %+v (%d)", list, total)
	}
	same(t, "evidence", list[0].Indicators[0].Evidence[0].Quote, "fif")
	taken, err := desk.Take(ctx, "kari", first, 1)
	must(t, err)
	_, err = desk.Take(ctx, "ola", first, 1)
	if !errors.Is(err, child.ErrChanged) {
		t.Errorf("taken on an old look: %v", err)
	}
	for outcome, note := range map[child.Outcome]string{"reported": " ", "": "x", "nonsense": "x"} {
		if _, err := desk.Answer(ctx, "kari", first, taken.Revision, outcome, note); !errors.Is(err, fault.ErrUsage) {
			t.Errorf("answered %q with note %q: %v", outcome, note, err)
		}
	}
	answered, err := desk.Answer(ctx, "kari", first, taken.Revision, child.Reported, "told the duty officer 14.05")
	must(t, err)
	waiting, err := desk.Waiting(ctx)
	must(t, err)
	same(t, "waiting", waiting, 1)

	// An older look at the ad, or the same words again, leaves the answer; new words ask again.
	flagged(t, s, "1", "fourteen", -time.Hour)
	flagged(t, s, "1", "fifteen", 2*time.Hour)
	got, err := desk.Get(ctx, first)
	must(t, err)
	same(t, "after the same words", got, answered)
	flagged(t, s, "1", "thirteen", 3*time.Hour)
	got, err = desk.Get(ctx, first)
	must(t, err)
	if got.State != child.Open || got.Outcome != "" || got.Raised != answered.Raised || got.At == answered.At {
		t.Errorf("after new words: %+v", got)
	}
	// New words in an ad that somebody works on leave who does, and since when.
	_, err = desk.Take(ctx, "ola", second, 1)
	must(t, err)
	flagged(t, s, "2", "fourteen", 4*time.Hour)
	got, err = desk.Get(ctx, second)
	must(t, err)
	if got.State != child.Taken || got.By != "ola" || !got.Changed.Equal(start.Add(24*time.Hour)) || got.Revision != 3 {
		t.Errorf("new words after it was taken: %+v", got)
	}
	entries, err := s.Entries(ctx, audit.Ad(string(first)))
	must(t, err)
	var story []string
	for _, e := range entries {
		story = append(story, e.Actor+" "+string(e.Action)+" "+e.Reason)
	}
	same(t, "the log", story, []string{"varde child_flagged ", "kari child_answered told the duty officer 14.05", "kari child_taken ", "varde child_flagged "})
	if _, err := desk.Get(ctx, "\xff"); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("the flag of what cannot be: %v", err)
	}
	if _, err := desk.Take(ctx, audit.Program, second, 1); err == nil {
		t.Error("the program took a flag")
	}
}

func apart(t *testing.T, s *store.Store) {
	ctx := context.Background()
	spam, ring := network("n-1", "a/1", "a/2"), network("n-2", "a/3", "a/4")
	spam.Class = ad.Spam
	key := flagged(t, s, "3", "twelve", 0)
	st := ad.Standing{Key: "a/1", Network: "n-1", Band: ad.Low, Class: ad.Spam}
	commit(t, s, ad.Update{Findings: []ad.Finding{finding("a", "1", 0, "x")}, Networks: []ad.Network{spam, ring},
		Standings: []ad.Standing{st, {Key: key, Network: "n-2", Band: ad.Low, Child: true}}})
	a, err := s.Ad(ctx, "a/1")
	must(t, err)
	same(t, "standing", a.Standing, st)
	for name, f := range map[string]store.RankFilter{"n-2": {NoSpam: true}, "n-1": {OnlySpam: true}, "n-2 ": {OnlyChild: true}} {
		list, total, err := s.Ranked(ctx, f)
		must(t, err)
		if total != 1 || list[0].ID != name[:3] {
			t.Errorf("%+v gives %d: %v", f, total, list)
		}
	}
	c, err := s.Counts(ctx)
	must(t, err)
	if c.Networks != 1 || c.Spam != 1 || c.Child != 1 {
		t.Errorf("counted %+v", c)
	}
	// An answer that no child is involved takes the mark away; one that it was reported leaves it.
	desk := child.NewDesk(s, nil)
	possible := func() [3]int {
		in, err := s.PossibleChildren(ctx, []string{"n-1", "n-2", "none"})
		must(t, err)
		c, err := s.Counts(ctx)
		must(t, err)
		_, listed, err := s.Ranked(ctx, store.RankFilter{OnlyChild: true})
		must(t, err)
		return [3]int{in["n-2"], c.Child, listed}
	}
	same(t, "before an answer", possible(), [3]int{1, 1, 1})
	_, err = desk.Answer(ctx, "kari", key, 1, child.Reported, "told the duty officer")
	must(t, err)
	same(t, "after it was reported", possible(), [3]int{1, 1, 1})
	_, err = desk.Reopen(ctx, "kari", key, 2, "another look")
	must(t, err)
	_, err = desk.Answer(ctx, "kari", key, 3, child.Misread, "a shoe size")
	must(t, err)
	same(t, "after it was misread", possible(), [3]int{})
}
