package dashboard

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"

	"levelfield/analytics"
)

// loadsCard lists what each table of each file gave, those with something to
// say first; the rest is folded.
type loadsCard struct {
	*Card
	Rows, Quiet []loadRow
	Folded      string // title of the folded rows
}

type loadRow struct {
	File, Where, Mapping string
	Entity               string
	Read, Loaded         string
	Refused              string
	Copies               []Choice // marked copies to download
	LeftOut, Replaced    string
	Reasons              []string
	At                   string
	Notes                []string
	Quiet                bool
}

func (q *Query) loadsCard(loads []analytics.LoadLine, entity string) (loadsCard, error) {
	c := loadsCard{Card: &Card{ID: "loads"}}
	c.Table.Columns = []Column{
		{Title: q.Lang.T("loads.file")}, {Title: q.Lang.T("loads.sheet")}, {Title: q.Lang.T("loads.mapping")}, {Title: q.Lang.T("col.entity")},
		{Title: q.Lang.T("col.read"), Numeric: true}, {Title: q.Lang.T("loads.loaded"), Numeric: true}, {Title: q.Lang.T("loads.refused"), Numeric: true},
		{Title: q.Lang.T("loads.left_out"), Numeric: true}, {Title: q.Lang.T("loads.reasons")}, {Title: q.Lang.T("loads.replaced"), Numeric: true},
		{Title: q.Lang.T("loads.at")}, {Title: q.Lang.T("loads.notes")},
	}
	files, affected := map[string]bool{}, map[string]bool{}
	var read, refused int64
	for _, l := range loads {
		if entity != "" && l.Entity != entity {
			continue
		}
		row, err := q.loadRow(l)
		if err != nil {
			return c, err
		}
		key := fmt.Sprint(l.Batch, l.File)
		files[key] = true
		if l.Refused > 0 {
			affected[key] = true
		}
		read, refused = read+l.Read, refused+l.Refused
		if row.Quiet {
			c.Quiet = append(c.Quiet, row)
		} else {
			c.Rows = append(c.Rows, row)
		}
		c.Table.Rows = append(c.Table.Rows, []Cell{
			text(l.File), text(l.Sheet), text(l.Mapping), text(row.Entity), whole(l.Read), whole(l.Loaded), whole(l.Refused), whole(l.LeftOut),
			text(strings.Join(row.Reasons, "; ")), whole(l.Replaced), text(l.LoadedAt.Format("2006-01-02 15:04:05")), text(strings.Join(row.Notes, "; ")),
		})
	}
	args := []any{"n", len(files), "read", q.Lang.Count(read), "refused", q.Lang.Count(refused), "affected", len(affected)}
	c.Sub = q.Lang.T("loads.sub")
	switch {
	case len(files) == 0:
		c.Title = q.Lang.T("loads.empty")
		c.State = &State{"empty", q.Lang.T("loads.empty"), q.Lang.T("loads.empty_text"), nil}
	case refused == 0:
		c.Title = q.Lang.T("loads.title_clean", args...)
	default:
		c.Title = q.Lang.T("loads.title", args...)
	}
	slices.SortStableFunc(c.Rows, func(a, b loadRow) int { return cmp.Compare(boolOrder(len(a.Copies) > 0), boolOrder(len(b.Copies) > 0)) })
	if len(c.Rows) == 0 { // nothing to point at: show them all
		c.Rows, c.Quiet = c.Quiet, nil
	}
	c.Folded = q.Lang.T("loads.folded", "n", len(c.Quiet))
	q.card(c.Card)
	return c, nil
}

// whole is a cell of a count.
func whole(n int64) Cell { return Cell{Text: fmt.Sprint(n), Raw: n} }

func (q *Query) loadRow(l analytics.LoadLine) (loadRow, error) {
	r := loadRow{
		File: path.Base(l.File), Where: path.Dir(l.File), Mapping: l.Mapping, Entity: q.entityTitle(l.Entity),
		Read: q.Lang.Count(l.Read), Loaded: q.Lang.Count(l.Loaded), Refused: q.Lang.Count(l.Refused),
		LeftOut: q.Lang.Count(l.LeftOut), Replaced: q.Lang.Count(l.Replaced), At: q.Lang.Moment(l.LoadedAt),
	}
	if r.Where == "." {
		r.Where = ""
	}
	if l.Sheet != "" {
		r.Where = strings.TrimPrefix(r.Where+" · "+l.Sheet, " · ")
	}
	var notes []string
	if err := json.Unmarshal([]byte(l.NotesJSON), &notes); err != nil {
		return r, fmt.Errorf("notes of load %d: %w", l.Batch, err)
	}
	for _, note := range notes {
		r.Notes = append(r.Notes, q.phrase(note))
	}
	var left map[string]int64
	if err := json.Unmarshal([]byte(l.LeftOutJSON), &left); err != nil {
		return r, fmt.Errorf("rows left out of load %d: %w", l.Batch, err)
	}
	for reason, n := range left {
		r.Reasons = append(r.Reasons, q.Lang.T("loads.reason", "reason", q.phrase(reason), "n", q.Lang.Count(n)))
	}
	slices.Sort(r.Reasons)
	if l.Refused > 0 {
		r.Copies = q.copies(l)
	}
	r.Quiet = l.Refused == 0 && l.LeftOut == 0 && l.Replaced == 0
	return r, nil
}

// copies lists the marked copies of a load with their addresses.
func (q *Query) copies(l analytics.LoadLine) []Choice {
	var all []Choice
	for _, name := range refusedCopies(l) {
		all = append(all, Choice{Title: path.Base(name), URL: refusedAddress + url.PathEscape(strings.TrimPrefix(name, refusedFolder))})
	}
	return all
}

// freshnessCard says how far each entity reaches, those that end early first.
type freshnessCard struct {
	*Card
	Rows []freshRow
	Lede string
}

type freshRow struct {
	Entity, Rows, At string
	Month            string
	Late             bool // ends before the last month of the run
}

func (q *Query) freshnessCard(fresh []analytics.Freshness) freshnessCard {
	c := freshnessCard{Card: &Card{ID: "freshness", Sub: q.Lang.T("fresh.sub", "month", q.Lang.Month(q.Run.Meta.LastMonth), "date", q.Lang.Date(q.Run.Meta.AsOf))}}
	c.Table.Columns = []Column{{Title: q.Lang.T("col.entity")}, {Title: q.Lang.T("fresh.reaches")}, {Title: q.Lang.T("fresh.rows"), Numeric: true}, {Title: q.Lang.T("loads.at")}}
	if len(fresh) == 0 {
		c.Title = q.Lang.T("fresh.none")
		c.Lede = c.Title
		c.State = &State{"empty", q.Lang.T("loads.empty"), q.Lang.T("loads.empty_text"), nil}
		q.card(c.Card)
		return c
	}
	newest, oldest := fresh[0].LoadedAt, fresh[0].LoadedAt
	var late []string
	for _, f := range fresh {
		if f.LoadedAt.After(newest) {
			newest = f.LoadedAt
		}
		if f.LoadedAt.Before(oldest) {
			oldest = f.LoadedAt
		}
		row := freshRow{Entity: q.entityTitle(f.Entity), Rows: q.Lang.Count(f.Rows), At: q.Lang.Moment(f.LoadedAt), Month: q.Lang.T("fresh.no_month")}
		reaches := Cell{Text: row.Month}
		if f.LastMonth != nil {
			row.Month = q.Lang.Month(*f.LastMonth)
			reaches = Cell{Text: row.Month, Raw: *f.LastMonth}
			if row.Late = followsMonths[f.Entity] && f.LastMonth.Before(q.Run.Meta.LastMonth); row.Late {
				late = append(late, row.Entity)
			}
		}
		c.Rows = append(c.Rows, row)
		c.Table.Rows = append(c.Table.Rows, []Cell{text(row.Entity), reaches, whole(f.Rows), text(f.LoadedAt.Format("2006-01-02 15:04:05"))})
	}
	slices.SortStableFunc(c.Rows, func(a, b freshRow) int {
		return cmp.Compare(boolOrder(a.Late), boolOrder(b.Late))
	})
	month := q.Lang.Month(q.Run.Meta.LastMonth)
	if len(late) > 0 {
		c.Title = q.Lang.T("fresh.late", "names", q.Lang.List(late), "month", month)
	} else {
		c.Title = q.Lang.T("fresh.all", "month", month)
	}
	when := q.Lang.Moment(newest)
	if !q.sameDay(newest, oldest) {
		c.Lede = q.Lang.T("fresh.span", "first", q.Lang.Day(oldest), "last", when, "n", len(fresh))
	} else {
		c.Lede = q.Lang.T("fresh.one_day", "last", when, "n", len(fresh))
	}
	if len(late) > 0 {
		c.Lede = q.Lang.Sentences(c.Lede, q.Lang.T("fresh.late_short", "names", q.Lang.List(late), "month", month))
	}
	q.card(c.Card)
	return c
}

// followsMonths lists the entities of which every month should have rows.
var followsMonths = map[string]bool{
	"order_line": true, "payment": true, "deal": true, "visit": true, "expense": true, "activity": true, "rating": true, "target": true, "market": true,
}

func boolOrder(first bool) int {
	if first {
		return 0
	}
	return 1
}
