package fetch_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"varde/crawler/fetch"
	"varde/internal/frontier"
)

// TestOnlyPublicAddressesAreConnectedTo looks at the guard itself: a test cannot have a public server.
func TestOnlyPublicAddressesAreConnectedTo(t *testing.T) {
	for address, tt := range map[string]struct{ public, simulated bool }{
		"93.184.216.34:443": {public: true}, "93.184.216.34:80": {public: true}, "[2a02:c0::1]:443": {public: true}, "[::ffff:93.184.216.34]:443": {public: true},
		"93.184.216.34:22": {}, "93.184.216.34:8080": {}, "93.184.216.34:0": {}, "93.184.216.34:65535": {}, "[2a02:c0::1]:6379": {},
		"127.0.0.1:80": {simulated: true}, "127.0.0.1:49152": {simulated: true}, "127.9.9.9:80": {simulated: true}, "[::1]:443": {simulated: true}, "[::ffff:127.0.0.1]:80": {simulated: true},
		"169.254.169.254:80": {}, "[fe80::1%eth0]:80": {}, "[::ffff:169.254.169.254]:80": {}, "[fd00:ec2::254]:80": {}, // metadata of clouds
		"10.0.0.1:80": {}, "172.16.0.1:443": {}, "172.31.255.255:443": {}, "192.168.1.1:80": {}, "[::ffff:10.0.0.1]:80": {}, "[fd00::1]:443": {}, "[fc00::1]:443": {},
		"172.32.0.1:443": {public: true}, "100.64.0.1:80": {}, "100.127.255.255:80": {}, "100.128.0.1:80": {public: true}, "0.0.0.0:80": {}, "0.1.2.3:80": {}, "[::]:80": {},
		"192.0.0.1:80": {}, "192.0.2.1:80": {}, "192.88.99.1:80": {}, "198.18.0.1:80": {}, "198.51.100.1:80": {}, "203.0.113.1:80": {}, "224.0.0.1:80": {}, "240.0.0.1:80": {},
		"255.255.255.255:80": {}, "[64:ff9b::a9fe:a9fe]:80": {}, "[64:ff9b:1::1]:80": {}, "[2002:7f00:1::]:80": {}, "[2002:a9fe:a9fe::1]:80": {}, "[2001:db8::1]:80": {}, "[3fff::1]:80": {},
		"[ff02::1]:80": {}, "[fec0::1]:80": {}, "[100::1]:80": {}, "[5f00::1]:80": {}, "[4000::1]:80": {}, "[::ffff:0:7f00:1]:80": {},
		"[::7f00:1]:80": {}, "[2001::1]:80": {}, // IPv4-compatible, Teredo
		"": {}, "example.com:80": {}, "127.0.0.1": {}, "93.184.216.34:http": {}, "93.184.216.34:443:80": {},
	} {
		for loopback, want := range map[bool]bool{false: tt.public, true: tt.simulated} {
			err := fetch.CheckAddress(address, loopback)
			if (err == nil) != want || err != nil && !errors.Is(err, fetch.ErrAddress) {
				t.Errorf("%q, loopback %v: %v", address, loopback, err)
			}
		}
	}
}

// names is a name server on this machine: it answers questions for names with addresses.
func names(t *testing.T, answer func(name string) []string) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan bool)
	go func() {
		defer close(ended)
		for buf := make([]byte, 1500); ; {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			if reply := reply(t, buf[:n], answer); reply != nil {
				_, _ = conn.WriteTo(reply, from)
			}
		}
	}()
	t.Cleanup(func() { _ = conn.Close(); <-ended })
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

func reply(t *testing.T, question []byte, answer func(name string) []string) []byte {
	var m dnsmessage.Message
	if err := m.Unpack(question); err != nil || len(m.Questions) != 1 {
		t.Errorf("question %x: %v", question, err)
		return nil
	}
	q := m.Questions[0]
	m.Header.Response, m.Header.Authoritative = true, true
	m.Additionals = nil
	addresses := answer(strings.TrimSuffix(q.Name.String(), "."))
	if addresses == nil {
		m.Header.RCode = dnsmessage.RCodeNameError
	}
	for _, a := range addresses {
		ip := net.ParseIP(a)
		h := dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class}
		if v4 := ip.To4(); v4 != nil && q.Type == dnsmessage.TypeA {
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: h, Body: &dnsmessage.AResource{A: [4]byte(v4)}})
		} else if v4 == nil && q.Type == dnsmessage.TypeAAAA {
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: h, Body: &dnsmessage.AAAAResource{AAAA: [16]byte(ip)}})
		}
	}
	out, err := m.Pack()
	if err != nil {
		t.Error(err)
	}
	return out
}

// TestNoSpellingReachesThisMachine: a target that is not simulated is told to fetch from us in every way that an address can be written,
// with a name server that plays along. Nothing arrives, and nothing would be connected to.
func TestNoSpellingReachesThisMachine(t *testing.T) {
	s := serve(t, map[string]http.HandlerFunc{"/ads/1": text("an internal page")})
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	evil := names(t, func(string) []string { return []string{"127.0.0.1", "::1"} })
	for _, host := range []string{
		"127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0x7f.1", "017700000001", "0177.0.0.1", "0177.1", "127.0.0.1.", "127.000.000.001", "127.127.127.127",
		"localhost", "LOCALHOST", "localhost.", "localhost.localdomain", "ip6-localhost", "0", "0.0.0.0", "0x0", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
		"[0:0:0:0:0:ffff:7f00:0001]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[::ffff:0:127.0.0.1]", "[fe80::1]", "[fd00::1]", "169.254.169.254", "[::ffff:169.254.169.254]",
		"2852039166", "0xa9fea9fe", "10.0.0.1", "192.168.0.1", "172.16.0.1", "100.64.0.1", "metadata.google.internal", "market.example", "127.0.0.1.nip.example", "①②⑦.⓪.⓪.①", "127。0。0。1",
	} {
		for _, at := range []string{host, host + ":" + port} {
			u, err := s.url(t, "/ads/1").Parse("http://" + at + "/ads/1")
			if err != nil {
				t.Errorf("%s: %v", at, err)
				continue
			}
			tg := (&site{}).targetAt(strings.ToLower(at))
			tg.Hosts = append(tg.Hosts, "127.0.0.1", "127.0.0.1:"+port) // a target that asks for it
			tg.Loopback = false
			r := rigged(t, s, tg)
			fetch.Resolve(r.Fetcher, evil)
			fetch.Stop(r.Fetcher, func(address string) { t.Errorf("%s: would connect to %s", at, address) })
			_, err = r.Get(t.Context(), fetch.Request{URL: u})
			var refusal *fetch.Refusal
			if !errors.As(err, &refusal) || !slices.Contains([]frontier.Outcome{frontier.Address, frontier.Outside, frontier.Network}, refusal.Outcome) {
				t.Errorf("%s: %v", at, err)
			}
		}
	}
	equal(t, "arrived", s.paths(true), nil)
}

// TestNamesThatChange: what a name means is looked at when it is connected to, each time, and every address that it means.
func TestNamesThatChange(t *testing.T) {
	const public = "93.184.216.34"
	for name, tt := range map[string]struct {
		answers [][]string // of one look-up after the other
		want    []frontier.Outcome
		passed  []string
	}{
		"rebinding":           {[][]string{{public}, {"127.0.0.1"}}, []frontier.Outcome{frontier.Network, frontier.Address}, []string{public + ":80"}},
		"back again":          {[][]string{{"127.0.0.1"}, {public}}, []frontier.Outcome{frontier.Address, frontier.Network}, []string{public + ":80"}},
		"both at once":        {[][]string{{public, "127.0.0.1"}}, []frontier.Outcome{""}, []string{public + ":80"}},
		"both, the other way": {[][]string{{"169.254.169.254", public}}, []frontier.Outcome{""}, []string{public + ":80"}},
		"IPv6":                {[][]string{{"2a02:c0::1"}, {"fd00::1"}, {"::ffff:127.0.0.1"}}, []frontier.Outcome{frontier.Network, frontier.Address, frontier.Address}, []string{"[2a02:c0::1]:80"}},
		"no such name":        {[][]string{nil}, []frontier.Outcome{frontier.Network}, nil},
		"no address":          {[][]string{{}}, []frontier.Outcome{frontier.Network}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var round atomic.Int64
			tg := (&site{}).targetAt("market.example")
			tg.Loopback, tg.Robots.Policy = false, "ignore"
			r := rigged(t, nil, tg)
			fetch.Resolve(r.Fetcher, names(t, func(string) []string { return tt.answers[round.Load()] }))
			var passed []string
			fetch.Stop(r.Fetcher, func(address string) { passed = append(passed, address) })
			for i, want := range tt.want {
				round.Store(int64(i))
				_, err := r.Get(t.Context(), fetch.Request{URL: address(t, "http://market.example/ads/1")})
				if want != "" { // of several addresses any error may come out
					refused(t, err, want)
				}
			}
			equal(t, "passed", passed, tt.passed)
		})
	}
}

// TestASimulatedTargetReachesThisMachineOnly, also where a redirect leads elsewhere.
func TestASimulatedTargetReachesThisMachineOnly(t *testing.T) {
	s := serve(t, map[string]http.HandlerFunc{"/ads/1": to("http://intern.example/ads/1"), "/ads/2": to("http://public.example/ads/1"), "/ads/3": to("http://here.example/ads/4")})
	tg := s.target()
	_, port, _ := net.SplitHostPort(tg.Hosts[0])
	tg.Hosts = append(tg.Hosts, "intern.example", "public.example", "here.example:"+port)
	r := rigged(t, s, tg)
	fetch.Resolve(r.Fetcher, names(t, func(name string) []string {
		return map[string][]string{"intern.example": {"10.0.0.1"}, "public.example": {"93.184.216.34"}, "here.example": {"127.0.0.1"}}[name]
	}))
	fetch.Stop(r.Fetcher, func(string) {})
	for path, want := range map[string]frontier.Outcome{"/ads/1": frontier.Address, "/ads/2": frontier.Address, "/ads/3": frontier.OffTarget} {
		_, err := r.page(t, path)
		refused(t, err, want)
	}
	tg.Loopback = false
	_, err := rigged(t, s, tg).page(t, "/ads/1")
	refused(t, err, frontier.Address)
	if p, _ := strconv.Atoi(port); p == 80 || p == 443 {
		t.Fatal("the port says nothing about addresses")
	}
}

// TestNamesInTheLettersOfTheirCountry are asked for, although they are sent in ASCII.
func TestNamesInTheLettersOfTheirCountry(t *testing.T) {
	s := serve(t, map[string]http.HandlerFunc{"/ads/1": text("x")})
	tg := s.target()
	_, port, _ := net.SplitHostPort(tg.Hosts[0])
	tg.Hosts = []string{"blåbær.example:" + port}
	r := rigged(t, s, tg)
	r.gate.inside = true
	var asked []string
	fetch.Resolve(r.Fetcher, names(t, func(name string) []string { asked = append(asked, name); return []string{"127.0.0.1"} }))
	res, err := r.Get(t.Context(), fetch.Request{URL: address(t, "http://blåbær.example:"+port+"/ads/1")})
	if err != nil || res.URL.Hostname() != "xn--blbr-roah.example" {
		t.Errorf("%+v, %v, asked for %q", res, err, asked)
	}
}

// TestWhatLeavesIsWhatWasChecked: the collector spells addresses as browsers do, and then they may be other ones.
func TestWhatLeavesIsWhatWasChecked(t *testing.T) {
	s := serve(t, map[string]http.HandlerFunc{"/ads/1": text("x")})
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	for _, policy := range []string{"obey", "ignore"} {
		tg := (&site{}).targetAt("0x7f000001:" + port)
		tg.Robots.Policy = policy
		r := rigged(t, s, tg)
		_, err := r.Get(t.Context(), fetch.Request{URL: address(t, "http://0x7f000001:"+port+"/ads/1")})
		refused(t, err, frontier.Outside)
		equal(t, "the gate was asked", r.gate.paths(), nil)
	}
	equal(t, "arrived", s.paths(true), nil)
}

// slowly is a listener whose connections are silent until they are let go: so long does it take to connect to them over TLS.
type slowly struct {
	net.Listener
	came chan bool
	free chan bool
}

func (l *slowly) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	return &slowConn{Conn: conn, l: l}, err
}

type slowConn struct {
	net.Conn
	l    *slowly
	once sync.Once
}

func (c *slowConn) Read(p []byte) (int, error) {
	c.once.Do(func() { c.l.came <- true; <-c.l.free })
	return c.Conn.Read(p)
}

// TestNothingLeavesAfterItIsStopped, also where it was allowed before a connection that took its time.
func TestNothingLeavesAfterItIsStopped(t *testing.T) {
	for name, start := range map[string]func(*httptest.Server){"HTTP/1.1": overTLS, "HTTP/2": overHTTP2} {
		t.Run(name, func(t *testing.T) {
			l := &slowly{came: make(chan bool), free: make(chan bool)}
			s := serve(t, map[string]http.HandlerFunc{"/ads/1": text("x")}, func(h *httptest.Server) {
				l.Listener, h.Listener = h.Listener, l
				start(h)
			})
			tg := s.target()
			tg.Robots.Policy = "ignore"
			r := rigged(t, s, tg)
			var stopped atomic.Bool
			r.gate.deny = func(string) bool { return stopped.Load() }
			got := make(chan error, 1)
			go func() {
				_, err := r.page(t, "/ads/1")
				got <- err
			}()
			<-l.came
			equal(t, "the gate let it pass", r.gate.paths(), []string{"/ads/1"})
			stopped.Store(true)
			l.free <- true
			err := <-got
			refused(t, err, frontier.NotAuthorised)
			if !errors.Is(err, errNoOrder) {
				t.Errorf("the gate's answer is lost: %v", err)
			}
			equal(t, "arrived", s.paths(true), nil)
			equal(t, "recorded", r.recorder.lines(), nil)
			equal(t, "the gate was asked", r.gate.paths(), []string{"/ads/1", "/ads/1"})
			// Where it goes on, a connection that is kept costs no second question. With HTTP/2 the closed one may be tried once more.
			stopped.Store(false)
			go func() { <-l.came; l.free <- true }()
			if _, err := r.page(t, "/ads/1"); err != nil {
				refused(t, err, frontier.Reset)
				if _, err := r.page(t, "/ads/1"); err != nil {
					t.Fatal(err)
				}
			}
			before := len(r.gate.paths())
			for range 3 {
				if _, err := r.page(t, "/ads/1"); err != nil {
					t.Error(err)
				}
			}
			if n := len(r.gate.paths()) - before; n != 3 {
				t.Errorf("the gate was asked %d times for three requests", n)
			}
		})
	}
}
