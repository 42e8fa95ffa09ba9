package detectors

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"varde/internal/ad"
	"varde/internal/extract"
	"varde/internal/text"
)

// Detector reads one kind of thing in one sighting. It is pure and safe for use by several goroutines at once.
type Detector interface {
	// Name is the detector's name in configuration and errors, and of its folder of examples.
	Name() string
	// Codes lists the codes of the catalogue that it can give.
	Codes() []string
	// Detect reads one sighting.
	Detect(ctx context.Context, in *Input) (Reading, error)
}

// Input is a sighting with its title and text prepared for reading, each at most MaxText bytes long. It is shared by all
// detectors and never changed.
type Input struct {
	*ad.Sighting
	// Title and Text hide the sighting's own, which are their Source.
	Title, Text *text.Doc
	// Values are what its own fields give and what title and text say, in this order.
	Values []ad.Value
}

// field is one of the free texts of a sighting.
type field struct {
	Field ad.Field
	*text.Doc
}

// fields are title and text, for detectors that read both.
func (in *Input) fields() [2]field {
	return [2]field{{ad.FieldTitle, in.Title}, {ad.FieldText, in.Text}}
}

// Reading is what one detector read. Indicators carry no points yet.
type Reading struct {
	Language    string
	Values      []ad.Value
	Identifiers []ad.Identifier
	Indicators  []ad.Indicator
}

// all lists the detectors in the order of their readings in a finding.
var all = []func(*Config) (Detector, error){
	newPhone,
	newContact,
	newPayment,
	newEmployer,
	newPicture,
	newTextSignature,
	newPay,
	newMinor,
	newLanguage,
	newHeadline,
	newWording,
	newClaim,
	newAddress,
}

// MaxText is how much of a text is read, in bytes. An ad is a page at most; beyond that is padding or an attack.
const MaxText = 64 << 10

// Catalogue gives codes their points; *indicator.Catalogue is one.
type Catalogue interface {
	Points(code string) (float64, bool)
	Version() string
}

// Config is what the detectors need. All fields are required.
type Config struct {
	Catalogue Catalogue
	// Files hold wages/no.yaml, places.csv, employers.yaml and lexicons/*.yaml; configs.FS is one.
	Files fs.FS
	// Region is the country in which phones without prefix are read, where neither the sighting nor its target says.
	Region string
}

// Detectors are all detectors, ready to read.
type Detectors struct {
	cfg   Config
	list  []Detector
	rules string
	// places is the list of places that are read from texts.
	places *extract.Places
}

// New makes the detectors ready. Its error names the file, line and field that is wrong.
func New(cfg Config) (*Detectors, error) {
	if cfg.Catalogue == nil || cfg.Files == nil || len(cfg.Region) != 2 {
		return nil, fmt.Errorf("new detectors: catalogue, files and region are required")
	}
	d := &Detectors{cfg: cfg}
	for _, make := range all {
		one, err := make(&cfg)
		if err != nil {
			return nil, fmt.Errorf("make detector ready: %w", err)
		}
		for _, code := range one.Codes() {
			if _, ok := cfg.Catalogue.Points(code); !ok {
				return nil, fmt.Errorf("detector %s gives %s, which the catalogue does not explain", one.Name(), code)
			}
		}
		d.list = append(d.list, one)
	}
	var err error
	if d.places, err = readPlaces(cfg.Files); err != nil {
		return nil, err
	}
	d.rules, err = rulesVersion(cfg)
	return d, err
}

// rulesVersion names the catalogue and word lists a finding was made with.
func rulesVersion(cfg Config) (string, error) {
	h := sha256.New()
	paths, err := fs.Glob(cfg.Files, "lexicons/*.yaml")
	if err != nil {
		return "", err
	}
	for _, p := range append(paths, wagesFile, placesFile, firmsFile) {
		data, err := fs.ReadFile(cfg.Files, p)
		if err != nil {
			return "", fmt.Errorf("read %s: %w", p, err)
		}
		h.Write(data)
	}
	return cfg.Catalogue.Version() + "-" + hex.EncodeToString(h.Sum(nil)[:6]), nil
}

// Codes lists every code that some detector can give.
func (d *Detectors) Codes() []string {
	var codes []string
	for _, one := range d.list {
		codes = append(codes, one.Codes()...)
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// Givers names, for each code, the detector that can give it.
func (d *Detectors) Givers() map[string]string {
	givers := map[string]string{}
	for _, one := range d.list {
		for _, code := range one.Codes() {
			givers[code] = one.Name()
		}
	}
	return givers
}

// mostEntries and longestEntry bound the lists that sites fill in: nobody has more phones, or longer ones.
const (
	mostEntries  = 50
	longestEntry = 200
)

func cutEach(list []string) []string {
	out := make([]string, 0, min(len(list), mostEntries))
	for _, v := range list[:min(len(list), mostEntries)] {
		out = append(out, text.Cut(v, longestEntry))
	}
	return out
}

// longestValue bounds an identifier: nothing that people share is longer, and databases refuse to index more than some KB.
const longestValue = 512

// unfit says that an identifier's value can link nothing: too long, or with characters that nobody types.
func unfit(id ad.Identifier) bool {
	return len(id.Value) > longestValue || strings.ContainsFunc(id.Value, unicode.IsControl) || !utf8.ValidString(id.Value)
}

// Find reads a sighting with every detector.
func (d *Detectors) Find(ctx context.Context, s *ad.Sighting) (ad.Finding, error) {
	f := ad.Finding{Sighting: *s, Language: s.Language, Rules: d.rules}
	read := *s
	read.Text, read.Title = text.Cut(s.Text, MaxText), text.Cut(s.Title, MaxText)
	read.Phones, read.Contacts = cutEach(s.Phones), cutEach(s.Contacts)
	in := &Input{Sighting: &read, Title: text.Read(read.Title), Text: text.Read(read.Text)}
	in.Values = d.values(in)
	f.Values = slices.Clip(in.Values)
	for _, one := range d.list {
		r, err := one.Detect(ctx, in)
		if err != nil {
			return f, fmt.Errorf("detector %s: %w", one.Name(), err)
		}
		for i := range r.Indicators {
			r.Indicators[i].Points, _ = d.cfg.Catalogue.Points(r.Indicators[i].Code)
		}
		f.Identifiers = merge(f.Identifiers, slices.DeleteFunc(r.Identifiers, unfit))
		f.Values = append(f.Values, r.Values...)
		f.Indicators = append(f.Indicators, r.Indicators...)
		if r.Language != "" {
			f.Language = r.Language
		}
	}
	return f, nil
}

// merge adds identifiers, each value once with all its evidence.
func merge(have, more []ad.Identifier) []ad.Identifier {
	for _, id := range more {
		at := slices.IndexFunc(have, func(o ad.Identifier) bool { return o.Kind == id.Kind && o.Value == id.Value })
		if at < 0 {
			have = append(have, id)
		} else {
			have[at].Evidence = append(have[at].Evidence, id.Evidence...)
		}
	}
	return have
}

func span(field ad.Field, s string, start, end int) ad.Evidence {
	return ad.Evidence{Field: field, Start: start, End: end, Quote: s[start:end]}
}

func isSexual(s *Input) bool {
	return s.Category == ad.SexualServices || s.Category == ad.Massage
}
