package dashboard

import (
	"context"
	"fmt"
	"html/template"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"levelfield/analytics"
	"levelfield/dashboard/auth"
	"levelfield/dashboard/chart"
	"levelfield/dashboard/i18n"
	"levelfield/dashboard/store"
)

// allocationPage splits a resource between regions, with its total and bounds
// in the address: a form without a script, and moved at once with one.
type allocationPage struct {
	View
	Finding, Lede string
	Trial         trialCard
	Splits        *Card
	Regions       splitTable
	Curves        smallsCard
	Doubts        []doubt
}

// trialCard is the form: the total and what follows from it.
type trialCard struct {
	*Card
	Resource          string
	Unit, Note        string
	Total             string // as printed
	Value             float64
	Min, Max, Step    float64
	MinText, MaxText  string
	TodayText, Change string
	Facts             []stated
	Reset             string
	Hidden            []stated // filters of the page that the form keeps
	Keep              string   // address to which a split is kept; "" where the reader may not
	Kept              []keptSplit
}

// keptSplit is a split that somebody kept, with what it promised.
type keptSplit struct{ Title, URL, Gain, Note string }

// stated is a line of words and a value.
type stated struct{ Title, Text, Note string }

// splitTable is a line a region: today, proposal, bounds, elasticity, marginal
// profit.
type splitTable struct {
	*Card
	Unit  string
	Rows  []splitRow
	Total splitRow
}

type splitRow struct {
	ID, Name, Today, Proposed, Change, Low, High string
	LowValue, HighValue                          string
	Elasticity, Interval, Now, Then, Sales, Near string
	Tone                                         string
	Bar                                          template.HTML
	Badges                                       []doubtBadge
}

type doubtBadge struct{ Kind, Text string }

// doubt is a card on when not to believe the curves.
type doubt struct {
	Title, Sub, Text string
	Facts            []stated
}

// Cards lists the cards whose tables can be exported.
func (p *allocationPage) Cards() []*Card {
	all := []*Card{p.Trial.Card}
	for _, c := range []*Card{p.Splits, p.Regions.Card, p.Curves.Card} {
		if c != nil {
			all = append(all, c)
		}
	}
	return all
}

// askedSplit reads the question from the address.
func (q *Query) askedSplit(regions []analytics.AllocationRegion) (analytics.SplitQuestion, error) {
	ask := analytics.SplitQuestion{Resource: analytics.Promotion, Low: map[string]float64{}, High: map[string]float64{}}
	if r := q.Params.Get("resource"); r == analytics.Headcount {
		ask.Resource = r
	} else if r != "" && r != analytics.Promotion {
		return ask, badFilter("allocation.bad_resource", "value", r)
	}
	var wrong []string
	number := func(name string) (float64, bool) {
		text := strings.ReplaceAll(q.Params.Get(name), ",", "")
		if text == "" {
			return 0, false
		}
		v, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) || v < 0 {
			wrong = append(wrong, text)
			return 0, false
		}
		return v, true
	}
	if v, ok := number("total"); ok {
		ask.Total = v
	}
	for _, g := range regions {
		if v, ok := number("low_" + g.ID); ok {
			ask.Low[g.ID] = v
		}
		if v, ok := number("high_" + g.ID); ok {
			ask.High[g.ID] = v
		}
	}
	if wrong != nil {
		return ask, badFilter("allocation.bad_number", "value", strings.Join(wrong, ", "))
	}
	return ask, nil
}

func allocation(ctx context.Context, q *Query) (Page, error) {
	p := &allocationPage{View: q.view("allocation")}
	p.Title = q.Lang.T("nav.allocation")
	p.Crumbs = []Crumb{{q.Lang.T("nav.overview"), q.Link("/")}, {Title: p.Title}}
	resource := analytics.Promotion
	if q.Params.Get("resource") == analytics.Headcount {
		resource = analytics.Headcount
	}
	p.Filters = append(p.Filters, q.resourceFilter(resource))
	regions, err := q.Run.AllocationRegions(ctx, q.Scope, resource, q.Month)
	if err != nil {
		return nil, err
	}
	ask, err := q.askedSplit(regions)
	if err != nil {
		return nil, err
	}
	p.Trial.Card = &Card{ID: "trial", Title: q.Lang.T("allocation.trial"), Sub: q.Lang.T("allocation.trial_sub")}
	if p.Trial.Kept, err = q.keptSplits(ctx); err != nil {
		return nil, err
	}
	if len(regions) == 0 {
		p.Finding, p.Lede = q.Lang.T("allocation.none"), q.Lang.T("allocation.none_text")
		p.Trial.State = &State{"empty", q.Lang.T("state.empty.title"), q.Lang.T("allocation.none_text"), &Choice{Title: q.Lang.T("nav.data"), URL: q.Link("/data")}}
		return p, nil
	}
	areas, budget, err := ask.Question(regions)
	if err == nil {
		var proposal *analytics.Proposal
		if proposal, err = analytics.Propose(areas, budget); err == nil {
			q.fillAllocation(p, ask, regions, proposal)
			return p, nil
		}
	}
	p.Finding, p.Lede = q.Lang.T("allocation.cannot"), q.Lang.T("allocation.cannot_text", "least", q.amountOf(resource, bound(areas, false)), "most", q.amountOf(resource, bound(areas, true)))
	q.trial(&p.Trial, ask, regions, nil)
	p.Trial.State = &State{"error", p.Finding, p.Lede, &Choice{Title: q.Lang.T("allocation.reset"), URL: p.Trial.Reset}}
	return p, nil
}

func bound(areas []analytics.Area, upper bool) (sum float64) {
	for _, a := range areas {
		if upper {
			sum += a.High
		} else {
			sum += a.Low
		}
	}
	return sum
}

func (q *Query) resourceFilter(resource string) Filter {
	f := Filter{Name: "resource", Label: q.Lang.T("allocation.resource"), Value: q.Lang.T("allocation." + resource)}
	for _, r := range []string{analytics.Promotion, analytics.Headcount} {
		f.Choices = append(f.Choices, Choice{q.Lang.T("allocation." + r), q.Link("/allocation", "resource", r), r == resource})
	}
	return f
}

// amountOf writes an amount of a resource.
func (q *Query) amountOf(resource string, v float64) string {
	if resource == analytics.Headcount {
		return q.Lang.T("kpi.people", "n", q.Lang.Decimal(v, 0))
	}
	return q.Money(v)
}

func (q *Query) fillAllocation(p *allocationPage, ask analytics.SplitQuestion, regions []analytics.AllocationRegion, proposal *analytics.Proposal) {
	scale := q.Lang.MoneyScale(math.Max(math.Abs(proposal.Best.Gain.High), 1e4), q.Run.Meta.Currency)
	p.Finding = q.allocationFinding(ask, proposal)
	p.Lede = q.Lang.T("allocation.lede")
	if regions[0].IsConflict {
		p.Lede = q.Lang.T("allocation.lede_conflict", "prior", q.Lang.Decimal(regions[0].PriorElasticity, 2))
	} else if !regions[0].HasMargin {
		p.Lede = q.Lang.T("allocation.lede_sales")
	}
	q.trial(&p.Trial, ask, regions, proposal)
	if q.May(auth.Settle) {
		p.Trial.Keep = q.Here()
	}
	p.Splits = q.splitsCard(regions, proposal, scale)
	p.Regions = q.splitTable(ask, regions, proposal)
	p.Curves = q.curves(ask, regions, proposal)
	p.Doubts = q.doubts(regions)
}

func (q *Query) allocationFinding(ask analytics.SplitQuestion, p *analytics.Proposal) string {
	s := p.Best
	if p.Verdict == analytics.VerdictHalf {
		s = p.Half
	}
	moved := 0.0
	for i := range s.X {
		moved += math.Max(0, s.X[i]-p.Today[i])
	}
	key := "allocation.finding_" + p.Verdict
	return q.Lang.T(key, "moved", q.amountOf(ask.Resource, moved), "gain", q.Money(s.Gain.Mean), "low", q.Money(s.Gain.Low), "high", q.Money(s.Gain.High))
}

func (q *Query) trial(t *trialCard, ask analytics.SplitQuestion, regions []analytics.AllocationRegion, p *analytics.Proposal) {
	var today float64
	for _, g := range regions {
		today += g.Today
	}
	t.Resource, t.Value = ask.Resource, ask.Total
	if ask.Total == 0 {
		t.Value = today
	}
	t.Min, t.Max, t.Step = math.Floor(.8*today), math.Ceil(1.2*today), math.Max(1, math.Round(today/400))
	if ask.Resource == analytics.Headcount {
		t.Step = 1
	} else {
		t.Value = math.Round(t.Value)
	}
	t.Total, t.MinText, t.MaxText = q.amountOf(ask.Resource, t.Value), q.amountOf(ask.Resource, t.Min), q.amountOf(ask.Resource, t.Max)
	t.TodayText = q.amountOf(ask.Resource, today)
	t.Note = q.Lang.T("allocation.as_today")
	if d := t.Value - today; math.Abs(d) > t.Step {
		t.Note = q.Lang.T("allocation.changed", "change", i18n.Signed(d, q.Lang.Percent(d/today, 1)))
	}
	t.Reset = q.Link("/allocation", "resource", ask.Resource)
	for _, name := range []string{"month", "region", "compare"} {
		if v := q.Params.Get(name); v != "" {
			t.Hidden = append(t.Hidden, stated{Title: name, Text: v})
		}
	}
	t.Hidden = append(t.Hidden, stated{Title: "resource", Text: ask.Resource})
	if p == nil {
		return
	}
	binding := 0
	for i := range p.AtLow {
		if p.AtLow[i] || p.AtHigh[i] {
			binding++
		}
	}
	goal := "allocation.goal_profit"
	if !regions[0].HasMargin {
		goal = "allocation.goal_sales"
	}
	unit := 10_000.0
	shadow := q.Lang.T("allocation.shadow", "unit", q.Money(unit))
	if ask.Resource == analytics.Headcount {
		unit, shadow = 1, q.Lang.T("allocation.shadow_person")
	}
	t.Facts = []stated{
		{q.Lang.T("allocation.goal"), q.Lang.T(goal), ""},
		{q.Lang.T("allocation.limit"), q.Lang.Percent(regions[0].ChangeLimit, 0), ""},
		{shadow, q.Money(p.Shadow * unit), q.Lang.T("allocation.before_cost")},
		{q.Lang.T("allocation.binding"), q.Lang.T("allocation.bounds", "n", binding), ""},
	}
}

func (q *Query) splitsCard(regions []analytics.AllocationRegion, p *analytics.Proposal, scale i18n.Scale) *Card {
	c := &Card{ID: "splits", Sub: q.Lang.T("allocation.splits_sub", "unit", scale.Unit())}
	splits := []struct {
		name string
		s    analytics.Split
	}{{q.Lang.T("allocation.best"), p.Best}, {q.Lang.T("allocation.half"), p.Half}, {q.Lang.T("allocation.even"), p.Judge(evenSplit(p))}, {q.Lang.T("allocation.leaders"), p.Judge(leaderSplit(regions, p))}}
	c.Table.Columns = []Column{{Title: q.Lang.T("allocation.split")}, {Title: q.Lang.T("allocation.mean"), Unit: scale.Unit(), Numeric: true}, {Title: "5%", Unit: scale.Unit(), Numeric: true}, {Title: "95%", Unit: scale.Unit(), Numeric: true}, {Title: q.Lang.T("allocation.better"), Numeric: true}}
	var rows []chart.SplitRow
	var sure []string
	for _, s := range splits {
		g := s.s.Gain
		tone := ""
		if g.Low > 0 {
			tone = "above"
		} else if g.High < 0 {
			tone = "below"
		}
		if s.s.Probability >= p.Budget.Probability {
			sure = append(sure, s.name)
		}
		rows = append(rows, chart.SplitRow{Name: s.name, Mean: g.Mean, Low: g.Low, High: g.High, Text: i18n.Signed(g.Mean, scale.Text(q.Lang, g.Mean)), Tone: tone})
		c.Table.Rows = append(c.Table.Rows, []Cell{text(s.name), number(scale.Text(q.Lang, g.Mean), &g.Mean), number(scale.Text(q.Lang, g.Low), &g.Low), number(scale.Text(q.Lang, g.High), &g.High), number(q.Lang.Percent(s.s.Probability, 0), &s.s.Probability)})
	}
	c.Title = q.Lang.T("allocation.splits_none")
	if sure != nil {
		c.Title = q.Lang.T("allocation.splits_sure", "names", q.Lang.List(sure), "p", q.Lang.Percent(p.Budget.Probability, 0))
	}
	regret := p.Regret()
	c.Plots = []Plot{{Option: chart.Splits(rows, q.Lang.T("allocation.today")), Label: c.Title, Height: 240,
		Note: q.Lang.T("allocation.regret", "p", q.Lang.Percent(p.Best.Probability, 0), "regret", q.Money(regret.Mean))}}
	return q.card(c)
}

// evenSplit gives every region the same per unit of sales today, the total
// unchanged.
func evenSplit(p *analytics.Proposal) []float64 {
	var sales, total float64
	for i, a := range p.Areas {
		sales += a.Sales
		total += p.Best.X[i]
	}
	x := make([]float64, len(p.Areas))
	for i, a := range p.Areas {
		x[i] = total * a.Sales / sales
	}
	return x
}

// leaderSplit gives a fifth more to the three with the best attainment, taken
// from the others.
func leaderSplit(regions []analytics.AllocationRegion, p *analytics.Proposal) []float64 {
	order := make([]int, len(regions))
	for i := range order {
		order[i] = i
	}
	rank := func(g analytics.AllocationRegion) float64 {
		if g.Attainment != nil {
			return *g.Attainment
		}
		return 0
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch x, y := rank(regions[a]), rank(regions[b]); {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	x := slices.Clone(p.Today)
	var total, top, rest float64
	for i := range x {
		total += p.Best.X[i]
	}
	for k, i := range order {
		if k < 3 {
			top += x[i] * 1.2
		} else {
			rest += x[i]
		}
	}
	for k, i := range order {
		if k < 3 {
			x[i] *= 1.2
		} else if rest > 0 {
			x[i] *= math.Max(.05, (total-top)/rest)
		}
	}
	return x
}

func (q *Query) splitTable(ask analytics.SplitQuestion, regions []analytics.AllocationRegion, p *analytics.Proposal) splitTable {
	t := splitTable{Card: &Card{ID: "regions", Sub: q.Lang.T("allocation.table_sub")}}
	var most, today, proposed, sales float64
	for _, a := range p.Areas {
		most = math.Max(most, a.High)
	}
	scale := q.Lang.MoneyScale(math.Max(most, 1e4), q.Run.Meta.Currency)
	write := func(v float64) string { return scale.Text(q.Lang, v) }
	t.Unit = scale.Unit()
	if ask.Resource == analytics.Headcount {
		write, t.Unit = func(v float64) string { return q.Lang.Decimal(v, 0) }, q.Lang.T("allocation.heads")
	}
	order := make([]int, len(regions))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return int(math.Copysign(1, p.Marginal[b][0]-p.Marginal[a][0]))
	})
	t.Title = q.Lang.T("allocation.table", "best", regions[order[0]].Name, "last", regions[order[len(order)-1]].Name,
		"high", q.Lang.Decimal(p.Marginal[order[0]][0], 2), "low", q.Lang.Decimal(p.Marginal[order[len(order)-1]][0], 2))
	if ask.Resource == analytics.Headcount {
		t.Title = q.Lang.T("allocation.table", "best", regions[order[0]].Name, "last", regions[order[len(order)-1]].Name,
			"high", q.Money(p.Marginal[order[0]][0]), "low", q.Money(p.Marginal[order[len(order)-1]][0]))
	}
	for _, name := range []string{"region", "now", "proposed", "low", "high", "elasticity", "marginal_now", "marginal_then", "sales"} {
		t.Table.Columns = append(t.Table.Columns, Column{Title: q.Lang.T("allocation.col_" + name), Numeric: name != "region"})
	}
	for _, i := range order {
		g, a := regions[i], p.Areas[i]
		x := p.X[i]
		more := a.SalesAt(x) - g.Sales
		today, proposed, sales = today+a.Today, proposed+x, sales+more
		r := splitRow{
			ID: g.ID, Name: g.Name, Today: write(a.Today), Proposed: write(x), Low: write(a.Low), High: write(a.High),
			LowValue: strconv.FormatFloat(math.Round(a.Low), 'f', 0, 64), HighValue: strconv.FormatFloat(math.Round(a.High), 'f', 0, 64),
			Change:     i18n.Signed(x-a.Today, write(x-a.Today)),
			Elasticity: q.Lang.Decimal(g.Elasticity, 2), Interval: "±" + q.Lang.Decimal(1.645*g.SE, 2),
			Now: q.Lang.Decimal(p.Marginal[i][0], 2), Then: q.Lang.Decimal(p.Marginal[i][1], 2),
			Sales: i18n.Signed(more, q.Money(more)), Near: write(p.Near[i][0]) + "–" + write(p.Near[i][1]),
			Bar: moveBar(a, x), Tone: direction(x - a.Today), Badges: q.splitBadges(g, p, i),
		}
		if ask.Resource == analytics.Headcount {
			r.Now, r.Then = q.Money(p.Marginal[i][0]), q.Money(p.Marginal[i][1])
		}
		t.Rows = append(t.Rows, r)
		t.Table.Rows = append(t.Table.Rows, []Cell{text(g.Name), number(r.Today, &a.Today), number(r.Proposed, &x), number(r.Low, &a.Low), number(r.High, &a.High),
			number(r.Elasticity, &g.Elasticity), number(r.Now, &p.Marginal[i][0]), number(r.Then, &p.Marginal[i][1]), number(r.Sales, &more)})
	}
	t.Total = splitRow{Name: q.Lang.T("allocation.sum"), Today: write(today), Proposed: write(proposed), Change: i18n.Signed(proposed-today, write(proposed-today)), Sales: i18n.Signed(sales, q.Money(sales))}
	q.card(t.Card)
	return t
}

// direction is the tone of a change.
func direction(v float64) string {
	switch {
	case v > 1e-6:
		return "pos"
	case v < -1e-6:
		return "neg"
	}
	return ""
}

// moveBar draws the range allowed, today hollow and the proposal solid.
func moveBar(a analytics.Area, x float64) template.HTML {
	const width = 200.0
	span := math.Max(a.High-a.Low, 1e-9)
	at := func(v float64) float64 { return 8 + math.Min(1, math.Max(0, (v-a.Low)/span))*(width-16) }
	return template.HTML(fmt.Sprintf(`<svg class="cell-bar" width="%.0f" height="16" aria-hidden="true"><rect class="iv" x="8" y="5" width="%.0f" height="6" rx="3"/><circle class="raw" cx="%.1f" cy="8" r="4"/><circle class="dot %s" cx="%.1f" cy="8" r="5"/></svg>`,
		width, width-16, at(a.Today), direction(x-a.Today), at(x)))
}

func (q *Query) splitBadges(g analytics.AllocationRegion, p *analytics.Proposal, i int) (all []doubtBadge) {
	add := func(kind, key string) { all = append(all, doubtBadge{kind, q.Lang.T("allocation.badge_" + key)}) }
	switch {
	case p.Areas[i].Answers != nil:
		add("none", "answers")
	case g.IsPriorOnly:
		add("cannot", "prior")
	}
	if p.MoveP[i] < p.Budget.Probability {
		add("cannot", "unsure")
	}
	if p.Verdict == analytics.VerdictMove && p.AtLow[i] {
		add("none", "low")
	}
	if p.Verdict == analytics.VerdictMove && p.AtHigh[i] {
		add("none", "high")
	}
	if g.Leverage > .5 {
		add("look", "leverage")
	}
	if x := p.X[i]; x < .75*g.LowSeen || x > 1.25*g.HighSeen {
		add("look", "outside")
	}
	return all
}

func (q *Query) curves(ask analytics.SplitQuestion, regions []analytics.AllocationRegion, p *analytics.Proposal) smallsCard {
	s := smallsCard{Card: &Card{ID: "curves", Title: q.Lang.T("allocation.curves"), Sub: q.Lang.T("allocation.curves_sub")}}
	s.Table.Columns = []Column{{Title: q.Lang.T("allocation.col_region")}, {Title: q.Lang.T("allocation.col_now"), Numeric: true}, {Title: q.Lang.T("allocation.col_proposed"), Numeric: true}, {Title: q.Lang.T("allocation.sales_now"), Numeric: true}, {Title: q.Lang.T("allocation.sales_then"), Numeric: true}}
	bounds := chart.Bounds{Min: 60, Max: 140, Step: 40}
	for i, g := range regions {
		a := p.Areas[i]
		at := func(share, b float64) float64 {
			if a.Answers != nil {
				return 100 * a.Answers.At(share)
			}
			return 100 * math.Pow(share, b)
		}
		var points []chart.ResponsePoint
		for share := .5; share <= 1.501; share += .05 {
			lo, hi := at(share, g.Low), at(share, g.High)
			points = append(points, chart.ResponsePoint{X: 100 * share, Y: at(share, g.Elasticity), Low: math.Min(lo, hi), High: math.Max(lo, hi)})
		}
		share := p.X[i] / a.Today
		note := q.Lang.T("allocation.curve_note", "from", q.amountOf(ask.Resource, a.Today), "to", q.amountOf(ask.Resource, p.X[i]), "b", q.Lang.Decimal(g.Elasticity, 2))
		tone := map[string]string{"pos": "above", "neg": "below"}[direction(p.X[i]-a.Today)]
		s.Smalls = append(s.Smalls, small{g.Name, note, q.Link("/regions", "region", g.Name), Plot{
			Option: chart.ResponseCurve(points, chart.ResponsePoint{X: 100 * share, Y: at(share, g.Elasticity)}, 100*g.LowSeen/a.Today, 100*g.HighSeen/a.Today, tone, bounds),
			Label:  g.Name + " " + note, Height: 160,
		}})
		then := a.SalesAt(p.X[i])
		s.Table.Rows = append(s.Table.Rows, []Cell{text(g.Name), number(q.amountOf(ask.Resource, a.Today), &a.Today), number(q.amountOf(ask.Resource, p.X[i]), &p.X[i]), number(q.Money(g.Sales), &g.Sales), number(q.Money(then), &then)})
	}
	s.Plots = []Plot{s.Smalls[0].Plot}
	q.card(s.Card)
	return s
}

func (q *Query) doubts(regions []analytics.AllocationRegion) []doubt {
	g := regions[0]
	var prior []string
	leverage := 0.0
	for _, r := range regions {
		leverage = math.Max(leverage, r.Leverage)
		if r.IsPriorOnly {
			prior = append(prior, r.Name)
		}
	}
	few := doubt{Title: q.Lang.T("allocation.few_none"), Sub: q.Lang.T("allocation.few_sub"), Text: q.Lang.T("allocation.few_none_text")}
	if prior != nil {
		few.Title, few.Text = q.Lang.T("allocation.few", "names", q.Lang.List(prior)), q.Lang.T("allocation.few_text")
	}
	pairs := max(1, len(regions)/2)
	few.Facts = []stated{{q.Lang.T("allocation.trial_of"), q.Lang.T("allocation.trial_effect", "pairs", pairs, "effect", q.Lang.Percent(analytics.Experiment(g.Residual, pairs, 4), 1)), ""}}
	verdict := func(yes bool, yesKey, noKey string, value string) string {
		if yes {
			return q.Lang.T(yesKey, "value", value)
		}
		return q.Lang.T(noKey, "value", value)
	}
	carry := q.Lang.T("allocation.no_carry")
	if g.CarrySE != nil && math.Abs(g.Carry) > 2**g.CarrySE {
		carry = q.Lang.T("allocation.carry_yes", "value", q.Lang.Decimal(g.Carry, 2))
	}
	chase := doubt{Title: q.Lang.T("allocation.chase"), Sub: q.Lang.T("allocation.chase_sub"), Facts: []stated{
		{q.Lang.T("allocation.chase_last"), verdict(g.ChaseP < .05, "allocation.chase_yes", "allocation.chase_no", q.Lang.Decimal(g.ChaseP, 2)), ""},
		{q.Lang.T("allocation.conflict"), verdict(g.IsConflict, "allocation.conflict_yes", "allocation.conflict_no", q.Lang.Decimal(math.Abs(g.ConflictZ), 1)), ""},
		{q.Lang.T("allocation.leverage"), q.Lang.Decimal(leverage, 2), q.Lang.T("allocation.leverage_bar")},
		{q.Lang.T("allocation.carry"), carry, ""},
	}}
	rank := doubt{Title: q.Lang.T("allocation.rank"), Sub: q.Lang.T("allocation.rank_sub"), Text: q.Lang.T("allocation.rank_text")}
	return []doubt{few, chase, rank}
}

// mostKeptSplits is how many kept splits the page lists.
const mostKeptSplits = 5

func (q *Query) keptSplits(ctx context.Context) (kept []keptSplit, err error) {
	all, err := q.Store().SplitPlans(ctx)
	for _, s := range all[:min(len(all), mostKeptSplits)] {
		kept = append(kept, keptSplit{
			Title: q.Lang.T("allocation.kept_by", "who", s.Who, "date", q.Lang.Day(s.At.Local())), URL: "/allocation?" + s.Question,
			Gain: q.Lang.T("allocation.kept_gain", "gain", q.Money(s.Gain), "low", q.Money(s.Low), "high", q.Money(s.High)), Note: s.Reason,
		})
	}
	return kept, err
}

// keepSplit keeps the split of the address with what it promises and why.
func keepSplit(ctx context.Context, q *Query) (to, done string, err error) {
	reason := strings.TrimSpace(q.Form.Get("reason"))
	if reason == "" {
		return "", "", refused("allocation.no_reason")
	}
	resource := analytics.Promotion
	if q.Params.Get("resource") == analytics.Headcount {
		resource = analytics.Headcount
	}
	regions, err := q.Run.AllocationRegions(ctx, q.Scope, resource, q.Month)
	if err != nil {
		return "", "", err
	}
	ask, err := q.askedSplit(regions)
	if err != nil {
		return "", "", err
	}
	areas, budget, err := ask.Question(regions)
	if err != nil {
		return "", "", refused("close.said", "text", err.Error())
	}
	p, err := analytics.Propose(areas, budget)
	if err != nil {
		return "", "", refused("close.said", "text", err.Error())
	}
	s := p.Judge(p.X)
	question := url.Values{}
	for name, values := range q.Params {
		if name != "lang" && name != "theme" {
			question[name] = values
		}
	}
	question.Set("month", q.Month.Format("2006-01"))
	err = q.Store().KeepSplit(ctx, store.SplitPlan{
		Month: q.Month, Resource: resource, Question: question.Encode(), Verdict: p.Verdict,
		Gain: s.Gain.Mean, Low: s.Gain.Low, High: s.Gain.High, Probability: s.Probability, Reason: reason, Who: q.Reader.Name,
	})
	return "/allocation?" + question.Encode(), "allocation.kept_done", err
}
