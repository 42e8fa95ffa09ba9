package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"varde/crawler/adapter"
	"varde/internal/ad"
	"varde/internal/audit"
	"varde/internal/evidence"
	"varde/internal/fault"
	"varde/internal/store"
	"varde/internal/target"
)

// evidenceExport writes a package.
type evidenceExport struct {
	app     *app
	who     identity
	dir     string
	purpose string

	store   *store.Store
	desk    *target.Desk
	archive *evidence.Archive
}

func newEvidenceExport(a *app) *cobra.Command {
	ee := &evidenceExport{app: a, who: identity{app: a}}
	c := &cobra.Command{
		Use:   "export SITE/AD_ID -o DIR --purpose TEXT",
		Short: "Write a package of an ad's evidence that others can check with public tools",
		Long: `Write a folder with everything that is held of an ad: the WARC records byte for byte, the ad as JSON, the latest page as text, under
whose authority it was collected, and the chain of custody from the log; with hashes of all of it, and a README that says how to
check it with sha256sum and with others' WARC readers.

It takes a purpose and a name, and is written into the log with the hash that stands for the whole package. Where a record fails its
checks nothing is exported.`,
		Example: "  varde evidence export market.example/7 -o case-7 --purpose \"case 7, request of the prosecutor\" --as kari\n  cd case-7 && sha256sum -c SHA256SUMS",
		Args:    usageArgs(cobra.ExactArgs(1)),
		RunE:    func(cmd *cobra.Command, args []string) error { return ee.run(cmd.Context(), ad.Key(args[0])) },
	}
	ee.who.flags(c)
	c.Flags().StringVarP(&ee.dir, "output", "o", "", "the new `folder` of the package (required)")
	c.Flags().StringVar(&ee.purpose, "purpose", "", "what for, and for whom (required)")
	return c
}

func (ee *evidenceExport) run(ctx context.Context, key ad.Key) error {
	switch {
	case ee.dir == "":
		return fmt.Errorf("%w: name the package's folder with -o DIR", fault.ErrUsage)
	case strings.TrimSpace(ee.purpose) == "":
		return fmt.Errorf("%w: say what the package is for with --purpose TEXT; nothing is disclosed without", fault.ErrUsage)
	}
	archive, err := ee.app.readEvidence()
	if err != nil {
		return err
	}
	defer archive.Close()
	return ee.app.desk(ctx, func(ctx context.Context, s *store.Store, d *target.Desk) error {
		ee.store, ee.desk, ee.archive = s, d, archive
		return ee.export(ctx, key)
	})
}

func (ee *evidenceExport) export(ctx context.Context, key ad.Key) error {
	one, err := ee.store.Ad(ctx, key)
	if errors.Is(err, fault.ErrNotFound) {
		return fmt.Errorf("there is no ad %s; an ad is named by its site and its id, as in market.example/7", printable(string(key)))
	}
	if err != nil {
		return err
	}
	findings, err := ee.store.Versions(ctx, key)
	if err != nil {
		return err
	}
	if err := ee.free(); err != nil {
		return err
	}
	actor, err := ee.who.prove(ctx, ee.store)
	if err != nil {
		return err
	}
	now := time.Now().UTC()
	p := evidence.Package{Subject: audit.Ad(string(key)), By: actor, Purpose: strings.TrimSpace(ee.purpose), Made: now, Software: software, Archive: ee.archive}
	if err := ee.captures(ctx, &p, findings); err != nil {
		return err
	}
	if p.Ad, err = json.MarshalIndent(packagedAd(&one, findings), "", "  "); err != nil {
		return fmt.Errorf("write the ad: %w", err)
	}
	if err := ee.authorised(ctx, &p, findings); err != nil {
		return err
	}
	if err := ee.custody(ctx, &p, &one, findings); err != nil {
		return err
	}
	m, err := ee.hand(ctx, p)
	if err != nil {
		return err
	}
	return ee.app.result(map[string]any{"dir": ee.dir, "sha256": m.SHA256, "records": len(m.Records), "files": len(m.Files) + 2},
		fmt.Sprintf("%s: %d records in %s", printable(string(key)), len(m.Records), ee.dir),
		"SHA-256 of SHA256SUMS, which stands for all of it (it is in the log, too): "+m.SHA256,
		"Check it there with: sha256sum -c SHA256SUMS   or here with: varde evidence verify --package "+shellWord(ee.dir))
}

// hand writes the package beside where it is to be, notes it in the log, and then puts it there: what is not in the log is not handed out,
// whenever the command is killed. Where it fails it removes what it wrote, and nothing else.
func (ee *evidenceExport) hand(ctx context.Context, p evidence.Package) (m evidence.Manifest, err error) {
	part := ee.part()
	m, err = evidence.WritePackage(ctx, part, p)
	if err != nil {
		return m, errors.Join(err, removeEmpty(part))
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("nothing was exported: %w", err), removePackage(part, m))
		}
	}()
	entry := audit.Entry{At: p.Made, Actor: p.By, Action: audit.EvidenceExported, Subject: p.Subject, Purpose: p.Purpose, Object: "sha256:" + m.SHA256}
	if err = ee.store.PutEntry(ctx, entry); err != nil {
		return m, fmt.Errorf("write the export into the log: %w", err)
	}
	if err = removeEmpty(ee.dir); err != nil {
		return m, err
	}
	if err = os.Rename(part, ee.dir); err != nil {
		return m, fmt.Errorf("put the package into its place: %w", err)
	}
	return m, nil
}

// part is where a package is written before it is in the log.
func (ee *evidenceExport) part() string { return filepath.Clean(ee.dir) + ".part" }

// free says whether the package has a place: its folder is not there, or empty, and nothing is left of an export that was broken off.
func (ee *evidenceExport) free() error {
	for dir, what := range map[string]string{ee.dir: "Name a new folder for the package, so that nothing else is taken for part of it.",
		ee.part(): "An export into it was broken off before it was in the log; remove it, or name another folder."} {
		entries, err := os.ReadDir(dir)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("look at the package's folder: %w", err)
		}
		if len(entries) > 0 {
			return fault.Tell(fmt.Sprintf("The folder %s is not empty. %s", dir, what), fault.ErrUsage)
		}
	}
	return nil
}

// removeEmpty removes a folder that has nothing in it; one that is not there is fine.
func removeEmpty(dir string) error {
	if err := os.Remove(dir); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove the empty folder %s: %w", dir, err)
	}
	return nil
}

// removePackage removes the files of a package, and their folder where nothing else is in it.
func removePackage(dir string, m evidence.Manifest) error {
	errs := []error{os.Remove(filepath.Join(dir, "manifest.json")), os.Remove(filepath.Join(dir, "SHA256SUMS"))}
	for _, f := range m.Files {
		errs = append(errs, os.Remove(filepath.Join(dir, f.Name)))
	}
	return errors.Join(errors.Join(errs...), removeEmpty(dir))
}

// captures gathers the captures of all versions, with the pages that revisits stand for, and every other answer for the ad's addresses under
// whatever target, such as the one that says that it is gone; and checks each. It also takes the latest page as text.
func (ee *evidenceExport) captures(ctx context.Context, p *evidence.Package, findings []ad.Finding) error {
	seen := map[string]bool{}
	add := func(c ad.Capture) {
		if !seen[c.Record] {
			seen[c.Record] = true
			p.Captures = append(p.Captures, c)
		}
	}
	for i := range findings {
		for _, c := range findings[i].Sighting.Provenance.Captures {
			add(c)
			if c.Image > 0 {
				if _, err := ee.archive.Read(ctx, c); err != nil {
					return fmt.Errorf("nothing was exported: %w", err)
				}
				continue
			}
			chain, err := wholePageOf(ctx, ee.archive, c)
			if err != nil {
				return fmt.Errorf("nothing was exported: %w", err)
			}
			for _, one := range chain[1:] {
				add(one.at)
			}
			if p.Page == "" {
				p.Page = pageText(chain[len(chain)-1].Record)
			}
		}
	}
	looks, err := looksOf(ctx, ee.archive, findings, func(_ ad.Capture, err error) error { return fmt.Errorf("nothing was exported: %w", err) })
	if err != nil {
		return err
	}
	for i := range looks {
		add(looks[i].at)
	}
	if len(p.Captures) == 0 {
		return errors.New("nothing was exported: no page of this ad is in the evidence; it came from a file of ads. varde export ads writes what was read")
	}
	return nil
}

// pageText is a page as people can read it.
func pageText(rec *evidence.Record) string {
	u, err := url.Parse(rec.TargetURI)
	if err != nil {
		return ""
	}
	page, err := openPage(rec, u, rec.Date)
	if err != nil {
		return ""
	}
	return adapter.Text(page)
}

// adOfPackage is ad.json.
type adOfPackage struct {
	Key       ad.Key    `json:"key"`
	FirstSeen time.Time `json:"first_seen"`
	LastSeen  time.Time `json:"last_seen"`
	Gone      time.Time `json:"gone,omitzero"`
	// Sightings counts looks; Versions are the different contents, newest first, each as it was seen last.
	Sightings int           `json:"sightings"`
	Versions  []ad.Sighting `json:"versions"`
}

func packagedAd(a *ad.Ad, findings []ad.Finding) *adOfPackage {
	out := &adOfPackage{Key: a.Key, FirstSeen: a.FirstSeen, LastSeen: a.LastSeen, Gone: a.Gone, Sightings: a.Sightings}
	for i := range findings {
		out.Versions = append(out.Versions, findings[i].Sighting)
	}
	return out
}

// authorityOfPackage is one version of a target in authorisation.json.
type authorityOfPackage struct {
	Target        string           `json:"target"`
	Version       int              `json:"version"`
	SHA256        string           `json:"sha256"`
	Author        string           `json:"drafted_by"`
	DraftedAt     time.Time        `json:"drafted_at"`
	Authorisation string           `json:"authorisation,omitempty"`
	ApprovedBy    string           `json:"approved_by,omitempty"`
	ApprovedAt    time.Time        `json:"approved_at,omitzero"`
	Consent       bool             `json:"consent_to_ignoring_robots,omitempty"`
	Note          string           `json:"note,omitempty"`
	Authority     target.Authority `json:"authority"`
	ValidFrom     time.Time        `json:"valid_from"`
	ValidTo       time.Time        `json:"valid_to"`
	Robots        target.Robots    `json:"robots"`
}

// authorised adds the versions of targets under which the ad was collected, and those by which it was read again.
func (ee *evidenceExport) authorised(ctx context.Context, p *evidence.Package, findings []ad.Finding) error {
	type version struct {
		target string
		number int
	}
	seen := map[version]bool{}
	list := []authorityOfPackage{}
	for i := range findings {
		at := findings[i].Sighting.Provenance
		for _, v := range []version{{at.Target, at.TargetVersion}, {at.Target, at.Reading}} {
			if v.target == "" || v.number == 0 || seen[v] {
				continue
			}
			seen[v] = true
			one, text, err := ee.authority(ctx, v.target, v.number)
			if errors.Is(err, fault.ErrNotFound) { // an ad that was exported from another Varde
				continue
			}
			if err != nil {
				return err
			}
			list = append(list, one)
			p.Targets = append(p.Targets, evidence.TargetText{ID: v.target, Version: v.number, Text: text})
		}
	}
	var err error
	if p.Authorisation, err = json.MarshalIndent(list, "", "  "); err != nil {
		return fmt.Errorf("write the authorisation: %w", err)
	}
	return nil
}

func (ee *evidenceExport) authority(ctx context.Context, id string, number int) (authorityOfPackage, []byte, error) {
	v, err := ee.store.TargetVersion(ctx, id, number)
	if err != nil {
		return authorityOfPackage{}, nil, err
	}
	spec, err := v.Spec()
	if err != nil {
		return authorityOfPackage{}, nil, err
	}
	one := authorityOfPackage{Target: id, Version: number, SHA256: v.Hash, Author: v.Author, DraftedAt: v.At, Authority: spec.Authority, ValidFrom: spec.From(),
		ValidTo: spec.To(), Robots: spec.Robots}
	if a := v.Approval; a != nil {
		one.Authorisation, one.ApprovedBy, one.ApprovedAt, one.Consent, one.Note = a.ID, a.By, a.At, a.Consent, a.Note
	}
	return one, []byte(v.Text), nil
}
