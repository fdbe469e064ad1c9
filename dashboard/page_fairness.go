package dashboard

import (
	"context"
	"math"
	"slices"
	"strconv"
	"strings"

	"levelfield/analytics"
	"levelfield/dashboard/i18n"
)

// fairnessPage is the review that reads from verdict to evidence: the answers
// first, then each with its chart, method and source.
type fairnessPage struct {
	View
	Finding, Lede string
	Empty         *State // shown instead where there is nothing to review or the reader may not see it
	Verdicts      verdictCard
	Unseen        factCard // what a gap could be while unseen
	Apart         factCard // whether skill and market can be told apart
	Special       factCard // overrides and appeals
	Evidence      []evidenceCard
	Rules         *Card
	Exceptions    *Card // appeals and overrides by group
}

// Cards lists the cards whose tables can be exported.
func (p *fairnessPage) Cards() []*Card {
	if p.Empty != nil {
		return nil
	}
	all := []*Card{p.Verdicts.Card, p.Unseen.Card, p.Apart.Card, p.Special.Card, p.Exceptions, p.Rules}
	for _, e := range p.Evidence {
		all = append(all, e.Card)
	}
	return all
}

// verdictCard is the table of questions and answers.
type verdictCard struct {
	*Card
	Rows []verdictRow
}

// verdictRow is one question: what was measured, on how many people, the
// result, its interval or the rule, and the answer.
type verdictRow struct {
	Question, By, URL string
	N, Result, Rule   string
	Flag, Badge       string // class and word of the badge
}

// factCard is a short list of facts.
type factCard struct {
	*Card
	Facts   []reviewFact
	Callout string
}

type reviewFact struct{ Title, Value, Small string }

// evidenceCard is one item's card.
type evidenceCard struct {
	*Card
	Pair    bool // two plots side by side
	Method  string
	Note    string
	Callout string // shown where the table says what a chart must not
}

// reviewData is what the panels answered.
type reviewData struct {
	facts      *analytics.ReviewFacts
	verdicts   map[string]analytics.Verdict
	findings   map[string][]analytics.Finding
	people     []analytics.ReviewPerson
	funnel     []analytics.FunnelPoint
	lines      []analytics.LinePoint
	movers     []analytics.MoverPoint
	inequality []analytics.Inequality
	gaps       []analytics.GroupGap
	raters     []analytics.Rater
	ranks      []analytics.RankInterval
	sources    []analytics.Source
	targets    []analytics.TargetPoint
	strata     []analytics.Stratum // of the group that F8 names
	rules      []analytics.ReviewRule
	special    []analytics.SpecialCases
}

// reviewItems are the questions of the review in their order; F6 and F7 are
// part of the answer of F5.
var reviewItems = []string{"F1", "F2", "F3", "F4", "F5", "F8", "F9", "F10", "F11", "F12", "F13", "F14", "F15"}

// protected are the kinds of groups that no other page knows of.
var protected = []string{"gender", "age"}

func fairness(ctx context.Context, q *Query) (Page, error) {
	p := &fairnessPage{View: q.view("fairness")}
	p.Title = q.Lang.T("nav.fairness")
	p.Crumbs = []Crumb{{q.Lang.T("nav.overview"), q.Link("/")}, {Title: q.Lang.T("nav.fairness")}}
	d, err := q.reviewData(ctx)
	if err != nil {
		return nil, err
	}
	p.Finding = q.Lang.T("nav.fairness")
	if d == nil || d.facts.People == 0 {
		text := "fairness.empty"
		if d == nil {
			text = "fairness.scope"
		}
		p.Empty = &State{"empty", q.Lang.T("state.empty.title"), q.Lang.T(text), nil}
		return p, nil
	}
	for _, g := range d.special { // every group of the review has a row there
		if slices.Contains(protected, g.GroupKind) {
			q.ReadGroups(g.GroupKind)
		}
	}
	p.Finding, p.Lede = q.reviewFinding(d), q.reviewLede(d)
	p.Verdicts = q.verdictCard(d)
	p.Unseen, p.Apart, p.Special = q.unseenCard(d), q.apartCard(d), q.specialCard(d)
	for _, make := range []func(*reviewData) evidenceCard{
		q.funnelEvidence, q.rankEvidence, q.residualEvidence, q.moverEvidence, q.fourFifthsEvidence, q.strataEvidence, q.standardEvidence,
		q.inequalityEvidence, q.gapEvidence, q.raterEvidence, q.rankIntervalEvidence, q.sensitivityEvidence, q.targetEvidence,
	} {
		e := make(d)
		q.card(e.Card)
		p.Evidence = append(p.Evidence, e)
	}
	p.Rules, p.Exceptions = q.rulesCard(d), q.exceptionsCard(d)
	return p, nil
}

// reviewAnswers reads what the review answers, without the evidence; nil where
// the reader does not see the company.
func (q *Query) reviewAnswers(ctx context.Context) (*reviewData, error) {
	d := &reviewData{verdicts: map[string]analytics.Verdict{}, findings: map[string][]analytics.Finding{}}
	var verdicts []analytics.Verdict
	var first, third []analytics.Finding // of which the answer counts or compares findings
	err := analytics.Together(ctx,
		ofScope(&d.facts, q.Run.ReviewFacts, q.Scope),
		ofScope(&verdicts, q.Run.Verdicts, q.Scope),
		analytics.Into(&first, func(ctx context.Context) ([]analytics.Finding, error) { return q.Run.Findings(ctx, q.Scope, "F1") }),
		analytics.Into(&third, func(ctx context.Context) ([]analytics.Finding, error) { return q.Run.Findings(ctx, q.Scope, "F3") }),
	)
	if err != nil || d.facts == nil {
		return nil, err
	}
	for _, v := range verdicts {
		d.verdicts[v.Item] = v
	}
	d.findings["F1"], d.findings["F3"] = first, third
	return d, nil
}

// reviewData reads the review; nil where the reader does not see the company.
func (q *Query) reviewData(ctx context.Context) (*reviewData, error) {
	var answers *reviewData
	var findings []analytics.Finding
	d := &reviewData{findings: map[string][]analytics.Finding{}}
	err := analytics.Together(ctx,
		analytics.Into(&answers, q.reviewAnswers),
		analytics.Into(&findings, func(ctx context.Context) ([]analytics.Finding, error) { return q.Run.Findings(ctx, q.Scope, "") }),
		ofScope(&d.people, q.Run.ReviewPeople, q.Scope),
		ofScope(&d.funnel, q.Run.ReviewFunnel, q.Scope),
		ofScope(&d.lines, q.Run.ReviewLines, q.Scope),
		ofScope(&d.movers, q.Run.ReviewMovers, q.Scope),
		ofScope(&d.inequality, q.Run.ReviewInequality, q.Scope),
		ofScope(&d.gaps, q.Run.ReviewGaps, q.Scope),
		ofScope(&d.raters, q.Run.ReviewRaters, q.Scope),
		ofScope(&d.ranks, q.Run.ReviewRanks, q.Scope),
		ofScope(&d.sources, q.Run.ReviewSources, q.Scope),
		ofScope(&d.targets, q.Run.ReviewTargets, q.Scope),
		ofScope(&d.rules, q.Run.ReviewRules, q.Scope),
		ofScope(&d.special, q.Run.ReviewSpecial, q.Scope),
	)
	if err != nil || answers == nil {
		return nil, err
	}
	d.facts, d.verdicts = answers.facts, answers.verdicts
	for _, f := range findings {
		if _, asked := d.verdicts[f.Item]; asked {
			d.findings[f.Item] = append(d.findings[f.Item], f)
		}
	}
	if v := d.verdicts["F8"]; v.GroupID != "" {
		d.strata, err = q.Run.ReviewStrata(ctx, q.Scope, v.GroupKind, v.GroupID)
	}
	return d, err
}

// count returns how many questions have a flag.
func (d *reviewData) count(flag string) (n int) {
	for _, item := range reviewItems {
		if d.verdicts[item].Flag == flag {
			n++
		}
	}
	return n
}

// reviewFinding is the page's first sentence: what the market's adjustment
// did, and how many questions deserve a look or cannot be told.
func (q *Query) reviewFinding(d *reviewData) string {
	var parts []string
	for _, f := range d.findings["F3"] {
		if f.Measure == "adjusted" && f.Before != nil && f.Effect != nil && math.Abs(*f.Before) > .2 {
			key := "fairness.not_removed"
			switch {
			case math.Abs(*f.Effect) < math.Abs(*f.Before)/2:
				key = "fairness.removed"
			case f.Low == nil || f.High == nil || *f.Low <= 0 && *f.High >= 0:
				key = "fairness.not_told"
			}
			parts = append(parts, q.Lang.T(key))
		}
	}
	look, cannot := d.count("look"), d.count("cannot tell")
	if cannot == len(reviewItems) { // nothing was tested, so nothing is said of what tests find
		return q.Lang.T("fairness.cannot_any", "n", cannot)
	}
	key := "fairness.some"
	if look == 0 {
		key = "fairness.none_found"
	}
	parts = append(parts, q.Lang.T(key, "look", look))
	if cannot > 0 {
		parts = append(parts, q.Lang.T("fairness.cannot", "n", cannot))
	}
	return q.Lang.Sentences(parts...)
}

func (q *Query) reviewLede(d *reviewData) string {
	text := q.Lang.T("fairness.lede", "month", q.Lang.Month(*d.facts.Month), "people", d.facts.People, "regions", d.facts.Regions)
	if !d.facts.Month.Equal(q.Month) {
		text = q.Lang.Sentences(text, q.Lang.T("fairness.other_month", "month", q.Lang.Month(*d.facts.Month)))
	}
	return text
}

// groupName names a group for reading; a rater's or manager's id stays a code.
func (q *Query) groupName(kind, id, name string) string {
	if key := "fairness.group." + kind + "." + id; i18n.Has(key) {
		return q.Lang.T(key)
	}
	if key := "fairness.group." + strings.ReplaceAll(kind+"."+id, " ", "_"); i18n.Has(key) {
		return q.Lang.T(key)
	}
	return name
}

func (q *Query) kindName(kind string) string {
	if key := "fairness.kind." + kind; i18n.Has(key) {
		return q.Lang.T(key)
	}
	return kind
}

// badge is the class and the word of a flag.
func (q *Query) flagBadge(flag string) (class, word string) {
	class = map[string]string{"look": "look", "amber": "amber", "none": "none", "cannot tell": "cannot", "withheld": "cannot"}[flag]
	return class, q.Lang.T("fairness.flag." + strings.ReplaceAll(flag, " ", "_"))
}

func (q *Query) verdictCard(d *reviewData) verdictCard {
	c := verdictCard{Card: &Card{ID: "verdicts", How: "#rules"}}
	c.Title = q.Lang.T("fairness.questions", "n", len(reviewItems))
	c.Sub = q.Lang.T("fairness.questions_sub")
	for _, name := range []string{"question", "measured", "n", "result", "rule", "verdict", "p", "q"} {
		c.Table.Columns = append(c.Table.Columns, Column{Title: q.Lang.T("fairness.col." + name), Numeric: slices.Contains([]string{"n", "result", "rule", "p", "q"}, name)})
	}
	for _, item := range reviewItems {
		v, ok := d.verdicts[item]
		if !ok {
			continue
		}
		r := verdictRow{Question: q.Lang.T("fairness.q." + item), By: q.Lang.T("fairness.by." + item), URL: "#" + strings.ToLower(item)}
		r.Flag, r.Badge = q.flagBadge(v.Flag)
		r.N, r.Result, r.Rule = i18n.Dash, i18n.Dash, i18n.Dash
		if v.Flag != "cannot tell" && v.Flag != "withheld" {
			r.N, r.Result, r.Rule = q.answer(d, v)
		}
		c.Rows = append(c.Rows, r)
		c.Table.Rows = append(c.Table.Rows, []Cell{text(r.Question), text(r.By), text(r.N), number(r.Result, v.Effect), text(r.Rule), text(r.Badge), number(q.pText(v.P), v.P), number(q.pText(v.Q), v.Q)})
	}
	q.card(c.Card)
	return c
}

func reasonKey(reason string) string {
	if reason == "" {
		return "none"
	}
	return strings.ReplaceAll(reason, " ", "_")
}

func (q *Query) pText(p *float64) string {
	switch {
	case p == nil:
		return i18n.Dash
	case *p < .001:
		return "<0.001"
	}
	return q.Lang.Decimal(*p, 3)
}

// signed writes a figure with its sign; a missing one is a i18n.Dash.
func (q *Query) signed(v *float64, digits int) string {
	if v == nil {
		return i18n.Dash
	}
	return i18n.Signed(*v, q.Lang.Decimal(*v, digits))
}

func (q *Query) plain(v *float64, digits int) string {
	if v == nil {
		return i18n.Dash
	}
	return q.Lang.Decimal(*v, digits)
}

func (q *Query) span(low, high *float64, write func(*float64, int) string, digits int) string {
	if low == nil || high == nil {
		return i18n.Dash
	}
	return q.Lang.T("fairness.span", "low", write(low, digits), "high", write(high, digits))
}

func arrow(before, after string) string {
	if before == i18n.Dash {
		return after
	}
	return before + " → " + after
}

// answer writes n, result and interval or rule of one question.
func (q *Query) answer(d *reviewData, v analytics.Verdict) (n, result, rule string) {
	n = q.Lang.Count(v.N)
	people := q.Lang.Count(d.facts.People)
	switch v.Item {
	case "F1":
		outside := len(d.findings["F1"]) - 1 // one finding is the count of all
		return q.Lang.Count(int64(len(d.funnel))), q.Lang.Count(int64(outside)), q.Lang.T("fairness.rule.F1", "expected", q.Lang.Decimal(.002*float64(len(d.funnel)), 1))
	case "F2":
		return n, q.Lang.T("fairness.places", "n", q.plain(v.Effect, 1)), q.Lang.T("fairness.rule.F2", "limit", q.plain(v.Threshold, 1), "tau", q.plain(v.Before, 2))
	case "F3":
		return n, arrow(q.signed(v.Before, 2), q.signed(v.Effect, 2)), q.span(v.Low, v.High, q.signed, 2)
	case "F4":
		return n, q.plain(v.Effect, 2), q.span(v.Low, v.High, q.plain, 2)
	case "F5", "F9":
		rule = q.span(v.Low, v.High, q.plain, 2)
		if v.Item == "F9" {
			rule = q.Lang.T("fairness.rule.F9")
		}
		return n, arrow(q.plain(v.Before, 2), q.plain(v.Effect, 2)), rule
	case "F8":
		return n, q.Lang.T("fairness.odds", "n", q.plain(v.Effect, 2)), q.span(v.Low, v.High, q.plain, 2)
	case "F10":
		return n, arrow(percent(q, v.Before), percent(q, v.Effect)), q.span(v.Low, v.High, func(x *float64, _ int) string { return percent(q, x) }, 0)
	case "F11", "F12":
		if v.Item == "F12" {
			n = q.Lang.Count(v.NFindings)
		}
		return n, q.signed(v.Effect, 1), q.span(v.Low, v.High, q.signed, 1)
	case "F13":
		return n, q.plain(v.Before, 0), q.Lang.T("fairness.rule.F13", "limit", q.plain(v.Threshold, 0))
	case "F14":
		return n, percent(q, v.Effect), q.Lang.T("fairness.rule.F14")
	case "F15":
		if v.Measure == "manager" {
			return n, q.signed(v.Effect, 2), q.span(v.Low, v.High, q.signed, 2)
		}
		return n, q.plain(v.Effect, 2), q.span(v.Low, v.High, q.plain, 2)
	}
	return people, q.plain(v.Effect, 2), i18n.Dash
}

func percent(q *Query, v *float64) string {
	if v == nil {
		return i18n.Dash
	}
	return q.Lang.Percent(*v, 0)
}

// unseenCard says what a gap could be while unseen with so few people.
func (q *Query) unseenCard(d *reviewData) factCard {
	c := factCard{Card: &Card{ID: "unseen", Title: q.Lang.T("fairness.unseen"), Sub: q.Lang.T("fairness.unseen_sub")}}
	c.Table.Columns = []Column{{Title: q.Lang.T("fairness.col.question")}, {Title: q.Lang.T("fairness.col.n"), Numeric: true}, {Title: q.Lang.T("fairness.col.unseen"), Numeric: true}}
	add := func(item, measure string, write func(float64) string) {
		var worst *analytics.Finding
		for i, f := range d.findings[item] {
			if f.Unseen != nil && (measure == "" || f.Measure == measure) && (worst == nil || *f.Unseen > *worst.Unseen) {
				worst = &d.findings[item][i]
			}
		}
		if worst == nil {
			return
		}
		title := q.Lang.T("fairness.unseen."+item, "n", worst.N, "group", q.groupName(worst.GroupKind, worst.GroupID, worst.GroupName))
		c.Facts = append(c.Facts, reviewFact{Title: title, Value: write(*worst.Unseen)})
		c.Table.Rows = append(c.Table.Rows, []Cell{text(title), text(q.Lang.Count(worst.N)), number(write(*worst.Unseen), worst.Unseen)})
	}
	points := func(v float64) string { return q.Lang.T("fairness.points", "n", q.Lang.Decimal(v, 1)) }
	add("F11", "score", points)
	add("F5", "", func(v float64) string { return q.Lang.T("fairness.points", "n", q.Lang.Decimal(100*v, 0)) })
	add("F12", "", points)
	add("F3", "", func(v float64) string { return q.Lang.Decimal(v, 2) })
	withheld := 0
	for _, f := range d.findings["F5"] {
		if f.Flag == "withheld" {
			withheld += int(f.N)
		}
	}
	c.Callout = q.Lang.T("fairness.unseen_note")
	if withheld > 0 {
		c.Callout = q.Lang.Sentences(c.Callout, q.Lang.T("fairness.withheld", "n", withheld))
	}
	if len(c.Facts) == 0 {
		c.State = &State{"empty", q.Lang.T("state.empty.title"), q.Lang.T("fairness.reason.too_few_people"), nil}
	}
	q.card(c.Card)
	return c
}

// apartCard says whether skill and market can be told apart.
func (q *Query) apartCard(d *reviewData) factCard {
	f := d.facts
	verdict := "unknown"
	if f.Verdict != nil {
		verdict = strings.ReplaceAll(*f.Verdict, " ", "_")
	}
	c := factCard{Card: &Card{ID: "apart", Title: q.Lang.T("fairness.apart." + verdict), Sub: q.Lang.T("fairness.apart_sub")}}
	c.Table.Columns = []Column{{Title: q.Lang.T("fairness.col.question")}, {Title: q.Lang.T("fairness.col.result"), Numeric: true}}
	add := func(key, value, small string, raw *float64) {
		c.Facts = append(c.Facts, reviewFact{q.Lang.T("fairness.apart." + key), value, small})
		c.Table.Rows = append(c.Table.Rows, []Cell{text(q.Lang.T("fairness.apart." + key)), number(value, raw)})
	}
	add("shared", percent(q, f.SharedRate), q.Lang.T("fairness.apart.needs"), f.SharedRate)
	add("movers", percent(q, f.MoverRate), "", f.MoverRate)
	if f.IsSorting != nil && f.SortingRatio != nil {
		key := "fairness.apart.off"
		if *f.IsSorting {
			key = "fairness.apart.on"
		}
		add("sorting", q.Lang.T(key), q.Lang.T("fairness.apart.ratio", "n", q.plain(f.SortingRatio, 2)), f.SortingRatio)
	}
	if f.PricedSlope != nil {
		key := "fairness.apart.partly_priced"
		switch {
		case *f.PricedSlope < .2:
			key = "fairness.apart.not_priced"
		case *f.PricedSlope > .8:
			key = "fairness.apart.fully_priced"
		}
		add("priced", q.plain(f.PricedSlope, 2), q.Lang.T(key), f.PricedSlope)
	}
	q.card(c.Card)
	return c
}

// specialCard says who got the special case.
func (q *Query) specialCard(d *reviewData) factCard {
	f := d.facts
	c := factCard{Card: &Card{ID: "special", Title: q.Lang.T("fairness.special"), Sub: q.Lang.T("fairness.special_sub")}}
	c.Table.Columns = []Column{{Title: q.Lang.T("fairness.col.question")}, {Title: q.Lang.T("fairness.col.result"), Numeric: true}}
	add := func(key, value, small string) {
		c.Facts = append(c.Facts, reviewFact{q.Lang.T("fairness.special." + key), value, small})
		c.Table.Rows = append(c.Table.Rows, []Cell{text(q.Lang.T("fairness.special." + key)), text(value)})
	}
	add("overrides", q.Lang.Count(f.Overrides), "")
	add("appeals", q.Lang.Count(f.Upheld), q.Lang.T("fairness.special.of", "n", f.Appeals))
	if f.Hard >= 5 && f.Easy >= 5 {
		add("markets", q.Lang.Percent(float64(f.HardUpheld)/float64(f.Hard), 0), q.Lang.T("fairness.special.and", "n", q.Lang.Percent(float64(f.EasyUpheld)/float64(f.Easy), 0)))
	}
	q.card(c.Card)
	return c
}

// exceptionsCard counts appeals and overrides by region and group.
func (q *Query) exceptionsCard(d *reviewData) *Card {
	c := &Card{ID: "exceptions", Title: q.Lang.T("fairness.exceptions_none"), Sub: q.Lang.T("fairness.exceptions_sub")}
	for _, key := range []string{"kind", "group", "people", "sent", "upheld", "upheld_rate", "overrides", "overrides_rate"} {
		c.Table.Columns = append(c.Table.Columns, Column{Title: q.Lang.T("fairness.exceptions." + key), Numeric: key != "kind" && key != "group"})
	}
	count := func(n *int64) Cell {
		if n == nil {
			return Cell{Text: i18n.Dash}
		}
		return whole(*n)
	}
	rate := func(v *float64, text func(float64) string) Cell {
		if v == nil {
			return Cell{Text: i18n.Dash}
		}
		return number(text(*v), v)
	}
	sent, overrides := int64(0), int64(0)
	for _, s := range d.special {
		name := q.groupName(s.GroupKind, s.GroupID, s.GroupName)
		if !s.IsShown {
			name = q.Lang.T("fairness.exceptions.withheld", "group", name)
		}
		upheld := rate(s.UpheldRate, func(v float64) string { return q.Lang.Percent(v, 0) })
		if s.UpheldRate != nil {
			upheld.Text += "  n=" + q.Lang.Count(*s.Decided)
		}
		c.Table.Rows = append(c.Table.Rows, []Cell{text(q.kindName(s.GroupKind)), text(name), count(s.People), count(s.Sent), count(s.Upheld), upheld,
			count(s.Overrides), rate(s.OverridesRate, func(v float64) string { return q.Lang.Decimal(v, 2) })})
		if s.GroupKind == "region" && s.IsShown {
			sent, overrides = sent+*s.Sent, overrides+*s.Overrides
		}
	}
	if sent+overrides > 0 {
		c.Title = q.Lang.T("fairness.exceptions", "sent", q.Lang.Count(sent), "overrides", q.Lang.Count(overrides))
	}
	if len(d.special) == 0 {
		c.State = &State{"empty", q.Lang.T("state.empty.title"), q.Lang.T("fairness.exceptions_empty"), nil}
	}
	return q.card(c)
}

// rulesCard prints the thresholds and who set them.
func (q *Query) rulesCard(d *reviewData) *Card {
	c := &Card{ID: "rules", Title: q.Lang.T("fairness.rules"), Sub: q.Lang.T("fairness.rules_sub")}
	c.Table.Columns = []Column{{Title: q.Lang.T("fairness.col.item")}, {Title: q.Lang.T("fairness.col.rule_name")}, {Title: q.Lang.T("fairness.col.value"), Numeric: true}, {Title: q.Lang.T("fairness.col.set_by")}}
	for _, r := range d.rules {
		item := r.Item
		if item == "all" {
			item = q.Lang.T("fairness.all_items")
		}
		c.Table.Rows = append(c.Table.Rows, []Cell{text(item), text(q.Lang.T("fairness.threshold." + r.Rule)), number(strconv.FormatFloat(r.Value, 'g', -1, 64), &r.Value), text(r.SetBy)})
	}
	return q.card(c)
}
