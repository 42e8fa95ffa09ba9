// Package lexicon finds phrases of word lists in texts: thousands of patterns in many languages in one pass.
//
// A pattern is a regular expression in proper spelling. It is matched on folded text, so that spelling, accents and look-alike
// letters make no difference, and it begins and ends at a word's edge. Each pattern needs a word or a part of one; one automaton
// (Aho and Corasick 1975) looks for all of those, and a regular expression is run only where what it needs stands.
//
// It promises that the patterns match what they would match if each were run over the whole text (within reach, a bound on a
// match's length), that what is denied or warned of is left out, that time is linear in the text whatever it is, and that the
// same text gives the same answer. It knows no language by itself and no indicator's worth.
package lexicon
