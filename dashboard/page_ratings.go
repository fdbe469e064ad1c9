package dashboard

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"levelfield/analytics"
	"levelfield/dashboard/auth"
	"levelfield/dashboard/closing"
	"levelfield/dashboard/store"
)

// ratingsPage is the form on which a reader rates the people he has to: as a
// manager those of his units, as a rep himself and the others of his team.
type ratingsPage struct {
	View
	Finding string
	Lede    string
	Groups  []ratingGroup
	MayRate bool // false: the month is closed, or an admin looks on
	Closed  string
	Post    string // address of the form
	About   []fact // what each criterion asks
}

// ratingGroup is one card: people rated in one capacity.
type ratingGroup struct {
	*Card
	Criteria []Choice // title and id
	Rows     []ratingRow
}

// ratingRow is one person to rate.
type ratingRow struct {
	RepID, Name string
	Fields      []ratingField
	Missing     int
	State, Tone string
}

// ratingField is one score to enter.
type ratingField struct{ Name, Value, Label, Title string }

// Cards lists the cards whose tables can be exported.
func (p *ratingsPage) Cards() []*Card {
	var all []*Card
	for _, g := range p.Groups {
		all = append(all, g.Card)
	}
	return all
}

// criteriaOf are the criteria that each kind of rater is asked for. Team work
// is rated by colleagues alone, see sql/core/rating_line.sql.
var criteriaOf = map[string][]string{
	"manager": {"ability", "attitude", "discipline"},
	"peer":    {"ability", "attitude", "discipline", "collaboration"},
	"self":    {"ability", "attitude", "discipline"},
}

// duty is a group of people whom a reader has to rate in one capacity.
type duty struct {
	kind   string // manager, peer or self
	people []analytics.Unit
}

// raterID is the name under which the reader's ratings are kept: the person he
// is in the data, so that they meet his exported ones.
func (q *Query) raterID() string {
	if q.Reader.RepID != "" {
		return q.Reader.RepID
	}
	return q.Reader.Name
}

// duties returns whom the reader may and has to rate in the month: people on
// duty only. Colleagues of a team know one another's names, so a rep is shown
// those; nothing else of them.
func (q *Query) duties(ctx context.Context) ([]duty, error) {
	onDuty := func(scope analytics.Scope) ([]analytics.Unit, error) {
		people, err := q.Run.Units(ctx, scope, "rep", "", q.Month)
		return slices.DeleteFunc(people, func(u analytics.Unit) bool { return u.NPeople == 0 }), err
	}
	seen, err := onDuty(q.Scope)
	if err != nil {
		return nil, err
	}
	isSelf := func(u analytics.Unit) bool { return u.ID == q.Reader.RepID }
	var all []duty
	add := func(kind string, people []analytics.Unit) {
		if len(people) > 0 {
			all = append(all, duty{kind, people})
		}
	}
	if q.Reader.Role == auth.Manager {
		add("manager", slices.DeleteFunc(slices.Clone(seen), isSelf))
	}
	own := slices.IndexFunc(seen, isSelf)
	if own < 0 {
		return all, nil
	}
	add("self", seen[own:own+1:own+1])
	if team := seen[own].TeamID; q.Reader.Role == auth.Rep && team != nil {
		colleagues, err := onDuty(analytics.Teams(*team))
		if err != nil {
			return nil, err
		}
		add("peer", slices.DeleteFunc(colleagues, isSelf))
	}
	return all, nil
}

// isSealed reports whether the month shown is closed.
func (q *Query) isSealed(ctx context.Context) (bool, error) {
	events, err := q.Store().Events(ctx)
	return closing.StateOf(q.Month, q.Months, events).IsFinal(), err
}

func fieldName(rep, criterion string) string { return "score:" + rep + ":" + criterion }

func ratings(ctx context.Context, q *Query) (Page, error) {
	duties, err := q.duties(ctx)
	if err != nil {
		return nil, err
	}
	entered, err := q.Store().RatingsBy(ctx, q.raterID(), q.Month)
	if err != nil {
		return nil, err
	}
	weights, err := q.Run.RaterWeights(ctx)
	if err != nil {
		return nil, err
	}
	sealed, err := q.isSealed(ctx)
	if err != nil {
		return nil, err
	}
	month := q.Lang.Month(q.Month)
	p := &ratingsPage{View: q.view("ratings"), MayRate: q.May(auth.Rate) && !sealed, Post: "/ratings?month=" + q.Month.Format("2006-01")}
	p.Title, p.Filters = q.Lang.T("nav.ratings"), p.Filters[:1]
	p.Lede = q.Lang.T("ratings.lede")
	if sealed {
		p.Closed = q.Lang.T("ratings.closed", "month", month)
	}
	people, missing, due := 0, 0, 0
	asked := map[string]bool{}
	for _, d := range duties {
		g := q.ratingGroup(d, entered, weights[d.kind])
		for _, row := range g.Rows {
			people++
			missing += row.Missing
			if row.Missing > 0 {
				due++
			}
		}
		for _, c := range criteriaOf[d.kind] {
			if !asked[c] {
				asked[c] = true
				p.About = append(p.About, fact{Label: q.Lang.T("criterion." + c), Text: q.Lang.T("criterion." + c + "_about")})
			}
		}
		p.Groups = append(p.Groups, g)
	}
	switch {
	case people == 0:
		p.Finding = q.Lang.T("ratings.finding_nobody", "month", month)
	case missing == 0:
		p.Finding = q.Lang.T("ratings.finding_done", "month", month, "n", people)
	default:
		p.Finding = q.Lang.T("ratings.finding_due", "month", month, "due", due, "n", people, "missing", missing)
	}
	return p, nil
}

// ratingGroup makes the card of one duty, people with missing scores first.
func (q *Query) ratingGroup(d duty, entered []store.Rating, weight float64) ratingGroup {
	known := map[string]float64{}
	for _, r := range entered {
		known[fieldName(r.RepID, r.Criterion)] = r.Score
	}
	g := ratingGroup{Card: &Card{ID: d.kind, Title: q.Lang.T("ratings.as_" + d.kind), Sub: q.Lang.T("ratings.weight", "share", q.Lang.Percent(weight, 0))}}
	if d.kind == "peer" {
		g.Sub = q.Lang.Sentences(g.Sub, q.Lang.T("ratings.team_work"))
	}
	g.Table.Columns = []Column{{Title: q.Lang.T("col.rep")}}
	for _, c := range criteriaOf[d.kind] {
		g.Criteria = append(g.Criteria, Choice{Title: q.Lang.T("criterion." + c), URL: c})
		g.Table.Columns = append(g.Table.Columns, Column{Title: q.Lang.T("criterion." + c), Numeric: true})
	}
	for _, u := range d.people {
		row := ratingRow{RepID: u.ID, Name: u.Name}
		for _, c := range g.Criteria {
			name := fieldName(u.ID, c.URL)
			value := ""
			if score, ok := known[name]; ok {
				value = strconv.FormatFloat(score, 'f', -1, 64)
			} else {
				row.Missing++
			}
			row.Fields = append(row.Fields, ratingField{Name: name, Value: q.Typed(name, value), Title: c.Title, Label: q.Lang.T("ratings.field", "criterion", c.Title, "name", u.Name)})
		}
		row.State, row.Tone = q.Lang.T("ratings.done"), ""
		if row.Missing > 0 {
			row.State, row.Tone = q.Lang.T("ratings.missing", "n", row.Missing), "look"
		}
		g.Rows = append(g.Rows, row)
	}
	slices.SortStableFunc(g.Rows, func(a, b ratingRow) int { return b.Missing - a.Missing })
	for _, row := range g.Rows {
		cells := []Cell{text(row.Name)}
		for _, c := range g.Criteria {
			cell := Cell{Text: q.Lang.T("dash")}
			if score, ok := known[fieldName(row.RepID, c.URL)]; ok {
				cell = number(q.Lang.Decimal(score, 1), &score)
			}
			cells = append(cells, cell)
		}
		g.Table.Rows = append(g.Table.Rows, cells)
	}
	q.card(g.Card)
	return g
}

// mostWrongRatings is how many mistakes of a form are named.
const mostWrongRatings = 5

// rate keeps what was entered. Fields left empty stay due; only what changed is
// written.
func rate(ctx context.Context, q *Query) (to, done string, err error) {
	sealed, err := q.isSealed(ctx)
	if err != nil {
		return "", "", err
	}
	if sealed {
		return "", "", refused("ratings.closed", "month", q.Lang.Month(q.Month))
	}
	duties, err := q.duties(ctx)
	if err != nil {
		return "", "", err
	}
	before, err := q.Store().RatingsBy(ctx, q.raterID(), q.Month)
	if err != nil {
		return "", "", err
	}
	known := map[string]float64{}
	for _, r := range before {
		known[fieldName(r.RepID, r.Criterion)] = r.Score
	}
	var all []store.Rating
	var wrong []string
	fields := map[string]bool{}
	for _, d := range duties {
		for _, u := range d.people {
			for _, c := range criteriaOf[d.kind] {
				name := fieldName(u.ID, c)
				fields[name] = true
				typed := strings.TrimSpace(q.Form.Get(name))
				if typed == "" {
					continue
				}
				score, err := strconv.ParseFloat(strings.Replace(typed, ",", ".", 1), 64)
				if err != nil || !(score >= 0 && score <= 100) {
					wrong = append(wrong, q.Lang.T("ratings.bad_score", "name", u.Name, "criterion", q.Lang.T("criterion."+c), "value", typed))
					continue
				}
				if was, ok := known[name]; !ok || was != score {
					all = append(all, store.Rating{RaterID: q.raterID(), RaterKind: d.kind, RepID: u.ID, Month: q.Month, Criterion: c, Score: score})
				}
			}
		}
	}
	for name := range q.Form {
		if strings.HasPrefix(name, "score:") && !fields[name] {
			return "", "", forbidden(q.Reader)
		}
	}
	if n := len(wrong); n > 0 {
		if n > mostWrongRatings {
			wrong = append(wrong[:mostWrongRatings], q.Lang.T("ratings.more_wrong", "n", n-mostWrongRatings))
		}
		return "", "", refused("error.several", "all", q.Lang.Sentences(wrong...))
	}
	done = "ratings.kept"
	if len(all) == 0 {
		done = "ratings.same"
	}
	return fmt.Sprint("/ratings?month=", q.Month.Format("2006-01")), done, q.Store().Rate(ctx, q.Reader.Name, all)
}
