package analytics_test

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"levelfield/analytics"
)

// statementsRecalculate writes statements of people with different lines as
// workbooks and lets excelize's calculator work out every printed line from
// the exported rows.
func statementsRecalculate(t *testing.T, r *analytics.Run) {
	// Of each kind of line the statement with the most lines.
	rows, err := r.DB.Query(`
with statement as (
    select rep_id || ' ' || strftime(month, '%Y-%m-%d') as key, count(*) as n, list(distinct split_part(line, '/', 1)) as kinds
    from pay.line
    group by rep_id, month
),
kind as (select unnest(kinds) as kind, key, n from statement)
select distinct arg_max(key, (n, key)) from kind group by kind order by 1`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	kinds := map[string]bool{}
	for rows.Next() {
		var key string
		if err := rows.Scan(&key); err != nil {
			t.Fatal(err)
		}
		id, day, _ := strings.Cut(key, " ")
		month, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		for _, kind := range recalculate(t, r, id, month) {
			kinds[kind] = true
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{"commission", "accrued", "earned", "overrun", "saving", "score", "performance", "released", "total"} {
		if !kinds[kind] {
			t.Errorf("no statement had a line %s", kind)
		}
	}
}

// recalculate compares one person's workbook with the run and returns the kinds
// of lines it holds.
func recalculate(t *testing.T, r *analytics.Run, id string, month time.Time) (kinds []string) {
	t.Helper()
	s, err := r.Workings(t.Context(), analytics.All(), id, month)
	if err != nil {
		t.Error(err)
		return nil
	}
	book, err := s.Workbook("en")
	if err != nil {
		t.Error(err)
		return nil
	}
	defer book.Close()
	for i, l := range s.Lines {
		cell := fmt.Sprintf("C%d", i+2)
		if formula, err := book.GetCellFormula("Statement", cell); err != nil || formula == "" {
			t.Errorf("%s %s: %s holds no formula", id, l.Line, cell)
		}
		got, err := book.CalcCellValue("Statement", cell)
		if err != nil {
			t.Errorf("%s %s: %v", id, l.Line, err)
			continue
		}
		a, errA := strconv.ParseFloat(got, 64)
		b, errB := strconv.ParseFloat(l.Amount, 64)
		if errA != nil || errB != nil || math.Round(a*100) != math.Round(b*100) {
			t.Errorf("%s %s in %s: the workbook gives %s, the run %s", id, l.Line, month.Format("2006-01"), got, l.Amount)
		}
		kind, _, _ := strings.Cut(l.Line, "/")
		kinds = append(kinds, kind)
	}
	return kinds
}

// partsOpen opens whole statements and scores down to rows in both languages.
func partsOpen(t *testing.T, r *analytics.Run) {
	people, err := r.StatementPeople(t.Context(), analytics.All(), r.Meta.LastMonth)
	if err != nil || len(people) < 40 {
		t.Fatalf("%d people, %v", len(people), err)
	}
	for _, path := range []string{"pay", "pay/earned", "score/pay", "score/pay/customer", "score/monthly", "coefficient"} {
		p, err := r.ExplainPart(t.Context(), analytics.All(), people[3], path, r.Meta.LastMonth, "zh-CN")
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		n := 0
		var walk func(p analytics.Part)
		walk = func(p analytics.Part) {
			n += len(p.Rows)
			if p.Title == "" || p.Amount == "" {
				t.Errorf("%s: a part %q without title or amount", path, p.Path)
			}
			for _, part := range p.Parts {
				walk(part)
			}
		}
		walk(*p)
		if n == 0 {
			t.Errorf("%s opens no exported row", path)
		}
	}
	for _, c := range []struct{ path, want string }{
		{"pay/bonus", `line "bonus" of the statement of`},
		{"score/pay/nothing", `node "nothing" of scorecard pay: not found; it has process,`},
		{"score/best", `scorecard "best" of`},
	} {
		if _, err := r.ExplainPart(t.Context(), analytics.All(), people[3], c.path, r.Meta.LastMonth, "en"); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.path, err, c.want)
		}
	}
	if _, err := r.Workings(t.Context(), analytics.Scope{}, people[3], r.Meta.LastMonth); err == nil {
		t.Error("a reader without a scope saw a statement")
	}
}
