package dashboard

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"levelfield/analytics"
	"levelfield/dashboard/auth"
	"levelfield/dashboard/store"
)

// innovationsPage lists proposals to do something better, with the forms to
// propose and to adopt one.
type innovationsPage struct {
	View
	Finding    string
	List       innovationList
	MayPropose bool
	People     []Choice // whose proposal it can be
	Typed      map[string]string
	Points     []Choice // that an adopted one may bring
	Post       string   // parameters of the forms
	Month      string   // in which an adoption counts
	Closed     string
}

// innovationList is the table of proposals.
type innovationList struct {
	*Card
	Rows []innovationRow
}

// innovationRow is one proposal.
type innovationRow struct {
	ID, Name, Title, At, Status, Tone, Points, Counts string
	MayDecide                                         bool
}

// Cards lists the cards whose tables can be exported.
func (p *innovationsPage) Cards() []*Card { return []*Card{p.List.Card} }

// innovationPoints are the points that an adopted proposal may bring.
var innovationPoints = []float64{1, 1.5, 2}

// ownProposals returns the proposals of people the reader sees, newest first.
func (q *Query) ownProposals(ctx context.Context) ([]store.Innovation, map[string]analytics.Unit, error) {
	people, err := q.Run.Units(ctx, q.Scope, "rep", "", q.Month)
	if err != nil {
		return nil, nil, err
	}
	seen := map[string]analytics.Unit{}
	for _, u := range people {
		seen[u.ID] = u
	}
	all, err := q.Store().Innovations(ctx)
	return slices.DeleteFunc(all, func(i store.Innovation) bool { _, ok := seen[i.RepID]; return !ok }), seen, err
}

// mayAdopt reports whether the reader may decide a proposal: never his own, nor
// one he entered for another.
func (q *Query) mayAdopt(i store.Innovation) bool {
	return q.May(auth.Adopt) && i.Status == "proposed" && i.ProposedBy != q.Reader.Name && i.RepID != q.Reader.RepID
}

func innovations(ctx context.Context, q *Query) (Page, error) {
	all, people, err := q.ownProposals(ctx)
	if err != nil {
		return nil, err
	}
	sealed, err := q.isSealed(ctx)
	if err != nil {
		return nil, err
	}
	month := q.Lang.Month(q.Month)
	p := &innovationsPage{View: q.view("innovations"), MayPropose: q.May(auth.Rate), Post: "?month=" + q.Month.Format("2006-01"), Month: month}
	p.Title, p.Filters = q.Lang.T("nav.innovations"), p.Filters[:1]
	if sealed {
		p.Closed = q.Lang.T("innovations.closed", "month", month)
	}
	p.Typed = map[string]string{"title": q.Typed("title", "")}
	chosen := q.Typed("rep", q.Reader.RepID)
	for _, u := range people {
		if u.NPeople > 0 {
			p.People = append(p.People, Choice{u.Name, u.ID, u.ID == chosen})
		}
	}
	slices.SortFunc(p.People, func(a, b Choice) int { return cmp.Or(cmp.Compare(a.Title, b.Title), cmp.Compare(a.URL, b.URL)) })
	for _, v := range innovationPoints {
		p.Points = append(p.Points, Choice{Title: q.Lang.T("innovations.points_of", "points", q.Lang.Decimal(v, 1)), URL: strconv.FormatFloat(v, 'f', -1, 64)})
	}
	p.List = q.innovationList(all, people, sealed)
	waiting, adopted := 0, 0
	for _, i := range all {
		switch i.Status {
		case "proposed":
			waiting++
		case "adopted":
			adopted++
		}
	}
	p.Finding = q.Lang.T("innovations.finding", "n", len(all), "adopted", adopted, "waiting", waiting)
	if len(all) == 0 {
		p.Finding = q.Lang.T("innovations.finding_none")
	}
	return p, nil
}

func (q *Query) innovationList(all []store.Innovation, people map[string]analytics.Unit, sealed bool) innovationList {
	l := innovationList{Card: &Card{ID: "list", Title: q.Lang.T("innovations.list"), Sub: q.Lang.T("innovations.list_sub"), How: "/indicators/innovation_points"}}
	for _, key := range []string{"innovations.title", "col.rep", "innovations.at", "user.state", "innovations.points", "innovations.counts"} {
		l.Table.Columns = append(l.Table.Columns, Column{Title: q.Lang.T(key), Numeric: key == "innovations.points"})
	}
	tones := map[string]string{"proposed": "look", "refused": "none"}
	for _, i := range all {
		row := innovationRow{ID: i.ID, Name: people[i.RepID].Name, Title: i.Title, At: q.Lang.Moment(i.ProposedAt.Local()), Status: q.Lang.T("innovations.status_" + i.Status),
			Tone: tones[i.Status], Points: q.Lang.T("dash"), Counts: q.Lang.T("dash"), MayDecide: q.mayAdopt(i) && !sealed}
		points := Cell{Text: row.Points}
		if i.Points != nil {
			row.Points, row.Counts = q.Lang.Decimal(*i.Points, 1), q.Lang.Month(i.Month)
			points = number(row.Points, i.Points)
		}
		l.Rows = append(l.Rows, row)
		l.Table.Rows = append(l.Table.Rows, []Cell{text(row.Title), text(row.Name), text(row.At), text(row.Status), points, text(row.Counts)})
	}
	if len(all) == 0 {
		l.State = &State{"empty", q.Lang.T("innovations.none"), q.Lang.T("innovations.none_text"), nil}
	}
	q.card(l.Card)
	return l
}

// mostTitle is the longest title of a proposal, in bytes.
const mostTitle = 400

// propose keeps a proposal of the reader, or of a person he manages.
func propose(ctx context.Context, q *Query) (to, done string, err error) {
	_, people, err := q.ownProposals(ctx)
	if err != nil {
		return "", "", err
	}
	title, rep := strings.TrimSpace(q.Form.Get("title")), q.Form.Get("rep")
	var wrong []error
	if title == "" || len(title) > mostTitle {
		wrong = append(wrong, refused("innovations.bad_title"))
	}
	if u, ok := people[rep]; !ok || u.NPeople == 0 {
		wrong = append(wrong, refused("innovations.no_person"))
	}
	if err := q.together(wrong); err != nil {
		return "", "", err
	}
	return "/innovations?month=" + q.Month.Format("2006-01"), "innovations.kept",
		q.Store().Propose(ctx, store.Innovation{RepID: rep, Month: q.Month, Title: title, ProposedBy: q.Reader.Name})
}

// adopt decides a proposal; its points count in the month shown.
func adopt(ctx context.Context, q *Query) (to, done string, err error) {
	all, _, err := q.ownProposals(ctx)
	if err != nil {
		return "", "", err
	}
	at := slices.IndexFunc(all, func(i store.Innovation) bool { return i.ID == q.Path("id") })
	if at < 0 {
		return "", "", notFound(q.URL.Path)
	}
	if all[at].Status == "proposed" && !q.mayAdopt(all[at]) {
		return "", "", forbidden(q.Reader)
	}
	sealed, err := q.isSealed(ctx)
	if err != nil {
		return "", "", err
	}
	if sealed {
		return "", "", refused("innovations.closed", "month", q.Lang.Month(q.Month))
	}
	var points *float64
	done = "innovations.was_refused"
	switch q.Form.Get("decision") {
	case "adopt":
		v, err := strconv.ParseFloat(q.Form.Get("points"), 64)
		if err != nil || !slices.Contains(innovationPoints, v) {
			return "", "", refused("innovations.bad_points")
		}
		points, done = &v, "innovations.was_adopted"
	case "refuse":
	default:
		return "", "", refused("appeal.no_decision")
	}
	err = q.Store().Adopt(ctx, q.Reader.Name, all[at].ID, q.Month, points)
	if errors.Is(err, store.ErrState) {
		err = refused("innovations.stale")
	}
	return "/innovations?month=" + q.Month.Format("2006-01"), done, err
}
