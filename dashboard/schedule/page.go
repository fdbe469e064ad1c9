package schedule

import (
	"context"
	"time"

	"levelfield/dashboard"
	"levelfield/dashboard/store"
)

// Runner is what the page of the schedule shows and changes.
var _ dashboard.Scheduler = (*Runner)(nil)

// Jobs lists every job as levelfield.yaml wants it, with its next time.
func (r *Runner) Jobs(ctx context.Context) ([]dashboard.Job, error) {
	now := r.Store.Now()
	events, err := r.Store.Events(ctx)
	if err != nil {
		return nil, err
	}
	night := dashboard.Job{ID: Night, IsOn: r.Settings.Night != "" && r.Refresh != nil, At: r.Settings.Night}
	if o, ok := r.Settings.lastNight(now.AddDate(0, 0, 1)); ok && night.IsOn {
		night.Next = o.at
	}
	drafts := dashboard.Job{ID: Drafts, IsOn: r.Settings.DraftDay > 0, At: r.Settings.draftTime(), Day: r.Settings.DraftDay}
	for ahead := range 2 { // this month's, else the next one's
		o, ok := r.Settings.drafts(firstOf(now).AddDate(0, ahead, 0))
		if ok && o.at.After(now) && State(events, o.month) == "draft" {
			drafts.Next = o.at
			break
		}
	}
	return []dashboard.Job{night, {ID: Sealed, IsOn: r.Settings.AfterClose}, drafts}, nil
}

// firstOf is noon of the first day of a moment's month, far from any change of
// clocks.
func firstOf(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), 1, 12, 0, 0, 0, t.Location())
}

// Receivers lists who gets which report of the current run's last month.
func (r *Runner) Receivers(ctx context.Context) ([]store.Delivery, error) {
	run, err := r.open("")
	if err != nil {
		return nil, err
	}
	defer run.Close()
	return r.plan(ctx, run, run.Meta.LastMonth)
}

// SendNow plans the reports of a month from the current run and begins to
// deliver them. It returns how many are new: what a reader already has from
// this run is not planned again.
func (r *Runner) SendNow(ctx context.Context, who string, month time.Time) (int, error) {
	added, _, err := r.Plan(ctx, who, month, "")
	if err == nil {
		r.Wake()
	}
	return added, err
}

// Wake makes a running Run look at once for what waits. It does not wait, and
// a look that was asked for already is enough.
func (r *Runner) Wake() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}
