package index

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/blevesearch/bleve/v2"

	"varde/internal/ad"
	"varde/internal/fault"
)

// batchSize is how many documents are written at once: measured best for Bleve 2.6 on two cores.
const batchSize = 1000

// seqKey is where the number of the last change stands, written in the same batch as its documents.
var seqKey = []byte("varde_seq")

func storedSeq(b bleve.Index) (int64, error) {
	v, err := b.GetInternal(seqKey)
	if err != nil {
		return 0, fmt.Errorf("read the last change: %w", err)
	}
	if len(v) != 8 {
		return 0, nil // nothing was written yet
	}
	return int64(binary.BigEndian.Uint64(v)), nil
}

// writer collects documents into batches.
type writer struct {
	index bleve.Index
	batch *bleve.Batch
}

func (w *writer) put(id string, doc any) error {
	if w.batch == nil {
		w.batch = w.index.NewBatch()
	}
	if err := w.batch.Index(id, doc); err != nil {
		return fmt.Errorf("index %s: %w", id, err)
	}
	if w.batch.Size() >= batchSize {
		return w.write()
	}
	return nil
}

func (w *writer) remove(id string) {
	if w.batch == nil {
		w.batch = w.index.NewBatch()
	}
	w.batch.Delete(id)
}

func (w *writer) write() error {
	if w.batch == nil {
		return nil
	}
	err := w.index.Batch(w.batch)
	w.batch = nil
	if err != nil {
		return fmt.Errorf("write batch: %w", err)
	}
	return nil
}

// flush writes what is left together with the number of the change that it reaches.
func (w *writer) flush(seq int64) error {
	if w.batch == nil {
		w.batch = w.index.NewBatch()
	}
	w.batch.SetInternal(seqKey, binary.BigEndian.AppendUint64(nil, uint64(seq)))
	return w.write()
}

// CatchUp reads all changes of the record that are not in the index yet.
func (ix *Index) CatchUp(ctx context.Context) error {
	ix.writing.Lock()
	defer ix.writing.Unlock()
	for {
		changes, err := ix.cfg.Records.Changes(ctx, ix.Seq(), 2*batchSize)
		if err != nil {
			return fmt.Errorf("read changes after %d: %w", ix.Seq(), err)
		}
		if len(changes) == 0 {
			return nil
		}
		if err := ix.apply(ctx, changes); err != nil {
			return err
		}
	}
}

func (ix *Index) apply(ctx context.Context, changes []ad.Change) error {
	var keys []ad.Key
	var ids []string
	seen := map[string]bool{}
	for _, c := range changes {
		switch id := string(c.Subject[0]) + c.ID; {
		case seen[id]:
		case c.Subject == ad.AdChanged:
			seen[id] = true
			keys = append(keys, ad.Key(c.ID))
		default: // a removed network may have come back by a later change: what is there now counts
			seen[id] = true
			ids = append(ids, c.ID)
		}
	}
	w := &writer{index: ix.bleve}
	titles, err := ix.applyAds(ctx, w, keys)
	if err != nil {
		return err
	}
	if err := ix.applyNetworks(ctx, w, ids, titles); err != nil {
		return err
	}
	last := changes[len(changes)-1].Seq
	if err := w.flush(last); err != nil {
		return err
	}
	ix.mu.Lock()
	ix.seq = last
	ix.mu.Unlock()
	return nil
}

// applyAds puts what is there now of each ad, and returns the titles, which the networks need too.
func (ix *Index) applyAds(ctx context.Context, w *writer, keys []ad.Key) (map[ad.Key]string, error) {
	ads, err := ix.cfg.Records.AdsOf(ctx, keys)
	if err != nil {
		return nil, fmt.Errorf("read %d ads: %w", len(keys), err)
	}
	titles := make(map[ad.Key]string, len(ads))
	for i := range ads {
		titles[ads[i].Key] = ads[i].Finding.Sighting.Title
		if err := w.put(adID(ads[i].Key), adDocument(&ads[i])); err != nil {
			return nil, err
		}
	}
	for _, k := range keys {
		if _, there := titles[k]; !there {
			w.remove(adID(k))
		}
	}
	return titles, nil
}

// applyNetworks puts what is there now of each network, and takes away those that are gone or hold a single ad.
func (ix *Index) applyNetworks(ctx context.Context, w *writer, ids []string, titles map[ad.Key]string) error {
	var networks []ad.Network
	for _, id := range ids {
		n, err := ix.cfg.Records.Network(ctx, id)
		if err != nil && !errors.Is(err, fault.ErrNotFound) {
			return fmt.Errorf("read network %s: %w", id, err)
		}
		if err != nil || n.ID != id || len(n.Ads) < 2 {
			w.remove(networkID(id))
			continue
		}
		networks = append(networks, n)
	}
	return ix.putNetworks(ctx, w, networks, titles)
}

// mostTitles is how many of a network's ads give their titles to its document.
const mostTitles = 50

// putNetworks writes networks, and reads the titles of their ads that are not at hand.
func (ix *Index) putNetworks(ctx context.Context, w *writer, networks []ad.Network, titles map[ad.Key]string) error {
	var missing []ad.Key
	for i := range networks {
		for _, k := range titled(&networks[i]) {
			if _, at := titles[k]; !at {
				titles[k] = "" // asked for once
				missing = append(missing, k)
			}
		}
	}
	ads, err := ix.cfg.Records.AdsOf(ctx, missing)
	if err != nil {
		return fmt.Errorf("read the ads of %d networks: %w", len(networks), err)
	}
	for i := range ads {
		titles[ads[i].Key] = ads[i].Finding.Sighting.Title
	}
	for i := range networks {
		if err := w.put(networkID(networks[i].ID), networkDocument(&networks[i], titles)); err != nil {
			return err
		}
	}
	return nil
}

func titled(n *ad.Network) []ad.Key { return n.Ads[:min(len(n.Ads), mostTitles)] }
