package lexicon

import "testing"

// BenchmarkLoad is what a start of the program waits for, with every example tried.
func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		loaded.Clear()
		shipped(b)
	}
}
