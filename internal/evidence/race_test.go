//go:build race

package evidence_test

// sparsely is by how much the tests go through fewer places: under the race detector, which makes them slow, and which looks for something
// else than they do.
const sparsely = 8
