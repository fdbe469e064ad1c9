package dashboard

import (
	"context"
	"slices"
	"time"

	"levelfield/analytics"
)

// People is what the pages of several people of a month are made from, read at
// once: a batch of statements reads every table once, not once a person. It is
// not changed after it is read; use it from any goroutine.
type People struct {
	run    *analytics.Run
	months []time.Time
	month  time.Time
	units  map[string]analytics.Unit // whom the scope saw
	rows   map[string]*analytics.StatementRows
	cards  []analytics.Scorecard
	defs   []analytics.Definition
}

// bandIndicators are those that a person is set beside others in.
var bandIndicators = []string{
	"target_attainment", "sales_amount", "visits_per_workday", "visit_success_rate", "new_customers",
	"collection_rate", "expense_ratio", "customer_satisfaction",
}

// ReadPeople reads what the scope sees of people in a month. People whom it
// does not see are left out.
func ReadPeople(ctx context.Context, run *analytics.Run, scope analytics.Scope, month time.Time, reps []string) (*People, error) {
	p := &People{run: run, month: month, units: map[string]analytics.Unit{}}
	units, err := run.Units(ctx, scope, "rep", "", month)
	if err != nil {
		return nil, err
	}
	for _, u := range units {
		p.units[u.ID] = u
	}
	if p.months, err = run.Months(ctx); err != nil {
		return nil, err
	}
	if p.rows, err = run.StatementRows(ctx, scope, reps, month, bandIndicators); err != nil {
		return nil, err
	}
	for _, rows := range p.rows {
		slices.SortStableFunc(rows.Bands, func(a, b analytics.Band) int {
			return slices.Index(bandIndicators, a.Indicator) - slices.Index(bandIndicators, b.Indicator)
		})
	}
	if p.cards, err = run.Scorecards(ctx, month); err != nil {
		return nil, err
	}
	slices.SortStableFunc(p.cards, func(a, b analytics.Scorecard) int { // pay first
		if a.IsForPay == b.IsForPay {
			return 0
		}
		if a.IsForPay {
			return -1
		}
		return 1
	})
	p.defs, err = run.Definitions(ctx)
	return p, err
}

// dataOf returns what was read about one person; false where he was not read
// or the scope did not see him.
func (p *People) dataOf(q *Query, id string) (*personData, bool) {
	unit, seen := p.units[id]
	rows, read := p.rows[id]
	if !seen || !read {
		return nil, false
	}
	d := &personData{StatementRows: rows, unit: unit, cards: p.cards, defs: p.defs}
	for i := range d.History {
		switch m := d.History[i].Month; {
		case m.Equal(q.Month):
			d.now = &d.History[i]
		case m.Equal(q.Base()):
			d.before = &d.History[i]
		}
	}
	return d, true
}

// Person builds the page of a person for paper. It is the person's own: the
// sheet's reader must be the one whom it is about.
func (p *People) Person(s Sheet, id string) (*Person, error) {
	q := s.query()
	q.Months = p.months
	if _, ok := findMonth(p.months, s.Month.Format("2006-01")); !ok || !s.Month.Equal(p.month) {
		return nil, q.badMonth(s.Month.Format("2006-01"))
	}
	q.Month = s.Month
	d, ok := p.dataOf(q, id)
	if !ok || s.Reader.RepID != id {
		return nil, notFound("/people/" + id)
	}
	q.Own = &d.unit
	return q.personPage(d), nil
}
