package dashboard

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"levelfield/analytics"
	"levelfield/dashboard/auth"
	"levelfield/dashboard/i18n"
	"levelfield/dashboard/store"
)

// appealsPage lists the objections a reader may see and what became of them.
type appealsPage struct {
	View
	appealCounts
	List  appealList
	IsOwn bool // a person's own appeals
}

// appealCounts say how many appeals there are and what became of them.
type appealCounts struct {
	Finding string
	Stats   *Card // by region
	Causes  *Card // by category
}

// appealList is the table of appeals.
type appealList struct {
	*Card
	Rows []appealRow
}

// appealRow is one appeal of the list.
type appealRow struct {
	ID, URL, Number, Unit, Category, Sent, Due, Status, Tone string
	IsMine                                                   bool // routed to the reader
}

// Cards lists the cards whose tables can be exported.
func (p *appealsPage) Cards() []*Card { return []*Card{p.List.Card, p.Stats, p.Causes} }

func appeals(ctx context.Context, q *Query) (Page, error) {
	all, err := q.visibleAppeals(ctx)
	if err != nil {
		return nil, err
	}
	p := &appealsPage{View: q.view("appeals"), IsOwn: q.Reader.Role == auth.Rep}
	p.Title, p.Filters = q.Lang.T("nav.appeals"), nil
	names, err := q.unitNames(ctx)
	if err != nil {
		return nil, err
	}
	p.List = q.appealList(all, names)
	p.appealCounts = q.appealCounts(all, names)
	return p, nil
}

func (q *Query) appealCounts(all []store.Appeal, names map[string]string) (c appealCounts) {
	open, late := 0, 0
	for _, a := range all {
		if a.Status == "open" {
			open++
			if q.Now.After(a.DueAt) {
				late++
			}
		}
	}
	key := "appeals.finding"
	if len(all) == 0 {
		key = "appeals.finding_none"
	}
	c.Finding = q.Lang.T(key, "open", open, "late", late, "n", len(all))
	c.Stats = q.appealStats("regions", q.Lang.T("appeals.by_region"), q.Lang.T("col.region"), all, func(a store.Appeal) string { return cmp.Or(names["region"+a.RegionID], a.RegionID) })
	c.Causes = q.appealStats("categories", q.Lang.T("appeals.by_category"), q.Lang.T("appeal.category"), all, func(a store.Appeal) string { return q.Lang.T("category." + a.Category) })
	return c
}

// visibleAppeals returns the appeals that the reader sent, and those about
// units he sees; drafts only to who made them. A rep sees his own alone.
func (q *Query) visibleAppeals(ctx context.Context) ([]store.Appeal, error) {
	all, err := q.Store().Appeals(ctx)
	if err != nil {
		return nil, err
	}
	reps, err := q.Run.Units(ctx, q.Scope, "rep", "", q.Month)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, u := range reps {
		seen[u.ID] = true
	}
	return slices.DeleteFunc(all, func(a store.Appeal) bool {
		return a.Sender != q.Reader.Name && (a.Status == "draft" || !seen[a.UnitID])
	}), nil
}

// unitNames returns the names of the units the reader sees, by kind and id.
func (q *Query) unitNames(ctx context.Context) (map[string]string, error) {
	names := map[string]string{}
	for _, kind := range []string{"region", "team", "rep"} {
		units, err := q.Run.Units(ctx, q.Scope, kind, "", q.Month)
		if err != nil {
			return nil, err
		}
		for _, u := range units {
			names[kind+u.ID] = u.Name
		}
	}
	return names, nil
}

func (q *Query) appealList(all []store.Appeal, names map[string]string) appealList {
	l := appealList{Card: &Card{ID: "list", Title: q.Lang.T("appeals.list"), Sub: q.Lang.T("appeals.list_sub")}}
	for _, key := range []string{"appeal.id", "appeal.number", "col.rep", "appeal.category", "appeal.sent", "appeal.due", "user.state"} {
		l.Table.Columns = append(l.Table.Columns, Column{Title: q.Lang.T(key)})
	}
	for _, a := range all {
		row := appealRow{ID: a.ID, URL: "/appeals/" + a.ID, Number: q.numberTitle(a), Unit: cmp.Or(names[a.UnitKind+a.UnitID], a.UnitID), Category: q.Lang.T("category." + a.Category),
			Sent: q.Lang.T("dash"), Due: q.Lang.T("dash"), Status: q.Lang.T("appeal.status_" + a.Status), Tone: toneOf(a.Status), IsMine: a.Status == "open" && a.RoutedTo == q.Reader.Name}
		if !a.SentAt.IsZero() {
			row.Sent = q.Lang.Moment(a.SentAt)
		}
		if a.Status == "open" {
			row.Due = q.clock(a)
		}
		l.Rows = append(l.Rows, row)
		l.Table.Rows = append(l.Table.Rows, []Cell{text(row.ID), text(row.Number), text(row.Unit), text(row.Category), text(row.Sent), text(row.Due), text(row.Status)})
	}
	if len(all) == 0 {
		l.State = &State{"empty", q.Lang.T("appeals.none"), q.Lang.T("appeals.none_text"), nil}
	}
	q.card(l.Card)
	return l
}

func toneOf(status string) string {
	switch status {
	case "open":
		return "look"
	case "draft":
		return "cannot"
	case "withdrawn":
		return "none"
	}
	return ""
}

// numberTitle names the number of an appeal by what the catalogue or the plan
// calls it.
func (q *Query) numberTitle(a store.Appeal) string {
	name := a.Item
	switch key := "line." + a.Item; {
	case a.Kind == "pay" && i18n.Has(key):
		name = q.Lang.T(key)
	case a.Kind == "coefficient":
		name = q.Lang.T("appeal.coefficient")
	}
	if q.definitions == nil {
		q.definitions, _ = q.Run.Definitions(q.request.Context()) // a title that cannot be read is shown as its id
	}
	if d, ok := definition(q.definitions, a.Item); ok {
		name = q.Lang.Pick(d.TitleEn, d.TitleZh)
	}
	return q.Lang.T("appeal.number_of", "item", name, "month", q.Lang.Month(a.Month))
}

// clock says how long the answer may still take.
func (q *Query) clock(a store.Appeal) string {
	left := a.DueAt.Sub(q.Now)
	switch {
	case left < 0:
		return q.Lang.T("appeal.late", "days", int(-left/(24*time.Hour)), "hours", int(-left/time.Hour)%24)
	case left < 24*time.Hour:
		return q.Lang.T("appeal.hours_left", "n", int(left/time.Hour))
	}
	return q.Lang.T("appeal.days_left", "n", int(left/(24*time.Hour)), "date", q.Lang.Moment(a.DueAt))
}

// appealStats counts appeals that were sent by a part of them.
func (q *Query) appealStats(id, title, head string, all []store.Appeal, part func(store.Appeal) string) *Card {
	c := &Card{ID: id, Title: title, Sub: q.Lang.T("appeals.stats_sub")}
	c.Table.Columns = []Column{{Title: head}}
	for _, key := range []string{"appeals.sent", "appeals.accepted", "appeals.refused", "appeals.overrides", "appeals.rate"} {
		c.Table.Columns = append(c.Table.Columns, Column{Title: q.Lang.T(key), Numeric: true})
	}
	counts := map[string]*[4]int64{}
	var order []string
	for _, a := range all {
		if a.SentAt.IsZero() {
			continue
		}
		name := part(a)
		if counts[name] == nil {
			counts[name] = &[4]int64{}
			order = append(order, name)
		}
		n := counts[name]
		n[0]++
		switch a.Status {
		case "accepted":
			n[1]++
		case "refused":
			n[2]++
		}
		if a.Remedy == "override" {
			n[3]++
		}
	}
	slices.SortFunc(order, func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b][0], counts[a][0]), cmp.Compare(a, b))
	})
	for _, name := range order {
		n := counts[name]
		rate := Cell{Text: q.Lang.T("dash")}
		if decided := n[1] + n[2]; decided > 0 {
			share := float64(n[1]) / float64(decided)
			rate = number(q.Lang.T("appeals.rate_of", "rate", q.Lang.Percent(share, 0), "n", decided), &share)
		}
		c.Table.Rows = append(c.Table.Rows, []Cell{text(name), whole(n[0]), whole(n[1]), whole(n[2]), whole(n[3]), rate})
	}
	if order == nil {
		c.State = &State{"empty", q.Lang.T("appeals.none"), q.Lang.T("appeals.none_text"), nil}
	}
	return q.card(c)
}

// objectPage is the form that objects to one number.
type objectPage struct {
	View
	Finding    string
	Number     *appealed // nil where the address names none
	RunID      string
	NRows      string
	Rows       Table
	Categories []Choice
	Typed      map[string]string
	Empty      *State // where the address names no number
	Kinds      string // endings of files that may be attached
}

// Cards lists the cards whose tables can be exported; there are none.
func (p *objectPage) Cards() []*Card { return nil }

func object(ctx context.Context, q *Query) (Page, error) {
	p := &objectPage{View: q.view("appeals"), Typed: map[string]string{}, Kinds: ".pdf,.png,.jpg,.jpeg,.xlsx,.docx,.csv,.txt"}
	p.ID, p.Title, p.Filters = "object", q.Lang.T("object.title"), nil
	p.Crumbs = []Crumb{{q.Lang.T("nav.appeals"), "/appeals"}, {Title: p.Title}}
	q.isLive = true // what was typed is the reader's own
	p.Finding = q.Lang.T("object.none")
	kind, unit, item := q.asked("kind"), q.asked("unit"), q.asked("item")
	if kind == "" && unit == "" && item == "" {
		p.Empty = &State{"empty", p.Title, q.Lang.T("object.how"), nil}
		return p, nil
	}
	if !slices.Contains([]string{"indicator", "score", "pay", "coefficient"}, kind) {
		return nil, errNoNumber()
	}
	var err error
	if p.Number, err = q.number(ctx, kind, "rep", unit, item, q.askedMonth()); err != nil {
		return nil, err
	}
	p.RunID = q.Run.ID
	p.Finding = q.Lang.T("object.finding", "unit", p.Number.UnitName, "item", p.Number.Title, "month", q.Lang.Month(p.Number.Month), "value", p.Number.Shown)
	p.Rows, p.NRows = q.rowsOf(p.Number)
	for _, name := range []string{"expected", "words"} {
		p.Typed[name] = q.Typed(name, "")
	}
	usual := "data"
	if kind == "coefficient" {
		usual = "difficulty"
	}
	for _, c := range categories {
		p.Categories = append(p.Categories, Choice{q.Lang.T("category." + c), c, c == q.Typed("category", usual)})
	}
	return p, nil
}

// asked returns a value of the form, else of the address.
func (q *Query) asked(name string) string {
	if q.Form != nil {
		return q.Form.Get(name)
	}
	return q.Params.Get(name)
}

// askedMonth is the month that the form or the address names.
func (q *Query) askedMonth() time.Time {
	if m, ok := findMonth(q.Months, q.asked("month")); ok {
		return m
	}
	return q.Month
}

// rowsOf lists the exported rows behind a number.
func (q *Query) rowsOf(n *appealed) (Table, string) {
	var t Table
	if n.Said != nil {
		t.Columns = []Column{{Title: q.Lang.T("loads.file")}, {Title: q.Lang.T("refused.row"), Numeric: true}, {Title: q.Lang.T("person.part")}, {Title: q.Lang.T("person.part_value"), Numeric: true}}
		shown := n.Said[:min(len(n.Said), mostListed)]
		for _, r := range shown {
			t.Rows = append(t.Rows, []Cell{text(filepath.Base(r.File)), whole(r.Row), text(*r.Cells[0]), {Text: exact(r.Numerator), Raw: r.Numerator}})
		}
		return t, q.Lang.T("object.rows", "n", q.Lang.Count(int64(len(n.Said))), "shown", len(shown))
	}
	if n.Rows == nil {
		return t, ""
	}
	t.Columns = []Column{{Title: q.Lang.T("loads.file")}, {Title: q.Lang.T("refused.row"), Numeric: true}, {Title: q.Lang.T("indicator.numerator"), Numeric: true}, {Title: q.Lang.T("indicator.denominator"), Numeric: true}}
	for _, r := range n.Rows.Rows {
		t.Rows = append(t.Rows, []Cell{text(filepath.Base(r.File)), whole(r.Row), {Text: exact(r.Numerator), Raw: r.Numerator}, {Text: exact(r.Denominator), Raw: r.Denominator}})
	}
	return t, q.Lang.T("object.rows", "n", q.Lang.Count(n.Rows.NRows), "shown", len(n.Rows.Rows))
}

// leastCoefficient is the smallest market coefficient that can be asked for,
// and its reciprocal the largest: beyond it lies a slip of the pen.
const leastCoefficient = .1

// draftAppeal keeps what was typed and starts to price it.
func draftAppeal(ctx context.Context, q *Query) (to, done string, err error) {
	n, err := q.number(ctx, q.Form.Get("kind"), "rep", q.Form.Get("unit"), q.Form.Get("item"), q.askedMonth())
	if err != nil {
		return "", "", err
	}
	var wrong []error
	expected, err := parseNumber(q.Form.Get("expected"))
	wrong = append(wrong, err)
	if err == nil && n.Kind == "coefficient" && (expected < leastCoefficient || expected > 1/leastCoefficient) {
		wrong = append(wrong, refused("appeal.bad_coefficient"))
	}
	if !slices.Contains(categories, q.Form.Get("category")) {
		wrong = append(wrong, refused("appeal.no_category"))
	}
	words := strings.TrimSpace(q.Form.Get("words"))
	if words == "" || len(words) > 4000 {
		wrong = append(wrong, refused("appeal.no_words"))
	}
	name, kind, file, err := q.attached()
	wrong = append(wrong, err)
	if err := q.together(wrong); err != nil {
		return "", "", err
	}
	a := store.Appeal{RunID: q.Run.ID, Month: n.Month, Kind: n.Kind, UnitKind: n.UnitKind, UnitID: n.UnitID, RegionID: n.RegionID, Item: n.Item,
		Category: q.Form.Get("category"), Shown: n.Value, Expected: expected, Words: words, FileName: name, FileKind: kind, Sender: q.Reader.Name}
	if a.ID, err = q.store.DraftAppeal(ctx, a, file); err != nil {
		return "", "", err
	}
	run, release, err := q.server.Runs.Acquire()
	if err != nil {
		return "", "", err
	}
	q.server.price(a, run, release)
	return "/appeals/" + a.ID, "appeal.drafted", nil
}

// together makes one refusal of several faults; an error that is none of the
// form's comes first.
func (q *Query) together(wrong []error) error {
	all := ""
	for _, err := range wrong {
		var p *problem
		switch {
		case err == nil:
		case errors.As(err, &p) && p.status == http.StatusUnprocessableEntity:
			all = q.Lang.Sentences(all, q.Lang.T(p.text, p.args...))
		default:
			return err
		}
	}
	if all == "" {
		return nil
	}
	return refused("error.several", "all", all)
}

// appealPage is one appeal: the number, both outcomes, the way to its decision.
type appealPage struct {
	View
	Finding                             string
	Appeal                              store.Appeal
	Status, Tone                        string
	Facts                               []fact
	Outcomes                            []outcome
	Pricing                             bool   // the outcomes are being calculated
	PriceFault                          string // number in the log
	Basis                               string // how they were calculated
	NRows                               string
	Rows                                Table
	MaySend, MayWithdraw, MayDecide     bool
	Remedies                            []Choice
	Barred                              string // why the reader may not decide
	Words, File, Reason, Clock, Routing string
}

// outcome is a figure if the appeal is refused and if it is accepted.
type outcome struct{ Label, Refused, Accepted, Change, Tone string }

// Cards lists the cards whose tables can be exported; there are none.
func (p *appealPage) Cards() []*Card { return nil }

// appealOf returns an appeal that the reader may see.
func (q *Query) appealOf(ctx context.Context, id string) (*store.Appeal, error) {
	all, err := q.visibleAppeals(ctx)
	if err != nil {
		return nil, err
	}
	if at := slices.IndexFunc(all, func(a store.Appeal) bool { return a.ID == id }); at >= 0 {
		return &all[at], nil
	}
	return nil, notFound(q.URL.Path)
}

func appeal(ctx context.Context, q *Query) (Page, error) {
	a, err := q.appealOf(ctx, q.Path("id"))
	if err != nil {
		return nil, err
	}
	p := &appealPage{View: q.view("appeals"), Appeal: *a, Words: a.Words, File: a.FileName, Reason: a.Outcome, PriceFault: a.PriceFault}
	p.ID, p.Title, p.Filters = "appeal", a.ID, nil
	p.Crumbs = []Crumb{{q.Lang.T("nav.appeals"), "/appeals"}, {Title: a.ID}}
	p.Status, p.Tone = q.Lang.T("appeal.status_"+a.Status), toneOf(a.Status)
	unit := a.UnitID
	if n, err := q.number(ctx, a.Kind, a.UnitKind, a.UnitID, a.Item, a.Month); err == nil {
		p.Rows, p.NRows = q.rowsOf(n)
		unit = n.UnitName
	}
	p.Finding = q.Lang.T("appeal.finding_"+a.Status, "unit", unit, "number", q.numberTitle(*a))
	p.Facts = q.appealFacts(a, unit)
	if err := q.outcomes(p); err != nil {
		return nil, err
	}
	if a.Status == "open" {
		p.Clock = q.clock(*a)
	}
	raters, err := q.raters(ctx, a)
	if err != nil {
		return nil, err
	}
	mine := a.Sender == q.Reader.Name && q.May(auth.SendAppeal)
	p.MaySend = mine && a.Status == "draft" && (a.Priced != "" || a.PriceFault != "")
	p.MayWithdraw = mine && (a.Status == "draft" || a.Status == "open")
	p.MayDecide = a.Status == "open" && mayDecide(q.Reader, *a, raters)
	if a.Status == "open" && q.May(auth.DecideAppeal) && !p.MayDecide {
		p.Barred = q.Lang.T("appeal.barred")
	}
	p.Remedies = []Choice{{q.Lang.T("appeal.override"), "override", true}, {q.Lang.T("appeal.correction"), "correction", false}}
	return p, nil
}

func (q *Query) appealFacts(a *store.Appeal, unit string) []fact {
	digits := map[string]int{"pay": 2, "coefficient": 3}[a.Kind]
	show := func(v *float64) string {
		switch {
		case v == nil:
			return q.Lang.T("dash")
		case a.Kind == "indicator":
			if q.definitions == nil {
				break
			}
			if d, ok := definition(q.definitions, a.Item); ok {
				return q.Lang.Value(d.Unit, v, q.Run.Meta.Currency).String()
			}
		}
		return q.Lang.Decimal(*v, max(digits, 2))
	}
	facts := []fact{
		{Label: q.Lang.T("appeal.shown"), Text: show(a.Shown)}, {Label: q.Lang.T("appeal.expected"), Text: show(&a.Expected)},
		{Label: q.Lang.T("appeal.category"), Text: q.Lang.T("category." + a.Category)}, {Label: q.Lang.T("run.id"), Text: a.RunID},
		{Label: q.Lang.T("appeal.by"), Text: a.Sender},
	}
	if a.RoutedTo != "" {
		facts = append(facts, fact{Label: q.Lang.T("appeal.routed"), Text: a.RoutedTo})
	}
	if !a.SentAt.IsZero() {
		facts = append(facts, fact{Label: q.Lang.T("appeal.sent"), Text: q.Lang.Moment(a.SentAt)})
	}
	if a.DecidedBy != "" {
		facts = append(facts, fact{Label: q.Lang.T("appeal.decided_by"), Text: a.DecidedBy, Small: q.Lang.Moment(a.DecidedAt)})
	}
	if a.Remedy != "" {
		facts = append(facts, fact{Label: q.Lang.T("appeal.remedy"), Text: q.Lang.T("appeal." + a.Remedy)})
	}
	return facts
}

// outcomes writes what both decisions come to.
func (q *Query) outcomes(p *appealPage) error {
	if p.Appeal.Priced == "" {
		p.Pricing = p.Appeal.PriceFault == "" && p.Appeal.Status == "draft"
		return nil
	}
	var price analytics.Price
	if err := json.Unmarshal([]byte(p.Appeal.Priced), &price); err != nil {
		return err
	}
	q.ReadPay(p.Appeal.UnitID)
	money := func(cents int64) string { return q.Lang.Decimal(float64(cents)/100, 2) }
	add := func(key string, refused, accepted, change string, by float64) {
		p.Outcomes = append(p.Outcomes, outcome{q.Lang.T(key), refused, accepted, change, tone(by)})
	}
	pays := func(key string, two [2]int64) {
		d := float64(two[1]-two[0]) / 100
		add(key, money(two[0]), money(two[1]), q.Lang.Signed(d, 2), d)
	}
	pays("appeal.own_pay", price.Pay)
	pays("appeal.team_pool", price.Pool)
	add("appeal.own_score", q.Lang.Decimal(price.Score[0], 1), q.Lang.Decimal(price.Score[1], 1), q.Lang.Signed(price.Score[1]-price.Score[0], 1), price.Score[1]-price.Score[0])
	if price.Rank[1] > 0 {
		add("appeal.own_rank", q.Lang.T("appeal.rank_of", "rank", price.Rank[0], "n", price.Peers), q.Lang.T("appeal.rank_of", "rank", price.Rank[1], "n", price.Peers),
			q.Lang.T("appeal.moved", "n", price.Moved), 0)
	}
	p.Basis = q.Lang.T("appeal.basis", "run", p.Appeal.RunID, "cost", q.Lang.Signed(float64(price.Cost)/100, 2))
	return nil
}

// raters are those whose scoring an appeal may be about: who rated the person
// in that month, on the form or in the exports, and the managers of his units.
func (q *Query) raters(ctx context.Context, a *store.Appeal) ([]string, error) {
	all, err := q.store.RatersOf(ctx, a.UnitID, a.Month)
	if err != nil {
		return nil, err
	}
	accounts, err := q.store.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	for _, x := range accounts {
		if auth.Role(x.Role) == auth.Manager && slices.Contains(x.Regions, a.RegionID) {
			all = append(all, x.Name)
		}
	}
	return all, nil
}

// sendAppeal starts the reply clock and routes the appeal.
func sendAppeal(ctx context.Context, q *Query) (to, done string, err error) {
	a, err := q.appealOf(ctx, q.Path("id"))
	if err != nil {
		return "", "", err
	}
	if a.Sender != q.Reader.Name {
		return "", "", forbidden(q.Reader)
	}
	raters, err := q.raters(ctx, a)
	if err != nil {
		return "", "", err
	}
	accounts, err := q.store.Accounts(ctx)
	if err != nil {
		return "", "", err
	}
	all, err := q.store.Appeals(ctx)
	if err != nil {
		return "", "", err
	}
	who := decider(accounts, all, *a, raters)
	if who == "" {
		return "", "", refused("appeal.nobody")
	}
	return "/appeals/" + a.ID, "appeal.was_sent", q.stale(q.store.SendAppeal(ctx, q.Reader.Name, a.ID, who, replyBy(q.Now)))
}

// stale turns the store's answer to a change that came too late into words.
func (q *Query) stale(err error) error {
	if errors.Is(err, store.ErrState) {
		return refused("appeal.stale")
	}
	return err
}

func withdrawAppeal(ctx context.Context, q *Query) (to, done string, err error) {
	a, err := q.appealOf(ctx, q.Path("id"))
	if err != nil {
		return "", "", err
	}
	if a.Sender != q.Reader.Name {
		return "", "", forbidden(q.Reader)
	}
	return "/appeals", "appeal.was_withdrawn", q.stale(q.store.WithdrawAppeal(ctx, q.Reader.Name, a.ID))
}

// decideAppeal decides with a reason; nobody decides what he scored.
func decideAppeal(ctx context.Context, q *Query) (to, done string, err error) {
	a, err := q.appealOf(ctx, q.Path("id"))
	if err != nil {
		return "", "", err
	}
	raters, err := q.raters(ctx, a)
	if err != nil {
		return "", "", err
	}
	if !mayDecide(q.Reader, *a, raters) {
		return "", "", forbidden(q.Reader)
	}
	var wrong []error
	decision, remedy, reason := q.Form.Get("decision"), q.Form.Get("remedy"), strings.TrimSpace(q.Form.Get("reason"))
	if decision != "accept" && decision != "refuse" {
		wrong = append(wrong, refused("appeal.no_decision"))
	}
	if decision == "accept" && remedy != "override" && remedy != "correction" {
		wrong = append(wrong, refused("appeal.no_remedy"))
	}
	if reason == "" {
		wrong = append(wrong, refused("appeal.no_reason"))
	}
	if err := q.together(wrong); err != nil {
		return "", "", err
	}
	done = "appeal.was_refused"
	if decision == "accept" {
		done = "appeal.was_" + remedy
	}
	return "/appeals/" + a.ID, done, q.stale(q.store.DecideAppeal(ctx, q.Reader.Name, a.ID, decision == "accept", remedy, reason))
}

// appealFile answers with the attachment of an appeal that the reader may see.
func (s *Server) appealFile(c *gin.Context) {
	q, done, err := s.query(c)
	defer done()
	var a *store.Appeal
	if err == nil && !q.Reader.Opens("appeal") {
		err = forbidden(q.Reader)
	}
	if err == nil {
		a, err = q.appealOf(c.Request.Context(), c.Param("id"))
	}
	var file []byte
	if err == nil {
		file, err = s.Store.Attachment(c.Request.Context(), a.ID)
		if errors.Is(err, store.ErrNotFound) {
			err = notFound(c.Request.URL.Path)
		}
	}
	if err != nil {
		s.fail(c, q, err)
		return
	}
	c.Header("Content-Disposition", attachment(a.FileName))
	c.Header("Cache-Control", "private, no-store")
	c.Data(http.StatusOK, "application/octet-stream", file)
}
