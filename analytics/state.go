package analytics

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"levelfield/analytics/plan"
)

// State is what people decided outside the exports and the plan: exceptions,
// overrides, waivers, closed months, appeals, ratings and proposals entered on
// a form. It enters a calculation as the relations state.*, never by editing a
// result, and is part of what a run is made from.
type State struct {
	// Rows are the rows of each relation of schema state, in its columns'
	// order; values are text, numbers, bools, times or nil. A relation left
	// out is empty.
	Rows map[string][][]any
}

// stateRelations are the relations state.* with their columns. They always
// exist, so that SQL can read them.
var stateRelations = map[string][]plan.Column{
	"state.expense_exception": stateColumns("rep_id varchar, month date, reason varchar, approver varchar, approved_at timestamp"),
	"state.override":          stateColumns("override_id varchar, kind varchar, month date, unit_kind varchar, unit_id varchar, item varchar, value double, reason varchar, approver varchar, decided_at timestamp, expires_on date, appeal_id varchar"),
	"state.waiver":            stateColumns("month date, check_id varchar, reason varchar, approver varchar, signed_at timestamp"),
	"state.closed":            stateColumns("month date, run_id varchar, seal varchar, closed_at timestamp, closed_by varchar, reason varchar"),
	"state.closed_line":       stateColumns("month date, rep_id varchar, line varchar, amount decimal(18,2), run_id varchar"),
	"state.appeal":            stateColumns("appeal_id varchar, run_id varchar, month date, unit_kind varchar, unit_id varchar, item varchar, category varchar, expected_value double, status varchar, sent_at timestamp, due_at timestamp, decided_at timestamp, decided_by varchar, outcome varchar"),
	"state.rating":            stateColumns("rater_id varchar, rater_kind varchar, rep_id varchar, month date, criterion varchar, score double, entered_at timestamp"),
	"state.innovation":        stateColumns("innovation_id varchar, rep_id varchar, month date, title varchar, points double, status varchar, adopted_by varchar, adopted_at timestamp"),
	"state.target":            stateColumns("version varchar, month date, line integer, unit_kind varchar, unit_id varchar, product_id varchar, amount decimal(18,2), adopted_by varchar, reason varchar"),
}

// stateColumns reads "name type, name type".
func stateColumns(text string) (columns []plan.Column) {
	for _, part := range splitColumns(text) {
		name, kind, _ := strings.Cut(strings.TrimSpace(part), " ")
		columns = append(columns, plan.Column{Name: name, Type: kind})
	}
	return columns
}

// splitColumns splits at commas that are outside parentheses.
func splitColumns(text string) (parts []string) {
	depth, start := 0, 0
	for i, c := range text {
		switch {
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c == ',' && depth == 0:
			parts = append(parts, text[start:i])
			start = i + 1
		}
	}
	return append(parts, text[start:])
}

// tables returns every relation of state with its rows, in the order of names.
func (s *State) tables() ([]plan.Table, error) {
	var out []plan.Table
	if s != nil {
		for _, r := range sortedKeys(s.Rows) {
			if stateRelations[r] == nil {
				return nil, fmt.Errorf("%s: there is no such relation of decisions", r)
			}
		}
	}
	for _, r := range sortedKeys(stateRelations) {
		t := plan.Table{Name: strings.TrimPrefix(r, "state."), Columns: stateRelations[r]}
		if s != nil {
			t.Rows = slices.Clone(s.Rows[r])
		}
		out = append(out, t)
	}
	return out, nil
}

// createState makes the relations state.*.
func createState(ctx context.Context, conn *sql.Conn, tables []plan.Table) error {
	for _, t := range tables {
		if err := createRows(ctx, conn, "state."+t.Name, t.Columns, t.Rows); err != nil {
			return err
		}
	}
	return nil
}
