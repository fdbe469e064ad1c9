package dashboard

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"levelfield/analytics"
	"levelfield/dashboard/chart"
	"levelfield/dashboard/i18n"
)

// difficultyPage says what each market is worth: the verdict whether it can be
// known, coefficients with intervals, what drives them, what managers
// published against it, and every person's coefficient with its parts.
type difficultyPage struct {
	View
	Finding, Lede string
	Limits        []string // what these data cannot say
	Verdict       factsCard
	Cells         *Card
	Drivers       *Card
	Policy        *Card
	Moved         movedCard
	Audit         *Card
	Parts         *Card // of the chosen person
	People        peopleCoefficients
}

// Cards lists the cards whose tables can be exported.
func (p *difficultyPage) Cards() []*Card {
	return []*Card{p.Verdict.Card, p.Cells, p.Drivers, p.Policy, p.Moved.Card, p.Audit, p.Parts, p.People.Card}
}

// factsCard is a card of labelled values.
type factsCard struct {
	*Card
	Facts []fact
}

func difficulty(ctx context.Context, q *Query) (Page, error) {
	region := ""
	if q.Region != nil {
		region = q.Region.ID
	}
	var s analytics.DifficultyState
	var people []analytics.DifficultyPerson
	var cells []analytics.DifficultyCell
	var drivers []analytics.DifficultyDriver
	var moved []analytics.DifficultyMoved
	var audited []analytics.DifficultyAudited
	err := analytics.Together(ctx,
		analytics.Into(&s, func(ctx context.Context) (analytics.DifficultyState, error) {
			return q.Run.DifficultyState(ctx, q.Month)
		}),
		analytics.Into(&people, func(ctx context.Context) ([]analytics.DifficultyPerson, error) {
			return q.Run.DifficultyPeople(ctx, q.Scope, region, q.Month)
		}),
		analytics.Into(&cells, func(ctx context.Context) ([]analytics.DifficultyCell, error) {
			return q.Run.DifficultyCells(ctx, q.Scope, region, q.Month)
		}),
		analytics.Into(&drivers, func(ctx context.Context) ([]analytics.DifficultyDriver, error) {
			return q.Run.DifficultyDrivers(ctx, q.Month)
		}),
		analytics.Into(&moved, func(ctx context.Context) ([]analytics.DifficultyMoved, error) {
			return q.Run.DifficultyMoved(ctx, q.Scope, region, q.Month)
		}),
		analytics.Into(&audited, func(ctx context.Context) ([]analytics.DifficultyAudited, error) {
			return q.Run.DifficultyAudited(ctx, q.Scope, region, q.Month)
		}),
	)
	if err != nil {
		return nil, err
	}
	p := &difficultyPage{View: q.view("difficulty")}
	p.Title = q.Lang.T("nav.difficulty")
	p.Crumbs = []Crumb{{q.Lang.T("nav.overview"), q.Link("/", "region", "")}, {Title: p.Title}}
	if q.Region != nil {
		p.Crumbs = []Crumb{p.Crumbs[0], {p.Title, q.Link("/difficulty", "region", "")}, {Title: q.Region.Name}}
	}
	p.Finding, p.Lede = q.difficultyFinding(s, cells)
	p.Limits = q.difficultyLimits(s, people)
	p.Verdict = q.separabilityCard(s)
	p.Cells = q.card(q.cellsCard(s, cells))
	p.Drivers = q.card(q.driversCard(s, drivers))
	p.Policy = q.card(q.policyCard(s, cells))
	p.Moved = q.movedCard(moved)
	p.Audit = q.auditCard(s, audited)
	if p.Parts, err = q.partsCard(ctx, people); err != nil {
		return nil, err
	}
	p.People = q.peopleCoefficients(s, people)
	return p, nil
}

// coefficient writes a market coefficient.
func (q *Query) coefficient(d float64) string { return q.Lang.Decimal(d, 2) }

// cellName is a market cell as people speak of it.
func cellName(region, line, segment string) string {
	name := region
	for _, part := range []string{line, segment} {
		if part != "" {
			name += " · " + part
		}
	}
	return name
}

func (q *Query) difficultyFinding(s analytics.DifficultyState, cells []analytics.DifficultyCell) (finding, lede string) {
	if s.NJudged == 0 || len(cells) == 0 {
		return q.Lang.T("difficulty.none", "month", q.Lang.Month(q.Month)),
			q.notMeasured(s)
	}
	hard, easy := cells[0], cells[len(cells)-1]
	lede = q.Lang.T("difficulty.lede", "n", s.NJudged, "until", q.Lang.Month(*s.Evaluated))
	if s.Verdict == "not separable" {
		return q.Lang.T("difficulty.apart_not"), lede
	}
	isHarder, isEasier := hard.Low > 1, easy.High < 1
	for _, c := range cells { // the ends may be the least certain: name the furthest that are clear
		if c.Low > 1 && !isHarder {
			hard, isHarder = c, true
		}
		if c.High < 1 && (!isEasier || c.Data < easy.Data) {
			easy, isEasier = c, true
		}
	}
	if len(cells) > 1 && !isHarder && !isEasier {
		return q.Lang.T("difficulty.none_clear", "n", len(cells)), lede
	}
	if len(cells) > 1 && isHarder != isEasier {
		if isEasier {
			hard = easy
		}
		return q.Lang.T("difficulty.one_clear", "name", cellName(hard.Region, hard.ProductLine, hard.Segment), "d", q.coefficient(hard.Data)), lede
	}
	if len(cells) == 1 {
		return q.Lang.T("difficulty.one", "name", cellName(hard.Region, hard.ProductLine, hard.Segment), "d", q.coefficient(hard.Data)), lede
	}
	return q.Lang.T("difficulty.finding", "hard", cellName(hard.Region, hard.ProductLine, hard.Segment), "high", q.coefficient(hard.Data),
		"easy", cellName(easy.Region, easy.ProductLine, easy.Segment), "low", q.coefficient(easy.Data)), lede
}

// difficultyLimits says plainly what these data cannot tell.
func (q *Query) difficultyLimits(s analytics.DifficultyState, people []analytics.DifficultyPerson) (limits []string) {
	say := func(is bool, key string) {
		if is {
			limits = append(limits, q.Lang.T("difficulty.limit_"+key))
		}
	}
	say(!s.HasMarket, "market")
	say(!s.HasTargets, "targets")
	say(!s.HasDeals, "deals")
	say(s.Verdict == "not separable", "alone")
	if s.Verdict == "" || s.Verdict == "not separable" {
		return limits
	}
	say(s.MoverShare == 0 && s.NCells > 1, "movers")
	lone := 0
	for _, p := range people {
		if p.Level == "company" {
			lone++
		}
	}
	if lone > 0 {
		key := "difficulty.limit_lone"
		if !s.HasMarket {
			key = "difficulty.limit_lone_bare"
		}
		limits = append(limits, q.Lang.T(key, "n", lone, "all", len(people)))
	}
	return limits
}

// separabilityCard says whether skill and market can be told apart, before anything
// else on the page.
func (q *Query) separabilityCard(s analytics.DifficultyState) factsCard {
	c := factsCard{Card: &Card{ID: "verdict", Sub: q.Lang.T("verdict.sub")}}
	c.Table.Columns = []Column{{Title: q.Lang.T("verdict.what")}, {Title: q.Lang.T("verdict.value"), Numeric: true}}
	add := func(label, value, small, badge string, raw any) {
		f := fact{Label: label, Text: value, Small: small, Badge: badge}
		c.Facts = append(c.Facts, f)
		c.Table.Rows = append(c.Table.Rows, []Cell{text(label), {Text: value, Raw: raw}})
	}
	alarm := func(on bool) string {
		if on {
			return "look"
		}
		return "ok"
	}
	if s.Verdict == "" {
		c.Title = q.Lang.T("verdict.none")
		c.State = &State{"empty", q.Lang.T("state.empty.title"), q.notMeasured(s), nil}
		q.card(c.Card)
		return c
	}
	c.Title = q.Lang.T("verdict." + map[string]string{"separable": "yes", "partly": "partly", "not separable": "no"}[s.Verdict])
	add(q.Lang.T("verdict.multi"), q.Lang.Percent(s.MultiShare, 0), q.Lang.T("verdict.needs", "value", "50%"), "", s.MultiShare)
	add(q.Lang.T("verdict.movers"), q.Lang.Percent(s.MoverShare, 0), "", "", s.MoverShare)
	add(q.Lang.T("verdict.component"), q.Lang.Percent(s.LargestComponent, 0), "", "", s.LargestComponent)
	add(q.Lang.T("verdict.cells"), q.Lang.Count(s.NCells), q.Lang.T("kpi.people", "n", q.Lang.Count(s.NPeople)), "", s.NCells)
	if s.ColleagueWeight != nil {
		add(q.Lang.T("verdict.colleague"), q.Lang.Percent(*s.ColleagueWeight, 0), q.Lang.T("verdict.colleague_most"), "", *s.ColleagueWeight)
	}
	add(q.Lang.T("verdict.negative"), q.Lang.Count(s.NNegative), q.Lang.T("verdict.negative_kept"), "", s.NNegative)
	sorting := map[bool]string{true: "on", false: "off"}
	add(q.Lang.T("verdict.sorting"), q.Lang.T("verdict."+sorting[s.IsSortingAlarm]), "", alarm(s.IsSortingAlarm), s.IsSortingAlarm)
	if s.TargetSlope != nil {
		add(q.Lang.T("verdict.double"), q.Lang.Decimal(*s.TargetSlope, 2), q.Lang.T("verdict.double_"+doubleWord(*s.TargetSlope)), "", *s.TargetSlope)
	}
	if s.Drift != nil {
		add(q.Lang.T("verdict.drift"), q.Lang.Decimal(*s.Drift, 2), q.Lang.T("verdict.drift_"+sorting[s.IsDriftAlarm]), "", *s.Drift)
	}
	add(q.Lang.T("verdict.mode"), q.Lang.T("mode."+s.Mode), "", "", s.Mode)
	add(q.Lang.T("verdict.channel"), q.Lang.T("channel."+s.Channel), "", "", s.Channel)
	q.card(c.Card)
	return c
}

// doubleWord says how far targets already price the market.
func doubleWord(slope float64) string {
	switch {
	case slope > .8:
		return "full"
	case slope > .2:
		return "part"
	}
	return "none"
}

// notMeasured says why there are no coefficients.
func (q *Query) notMeasured(s analytics.DifficultyState) string {
	if !s.HasSales {
		return q.Lang.T("difficulty.no_sales")
	}
	return q.Lang.T("difficulty.none_why", "n", s.NMonthsBefore, "least", s.MinMonths)
}

func (q *Query) noCoefficients(c *Card, s analytics.DifficultyState) *Card {
	if c.Title == "" {
		c.Title = q.Lang.T("state.empty.title")
	}
	c.State = &State{"empty", q.Lang.T("state.empty.title"), q.notMeasured(s), nil}
	return c
}

// cellsCard draws each market's coefficient with its interval.
func (q *Query) cellsCard(s analytics.DifficultyState, cells []analytics.DifficultyCell) *Card {
	c := &Card{ID: "cells", Title: q.Lang.T("cells.title")}
	if len(cells) == 0 {
		return q.noCoefficients(c, s)
	}
	c.Table.Columns = []Column{{Title: q.Lang.T("cells.cell")}, {Title: q.Lang.T("col.n"), Numeric: true}, {Title: q.Lang.T("cells.d"), Numeric: true},
		{Title: q.Lang.T("cells.low"), Numeric: true}, {Title: q.Lang.T("cells.high"), Numeric: true}, {Title: q.Lang.T("cells.policy"), Numeric: true}}
	var dots []chart.LevelRow
	harder, easier := 0, 0
	for _, cell := range cells {
		tone := ""
		switch {
		case cell.Low > 1:
			tone, harder = "below", harder+1
		case cell.High < 1:
			tone, easier = "above", easier+1
		}
		name := cellName(cell.Region, cell.ProductLine, cell.Segment)
		if len(dots) < 24 {
			dots = append(dots, chart.LevelRow{Name: name, Value: cell.Data, Text: q.coefficient(cell.Data), Low: &cell.Low, High: &cell.High, LowText: q.coefficient(cell.Low), HighText: q.coefficient(cell.High), Tone: tone})
		}
		c.Table.Rows = append(c.Table.Rows, []Cell{text(name), {Text: q.Lang.Count(cell.NPeople), Raw: cell.NPeople},
			number(q.coefficient(cell.Data), &cell.Data), number(q.coefficient(cell.Low), &cell.Low), number(q.coefficient(cell.High), &cell.High), number(q.coefficient(cell.Policy), &cell.Policy)})
	}
	c.Title = q.Lang.T("cells.finding", "harder", harder, "easier", easier, "n", len(cells))
	c.Sub = q.Lang.T("cells.sub", "month", q.Lang.Month(q.Month))
	height := 400
	if len(dots) < 5 {
		height = 240
	} else if len(dots) > 12 {
		height = 520
	}
	c.Plots = []Plot{{Option: chart.Levels(dots, 1, "@plain", "@n2", chart.LevelWords{Value: q.Lang.T("cells.d"), Reference: q.Lang.T("cells.average")}), Label: c.Title, Height: height}}
	return c
}

// partTitle names a part of a coefficient.
func (q *Query) partTitle(item, en, zh string) string {
	if en != "" {
		return q.Lang.Pick(en, zh)
	}
	return q.Lang.T("part." + item)
}

// effect writes what a part of ln d does to the coefficient: +7 %.
func (q *Query) effect(amount float64) string {
	v := math.Exp(amount) - 1
	return i18n.Signed(v, q.Lang.Percent(v, 1))
}

// driversCard says how far each part moves coefficients between people.
func (q *Query) driversCard(s analytics.DifficultyState, drivers []analytics.DifficultyDriver) *Card {
	c := &Card{ID: "drivers", Title: q.Lang.T("drivers.title"), Sub: q.Lang.T("drivers.sub")}
	if len(drivers) == 0 {
		return q.noCoefficients(c, s)
	}
	c.Table.Columns = []Column{{Title: q.Lang.T("drivers.driver")}, {Title: q.Lang.T("drivers.reach"), Numeric: true}, {Title: q.Lang.T("drivers.low"), Numeric: true}, {Title: q.Lang.T("drivers.high"), Numeric: true}}
	var bars []chart.Bar
	for i, d := range drivers {
		reach := math.Exp(d.Reach) - 1
		name := q.partTitle(d.Item, d.TitleEn, d.TitleZh)
		c.Table.Rows = append(c.Table.Rows, []Cell{text(name), number(q.Lang.Percent(reach, 1), &reach), {Text: q.effect(d.Low), Raw: math.Exp(d.Low) - 1}, {Text: q.effect(d.High), Raw: math.Exp(d.High) - 1}})
		if i < 12 {
			bars = append(bars, chart.Bar{Name: name, Value: &reach, Text: q.Lang.Percent(reach, 0)})
		}
	}
	first := slices.IndexFunc(drivers, func(d analytics.DifficultyDriver) bool { return d.Item != "reference" }) // a reference explains nothing
	if first = max(first, 0); first >= len(bars) {
		first = 0
	}
	bars[first].Mark = true
	c.Title = q.Lang.T("drivers.finding", "first", bars[first].Name, "reach", bars[first].Text)
	c.Plots = []Plot{{Option: chart.Bars(bars, "@pct0", "@pct1", q.Lang.T("drivers.reach")), Label: c.Title, Height: 400}}
	return c
}

// policyCard sets published coefficients against those of the data.
func (q *Query) policyCard(s analytics.DifficultyState, cells []analytics.DifficultyCell) *Card {
	c := &Card{ID: "policy", Title: q.Lang.T("policy.title"), Sub: q.Lang.T("policy.sub")}
	if !s.HasPolicy || len(cells) == 0 {
		c.State = &State{"empty", q.Lang.T("policy.none"), q.Lang.T("policy.none_why"), nil}
		return c
	}
	c.Table.Columns = []Column{{Title: q.Lang.T("cells.cell")}, {Title: q.Lang.T("cells.policy"), Numeric: true}, {Title: q.Lang.T("cells.d"), Numeric: true}, {Title: q.Lang.T("cells.low"), Numeric: true}, {Title: q.Lang.T("cells.high"), Numeric: true},
		{Title: q.Lang.T("policy.reason")}, {Title: q.Lang.T("policy.approver")}, {Title: q.Lang.T("policy.validity")}, {Title: q.Lang.T("policy.version")}}
	var pairs []chart.Claim
	outside := 0
	for _, cell := range cells {
		if cell.Approver == "" { // nobody said anything of it: it counts as 1
			continue
		}
		name := cellName(cell.Region, cell.ProductLine, cell.Segment)
		p := chart.Claim{Name: name, Data: cell.Data, Low: cell.Low, High: cell.High, LowText: q.coefficient(cell.Low), HighText: q.coefficient(cell.High), Policy: cell.Policy, IsOutside: cell.Policy < cell.Low || cell.Policy > cell.High}
		if p.IsOutside {
			outside++
		}
		pairs = append(pairs, p)
		c.Table.Rows = append(c.Table.Rows, []Cell{text(name), number(q.coefficient(cell.Policy), &cell.Policy), number(q.coefficient(cell.Data), &cell.Data), number(q.coefficient(cell.Low), &cell.Low), number(q.coefficient(cell.High), &cell.High),
			text(cell.Reason), text(cell.Approver), text(q.validity(cell.StartsOn, cell.EndsOn)), text(cell.PublishedIn)})
	}
	if len(pairs) == 0 {
		c.State = &State{"empty", q.Lang.T("policy.none"), q.Lang.T("policy.none_why"), nil}
		return c
	}
	c.Title = q.Lang.T("policy.finding", "outside", outside, "n", len(pairs))
	if s.PolicyRankCorrelation != nil && s.PolicySlope != nil {
		c.Sub = q.Lang.T("policy.sub_fit", "rank", q.Lang.Decimal(*s.PolicyRankCorrelation, 2), "slope", q.Lang.Decimal(*s.PolicySlope, 2))
	}
	c.Plots = []Plot{{Option: chart.Agree(pairs, chart.AgreeWords{Data: q.Lang.T("policy.data"), Policy: q.Lang.T("policy.published"), Inside: q.Lang.T("policy.inside"), Outside: q.Lang.T("policy.outside")}), Label: c.Title, Height: 400}}
	return c
}

// validity writes from when to when something holds.
func (q *Query) validity(from, until *time.Time) string {
	switch {
	case from != nil && until != nil:
		return q.Lang.T("policy.from_until", "from", q.Lang.Date(*from), "until", q.Lang.Date(*until))
	case until != nil:
		return q.Lang.T("policy.until", "until", q.Lang.Date(*until))
	}
	return ""
}

// movedCard says what managers who set coefficients by hand moved: points and
// pay against the data, by who approved it, then each decision.
type movedCard struct {
	*Card
	Managers Table
}

func (q *Query) movedCard(moved []analytics.DifficultyMoved) movedCard {
	c := movedCard{Card: &Card{ID: "moved", Title: q.Lang.T("moved.title"), Sub: q.Lang.T("moved.sub"), How: "#moved-how"}}
	if len(moved) == 0 {
		c.State = &State{"empty", q.Lang.T("moved.none"), q.Lang.T("moved.none_why"), nil}
		q.card(c.Card)
		return c
	}
	type manager struct {
		name              string
		people, outside   int64
		points, pay, both float64
	}
	var managers []*manager
	pay, points := func(v float64) string { return i18n.Signed(v, q.Money(v)) }, func(v float64) string { return i18n.Signed(v, q.Lang.Decimal(v, 1)) }
	for _, key := range []string{"col.rep", "moved.source", "moved.d", "cells.d", "cells.low", "cells.high", "moved.points", "moved.pay", "policy.reason", "policy.approver", "policy.validity", "policy.version"} {
		c.Table.Columns = append(c.Table.Columns, Column{Title: q.Lang.T(key), Numeric: slices.Contains([]string{"moved.d", "cells.d", "cells.low", "cells.high", "moved.points", "moved.pay"}, key)})
	}
	for _, m := range moved {
		if n := len(managers); n == 0 || managers[n-1].name != m.Approver {
			managers = append(managers, &manager{name: m.Approver})
		}
		g := managers[len(managers)-1]
		g.people++
		g.points += m.Points
		g.pay += m.Pay
		g.both += math.Abs(m.Pay)
		if m.D < m.Low || m.D > m.High {
			g.outside++
		}
		c.Table.Rows = append(c.Table.Rows, []Cell{text(m.Name), text(q.Lang.T("moved." + m.Source)), number(q.coefficient(m.D), &m.D), number(q.coefficient(m.Data), &m.Data),
			number(q.coefficient(m.Low), &m.Low), number(q.coefficient(m.High), &m.High), number(points(m.Points), &m.Points), number(pay(m.Pay), &m.Pay),
			text(m.Reason), text(m.Approver), text(q.validity(nil, m.ExpiresOn)), text(m.PublishedIn)})
	}
	c.Managers.Columns = []Column{{Title: q.Lang.T("policy.approver")}, {Title: q.Lang.T("moved.people"), Numeric: true}, {Title: q.Lang.T("moved.outside"), Numeric: true},
		{Title: q.Lang.T("moved.points"), Numeric: true}, {Title: q.Lang.T("moved.pay"), Numeric: true}, {Title: q.Lang.T("moved.both_ways"), Numeric: true}}
	var bars []chart.Bar
	for _, g := range managers {
		c.Managers.Rows = append(c.Managers.Rows, []Cell{text(g.name), whole(g.people), whole(g.outside), number(points(g.points), &g.points), number(pay(g.pay), &g.pay), number(q.Money(g.both), &g.both)})
		if len(bars) < 12 {
			bars = append(bars, chart.Bar{Name: g.name, Value: &g.points, Text: points(g.points)})
		}
	}
	first := managers[0]
	if !slices.ContainsFunc(moved, func(m analytics.DifficultyMoved) bool { return m.Pay != 0 }) {
		c.Sub = q.Lang.Sentences(c.Sub, q.Lang.T("moved.no_pay"))
	}
	c.Title = q.Lang.T("moved.finding", "name", first.name, "n", first.people, "points", points(first.points), "pay", pay(first.pay))
	if largest := slices.MaxFunc(managers, func(a, b *manager) int { return cmp.Compare(math.Abs(a.points), math.Abs(b.points)) }); len(managers) > 1 && math.Abs(largest.points) >= .05 {
		c.Plots = []Plot{{Option: chart.Bars(bars, "@plain", "@n2", q.Lang.T("moved.points")), Label: c.Title, Height: 240}}
	}
	q.card(c.Card)
	return c
}

// auditCard lists whom the crossed audit model places elsewhere.
func (q *Query) auditCard(s analytics.DifficultyState, audited []analytics.DifficultyAudited) *Card {
	c := q.card(&Card{ID: "audit", Title: q.Lang.T("audit_card.title", "n", len(audited)), Sub: q.Lang.T("audit_card.sub")})
	if s.Verdict == "" || s.Verdict == "not separable" { // no places where they would be invented
		c.Title = q.Lang.T("audit_card.name")
		c.State = &State{"empty", q.Lang.T("state.empty.title"), q.Lang.T("audit_card.none_why"), nil}
		return c
	}
	c.Table.Columns = []Column{{Title: q.Lang.T("col.rep")}, {Title: q.Lang.T("audit_card.paid"), Numeric: true}, {Title: q.Lang.T("audit_card.audit"), Numeric: true}, {Title: q.Lang.T("audit_card.shift"), Numeric: true}}
	for _, a := range audited {
		c.Table.Rows = append(c.Table.Rows, []Cell{{Text: a.Name, Raw: a.Name, URL: q.Here("rep", a.ID) + "#parts"}, number(q.coefficient(a.Index), &a.Index),
			number(q.coefficient(a.Audit), &a.Audit), number(i18n.Signed(a.RankShift, q.Lang.Percent(a.RankShift, 0)), &a.RankShift)})
	}
	if len(audited) == 0 {
		c.Title = q.Lang.T("audit_card.none")
	}
	return c
}

// partsCard opens one person's coefficient: the one asked for by ?rep=, else
// the one in the hardest market.
func (q *Query) partsCard(ctx context.Context, people []analytics.DifficultyPerson) (*Card, error) {
	c := &Card{ID: "parts", Title: q.Lang.T("parts.title"), Sub: q.Lang.T("parts.sub")}
	if len(people) == 0 {
		c.State = &State{"empty", q.Lang.T("state.empty.title"), q.Lang.T("parts.none"), nil}
		return q.card(c), nil
	}
	who := people[0]
	for _, p := range people {
		if p.ID == q.Params.Get("rep") {
			who = p
		}
	}
	parts, err := q.Run.DifficultyParts(ctx, q.Scope, who.ID, q.Month)
	if err != nil {
		return nil, err
	}
	c.Table.Columns = []Column{{Title: q.Lang.T("parts.part")}, {Title: q.Lang.T("parts.times"), Numeric: true}, {Title: q.Lang.T("parts.log"), Numeric: true}}
	var steps []chart.Step
	rest, sum := 0.0, 0.0
	for i, p := range parts {
		name := q.partTitle(p.Item, p.TitleEn, p.TitleZh)
		sum += p.Amount
		c.Table.Rows = append(c.Table.Rows, []Cell{text(name), {Text: q.Lang.Decimal(math.Exp(p.Amount), 3), Raw: math.Exp(p.Amount)}, {Text: i18n.Signed(p.Amount, q.Lang.Decimal(p.Amount, 4)), Raw: p.Amount}})
		if i < 8 && math.Abs(p.Amount) > .0005 {
			steps = append(steps, chart.Step{Name: name, Value: p.Amount, Text: q.effect(p.Amount), Plain: true})
		} else {
			rest += p.Amount
		}
	}
	c.Table.Rows = append(c.Table.Rows, []Cell{text(q.Lang.T("parts.sum")), {Text: q.Lang.Decimal(math.Exp(sum), 3), Raw: math.Exp(sum)}, {Text: i18n.Signed(sum, q.Lang.Decimal(sum, 4)), Raw: sum}})
	if math.Abs(rest) > .0005 {
		steps = append(steps, chart.Step{Name: q.Lang.T("parts.rest"), Value: rest, Text: q.effect(rest), Plain: true})
	}
	steps = append(steps, chart.Step{Name: q.Lang.T("parts.sum"), Value: sum, Text: q.coefficient(who.Data), Total: true})
	c.Title = q.Lang.T("parts.finding", "name", who.Name, "d", q.coefficient(who.Data), "low", q.coefficient(who.Low), "high", q.coefficient(who.High))
	c.Sub = q.Lang.T("parts.sub_who", "cell", cellName(who.Region, who.ProductLine, who.Segment), "level", q.Lang.T("level."+who.Level))
	c.Plots = []Plot{{Option: chart.Waterfall(steps, "@plain"), Label: c.Title, Height: 400}}
	return q.card(c), nil
}

// peopleCoefficients is the table of everybody's coefficient.
type peopleCoefficients struct {
	*Card
	Rows []personCoefficient
}

type personCoefficient struct {
	Name, URL, Cell, Interval  string
	D, Pay, Points, Reliable   string
	Before, After, Place, Note string
}

func (q *Query) peopleCoefficients(s analytics.DifficultyState, people []analytics.DifficultyPerson) peopleCoefficients {
	t := peopleCoefficients{Card: &Card{ID: "people", Sub: q.Lang.T("coefficients.sub")}}
	t.Title = q.Lang.T("coefficients.title", "n", len(people))
	if len(people) == 0 {
		q.noCoefficients(t.Card, s)
		q.card(t.Card)
		return t
	}
	for _, key := range []string{"col.rep", "cells.cell", "cells.d", "cells.low", "cells.high", "coefficients.pay", "coefficients.points", "coefficients.reliability", "kpi.target_attainment", "coefficients.adjusted", "coefficients.place_before", "coefficients.place", "coefficients.whale"} {
		t.Table.Columns = append(t.Table.Columns, Column{Title: q.Lang.T(key), Numeric: key != "col.rep" && key != "cells.cell"})
	}
	shown := q.listed(t.Card, len(people))
	for i, p := range people {
		r := personCoefficient{
			Name: p.Name, URL: q.Here("rep", p.ID) + "#parts", Cell: cellName(p.Region, p.ProductLine, p.Segment),
			D: q.coefficient(p.Data), Interval: q.coefficient(p.Low) + "–" + q.coefficient(p.High), Pay: q.coefficient(p.Pay),
			Points: i18n.Signed(p.Points, q.Lang.Decimal(p.Points, 1)), Reliable: q.Lang.Percent(p.Reliability, 0),
			Before: i18n.Dash, After: q.Lang.Percent(p.Adjusted, 1), Place: i18n.Dash,
		}
		if p.HasTarget {
			r.Before = q.Lang.Percent(p.Attainment, 1)
		}
		whale := Cell{Text: i18n.Dash}
		if p.Whale != nil {
			whale = number(q.Lang.Percent(*p.Whale, 0), p.Whale)
		}
		var before, after any
		if s.Verdict != "not separable" && !p.IsThin { // no places where they would be invented
			r.Place, before, after = q.Lang.T("coefficients.moved", "before", p.PlaceBefore, "after", p.PlaceAfter), p.PlaceBefore, p.PlaceAfter
		}
		switch {
		case p.OverrideReason != "":
			r.Note = q.Lang.T("coefficients.override", "d", q.coefficient(p.D), "who", p.OverrideApprover, "why", p.OverrideReason)
		case p.NeedsApproval:
			r.Note = q.Lang.T("coefficients.approval")
		case p.Level != "segment":
			r.Note = q.Lang.T("level." + p.Level)
		}
		if i < shown {
			t.Rows = append(t.Rows, r)
		}
		t.Table.Rows = append(t.Table.Rows, []Cell{text(r.Name), text(r.Cell), number(r.D, &p.Data), number(q.coefficient(p.Low), &p.Low), number(q.coefficient(p.High), &p.High),
			number(r.Pay, &p.Pay), number(r.Points, &p.Points), number(r.Reliable, &p.Reliability), number(r.Before, &p.Attainment), number(r.After, &p.Adjusted), {Text: r.Place, Raw: before}, {Text: r.Place, Raw: after}, whale})
	}
	q.card(t.Card)
	return t
}
