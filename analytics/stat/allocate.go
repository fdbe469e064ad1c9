package stat

import (
	"container/heap"
	"errors"
	"fmt"
	"math"
)

// Response is one region's concave answer to a resource.
type Response struct {
	Low, High float64                        // bounds of the resource, 0 <= Low <= High
	Value     func(x float64) float64        // what x earns
	Inverse   func(marginal float64) float64 // x at which the marginal return is so; +Inf where none is small enough
}

// Allocation is the best split of a budget.
type Allocation struct {
	X        []float64 // one a region, in order
	Value    float64   // earned in total
	Shadow   float64   // marginal return of one more unit of budget
	AtLow    []bool    // bound below binds
	AtHigh   []bool    // bound above binds
	Residual float64   // largest relative deviation of an inner region's x from x(Shadow)
}

// Allocate splits budget over concave responses so that marginal returns are
// equal inside the bounds (Karush-Kuhn-Tucker), by a bracketed search on the logarithm
// of the shadow price, at most 200 steps; what rounding leaves is spread over
// the inner regions. It refuses a budget outside the sum of the bounds.
// Ibaraki & Katoh 1988, Resource Allocation Problems, chapter 2.
func Allocate(responses []Response, budget float64) (*Allocation, error) {
	return AllocateNear(responses, budget, 0)
}

// AllocateNear is Allocate where the shadow price is thought to be near; it
// takes fewer steps where that is true. 0: nothing is known.
func AllocateNear(responses []Response, budget, near float64) (*Allocation, error) {
	var least, most float64
	for i, r := range responses {
		if r.Low < 0 || r.Low > r.High {
			return nil, fmt.Errorf("allocation: region %d: bounds %g to %g are not in order", i+1, r.Low, r.High)
		}
		least, most = least+r.Low, most+r.High
	}
	slack := 1e-12 * math.Max(1, math.Abs(budget))
	if budget < least-slack || budget > most+slack {
		return nil, fmt.Errorf("allocation: budget %g is outside what the bounds allow, %g to %g", budget, least, most)
	}
	a := &Allocation{X: make([]float64, len(responses))}
	at := func(log float64) (sum float64) { // leaves the split at this price in a.X
		a.Shadow = math.Exp(log)
		for i, r := range responses {
			a.X[i] = math.Min(math.Max(r.Inverse(a.Shadow), r.Low), r.High)
			sum += a.X[i]
		}
		return sum
	}
	sum := at(logPrice(at, budget, most-budget, budget-least, near))
	a.spread(responses, budget-sum)
	a.finish(responses)
	return a, nil
}

// logPrice searches the logarithm of the price at which the sum is the budget:
// by halves until the bracket is narrow, then by false position with the
// weight of an end that stays halved (Illinois: Dowell & Jarratt 1971, BIT 11),
// by halves again where that gains little. over and under are how far the sum
// lies from the budget at the two ends; near is where to look first, or 0.
func logPrice(sum func(float64) float64, budget, over, under, near float64) float64 {
	low, high := -600.0, 600.0
	if near > 0 && !math.IsInf(near, 1) {
		a, b := math.Log(near)-.4, math.Log(near)+.4
		if left := sum(a) - budget; left >= 0 {
			low, over = a, left
		} else {
			high, under = a, -left
		}
		if left := sum(b) - budget; left <= 0 {
			high, under = min(high, b), -left
		} else {
			low, over = max(low, b), left
		}
	}
	enough := 1e-13 * math.Max(1, math.Abs(budget))
	stayed := 0 // end that the last step left: -1 low, 1 high
	for step := range 200 {
		mid := (low + high) / 2
		if high-low < 4 && step%3 != 2 && over > 0 && under > 0 {
			mid = low + (high-low)*over/(over+under)
		}
		if mid <= low || mid >= high {
			mid = (low + high) / 2
		}
		if mid == low || mid == high {
			break
		}
		switch left := sum(mid) - budget; {
		case math.Abs(left) <= enough:
			return mid
		case left > 0:
			low, over = mid, left
			if stayed == 1 {
				under /= 2
			}
			stayed = 1
		default:
			high, under = mid, -left
			if stayed == -1 {
				over /= 2
			}
			stayed = -1
		}
	}
	return (low + high) / 2
}

// spread gives what is left of the budget to regions that have room.
func (a *Allocation) spread(responses []Response, left float64) {
	for range len(responses) + 1 {
		var inner []int
		for i, r := range responses {
			if left > 0 && a.X[i] < r.High && a.X[i] > r.Low || left < 0 && a.X[i] > r.Low && a.X[i] < r.High {
				inner = append(inner, i)
			}
		}
		if len(inner) == 0 {
			for i, r := range responses { // a kink: whoever has room takes it
				if left > 0 && a.X[i] < r.High || left < 0 && a.X[i] > r.Low {
					inner = append(inner, i)
				}
			}
		}
		if left == 0 || len(inner) == 0 {
			return
		}
		share := left / float64(len(inner))
		for _, i := range inner {
			before := a.X[i]
			a.X[i] = math.Min(math.Max(before+share, responses[i].Low), responses[i].High)
			left -= a.X[i] - before
		}
	}
}

func (a *Allocation) finish(responses []Response) {
	a.AtLow, a.AtHigh = make([]bool, len(a.X)), make([]bool, len(a.X))
	for i, r := range responses {
		a.Value += r.Value(a.X[i])
		a.AtLow[i], a.AtHigh[i] = a.X[i] <= r.Low, a.X[i] >= r.High
		if !a.AtLow[i] && !a.AtHigh[i] {
			want := r.Inverse(a.Shadow)
			a.Residual = math.Max(a.Residual, math.Abs(a.X[i]-want)/math.Max(1e-300, math.Abs(want)))
		}
	}
}

// Power is margin x sales x (x / today)^elasticity, 0 < elasticity < 1: the
// default response of sales to a resource. today > 0.
func Power(margin, sales, today, elasticity, low, high float64) Response {
	scale := margin * sales / math.Pow(today, elasticity)
	log, power := math.Log(scale*elasticity), 1/(1-elasticity)
	return Response{
		Low: low, High: high,
		Value:   func(x float64) float64 { return scale * math.Pow(x, elasticity) },
		Inverse: func(marginal float64) float64 { return math.Exp((log - math.Log(marginal)) * power) }, // (scale elasticity / marginal)^power
	}
}

// Log is ln(1 + x / noise), the response of water-filling. noise > 0.
func Log(noise, low, high float64) Response {
	return Response{
		Low: low, High: high,
		Value:   func(x float64) float64 { return math.Log1p(x / noise) },
		Inverse: func(marginal float64) float64 { return 1/marginal - noise },
	}
}

// Hyperbola is -a^2 / x: maximising it minimises the sum of a^2 / x, Neyman's
// allocation. a > 0, low > 0.
func Hyperbola(a, low, high float64) Response {
	return Response{
		Low: low, High: high,
		Value:   func(x float64) float64 { return -a * a / x },
		Inverse: func(marginal float64) float64 { return a / math.Sqrt(marginal) },
	}
}

// gains is a heap of the next unit's gain in each region.
type gain struct {
	region int
	gain   float64
}
type gains []gain

func (g gains) Len() int { return len(g) }
func (g gains) Less(i, j int) bool {
	if g[i].gain != g[j].gain {
		return g[i].gain > g[j].gain
	}
	return g[i].region < g[j].region
}
func (g gains) Swap(i, j int) { g[i], g[j] = g[j], g[i] }
func (g *gains) Push(x any)   { *g = append(*g, x.(gain)) }
func (g *gains) Pop() any     { old := *g; x := old[len(old)-1]; *g = old[:len(old)-1]; return x }

// Greedy gives n indivisible units one by one to the region that gains most;
// values[region][k] is what a region earns with k units. It is exact where
// every region's gains never grow (see IsConcave) and an approximation
// elsewhere. Units beyond a region's table are not given. Fox 1966.
func Greedy(values [][]float64, n int) (units []int, value float64, err error) {
	units = make([]int, len(values))
	var next gains
	for r, v := range values {
		if len(v) == 0 {
			return nil, 0, fmt.Errorf("allocation: region %d has no values", r+1)
		}
		value += v[0]
		if len(v) > 1 {
			next = append(next, gain{r, v[1] - v[0]})
		}
	}
	heap.Init(&next)
	for range n {
		if len(next) == 0 {
			return nil, 0, errors.New("allocation: more units than the regions can take")
		}
		g := next[0]
		value += g.gain
		units[g.region]++
		if k, v := units[g.region], values[g.region]; k+1 < len(v) {
			next[0].gain = v[k+1] - v[k]
			heap.Fix(&next, 0)
		} else {
			heap.Pop(&next)
		}
	}
	return units, value, nil
}

// IsConcave reports whether every region's gains never grow, so that Greedy is
// exact.
func IsConcave(values [][]float64) bool {
	for _, v := range values {
		for k := 2; k < len(v); k++ {
			if v[k]-v[k-1] > v[k-1]-v[k-2]+1e-12*math.Abs(v[k]) {
				return false
			}
		}
	}
	return true
}

// Exact gives n indivisible units in the best way whatever the shape of the
// values, by dynamic programming in O(regions x n x longest table). Where
// several splits earn the same the earlier regions get fewer. Bellman 1957.
func Exact(values [][]float64, n int) (units []int, value float64, err error) {
	best := make([]float64, n+1)
	for k := 1; k <= n; k++ {
		best[k] = math.Inf(-1)
	}
	choice := make([][]int, len(values))
	for r, v := range values {
		next, pick := make([]float64, n+1), make([]int, n+1)
		for k := range next {
			next[k] = math.Inf(-1)
			for give := 0; give < len(v) && give <= k; give++ {
				if w := best[k-give] + v[give]; w > next[k] {
					next[k], pick[k] = w, give
				}
			}
		}
		best, choice[r] = next, pick
	}
	if math.IsInf(best[n], -1) {
		return nil, 0, errors.New("allocation: more units than the regions can take")
	}
	units = make([]int, len(values))
	for r, left := len(values)-1, n; r >= 0; r-- {
		units[r] = choice[r][left]
		left -= units[r]
	}
	return units, best[n], nil
}

// Adbudg is Little's response f(u) = floor + (ceiling - floor) u^shape /
// (half + u^shape) of sales, as a share of today's, to effort u, as a share of
// today's; f(1) = 1. Little 1970, Management Science 16.
type Adbudg struct{ Floor, Ceiling, Half, Shape float64 }

// AskAdbudg finds the curve from three answers: sales without effort, with
// effort without limit, and with half as much effort again, all as shares of
// today's. 0 <= none < 1 < more < unlimited.
func AskAdbudg(none, unlimited, more float64) (Adbudg, error) {
	if !(0 <= none && none < 1 && 1 < more && more < unlimited) {
		return Adbudg{}, fmt.Errorf("response: the answers %g, %g, %g are not in order; sales without effort must be below 1, with half as much again above 1 and below those of unlimited effort", none, more, unlimited)
	}
	half := (unlimited - 1) / (1 - none)
	return Adbudg{none, unlimited, half, math.Log(half*(more-none)/(unlimited-more)) / math.Log(1.5)}, nil
}

// At is the share of today's sales at effort u >= 0.
func (a Adbudg) At(u float64) float64 {
	p := math.Pow(u, a.Shape)
	return a.Floor + (a.Ceiling-a.Floor)*p/(a.Half+p)
}

// Elasticities are regional elasticities after pooling.
type Elasticities struct {
	Each      []float64 // shrunk, clipped to [0.05, 0.90]
	SE        []float64 // posterior standard errors: own and shared part together
	Shared    []float64 // standard error by the pooled mean, the same draw for every region
	Mean      float64   // pooled with the prior
	Tau       float64   // spread between regions, clamped
	Pooled    float64   // pooled slope before the prior, and its standard error
	PooledSE  float64
	Conflict  bool    // data and prior disagree: the prior was used instead
	Z         float64 // size of the disagreement in standard errors
	HasSlopes bool    // some region has a slope of its own
}

// minTau and maxTau bound the spread of elasticities between regions.
const minTau, maxTau = .06, .12

// PoolElasticities shrinks regional slopes b with variances v towards a mean
// that combines them with the prior, by default Normal(0.34, 0.10) (Albers,
// Mantrala & Sridhar 2010), the spread between regions clamped to [0.06, 0.12].
// Where the pooled slope lies more than 2.5 combined standard errors from the
// prior the fit is refused: effort that chases demand looks just so. A region
// with an infinite variance takes the mean.
func PoolElasticities(b, v []float64, prior, priorSD float64) Elasticities {
	var known, variance []float64
	for i := range b {
		if !math.IsInf(v[i], 1) {
			known, variance = append(known, b[i]), append(variance, v[i])
		}
	}
	e := Elasticities{Tau: .09, Mean: prior, HasSlopes: len(known) > 0}
	meanVariance := priorSD * priorSD
	if len(known) > 1 {
		e.Tau = math.Min(math.Max(math.Sqrt(DerSimonianLaird(known, variance).Tau2), minTau), maxTau)
	}
	if e.HasSlopes {
		e.Pooled, e.PooledSE = RandomMean(known, variance, e.Tau*e.Tau)
		e.Z = (e.Pooled - prior) / math.Sqrt(e.PooledSE*e.PooledSE+priorSD*priorSD)
		e.Conflict = math.Abs(e.Z) > 2.5
	}
	if e.HasSlopes && !e.Conflict {
		w := 1/(e.PooledSE*e.PooledSE) + 1/(priorSD*priorSD)
		e.Mean, meanVariance = (e.Pooled/(e.PooledSE*e.PooledSE)+prior/(priorSD*priorSD))/w, 1/w
	}
	for i := range b {
		x, own, share := e.Mean, maxTau, 1.0
		if !e.Conflict && !math.IsInf(v[i], 1) {
			share = v[i] / (v[i] + e.Tau*e.Tau)
			x = (1-share)*b[i] + share*e.Mean
			// The spread is known badly: the error is that of the largest
			// spread allowed, not of the one estimated.
			own = math.Hypot((1-share)*math.Sqrt(v[i]), share*maxTau)
		}
		shared := share * math.Sqrt(meanVariance)
		e.Each = append(e.Each, math.Min(math.Max(x, .05), .90))
		e.SE = append(e.SE, math.Hypot(own, shared))
		e.Shared = append(e.Shared, shared)
	}
	return e
}

// ShrinkElasticities shrinks slopes towards their pooled mean combined with the
// prior, for a given spread tau between regions and without the refusal of
// PoolElasticities: what that rule is compared with.
func ShrinkElasticities(b, v []float64, tau, prior, priorSD float64) []float64 {
	m, se := RandomMean(b, v, tau*tau)
	m = (m/(se*se) + prior/(priorSD*priorSD)) / (1/(se*se) + 1/(priorSD*priorSD))
	each := make([]float64, len(b))
	for i := range b {
		x := (b[i]/v[i] + m/(tau*tau)) / (1/v[i] + 1/(tau*tau))
		each[i] = math.Min(math.Max(x, .05), .90)
	}
	return each
}
