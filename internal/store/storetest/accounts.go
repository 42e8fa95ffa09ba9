package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"varde/internal/fault"
	"varde/internal/store"
)

func users(t *testing.T, s *store.Store) {
	ctx := context.Background()
	kari := store.User{Name: "kari", Hash: "$argon2id$1", Role: "analyst", Lang: "nb", Created: start, MustChange: true}
	asa := store.User{Name: "Åsa", Hash: "$argon2id$2", Role: "operator", Created: start}
	must(t, s.CreateUser(ctx, kari))
	must(t, s.CreateUser(ctx, asa))
	if err := s.CreateUser(ctx, store.User{Name: "kari", Hash: "other"}); !errors.Is(err, fault.ErrUsage) || fault.Sentence(err) == "" {
		t.Errorf("a name that is taken: %v", err)
	}
	for _, name := range []string{"", "a\x00", "\xff"} {
		if err := s.CreateUser(ctx, store.User{Name: name}); err == nil {
			t.Errorf("a user named %q was made", name)
		}
	}
	must(t, s.SetPassword(ctx, "kari", "$argon2id$3", false))
	must(t, s.SetLang(ctx, "kari", "en"))
	kari.Hash, kari.MustChange, kari.Lang = "$argon2id$3", false, "en"
	got, err := s.User(ctx, "kari")
	must(t, err)
	same(t, "kari", got, kari)
	all, err := s.Users(ctx)
	must(t, err)
	same(t, "all", all, []store.User{kari, asa})
	for _, name := range []string{"Kari", "none", "\x00", "\xff", "' OR 1=1 --"} {
		_, err := s.User(ctx, name)
		for _, err := range []error{err, s.SetPassword(ctx, name, "h", true), s.SetLang(ctx, name, "nb")} {
			if !errors.Is(err, fault.ErrNotFound) {
				t.Errorf("user %q: %v", name, err)
			}
		}
	}
}

func sessions(t *testing.T, s *store.Store) {
	ctx := context.Background()
	find := func(token string, want []byte) {
		t.Helper()
		data, found, err := s.FindCtx(ctx, token)
		must(t, err)
		if found != (want != nil) || string(data) != string(want) {
			t.Errorf("session %q: %x %v, want %x", token, data, found, want)
		}
	}
	later := time.Now().Add(time.Hour)
	must(t, s.CommitCtx(ctx, "one", []byte{0, 255, 1}, later))
	must(t, s.CommitCtx(ctx, "past", []byte("p"), time.Now().Add(-time.Second)))
	find("one", []byte{0, 255, 1})
	find("past", nil)
	must(t, s.CommitCtx(ctx, "one", []byte("new"), later))
	must(t, s.CommitCtx(ctx, "two", []byte("2"), later))
	all, err := s.AllCtx(ctx)
	must(t, err)
	same(t, "all", all, map[string][]byte{"one": []byte("new"), "two": []byte("2")})
	for _, token := range []string{"none", "\x00", "\xff", ""} {
		find(token, nil)
		must(t, s.DeleteCtx(ctx, token))
	}
	must(t, s.DeleteCtx(ctx, "one"))
	find("one", nil)
	find("two", []byte("2"))
}
