package evidence

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"
)

// A line of an index is a JSON object whose last member, chain, is the SHA-256 of the chain of the line before it, a newline and the line
// up to its chain. The first line is a head, the last a seal; between them stands an entry for each record, and a note where a file was
// mended. No byte of an index can be changed without its chain showing it.

// indexFormat is the version of the index; a head with another is not read.
const indexFormat = 1

// ending is what a file that is being written has after its name, and what an index has after that of its file.
const (
	openEnding  = ".open"
	indexEnding = ".idx"
	fileEnding  = ".warc.gz"
)

// head is the first line of an index. It names the file before it in the set, as far as the writer knew, and that file's last chain.
type head struct {
	Index         int    `json:"index"`
	File          string `json:"file"`
	Previous      string `json:"previous"`
	PreviousChain string `json:"previous_chain"`
}

// seal is the last line of the index of a file that is complete.
type seal struct {
	Records int64  `json:"sealed"`
	Bytes   int64  `json:"bytes"`
	At      string `json:"at"`
}

// mended is a line that says what was found when a file was mended that a killed process had left.
type mended struct {
	At string `json:"mended"`
	// Entries were made anew, CutBytes cut off the file's end, LostBytes are those that the index knew of and the file had not.
	Entries   int64 `json:"entries"`
	CutBytes  int64 `json:"cut"`
	LostBytes int64 `json:"lost"`
	// IndexBytes are those of the index that did not fit its chain and were dropped.
	IndexBytes int64 `json:"index_cut"`
}

// gap is a line that stands for bytes between records that are no record: a disk lost what had not been synced.
type gap struct {
	Offset int64  `json:"gap"`
	Length int64  `json:"length"`
	SHA256 string `json:"sha256"`
}

const (
	chainMark = `,"chain":"`
	chainTail = len(chainMark) + 64 + len(`"}`)
)

func nextChain(chain, body string) string {
	h := sha256.New()
	h.Write([]byte(chain))
	h.Write([]byte{'\n'})
	h.Write([]byte(body))
	return hex.EncodeToString(h.Sum(nil))
}

// appendLine adds a line to b and returns it with the line's chain. The body is the object without its closing brace.
func appendLine(b []byte, chain, body string) ([]byte, string) {
	chain = nextChain(chain, body)
	b = append(b, body...)
	b = append(b, chainMark...)
	b = append(b, chain...)
	return append(b, "\"}\n"...), chain
}

// body returns the entry as the beginning of its line. No value in it needs JSON's escapes: see escapeURI and notInID.
func (e *entry) body(b []byte) []byte {
	text := func(name, v string) {
		b = append(b, name...)
		b = append(b, v...)
		b = append(b, '"')
	}
	b = append(b, `{"n":`...)
	b = strconv.AppendInt(b, e.Number, 10)
	b = append(b, `,"offset":`...)
	b = strconv.AppendInt(b, e.Offset, 10)
	b = append(b, `,"length":`...)
	b = strconv.AppendInt(b, e.Length, 10)
	text(`,"sha256":"`, e.SHA256)
	text(`,"id":"`, e.ID)
	text(`,"type":"`, e.Type)
	text(`,"uri":"`, e.URI)
	text(`,"date":"`, e.Date)
	if e.Refers != "" {
		text(`,"refers":"`, e.Refers)
	}
	return b
}

// bodyOf returns any other line's body.
func bodyOf(line any) string {
	b, err := json.Marshal(line)
	if err != nil { // plain values cannot fail to marshal
		panic("evidence: " + err.Error())
	}
	return string(b[:len(b)-1])
}

// splitLine takes a line, without its newline, apart. Where it has no chain, ok is false and body the whole of it.
func splitLine(line string) (body, chain string, ok bool) {
	at := len(line) - chainTail
	if at < 0 || line[at:at+len(chainMark)] != chainMark || line[len(line)-2:] != `"}` || !isSHA256(line[at+len(chainMark):len(line)-2]) {
		return line, "", false
	}
	return line[:at], line[at+len(chainMark) : len(line)-2], true
}

// readBody reads the body of a line into one of the kinds of lines; nil where it is none.
func readBody(body string) any {
	var into any
	switch {
	case strings.HasPrefix(body, `{"n":`):
		into = new(entry)
	case strings.HasPrefix(body, `{"index":`):
		into = new(head)
	case strings.HasPrefix(body, `{"sealed":`):
		into = new(seal)
	case strings.HasPrefix(body, `{"mended":`):
		into = new(mended)
	case strings.HasPrefix(body, `{"gap":`):
		into = new(gap)
	default:
		return nil
	}
	if json.Unmarshal([]byte(body+"}"), into) != nil {
		return nil
	}
	return into
}
