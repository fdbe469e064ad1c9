package dashboard

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"levelfield/analytics"
	"levelfield/analytics/stat"
	"levelfield/dashboard/auth"
	"levelfield/dashboard/chart"
	"levelfield/dashboard/i18n"
	"levelfield/dashboard/store"
)

// targetsPage shares a total over regions, teams and people. The question is
// in the address, so that a proposal can be sent to somebody; adopting it is a
// form of its own.
type targetsPage struct {
	View
	Finding, Lede string
	Ask           targetsForm
	Fair          *Card
	Reach         reachCard
	Tree          targetTree
	Products      *Card
	Adopt         adoptCard
	Versions      versionsCard
}

// Cards lists the cards whose tables can be exported.
func (p *targetsPage) Cards() []*Card {
	return slices.DeleteFunc([]*Card{p.Fair, p.Reach.Card, p.Tree.Card, p.Products, p.Versions.Card}, func(c *Card) bool { return c == nil })
}

type targetsForm struct {
	*Card
	Total, Month string
	Ways, Units  formField
	Months       formField
	IsByProduct  bool
	Keep         []hidden // bounds of units that the table does not show
	Facts        []stated
	Reset        string
	Action       string
}

// reachCard says how far an average person would get with the targets.
type reachCard struct {
	*Card
	Facts []stated
}

// targetTree is one level of the proposal: a unit's parts.
type targetTree struct {
	*Card
	Unit      string
	Rows      []targetRow
	Total     targetRow
	Way       []Crumb
	IsWeights bool
}

type targetRow struct {
	ID, Name, Where, URL        string
	Amount, Now, Change, Tone   string
	Expected, Reach             string
	Low, High, Lock, Weight     string
	Bar                         template.HTML
	IsLocked, IsTeam, HasInputs bool
}

type adoptCard struct {
	*Card
	IsShown       bool
	Action        string
	Reason, Month string
}

type versionsCard struct {
	*Card
	Rows []versionRow
}

type versionRow struct {
	Name, Month, Total, How, Who, At, Why, State string
	Badge                                        string
	Withdraw                                     string // address, "" where it cannot be
}

// targetUnits are the rounding units a reader can choose, in cents.
var targetUnits = []int64{1, 100, 10000, 100000, 1000000}

// askedTargets is the question of the address, with what was typed.
type askedTargets struct {
	analytics.TargetQuestion
	month     time.Time
	isProduct bool
	isGiven   bool // a total was given
}

func (q *Query) askedTargets(people []analytics.TargetPerson) (a askedTargets, err error) {
	a.TargetQuestion = analytics.TargetQuestion{Way: analytics.ByExpected, Unit: 100000, Low: map[string]int64{}, High: map[string]int64{}, Locked: map[string]int64{}, Weights: map[string]float64{}}
	a.month, a.isProduct = q.Months[len(q.Months)-1].AddDate(0, 1, 0), q.Params.Get("products") != ""
	var wrong []string
	if way := q.Params.Get("way"); way != "" {
		a.Way = way
	} else if !slices.ContainsFunc(people, func(p analytics.TargetPerson) bool { return p.Expected != nil }) {
		a.Way = analytics.ByHistory
	}
	if !slices.Contains(analytics.TargetWays, a.Way) {
		wrong = append(wrong, a.Way)
	}
	if text := q.Params.Get("unit"); text != "" {
		if a.Unit, err = strconv.ParseInt(text, 10, 64); err != nil || !slices.Contains(targetUnits, a.Unit) {
			wrong = append(wrong, text)
		}
	}
	if text := q.Params.Get("for"); text != "" {
		if a.month, err = time.Parse("2006-01", text); err != nil {
			wrong = append(wrong, text)
		}
	}
	if text := strings.TrimSpace(q.Params.Get("total")); text != "" {
		if a.Total, err = analytics.ParseAmount(text); err != nil {
			wrong = append(wrong, text)
		}
		a.isGiven = true
	} else {
		for _, p := range people {
			switch {
			case p.Now != nil:
				a.Total += int64(math.Round(*p.Now)) * 100
			default:
				a.Total += int64(math.Round(p.Sales)) * 100
			}
		}
	}
	if !a.isGiven { // a round sum to begin with
		const round = 10_000_00
		a.Total = (a.Total + round/2) / round * round
	}
	for name, values := range q.Params {
		kind, id, ok := strings.Cut(name, "_")
		text := strings.TrimSpace(values[0])
		if !ok || text == "" {
			continue
		}
		to := map[string]map[string]int64{"low": a.Low, "high": a.High, "lock": a.Locked}[kind]
		if to != nil {
			if to[id], err = analytics.ParseAmount(text); err != nil {
				wrong = append(wrong, text)
			}
		} else if kind == "weight" {
			if a.Weights[id], err = strconv.ParseFloat(text, 64); err != nil || a.Weights[id] < 0 {
				wrong = append(wrong, text)
			}
		}
	}
	if wrong != nil {
		slices.Sort(wrong)
		return a, badFilter("targets.bad", "value", strings.Join(wrong, ", "))
	}
	return a, nil
}

// proposal shares the total as the address asks.
func (q *Query) proposal(ctx context.Context) (a askedTargets, people []analytics.TargetPerson, plan *analytics.TargetPlan, why, err error) {
	if people, err = q.Run.TargetPeople(ctx, q.Scope, q.Months[len(q.Months)-1]); err != nil {
		return
	}
	if a, err = q.askedTargets(people); err != nil {
		return
	}
	var products []analytics.TargetPart
	if a.isProduct {
		sales, err := q.Run.ProductSales(ctx, q.Scope, q.Months[len(q.Months)-1])
		if err != nil {
			return a, people, nil, nil, err
		}
		for _, p := range sales {
			products = append(products, analytics.TargetPart{ID: p.ID, Name: p.Name, Weight: p.Sales})
		}
	}
	if len(people) == 0 {
		return a, people, nil, errors.New(q.Lang.T("targets.nobody")), nil
	}
	plan, why = analytics.PlanProducts(people, a.TargetQuestion, products)
	return
}

func targets(ctx context.Context, q *Query) (Page, error) {
	p := &targetsPage{View: q.view("targets")}
	p.Title = q.Lang.T("nav.targets")
	p.Crumbs = []Crumb{{q.Lang.T("nav.overview"), q.Link("/")}, {Title: p.Title}}
	p.Filters = nil
	versions, err := q.Store().TargetPlans(ctx)
	if err != nil {
		return nil, err
	}
	a, people, plan, why, err := q.proposal(ctx)
	if err != nil {
		return nil, err
	}
	p.Ask = q.targetsForm(a, plan, people)
	p.Versions = q.versionRows(versions)
	if plan == nil {
		p.Finding, p.Lede = q.Lang.T("targets.cannot"), why.Error()
		p.Reach.Card = q.card(&Card{ID: "reach", Title: p.Finding, State: &State{"error", p.Finding, p.Lede, &Choice{Title: q.Lang.T("targets.reset"), URL: p.Ask.Reset}}})
		p.Tree.Card = q.card(&Card{ID: "tree", Title: p.Finding, State: p.Reach.State})
		return p, nil
	}
	before := analytics.AsTheyAre(people)
	p.Finding, p.Lede = q.targetsFinding(a, plan), q.Lang.T("targets.lede")
	p.Fair = q.fairCard(plan, before)
	p.Reach = q.reachOfTargets(plan, before)
	p.Tree = q.targetTree(a, plan)
	p.Products = q.targetProducts(plan)
	p.Adopt = adoptCard{Card: &Card{ID: "adopt", Title: q.Lang.T("targets.adopt", "month", q.Lang.Month(a.month)), Sub: q.Lang.T("targets.adopt_sub")}, IsShown: q.May(auth.Settle), Action: q.Here(), Reason: q.Typed("reason", "")}
	return p, nil
}

func (q *Query) targetsFinding(a askedTargets, plan *analytics.TargetPlan) string {
	total := q.Money(yuan(a.Total))
	low, _, high, ok := analytics.ReachOf(plan.People)
	if !ok {
		return q.Lang.T("targets.finding_plain", "total", total, "n", len(plan.People))
	}
	return q.Lang.T("targets.finding", "total", total, "n", len(plan.People), "low", q.Lang.Percent(low, 0), "high", q.Lang.Percent(high, 0))
}

func (q *Query) targetsForm(a askedTargets, plan *analytics.TargetPlan, people []analytics.TargetPerson) targetsForm {
	f := targetsForm{Card: &Card{ID: "ask", Title: q.Lang.T("targets.question"), Sub: q.Lang.T("targets.question_sub", "n", len(people))}, Total: centsText(a.Total), IsByProduct: a.isProduct, Reset: q.Link("/targets"), Action: "/targets"}
	f.Ways = formField{Name: "way", Label: q.Lang.T("targets.way")}
	for _, way := range analytics.TargetWays {
		f.Ways.Choices = append(f.Ways.Choices, Choice{q.Lang.T("targets.way_" + way), way, way == a.Way})
	}
	f.Units = formField{Name: "unit", Label: q.Lang.T("targets.unit")}
	for _, u := range targetUnits {
		f.Units.Choices = append(f.Units.Choices, Choice{centsText(u), strconv.FormatInt(u, 10), u == a.Unit})
	}
	f.Months = formField{Name: "for", Label: q.Lang.T("targets.for")}
	last := q.Months[len(q.Months)-1]
	for i := range 4 {
		m := last.AddDate(0, i, 0)
		f.Months.Choices = append(f.Months.Choices, Choice{q.Lang.Month(m), m.Format("2006-01"), m.Equal(a.month)})
	}
	shown := map[string]bool{}
	if plan != nil {
		for _, n := range q.shownNode(plan).Parts {
			shown[n.ID] = true
			for _, c := range n.Parts {
				shown[c.ID] = shown[c.ID] || n.Kind == "team"
			}
		}
	}
	for name, values := range q.Params {
		kind, id, ok := strings.Cut(name, "_")
		if ok && values[0] != "" && !shown[id] && slices.Contains([]string{"low", "high", "lock", "weight"}, kind) {
			f.Keep = append(f.Keep, hidden{name, values[0]})
		}
	}
	if at := q.Params.Get("at"); at != "" {
		f.Keep = append(f.Keep, hidden{"at", at})
	}
	slices.SortFunc(f.Keep, func(a, b hidden) int { return strings.Compare(a.Name, b.Name) })
	now := 0.0
	for _, p := range people {
		now += value(p.Now)
	}
	f.Facts = []stated{{q.Lang.T("targets.now"), q.Money(now), ""}}
	if plan != nil {
		f.Facts = append(f.Facts, stated{q.Lang.T("targets.sum"), q.exact(yuan(plan.Root.Amount)), q.Lang.T("targets.every_level")})
	}
	return f
}

// centsText writes cents exactly, for a field.
func centsText(cents int64) string { return fmt.Sprintf("%d.%02d", cents/100, cents%100) }

// slopeText writes a slope with its 95 % interval.
func (q *Query) slopeText(s *stat.Slope) string {
	if s == nil {
		return i18n.Dash
	}
	return q.Lang.T("targets.slope", "slope", q.Lang.Decimal(s.Slope, 2), "low", q.Lang.Decimal(s.Slope-1.96*s.SE, 2), "high", q.Lang.Decimal(s.Slope+1.96*s.SE, 2))
}

// fairCard draws targets against what an average person would sell.
func (q *Query) fairCard(plan, before *analytics.TargetPlan) *Card {
	c := &Card{ID: "fair", Sub: q.Lang.T("targets.fair_sub")}
	c.Table.Columns = []Column{{Title: q.Lang.T("col.rep")}, {Title: q.Lang.T("targets.expected"), Unit: q.moneyUnit(), Numeric: true}, {Title: q.Lang.T("targets.target"), Unit: q.moneyUnit(), Numeric: true}, {Title: q.Lang.T("targets.reach"), Unit: "%", Numeric: true}}
	var dots []chart.Dot
	for _, f := range plan.People {
		if f.Reach == nil {
			continue
		}
		amount := yuan(f.Amount)
		dots = append(dots, chart.Dot{Name: f.Person.Name, X: *f.Person.Expected, Y: amount})
		name := text(f.Person.Name)
		c.Table.Rows = append(c.Table.Rows, []Cell{name, number(q.exact(*f.Person.Expected), f.Person.Expected), number(q.exact(amount), &amount), number(q.Lang.Decimal(100**f.Reach, 1), f.Reach)})
	}
	if len(dots) < 3 || plan.Slope == nil {
		c.Title = q.Lang.T("targets.unknown")
		c.State = &State{"empty", c.Title, q.Lang.T("targets.unknown_text"), nil}
		return q.card(c)
	}
	s := plan.Slope
	low, high := s.Slope-1.96*s.SE, s.Slope+1.96*s.SE
	key := "targets.fair_level"
	switch {
	case high < .9:
		key = "targets.fair_ignores"
	case low > 1.1:
		key = "targets.fair_over"
	}
	c.Title = q.Lang.T(key, "slope", q.Lang.Decimal(s.Slope, 2))
	if before != nil && before.Slope != nil {
		c.Sub = q.Lang.Sentences(c.Sub, q.Lang.T("targets.fair_before", "slope", q.slopeText(before.Slope)))
	}
	c.Sub = q.Lang.Sentences(c.Sub, q.drawn(len(dots), len(chart.Uncovered(dots))))
	c.Plots = []Plot{{Option: chart.Relation(dots, nil, nil, "", chart.Frame{XName: q.Lang.T("targets.expected"), YName: q.Lang.T("targets.target"), XFormat: "@money", YFormat: "@money", Diagonal: true}), Label: c.Title, Height: 320}}
	return q.card(c)
}

func (q *Query) reachOfTargets(plan, before *analytics.TargetPlan) reachCard {
	c := reachCard{Card: &Card{ID: "reach", Title: q.Lang.T("targets.reach_title"), Sub: q.Lang.T("targets.reach_sub")}}
	c.Table.Columns = []Column{{Title: q.Lang.T("targets.measure")}, {Title: q.Lang.T("targets.proposed")}, {Title: q.Lang.T("targets.as_now")}}
	row := func(key string, of func(*analytics.TargetPlan) string) {
		now := i18n.Dash
		if before != nil {
			now = of(before)
		}
		c.Facts = append(c.Facts, stated{q.Lang.T("targets." + key), of(plan), q.Lang.T("targets.today", "value", now)})
		c.Table.Rows = append(c.Table.Rows, []Cell{text(q.Lang.T("targets." + key)), text(of(plan)), text(now)})
	}
	at := func(which int) func(*analytics.TargetPlan) string {
		return func(p *analytics.TargetPlan) string {
			low, middle, high, ok := analytics.ReachOf(p.People)
			if !ok {
				return i18n.Dash
			}
			return q.Lang.Percent([]float64{low, middle, high}[which], 0)
		}
	}
	row("reach_low", at(0))
	row("reach_middle", at(1))
	row("reach_high", at(2))
	row("slope_fact", func(p *analytics.TargetPlan) string { return q.slopeText(p.Slope) })
	if plan.Missing > 0 {
		c.Facts = append(c.Facts, stated{q.Lang.T("targets.missing"), q.Lang.Count(int64(plan.Missing)), ""})
	}
	q.card(c.Card)
	return c
}

// shownNode is the unit whose parts the table lists: of ?at=, or the company.
func (q *Query) shownNode(plan *analytics.TargetPlan) *analytics.TargetNode {
	for _, region := range plan.Root.Parts {
		if region.ID == q.Params.Get("at") {
			return region
		}
	}
	return plan.Root
}

func (q *Query) targetTree(a askedTargets, plan *analytics.TargetPlan) targetTree {
	root := q.shownNode(plan)
	t := targetTree{Card: &Card{ID: "tree"}, Unit: q.moneyUnit(), IsWeights: a.Way == analytics.ByWeights}
	t.Way = []Crumb{{Title: q.Lang.T("filter.company")}}
	t.Title, t.Sub = q.Lang.T("targets.tree", "n", len(root.Parts)), q.Lang.T("targets.tree_sub")
	if root != plan.Root {
		t.Way = []Crumb{{q.Lang.T("filter.company"), q.Here("at", "") + "#tree"}, {Title: root.Name}}
		t.Title = q.Lang.T("targets.tree_of", "region", root.Name, "total", q.Money(yuan(root.Amount)))
	}
	t.Table.Columns = []Column{{Title: q.Lang.T("targets.kind")}, {Title: q.Lang.T("targets.id")}, {Title: q.Lang.T("targets.name")}, {Title: q.Lang.T("targets.people"), Numeric: true}, {Title: q.Lang.T("targets.target"), Unit: t.Unit, Numeric: true}, {Title: q.Lang.T("targets.now"), Unit: t.Unit, Numeric: true}, {Title: q.Lang.T("targets.expected"), Unit: t.Unit, Numeric: true}, {Title: q.Lang.T("targets.reach"), Unit: "%", Numeric: true}}
	most := 0.0
	for _, n := range root.Parts {
		most = math.Max(most, yuan(n.Amount))
	}
	add := func(n *analytics.TargetNode) {
		row := q.targetRow(a, n, most)
		if n.Kind == "region" {
			row.URL = q.Here("at", n.ID) + "#tree"
		}
		t.Rows = append(t.Rows, row)
	}
	for _, n := range root.Parts {
		add(n)
		if n.Kind == "team" {
			for _, c := range n.Parts {
				add(c)
			}
		}
	}
	t.Total = q.targetRow(a, root, most)
	t.Total.Name = q.Lang.T("allocation.sum")
	var walk func(n *analytics.TargetNode)
	walk = func(n *analytics.TargetNode) {
		amount, people, reach := yuan(n.Amount), float64(n.NPeople), reachOf(n)
		name := n.Name
		if n == plan.Root {
			name = q.Lang.T("filter.company")
		}
		c := Cell{Text: i18n.Dash}
		if reach != nil {
			c = number(q.Lang.Decimal(100**reach, 1), reach)
		}
		t.Table.Rows = append(t.Table.Rows, []Cell{text(q.Lang.T("targets.kind_" + n.Kind)), text(n.ID), text(name), number(q.Lang.Count(int64(n.NPeople)), &people), number(q.exact(amount), &amount), number(q.orDash(n.Now), n.Now), number(q.orDash(n.Expected), n.Expected), c})
		for _, c := range n.Parts {
			walk(c)
		}
	}
	walk(plan.Root)
	q.card(t.Card)
	return t
}

func (q *Query) orDash(v *float64) string {
	if v == nil {
		return i18n.Dash
	}
	return q.exact(*v)
}

// reachOf is expected sales over the target of a unit.
func reachOf(n *analytics.TargetNode) *float64 {
	if n.Expected == nil || n.Amount <= 0 {
		return nil
	}
	r := *n.Expected / yuan(n.Amount)
	return &r
}

func (q *Query) targetRow(a askedTargets, n *analytics.TargetNode, most float64) targetRow {
	amount := yuan(n.Amount)
	row := targetRow{ID: n.ID, Name: n.Name, Where: q.Lang.T("kpi.people", "n", n.NPeople), Amount: q.exact(amount), Now: q.orDash(n.Now), Expected: q.orDash(n.Expected), Reach: i18n.Dash, IsLocked: n.IsLocked, IsTeam: n.Kind == "team", HasInputs: n.ID != ""}
	if n.Kind == "rep" {
		row.Where = ""
	}
	row.Bar = chart.CellBar(&amount, most, 72)
	if n.Now != nil && *n.Now > 0 {
		change := amount / *n.Now - 1
		row.Change = i18n.Signed(change, q.Lang.Percent(change, 1))
	}
	if r := reachOf(n); r != nil {
		row.Reach = q.Lang.Percent(*r, 0)
	}
	for _, f := range []struct {
		from map[string]int64
		to   *string
	}{{a.Low, &row.Low}, {a.High, &row.High}, {a.Locked, &row.Lock}} {
		if v, ok := f.from[n.ID]; ok {
			*f.to = centsText(v)
		}
	}
	if w, ok := a.Weights[n.ID]; ok {
		row.Weight = strconv.FormatFloat(w, 'f', -1, 64)
	}
	return row
}

func (q *Query) targetProducts(plan *analytics.TargetPlan) *Card {
	if len(plan.Products) == 0 {
		return nil
	}
	c := &Card{ID: "products", Title: q.Lang.T("targets.products", "n", len(plan.Products)), Sub: q.Lang.T("targets.products_sub")}
	c.Table.Columns = []Column{{Title: q.Lang.T("targets.product")}, {Title: q.Lang.T("targets.target"), Unit: q.moneyUnit(), Numeric: true}}
	for _, r := range plan.Root.Parts {
		c.Table.Columns = append(c.Table.Columns, Column{Title: r.Name, Unit: q.moneyUnit(), Numeric: true})
	}
	for _, one := range plan.Products {
		amount := yuan(one.Root.Amount)
		row := []Cell{text(one.Name), number(q.exact(amount), &amount)}
		for _, r := range one.Root.Parts {
			part := yuan(r.Amount)
			row = append(row, number(q.exact(part), &part))
		}
		c.Table.Rows = append(c.Table.Rows, row)
	}
	return q.card(c)
}

func (q *Query) versionRows(all []store.TargetPlan) versionsCard {
	c := versionsCard{Card: &Card{ID: "versions", Title: q.Lang.T("targets.versions", "n", len(all)), Sub: q.Lang.T("targets.versions_sub")}}
	for _, key := range []string{"version", "month", "total", "way", "who", "at", "why", "state"} {
		c.Table.Columns = append(c.Table.Columns, Column{Title: q.Lang.T("targets.v_" + key)})
	}
	inForce := map[string]bool{}
	for _, v := range all {
		month := v.Month.Format("2006-01")
		row := versionRow{Name: v.Name(), Month: q.Lang.Month(v.Month), Total: centsText(v.TotalCents), How: q.Lang.T("targets.way_" + v.Way), Who: v.Who, At: q.Lang.Moment(v.At.Local()), Why: v.Reason, State: q.Lang.T("targets.replaced"), Badge: "none"}
		switch {
		case v.Withdrawn != nil:
			row.State = q.Lang.T("targets.withdrawn", "who", v.Withdrawn.Who, "why", v.Withdrawn.Why)
		case v.File != "":
			row.State = q.Lang.T("targets.in_file", "file", v.File)
		case !inForce[month]:
			inForce[month] = true
			row.State, row.Badge = q.Lang.T("targets.in_force"), "sealed"
			if q.May(auth.Settle) {
				row.Withdraw = fmt.Sprintf("/targets/%d/withdraw", v.ID)
			}
		}
		c.Rows = append(c.Rows, row)
		c.Table.Rows = append(c.Table.Rows, []Cell{text(row.Name), text(row.Month), text(row.Total), text(row.How), text(row.Who), text(row.At), text(row.Why), text(row.State)})
	}
	if len(all) == 0 {
		c.Title = q.Lang.T("targets.no_versions")
		c.State = &State{"empty", c.Title, q.Lang.T("targets.no_versions_text"), nil}
	}
	q.card(c.Card)
	return c
}

// adoptTargets keeps the proposal of the address as a version of its month.
func adoptTargets(ctx context.Context, q *Query) (to, done string, err error) {
	reason := strings.TrimSpace(q.Form.Get("reason"))
	if reason == "" {
		return "", "", refused("targets.no_reason")
	}
	a, _, plan, why, err := q.proposal(ctx)
	if err != nil {
		return "", "", err
	}
	if plan == nil {
		return "", "", refused("close.said", "text", why.Error())
	}
	p := store.TargetPlan{Month: a.month, TotalCents: a.Total, Way: a.Way, People: len(plan.People), Reason: reason, Who: q.Reader.Name, Amounts: plan.Rows()}
	if plan.Slope != nil {
		p.Slope = &plan.Slope.Slope
	}
	_, err = q.Store().AdoptTargets(ctx, p)
	if errors.Is(err, store.ErrClosed) {
		return "", "", refused("targets.closed")
	}
	return "/targets?" + url.Values{"for": {a.month.Format("2006-01")}}.Encode() + "#versions", "targets.adopted", err
}

func withdrawTargets(ctx context.Context, q *Query) (to, done string, err error) {
	reason := strings.TrimSpace(q.Form.Get("reason"))
	if reason == "" {
		return "", "", refused("targets.no_reason")
	}
	id, err := strconv.ParseInt(q.Path("id"), 10, 64)
	if err != nil {
		return "", "", notFound(q.URL.Path)
	}
	err = q.Store().WithdrawTargets(ctx, id, reason, q.Reader.Name)
	switch {
	case errors.Is(err, store.ErrClosed):
		return "", "", refused("targets.closed")
	case errors.Is(err, store.ErrMoved):
		return "", "", refused("targets.moved")
	}
	return "/targets#versions", "targets.withdrawn_done", err
}
