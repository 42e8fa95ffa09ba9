package tune

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"math/rand/v2"
	"slices"

	"varde/internal/eval"
	"varde/internal/indicator"
)

// HeldOut is how well points separate on reviews that they were not fitted on: each network is scored by points fitted without it.
type HeldOut struct {
	Folds  int     `json:"folds"`
	Before Quality `json:"before"`
	After  Quality `json:"after"`
	// Better are the differences, positive where the fitted points do better.
	Better Difference `json:"better"`
}

// Quality are the figures of one set of points.
type Quality struct {
	// AUC and AveragePrecision are of the scores as they would be shown.
	AUC              Estimate `json:"auc"`
	AveragePrecision Estimate `json:"average_precision"`
	// LogLoss is the mean of -log of what the points give the true answer, in nats; less is better. 0.693 is a coin's.
	LogLoss Estimate `json:"log_loss"`
	// Calibration compares, from few to many points, what share was expected to become leads and what share did.
	Calibration []Bin `json:"calibration"`
}

// Difference is After less Before, or the reverse where less is better.
type Difference struct {
	AUC              Estimate `json:"auc"`
	AveragePrecision Estimate `json:"average_precision"`
	LogLoss          Estimate `json:"log_loss"`
}

// Estimate is a figure with the 95 % interval of the bootstrap over networks.
type Estimate struct {
	Value float64 `json:"value"`
	From  float64 `json:"from"`
	To    float64 `json:"to"`
}

// Bin is one part of the reviews, by what was expected of them.
type Bin struct {
	Reviews  int     `json:"reviews"`
	Expected float64 `json:"expected"`
	Share    float64 `json:"share"`
}

const (
	mostFolds = 5
	bins      = 5
	// resamples of the bootstrap; 400 give the ends of an interval to about a tenth of its width.
	resamples = 400
)

// told is what two sets of points said of one network that they were not fitted on.
type told struct {
	lead          bool
	before, after side
}

type side struct{ score, z float64 }

// holdOut compares the points in force with fitted ones. It returns nil where there are too few of either answer.
func holdOut(c *indicator.Catalogue, samples []Sample) (*HeldOut, error) {
	folds, k := deal(samples)
	if k < 2 {
		return nil, nil
	}
	var all []told
	for fold := range k {
		var train, test []Sample
		for i, s := range samples {
			if folds[i] == fold {
				test = append(test, s)
			} else {
				train = append(train, s)
			}
		}
		fitted, _, err := points(c, train)
		if err != nil {
			return nil, err
		}
		levelBefore, err := level(c, train)
		if err != nil {
			return nil, err
		}
		levelAfter, err := level(fitted, train)
		if err != nil {
			return nil, err
		}
		for _, s := range test {
			all = append(all, told{lead: s.Lead, before: say(c, s, levelBefore), after: say(fitted, s, levelAfter)})
		}
	}
	return compare(all, k), nil
}

// deal puts samples into folds: both answers evenly, by a hash of the network, so that the same reviews always fall alike.
func deal(samples []Sample) (folds []int, k int) {
	order := [2][]int{}
	key := make([]string, len(samples))
	for i, s := range samples {
		sum := sha256.Sum256([]byte(s.Network))
		key[i] = hex.EncodeToString(sum[:])
		answer := 0
		if s.Lead {
			answer = 1
		}
		order[answer] = append(order[answer], i)
	}
	k = min(mostFolds, len(order[0]), len(order[1]))
	folds = make([]int, len(samples))
	for _, list := range order {
		slices.SortFunc(list, func(a, b int) int { return cmp.Compare(key[a], key[b]) })
		for n, i := range list {
			folds[i] = n % max(k, 1)
		}
	}
	return folds, k
}

// nats is what the points of a network add up to after the caps, before the co-occurrence rule.
func nats(c *indicator.Catalogue, s Sample) (score, sum float64) {
	scored := s.Seen.ScoreBy(c)
	for _, in := range scored.Indicators {
		sum += in.Points / perNat
	}
	return scored.Score, sum
}

// level is the log-odds at no points that fits the samples best.
func level(c *indicator.Catalogue, samples []Sample) (float64, error) {
	p := problem{}
	for _, s := range samples {
		_, sum := nats(c, s)
		p.seen, p.offset, p.lead = append(p.seen, nil), append(p.offset, sum), append(p.lead, s.Lead)
	}
	_, level, err := p.fit()
	return level, err
}

func say(c *indicator.Catalogue, s Sample, level float64) side {
	score, sum := nats(c, s)
	return side{score: score, z: level + sum}
}

// figures are what is estimated, of either set of points.
type figures struct{ auc, precision, loss float64 }

func measure(all []told, of func(*told) side) (f figures, ok bool) {
	scored := make([]eval.Scored, len(all))
	for i := range all {
		s := of(&all[i])
		scored[i] = eval.Scored{Score: s.score, Positive: all[i].lead}
		f.loss += loss(s.z, all[i].lead) / float64(len(all))
	}
	r := eval.Rank(scored)
	f.auc, f.precision = r.AUC, r.AveragePrecision
	return f, r.Positives > 0 && r.Negatives > 0
}

func before(t *told) side { return t.before }
func after(t *told) side  { return t.after }

// compare takes the figures and, by the bootstrap, their intervals.
func compare(all []told, k int) *HeldOut {
	h := &HeldOut{Folds: k}
	b, _ := measure(all, before)
	a, _ := measure(all, after)
	var bs, as []figures
	random := rand.New(rand.NewPCG(1, 2)) // the same each time: the report must be
	for range resamples {
		some := make([]told, len(all))
		for i := range some {
			some[i] = all[random.IntN(len(all))]
		}
		rb, ok := measure(some, before)
		ra, _ := measure(some, after)
		if ok {
			bs, as = append(bs, rb), append(as, ra)
		}
	}
	estimate := func(of func(b, a figures) float64) Estimate {
		e := Estimate{Value: of(b, a)}
		values := make([]float64, len(bs))
		for i := range bs {
			values[i] = of(bs[i], as[i])
		}
		slices.Sort(values)
		if len(values) > 0 {
			e.From, e.To = values[len(values)*25/1000], values[len(values)*975/1000]
		}
		return e
	}
	h.Before = Quality{AUC: estimate(func(b, _ figures) float64 { return b.auc }), AveragePrecision: estimate(func(b, _ figures) float64 { return b.precision }),
		LogLoss: estimate(func(b, _ figures) float64 { return b.loss }), Calibration: calibration(all, before)}
	h.After = Quality{AUC: estimate(func(_, a figures) float64 { return a.auc }), AveragePrecision: estimate(func(_, a figures) float64 { return a.precision }),
		LogLoss: estimate(func(_, a figures) float64 { return a.loss }), Calibration: calibration(all, after)}
	h.Better = Difference{AUC: estimate(func(b, a figures) float64 { return a.auc - b.auc }), AveragePrecision: estimate(func(b, a figures) float64 { return a.precision - b.precision }),
		LogLoss: estimate(func(b, a figures) float64 { return b.loss - a.loss })}
	return h
}

// calibration parts the reviews into equal parts by what was expected of them.
func calibration(all []told, of func(*told) side) []Bin {
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(x, y told) int { return cmp.Compare(of(&x).z, of(&y).z) })
	out := []Bin{}
	for n := range bins {
		part := sorted[len(sorted)*n/bins : len(sorted)*(n+1)/bins]
		if len(part) == 0 {
			continue
		}
		b := Bin{Reviews: len(part)}
		for i := range part {
			b.Expected += sigmoid(of(&part[i]).z) / float64(len(part))
			if part[i].lead {
				b.Share += 1 / float64(len(part))
			}
		}
		out = append(out, b)
	}
	return out
}
