// Package closing is the end of a month: what must hold before it is closed,
// its seal, and what late data changes afterwards. The command line and the
// page do the same through it.
package closing

import (
	"context"
	"slices"
	"time"

	"levelfield/analytics"
	"levelfield/dashboard/store"
)

// State is where a month stands in its life.
type State string

// The states in their order.
const (
	Open        State = "open"         // no calculation covers it
	Calculated  State = "calculated"   // numbers may change
	UnderReview State = "under_review" // shown to the people concerned, who may appeal
	Closed      State = "closed"       // sealed and paid
	Restated    State = "restated"     // sealed again after late data
)

// IsFinal reports whether the month is sealed.
func (s State) IsFinal() bool { return s == Closed || s == Restated }

// Month is one month with its state.
type Month struct {
	Month  time.Time // first day
	State  State
	Last   *store.Event // its latest close or restatement, or start of review; nil for none
	Events []store.Event
}

// States returns every month that is calculated or has a history, oldest
// first.
func States(calculated []time.Time, events []store.Event) []Month {
	all := map[time.Time]*Month{}
	for _, m := range calculated {
		all[m] = &Month{Month: m, State: Calculated}
	}
	for _, e := range events {
		m := all[e.Month]
		if m == nil {
			m = &Month{Month: e.Month, State: Open}
			all[e.Month] = m
		}
		m.Events = append(m.Events, e)
		switch e.Action {
		case store.Review:
			m.State, m.Last = UnderReview, &e
		case store.Close:
			m.State, m.Last = Closed, &e
		case store.Restate:
			m.State, m.Last = Restated, &e
		case store.Reopen:
			m.State, m.Last = Calculated, nil
			if !slices.Contains(calculated, e.Month) {
				m.State = Open
			}
		}
	}
	var out []Month
	for _, m := range all {
		out = append(out, *m)
	}
	slices.SortFunc(out, func(a, b Month) int { return a.Month.Compare(b.Month) })
	return out
}

// StateOf returns the state of one month.
func StateOf(month time.Time, calculated []time.Time, events []store.Event) State {
	for _, m := range States(calculated, events) {
		if m.Month.Equal(month) {
			return m.State
		}
	}
	return Open
}

// Desk is what a month is closed with: the current run, the workspace as it is
// now, and the store.
type Desk struct {
	Options analytics.Options // of a calculation now, with decisions and keys
	Run     *analytics.Run
	Store   *store.Store
}

// now is the clock of the store.
func (d *Desk) now() time.Time { return d.Store.Now() }

// Months returns every month with its state.
func (d *Desk) Months(ctx context.Context) ([]Month, error) {
	months, err := d.Run.Months(ctx)
	if err != nil {
		return nil, err
	}
	events, err := d.Store.Events(ctx)
	return States(months, events), err
}

// Simulated returns the months that another plan is tried on: the last n that
// are closed, or where none is, the last n calculated.
func (d *Desk) Simulated(ctx context.Context, n int) ([]time.Time, error) {
	months, err := d.Months(ctx)
	if err != nil {
		return nil, err
	}
	calculated, err := d.Run.Months(ctx)
	if err != nil {
		return nil, err
	}
	var closed []time.Time
	for _, m := range months {
		if m.State.IsFinal() && slices.ContainsFunc(calculated, m.Month.Equal) {
			closed = append(closed, m.Month)
		}
	}
	if closed == nil {
		closed = calculated
	}
	return closed[max(0, len(closed)-n):], nil
}
