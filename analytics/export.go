package analytics

import (
	"context"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/duckdb/duckdb-go/v2"
	"github.com/xuri/excelize/v2"
)

// ExportQuery says what to export.
type ExportQuery struct {
	Relation string    // indicators, or a relation of the run such as core.sales_month
	Format   string    // csv, xlsx, parquet, json
	From, To time.Time // months, first days, inclusive; zero: no bound
	UnitKind string    // indicators only: company, region, team or rep; "": all
}

// ExportFormats are the formats that Export writes.
var ExportFormats = []string{"csv", "xlsx", "parquet", "json"}

// Export writes a published relation. The relation named indicators is one row
// per value: unit_kind, unit_id, unit_name, month, indicator, numerator,
// denominator, value; value is empty where there is no base. Relations with
// rows of units are exported within the scope: those without unit, region, team
// or rep columns need All.
func (r *Run) Export(ctx context.Context, scope Scope, q ExportQuery, w io.Writer) error {
	if !slices.Contains(ExportFormats, q.Format) {
		return fmt.Errorf("format %q: choose one of %s", q.Format, strings.Join(ExportFormats, ", "))
	}
	text, args, err := r.exportText(ctx, scope, q)
	if err != nil {
		return err
	}
	if q.Format == "parquet" {
		return r.exportParquet(ctx, text, args, w)
	}
	rows, err := r.DB.QueryContext(ctx, text, named(args)...)
	if err != nil {
		return fmt.Errorf("export %s: %w", q.Relation, err)
	}
	defer rows.Close()
	write := map[string]func(*sql.Rows, io.Writer) error{"csv": writeCSV, "json": writeJSON, "xlsx": writeXLSX}[q.Format]
	if err := write(rows, w); err != nil {
		return fmt.Errorf("export %s: %w", q.Relation, err)
	}
	return nil
}

// exportText returns the SELECT of an export and its parameters.
func (r *Run) exportText(ctx context.Context, scope Scope, q ExportQuery) (string, map[string]any, error) {
	args := scope.args()
	month := func(t time.Time) any {
		if t.IsZero() {
			return nil
		}
		return t.Format(time.DateOnly)
	}
	args["first"], args["last"], args["kind"] = month(q.From), month(q.To), q.UnitKind
	const between = "(cast($first as date) is null or month >= cast($first as date)) and (cast($last as date) is null or month <= cast($last as date))"
	if q.UnitKind != "" && !slices.Contains([]string{"company", "region", "team", "rep"}, q.UnitKind) {
		return "", nil, fmt.Errorf("unit kind %q: choose one of company, region, team, rep", q.UnitKind)
	}
	if q.Relation == "indicators" {
		return seen + `
select v.unit_kind, v.unit_id, seen.unit_name, v.month, v.indicator, v.numerator, v.denominator, v.value
from indicators.value as v
inner join seen on seen.unit_kind = v.unit_kind and seen.unit_id = v.unit_id
where ($kind = '' or v.unit_kind = $kind) and ` + strings.ReplaceAll(between, "month", "v.month") + `
order by v.unit_kind, v.unit_id, v.month, v.indicator`, args, nil
	}
	type column struct {
		Name string `db:"column_name"`
	}
	layer, name, _ := strings.Cut(q.Relation, ".")
	columns, err := collectText[column](ctx, r, "columns", "select column_name from information_schema.columns where table_schema = $layer and table_name = $name order by ordinal_position",
		map[string]any{"layer": layer, "name": name})
	if err != nil {
		return "", nil, err
	}
	if len(columns) == 0 || layer == "lake" {
		return "", nil, fmt.Errorf("relation %q: %w; a run holds relations such as indicators, core.sales_month, core.unit, checks.result", q.Relation, ErrUnknown)
	}
	has := func(name string) bool { return slices.Contains(columns, column{name}) }
	var where []string
	switch {
	case scope.IsAll():
	case has("unit_kind") && has("unit_id"):
		where = append(where, "(unit_kind, unit_id) in (select (unit_kind, unit_id) from seen)")
	case has("rep_id"):
		where = append(where, "rep_id in (select unit_id from seen where unit_kind = 'rep')")
	case has("team_id"):
		where = append(where, "team_id in (select unit_id from seen where unit_kind = 'team')")
	case has("region_id"):
		where = append(where, "region_id in (select unit_id from seen where unit_kind = 'region')")
	default:
		return "", nil, fmt.Errorf("relation %s is not split by unit: only those who see the whole company may export it", q.Relation)
	}
	if has("month") {
		where = append(where, between)
	} else if !q.From.IsZero() || !q.To.IsZero() {
		return "", nil, fmt.Errorf("relation %s has no month to choose from", q.Relation)
	}
	if q.UnitKind != "" {
		if !has("unit_kind") {
			return "", nil, fmt.Errorf("relation %s has no unit kind to choose from", q.Relation)
		}
		where = append(where, "unit_kind = $kind")
	}
	out := seen + "\nselect * from " + quoteRelation(q.Relation)
	if where != nil {
		out += " where " + strings.Join(where, " and ")
	}
	return out + " order by all", args, nil
}

// exportParquet lets DuckDB write the file and copies it out.
func (r *Run) exportParquet(ctx context.Context, query string, args map[string]any, w io.Writer) error {
	dir, err := os.MkdirTemp("", "levelfield-export-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "export.parquet")
	rows, err := r.DB.QueryContext(ctx, "copy ("+query+") to "+quoteText(file)+" (format parquet, compression zstd)", named(args)...)
	if err != nil {
		return fmt.Errorf("export as parquet: %w", err)
	}
	rows.Close()
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(w, f)
	return err
}

// eachRow reads rows of any columns.
func eachRow(rows *sql.Rows, do func([]any) error) error {
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	cells := make([]any, len(columns))
	dest := make([]any, len(columns))
	for i := range cells {
		dest[i] = &cells[i]
	}
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return err
		}
		if err := do(cells); err != nil {
			return err
		}
	}
	return rows.Err()
}

// cell is a value as CSV and JSON write it: exact decimals, ISO dates.
func cell(v any) any {
	switch x := v.(type) {
	case duckdb.Decimal:
		return x.String()
	case time.Time:
		if x.Equal(x.Truncate(24 * time.Hour)) {
			return x.Format(time.DateOnly)
		}
		return x.Format("2006-01-02T15:04:05.999999")
	case float64:
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return nil
		}
	}
	return v
}

func writeCSV(rows *sql.Rows, w io.Writer) error {
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	out := csv.NewWriter(w)
	if err := out.Write(columns); err != nil {
		return err
	}
	record := make([]string, len(columns))
	err = eachRow(rows, func(cells []any) error {
		for i, v := range cells {
			if v = cell(v); v == nil {
				record[i] = ""
			} else {
				record[i] = fmt.Sprint(v)
			}
		}
		return out.Write(record)
	})
	out.Flush()
	return errors.Join(err, out.Error())
}

// writeJSON writes one array of objects, keys in the order of the columns.
func writeJSON(rows *sql.Rows, w io.Writer) error {
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	sep := "[\n"
	err = eachRow(rows, func(cells []any) error {
		var b strings.Builder
		b.WriteString(sep + "{")
		sep = ",\n"
		for i, v := range cells {
			key, err := json.Marshal(columns[i])
			if err != nil {
				return err
			}
			value, err := json.Marshal(cell(v))
			if err != nil {
				return err
			}
			if d, ok := v.(duckdb.Decimal); ok {
				value = []byte(d.String()) // a number, exact
			}
			if i > 0 {
				b.WriteString(", ")
			}
			b.Write(key)
			b.WriteString(": ")
			b.Write(value)
		}
		b.WriteString("}")
		_, err := io.WriteString(w, b.String())
		return err
	})
	if err != nil {
		return err
	}
	if sep == "[\n" {
		_, err = io.WriteString(w, "[]\n")
	} else {
		_, err = io.WriteString(w, "\n]\n")
	}
	return err
}

func writeXLSX(rows *sql.Rows, w io.Writer) error {
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	f := excelize.NewFile()
	defer f.Close()
	out, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		return err
	}
	day, err := f.NewStyle(&excelize.Style{NumFmt: 14})
	if err != nil {
		return err
	}
	head := make([]any, len(columns))
	for i, c := range columns {
		head[i] = c
	}
	if err := out.SetRow("A1", head); err != nil {
		return err
	}
	n := 1
	err = eachRow(rows, func(cells []any) error {
		n++
		if n > excelize.TotalRows {
			return fmt.Errorf("more than %d rows do not fit an Excel sheet; choose csv or parquet, or fewer months", excelize.TotalRows-1)
		}
		values := make([]any, len(cells))
		for i, v := range cells {
			switch x := v.(type) {
			case duckdb.Decimal:
				values[i] = x.Float64()
			case time.Time:
				values[i] = excelize.Cell{StyleID: day, Value: x}
			default:
				values[i] = cell(v)
			}
		}
		return out.SetRow(fmt.Sprintf("A%d", n), values)
	})
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		return err
	}
	return f.Write(w)
}
