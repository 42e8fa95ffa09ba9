package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"varde/index"
	"varde/index/query"
	"varde/internal/fault"
	"varde/internal/store"
)

// found are the networks that a query finds. The index is one process's at a time, which is the one that holds the folder's stream: beside
// varde up it is the console that searches.
func (ex *exporter) found(ctx context.Context, s *store.Store) (ids []string, err error) {
	if ex.app.natsURL != "" {
		return nil, fmt.Errorf("%w: the index of a service that runs elsewhere is not here; export what a search finds from its console", fault.ErrUsage)
	}
	dir := filepath.Join(ex.app.data, "index")
	if _, err := os.Stat(dir); err != nil {
		return nil, fault.Tell("There is no index in this data folder to search in; varde rebuild makes it. Without --search all networks are exported.", err)
	}
	log := ex.app.logger(slog.LevelError)
	holds, err := ex.app.openStream(ctx, log)
	if err != nil {
		return nil, fault.Tell("The index cannot be opened: it belongs to varde up while that runs. Export what a search finds from the console's search page, or stop varde up.", err)
	}
	defer func() { err = errors.Join(err, holds.Close(context.WithoutCancel(ctx))) }()
	ix, err := index.Open(ctx, index.Config{Dir: dir, Records: indexRecords{s}, Log: log})
	if err != nil {
		return nil, fmt.Errorf("open the index: %w", err)
	}
	defer func() { err = errors.Join(err, ix.Close()) }()
	for {
		res, err := ix.Search(ctx, query.Request{Text: ex.search, Kind: query.Networks, Sort: "score", From: len(ids), Size: 100})
		if err != nil {
			return nil, fmt.Errorf("search: %w", err)
		}
		for _, h := range res.Hits {
			ids = append(ids, h.ID)
		}
		if len(res.Hits) == 0 || len(ids) >= mostFound {
			if len(ids) < res.Total {
				ex.app.warn("the search finds %d networks; the first %d by score are exported", res.Total, len(ids))
			}
			return ids, nil
		}
	}
}

// mostFound is how many networks of a search are exported.
const mostFound = 10_000
