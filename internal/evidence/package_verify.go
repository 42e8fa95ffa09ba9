package evidence

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// maxManifest is the largest manifest that is read, in bytes.
const maxManifest = 64 << 20

// VerifyPackage checks every byte of a package: each file against SHA256SUMS and the manifest, each record against the manifest, its gzip
// checksum and its digests. What was changed is a fault that names the file and, in records.warc.gz, the record. Somebody who changed all of
// it alike is found only by the sum of SHA256SUMS, which Manifest.SHA256 was when the package was made. The error is nil unless the folder
// cannot be listed.
func VerifyPackage(dir string) (Report, error) {
	var r Report
	entries, err := os.ReadDir(dir)
	if err != nil {
		return r, fmt.Errorf("verify evidence package: %w", err)
	}
	v := &packageCheck{dir: dir, report: &r, have: map[string]PackageFile{}}
	for _, e := range entries {
		if e.Name() != sumsFile {
			v.measure(e.Name())
		}
	}
	v.sums()
	if m := v.manifest(); m != nil {
		v.files(m)
		v.records(m)
	}
	return r, nil
}

type packageCheck struct {
	dir    string
	report *Report
	have   map[string]PackageFile
	// listed are the names in SHA256SUMS.
	listed []string
}

// measure takes the hash of a file.
func (v *packageCheck) measure(name string) {
	f, err := openRegular(filepath.Join(v.dir, name))
	if err != nil {
		v.report.fault(name, 0, "", "it cannot be read: %v", err)
		return
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, f)
	if err != nil {
		v.report.fault(name, 0, "", "it cannot be read: %v", err)
		return
	}
	v.have[name] = PackageFile{Name: name, Size: n, SHA256: hex.EncodeToString(h.Sum(nil))}
	v.report.Files++
	v.report.Bytes += n
}

// sums compares SHA256SUMS with what is there.
func (v *packageCheck) sums() {
	text, err := readAtMost(filepath.Join(v.dir, sumsFile), maxManifest)
	if err != nil {
		v.report.fault(sumsFile, 0, "", "it cannot be read: %v", err)
		return
	}
	v.report.Files++
	v.report.Bytes += int64(len(text))
	at := int64(0)
	for line := range strings.Lines(string(text)) {
		sum, name, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		have, there := v.have[name]
		switch {
		case !ok || !isSHA256(sum) || name != filepath.Base(name) || !strings.HasSuffix(line, "\n"):
			v.report.fault(sumsFile, at, "", "the line %.100q is none that sha256sum writes", line)
		case !there:
			v.report.fault(name, 0, "", "the file is missing, or its name in SHA256SUMS was changed")
		case have.SHA256 != sum:
			v.report.fault(name, 0, "", "it does not have the SHA-256 in SHA256SUMS: one of the two was changed")
		}
		v.listed = append(v.listed, name)
		at += int64(len(line))
	}
	for name := range v.have {
		if !slices.Contains(v.listed, name) {
			v.report.fault(name, 0, "", "it is not in SHA256SUMS")
		}
	}
}

// openRegular opens a file of a folder that strangers made: nothing that has no end or that waits for somebody, and no link to elsewhere.
func openRegular(path string) (*os.File, error) {
	is, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	if !is.Mode().IsRegular() {
		return nil, fmt.Errorf("it is no file but %s", kindOf(is.Mode()))
	}
	return os.Open(path)
}

// kindOf says what stands where a file was to be.
func kindOf(m fs.FileMode) string {
	switch {
	case m.IsDir():
		return "a folder"
	case m&fs.ModeSymlink != 0:
		return "a link to another place"
	case m&fs.ModeNamedPipe != 0:
		return "a pipe"
	}
	return "a device or something else that is no file"
}

func readAtMost(path string, most int64) ([]byte, error) {
	f, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(b)) > most {
		err = fmt.Errorf("it has more than %d bytes", most)
	}
	return b, err
}

func (v *packageCheck) manifest() *Manifest {
	text, err := readAtMost(filepath.Join(v.dir, manifestFile), maxManifest)
	if err != nil {
		v.report.fault(manifestFile, 0, "", "it cannot be read: %v", err)
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	var m Manifest
	if err := d.Decode(&m); err != nil {
		v.report.fault(manifestFile, 0, "", "it cannot be read: %v", err)
		return nil
	}
	if m.Format != packageFormat {
		v.report.fault(manifestFile, 0, "", "its format is %d, which is not known", m.Format)
		return nil
	}
	return &m
}

// files compares the manifest with what is there.
func (v *packageCheck) files(m *Manifest) {
	named := []string{manifestFile}
	for _, f := range m.Files {
		named = append(named, f.Name)
		have, there := v.have[f.Name]
		if !there {
			v.report.fault(f.Name, 0, "", "the file is missing that the manifest names")
		} else if have.Size != f.Size || have.SHA256 != f.SHA256 {
			v.report.fault(f.Name, 0, "", "it is not as the manifest says: one of the two was changed")
		}
	}
	for name := range v.have {
		if !slices.Contains(named, name) {
			v.report.fault(name, 0, "", "it is not part of the package")
		}
	}
}

// records compares each record with the manifest.
func (v *packageCheck) records(m *Manifest) {
	f, err := openRegular(filepath.Join(v.dir, recordsFile))
	if err != nil {
		return // told of already
	}
	defer f.Close()
	end, last := int64(0), ""
	size := v.have[recordsFile].Size
	for _, r := range m.Records {
		if what := checkPackaged(f, size, end, r); what != "" {
			v.report.fault(recordsFile, r.Offset, r.Record, "%s", what)
		}
		end, last = r.Offset+r.Length, r.Record
		v.report.Records++
	}
	if end != size {
		v.report.fault(recordsFile, end, last, "after it the file has %d bytes, not 0", size-end)
	}
}

func checkPackaged(f io.ReaderAt, size, end int64, r PackagedRecord) string {
	if r.Offset != end || r.Length <= 0 || r.Length > 2*MaxBlock {
		return "the manifest gives it no possible place"
	}
	if r.Offset+r.Length > size {
		return fmt.Sprintf("its bytes are missing: the file ends at %d", size)
	}
	sum, err := hashRange(f, r.Offset, r.Length)
	if err != nil {
		return fmt.Sprintf("it cannot be read: %v", err)
	}
	if sum != r.SHA256 {
		return "its stored bytes were changed"
	}
	l, _, err := readMember(f, r.Offset, r.Offset+r.Length)
	if err != nil {
		return fmt.Sprintf("it is not a whole record: %v", err)
	}
	block := sha256.Sum256(l.Block)
	if l.Length != r.Length || l.ID != r.Record || l.Type != r.Type || l.TargetURI != r.URI || warcDate(l.Date) != r.Date || hex.EncodeToString(block[:]) != r.Block {
		return "the manifest says otherwise of it"
	}
	return ""
}
