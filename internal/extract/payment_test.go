package extract_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"varde/internal/extract"
	"varde/internal/text"
)

func paymentsIn(t testing.TB, in string) string {
	t.Helper()
	var out []string
	for _, p := range extract.Payments(text.Read(in), "NO") {
		if p.Start < 0 || p.End > len(in) || p.Start >= p.End {
			t.Fatalf("%q: span %d to %d", in, p.Start, p.End)
		}
		out = append(out, p.Value)
	}
	return strings.Join(out, " ")
}

// Addresses and account numbers below are the examples of the standards themselves.
func TestPayments(t *testing.T) {
	for in, want := range map[string]string{
		"Vipps: 123456":                              "vipps:123456",
		"vipps til 12345":                            "vipps:12345",
		"Vipps nr. 98700":                            "vipps:98700",
		"Vipps 412 34 567":                           "vipps:+4741234567",
		"Vipps til meg på +47 41234567, takk":        "vipps:+4741234567",
		"Vippsnr 614 203":                            "vipps:614203",
		"Vippsnr 614 203 kr":                         "",
		"Vipps 614 203":                              "",
		"Vippsnummer 412 345 67":                     "vipps:+4741234567",
		"Vipps/MobilePay: 123456":                    "vipps:123456",
		"MobilePay 12345":                            "mobilepay:12345",
		"MobilePay: 20 12 34 56":                     "mobilepay:+4520123456",
		"Swish 123 456 78 90":                        "swish:1234567890",
		"swisha till 070-123 45 67":                  "swish:+46701234567",
		"BLIK na telefon 512 345 678":                "blik:+48512345678",
		"Revolut: @miabergen":                        "revolut:miabergen",
		"revtag mia_b88":                             "revolut:mia_b88",
		"paypal: mia.b@gmail.com":                    "paypal:mia.b@gmail.com",
		"Cash App $MiaB":                             "cashapp:miab",
		"cashapp: $mia_b":                            "cashapp:mia_b",
		"venmo @mia-b":                               "venmo:mia-b",
		"IBAN: NO93 8601 1117 947":                   "iban:NO9386011117947",
		"NO9386011117947":                            "iban:NO9386011117947",
		"kontonummer 8601.11.17947":                  "iban:NO9386011117947",
		"konto: 8601 11 17947":                       "iban:NO9386011117947",
		"GB29 NWBK 6016 1331 9268 19":                "iban:GB29NWBK60161331926819",
		"iban de89370400440532013000":                "iban:DE89370400440532013000",
		"PL61 1090 1014 0000 0712 1981 2874":         "iban:PL61109010140000071219812874",
		"btc: 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa":    "btc:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
		"3P14159f73E4gFr7JterCCQh9QjiTjiZrG":         "btc:3P14159f73E4gFr7JterCCQh9QjiTjiZrG",
		"BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4": "btc:bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
		"bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0":                                      "btc:bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
		"eth 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed":                                                      "eth:0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed",
		"0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed":                                                          "eth:0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed",
		"USDT (trc20): TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t":                                                    "tron:TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t",
		"xmr 44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A": "xmr:44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A",
		// must not be taken
		"Vipps 1500 kr":                              "",
		"Vipps 15000,-":                              "",
		"Vipps 12000":                                "",
		"vipps 25 000":                               "",
		"Jeg tar Vipps og kontanter":                 "",
		"Vipps depositum 12345 kr":                   "",
		"blik 123456":                                "",
		"cash only, $mia":                            "",
		"cash 1234567":                               "",
		"IBAN: NO93 8601 1117 948":                   "",
		"NO94 8601 1117 947":                         "",
		"kontonummer 8601.11.17948":                  "",
		"8601 11 17947":                              "",
		"ring no 93 86 01 11 179":                    "",
		"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb":         "",
		"bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5": "",
		"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD": "",
		"TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6u":         "",
		"revolut or paypal is fine":                  "",
		"paypal, please":                             "",
		"account manager 2 positions":                "",
	} {
		if got := paymentsIn(t, in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

// encode is base58 with checksum by another way than the reader's: big numbers.
func encode(version byte, payload []byte) string {
	raw := append([]byte{version}, payload...)
	once := sha256.Sum256(raw)
	twice := sha256.Sum256(once[:])
	raw = append(raw, twice[:4]...)
	const digits = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
	n, mod, out := new(big.Int).SetBytes(raw), new(big.Int), []byte{}
	for n.Sign() > 0 {
		n.DivMod(n, big.NewInt(58), mod)
		out = append([]byte{digits[mod.Int64()]}, out...)
	}
	for range len(raw) - len(bytes.TrimLeft(raw, "\x00")) {
		out = append([]byte{'1'}, out...)
	}
	return string(out)
}

func TestWalletsAreFoundOnlyWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		version := rapid.SampledFrom([]byte{0x00, 0x05, 0x30, 0x32, 0x41}).Draw(t, "version")
		address := encode(version, rapid.SliceOfN(rapid.Byte(), 20, 20).Draw(t, "payload"))
		currency := map[byte]string{0x00: "btc", 0x05: "btc", 0x30: "ltc", 0x32: "ltc", 0x41: "tron"}[version]
		if got := extract.Payments(text.Read("send to "+address+" now"), "NO"); len(got) != 1 || got[0].Value != currency+":"+address {
			t.Fatalf("%s: got %v", address, got)
		}
		i := rapid.IntRange(1, len(address)-1).Draw(t, "i")
		c := rapid.SampledFrom([]byte("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz")).Filter(func(c byte) bool { return c != address[i] }).Draw(t, "c")
		broken := address[:i] + string(c) + address[i+1:]
		if got := extract.Payments(text.Read(broken), "NO"); len(got) != 0 {
			t.Fatalf("%s is taken with a wrong character: %v", broken, got)
		}
	})
}

// check97 are the check digits of an IBAN by big numbers (ISO 13616).
func check97(country, account string) string {
	digits := ""
	for _, r := range account + country + "00" {
		if r >= 'A' {
			digits += fmt.Sprint(int(r-'A') + 10)
		} else {
			digits += string(r)
		}
	}
	n, _ := new(big.Int).SetString(digits, 10)
	return fmt.Sprintf("%02d", 98-new(big.Int).Mod(n, big.NewInt(97)).Int64())
}

func TestIBANSurvivesSpelling(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		country := rapid.SampledFrom([]string{"SE", "PL", "LT", "ES", "DE"}).Draw(t, "country")
		size := map[string]int{"SE": 20, "PL": 24, "LT": 16, "ES": 20, "DE": 18}[country]
		account := rapid.StringMatching(fmt.Sprintf("[0-9]{%d}", size)).Draw(t, "account")
		iban := country + check97(country, account) + account
		var groups []string
		for i := 0; i < len(iban); i += 4 {
			groups = append(groups, iban[i:min(len(iban), i+4)])
		}
		written := rapid.SampledFrom([]string{iban, strings.ToLower(iban), strings.Join(groups, " "), strings.Join(groups, "-"), strings.Join(groups, "."), wide(iban), invisible(iban),
			strings.Join(groups, "\u00a0")}).Draw(t, "written")
		if got := extract.Payments(text.Read("betal til "+written+" i dag"), "NO"); len(got) != 1 || got[0].Value != "iban:"+iban {
			t.Fatalf("%q: got %v, want %s", written, got, iban)
		}
	})
}

func FuzzPayments(f *testing.F) {
	for _, in := range []string{"Vipps: 412 34 567", "IBAN NO93 8601 1117 947", "konto 8601.11.17947", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "cash app $x", "paypal: a@b.no",
		"bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0", "４" + strings.Repeat("A", 94)} {
		f.Add(in)
	}
	f.Fuzz(func(t *testing.T, in string) {
		for _, p := range extract.Payments(text.Read(in), "NO") {
			if p.Start < 0 || p.End > len(in) || p.Start >= p.End || strings.ContainsAny(p.Value, " \n\x00") {
				t.Fatalf("%+v in %d bytes", p, len(in))
			}
		}
	})
}
