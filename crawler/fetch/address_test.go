package fetch

import (
	"errors"
	"testing"
)

// TestOnlyPublicAddressesAreConnectedTo looks at the guard itself: a test cannot have a public server.
func TestOnlyPublicAddressesAreConnectedTo(t *testing.T) {
	for address, tt := range map[string]struct{ public, simulated bool }{
		"93.184.216.34:443": {public: true}, "93.184.216.34:80": {public: true}, "[2a02:c0::1]:443": {public: true}, "[::ffff:93.184.216.34]:443": {public: true},
		"93.184.216.34:22": {}, "93.184.216.34:8080": {}, "93.184.216.34:0": {},
		"127.0.0.1:80": {simulated: true}, "127.0.0.1:49152": {simulated: true}, "127.9.9.9:80": {simulated: true}, "[::1]:443": {simulated: true}, "[::ffff:127.0.0.1]:80": {simulated: true},
		"169.254.169.254:80": {}, "[fe80::1%eth0]:80": {}, "[::ffff:169.254.169.254]:80": {}, // metadata of clouds
		"10.0.0.1:80": {}, "172.16.0.1:443": {}, "172.31.255.255:443": {}, "192.168.1.1:80": {}, "[::ffff:10.0.0.1]:80": {}, "[fd00::1]:443": {}, "[fc00::1]:443": {},
		"172.32.0.1:443": {public: true}, "100.64.0.1:80": {}, "100.127.255.255:80": {}, "0.0.0.0:80": {}, "0.1.2.3:80": {}, "[::]:80": {},
		"192.0.0.1:80": {}, "192.0.2.1:80": {}, "198.18.0.1:80": {}, "198.51.100.1:80": {}, "203.0.113.1:80": {}, "224.0.0.1:80": {}, "240.0.0.1:80": {}, "255.255.255.255:80": {},
		"[64:ff9b::a9fe:a9fe]:80": {}, "[64:ff9b:1::1]:80": {}, "[2002:7f00:1::]:80": {}, "[2001:db8::1]:80": {}, "[ff02::1]:80": {}, "[fec0::1]:80": {}, "[100::1]:80": {},
		"[::7f00:1]:80": {}, "[2001::1]:80": {}, // IPv4-compatible, Teredo
		"": {}, "example.com:80": {}, "127.0.0.1": {}, "93.184.216.34:http": {},
	} {
		for loopback, want := range map[bool]bool{false: tt.public, true: tt.simulated} {
			err := checkAddress(address, loopback)
			if (err == nil) != want || err != nil && !errors.Is(err, errAddress) {
				t.Errorf("%q, loopback %v: %v", address, loopback, err)
			}
		}
	}
}
