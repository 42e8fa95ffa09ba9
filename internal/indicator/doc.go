// Package indicator is the catalogue of reasons to look: code, family, points, and in two languages what was seen, why it
// may matter and what innocent reasons there are. It adds indicators up to a score.
//
// It promises that a score can be taken apart into the points that made it, that one code counts once and a family no more
// than its cap, and that nothing rises above low attention without several independent reasons (co-occurrence: Giommoni & Ikwu
// 2021, 10.1007/s12117-021-09431-0). It never reads an ad: what is not a code of the catalogue scores nothing.
package indicator
