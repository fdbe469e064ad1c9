package dashboard

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"levelfield/analytics"
	"levelfield/dashboard/auth"
	"levelfield/dashboard/i18n"
	"levelfield/dashboard/store"
)

// mostAppealed is how many of the rows behind a number its appeal shows.
const mostAppealed = 20

// replyDays are the workdays within which an appeal is answered.
const replyDays = 3

// categories are what an objection can be about.
var categories = []string{"data", "attribution", "rule", "difficulty", "rating", "other"}

// appealed is one number of one unit and month, as an appeal is about it.
type appealed struct {
	Kind, UnitKind, UnitID, UnitName, RegionID, Item string
	Title                                            string
	Month                                            time.Time
	Value                                            *float64
	Shown                                            string                   // as read
	Rows                                             *analytics.Explanation   // exported rows behind it; nil where the number has none of its own
	Said                                             []analytics.ExplainedRow // of a coefficient: exported rows with what each says
}

// errNoNumber says that the run has no such number, or that it is not the
// reader's to see.
func errNoNumber() error {
	return &problem{http.StatusNotFound, "error.not_found", "appeal.no_number", nil}
}

// number finds the number that an address names.
func (q *Query) number(ctx context.Context, kind, unitKind, unit, item string, month time.Time) (*appealed, error) {
	n := &appealed{Kind: kind, UnitKind: unitKind, UnitID: unit, Item: item, Month: month}
	units, err := q.Run.Units(ctx, q.Scope, unitKind, "", month)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(units, func(u analytics.Unit) bool { return u.ID == unit })
	if at < 0 {
		return nil, errNoNumber()
	}
	n.UnitName = units[at].Name
	if units[at].RegionID != nil {
		n.RegionID = *units[at].RegionID
	}
	indicator := item
	if kind != "indicator" {
		found, err := q.Run.AppealedNumber(ctx, q.Scope, kind, unitKind, unit, item, month)
		if err != nil {
			return nil, err
		}
		if found == nil {
			return nil, errNoNumber()
		}
		n.Value, n.Title, n.Shown = found.Value, q.Lang.Pick(found.TitleEn, found.TitleZh), q.Lang.T("dash")
		if key := "line." + item; kind == "pay" && i18n.Has(key) {
			n.Title = q.Lang.T(key)
		}
		if n.Value != nil {
			n.Shown = q.Lang.Decimal(*n.Value, map[string]int{"pay": 2, "score": 1, "coefficient": 3}[kind])
		}
		if kind == "coefficient" {
			return n, q.coefficientRows(ctx, n)
		}
		if kind == "pay" && unitKind == "rep" {
			q.ReadPay(unit)
		}
		if found.Indicator == nil {
			return n, nil
		}
		indicator = *found.Indicator
	}
	return n, q.numberRows(ctx, n, indicator)
}

// coefficientRows adds the exported rows behind a market coefficient, each with
// what it says.
func (q *Query) coefficientRows(ctx context.Context, n *appealed) error {
	var rows []analytics.ExplainedRow
	var parts []analytics.DifficultyPart
	err := analytics.Together(ctx,
		analytics.Into(&rows, func(ctx context.Context) ([]analytics.ExplainedRow, error) {
			return q.Run.CoefficientRows(ctx, q.Scope, n.UnitID, n.Month)
		}),
		analytics.Into(&parts, func(ctx context.Context) ([]analytics.DifficultyPart, error) {
			return q.Run.DifficultyParts(ctx, q.Scope, n.UnitID, n.Month)
		}),
	)
	titles := map[string]string{"target": q.Lang.T("part.target")}
	for _, p := range parts {
		titles[p.Item] = q.partTitle(p.Item, p.TitleEn, p.TitleZh)
	}
	for _, row := range rows {
		if title, known := titles[*row.Cells[0]]; known { // what moves no coefficient is no proof of one
			row.Cells[0] = &title
			n.Said = append(n.Said, row)
		}
	}
	return err
}

// numberRows adds the exported rows behind a number and, for an indicator, its
// value.
func (q *Query) numberRows(ctx context.Context, n *appealed, indicator string) error {
	e, err := q.Run.Explain(ctx, q.Scope, analytics.Question{UnitKind: n.UnitKind, UnitID: n.UnitID, Indicator: indicator, Month: n.Month, Limit: mostAppealed})
	if errors.Is(err, analytics.ErrUnknown) {
		if n.Kind == "indicator" {
			return errNoNumber()
		}
		return nil
	}
	if err != nil {
		return err
	}
	if e.HasRows {
		n.Rows = e
	}
	if n.Kind == "indicator" {
		n.Value, n.Title = e.Value, q.Lang.Pick(e.Definition.TitleEn, e.Definition.TitleZh)
		n.Shown = q.Lang.Value(e.Definition.Unit, e.Value, q.Run.Meta.Currency).String()
	}
	return nil
}

// AppealLink is the address of the form that objects to a number of a person,
// or "" where the reader may not object. kind is indicator, score, coefficient
// or pay; item the indicator, scorecard/node or line.
func (q *Query) AppealLink(kind, rep, item string) string {
	if !q.May(auth.SendAppeal) {
		return ""
	}
	return encode("/appeals/new", map[string][]string{"month": {q.Month.Format("2006-01")}}, []string{"kind", kind, "unit", rep, "item", item})
}

// decider picks who shall decide an appeal: an account that may, that neither
// sent it nor is the person, nor rated him, nor manages him; the one with the
// fewest open appeals.
func decider(accounts []store.Account, all []store.Appeal, a store.Appeal, raters []string) string {
	open := map[string]int{}
	for _, other := range all {
		if other.Status == "open" {
			open[other.RoutedTo]++
		}
	}
	best := ""
	for _, account := range accounts {
		if account.IsDisabled || !mayDecide(auth.ReaderOf(account), a, raters) {
			continue
		}
		if best == "" || open[account.Name] < open[best] {
			best = account.Name
		}
	}
	return best
}

// mayDecide reports whether a reader may decide an appeal: nobody judges what
// he sent, what is about himself, or what he scored.
func mayDecide(r auth.Reader, a store.Appeal, raters []string) bool {
	return r.May(auth.DecideAppeal) && r.Name != a.Sender && (r.RepID == "" || r.RepID != a.UnitID) &&
		!slices.Contains(raters, r.Name) && (r.RepID == "" || !slices.Contains(raters, r.RepID))
}

// replyBy returns the end of the third workday after a moment, Saturdays and
// Sundays left out.
func replyBy(from time.Time) time.Time {
	due := from
	for days := 0; days < replyDays; {
		due = due.AddDate(0, 0, 1)
		if due.Weekday() != time.Saturday && due.Weekday() != time.Sunday {
			days++
		}
	}
	return time.Date(due.Year(), due.Month(), due.Day(), 18, 0, 0, 0, due.Location())
}

// attached reads the file of a form: at most mostAttachment bytes of a kind
// that is safe to hand on, which its first bytes must show.
func (q *Query) attached() (name, kind string, file []byte, err error) {
	f, head, err := q.request.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return "", "", nil, nil
	}
	if err != nil {
		return "", "", nil, badFilter("error.bad_form")
	}
	defer f.Close()
	if file, err = io.ReadAll(io.LimitReader(f, mostAttachment+1)); err != nil {
		return "", "", nil, err
	}
	if len(file) == 0 {
		return "", "", nil, nil
	}
	if len(file) > mostAttachment {
		return "", "", nil, refused("appeal.file_large", "most", mostAttachment>>20)
	}
	name = path.Base(strings.ReplaceAll(head.Filename, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`<>:"|?*/`, r) || !utf8.ValidRune(r) {
			return '_'
		}
		return r
	}, name)
	if kind = kindOf(name, file); kind == "" {
		return "", "", nil, refused("appeal.file_kind")
	}
	return name, kind, file, nil
}

// kindOf returns the kind of a file whose ending and first bytes agree, or "".
func kindOf(name string, file []byte) string {
	seen := http.DetectContentType(file)
	switch strings.ToLower(path.Ext(name)) {
	case ".pdf":
		if seen == "application/pdf" {
			return seen
		}
	case ".png", ".jpg", ".jpeg":
		if seen == "image/png" || seen == "image/jpeg" {
			return seen
		}
	case ".xlsx", ".docx": // handed on as they are, never opened here
		if seen == "application/zip" {
			return seen
		}
	case ".csv", ".txt":
		if strings.HasPrefix(seen, "text/plain") {
			return "text/plain"
		}
	}
	return ""
}

// price calculates both outcomes of an appeal in the background and keeps them
// with it. One is calculated at a time: each is a calculation of the run.
func (s *Server) price(a store.Appeal, run *analytics.Run, release func()) {
	s.background.Go(func() {
		defer release()
		s.pricing.Lock()
		defer s.pricing.Unlock()
		ctx, cancel := context.WithTimeout(s.life, 10*time.Minute)
		defer cancel()
		priced, fault := "", ""
		p, err := s.priceOf(ctx, a, run)
		if err == nil {
			var text []byte
			text, err = json.Marshal(p)
			priced = string(text)
		}
		if err != nil {
			fault = newID()
			s.log.Error("appeal not priced", "appeal", a.ID, "id", fault, "error", err)
		}
		if err := s.Store.PriceAppeal(context.WithoutCancel(ctx), a.ID, priced, fault); err != nil {
			s.log.Error("price of appeal not kept", "appeal", a.ID, "error", err)
		}
	})
}

func (s *Server) priceOf(ctx context.Context, a store.Appeal, run *analytics.Run) (*analytics.Price, error) {
	if s.Options == nil {
		return nil, errors.New("Config.Options is missing")
	}
	opt, err := s.Options(ctx)
	if err != nil {
		return nil, err
	}
	return analytics.PriceOf(ctx, opt, run, analytics.Set{Kind: a.Kind, Month: a.Month, UnitKind: a.UnitKind, UnitID: a.UnitID, Item: a.Item, Value: a.Expected})
}

// parseNumber reads a number as people type it: 40,000.00 or 93.5 %.
func parseNumber(text string) (float64, error) {
	text = strings.NewReplacer(",", "", "，", "", " ", "", "¥", "").Replace(strings.TrimSpace(text))
	scale := 1.0
	if rest, ok := strings.CutSuffix(text, "%"); ok {
		text, scale = rest, .01
	}
	var v float64
	var tail string
	if n, _ := fmt.Sscanf(text+" ", "%g%s", &v, &tail); n != 1 || v != v || v > 1e15 || v < -1e15 {
		return 0, refused("appeal.bad_number", "value", text)
	}
	return v * scale, nil
}
