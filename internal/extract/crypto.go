package extract

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"golang.org/x/crypto/sha3"
)

// The shortest and longest addresses: P2PKH of Bitcoin has at least 26 characters, an integrated one of Monero 106.
const (
	leastCrypto = 26
	mostCrypto  = 106
)

// crypto reads the address of a cryptocurrency that fills a span of letters and digits.
func (p *payments) crypto(start, end int) {
	if !isASCII(p.s[start:end]) {
		return
	}
	address, ok := cased(p.d, start, end)
	if !ok {
		return
	}
	if value := wallet(address); value != "" {
		p.found = append(p.found, Payment{Value: value, Start: start, End: end})
	}
}

// base58Versions are the first bytes of addresses in base58 with checksum: Bitcoin and Litecoin (chainparams.cpp of either), Tron.
var base58Versions = map[byte]string{0x00: "btc", 0x05: "btc", 0x30: "ltc", 0x32: "ltc", 0x41: "tron"}

// wallet is currency:address, "" where it is none or its checksum is wrong.
func wallet(address string) string {
	lower := strings.ToLower(address)
	switch {
	case strings.HasPrefix(lower, "0x"):
		if len(address) == 42 && isEthereum(address[2:], lower[2:]) {
			return "eth:" + lower
		}
	case strings.HasPrefix(lower, "bc1"), strings.HasPrefix(lower, "ltc1"):
		if currency := lower[:strings.IndexByte(lower, '1')]; (address == lower || address == strings.ToUpper(address)) && isSegwit(currency, lower) {
			return map[string]string{"bc": "btc", "ltc": "ltc"}[currency] + ":" + lower
		}
	case len(address) == moneroLength || len(address) == moneroIntegrated:
		if isMonero(address) {
			return "xmr:" + address
		}
	case len(address) <= 35 && strings.IndexByte("13LMT", address[0]) >= 0:
		raw, ok := base58(address, 25)
		if !ok || base58Versions[raw[0]] == "" {
			return ""
		}
		once := sha256.Sum256(raw[:21])
		if twice := sha256.Sum256(once[:]); bytes.Equal(twice[:4], raw[21:]) {
			return base58Versions[raw[0]] + ":" + address
		}
	}
	return ""
}

const base58Digits = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

// base58 decodes an address of exactly size bytes; each leading 1 is a zero byte.
func base58(s string, size int) ([]byte, bool) {
	out, ok := base58Number(s, size)
	ones := len(s) - len(strings.TrimLeft(s, "1"))
	zeros := len(out) - len(bytes.TrimLeft(out, "\x00"))
	return out, ok && zeros == ones
}

// base58Number is the number that digits of base 58 write, in size bytes; ok is false where it needs more.
func base58Number(s string, size int) (out []byte, ok bool) {
	out = make([]byte, size)
	for i := range len(s) {
		carry := strings.IndexByte(base58Digits, s[i])
		if carry < 0 {
			return out, false
		}
		for j := size - 1; j >= 0; j-- {
			carry += int(out[j]) * 58
			out[j] = byte(carry)
			carry >>= 8
		}
		if carry > 0 {
			return out, false
		}
	}
	return out, true
}

// isEthereum checks the capitals of an address (EIP-55); one without mixed case has no checksum.
func isEthereum(address, lower string) bool {
	if runOf(lower, len(lower), isHex) < len(lower) {
		return false
	}
	if address == lower || address == strings.ToUpper(lower) {
		return true
	}
	sum := hex.EncodeToString(keccak([]byte(lower)))
	for i := range len(lower) {
		if want := sum[i] >= '8' && lower[i] >= 'a'; want != (address[i] != lower[i]) {
			return false
		}
	}
	return true
}

func keccak(data []byte) []byte {
	h := sha3.NewLegacyKeccak256()
	h.Write(data)
	return h.Sum(nil)
}

const bech32Digits = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"

// isSegwit checks an address of witness programs: version 0 by bech32 (BIP 173), later ones by bech32m (BIP 350).
func isSegwit(prefix, address string) bool {
	data := address[len(prefix)+1:]
	if len(address) > 90 || len(data) < 8 {
		return false
	}
	sum := uint32(1)
	step := func(v byte) {
		top := sum >> 25
		sum = (sum&0x1ffffff)<<5 ^ uint32(v)
		for i, g := range [...]uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3} {
			if top>>i&1 == 1 {
				sum ^= g
			}
		}
	}
	for i := range len(prefix) {
		step(prefix[i] >> 5)
	}
	step(0)
	for i := range len(prefix) {
		step(prefix[i] & 31)
	}
	for i := range len(data) {
		v := strings.IndexByte(bech32Digits, data[i])
		if v < 0 {
			return false
		}
		step(byte(v))
	}
	version := strings.IndexByte(bech32Digits, data[0])
	bits := (len(data) - 7) * 5
	program := bits / 8
	if program < 2 || program > 40 || bits%8 > 4 || version > 16 {
		return false
	}
	if version == 0 {
		return sum == 1 && (program == 20 || program == 32)
	}
	return sum == 0x2bc830a3
}

// Monero's addresses are base58 in blocks of eight bytes, 11 characters each; the last of five bytes has seven.
const (
	moneroLength     = 95
	moneroIntegrated = 106
	moneroBlock      = 11
)

// isMonero checks the network and the checksum of an address (cryptonote_basic_impl.cpp: 18, 19 and 42 are the main network's standard,
// integrated and sub-addresses).
func isMonero(address string) bool {
	var raw []byte
	for len(address) > 0 {
		n, size := moneroBlock, 8
		if len(address) < moneroBlock {
			n, size = 7, 5
		}
		block, ok := base58Number(address[:n], size) // a leading 1 is a digit like others
		if !ok {
			return false
		}
		raw, address = append(raw, block...), address[n:]
	}
	body, sum := raw[:len(raw)-4], raw[len(raw)-4:]
	return (raw[0] == 18 || raw[0] == 19 || raw[0] == 42) && bytes.Equal(keccak(body)[:4], sum)
}
