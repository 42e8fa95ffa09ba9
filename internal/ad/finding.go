package ad

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
)

// Field names the part of a sighting that evidence points into.
type Field string

// The fields in which evidence can lie.
const (
	FieldTitle      Field = "title"
	FieldText       Field = "text"
	FieldPhones     Field = "phones"
	FieldContacts   Field = "contacts"
	FieldAdvertiser Field = "advertiser"
	FieldImages     Field = "images"
	FieldPrices     Field = "prices"
	FieldAge        Field = "age"
)

// Figure is a number that an indicator rests on, with what it was compared with.
type Figure struct {
	// What is a stable word for the quantity, such as "hourly_pay".
	What     string  `json:"what"`
	Value    float64 `json:"value"`
	Unit     string  `json:"unit,omitempty"`
	Compared float64 `json:"compared,omitempty"`
	// Basis says where Compared comes from, such as a regulation's number or "412 ads in Bergen".
	Basis string `json:"basis,omitempty"`
}

// Evidence is what one identifier or indicator rests on: a span of text, a picture, a figure, or other ads.
type Evidence struct {
	Field Field `json:"field,omitempty"`
	// Index is the 0-based entry for fields that are lists.
	Index int `json:"index,omitempty"`
	// Start and End are byte offsets into the field's text; Quote is exactly that text.
	Start int    `json:"start,omitempty"`
	End   int    `json:"end,omitempty"`
	Quote string `json:"quote,omitempty"`
	// Image is the 1-based number of the picture, 0 where the evidence is none.
	Image  int     `json:"image,omitempty"`
	Figure *Figure `json:"figure,omitempty"`
	// Ads are other ads that the evidence compares with; Value is the identifier or text they share.
	Ads   []Key  `json:"ads,omitempty"`
	Value string `json:"value,omitempty"`
}

// Kind is what sort of thing an identifier is.
type Kind string

// The kinds of identifier. Text and Picture identifiers are compared by likeness, all others by equality.
const (
	Phone   Kind = "phone"   // E.164, such as +4741234567
	Handle  Kind = "handle"  // service:name, lower case, such as telegram:mia_bergen
	Email   Kind = "email"   // lower case
	Link    Kind = "link"    // host and path, lower-case host, without scheme, query or fragment
	PHash   Kind = "picture" // 16 hex digits of the 64-bit perceptual hash
	TextSig Kind = "text"    // hex hash of the normalised text; Signature holds its MinHash
)

// Kinds lists every kind in the order in which people are shown them.
var Kinds = []Kind{Phone, Handle, Email, Link, PHash, TextSig}

// Identifier is something specific that an ad can share with other ads of the same advertiser.
type Identifier struct {
	Kind  Kind   `json:"kind"`
	Value string `json:"value"`
	// Signature is the MinHash of a TextSig: 128 values, comparable slot by slot.
	Signature []uint32   `json:"signature,omitempty"`
	Evidence  []Evidence `json:"evidence,omitempty"`
}

// logKey makes the hashes in logs useless outside this process: they only tell equal from unequal.
var logKey = func() (k [16]byte) { _, _ = rand.Read(k[:]); return }()

// LogValue prints the kind and a keyed hash, so that a log never holds a phone number or a name.
func (i Identifier) LogValue() slog.Value {
	sum := sha256.Sum256(append(logKey[:], i.Value...))
	return slog.StringValue(string(i.Kind) + "#" + hex.EncodeToString(sum[:4]))
}

// Indicator is one reason to look: a code of the catalogue, what it counts, and what it rests on.
type Indicator struct {
	Code string `json:"code"`
	// Points are what the catalogue gives the code, before family caps; Confidence in [0,1] scales them.
	Points     float64    `json:"points"`
	Confidence float64    `json:"confidence"`
	Evidence   []Evidence `json:"evidence,omitempty"`
}

// Finding is what the detectors read in one sighting. It carries the sighting, so that whoever receives it needs
// nothing else.
type Finding struct {
	Sighting    Sighting     `json:"sighting"`
	Language    string       `json:"language,omitempty"`
	Prices      []Price      `json:"prices,omitempty"`
	Identifiers []Identifier `json:"identifiers,omitempty"`
	Indicators  []Indicator  `json:"indicators,omitempty"`
	// Rules is the version of the catalogue and lexicons that the finding was made with.
	Rules string `json:"rules,omitempty"`
}
