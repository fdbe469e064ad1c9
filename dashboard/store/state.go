package store

import (
	"context"
	"fmt"

	"levelfield/analytics"
)

// stateRows makes the rows of each relation state.* that this store fills.
var stateRows = map[string]func(*Store, context.Context) ([][]any, error){
	"state.expense_exception": (*Store).exceptionRows,
	"state.override":          (*Store).overrideRows,
	"state.waiver":            (*Store).waiverRows,
	"state.closed":            (*Store).closedRows,
	"state.closed_line":       (*Store).closedLineRows,
	"state.appeal":            (*Store).appealRows,
	"state.rating":            (*Store).ratingRows,
	"state.innovation":        (*Store).innovationRows,
	"state.target":            (*Store).targetRows,
}

// State returns what people decided, for the next calculation.
func (s *Store) State(ctx context.Context) (*analytics.State, error) {
	state := &analytics.State{Rows: map[string][][]any{}}
	for relation, rows := range stateRows {
		var err error
		if state.Rows[relation], err = rows(s, ctx); err != nil {
			return nil, fmt.Errorf("%s: %w", relation, err)
		}
	}
	return state, nil
}

func (s *Store) exceptionRows(ctx context.Context) ([][]any, error) {
	return s.table(ctx, 5, "select rep_id, month, reason, approver, approved_at from expense_exception where revoked_at is null order by month, rep_id")
}

func (s *Store) overrideRows(ctx context.Context) ([][]any, error) {
	return s.table(ctx, 12, "select override_id, kind, month, unit_kind, unit_id, item, value, reason, approver, decided_at, expires_on, appeal_id from override where revoked_at is null order by month, unit_kind, unit_id, kind, item")
}

func (s *Store) waiverRows(ctx context.Context) ([][]any, error) {
	return s.table(ctx, 5, "select month, check_id, reason, approver, signed_at from waiver where waiver_id in (select max(waiver_id) from waiver group by month, check_id) order by month, check_id")
}

// closedRows are the closed months as they were closed. A restatement is not in
// them: recording it changes no calculation, and what it paid stands among the
// lines of the month that paid it.
func (s *Store) closedRows(ctx context.Context) ([][]any, error) {
	events, err := s.Events(ctx)
	var rows [][]any
	for _, e := range closes(events) {
		rows = append(rows, []any{day(e.Month), e.RunID, e.Seal, stamp(e.At), e.Who, e.Reason})
	}
	return rows, err
}

func (s *Store) closedLineRows(ctx context.Context) ([][]any, error) {
	events, err := s.Events(ctx)
	if err != nil {
		return nil, err
	}
	var rows [][]any
	for _, e := range closes(events) {
		lines, err := s.Lines(ctx, e.ID)
		if err != nil {
			return nil, err
		}
		for _, l := range lines {
			rows = append(rows, []any{day(e.Month), l.RepID, l.Line, decimal(l.Cents), e.RunID})
		}
	}
	return rows, nil
}

// decimal writes cents as an amount with two decimals.
func decimal(cents int64) string {
	sign := ""
	if cents < 0 {
		sign, cents = "-", -cents
	}
	return fmt.Sprintf("%s%d.%02d", sign, cents/100, cents%100)
}

// table reads rows of n columns as they are.
func (s *Store) table(ctx context.Context, n int, query string) ([][]any, error) {
	var all [][]any
	err := s.rows(ctx, query, nil, func(scan func(...any) error) error {
		row, dest := make([]any, n), make([]any, n)
		for i := range row {
			dest[i] = &row[i]
		}
		err := scan(dest...)
		all = append(all, row)
		return err
	})
	return all, err
}
