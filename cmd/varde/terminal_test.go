package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"varde/internal/target"
	"varde/internal/testkit"
)

// openTerminal is a terminal: what the person types goes into the first file, the program reads from the second.
func openTerminal(t *testing.T) (person, program *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = person.Close() })
	control := func(request uintptr, value *int32) {
		if _, _, e := syscall.Syscall(syscall.SYS_IOCTL, person.Fd(), request, uintptr(unsafe.Pointer(value))); e != 0 {
			t.Fatal(e)
		}
	}
	var number, unlocked int32
	control(syscall.TIOCSPTLCK, &unlocked)
	control(syscall.TIOCGPTN, &number)
	if program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = program.Close() })
	return person, program
}

// typed runs a command on a terminal, where a person answers each prompt, and returns its status and all that was shown.
func (p *people) typed(answers [][2]string, args ...string) (code int, shown string) {
	p.t.Helper()
	person, program := openTerminal(p.t.(*testing.T))
	var out, errs testkit.Output
	ended := make(chan int, 1)
	go func() {
		ended <- run(context.Background(), append(args, "--data", p.data, "--config", p.config), program, &out, &errs)
	}()
	for _, a := range answers {
		wait(p.t, a[0], func() bool { return strings.Contains(errs.String(), a[0]) || len(ended) > 0 })
		if _, err := person.WriteString(a[1] + "\n"); err != nil {
			p.t.Fatal(err)
		}
	}
	select {
	case code = <-ended:
	case <-time.After(patience):
		p.t.Fatalf("the command does not end\n%s%s", out.String(), errs.String())
	}
	echo := make([]byte, 4096)
	n, _ := person.Read(echo) // what the terminal showed of what was typed
	if bytes.Contains(echo[:n], []byte(passwordOf["kari"])) {
		p.t.Error("the password was shown as it was typed")
	}
	return code, out.String() + errs.String()
}

// TestApproveOnATerminal: the approver reads the change, says yes, and types the password, which is not shown.
func TestApproveOnATerminal(t *testing.T) {
	t.Parallel()
	p, m := staff(t), open(t, nil)
	p.must("ola", "target", "add", p.draft("market.yaml", m.target(t)))
	approve := []string{"target", "approve", "market", "--version", "1", "--as", "kari"}
	if code, shown := p.typed([][2]string{{"[y/N]", ""}}, approve...); code != exitNothing || !strings.Contains(shown, "nothing was changed") {
		t.Errorf("without a yes: exit status %d\n%s", code, shown)
	}
	if code, shown := p.typed([][2]string{{"[y/N]", "y"}, {"Password of kari: ", passwordOf["ola"]}}, approve...); code != exitNothing || !strings.Contains(shown, "do not belong together") {
		t.Errorf("with another's password: exit status %d\n%s", code, shown)
	}
	code, shown := p.typed([][2]string{{"[y/N]", "y"}, {"Password of kari: ", passwordOf["kari"]}}, approve...)
	if code != 0 || !strings.Contains(shown, "Legal basis") || !strings.Contains(shown, "+  approver: kari") || strings.Contains(shown, passwordOf["kari"]) {
		t.Errorf("exit status %d\n%s", code, shown)
	}
	if l := p.standing("market"); l.State != target.Approved {
		t.Errorf("%+v", l)
	}
}
