package analytics

import (
	"context"
	"encoding/json"
	"time"

	"levelfield/analytics/plan"
)

// meta makes the relations meta.*: what the run is and what it was made from.
func (b *build) meta(ctx context.Context, in *inputs) error {
	if err := b.metaRun(ctx, in); err != nil {
		return err
	}
	var loads, tables, files, models [][]any
	for _, l := range b.lake.Loads {
		loads = append(loads, []any{l.Batch, l.File, l.Sha256, l.Mapping, l.At, orNull(l.RefusedPath)})
		for _, t := range l.Tables {
			left, err := json.Marshal(t.LeftOut)
			if err != nil {
				return err
			}
			notes, err := json.Marshal(t.Notes)
			if err != nil {
				return err
			}
			var n int64
			for _, k := range t.LeftOut {
				n += k
			}
			tables = append(tables, []any{l.Batch, l.File, t.Sheet, t.Entity, t.Read, t.Loaded, t.Refused, t.Replaced, n, string(left), string(notes)})
		}
	}
	for _, f := range b.lake.Files {
		files = append(files, []any{f.Entity, f.Month, f.Path, f.Rows, f.Sha256, f.Batch, f.Schema})
	}
	took := map[string]ModelTime{}
	for _, m := range b.result.Models {
		took[m.Relation] = m
	}
	for _, model := range b.project.models { // in the order of reading, whichever was done first
		if m, made := took[model.Relation]; made {
			models = append(models, []any{m.Relation, model.Path, model.Twin.Title.En, model.Twin.Title.Zh, model.Twin.Materialize, m.Took.Seconds(), m.Rows, model.SQL})
		}
	}
	var states [][]any
	known := b.states.all()
	for _, r := range sortedKeys(known) {
		for _, month := range sortedKeys(known[r]) {
			m := known[r][month]
			states = append(states, []any{r, month, m.key, m.grown, m.rows, m.sum})
		}
	}
	columns := func(pairs ...string) []plan.Column {
		var out []plan.Column
		for i := 0; i < len(pairs); i += 2 {
			out = append(out, plan.Column{Name: pairs[i], Type: pairs[i+1]})
		}
		return out
	}
	for _, t := range []plan.Table{
		{Name: "load", Columns: columns("batch", "bigint", "file", "varchar", "sha256", "varchar", "mapping", "varchar", "loaded_at", "timestamp", "refused_path", "varchar"), Rows: loads},
		{Name: "load_table", Columns: columns("batch", "bigint", "file", "varchar", "sheet", "varchar", "entity", "varchar", "n_read", "bigint", "n_loaded", "bigint",
			"n_refused", "bigint", "n_replaced", "bigint", "n_left_out", "bigint", "left_out_json", "varchar", "notes_json", "varchar"), Rows: tables},
		{Name: "lake_file", Columns: columns("entity", "varchar", "month", "varchar", "path", "varchar", "n_rows", "bigint", "sha256", "varchar", "batch", "bigint", "is_schema", "boolean"), Rows: files},
		{Name: "model", Columns: columns("relation", "varchar", "path", "varchar", "title_en", "varchar", "title_zh", "varchar", "materialize", "varchar", "seconds", "double", "n_rows", "bigint", "sql", "varchar"), Rows: models},
		{Name: "month_state", Columns: columns("relation", "varchar", "month", "varchar", "key", "varchar", "grown", "varchar", "n_rows", "bigint", "content", "varchar"), Rows: states},
	} {
		if err := createRows(ctx, b.conn, "meta."+t.Name, t.Columns, t.Rows); err != nil {
			return err
		}
	}
	return nil
}

// metaRun makes meta.run. Months and as-of day are those that core.month came
// to, where the plan leaves them to the data.
func (b *build) metaRun(ctx context.Context, in *inputs) error {
	var currency, source string
	var asOf, first, last *string
	if err := b.conn.QueryRowContext(ctx, "select base_currency, sales_source, as_of_on::varchar, first_month::varchar, last_month::varchar from plan.setting").
		Scan(&currency, &source, &asOf, &first, &last); err != nil {
		return err
	}
	if b.project.model("core.month") != nil {
		if err := b.conn.QueryRowContext(ctx, "select coalesce(max(as_of_on)::varchar, ?), coalesce(min(month)::varchar, ?), coalesce(max(month)::varchar, ?) from core.month", asOf, first, last).
			Scan(&asOf, &first, &last); err != nil {
			return err
		}
	}
	return createRows(ctx, b.conn, "meta.run", []plan.Column{
		{Name: "run_id", Type: "varchar"}, {Name: "created_at", Type: "timestamp"}, {Name: "as_of_on", Type: "date"},
		{Name: "first_month", Type: "date"}, {Name: "last_month", Type: "date"}, {Name: "company", Type: "varchar"},
		{Name: "currency", Type: "varchar"}, {Name: "lang", Type: "varchar"}, {Name: "sales_source", Type: "varchar"},
		{Name: "code_version", Type: "varchar"}, {Name: "input_hash", Type: "varchar"}, {Name: "state", Type: "varchar"},
	}, [][]any{{
		b.result.RunID, b.opt.Now().UTC().Format(time.DateTime), asOf, first, last,
		b.opt.Company, currency, b.opt.Lang, source, b.opt.CodeVersion, in.Hash, "published",
	}})
}
