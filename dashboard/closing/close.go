package closing

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"levelfield/analytics"
	"levelfield/dashboard/store"
)

// Decision is who closes or restates, and why.
type Decision struct {
	Who     string
	Reason  string
	Despite string // reason to close although appeals are unanswered, or ""
}

// Close seals a month. The error is a *Refused with every reason where a
// condition is not met; then nothing is kept. It is kept as a whole: a kill at
// any moment leaves the month open or closed.
func (d *Desk) Close(ctx context.Context, month time.Time, by Decision) (*store.Event, error) {
	l, err := d.Checklist(ctx, month, by.Despite)
	if err != nil {
		return nil, err
	}
	if len(l.Blocked()) > 0 {
		return nil, &Refused{l}
	}
	if by.Despite != "" {
		by.Reason += "; despite unanswered appeals: " + by.Despite
	}
	return d.keep(ctx, store.Event{Month: month, Action: store.Close, Who: by.Who, Reason: by.Reason}, l.LastEvent)
}

// keep seals a month as the run says it.
func (d *Desk) keep(ctx context.Context, e store.Event, last int64) (*store.Event, error) {
	seal, text, err := d.Run.SealMonth(ctx, e.Month)
	if err != nil {
		return nil, err
	}
	lines, err := d.Run.PayLines(ctx, e.Month)
	if err != nil {
		return nil, err
	}
	e.RunID, e.Seal, e.At = d.Run.ID, seal.Seal, d.now()
	k := store.Sealed{Event: e, Document: text, Expect: last}
	for _, p := range lines {
		k.Lines = append(k.Lines, store.Line{RepID: p.RepID, Line: p.Line, Cents: p.Cents, IsTotal: p.IsTotal})
	}
	if err := d.Store.Keep(ctx, k); err != nil {
		return nil, err
	}
	return &e, nil
}

// Why a month cannot be restated.
var (
	ErrUnchanged = errors.New("its pay is what was sealed: there is nothing to restate")
	ErrOpen      = errors.New("is not closed: calculate and close it, there is nothing to restate")
)

// Restate seals closed months again as the run says them now, each with the
// bridge from its old numbers. The difference is paid with the next close.
// Where one fails those before it are kept and returned.
func (d *Desk) Restate(ctx context.Context, months []time.Time, by Decision) ([]*analytics.Bridge, error) {
	events, err := d.Store.Events(ctx)
	if err != nil {
		return nil, err
	}
	if stale, err := d.stale(events); err != nil {
		return nil, err
	} else if len(stale) > 0 {
		name := months[0].Format("2006-01")
		return nil, &Refused{&Checklist{Month: months[0], Conditions: []Condition{{"fresh", Blocked, []any{"month", name, "run", d.Run.ID, "what", phrases(stale)}}}}}
	}
	r, err := analytics.NewRestater(d.Options, d.Run)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var all []*analytics.Bridge
	for _, m := range months {
		b, err := d.restate(ctx, r, m, by)
		if err != nil {
			return all, fmt.Errorf("%s: %w", m.Format("2006-01"), err)
		}
		all = append(all, b)
	}
	return all, nil
}

func (d *Desk) restate(ctx context.Context, r *analytics.Restater, month time.Time, by Decision) (*analytics.Bridge, error) {
	events, err := d.Store.Events(ctx)
	if err != nil {
		return nil, err
	}
	since := store.Closed(events)[month]
	if since == nil {
		return nil, ErrOpen
	}
	last := since[len(since)-1]
	seal, err := SealOf(ctx, d.Store, last)
	if err != nil {
		return nil, err
	}
	old, err := d.sealedLines(ctx, last)
	if err != nil {
		return nil, err
	}
	b, err := r.Bridge(ctx, seal, old)
	if err != nil {
		return nil, err
	}
	if len(b.People) == 0 {
		return nil, ErrUnchanged
	}
	text, err := json.Marshal(b)
	if err != nil {
		return nil, err
	}
	_, err = d.keep(ctx, store.Event{Month: month, Action: store.Restate, Who: by.Who, Reason: by.Reason, Bridge: string(text)}, events[len(events)-1].ID)
	return b, err
}

// SealOf returns the seal that an event of a store made.
func SealOf(ctx context.Context, s *store.Store, e store.Event) (*analytics.MonthSeal, error) {
	text, err := s.Document(ctx, e.ID)
	if err != nil {
		return nil, err
	}
	seal, err := analytics.ParseMonthSeal(text)
	if err == nil && seal.Seal != e.Seal {
		err = fmt.Errorf("the kept seal of %s is not that of its %s", seal.Month, e.Action)
	}
	return seal, err
}

// Waive signs for a month's reconciliation that is out of tolerance.
func Waive(ctx context.Context, s *store.Store, month time.Time, check string, by Decision) error {
	if check != Reconciliation {
		return fmt.Errorf("%s: cannot be waived; the check that can is %s, any other that stops a month needs corrected data", check, Reconciliation)
	}
	return s.SignWaiver(ctx, store.Waiver{Month: month, CheckID: check, Reason: by.Reason, Approver: by.Who})
}

// StartReview says that a month's numbers were shown to the people concerned.
func (d *Desk) StartReview(ctx context.Context, month time.Time, by Decision) error {
	months, err := d.Months(ctx)
	if err != nil {
		return err
	}
	for _, m := range months {
		switch {
		case !m.Month.Equal(month):
		case m.State != Calculated:
			return fmt.Errorf("%s is %s: only a calculated month goes under review", month.Format("2006-01"), m.State)
		default:
			return d.Store.StartReview(ctx, month, d.Run.ID, by.Reason, by.Who)
		}
	}
	return fmt.Errorf("%s is not calculated: load its exports and calculate first", month.Format("2006-01"))
}

// Pending returns the closed months whose pay the run calculates otherwise
// than it was sealed last.
func (d *Desk) Pending(ctx context.Context) ([]Difference, error) {
	events, err := d.Store.Events(ctx)
	if err != nil {
		return nil, err
	}
	return d.differences(ctx, events)
}
