package analytics

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Explanation opens one value: the formula, its two sums and the exported rows
// they come from.
type Explanation struct {
	RunID      string
	Definition ExplainedIndicator
	UnitKind   string
	UnitID     string
	UnitName   string
	Month      time.Time

	Numerator   string   // exact decimal
	Denominator string   // exact decimal
	Value       *float64 // nil: no base, no value

	HasRows       bool           // the indicator names its exported rows
	Rows          []ExplainedRow // the largest contributions first, at most the limit asked for
	NRows         int64          // of all rows
	NumeratorSum  string         // over all rows, equal to Numerator
	DenominatorOf string         // over all rows, equal to Denominator; "" where the denominator is 1
	Columns       []string       // names of Cells
}

// ExplainedIndicator is a row of indicators.definition as explain needs it.
type ExplainedIndicator struct {
	Indicator       string  `db:"indicator"`
	Unit            string  `db:"unit"`
	TitleEn         string  `db:"title_en"`
	TitleZh         string  `db:"title_zh"`
	FormulaEn       string  `db:"formula_en"`
	FormulaZh       string  `db:"formula_zh"`
	Path            string  `db:"path"`
	RowsRelation    *string `db:"rows_relation"`
	RowsWhere       *string `db:"rows_where"`
	RowsNumerator   *string `db:"rows_numerator"`
	RowsDenominator *string `db:"rows_denominator"`
}

// ExplainedRow is one exported row and what it adds to the two sums.
type ExplainedRow struct {
	File        string // as given to ingest
	Sheet       string // "" for text files
	Row         int64  // as the person's own program numbers it
	Numerator   string
	Denominator string
	Cells       []*string // the relation's other columns as text; nil is null
}

// Question names the value to explain.
type Question struct {
	UnitKind  string // company, region, team, rep
	UnitID    string
	Indicator string
	Month     time.Time // first day
	Limit     int       // rows returned; 0 is 50, below 0 all
}

// ErrUnknown is wrapped by errors that say that a unit, an indicator or a value
// does not exist, or may not be seen.
var ErrUnknown = errors.New("not found")

// FindUnit resolves what a person types for a unit: kind:id, an id or a name.
// The error lists the choices where it is ambiguous.
func (r *Run) FindUnit(ctx context.Context, scope Scope, text string) (kind, id string, err error) {
	type unit struct {
		Kind string `db:"unit_kind"`
		ID   string `db:"unit_id"`
		Name string `db:"unit_name"`
	}
	wantKind, wantID, isPair := strings.Cut(text, ":")
	if !isPair || !slices.Contains([]string{"company", "region", "team", "rep"}, wantKind) {
		wantKind, wantID = "", text
	}
	args := scope.args()
	args["kind"], args["text"] = wantKind, wantID
	units, err := collectText[unit](ctx, r, "units", seen+`
select unit_kind, unit_id, unit_name from seen
where ($kind = '' or unit_kind = $kind) and (lower(unit_id) = lower($text) or lower(unit_name) = lower($text))
order by unit_id <> $text, unit_kind, unit_id`, args)
	switch {
	case err != nil:
		return "", "", err
	case len(units) == 0:
		return "", "", fmt.Errorf("unit %q: %w; name a region, team or person by id or name, or company", text, ErrUnknown)
	case len(units) > 1:
		var names []string
		for _, u := range units {
			names = append(names, fmt.Sprintf("%s:%s (%s)", u.Kind, u.ID, u.Name))
		}
		return "", "", fmt.Errorf("unit %q may be %s; write one of them", text, strings.Join(names, ", "))
	}
	return units[0].Kind, units[0].ID, nil
}

// seen is the scope's CTE as Scope documents it.
const seen = `with seen as (
    select unit_kind, unit_id, unit_name, region_id, team_id
    from core.unit
    where
        $scope_all
        or list_contains($scope_regions::varchar[], region_id)
        or list_contains($scope_teams::varchar[], team_id)
        or (unit_kind = 'rep' and list_contains($scope_reps::varchar[], unit_id))
)`

// Explain opens one value down to the exported rows. It fails if the rows do
// not add up to the numerator and the denominator: then the model's rows: names
// the wrong ones and no page may show them.
func (r *Run) Explain(ctx context.Context, scope Scope, q Question) (*Explanation, error) {
	type found struct {
		Name        string   `db:"unit_name"`
		Numerator   *string  `db:"numerator"`
		Denominator *string  `db:"denominator"`
		Value       *float64 `db:"value"`
	}
	definitions, err := collectText[ExplainedIndicator](ctx, r, "definition", `
select indicator, unit, title_en, title_zh, formula_en, formula_zh, path, rows_relation, rows_where, rows_numerator, rows_denominator
from indicators.definition where indicator = $indicator`, map[string]any{"indicator": q.Indicator})
	if err != nil {
		return nil, err
	}
	if len(definitions) == 0 {
		return nil, fmt.Errorf("indicator %q: %w%s", q.Indicator, ErrUnknown, r.nearIndicator(ctx, q.Indicator))
	}
	args := scope.args()
	args["kind"], args["id"], args["indicator"], args["month"] = q.UnitKind, q.UnitID, q.Indicator, q.Month
	values, err := collectText[found](ctx, r, "value", seen+`
select seen.unit_name, v.numerator::varchar as numerator, v.denominator::varchar as denominator, v.value
from seen
left join indicators.value as v
    on v.unit_kind = seen.unit_kind and v.unit_id = seen.unit_id and v.indicator = $indicator and v.month = $month::date
where seen.unit_kind = $kind and seen.unit_id = $id`, args)
	if err != nil {
		return nil, err
	}
	if len(values) == 0 {
		return nil, fmt.Errorf("%s %q: %w", q.UnitKind, q.UnitID, ErrUnknown)
	}
	v, d := values[0], definitions[0]
	if v.Numerator == nil && v.Denominator == nil {
		return nil, fmt.Errorf("%s of %s %s in %s: %w; the run has no rows for it", q.Indicator, q.UnitKind, q.UnitID, q.Month.Format("2006-01"), ErrUnknown)
	}
	e := &Explanation{RunID: r.ID, Definition: d, UnitKind: q.UnitKind, UnitID: q.UnitID, UnitName: v.Name, Month: q.Month,
		Numerator: text(v.Numerator), Denominator: text(v.Denominator), Value: v.Value, HasRows: d.RowsRelation != nil}
	if !e.HasRows {
		return e, nil
	}
	if err := r.explainRows(ctx, e, q); err != nil {
		return e, err
	}
	if !scope.all { // who rated whom is for those who answer for the whole company
		e.leaveOut("rater_id")
	}
	return e, nil
}

// leaveOut takes a column out of the rows.
func (e *Explanation) leaveOut(column string) {
	i := slices.Index(e.Columns, column)
	if i < 0 {
		return
	}
	e.Columns = slices.Delete(slices.Clone(e.Columns), i, i+1)
	for k := range e.Rows {
		e.Rows[k].Cells = slices.Delete(slices.Clone(e.Rows[k].Cells), i, i+1)
	}
}

// explainRows fills the rows of an explanation and proves their sums.
func (r *Run) explainRows(ctx context.Context, e *Explanation, q Question) error {
	d := e.Definition
	denominator := "null::decimal(28, 6)"
	if d.RowsDenominator != nil {
		denominator = "cast((" + *d.RowsDenominator + ") as decimal(28, 6))"
	}
	where := "month = $month::date and ($kind = 'company' or $kind = 'region' and region_id in (select region_id from region) or $kind = 'team' and team_id = $id or $kind = 'rep' and rep_id = $id)"
	if d.RowsWhere != nil {
		where += " and (" + *d.RowsWhere + ")"
	}
	tree := "select $id as region_id"
	if r.has(ctx, "core.region_tree") {
		tree = "select region_id from core.region_tree where ancestor_id = $id"
	}
	rows := fmt.Sprintf(`with region as (%s),
line as materialized (
    select *, cast((%s) as decimal(28, 6)) as explained_numerator, %s as explained_denominator
    from %s
    where %s
)`, tree, *d.RowsNumerator, denominator, quoteRelation(*d.RowsRelation), where)
	args := map[string]any{"kind": q.UnitKind, "id": q.UnitID, "month": q.Month}

	limit := ""
	switch {
	case q.Limit == 0:
		limit = " limit 50"
	case q.Limit > 0:
		limit = fmt.Sprintf(" limit %d", q.Limit)
	}
	args["numerator"], args["denominator"] = e.Numerator, e.Denominator
	isProven := struct{ numerator, denominator bool }{}
	// The rows are read once, for their sums and for those shown. What adds
	// nothing to either sum explains nothing and comes last. Money shows its third
	// and fourth decimal only where they are not zero.
	const order = "abs(coalesce(explained_numerator, 0)) desc, abs(coalesce(explained_denominator, 0)) desc, source_file, source_sheet, source_row"
	err := r.rows(ctx, "rows of "+q.Indicator, rows+fmt.Sprintf(`,
total as (
    select count(*) as n,
        coalesce(sum(explained_numerator), 0)::decimal(28, 6) as numerator,
        coalesce(sum(explained_denominator), 0)::decimal(28, 6) as denominator,
    from line
),
shown as (
    select * from line
    order by %[2]s%[3]s
)
select total.n::varchar, total.numerator::varchar, total.denominator::varchar,
    (total.numerator = coalesce(try_cast(nullif($numerator, '') as decimal(28, 6)), 0))::varchar,
    (%[1]t or total.denominator = coalesce(try_cast(nullif($denominator, '') as decimal(28, 6)), 0))::varchar,
    shown.source_file, shown.source_sheet, coalesce(shown.source_row, 0), shown.explained_numerator::varchar, shown.explained_denominator::varchar,
    case
        when typeof(columns(shown.* exclude (source_file, source_sheet, source_row, explained_numerator, explained_denominator, month))) = 'DECIMAL(18,4)'
        then regexp_replace(columns(shown.* exclude (source_file, source_sheet, source_row, explained_numerator, explained_denominator, month))::varchar, '([.]..)00$', '\1')
        else columns(shown.* exclude (source_file, source_sheet, source_row, explained_numerator, explained_denominator, month))::varchar
    end
from total
left join shown on true
order by %[2]s`, d.RowsDenominator == nil, order, limit), args,
		func(rows *sql.Rows) error {
			columns, err := rows.Columns()
			if err != nil {
				return err
			}
			cells := make([]*string, len(columns))
			dest := make([]any, len(columns))
			for i := range cells {
				dest[i] = &cells[i]
			}
			var row int64
			dest[7] = &row
			if err := rows.Scan(dest...); err != nil {
				return err
			}
			e.NumeratorSum = text(cells[1])
			if d.RowsDenominator != nil {
				e.DenominatorOf = text(cells[2])
			}
			isProven.numerator, isProven.denominator = text(cells[3]) == "true", text(cells[4]) == "true"
			e.Columns = columns[10:]
			if e.NRows, err = strconv.ParseInt(text(cells[0]), 10, 64); err != nil || e.NRows == 0 {
				return err
			}
			e.Rows = append(e.Rows, ExplainedRow{File: text(cells[5]), Sheet: text(cells[6]), Row: row,
				Numerator: text(cells[8]), Denominator: text(cells[9]), Cells: cells[10:]})
			return nil
		})
	if err != nil {
		return err
	}
	if !isProven.numerator {
		return fmt.Errorf("%s of %s %s in %s: its %d rows add up to %s, but the numerator is %s: correct rows: in the twin of %s",
			q.Indicator, q.UnitKind, q.UnitID, q.Month.Format("2006-01"), e.NRows, e.NumeratorSum, e.Numerator, d.Path)
	}
	if !isProven.denominator {
		return fmt.Errorf("%s of %s %s in %s: its %d rows add up to %s, but the denominator is %s: correct rows: in the twin of %s",
			q.Indicator, q.UnitKind, q.UnitID, q.Month.Format("2006-01"), e.NRows, e.DenominatorOf, e.Denominator, d.Path)
	}
	return nil
}

// has reports whether the run holds a relation.
func (r *Run) has(ctx context.Context, relation string) bool {
	layer, name, _ := strings.Cut(relation, ".")
	var n int
	err := r.DB.QueryRowContext(ctx, "select count(*) from information_schema.tables where table_schema = ? and table_name = ?", layer, name).Scan(&n)
	return err == nil && n > 0
}

// nearIndicator suggests the indicator a person may have meant.
func (r *Run) nearIndicator(ctx context.Context, name string) string {
	var near string
	err := r.DB.QueryRowContext(ctx, "select indicator from indicators.definition where levenshtein(indicator, ?) <= 4 order by levenshtein(indicator, ?), indicator limit 1", name, name).Scan(&near)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("; did you mean %s?", near)
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
