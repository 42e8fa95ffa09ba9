// Package sim makes a simulated world for the demo and for tests: advertising sites on loopback, the ads on them, and the truth
// about who controls which ad. Nothing else may use it.
//
// It promises that the same configuration gives the same world, byte for byte, on every machine and in any order of asking; that
// the ad file it writes and the sites it serves show the same fields; and that the truth names every ad once. A world of any size
// is made ad by ad: only its plan (a few dozen bytes for an ad) is kept in memory.
//
// # What is invented, and how
//
// Nobody in a world is real. Texts are put together from sentences in words/*.txt, none of which is taken from an ad. They are
// sober: what matters here is who writes them, not what is sold. Names of personas are first names drawn from a list; firms have
// made-up names, invented organisation numbers with a correct check digit, and mail addresses under .example. Telegram handles end
// in a number of the world. Site names end in .example.
//
// Norway has no series of numbers set aside for fiction, so phones are computed: number n of a world is a·n+b modulo the count of
// well-formed mobile numbers (series 40, 41, 45-48 and 90-99, Nkom's plan), a and b from the seed. No number is looked up, called
// or taken from anywhere. Swedish and Romanian numbers are made alike, hubs have fixed-line numbers. The shape must be valid, or
// the reading of phones could not be shown; that a number made so may be somebody's cannot be ruled out, so worlds are not
// published.
//
// Pictures are drawn by code: gradients, noise and shapes, never people.
package sim
