package dashboard

import (
	"context"
	"net/url"
	"time"

	"levelfield/analytics"
	"levelfield/dashboard/auth"
	"levelfield/dashboard/i18n"
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
}

// UnitTable is a table of units as the regions page shows it.
type UnitTable = unitTable

// The parts of the person's page that statements print.
type (
	Person    = personPage
	MoneyLine = moneyLine
	ScoreTree = treeCard
)

// NewPerson builds the page of a person for paper, as the sheet's reader may
// see it.
func NewPerson(ctx context.Context, s Sheet, rep string) (*Person, error) {
	q, err := s.query(ctx)
	if err != nil {
		return nil, err
	}
	q.Path = func(string) string { return rep }
	page, err := person(ctx, q)
	if err != nil {
		return nil, err
	}
	return page.(*personPage), nil
}

// Sheet asks for the pages of a month as a report prints them.
type Sheet struct {
	Run    *analytics.Run
	Reader auth.Reader // for whom; what he may not see is not printed
	Lang   i18n.Lang
	Month  time.Time // first day; must be one that the run calculated
	Region string    // id; "" for the whole company
	Now    time.Time
}

// query is the request that a reader of the sheet would make on screen.
func (s Sheet) query(ctx context.Context) (*Query, error) {
	q := &Query{
		Page: "report", Run: s.Run, Reader: s.Reader, Scope: s.Reader.Scope(), Lang: s.Lang, Theme: "light", URL: &url.URL{Path: "/"},
		Params: url.Values{"month": {s.Month.Format("2006-01")}}, Path: func(string) string { return "" }, Now: s.Now, Compare: ComparePrev,
	}
	if s.Region != "" {
		q.Params.Set("region", s.Region)
	}
	return q, q.readFilters(ctx)
}

// NewMonthly builds the report's content of one month. A scope that sees
// nothing gives an error rather than an empty report.
func NewMonthly(ctx context.Context, s Sheet) (*Monthly, error) {
	q, err := s.query(ctx)
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
	m.Checks, err = s.Run.CheckResults(ctx, q.Scope)
	return m, err
}
