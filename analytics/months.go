package analytics

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// linesAtOnce is how many lake rows are taken together when several months of
// a relation are missing: enough to keep every processor busy, few enough to
// keep memory flat however long the history is.
const linesAtOnce = 2_000_000

// keepCache is how long a cached month that no run uses is kept.
const keepCache = 14 * 24 * time.Hour

// months makes a relation of which each month depends on that month's lake
// files. A month's rows are kept as Parquet under a key that is the hash of all
// they depend on:
//
//   - the model's SQL, the SQL of the views between it and the lake, macros;
//   - the plan;
//   - that month's files of the entities that the twin lists under months
//     (with their files of folder "all");
//   - every file of other entities that those views read;
//   - the content of tables that it reads.
//
// Only months without a file are calculated. They are calculated in a database
// that holds exactly those inputs, so a model that looks into a month it did
// not declare finds nothing there, cached or not.
func (b *build) months(ctx context.Context, m *Model) error {
	in, err := b.monthInputs(ctx, m)
	if err != nil {
		return err
	}
	folder := filepath.Join(b.scratch, "months", m.Relation)
	if b.cache != "" {
		folder = filepath.Join(b.cache, m.Relation)
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	var paths []string
	var missing []string
	file := map[string]string{} // by month
	for _, month := range in.months {
		file[month] = filepath.Join(folder, month+"-"+in.key(b.lake, month)[:24]+".parquet")
		paths = append(paths, quoteText(file[month]))
		if _, err := os.Stat(file[month]); err != nil {
			missing = append(missing, month)
			continue
		}
		now := time.Now() // in use: not to be pruned
		os.Chtimes(file[month], now, now)
	}
	if b.result.Months == nil {
		b.result.Months = map[string][]string{}
	}
	b.result.Months[m.Relation] = missing
	if len(missing) > 0 {
		if err := b.calculateMonths(ctx, m, in, missing, file); err != nil {
			return err
		}
	}
	if len(paths) == 0 {
		return createOrdered(ctx, b.conn, m.Relation, m.SQL)
	}
	return execute(ctx, b.conn, "create table "+quoteRelation(m.Relation)+" as select * from read_parquet(["+strings.Join(paths, ", ")+"])")
}

// monthInputs is what a model cached by month depends on.
type monthInputs struct {
	base     string   // hash over everything that is the same for all months
	months   []string // with lake files, sorted
	byMonth  []string // entities split by month
	whole    []string // entities read whole
	views    []*Model // between the model and the lake, in order
	tables   []string // other relations read, by name
	tableSum []string
}

// key is the hash over the inputs of one month.
func (in *monthInputs) key(l *lake, month string) string {
	parts := []string{in.base, month}
	for _, entity := range in.byMonth {
		parts = append(parts, hashFiles(l.of(entity, func(f lakeFile) bool { return f.Month == month || f.Month == "all" })))
	}
	return hashOf(parts...)
}

func (b *build) monthInputs(ctx context.Context, m *Model) (*monthInputs, error) {
	in := &monthInputs{}
	entities := map[string]bool{}
	tables := map[string]bool{}
	reads := map[string]bool{m.Relation: true}
	for _, other := range slices.Backward(b.project.upstream(m)) {
		if !reads[other.Relation] {
			continue
		}
		if other != m && other.Twin.Materialize != "view" {
			tables[other.Relation] = true
			continue
		}
		if other != m {
			in.views = append(in.views, other)
		}
		for _, r := range other.Reads {
			switch layer, name, _ := strings.Cut(r, "."); layer {
			case "lake":
				entities[name] = true
			case "plan":
				tables[r] = true
			default:
				reads[r] = true
			}
		}
	}
	slices.Reverse(in.views)
	in.tables = sortedKeys(tables)
	for _, e := range m.Twin.Months {
		if !entities[e] {
			return nil, fmt.Errorf("months names %s, which %s does not read", e, m.Relation)
		}
	}
	months := map[string]bool{}
	for _, e := range sortedKeys(entities) {
		if !slices.Contains(m.Twin.Months, e) {
			in.whole = append(in.whole, e)
			continue
		}
		in.byMonth = append(in.byMonth, e)
		for _, f := range b.lake.of(e, everyFile) {
			if f.Month != "all" && !f.Schema {
				months[f.Month] = true
			}
		}
	}
	in.months = sortedKeys(months)
	parts := []string{"2", m.SQL}
	parts = append(parts, b.project.macros...)
	for _, v := range in.views {
		parts = append(parts, v.SQL)
	}
	for _, e := range in.whole {
		parts = append(parts, e, hashFiles(b.lake.of(e, everyFile)))
	}
	for _, t := range in.tables {
		sum, err := contentOf(ctx, b.conn, t)
		if err != nil {
			return nil, err
		}
		parts = append(parts, t, sum.Hash)
	}
	in.base = hashOf(parts...)
	return in, nil
}

// calculateMonths writes the files of missing months. It works in a database
// of its own that holds only what the months depend on.
func (b *build) calculateMonths(ctx context.Context, m *Model, in *monthInputs, missing []string, file map[string]string) error {
	if err := execute(ctx, b.conn, "attach "+quoteText(filepath.Join(b.scratch, "month.duckdb"))+" as month_scratch"); err != nil {
		return err
	}
	defer os.Remove(filepath.Join(b.scratch, "month.duckdb"))
	defer execute(context.WithoutCancel(ctx), b.conn, "detach month_scratch")
	defer execute(context.WithoutCancel(ctx), b.conn, "use "+quoteName(b.catalog)) // runs first
	if err := execute(ctx, b.conn, "use month_scratch"); err != nil {
		return err
	}
	if err := createSchemas(ctx, b.conn); err != nil {
		return err
	}
	for _, macro := range b.project.macros {
		if err := execute(ctx, b.conn, macro); err != nil {
			return err
		}
	}
	for _, t := range in.tables {
		if err := execute(ctx, b.conn, fmt.Sprintf("create view %s as select * from %s.%s", quoteRelation(t), quoteName(b.catalog), quoteRelation(t))); err != nil {
			return err
		}
	}
	for _, e := range in.whole {
		if err := createLakeView(ctx, b.conn, e, b.lake.of(e, everyFile)); err != nil {
			return err
		}
	}
	for _, some := range b.batches(in, missing) {
		for _, e := range in.byMonth {
			files := b.lake.of(e, func(f lakeFile) bool { return f.Month == "all" || slices.Contains(some, f.Month) })
			if err := createLakeView(ctx, b.conn, e, files); err != nil {
				return err
			}
		}
		for _, v := range in.views {
			if err := execute(ctx, b.conn, "create or replace view "+quoteRelation(v.Relation)+" as "+v.SQL); err != nil {
				return err
			}
		}
		if err := execute(ctx, b.conn, "create or replace table month_scratch.main.result as "+m.SQL); err != nil {
			return err
		}
		if err := b.refuseHugeint(ctx); err != nil {
			return err
		}
		for _, month := range some {
			if err := b.writeMonth(ctx, month, file[month]); err != nil {
				return err
			}
		}
	}
	return nil
}

// batches cuts the missing months into groups of about linesAtOnce lake rows.
func (b *build) batches(in *monthInputs, missing []string) [][]string {
	var out [][]string
	var rows int64
	for _, month := range missing {
		var n int64
		for _, e := range in.byMonth {
			for _, f := range b.lake.of(e, func(f lakeFile) bool { return f.Month == month }) {
				n += f.Rows
			}
		}
		if len(out) == 0 || rows+n > linesAtOnce {
			out = append(out, nil)
			rows = 0
		}
		out[len(out)-1] = append(out[len(out)-1], month)
		rows += n
	}
	return out
}

// refuseHugeint keeps sums of whole numbers out of the cache: Parquet has no
// 128-bit integer and would turn them into floats.
func (b *build) refuseHugeint(ctx context.Context) error {
	var names string
	err := b.conn.QueryRowContext(ctx, "select coalesce(string_agg(column_name, ', '), '') from (describe month_scratch.main.result) where column_type like '%HUGEINT%'").Scan(&names)
	if err == nil && names != "" {
		err = fmt.Errorf("%s is HUGEINT, which a cached month cannot hold; cast it to bigint or decimal", names)
	}
	return err
}

// writeMonth puts one month of the result into its file, complete or not at
// all.
func (b *build) writeMonth(ctx context.Context, month, file string) error {
	unfinished := filepath.Join(b.scratch, filepath.Base(file))
	err := execute(ctx, b.conn, fmt.Sprintf("copy (select * from month_scratch.main.result where month = date %s order by all) to %s (format parquet, compression snappy)",
		quoteText(month+"-01"), quoteText(unfinished)))
	if err != nil {
		return err
	}
	return os.Rename(unfinished, file)
}

// pruneCache deletes cached months that no run has used for long.
func pruneCache(folder string, now time.Time) {
	files, _ := filepath.Glob(filepath.Join(folder, "*", "*.parquet"))
	for _, f := range files {
		if info, err := os.Stat(f); err == nil && now.Sub(info.ModTime()) > keepCache {
			os.Remove(f) // a cache: to fail costs only time later
		}
	}
}
