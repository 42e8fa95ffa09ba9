package export

import (
	"bytes"
	"crypto/sha1" //nolint:gosec // version 5 of UUID is made of it
	"encoding/hex"
	"encoding/json"
	"net/url"
	"strings"

	"varde/internal/ad"
)

// The namespaces of ids: OASIS's for observables, and one of Varde's own for all else.
var (
	stixNamespace  = unhex("00abedb4aa42466c9c01fed23315a9b7")
	vardeNamespace = unhex("8c1a2c6f0d5b4e6f9a537b1de0c0a4d2")
)

func unhex(s string) []byte { b, _ := hex.DecodeString(s); return b }

// uuid5 is a UUID of version 5.
func uuid5(namespace []byte, name string) string {
	sum := sha1.Sum(append(bytes.Clone(namespace), name...)) //nolint:gosec // see above
	sum[6], sum[8] = sum[6]&0x0f|0x50, sum[8]&0x3f|0x80
	h := hex.EncodeToString(sum[:16])
	return strings.Join([]string{h[:8], h[8:12], h[12:16], h[16:20], h[20:]}, "-")
}

// stixID names an object that is no observable: the same thing has the same id in every export.
func stixID(kind, of string) string { return kind + "--" + uuid5(vardeNamespace, kind+" "+of) }

// observable is a node as a cyber-observable, named by the canonical JSON of what it is, as STIX 2.1 says: the same phone has the same id
// whoever writes it. STIX has none for phones: they are user accounts of type phone. A picture and a text that ads share are files by their names.
func observable(n *node) stixObject {
	if n.ad != nil {
		address := line(n.ad.Finding.Sighting.URL)
		if u, err := url.Parse(address); err != nil || u.Scheme == "" {
			address = "urn:varde:" + url.PathEscape(n.id)
		}
		return named("url", map[string]string{"value": address}, nil)
	}
	service, name, _ := strings.Cut(n.value, ":")
	if name == "" {
		name = n.value
	}
	switch ad.Kind(n.kind) {
	case ad.Phone:
		return named("user-account", map[string]string{"account_type": "phone", "account_login": n.value}, nil)
	case ad.Email:
		return named("email-addr", map[string]string{"value": n.value}, nil)
	case ad.Link:
		return named("url", map[string]string{"value": "https://" + n.value}, nil)
	case ad.PHash, ad.TextSig:
		return named("file", map[string]string{"name": n.id}, nil)
	case ad.Payment:
		service = "payment-" + service
	}
	return named("user-account", map[string]string{"account_type": service, "account_login": name}, stixObject{"display_name": n.label})
}

// named is an observable with its id; by are the properties that make it.
func named(kind string, by map[string]string, also stixObject) stixObject {
	o := stixObject{"type": kind, "spec_version": "2.1"}
	for k, v := range by {
		o[k] = v
	}
	for k, v := range also {
		o[k] = v
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b) // sorts the keys; values are one line without control characters, so nothing else is to be made canonical
	enc.SetEscapeHTML(false)
	if err := enc.Encode(by); err != nil { // a buffer does not fail
		return o
	}
	o["id"] = kind + "--" + uuid5(stixNamespace, strings.TrimSuffix(b.String(), "\n"))
	return o
}
