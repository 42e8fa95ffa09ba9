package detectors

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"varde/internal/ad"
	"varde/internal/extract"
)

// employerDetector asks of a job ad whether its employer can be found again. J06 is an ad that never says who it is, or gives an
// organisation number that cannot be one; J10 one that names no other way of contact than a messenger or a mail address that anybody
// can have, and no phone to call; J19 one that recruits in the name of a known firm from an address that is not the firm's.
type employerDetector struct {
	region string
	firms  []firm
}

func newEmployer(cfg *Config) (Detector, error) {
	firms, err := readFirms(cfg.Files)
	return employerDetector{cfg.Region, firms}, err
}

func (employerDetector) Name() string    { return "employer" }
func (employerDetector) Codes() []string { return []string{"J06", "J10", "J19"} }

func (d employerDetector) Detect(ctx context.Context, s *Input) (r Reading, _ error) {
	if s.Category != ad.Job {
		return r, nil
	}
	region := cmp.Or(s.Provenance.Region, s.Country, d.region)
	all := channels(s, region)
	give := func(code string, confidence float64, on []ad.Evidence) {
		if len(on) > 0 {
			r.Indicators = append(r.Indicators, ad.Indicator{Code: code, Confidence: confidence, Evidence: on})
		}
	}
	right, wrong := orgNumbers(s, region)
	switch unnamed := d.unnamed(s, all); {
	case right:
	case len(wrong) > 0:
		give("J06", 0.9, wrong)
	default:
		give("J06", 0.7, unnamed)
	}
	if on := onlyPrivate(all); len(on) > 0 {
		phones, err := phoneDetector{d.region}.Detect(ctx, s)
		if err != nil {
			return r, err
		}
		if len(phones.Identifiers) <= messengers(all) { // a phone that people can call is another way
			give("J10", 0.8, on)
		}
	}
	give("J19", 0.8, d.misused(s, all))
	return r, nil
}

// channel is a way to reach the employer, with where the ad names it.
type channel struct {
	extract.Contact
	on ad.Evidence
}

// channels are all ways to reach the employer that are no phone alone; what leads to the site itself is none.
func channels(s *Input, region string) (out []channel) {
	add := func(c extract.Contact, e ad.Evidence) {
		if c.Kind != ad.Payment && !ownSite(c, s.Site) {
			out = append(out, channel{c, e})
		}
	}
	for i, in := range s.Contacts {
		for _, c := range contactField(in, region) {
			e := span(ad.FieldContacts, in, c.Start, c.End)
			e.Index = i
			add(c, e)
		}
	}
	for _, f := range s.fields() {
		for _, c := range extract.Contacts(f.Doc, region) {
			add(c, span(f.Field, f.Source, c.Start, c.End))
		}
	}
	return out
}

// masked says that a channel's value is hidden by whoever published the data.
func (c *channel) masked() bool { return c.Service == "masked" || c.Host == extract.MaskedHost }

// private says that anybody can have such a channel: a messenger, an address at a free provider, an invitation to a group.
func (c *channel) private() bool {
	switch c.Kind {
	case ad.Link:
		return !c.masked() && extract.AnyonesHost(c.Host)
	case ad.Email:
		return extract.FreeMail(c.Host)
	}
	return !c.masked()
}

// onlyPrivate is the evidence that every way to reach the employer is private; none where there is another. What a mask hides may be
// the employer's own.
func onlyPrivate(all []channel) (on []ad.Evidence) {
	for _, c := range all {
		if !c.private() {
			return nil
		}
		on = append(on, c.on)
	}
	return on
}

// messengers is how many phones an ad names for a messenger.
func messengers(all []channel) (n int) {
	for _, c := range all {
		if c.Kind == ad.Phone {
			n++
		}
	}
	return n
}

// leastToSay is how many words a job ad has before it can be asked who the employer is: small employers write briefly.
const leastToSay = 40

// unnamed is the evidence that an ad asks people to write to somebody it never names: addresses or messengers that say nothing of an
// employer, in a text long enough to say so, without name, address or host of one. An ad without any way of contact is none: there the
// site passes applications on, and knows to whom. Nor is one with a phone alone, which can be looked up.
func (d employerDetector) unnamed(s *Input, all []channel) (on []ad.Evidence) {
	if s.Advertiser != "" || len(s.Title.Tokens)+len(s.Text.Tokens) < leastToSay {
		return nil
	}
	for _, c := range all {
		if c.Kind == ad.Link && !c.private() || c.Kind == ad.Email && !c.private() {
			return nil
		}
		if c.Kind == ad.Email || c.Kind == ad.Handle && !strings.HasPrefix(c.Value, "masked:phone_") {
			on = append(on, c.on)
		}
	}
	if len(on) == 0 {
		return nil
	}
	own := func(host string) bool { return !extract.FreeMail(host) && !extract.AnyonesHost(host) && host != s.Site }
	for _, f := range s.fields() {
		if _, ok := extract.FindEmployer(f.Doc, own); ok {
			return nil
		}
	}
	return on
}

// orgNumbers says whether an ad has a valid organisation number, and where it has others, in Norwegian ads.
func orgNumbers(s *Input, region string) (right bool, wrong []ad.Evidence) {
	if region != "NO" {
		return false, nil
	}
	for _, f := range s.fields() {
		for _, n := range extract.OrgNumbers(f.Doc) {
			if n.Valid {
				right = true
				continue
			}
			wrong = append(wrong, span(f.Field, f.Source, n.Start, n.End))
		}
	}
	return right, slices.Clip(wrong)
}
