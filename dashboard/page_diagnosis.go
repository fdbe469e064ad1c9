package dashboard

import (
	"cmp"
	"context"
	"html/template"
	"math"
	"net/url"
	"slices"

	"levelfield/analytics"
	"levelfield/dashboard/chart"
	"levelfield/dashboard/i18n"
)

// diagnosisPage says whom to coach in what, and what holds a region back.
type diagnosisPage struct {
	View
	Finding, Lede string
	Coaching      coachingCard
	Themes        *Card
	Person        diagnosedCard
	Regions       regionGapsCard
	Gap           factorsCard
}

// Cards lists the cards whose tables can be exported.
func (p *diagnosisPage) Cards() []*Card {
	return []*Card{p.Coaching.Card, p.Themes, p.Person.Card, p.Regions.Card, p.Gap.Card}
}

// coachingCard is the manager's list: a line a person and theme.
type coachingCard struct {
	*Card
	Rows   []coachingRow
	States []Choice // themes to narrow the list to
}

type coachingRow struct {
	Name, Where, URL           string
	Theme, Indicator           string
	Value, Peers, Months, Base string
	Bar                        template.HTML
	Movement                   movement
	IsShown                    bool
}

// movement is a change since last month: coloured only outside noise.
type movement struct{ Arrow, Text, Tone string }

// diagnosedCard is one person's indicators beside peers, weakest first.
type diagnosedCard struct {
	*Card
	Rows []diagnosedRow
	URL  string // the person's own page
}

type diagnosedRow struct {
	Title, URL, Theme   string
	Value, Peers, Base  string
	Gap, Interval, Tone string
	Bar                 template.HTML
	Movement            movement
	Change              string
}

// regionGapsCard lists what each region's gap to the others is made of.
type regionGapsCard struct {
	*Card
	Heads []string
	Unit  string
	Rows  []regionGapRow
}

type regionGapRow struct {
	Name, URL string
	Cells     []tableCell
	Gap       tableCell
	IsShown   bool
}

// factorsCard splits the gap between two regions.
type factorsCard struct {
	*Card
	Of, With Filter
}

func diagnosis(ctx context.Context, q *Query) (Page, error) {
	var all []analytics.Coachee
	var factors []analytics.RegionFactor
	err := analytics.Together(ctx,
		ofMonth(&all, q.Run.Coachees, q),
		ofMonth(&factors, q.Run.RegionFactors, q),
		analytics.Into(&q.definitions, q.Run.Definitions),
	)
	if err != nil {
		return nil, err
	}
	if q.Region != nil {
		all = slices.DeleteFunc(all, func(c analytics.Coachee) bool { return orEmpty(c.Region) != q.Region.Name })
	}
	slices.SortStableFunc(all, func(a, b analytics.Coachee) int { return cmp.Compare(value(b.Shortfall), value(a.Shortfall)) })
	p := &diagnosisPage{View: q.view("diagnosis")}
	p.Title = q.Lang.T("nav.diagnosis")
	p.Crumbs = []Crumb{{q.Lang.T("nav.overview"), q.Link("/")}, {Title: p.Title}}
	p.Filters = p.Filters[:len(p.Filters)-1] // always against last month
	shown, name := q.diagnosed(all)
	lines, err := q.Run.PeerLines(ctx, q.Scope, shown, q.Month)
	if err != nil {
		return nil, err
	}
	p.Finding, p.Lede = q.diagnosisFinding(all)
	p.Coaching = q.coachingCard(all, shown)
	p.Themes = q.themesCard(all)
	p.Person = q.diagnosedCard(shown, name, lines)
	p.Regions, p.Gap = q.regionGaps(factors)
	return p, nil
}

// diagnosed is the person whose indicators are shown: of ?rep=, or the first on
// the list.
func (q *Query) diagnosed(all []analytics.Coachee) (id, name string) {
	asked := q.Params.Get("rep")
	for _, c := range all {
		if c.RepID == asked {
			return c.RepID, c.Name
		}
	}
	if asked != "" || len(all) == 0 {
		return "", ""
	}
	return all[0].RepID, all[0].Name
}

// titleOf is the title of an indicator and whether less of it is better.
func (q *Query) titleOf(indicator string) (string, analytics.Definition) {
	if d, ok := definition(q.definitions, indicator); ok {
		return q.Lang.Pick(d.TitleEn, d.TitleZh), d
	}
	return indicator, analytics.Definition{ID: indicator}
}

func (q *Query) diagnosisFinding(all []analytics.Coachee) (finding, lede string) {
	people, weak, judged := map[string]bool{}, map[string]bool{}, 0
	themes := map[string]int{}
	for _, c := range all {
		if !people[c.RepID] && c.NJudged > 0 {
			judged++
		}
		people[c.RepID] = true
		if c.Theme != nil {
			weak[c.RepID] = true
			themes[*c.Theme]++
		}
	}
	switch {
	case judged == 0:
		return q.Lang.T("diagnosis.none", "month", q.Lang.Month(q.Month)), q.Lang.T("diagnosis.none_text")
	case len(weak) == 0:
		return q.Lang.T("diagnosis.finding_nobody", "n", judged), q.Lang.T("diagnosis.lede")
	}
	most := ""
	for _, t := range analytics.Themes() {
		if most == "" || themes[t] > themes[most] {
			most = t
		}
	}
	return q.Lang.T("diagnosis.finding", "weak", len(weak), "n", judged, "theme", q.Lang.Inside(q.Lang.T("theme."+most)), "most", themes[most]), q.Lang.T("diagnosis.lede")
}

func (q *Query) coachingCard(all []analytics.Coachee, shown string) coachingCard {
	c := coachingCard{Card: &Card{ID: "coaching", Sub: q.Lang.T("diagnosis.coaching_sub")}}
	theme := q.Params.Get("topic")
	counts, listed := map[string]int{}, 0
	for _, p := range all {
		if p.Theme != nil {
			counts[*p.Theme]++
			counts[""]++
		}
	}
	for _, t := range append([]string{""}, analytics.Themes()...) {
		if counts[t] == 0 && t != "" {
			continue
		}
		title := q.Lang.T("diagnosis.all_themes")
		if t != "" {
			title = q.Lang.T("theme." + t)
		}
		c.States = append(c.States, Choice{title + " " + q.Lang.Count(int64(counts[t])), q.Here("topic", t) + "#coaching", t == theme})
	}
	for _, key := range []string{"person", "team", "region", "theme", "indicator", "value", "peers", "low", "high", "spreads", "n_peers", "n_months", "movement"} {
		c.Table.Columns = append(c.Table.Columns, Column{Title: q.Lang.T("diagnosis.col_" + key), Numeric: slices.Contains([]string{"value", "peers", "low", "high", "spreads", "n_peers", "n_months"}, key)})
	}
	people := map[string]bool{}
	for _, p := range all {
		if p.Theme == nil || theme != "" && *p.Theme != theme {
			continue
		}
		listed++
		people[p.RepID] = true
		title, def := q.titleOf(orEmpty(p.Indicator))
		write := func(v *float64) string { return q.aMonth(def.Unit, v) }
		row := coachingRow{
			Name: p.Name, Where: orEmpty(p.Team), URL: q.Here("rep", p.RepID) + "#person", IsShown: p.RepID == shown,
			Theme: q.Lang.T("theme." + *p.Theme), Indicator: title, Value: write(p.Value), Peers: write(p.PeerValue),
			Base: q.Lang.T("diagnosis.base", "months", *p.Months, "peers", *p.Peers), Bar: spreadBar(def, p.GapLow, p.GapHigh, p.Spreads, gapOf(p), "neg", 132),
			Movement: q.movement(orEmpty(p.Movement)),
		}
		if *p.NWeak > 1 {
			row.Indicator = q.Lang.T("diagnosis.and_more", "indicator", title, "n", *p.NWeak-1)
		}
		c.Rows = append(c.Rows, row)
		n, months := float64(*p.Peers), float64(*p.Months)
		c.Table.Rows = append(c.Table.Rows, []Cell{text(p.Name), text(orEmpty(p.Team)), text(orEmpty(p.Region)), text(row.Theme), text(title), number(row.Value, p.Value), number(row.Peers, p.PeerValue),
			number(write(p.GapLow), p.GapLow), number(write(p.GapHigh), p.GapHigh), number(q.Lang.Signed(value(p.Spreads), 1), p.Spreads), number(q.Lang.Count(*p.Peers), &n), number(q.Lang.Count(*p.Months), &months), text(row.Movement.Text)})
	}
	c.Title = q.Lang.T("diagnosis.coaching", "n", len(people), "lines", listed)
	c.Rows = c.Rows[:q.listed(c.Card, len(c.Rows))]
	if listed == 0 {
		c.Title = q.Lang.T("diagnosis.nobody")
		c.State = &State{"empty", q.Lang.T("diagnosis.nobody"), q.Lang.T("diagnosis.nobody_text"), nil}
	}
	q.card(c.Card)
	return c
}

// aMonth writes a value that is a month's of several: counts with a decimal.
func (q *Query) aMonth(unit string, v *float64) string {
	if unit == "count" && v != nil {
		return q.Lang.Decimal(*v, 1)
	}
	return q.Lang.Value(unit, v, q.Run.Meta.Currency).String()
}

func gapOf(c analytics.Coachee) *float64 {
	if c.Value == nil || c.PeerValue == nil {
		return nil
	}
	gap := *c.Value - *c.PeerValue
	return &gap
}

// spreadBar draws a gap with its interval in spreads between peers, worse to the
// left whichever way is better; four spreads fill half the width.
func spreadBar(def analytics.Definition, low, high, spreads, gap *float64, tone string, width int) template.HTML {
	if low == nil || high == nil || spreads == nil || gap == nil || *gap == 0 {
		return ""
	}
	one := *spreads / *gap // spreads of one unit of the gap, below 0 where less is better
	a, b := *low*one, *high*one
	cut := func(v float64) float64 { return math.Max(-4, math.Min(4, v)) }
	return chart.Interval(cut(math.Min(a, b)), cut(math.Max(a, b)), cut(*spreads), 0, -4.3, 4.3, tone, width)
}

// movement says how an indicator moved since last month.
func (q *Query) movement(told string) movement {
	switch told {
	case "better":
		return movement{"▲", q.Lang.T("diagnosis.better"), "pos"}
	case "worse":
		return movement{"▼", q.Lang.T("diagnosis.worse"), "neg"}
	}
	return movement{Text: q.Lang.T("diagnosis.same"), Tone: "same"}
}

// themesCard counts who could be trained together.
func (q *Query) themesCard(all []analytics.Coachee) *Card {
	c := &Card{ID: "themes", Sub: q.Lang.T("diagnosis.themes_sub")}
	c.Table.Columns = []Column{{Title: q.Lang.T("diagnosis.col_theme")}, {Title: q.Lang.T("diagnosis.people"), Numeric: true}}
	type one struct {
		theme string
		n     int
	}
	var counts []one
	for _, t := range analytics.Themes() {
		n := 0
		for _, p := range all {
			if p.Theme != nil && *p.Theme == t {
				n++
			}
		}
		if n > 0 {
			counts = append(counts, one{t, n})
		}
	}
	slices.SortStableFunc(counts, func(a, b one) int { return b.n - a.n })
	if len(counts) == 0 {
		c.Title = q.Lang.T("diagnosis.nobody")
		c.State = &State{"empty", q.Lang.T("diagnosis.nobody"), q.Lang.T("diagnosis.nobody_text"), nil}
		return q.card(c)
	}
	var bars []chart.Bar
	for _, t := range counts {
		v := float64(t.n)
		title := q.Lang.T("theme." + t.theme)
		bars = append(bars, chart.Bar{Name: title, Value: &v, Text: q.Lang.Count(int64(t.n))})
		cell := text(title)
		cell.URL = q.Here("topic", t.theme) + "#coaching"
		c.Table.Rows = append(c.Table.Rows, []Cell{cell, number(q.Lang.Count(int64(t.n)), &v)})
	}
	c.Title = q.Lang.T("diagnosis.themes", "theme", q.Lang.T("theme."+counts[0].theme), "n", counts[0].n)
	c.Plots = []Plot{{Option: chart.Bars(bars, "@n0", "@n0", q.Lang.T("diagnosis.people")), Label: c.Title, Height: 320}}
	return q.card(c)
}

func (q *Query) diagnosedCard(id, name string, lines []analytics.PeerLine) diagnosedCard {
	c := diagnosedCard{Card: &Card{ID: "person", Sub: q.Lang.T("diagnosis.person_sub")}}
	for _, key := range []string{"indicator", "theme", "value", "peers", "gap", "low", "high", "spreads", "n_peers", "n_months", "this", "last", "movement"} {
		c.Table.Columns = append(c.Table.Columns, Column{Title: q.Lang.T("diagnosis.col_" + key), Numeric: !slices.Contains([]string{"indicator", "theme", "movement"}, key)})
	}
	if len(lines) == 0 {
		c.Title = q.Lang.T("diagnosis.no_lines")
		c.State = &State{"empty", c.Title, q.Lang.T("diagnosis.no_lines_text"), nil}
		q.card(c.Card)
		return c
	}
	if q.Reader.Opens("person") {
		c.URL = q.Link("/people/"+url.PathEscape(id), "region", "")
	}
	weak := 0
	for _, l := range lines {
		title, def := q.titleOf(l.Indicator)
		write := func(v *float64) string { return q.aMonth(l.Unit, v) }
		row := diagnosedRow{
			Title: title, URL: q.Link("/indicators/"+l.Indicator, "region", ""), Theme: q.Lang.T("theme." + l.Theme), Value: write(&l.Value), Peers: write(&l.PeerValue),
			Base: q.Lang.T("diagnosis.base", "months", l.Months, "peers", l.Peers), Gap: i18n.Signed(l.Gap, write(&l.Gap)),
			Interval: q.Lang.T("diagnosis.interval", "low", write(&l.GapLow), "high", write(&l.GapHigh)), Movement: q.movement(l.Movement),
		}
		switch {
		case l.IsWeak:
			row.Tone = "neg"
			weak++
		case l.IsStrong:
			row.Tone = "pos"
		}
		row.Bar = spreadBar(def, &l.GapLow, &l.GapHigh, l.Spreads, &l.Gap, row.Tone, 160)
		if l.This != nil && l.Last != nil {
			row.Change = q.Lang.T("diagnosis.from_to", "from", write(l.Last), "to", write(l.This))
		}
		c.Rows = append(c.Rows, row)
		n, months := float64(l.Peers), float64(l.Months)
		spreads := i18n.Dash
		if l.Spreads != nil {
			spreads = q.Lang.Signed(*l.Spreads, 1)
		}
		c.Table.Rows = append(c.Table.Rows, []Cell{text(title), text(row.Theme), number(row.Value, &l.Value), number(row.Peers, &l.PeerValue), number(row.Gap, &l.Gap), number(write(&l.GapLow), &l.GapLow),
			number(write(&l.GapHigh), &l.GapHigh), number(spreads, l.Spreads), number(q.Lang.Count(l.Peers), &n), number(q.Lang.Count(l.Months), &months), number(write(l.This), l.This), number(write(l.Last), l.Last), text(row.Movement.Text)})
	}
	first := c.Rows[0]
	c.Title = q.Lang.T("diagnosis.person_none", "name", name, "n", len(lines))
	if weak > 0 {
		c.Title = q.Lang.T("diagnosis.person", "name", name, "weak", weak, "n", len(lines), "indicator", q.Lang.Inside(first.Title), "value", first.Value, "peers", first.Peers)
	}
	q.card(c.Card)
	return c
}

// regionGaps lists each region's gap to all the others, and splits the gap of
// the two that are chosen.
func (q *Query) regionGaps(all []analytics.RegionFactor) (regionGapsCard, factorsCard) {
	t := regionGapsCard{Card: &Card{ID: "regions", Sub: q.Lang.T("diagnosis.regions_sub")}}
	f := factorsCard{Card: &Card{ID: "factors"}}
	if len(all) == 0 {
		none := &State{"empty", q.Lang.T("diagnosis.no_regions"), q.Lang.T("diagnosis.no_regions_text"), nil}
		t.Title, f.Title, t.State, f.State = none.Title, none.Title, none, none
		q.card(t.Card)
		q.card(f.Card)
		return t, f
	}
	of, with := q.compared(all)
	q.factorsCard(&f, all, of, with)
	q.gapsTable(&t, all, of)
	return t, f
}

// pairs returns the factors of each pair, in order.
func pairs(all []analytics.RegionFactor) (list [][]analytics.RegionFactor) {
	for i, f := range all {
		if i == 0 || f.ID != all[i-1].ID || f.OtherID != all[i-1].OtherID {
			list = append(list, nil)
		}
		list[len(list)-1] = append(list[len(list)-1], f)
	}
	return list
}

// compared is the pair that is split: of ?of= and ?with=, by default the region
// furthest behind and all the others, or another one where they may not be
// shown.
func (q *Query) compared(all []analytics.RegionFactor) (of, with string) {
	var last *analytics.RegionFactor
	for i := range all {
		f := &all[i]
		if q.Region != nil && f.ID != q.Region.ID {
			continue
		}
		if last == nil || (f.OtherID == "") && (last.OtherID != "" || f.Gap < last.Gap) || f.OtherID != "" && last.OtherID != "" && f.Gap < last.Gap {
			last = f
		}
	}
	if last == nil {
		last = &all[0]
	}
	of, with = last.ID, last.OtherID
	for _, f := range all {
		if name := q.Params.Get("of"); name != "" && (f.Name == name || f.ID == name) {
			of = f.ID
		}
	}
	has := func(id string) bool {
		return slices.ContainsFunc(all, func(f analytics.RegionFactor) bool { return f.ID == of && f.OtherID == id })
	}
	if name := q.Params.Get("with"); name != "" {
		for _, f := range all {
			if f.ID == of && f.OtherID != "" && (f.Other == name || f.OtherID == name) {
				return of, f.OtherID
			}
		}
	}
	if !has(with) {
		for _, f := range all {
			if f.ID == of {
				return of, f.OtherID
			}
		}
	}
	return of, with
}

func (q *Query) otherName(f analytics.RegionFactor) string {
	if f.OtherID == "" {
		return q.Lang.T("diagnosis.others", "n", f.NOthers)
	}
	return f.Other
}

func (q *Query) factorsCard(c *factorsCard, all []analytics.RegionFactor, of, with string) {
	var rows []analytics.RegionFactor
	c.Of, c.With = Filter{Name: "of", Label: q.Lang.T("diagnosis.of")}, Filter{Name: "with", Label: q.Lang.T("diagnosis.with")}
	for _, pair := range pairs(all) {
		f := pair[0]
		if f.ID == of && f.OtherID == with {
			rows = pair
			c.Of.Value, c.With.Value = f.Name, q.otherName(f)
		}
		if n := len(c.Of.Choices); n == 0 || c.Of.Choices[n-1].Title != f.Name {
			c.Of.Choices = append(c.Of.Choices, Choice{f.Name, q.Here("of", f.Name) + "#factors", f.ID == of})
		}
		if f.ID == of {
			c.With.Choices = append(c.With.Choices, Choice{q.otherName(f), q.Here("of", f.Name, "with", f.Other) + "#factors", f.OtherID == with})
		}
	}
	f := rows[0]
	scale := q.Lang.MoneyScale(math.Max(math.Abs(f.Result), math.Abs(f.OtherResult)), q.Run.Meta.Currency)
	write := func(v float64) string { return scale.Text(q.Lang, v) }
	measure := q.Lang.T("diagnosis.sales_per_person")
	if rows[len(rows)-1].Factor == "collection" {
		measure = q.Lang.T("diagnosis.cash_per_person")
	}
	c.Table.Columns = []Column{{Title: q.Lang.T("diagnosis.factor")}, {Title: f.Name, Numeric: true}, {Title: q.otherName(f), Numeric: true}, {Title: q.Lang.T("diagnosis.effect"), Unit: q.moneyUnit(), Numeric: true}}
	steps := []chart.Step{{Name: q.otherName(f), Value: f.OtherResult, Text: write(f.OtherResult), Total: true}}
	worst, best := rows[0], rows[0]
	for _, r := range rows {
		name := q.Lang.T("diagnosis.factor_" + r.Factor)
		steps = append(steps, chart.Step{Name: name, Value: r.Effect, Text: i18n.Signed(r.Effect, write(r.Effect))})
		c.Table.Rows = append(c.Table.Rows, []Cell{text(name), number(q.regionFactorText(r.Factor, r.Value), &r.Value), number(q.regionFactorText(r.Factor, r.OtherValue), &r.OtherValue), number(i18n.Signed(r.Effect, q.exact(r.Effect)), &r.Effect)})
		if r.Effect < worst.Effect {
			worst = r
		}
		if r.Effect > best.Effect {
			best = r
		}
	}
	steps = append(steps, chart.Step{Name: f.Name, Value: f.Result, Text: write(f.Result), Total: true})
	c.Table.Rows = append(c.Table.Rows, []Cell{text(measure), number(q.exact(f.Result), &f.Result), number(q.exact(f.OtherResult), &f.OtherResult), number(i18n.Signed(f.Gap, q.exact(f.Gap)), &f.Gap)})
	other := f.Other
	if f.OtherID == "" {
		other = q.Lang.Inside(q.otherName(f))
	}
	key, told := "diagnosis.gap_less", worst
	if f.Gap >= 0 {
		key, told = "diagnosis.gap_more", best
	}
	if worst.Effect < 0 && f.Gap >= 0 {
		key, told = "diagnosis.gap_despite", worst
	}
	c.Title = q.Lang.T(key, "region", f.Name, "other", other, "gap", q.Money(math.Abs(f.Gap)), "factor", q.Lang.Inside(q.Lang.T("diagnosis.factor_"+told.Factor)), "effect", i18n.Signed(told.Effect, q.Money(told.Effect)))
	c.Sub = q.Lang.T("diagnosis.factors_sub", "measure", measure, "unit", scale.Unit())
	c.Plots = []Plot{{Option: chart.Waterfall(steps, "@money"), Label: c.Title, Height: 320}}
	q.card(c.Card)
}

func (q *Query) regionFactorText(factor string, v float64) string {
	switch factor {
	case "win_rate", "collection":
		return q.Lang.Percent(v, 1)
	case "market", "ticket":
		return q.Money(v)
	}
	if v < .01 {
		return q.Lang.T("diagnosis.per_million", "n", q.Lang.Decimal(v*1e6, 1))
	}
	return q.Lang.Decimal(v, 2)
}

func (q *Query) gapsTable(t *regionGapsCard, all []analytics.RegionFactor, of string) {
	var lists [][]analytics.RegionFactor
	most := 0.0
	for _, pair := range pairs(all) {
		if pair[0].OtherID != "" {
			continue
		}
		lists = append(lists, pair)
		for _, f := range pair {
			most = math.Max(most, math.Abs(f.Effect))
		}
	}
	if lists == nil {
		t.Title = q.Lang.T("diagnosis.no_others")
		t.State = &State{"empty", t.Title, q.Lang.T("diagnosis.no_others_text"), nil}
		q.card(t.Card)
		return
	}
	slices.SortStableFunc(lists, func(a, b []analytics.RegionFactor) int { return cmp.Compare(a[0].Gap, b[0].Gap) })
	scale := q.Lang.MoneyScale(most, q.Run.Meta.Currency)
	t.Unit = scale.Unit()
	t.Table.Columns = []Column{{Title: q.Lang.T("col.region")}}
	for _, f := range lists[0] {
		title := q.Lang.T("diagnosis.factor_" + f.Factor)
		t.Heads = append(t.Heads, title)
		t.Table.Columns = append(t.Table.Columns, Column{Title: title, Numeric: true})
	}
	t.Table.Columns = append(t.Table.Columns, Column{Title: q.Lang.T("diagnosis.gap"), Numeric: true})
	for _, list := range lists {
		row := regionGapRow{Name: list[0].Name, URL: q.Here("of", list[0].Name, "with", "") + "#factors", IsShown: list[0].ID == of}
		cells := []Cell{text(list[0].Name)}
		for i, f := range list {
			shown := i18n.Signed(f.Effect, scale.Text(q.Lang, f.Effect))
			row.Cells = append(row.Cells, tableCell{Label: t.Heads[i], Text: shown, Right: chart.CellGap(&f.Effect, most, tone(f.Effect), 40)})
			cells = append(cells, number(shown, &f.Effect))
		}
		gap := list[0].Gap
		row.Gap = tableCell{Label: q.Lang.T("diagnosis.gap"), Text: i18n.Signed(gap, scale.Text(q.Lang, gap)), Bold: true}
		t.Rows = append(t.Rows, row)
		t.Table.Rows = append(t.Table.Rows, append(cells, number(row.Gap.Text, &gap)))
	}
	first := lists[0]
	worst := slices.MinFunc(first, func(a, b analytics.RegionFactor) int { return cmp.Compare(a.Effect, b.Effect) })
	t.Title = q.Lang.T("diagnosis.regions", "region", first[0].Name, "factor", q.Lang.Inside(q.Lang.T("diagnosis.factor_"+worst.Factor)))
	q.card(t.Card)
}
