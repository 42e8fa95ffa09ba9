package weights

import (
	"context"
	"errors"
	"fmt"
	"time"

	"varde/internal/audit"
	"varde/internal/indicator"
)

// Origin is how a version came about.
type Origin string

// The origins.
const (
	// File: the program's catalogue as it is.
	File Origin = "file"
	// Tuned: fitted on reviews, and proposed by a person.
	Tuned Origin = "tuned"
	// Carried: accepted points on the catalogue of a program that has another one now.
	Carried Origin = "carried"
)

// State is how far a version has come.
type State string

// The states. Accepted versions were in force once; which is in force now, the record says beside.
const (
	Proposed State = "proposed"
	Accepted State = "accepted"
	Rejected State = "rejected"
)

// Version is one set of points with the catalogue that they belong to. A proposal is written anew where the same points are proposed again
// after it was rejected or went stale; what was accepted stays as it was accepted, however often it comes into force.
type Version struct {
	// ID is the catalogue's version, which scores name.
	ID string
	// Text is the catalogue's file, Points those of its points that are others than the file's.
	Text   string
	Points map[string]float64
	Origin Origin
	// Base is the version that was in force when this one was made, "" for the first.
	Base string
	// Author proposed it, or is audit.Program; At is when it was proposed or first used.
	Author string
	At     time.Time
	// Report is what tuning found, JSON; "" where it was not tuned.
	Report string
	State  State
	// By, Decided and Note are of who accepted or rejected it. Who put it in force again later, Force and the log say.
	By      string
	Decided time.Time
	Note    string
}

// Moved says whether a version was proposed or decided between two looks at it, of which nil is one that did not find it.
func Moved(was, is *Version) bool {
	if was == nil || is == nil {
		return was != is
	}
	return was.State != is.State || was.Base != is.Base || was.Author != is.Author || !was.At.Equal(is.At) || was.By != is.By || !was.Decided.Equal(is.Decided)
}

// Catalogue makes the version's catalogue, as it was.
func (v *Version) Catalogue() (*indicator.Catalogue, error) {
	c, err := indicator.Load("indicators.yaml", []byte(v.Text))
	if err == nil {
		c, err = c.WithPoints(v.Points)
	}
	if err != nil {
		return nil, fmt.Errorf("catalogue of score version %s: %w", v.ID, err)
	}
	return c, nil
}

// Force says which version is in force, and since when; Seq counts how often that changed.
type Force struct {
	Seq     int64
	Version string
	At      time.Time
	By      string
}

// ErrChanged says that another version came into force between the look and the change.
var ErrChanged = errors.New("another version came into force meanwhile")

// ErrMoved says that the version itself was proposed or decided between the look and the change.
var ErrMoved = errors.New("the version was proposed or decided by others meanwhile")

// Ledger is the record of versions. What it was given is on disk when it returns nil.
type Ledger interface {
	// ScoreVersion returns one version, or fault.ErrNotFound; ScoreVersions returns all, newest first.
	ScoreVersion(ctx context.Context, id string) (Version, error)
	ScoreVersions(ctx context.Context) ([]Version, error)
	// Force returns what is in force; its Seq is 0 where nothing is yet.
	Force(ctx context.Context) (Force, error)
	// PutScoreVersion writes a version, and the entry: all or nothing. was is the version as it was read, nil where it was not there: where
	// the record has another state of it, nothing is written and ErrMoved returned. With a force the version comes into force; where the
	// record's is not number force.Seq-1, nothing is written and ErrChanged returned. The decision on a version that was accepted stays.
	PutScoreVersion(ctx context.Context, v Version, was *Version, force *Force, e audit.Entry) error
	// PutEntry writes an entry by itself.
	PutEntry(ctx context.Context, e audit.Entry) error
}
