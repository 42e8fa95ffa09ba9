package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"varde/internal/auth"
	"varde/internal/fault"
	"varde/internal/store"
)

func newUser(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "user",
		Short: "Local accounts of the console",
		Args:  usageArgs(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			return fmt.Errorf("%w: say list, add, password or reset", fault.ErrUsage)
		},
	}
	cmd.AddCommand(
		&cobra.Command{Use: "list", Short: "Who has an account", Args: usageArgs(cobra.NoArgs),
			RunE: func(cmd *cobra.Command, _ []string) error { return userList(cmd.Context(), a) }},
		&cobra.Command{Use: "add NAME", Short: "Make an account; its first password is printed once", Args: usageArgs(cobra.ExactArgs(1)),
			RunE: func(cmd *cobra.Command, args []string) error {
				return a.withAccounts(cmd.Context(), args[0], func(ctx context.Context, acc *auth.Auth) (string, error) { return acc.Add(ctx, args[0]) })
			}},
		&cobra.Command{Use: "reset NAME", Short: "Give an account a new password, printed once", Args: usageArgs(cobra.ExactArgs(1)),
			RunE: func(cmd *cobra.Command, args []string) error {
				return a.withAccounts(cmd.Context(), args[0], func(ctx context.Context, acc *auth.Auth) (string, error) { return acc.Reset(ctx, args[0], true) })
			}},
		newUserPassword(a),
	)
	return cmd
}

func newUserPassword(a *app) *cobra.Command {
	var old, replacement string
	c := &cobra.Command{
		Use:   "password NAME",
		Short: "Change one's own password, by the one that is to be replaced",
		Long: `Change the password of an account by giving the old one. Nothing else can be done with an account before the password that
somebody else chose for it is replaced. Passwords are asked on the terminal, or read from files: - is standard input, the old one
in its first line and the new one in its second.`,
		Args: usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return userPassword(cmd.Context(), a, args[0], old, replacement)
		},
	}
	c.Flags().StringVar(&old, "password-file", "", "a `FILE` whose first line is the old password, - for standard input")
	c.Flags().StringVar(&replacement, "new-password-file", "", "a `FILE` whose first line is the new password, - for standard input")
	return c
}

func userPassword(ctx context.Context, a *app, name, oldFile, newFile string) (err error) {
	s, err := a.openStore(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	old, err := a.password(ctx, oldFile, "--password-file", "Old password of "+printable(name)+": ")
	if err != nil {
		return err
	}
	replacement, err := a.password(ctx, newFile, "--new-password-file", "New password: ")
	if err != nil {
		return err
	}
	if newFile == "" {
		again, err := a.password(ctx, "", "--new-password-file", "New password again: ")
		if err != nil {
			return err
		}
		if again != replacement {
			return fmt.Errorf("%w: the two new passwords differ", fault.ErrUsage)
		}
	}
	acc, err := a.accountsOf(s)
	if err != nil {
		return err
	}
	if err := acc.Replace(ctx, name, old, replacement); err != nil {
		return tellAuth(name, err)
	}
	return a.result(map[string]string{"name": name}, fmt.Sprintf("The password of %s is changed; its sessions in the console have ended.", printable(name)))
}

func userList(ctx context.Context, a *app) (err error) {
	s, err := a.openStore(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	users, err := s.Users(ctx)
	if err != nil {
		return err
	}
	type line struct {
		Name    string    `json:"name"`
		Created time.Time `json:"created"`
	}
	lines, texts := []line{}, []string{}
	for _, u := range users {
		lines = append(lines, line{u.Name, u.Created})
		texts = append(texts, fmt.Sprintf("%s  since %s", u.Name, u.Created.UTC().Format(time.DateOnly)))
	}
	if len(texts) == 0 {
		texts = []string{"There are no accounts yet; varde up makes the first one, or use varde user add NAME."}
	}
	return a.result(lines, texts...)
}

// withAccounts runs fn on the accounts and prints the password it made.
func (a *app) withAccounts(ctx context.Context, name string, fn func(context.Context, *auth.Auth) (password string, err error)) (err error) {
	if err := a.makeData(); err != nil {
		return err
	}
	s, err := store.Open(ctx, a.storeURL(), store.Options{Log: a.logger(slog.LevelWarn)})
	if err != nil {
		return fmt.Errorf("open the record: %w", err)
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	acc, err := auth.New(auth.Config{Log: a.logger(slog.LevelWarn)}, accounts{s}, s)
	if err != nil {
		return err
	}
	password, err := fn(ctx, acc)
	if errors.Is(err, fault.ErrNotFound) {
		return fmt.Errorf("there is no account %q; varde user list shows them", name)
	}
	if err != nil {
		return err
	}
	return a.result(map[string]string{"name": name, "password": password},
		fmt.Sprintf("Account %s, password (shown only now): %s", name, password),
		fmt.Sprintf("  It is to be changed before anything else, at the first sign-in or with %s", a.command("user password "+name)))
}
