package report

import (
	"context"
	"fmt"
	"time"

	"levelfield/analytics"
	"levelfield/dashboard"
	"levelfield/dashboard/auth"
	"levelfield/dashboard/i18n"
	"levelfield/dashboard/store"
)

// Kind is which report it is.
type Kind string

// The kinds.
const (
	ForCompany Kind = "executive" // the whole company
	ForRegion  Kind = "region"    // one region with its teams
	ForTeam    Kind = "team"      // one team with its people
	ForPerson  Kind = "statement" // one person's pay and how it came about
)

// Kinds lists the kinds.
var Kinds = []Kind{ForCompany, ForRegion, ForTeam, ForPerson}

// Order says which report to make, for whom and in which language.
type Order struct {
	Kind   Kind
	UnitID string    // region, team or person; "" for the company
	Reader string    // name of the reader; "" for nobody in particular
	Month  time.Time // first day
	Lang   i18n.Lang
	State  string // "draft", "sealed" or "restated"; "" for draft
	// Store holds the appeals and restatements that the company's report tells of.
	Store *store.Store
}

// reader is who may see what the order asks for and nothing else: the report
// passes through the same gate as the pages of such a person.
func (o Order) reader() auth.Reader {
	r := auth.Reader{Name: o.Reader, Title: o.Reader}
	switch {
	case o.Kind == ForCompany:
		r.Role = auth.Executive
	case o.UnitID == "":
	case o.Kind == ForRegion:
		r.Role, r.Regions = auth.Manager, []string{o.UnitID}
	case o.Kind == ForTeam:
		r.Role, r.Teams = auth.Manager, []string{o.UnitID}
	case o.Kind == ForPerson:
		r.Role, r.RepID = auth.Rep, o.UnitID
	}
	return r
}

// sheet asks for the pages of the order's month as its reader may see them.
func (o Order) sheet(run *analytics.Run, now time.Time) dashboard.Sheet {
	return dashboard.Sheet{Run: run, Reader: o.reader(), Lang: o.Lang, Month: o.Month, Now: now, Store: o.Store}
}

// Make makes a report of a published run. now is the moment it is made.
func (p *Press) Make(ctx context.Context, run *analytics.Run, o Order, now time.Time) (*Report, error) {
	if o.State == "" {
		o.State = "draft"
	}
	switch o.Kind {
	case ForCompany:
		return p.executive(ctx, run, o, now)
	case ForRegion, ForTeam:
		return p.manager(ctx, run, o, now)
	case ForPerson:
		return p.statement(ctx, run, o, now)
	}
	return nil, fmt.Errorf("report %q is unknown; known are %v", o.Kind, Kinds)
}

// Blank makes a report without content: what is printed around it.
func (p *Press) Blank(run *analytics.Run, o Order) *Report {
	return p.report(run.Meta, o, o.Lang.T("report.title"), "")
}
