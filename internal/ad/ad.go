package ad

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"
)

// Category says what an ad offers. It decides which detectors read the ad and who may see it.
type Category string

// The categories of the ad file; an ad that names none is Other.
const (
	SexualServices Category = "sexual_services"
	Job            Category = "job"
	Housing        Category = "housing"
	Massage        Category = "massage"
	Other          Category = "other"
)

// Categories lists every category in the order in which people are shown them.
var Categories = []Category{SexualServices, Massage, Job, Housing, Other}

// Key names an ad: "site/ad_id". Later sightings with the same key are versions of the same ad.
type Key string

// MakeKey returns the key of ad id on site.
func MakeKey(site, id string) Key { return Key(site + "/" + id) }

// Site returns the part of the key before the first slash.
func (k Key) Site() string { site, _, _ := strings.Cut(string(k), "/"); return site }

// ID returns the part of the key after the first slash.
func (k Key) ID() string { _, id, _ := strings.Cut(string(k), "/"); return id }

// Price is one amount asked or offered. Amount is in whole units of Currency (ISO 4217); Per is the unit paid for.
type Price struct {
	Amount   float64 `json:"amount"`
	Currency string  `json:"currency"`
	// Per is one of "hour", "half_hour", "quarter", "night", "day", "week", "month", "year", "piece" or "".
	Per string `json:"per,omitempty"`
}

// Crown is the currency that "kr" means in a country, NOK where nothing better is known.
func Crown(country string) string {
	switch country {
	case "SE":
		return "SEK"
	case "DK":
		return "DKK"
	}
	return "NOK"
}

// Currency is what is paid with in a country, NOK where nothing better is known.
func Currency(country string) string {
	switch country {
	case "PL":
		return "PLN"
	case "RO":
		return "RON"
	case "UA":
		return "UAH"
	case "RU":
		return "RUB"
	case "GB":
		return "GBP"
	case "US":
		return "USD"
	case "FI", "LT", "LV", "EE", "ES", "DE", "FR", "IT", "NL", "BE", "AT", "IE", "PT", "GR":
		return "EUR"
	}
	return Crown(country)
}

// Picture is what Varde keeps of a picture: hashes and measures, never the bytes.
type Picture struct {
	// Image is the 1-based number of the picture among the sighting's Images.
	Image  int    `json:"image"`
	SHA256 string `json:"sha256"`
	// PHash is the 64-bit DCT perceptual hash as 16 lower-case hex digits, empty where Flat.
	PHash string `json:"phash,omitempty"`
	// Features is the fingerprint by which altered copies are found, base64 of at most 1028 bytes, empty where there is none. It follows from the
	// picture alone.
	Features string `json:"features,omitempty"`
	Width    int    `json:"width"`
	Height   int    `json:"height"`
	// Flat marks a picture with too little contrast to be compared: all flat pictures share one hash.
	Flat bool `json:"flat,omitempty"`
}

// Provenance says how a sighting came to be known, so that it can be traced to a page or a line of a file.
type Provenance struct {
	// Source is "crawl" or "import".
	Source string `json:"source,omitempty"`
	// Target, TargetVersion and Authorisation name what allowed the crawl.
	Target        string `json:"target,omitempty"`
	TargetVersion int    `json:"target_version,omitempty"`
	Authorisation string `json:"authorisation,omitempty"`
	// Adapter names what extracted the ad from the page.
	Adapter string `json:"adapter,omitempty"`
	// PageSHA256 is the hash of the page's body, unpacked and otherwise as received, in lower-case hex.
	PageSHA256 string `json:"page_sha256,omitempty"`
	// Captures are the evidence of the page and its pictures.
	Captures []Capture `json:"captures,omitempty"`
	// Reading is 0 for what was read when the page was fetched, and otherwise the version of the target whose adapter read the stored
	// page again.
	Reading int `json:"reading,omitempty"`
	// File and Line place an imported ad.
	File string `json:"file,omitempty"`
	Line int    `json:"line,omitempty"`
	// Region is the ISO 3166 country in which a phone number without prefix is read.
	Region string `json:"region,omitempty"`
	// Problems lists what could not be read while collecting, such as a picture that did not load.
	Problems []string `json:"problems,omitempty"`
}

// Capture places one answer of a site in the evidence.
type Capture struct {
	// Image is 0 for the page and otherwise the 1-based number of the picture among the sighting's Images.
	Image int `json:"image,omitempty"`
	// Record is the WARC record's id, urn:uuid:…, of the response or of the revisit that stands for it.
	Record string `json:"record"`
	// File is relative to the evidence folder, Offset where the record begins in it.
	File   string `json:"file"`
	Offset int64  `json:"offset"`
	// SHA256 is of the record's bytes as they stand in the file, packed, in lower-case hex.
	SHA256 string `json:"sha256"`
}

// Sighting is one look at one ad: what was seen, where, when, and how it came to be known. Its JSON form is a
// line of the ad file.
type Sighting struct {
	Site       string     `json:"site"`
	AdID       string     `json:"ad_id"`
	URL        string     `json:"url,omitempty"`
	Category   Category   `json:"category,omitempty"`
	Title      string     `json:"title,omitempty"`
	Text       string     `json:"text,omitempty"`
	Language   string     `json:"language,omitempty"`
	PostedAt   time.Time  `json:"posted_at,omitzero"`
	SeenAt     time.Time  `json:"seen_at"`
	Location   string     `json:"location,omitempty"`
	Country    string     `json:"country,omitempty"`
	Prices     []Price    `json:"prices,omitempty"`
	Phones     []string   `json:"phones,omitempty"`
	Contacts   []string   `json:"contacts,omitempty"`
	Advertiser string     `json:"advertiser,omitempty"`
	Age        int        `json:"age,omitempty"`
	Images     []string   `json:"images,omitempty"`
	Pictures   []Picture  `json:"pictures,omitempty"`
	Provenance Provenance `json:"provenance,omitzero"`
}

// Key returns the key of the ad that was seen.
func (s *Sighting) Key() Key { return MakeKey(s.Site, s.AdID) }

// Version returns the SHA-256, in hex, of what the ad said: everything but when and how it was seen. Two
// sightings with the same version saw the same words, prices, contacts and pictures.
func (s *Sighting) Version() string {
	c := *s
	c.SeenAt, c.Provenance, c.URL = time.Time{}, Provenance{}, ""
	c.Pictures = slices.Clone(c.Pictures)
	for i := range c.Pictures {
		c.Pictures[i].Features = "" // they follow from the bytes, and came later: an ad that was seen without them is the same ad
	}
	b, err := json.Marshal(&c)
	if err != nil { // plain values cannot fail to marshal; a NaN amount is refused by Validate
		panic(fmt.Sprintf("ad: hash %s: %v", s.Key(), err))
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// ID names the sighting: the same content of the same ad seen at the same instant is the same sighting, however
// often and from wherever it arrives. It is the stream's message id. The id of a page read again sorts after that of the
// first reading, and a later reading's after it: of sightings of one instant the one with the greatest id shows.
func (s *Sighting) ID() string {
	sum := sha256.Sum256([]byte(string(s.Key()) + "\x00" + s.SeenAt.UTC().Format(time.RFC3339Nano) + "\x00" + s.Version()))
	id := hex.EncodeToString(sum[:16])
	if s.Provenance.Reading > 0 {
		id = fmt.Sprintf("r%08d-%s", s.Provenance.Reading, id)
	}
	return id
}

// FieldText returns the text that a span's offsets count in: for a list, its entry number index.
func (s *Sighting) FieldText(f Field, index int) string {
	pick := func(list []string) string {
		if index < 0 || index >= len(list) {
			return ""
		}
		return list[index]
	}
	switch f {
	case FieldTitle:
		return s.Title
	case FieldText:
		return s.Text
	case FieldPhones:
		return pick(s.Phones)
	case FieldContacts:
		return pick(s.Contacts)
	case FieldAdvertiser:
		return s.Advertiser
	case FieldLocation:
		return s.Location
	}
	return ""
}

// LogValue keeps the ad's words and contacts out of logs: only its key is written.
func (s *Sighting) LogValue() slog.Value { return slog.StringValue(string(s.Key())) }
