package dashboard

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"time"

	"levelfield/analytics"
	"levelfield/dashboard/auth"
	"levelfield/dashboard/i18n"
	"levelfield/dashboard/store"
)

// Monthly is a month as the report tells it: the findings, cards and tables of
// the overview and of regions, made by the same code and under the same scope
// as the pages, so that paper and screen cannot disagree.
type Monthly struct {
	Lang     i18n.Lang
	Meta     analytics.Meta
	Month    time.Time
	Unit     string // name of the region, or of the whole company
	Overview *overviewPage
	Regions  *regionsPage
	Loads    []analytics.LoadedEntity
	Checks   []analytics.CheckLine
	Company  *CompanyMonth // nil for who does not see the whole company
}

// CompanyMonth is what only readers of the whole company are told: the split
// of the budget, the fairness review, appeals and restatements.
type CompanyMonth struct {
	Allocation *allocationPage
	Fairness   string // first sentence of the review; "" where nothing was reviewed
	Review     []ReviewLine
	Appeals    appealCounts
	Restated   []*Card // restatements of the month, and those of earlier months paid in it; no person's pay
}

// UnitTable is a table of units as the regions page shows it.
type UnitTable = unitTable

// The parts of the person's page that statements print.
type (
	Person    = personPage
	MoneyLine = moneyLine
	ScoreTree = treeCard
)

// Sheet asks for the pages of a month as a report prints them.
type Sheet struct {
	Run    *analytics.Run
	Reader auth.Reader // for whom; what he may not see is not printed
	Lang   i18n.Lang
	Month  time.Time // first day; must be one that the run calculated
	Region string    // id; "" for the whole company
	Now    time.Time
	Store  *store.Store // appeals and restatements
}

// query is the request that a reader of the sheet would make on screen.
func (s Sheet) query() *Query {
	q := &Query{
		Page: "report", Run: s.Run, Reader: s.Reader, Scope: s.Reader.Scope(), Lang: s.Lang, Theme: "light", URL: &url.URL{Path: "/"},
		Params: url.Values{"month": {s.Month.Format("2006-01")}}, Path: func(string) string { return "" }, Now: s.Now, Compare: ComparePrev, store: s.Store,
	}
	if s.Region != "" {
		q.Params.Set("region", s.Region)
	}
	return q
}

// NewMonthly builds the report's content of one month. A scope that sees
// nothing gives an error rather than an empty report.
func NewMonthly(ctx context.Context, s Sheet) (*Monthly, error) {
	q := s.query()
	err := q.readFilters(ctx)
	if err != nil {
		return nil, err
	}
	m := &Monthly{Lang: s.Lang, Meta: s.Run.Meta, Month: q.Month, Unit: q.UnitName()}
	page, err := overview(ctx, q)
	if err != nil {
		return nil, err
	}
	m.Overview = page.(*overviewPage)
	if page, err = regions(ctx, q); err != nil {
		return nil, err
	}
	m.Regions = page.(*regionsPage)
	if m.Loads, err = s.Run.DataState(ctx); err != nil {
		return nil, err
	}
	if m.Checks, err = s.Run.CheckResults(ctx, q.Scope); err != nil || !q.Scope.IsAll() {
		return m, err
	}
	m.Company, err = q.companyMonth(ctx)
	return m, err
}

func (q *Query) companyMonth(ctx context.Context) (*CompanyMonth, error) {
	m := &CompanyMonth{}
	page, err := allocation(ctx, q)
	if err != nil {
		return nil, err
	}
	m.Allocation = page.(*allocationPage)
	if m.Fairness, m.Review, err = ReviewSummary(ctx, q.Run, q.Scope, q.Lang); err != nil {
		return nil, err
	}
	sent, err := q.visibleAppeals(ctx)
	if err != nil {
		return nil, err
	}
	names, err := q.unitNames(ctx)
	if err != nil {
		return nil, err
	}
	m.Appeals = q.appealCounts(slices.DeleteFunc(sent, func(a store.Appeal) bool { return !a.Month.Equal(q.Month) }), names)
	m.Restated, err = q.restatedFor(ctx)
	return m, err
}

// restatedFor are the restatements that the month's report tells of, with the
// company's sums and nobody's pay.
func (q *Query) restatedFor(ctx context.Context) ([]*Card, error) {
	events, err := q.Store().Events(ctx)
	if err != nil {
		return nil, err
	}
	var all []*Card
	for _, e := range events {
		b := bridgeOf(e)
		if b == nil || !e.Month.Equal(q.Month) && !e.PaidIn.Equal(q.Month) {
			continue
		}
		c := q.restatedCard(fmt.Sprintf("bridge_%d", e.ID), e, b, nil)
		c.Title = q.Lang.T("report.restated_of", "month", q.Lang.Month(e.Month), "finding", c.Title)
		c.Table.Rows = c.Table.Rows[len(c.Table.Rows)-1:]
		all = append(all, c.Card)
	}
	return all, nil
}
