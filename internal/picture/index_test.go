package picture

import "testing"

func TestHalvesHoldEachSignOnce(t *testing.T) {
	for n := range splits {
		to := halve(uint32(n))
		var taken [signBits]bool
		for i, place := range to {
			if taken[place] {
				t.Fatalf("split %d: place %d is taken twice", n, place)
			}
			taken[place] = true
			over := 0
			for j := range to {
				if transpose(1<<i) == 1<<j {
					over = j
				}
			}
			if place/halfBits != to[over]/halfBits {
				t.Errorf("split %d: sign %d moves to the other half when the picture is turned over", n, i)
			}
		}
		if n > 0 && to == halve(uint32(n-1)) {
			t.Errorf("splits %d and %d are the same", n-1, n)
		}
	}
}
