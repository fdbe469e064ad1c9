package analytics

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"levelfield/analytics/plan"
	levelfieldsql "levelfield/sql"
)

// Options says what to calculate and how.
type Options struct {
	Workspace string     // folder
	Plan      *plan.Plan // nil: the files in plans/ of the workspace, or the default plan
	State     *State     // what people decided; nil: nothing yet

	Company         string // of levelfield.yaml
	Currency        string // base currency where the plan names none
	Lang            string // zh-CN or en
	FiscalYearStart int    // month 1..12 where the plan names none
	CodeVersion     string // of the program, part of the input hash

	AsOf       time.Time // overrides the plan's as_of_on
	FirstMonth time.Time // overrides the plan's first_month
	LastMonth  time.Time // overrides the plan's last_month

	Now         func() time.Time // clock; nil: time.Now
	MemoryLimit string           // of DuckDB, such as 2GB; "" is 2GB
	Threads     int              // 0: one a processor
	NoCache     bool             // calculate every month again

	// Keys are the fields that name a row of an entity, as the contract of the
	// lake says. They part late rows from corrected ones; an entity without is
	// compared by all its fields.
	Keys map[string][]string

	Progress func(Step) // called after each step, from the same goroutine

	shipped fs.FS // the models; nil: those of package sql
}

// Step is one finished step of a calculation.
type Step struct {
	Done, Total int
	What        string // relation or action
	Rows        int64
	Took        time.Duration
}

// Result is what a build made.
type Result struct {
	RunID     string
	Dir       string        // runs/<id>
	Unchanged bool          // a run of the same inputs was there already
	Models    []ModelTime   // in the order of calculation
	Checks    []CheckResult // in the order of checks.result
	Months    map[string][]string
	// Months are, for each relation cached by month, the months that had to be
	// calculated: 2026-10. A month not in the list was taken from the cache.
}

// ModelTime is how long a relation took.
type ModelTime struct {
	Relation string
	Rows     int64
	Took     time.Duration
}

// build is one calculation while it goes on.
type build struct {
	opt     Options
	db      *sql.DB   // the run's file
	conn    *sql.Conn // to it
	catalog string    // name of the run's file as a DuckDB catalog
	lake    *lake
	plan    []plan.Table
	state   []plan.Table
	project *project
	dir     string          // folder of the run while it is built
	cache   string          // folder of cached months, "" for none
	scratch string          // folder for temporary files
	wanted  []string        // relations to make with what they read; nil: everything, checked and told about
	only    map[string]bool // those relations; nil: everything
	copied  map[string]bool // relations that the file has from the current run, to be brought up to date

	contents   memo[string]                     // hashes of relations made, as needed
	keys       memo[map[string]string]          // of relations cached by month: key of each month
	lost       memo[map[string]bool]            // answers of lostRows
	byMonth    memo[map[string]string]          // answers of contentByMonth
	calculated memo[[]string]                   // of relations cached by month: the months calculated
	previous   map[string]map[string]monthState // of the current run, by relation and month
	states     memo[map[string]monthState]      // of this run, by relation
	sealed     memo[Content]                    // what the seal says of relations
	growing    sync.Mutex                       // held while rows of growing relations are kept
	result     *Result
	done       int
	total      int
}

// Build calculates everything from the lake and publishes it. A check of
// severity stop that fails keeps the run unpublished: the error is then a
// *CheckError. Only one build runs in a workspace at a time.
func Build(ctx context.Context, opt Options) (*Result, error) {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	l, err := readLake(opt.Workspace)
	if err != nil {
		return nil, err
	}
	tables, err := opt.plan(l)
	if err != nil {
		return nil, err
	}
	runs := filepath.Join(opt.Workspace, "runs")
	unlock, err := lockRuns(runs)
	if err != nil {
		return nil, err
	}
	defer unlock()
	state, err := opt.State.tables()
	if err != nil {
		return nil, err
	}
	inputs, err := opt.inputs(l, tables, state)
	if err != nil {
		return nil, err
	}
	id, exists := runID(runs, opt.Now(), inputs.Hash)
	if exists {
		if err := pointTo(runs, id); err != nil {
			return nil, err
		}
		return &Result{RunID: id, Dir: filepath.Join(runs, id), Unchanged: true}, nil
	}
	dir, err := os.MkdirTemp(runs, buildPrefix)
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	b := newBuild(opt, l, tables, state, dir, &Result{RunID: id, Dir: filepath.Join(runs, id)})
	file := filepath.Join(dir, "run.duckdb")
	if !opt.NoCache {
		b.cache = filepath.Join(runs, "cache")
		if err := copyCurrent(opt.Workspace, file); err != nil {
			return nil, err
		}
	}
	var s *Seal
	err = withDatabase(ctx, file, opt, b.scratch, func(db *sql.DB, conn *sql.Conn) error {
		b.db, b.conn = db, conn
		if err := b.calculate(ctx, inputs); err != nil {
			return err
		}
		if err := b.detachPrevious(ctx); err != nil {
			return err
		}
		started := time.Now()
		if s, err = b.seal(ctx, inputs); err != nil {
			return err
		}
		b.step("seal", int64(len(s.Tables)), time.Since(started))
		started = time.Now()
		err := execute(ctx, conn, "checkpoint run")
		b.step("checkpoint", 0, time.Since(started))
		return err
	})
	if err != nil {
		return nil, err
	}
	if err := os.RemoveAll(b.scratch); err != nil {
		return nil, err
	}
	if err := s.write(dir); err != nil {
		return nil, err
	}
	if err := publish(runs, dir, id); err != nil {
		return nil, err
	}
	if b.cache != "" {
		pruneCache(b.cache, opt.Now())
	}
	return b.result, nil
}

func newBuild(opt Options, l *lake, tables, state []plan.Table, dir string, result *Result) *build {
	return &build{opt: opt, lake: l, plan: tables, state: state, dir: dir, scratch: filepath.Join(dir, "tmp"), result: result,
		previous: map[string]map[string]monthState{}}
}

// plan returns the tables of the plan, with settings that the workspace or the
// caller gives.
func (opt Options) plan(l *lake) ([]plan.Table, error) {
	p := opt.Plan
	if p == nil {
		var err error
		if p, err = opt.loadPlan(); err != nil {
			return nil, err
		}
	}
	last := opt.LastMonth
	if last.IsZero() {
		last = l.lastMonth()
	}
	return p.Tables(last, func(s *plan.Setting) {
		if s.BaseCurrency == "" {
			s.BaseCurrency = opt.Currency
		}
		if s.FiscalYearStart == 0 {
			s.FiscalYearStart = opt.FiscalYearStart
		}
		if !opt.AsOf.IsZero() {
			s.AsOf.Time = opt.AsOf
		}
		if !opt.FirstMonth.IsZero() {
			s.FirstMonth.Time = opt.FirstMonth
		}
		if !opt.LastMonth.IsZero() {
			s.LastMonth.Time = opt.LastMonth
		}
	}), nil
}

// LoadPlan reads the plan of a workspace: the versions in plans/.
func LoadPlan(workspace string) (*plan.Plan, error) {
	return Options{Workspace: workspace}.loadPlan()
}

func (opt Options) loadPlan() (*plan.Plan, error) {
	known, err := opt.indicators()
	if err != nil {
		return nil, err
	}
	return plan.Load(filepath.Join(opt.Workspace, "plans"), known)
}

// Indicators are those that a plan of a workspace may name: the shipped ones
// and the company's own.
func Indicators(workspace string) (plan.Indicators, error) {
	return Options{Workspace: workspace}.indicators()
}

func (opt Options) indicators() (plan.Indicators, error) {
	known := plan.Indicators{}
	var wrong []error
	for _, from := range []struct {
		files  fs.FS
		prefix string
	}{{opt.models(), "sql/"}, {opt.ownModels(), "models/"}} {
		if from.files == nil {
			continue
		}
		names, err := fs.Glob(from.files, "indicators/*.yaml")
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			text, err := fs.ReadFile(from.files, name)
			if err != nil {
				wrong = append(wrong, err)
				continue
			}
			t, err := parseTwin(from.prefix+name, "indicators", text)
			if err != nil {
				wrong = append(wrong, err)
				continue
			}
			known[strings.TrimSuffix(path.Base(name), ".yaml")] = plan.Indicator{Title: plan.Words(t.Title), Unit: t.Unit, Direction: t.Direction}
		}
	}
	return known, errors.Join(wrong...)
}

// inputs is everything a run is made from; equal inputs give equal results.
type inputs struct {
	Lake  string `json:"lake"`  // hash over the live files
	Plan  string `json:"plan"`  // hash over the plan's tables
	State string `json:"state"` // hash over what people decided
	// Decisions is State without what does not change a result of an open
	// month: waivers, and the closed months themselves.
	Decisions string `json:"decisions"`
	SQL       string `json:"sql"`  // hash over the shipped and the company's own SQL and twins
	Code      string `json:"code"` // version of the program
	Hash      string `json:"hash"` // over all of them
}

func (opt Options) inputs(l *lake, tables, state []plan.Table) (*inputs, error) {
	in := &inputs{Code: opt.CodeVersion, Lake: hashFiles(l.Files)}
	text, err := json.Marshal(tables)
	if err != nil {
		return nil, err
	}
	in.Plan = hashOf(string(text))
	if text, err = json.Marshal(state); err != nil {
		return nil, err
	}
	in.State = hashOf(string(text))
	text, err = json.Marshal(slices.DeleteFunc(slices.Clone(state), func(t plan.Table) bool { return slices.Contains(bookkeeping, t.Name) }))
	if err != nil {
		return nil, err
	}
	in.Decisions = hashOf(string(text))
	h := sha256.New()
	for _, files := range []fs.FS{opt.models(), opt.ownModels()} {
		if files == nil {
			continue
		}
		err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				if d != nil && d.Name() == "testdata" {
					return fs.SkipDir
				}
				return err
			}
			if ext := filepath.Ext(name); ext != ".sql" && ext != ".yaml" {
				return nil
			}
			text, err := fs.ReadFile(files, name)
			fmt.Fprintf(h, "%s %d\n%s", name, len(text), text)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	in.SQL = hex.EncodeToString(h.Sum(nil))
	in.Hash = hashOf(in.Lake, in.Plan, in.State, in.SQL, in.Code, opt.Company, opt.Lang)
	return in, nil
}

func (opt Options) models() fs.FS {
	if opt.shipped != nil {
		return opt.shipped
	}
	return levelfieldsql.Files
}

// ownModels returns the workspace's models folder, or nil.
func (opt Options) ownModels() fs.FS {
	dir := filepath.Join(opt.Workspace, "models")
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return nil
	}
	return os.DirFS(dir)
}

// calculate fills the run's file: lake views, plan, models, checks, meta.
func (b *build) calculate(ctx context.Context, in *inputs) error {
	if err := b.conn.QueryRowContext(ctx, "select current_database()").Scan(&b.catalog); err != nil {
		return err
	}
	var err error
	if b.project, err = loadProject(ctx, b.conn, b.opt.models(), b.opt.ownModels()); err != nil {
		return err
	}
	if len(b.wanted) > 0 {
		if b.only, err = b.project.needed(b.wanted); err != nil {
			return err
		}
	}
	if err := createSchemas(ctx, b.conn); err != nil {
		return err
	}
	if b.cache != "" {
		if err := b.attachPrevious(ctx); err != nil {
			return err
		}
		if err := b.dropOthers(ctx); err != nil {
			return err
		}
	}
	for _, entity := range b.lake.entities() {
		if err := createLakeView(ctx, b.conn, entity, b.lake.of(entity, everyFile)); err != nil {
			return err
		}
	}
	if err := createPlan(ctx, b.conn, b.plan); err != nil {
		return err
	}
	if err := createState(ctx, b.conn, b.state); err != nil {
		return err
	}
	for _, m := range b.project.macros {
		if err := execute(ctx, b.conn, m); err != nil {
			return err
		}
	}
	tasks, of := b.modelTasks()
	var checks []*CheckResult
	if b.only == nil {
		meta := &task{what: "meta", after: tasks, do: func(ctx context.Context, w *worker) (int64, error) { return 0, b.meta(ctx, in) }}
		tasks = append(tasks, meta)
		// Checks and hashes for the seal come last in the list: they are done
		// while models wait for each other.
		var checking []*task
		checking, checks = b.checkTasks(of, meta)
		tasks = slices.Concat(tasks, checking, b.sealTasks(of))
	}
	b.total = len(tasks) + 3 // checks.result, the rest of the seal, the last checkpoint
	err = b.work(ctx, tasks, func(what string, rows int64, took time.Duration) {
		if of[what] != nil {
			b.timed(what, rows, took)
		} else {
			b.step(what, rows, took)
		}
	})
	b.result.Months = b.calculated.all()
	if err != nil || b.only != nil {
		return err
	}
	started := time.Now()
	err = b.keepChecks(ctx, checks)
	b.step("checks.result", int64(len(checks)), time.Since(started))
	return err
}

// modelTasks are the relations to make, each after those it reads, and the
// task of each relation.
func (b *build) modelTasks() (tasks []*task, of map[string]*task) {
	of = map[string]*task{}
	var indicators []*Model
	value := &task{what: generated[0]}
	for _, r := range generated {
		of[r] = value
	}
	for _, m := range b.project.models {
		if b.only != nil && !b.only[m.Relation] {
			continue
		}
		t := &task{what: m.Relation, do: func(ctx context.Context, w *worker) (int64, error) {
			rows, err := w.model(ctx, m)
			if err != nil {
				err = fmt.Errorf("%s: %w", m.Path, err)
			}
			return rows, err
		}}
		t.after = waitsFor(m.Reads, of, nil)
		if m.Layer == "indicators" {
			indicators = append(indicators, m)
			value.after = append(value.after, t)
		}
		of[m.Relation] = t
		tasks = append(tasks, t)
	}
	value.do = func(ctx context.Context, w *worker) (int64, error) {
		if err := w.indicatorValue(ctx, indicators); err != nil {
			return 0, err
		}
		return 0, createIndicatorDefinition(ctx, w.conn, indicators)
	}
	return append(tasks, value), of
}

// waitsFor are the tasks that make some relations. What is not a model is
// there already, and meta once everything is made.
func waitsFor(reads []string, of map[string]*task, meta *task) []*task {
	var before []*task
	for _, r := range reads {
		if t := of[r]; t != nil {
			before = append(before, t)
		} else if strings.HasPrefix(r, "meta.") {
			before = append(before, meta)
		}
	}
	return before
}

// model makes one relation and counts its rows.
func (w *worker) model(ctx context.Context, m *Model) (rows int64, err error) {
	switch {
	case m.step != nil:
		err = m.step(ctx, w.conn)
	case m.Twin.Materialize == "view":
		return 0, createView(ctx, w.conn, m, m.SQL)
	case m.Twin.Materialize == "recent":
		return w.recent(ctx, m)
	case len(m.Twin.Months) > 0:
		err = w.months(ctx, m)
	default:
		err = createTable(ctx, w.conn, m)
	}
	if err != nil {
		return 0, err
	}
	return rows, w.conn.QueryRowContext(ctx, "select count(*) from "+quoteRelation(m.Relation)).Scan(&rows)
}

// recentMonths are those that a reader of the newest month can compare it with:
// a year back.
const recentMonths = 13

// recent keeps the newest months of a relation for the pages that ask for one
// of them; older ones are worked out when they are read. The rows lie in panels,
// as next month some of them are kept no more: they are of no closed month's
// seal. Unchanged months are taken from the current run.
func (w *worker) recent(ctx context.Context, m *Model) (rows int64, err error) {
	in, err := w.monthInputs(ctx, m)
	if err != nil {
		return 0, err
	}
	if len(in.months) == 0 {
		return 0, createView(ctx, w.conn, m, m.SQL)
	}
	in.months = in.months[max(0, len(in.months)-recentMonths):]
	kept, twin := *m, *m.Twin
	kept.Relation, kept.Twin, twin.Materialize = "panels."+m.Relation, &twin, "table"
	if err := w.fromMonths(ctx, &kept, in); err != nil {
		return 0, err
	}
	older := "where month < " + days(in.months[:1])
	if err := createView(ctx, w.conn, m, "select * from "+quoteRelation(kept.Relation)+"\nunion all\nselect * from (\n"+m.SQL+"\n) "+older); err != nil {
		return 0, err
	}
	return rows, w.conn.QueryRowContext(ctx, "select count(*) from "+quoteRelation(kept.Relation)).Scan(&rows)
}

func createView(ctx context.Context, conn *sql.Conn, m *Model, text string) error {
	return execute(ctx, conn, "create view "+quoteRelation(m.Relation)+" as "+text)
}

func (b *build) timed(relation string, rows int64, took time.Duration) {
	b.result.Models = append(b.result.Models, ModelTime{relation, rows, took})
	b.step(relation, rows, took)
}

func (b *build) step(what string, rows int64, took time.Duration) {
	b.done++
	if b.opt.Progress != nil {
		b.opt.Progress(Step{b.done, b.total, what, rows, took})
	}
}

// createTable makes a table. Results, from the indicators on, have their rows
// in one order whatever the number of threads. Facts of staging and core are
// sets: nothing that reads them depends on an order, exports sort, seals hash
// them as sets, and sorting millions of lines costs more than making them.
func createTable(ctx context.Context, conn *sql.Conn, m *Model) error {
	return execute(ctx, conn, "create table "+quoteRelation(m.Relation)+" as select * from (\n"+m.SQL+"\n)"+inOrder(m))
}

// inOrder is the end of the SELECT that fills a table.
func inOrder(m *Model) string {
	columns := "all"
	if m.Twin.Key != nil {
		columns = strings.Join(m.Twin.Key, ", ") // a third of the cost of sorting by all
	}
	switch {
	case m.order != nil:
		return " order by " + strings.Join(m.order, ", ")
	case slices.Index(layers, m.Layer) < slices.Index(layers, "indicators"):
		return ""
	case len(m.Twin.Months) > 0: // so that a later month can be added at the end
		if m.Twin.Key == nil {
			columns = "columns(*)"
		}
		return " order by month, " + columns
	}
	return " order by " + columns
}

func createSchemas(ctx context.Context, conn *sql.Conn) error {
	for _, layer := range layers {
		if err := execute(ctx, conn, "create schema if not exists "+layer); err != nil {
			return err
		}
	}
	return nil
}

// createPlan makes the tables plan.*.
func createPlan(ctx context.Context, conn *sql.Conn, tables []plan.Table) error {
	for _, t := range tables {
		if err := createRows(ctx, conn, "plan."+t.Name, t.Columns, t.Rows); err != nil {
			return err
		}
	}
	return nil
}

// rowsAtOnce is how many rows one insert takes.
const rowsAtOnce = 200

// createRows makes a table of given rows; values are cast to the columns. They
// go in as one JSON text: a statement a row takes seconds for ten thousands.
func createRows(ctx context.Context, conn *sql.Conn, relation string, columns []plan.Column, rows [][]any) error {
	declared, cells := make([]string, len(columns)), make([]string, len(columns))
	for i, c := range columns {
		declared[i] = quoteName(c.Name) + " " + c.Type
		cells[i] = fmt.Sprintf("cast(cells[%d] as %s)", i+1, c.Type)
	}
	if err := execute(ctx, conn, "create table "+quoteRelation(relation)+" ("+strings.Join(declared, ", ")+")"); err != nil {
		return err
	}
	if len(rows) == 0 {
		return nil
	}
	text, err := json.Marshal(rows)
	if err != nil {
		return fmt.Errorf("%s: %w", relation, err)
	}
	_, err = conn.ExecContext(ctx, "insert into "+quoteRelation(relation)+" select "+strings.Join(cells, ", ")+
		" from (select unnest(from_json(?::json, '[[\"VARCHAR\"]]')) as cells)", string(text))
	if err != nil {
		return fmt.Errorf("%s: %w", relation, err)
	}
	return nil
}

// valueModel unites the indicators in indicators.value; the value is divided
// here, once. Pages ask for one indicator of many units or for all of one unit:
// of the months made together those of a unit's indicator lie together, so that
// a unit is found in a quarter of the time.
func valueModel(indicators []*Model) *Model {
	m := &Model{Relation: "indicators.value", Twin: &Twin{Materialize: "table"}, order: []string{"indicator", "unit_kind", "unit_id", "month"}}
	parts := []string{"select null::varchar as indicator, null::varchar as unit_kind, null::varchar as unit_id, null::date as month, null::decimal(28, 6) as numerator, null::decimal(28, 6) as denominator where false"}
	for _, i := range slices.SortedFunc(slices.Values(indicators), func(a, b *Model) int { return strings.Compare(a.Relation, b.Relation) }) {
		m.Twin.Months = append(m.Twin.Months, i.Relation)
		parts = append(parts, fmt.Sprintf("select %s, unit_kind, unit_id, month, cast(numerator as decimal(28, 6)), cast(denominator as decimal(28, 6)) from %s",
			quoteText(strings.TrimPrefix(i.Relation, "indicators.")), quoteRelation(i.Relation)))
	}
	m.SQL = "select *, cast(numerator as double) / nullif(cast(denominator as double), 0) as value from (\n" + strings.Join(parts, "\nunion all ") + "\n)"
	return m
}

// indicatorValue makes indicators.value. Months in which no indicator changed
// are taken from the current run.
func (w *worker) indicatorValue(ctx context.Context, indicators []*Model) error {
	m, in, byMonth := valueModel(indicators), newMonthInputs(), map[string][]string{}
	in.parts = m.Twin.Months
	for _, r := range in.parts {
		sums, err := w.contentByMonth(ctx, r)
		if err != nil {
			return err
		}
		for month, sum := range sums {
			byMonth[month] = append(byMonth[month], r, sum)
		}
	}
	for month, some := range byMonth {
		in.keys[month] = hashOf(append([]string{m.SQL, month}, some...)...)
	}
	in.months = sortedKeys(in.keys)
	in.grown = hashOf()
	return w.fromMonths(ctx, m, in)
}

func createIndicatorDefinition(ctx context.Context, conn *sql.Conn, indicators []*Model) error {
	columns := []plan.Column{
		{Name: "indicator", Type: "varchar"}, {Name: "class", Type: "varchar"}, {Name: "unit", Type: "varchar"},
		{Name: "direction", Type: "varchar"}, {Name: "theme", Type: "varchar"}, {Name: "sort", Type: "integer"},
		{Name: "title_en", Type: "varchar"}, {Name: "title_zh", Type: "varchar"},
		{Name: "description_en", Type: "varchar"}, {Name: "description_zh", Type: "varchar"},
		{Name: "formula_en", Type: "varchar"}, {Name: "formula_zh", Type: "varchar"},
		{Name: "sql", Type: "varchar"}, {Name: "path", Type: "varchar"}, {Name: "has_rows", Type: "boolean"}, {Name: "is_own", Type: "boolean"},
		{Name: "rows_relation", Type: "varchar"}, {Name: "rows_where", Type: "varchar"},
		{Name: "rows_numerator", Type: "varchar"}, {Name: "rows_denominator", Type: "varchar"},
		{Name: "owner", Type: "varchar"}, {Name: "reviewed", Type: "varchar"},
	}
	var rows [][]any
	sorted := slices.Clone(indicators)
	slices.SortFunc(sorted, func(a, b *Model) int {
		if a.Twin.Sort != b.Twin.Sort {
			return a.Twin.Sort - b.Twin.Sort
		}
		return strings.Compare(a.Relation, b.Relation)
	})
	for _, m := range sorted {
		t := m.Twin
		source := SourceRows{}
		if t.Rows != nil {
			source = *t.Rows
		}
		rows = append(rows, []any{strings.TrimPrefix(m.Relation, "indicators."), t.Class, t.Unit, t.Direction, orNull(t.Theme), t.Sort,
			t.Title.En, t.Title.Zh, t.Description.En, t.Description.Zh, t.Formula.En, t.Formula.Zh,
			m.SQL, m.Path, t.Rows != nil, m.Own,
			orNull(source.Relation), orNull(source.condition()), orNull(source.Numerator), orNull(source.Denominator),
			orNull(t.Owner), orNull(t.Reviewed)})
	}
	return createRows(ctx, conn, "indicators.definition", columns, rows)
}

// withDatabase opens a new DuckDB file and a connection to it, and closes both.
// The file has no log of changes, whose writers wait for each other: it is not
// used before it is complete and checkpointed. Whole groups of rows are written
// by the worker that makes a table, the rest by the checkpoint, which works
// alone: most tables, of a row a person and month, would not fill one of
// DuckDB's own groups of 122,880.
func withDatabase(ctx context.Context, file string, opt Options, scratch string, do func(*sql.DB, *sql.Conn) error) (err error) {
	lake, err := folder(opt.Workspace, "lake")
	if err != nil {
		return err
	}
	own, err := folder(filepath.Dir(file))
	if err != nil {
		return err
	}
	if err := os.MkdirAll(scratch, 0o755); err != nil {
		return err
	}
	db, err := openDatabase("", lake, own, "attach if not exists "+quoteText(file)+" as run (recovery_mode no_wal_writes, row_group_size 40960)", "use run")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	limit := opt.MemoryLimit
	if limit == "" {
		limit = "2GB"
	}
	for _, s := range []string{
		"set memory_limit = " + quoteText(limit),
		fmt.Sprintf("set threads = %d", opt.threads()),
		"set temp_directory = " + quoteText(scratch),
		"set checkpoint_threshold = '1TB'",                         // a checkpoint holds up everybody; a build makes one, at its end
		"set preserve_insertion_order = false",                     // rows are ordered where they are to be (inOrder)
		"set disabled_compression_methods = 'fsst,dict_fsst,zstd'", // to try them takes longer than what they save takes to write
	} {
		if err := execute(ctx, conn, s); err != nil {
			return err
		}
	}
	return do(db, conn)
}

// WithDatabase opens a DuckDB file with the settings of a run, and folders
// beside it, so that what a command measures is what a run does.
func WithDatabase(ctx context.Context, file string, do func(*sql.DB) error) error {
	dir := filepath.Dir(file)
	return withDatabase(ctx, file, Options{Workspace: dir}, filepath.Join(dir, "scratch"), func(db *sql.DB, _ *sql.Conn) error { return do(db) })
}

// threads is how many processors a calculation uses.
func (opt Options) threads() int {
	if opt.Threads > 0 {
		return opt.Threads
	}
	return runtime.NumCPU()
}

func execute(ctx context.Context, conn *sql.Conn, text string, args ...any) error {
	_, err := conn.ExecContext(ctx, text, args...)
	return err
}

func quoteName(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
func quoteText(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// quoteRelation writes layer.name for SQL.
func quoteRelation(relation string) string {
	layer, name, _ := strings.Cut(relation, ".")
	return quoteName(layer) + "." + quoteName(name)
}

func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func hashOf(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d %s\n", len(p), p)
	}
	return hex.EncodeToString(h.Sum(nil))
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
