package main

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"varde/internal/fault"
)

// TestErrorsForPeople: the sentences, with what stands around them, and not the causes behind them.
func TestErrorsForPeople(t *testing.T) {
	one, two := fault.Tell("The folder is in use.", fault.ErrInUse), fault.Tell("Say why.", fmt.Errorf("refused: %w", fault.Tell("Inner.", fault.ErrUsage)))
	for want, err := range map[string]error{
		"The folder is in use.":                   one,
		"a.yaml: The folder is in use.\nSay why.": errors.Join(fmt.Errorf("a.yaml: %w", one), two),
		"wrong use: Say why.; see x":              fmt.Errorf("%w: %w; see x", fault.ErrUsage, two),
		"read a (b): not found":                   fmt.Errorf("read a (b): %w", fault.ErrNotFound),
	} {
		if got := forPeople(err.Error(), err); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	p, m := staff(t), open(t, nil)
	add := []string{"target", "add", p.draft("real.yaml", m.target(t, "loopback: true\n", "", "rate: 0\n", "rate: 1\n"))}
	if _, errs, code := p.varde("ola", add...); code != exitUsage || strings.Contains(errs, "refused:") || !strings.HasSuffix(errs, "is asked.\n") {
		t.Errorf("exit status %d, %q", code, errs)
	}
	if _, errs, code := p.varde("ola", append(add, "--verbose")...); code != exitUsage || !strings.Contains(errs, "refused: not_simulated") {
		t.Errorf("with the cause: exit status %d, %q", code, errs)
	}
}
