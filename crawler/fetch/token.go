package fetch

import (
	"fmt"
	"net/http"
	"strings"

	"varde/internal/fault"
	"varde/internal/target"
)

// token is the key that a site gives to everybody who asks for it. Its value is in the header of requests and nowhere else.
type token struct {
	header, prefix string
	value          []string
}

// readToken reads the value of a target's token. A missing one is an error at once, and names the file.
func readToken(t target.Token, secrets func(file string) (string, error)) (token, error) {
	if t.Header == "" {
		return token{}, nil
	}
	if secrets == nil {
		return token{}, fmt.Errorf("read secret %s: %w: there are no secrets", t.File, fault.ErrUsage)
	}
	value, err := secrets(t.File)
	if err != nil {
		return token{}, fmt.Errorf("read secret %s: %w", t.File, err)
	}
	if value = strings.TrimSpace(value); value == "" || strings.ContainsFunc(value, func(r rune) bool { return r < 0x20 || r == 0x7f }) {
		return token{}, fmt.Errorf("read secret %s: %w: it is empty, or more than one line", t.File, fault.ErrUsage)
	}
	return token{header: http.CanonicalHeaderKey(t.Header), prefix: t.Prefix, value: []string{t.Prefix + value}}, nil
}
