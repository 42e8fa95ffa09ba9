package adapter

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
)

// decode returns a page's bytes in UTF-8. Where only a guess or the page itself says Latin-1 and all of it is valid UTF-8, it is that:
// the guess sees the first 1024 bytes, which often are ASCII.
func decode(body []byte, contentType string) ([]byte, error) {
	encoding, name, certain := charset.DetermineEncoding(body, contentType)
	if name == "windows-1252" && !certain && utf8.Valid(body) {
		return body, nil
	}
	text, err := encoding.NewDecoder().Bytes(body)
	return bytes.ToValidUTF8(text, []byte("\ufffd")), err
}
