package analytics

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// payLine is the relation whose lines are paid and sealed with a month.
const payLine = "pay.line"

// MonthSeal is the seal of a closed month: the whole seal of the run it was
// closed from, and what each result table says of the month.
type MonthSeal struct {
	Month  string             `json:"month"` // 2026-10
	Run    *Seal              `json:"run"`
	Tables map[string]Content `json:"tables"` // rows of the month, by relation
	Seal   string             `json:"seal"`   // one hash over all of the above
}

// PayLine is one printed line of a person's pay of a month.
type PayLine struct {
	RepID   string
	Line    string
	Cents   int64
	IsTotal bool // a sum of other lines
}

func (m *MonthSeal) month() time.Time {
	t, _ := time.Parse("2006-01", m.Month) // ParseMonthSeal and SealMonth let only months in
	return t
}

func (m *MonthSeal) hash() (string, error) {
	bare := *m
	bare.Seal = ""
	text, err := json.Marshal(bare)
	return hashOf(string(text)), err
}

// SealMonth makes the seal of a month that the run calculated, as the text to
// keep. It fails where the run's own seal was edited.
func (r *Run) SealMonth(ctx context.Context, month time.Time) (*MonthSeal, []byte, error) {
	s, err := readSeal(r.Dir)
	if err != nil {
		return nil, nil, err
	}
	conn, err := r.DB.Conn(ctx)
	if err != nil {
		return nil, nil, err
	}
	defer conn.Close()
	m := &MonthSeal{Month: month.Format("2006-01"), Run: s}
	if m.Tables, err = monthContents(ctx, conn, month); err != nil {
		return nil, nil, err
	}
	if m.Seal, err = m.hash(); err != nil {
		return nil, nil, err
	}
	text, err := json.Marshal(m)
	return m, text, err
}

// ParseMonthSeal reads what SealMonth made and checks that nobody edited it.
func ParseMonthSeal(text []byte) (*MonthSeal, error) {
	m := &MonthSeal{}
	if err := json.Unmarshal(text, m); err != nil {
		return nil, fmt.Errorf("seal of a month: %w", err)
	}
	if _, err := time.Parse("2006-01", m.Month); err != nil || m.Run == nil {
		return nil, errors.New("seal of a month: names no month or no run")
	}
	if sum, err := m.hash(); err != nil || sum != m.Seal {
		return nil, fmt.Errorf("seal of %s: was edited: its hash is %.12s, the seal says %.12s", m.Month, sum, m.Seal)
	}
	if sum, err := m.Run.hash(); err != nil || sum != m.Run.Seal {
		return nil, fmt.Errorf("seal of %s: the seal of its run was edited", m.Month)
	}
	return m, nil
}

// monthContents hashes the rows of a month of every result table that has
// months. Plan and decisions are sealed whole, with the run.
func monthContents(ctx context.Context, conn *sql.Conn, month time.Time) (map[string]Content, error) {
	rows, err := conn.QueryContext(ctx, `
select result.schema_name || '.' || result.relation
from (
    select schema_name, table_name as relation from duckdb_tables() where database_name = current_database()
    union all
    select schema_name, view_name from duckdb_views() where database_name = current_database() and not internal and contains(sql, 'getvariable(''run_dir'')')
) as result
join duckdb_columns() as c
    on c.database_name = current_database()
    and c.schema_name = result.schema_name
    and c.table_name = result.relation
    and c.column_name = 'month'
    and c.data_type = 'DATE'
where result.schema_name not in ('main', 'meta', 'plan', 'state', 'checks', 'panels')
order by all`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var relations []string
	for rows.Next() {
		var r string
		if err := rows.Scan(&r); err != nil {
			return nil, err
		}
		relations = append(relations, r)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	rows.Close()
	contents := map[string]Content{}
	for _, r := range relations {
		if contents[r], err = contentWhere(ctx, conn, r, "month = date "+quoteText(month.Format(time.DateOnly))); err != nil {
			return nil, fmt.Errorf("%s: %w", r, err)
		}
	}
	return contents, nil
}

// PayLines returns the lines of pay of a month by person; a run without a
// calculation of pay has none.
func (r *Run) PayLines(ctx context.Context, month time.Time) ([]PayLine, error) {
	conn, err := r.DB.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	return payLines(ctx, conn, month)
}

// payMonths returns the months of pay; a calculation without pay has none.
func payMonths(ctx context.Context, conn *sql.Conn) ([]time.Time, error) {
	if has, err := hasPay(ctx, conn); err != nil || !has {
		return nil, err
	}
	rows, err := conn.QueryContext(ctx, "select distinct month from "+payLine+" order by month")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var months []time.Time
	for rows.Next() {
		var m time.Time
		if err := rows.Scan(&m); err != nil {
			return nil, err
		}
		months = append(months, m)
	}
	return months, rows.Err()
}

func hasPay(ctx context.Context, conn *sql.Conn) (bool, error) { return hasTables(ctx, conn, payLine) }

// hasTables reports whether a run holds all of some tables.
func hasTables(ctx context.Context, conn *sql.Conn, relations ...string) (bool, error) {
	for _, relation := range relations {
		var n int
		err := conn.QueryRowContext(ctx, "select count(*) from duckdb_tables() where database_name = current_database() and schema_name || '.' || table_name = ?", relation).Scan(&n)
		if err != nil || n == 0 {
			return false, err
		}
	}
	return true, nil
}

func payLines(ctx context.Context, conn *sql.Conn, month time.Time) ([]PayLine, error) {
	if has, err := hasPay(ctx, conn); err != nil || !has {
		return nil, err
	}
	rows, err := conn.QueryContext(ctx, "select rep_id, line, cast(sum(amount) * 100 as bigint), bool_or(is_total) from "+payLine+" where month = ? group by rep_id, line order by rep_id, line", month)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []PayLine
	for rows.Next() {
		var l PayLine
		if err := rows.Scan(&l.RepID, &l.Line, &l.Cents, &l.IsTotal); err != nil {
			return nil, err
		}
		all = append(all, l)
	}
	return all, rows.Err()
}
