package testkit

import (
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

// AnyPort asks for a free port.
const AnyPort = server.RANDOM_PORT

// NATS starts a NATS server with JetStream on loopback, as an operator would run one beside Varde: every write is synced. It ends
// with the test. Change may alter the options before the start.
func NATS(t testing.TB, dir string, port int, change ...func(*server.Options)) *server.Server {
	t.Helper()
	opts := &server.Options{
		Host: "127.0.0.1", Port: port, NoSigs: true, NoLog: true, MaxPayload: 8 << 20,
		JetStream: true, StoreDir: dir, SyncAlways: true,
	}
	for _, f := range change {
		f(opts)
	}
	srv, err := server.NewServer(opts)
	if err != nil {
		t.Fatal(err)
	}
	srv.Start()
	if !srv.ReadyForConnections(30 * time.Second) {
		t.Fatal("the NATS server does not start")
	}
	t.Cleanup(func() { srv.Shutdown(); srv.WaitForShutdown() })
	return srv
}

// Put puts bytes on a stream past every check of ours, and returns when they are on disk.
func Put(t testing.TB, url, subject string, data []byte) {
	t.Helper()
	nc, err := nats.Connect(url)
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	if _, err := nc.Request(subject, data, 30*time.Second); err != nil {
		t.Fatalf("put on %s: %v", subject, err)
	}
}
