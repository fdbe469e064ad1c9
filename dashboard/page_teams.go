package dashboard

import (
	"cmp"
	"context"
	"html/template"
	"math"
	"slices"
	"strings"

	"levelfield/analytics"
	"levelfield/dashboard/chart"
)

// teamsPage shows what teams earned together: pools, and the team's part of
// the score.
type teamsPage struct {
	View
	Finding, Lede string
	Table         teamTable
	Pools         []poolCard
	NoPool        *State
}

// Cards lists the cards whose tables can be exported.
func (p *teamsPage) Cards() []*Card {
	all := []*Card{p.Table.Card}
	for _, c := range p.Pools {
		all = append(all, c.Card)
	}
	return all
}

type teamTable struct {
	*Card
	Parts []string // titles of the parts of the score
	Rows  []teamRow
}

type teamRow struct {
	Name, Where, URL string
	Attainment       tableCell
	Cells            []tableCell
	Pool             tableCell
}

type poolCard struct {
	*Card
	Formula string
}

func teams(ctx context.Context, q *Query) (Page, error) {
	var all []analytics.TeamMonth
	var parts []analytics.TeamPart
	var shares []analytics.PoolShare
	err := analytics.Together(ctx,
		ofMonth(&all, q.Run.Teams, q),
		ofMonth(&parts, q.Run.TeamParts, q),
		ofMonth(&shares, q.Run.PoolShares, q),
	)
	if err != nil {
		return nil, err
	}
	if q.Region != nil {
		all = slices.DeleteFunc(all, func(t analytics.TeamMonth) bool { return orEmpty(t.Region) != q.Region.Name })
	}
	slices.SortStableFunc(all, func(a, b analytics.TeamMonth) int {
		return cmp.Compare(orLowest(b.Attainment), orLowest(a.Attainment))
	})
	p := &teamsPage{View: q.view("teams")}
	p.Title = q.Lang.T("nav.teams")
	p.Crumbs = []Crumb{{q.Lang.T("nav.overview"), q.Link("/")}, {Title: q.Lang.T("nav.teams")}}
	if q.Region != nil {
		p.Crumbs = []Crumb{p.Crumbs[0], {q.Lang.T("nav.teams"), q.Link("/teams", "region", "")}, {Title: q.Region.Name}}
	}
	p.Finding, p.Lede = q.teamsFinding(all)
	p.Table = q.teamTable(all, parts)
	for _, t := range all {
		if t.Pool != nil {
			p.Pools = append(p.Pools, q.poolCard(t, shares))
		}
	}
	if len(p.Pools) == 0 {
		p.NoPool = &State{"empty", q.Lang.T("teams.no_pool"), q.Lang.T("teams.no_pool_text"), &Choice{Title: q.Lang.T("teams.rule"), URL: q.Link("/plan")}}
	}
	for _, s := range shares {
		q.ReadPay(s.RepID)
	}
	return p, nil
}

func orLowest(v *float64) float64 {
	if v == nil {
		return math.Inf(-1)
	}
	return *v
}

func (q *Query) teamsFinding(all []analytics.TeamMonth) (finding, lede string) {
	if len(all) == 0 {
		return q.Lang.T("teams.none", "month", q.Lang.Month(q.Month)), q.Lang.T("people.none_text")
	}
	reached, pool := 0, 0.0
	for _, t := range all {
		if t.Pool != nil {
			reached++
			pool += *t.Pool
		}
	}
	rule := all[0]
	finding = q.Lang.T("teams.finding", "n", len(all), "reached", reached, "threshold", q.Lang.Percent(rule.Threshold, 0), "month", q.Lang.MonthName(q.Month), "pool", q.exact(pool))
	if reached == 0 {
		finding = q.Lang.T("teams.finding_none", "n", len(all), "threshold", q.Lang.Percent(rule.Threshold, 0), "month", q.Lang.MonthName(q.Month))
	}
	if rule.PoolRate == 0 {
		return q.Lang.T("teams.finding_plain", "n", len(all), "month", q.Lang.MonthName(q.Month)), q.Lang.T("teams.no_pool_text")
	}
	return finding, q.Lang.T("teams.lede", "rate", q.Lang.Percent(rule.PoolRate, 1), "sharing", q.Lang.T("teams."+rule.Sharing))
}

func (q *Query) teamTable(all []analytics.TeamMonth, parts []analytics.TeamPart) teamTable {
	t := teamTable{Card: &Card{ID: "teams", How: q.Link("/plan"), Sub: q.Lang.T("teams.sub", "month", q.Lang.Month(q.Month))}}
	t.Title = q.Lang.T("teams.table", "n", len(all))
	var nodes []analytics.TeamPart // of the first team that has them: the columns
	for _, p := range parts {
		if !slices.ContainsFunc(nodes, func(n analytics.TeamPart) bool { return n.Scorecard == p.Scorecard && n.Node == p.Node }) {
			nodes = append(nodes, p)
		}
	}
	t.Table.Columns = []Column{{Title: q.Lang.T("col.team")}, {Title: q.Lang.T("col.region")}, {Title: q.Lang.T("teams.people"), Numeric: true}, {Title: q.Lang.T("people.attainment"), Unit: "%", Numeric: true}}
	for _, n := range nodes {
		title := q.Lang.Pick(n.TitleEn, n.TitleZh) + " " + q.Lang.Percent(n.Weight, 0)
		t.Parts = append(t.Parts, title)
		t.Table.Columns = append(t.Table.Columns, Column{Title: title, Numeric: true})
	}
	t.Table.Columns = append(t.Table.Columns, Column{Title: q.Lang.T("teams.pay"), Numeric: true}, Column{Title: q.Lang.T("teams.pool"), Numeric: true})
	type place struct{ team, scorecard, node string }
	at := map[place]float64{}
	for _, p := range parts {
		at[place{p.TeamID, p.Scorecard, p.Node}] = p.Contribution
	}
	for _, team := range all {
		row := teamRow{Name: team.Name, URL: q.Link("/people", "q", team.Name), Where: orEmpty(team.Region) + " · " + q.Lang.T("kpi.people", "n", team.People)}
		row.Attainment = tableCell{Label: q.Lang.T("people.attainment"), Text: q.Lang.Value("rate", team.Attainment, "").String()}
		if team.Attainment != nil {
			gap := *team.Attainment - team.Threshold
			row.Attainment.Right = template.HTML(chart.CellGap(&gap, .6, tone(gap), 44))
		}
		cells := []Cell{text(team.Name), text(orEmpty(team.Region)), {Text: q.Lang.Count(team.People), Raw: team.People}, number(row.Attainment.Text, team.Attainment)}
		for i, n := range nodes {
			cell := tableCell{Label: t.Parts[i], Text: q.Lang.Value("points", nil, "").Text}
			raw := (*float64)(nil)
			if added, ok := at[place{team.TeamID, n.Scorecard, n.Node}]; ok {
				cell.Text, raw = q.Lang.Decimal(added, 1), &added
				cell.Left = chart.CellBar(raw, n.Weight*100, 56)
			}
			row.Cells = append(row.Cells, cell)
			cells = append(cells, number(cell.Text, raw))
		}
		row.Cells = append(row.Cells, tableCell{Label: q.Lang.T("teams.pay"), Text: q.exact(team.Total), Bold: true})
		row.Pool = tableCell{Label: q.Lang.T("teams.pool"), Text: q.Lang.Value("money", nil, "").Text}
		if team.Pool != nil {
			row.Pool.Text = q.exact(*team.Pool)
		}
		t.Rows = append(t.Rows, row)
		total := team.Total
		t.Table.Rows = append(t.Table.Rows, append(cells, number(q.exact(total), &total), number(row.Pool.Text, team.Pool)))
	}
	if len(all) == 0 {
		t.State = &State{"empty", q.Lang.T("teams.none", "month", q.Lang.Month(q.Month)), q.Lang.T("people.none_text"), nil}
	}
	q.card(t.Card)
	return t
}

// poolCard is one team's pool and who shares it.
func (q *Query) poolCard(t analytics.TeamMonth, shares []analytics.PoolShare) poolCard {
	c := poolCard{Card: &Card{ID: "pool-" + t.TeamID, Title: q.Lang.T("teams.pool_of", "team", t.Name, "amount", q.exact(*t.Pool)), Sub: q.Lang.T("teams.pool_sub", "sharing", q.Lang.T("teams."+t.Sharing))}}
	if t.Sales != nil && t.Target != nil {
		c.Formula = q.Lang.T("teams.pool_formula", "sales", q.exact(*t.Sales), "target", q.exact(*t.Target), "rate", q.Lang.Percent(t.PoolRate, 1), "amount", q.exact(*t.Pool))
	}
	c.Table.Columns = []Column{{Title: q.Lang.T("col.rep")}, {Title: q.Lang.T("teams.days"), Numeric: true}, {Title: q.Lang.T("person.score"), Numeric: true},
		{Title: q.Lang.T("people.sales"), Numeric: true}, {Title: q.Lang.T("teams.share"), Unit: "%", Numeric: true}, {Title: q.Lang.T("person.amount"), Numeric: true}}
	for _, s := range shares {
		if s.TeamID != t.TeamID {
			continue
		}
		score := "—"
		if s.Score != nil {
			score = q.Lang.Decimal(*s.Score, 1)
		}
		name := text(s.Name)
		name.URL = q.Link("/people/"+strings.TrimSpace(s.RepID), "region", "")
		c.Table.Rows = append(c.Table.Rows, []Cell{name, {Text: q.Lang.Count(s.DutyDays), Raw: s.DutyDays}, number(score, s.Score), number(q.exact(s.Sales), &s.Sales),
			number(q.Lang.Decimal(s.Share*100, 1), &s.Share), number(q.exact(s.Amount), &s.Amount)})
	}
	q.card(c.Card)
	return c
}
