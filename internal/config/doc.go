// Package config reads what an operator edits: strictly, with every mistake named by file, line and field, and with
// defaults that work on one machine. It is the only door to YAML and the only reader of the environment.
//
// It promises that a file with an unknown or missing field is never half used. It never decides what a setting means;
// the part that owns the setting validates it.
package config
