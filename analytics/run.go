// Package analytics calculates: it runs the SQL of package sql over the lake in
// DuckDB, publishes the result as a sealed read-only run, and answers
// questions about a published run.
//
// One build writes runs/<id>/run.duckdb on one connection and publishes it by
// replacing the pointer file runs/CURRENT. Readers open a run read-only and
// move to a newer one without losing a request. Nothing edits a published run.
package analytics

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	levelfieldsql "levelfield/sql"
)

// ErrNoRun is returned where a workspace has no published run yet.
var ErrNoRun = errors.New("no calculation has been published yet: run `levelfield calc`")

// Meta is the row of meta.run: what a run is and what it was made from.
type Meta struct {
	RunID       string    `db:"run_id"`
	CreatedAt   time.Time `db:"created_at"`   // of the injected clock
	AsOf        time.Time `db:"as_of_on"`     // cash and replies count up to this day
	FirstMonth  time.Time `db:"first_month"`  // first day of the first month shown
	LastMonth   time.Time `db:"last_month"`   // first day of the last month shown
	Company     string    `db:"company"`      // full name
	Currency    string    `db:"currency"`     // base currency of every amount
	Lang        string    `db:"lang"`         // language of the workspace
	SalesSource string    `db:"sales_source"` // "finance" or "deals"
	CodeVersion string    `db:"code_version"` // of the program that calculated
	InputHash   string    `db:"input_hash"`   // over lake files, plan, SQL text and code version
	State       string    `db:"state"`        // "published"
}

// Run is one published calculation, open for reading by any number of
// goroutines.
type Run struct {
	ID   string
	Dir  string // folder of the run, holds run.duckdb and seal.json
	Meta Meta
	DB   *sql.DB // read-only

	panels fs.FS
	asked  answers
}

// OpenCurrent opens the run that runs/CURRENT of the workspace names. The
// error is ErrNoRun where nothing was published.
func OpenCurrent(workspace string) (*Run, error) {
	id, err := CurrentID(workspace)
	if err != nil {
		return nil, err
	}
	return OpenRun(workspace, id)
}

// CurrentID returns the id of the published run of a workspace, or ErrNoRun.
func CurrentID(workspace string) (string, error) {
	path := filepath.Join(workspace, "runs", "CURRENT")
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", ErrNoRun
	}
	if err != nil {
		return "", fmt.Errorf("read which run is current: %w", err)
	}
	id := strings.TrimSpace(string(text))
	if id == "" || id != filepath.Base(id) {
		return "", fmt.Errorf("%s: %q is not a run id; calculate again with `levelfield calc`", path, id)
	}
	return id, nil
}

// mostIdle is how many connections of a run wait for the next question: to make
// one takes longer than most questions.
const mostIdle = 32

// OpenRun opens one run of a workspace by its id.
func OpenRun(workspace, id string) (*Run, error) {
	dir := filepath.Join(workspace, "runs", id)
	file := filepath.Join(dir, "run.duckdb")
	if _, err := os.Stat(file); err != nil {
		return nil, fmt.Errorf("run %s: %w", id, err)
	}
	lake, err := folder(workspace, "lake")
	if err != nil {
		return nil, err
	}
	own, err := folder(dir)
	if err != nil {
		return nil, err
	}
	// what an answer needed goes back to the system soon after it
	db, err := openDatabase(file+"?access_mode=read_only", lake, own, "set allocator_background_threads = true")
	if err != nil {
		return nil, fmt.Errorf("run %s: %w", id, err)
	}
	db.SetMaxIdleConns(mostIdle)
	r := &Run{ID: id, Dir: dir, DB: db, panels: levelfieldsql.Files}
	metas, err := collectText[Meta](context.Background(), r, "meta.run", "select * from meta.run", nil)
	if err == nil && len(metas) != 1 {
		err = fmt.Errorf("meta.run has %d rows, not 1", len(metas))
	}
	if err != nil {
		db.Close()
		return nil, fmt.Errorf("run %s: %w", id, err)
	}
	r.Meta = metas[0]
	return r, nil
}

// Close lets go of the file.
func (r *Run) Close() error { return r.DB.Close() }

// query runs sql/panels/<name>.sql with the scope's parameters and args, and
// calls each once a row, in the panel's order, with a function that scans it.
// Destinations take what collect's fields take.
func (r *Run) query(ctx context.Context, name string, scope Scope, args map[string]any, each func(scan func(dest ...any) error) error) error {
	text, err := r.panel(name)
	if err != nil {
		return err
	}
	all := scope.args()
	for k, v := range args {
		all[k] = v
	}
	return r.rows(ctx, "panel "+name, text, all, func(rows *sql.Rows) error {
		return each(func(dest ...any) error {
			for i := range dest {
				dest[i] = value{reflect.ValueOf(dest[i]).Elem()}
			}
			return rows.Scan(dest...)
		})
	})
}

// collect runs a panel and returns its rows as structs. Each column goes to
// the field whose tag db:"..." names it; a column without a field and a field
// without a column are errors, so that panel and struct cannot drift apart.
// Fields are string, bool, integers, float64, time.Time, slices of them, and
// pointers to them for columns that may be null; a decimal fits float64 and
// string (exact).
func collect[T any](ctx context.Context, r *Run, name string, scope Scope, args map[string]any) ([]T, error) {
	text, err := r.panel(name)
	if err != nil {
		return nil, err
	}
	all := scope.args()
	for k, v := range args {
		all[k] = v
	}
	return collectText[T](ctx, r, "panel "+name, text, all)
}

// answers are what panels answered that many pages ask: which months and
// indicators there are, who is there. They are small, and a run never changes.
type answers struct {
	mu   sync.Mutex
	of   map[string]any
	rows int
}

// mostAnswered is how many rows of answers are kept of a run; then all are let
// go.
const mostAnswered = 100_000

// collectOnce is collect for small answers that many pages ask for: an equal
// question is answered from memory. The rows are the caller's own.
func collectOnce[T any](ctx context.Context, r *Run, name string, scope Scope, args map[string]any) ([]T, error) {
	question, err := json.Marshal([]any{name, scope.args(), args})
	if err != nil {
		return nil, err
	}
	r.asked.mu.Lock()
	known, ok := r.asked.of[string(question)].([]T)
	r.asked.mu.Unlock()
	if ok {
		return slices.Clone(known), nil
	}
	rows, err := collect[T](ctx, r, name, scope, args)
	if err != nil {
		return nil, err
	}
	r.asked.mu.Lock()
	defer r.asked.mu.Unlock()
	if r.asked.of == nil || r.asked.rows > mostAnswered {
		r.asked.of, r.asked.rows = map[string]any{}, 0
	}
	r.asked.of[string(question)] = rows
	r.asked.rows += 1 + len(rows)
	return slices.Clone(rows), nil
}

func (r *Run) panel(name string) (string, error) {
	text, err := fs.ReadFile(r.panels, "panels/"+name+".sql")
	if err != nil {
		return "", fmt.Errorf("panel %s: %w", name, err)
	}
	return string(text), nil
}

func collectText[T any](ctx context.Context, r *Run, what, text string, args map[string]any) ([]T, error) {
	var out []T
	var row T // its fields are set for every row anew
	var into []any
	err := r.rows(ctx, what, text, args, func(rows *sql.Rows) error {
		if into == nil {
			columns, err := rows.Columns()
			if err != nil {
				return err
			}
			fields, err := fieldsOf[T](columns)
			if err != nil {
				return err
			}
			into = destinations(&row, fields)
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		out = append(out, row)
		return nil
	})
	return out, err
}

// rows runs a statement and calls each once a row. Parameters that the text
// does not name are ignored; one that it names and args lack is an error.
func (r *Run) rows(ctx context.Context, what, text string, args map[string]any, each func(*sql.Rows) error) error {
	rows, err := r.DB.QueryContext(ctx, text, named(args)...)
	if err != nil {
		return fmt.Errorf("run %s: %s: %w", r.ID, what, err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows); err != nil {
			return fmt.Errorf("run %s: %s: %w", r.ID, what, err)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("run %s: %s: %w", r.ID, what, err)
	}
	return nil
}

// Runs gives readers the current run and follows runs/CURRENT: a request that
// began on one run ends on it, the next one sees the newer run, and the older
// is closed when its last reader leaves. Use it from any goroutine.
type Runs struct {
	workspace string

	mu  sync.Mutex
	now *held
}

type held struct {
	run     *Run
	readers int
	old     bool
}

// NewRuns follows the runs of a workspace. Nothing is opened before Acquire.
func NewRuns(workspace string) *Runs { return &Runs{workspace: workspace} }

// Acquire returns the current run and the function that gives it back, to be
// called once. The error is ErrNoRun where nothing was published. If a newer
// run cannot be opened the one in use stays in use and is returned.
func (rs *Runs) Acquire() (*Run, func(), error) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	id, err := CurrentID(rs.workspace)
	if rs.now == nil || err == nil && rs.now.run.ID != id {
		var next *Run
		if err == nil {
			next, err = OpenRun(rs.workspace, id)
		}
		switch {
		case err == nil:
			rs.retire()
			rs.now = &held{run: next}
		case rs.now == nil:
			return nil, nil, err
		}
	}
	h := rs.now
	h.readers++
	var once sync.Once
	return h.run, func() { once.Do(func() { rs.release(h) }) }, nil
}

func (rs *Runs) release(h *held) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	h.readers--
	if h.old && h.readers == 0 {
		h.run.Close()
	}
}

// retire closes the run in use now, or leaves that to its last reader.
func (rs *Runs) retire() {
	if rs.now == nil {
		return
	}
	rs.now.old = true
	if rs.now.readers == 0 {
		rs.now.run.Close()
	}
	rs.now = nil
}

// Close lets the current run go; readers that still hold it finish first.
func (rs *Runs) Close() {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	rs.retire()
}
