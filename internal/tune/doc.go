// Package tune fits the points of indicators to what people decided about networks.
//
// It is logistic regression with what was seen of each code (its confidence, which in a network is its share of the ads) as features and
// "became a lead" as the answer, held towards the points in force: few reviews move little. Points stay within 0 and the most that a code can
// count, and a code that few reviews show keeps its points.
//
// It promises that the same reviews give the same points; that without reviews nothing moves; and that every figure of how well points
// separate is taken on reviews that they were not fitted on. It decides nothing: what it finds is a proposal.
package tune
