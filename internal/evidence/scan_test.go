package evidence_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"varde/internal/evidence"
	"varde/internal/fault"
)

// foreign makes a record as other programs do.
func foreign(version, kind, id string, extra, block string) string {
	return fmt.Sprintf("WARC/%s\r\nWARC-Type: %s\r\nWARC-Record-ID: <urn:x:%s>\r\nWARC-Date: 2020-01-02T03:04:05Z\r\n%sContent-Length: %d\r\n\r\n%s\r\n\r\n",
		version, kind, id, extra, len(block), block)
}

func sha1Base32(s string) string {
	sum := sha1.Sum([]byte(s))
	return "sha1:" + base32.StdEncoding.EncodeToString(sum[:])
}

func packedAs(t testing.TB, parts ...string) string {
	t.Helper()
	var b bytes.Buffer
	for _, p := range parts {
		w := gzip.NewWriter(&b)
		if _, err := io.WriteString(w, p); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

// scanned says in a line what Scan makes of a file: the ids of its records, with ! for those with errors and ? for those with problems.
func scanned(t testing.TB, r io.Reader, most int64) string {
	t.Helper()
	var got []string
	for l, err := range evidence.Scan(r, most) {
		id := strings.TrimPrefix(l.ID, "urn:x:")
		switch {
		case err != nil:
			id += "!"
		case len(l.Problems) > 0:
			id += "?"
		}
		got = append(got, id)
	}
	return strings.Join(got, " ")
}

const answer = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>hei</p>"

func TestScanReadsWhatOthersWrote(t *testing.T) {
	uri := "WARC-Target-URI: <http://example.test/>\r\nContent-Type: application/http; msgtype=response\r\n"
	a := foreign("1.0", "warcinfo", "a", "", "software: wget\r\n")
	b := foreign("1.0", "response", "b", uri+"WARC-Block-Digest: "+sha1Base32(answer)+"\r\nWARC-Payload-Digest: "+sha1Base32("<p>hei</p>")+"\r\n", answer)
	c := foreign("1.1", "metadata", "c", "", "x: y\r\n")
	short := strings.Replace(b, fmt.Sprintf("Content-Length: %d", len(answer)), "Content-Length: 20", 1)
	long := strings.Replace(b, fmt.Sprintf("Content-Length: %d", len(answer)), "Content-Length: 90", 1)
	chunked := "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\n<p>hei</p>\r\n0\r\n\r\n"
	over := func(digestOf string) string {
		return foreign("1.0", "response", "b", uri+"WARC-Payload-Digest: "+sha1Base32(digestOf)+"\r\n", chunked)
	}
	rows := map[string]struct{ file, want string }{
		"empty":                          {"", ""},
		"nothing like it":                {"hello\nworld\n", "!"},
		"plain":                          {a + b + c, "a b c"},
		"a member a record":              {packedAs(t, a, b, c), "a b c"},
		"packed whole":                   {packedAs(t, a+b+c), "a b c"},
		"packed in pieces":               {packedAs(t, (a + b + c)[:100], (a + b + c)[100:500], (a + b + c)[500:]), "a b c"},
		"two members, one of two":        {packedAs(t, a+b, c), "a b c"},
		"empty members":                  {packedAs(t, "", a, "", "", b, c, ""), "a b c"},
		"line ends of another kind":      {strings.ReplaceAll(a+c, "\r\n", "\n"), "a? c?"}, // their blocks were longer
		"length too small, plain":        {a + short + c, "a b! c"},
		"length too small, packed":       {packedAs(t, a, short, c), "a b! c"},
		"length too small, packed whole": {packedAs(t, a+short+c), "a b! c"},
		"length too large, plain":        {a + long + c, "a b! c"},
		"length too large, packed":       {packedAs(t, a, long, c), "a b! c"},
		"length too large, packed whole": {packedAs(t, a+long+c), "a b! c"},
		"length far too large":           {a + strings.Replace(b, "Content-Length: ", "Content-Length: 99999", 1) + c, "a b! c"},
		"no length":                      {a + strings.Replace(b, "Content-Length", "Content-Size", 1) + c, "a b! c"},
		"length no number":               {a + strings.Replace(b, "Content-Length: ", "Content-Length: -", 1) + c, "a b! c"},
		"wrong block digest":             {a + strings.Replace(b, "<p>hei", "<p>hoi", 1) + c, "a b! c"},
		"wrong payload digest":           {strings.Replace(b, sha1Base32("<p>hei</p>"), sha1Base32("x"), 1), "b?"},
		"digest of the chunks":           {over("a\r\n<p>hei</p>\r\n0\r\n\r\n"), "b"},
		"digest of the joined chunks":    {over("<p>hei</p>"), "b"},
		"digest nobody knows":            {strings.Replace(b, "sha1:", "xxh3:", 2), "b"},
		"torn in a head":                 {a + b[:40], "a !"},
		"torn in a block":                {a + b[:len(b)-20], "a b!"},
		"torn at the end":                {a + b[:len(b)-4], "a b?"},
		"torn member":                    {packedAs(t, a, b)[:len(packedAs(t, a))+60], "a !"},
		"bytes between":                  {a + "rubbish\r\n\r\n" + b, "a ! b"},
		"bytes between members":          {packedAs(t, a) + "rubbish" + packedAs(t, b), "a ! b"},
		"padded with zeros":              {packedAs(t, a, b) + strings.Repeat("\x00", 512), "a b"},
		"too large, plain":               {a + foreign("1.0", "resource", "d", "", strings.Repeat("x", 2000)) + c, "a d! c"},
		"too large, packed":              {packedAs(t, a, foreign("1.0", "resource", "d", "", strings.Repeat("x", 200000)), c), "a d! c"},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			got := scanned(t, strings.NewReader(row.file), 1000)
			if got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
			if slow := scanned(t, iotest.OneByteReader(strings.NewReader(row.file)), 1000); slow != got {
				t.Errorf("byte by byte, and without going back, it is %q and not %q", slow, got)
			}
		})
	}
}

func TestScanTellsWhereRecordsStand(t *testing.T) {
	a, b := foreign("1.0", "warcinfo", "a", "", "x: y\r\n"), foreign("1.1", "metadata", "b", "", "x: y\r\n")
	for name, file := range map[string]string{"plain": a + b, "packed": packedAs(t, a, b), "padded": packedAs(t, a) + "\x00\x00" + packedAs(t, b)} {
		t.Run(name, func(t *testing.T) {
			for l, err := range evidence.Scan(strings.NewReader(file), 0) {
				if err != nil {
					t.Fatal(err)
				}
				stored := file[l.Offset : l.Offset+l.Length]
				if sum := sha256.Sum256([]byte(stored)); hex.EncodeToString(sum[:]) != l.SHA256 {
					t.Errorf("%s at %d+%d: the SHA-256 is of something else", l.ID, l.Offset, l.Length)
				}
				if l.Member != (name != "plain") {
					t.Errorf("%s: Member is %v", l.ID, l.Member)
				}
			}
		})
	}
}

func TestScanFindsRecordsAfterADamagedMember(t *testing.T) {
	var parts []string
	for i := range 5 {
		parts = append(parts, foreign("1.0", "resource", fmt.Sprint(i), "", strings.Repeat(fmt.Sprint("text ", i, " "), 200)))
	}
	begin, end := len(packedAs(t, parts[:2]...)), len(packedAs(t, parts[:3]...))
	for at := begin; at < end; at++ {
		file := []byte(packedAs(t, parts...))
		file[at] ^= 0x55
		got := scanned(t, bytes.NewReader(file), 0)
		for _, id := range []string{"0", "1", "3", "4"} {
			if !strings.Contains(" "+got+" ", " "+id+" ") {
				t.Fatalf("byte %d changed: %q; records before and after the damaged one are missing", at, got)
			}
		}
		header := at-begin >= 4 && at-begin < 10 // time, flags and system: no checksum covers them
		if strings.Contains(" "+got+" ", " 2 ") && !header {
			t.Fatalf("byte %d changed: %q; nothing was noticed", at, got)
		}
	}
}

func TestScanEndsWithTheReadersOwnError(t *testing.T) {
	boom := errors.New("disk on fire")
	n := 0
	var last error
	for _, err := range evidence.Scan(io.MultiReader(strings.NewReader(foreign("1.0", "warcinfo", "a", "", "x: y\r\n")), iotest.ErrReader(boom)), 0) {
		n++
		last = err
	}
	if n != 2 || !errors.Is(last, boom) || errors.Is(last, fault.ErrDamaged) {
		t.Errorf("%d records, the last with %v", n, last)
	}
}

func FuzzScan(f *testing.F) {
	uri := "WARC-Target-URI: http://example.test/\r\nContent-Type: application/http; msgtype=response\r\n"
	a, b := foreign("1.0", "warcinfo", "a", "", "x: y\r\n"), foreign("1.1", "response", "b", uri+"WARC-Block-Digest: "+sha1Base32(answer)+"\r\n", answer)
	f.Add([]byte(a + b))
	f.Add([]byte(packedAs(f, a, b)))
	f.Add([]byte(packedAs(f, a+b)))
	f.Add([]byte(packedAs(f, a, b)[:200]))
	f.Add([]byte(strings.Repeat("WARC/1.0\r\nContent-Length: 500\r\n\r\n", 40)))
	f.Fuzz(func(t *testing.T, data []byte) {
		const most = 1 << 16
		records := 0
		for l, err := range evidence.Scan(bytes.NewReader(data), most) {
			if l == nil || l.Record == nil {
				t.Fatal("no record beside the error", err)
			}
			if len(l.Block) > most {
				t.Fatalf("a block of %d bytes", len(l.Block))
			}
			if records++; records > 16*len(data)+16 {
				t.Fatalf("%d records out of %d bytes", records, len(data))
			}
			if m, err := l.HTTP(); err == nil {
				evidence.Unpack(m.Header, m.Body, most)
			}
		}
	})
}
