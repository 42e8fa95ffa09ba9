package evidence

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"varde/internal/ad"
	"varde/internal/fault"
)

// Package is what WritePackage puts into a folder for others to check: a court, the defence, another authority. What is nil is left out.
type Package struct {
	// Subject is what it is about, such as "ad:example.com/123"; By the account that asked for it; Purpose what for.
	Subject, By, Purpose string
	Made                 time.Time
	Software             string
	// Ad, Authorisation and Custody are JSON. Page and CustodyText are text: control characters are taken out of them.
	Ad            []byte
	Page          string
	Authorisation []byte
	Targets       []TargetText
	Custody       []byte
	CustodyText   string
	// Archive holds the records of Captures; those that Related finds for them are taken along.
	Archive  *Archive
	Captures []ad.Capture
}

// TargetText is one version of a target as it was approved. ID is the target's; together they name its file in the package.
type TargetText struct {
	ID      string
	Version int
	Text    []byte
}

// Manifest says what a package holds and where it is from.
type Manifest struct {
	Format   int              `json:"format"`
	Subject  string           `json:"subject"`
	Purpose  string           `json:"purpose"`
	By       string           `json:"by"`
	Made     time.Time        `json:"made"`
	Software string           `json:"software"`
	Files    []PackageFile    `json:"files"`
	Records  []PackagedRecord `json:"records"`
	// SHA256 is of the file SHA256SUMS. It stands for the whole package and is not in it: keep it elsewhere, such as in the audit log.
	SHA256 string `json:"-"`
}

// PackageFile is one file of a package.
type PackageFile struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
	What   string `json:"what"`
}

// PackagedRecord is one record in records.warc.gz.
type PackagedRecord struct {
	Record string `json:"record"`
	Type   string `json:"type"`
	URI    string `json:"uri,omitempty"`
	Date   string `json:"date"`
	// Offset, Length and SHA256 are of its bytes in records.warc.gz, Block of what the record holds, unpacked.
	Offset int64  `json:"offset"`
	Length int64  `json:"length"`
	SHA256 string `json:"sha256"`
	Block  string `json:"block_sha256"`
	// OriginFile and OriginOffset say where in the evidence the same bytes stand; empty for the record that begins the package.
	OriginFile   string `json:"origin_file,omitempty"`
	OriginOffset int64  `json:"origin_offset"`
	// Asked says that the package was made for this record; the others belong to one that was.
	Asked bool `json:"asked"`
}

const (
	packageFormat = 1
	recordsFile   = "records.warc.gz"
	manifestFile  = "manifest.json"
	readmeFile    = "README.txt"
	sumsFile      = "SHA256SUMS"
)

// WritePackage writes a package into an empty folder, which it makes where it is missing. The records are checked, and copied byte for byte.
// After an error the folder holds nothing that was not there before.
func WritePackage(ctx context.Context, dir string, p Package) (m Manifest, err error) {
	if err := emptyDir(dir); err != nil {
		return m, err
	}
	w := &packageWriter{dir: dir, p: &p}
	defer func() {
		if err != nil {
			err = fmt.Errorf("write evidence package: %w", errors.Join(err, w.undo()))
		}
	}()
	if p.Made.IsZero() {
		p.Made = time.Now()
	}
	w.m = Manifest{Format: packageFormat, Subject: p.Subject, Purpose: p.Purpose, By: p.By, Made: p.Made.UTC(), Software: p.Software}
	if err := w.records(ctx); err != nil {
		return m, err
	}
	if err := w.given(); err != nil {
		return m, err
	}
	if err := w.file(readmeFile, "how to check this package", []byte(readme(&w.m))); err != nil {
		return m, err
	}
	if err := w.sums(); err != nil {
		return m, err
	}
	return w.m, syncDir(dir)
}

func emptyDir(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return os.MkdirAll(dir, 0o700)
	}
	if err == nil && len(entries) > 0 {
		err = fault.Tell(fmt.Sprintf("The folder %s is not empty. Name a new folder for the package, so that nothing else is taken for part of it.", dir), fault.ErrUsage)
	}
	if err != nil {
		return fmt.Errorf("write evidence package: %w", err)
	}
	return nil
}

type packageWriter struct {
	dir     string
	p       *Package
	m       Manifest
	written []string
}

func (w *packageWriter) undo() error {
	var errs []error
	for _, name := range w.written {
		errs = append(errs, os.Remove(filepath.Join(w.dir, name)))
	}
	return errors.Join(errs...)
}

// create makes one of the package's files.
func (w *packageWriter) create(name string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(w.dir, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err == nil {
		w.written = append(w.written, name)
	}
	return f, err
}

// file writes a file and notes it in the manifest.
func (w *packageWriter) file(name, what string, data []byte) error {
	f, err := w.create(name)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	w.note(name, what, int64(len(data)), sha256.Sum256(data))
	return nil
}

func (w *packageWriter) note(name, what string, size int64, sum [32]byte) {
	w.m.Files = append(w.m.Files, PackageFile{Name: name, Size: size, SHA256: hex.EncodeToString(sum[:]), What: what})
}

// given writes what the caller gave.
func (w *packageWriter) given() error {
	files := []struct {
		name, what string
		data       []byte
	}{
		{"ad.json", "the ad as it was read from the page", w.p.Ad},
		{"page.txt", "the page as readable text", []byte(readable(w.p.Page))},
		{"authorisation.json", "who allowed the collection, why and until when", w.p.Authorisation},
		{"custody.json", "who did what with this evidence, from the audit log", w.p.Custody},
		{"custody.txt", "the same, to read", []byte(readable(w.p.CustodyText))},
	}
	for _, t := range w.p.Targets {
		if !setPattern.MatchString(t.ID) {
			return refuse("target %.60q cannot name a file", t.ID)
		}
		files = append(files, struct {
			name, what string
			data       []byte
		}{fmt.Sprintf("target-%s-v%d.yaml", t.ID, t.Version), fmt.Sprintf("what was to be collected, as approved: target %s, version %d", t.ID, t.Version), t.Text})
	}
	for _, f := range files {
		if len(f.data) > 0 {
			if err := w.file(f.name, f.what, f.data); err != nil {
				return err
			}
		}
	}
	return nil
}

// readable keeps lines and takes out what cannot be seen.
func readable(s string) string {
	s = plain(strings.ReplaceAll(s, "\r\n", "\n"), '\n', '\t')
	if s != "" && !strings.HasSuffix(s, "\n") {
		s += "\n"
	}
	return s
}

// records copies the records, behind one that tells of the package and, for each file that they are from, that file's first.
func (w *packageWriter) records(ctx context.Context) error {
	wanted, err := w.wanted(ctx)
	if err != nil {
		return err
	}
	f, err := w.create(recordsFile)
	if err != nil {
		return err
	}
	defer f.Close()
	h := sha256.New()
	out := &counter{w: io.MultiWriter(f, h)}
	first, err := pack([]*Record{about(w.p.Software, recordsFile, w.p.Made)})
	if err != nil {
		return err
	}
	l, _, err := readMember(bytes.NewReader(first.data.Bytes()), 0, int64(first.data.Len()))
	if err != nil {
		return err
	}
	if err := w.copy(out, l, first.data.Bytes(), false); err != nil {
		return err
	}
	for _, want := range wanted {
		if err := ctx.Err(); err != nil {
			return err
		}
		l, stored, err := w.p.Archive.read(ctx, want.Capture)
		if err != nil {
			return err
		}
		if err := w.copy(out, l, stored, want.asked); err != nil {
			return err
		}
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", recordsFile, err)
	}
	w.note(recordsFile, "what was sent and answered, as WARC 1.1", out.n, [32]byte(h.Sum(nil)))
	return nil
}

type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.n += int64(n)
	return n, err
}

func (w *packageWriter) copy(out *counter, l *Located, stored []byte, asked bool) error {
	block := sha256.Sum256(l.Block)
	w.m.Records = append(w.m.Records, PackagedRecord{Record: l.ID, Type: l.Type, URI: l.TargetURI, Date: warcDate(l.Date), Offset: out.n, Length: l.Length,
		SHA256: l.SHA256, Block: hex.EncodeToString(block[:]), OriginFile: l.File, OriginOffset: l.Offset, Asked: asked})
	if _, err := out.Write(stored); err != nil {
		return fmt.Errorf("write %s: %w", recordsFile, err)
	}
	return nil
}

type wantedRecord struct {
	ad.Capture
	asked bool
}

// wanted lists what is copied: each record once, in the order of the evidence.
func (w *packageWriter) wanted(ctx context.Context) ([]wantedRecord, error) {
	at := map[Position]wantedRecord{}
	for _, c := range w.p.Captures {
		related, err := w.p.Archive.Related(ctx, c)
		if err != nil {
			return nil, err
		}
		c.Image = 0
		at[Position{c.File, c.Offset}] = wantedRecord{c, true}
		for _, l := range related {
			if _, there := at[Position{l.File, l.Offset}]; !there {
				at[Position{l.File, l.Offset}] = wantedRecord{l.Capture(), false}
			}
		}
	}
	for p := range at {
		if begin := (Position{File: p.File}); at[begin].Record == "" {
			f, _, err := w.p.Archive.openStored(p.File)
			if err != nil {
				return nil, err
			}
			l, _, err := readMember(f, 0, 1<<62)
			f.Close()
			if err != nil {
				return nil, damaged("", p.File, 0, err)
			}
			l.File = p.File
			at[begin] = wantedRecord{l.Capture(), false}
		}
	}
	all := make([]wantedRecord, 0, len(at))
	for _, c := range at {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b wantedRecord) int {
		if c := compareFiles(a.File, b.File); c != 0 {
			return c
		}
		return int(a.Offset - b.Offset)
	})
	return all, nil
}

// sums writes the manifest and, last of all, the sums.
func (w *packageWriter) sums() error {
	slices.SortFunc(w.m.Files, func(a, b PackageFile) int { return strings.Compare(a.Name, b.Name) })
	text, err := json.MarshalIndent(&w.m, "", "  ")
	if err != nil {
		return fmt.Errorf("write %s: %w", manifestFile, err)
	}
	listed := slices.Clone(w.m.Files)
	if err := w.file(manifestFile, "what is in this package", append(text, '\n')); err != nil {
		return err
	}
	list := sumsText(w.m.Files)
	w.m.Files = listed
	f, err := w.create(sumsFile)
	if err != nil {
		return err
	}
	_, err = f.WriteString(list)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", sumsFile, err)
	}
	sum := sha256.Sum256([]byte(list))
	w.m.SHA256 = hex.EncodeToString(sum[:])
	return nil
}

// sumsText is the form that sha256sum writes and checks.
func sumsText(files []PackageFile) string {
	var b strings.Builder
	sorted := slices.SortedFunc(slices.Values(files), func(a, b PackageFile) int { return strings.Compare(a.Name, b.Name) })
	for _, f := range sorted {
		fmt.Fprintf(&b, "%s  %s\n", f.SHA256, f.Name)
	}
	return b.String()
}
