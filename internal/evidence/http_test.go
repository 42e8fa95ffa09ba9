package evidence_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"varde/internal/evidence"
)

func TestParseHTTP(t *testing.T) {
	rows := map[string]struct{ block, want string }{
		"an answer":                     {"HTTP/1.1 200 OK\r\nA: b\r\n\r\nbody", `HTTP/1.1 200 map[A:[b]] "body"`},
		"no reason":                     {"HTTP/1.1 404\r\n\r\n", `HTTP/1.1 404 map[] ""`},
		"another protocol":              {"HTTP/2 200 \r\n\r\n", `HTTP/2 200 map[] ""`},
		"a request":                     {"GET /a b HTTP/1.1\r\nHost: x\r\n\r\n", `GET /a b HTTP/1.1 map[Host:[x]] ""`},
		"line ends of another kind":     {"HTTP/1.0 200 OK\nA: b\n\nbody\r\n\r\n", `HTTP/1.0 200 map[A:[b]] "body\r\n\r\n"`},
		"a field over two lines":        {"HTTP/1.1 200 OK\r\nA: b\r\n  c\r\n\r\n", `HTTP/1.1 200 map[A:[b c]] ""`},
		"a continuation of nothing":     {"HTTP/1.1 200 OK\r\n c\r\nA: b\r\n\r\n", `HTTP/1.1 200 map[A:[b]] ""`},
		"lines that are no fields":      {"HTTP/1.1 200 OK\r\nrubbish\r\n: x\r\nå: y\r\nA : b\r\nA: c\r\n\r\n", `HTTP/1.1 200 map[A:[b c]] ""`},
		"no blank line":                 {"HTTP/1.1 200 OK\r\nA: b\r\n", `HTTP/1.1 200 map[A:[b]] "" cut`},
		"nothing after the first line":  {"HTTP/1.1 200 OK", `HTTP/1.1 200 map[] "" cut`},
		"chunks":                        {chunked + "4;x=y\r\nbody\r\n2\r\n!!\r\n0\r\nT: x\r\n\r\n", `"body!!"`},
		"chunks that are joined":        {chunked + "<p>body", `"<p>body"`},
		"chunks cut in one":             {chunked + "4\r\nbody\r\n8\r\nab", `"bodyab" cut`},
		"chunks cut between two":        {chunked + "4\r\nbody\r\n", `"body" cut`},
		"chunks cut in a size":          {chunked + "4\r\nbody\r\n8", `"body" cut`},
		"a size without end":            {chunked + "4\r\nbody\r\n" + strings.Repeat("f", 100) + "\r\nx", `"body" cut`},
		"a size below zero":             {chunked + "4\r\nbody\r\n-1\r\nx", `"body" cut`},
		"nothing":                       {"", "error"},
		"no HTTP":                       {"<html>", "error"},
		"no status":                     {"HTTP/1.1 OK\r\n\r\n", "error"},
		"a status of four digits":       {"HTTP/1.1 2000 OK\r\n\r\n", "error"},
		"a head without end":            {"HTTP/1.1 200 OK\r\nA: " + strings.Repeat("x", 1<<20), "error"},
		"a body that looks like a head": {"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 404 No\r\n\r\n", `HTTP/1.1 200 map[] "HTTP/1.1 404 No\r\n\r\n"`},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			m, err := evidence.ParseHTTP([]byte(row.block))
			got := "error"
			if err == nil {
				got = fmt.Sprintf("%s %d %v %q", m.Proto, m.Status, m.Header, m.Body)
				if m.Method != "" {
					got = fmt.Sprintf("%s %s %s %v %q", m.Method, m.Target, m.Proto, m.Header, m.Body)
				}
				if strings.HasPrefix(row.block, chunked) {
					got = fmt.Sprintf("%q", m.Body)
				}
				if m.Cut {
					got += " cut"
				}
			}
			if got != row.want {
				t.Errorf("got %s, want %s", got, row.want)
			}
		})
	}
}

const chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

func packedWith(t testing.TB, coding, s string) []byte {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser
	switch coding {
	case "gzip":
		w = gzip.NewWriter(&b)
	case "zlib":
		w = zlib.NewWriter(&b)
	case "deflate":
		w, _ = flate.NewWriter(&b, 6)
	}
	io.WriteString(w, s)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestUnpack(t *testing.T) {
	const limit = 5_000_000
	text := page(5000)
	gz := packedWith(t, "gzip", text)
	bomb := packedWith(t, "gzip", strings.Repeat("\x00", 20<<20))
	rows := map[string]struct {
		coding string
		raw    []byte
		want   string
		err    error
	}{
		"not packed":                    {"", []byte(text), text, nil},
		"identity":                      {"identity", []byte(text), text, nil},
		"gzip":                          {"gzip", gz, text, nil},
		"gzip in capitals":              {"X-GZIP", gz, text, nil},
		"gzip in two parts":             {"gzip", append(bytes.Clone(gz), gz...), text + text, nil},
		"deflate with a head":           {"deflate", packedWith(t, "zlib", text), text, nil},
		"deflate without":               {"deflate", packedWith(t, "deflate", text), text, nil},
		"unpacked already":              {"gzip", []byte(text), text, nil},
		"twice":                         {"deflate, gzip", packedWith(t, "gzip", string(packedWith(t, "zlib", text))), text, nil},
		"empty":                         {"gzip", nil, "", nil},
		"brotli":                        {"br", []byte("x"), "", evidence.ErrCoding},
		"four times":                    {"gzip, gzip, gzip, gzip", gz, "", evidence.ErrCoding},
		"cut":                           {"gzip", gz[:len(gz)/2], "*", io.ErrUnexpectedEOF},
		"cut in the head":               {"gzip", gz[:5], "", io.ErrUnexpectedEOF},
		"made to be large":              {"gzip", bomb, "", evidence.ErrTooLarge},
		"made to be large, twice":       {"gzip, gzip", packedWith(t, "gzip", string(bomb)), "", evidence.ErrTooLarge},
		"larger than the limit, packed": {"gzip", packedWith(t, "gzip", strings.Repeat(text, limit/5000+1)), "", evidence.ErrTooLarge},
		"larger than the limit, plain":  {"", make([]byte, limit+1), "", evidence.ErrTooLarge},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			got, err := evidence.Unpack(http.Header{"Content-Encoding": {row.coding}}, row.raw, limit)
			if !errors.Is(err, row.err) || err != nil && row.err == nil {
				t.Fatalf("error %v, want %v", err, row.err)
			}
			if row.want == "*" && !strings.HasPrefix(text, string(got)) || row.want != "*" && string(got) != row.want {
				t.Errorf("%d bytes, want %d", len(got), len(row.want))
			}
		})
	}
}

func TestResponseBlockCanBeReadBack(t *testing.T) {
	h := http.Header{"Set-Cookie": {"a", "b"}, "X-Latin": {"bl\xe5b\xe6r"}, "X-Break": {"a\r\n\r\nb"}, "Bad Name": {"x"}, "Transfer-Encoding": {"chunked"}}
	block := evidence.ResponseBlock("HTTP/2.0", 200, h, []byte("body"))
	want := "HTTP/1.1 200 OK\r\nSet-Cookie: a\r\nSet-Cookie: b\r\nX-Break: a    b\r\nX-Latin: bl\xe5b\xe6r\r\n\r\nbody"
	if string(block) != want {
		t.Errorf("block %q", block)
	}
	m, err := evidence.ParseHTTP(block)
	if err != nil || m.Status != 200 || string(m.Body) != "body" || len(m.Header) != 3 || m.Cut {
		t.Errorf("%+v, %v", m, err)
	}
}

func FuzzHTTP(f *testing.F) {
	f.Add([]byte("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + string(packedWith(f, "gzip", "hei"))))
	f.Add([]byte("HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\n\r\n" + string(packedWith(f, "zlib", "hei"))))
	f.Add([]byte(chunked + "4;x=y\r\nbody\r\n2\r\n!!\r\n0\r\n\r\n"))
	f.Add([]byte("GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n"))
	f.Fuzz(func(t *testing.T, block []byte) {
		m, err := evidence.ParseHTTP(block)
		if err != nil {
			return
		}
		if len(m.Body) > len(block) {
			t.Fatalf("a body of %d bytes out of %d", len(m.Body), len(block))
		}
		const limit = 1 << 20
		if out, _ := evidence.Unpack(m.Header, m.Body, limit); len(out) > max(limit, len(m.Body)) {
			t.Fatalf("%d bytes unpacked", len(out))
		}
	})
}
