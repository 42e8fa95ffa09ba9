package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

// TestTheCatalogueIsDocumented keeps docs/indicators.md what the catalogue says; make generate writes it anew.
func TestTheCatalogueIsDocumented(t *testing.T) {
	t.Parallel()
	out, errs, code := varde(t, "indicators", "--markdown")
	if code != 0 {
		t.Fatalf("exit status %d: %s", code, errs)
	}
	want, err := os.ReadFile("../../docs/indicators.md")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal([]byte(out), want) {
		t.Error("docs/indicators.md is not what the catalogue says; run make generate")
	}
}

func TestIndicatorsAreExplained(t *testing.T) {
	t.Parallel()
	out, _, code := varde(t, "indicators", "n01", "--lang", "en")
	if code != 0 || !strings.Contains(out, "One phone, several personas") || !strings.Contains(out, "It may be innocent: Friends") || !strings.Contains(out, "Source: ") {
		t.Errorf("exit status %d: %s", code, out)
	}
	if _, errs, code := varde(t, "indicators", "Q99"); code != exitUsage || !strings.Contains(errs, "no indicator") {
		t.Errorf("an unknown code: %d %s", code, errs)
	}
}
