package fault_test

import (
	"errors"
	"fmt"
	"testing"

	"varde/internal/fault"
)

func TestTellKeepsBothSides(t *testing.T) {
	err := fmt.Errorf("open: %w", fault.Tell("The folder is in use.", fault.ErrInUse))
	if got := fault.Sentence(err); got != "The folder is in use." {
		t.Errorf("Sentence = %q", got)
	}
	if !errors.Is(err, fault.ErrInUse) {
		t.Error("the cause is lost")
	}
	if got := fault.Sentence(fault.ErrNotFound); got != "" {
		t.Errorf("a sentence from nowhere: %q", got)
	}
}
