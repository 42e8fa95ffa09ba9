package detectors

import (
	"cmp"
	"context"
	"strings"

	"varde/internal/ad"
	"varde/internal/extract"
	"varde/internal/text"
)

// contactDetector finds mail addresses, handles of messaging services, links, and profile links that name a phone or an account.
type contactDetector struct{ region string }

func newContact(cfg *Config) (Detector, error) { return contactDetector{cfg.Region}, nil }

func (contactDetector) Name() string    { return "contact" }
func (contactDetector) Codes() []string { return nil }

func (d contactDetector) Detect(_ context.Context, s *Input) (Reading, error) {
	region := cmp.Or(s.Provenance.Region, s.Country, d.region)
	var r Reading
	add := func(kind ad.Kind, value string, e ad.Evidence) {
		r.Identifiers = merge(r.Identifiers, []ad.Identifier{{Kind: kind, Value: value, Evidence: []ad.Evidence{e}}})
	}
	for i, in := range s.Contacts {
		for _, c := range contactField(in, region) {
			if c.Value != "" && !ownSite(c, s.Site) {
				e := span(ad.FieldContacts, in, c.Start, c.End)
				e.Index = i
				add(c.Kind, c.Value, e)
			}
		}
	}
	for _, f := range s.fields() {
		for _, c := range extract.Contacts(f.Doc, region) {
			if c.Value != "" && !ownSite(c, s.Site) {
				add(c.Kind, c.Value, span(f.Field, f.Source, c.Start, c.End))
			}
		}
	}
	return r, nil
}

// contactField reads an entry of the contacts field. Such as "telegram:mia" it names its service; all else is read as text is.
func contactField(in, region string) []extract.Contact {
	service, name, ok := strings.Cut(in, ":")
	if ok {
		if value, ok := extract.Account(strings.TrimSpace(service), name); ok {
			return []extract.Contact{{Kind: ad.Handle, Value: value, End: len(in)}}
		}
	}
	return extract.Contacts(text.Read(in), region)
}

// ownSite says that a contact is the site's that shows the ad: a link into it, or its own account with its name.
func ownSite(c extract.Contact, site string) bool {
	if site == "" {
		return false
	}
	if c.Kind == ad.Link {
		return c.Host == site || strings.HasSuffix(c.Host, "."+site)
	}
	label, _, _ := strings.Cut(extract.Registered(site), ".")
	_, name, _ := strings.Cut(c.Value, ":")
	return c.Kind == ad.Handle && len(label) >= 3 && name == label
}
