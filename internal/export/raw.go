package export

import (
	"encoding/csv"
	"io"
	"strings"
)

// rawTable writes CSV for programs: one line a row, and phones as they are; any other cell that a spreadsheet would take for a formula is made text
// all the same, for these files are opened in one, too.
func rawTable(w io.Writer, mark string, header []string, rows func(write func(...string) error) error) error {
	if _, err := io.WriteString(w, mark); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	if err := out.Write(header); err != nil {
		return err
	}
	err := rows(func(cells ...string) error {
		for i, c := range cells {
			if c = strings.ReplaceAll(c, "\n", " "); !dialled(c) {
				c = plain(c)
			}
			cells[i] = c
		}
		return out.Write(cells)
	})
	if err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}

// dialled says whether a cell is a phone number in E.164 and nothing else.
func dialled(cell string) bool {
	digits, ok := strings.CutPrefix(cell, "+")
	return ok && digits != "" && strings.Trim(digits, "0123456789") == ""
}
