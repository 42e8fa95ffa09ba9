//go:build !race

package evidence_test

// sparsely is by how much the tests go through fewer places: here through all.
const sparsely = 1
