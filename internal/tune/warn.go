package tune

// Warning is a stable word for why a proposal should be taken with care.
type Warning string

// The warnings.
const (
	// Few: fewer than fewReviews settled reviews.
	Few Warning = "few"
	// OneSided: hardly any leads, or hardly any dismissals.
	OneSided Warning = "one_sided"
	// OneAuthor: nearly all reviews are one person's.
	OneAuthor Warning = "one_author"
	// Unmeasured: there are too few reviews of either kind to hold some out.
	Unmeasured Warning = "unmeasured"
	// Unproven: on held-out reviews the fitted points do not surely do better than those in force.
	Unproven Warning = "unproven"
	// Worse: on held-out reviews they do worse.
	Worse Warning = "worse"
)

// Warnings lists them all.
var Warnings = []Warning{Few, OneSided, OneAuthor, Unmeasured, Unproven, Worse}

const (
	fewReviews = 50
	// leastSide is the least of leads and of dismissals.
	leastSide = 10
	// mostOfOne is the largest share of reviews by one person.
	mostOfOne = 0.8
)

func warn(r *Report) []Warning {
	warnings := []Warning{}
	if r.Reviews < fewReviews {
		warnings = append(warnings, Few)
	}
	if min(r.Leads, r.Reviews-r.Leads) < leastSide {
		warnings = append(warnings, OneSided)
	}
	if r.Reviews > 0 && float64(r.MostByOne) > mostOfOne*float64(r.Reviews) {
		warnings = append(warnings, OneAuthor)
	}
	switch {
	case r.HeldOut == nil:
		warnings = append(warnings, Unmeasured)
	case r.HeldOut.Better.LogLoss.Value < 0:
		warnings = append(warnings, Worse)
	case r.HeldOut.Better.LogLoss.From <= 0:
		warnings = append(warnings, Unproven)
	}
	return warnings
}
