package closing

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"levelfield/analytics"
	"levelfield/dashboard/i18n"
	"levelfield/dashboard/store"
)

// Reconciliation is the check that a waiver of the month's CRM, finance and
// cash names.
const Reconciliation = "reconciliation"

// Mark is how a condition stands.
type Mark string

// The marks.
const (
	Good    Mark = "good"
	Waived  Mark = "waived"  // not met, and somebody signed for it
	Blocked Mark = "blocked" // not met: the month cannot be closed
)

// Condition is one thing that must hold before a month is closed. Its text is
// close.<ID>.<Mark> of the catalogue, and close.<ID>.do says what to do.
type Condition struct {
	ID   string
	Mark Mark
	Args []any // of the texts
}

// Text says how the condition stands.
func (c Condition) Text(lang i18n.Lang) string {
	return lang.T("close."+c.ID+"."+string(c.Mark), c.args(lang)...)
}

// Do says what to do about a condition that is not met; "" for one that is.
func (c Condition) Do(lang i18n.Lang) string {
	if c.Mark != Blocked {
		return ""
	}
	return lang.T("close."+c.ID+".do", c.args(lang)...)
}

func (c Condition) args(lang i18n.Lang) []any {
	args := slices.Clone(c.Args)
	for i, a := range args {
		if p, ok := a.(phrases); ok {
			args[i] = p.in(lang)
		}
	}
	return args
}

// Checklist is all conditions of a month.
type Checklist struct {
	Month      time.Time
	State      State
	Conditions []Condition
	Pending    []Difference // closed months that the run says otherwise
	LastEvent  int64        // of the store when it was read
}

// Difference is a closed month whose pay the run calculates otherwise than it
// was sealed.
type Difference struct {
	Month  time.Time
	People int
	Cents  int64 // the run less the seal
}

// Blocked returns the conditions that are not met.
func (l *Checklist) Blocked() (all []Condition) {
	for _, c := range l.Conditions {
		if c.Mark == Blocked {
			all = append(all, c)
		}
	}
	return all
}

// Refused says why a month cannot be closed, every reason at once.
type Refused struct{ List *Checklist }

// Error says it in English.
func (r *Refused) Error() string { return r.In(i18n.En) }

// In says it in a language.
func (r *Refused) In(lang i18n.Lang) string {
	var b strings.Builder
	b.WriteString(lang.T("close.refused", "month", r.List.Month.Format("2006-01")))
	for _, c := range r.List.Blocked() {
		fmt.Fprintf(&b, "\n  %s %s", c.Text(lang), c.Do(lang))
	}
	return b.String()
}

// Checklist finds how a month stands. despite is the reason to close although
// appeals are unanswered, "" for none.
func (d *Desk) Checklist(ctx context.Context, month time.Time, despite string) (*Checklist, error) {
	events, err := d.Store.Events(ctx)
	if err != nil {
		return nil, err
	}
	months, err := d.Run.Months(ctx)
	if err != nil {
		return nil, err
	}
	l := &Checklist{Month: month, State: StateOf(month, months, events)}
	if len(events) > 0 {
		l.LastEvent = events[len(events)-1].ID
	}
	name := month.Format("2006-01")
	add := func(id string, good bool, args ...any) {
		mark := Good
		if !good {
			mark = Blocked
		}
		l.Conditions = append(l.Conditions, Condition{id, mark, append([]any{"month", name}, args...)})
	}
	add("open", !l.State.IsFinal())
	add("over", !d.now().Before(month.AddDate(0, 1, 0)) && d.Run.Meta.AsOf.AddDate(0, 0, 1).Compare(month.AddDate(0, 1, 0)) >= 0,
		"as_of", d.Run.Meta.AsOf.Format(time.DateOnly))
	add("covered", slices.ContainsFunc(months, month.Equal), "run", d.Run.ID,
		"first", d.Run.Meta.FirstMonth.Format("2006-01"), "last", d.Run.Meta.LastMonth.Format("2006-01"))
	stale, err := d.stale(events)
	if err != nil {
		return nil, err
	}
	add("fresh", len(stale) == 0, "run", d.Run.ID, "what", phrases(stale))
	var earlier []string
	for _, m := range States(months, events) {
		if m.Month.Before(month) && !m.State.IsFinal() {
			earlier = append(earlier, m.Month.Format("2006-01"))
		}
	}
	add("earlier", len(earlier) == 0, "n", len(earlier), "first", strings.Join(earlier[:min(1, len(earlier))], ""), "last", strings.Join(earlier[max(0, len(earlier)-1):], ""))
	if err := d.checks(ctx, add); err != nil {
		return nil, err
	}
	if err := d.reconciliation(ctx, l); err != nil {
		return nil, err
	}
	d.appeals(l, despite)
	if l.Pending, err = d.differences(ctx, events); err != nil {
		return nil, err
	}
	var changed []string
	for _, p := range l.Pending {
		changed = append(changed, p.Month.Format("2006-01"))
	}
	add("restated", len(changed) == 0, "n", len(changed), "months", strings.Join(changed, " "))
	return l, nil
}

// phrases are keys of the catalogue that a text joins in its own language.
type phrases []string

// in joins the phrases.
func (p phrases) in(lang i18n.Lang) string {
	var all []string
	for _, k := range p {
		all = append(all, lang.T(k))
	}
	return lang.Sentences(all...)
}

// stale returns keys that say what changed since the run was calculated.
func (d *Desk) stale(events []store.Event) ([]string, error) {
	drift, err := d.Run.Drift(d.Options)
	if err != nil {
		return nil, err
	}
	then, err := d.Run.ClosedThen()
	if err != nil {
		return nil, err
	}
	// What was closed from this very run, after it was calculated, is what the
	// run says already.
	now := map[string]string{}
	for month, since := range store.Closed(events) {
		name := month.Format("2006-01")
		if since[0].RunID != d.Run.ID || then[name] != "" {
			now[name] = since[0].Seal
		}
	}
	var what []string
	for _, part := range []struct {
		key     string
		changed bool
	}{
		{"lake", drift.Lake}, {"plan", drift.Plan}, {"decisions", drift.Decisions}, {"program", drift.Program}, {"months", !maps.Equal(then, now)},
	} {
		if part.changed {
			what = append(what, "close.fresh."+part.key)
		}
	}
	return what, nil
}

// checks asks the run's checks of severity stop. A run that fails one is not
// published; so they fail here only where a model was made a stop check later.
func (d *Desk) checks(ctx context.Context, add func(string, bool, ...any)) error {
	all, err := d.Run.CheckResults(ctx, analytics.All())
	if err != nil {
		return err
	}
	stops, warned := 0, 0
	var failed []string
	for _, c := range all {
		switch {
		case c.Severity == "stop":
			stops++
			if !c.Passed {
				failed = append(failed, c.ID)
			}
		case !c.Passed:
			warned++
		}
	}
	add("checks", len(failed) == 0, "n", stops, "warned", warned, "failed", strings.Join(failed, " "))
	return nil
}

func (d *Desk) reconciliation(ctx context.Context, l *Checklist) error {
	lines, err := d.Run.Reconciliation(ctx, analytics.All(), l.Month)
	if err != nil {
		return err
	}
	var out []string
	tolerance := 0.0
	for _, r := range lines {
		tolerance = r.Tolerance
		if !r.CRMAgrees || !r.CashAgrees {
			name := r.RegionName
			if r.RegionID == "" {
				name = d.Run.Meta.Company
			}
			out = append(out, name)
		}
	}
	c := Condition{ID: Reconciliation, Mark: Good, Args: []any{"month", l.Month.Format("2006-01"), "n", len(out), "where", strings.Join(out, " "), "tolerance", percent(tolerance), "by", "", "reason", ""}}
	if len(out) > 0 {
		c.Mark = Blocked
		waivers, err := d.Store.Waivers(ctx)
		if err != nil {
			return err
		}
		for _, w := range waivers { // the latest last
			if w.Month.Equal(l.Month) && w.CheckID == Reconciliation {
				c.Mark = Waived
				c.Args = append(c.Args[:len(c.Args)-4], "by", w.Approver, "reason", w.Reason)
			}
		}
	}
	l.Conditions = append(l.Conditions, c)
	return nil
}

func percent(rate float64) string { return fmt.Sprintf("%g%%", 100*rate) }

// appeals counts the appeals of the month that nobody answered.
func (d *Desk) appeals(l *Checklist, despite string) {
	n := 0
	for _, row := range d.Options.State.Rows["state.appeal"] { // appeal_id, run_id, month, ..., status at 8
		day, _ := row[2].(string)
		if status, _ := row[8].(string); status == "open" && strings.HasPrefix(day, l.Month.Format("2006-01")) {
			n++
		}
	}
	c := Condition{ID: "appeals", Mark: Good, Args: []any{"month", l.Month.Format("2006-01"), "n", n, "reason", despite}}
	if n > 0 {
		c.Mark = Blocked
		if strings.TrimSpace(despite) != "" {
			c.Mark = Waived
		}
	}
	l.Conditions = append(l.Conditions, c)
}

// differences compares the pay of every closed month that the run covers with
// its latest seal.
func (d *Desk) differences(ctx context.Context, events []store.Event) ([]Difference, error) {
	var all []Difference
	calculated, err := d.Run.Months(ctx)
	if err != nil {
		return nil, err
	}
	closed := store.Closed(events)
	maps.DeleteFunc(closed, func(m time.Time, _ []store.Event) bool { return !slices.ContainsFunc(calculated, m.Equal) })
	for _, month := range slices.SortedFunc(maps.Keys(closed), time.Time.Compare) {
		since := closed[month]
		was, err := d.sealedLines(ctx, since[len(since)-1])
		if err != nil {
			return nil, err
		}
		lines, err := d.Run.PayLines(ctx, month)
		if err != nil {
			return nil, err
		}
		then, now := analytics.Paid(was), analytics.Paid(lines)
		diff := Difference{Month: month}
		for id, cents := range now {
			if cents != then[id] {
				diff.People++
				diff.Cents += cents - then[id]
			}
		}
		for id, cents := range then {
			if _, both := now[id]; !both && cents != 0 {
				diff.People++
				diff.Cents -= cents
			}
		}
		if diff.People > 0 {
			all = append(all, diff)
		}
	}
	return all, nil
}

// sealedLines returns the lines that an event sealed.
func (d *Desk) sealedLines(ctx context.Context, e store.Event) ([]analytics.PayLine, error) {
	kept, err := d.Store.Lines(ctx, e.ID)
	var lines []analytics.PayLine
	for _, l := range kept {
		lines = append(lines, analytics.PayLine{RepID: l.RepID, Line: l.Line, Cents: l.Cents, IsTotal: l.IsTotal})
	}
	return lines, err
}
