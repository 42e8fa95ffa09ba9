package fetch

import (
	"fmt"
	"net/netip"
)

// checkAddress sees the address that is really connected to, after all name look-ups: only public ones, or for simulated sites
// only this machine.
func checkAddress(address string, loopback bool) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%w: %s", errAddress, address)
	}
	ip := at.Addr().Unmap()
	if loopback {
		if ip.IsLoopback() {
			return nil
		}
		return fmt.Errorf("%w: %s is not this machine, and the target is a simulated one", errAddress, ip)
	}
	if !ip.IsGlobalUnicast() || ip.IsPrivate() || ip.Is6() && !globalV6.Contains(ip) || reserved(ip) || at.Port() != 80 && at.Port() != 443 {
		return fmt.Errorf("%w: %s", errAddress, at)
	}
	return nil
}

// globalV6 is all that is given out for public use (IANA IPv6 address space). It leaves out NAT64, site-local, mapped, translated and
// compatible addresses.
var globalV6 = netip.MustParsePrefix("2000::/3")

// notPublic are ranges that are public by form only (IANA special-purpose registries), 6to4 and Teredo among them, which lead to IPv4
// addresses that would have to be looked at again.
var notPublic = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"), netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("192.88.99.0/24"), netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("240.0.0.0/4"), netip.MustParsePrefix("2001::/23"), netip.MustParsePrefix("2001:db8::/32"), netip.MustParsePrefix("2002::/16"),
	netip.MustParsePrefix("3fff::/20"),
}

func reserved(ip netip.Addr) bool {
	for _, p := range notPublic {
		if p.Contains(ip) {
			return true
		}
	}
	return false
}
