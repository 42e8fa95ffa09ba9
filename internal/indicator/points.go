package indicator

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// MostPoints is the most that one code can count: no single sign decides.
const MostPoints = 25

// Tunable says whether a code's points can be other than the file's: those that make the score can.
func (c *Catalogue) Tunable(code string) bool {
	return slices.Contains(families, c.byCode[code].Family)
}

// WithPoints returns the catalogue with other points for some codes than the file's. Points are from 0, which is worth nothing, to
// MostPoints. Codes that are not named have the file's points, whatever c had.
func (c *Catalogue) WithPoints(points map[string]float64) (*Catalogue, error) {
	n := &Catalogue{file: c.file, text: c.text, byCode: maps.Clone(c.byCode), own: c.own, other: map[string]float64{}}
	for code, p := range c.own {
		e := n.byCode[code]
		e.Points = p
		n.byCode[code] = e
	}
	for code, p := range points {
		e, known := n.byCode[code]
		switch {
		case !known || !c.Tunable(code):
			return nil, fmt.Errorf("points of %s: it is no code that makes the score", code)
		case !(p >= 0 && p <= MostPoints):
			return nil, fmt.Errorf("points of %s: %v does not lie within 0 and %d", code, p, MostPoints)
		}
		if p == c.own[code] {
			continue
		}
		e.Points = p
		n.byCode[code] = e
		n.other[code] = p
	}
	n.version = versionOf(n.text, n.other)
	return n, nil
}

// Other returns the points that are not the file's, by code.
func (c *Catalogue) Other() map[string]float64 { return maps.Clone(c.other) }

// Text is the file that the catalogue was read from.
func (c *Catalogue) Text() string { return c.text }

// Bands returns the least scores of the bands above low.
func (c *Catalogue) Bands() (elevated, high float64) { return c.file.Bands.Elevated, c.file.Bands.High }

// Cap returns the most points that a family gives.
func (c *Catalogue) Cap(family string) float64 { return c.file.Caps[family] }

// Rule returns how many codes of how many families lift a score above low.
func (c *Catalogue) Rule() (codes, families int) { return c.file.Codes, c.file.Families }

// Near is the least score of what has the points for more than low, held or not.
func (c *Catalogue) Near() float64 { return c.Hold(Scored{Score: c.file.Bands.Elevated}).Score }

// versionOf names a file and the points that are not its own.
func versionOf(text string, other map[string]float64) string {
	h := sha256.New()
	h.Write([]byte(text))
	for _, code := range slices.Sorted(maps.Keys(other)) {
		fmt.Fprintf(h, "\x00%s=%s", code, strconv.FormatFloat(other[code], 'g', -1, 64))
	}
	return hex.EncodeToString(h.Sum(nil)[:6])
}
