package auth_test

import (
	"errors"
	"strings"
	"testing"

	"varde/internal/fault"
)

// TestNoTwoNamesLookAlike: who is named as an approver cannot be somebody else whose name looks the same.
func TestNoTwoNamesLookAlike(t *testing.T) {
	t.Parallel()
	w := start(t)
	for _, name := range []string{"\u043ela", "ola\u200b", "ol\u00e5", "\uff4fla", "ola kari", "ola\nkari", "", ".ola", "-ola", "ola/x", strings.Repeat("a", 64)} {
		if _, err := w.auth.Add(t.Context(), name); !errors.Is(err, fault.ErrUsage) || !strings.Contains(err.Error(), "letter of a to z") {
			t.Errorf("%+q: %v", name, err)
		}
	}
	if _, err := w.auth.Add(t.Context(), " Ola.b-2_c "); err != nil {
		t.Error(err)
	}
	if _, there := w.users["ola.b-2_c"]; !there {
		t.Errorf("accounts: %v", w.users)
	}
	if _, err := w.auth.Add(t.Context(), "OLA.B-2_C"); !errors.Is(err, fault.ErrUsage) {
		t.Errorf("a name that is taken: %v", err)
	}
}
