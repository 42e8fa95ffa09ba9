package evidence

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path"
	"slices"
	"strings"
	"time"
	"unicode"
)

const stampForm = "20060102T150405.000Z"

// newName names a file so that names sort in the order in which the files were begun, also where the clock went back.
func newName(set string, now time.Time, previous string) string {
	stamp := now.UTC()
	if before, ok := stampOf(set, path.Base(previous)); ok && !stamp.Truncate(time.Millisecond).After(before) {
		stamp = before.Add(time.Millisecond)
	}
	var id [4]byte
	rand.Read(id[:])
	return set + "-" + stamp.Format(stampForm) + "-" + hex.EncodeToString(id[:]) + fileEnding
}

func stampOf(set, name string) (time.Time, bool) {
	rest, ok := strings.CutPrefix(name, set+"-")
	if !ok || len(rest) < len(stampForm) {
		return time.Time{}, false
	}
	t, err := time.Parse(stampForm, rest[:len(stampForm)])
	return t, err == nil
}

// warcNames lists the files of a set's folder by their final names, in order; a missing folder has none.
func warcNames(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	var names []string
	for _, e := range entries {
		name := strings.TrimSuffix(e.Name(), openEnding)
		if strings.HasSuffix(name, fileEnding) && !e.IsDir() {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names), err
}

// sealedChain returns the chain of an index's last line, where that is a seal.
func sealedChain(file string) (string, bool) {
	f, err := os.Open(file)
	if err != nil {
		return "", false
	}
	defer f.Close()
	const most = 1024 // a seal has some 170 bytes
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return "", false
	}
	tail := make([]byte, min(size, most))
	if _, err := f.ReadAt(tail, size-int64(len(tail))); err != nil {
		return "", false
	}
	text, whole := strings.CutSuffix(string(tail), "\n")
	body, chain, ok := splitLine(text[strings.LastIndexByte(text, '\n')+1:])
	_, sealed := readBody(body).(*seal)
	return chain, whole && ok && sealed
}

// plain takes out of what people will read what they would not see: control characters and marks that turn the direction of text. What is in
// keep stays.
func plain(s string, keep ...rune) string {
	return strings.Map(func(c rune) rune {
		turns := c >= '\u202a' && c <= '\u202e' || c >= '\u2066' && c <= '\u2069' || c == '\u200e' || c == '\u200f' || c == '\u061c'
		if !slices.Contains(keep, c) && (unicode.IsControl(c) || turns || c == '\ufeff' || c == '\u2028' || c == '\u2029') {
			return -1
		}
		return c
	}, s)
}
