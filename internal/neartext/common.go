package neartext

import "slices"

const (
	// sampled is how many texts around a passage are looked at.
	sampled = 16
	// differing is how many of them must be different texts, so that what they have in common is of the site and not of a campaign,
	// which may have some wordings.
	differing = 4
	// most of the texts of a sample, as a share: what they all have is more of the site's own words.
	most = 0.75
	// little is the share of a text's features below which it has nothing of its own beside what most have.
	little = 0.25
	// sameText is the similarity of what two texts have of their own at which they are versions of one.
	sameText = 0.4
)

// Common says whether a passage is boilerplate: it stands in more than least ads of a site, and what surrounds it in a sample of
// them, given without the passage, is mostly unalike. The sentence of a text that is copied to many ads is none: there everything
// around it comes again too, or nothing is around it. The sample should be of texts with different hashes, drawn without regard to
// what they say, such as those with the least hashes; of more than 16 the first are used, and fewer than 4 say nothing.
func Common(ads int, sample []Sketch, least int) bool {
	if ads <= least || len(sample) < differing {
		return false
	}
	sample = sample[:min(len(sample), sampled)]
	in := map[uint32]int{}
	for _, s := range sample {
		for _, f := range s.features {
			in[f]++
		}
	}
	var texts []Sketch // one of each text, without what most have: other boilerplate of the site, or a campaign's wording
	for _, s := range sample {
		own := Sketch{limit: s.limit}
		for _, f := range s.features {
			if float64(in[f]) < most*float64(len(sample)) {
				own.features = append(own.features, f)
			}
		}
		if float64(len(own.features)) < little*float64(len(s.features)) {
			continue
		}
		if !slices.ContainsFunc(texts, func(t Sketch) bool { return Similarity(t, own) >= sameText }) {
			texts = append(texts, own)
		}
	}
	return len(texts) >= differing
}
