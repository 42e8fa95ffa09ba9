package config

import (
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/text/language"

	"varde/internal/ad"
)

// Varde is the service's own configuration: configs/varde.yaml.
type Varde struct {
	// Region is the ISO 3166 country in which phones without prefix are read.
	Region  string  `yaml:"region"`
	Linking Linking `yaml:"linking"`
	Console Console `yaml:"console"`
	Stream  Stream  `yaml:"stream"`
	Crawl   Crawl   `yaml:"crawl"`
	Export  Export  `yaml:"export"`
}

// Linking says what links ads; the meanings are those of network.Config.
type Linking struct {
	HubAds          int     `yaml:"hub_ads"`
	HubPhones       int     `yaml:"hub_phones"`
	TextSimilarity  float64 `yaml:"text_similarity"`
	Boilerplate     float64 `yaml:"boilerplate"`
	BoilerplateAds  int     `yaml:"boilerplate_ads"`
	SplitAds        int     `yaml:"split_ads"`
	Bridge          float64 `yaml:"bridge"`
	PictureDistance int     `yaml:"picture_distance"`
}

// Console says where the console listens and which language it starts in.
type Console struct {
	Listen   string `yaml:"listen"`
	Language string `yaml:"language"`
	// HTTPS says that people reach the console over HTTPS, by a proxy in front of it.
	HTTPS bool `yaml:"https"`
}

// Crawl says what kind of sites is crawled, and how many at once; how fast each is asked is its target's.
type Crawl struct {
	// Concurrency is how many pages are read at once, over all targets.
	Concurrency int `yaml:"concurrency"`
	// Loopback makes the service a simulation: it crawls targets on this machine and no others.
	Loopback bool `yaml:"loopback"`
}

// Export says what stands in the log for exports on the command line that state no purpose.
type Export struct {
	// Purpose is that of rows for programs (jsonl, csv); "" makes stating one required for these, too.
	Purpose string `yaml:"purpose"`
}

// Stream says how often a message is tried before it is set aside.
type Stream struct {
	Tries int `yaml:"tries"`
}

// Validate reports each broken rule.
func (v *Varde) Validate(report func(field, text string)) {
	if !IsCountry(v.Region) {
		report("region", fmt.Sprintf("%q is not a country code of two capital letters, such as NO", v.Region))
	}
	within := func(field string, value, low, high float64) {
		if value < low || value > high {
			report(field, fmt.Sprintf("%v lies outside %v to %v", value, low, high))
		}
	}
	within("linking.hub_ads", float64(v.Linking.HubAds), 3, 100_000)
	within("linking.hub_phones", float64(v.Linking.HubPhones), 2, 1000)
	within("linking.text_similarity", v.Linking.TextSimilarity, 0.3, 1)
	within("linking.split_ads", float64(v.Linking.SplitAds), 8, 100_000)
	within("linking.bridge", v.Linking.Bridge, 0.01, 100)
	within("linking.boilerplate_ads", float64(v.Linking.BoilerplateAds), 10, 100_000)
	within("linking.boilerplate", v.Linking.Boilerplate, 0.01, 1)
	within("linking.picture_distance", float64(v.Linking.PictureDistance), 0, 7)
	within("crawl.concurrency", float64(v.Crawl.Concurrency), 1, 512)
	within("stream.tries", float64(v.Stream.Tries), 1, 20)
	if _, _, err := net.SplitHostPort(v.Console.Listen); err != nil {
		report("console.listen", fmt.Sprintf("%q is not HOST:PORT", v.Console.Listen))
	}
	if !slices.Contains([]string{"nb", "en"}, v.Console.Language) {
		report("console.language", fmt.Sprintf("%q is neither nb nor en", v.Console.Language))
	}
}

// IsCountry says whether a text is the code of a country, two capital letters of ISO 3166.
func IsCountry(code string) bool {
	region, err := language.ParseRegion(code)
	return err == nil && len(code) == 2 && region.IsCountry() && region.String() == code
}

// Load returns the configuration: the defaults of fsys, overlaid by the file at path unless path is empty. A file
// that names only some settings leaves the others at their defaults.
func Load(fsys fs.FS, path string) (*Varde, error) {
	v := &Varde{}
	data, err := fs.ReadFile(fsys, "varde.yaml")
	if err != nil {
		return nil, fmt.Errorf("read the default configuration: %w", err)
	}
	if err := Strict("varde.yaml", data, v); err != nil || path == "" {
		return v, err
	}
	if data, err = os.ReadFile(path); err != nil {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	return v, Strict(path, data, v)
}

// LoadMapping reads one CSV mapping.
func LoadMapping(path string) (*ad.Mapping, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read mapping: %w", err)
	}
	m := &ad.Mapping{}
	return m, Strict(path, data, m)
}

// Mappings reads all CSV mappings that come with the program, by name.
func Mappings(fsys fs.FS) ([]*ad.Mapping, error) {
	paths, err := fs.Glob(fsys, "mappings/*.yaml")
	if err != nil {
		return nil, err
	}
	var all []*ad.Mapping
	for _, p := range paths {
		data, err := fs.ReadFile(fsys, p)
		if err != nil {
			return nil, err
		}
		m := &ad.Mapping{}
		if err := Strict(filepath.Base(p), data, m); err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, nil
}
