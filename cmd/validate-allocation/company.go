package main

import (
	"math"
	"math/rand/v2"

	"levelfield/analytics/stat"
)

// row is one line of the table: how much the resource varied, what the truth
// is, and whether effort chased demand.
type row struct {
	name   string
	sd     float64 // of ln resource over the months of a region
	mean   float64 // true mean elasticity
	chases bool    // the resource follows the same month's demand
}

var rows = []row{
	{"sd .30, good", .30, .34, false},
	{"sd .10, typical", .10, .34, false},
	{"sd .03, poor", .03, .34, false},
	{"sd .10, endogenous", .10, .34, true},
	{"truth .15, sd .30", .30, .15, false},
	{"truth .15, sd .10", .10, .15, false},
	{"truth .15, sd .03", .03, .15, false},
	{"truth .15, endogenous", .10, .15, true},
	{"truth .60, sd .30", .30, .60, false},
	{"truth .60, sd .10", .10, .60, false},
	{"truth .60, sd .03", .03, .60, false},
	{"truth .60, endogenous", .10, .60, true},
}

// The generator of methods.md 3.1: 24 months, noise .15; the number of regions
// and the spreads are chosen so that the best split gains 3.7 % of sales and an
// assumed .34 reaches 62 % of that.
const (
	nRegions   = 20
	nMonths    = 24
	noise      = .15
	spread     = .10 // of true elasticities
	misplaced  = .36 // sd of ln of today's resource around proportional to sales
	levelSD    = .5
	monthSD    = .10
	low, high  = .6, 1.6
	following  = .075 // part of sd(ln x) that follows demand in the endogenous rows
	marginRate = 1.
)

// company is one generated company and its truth.
type company struct {
	sales, today, b []float64
	data            []stat.Effort
}

func generate(w row, seed uint64) *company {
	r := rand.New(rand.NewPCG(seed, 31))
	c := &company{}
	month := make([]float64, nMonths)
	for t := range month {
		month[t] = monthSD * r.NormFloat64()
	}
	for k := range nRegions {
		sales := 100 * math.Exp(levelSD*r.NormFloat64())
		today := .1 * sales * math.Exp(misplaced*r.NormFloat64())
		b := math.Min(math.Max(w.mean+spread*r.NormFloat64(), .02), .95)
		c.sales, c.today, c.b = append(c.sales, sales), append(c.today, today), append(c.b, b)
		for t := range nMonths {
			e := r.NormFloat64()
			own := w.sd
			follow := 0.
			if w.chases {
				follow, own = following, math.Sqrt(w.sd*w.sd-following*following)
			}
			dx := follow*e + own*r.NormFloat64()
			c.data = append(c.data, stat.Effort{Region: k, Month: t, X: math.Log(today) + dx, Y: math.Log(sales) + month[t] + b*dx + noise*e})
		}
	}
	return c
}

// gain is what a split truly earns more than today's.
func (c *company) gain(x []float64) (g float64) {
	for i := range x {
		g += c.sales[i] * (math.Pow(x[i]/c.today[i], c.b[i]) - 1)
	}
	return g * marginRate
}
