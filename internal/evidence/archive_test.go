package evidence_test

import (
	"context"
	"testing"
	"time"

	"varde/internal/evidence"
)

var testTime = time.Date(2026, 11, 20, 10, 30, 0, 123456000, time.UTC)

func testConfig(dir string) evidence.Config {
	return evidence.Config{Dir: dir, Software: "varde/test", Now: func() time.Time { return testTime }}
}

func TestWhatIsAppendedCanBeRead(t *testing.T) {
	a, err := evidence.Open(testConfig(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	recs := exchange("http://example.test/ad/1", "<p>hei</p>")
	captures, err := a.Append("site", recs...)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Sync(context.Background()); err != nil {
		t.Fatal(err)
	}
	check := func() {
		t.Helper()
		for i, c := range captures {
			got, err := a.Read(context.Background(), c)
			if err != nil {
				t.Fatal(err)
			}
			if string(got.Block) != string(recs[i].Block) || got.ID != recs[i].ID || got.Type != recs[i].Type || !got.Date.Equal(testTime) {
				t.Errorf("record %d came back as %+v", i, got)
			}
		}
	}
	check()
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	check()
}

// exchange is a request, its answer and what is told of them.
func exchange(uri, body string) []*evidence.Record {
	answer := evidence.NewID()
	return []*evidence.Record{
		{Type: evidence.Request, TargetURI: uri, ContentType: evidence.HTTPRequest, ConcurrentTo: []string{answer}, IP: "192.0.2.1",
			Block: []byte("GET / HTTP/1.1\r\nHost: example.test\r\n\r\n")},
		{Type: evidence.Response, ID: answer, TargetURI: uri, ContentType: evidence.HTTPResponse, IP: "192.0.2.1",
			Block: []byte("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body)},
		{Type: evidence.Metadata, TargetURI: uri, ContentType: "application/json", ConcurrentTo: []string{answer}, RefersTo: answer,
			Block: []byte(`{"target":"site","version":3}`)},
	}
}
