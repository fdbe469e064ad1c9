package dashboard

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"levelfield/analytics"
	"levelfield/dashboard/auth"
	"levelfield/dashboard/chart"
	"levelfield/dashboard/closing"
	"levelfield/dashboard/i18n"
	"levelfield/dashboard/store"
)

// closePage is the end of a month: what must hold, the seal, what late data
// changed.
type closePage struct {
	View
	Finding   string
	State     MonthState
	Month     string // 2026-10
	Checklist checklistCard
	Seal      sealCard
	Reconcile *Card
	Over      overCard
	Months    monthsCard
	Bridges   []restatedCard
}

// checklistCard is the conditions of a close.
type checklistCard struct {
	*Card
	Rows     []checkRow
	IsReady  bool // every condition is met
	MayClose bool
	MayWaive bool
	Typed    map[string]string
}

type checkRow struct {
	Mark, MarkText string // good, waived or blocked
	Name           string
	Text, Do       string
	IsWaivable     bool
	IsOverridable  bool
}

// sealCard is who sealed the month, when and what.
type sealCard struct {
	*Card
	Facts     []sealFact
	Hash      string
	MayReopen bool
}

type sealFact struct {
	Label, Text string
	IsCode      bool
}

// overCard lists people whose commission is void without an exception.
type overCard struct {
	*Card
	Rows       []overRow
	MayApprove bool
}

type overRow struct {
	RepID, Name, Rate, Commission, State string
	HasException                         bool
}

// monthsCard lists every month with its state.
type monthsCard struct {
	*Card
	Rows []monthRow
}

type monthRow struct {
	Name, URL, Run, Seal, At, Who, Note string
	State                               MonthState
	IsShown                             bool
}

// restatedCard leads from sealed numbers to restated ones.
type restatedCard struct{ *Card }

// Cards lists the cards whose tables can be exported.
func (p *closePage) Cards() []*Card {
	all := []*Card{p.Checklist.Card, p.Reconcile, p.Over.Card, p.Months.Card}
	for _, b := range p.Bridges {
		all = append(all, b.Card)
	}
	return slices.DeleteFunc(all, func(c *Card) bool { return c == nil })
}

// desk is what a month is closed with.
func (q *Query) desk(ctx context.Context) (*closing.Desk, error) {
	if q.server.Options == nil {
		return nil, errors.New("the server was started without the settings of a calculation")
	}
	opt, err := q.server.Options(ctx)
	return &closing.Desk{Options: opt, Run: q.Run, Store: q.Store()}, err
}

func closeMonthPage(ctx context.Context, q *Query) (Page, error) {
	p := &closePage{View: q.view("close"), Month: q.Month.Format("2006-01")}
	p.Title = q.Lang.T("nav.close")
	p.Crumbs = []Crumb{{q.Lang.T("nav.overview"), q.Link("/")}, {Title: p.Title}}
	p.Filters = p.Filters[:1]
	events, err := q.Store().Events(ctx)
	if err != nil {
		return nil, err
	}
	all := closing.States(q.Months, events)
	at := slices.IndexFunc(all, func(m closing.Month) bool { return m.Month.Equal(q.Month) })
	month := all[at]
	p.State = q.monthState(month.State)
	p.Checklist = q.checklistCard(ctx)
	p.Seal = q.sealCard(month, store.LastClosed(events))
	reconcile, err := q.reconcileCard(ctx)
	if err != nil {
		return nil, err
	}
	p.Reconcile = reconcile.Card
	for _, i := range []int{1, 2, 6} { // won deals, revenue, cash
		p.Reconcile.Table.Columns[i].Unit = reconcile.Unit
	}
	if p.Over, err = q.overCard(ctx); err != nil {
		return nil, err
	}
	p.Months = q.monthsCard(all)
	if p.Bridges, err = q.restatedCards(ctx, month); err != nil {
		return nil, err
	}
	p.Finding = q.closeFinding(p, month)
	return p, nil
}

// closeFinding says how the month stands.
func (q *Query) closeFinding(p *closePage, m closing.Month) string {
	name := q.Lang.Month(m.Month)
	blocked := 0
	for _, r := range p.Checklist.Rows {
		if r.Mark == string(closing.Blocked) {
			blocked++
		}
	}
	switch {
	case m.State == closing.Restated:
		total := 0.0
		for _, e := range m.Events {
			if b := bridgeOf(e); b != nil {
				total += float64(b.Total.New-b.Total.Old) / 100
			}
		}
		return q.Lang.T("close.finding_restated", "month", name, "amount", i18n.Signed(total, q.cents(total)))
	case m.State == closing.Closed:
		return q.Lang.T("close.finding_closed", "month", name, "who", m.Last.Who, "date", q.Lang.Day(m.Last.At.Local()))
	case p.Checklist.State != nil:
		return q.Lang.T("close.finding_unknown", "month", name)
	case blocked > 0:
		return q.Lang.T("close.finding_blocked", "month", name, "n", blocked)
	}
	return q.Lang.T("close.finding_ready", "month", name)
}

// cents writes an amount to the cent, as pay is written.
func (q *Query) cents(v float64) string { return q.Lang.Decimal(v, 2) }

func (q *Query) checklistCard(ctx context.Context) checklistCard {
	c := checklistCard{Card: &Card{ID: "conditions", Title: q.Lang.T("close.conditions"), Sub: q.Lang.T("close.conditions_sub")},
		MayWaive: q.May(auth.SignWaiver), MayClose: q.May(auth.CloseMonth), Typed: map[string]string{}}
	for _, name := range []string{"reason", "despite"} {
		c.Typed[name] = q.Typed(name, "")
	}
	c.Table.Columns = []Column{{Title: q.Lang.T("close.condition")}, {Title: q.Lang.T("close.mark")}, {Title: q.Lang.T("close.stands")}, {Title: q.Lang.T("close.todo")}}
	q.card(c.Card)
	d, err := q.desk(ctx)
	var list *closing.Checklist
	if err == nil {
		list, err = d.Checklist(ctx, q.Month, "")
	}
	if err != nil {
		c.State = &State{"error", q.Lang.T("close.unknown"), err.Error(), nil}
		return c
	}
	c.IsReady = len(list.Blocked()) == 0
	for _, cond := range list.Conditions {
		if cond.ID == "open" && cond.Mark == closing.Good || list.State.IsFinal() && cond.ID == "open" {
			continue // the badge says it
		}
		row := checkRow{Mark: string(cond.Mark), MarkText: q.Lang.T("close.mark." + string(cond.Mark)), Name: q.Lang.T("close." + cond.ID),
			Text: cond.Text(q.Lang), Do: cond.Do(q.Lang),
			IsWaivable:    cond.ID == closing.Reconciliation && cond.Mark == closing.Blocked,
			IsOverridable: cond.ID == "appeals" && cond.Mark == closing.Blocked}
		if row.IsWaivable && c.MayWaive || row.IsOverridable && c.MayClose {
			row.Do = ""
		}
		c.Rows = append(c.Rows, row)
		c.Table.Rows = append(c.Table.Rows, []Cell{text(row.Name), text(row.MarkText), text(row.Text), text(row.Do)})
	}
	// Only what a form on this page can settle may stand in the way of it.
	others := slices.ContainsFunc(list.Blocked(), func(b closing.Condition) bool { return b.ID != "appeals" })
	c.MayClose = c.MayClose && !list.State.IsFinal() && !others
	c.MayWaive = c.MayWaive && !list.State.IsFinal()
	if list.State.IsFinal() {
		c.Title = q.Lang.T("close.conditions_now")
	}
	return c
}

func (q *Query) sealCard(m closing.Month, lastClosed time.Time) sealCard {
	c := sealCard{Card: &Card{ID: "seal", Title: q.Lang.T("close.seal"), Sub: q.Lang.T("close.seal_sub")}}
	if !m.State.IsFinal() {
		c.Card.State = &State{"empty", q.Lang.T("close.seal_none"), q.Lang.T("close.seal_none_text"), nil}
		return c
	}
	c.Hash = m.Last.Seal
	c.Facts = []sealFact{{q.Lang.T("run.id"), m.Last.RunID, true}, {q.Lang.T("close.at"), q.Lang.Moment(m.Last.At.Local()), false},
		{q.Lang.T("close.who"), m.Last.Who, false}, {q.Lang.T("close.reason"), m.Last.Reason, false},
		{q.Lang.T("close.verify"), "levelfield verify " + m.Month.Format("2006-01"), true}}
	c.MayReopen = q.May(auth.CloseMonth) && m.Month.Equal(lastClosed)
	return c
}

func (q *Query) overCard(ctx context.Context) (overCard, error) {
	c := overCard{Card: &Card{ID: "over_ceiling"}, MayApprove: q.May(auth.ChangePlan)}
	people, err := q.Run.ExpenseOverCeiling(ctx, q.Scope, q.Month)
	if err != nil {
		return c, err
	}
	c.Table.Columns = []Column{{Title: q.Lang.T("close.person")}, {Title: q.Lang.T("close.expense_rate"), Numeric: true}, {Title: q.Lang.T("close.commission"), Numeric: true}, {Title: q.Lang.T("close.exception")}}
	open := 0
	for _, o := range people {
		q.ReadPay(o.RepID)
		row := overRow{RepID: o.RepID, Name: o.Name, Rate: q.Lang.Percent(o.ExpenseRate, 1), Commission: q.cents(o.Commission), HasException: o.HasException, State: q.Lang.T("close.void")}
		if o.HasException {
			row.State = q.Lang.T("close.approved", "by", o.Approver, "reason", o.Reason)
		} else {
			open++
		}
		c.Rows = append(c.Rows, row)
		c.Table.Rows = append(c.Table.Rows, []Cell{text(o.Name), number(row.Rate, &o.ExpenseRate), number(row.Commission, &o.Commission), text(row.State)})
	}
	c.Title = q.Lang.T("close.over_title", "n", open)
	c.Sub = q.Lang.T("close.over_sub")
	q.card(c.Card)
	return c, nil
}

func (q *Query) monthsCard(all []closing.Month) monthsCard {
	c := monthsCard{Card: &Card{ID: "months"}}
	for _, key := range []string{"filter.month", "close.status", "run.id", "close.seal", "close.at", "close.who", "close.history"} {
		c.Table.Columns = append(c.Table.Columns, Column{Title: q.Lang.T(key)})
	}
	final := 0
	for _, m := range slices.Backward(all) {
		row := monthRow{Name: q.Lang.Month(m.Month), URL: q.Here("month", m.Month.Format("2006-01")), State: q.monthState(m.State), IsShown: m.Month.Equal(q.Month),
			Run: i18n.Dash, Seal: i18n.Dash, At: i18n.Dash, Who: i18n.Dash}
		if e := m.Last; e != nil {
			row.Run, row.At, row.Who = e.RunID, q.Lang.Moment(e.At.Local()), e.Who
			if e.Seal != "" {
				row.Seal = e.Seal[:min(12, len(e.Seal))]
			}
		}
		if m.State.IsFinal() {
			final++
		}
		var did []string
		for _, e := range m.Events {
			did = append(did, q.Lang.T("close.did."+string(e.Action)))
		}
		row.Note = strings.Join(did, " → ")
		if len(did) < 2 {
			row.Note = ""
		}
		c.Rows = append(c.Rows, row)
		c.Table.Rows = append(c.Table.Rows, []Cell{text(row.Name), text(row.State.Text), text(row.Run), text(row.Seal), text(row.At), text(row.Who), text(row.Note)})
	}
	c.Title = q.Lang.T("close.months", "n", final, "of", len(all))
	c.Sub = q.Lang.T("close.months_sub")
	q.card(c.Card)
	return c
}

// bridgeOf reads the bridge of a restatement, or nil.
func bridgeOf(e store.Event) *analytics.Bridge {
	b := &analytics.Bridge{}
	if e.Action != store.Restate || json.Unmarshal([]byte(e.Bridge), b) != nil {
		return nil
	}
	return b
}

// restatedCards draws the restatements of a month since it was last open.
func (q *Query) restatedCards(ctx context.Context, m closing.Month) ([]restatedCard, error) {
	names := map[string]string{}
	units, err := q.Run.Units(ctx, q.Scope, "rep", "", q.Month)
	if err != nil {
		return nil, err
	}
	for _, u := range units {
		names[u.ID] = u.Name
	}
	appeals, err := q.Store().Appeals(ctx)
	if err != nil {
		return nil, err
	}
	var all []restatedCard
	var sealed time.Time // before the event
	for _, e := range m.Events {
		if e.Action == store.Reopen {
			all = nil
		}
		if b := bridgeOf(e); b != nil {
			c := q.restatedCard(fmt.Sprintf("bridge_%d", e.ID), e, b, names)
			q.nameAppeals(c.Card, acceptedBetween(appeals, m.Month, sealed, e.At))
			all = append(all, c)
		}
		if e.Seal != "" {
			sealed = e.At
		}
	}
	return all, nil
}

// acceptedBetween returns the ids of a month's appeals that were accepted after
// one seal and before the next.
func acceptedBetween(all []store.Appeal, month, sealed, restated time.Time) (ids []string) {
	for _, a := range all {
		if a.Status == "accepted" && a.Month.Equal(month) && a.DecidedAt.After(sealed) && !a.DecidedAt.After(restated) {
			ids = append(ids, a.ID)
		}
	}
	slices.Sort(ids)
	return ids
}

// nameAppeals says which appeals a restatement answers, and leads to them.
func (q *Query) nameAppeals(c *Card, ids []string) {
	if ids == nil {
		return
	}
	c.Sub = q.Lang.Sentences(c.Sub, q.Lang.T("close.bridge_appeals", "n", len(ids), "appeals", q.Lang.List(ids)))
	if q.Reader.Opens("appeals") {
		c.More = &Choice{Title: q.Lang.T("nav.appeals"), URL: "/appeals"}
	}
}

func (q *Query) restatedCard(id string, e store.Event, b *analytics.Bridge, names map[string]string) restatedCard {
	c := restatedCard{&Card{ID: id}}
	yuan := func(cents int64) float64 { return float64(cents) / 100 }
	difference := yuan(b.Total.New - b.Total.Old)
	rows, n := int64(0), int64(0)
	for _, k := range b.Late {
		rows += k
	}
	for _, k := range b.Other {
		n += k
	}
	paid := q.Lang.T("close.paid_later")
	if !e.PaidIn.IsZero() {
		paid = q.Lang.T("close.paid_in", "month", q.Lang.Month(e.PaidIn))
	}
	c.Title = q.Lang.T("close.bridge_title", "amount", i18n.Signed(difference, q.cents(difference)), "n", len(b.People))
	c.Sub = q.Lang.Sentences(q.Lang.T("close.bridge_sub", "who", e.Who, "date", q.Lang.Day(e.At.Local()), "reason", e.Reason),
		q.Lang.T("close.bridge_sums", "old", q.cents(yuan(b.Total.Old)), "new", q.cents(yuan(b.Total.New)), "currency", q.Run.Meta.Currency),
		q.Lang.T("close.bridge_rows", "late", q.Lang.Count(rows), "corrected", q.Lang.Count(n)), paid)
	var steps []chart.Step
	c.Table.Columns = []Column{{Title: q.Lang.T("close.person")}, {Title: q.Lang.T("close.sealed_sum"), Numeric: true}}
	var causes []analytics.Cause
	for _, cause := range analytics.Causes {
		if b.Total.Parts[cause] == 0 && !slices.ContainsFunc(b.People, func(p analytics.Change) bool { return p.Parts[cause] != 0 }) {
			continue
		}
		causes = append(causes, cause)
		v := yuan(b.Total.Parts[cause])
		name := q.Lang.T("close.cause." + string(cause))
		steps = append(steps, chart.Step{Name: name, Value: v, Text: i18n.Signed(v, q.cents(v))})
		c.Table.Columns = append(c.Table.Columns, Column{Title: name, Numeric: true})
	}
	steps = append(steps, chart.Step{Name: q.Lang.T("close.difference"), Value: difference, Text: i18n.Signed(difference, q.cents(difference)), Total: true})
	c.Table.Columns = append(c.Table.Columns, Column{Title: q.Lang.T("close.now_sum"), Numeric: true}, Column{Title: q.Lang.T("close.difference"), Numeric: true})
	cell := func(cents int64, isChange bool) Cell {
		v := yuan(cents)
		if isChange {
			return number(i18n.Signed(v, q.cents(v)), &v)
		}
		return number(q.cents(v), &v)
	}
	line := func(name string, ch analytics.Change) {
		row := []Cell{text(name), cell(ch.Old, false)}
		for _, cause := range causes {
			row = append(row, cell(ch.Parts[cause], true))
		}
		c.Table.Rows = append(c.Table.Rows, append(row, cell(ch.New, false), cell(ch.New-ch.Old, true)))
	}
	for _, p := range b.People {
		q.ReadPay(p.RepID)
		name := names[p.RepID]
		if name == "" {
			name = p.RepID
		}
		line(name, p)
	}
	line(q.Lang.T("filter.company"), b.Total)
	c.Plots = []Plot{{Option: chart.Waterfall(steps, "@money"), Label: c.Title, Height: 200}}
	c.Method = q.Lang.T("method.close.bridge") // its id is that of the event
	q.card(c.Card)
	return c
}

// monthDecision reads who decides and why from a form.
func (q *Query) monthDecision() closing.Decision {
	return closing.Decision{Who: q.Reader.Name, Reason: strings.TrimSpace(q.Form.Get("reason")), Despite: strings.TrimSpace(q.Form.Get("despite"))}
}

// atMonth is the page of the month that a form was sent for.
func (q *Query) atMonth() string { return "/close?month=" + q.Month.Format("2006-01") }

func closeMonth(ctx context.Context, q *Query) (to, done string, err error) {
	d, err := q.desk(ctx)
	if err != nil {
		return "", "", err
	}
	by := q.monthDecision()
	if by.Reason == "" {
		by.Reason = q.Lang.T("close.reason_default")
	}
	_, err = d.Close(ctx, q.Month, by)
	q.server.book.forget()
	var no *closing.Refused
	switch {
	case errors.As(err, &no):
		return "", "", refused("close.said", "text", no.In(q.Lang))
	case errors.Is(err, store.ErrMoved):
		return "", "", refused("close.moved")
	}
	return q.atMonth(), "close.done", err
}

func reopenMonth(ctx context.Context, q *Query) (to, done string, err error) {
	by := q.monthDecision()
	if by.Reason == "" {
		return "", "", refused("close.no_reason")
	}
	events, err := q.Store().Events(ctx)
	if err != nil {
		return "", "", err
	}
	if !store.LastClosed(events).Equal(q.Month) {
		return "", "", refused("close.not_last")
	}
	err = q.Store().Reopen(ctx, q.Month, by.Reason, by.Who)
	q.server.book.forget()
	return q.atMonth(), "close.reopened", err
}

func waiveMonth(ctx context.Context, q *Query) (to, done string, err error) {
	by := q.monthDecision()
	if by.Reason == "" {
		return "", "", refused("close.no_reason")
	}
	return q.atMonth(), "close.waived", closing.Waive(ctx, q.Store(), q.Month, closing.Reconciliation, by)
}

func approveException(ctx context.Context, q *Query) (to, done string, err error) {
	by := q.monthDecision()
	if by.Reason == "" {
		return "", "", refused("close.no_reason")
	}
	people, err := q.Run.ExpenseOverCeiling(ctx, q.Scope, q.Month)
	if err != nil {
		return "", "", err
	}
	rep := q.Form.Get("rep")
	if !slices.ContainsFunc(people, func(o analytics.OverCeiling) bool { return o.RepID == rep }) {
		return "", "", refused("close.not_over")
	}
	if rep == q.Reader.RepID {
		return "", "", refused("close.own")
	}
	return q.atMonth(), "close.exception_done", q.Store().ApproveException(ctx, store.Exception{RepID: rep, Month: q.Month, Reason: by.Reason, Approver: by.Who})
}
