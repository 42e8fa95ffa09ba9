// Package text normalises what people write so that likes can be compared: spellings folded with a map back to the original
// bytes, and MinHash signatures of whole texts.
//
// It promises that a span found in folded text can always be shown in the original, that folding what is folded changes nothing,
// and that the same words give the same signature on every machine and in every version of Go. It knows no language and no
// indicator, and never says of a disguise more than that there is one.
package text
