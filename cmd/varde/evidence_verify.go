package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"varde/internal/ad"
	"varde/internal/evidence"
	"varde/internal/fault"
	"varde/internal/store"
)

func newEvidenceVerify(a *app) *cobra.Command {
	dir := ""
	c := &cobra.Command{
		Use:   "verify",
		Short: "Check every byte of the evidence, and every capture that the record names",
		Long: `Read every byte of the evidence and compare it with its digests, and look up every capture that a recorded sighting names. Each fault is
named with file, record and offset; the status is 1 where there is one.

With --package it checks a package that varde evidence export made, wherever it lies; that needs no data folder.`,
		Example: "  varde evidence verify\n  varde evidence verify --package /media/usb/case-7",
		Args:    usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if dir != "" {
				return verifyPackage(a, dir)
			}
			return verifyEvidence(cmd.Context(), a)
		},
	}
	c.Flags().StringVar(&dir, "package", "", "a `folder` that varde evidence export wrote, instead of the evidence")
	return c
}

// verified is what a verification found.
type verified struct {
	evidence.Report
	// Ads are those whose captures were looked up, Captures how many there are; Missing are not in the evidence, Different are damaged or
	// others.
	Ads       int  `json:"ads"`
	Captures  int  `json:"captures"`
	Missing   int  `json:"missing"`
	Different int  `json:"different"`
	Sound     bool `json:"sound"`
}

// errFaults is for scripts; the faults themselves have been printed.
var errFaults = errors.New("the evidence has faults; they are named above. Do not use what is named, and look for a copy of the files")

func verifyPackage(a *app, dir string) error {
	report, err := evidence.VerifyPackage(dir)
	if err != nil {
		return err
	}
	v := verified{Report: report, Sound: report.OK()}
	return v.tell(a, fmt.Sprintf("%d files and %d records of the package checked (%d bytes)", report.Files, report.Records, report.Bytes))
}

func verifyEvidence(ctx context.Context, a *app) error {
	archive, err := a.readEvidence()
	if err != nil {
		return err
	}
	defer archive.Close()
	bar := newProgress(a.err, "evidence checked, MB", -1)
	report, err := archive.Verify(ctx, func(_ string, done, _ int64) { bar.set(int(done >> 20)) })
	bar.end()
	if err != nil {
		return err
	}
	v := verified{Report: report}
	if err := v.captures(ctx, a, archive); err != nil {
		return err
	}
	v.Sound = report.OK() && v.Missing+v.Different == 0
	return v.tell(a, fmt.Sprintf("%d files and %d records checked (%d bytes); %d captures of %d ads looked up: %d missing, %d different",
		v.Files, v.Records, v.Bytes, v.Captures, v.Ads, v.Missing, v.Different))
}

// tell prints the faults and what was checked.
func (v *verified) tell(a *app, summary string) error {
	var text []string
	for _, f := range v.Faults {
		text = append(text, "FAULT "+printable(f.String()))
	}
	if v.More > 0 {
		text = append(text, fmt.Sprintf("… and %d more", v.More))
	}
	for _, n := range v.Notes {
		text = append(text, "note: "+printable(n))
	}
	if v.Sound {
		summary += ". Everything is as it was written."
	} else {
		summary += fmt.Sprintf(". There are %d faults.", int64(len(v.Faults))+v.More)
	}
	if err := a.result(v, append(text, summary)...); err != nil {
		return err
	}
	if !v.Sound {
		return errFaults
	}
	return nil
}

// captures looks up each capture that a recorded sighting names.
func (v *verified) captures(ctx context.Context, a *app, archive *evidence.Archive) (err error) {
	s, err := a.openStore(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	bar := newProgress(a.err, "captures looked up", -1)
	defer bar.end()
	for one, err := range s.Ads(ctx, "") {
		if err != nil {
			return err
		}
		captures, err := capturesOf(ctx, s, &one)
		if err != nil {
			return err
		}
		if len(captures) == 0 { // imported from a file that is no evidence
			continue
		}
		v.Ads++
		for _, c := range captures {
			if err := v.capture(ctx, archive, one.Finding.Sighting.Key(), c); err != nil {
				return err
			}
			bar.set(v.Captures)
		}
	}
	return nil
}

func (v *verified) capture(ctx context.Context, archive *evidence.Archive, key ad.Key, c ad.Capture) error {
	v.Captures++
	_, err := archive.Read(ctx, c)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, fault.ErrNotFound):
		v.Missing++
	default:
		v.Different++
	}
	if len(v.Faults) < mostFaults {
		v.Faults = append(v.Faults, evidence.Fault{File: c.File, Offset: c.Offset, Record: c.Record, What: fmt.Sprintf("the ad %s rests on it: %v", key, err)})
	} else {
		v.More++
	}
	return nil
}

// capturesOf are the captures of all versions of an ad, each once, newest version first.
func capturesOf(ctx context.Context, s *store.Store, a *ad.Ad) ([]ad.Capture, error) {
	findings := []ad.Finding{a.Finding}
	if a.Versions > 1 {
		var err error
		if findings, err = s.Versions(ctx, a.Finding.Sighting.Key()); err != nil {
			return nil, err
		}
	}
	var all []ad.Capture
	seen := map[string]bool{}
	for i := range findings {
		for _, c := range findings[i].Sighting.Provenance.Captures {
			if place := fmt.Sprint(c.File, c.Offset); !seen[place] {
				seen[place] = true
				all = append(all, c)
			}
		}
	}
	return all, nil
}
