package ad

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Limits of one ad in a file. They bound memory and keep a sighting within one message of the stream.
const (
	// MaxLine is the longest line read, in bytes; a longer one is refused.
	MaxLine = 1 << 20
	// maxList is the most entries a list field may have.
	maxList = 200
	// maxAhead is how far in the future an ad may claim to have been seen: clocks differ, but not by more.
	maxAhead = 24 * time.Hour
)

// FieldError says what is wrong with one field of one ad. Field is empty where the whole ad cannot be read.
type FieldError struct {
	Field string
	Text  string
}

// Error prints "field: text".
func (e *FieldError) Error() string {
	if e.Field == "" {
		return e.Text
	}
	return e.Field + ": " + e.Text
}

func refuse(field, format string, args ...any) error {
	return &FieldError{Field: field, Text: fmt.Sprintf(format, args...)}
}

// exportOnly are fields that `export ads` adds and that reading ignores, so that what was exported can be imported.
var exportOnly = []string{"score", "band", "score_version", "network", "identifiers", "indicators", "first_seen", "last_seen", "gone_at", "versions", "sightings"}

// Decode reads one ad from a JSON object. It returns the names of fields it does not know, and a *FieldError that
// names the first field at fault. Now bounds seen_at.
func Decode(data []byte, now time.Time) (s Sighting, unknown []string, err error) {
	if i := invalidUTF8(data); i >= 0 {
		return s, nil, refuse("", "not UTF-8 at byte %d; convert the file to UTF-8", i+1)
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		return s, nil, refuse("", "%s", jsonReason(err))
	}
	if raw == nil {
		return s, nil, refuse("", "null is not an ad; an ad is a JSON object")
	}
	names := make([]string, 0, len(raw))
	for name := range raw {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		dest := s.field(name)
		if dest == nil {
			if !slices.Contains(exportOnly, name) {
				unknown = append(unknown, name)
			}
			continue
		}
		if err := json.Unmarshal(raw[name], dest); err != nil {
			return s, unknown, refuse(fieldPath(name, err), "%s", jsonReason(err))
		}
	}
	s.normalise()
	return s, unknown, s.Validate(now)
}

// field returns where the value of a field of the ad file goes, nil for an unknown one.
func (s *Sighting) field(name string) any {
	switch name {
	case "site":
		return &s.Site
	case "ad_id":
		return &s.AdID
	case "url":
		return &s.URL
	case "category":
		return &s.Category
	case "title":
		return &s.Title
	case "text":
		return &s.Text
	case "language":
		return &s.Language
	case "posted_at":
		return &s.PostedAt
	case "seen_at":
		return &s.SeenAt
	case "location":
		return &s.Location
	case "country":
		return &s.Country
	case "prices":
		return &s.Prices
	case "phones":
		return &s.Phones
	case "contacts":
		return &s.Contacts
	case "advertiser":
		return &s.Advertiser
	case "age":
		return &s.Age
	case "images":
		return &s.Images
	case "pictures":
		return &s.Pictures
	case "provenance":
		return &s.Provenance
	}
	return nil
}

func (s *Sighting) normalise() {
	s.Site = strings.ToLower(strings.TrimSpace(s.Site))
	s.AdID = strings.TrimSpace(s.AdID)
	s.Country = strings.ToUpper(s.Country)
	if s.Category == "" {
		s.Category = Other
	}
	s.SeenAt = s.SeenAt.UTC()
	if !s.PostedAt.IsZero() {
		s.PostedAt = s.PostedAt.UTC()
	}
}

// mostFeatures is the most bytes of a picture's fingerprint.
const mostFeatures = 1028

// pictureHash is what a perceptual hash looks like: a wrong one would link by accident.
var pictureHash = regexp.MustCompile(`^[0-9a-f]{16}$`)

// Validate checks what the ad file demands and returns a *FieldError for the first rule broken.
func (s *Sighting) Validate(now time.Time) error {
	switch {
	case s.Site == "":
		return refuse("site", "required: the host name of the site the ad was seen on")
	case len(s.Site) > 253 || strings.ContainsAny(s.Site, "/ ") || hasControl(s.Site):
		return refuse("site", "%q is not a host name", short(s.Site))
	case s.AdID == "":
		return refuse("ad_id", "required: what the site calls the ad")
	case len(s.AdID) > 256 || hasControl(s.AdID):
		return refuse("ad_id", "longer than 256 bytes, or with control characters")
	case s.SeenAt.IsZero():
		return refuse("seen_at", "required: when the ad was seen, such as 2026-05-01T20:00:00Z")
	case s.SeenAt.Year() < 1990:
		return refuse("seen_at", "%s lies before there were online ads", s.SeenAt.Format(time.RFC3339))
	case s.SeenAt.After(now.Add(maxAhead)):
		return refuse("seen_at", "%s lies in the future; check the clock or the time zone", s.SeenAt.Format(time.RFC3339))
	case !s.PostedAt.IsZero() && (s.PostedAt.UTC().Year() < 1970 || s.PostedAt.UTC().Year() > 9998):
		return refuse("posted_at", "%d is no year in which ads were posted online", s.PostedAt.UTC().Year())
	case s.size() > MaxLine:
		return refuse("text", "the ad's words and lists take more than %d bytes", MaxLine)
	case strings.TrimSpace(s.Title) == "" && strings.TrimSpace(s.Text) == "":
		return refuse("text", "one of title and text is required")
	case !slices.Contains(Categories, s.Category):
		return refuse("category", "%q is none of sexual_services, massage, job, housing, other", short(string(s.Category)))
	case s.Country != "" && len(s.Country) != 2:
		return refuse("country", "%q is not a two-letter country code", short(s.Country))
	case s.Age < 0 || s.Age > 150:
		return refuse("age", "%d is no age", s.Age)
	}
	for i, p := range s.Prices {
		if p.Amount < 0 || math.IsNaN(p.Amount) || math.IsInf(p.Amount, 0) {
			return refuse(fmt.Sprintf("prices.%d.amount", i), "%v is no price", p.Amount)
		}
	}
	for i, p := range s.Pictures {
		if p.PHash != "" && !pictureHash.MatchString(p.PHash) {
			return refuse(fmt.Sprintf("pictures.%d.phash", i), "%q is not 16 hex digits", short(p.PHash))
		}
		if raw, err := base64.RawStdEncoding.DecodeString(p.Features); err != nil || len(raw) > mostFeatures {
			return refuse(fmt.Sprintf("pictures.%d.features", i), "%q is not unpadded base64 of up to %d bytes", short(p.Features), mostFeatures)
		}
	}
	for name, n := range map[string]int{"prices": len(s.Prices), "phones": len(s.Phones), "contacts": len(s.Contacts),
		"images": len(s.Images), "pictures": len(s.Pictures)} {
		if n > maxList {
			return refuse(name, "%d entries; at most %d are read", n, maxList)
		}
	}
	return nil
}

// size is how many bytes the words and lists of an ad take.
func (s *Sighting) size() int {
	n := len(s.Title) + len(s.Text) + len(s.URL) + len(s.Location) + len(s.Advertiser) + len(s.Language)
	for _, list := range [][]string{s.Phones, s.Contacts, s.Images, s.Provenance.Problems} {
		for _, v := range list {
			n += len(v)
		}
	}
	return n
}

func hasControl(s string) bool { return strings.ContainsFunc(s, unicode.IsControl) }

func short(s string) string {
	const most = 40
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

func invalidUTF8(b []byte) int {
	if utf8.Valid(b) {
		return -1
	}
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}

// fieldPath adds to a field's name the path inside it that the JSON package found at fault.
func fieldPath(name string, err error) string {
	var te *json.UnmarshalTypeError
	if errors.As(err, &te) && te.Field != "" {
		return name + "." + te.Field
	}
	return name
}

// JSONReason says in plain words what the JSON package found, after the field where it names one.
func JSONReason(err error) string {
	var te *json.UnmarshalTypeError
	if errors.As(err, &te) && te.Field != "" {
		return strings.TrimPrefix(te.Field, ".") + ": " + jsonReason(err)
	}
	return jsonReason(err)
}

// jsonReason says in plain words what the JSON package found.
func jsonReason(err error) string {
	var se *json.SyntaxError
	if errors.As(err, &se) {
		return fmt.Sprintf("not JSON at byte %d: %s", se.Offset, strings.TrimPrefix(se.Error(), "json: "))
	}
	var te *json.UnmarshalTypeError
	if errors.As(err, &te) {
		return fmt.Sprintf("%s where %s is needed", te.Value, plainKind(te.Type.Kind().String()))
	}
	if strings.Contains(err.Error(), "Time.UnmarshalJSON") {
		return "not a time in quotes such as \"2026-05-01T20:00:00Z\""
	}
	var pe *time.ParseError
	if errors.As(err, &pe) {
		return fmt.Sprintf("%s is not a time such as 2026-05-01T20:00:00Z", pe.Value)
	}
	return strings.TrimPrefix(err.Error(), "json: ")
}

func plainKind(kind string) string {
	switch kind {
	case "string":
		return "text"
	case "slice", "array":
		return "a list"
	case "int":
		return "a whole number"
	case "float64":
		return "a number"
	case "bool":
		return "true or false"
	case "map":
		return "an ad as a JSON object"
	}
	return "an object"
}
