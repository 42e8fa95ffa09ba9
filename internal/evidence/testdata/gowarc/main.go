// Command gowarc reads WARC files with the Internet Archive's reader and prints a line of JSON for each record.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	warc "github.com/internetarchive/gowarc"
)

type line struct {
	Type   string `json:"type"`
	ID     string `json:"id"`
	Offset int64  `json:"offset"`
	Length int64  `json:"length"`
	// Block says whether the block has the digest in the record's head.
	Block bool `json:"block"`
}

func main() {
	for _, name := range os.Args[1:] {
		if err := read(name); err != nil {
			fmt.Fprintln(os.Stderr, name+":", err)
			os.Exit(1)
		}
	}
}

func read(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	r, err := warc.NewReader(f)
	if err != nil {
		return err
	}
	out := json.NewEncoder(os.Stdout)
	for {
		rec, err := r.ReadRecord()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		sum, err := warc.GetDigest(rec.Content, warc.SHA256Base16)
		if err != nil {
			return err
		}
		h := rec.Header
		if err := out.Encode(line{h.Get("WARC-Type"), h.Get("WARC-Record-ID"), rec.Offset, rec.Size, sum == h.Get("WARC-Block-Digest")}); err != nil {
			return err
		}
		if err := rec.Content.Close(); err != nil {
			return err
		}
	}
}
