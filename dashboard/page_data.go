package dashboard

import (
	"context"
	"slices"
	"strings"

	"levelfield/analytics"
	"levelfield/dashboard/i18n"
)

// dataPage says whether the data behind every other page can be trusted: what
// was loaded and what was refused, how fresh it is, what the checks found,
// whether the systems agree and who could not be found by name.
type dataPage struct {
	View
	Finding   string
	Ledes     []lede
	Loads     loadsCard
	Refused   refusedCard
	Freshness freshnessCard
	Checks    checksCard
	Reconcile reconcileCard
	Names     namesCard
}

// Cards lists the cards whose tables can be exported.
func (p *dataPage) Cards() []*Card {
	return []*Card{p.Loads.Card, p.Refused.Card, p.Freshness.Card, p.Checks.Card, p.Reconcile.Card, p.Names.Card}
}

func data(ctx context.Context, q *Query) (Page, error) {
	p := &dataPage{View: q.view("data")}
	p.Title = q.Lang.T("nav.data")
	p.Crumbs = []Crumb{{q.Lang.T("nav.overview"), q.Link("/")}, {Title: p.Title}}
	loads, err := q.Run.Loads(ctx, q.Scope)
	if err != nil {
		return nil, err
	}
	fresh, err := q.Run.Freshness(ctx)
	if err != nil {
		return nil, err
	}
	entity, filter, err := q.entityFilter(fresh)
	if err != nil {
		return nil, err
	}
	p.Filters = slices.DeleteFunc(p.Filters, func(f Filter) bool { return f.Name == "compare" })
	p.Filters = append(p.Filters, filter)
	if p.Loads, err = q.loadsCard(loads, entity); err != nil {
		return nil, err
	}
	p.Refused = q.refusedCard(loads, entity)
	p.Freshness = q.freshnessCard(fresh)
	checks, err := q.Run.CheckResults(ctx, q.Scope)
	if err != nil {
		return nil, err
	}
	p.Checks = q.checksCard(checks)
	if p.Reconcile, err = q.reconcileCard(ctx); err != nil {
		return nil, err
	}
	names, err := q.Run.Unmatched(ctx, q.Scope)
	if err != nil {
		return nil, err
	}
	p.Names = q.namesCard(names)
	p.Finding = q.dataFinding(loads, p.Reconcile)
	p.Ledes = []lede{
		{q.Lang.T("loads.lede"), p.Freshness.Lede, q.Lang.T("loads.see"), "#freshness"},
		{q.Lang.T("checks.lede"), p.Checks.Lede, q.Lang.T("loads.see"), "#checks"},
		{q.Lang.T("names.lede"), p.Names.Lede, q.Lang.T("loads.see"), "#names"},
	}
	return p, nil
}

// dataFinding says how many rows were refused and whether the systems agree.
func (q *Query) dataFinding(loads []analytics.LoadLine, r reconcileCard) string {
	var read, refused int64
	for _, l := range loads {
		read, refused = read+l.Read, refused+l.Refused
	}
	key := "loads.finding_some"
	switch {
	case read == 0:
		key = "loads.finding_nothing"
	case refused == 0:
		key = "loads.finding_none"
	}
	finding := q.Lang.T(key, "refused", q.Lang.Count(refused), "read", q.Lang.Count(read))
	if r.Finding == "" {
		return finding
	}
	return q.Lang.T("loads.and", "first", finding, "second", r.Finding)
}

// entityFilter reads ?entity=, which narrows loads and refused rows to one
// kind of data; "" is all of them.
func (q *Query) entityFilter(fresh []analytics.Freshness) (string, Filter, error) {
	wish := q.Params.Get("entity")
	f := Filter{Name: "entity", Label: q.Lang.T("loads.filter"), Value: q.Lang.T("loads.filter_all")}
	f.Choices = []Choice{{f.Value, q.Here("entity", ""), wish == ""}}
	found := wish == ""
	for _, e := range fresh {
		now := e.Entity == wish
		if now {
			found, f.Value = true, q.entityTitle(wish)
		}
		f.Choices = append(f.Choices, Choice{q.entityTitle(e.Entity), q.Here("entity", e.Entity), now})
	}
	slices.SortStableFunc(f.Choices[1:], func(a, b Choice) int { return strings.Compare(a.Title, b.Title) })
	if !found {
		return "", f, badFilter("loads.bad_entity", "value", wish)
	}
	return wish, f, nil
}

// entityTitle is the name of an entity as a reader knows it.
func (q *Query) entityTitle(entity string) string { return EntityTitle(q.Lang, entity) }

// EntityTitle is the name of an entity in the reader's language; its id where
// it has none.
func EntityTitle(lang i18n.Lang, entity string) string {
	if key := "entity." + entity; i18n.Has(key) {
		return lang.T(key)
	}
	return entity
}
