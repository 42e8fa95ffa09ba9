package export

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"varde/internal/fault"
)

// Handling says how far an export may be passed on: the Traffic Light Protocol 2.0 of FIRST.
type Handling string

// The handling codes, from least to most strict.
const (
	Clear       Handling = "TLP:CLEAR"
	Green       Handling = "TLP:GREEN"
	Amber       Handling = "TLP:AMBER"
	AmberStrict Handling = "TLP:AMBER+STRICT"
	Red         Handling = "TLP:RED"
)

// Handlings lists the codes in the order in which people are shown them.
var Handlings = []Handling{Clear, Green, Amber, AmberStrict, Red}

// ParseHandling reads a code in any case, with or without its TLP:; "" is Amber.
func ParseHandling(text string) (Handling, error) {
	code := strings.ToUpper(strings.TrimSpace(text))
	if code == "" {
		return Amber, nil
	}
	h := Handling("TLP:" + strings.TrimPrefix(code, "TLP:"))
	if !slices.Contains(Handlings, h) {
		return "", fmt.Errorf("%w: there is no handling code %q; there are %s", fault.ErrUsage, text, joined(Handlings))
	}
	return h, nil
}

// Caution is what every export says of itself.
const Caution = "Found by a program and not verified by anybody. A score is a reason to look, never a verdict on a person."

// Statement says what an export is for, who made it and when, and of what.
type Statement struct {
	Purpose  string   `json:"purpose"`
	Handling Handling `json:"handling"`
	// MadeBy is an account, or system:NAME for whoever ran a command without proving one.
	MadeBy  string    `json:"made_by"`
	MadeAt  time.Time `json:"made_at"`
	Program string    `json:"program"`
	// ScoreVersions are the catalogues that made the scores.
	ScoreVersions []string `json:"score_versions"`
	Networks      int      `json:"networks"`
	Ads           int      `json:"ads"`
	// Identifiers and Links are of a graph; rows count none.
	Identifiers int `json:"identifiers,omitempty"`
	Links       int `json:"links,omitempty"`
	// SHA256 is of the content, whatever the format: see Hash.
	SHA256  string `json:"content_sha256"`
	Caution string `json:"caution"`

	// held are the ids of the networks, for the log; rows keep none.
	held []string
}

// fields are the statement as names and values, for formats that keep text.
func (st *Statement) fields() [][2]string {
	return [][2]string{{"purpose", line(st.Purpose)}, {"handling", string(st.Handling)}, {"made_by", line(st.MadeBy)}, {"made_at", stamp(st.MadeAt)}, {"program", st.Program},
		{"score_versions", strings.Join(st.ScoreVersions, ", ")}, {"networks", strconv.Itoa(st.Networks)}, {"ads", strconv.Itoa(st.Ads)},
		{"identifiers", strconv.Itoa(st.Identifiers)}, {"links", strconv.Itoa(st.Links)}, {"content_sha256", st.SHA256}, {"caution", st.Caution}}
}

// text is the statement in words, one fact a line.
func (st *Statement) text() string {
	var b strings.Builder
	for _, f := range st.fields() {
		fmt.Fprintf(&b, "%s: %s\n", strings.ReplaceAll(f[0], "_", " "), f[1])
	}
	return b.String()
}

func joined[T ~string](list []T) string {
	var all []string
	for _, v := range list {
		all = append(all, string(v))
	}
	return strings.Join(all, ", ")
}
