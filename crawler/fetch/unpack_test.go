package fetch_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"

	"varde/crawler/fetch"
	"varde/internal/frontier"
)

// zip packs; t may be nil, as writing to memory does not fail.
func zip(t testing.TB, data []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write(data)
	if err = errors.Join(err, w.Close()); err != nil && t != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var mebibyte = sync.OnceValue(func() []byte { return zip(nil, make([]byte, 1<<20)) })

// bomb unpacks to so many mebibytes, from about a thousandth of that.
func bomb(mebibytes int) []byte { return bytes.Repeat(mebibyte(), mebibytes) } // members of one gzip stream

// packed answers in gzip.
func packed(body string) http.HandlerFunc {
	return encoded("gzip", "text/html", zip(nil, []byte(body)))
}

func encoded(encoding, contentType string, body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.Header()["Content-Encoding"] = []string{encoding}
		_, _ = w.Write(body)
	}
}

func TestUnpackHasLimits(t *testing.T) {
	plain := []byte(strings.Repeat("the ad ", 1000))
	for name, tt := range map[string]struct {
		in     []byte
		limits fetch.Limits
		out    int
		want   frontier.Outcome
	}{
		"whole":                       {zip(t, plain), fetch.Limits{}, len(plain), ""},
		"two members":                 {append(zip(t, plain), zip(t, plain)...), fetch.Limits{}, 2 * len(plain), ""},
		"as much as it may":           {zip(t, plain), fetch.Limits{Bytes: int64(len(plain))}, len(plain), ""},
		"a byte more":                 {zip(t, plain), fetch.Limits{Bytes: int64(len(plain)) - 1}, 0, frontier.Bomb},
		"small bodies may be dense":   {bomb(1), fetch.Limits{}, 1 << 20, ""},
		"larger ones may not":         {bomb(2), fetch.Limits{}, 0, frontier.Bomb},
		"unless they are let":         {bomb(2), fetch.Limits{Ratio: 2000}, 2 << 20, ""},
		"large and not dense":         {zip(t, noise(3<<20)), fetch.Limits{}, 3 << 20, ""},
		"nothing":                     {nil, fetch.Limits{}, 0, ""},
		"not packed":                  {[]byte("<html>"), fetch.Limits{}, 0, frontier.Packing},
		"cut":                         {zip(t, plain)[:30], fetch.Limits{}, 0, frontier.Packing},
		"cut in the head":             {zip(t, plain)[:5], fetch.Limits{}, 0, frontier.Packing},
		"with something behind":       {append(zip(t, plain), "junk"...), fetch.Limits{}, len(plain), ""},
		"with a broken member behind": {append(zip(t, plain), zip(t, plain)[:30]...), fetch.Limits{}, 0, frontier.Packing},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := fetch.Unpack(tt.in, tt.limits)
			refused(t, err, tt.want)
			if len(out) != tt.out {
				t.Errorf("%d bytes, want %d", len(out), tt.out)
			}
		})
	}
}

// FuzzUnpack: never more than allowed, and the same as what was packed.
func FuzzUnpack(f *testing.F) {
	f.Add(zip(f, []byte("hello")), 100)
	f.Add(bomb(3), 1<<20)
	f.Add([]byte("\x1f\x8b\x08\x00"), 5)
	f.Add([]byte{}, 0)
	f.Fuzz(func(t *testing.T, in []byte, most int) {
		limits := fetch.Limits{Bytes: int64(most&0xffff) + 1}
		out, err := fetch.Unpack(in, limits)
		var r *fetch.Refusal
		if int64(len(out)) > limits.Bytes || err != nil && (!errors.As(err, &r) || out != nil) {
			t.Errorf("%d bytes, %v", len(out), err)
		}
		if back, err := fetch.Unpack(zip(t, in), limits); err == nil && !bytes.Equal(back, in) || err != nil && int64(len(in)) <= limits.Bytes && len(in) <= 1<<20 {
			t.Errorf("packed and unpacked: %d of %d bytes, %v", len(back), len(in), err)
		}
	})
}
