package dashboard

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"levelfield/analytics"
	"levelfield/dashboard/auth"
	"levelfield/dashboard/i18n"
	"levelfield/dashboard/store"
)

// Compare is what a value is compared with.
type Compare string

// The comparisons a reader can choose.
const (
	ComparePrev Compare = "prev" // the month before
	CompareYear Compare = "year" // the same month a year before
)

// Month returns the month that month is compared with.
func (c Compare) Month(month time.Time) time.Time {
	if c == CompareYear {
		return month.AddDate(-1, 0, 0)
	}
	return month.AddDate(0, -1, 0)
}

// Query is one request for a page, its filters checked against the run.
type Query struct {
	Page    string          // id of the page asked for
	Run     *analytics.Run  // nil on pages that need none before the first calculation
	Reader  auth.Reader     // who asks; see May
	Scope   analytics.Scope // of the reader: what he may see
	Lang    i18n.Lang
	Theme   string // "light", "dark" or "" for the system's
	URL     *url.URL
	Params  url.Values // of the URL
	Path    func(name string) string
	Now     time.Time
	Dir     string // workspace
	Months  []time.Time
	Regions []analytics.Unit
	Month   time.Time
	Region  *analytics.Unit // nil: whole company, or Own
	Own     *analytics.Unit // of a reader who sees no region: his team or he himself
	Compare Compare
	Form    url.Values // what was typed, of a form
	Fault   string     // why the form was refused
	Done    string     // what the last form did
	// ReadRefused is Config.ReadRefused.
	ReadRefused func(path string, most int) ([]RefusedRow, error)

	server      *Server
	store       *store.Store
	request     *http.Request
	paid        []string               // people whose pay the page shows
	groups      []string               // kinds of protected groups that the page compares
	definitions []analytics.Definition // once read
	token       *store.Token           // of an API request; nil for a session
	isTables    bool                   // the page is asked for as tables
	isOnce      bool                   // the page is not kept: it shows what is shown once, or waits
	isLive      bool                   // the page shows more than the run: see Store
	special     []string               // cards for which the page is made differently: see isFor
	events      []store.Event          // what happened to the months
}

// May reports whether the reader may do an action.
func (q *Query) May(action auth.Action) bool { return q.Reader.May(action) }

// ReadPay notes that the page shows the pay of these people: every read of
// another person's pay is logged, also where the page was kept from before.
func (q *Query) ReadPay(reps ...string) {
	for _, rep := range reps {
		if rep != q.Reader.RepID || q.Reader.By != "" {
			q.paid = append(q.paid, rep)
		}
	}
}

// ReadGroups notes that the page compares people by what is protected: every
// read is logged.
func (q *Query) ReadGroups(kind string) {
	if !slices.Contains(q.groups, kind) {
		q.groups = append(q.groups, kind)
	}
}

// Unit returns kind and id of the unit that the filters choose.
func (q *Query) Unit() (kind, id string) {
	if q.Region != nil {
		return "region", q.Region.ID
	}
	if q.Own != nil {
		return q.Own.Kind, q.Own.ID
	}
	return "company", "company"
}

// UnitName returns the name of that unit.
func (q *Query) UnitName() string {
	if q.Region != nil {
		return q.Region.Name
	}
	if q.Own != nil {
		return q.Own.Name
	}
	return q.Lang.T("filter.company")
}

// Base returns the month that the chosen month is compared with.
func (q *Query) Base() time.Time { return q.Compare.Month(q.Month) }

// Link returns the address of a path with this query's filters, changed by
// name, value pairs; an empty value removes a filter.
func (q *Query) Link(path string, changes ...string) string {
	v := url.Values{}
	for _, name := range []string{"month", "region", "compare"} {
		if got := q.Params.Get(name); got != "" {
			v.Set(name, got)
		}
	}
	return encode(path, v, changes)
}

// Here returns the address of this page with all its parameters, changed by
// name, value pairs.
func (q *Query) Here(changes ...string) string {
	v := url.Values{}
	for name, values := range q.Params {
		if name != "lang" && name != "card" && name != "as" {
			v[name] = values
		}
	}
	return encode(q.URL.Path, v, changes)
}

func encode(path string, v url.Values, changes []string) string {
	for i := 0; i+1 < len(changes); i += 2 {
		if changes[i+1] == "" {
			v.Del(changes[i])
		} else {
			v.Set(changes[i], changes[i+1])
		}
	}
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

// Money writes an amount in the run's currency for running text.
func (q *Query) Money(v float64) string { return q.Lang.Money(v, q.Run.Meta.Currency) }

// bareQuery knows the reader's language and theme only.
func (s *Server) bareQuery(c *gin.Context) *Query {
	q := &Query{
		Lang: s.Lang, URL: c.Request.URL, Params: c.Request.URL.Query(),
		Path: c.Param, Now: s.Now(), Dir: s.Dir, Compare: ComparePrev,
		ReadRefused: s.ReadRefused, server: s, store: s.Store, request: c.Request,
	}
	if token, ok := c.Get(tokenKey); ok {
		q.token = token.(*store.Token)
	}
	if reader, ok := c.Get(readerKey); ok {
		q.Reader = reader.(auth.Reader)
		q.Scope = q.Reader.Scope()
		if text := s.sessions.PopString(c.Request.Context(), sessionDone); text != "" && c.Request.Method == http.MethodGet {
			q.Done = text
		}
	}
	if lang, ok := i18n.Accepted(c.GetHeader("Accept-Language")); ok {
		q.Lang = lang
	}
	if cookie, err := c.Cookie("lf_lang"); err == nil {
		if lang, ok := i18n.Parse(cookie); ok {
			q.Lang = lang
		}
	}
	if lang, ok := i18n.Parse(q.Params.Get("lang")); ok {
		q.Lang = lang
		http.SetCookie(c.Writer, &http.Cookie{
			Name: "lf_lang", Value: string(lang), Path: "/", MaxAge: 365 * 24 * 3600,
			SameSite: http.SameSiteLaxMode,
		})
	}
	q.Theme, _ = c.Cookie("lf_theme")
	if wish := q.Params.Get("theme"); wish != "" {
		q.Theme = wish
	}
	if q.Theme != "light" && q.Theme != "dark" {
		q.Theme = ""
	}
	return q
}

// query acquires the current run and checks the filters of the URL. The
// returned function gives the run back and is never nil; neither is the query.
func (s *Server) query(c *gin.Context) (*Query, func(), error) {
	q := s.bareQuery(c)
	run, release, err := s.Runs.Acquire()
	if err != nil {
		return q, func() {}, err
	}
	q.Run = run
	return q, release, q.readFilters(c.Request.Context())
}

// readFilters fills month, region and compare. All that is wrong is said at
// once.
func (q *Query) readFilters(ctx context.Context) error {
	var err error
	if q.Months, err = q.Run.Months(ctx); err != nil {
		return err
	}
	if len(q.Months) == 0 {
		return analytics.ErrNoRun
	}
	q.Month = q.Months[len(q.Months)-1]
	var wrong []error
	if text := q.Params.Get("month"); text != "" {
		month, ok := findMonth(q.Months, text)
		if ok {
			q.Month = month
		} else {
			wrong = append(wrong, q.badMonth(text))
		}
	}
	if q.Regions, err = q.Run.Units(ctx, q.Scope, "region", "", q.Month); err != nil {
		return err
	}
	if text := q.Params.Get("region"); text != "" {
		if q.Region = q.FindRegion(text); q.Region == nil {
			wrong = append(wrong, badFilter("error.bad_region", "value", text))
		}
	}
	if err := q.ownUnit(ctx); err != nil {
		return err
	}
	switch text := Compare(q.Params.Get("compare")); text {
	case "", ComparePrev, CompareYear:
		if text != "" {
			q.Compare = text
		}
	default:
		wrong = append(wrong, badFilter("error.bad_compare", "value", string(text)))
	}
	return joinProblems(q.Lang, wrong)
}

// ownUnit chooses the unit of a reader who may not see the whole company: his
// first region, else his first team, else he himself.
func (q *Query) ownUnit(ctx context.Context) error {
	if q.Scope.IsAll() || q.Region != nil {
		return nil
	}
	if len(q.Regions) > 0 {
		q.Region = &q.Regions[0]
		return nil
	}
	for _, kind := range []string{"team", "rep"} {
		units, err := q.Run.Units(ctx, q.Scope, kind, "", q.Month)
		if err != nil || len(units) > 0 {
			if err == nil {
				q.Own = &units[0]
			}
			return err
		}
	}
	return &problem{http.StatusForbidden, "error.no_units", "error.no_units_text", []any{"name", q.Reader.Title}}
}

// joinProblems makes one problem of several.
func joinProblems(lang i18n.Lang, wrong []error) error {
	if len(wrong) < 2 {
		return errors.Join(wrong...)
	}
	all := ""
	for _, err := range wrong {
		var p *problem
		if errors.As(err, &p) {
			all += lang.T(p.text, p.args...) + " "
		}
	}
	return badFilter("error.several", "all", all)
}

func findMonth(months []time.Time, text string) (time.Time, bool) {
	for _, m := range months {
		if m.Format("2006-01") == text {
			return m, true
		}
	}
	return time.Time{}, false
}

// badMonth refuses a month that the run did not calculate.
func (q *Query) badMonth(text string) error {
	return badFilter("error.bad_month", "value", text, "first", q.Months[0].Format("2006-01"), "last", q.Months[len(q.Months)-1].Format("2006-01"))
}

// FindRegion finds a region by name or id, or returns nil.
func (q *Query) FindRegion(text string) *analytics.Unit {
	for i := range q.Regions {
		if q.Regions[i].Name == text || q.Regions[i].ID == text {
			return &q.Regions[i]
		}
	}
	return nil
}

// ofScope is a question of a run that asks for nothing but a scope.
func ofScope[T any](to *T, ask func(context.Context, analytics.Scope) (T, error), scope analytics.Scope) func(context.Context) error {
	return analytics.Into(to, func(ctx context.Context) (T, error) { return ask(ctx, scope) })
}

// ofMonth is a question of a run that asks for the reader's scope and the
// chosen month.
func ofMonth[T any](to *T, ask func(context.Context, analytics.Scope, time.Time) (T, error), q *Query) func(context.Context) error {
	return analytics.Into(to, func(ctx context.Context) (T, error) { return ask(ctx, q.Scope, q.Month) })
}
