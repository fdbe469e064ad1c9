package plan

import (
	"math"
	"time"
)

// Axis is one thing that moves while all else stays: what a scan looks along.
type Axis struct {
	ID     string // an indicator, score, or team_attainment
	Title  Words
	Unit   string  // of its values, as of an indicator
	Better float64 // 1: more is better; -1: less is; 0: cannot be said
	Low    float64 // ends of the scan
	High   float64
	Step   float64 // smallest step that is looked at
	Reach  float64 // a person this near is within reach
}

// Sample is the pay of an imagined person at one place of an axis.
type Sample struct{ X, Pay float64 }

// Cliff is a place where the smallest step changes pay a lot, where doing
// better lowers it, or above which selling more earns less.
type Cliff struct {
	Axis      Axis
	Kind      string   // jump, fall, slower
	From, To  float64  // the smallest step around a jump; the range of a fall
	Before    float64  // pay at From; of slower: per 1,000 below
	After     float64  // pay at To; of slower: per 1,000 above
	Line      []Sample // along the whole axis, with both sides of the place
	Sales     float64  // of the imagined person
	Collected float64
	Expenses  float64 // share of sales
}

// At is the place as a person would name it: the end of the step that still
// has the pay before, as rules belong to one of their sides.
func (c Cliff) At() float64 {
	if c.Axis.Step == 0 {
		return c.From
	}
	steps := c.From / c.Axis.Step
	return float64(int64(steps+0.5)) * c.Axis.Step
}

// Text says the cliff in a language, en or zh-CN.
func (c Cliff) Text(lang string) string {
	id := c.Kind
	if c.Kind == "fall" && c.To-c.From > 2*c.Axis.Step {
		id = "fall_range"
	}
	return fill(words.Cliff, id, lang, []Arg{
		arg("axis", c.Axis.Title), arg("at", amountOf(c.Axis.Unit, c.At())),
		arg("from", amountOf(c.Axis.Unit, c.From)), arg("to", amountOf(c.Axis.Unit, c.To)),
		arg("before", money(c.Before)), arg("after", money(c.After)),
	})
}

// Conditions says what else was held while scanning.
func (c Cliff) Conditions(lang string) string {
	return fill(words.Cliff, "typical", lang, []Arg{arg("sales", money(c.Sales)), arg("collected", percent(c.Collected)), arg("expenses", percent(c.Expenses))})
}

// Value writes a person's value on the axis: a share to a hundredth of a
// percent, everything else to two places.
func (a Axis) Value(x float64) Words {
	places := 100.0
	if a.Unit == "rate" {
		places = 1e4
	}
	return amountOf(a.Unit, math.Round(x*places)/places)
}

// WithinReach says who is near a cliff in a month; names may be empty.
func WithinReach(lang string, month time.Time, names string) string {
	id := "reach"
	if names == "" {
		id = "nobody"
	}
	return fill(words.Cliff, id, lang, []Arg{arg("month", monthWords(month)), arg("names", same(names))})
}

// NoCliff says that a scan found nothing.
func NoCliff(lang string) string { return fill(words.Cliff, "none", lang, nil) }

// Axes are the things that move pay under a plan: sales, expenses, cash, the
// score, attainment of person and team, every indicator of a rule that moves
// money, and every indicator in the score that pay goes by.
func (f *File) Axes(known Indicators) []Axis {
	full := 100.0
	named := same(f.Pay.ScoreScorecard)
	if c := f.card(f.Pay.ScoreScorecard); c != nil {
		full, named = c.full(), c.Title
	}
	base, _ := known.called(f.Pay.BaseIndicator)
	top := f.Pay.Tier[len(f.Pay.Tier)-1].FromAmount
	top = max(2*top, 1_000_000)
	out := []Axis{
		{ID: "sales_amount", Title: base, Unit: "money", Better: 1, Low: 0, High: top, Step: 1},
		f.measured("expense_ratio", -1, 0, min(2, max(0.2, 2*f.Pay.ExpenseCeilingRate)), 1e-5, 0.005, known),
		f.measured("collection_rate", 1, 0, 1, 1e-4, 0.02, known),
		{ID: score, Title: Words{fill(words.Cliff, "score", "en", []Arg{arg("card", named)}), fill(words.Cliff, "score", "zh-CN", []Arg{arg("card", named)})}, Unit: "points", Better: 1, Low: 0, High: 1.1 * full, Step: 0.05, Reach: 1},
		f.measured("target_attainment", 1, 0, 2, 1e-4, 0.02, known),
	}
	if f.Pay.PoolRate > 0 {
		team := words.Cliff["team_attainment"]
		out = append(out, Axis{ID: "team_attainment", Title: Words(team), Unit: "rate", Better: 1, Low: 0, High: max(2, 1.5*f.Pay.PoolThreshold), Step: 1e-4, Reach: 0.02})
	}
	seen := map[string]int{}
	for i, a := range out {
		seen[a.ID] = i
	}
	widen := func(id string, low, high, better float64) {
		i, ok := seen[id]
		if !ok {
			i = len(out)
			seen[id] = i
			a := f.measured(id, better, low, high, 0, 0, known)
			if m, ok := known.find(id); ok && m.Direction == "down" {
				a.Better = -1
			}
			out = append(out, a)
		}
		a := &out[i]
		a.Low, a.High = min(a.Low, low), max(a.High, high)
		if i >= len(seen)-1 || a.Step == 0 {
			a.Step, a.Reach = (a.High-a.Low)*1e-4, (a.High-a.Low)*0.02
		}
	}
	for _, r := range f.Rule {
		if r.Effect == "bonus" || r.Effect == "reduced_rate" {
			span := max(1, 0.5*r.Value)
			if _, unit := known.called(r.Indicator); unit == "rate" {
				span = 0.5
			}
			widen(r.Indicator, r.Value-span, r.Value+span, 0)
		}
	}
	for _, n := range f.leaves(f.Pay.ScoreScorecard) {
		first, last := n.Curve.Steps[0], n.Curve.Steps[len(n.Curve.Steps)-1]
		better := 1.0
		if last.Points < first.Points {
			better = -1
		}
		span := (last.Value - first.Value) * 0.1
		widen(n.Indicator, first.Value-span, last.Value+span, better)
	}
	return out
}

func (f *File) measured(id string, better, low, high, step, reach float64, known Indicators) Axis {
	named, unit := known.called(id)
	return Axis{id, named, unit, better, low, high, step, reach}
}

// leaves are the indicators of a card and of the cards it takes, bonus too.
func (f *File) leaves(card string) []Node {
	c := f.card(card)
	if c == nil {
		return nil
	}
	var out []Node
	var walk func(nodes []Node)
	walk = func(nodes []Node) {
		for _, n := range nodes {
			switch {
			case n.Scorecard != "":
				out = append(out, f.leaves(n.Scorecard)...)
			case n.Indicator != "":
				out = append(out, n)
			}
			walk(n.Of)
		}
	}
	walk(c.Of)
	for _, b := range c.Bonus {
		steps := b.Curve.Steps
		if len(steps) == 0 {
			steps = []CurveStep{{Value: 0}, {Value: b.cap(f), Points: b.cap(f)}}
		}
		out = append(out, Node{Indicator: b.Indicator, Curve: Curve{Steps: steps}})
	}
	return out
}

// Usual is a value of each indicator in the score for pay, and of each rule
// that moves money, at which a person is at standard.
func (f *File) Usual() map[string]float64 {
	out := map[string]float64{}
	for _, r := range f.Rule {
		if r.Effect == "bonus" || r.Effect == "reduced_rate" {
			out[r.Indicator] = r.Value / 2
		}
	}
	standard := 80.0
	if c := f.card(f.Pay.ScoreScorecard); c != nil {
		standard = c.standard()
	}
	for _, n := range f.leaves(f.Pay.ScoreScorecard) {
		out[n.Indicator] = n.Curve.valueFor(standard)
	}
	return out
}

// valueFor is the first value with so many points, or the one that comes
// nearest.
func (c Curve) valueFor(points float64) float64 {
	best := c.Steps[0]
	for i, s := range c.Steps {
		if i > 0 {
			p := c.Steps[i-1]
			if (p.Points-points)*(s.Points-points) <= 0 && p.Points != s.Points {
				return p.Value + (s.Value-p.Value)*(points-p.Points)/(s.Points-p.Points)
			}
		}
		if diff(s.Points, points) < diff(best.Points, points) {
			best = s
		}
	}
	return best.Value
}

func diff(a, b float64) float64 { return max(a-b, b-a) }

// OnlyPay is the plan without the scorecards that pay does not go by.
func (f *File) OnlyPay() *File {
	needed := map[string]bool{}
	var need func(card string)
	var walk func(nodes []Node)
	walk = func(nodes []Node) {
		for _, n := range nodes {
			if n.Scorecard != "" {
				need(n.Scorecard)
			}
			walk(n.Of)
		}
	}
	need = func(card string) {
		if c := f.card(card); c != nil && !needed[card] {
			needed[card] = true
			walk(c.Of)
		}
	}
	need(f.Pay.ScoreScorecard)
	only := *f
	only.Scorecard = nil
	for _, c := range f.Scorecard {
		if needed[c.ID] {
			only.Scorecard = append(only.Scorecard, c)
		}
	}
	return &only
}

// MoneyMonths is how many months in a row the longest rule that moves money
// looks at.
func (f *File) MoneyMonths() int {
	n := 1
	for _, r := range f.Rule {
		if r.Effect == "bonus" || r.Effect == "reduced_rate" {
			n = max(n, r.Months)
		}
	}
	return n
}
