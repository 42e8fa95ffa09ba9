package fetch

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
)

// withheld stands for the value of a target's token.
const withheld = "withheld"

// requestHead is what was sent: the HTTP library writes Host and User-Agent first and then the other fields by name.
func requestHead(req *http.Request, proto string, token token) []byte {
	var b bytes.Buffer
	b.Grow(512)
	b.WriteString(req.Method + " " + req.URL.RequestURI() + " " + proto + "\r\nHost: " + req.URL.Host + "\r\n")
	b.WriteString("User-Agent: " + req.Header.Get("User-Agent") + "\r\n")
	names := make([]string, 0, 8)
	for name := range req.Header {
		if name != "User-Agent" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		value := strings.Join(req.Header[name], ", ")
		if name == token.header {
			value = token.prefix + withheld
		}
		b.WriteString(name + ": " + value + "\r\n")
	}
	b.WriteString("\r\n")
	return b.Bytes()
}
