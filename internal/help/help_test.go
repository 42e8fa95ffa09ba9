package help_test

import (
	"strings"
	"testing"
	"time"

	"varde/configs"
	"varde/internal/help"
)

func TestContacts(t *testing.T) {
	data, err := configs.FS.ReadFile("help.yaml")
	if err != nil {
		t.Fatal(err)
	}
	c, err := help.Load("help.yaml", data)
	if err != nil {
		t.Fatal(err)
	}
	list := c.Of(help.Child)
	if len(list) < 3 || c.Of("nothing") != nil {
		t.Fatalf("contacts for a child: %+v", list)
	}
	now := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	if list[0].Stale(now) || !list[0].Stale(now.AddDate(1, 1, 0)) {
		t.Error("a contact is checked for a year")
	}
	for broken, want := range map[string]string{`phone: "112"`: "contacts.0.phone", `source: "politiet.no"`: "contacts.0.source", "checked_on: 2026-11-24": "contacts.0.checked_on",
		"for: [child]": "contacts.0.for", `name: {nb: "Politiet, operasjonssentralen", `: "contacts.0.name.nb", "id: child_line": "contacts.1.id"} {
		field, _, _ := strings.Cut(broken, ":")
		empty := map[string]string{"for": "for: []", "name": "name: {", "id": "id: police"}[field]
		if !strings.Contains(string(data), broken) {
			t.Fatalf("the file has no %q", broken)
		}
		_, err := help.Load("help.yaml", []byte(strings.Replace(string(data), broken, empty, 1)))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("without %q: %v, want %s", broken, err, want)
		}
	}
}
