package graph

// SignatureSize is the number of values of a MinHash signature.
const SignatureSize = 128

// Bands of the locality-sensitive hashing: 32 bands of 4 rows find a pair of Jaccard similarity 0.7 with probability
// 1-(1-0.7⁴)³² > 0.999, and one of 0.3 with 0.23 (Leskovec, Rajaraman & Ullman, Mining of Massive Datasets, 3.4).
const (
	bands = 32
	rows  = SignatureSize / bands
)

// Signatures finds signatures that agree in a share of their values, which estimates the Jaccard similarity of the sets
// behind them (Broder 1997).
type Signatures struct {
	least   int
	all     [][]uint32
	buckets [bands]map[[rows]uint32][]int32
}

// NewSignatures finds pairs whose agreement is at least similarity, in (0,1].
func NewSignatures(similarity float64) *Signatures {
	s := &Signatures{least: int(similarity*SignatureSize + 0.999999)}
	for i := range s.buckets {
		s.buckets[i] = map[[rows]uint32][]int32{}
	}
	return s
}

// Add takes a signature of SignatureSize values and returns its number, counted from 0, and the numbers of those before it
// that are alike.
func (s *Signatures) Add(sig []uint32) (number int, alike []int) {
	number = len(s.all)
	s.all = append(s.all, sig)
	seen := map[int32]bool{}
	for b := range bands {
		key := [rows]uint32(sig[b*rows : b*rows+rows])
		for _, other := range s.buckets[b][key] {
			if !seen[other] {
				seen[other] = true
				if agreement(s.all[other], sig) >= s.least {
					alike = append(alike, int(other))
				}
			}
		}
		s.buckets[b][key] = append(s.buckets[b][key], int32(number))
	}
	return number, alike
}

func agreement(a, b []uint32) (n int) {
	for i := range a {
		if a[i] == b[i] {
			n++
		}
	}
	return n
}
