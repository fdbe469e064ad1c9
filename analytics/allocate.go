package analytics

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"

	"levelfield/analytics/stat"
)

// Area is a region that takes part in a split of a resource.
type Area struct {
	ID, Name   string
	Today      float64 // resource of a month, > 0
	Sales      float64 // of a month at that resource
	Margin     float64 // gross profit of one more unit of sales
	Elasticity float64
	SE, Shared float64      // of the elasticity: in all, and the part common to all regions
	LevelSE    float64      // of ln sales at today's resource
	Answers    *stat.Adbudg // response by decision calculus, in place of the elasticity
	Low, High  float64      // bounds of the resource
	Together   string       // areas of one name keep their proportion; "" moves alone
}

// Budget is the question: how much is split, in what steps, and when a change
// is worth recommending.
type Budget struct {
	Total         float64 // resource of a month
	IsFree        bool    // the best total instead: spend until the last unit earns its cost
	Unit          float64 // smallest step, such as one person; 0: any amount
	UnitCost      float64 // money for one unit of the resource and month
	SwitchingCost float64 // money of a month that a change must earn beyond itself
	Probability   float64 // of a gain above 0 from which a change is recommended
	Seed          uint64
}

// Verdicts on a split.
const (
	VerdictMove = "move" // the best split
	VerdictHalf = "half" // half the way to it
	VerdictStay = "stay" // not distinguishable from today's: do not move
)

// Proposal is the best split, what it earns, and how sure that is.
type Proposal struct {
	Areas    []Area
	Budget   Budget
	Verdict  string
	X        []float64 // recommended
	Best     Split     // where the expected responses are best
	Half     Split     // half the way there
	Today    []float64
	Shadow   float64      // profit of one more unit of resource, before its cost
	Marginal [][2]float64 // of each area: profit of one more unit, today and at Best
	Near     [][2]float64 // of each area: the range that keeps 95 % of the gain
	AtLow    []bool       // bound below binds at Best
	AtHigh   []bool
	MoveP    []float64 // of each area: probability that its own move pays at the shadow price
	draws    []draw
}

// Split is a split with its gain in profit against today's.
type Split struct {
	X           []float64
	Expected    float64 // gain with the estimates as they are
	Gain        Interval3
	Probability float64 // of a gain above 0
}

// Interval3 is a mean with its 5 % and 95 % quantiles.
type Interval3 struct{ Mean, Low, High float64 }

// nDraws is how many times the responses are drawn from what is known of them.
const nDraws = 200

// draw is one possible truth: level and elasticity of each area.
type draw struct{ level, b []float64 }

// Propose finds the best split of a budget and judges it over 200 draws of the
// responses: it recommends the change where it gains with the wanted
// probability and more than switching costs, else half of it if that does, else
// to stay (methods: allocation 3.2, 3.3). The same question gives the same
// answer.
func Propose(areas []Area, budget Budget) (*Proposal, error) {
	if err := checkAreas(areas); err != nil {
		return nil, err
	}
	p := &Proposal{Areas: areas, Budget: budget, draws: drawResponses(areas, budget.Seed)}
	for _, a := range areas {
		p.Today = append(p.Today, a.Today)
	}
	s, err := optimise(areas, nil, budget, 0)
	if err != nil {
		return nil, err
	}
	p.Shadow, p.AtLow, p.AtHigh = s.shadow, s.atLow, s.atHigh
	if !budget.IsFree {
		p.Budget.Total = budget.Total
	} else {
		p.Budget.Total = sum(s.x)
	}
	p.Best = p.Judge(s.x)
	half := make([]float64, len(areas))
	for i, x := range s.x {
		half[i] = (x + areas[i].Today) / 2
	}
	if budget.Unit > 0 {
		half = roundTo(half, budget.Unit, sum(half))
	}
	p.Half = p.Judge(half)
	p.decide()
	for i, a := range areas {
		p.Marginal = append(p.Marginal, [2]float64{a.marginal(a.Today, a.Elasticity), a.marginal(s.x[i], a.Elasticity)})
		p.Near = append(p.Near, p.near(i))
		p.MoveP = append(p.MoveP, p.moveProbability(i))
	}
	return p, nil
}

func (p *Proposal) decide() {
	good := func(s Split) bool {
		return s.Probability >= p.Budget.Probability && s.Gain.Mean > p.Budget.SwitchingCost
	}
	switch {
	case good(p.Best):
		p.Verdict, p.X = VerdictMove, p.Best.X
	case good(p.Half):
		p.Verdict, p.X = VerdictHalf, p.Half.X
	default:
		p.Verdict, p.X = VerdictStay, p.Today
	}
}

func checkAreas(areas []Area) error {
	var wrong []error
	if len(areas) == 0 {
		return errors.New("allocation: there is no region with the resource and sales")
	}
	for _, a := range areas {
		if !(a.Today > 0) || !(a.Sales > 0) {
			wrong = append(wrong, fmt.Errorf("allocation: %s has a resource of %g and sales of %g a month; both must be above 0", a.Name, a.Today, a.Sales))
		}
		if a.Low < 0 || a.Low > a.High {
			wrong = append(wrong, fmt.Errorf("allocation: bounds of %s, %g to %g, are not in order; set the lower one at most at the upper one", a.Name, a.Low, a.High))
		}
	}
	return errors.Join(wrong...)
}

// profit is what an area earns with x at an elasticity, before the resource's
// own cost.
func (a Area) profit(x, b float64) float64 {
	if a.Answers != nil {
		return a.Margin * a.Sales * a.Answers.At(x/a.Today)
	}
	return a.Margin * a.Sales * math.Pow(x/a.Today, b)
}

// SalesAt is expected sales with x of the resource.
func (a Area) SalesAt(x float64) float64 {
	if a.Margin == 0 {
		return a.Sales
	}
	return a.profit(x, a.Elasticity) / a.Margin
}

func (a Area) marginal(x, b float64) float64 {
	h := 1e-6 * a.Today
	return (a.profit(x+h, b) - a.profit(math.Max(0, x-h), b)) / (x + h - math.Max(0, x-h))
}

// gain is what a split earns more than today's in one possible truth. Answers
// of decision calculus are as unsure as a third of the change they name.
func (p *Proposal) gain(x []float64, d draw) float64 {
	g := -p.Budget.UnitCost * (sum(x) - sum(p.Today))
	for i, a := range p.Areas {
		if a.Answers != nil {
			g += math.Exp(d.b[i]) * d.level[i] * (a.profit(x[i], 0) - a.Margin*a.Sales)
			continue
		}
		g += d.level[i] * a.Margin * a.Sales * (math.Exp(d.b[i]*math.Log(x[i]/a.Today)) - 1)
	}
	return g
}

// drawResponses draws levels and elasticities. The part of the elasticities'
// error that all regions share is drawn once for all of them.
func drawResponses(areas []Area, seed uint64) []draw {
	r := rand.New(rand.NewPCG(seed, 33))
	draws := make([]draw, nDraws)
	for k := range draws {
		common := r.NormFloat64()
		d := draw{make([]float64, len(areas)), make([]float64, len(areas))}
		for i, a := range areas {
			own := math.Sqrt(math.Max(0, a.SE*a.SE-a.Shared*a.Shared))
			d.level[i] = math.Exp(a.LevelSE * r.NormFloat64())
			e := r.NormFloat64()
			d.b[i] = math.Min(math.Max(a.Elasticity+a.Shared*common+own*e, .01), .95)
			if a.Answers != nil {
				d.b[i] = .3 * e
			}
		}
		draws[k] = d
	}
	return draws
}

// Judge prices any split against today's.
func (p *Proposal) Judge(x []float64) Split {
	s := Split{X: x, Expected: -p.Budget.UnitCost * (sum(x) - sum(p.Today))}
	for i, a := range p.Areas {
		s.Expected += a.profit(x[i], a.Elasticity) - a.Margin*a.Sales
	}
	gains := make([]float64, len(p.draws))
	for k, d := range p.draws {
		gains[k] = p.gain(x, d)
		if gains[k] > 0 {
			s.Probability += 1 / float64(len(gains))
		}
	}
	s.Gain = interval3(gains)
	return s
}

func interval3(x []float64) Interval3 {
	sorted := slices.Clone(x)
	slices.Sort(sorted)
	at := func(q float64) float64 { return sorted[int(math.Round(q*float64(len(sorted)-1)))] }
	return Interval3{sum(x) / float64(len(x)), at(.05), at(.95)}
}

// Regret is the profit of each draw's own best split less that of Best. Draws
// are independent, so that all processors work on them.
func (p *Proposal) Regret() Interval3 {
	budget := p.Budget
	budget.IsFree = false
	regrets := make([]float64, len(p.draws))
	workers := runtime.GOMAXPROCS(0)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for k := w; k < len(p.draws); k += workers {
				d := p.draws[k]
				s, err := optimise(p.Areas, &d, budget, p.Shadow)
				if err != nil {
					regrets[k] = math.NaN() // the same bounds and total were feasible for Best
					continue
				}
				regrets[k] = math.Max(0, p.gain(s.x, d)-p.gain(p.Best.X, d))
			}
		})
	}
	wg.Wait()
	return interval3(slices.DeleteFunc(regrets, math.IsNaN))
}

// near is the range of an area's resource that loses at most 5 % of the whole
// gain, what it gives or takes being priced at the shadow price.
func (p *Proposal) near(i int) [2]float64 {
	a, best := p.Areas[i], p.Best.X[i]
	allowed := .05 * math.Max(0, p.Best.Expected)
	loses := func(x float64) bool {
		return a.profit(best, a.Elasticity)-a.profit(x, a.Elasticity)-p.Shadow*(best-x) > allowed
	}
	edge := func(far float64) float64 {
		if !loses(far) {
			return far
		}
		in, out := best, far
		for range 60 {
			if mid := (in + out) / 2; loses(mid) {
				out = mid
			} else {
				in = mid
			}
		}
		return in
	}
	return [2]float64{edge(a.Low), edge(a.High)}
}

// moveProbability is how often an area's own move pays at the shadow price; 1
// where it does not move.
func (p *Proposal) moveProbability(i int) (share float64) {
	a, x := p.Areas[i], p.Best.X[i]
	if math.Abs(x-a.Today) < 1e-9*a.Today {
		return 1
	}
	for _, d := range p.draws {
		g := d.level[i] * a.Margin * a.Sales * (math.Pow(x/a.Today, d.b[i]) - 1)
		if a.Answers != nil {
			g = math.Exp(d.b[i]) * d.level[i] * (a.profit(x, 0) - a.Margin*a.Sales)
		}
		if g > p.Shadow*(x-a.Today) {
			share += 1 / float64(len(p.draws))
		}
	}
	return share
}

// solution is a best split for given responses.
type solution struct {
	x             []float64
	shadow        float64
	atLow, atHigh []bool
}

// group is what moves as one: an area, or areas that keep their proportion.
type group struct {
	areas             []int
	today, low, high  float64
	factorLow, factor float64 // bounds as factors of today
}

func groups(areas []Area) (all []group) {
	at := map[string]int{}
	for i, a := range areas {
		k, known := at[a.Together]
		if !known || a.Together == "" {
			k = len(all)
			all = append(all, group{factor: math.Inf(1)})
			if a.Together != "" {
				at[a.Together] = k
			}
		}
		g := &all[k]
		g.areas = append(g.areas, i)
		g.today += a.Today
		g.factorLow, g.factor = math.Max(g.factorLow, a.Low/a.Today), math.Min(g.factor, a.High/a.Today)
	}
	for k := range all {
		g := &all[k]
		g.low, g.high = g.factorLow*g.today, g.factor*g.today
		if len(g.areas) == 1 { // no rounding by way of the factor
			g.low, g.high = areas[g.areas[0]].Low, areas[g.areas[0]].High
		}
	}
	return all
}

// optimise splits a budget for the estimates, or for one draw of the truth.
// near is about what the shadow price will be, 0 where that is not known.
func optimise(areas []Area, d *draw, budget Budget, near float64) (*solution, error) {
	all := groups(areas)
	isTable := budget.Unit > 0
	for _, a := range areas {
		isTable = isTable || a.Answers != nil
	}
	for _, g := range all {
		if g.low > g.high {
			return nil, fmt.Errorf("allocation: regions that move together have no factor in common; widen the bounds of %s", areas[g.areas[0]].Name)
		}
	}
	earns := func(g group, x float64) (v float64) {
		for _, i := range g.areas {
			a := areas[i]
			b, level := a.Elasticity, 1.0
			if d != nil {
				b, level = d.b[i], d.level[i]
			}
			v += level * a.profit(x/g.today*a.Today, b)
		}
		return v
	}
	var x []float64
	var shadow float64
	if isTable {
		var err error
		if x, shadow, err = byTable(all, earns, budget); err != nil {
			return nil, err
		}
	} else {
		responses := make([]stat.Response, len(all))
		for k, g := range all {
			responses[k] = response(areas, d, g, func(x float64) float64 { return earns(g, x) })
		}
		a, err := split(responses, budget, near)
		if err != nil {
			return nil, err
		}
		x, shadow = a.X, a.Shadow
	}
	s := &solution{x: make([]float64, len(areas)), shadow: shadow, atLow: make([]bool, len(areas)), atHigh: make([]bool, len(areas))}
	for k, g := range all {
		for _, i := range g.areas {
			s.x[i] = x[k]
			if len(g.areas) > 1 {
				s.x[i] = x[k] / g.today * areas[i].Today
			}
			s.atLow[i], s.atHigh[i] = x[k] <= g.low, x[k] >= g.high
		}
	}
	return s, nil
}

// split divides the total, or spends as long as a unit earns its cost.
func split(responses []stat.Response, budget Budget, near float64) (*stat.Allocation, error) {
	if !budget.IsFree {
		return stat.AllocateNear(responses, budget.Total, near)
	}
	total := 0.0
	for _, r := range responses {
		total += math.Min(math.Max(r.Inverse(budget.UnitCost), r.Low), r.High)
	}
	return stat.Allocate(responses, total)
}

// response is the concave response of a group.
func response(areas []Area, d *draw, g group, earns func(float64) float64) stat.Response {
	a := areas[g.areas[0]]
	b, level := a.Elasticity, 1.0
	if d != nil {
		b, level = d.b[g.areas[0]], d.level[g.areas[0]]
	}
	if len(g.areas) == 1 {
		return stat.Power(level*a.Margin, a.Sales, a.Today, b, g.low, g.high)
	}
	return stat.Response{Low: g.low, High: g.high, Value: earns, Inverse: func(marginal float64) float64 {
		steep := func(x float64) bool { h := 1e-7 * g.today; return earns(x+h)-earns(x-h) > 2*h*marginal }
		low, high := math.Max(g.low, 1e-6*g.today), g.high
		if steep(high) {
			return high
		}
		for range 60 {
			if mid := (low + high) / 2; steep(mid) {
				low = mid
			} else {
				high = mid
			}
		}
		return low
	}}
}

// byTable splits indivisible units, or responses that are not concave, where
// steps of a three-hundredth of what can move stand for any amount: greedily
// where gains never grow, else by dynamic programming.
func byTable(all []group, earns func(group, float64) float64, budget Budget) ([]float64, float64, error) {
	unit := budget.Unit
	var least, most float64
	for _, g := range all {
		least, most = least+g.low, most+g.high
	}
	if unit == 0 {
		unit = math.Max((math.Max(budget.Total, least)-least)/300, 1e-9*math.Max(1, most))
	}
	values, low, n := make([][]float64, len(all)), make([]float64, len(all)), 0
	least, most = 0, 0
	for k, g := range all {
		low[k] = g.low
		if budget.Unit > 0 {
			low[k] = math.Ceil(g.low/unit-1e-9) * unit
		}
		steps := int(math.Floor((g.high-low[k])/unit + 1e-9))
		if steps < 0 {
			return nil, 0, fmt.Errorf("allocation: no whole number of units lies between the bounds %g and %g; widen them", g.low, g.high)
		}
		for j := range steps + 1 {
			values[k] = append(values[k], earns(g, low[k]+float64(j)*unit)-budget.UnitCost*float64(j)*unit)
		}
		least, most, n = least+low[k], most+low[k]+float64(steps)*unit, n+steps
	}
	if !budget.IsFree {
		if budget.Total < least-1e-9*unit || budget.Total > most+unit {
			return nil, 0, fmt.Errorf("allocation: budget %g is outside what the bounds allow, %g to %g", budget.Total, least, most)
		}
		n = min(n, int(math.Round((budget.Total-least)/unit)))
	} else {
		n = bestCount(values, n)
	}
	solve := stat.Exact
	if stat.IsConcave(values) {
		solve = stat.Greedy
	}
	give, value, err := solve(values, n)
	if err != nil {
		return nil, 0, err
	}
	shadow := 0.0
	if _, more, err := solve(values, n+1); err == nil {
		shadow = (more-value)/unit + budget.UnitCost
	}
	x := make([]float64, len(all))
	for k, j := range give {
		x[k] = low[k] + float64(j)*unit
	}
	return x, shadow, nil
}

// bestCount is the number of units that earns most; the values hold their cost.
func bestCount(values [][]float64, most int) (best int) {
	top := math.Inf(-1)
	for n := range most + 1 {
		if _, v, err := stat.Exact(values, n); err == nil && v > top {
			best, top = n, v
		}
	}
	return best
}

// roundTo rounds parts to a unit so that they still add up to total, the
// largest remainders up.
func roundTo(parts []float64, unit, total float64) []float64 {
	out, order := make([]float64, len(parts)), make([]int, len(parts))
	left := int(math.Round(total / unit))
	for i, x := range parts {
		out[i] = math.Floor(x/unit + 1e-9)
		left -= int(out[i])
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		fa, fb := parts[a]/unit-out[a], parts[b]/unit-out[b]
		switch {
		case fa > fb:
			return -1
		case fa < fb:
			return 1
		}
		return 0
	})
	for k := range max(0, left) {
		out[order[k%len(order)]]++
	}
	for i := range out {
		out[i] *= unit
	}
	return out
}

func sum(x []float64) (s float64) {
	for _, v := range x {
		s += v
	}
	return s
}
