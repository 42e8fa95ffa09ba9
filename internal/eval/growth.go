package eval

import "math"

// Cost is what one ad costs where so many are known, in microseconds.
type Cost struct {
	Ads    float64 `json:"ads"`
	Micros float64 `json:"micros"`
}

// Growth is how the cost of an ad grows with the number of ads: Factor · ads^Exponent microseconds. An exponent of 0 is no growth.
type Growth struct {
	Factor   float64 `json:"factor"`
	Exponent float64 `json:"exponent"`
	// Points is how many costs it was fitted to, Spread the typical relative distance of one from it (0.1 is ten percent).
	Points int     `json:"points"`
	Spread float64 `json:"spread"`
}

// leastPoints are needed for a line to mean something.
const leastPoints = 3

// Grow fits a growth to costs by least squares of their logarithms. It is not ok with fewer than three costs of different numbers of ads.
func Grow(costs []Cost) (g Growth, ok bool) {
	var n, sx, sy, sxx, sxy float64
	for _, c := range costs {
		if c.Ads <= 0 || c.Micros <= 0 {
			continue
		}
		x, y := math.Log(c.Ads), math.Log(c.Micros)
		n, sx, sy, sxx, sxy = n+1, sx+x, sy+y, sxx+x*x, sxy+x*y
	}
	wide := n*sxx - sx*sx
	if n < leastPoints || wide < 1e-9 {
		return Growth{}, false
	}
	g.Exponent = (n*sxy - sx*sy) / wide
	g.Factor, g.Points = math.Exp((sy-g.Exponent*sx)/n), int(n)
	var off float64
	for _, c := range costs {
		if c.Ads > 0 && c.Micros > 0 {
			d := math.Log(c.Micros / g.At(c.Ads))
			off += d * d
		}
	}
	g.Spread = math.Sqrt(off / n)
	return g, true
}

// At is the cost of an ad where so many are known.
func (g Growth) At(ads float64) float64 { return g.Factor * math.Pow(ads, g.Exponent) }

// Ratio is how many times as much an ad costs at one size as at another.
func (g Growth) Ratio(from, to float64) float64 { return math.Pow(to/from, g.Exponent) }
