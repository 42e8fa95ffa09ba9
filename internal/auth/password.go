package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
)

// cost is RFC 9106's second recommended setting (64 MiB, three passes, four lanes), about a tenth of a second.
var cost = &argon2id.Params{Memory: 64 * 1024, Iterations: 3, Parallelism: 4, SaltLength: 16, KeyLength: 32}

// Bounds of a password's length. The shortest follows ASVS 5.0 6.2.1, which asks for 8 and recommends 15 where there
// is no second factor; 12 lies between until there is one. The longest only keeps hashing bounded.
const (
	MinPassword = 12
	MaxPassword = 256
)

// Weakness says why a password will not do.
type Weakness string

// The weaknesses, from a closed list, so that a page can say each in its own words.
const (
	TooShort Weakness = "short"
	TooLong  Weakness = "long"
	TooPlain Weakness = "plain" // few different characters, or the account's name
	Same     Weakness = "same"  // as the old one
)

// WeakError means the new password will not do.
type WeakError struct{ Weakness Weakness }

// Error names the weakness, never the password.
func (e *WeakError) Error() string { return "password is too weak: " + string(e.Weakness) }

func judge(name, old, password string) error {
	distinct := map[rune]bool{}
	for _, r := range strings.ToLower(password) {
		distinct[r] = true
	}
	switch {
	case password == old:
		return &WeakError{Same}
	case utf8.RuneCountInString(password) < MinPassword:
		return &WeakError{TooShort}
	case len(password) > MaxPassword:
		return &WeakError{TooLong}
	case len(distinct) < 5, len(name) > 3 && strings.Contains(strings.ToLower(password), name):
		return &WeakError{TooPlain}
	}
	return nil
}

// randomPassword has 100 bits, in groups that can be typed off a screen.
func randomPassword() string {
	s := strings.ToLower(rand.Text()[:20])
	return s[:5] + "-" + s[5:10] + "-" + s[10:15] + "-" + s[15:]
}

// hashOfNothing looks like a hash and is that of no password. To compare with it takes as long as with any other.
func hashOfNothing() string {
	random := make([]byte, cost.SaltLength+cost.KeyLength)
	rand.Read(random) // never fails
	text := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argonVersion, cost.Memory, cost.Iterations, cost.Parallelism,
		text(random[:cost.SaltLength]), text(random[cost.SaltLength:]))
}

// argonVersion is that of RFC 9106.
const argonVersion = 0x13

// fingerprint ties a session to a password without holding its hash.
func fingerprint(hash string) string {
	sum := sha256.Sum256([]byte(hash))
	return hex.EncodeToString(sum[:8])
}

func (a *Auth) hash(ctx context.Context, password string) (hash string, err error) {
	err = a.oneAtATime(ctx, func() error {
		hash, err = argon2id.CreateHash(password, cost)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("hash a password: %w", err)
	}
	return hash, nil
}

func (a *Auth) compare(ctx context.Context, password, hash string) (ok bool, err error) {
	if len(password) > MaxPassword {
		password = password[:MaxPassword+1] // cannot match, and costs no more than any other
	}
	err = a.oneAtATime(ctx, func() error {
		ok, err = argon2id.ComparePasswordAndHash(password, hash)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("compare a password: %w", err)
	}
	return ok, nil
}

// oneAtATime keeps a flood of sign-ins from taking all memory.
func (a *Auth) oneAtATime(ctx context.Context, do func() error) error {
	select {
	case a.hashing <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-a.hashing }()
	return do()
}
