package analytics

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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

// undated is the lake folder of rows without a date.
const undated = "all"

// rowsOfAPart is how many lake rows a row of a relation split by month counts
// for: lake rows are summed on their way in, these are ranked and joined whole,
// and what does not fit into memory goes to the disk and back.
const rowsOfAPart = 3

// keepCache is how long a cached month that no run uses is kept.
const keepCache = 14 * 24 * time.Hour

// months makes a relation of which each month depends on that month, or on it
// and the months before. A month's rows are kept under a key that is the hash
// of all they depend on:
//
//   - the model's SQL, the SQL of the views between it and the lake, macros;
//   - the plan;
//   - of what the twin lists under months, that month's lake files or that
//     month's rows; of what it lists under past, those of that month and of
//     every month before. Rows of an export without a date are of no month;
//   - every file of the other entities, the whole content of other tables.
//
// With materialize: month, meant for heavy facts, they are kept as Parquet and
// the published run has the files as its own (linked, not copied) and a view
// over them. A table takes the rows of unchanged months from the current run.
//
// A relation under grows (say, how customers are named) is not in the key: the
// month stays good as long as the rows that were there when it was calculated
// are there still. That is right where every row that concerns a month exists
// as soon as the month does.
//
// Only the other months are calculated, in a database that holds exactly those
// inputs: a model that looks into a month it did not declare finds nothing
// there, cached or not. Several months may be calculated together; a model with
// past must itself not look beyond the month of a row.
func (w *worker) months(ctx context.Context, m *Model) error {
	in, err := w.monthInputs(ctx, m)
	if err != nil {
		return err
	}
	return w.fromMonths(ctx, m, in)
}

// fromMonths makes a relation of its months.
func (w *worker) fromMonths(ctx context.Context, m *Model, in *monthInputs) (err error) {
	if len(in.months) == 0 {
		if w.copied[m.Relation] {
			if err := execute(ctx, w.conn, "drop table "+quoteRelation(m.Relation)); err != nil {
				return err
			}
		}
		return createTable(ctx, w.conn, m)
	}
	w.keys.set(m.Relation, in.keys)
	if m.Twin.Materialize == "month" {
		err = w.monthFiles(ctx, m, in)
	} else {
		err = w.monthTable(ctx, m, in)
	}
	if err != nil {
		return err
	}
	return w.rememberMonths(ctx, m, in)
}

// monthFiles makes a relation of one Parquet file a month.
func (w *worker) monthFiles(ctx context.Context, m *Model, in *monthInputs) error {
	folder := filepath.Join(w.scratch, "months", m.Relation)
	if w.cache != "" {
		folder = filepath.Join(w.cache, m.Relation)
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	file := map[string]string{} // by month
	var missing []string
	for _, month := range in.months {
		in.grownOf[month] = in.grown[:12]
		name := month + "-" + in.keys[month][:24] + "-"
		file[month] = filepath.Join(folder, name+in.grown[:12]+".parquet")
		cached, err := w.cachedMonth(ctx, in, month, filepath.Join(folder, name))
		if err != nil {
			return err
		}
		if cached == "" {
			missing = append(missing, month)
			continue
		}
		file[month] = cached
		in.grownOf[month] = strings.TrimSuffix(strings.TrimPrefix(cached, filepath.Join(folder, name)), ".parquet")
		now := time.Now() // in use: not to be pruned
		os.Chtimes(cached, now, now)
	}
	w.calculated.set(m.Relation, missing)
	err := w.calculateMonths(ctx, m, in, missing, func(from string, some []string) error {
		if err := w.refuseHugeint(ctx, from); err != nil {
			return err
		}
		for _, month := range some {
			if err := w.writeMonth(ctx, m, from, month, file[month]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return w.viewOfMonths(ctx, m.Relation, in.months, file)
}

// monthTable makes a table: unchanged months are taken from the current run.
func (w *worker) monthTable(ctx context.Context, m *Model, in *monthInputs) error {
	var missing, same []string
	for _, month := range in.months {
		in.grownOf[month] = in.grown[:12]
		then, known := w.previous[m.Relation][month]
		isSame := known && then.key == in.keys[month]
		if isSame && then.grown != in.grown[:12] {
			lost, err := w.lostMonths(ctx, in, then.grown)
			if err != nil {
				return err
			}
			isSame = !lost["every"] && !lost[month]
		}
		if !isSame {
			missing = append(missing, month)
			continue
		}
		same = append(same, month)
		in.grownOf[month] = then.grown
	}
	w.calculated.set(m.Relation, missing)
	target := quoteName(w.catalog) + "." + quoteRelation(m.Relation)
	kept := "select * from previous." + quoteRelation(m.Relation) + " where month in (" + days(same) + ")"
	made := false
	fill := func(text, order string) error {
		head := "insert into " + target
		if !made {
			head = "create table " + target + " as"
		}
		made = true
		return execute(ctx, w.conn, head+" select * from ("+text+")"+order)
	}
	// Rows are in the order of months, in the current run too: only what comes
	// after them can be added.
	isLater := len(same) > 0 && (len(missing) == 0 || same[len(same)-1] < missing[0])
	var err error
	switch {
	case isLater && w.copied[m.Relation]:
		made = true
		err = execute(ctx, w.conn, "delete from "+target+" where month is null or month not in ("+days(same)+")")
	case w.copied[m.Relation]:
		err = execute(ctx, w.conn, "drop table "+target)
	case isLater:
		err = fill(kept, "")
	}
	if err != nil {
		return err
	}
	return w.calculateMonths(ctx, m, in, missing, func(from string, some []string) error {
		text := "select * from " + from + " where month in (" + days(some) + ")"
		if !made && len(same) > 0 {
			text = kept + " union all " + text
		}
		return fill(text, inOrder(m))
	})
}

// days lists the first days of months as SQL.
func days(months []string) string {
	out := make([]string, len(months))
	for i, m := range months {
		out[i] = "date " + quoteText(m+"-01")
	}
	return strings.Join(out, ", ")
}

// monthState is what a run knows of one month of a relation.
type monthState struct {
	key, grown string
	rows       int64
	sum        string // over the hashes of the rows, a whole number
}

// rememberMonths notes what the months of a relation hold, so that seals and
// later runs need not read them again. Who reads the relation by month depends
// on that, not on how it came about: a month that was calculated again because
// a growing relation lost a row counts as changed only if its rows are others.
func (w *worker) rememberMonths(ctx context.Context, m *Model, in *monthInputs) error {
	states := map[string]monthState{}
	var unknown []string
	for _, month := range in.months {
		then, known := w.previous[m.Relation][month]
		if known && then.key == in.keys[month] && then.grown == in.grownOf[month] {
			states[month] = then
			continue
		}
		states[month] = monthState{key: in.keys[month], grown: in.grownOf[month], sum: "0"}
		unknown = append(unknown, month)
	}
	if len(unknown) > 0 {
		from := quoteRelation(m.Relation) + " where month in (" + days(unknown) + ")"
		if m.Twin.Materialize == "month" {
			from = w.filesOf(m.Relation, unknown)
		}
		sums, err := sumsByMonth(ctx, w.conn, m.Relation, from)
		if err != nil {
			return err
		}
		for month, s := range sums {
			state := states[month]
			state.rows, state.sum = s.rows, s.sum
			states[month] = state
		}
	}
	w.states.set(m.Relation, states)
	_, types, err := hashedColumns(ctx, w.conn, m.Relation)
	if err != nil {
		return err
	}
	holds := map[string]string{}
	for month, s := range states {
		holds[month] = hashOf(append(types, fmt.Sprint(s.rows), s.sum)...)
	}
	w.keys.set(m.Relation, holds)
	return nil
}

// sumsByMonth counts and hashes each month's rows of a relation, read from
// from.
func sumsByMonth(ctx context.Context, conn *sql.Conn, relation, from string) (map[string]monthState, error) {
	columns, _, err := hashedColumns(ctx, conn, relation)
	if err != nil {
		return nil, err
	}
	rows, err := conn.QueryContext(ctx, "select strftime(month, '%Y-%m'), count(*), sum(hash("+columns+")::hugeint)::varchar from "+from+" group by all having strftime(month, '%Y-%m') is not null")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]monthState{}
	for rows.Next() {
		var month string
		var s monthState
		if err := rows.Scan(&month, &s.rows, &s.sum); err != nil {
			return nil, err
		}
		out[month] = s
	}
	return out, rows.Err()
}

// attachPrevious lets the build take unchanged months of tables from the
// current run. A workspace without one, or with one of an older program, has
// nothing to take.
func (b *build) attachPrevious(ctx context.Context) error {
	id, err := CurrentID(b.opt.Workspace)
	if err != nil {
		return nil // none, or unreadable: everything is calculated
	}
	dir, err := folder(b.opt.Workspace, "runs", id)
	if err != nil {
		return err
	}
	if err := execute(ctx, b.conn, "attach "+quoteText(filepath.Join(dir, "run.duckdb"))+" as previous (read_only)"); err != nil {
		return nil
	}
	rows, err := b.conn.QueryContext(ctx, "select relation, month, key, grown, n_rows, content from previous.meta.month_state")
	if err != nil {
		return nil
	}
	defer rows.Close()
	for rows.Next() {
		var relation, month string
		var s monthState
		if err := rows.Scan(&relation, &month, &s.key, &s.grown, &s.rows, &s.sum); err != nil {
			return err
		}
		if b.previous[relation] == nil {
			b.previous[relation] = map[string]monthState{}
		}
		b.previous[relation][month] = s
	}
	return rows.Err()
}

// copyCurrent lets a build begin with a copy of the current run's file: to copy
// it takes less than to write the months again that stay as they are.
func copyCurrent(workspace, file string) error {
	id, err := CurrentID(workspace)
	if err != nil {
		return nil // none, or unreadable: everything is calculated
	}
	r, err := OpenRun(workspace, id)
	if err != nil {
		return nil
	}
	defer r.Close()
	from, err := os.Open(filepath.Join(r.Dir, "run.duckdb"))
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := os.Create(file)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, from)
	return errors.Join(err, to.Close())
}

// dropOthers leaves of a copied file only the tables of which months may stay;
// the space of all others is used again.
func (b *build) dropOthers(ctx context.Context) error {
	entries, err := collectRows(ctx, b.conn, `
select schema_name || '.' || table_name, 'table' from duckdb_tables() where database_name = current_database()
union all
select schema_name || '.' || view_name, 'view' from duckdb_views() where database_name = current_database() and not internal
union all
select distinct schema_name || '.' || function_name, function_type from duckdb_functions() where database_name = current_database() and not internal
order by all`, func(rows *sql.Rows) (e [2]string, err error) { return e, rows.Scan(&e[0], &e[1]) })
	if err != nil || len(entries) == 0 {
		return err
	}
	b.copied = map[string]bool{}
	for _, e := range entries {
		relation, kind := e[0], e[1]
		m := b.project.model(relation)
		isTable := relation == generated[0] || m != nil && len(m.Twin.Months) > 0 && m.Twin.Materialize != "month" && m.step == nil
		if kind == "table" && isTable && b.previous[relation] != nil {
			b.copied[relation] = true
			continue
		}
		if kind == "table_macro" {
			kind = "macro table"
		}
		if err := execute(ctx, b.conn, "drop "+kind+" "+quoteRelation(relation)); err != nil {
			return err
		}
	}
	return execute(ctx, b.conn, "checkpoint run")
}

// viewOfMonths gives the run its own links to the files and a view over them.
func (w *worker) viewOfMonths(ctx context.Context, relation string, months []string, file map[string]string) error {
	own := filepath.Join(w.dir, "months", relation)
	if err := os.MkdirAll(own, 0o755); err != nil {
		return err
	}
	var paths []string
	for _, month := range months {
		if err := linkOrCopy(file[month], filepath.Join(own, month+".parquet")); err != nil {
			return err
		}
		paths = append(paths, quoteText("months/"+relation+"/"+month+".parquet"))
	}
	return execute(ctx, w.conn, fmt.Sprintf(
		"create view %s as select * from read_parquet(list_transform([%s], lambda path: getvariable('run_dir') || path))",
		quoteRelation(relation), strings.Join(paths, ", ")))
}

// linkOrCopy makes a second name for a file, or a copy where the file system
// has no links.
func linkOrCopy(from, to string) error {
	if os.Link(from, to) == nil {
		return nil
	}
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, text, 0o644)
}

// monthInputs is what a model cached by month depends on.
type monthInputs struct {
	months  []string          // with rows, sorted: 2026-10
	keys    map[string]string // by month, hash over what that month depends on
	byMonth []string          // entities split by month
	parts   []string          // relations split by month
	past    []string          // entities and relations read up to a month
	whole   []string          // entities read whole
	views   []*Model          // between the model and its inputs, in order
	tables  []string          // relations read whole
	grows   map[string]string // content of the growing relations, hash by name
	grown   string            // hash over grows
	grownOf map[string]string // by month, the start of the hash that it was calculated with
}

func newMonthInputs() *monthInputs {
	return &monthInputs{keys: map[string]string{}, grows: map[string]string{}, grownOf: map[string]string{}}
}

// monthInputs finds the inputs and makes the keys.
func (w *worker) monthInputs(ctx context.Context, m *Model) (*monthInputs, error) {
	in := newMonthInputs()
	entities, tables, reads := map[string]bool{}, map[string]bool{}, map[string]bool{m.Relation: true}
	for _, other := range slices.Backward(w.project.upstream(m)) {
		if !reads[other.Relation] {
			continue
		}
		if other != m && !other.Twin.isView() {
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
			case "plan", "state":
				tables[r] = true
			default:
				if slices.Contains(generated, r) {
					tables[r] = true
				}
				reads[r] = true
			}
		}
	}
	slices.Reverse(in.views)
	for _, name := range slices.Concat(m.Twin.Months, m.Twin.Past, m.Twin.Grows) {
		if !entities[name] && !tables[name] {
			return nil, fmt.Errorf("months, past or grows names %s, which %s does not read", name, m.Relation)
		}
	}
	isPast := func(name string) bool { return slices.Contains(m.Twin.Past, name) }
	pasts := map[string]map[string]string{} // content of each month of what is read up to a month
	parts := []string{"6", m.SQL}           // what all months share
	parts = append(parts, w.project.macros...)
	for _, v := range in.views {
		parts = append(parts, v.SQL)
	}
	byMonth := map[string][]string{} // parts of one month's key
	for _, e := range sortedKeys(entities) {
		if !slices.Contains(m.Twin.Months, e) && !isPast(e) {
			in.whole = append(in.whole, e)
			parts = append(parts, e, hashFiles(w.lake.of(e, everyFile)))
			continue
		}
		files := map[string][]lakeFile{}
		var schema []lakeFile
		for _, f := range w.lake.of(e, everyFile) {
			switch {
			case f.Schema:
				schema = append(schema, f)
			case f.Month != undated:
				files[f.Month] = append(files[f.Month], f)
			}
		}
		parts = append(parts, e, hashFiles(schema))
		if isPast(e) {
			in.past = append(in.past, e)
			pasts[e] = map[string]string{}
			for month, some := range files {
				pasts[e][month] = hashFiles(some)
			}
			continue
		}
		in.byMonth = append(in.byMonth, e)
		for month, some := range files {
			byMonth[month] = append(byMonth[month], e, hashFiles(some))
		}
	}
	for _, t := range sortedKeys(tables) {
		if isPast(t) {
			sums, err := w.contentByMonth(ctx, t)
			if err != nil {
				return nil, err
			}
			in.past = append(in.past, t)
			pasts[t] = sums
			continue
		}
		grows := slices.Contains(m.Twin.Grows, t)
		if slices.Contains(m.Twin.Months, t) {
			in.parts = append(in.parts, t)
			sums, err := w.contentByMonth(ctx, t)
			if err != nil {
				return nil, err
			}
			for month, sum := range sums {
				if grows { // it has rows for the month, whichever
					sum = ""
				}
				byMonth[month] = append(byMonth[month], t, sum)
			}
		} else {
			in.tables = append(in.tables, t)
		}
		if !grows && slices.Contains(in.parts, t) {
			continue
		}
		sum, err := w.content(ctx, t)
		if err != nil {
			return nil, err
		}
		if grows {
			in.grows[t] = sum
			var under []string
			if model := w.project.model(t); model != nil {
				under = model.Twin.GrowsUnder
			}
			for _, under := range under {
				sum, err := w.content(ctx, under)
				if err != nil {
					return nil, err
				}
				parts = append(parts, under, sum)
			}
		} else {
			parts = append(parts, t, sum)
		}
	}
	base := hashOf(parts...)
	for _, name := range in.past {
		sum, rest := "", sortedKeys(pasts[name])
		for _, month := range sortedKeys(byMonth) {
			for ; len(rest) > 0 && rest[0] <= month; rest = rest[1:] {
				sum = hashOf(sum, rest[0], pasts[name][rest[0]])
			}
			byMonth[month] = append(byMonth[month], name, sum)
		}
	}
	for month, some := range byMonth {
		in.keys[month] = hashOf(append([]string{base, month}, some...)...)
	}
	in.months = sortedKeys(in.keys)
	var grown []string
	for _, t := range sortedKeys(in.grows) {
		grown = append(grown, t, in.grows[t])
	}
	in.grown = hashOf(grown...)
	return in, nil
}

// content returns the hash of a relation that is made already.
func (w *worker) content(ctx context.Context, relation string) (string, error) {
	if sum, known := w.contents.get(relation); known {
		return sum, nil
	}
	sum := ""
	if relation == "plan.setting" {
		// The three left out say which months there are and the day each is
		// measured on. Models learn that from core.month, so that a run up to
		// another month keeps what the months have in common.
		err := w.conn.QueryRowContext(ctx, "select to_json(s)::varchar from (select * exclude (first_month, last_month, as_of_on) from plan.setting) as s").Scan(&sum)
		if err != nil {
			return "", err
		}
	} else if keys, cached := w.keys.get(relation); cached { // its keys say it without reading it
		for _, month := range sortedKeys(keys) {
			sum = hashOf(sum, month, keys[month])
		}
	} else {
		c, err := contentOf(ctx, w.conn, relation)
		if err != nil {
			return "", err
		}
		sum = c.Hash
	}
	w.contents.set(relation, sum)
	return sum, nil
}

// contentByMonth returns the hash of each month's rows of a relation.
func (w *worker) contentByMonth(ctx context.Context, relation string) (map[string]string, error) {
	if keys, cached := w.keys.get(relation); cached {
		return keys, nil
	}
	if sums, known := w.byMonth.get(relation); known {
		return sums, nil
	}
	_, types, err := hashedColumns(ctx, w.conn, relation)
	if err != nil {
		return nil, err
	}
	sums, err := sumsByMonth(ctx, w.conn, relation, quoteRelation(relation))
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for month, s := range sums {
		out[month] = hashOf(append(types, fmt.Sprint(s.rows), s.sum)...)
	}
	w.byMonth.set(relation, out)
	return out, nil
}

// cachedMonth returns the file that holds a month, or "" where it must be
// calculated. prefix is the file's name up to the hash of growing relations.
func (w *worker) cachedMonth(ctx context.Context, in *monthInputs, month, prefix string) (string, error) {
	files, err := filepath.Glob(prefix + "*.parquet")
	if err != nil {
		return "", err
	}
	slices.SortFunc(files, func(x, y string) int { // of these very rows first
		isSame := func(f string) bool { return f == prefix+in.grown[:12]+".parquet" }
		switch {
		case isSame(x) == isSame(y):
			return strings.Compare(x, y)
		case isSame(x):
			return -1
		}
		return 1
	})
	for _, f := range files {
		grown := strings.TrimSuffix(strings.TrimPrefix(f, prefix), ".parquet")
		if grown == in.grown[:12] {
			return f, nil
		}
		lost, err := w.lostMonths(ctx, in, grown)
		if err != nil {
			return "", err
		}
		if !lost["every"] && !lost[month] {
			return f, nil
		}
	}
	return "", nil
}

// snapshotFile is where the rows are kept that a growing relation had.
func (b *build) snapshotFile(relation, hash string) string {
	return filepath.Join(b.cache, "grown", relation+"-"+hash[:24]+".parquet")
}

// lostMonths says for which months a growing relation has lost rows since the
// state grown: "every" where the relation has no month.
func (w *worker) lostMonths(ctx context.Context, in *monthInputs, grown string) (map[string]bool, error) {
	every := map[string]bool{"every": true}
	text, err := os.ReadFile(filepath.Join(w.cache, "grown", grown+".json"))
	if err != nil {
		return every, nil // unknown: calculate
	}
	then := map[string]string{}
	if err := json.Unmarshal(text, &then); err != nil {
		return every, nil
	}
	lost := map[string]bool{}
	for _, t := range sortedKeys(in.grows) {
		if then[t] == in.grows[t] {
			continue
		}
		known := t + " " + then[t]
		gone, isKnown := w.lost.get(known)
		if !isKnown {
			if gone, err = w.lostRows(ctx, t, then[t], slices.Contains(in.parts, t)); err != nil {
				return nil, err
			}
			w.lost.set(known, gone)
		}
		for month := range gone {
			lost[month] = true
		}
	}
	return lost, nil
}

// lostRows returns the months of rows that a relation had and has no more.
func (w *worker) lostRows(ctx context.Context, relation, then string, hasMonth bool) (map[string]bool, error) {
	if then == "" { // did not grow then
		return map[string]bool{"every": true}, nil
	}
	snapshot := w.snapshotFile(relation, then)
	if _, err := os.Stat(snapshot); err != nil {
		return map[string]bool{"every": true}, nil
	}
	now := time.Now()
	os.Chtimes(snapshot, now, now)
	month := "'every'"
	if hasMonth {
		month = "coalesce(strftime(month, '%Y-%m'), 'every')"
	}
	rows, err := w.conn.QueryContext(ctx, fmt.Sprintf("select distinct %s from (select * from read_parquet(%s) except select * from %s)", month, quoteText(snapshot), quoteRelation(relation)))
	if err != nil {
		return map[string]bool{"every": true}, nil // other columns: calculate
	}
	defer rows.Close()
	lost := map[string]bool{}
	for rows.Next() {
		var m string
		if err := rows.Scan(&m); err != nil {
			return nil, err
		}
		lost[m] = true
	}
	return lost, rows.Err()
}

// keepGrown keeps the rows that growing relations have now, for later runs to
// compare with.
func (w *worker) keepGrown(ctx context.Context, in *monthInputs) error {
	if w.cache == "" || len(in.grows) == 0 {
		return nil
	}
	w.growing.Lock() // two workers may keep the same rows
	defer w.growing.Unlock()
	if err := os.MkdirAll(filepath.Join(w.cache, "grown"), 0o755); err != nil {
		return err
	}
	for _, t := range sortedKeys(in.grows) {
		snapshot := w.snapshotFile(t, in.grows[t])
		if _, err := os.Stat(snapshot); err == nil {
			continue
		}
		unfinished := filepath.Join(w.scratch, filepath.Base(snapshot))
		if err := execute(ctx, w.conn, fmt.Sprintf("copy (select * from %s.%s) to %s (format parquet, compression snappy)", quoteName(w.catalog), quoteRelation(t), quoteText(unfinished))); err != nil {
			return err
		}
		if err := os.Rename(unfinished, snapshot); err != nil {
			return err
		}
	}
	text, err := json.Marshal(in.grows)
	if err != nil {
		return err
	}
	return writeWhole(filepath.Join(w.cache, "grown", in.grown[:12]+".json"), text)
}

// calculateMonths calculates missing months and gives them to write, some at a
// time, as something to select from. It works in a database of its own that
// holds only what the months depend on.
func (w *worker) calculateMonths(ctx context.Context, m *Model, in *monthInputs, missing []string, write func(from string, some []string) error) error {
	if len(missing) == 0 {
		return nil
	}
	if err := w.keepGrown(ctx, in); err != nil {
		return err
	}
	if err := execute(ctx, w.conn, "attach ':memory:' as "+w.aside); err != nil {
		return err
	}
	defer execute(context.WithoutCancel(ctx), w.conn, "detach "+w.aside)
	defer execute(context.WithoutCancel(ctx), w.conn, "use "+quoteName(w.catalog)) // runs first
	if err := execute(ctx, w.conn, "use "+w.aside); err != nil {
		return err
	}
	if err := createSchemas(ctx, w.conn); err != nil {
		return err
	}
	for _, macro := range w.project.macros {
		if err := execute(ctx, w.conn, macro); err != nil {
			return err
		}
	}
	for _, t := range in.tables {
		if err := execute(ctx, w.conn, fmt.Sprintf("create view %s as select * from %s.%s", quoteRelation(t), quoteName(w.catalog), quoteRelation(t))); err != nil {
			return err
		}
	}
	for _, e := range in.whole {
		if err := createLakeView(ctx, w.conn, e, w.lake.of(e, everyFile)); err != nil {
			return err
		}
	}
	for _, some := range w.batches(in, missing) {
		if err := w.calculateBatch(ctx, m, in, some, len(missing) == len(in.months), write); err != nil {
			return err
		}
	}
	return nil
}

// calculateBatch calculates some months together. every says that no month is
// taken from the cache: then a row of a month that the inputs do not have is a
// mistake of the model and would be lost.
func (w *worker) calculateBatch(ctx context.Context, m *Model, in *monthInputs, some []string, every bool, write func(from string, some []string) error) error {
	last := some[len(some)-1]
	for _, e := range slices.Concat(in.byMonth, in.past) {
		if strings.Contains(e, ".") {
			continue
		}
		isPast := slices.Contains(in.past, e)
		files := w.lake.of(e, func(f lakeFile) bool {
			return slices.Contains(some, f.Month) || isPast && f.Month <= last // undated sorts after every month
		})
		if err := createLakeView(ctx, w.conn, e, files); err != nil {
			return err
		}
	}
	for _, t := range slices.Concat(in.parts, in.past) {
		if !strings.Contains(t, ".") {
			continue
		}
		from := quoteName(w.catalog) + "." + quoteRelation(t) + " where month in (" + days(some) + ")"
		months := some
		if slices.Contains(in.past, t) {
			from = quoteName(w.catalog) + "." + quoteRelation(t) + " where month <= " + days([]string{last})
			keys, _ := w.keys.get(t)
			months = slices.DeleteFunc(sortedKeys(keys), func(month string) bool { return month > last })
		}
		if w.hasFiles(t) {
			from = w.filesOf(t, months)
		}
		if err := execute(ctx, w.conn, fmt.Sprintf("create or replace view %s as select * from %s", quoteRelation(t), from)); err != nil {
			return err
		}
	}
	for _, v := range in.views {
		if err := execute(ctx, w.conn, "create or replace view "+quoteRelation(v.Relation)+" as "+v.SQL); err != nil {
			return err
		}
	}
	result := w.aside + ".main.result"
	text := m.SQL
	if !every { // what reads past months comes to their rows too; DuckDB asks the inputs for less
		text = "select * from (\n" + m.SQL + "\n) where month in (" + days(some) + ") or month is null"
	}
	if err := execute(ctx, w.conn, "create or replace table "+result+" as "+text); err != nil {
		return err
	}
	lost := "month is null"
	if every {
		lost += " or month not in (" + days(in.months) + ")"
	}
	var n int64
	if err := w.conn.QueryRowContext(ctx, "select count(*) from "+result+" where "+lost).Scan(&n); err != nil {
		return err
	}
	if n > 0 {
		return fmt.Errorf("%d rows are of no month of what it is split by (%s); a relation split by month needs the month of every row there", n, strings.Join(m.Twin.Months, ", "))
	}
	if err := write(result, some); err != nil {
		return err
	}
	return execute(ctx, w.conn, "drop table "+result)
}

// hasFiles reports whether a relation is kept as one Parquet file a month.
func (b *build) hasFiles(relation string) bool {
	m := b.project.model(relation)
	_, cached := b.keys.get(relation)
	return cached && m != nil && m.Twin.Materialize == "month"
}

// filesOf reads some months of a relation cached by month, or its columns
// where it has none of them.
func (b *build) filesOf(relation string, months []string) string {
	var paths []string
	keys, _ := b.keys.get(relation)
	for _, month := range months {
		if _, has := keys[month]; has {
			paths = append(paths, quoteText(filepath.Join(b.dir, "months", relation, month+".parquet")))
		}
	}
	if paths == nil {
		return quoteName(b.catalog) + "." + quoteRelation(relation) + " where false"
	}
	return "read_parquet([" + strings.Join(paths, ", ") + "])"
}

// batches cuts the missing months into groups of about linesAtOnce rows.
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
		for _, t := range in.parts {
			states, _ := b.states.get(t)
			n += states[month].rows * rowsOfAPart
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
func (w *worker) refuseHugeint(ctx context.Context, from string) error {
	var names string
	err := w.conn.QueryRowContext(ctx, "select coalesce(string_agg(column_name, ', '), '') from (describe select * from "+from+") where column_type like '%HUGEINT%'").Scan(&names)
	if err == nil && names != "" {
		err = fmt.Errorf("%s is HUGEINT, which a cached month cannot hold; cast it to bigint or decimal", names)
	}
	return err
}

// writeMonth puts one month of a result into its file, complete or not at all.
func (w *worker) writeMonth(ctx context.Context, m *Model, from, month, file string) error {
	unfinished := filepath.Join(w.scratch, filepath.Base(file))
	err := execute(ctx, w.conn, fmt.Sprintf("copy (select * from %s where month = date %s%s) to %s (format parquet, compression snappy)",
		from, quoteText(month+"-01"), inOrder(m), quoteText(unfinished)))
	if err != nil {
		return err
	}
	return os.Rename(unfinished, file)
}

// pruneCache deletes cached months that no run has used for long.
func pruneCache(folder string, now time.Time) {
	files, _ := filepath.Glob(filepath.Join(folder, "*", "*"))
	for _, f := range files {
		if info, err := os.Stat(f); err == nil && now.Sub(info.ModTime()) > keepCache {
			os.Remove(f) // a cache: to fail costs only time later
		}
	}
}

// detachPrevious lets go of the current run's file.
func (b *build) detachPrevious(ctx context.Context) error {
	return execute(ctx, b.conn, "detach database if exists previous")
}
