package index

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"go.etcd.io/bbolt"

	"varde/internal/fault"
)

// manifestFile lies beside the Bleve folder. Bleve opens damaged files without a word, so nothing is opened unchecked.
const manifestFile = "manifest.json"

// manifest says what the files were at the last clean stop. While the index is open it says only the version.
type manifest struct {
	Version int             `json:"version"`
	Clean   bool            `json:"clean"`
	Files   map[string]file `json:"files,omitempty"`
}

type file struct {
	Size int64 `json:"size"`
	// CRC is Castagnoli's CRC-32: against damage, not against attackers.
	CRC uint32 `json:"crc"`
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// takeManifest measures every file of a closed index.
func takeManifest(dir string) (manifest, error) {
	m := manifest{Version: Version, Clean: true, Files: map[string]file{}}
	err := filepath.WalkDir(filepath.Join(dir, bleveDir), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		f, err := measure(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		m.Files[rel] = f
		return err
	})
	return m, err
}

func measure(path string) (file, error) {
	f, err := os.Open(path)
	if err != nil {
		return file{}, err
	}
	defer f.Close()
	h := crc32.New(castagnoli)
	n, err := io.Copy(h, f)
	return file{n, h.Sum32()}, err
}

// writeManifest replaces the manifest and syncs it.
func writeManifest(dir string, m manifest) error {
	data, err := json.Marshal(m)
	if err != nil {
		return err
	}
	beside := filepath.Join(dir, manifestFile+".part")
	f, err := os.Create(beside)
	if err != nil {
		return fmt.Errorf("write manifest: %w", err)
	}
	_, err = f.Write(data)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write manifest: %w", err)
	}
	return os.Rename(beside, filepath.Join(dir, manifestFile))
}

func damaged(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{fault.ErrDamaged}, args...)...)
}

// checkFiles looks at the files before Bleve may open them. After a clean stop they must be what the manifest says; after
// another each segment must carry its own checksum and the bolt file must be sound.
func checkFiles(dir string) error {
	data, err := os.ReadFile(filepath.Join(dir, manifestFile))
	if err != nil {
		return damaged("no manifest: %w", err)
	}
	var m manifest
	if err := json.Unmarshal(data, &m); err != nil {
		return damaged("manifest: %w", err)
	}
	if m.Version != Version {
		return damaged("format version %d, this program writes %d", m.Version, Version)
	}
	if !m.Clean {
		return checkUnclean(filepath.Join(dir, bleveDir, "store"))
	}
	for name, want := range m.Files {
		got, err := measure(filepath.Join(dir, name))
		if err != nil {
			return damaged("%w", err)
		}
		if got != want {
			return damaged("%s has changed since it was closed", name)
		}
	}
	return nil
}

func checkUnclean(store string) error {
	entries, err := os.ReadDir(store)
	if err != nil {
		return damaged("%w", err)
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".zap") {
			if err := checkSegment(filepath.Join(store, e.Name())); err != nil {
				return err
			}
		}
	}
	return checkBolt(filepath.Join(store, "root.bolt"))
}

// checkSegment compares a segment with the checksum in its last four bytes (zapx, persistFooter): CRC-32 of all before it. A
// segment that was being written at the stop fails too; nothing refers to it, but telling it from a damaged one is not worth
// the risk, as a rebuild loses nothing.
func checkSegment(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return damaged("%w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || info.Size() < 4 {
		return damaged("%s is cut short", filepath.Base(path))
	}
	h := crc32.NewIEEE()
	if _, err := io.CopyN(h, f, info.Size()-4); err != nil {
		return damaged("%w", err)
	}
	var footer [4]byte
	if _, err := io.ReadFull(f, footer[:]); err != nil {
		return damaged("%w", err)
	}
	if binary.BigEndian.Uint32(footer[:]) != h.Sum32() {
		return damaged("%s does not have its checksum", filepath.Base(path))
	}
	return nil
}

// checkBolt reads the whole bolt file. bbolt maps the file into memory, where a page beyond a cut end kills the process, so the
// length is checked first.
func checkBolt(path string) (err error) {
	if err := checkBoltLength(path); err != nil {
		return err
	}
	defer func() {
		if p := recover(); p != nil { // bbolt panics on some damage
			err = damaged("root.bolt: %v", p)
		}
	}()
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true})
	if err != nil {
		return damaged("root.bolt: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return db.View(func(tx *bbolt.Tx) error {
		var first error
		for err := range tx.Check() {
			if first == nil {
				first = damaged("root.bolt: %w", err)
			}
		}
		return first
	})
}

// Offsets within a bolt meta page (bbolt internal/common: page header 16 bytes, then magic, version, page size, flags, root
// 16 bytes, free list, high-water mark of pages).
const (
	boltMagic    = 0xED0CDAED
	boltHeader   = 16
	boltPageSize = boltHeader + 8
	boltPages    = boltHeader + 16 + 16 + 8
)

func checkBoltLength(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return damaged("%w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return damaged("%w", err)
	}
	meta := make([]byte, 128)
	if _, err := io.ReadFull(f, meta); err != nil || binary.LittleEndian.Uint32(meta[boltHeader:]) != boltMagic {
		return damaged("root.bolt has no head")
	}
	size := int64(binary.LittleEndian.Uint32(meta[boltPageSize:])) * int64(binary.LittleEndian.Uint64(meta[boltPages:]))
	if size <= 0 || info.Size() < size {
		return damaged("root.bolt is %d bytes long, it should have %d", info.Size(), size)
	}
	return nil
}
