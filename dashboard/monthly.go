package dashboard

import (
	"context"
	"net/url"
	"time"

	"levelfield/analytics"
	"levelfield/dashboard/i18n"
)

// Monthly is a month as the report tells it: the findings, cards and tables of
// the overview and of regions, made by the same code and under the same scope
// as the pages, so that paper and screen cannot disagree.
type Monthly struct {
	Lang     i18n.Lang
	Meta     analytics.Meta
	Month    time.Time
	Overview *overviewPage
	Regions  *regionsPage
	Loads    []analytics.LoadedEntity
	Checks   []analytics.CheckLine
}

// NewMonthly builds the report's content of one month from a published run.
// The month must be one the run calculated; a scope that sees nothing gives an
// error rather than an empty report.
func NewMonthly(ctx context.Context, run *analytics.Run, scope analytics.Scope, month time.Time, lang i18n.Lang, now time.Time) (*Monthly, error) {
	q := &Query{
		Page: "report", Run: run, Scope: scope, Lang: lang, Theme: "light", URL: &url.URL{Path: "/"},
		Params: url.Values{"month": {month.Format("2006-01")}}, Path: func(string) string { return "" }, Now: now, Compare: ComparePrev,
	}
	if err := q.readFilters(ctx); err != nil {
		return nil, err
	}
	m := &Monthly{Lang: lang, Meta: run.Meta, Month: q.Month}
	page, err := overview(ctx, q)
	if err != nil {
		return nil, err
	}
	m.Overview = page.(*overviewPage)
	if page, err = regions(ctx, q); err != nil {
		return nil, err
	}
	m.Regions = page.(*regionsPage)
	if m.Loads, err = run.DataState(ctx); err != nil {
		return nil, err
	}
	m.Checks, err = run.CheckResults(ctx, scope)
	return m, err
}
