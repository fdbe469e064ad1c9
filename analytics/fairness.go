package analytics

import (
	"context"
	"database/sql"
	"math"
	"slices"

	"levelfield/analytics/plan"
)

// The flags of a finding. A flag asks for a look; it accuses nobody.
const (
	flagLook     = "look"        // a test finds more than chance explains, all tests of the report counted
	flagAmber    = "amber"       // a rule is crossed, but no test can tell it from chance
	flagNone     = "none"        // nothing found
	flagCannot   = "cannot tell" // these data cannot answer
	flagWithheld = "withheld"    // too few people to show
)

// fairnessSeed starts every draw of the review, so that a run can be repeated.
const fairnessSeed = 20260101

// reviewed is a row of fairness.person; what is missing is not a number.
type reviewed struct {
	rep, region, manager            string
	tenure, exposure                float64 // months
	sold, expected, target          float64
	d, dLow, dHigh                  float64
	r, v, reliability               float64
	raw, adjusted, score, measure   float64
	isThin, hasScores, hasTargets   bool
	isBonus, isStandard             bool
	nBonus, rawPlace, adjustedPlace int
	month                           any
}

func reviewedPeople(ctx context.Context, conn *sql.Conn) ([]reviewed, error) {
	return collectRows(ctx, conn, `select
    rep_id::varchar, coalesce(region_id, '')::varchar, coalesce(manager_id, '')::varchar,
    coalesce(tenure_months, 'nan'::double)::double, exposure,
    coalesce(sold, 'nan'::double), coalesce(expected, 'nan'::double), coalesce(target, 'nan'::double),
    coalesce(d, 'nan'::double), coalesce(d_low, 'nan'::double), coalesce(d_high, 'nan'::double),
    coalesce(r, 'nan'::double), coalesce(v, 'nan'::double), coalesce(reliability, 'nan'::double),
    coalesce(raw, 'nan'::double), coalesce(adjusted, 'nan'::double), coalesce(score, 'nan'::double), coalesce(measure, 'nan'::double),
    is_thin, has_scores, has_targets, coalesce(is_bonus, false), is_standard,
    n_bonus, coalesce(raw_rank, 0), coalesce(adjusted_rank, 0), month
from fairness.person order by rep_id`, func(rows *sql.Rows) (p reviewed, err error) {
		err = rows.Scan(&p.rep, &p.region, &p.manager, &p.tenure, &p.exposure, &p.sold, &p.expected, &p.target,
			&p.d, &p.dLow, &p.dHigh, &p.r, &p.v, &p.reliability, &p.raw, &p.adjusted, &p.score, &p.measure,
			&p.isThin, &p.hasScores, &p.hasTargets, &p.isBonus, &p.isStandard, &p.nBonus, &p.rawPlace, &p.adjustedPlace, &p.month)
		return p, err
	})
}

// separable reads the gate: why skill and territory cannot be told apart, ""
// where they can, and whether good people seem to sit in easy territories.
func separable(ctx context.Context, conn *sql.Conn) (whyNot string, isSorted bool, err error) {
	rows, err := collectRows(ctx, conn, "select verdict, is_sorting_alarm from difficulty.variance order by period desc limit 1", func(rows *sql.Rows) (g struct {
		verdict sql.NullString
		sorted  sql.NullBool
	}, err error) {
		return g, rows.Scan(&g.verdict, &g.sorted)
	})
	switch {
	case err != nil:
		return "", false, err
	case len(rows) == 0 || !rows[0].verdict.Valid:
		return "not measured", false, nil
	case rows[0].verdict.String == "not separable":
		return rows[0].verdict.String, rows[0].sorted.Bool, nil
	}
	return "", rows[0].sorted.Bool, nil
}

// collectRows reads every row of a query.
func collectRows[T any](ctx context.Context, conn *sql.Conn, query string, scan func(*sql.Rows) (T, error)) ([]T, error) {
	rows, err := conn.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		row, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, row)
	}
	return out, rows.Err()
}

// writeRows replaces a relation by rows; a value that is not a number becomes
// null. columns are written "name type, name type".
func writeRows(ctx context.Context, conn *sql.Conn, relation, columns string, rows [][]any) error {
	for _, row := range rows {
		for i, v := range row {
			if f, ok := v.(float64); ok && (math.IsNaN(f) || math.IsInf(f, 0)) {
				row[i] = nil
			}
		}
	}
	if err := execute(ctx, conn, "drop table if exists "+quoteRelation(relation)); err != nil {
		return err
	}
	return createRows(ctx, conn, relation, []plan.Column(stateColumns(columns)), rows)
}

// numbersOf picks a figure of people and the people who have it.
func numbersOf(people []reviewed, figures ...func(reviewed) float64) (who []int, x [][]float64) {
	x = make([][]float64, len(figures))
	for i, p := range people {
		values := make([]float64, len(figures))
		for k, f := range figures {
			values[k] = f(p)
		}
		if slices.ContainsFunc(values, func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) }) {
			continue
		}
		who = append(who, i)
		for k := range figures {
			x[k] = append(x[k], values[k])
		}
	}
	return who, x
}

func meanOf(x []float64) float64 {
	var s float64
	for _, v := range x {
		s += v
	}
	return s / float64(len(x))
}

func deviationOf(x []float64) float64 {
	m, ss := meanOf(x), 0.0
	for _, v := range x {
		ss += (v - m) * (v - m)
	}
	return math.Sqrt(ss / float64(len(x)-1))
}
