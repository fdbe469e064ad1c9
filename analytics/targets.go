package analytics

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"
	"time"

	"levelfield/analytics/stat"
)

// Ways to share a target.
const (
	ByEqual     = "equal"     // the same for everybody
	ByHistory   = "history"   // by sales of the last year, for the months on duty
	ByPotential = "potential" // by the market of the region, the same for everybody in it
	ByExpected  = "expected"  // by expected sales of an average person there
	ByWeights   = "weights"   // by weights given
)

// TargetWays lists the ways to share a target.
var TargetWays = []string{ByEqual, ByHistory, ByPotential, ByExpected, ByWeights}

// TargetPart is one of those who share a target. Amounts are cents.
type TargetPart struct {
	ID, Name  string
	Weight    float64
	Low, High *int64 // bounds; nil: none
	Locked    *int64 // stands whatever the weights say
}

// ShareTarget shares total cents by weight, in steps of unit cents, so that the
// parts add up to the total to the cent: locked parts stand, bounds hold, the
// largest remainders are rounded up (Hamilton). What is left below a whole unit
// goes to the largest part that may take it. Every reason why it cannot be done
// is said at once.
func ShareTarget(total, unit int64, parts []TargetPart) ([]int64, error) {
	if err := checkShare(total, unit, parts); err != nil {
		return nil, err
	}
	share := make([]int64, len(parts))
	left, open := total, []int{}
	for i, p := range parts {
		if p.Locked != nil {
			share[i] = *p.Locked
			left -= *p.Locked
			continue
		}
		open = append(open, i)
	}
	if len(open) == 0 {
		return share, nil
	}
	exact := boundedShares(left, parts, open)
	order := slices.Clone(open)
	remainder := map[int]*big.Rat{}
	given := int64(0)
	for _, i := range open {
		whole := new(big.Int).Quo(exact[i].Num(), exact[i].Denom()).Int64()
		share[i] = whole / unit * unit
		low, high := limits(parts[i], total)
		share[i] = min(max(share[i], low), high)
		remainder[i] = new(big.Rat).Sub(exact[i], new(big.Rat).SetInt64(share[i]))
		given += share[i]
	}
	slices.SortStableFunc(order, func(a, b int) int { return remainder[b].Cmp(remainder[a]) })
	settle(share, parts, order, total, left-given, unit)
	return share, nil
}

// settle hands out, or takes back, what rounding left: whole units first, then
// what is smaller than a unit, always inside the bounds.
func settle(share []int64, parts []TargetPart, order []int, total, left, unit int64) {
	for _, step := range []int64{unit, 1} {
		for moved := true; moved && left != 0; {
			moved = false
			for k := range order {
				i := order[k]
				if left < 0 {
					i = order[len(order)-1-k]
				}
				low, high := limits(parts[i], total)
				d := step
				if step == 1 { // all that is left, at once
					d = max(left, -left)
				}
				if left >= d && left > 0 {
					d = min(d, high-share[i])
				} else if -left >= d && left < 0 {
					d = -min(d, share[i]-low)
				} else {
					continue
				}
				if d == 0 || step != 1 && max(d, -d) != step {
					continue
				}
				share[i] += d
				left -= d
				moved = true
			}
		}
		if step == unit { // the rest goes to the largest
			slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(share[b], share[a]) })
			if left < 0 {
				slices.Reverse(order)
			}
		}
	}
}

// boundedShares shares left by weight; whoever would leave his bounds gets the
// bound and the others share again.
func boundedShares(left int64, parts []TargetPart, open []int) map[int]*big.Rat {
	exact, free := map[int]*big.Rat{}, slices.Clone(open)
	rest := new(big.Rat).SetInt64(left)
	for len(free) > 0 {
		weights := new(big.Rat)
		for _, i := range free {
			weights.Add(weights, weightOf(parts[i]))
		}
		var over, under []int
		gap := new(big.Rat) // by how much the upper bounds cut more than the lower ones add
		for _, i := range free {
			x := new(big.Rat)
			if weights.Sign() > 0 {
				x.Quo(x.Mul(rest, weightOf(parts[i])), weights)
			} else {
				x.Quo(rest, new(big.Rat).SetInt64(int64(len(free))))
			}
			exact[i] = x
			low, high := limits(parts[i], left)
			if h := new(big.Rat).SetInt64(high); parts[i].High != nil && x.Cmp(h) > 0 {
				over, gap = append(over, i), gap.Add(gap, new(big.Rat).Sub(x, h))
			} else if l := new(big.Rat).SetInt64(low); x.Cmp(l) < 0 {
				under, gap = append(under, i), gap.Sub(gap, new(big.Rat).Sub(l, x))
			}
		}
		fixed := over
		if gap.Sign() < 0 {
			fixed = under
		} else if gap.Sign() == 0 {
			fixed = append(over, under...)
		}
		if len(fixed) == 0 {
			return exact
		}
		for _, i := range fixed {
			low, high := limits(parts[i], left)
			bound := low
			if slices.Contains(over, i) {
				bound = high
			}
			exact[i] = new(big.Rat).SetInt64(bound)
			rest.Sub(rest, exact[i])
		}
		free = slices.DeleteFunc(free, func(i int) bool { return slices.Contains(fixed, i) })
	}
	return exact
}

func weightOf(p TargetPart) *big.Rat { return new(big.Rat).SetFloat64(p.Weight) }

// limits are a part's bounds; without an upper one it may take all.
func limits(p TargetPart, all int64) (low, high int64) {
	high = math.MaxInt64 / 4
	if p.Low != nil {
		low = *p.Low
	}
	if p.High != nil {
		high = *p.High
	}
	return low, high
}

func checkShare(total, unit int64, parts []TargetPart) error {
	var wrong []error
	say := func(format string, a ...any) { wrong = append(wrong, fmt.Errorf("targets: "+format, a...)) }
	if len(parts) == 0 {
		return errors.New("targets: there is nobody to share with")
	}
	if unit < 1 {
		say("the rounding unit must be at least a cent")
	}
	if total < 0 {
		say("the total %s is below 0", amountText(total))
	}
	var least, most, locked int64
	unbounded, weights, names := false, 0.0, []string{}
	for _, p := range parts {
		if math.IsNaN(p.Weight) || math.IsInf(p.Weight, 0) || p.Weight < 0 {
			say("the weight of %s is %g; it must be 0 or more", p.Name, p.Weight)
			continue
		}
		if p.Locked != nil {
			if *p.Locked < 0 {
				say("%s is locked at %s, below 0", p.Name, amountText(*p.Locked))
			}
			least, most, locked = least+*p.Locked, most+*p.Locked, locked+*p.Locked
			names = append(names, p.Name)
			continue
		}
		low, high := limits(p, total)
		if low < 0 || low > high {
			say("the bounds of %s, %s to %s, are not in order", p.Name, amountText(low), amountText(high))
		}
		least, weights = least+low, weights+p.Weight
		if p.High == nil {
			unbounded = true
		} else {
			most += high
		}
	}
	switch {
	case wrong != nil:
	case least > total:
		say("lower bounds and locked parts come to %s, %s more than the total %s; lower a bound, unlock a part or raise the total", amountText(least), amountText(least-total), amountText(total))
	case !unbounded && most < total:
		say("upper bounds and locked parts come to %s, %s less than the total %s; raise a bound, unlock a part or lower the total", amountText(most), amountText(total-most), amountText(total))
	case weights == 0 && locked != total && len(names) < len(parts):
		say("every weight is 0; give at least one a weight, or share equally")
	}
	return errors.Join(wrong...)
}

func amountText(cents int64) string {
	sign := ""
	if cents < 0 {
		sign, cents = "-", -cents
	}
	whole := fmt.Sprint(cents / 100)
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	return fmt.Sprintf("%s%s.%02d", sign, whole, cents%100)
}

// TargetPerson is somebody who may get a target, with what speaks for its size.
type TargetPerson struct {
	RepID     string   `db:"rep_id"`
	Name      string   `db:"rep_name"`
	TeamID    string   `db:"team_id"`
	TeamName  string   `db:"team_name"`
	RegionID  string   `db:"region_id"`
	Region    string   `db:"region_name"`
	Sales     float64  `db:"sales"`     // a month on duty over the last year
	NMonths   float64  `db:"n_months"`  // months of that on duty
	Potential float64  `db:"potential"` // market of the region
	NHere     int64    `db:"n_here"`    // people in the region
	Now       *float64 `db:"target"`    // target of the month, if there is one
	Expected  *float64 `db:"expected"`  // sales an average person is expected to reach there
}

// TargetQuestion asks for targets of a month.
type TargetQuestion struct {
	Total   int64              // cents, of the company
	Way     string             // equal, history ...
	Unit    int64              // rounding unit in cents
	Weights map[string]float64 // by id of a region, team or person
	Low     map[string]int64   // by id
	High    map[string]int64
	Locked  map[string]int64
}

// TargetNode is a unit with its target. The parts of a node add up to it to the
// cent.
type TargetNode struct {
	Kind, ID, Name string
	Amount         int64 // cents
	Now            *float64
	Expected       *float64 // expected sales of average people there
	NPeople        int
	IsLocked       bool
	Parts          []*TargetNode
	weight         float64
}

// TargetPlan is a proposal with its fairness.
type TargetPlan struct {
	Question TargetQuestion
	Root     *TargetNode
	People   []TargetFit // hardest target first
	Slope    *stat.Slope // of ln target on ln expected sales; nil where nothing is expected
	Missing  int         // people without an expectation
	Products []ProductTarget
}

// TargetFit is how far an average person would get with a person's target.
type TargetFit struct {
	Person TargetPerson
	Amount int64
	Reach  *float64 // expected sales / target
}

// PlanTargets shares a total over regions, their teams and their people, and
// shows how fair that is: what an average person would reach in each territory,
// and whether targets follow what is to be expected there (slope 1) or ignore
// it (slope 0) (methods 1.5, F15).
func PlanTargets(people []TargetPerson, q TargetQuestion) (*TargetPlan, error) {
	if !slices.Contains(TargetWays, q.Way) {
		return nil, fmt.Errorf("targets: there is no way %q to share; there are %s", q.Way, strings.Join(TargetWays, ", "))
	}
	root, err := targetTree(people, q)
	if err != nil {
		return nil, err
	}
	if err := known(root, q); err != nil {
		return nil, err
	}
	root.Amount = q.Total
	if err := share(root, q); err != nil {
		return nil, err
	}
	p := &TargetPlan{Question: q, Root: root}
	p.judge(people)
	return p, nil
}

// targetTree groups people by region and team; a node's weight is that of its
// people.
func targetTree(people []TargetPerson, q TargetQuestion) (*TargetNode, error) {
	root := &TargetNode{Kind: "company", ID: "company"}
	at := map[string]*TargetNode{"": root}
	child := func(of *TargetNode, kind, id, name string) *TargetNode {
		if n := at[of.ID+"/"+kind+"/"+id]; n != nil {
			return n
		}
		n := &TargetNode{Kind: kind, ID: id, Name: name}
		at[of.ID+"/"+kind+"/"+id] = n
		of.Parts = append(of.Parts, n)
		return n
	}
	var missing []string
	sums, n := map[string]float64{}, map[string]float64{}
	for _, p := range people {
		if p.Expected != nil {
			sums[p.RegionID], n[p.RegionID] = sums[p.RegionID]+*p.Expected, n[p.RegionID]+1
		}
	}
	for _, p := range people {
		if p.Expected == nil && n[p.RegionID] > 0 { // a newcomer: what is expected of others in his region
			mean := sums[p.RegionID] / n[p.RegionID]
			p.Expected = &mean
		}
		w, ok := weightFor(p, q)
		if !ok {
			missing = append(missing, p.Name)
		}
		region := child(root, "region", p.RegionID, p.Region)
		team := child(region, "team", p.TeamID, p.TeamName)
		rep := child(team, "rep", p.RepID, p.Name)
		rep.Now, rep.Expected = p.Now, p.Expected
		for _, n := range []*TargetNode{root, region, team, rep} {
			n.weight += w
			n.NPeople++
			if n != rep {
				n.Now, n.Expected = addTo(n.Now, p.Now), addTo(n.Expected, p.Expected)
			}
		}
	}
	if missing != nil && q.Way == ByExpected {
		return nil, fmt.Errorf("targets: %d of %d people have no expected sales (%s); calculate difficulty with more months, or share by history", len(missing), len(people), some(missing))
	}
	return root, nil
}

func addTo(sum, v *float64) *float64 {
	if v == nil {
		return sum
	}
	x := *v
	if sum != nil {
		x += *sum
	}
	return &x
}

func some(names []string) string {
	if len(names) > 3 {
		return strings.Join(names[:3], ", ") + " ..."
	}
	return strings.Join(names, ", ")
}

func weightFor(p TargetPerson, q TargetQuestion) (float64, bool) {
	switch q.Way {
	case ByHistory:
		return math.Max(0, p.Sales), true
	case ByPotential:
		return p.Potential / float64(max(1, p.NHere)), true
	case ByExpected:
		if p.Expected == nil {
			return 0, false
		}
		return *p.Expected, true
	case ByWeights:
		if w, ok := q.Weights[p.RepID]; ok {
			return w, true
		}
	}
	return 1, true
}

// known checks that every id in the question is a unit.
func known(root *TargetNode, q TargetQuestion) error {
	ids := map[string]bool{}
	var walk func(n *TargetNode)
	walk = func(n *TargetNode) {
		ids[n.ID] = true
		for _, p := range n.Parts {
			walk(p)
		}
	}
	walk(root)
	var wrong []error
	for what, given := range map[string][]string{"weight": sortedKeys(q.Weights), "lower bound": sortedKeys(q.Low), "upper bound": sortedKeys(q.High), "lock": sortedKeys(q.Locked)} {
		for _, id := range given {
			if !ids[id] {
				wrong = append(wrong, fmt.Errorf("targets: the %s names %s, which is no region, team or person on duty", what, id))
			}
		}
	}
	return errors.Join(wrong...)
}

// share goes down the tree. A locked or bounded unit far below binds its units
// above too.
func share(n *TargetNode, q TargetQuestion) error {
	if n.Parts == nil {
		return nil
	}
	parts := make([]TargetPart, len(n.Parts))
	for i, c := range n.Parts {
		parts[i] = TargetPart{ID: c.ID, Name: c.Name, Weight: c.weight}
		if w, ok := q.Weights[c.ID]; ok && q.Way == ByWeights {
			parts[i].Weight = w
		}
		low, high, isLocked := reachOf(c, q)
		parts[i].Low = &low
		if high != nil {
			parts[i].High = high
		}
		if isLocked {
			parts[i].Locked, c.IsLocked = &low, true
		}
	}
	amounts, err := ShareTarget(n.Amount, q.Unit, parts)
	if err != nil {
		if n.Kind != "company" {
			return fmt.Errorf("%s %s: %w", n.Kind, n.Name, err)
		}
		return err
	}
	var errs []error
	for i, c := range n.Parts {
		c.Amount = amounts[i]
		errs = append(errs, share(c, q))
	}
	return errors.Join(errs...)
}

// reachOf is the least and the most a unit can hold: its own bounds, and those
// of what is below it.
func reachOf(n *TargetNode, q TargetQuestion) (low int64, high *int64, isLocked bool) {
	if v, ok := q.Locked[n.ID]; ok {
		return v, &v, true
	}
	var least, most int64
	bounded := n.Parts != nil
	for _, c := range n.Parts {
		l, h, _ := reachOf(c, q)
		least += l
		if h == nil {
			bounded = false
		} else {
			most += *h
		}
	}
	low = max(least, q.Low[n.ID])
	if bounded {
		high = &most
	}
	if v, ok := q.High[n.ID]; ok && (high == nil || v < *high) {
		high = &v
	}
	return low, high, false
}

func (p *TargetPlan) judge(people []TargetPerson) {
	amounts := map[string]int64{}
	for _, r := range p.Root.Parts {
		for _, t := range r.Parts {
			for _, n := range t.Parts {
				amounts[n.ID] = n.Amount
			}
		}
	}
	p.fit(people, amounts)
}

// fit sets targets beside what average people are expected to sell.
func (p *TargetPlan) fit(people []TargetPerson, amounts map[string]int64) {
	var x, y []float64
	for _, person := range people {
		f := TargetFit{Person: person, Amount: amounts[person.RepID]}
		switch {
		case person.Expected == nil || *person.Expected <= 0:
			p.Missing++
		case f.Amount > 0:
			reach := *person.Expected / (float64(f.Amount) / 100)
			f.Reach = &reach
			x, y = append(x, math.Log(*person.Expected)), append(y, math.Log(float64(f.Amount)/100))
		}
		p.People = append(p.People, f)
	}
	if s, err := stat.FitSlope(x, y); err == nil {
		p.Slope = &s
	}
	slices.SortStableFunc(p.People, func(a, b TargetFit) int {
		switch {
		case a.Reach == nil || b.Reach == nil:
			if a.Reach == nil && b.Reach == nil {
				return 0
			}
			if a.Reach == nil {
				return 1
			}
			return -1
		}
		return cmp.Compare(*a.Reach, *b.Reach)
	})
}

// TargetPeople returns everybody on duty at the end of a month, with what
// speaks for the size of his target.
func (r *Run) TargetPeople(ctx context.Context, scope Scope, month time.Time) ([]TargetPerson, error) {
	return collect[TargetPerson](ctx, r, "target_people", scope, map[string]any{"month": month})
}

// TargetRow is one target of a version: of a unit, for a product or for all.
type TargetRow struct {
	UnitKind, UnitID string
	Product          string // "" all products
	Cents            int64
}

// Rows are the targets of a proposal, every level of it; by product where it
// was shared over products.
func (p *TargetPlan) Rows() (rows []TargetRow) {
	if len(p.Products) == 0 {
		return p.Root.rows("")
	}
	for _, one := range p.Products {
		rows = append(rows, one.Root.rows(one.ID)...)
	}
	return rows
}

func (n *TargetNode) rows(product string) (rows []TargetRow) {
	if n.ID != "" {
		rows = append(rows, TargetRow{n.Kind, n.ID, product, n.Amount})
	}
	for _, c := range n.Parts {
		rows = append(rows, c.rows(product)...)
	}
	return rows
}

// ProductTarget is a product's part of a proposal.
type ProductTarget struct {
	ID, Name string
	Root     *TargetNode
}

// PlanProducts shares a total over products by weight first, and each product's
// over regions, teams and people; bounds and locks of units are shared over the
// products alike, so that they hold for the sums. Without products it is
// PlanTargets.
func PlanProducts(people []TargetPerson, q TargetQuestion, products []TargetPart) (*TargetPlan, error) {
	if len(products) == 0 {
		return PlanTargets(people, q)
	}
	totals, err := ShareTarget(q.Total, q.Unit, products)
	if err != nil {
		return nil, err
	}
	var all *TargetPlan
	for i, product := range products {
		one := q
		one.Total = totals[i]
		for _, limits := range []*map[string]int64{&one.Low, &one.High, &one.Locked} {
			own := map[string]int64{}
			for id, cents := range *limits {
				shares, err := ShareTarget(cents, 1, products)
				if err != nil {
					return nil, err
				}
				own[id] = shares[i]
			}
			*limits = own
		}
		plan, err := PlanTargets(people, one)
		if err != nil {
			return nil, fmt.Errorf("product %s: %w", product.Name, err)
		}
		if all == nil {
			all = &TargetPlan{Question: q, Root: plan.Root.clone()}
		} else {
			all.Root.add(plan.Root)
		}
		all.Products = append(all.Products, ProductTarget{product.ID, product.Name, plan.Root})
	}
	all.judge(people)
	return all, nil
}

func (n *TargetNode) clone() *TargetNode {
	c := *n
	c.Parts = nil
	for _, p := range n.Parts {
		c.Parts = append(c.Parts, p.clone())
	}
	return &c
}

// add adds the amounts of the same tree.
func (n *TargetNode) add(o *TargetNode) {
	n.Amount += o.Amount
	for i, p := range n.Parts {
		p.add(o.Parts[i])
	}
}

// ReachOf describes how far average people would get with targets: the lowest
// tenth, the middle and the highest tenth of expected sales / target. ok is
// false below five people with both.
func ReachOf(people []TargetFit) (low, middle, high float64, ok bool) {
	var all []float64
	for _, f := range people {
		if f.Reach != nil {
			all = append(all, *f.Reach)
		}
	}
	if len(all) < 5 {
		return 0, 0, 0, false
	}
	slices.Sort(all)
	at := func(p float64) float64 { return all[int(math.Round(p*float64(len(all)-1)))] }
	return at(.1), at(.5), at(.9), true
}

// AsTheyAre judges the targets that people have now, or nil where nobody has one.
func AsTheyAre(people []TargetPerson) *TargetPlan {
	p := &TargetPlan{}
	amounts := map[string]int64{}
	for _, one := range people {
		if one.Now != nil {
			amounts[one.RepID] = int64(math.Round(*one.Now * 100))
		}
	}
	if len(amounts) == 0 {
		return nil
	}
	p.fit(people, amounts)
	return p
}

// ParseAmount reads money such as 1,000,000.50 into cents.
func ParseAmount(text string) (int64, error) {
	r, ok := new(big.Rat).SetString(strings.ReplaceAll(strings.TrimSpace(text), ",", ""))
	if ok {
		r.Mul(r, big.NewRat(100, 1))
	}
	if !ok || !r.IsInt() || !r.Num().IsInt64() || r.Sign() < 0 || r.Num().Int64() > 1e17 {
		return 0, fmt.Errorf("%q is no amount; write one with at most two decimals, such as 1000000 or 1,000,000.50", text)
	}
	return r.Num().Int64(), nil
}

// ProductSales is a product with its sales of the last twelve months.
type ProductSales struct {
	ID    string  `db:"product_id"`
	Name  string  `db:"product_name"`
	Sales float64 `db:"sales"`
}

// ProductSales returns the products that were sold in the twelve months up to
// one, largest first.
func (r *Run) ProductSales(ctx context.Context, scope Scope, month time.Time) ([]ProductSales, error) {
	return collect[ProductSales](ctx, r, "target_products", scope, map[string]any{"month": month})
}
