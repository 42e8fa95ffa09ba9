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
	FieldLocation   Field = "location"
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
	PHash   Kind = "picture" // 16 hex digits of the 64-bit perceptual hash, and after a dash 12 of the hash of the fingerprint where there is one; Signature holds it
	Payment Kind = "payment" // system:account, such as vipps:123456, iban:NO9386011117947 or btc:bc1q…
	TextSig Kind = "text"    // hex hash of the normalised text; Signature holds its MinHash
	Decided Kind = "analyst" // the number of a decision by which a person joined two ads: no ad shows it
)

// Kinds lists every kind in the order in which people are shown them.
var Kinds = []Kind{Phone, Handle, Email, Payment, Link, PHash, TextSig, Decided}

// Identifier is something specific that an ad can share with other ads of the same advertiser.
type Identifier struct {
	Kind  Kind   `json:"kind"`
	Value string `json:"value"`
	// Signature is the MinHash of a TextSig: 128 values, comparable slot by slot. Of a PHash it is the fingerprint of the picture, up to 257 values
	// that only internal/picture reads.
	Signature []uint32   `json:"signature,omitempty"`
	Evidence  []Evidence `json:"evidence,omitempty"`
}

// ValueKind is what sort of thing a value is.
type ValueKind string

// The kinds of value. A value is read and shown; it links nothing by itself.
const (
	// PriceValue is an amount of money: Number (and To, the upper end of a range) in Unit, such as "NOK/hour" or "EUR".
	PriceValue ValueKind = "price"
	// AgeValue is a stated age of whoever the ad is about: Number in years, To the upper end of a range.
	AgeValue ValueKind = "age"
	// PlaceValue is a place by its Name in the list of places; Code is the number of its municipality where it is Norwegian.
	PlaceValue ValueKind = "place"
	// AvailableValue is when somebody can be met: Number and To in minutes after midnight, 0 and 1440 for day and night.
	AvailableValue ValueKind = "available"
	// WorkValue is working time: Number (and To) in Unit "hours/week", "hours/day" or "days/week".
	WorkValue ValueKind = "work"
	// PersonsValue is how many persons an ad offers: Number, To the upper end of a range.
	PersonsValue ValueKind = "persons"
	// ClaimValue is what an ad says of who stands behind it: Name is one of the names below.
	ClaimValue ValueKind = "claim"
	// NameValue is the Name by which an ad calls the person it is about. It only tells how many persons ads present; it is never scored.
	NameValue ValueKind = "name"
	// AddressValue is an exact address by its Name: street and number in plain spelling.
	AddressValue ValueKind = "address"
)

// Names of a ClaimValue.
const (
	// Independent says that nobody else is involved.
	Independent = "independent"
	// Agency says openly that an agency is.
	Agency = "agency"
	// Sharing says openly that friends share a phone or a flat.
	Sharing = "sharing"
	// OwnServices says, in a job ad, that somebody offers work of their own.
	OwnServices = "own_services"
)

// Value is something that an ad says, with where it says it.
type Value struct {
	Kind   ValueKind `json:"kind"`
	Number float64   `json:"number,omitempty"`
	// To is the upper end of a range, 0 where there is none.
	To       float64  `json:"to,omitempty"`
	Unit     string   `json:"unit,omitempty"`
	Name     string   `json:"name,omitempty"`
	Code     string   `json:"code,omitempty"`
	Evidence Evidence `json:"evidence"`
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
	// Note says why an indicator that was found counts nothing or less here: one of the Note constants, or "".
	Note Note `json:"note,omitempty"`
}

// Note is why an indicator counts less than the catalogue says.
type Note string

// AddedByOthers marks what others did with an ad's phone or text: the ad used it first, and nothing else shows that it is of them.
const AddedByOthers Note = "added_by_others"

// SameFact marks what rests on nothing but what a network code already rests on: it gives its points and is no further reason.
const SameFact Note = "same_fact"

// Counts says whether the indicator gives points: those with a note may be shown only.
func (in *Indicator) Counts() bool { return in.Note != AddedByOthers }

// Class sets ads apart that are not what Varde looks for but would crowd it out.
type Class string

// Spam is advertising by machines and fraud upon clients or applicants: deposits asked for, stock pictures, many cities at once.
const Spam Class = "spam"

// Finding is what the detectors read in one sighting. It carries the sighting, so that whoever receives it needs
// nothing else.
type Finding struct {
	Sighting    Sighting     `json:"sighting"`
	Language    string       `json:"language,omitempty"`
	Values      []Value      `json:"values,omitempty"`
	Identifiers []Identifier `json:"identifiers,omitempty"`
	Indicators  []Indicator  `json:"indicators,omitempty"`
	// Rules is the version of the catalogue and lexicons that the finding was made with.
	Rules string `json:"rules,omitempty"`
}
