package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"varde/internal/auth"
	"varde/internal/config"
	"varde/internal/fault"
	"varde/internal/store"
)

// identity is who acts: a name from --as, proven by the account's password. A password never stands among the arguments, where
// everybody on the machine could read it.
type identity struct {
	app          *app
	name         string
	passwordFile string
}

func (id *identity) flags(c *cobra.Command) {
	c.Flags().StringVar(&id.name, "as", config.User(), "the account that acts, by `NAME` (default: VARDE_USER)")
	c.Flags().StringVar(&id.passwordFile, "password-file", "", "a `FILE` whose first line is the account's password, - for standard input; without it the terminal asks")
}

// prove returns the account's name when its password was given. An account whose password somebody else chose can do nothing yet:
// two people could otherwise be one.
func (id *identity) prove(ctx context.Context, s *store.Store) (string, error) {
	if id.name == "" {
		return "", fmt.Errorf("%w: say who does this with --as NAME (or VARDE_USER); it is written into the log", fault.ErrUsage)
	}
	password, err := id.app.password(ctx, id.passwordFile, "--password-file", "Password of "+id.name+": ")
	if err != nil {
		return "", err
	}
	acc, err := id.app.accountsOf(s)
	if err != nil {
		return "", err
	}
	u, err := acc.Prove(ctx, id.name, password)
	if err != nil {
		return "", tellAuth(id.name, err)
	}
	if u.MustChange {
		return "", fmt.Errorf("the password of %s was chosen by somebody else; change it first, with %s or in the console", u.Name, id.app.command("user password "+u.Name))
	}
	return u.Name, nil
}

func (a *app) accountsOf(s *store.Store) (*auth.Auth, error) {
	acc, err := auth.New(auth.Config{Log: a.logger(slog.LevelError)}, accounts{s}, s)
	if err != nil {
		return nil, fmt.Errorf("make the accounts ready: %w", err)
	}
	return acc, nil
}

// tellAuth says in words for people why a password was not taken.
func tellAuth(name string, err error) error {
	var locked *auth.LockedError
	var weak *auth.WeakError
	switch {
	case errors.As(err, &locked):
		return fmt.Errorf("too many wrong passwords for %s; try again in %s", printable(name), locked.Wait.Round(time.Second))
	case errors.Is(err, auth.ErrRefused):
		return fmt.Errorf("the name %s and the password do not belong together; varde user list shows the accounts", printable(name))
	case errors.As(err, &weak):
		return fmt.Errorf("%w: the new password %s", fault.ErrUsage, weaknesses[weak.Weakness])
	}
	return err
}

var weaknesses = map[auth.Weakness]string{
	auth.TooShort: fmt.Sprintf("is too short: it takes at least %d characters", auth.MinPassword),
	auth.TooLong:  fmt.Sprintf("is too long: it takes at most %d bytes", auth.MaxPassword),
	auth.TooPlain: "is too plain: use more different characters, and not the account's name",
	auth.Same:     "is the old one",
}

// password reads one secret line: from a file, from standard input ("-"), or typed on the terminal without being shown.
func (a *app) password(ctx context.Context, file, flag, prompt string) (string, error) {
	switch {
	case file == "-":
		return a.line(ctx)
	case file != "":
		f, err := os.Open(file)
		if err != nil {
			return "", fmt.Errorf("read %s: %w", flag, err)
		}
		defer f.Close()
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o077 != 0 {
			return "", fmt.Errorf("%w: %s can be read by others on this machine; make it yours alone: chmod 600 %s", fault.ErrUsage, file, shellWord(file))
		}
		line, err := firstLine(f)
		if err != nil {
			return "", fmt.Errorf("read %s: %w", flag, err)
		}
		return line, nil
	}
	in, ok := a.terminal()
	if !ok {
		return "", fmt.Errorf("%w: there is no terminal to ask for the password on; give it with %s FILE, or %s - for standard input", fault.ErrUsage, flag, flag)
	}
	fmt.Fprint(a.err, prompt)
	defer fmt.Fprintln(a.err)
	was, err := term.GetState(int(in.Fd()))
	if err != nil {
		return "", fmt.Errorf("ask for a password: %w", err)
	}
	line, err := interruptible(ctx, func() (string, error) {
		b, err := term.ReadPassword(int(in.Fd()))
		return string(b), err
	})
	if ctx.Err() != nil { // interrupted: what is typed is to be seen again
		return "", errors.Join(ctx.Err(), term.Restore(int(in.Fd()), was))
	}
	return line, err
}

// terminal is standard input where a person sits at it.
func (a *app) terminal() (*os.File, bool) {
	f, ok := a.in.(*os.File)
	return f, ok && term.IsTerminal(int(f.Fd()))
}

// line reads one line of standard input and not a byte more, so that another can follow.
func (a *app) line(ctx context.Context) (string, error) {
	line, err := interruptible(ctx, func() (string, error) {
		var b strings.Builder
		one := make([]byte, 1)
		for b.Len() < longestLine {
			n, err := a.in.Read(one)
			if n == 1 && one[0] == '\n' {
				break
			}
			b.Write(one[:n])
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return "", err
			}
		}
		return strings.TrimSuffix(b.String(), "\r"), nil
	})
	if err != nil {
		return "", fmt.Errorf("read standard input: %w", err)
	}
	return line, nil
}

const longestLine = 4096

func firstLine(r io.Reader) (string, error) {
	s := bufio.NewScanner(io.LimitReader(r, longestLine))
	if !s.Scan() {
		return "", errors.Join(errors.New("there is no line in it"), s.Err())
	}
	return s.Text(), nil
}

// interruptible waits for a read that knows no context. After an interrupt the read is left behind: the process is about to end.
func interruptible(ctx context.Context, read func() (string, error)) (string, error) {
	type answer struct {
		text string
		err  error
	}
	got := make(chan answer, 1)
	go func() {
		text, err := read()
		got <- answer{text, err}
	}()
	select {
	case a := <-got:
		return a.text, a.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// errDeclined means that the person at the terminal said no.
var errDeclined = errors.New("nothing was changed")

// confirm asks y/N on a terminal. Elsewhere --yes stands for the answer: a script must not approve by accident.
func (a *app) confirm(ctx context.Context, yes bool, question string) error {
	if yes {
		return nil
	}
	if _, ok := a.terminal(); !ok {
		return fmt.Errorf("%w: there is no terminal to ask on; read what is shown above and say --yes", fault.ErrUsage)
	}
	fmt.Fprintf(a.err, "%s [y/N] ", question)
	answer, err := a.line(ctx)
	if err != nil {
		return err
	}
	if answer = strings.ToLower(strings.TrimSpace(answer)); answer != "y" && answer != "yes" {
		return errDeclined
	}
	return nil
}

// command is a varde command line that works where this one did: with the same data folder, record and configuration.
func (a *app) command(rest string) string {
	cmd := "varde " + rest
	db := a.dbURL
	if u, err := url.Parse(db); err == nil {
		db = u.Redacted() // what is printed may be kept by somebody
	}
	for _, f := range []struct{ flag, value, usual string }{{"--data", a.data, "data"}, {"--config", a.config, ""}, {"--db", db, ""}} {
		if f.value != f.usual {
			cmd += " " + f.flag + " " + shellWord(f.value)
		}
	}
	return cmd
}

// shellWord quotes a word that a shell would take apart.
func shellWord(s string) string {
	if s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./:@%+=,", r) || r > 127)
	}) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
