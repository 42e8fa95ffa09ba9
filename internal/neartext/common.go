package neartext

// sampled is how many texts around a passage are looked at, and leastSampled how few say nothing.
const (
	sampled      = 16
	leastSampled = 4
	// surroundings at least so similar are copies of one text.
	copied = 0.4
)

// Common says whether a passage is boilerplate: it stands in more than least ads of a site, and what surrounds it in a sample of
// them, given without the passage, is mostly unalike. The sentence of a text that is copied to many ads is none: there everything
// around it comes again too, or nothing is around it.
func Common(ads int, sample []Sketch, least int) bool {
	if ads <= least || len(sample) < leastSampled {
		return false
	}
	sample = sample[:min(len(sample), sampled)]
	alike, pairs := 0, 0
	for i := range sample {
		for j := range i {
			pairs++
			if Alike(sample[i], sample[j], copied) {
				alike++
			}
		}
	}
	return 2*alike < pairs
}
