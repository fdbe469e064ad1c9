package dashboard

import (
	"context"
	"slices"
	"strings"
	"time"

	"levelfield/dashboard/auth"
	"levelfield/dashboard/i18n"
	"levelfield/dashboard/store"
)

// adminPage lists the accounts and prints the table of roles.
type adminPage struct {
	View
	Finding string
	Users   []userRow
	Roles   []Choice // of the form of a new account
	Typed   map[string]string
	Given   string // password made for an account, shown once
	GivenTo string
	Table   *Card // who may do what
	People  *Card // the accounts
}

// userRow is one account.
type userRow struct {
	Name, Title, Role, Units, Seen, State string
	IsDisabled, IsLocked, IsSelf          bool
	Roles                                 []Choice
	RepID, Regions, Teams                 string
}

// Cards lists the cards whose tables can be exported.
func (p *adminPage) Cards() []*Card { return []*Card{p.People, p.Table} }

func admin(ctx context.Context, q *Query) (Page, error) {
	accounts, err := q.Store().Accounts(ctx)
	if err != nil {
		return nil, err
	}
	p := &adminPage{View: q.view("admin"), Typed: map[string]string{}}
	p.Title, p.Filters = q.Lang.T("nav.admin"), nil
	for _, name := range []string{"name", "title", "rep", "regions", "teams"} {
		p.Typed[name] = q.Typed(name, "")
	}
	p.Roles = q.roleChoices(q.Typed("role", string(auth.Rep)))
	p.People = q.peopleCard(p, accounts)
	p.Table = q.roleTable()
	off := 0
	for _, a := range accounts {
		if a.IsDisabled {
			off++
		}
	}
	p.Finding = q.Lang.T("admin.finding", "n", len(accounts)-off, "off", off)
	if given := q.server.sessions.PopString(ctx, sessionGiven); given != "" {
		q.isOnce = true
		p.GivenTo, p.Given, _ = strings.Cut(given, "\n")
	}
	return p, nil
}

// sessionGiven holds a password just made until its page is shown.
const sessionGiven = "given"

func (q *Query) roleChoices(now string) []Choice {
	var all []Choice
	for _, r := range auth.Roles {
		all = append(all, Choice{q.Lang.T("role." + string(r)), string(r), string(r) == now})
	}
	return all
}

// peopleCard fills the rows of the accounts.
func (q *Query) peopleCard(p *adminPage, accounts []store.Account) *Card {
	c := &Card{ID: "accounts", Title: q.Lang.T("admin.accounts")}
	for _, key := range []string{"user.name", "user.title", "user.role", "user.units", "user.seen", "user.state"} {
		c.Table.Columns = append(c.Table.Columns, Column{Title: q.Lang.T(key)})
	}
	for _, a := range accounts {
		row := userRow{Name: a.Name, Title: a.Title, Role: q.Lang.T("role." + a.Role), Units: unitsOf(&a), Seen: q.Lang.T("dash"),
			IsDisabled: a.IsDisabled, IsLocked: q.Now.Before(a.LockedUntil), IsSelf: a.UserID == q.Reader.UserID,
			RepID: a.RepID, Regions: strings.Join(a.Regions, " "), Teams: strings.Join(a.Teams, " "), Roles: q.roleChoices(a.Role)}
		if !a.SignedInAt.IsZero() {
			row.Seen = q.Lang.Moment(a.SignedInAt)
		}
		switch {
		case a.IsDisabled:
			row.State = q.Lang.T("user.disabled")
		case row.IsLocked:
			row.State = q.Lang.T("user.locked")
		case a.IsPasswordGiven:
			row.State = q.Lang.T("user.given")
		}
		p.Users = append(p.Users, row)
		c.Table.Rows = append(c.Table.Rows, []Cell{text(row.Name), text(row.Title), text(row.Role), text(row.Units), text(row.Seen), text(row.State)})
	}
	return q.card(c)
}

// roleTable prints auth.Table.
func (q *Query) roleTable() *Card {
	c := &Card{ID: "roles", Title: q.Lang.T("admin.roles"), Sub: q.Lang.T("admin.roles_sub")}
	c.Table.Columns = []Column{{Title: q.Lang.T("admin.action")}}
	for _, r := range auth.Roles {
		c.Table.Columns = append(c.Table.Columns, Column{Title: q.Lang.T("role." + string(r))})
	}
	for _, rule := range auth.Table {
		row := []Cell{text(q.Lang.T("action." + string(rule.Action)))}
		for _, r := range auth.Roles {
			mark := Cell{Text: q.Lang.T("dash"), Raw: false}
			if slices.Contains(rule.Roles, r) {
				mark = Cell{Text: q.Lang.T("admin.yes"), Raw: true}
			}
			row = append(row, mark)
		}
		c.Table.Rows = append(c.Table.Rows, row)
	}
	return q.card(c)
}

// typedUnits reads ids parted by spaces or commas.
func typedUnits(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" ,;，；、\t\r\n", r) })
}

func addUser(ctx context.Context, q *Query) (to, done string, err error) {
	f := q.Form
	given, err := q.server.accounts.Add(ctx, q.Reader.Name, store.Account{
		Name: f.Get("name"), Title: f.Get("title"), Role: f.Get("role"), RepID: f.Get("rep"),
		Regions: typedUnits(f.Get("regions")), Teams: typedUnits(f.Get("teams")),
	}, "")
	if err != nil {
		return "", "", q.faults(err)
	}
	q.server.sessions.Put(ctx, sessionGiven, strings.TrimSpace(f.Get("name"))+"\n"+given)
	return "/admin", "user.added", nil
}

func changeRole(ctx context.Context, q *Query) (to, done string, err error) {
	f := q.Form
	err = q.server.accounts.SetRole(ctx, q.Reader.Name, q.Path("name"), auth.Role(f.Get("role")), f.Get("rep"), typedUnits(f.Get("regions")), typedUnits(f.Get("teams")))
	return "/admin", "user.changed", q.faults(err)
}

func resetPassword(ctx context.Context, q *Query) (to, done string, err error) {
	given, err := q.server.accounts.ResetPassword(ctx, q.Reader.Name, q.Path("name"))
	if err != nil {
		return "", "", q.faults(err)
	}
	q.server.sessions.Put(ctx, sessionGiven, q.Path("name")+"\n"+given)
	return "/admin", "user.reset", nil
}

func disableUser(ctx context.Context, q *Query) (to, done string, err error) {
	err = q.server.accounts.Disable(ctx, q.Reader.Name, q.Path("name"), q.Form.Get("disabled") == "yes")
	return "/admin", "user.changed", q.faults(err)
}

// auditPage is the log: who did, changed and read what.
type auditPage struct {
	View
	Finding string
	Log     *Card
	Kinds   Filter
	Who     string
	Action  string
	More    string
}

// Cards lists the cards whose tables can be exported.
func (p *auditPage) Cards() []*Card { return []*Card{p.Log} }

// mostLog is how many rows of the log are shown; the export holds more.
const mostLog, mostLogExported = 200, 20_000

func audit(ctx context.Context, q *Query) (Page, error) {
	p := &auditPage{View: q.view("audit"), Who: q.Params.Get("who"), Action: q.Params.Get("action")}
	p.Title, p.Filters = q.Lang.T("nav.audit"), nil
	limit := mostLog
	if q.Params.Get("card") != "" {
		limit = mostLogExported
	}
	rows, err := q.Store().AuditOf(ctx, p.Who, p.Action, time.Time{}, time.Time{}, limit)
	if err != nil {
		return nil, err
	}
	actions, err := q.Store().AuditActions(ctx)
	if err != nil {
		return nil, err
	}
	p.Kinds = Filter{Name: "action", Label: q.Lang.T("audit.action"), Value: q.Lang.T("audit.all")}
	p.Kinds.Choices = []Choice{{p.Kinds.Value, q.Here("action", ""), p.Action == ""}}
	for _, a := range actions {
		if a == p.Action {
			p.Kinds.Value = q.did(a)
		}
		p.Kinds.Choices = append(p.Kinds.Choices, Choice{q.did(a), q.Here("action", a), a == p.Action})
	}
	c := &Card{ID: "log", Title: q.Lang.T("audit.log"), Sub: q.Lang.T("audit.log_sub")}
	for _, key := range []string{"audit.at", "audit.who", "audit.action", "audit.object", "audit.detail"} {
		c.Table.Columns = append(c.Table.Columns, Column{Title: q.Lang.T(key)})
	}
	for _, r := range rows {
		c.Table.Rows = append(c.Table.Rows, []Cell{{Text: q.Lang.Moment(r.At), Raw: r.At.UTC().Format(time.RFC3339)},
			{Text: r.Who, Raw: r.Who, URL: q.Here("who", r.Who)}, text(q.did(r.Action)), {Text: q.logged(r), Raw: r.Object}, {Text: q.toldLog(r.Detail), Raw: r.Detail}})
	}
	if len(rows) == 0 {
		c.State = &State{"empty", q.Lang.T("audit.none"), q.Lang.T("audit.none_text"), nil}
	}
	if len(rows) == limit {
		p.More = q.Lang.T("audit.more", "n", q.Lang.Count(int64(limit)))
	}
	p.Log = q.card(c)
	reads := 0
	for _, r := range rows {
		if r.Action == "read_pay" {
			reads++
		}
	}
	p.Finding = q.Lang.T("audit.finding", "n", len(rows), "reads", reads)
	return p, nil
}

// mostNamed is how many people a row of the log names; the export names all.
const mostNamed = 3

// did is what an audit row's action is called; an action that no catalogue
// names is shown as it is.
func (q *Query) did(action string) string {
	if key := "did." + strings.ReplaceAll(action, " ", "_"); i18n.Has(key) {
		return q.Lang.T(key)
	}
	return action
}
