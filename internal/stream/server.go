package stream

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"varde/internal/fault"
)

// startWait is how long an embedded server may take to read its files.
const startWait = 2 * time.Minute

// embedded starts a server in this process. It listens on no address unless Config.Listen names one.
func (s *Stream) embedded() error {
	if err := os.MkdirAll(s.cfg.Dir, 0o700); err != nil {
		return fmt.Errorf("make stream folder: %w", err)
	}
	l, err := lockDir(s.cfg.Dir)
	if err != nil {
		return err
	}
	s.lock = l
	if s.onDisk, err = streamsOnDisk(s.cfg.Dir); err != nil {
		return err
	}
	opts, err := s.cfg.serverOptions()
	if err != nil {
		return err
	}
	srv, err := server.NewServer(opts)
	if err != nil {
		return fmt.Errorf("make embedded NATS server: %w", err)
	}
	s.srv = srv
	srv.SetLoggerV2(serverLog{s.log.With("part", "nats")}, false, false, false)
	srv.Start()
	if !srv.ReadyForConnections(startWait) {
		return fmt.Errorf("start embedded NATS server in %s: not ready after %s", s.cfg.Dir, startWait)
	}
	js := srv.JetStreamConfig()
	if js == nil {
		return fmt.Errorf("start embedded NATS server in %s: JetStream is not running", s.cfg.Dir)
	}
	if !js.SyncAlways {
		return fmt.Errorf("start embedded NATS server in %s: it does not sync every write", s.cfg.Dir)
	}
	return nil
}

func (c Config) serverOptions() (*server.Options, error) {
	opts := &server.Options{
		ServerName: "varde", DontListen: true, NoSigs: true, NoLog: true, MaxPayload: maxPayload,
		JetStream: true, StoreDir: c.Dir, SyncAlways: true, JetStreamMaxMemory: 64 << 20,
	}
	if c.Listen == "" {
		return opts, nil
	}
	host, port, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return nil, fmt.Errorf("stream listen address %q: %w", c.Listen, err)
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return nil, fault.Tell("The embedded stream can be reached from this machine only: its address must be 127.0.0.1:PORT or [::1]:PORT. "+
			"For several machines use a NATS cluster and --nats URL.", fmt.Errorf("stream listen address %q: %w", c.Listen, fault.ErrUsage))
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return nil, fmt.Errorf("stream listen address %q: %w", c.Listen, err)
	}
	opts.DontListen, opts.Host, opts.Port = false, host, int(n)
	if n == 0 {
		opts.Port = server.RANDOM_PORT
	}
	return opts, nil
}

// streamsOnDisk lists the streams whose folders exist, so that one the server does not recover is noticed.
func streamsOnDisk(dir string) (map[string]bool, error) {
	found := map[string]bool{}
	entries, err := os.ReadDir(filepath.Join(dir, "jetstream", "$G", "streams"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("read stream folder: %w", err)
	}
	for _, e := range entries {
		if e.IsDir() {
			found[e.Name()] = true
		}
	}
	return found, nil
}

// serverLog passes the server's words on. Its notices are of no use to an operator and become debug lines.
type serverLog struct{ log *slog.Logger }

func (l serverLog) line(level slog.Level, format string, v []any) {
	l.log.Log(context.Background(), level, "nats server", "text", fmt.Sprintf(format, v...))
}

func (l serverLog) Noticef(format string, v ...any) { l.line(slog.LevelDebug, format, v) }
func (l serverLog) Warnf(format string, v ...any)   { l.line(slog.LevelWarn, format, v) }
func (l serverLog) Errorf(format string, v ...any)  { l.line(slog.LevelError, format, v) }
func (l serverLog) Fatalf(format string, v ...any)  { l.line(slog.LevelError, format, v) }
func (l serverLog) Debugf(format string, v ...any)  { l.line(slog.LevelDebug, format, v) }
func (l serverLog) Tracef(format string, v ...any)  { l.line(slog.LevelDebug, format, v) }
