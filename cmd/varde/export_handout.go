package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

	"varde/internal/ad"
	"varde/internal/export"
	"varde/internal/fault"
	"varde/internal/store"
)

// handout is one export on its way: it is written where nobody is given it, noted in the log, and then given out.
type handout struct {
	ex        *exporter
	format    export.Format
	reader    export.Reader
	statement export.Statement
}

func (h *handout) give(ctx context.Context, s *store.Store, from source) error {
	path, st := h.ex.output, &h.statement
	if path == "" || path == "-" {
		return h.print(ctx, s, from)
	}
	err := replaceFile(path, func(w io.Writer) error {
		if err := h.noted(ctx, s, from, w); err != nil || h.format.Rows == nil {
			return err
		}
		return replaceFile(path+".statement.json", st.Write) // rows have no place for it
	})
	if err != nil {
		return err
	}
	return h.ex.app.result(map[string]any{"file": path, "format": h.format.Name, "statement": st},
		fmt.Sprintf("%s: %d networks, %d ads, %s", path, st.Networks, st.Ads, st.Handling), "SHA-256 of the content (it is in the log, too): "+st.SHA256)
}

// print gives to standard output. What is not noted yet lies in a file without a name, which goes with the process.
func (h *handout) print(ctx context.Context, s *store.Store, from source) (err error) {
	dir := h.ex.app.data
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		dir = ""
	}
	f, err := os.CreateTemp(dir, "export-*")
	if err != nil {
		return fmt.Errorf("write the export: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := errors.Join(os.Remove(f.Name()), h.noted(ctx, s, from, f)); err != nil {
		return err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read the export again: %w", err)
	}
	_, err = io.Copy(h.ex.app.out, f)
	return err
}

// noted writes the export, and then into the log that it is given out, with the hash of what was written, unpacked.
func (h *handout) noted(ctx context.Context, s *store.Store, from source, w io.Writer) error {
	sum := sha256.New()
	if err := h.write(ctx, s, from, io.MultiWriter(w, sum)); err != nil {
		return err
	}
	if err := s.PutEntry(ctx, h.statement.Entry(h.format, from.network, hex.EncodeToString(sum.Sum(nil)))); err != nil {
		return fmt.Errorf("nothing was exported: %w", err)
	}
	return nil
}

// write writes rows as they come, and holds all else.
func (h *handout) write(ctx context.Context, s *store.Store, from source, w io.Writer) error {
	if h.format.Rows != nil {
		return h.rows(from, w)
	}
	networks, ads, err := gathered(ctx, s, from)
	if err != nil {
		return err
	}
	c := export.Gather(h.statement, networks, ads)
	h.statement = c.Statement
	return h.format.Write(w, c, h.reader)
}

// rows writes one row after another and counts them for the statement.
func (h *handout) rows(from source, w io.Writer) error {
	sum, versions := export.NewHash(), map[string]bool{}
	st := &h.statement
	var err error
	if from.ads != nil {
		err = h.format.Rows.Ads(w, tell(from.ads, func(a *ad.Ad) { st.Ads++; versions[a.ScoreVersion] = true; sum.Ad(a) }), h.reader)
	} else {
		err = h.format.Rows.Networks(w, tell(from.networks, func(n *ad.Network) {
			st.Networks++
			st.Ads += len(n.Ads)
			versions[n.ScoreVersion] = true
			sum.Network(n)
		}), h.reader)
	}
	delete(versions, "")
	st.ScoreVersions, st.SHA256, st.Caution = slices.Sorted(maps.Keys(versions)), sum.Sum(), export.Caution
	return err
}

// tell tells of each thing of a sequence as it passes.
func tell[T any](all func(func(T, error) bool), of func(*T)) func(func(T, error) bool) {
	return func(yield func(T, error) bool) {
		for v, err := range all {
			if err == nil {
				of(&v)
			}
			if !yield(v, err) {
				return
			}
		}
	}
}

// gathered reads all of it, up to what an export may hold.
func gathered(ctx context.Context, s *store.Store, from source) (networks []ad.Network, ads []ad.Ad, err error) {
	tooMany := fmt.Errorf("%w: these are more than %d ads, which this format cannot hold; narrow them with --band or --search, or use jsonl or csv", fault.ErrUsage, export.MostAds)
	if from.ads != nil {
		for a, err := range from.ads {
			if err != nil {
				return nil, nil, err
			}
			if ads = append(ads, a); len(ads) > export.MostAds {
				return nil, nil, tooMany
			}
		}
		return nil, ads, nil
	}
	var keys []ad.Key
	for n, err := range from.networks {
		if err != nil {
			return nil, nil, err
		}
		networks, keys = append(networks, n), append(keys, n.Ads...)
		if len(keys) > export.MostAds {
			return nil, nil, tooMany
		}
	}
	for part := range slices.Chunk(keys, 500) {
		list, err := s.AdsOf(ctx, part)
		if err != nil {
			return nil, nil, err
		}
		ads = append(ads, list...)
	}
	return networks, ads, nil
}
