package lexicon

import (
	"fmt"
	"io/fs"

	"varde/internal/ad"
	"varde/internal/config"
)

// Example is what an entry of a lexicon shows of itself: texts that it finds, and near misses that it must not find.
type Example struct {
	Language string
	Code     string
	In       []ad.Category
	Match    []string
	Not      []string
}

// Examples lists the examples of all entries of lexicons/*.yaml, in the order of the files.
func Examples(files fs.FS) (all []Example, _ error) {
	paths, err := fs.Glob(files, "lexicons/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list lexicons: %w", err)
	}
	for _, path := range paths {
		data, err := fs.ReadFile(files, path)
		if err != nil {
			return nil, fmt.Errorf("read lexicon: %w", err)
		}
		var l file
		if err := config.Strict(path, data, &l); err != nil {
			return nil, err
		}
		for _, p := range l.Phrases {
			all = append(all, Example{l.Language, p.Code, p.In, p.Match, p.Not})
		}
	}
	return all, nil
}
