package text

import "strings"

// Written is what a person wrote, fit to be kept: valid UTF-8, without null bytes, which PostgreSQL refuses, and without blanks around it.
func Written(s string) string {
	return strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", ""))
}
