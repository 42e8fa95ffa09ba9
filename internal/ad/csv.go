package ad

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Mapping says which columns of a CSV file become which fields of the ad file.
type Mapping struct {
	Name string `yaml:"name"`
	// Columns must all stand in a file's header for the mapping to be used without being asked for.
	Columns []string          `yaml:"columns"`
	Fields  map[string]Column `yaml:"fields"`
}

// Column says where one field's value comes from: a fixed value, a column, or several columns joined.
type Column struct {
	Value   string   `yaml:"value"`
	Column  string   `yaml:"column"`
	Columns []string `yaml:"columns"`
	// Join stands between the values of Columns that are not empty.
	Join string `yaml:"join"`
	// Split cuts a list field (phones, contacts, images); without it the value is one entry.
	Split string `yaml:"split"`
	// Layout is the Go time layout of a time column that is not RFC 3339; times without zone are UTC.
	Layout string `yaml:"layout"`
}

// mappable are the fields a column can fill, with the JSON shape of their value.
var mappable = map[string]string{
	"site": "text", "ad_id": "text", "url": "text", "category": "text", "title": "text", "text": "text", "language": "text",
	"posted_at": "time", "seen_at": "time", "location": "text", "country": "text", "phones": "list", "contacts": "list",
	"advertiser": "text", "age": "number", "images": "list",
}

// Validate reports each rule a mapping breaks.
func (m *Mapping) Validate(report func(field, text string)) {
	if m.Name == "" {
		report("name", "required: what the mapping is called")
	}
	for _, need := range []string{"site", "ad_id", "seen_at"} {
		if _, ok := m.Fields[need]; !ok {
			report("fields."+need, "required: every ad has one; use {value: …} where the file has no such column")
		}
	}
	_, title := m.Fields["title"]
	_, text := m.Fields["text"]
	if !title && !text {
		report("fields.text", "one of title and text is required")
	}
	for name, c := range m.Fields {
		path := "fields." + name
		if mappable[name] == "" {
			report(path, "unknown field of the ad file; it is one of "+strings.Join(sortedKeys(mappable), ", "))
		}
		set := 0
		for _, is := range []bool{c.Value != "", c.Column != "", len(c.Columns) > 0} {
			if is {
				set++
			}
		}
		if set != 1 {
			report(path, "needs exactly one of value, column and columns")
		}
	}
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// Fits says whether a header has every column the mapping was made for.
func (m *Mapping) Fits(header []string) bool {
	if len(m.Columns) == 0 {
		return false
	}
	for _, c := range m.Columns {
		if !slices.Contains(header, c) {
			return false
		}
	}
	return true
}

// CSV reads ads from a CSV file with a header.
type CSV struct {
	Header []string
	// Keep names columns whose values rows carry along beside the ad, such as labels.
	Keep []string
	rows *csvRows
}

// NewCSV reads the header. It fails where there is none.
func NewCSV(r io.Reader) (*CSV, error) {
	br := bufio.NewReaderSize(r, 1<<16)
	if b, err := br.Peek(3); err == nil && bytes.Equal(b, []byte("\ufeff")) {
		_, _ = br.Discard(3)
	}
	peek, _ := br.Peek(1 << 12)
	first, _, _ := bytes.Cut(peek, []byte("\n"))
	comma := ','
	for _, c := range ";\t" {
		if bytes.ContainsRune(first, c) && bytes.Count(first, []byte(string(c))) > bytes.Count(first, []byte(string(comma))) {
			comma = c
		}
	}
	c := &CSV{rows: &csvRows{br: br, comma: comma}}
	header, err := c.rows.next()
	if err == nil {
		err = header.err
	}
	if err != nil {
		return nil, fmt.Errorf("read the header of the CSV: %w", err)
	}
	for _, h := range header.record {
		c.Header = append(c.Header, strings.TrimSpace(h))
	}
	c.rows.columns = len(c.Header)
	return c, nil
}

// Read yields the ads of the file's remaining rows as the mapping says. Rows that cannot be read are Rows with Err.
// It fails at once where the mapping names a column that the header lacks.
func (c *CSV) Read(m *Mapping, now time.Time) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		index := map[string]int{}
		for i, h := range c.Header {
			index[h] = i
		}
		for name, col := range m.Fields {
			for _, want := range append(slices.Clone(col.Columns), col.Column) {
				if _, ok := index[want]; want != "" && !ok {
					yield(Row{}, fmt.Errorf("mapping %s: %s: the CSV has no column %q (it has %s)", m.Name, name, want, strings.Join(c.Header, ", ")))
					return
				}
			}
		}
		for _, want := range c.Keep {
			if _, ok := index[want]; !ok {
				yield(Row{}, fmt.Errorf("the CSV has no column %q (it has %s)", want, strings.Join(c.Header, ", ")))
				return
			}
		}
		for {
			row, err := c.next(m, index, now)
			if errors.Is(err, io.EOF) {
				return
			}
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}

func (c *CSV) next(m *Mapping, index map[string]int, now time.Time) (Row, error) {
	r, err := c.rows.next()
	row := Row{Line: r.line, Err: r.err}
	if err != nil {
		return row, err
	}
	if row.Err == nil {
		row.Sighting, row.Err = m.sighting(r.record, index, now)
		for _, column := range c.Keep {
			row.Kept = append(row.Kept, strings.TrimSpace(r.record[index[column]]))
		}
	}
	if row.Err != nil {
		row.Raw = r.raw
	}
	return row, nil
}

func (m *Mapping) sighting(record []string, index map[string]int, now time.Time) (Sighting, error) {
	object := make(map[string]any, len(m.Fields))
	for name, col := range m.Fields {
		value := col.value(record, index)
		if value == "" {
			continue
		}
		v, err := col.shape(mappable[name], value)
		if err != nil {
			return Sighting{}, refuse(name, "%v", err)
		}
		object[name] = v
	}
	data, err := json.Marshal(object)
	if err != nil {
		return Sighting{}, refuse("", "%v", err)
	}
	if len(data) > MaxLine {
		return Sighting{}, refuse("", "longer than %d bytes", MaxLine)
	}
	s, _, err := Decode(data, now)
	return s, err
}

func (col Column) value(record []string, index map[string]int) string {
	switch {
	case col.Value != "":
		return col.Value
	case col.Column != "":
		return strings.TrimSpace(record[index[col.Column]])
	}
	var parts []string
	for _, c := range col.Columns {
		if v := strings.TrimSpace(record[index[c]]); v != "" {
			parts = append(parts, v)
		}
	}
	return strings.Join(parts, col.Join)
}

func (col Column) shape(kind, value string) (any, error) {
	switch kind {
	case "number":
		n, err := strconv.Atoi(value)
		if err != nil {
			return nil, fmt.Errorf("%q is not a whole number", short(value))
		}
		return n, nil
	case "list":
		if col.Split == "" {
			return []string{value}, nil
		}
		var list []string
		for _, v := range strings.Split(value, col.Split) {
			if v = strings.TrimSpace(v); v != "" {
				list = append(list, v)
			}
		}
		return list, nil
	case "time":
		if col.Layout == "" {
			return value, nil
		}
		t, err := time.Parse(col.Layout, value)
		if err != nil {
			return nil, fmt.Errorf("%q does not fit the layout %q", short(value), col.Layout)
		}
		return t.UTC().Format(time.RFC3339Nano), nil
	}
	return value, nil
}
