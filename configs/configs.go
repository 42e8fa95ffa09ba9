// Package configs carries the files that an operator edits, as the defaults of a program that was given none.
//
// It promises that every default lies here as a readable file. It holds no logic.
package configs

import "embed"

// FS holds varde.yaml, indicators.yaml, employers.yaml, places.csv, wages/, lexicons/, mappings/ and targets/.
//
//go:embed *.yaml *.csv */*.yaml
var FS embed.FS
