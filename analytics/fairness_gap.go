package analytics

import (
	"context"
	"database/sql"
	"math"

	"levelfield/analytics/stat"
)

// groupOf holds the people of one group that may be shown.
type groupOf struct {
	kind, id string
	people   map[string]bool // rep ids
	nKind    int             // people of the kind
}

// shownGroups returns the groups of the review that may be shown and are not
// another kind's group again, and those withheld.
func shownGroups(ctx context.Context, conn *sql.Conn) (shown []groupOf, withheld [][2]string, err error) {
	type row struct {
		kind, id, rep string
		shown         bool
	}
	rows, err := collectRows(ctx, conn, `select member.group_kind::varchar, member.group_id::varchar, member.rep_id::varchar, group_size.is_shown
from fairness.member inner join fairness.group_size using (group_kind, group_id)
where group_size.is_asked or not group_size.is_shown
order by member.group_kind, member.group_id, member.rep_id`, func(rows *sql.Rows) (r row, err error) {
		return r, rows.Scan(&r.kind, &r.id, &r.rep, &r.shown)
	})
	if err != nil {
		return nil, nil, err
	}
	nKind := map[string]int{}
	for _, r := range rows {
		nKind[r.kind]++
		if !r.shown {
			if n := len(withheld); n == 0 || withheld[n-1] != [2]string{r.kind, r.id} {
				withheld = append(withheld, [2]string{r.kind, r.id})
			}
			continue
		}
		if n := len(shown); n == 0 || shown[n-1].kind != r.kind || shown[n-1].id != r.id {
			shown = append(shown, groupOf{kind: r.kind, id: r.id, people: map[string]bool{}})
		}
		shown[len(shown)-1].people[r.rep] = true
	}
	for i := range shown {
		shown[i].nKind = nKind[shown[i].kind]
	}
	return shown, withheld, nil
}

// fairnessGap splits gaps between groups into what the drivers explain and
// what they do not (F11): the score of every group against the rest of its
// kind, and the sales a month of the two regions that lie furthest apart.
// Twofold Oaxaca-Blinder with a pooled regression that holds the group.
func fairnessGap(ctx context.Context, conn *sql.Conn) error {
	people, err := reviewedPeople(ctx, conn)
	if err != nil {
		return err
	}
	groups, _, err := shownGroups(ctx, conn)
	if err != nil {
		return err
	}
	fillTenure(people)
	var rows [][]any
	for _, g := range groups {
		if row := scoreGap(people, g); row != nil {
			rows = append(rows, row)
		}
	}
	if row := regionGap(people, groups); row != nil {
		rows = append(rows, row)
	}
	return writeRows(ctx, conn, "fairness.gap", "measure varchar, group_kind varchar, group_id varchar, other_id varchar, n integer, n_other integer, mean double, mean_other double, gap double, by_result double, by_market double, by_tenure double, unexplained double, unexplained_low double, unexplained_high double, p double, residual_sd double", rows)
}

// fillTenure gives people without a hiring date the mean, so that they count.
func fillTenure(people []reviewed) {
	_, x := numbersOf(people, func(p reviewed) float64 { return p.tenure })
	m := 0.0
	if len(x[0]) > 0 {
		m = meanOf(x[0])
	}
	for i := range people {
		if math.IsNaN(people[i].tenure) {
			people[i].tenure = m
		}
	}
}

// drivers of a gap, in the order of the columns by_result, by_market and
// by_tenure; nil where a driver does not take part.
type drivers [3]func(reviewed) float64

func byTenure(p reviewed) float64 { return math.Log(math.Max(1, 1+p.tenure)) }

// scoreGap explains the gap in score of a group to the rest by results
// (sold over expected), the coefficient and tenure.
func scoreGap(people []reviewed, g groupOf) []any {
	if len(people) == 0 || !people[0].hasScores {
		return nil // the measure is the result itself: nothing is left to explain
	}
	by := drivers{func(p reviewed) float64 { return p.r }, func(p reviewed) float64 { return math.Log(p.d) }, byTenure}
	if g.kind == "market" {
		by[1] = nil
	}
	if g.kind == "tenure" {
		by[2] = nil
	}
	in := func(p reviewed) (bool, bool) { return g.people[p.rep], true }
	return gapRow("score", g.kind, g.id, "", people, func(p reviewed) float64 { return p.measure }, by, in)
}

// regionGap explains the gap in sales a month between the regions with the
// highest and the lowest mean by the market and tenure.
func regionGap(people []reviewed, groups []groupOf) []any {
	y := func(p reviewed) float64 { return math.Log(p.sold / p.exposure) }
	var best, last *groupOf
	top, bottom := math.Inf(-1), math.Inf(1)
	for i := range groups {
		if groups[i].kind != "region" {
			continue
		}
		_, x := numbersOf(people, func(p reviewed) float64 {
			if !groups[i].people[p.rep] {
				return math.NaN()
			}
			return y(p)
		})
		if len(x[0]) < 5 {
			continue
		}
		if m := meanOf(x[0]); m > top {
			top, best = m, &groups[i]
		}
		if m := meanOf(x[0]); m < bottom {
			bottom, last = m, &groups[i]
		}
	}
	if best == nil || best == last {
		return nil
	}
	by := drivers{nil, func(p reviewed) float64 { return math.Log(p.expected / p.exposure) }, byTenure}
	in := func(p reviewed) (bool, bool) { return best.people[p.rep], best.people[p.rep] || last.people[p.rep] }
	return gapRow("sales", "region", best.id, last.id, people, y, by, in)
}

// gapRow fits one decomposition; nil where the people are too few or the
// drivers do not vary. in says whether a person is in the group, and whether
// he takes part at all.
func gapRow(measure, kind, id, other string, people []reviewed, y func(reviewed) float64, by drivers, in func(reviewed) (bool, bool)) []any {
	figures := []func(reviewed) float64{func(p reviewed) float64 {
		if _, part := in(p); !part {
			return math.NaN()
		}
		return y(p)
	}}
	var at []int // place of each driver in by
	for k, f := range by {
		if f == nil {
			continue
		}
		_, x := numbersOf(people, figures[0], f)
		if len(x[1]) < 8 || deviationOf(x[1]) < 1e-9 {
			continue
		}
		figures, at = append(figures, f), append(at, k)
	}
	who, x := numbersOf(people, figures...)
	var design, xA, xB [][]float64
	var target, yA, yB []float64
	for row, i := range who {
		line := make([]float64, len(at))
		for k := range at {
			line[k] = x[k+1][row]
		}
		inside, _ := in(people[i])
		group := 0.0
		if inside {
			group = 1
			xA, yA = append(xA, line), append(yA, x[0][row])
		} else {
			xB, yB = append(xB, line), append(yB, x[0][row])
		}
		design = append(design, append([]float64{1, group}, line...))
		target = append(target, x[0][row])
	}
	if len(yA) < 5 || len(yB) < 5 {
		return nil
	}
	fit, err := stat.OLS(design, target)
	if err != nil {
		return nil // collinear drivers
	}
	parts := [3]float64{}
	for k, place := range at {
		parts[place] = fit.Coef[k+2] * (columnMean(xA, k) - columnMean(xB, k))
	}
	df := float64(fit.DF)
	half := stat.StudentQuantile(.95, df) * fit.SE[1]
	return []any{measure, kind, id, other, len(yA), len(yB), meanOf(yA), meanOf(yB), meanOf(yA) - meanOf(yB),
		parts[0], parts[1], parts[2], fit.Coef[1], fit.Coef[1] - half, fit.Coef[1] + half,
		stat.StudentP(fit.Coef[1]/fit.SE[1], df), math.Sqrt(fit.RSS / df)}
}

func columnMean(x [][]float64, k int) float64 {
	var s float64
	for _, row := range x {
		s += row[k] / float64(len(x))
	}
	return s
}
