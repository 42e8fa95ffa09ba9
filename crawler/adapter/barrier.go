package adapter

import "varde/internal/frontier"

// Barrier says which barrier a page is that gave no ad or no links, or "" where it is none.
func Barrier(page *Page) frontier.Outcome { return "" }
