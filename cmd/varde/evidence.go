package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"varde/crawler"
	"varde/internal/ad"
	"varde/internal/audit"
	"varde/internal/evidence"
	"varde/internal/fault"
	"varde/internal/store"
)

func newEvidence(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "evidence",
		Short: "What proves an ad: show it, check all of it, or hand it over",
		Long: `Everything that sites answered is kept as WARC 1.1 files in the data folder, before anything is made of it. These commands show what
is held of an ad, check every byte, and write a package that a court can check with public tools.`,
		Args: usageArgs(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			return fmt.Errorf("%w: say show, verify or export", fault.ErrUsage)
		},
	}
	cmd.AddCommand(newEvidenceShow(a), newEvidenceVerify(a), newEvidenceExport(a))
	return cmd
}

// evidenceShow shows what is held.
type evidenceShow struct {
	app    *app
	who    identity
	raw    bool
	output string
}

func newEvidenceShow(a *app) *cobra.Command {
	es := &evidenceShow{app: a, who: identity{app: a}}
	c := &cobra.Command{
		Use:   "show SITE/AD_ID | RECORD-ID",
		Short: "What is held of an ad or of one record, with its digests checked",
		Long: `Show where the evidence of an ad stands, check its digests, and print how its latest page was asked for and answered. A record's id
(urn:uuid:…) shows that record. Evidence says things of people: who looks says so with --as NAME, and it is written into the log.

With --raw the page itself (or the record's content) is written as the site sent it, unpacked: to a file with -o, or to standard
output where that is no terminal.`,
		Example: "  varde evidence show market.example/7 --as kari\n  varde evidence show urn:uuid:… --raw -o page.html --as kari",
		Args:    usageArgs(cobra.ExactArgs(1)),
		RunE:    func(cmd *cobra.Command, args []string) error { return es.run(cmd.Context(), args[0]) },
	}
	es.who.flags(c)
	c.Flags().BoolVar(&es.raw, "raw", false, "write the page itself")
	c.Flags().StringVarP(&es.output, "output", "o", "", "the `file` that --raw writes")
	return c
}

func (es *evidenceShow) run(ctx context.Context, subject string) (err error) {
	if f, ok := es.app.out.(*os.File); es.raw && es.output == "" && ok && term.IsTerminal(int(f.Fd())) {
		return fmt.Errorf("%w: a page of a stranger's site is not written to a terminal; name a file with -o", fault.ErrUsage)
	}
	archive, err := es.app.readEvidence()
	if err != nil {
		return err
	}
	defer archive.Close()
	s, err := es.app.openStore(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if strings.HasPrefix(subject, "urn:") {
		return es.record(ctx, s, archive, subject)
	}
	return es.ad(ctx, s, archive, ad.Key(subject))
}

// note writes down who looks, before anything is shown.
func (es *evidenceShow) note(ctx context.Context, s *store.Store, subject, object string) error {
	actor, err := es.who.prove(ctx, s)
	if err != nil {
		return err
	}
	return s.PutEntry(ctx, audit.Entry{At: time.Now().UTC(), Actor: actor, Action: audit.EvidenceShown, Subject: subject, Object: object})
}

// heldCapture is one capture and whether it is as it was written.
type heldCapture struct {
	ad.Capture
	Sound bool   `json:"sound"`
	Fault string `json:"fault,omitempty"`
}

// heldVersion is one content of an ad and what proves it.
type heldVersion struct {
	SeenAt     time.Time     `json:"seen_at"`
	Provenance ad.Provenance `json:"provenance"`
	Captures   []heldCapture `json:"held"`
}

// held is what is held of an ad.
type held struct {
	Ad ad.Key `json:"ad"`
	// Gone is since when the ad is no longer there.
	Gone     time.Time     `json:"gone,omitzero"`
	Versions []heldVersion `json:"versions"`
	Captures int           `json:"captures"`
	Faults   int           `json:"faults"`
	// Looks are all answers for the ad's addresses, by target.
	Looks []looksLine `json:"looks"`
	// Latest is how the latest page was asked for and answered.
	Latest *exchange `json:"latest,omitempty"`
}

// exchange is a record, and what stands beside it.
type exchange struct {
	Record  ad.Capture `json:"record"`
	Type    string     `json:"type"`
	Date    time.Time  `json:"date"`
	URI     string     `json:"uri"`
	IP      string     `json:"ip,omitempty"`
	Refers  string     `json:"refers_to,omitempty"`
	Bytes   int        `json:"bytes"`
	Head    string     `json:"head,omitempty"`
	Request string     `json:"request,omitempty"`
	// Context is how it was got, or which file of others it was taken from.
	Context json.RawMessage `json:"context,omitempty"`
	// Related are the records that belong to it, by id and type.
	Related map[string]string `json:"related"`
}

func (es *evidenceShow) ad(ctx context.Context, s *store.Store, archive *evidence.Archive, key ad.Key) error {
	findings, err := s.Versions(ctx, key)
	if errors.Is(err, fault.ErrNotFound) {
		return fmt.Errorf("there is no ad %s; an ad is named by its site and its id, as in market.example/7", printable(string(key)))
	}
	if err != nil {
		return err
	}
	if err := es.note(ctx, s, audit.Ad(string(key)), ""); err != nil {
		return err
	}
	h := &held{Ad: key, Versions: []heldVersion{}}
	for i := range findings {
		sighting := &findings[i].Sighting
		v := heldVersion{SeenAt: sighting.SeenAt, Provenance: sighting.Provenance, Captures: []heldCapture{}}
		v.Provenance.Captures = nil
		for _, c := range sighting.Provenance.Captures {
			one := heldCapture{Capture: c, Sound: true}
			if _, err := archive.Read(ctx, c); err != nil {
				one.Sound, one.Fault = false, err.Error()
				h.Faults++
			}
			h.Captures++
			v.Captures = append(v.Captures, one)
			if c.Image == 0 && h.Latest == nil && one.Sound {
				if h.Latest, err = describe(ctx, archive, c); err != nil {
					return err
				}
			}
		}
		h.Versions = append(h.Versions, v)
	}
	if es.raw {
		return es.page(ctx, archive, findings)
	}
	if err := es.looks(ctx, s, archive, h, findings); err != nil {
		return err
	}
	if es.app.json {
		err = es.app.result(h)
	} else {
		h.write(es.app.out)
	}
	if err == nil && h.Faults > 0 {
		err = errFaults
	}
	return err
}

// page writes the latest page that is there whole.
func (es *evidenceShow) page(ctx context.Context, archive *evidence.Archive, findings []ad.Finding) error {
	for i := range findings {
		for _, c := range findings[i].Sighting.Provenance.Captures {
			if c.Image > 0 {
				continue
			}
			whole, err := wholePageOf(ctx, archive, c)
			if err != nil {
				return err
			}
			return es.write(whole[len(whole)-1].Record)
		}
	}
	return errors.New("no page of this ad is in the evidence")
}

// describe reads a record and what belongs to it.
func describe(ctx context.Context, archive *evidence.Archive, c ad.Capture) (*exchange, error) {
	rec, err := archive.Read(ctx, c)
	if err != nil {
		return nil, err
	}
	x := &exchange{Record: c, Type: rec.Type, Date: rec.Date, URI: rec.TargetURI, IP: rec.IP, Refers: rec.RefersTo, Bytes: len(rec.Block), Related: map[string]string{}}
	if m, err := rec.HTTP(); err == nil {
		x.Head = string(rec.Block[:len(rec.Block)-len(m.Body)])
		if i := strings.Index(string(rec.Block), "\r\n\r\n"); i >= 0 {
			x.Head = string(rec.Block[:i])
		}
	}
	related, err := archive.Related(ctx, c)
	if err != nil {
		return nil, err
	}
	for _, l := range related {
		x.Related[l.ID] = l.Type + " " + l.ContentType
		switch {
		case l.Type == evidence.Request:
			x.Request = strings.TrimRight(string(l.Block), "\r\n")
		case (l.ContentType == crawler.CaptureType || l.ContentType == originType) && json.Valid(l.Block):
			x.Context = l.Block
		}
	}
	return x, nil
}

func (h *held) write(out io.Writer) {
	fmt.Fprintf(out, "%s: %d versions, %d captures\n", printable(string(h.Ad)), len(h.Versions), h.Captures)
	h.writeLooks(out)
	for _, v := range h.Versions {
		p := v.Provenance
		fmt.Fprintf(out, "\nseen %s  source %s  target %s  version %d  authorisation %s  read as %s\n", stamp(v.SeenAt), printable(p.Source), printable(p.Target), p.TargetVersion,
			printable(p.Authorisation), printable(p.Adapter))
		if p.Reading > 0 {
			fmt.Fprintf(out, "  read again with version %d of the target\n", p.Reading)
		}
		if len(v.Captures) == 0 {
			fmt.Fprintf(out, "  no capture: it came from the file %s, line %d\n", printable(p.File), p.Line)
		}
		for _, c := range v.Captures {
			what, state := "page", "sound"
			if c.Image > 0 {
				what = fmt.Sprintf("picture %d", c.Image)
			}
			if !c.Sound {
				state = "FAULT: " + printable(c.Fault)
			}
			fmt.Fprintf(out, "  %-10s  %s  %s at byte %d  %s\n", what, printable(c.Record), printable(c.File), c.Offset, state)
		}
	}
	if h.Latest != nil {
		fmt.Fprintln(out, "\nThe latest page:")
		h.Latest.write(out)
	}
}

func (x *exchange) write(out io.Writer) {
	fmt.Fprintf(out, "%s %s\n%s at byte %d, sha256 %s\n%s, %d bytes, from %s\n%s\n", x.Type, printable(x.Record.Record), printable(x.Record.File), x.Record.Offset,
		x.Record.SHA256, x.Date.UTC().Format(time.RFC3339Nano), x.Bytes, printable(x.IP), printable(redacted(x.URI)))
	if x.Refers != "" {
		fmt.Fprintf(out, "stands for %s\n", printable(x.Refers))
	}
	heads := func(mark, text string) {
		if text == "" {
			return
		}
		fmt.Fprintln(out)
		for line := range strings.SplitSeq(text, "\n") {
			fmt.Fprintf(out, "%s %s\n", mark, printable(strings.TrimRight(line, "\r")))
		}
	}
	heads(">", x.Request)
	heads("<", x.Head)
	if len(x.Context) > 0 {
		fmt.Fprintf(out, "\nhow it was got: %s\n", printable(string(x.Context)))
	}
}

// redacted takes a password out of an address.
func redacted(address string) string {
	if u, err := url.Parse(address); err == nil {
		return u.Redacted()
	}
	return address
}
