package report

import (
	"context"
	"fmt"
	"time"

	"levelfield/analytics"
	"levelfield/dashboard/i18n"
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
}

// Scope is what the reader of an order may see: its unit and nothing else.
func (o Order) Scope() analytics.Scope {
	switch {
	case o.Kind == ForCompany:
		return analytics.All()
	case o.UnitID == "":
		return analytics.Scope{}
	case o.Kind == ForRegion:
		return analytics.Regions(o.UnitID)
	case o.Kind == ForTeam:
		return analytics.Teams(o.UnitID)
	case o.Kind == ForPerson:
		return analytics.Reps(o.UnitID)
	}
	return analytics.Scope{}
}

// Make makes a report of a published run. now is the moment it is made.
func (p *Press) Make(ctx context.Context, run *analytics.Run, o Order, now time.Time) (*Report, error) {
	if o.State == "" {
		o.State = "draft"
	}
	switch o.Kind {
	case ForCompany:
		return p.executive(ctx, run, o, now)
	case ForRegion:
		return p.region(ctx, run, o, now)
	}
	return nil, fmt.Errorf("report %q is unknown; known are %v", o.Kind, Kinds)
}

// Blank makes a report without content: what is printed around it.
func (p *Press) Blank(run *analytics.Run, o Order) *Report {
	return p.report(run.Meta, o, o.Lang.T("report.title"), "")
}
