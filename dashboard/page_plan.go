package dashboard

import (
	"context"
	"math"
	"sync"
	"time"

	"levelfield/analytics"
	"levelfield/analytics/plan"
	"levelfield/dashboard/chart"
)

// planPage says the rules of scores and pay in sentences, what changed between
// versions, and where pay jumps.
type planPage struct {
	View
	Finding, Lede string
	Versions      *Card
	Sections      []planSection
	Changes       changesCard
	Cliffs        []cliffCard
	CliffState    *State
}

type planSection struct {
	ID, Title string
	Sentences []string
	IsOpen    bool
}

type changesCard struct {
	*Card
	Groups []planSection
}

type cliffCard struct {
	*Card
	Conditions string
	Near       string
}

// Cards lists the cards whose tables can be exported.
func (p *planPage) Cards() []*Card {
	all := []*Card{p.Versions, p.Changes.Card}
	for _, c := range p.Cliffs {
		all = append(all, c.Card)
	}
	return all
}

func planPageOf(ctx context.Context, q *Query) (Page, error) {
	q.isLive = true // plan files and scans change without a run
	p := &planPage{View: q.view("plan")}
	p.Title = q.Lang.T("nav.plan")
	p.Crumbs = []Crumb{{Title: q.Lang.T("nav.plan")}}
	known, err := analytics.Indicators(q.Dir)
	if err != nil {
		return nil, err
	}
	all, err := analytics.LoadPlan(q.Dir)
	if err != nil {
		return nil, &problem{500, "plan.broken", "plan.broken_text", []any{"mistakes", err.Error()}}
	}
	lang := string(q.Lang)
	f := all.At(q.Month)
	if chosen := all.Version(q.Params.Get("version")); chosen != nil {
		f = chosen
	}
	p.Finding = q.Lang.T("plan.finding", "plan", f.Name, "month", q.Lang.Month(q.Month))
	if f != all.At(q.Month) {
		p.Finding = q.Lang.T("plan.finding_other", "plan", f.Name)
	}
	for _, s := range f.Sentences(known) {
		if len(s.Statements) == 0 {
			continue
		}
		section := planSection{ID: s.Key, Title: s.Title.In(lang), IsOpen: s.Key != "target" && s.Key != "general"}
		for _, x := range s.Statements {
			section.Sentences = append(section.Sentences, x.Text(lang))
		}
		p.Sections = append(p.Sections, section)
	}
	p.Versions = q.versionsCard(all, f)
	p.Changes = q.changesCard(all, f, known)
	if err := q.cliffCards(ctx, p, f, known); err != nil {
		return nil, err
	}
	p.Lede = q.Lang.T("plan.lede", "n", len(all.Versions))
	return p, nil
}

func (q *Query) versionsCard(all *plan.Plan, shown *plan.File) *Card {
	c := &Card{ID: "versions", Title: q.Lang.T("plan.versions", "n", len(all.Versions)), Sub: q.Lang.T("plan.versions_sub")}
	c.Table.Columns = []Column{{Title: q.Lang.T("plan.version")}, {Title: q.Lang.T("plan.name")}, {Title: q.Lang.T("plan.starts")}, {Title: q.Lang.T("plan.state")}}
	inForce := all.At(q.Month)
	for _, f := range all.Versions {
		starts, state := q.Lang.T("plan.beginning"), ""
		if !f.Starts.IsZero() {
			starts = q.Lang.Month(f.Starts.Time)
		}
		switch {
		case f == inForce:
			state = q.Lang.T("plan.in_force", "month", q.Lang.Month(q.Month))
		case f.Starts.After(q.Month):
			state = q.Lang.T("plan.later")
		default:
			state = q.Lang.T("plan.earlier")
		}
		name := Cell{Text: f.ID, Raw: f.ID}
		if f != shown {
			name.URL = q.Here("version", f.ID)
		}
		c.Table.Rows = append(c.Table.Rows, []Cell{name, text(f.Name), text(starts), text(state)})
	}
	return q.card(c)
}

// changesCard compares the version shown with the one before it, or with the
// shipped default where it is the first.
func (q *Query) changesCard(all *plan.Plan, f *plan.File, known plan.Indicators) changesCard {
	before, title := plan.Default(), "plan.against_default"
	args := []any{"plan", f.ID}
	for i, v := range all.Versions {
		if v == f && i > 0 {
			before, title = all.Versions[i-1], "plan.against"
			args = append(args, "before", before.ID)
		}
	}
	c := changesCard{Card: &Card{ID: "changes", Title: q.Lang.T(title, args...)}}
	c.Table.Columns = []Column{{Title: q.Lang.T("plan.section")}, {Title: q.Lang.T("plan.change")}}
	lang := string(q.Lang)
	for _, change := range plan.Diff(before, f, known) {
		if n := len(c.Groups); n == 0 || c.Groups[n-1].Title != change.Section.In(lang) {
			c.Groups = append(c.Groups, planSection{Title: change.Section.In(lang)})
		}
		g := &c.Groups[len(c.Groups)-1]
		g.Sentences = append(g.Sentences, change.Text(lang))
		c.Table.Rows = append(c.Table.Rows, []Cell{text(change.Section.In(lang)), text(change.Text(lang))})
	}
	if c.Groups == nil {
		c.State = &State{"empty", plan.NoChange(lang), q.Lang.T("plan.no_change"), nil}
	}
	q.card(c.Card)
	return c
}

// scans keeps what a scan of a plan found; a scan takes seconds, so it goes on
// beside the request that asked first.
type scans struct {
	mu   sync.Mutex
	done map[string]*scan
}

type scan struct {
	cliffs []plan.Cliff
	err    error
	ready  bool
}

// of returns the scan of a plan, started where it is asked for the first time.
func (s *scans) of(server *Server, f *plan.File, known plan.Indicators) scan {
	key := f.Hash()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.done == nil {
		s.done = map[string]*scan{}
	}
	if s.done[key] == nil {
		one := &scan{}
		s.done[key] = one
		server.background.Go(func() {
			ctx, stop := context.WithTimeout(server.life, 5*time.Minute)
			defer stop()
			cliffs, err := analytics.Cliffs(ctx, f, known, server.giveWay)
			s.mu.Lock()
			defer s.mu.Unlock()
			one.cliffs, one.err, one.ready = cliffs, err, true
			server.finished.Add(1)
		})
	}
	return *s.done[key]
}

func (q *Query) cliffCards(ctx context.Context, p *planPage, f *plan.File, known plan.Indicators) error {
	lang := string(q.Lang)
	found := q.server.scans.of(q.server, f, known)
	switch {
	case !found.ready:
		p.CliffState = &State{"empty", q.Lang.T("plan.scanning"), q.Lang.T("plan.scanning_text"), &Choice{Title: q.Lang.T("plan.again"), URL: q.Here() + "#cliffs"}}
	case found.err != nil:
		return found.err
	case len(found.cliffs) == 0:
		p.CliffState = &State{"empty", plan.NoCliff(lang), q.Lang.T("plan.no_cliff"), nil}
	}
	for i, cliff := range found.cliffs {
		c := cliffCard{Card: &Card{ID: "cliff-" + cliff.Axis.ID + "-" + string(rune('a'+i)), Title: cliff.Text(lang)}, Conditions: cliff.Conditions(lang)}
		near, err := q.Run.NearCliff(ctx, q.Scope, q.Month, cliff, f.Pay.ScoreScorecard)
		if err != nil {
			return err
		}
		var names []string
		for _, n := range near {
			names = append(names, n.Name+" "+cliff.Axis.Value(n.Value).In(lang))
			c.Table.Rows = append(c.Table.Rows, []Cell{text(n.Name), number(cliff.Axis.Value(n.Value).In(lang), &n.Value)})
		}
		c.Table.Columns = []Column{{Title: q.Lang.T("col.rep")}, {Title: cliff.Axis.Title.In(lang), Numeric: true}}
		c.Near = plan.WithinReach(lang, q.Month, q.Lang.List(names))
		c.Plots = []Plot{{Option: cliffChart(q, cliff), Label: c.Title, Height: 200}}
		q.card(c.Card)
		p.Cliffs = append(p.Cliffs, c)
	}
	return nil
}

// cliffChart draws the part of the axis around the cliff: a fifth of it to
// either side.
func cliffChart(q *Query, c plan.Cliff) chart.Option {
	span := (c.Axis.High - c.Axis.Low) / 5
	low, high := math.Min(c.From, c.To)-span, math.Max(c.From, c.To)+span
	var line []chart.XY
	for _, s := range c.Line {
		if s.X >= low && s.X <= high {
			line = append(line, chart.XY{X: s.X, Y: s.Pay})
		}
	}
	before, after := chart.XY{X: c.From, Y: c.Before}, chart.XY{X: c.To, Y: c.After}
	if c.Kind == "slower" { // before and after are slopes: mark the bend itself
		y := 0.0
		for _, s := range c.Line {
			if s.X <= c.From {
				y = s.Pay
			}
		}
		before, after = chart.XY{X: c.From, Y: y}, chart.XY{X: c.From, Y: y}
	}
	axis := map[string]string{"rate": "@pct0", "money": "@money"}[c.Axis.Unit]
	if axis == "" {
		axis = "@plain"
	}
	return chart.Cliff(line, before, after, axis, chart.CliffWords{Pay: q.Lang.T("person.total"), Before: q.Lang.T("plan.before"), After: q.Lang.T("plan.after")})
}
