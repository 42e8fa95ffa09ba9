package detectors

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"unicode"

	"varde/internal/ad"
	"varde/internal/config"
	"varde/internal/extract"
	"varde/internal/text"
)

// firmsFile lists the firms in whose name others recruit.
const firmsFile = "employers.yaml"

// firm is a widely known employer.
type firm struct {
	// Name is in lower case and one word, as in hosts.
	Name string `yaml:"name"`
	// Hosts are the firm's own that do not have its bare name.
	Hosts []string `yaml:"hosts"`
}

// firmList is configs/employers.yaml.
type firmList struct {
	Firms []firm `yaml:"firms"`
}

// leastFirm is the shortest name that is no chance in an address.
const leastFirm = 4

// Validate reports each broken rule.
func (l *firmList) Validate(report func(field, text string)) {
	for i, f := range l.Firms {
		if len(f.Name) < leastFirm || strings.ContainsFunc(f.Name, func(r rune) bool { return !unicode.IsLetter(r) || unicode.IsUpper(r) }) {
			report(fmt.Sprintf("firms.%d.name", i), "needs a name of at least four letters, in lower case and one word")
		}
	}
}

// readFirms reads the list, names folded as texts are.
func readFirms(files fs.FS) ([]firm, error) {
	data, err := fs.ReadFile(files, firmsFile)
	if err != nil {
		return nil, fmt.Errorf("read known firms: %w", err)
	}
	l := &firmList{}
	if err := config.Strict(firmsFile, data, l); err != nil {
		return nil, err
	}
	for i := range l.Firms {
		folded := text.Fold(l.Firms[i].Name)
		l.Firms[i].Name = folded.Text
	}
	return l.Firms, nil
}

// misused is the evidence that an ad recruits in a known firm's name from an address that is not the firm's: the address has the
// name in it, such as NAME.jobs@gmail.com or hr@NAME-careers.com, or the advertiser has it and every address is at a free provider. A
// name in the text alone is none: ads name customers, tools and former employers.
func (d employerDetector) misused(s *Input, all []channel) (on []ad.Evidence) {
	advertiser := joined(s.Advertiser)
	for _, f := range d.firms {
		own, free := false, []ad.Evidence(nil)
		for _, c := range all {
			if c.Kind != ad.Email {
				continue
			}
			if f.owns(c.Host) {
				own = true
				continue
			}
			if f.borrowed(c.Value, c.Host) {
				on = append(on, c.on)
			} else if extract.FreeMail(c.Host) {
				free = append(free, c.on)
			}
		}
		switch {
		case own: // an ad that gives the firm's own address can be checked there
			on = nil
		case len(on) > 0:
			return on
		case len(free) > 0 && strings.HasPrefix(advertiser, f.Name) && len(advertiser)-len(f.Name) <= mostForm:
			return append(free, span(ad.FieldAdvertiser, s.Advertiser, 0, len(s.Advertiser)))
		}
	}
	return nil
}

// mostForm is how many letters may follow a firm's name in the advertiser's: a legal form and a country, no other name.
const mostForm = 6

// joined are the letters of a name without what stands between them.
func joined(name string) string {
	f := text.Fold(name)
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, f.Text)
}

// owns says whether a host is the firm's: its bare name before the public suffix, or one of its list.
func (f *firm) owns(host string) bool {
	site := extract.Registered(host)
	name, _, _ := strings.Cut(site, ".")
	return strings.ReplaceAll(name, "-", "") == f.Name || slices.Contains(f.Hosts, site)
}

// borrowed says that an address has the firm's name as a word of its local part, at a free provider, or at the beginning or end of its
// host's name.
func (f *firm) borrowed(address, host string) bool {
	if extract.FreeMail(host) {
		local, _, _ := strings.Cut(address, "@")
		return slices.Contains(strings.FieldsFunc(local, func(r rune) bool { return !unicode.IsLetter(r) }), f.Name)
	}
	name, _, _ := strings.Cut(extract.Registered(host), ".")
	return slices.Contains(strings.Split(name, "-"), f.Name)
}
