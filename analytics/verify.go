package analytics

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"levelfield/analytics/plan"
)

// Content is what a relation holds, whatever the order of its rows.
type Content struct {
	Rows int64  `json:"rows"`
	Hash string `json:"hash"` // over columns, types and the multiset of rows
}

// hashedColumns returns a relation's columns as hash() takes them, and their
// names and types. Doubles count to nine places: their last bits depend on the
// order in which threads add.
func hashedColumns(ctx context.Context, conn *sql.Conn, relation string) (columns string, types []string, err error) {
	rows, err := conn.QueryContext(ctx, "select column_name, column_type from (describe "+quoteRelation(relation)+")")
	if err != nil {
		return "", nil, err
	}
	defer rows.Close()
	var list []string
	for rows.Next() {
		var name, kind string
		if err := rows.Scan(&name, &kind); err != nil {
			return "", nil, err
		}
		types = append(types, name+" "+kind)
		name = quoteName(name)
		if kind == "DOUBLE" || kind == "FLOAT" {
			name = "round(" + name + ", 9) + 0.0" // -0 becomes 0
		}
		list = append(list, name)
	}
	return strings.Join(list, ", "), types, rows.Err()
}

// contentOf hashes a relation.
func contentOf(ctx context.Context, conn *sql.Conn, relation string) (Content, error) {
	return contentWhere(ctx, conn, relation, "true")
}

// contentWhere hashes some rows of a relation.
func contentWhere(ctx context.Context, conn *sql.Conn, relation, where string) (Content, error) {
	columns, types, err := hashedColumns(ctx, conn, relation)
	if err != nil {
		return Content{}, err
	}
	var c Content
	var sum string
	err = conn.QueryRowContext(ctx, "select count(*), coalesce(sum(hash("+columns+")::hugeint), 0)::varchar from "+quoteRelation(relation)+" where "+where).Scan(&c.Rows, &sum)
	c.Hash = hashOf(append(types, sum)...)
	return c, err
}

// contentOfMonths is contentOf from what is known of every month.
func contentOfMonths(ctx context.Context, conn *sql.Conn, relation string, states map[string]monthState) (Content, error) {
	_, types, err := hashedColumns(ctx, conn, relation)
	if err != nil {
		return Content{}, err
	}
	var c Content
	total := new(big.Int)
	for _, s := range states {
		sum, ok := new(big.Int).SetString(s.sum, 10)
		if !ok {
			return Content{}, fmt.Errorf("%q is not a sum of hashes", s.sum)
		}
		c.Rows += s.rows
		total.Add(total, sum)
	}
	c.Hash = hashOf(append(types, total.String())...)
	return c, nil
}

// sealTables hashes what sealedRelations names, reading everything.
func sealTables(ctx context.Context, conn *sql.Conn, in *inputs, id string) (*Seal, error) {
	relations, err := sealedRelations(ctx, conn)
	if err != nil {
		return nil, err
	}
	s := &Seal{RunID: id, Inputs: *in, Tables: map[string]Content{}}
	for _, r := range relations {
		if s.Tables[r], err = contentOf(ctx, conn, r); err != nil {
			return nil, fmt.Errorf("%s: %w", r, err)
		}
	}
	return s, nil
}

// sealedRelations are every table of a run except meta, which tells times, and
// every relation kept by month.
func sealedRelations(ctx context.Context, conn *sql.Conn) ([]string, error) {
	return collectRows(ctx, conn, `
select schema_name || '.' || table_name from duckdb_tables() where database_name = current_database() and schema_name not in ('meta', 'main')
union all
select schema_name || '.' || view_name from duckdb_views() where database_name = current_database() and not internal and contains(sql, 'getvariable(''run_dir'')')
order by all`, func(rows *sql.Rows) (r string, err error) { return r, rows.Scan(&r) })
}

// sealTasks hash each relation for the seal as soon as it is made.
func (b *build) sealTasks(of map[string]*task) []*task {
	var tasks []*task
	for _, m := range b.project.models {
		if m.step != nil || !m.Twin.isView() {
			t := sealTask(m.Relation)
			t.after = []*task{of[m.Relation]}
			tasks = append(tasks, t)
		}
	}
	return tasks
}

// sealTask hashes one relation that is made.
func sealTask(relation string) *task {
	return &task{what: "seal of " + relation, do: func(ctx context.Context, w *worker) (rows int64, err error) {
		var c Content
		if states, known := w.states.get(relation); known { // need not be read for it
			c, err = contentOfMonths(ctx, w.conn, relation, states)
		} else {
			c, err = contentOf(ctx, w.conn, relation)
		}
		if err != nil {
			return 0, fmt.Errorf("%s: %w", relation, err)
		}
		w.sealed.set(relation, c)
		return c.Rows, nil
	}}
}

// seal hashes what a finished build holds and says what it was made from.
func (b *build) seal(ctx context.Context, in *inputs) (*Seal, error) {
	relations, err := sealedRelations(ctx, b.conn)
	if err != nil {
		return nil, err
	}
	var rest []*task
	for _, r := range relations {
		if _, known := b.sealed.get(r); !known {
			rest = append(rest, sealTask(r))
		}
	}
	if err := b.work(ctx, rest, nil); err != nil {
		return nil, err
	}
	s := &Seal{RunID: b.result.RunID, Inputs: *in, Tables: map[string]Content{}}
	for _, r := range relations {
		s.Tables[r], _ = b.sealed.get(r)
	}
	s.Made = recipe{CreatedAt: b.opt.Now().UTC().Truncate(time.Second), Company: b.opt.Company, Currency: b.opt.Currency, Lang: b.opt.Lang, Files: b.lake.Files}
	if s.Made.Plan, err = given(ctx, b.conn, "plan"); err != nil {
		return nil, err
	}
	s.Made.State, err = given(ctx, b.conn, "state")
	return s, err
}

// Verification is the outcome of Verify; it is good when Problems is empty.
type Verification struct {
	RunID    string
	IsGone   bool     // the run's folder is not there: only the seal was kept
	Tables   int      // compared
	Months   []string // closed months whose seals were compared: 2026-10
	Problems []string // what differs, in words
}

// Verify proves a run: the seal is whole, the lake files are those it was made
// from, the file holds what the seal says, and the program calculates the same
// again from the lake, without any cache. closed are the seals of the months
// that were closed from the run; with one of them the run's own folder may be
// gone, as a seal names all that a run was made from.
func Verify(ctx context.Context, opt Options, id string, closed ...*MonthSeal) (*Verification, error) {
	v := &Verification{RunID: id}
	problem := func(format string, a ...any) { v.Problems = append(v.Problems, fmt.Sprintf(format, a...)) }
	seal, err := readSeal(filepath.Join(opt.Workspace, "runs", id))
	switch {
	case errors.Is(err, fs.ErrNotExist) && len(closed) > 0:
		v.IsGone, seal = true, closed[0].Run
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("run %s: it is gone and no closed month keeps its seal; `levelfield calc` makes a new one", id)
	case err != nil:
		problem("%v", err)
		return v, nil
	}
	for _, m := range closed {
		if m.Run.Seal != seal.Seal {
			problem("%s was closed from run %s under another seal: %.12s, the run says %.12s", m.Month, id, m.Run.Seal, seal.Seal)
		}
	}
	if !v.IsGone {
		if err := verifyFile(ctx, opt.Workspace, seal, problem); err != nil {
			return nil, err
		}
	}
	changed, missing := checkLakeFiles(opt.Workspace, seal.Made.Files)
	for _, err := range slices.Concat(changed, missing) {
		problem("%v", err)
	}
	if missing != nil {
		return v, nil
	}
	opt.Company, opt.Currency, opt.Lang = seal.Made.Company, seal.Made.Currency, seal.Made.Lang
	opt.Now = func() time.Time { return seal.Made.CreatedAt }
	var again *Seal
	a := attempt{files: seal.Made.Files, plan: seal.Made.Plan, state: seal.Made.State, id: id}
	err = opt.attempt(ctx, a, func(b *build, in *inputs) error {
		if again, err = b.seal(ctx, in); err != nil {
			return err
		}
		for _, m := range closed {
			now, err := monthContents(ctx, b.conn, m.month())
			if err != nil {
				return err
			}
			if !slices.Contains(v.Months, m.Month) { // closed again after it was reopened
				v.Months = append(v.Months, m.Month)
			}
			compareContents(m.Tables, now, func(relation, what string) {
				problem("%s in %s: calculating again gives another result: %s", relation, m.Month, what)
			})
		}
		return nil
	})
	if err != nil {
		if stopped := (*CheckError)(nil); changed == nil && !errors.As(err, &stopped) {
			return nil, err
		}
		problem("calculating again fails: %v", err)
		return v, nil
	}
	v.Tables = len(again.Tables)
	code := ""
	if again.Inputs.SQL != seal.Inputs.SQL || again.Inputs.Code != seal.Inputs.Code {
		code = " (calculated with other code than the run: " + orWord(seal.Inputs.Code, "unknown") + ", now " + orWord(again.Inputs.Code, "unknown") + ")"
	}
	compareContents(seal.Tables, again.Tables, func(relation, what string) {
		problem("%s: calculating again gives another result: %s%s", relation, what, code)
	})
	return v, nil
}

// verifyFile compares what the run's file holds with its seal.
func verifyFile(ctx context.Context, workspace string, seal *Seal, problem func(string, ...any)) error {
	r, err := OpenRun(workspace, seal.RunID)
	if err != nil {
		return err
	}
	defer r.Close()
	if seal.Inputs.Hash != r.Meta.InputHash {
		problem("the file was made from other inputs than the seal says")
	}
	conn, err := r.DB.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	held, err := sealTables(ctx, conn, &seal.Inputs, seal.RunID)
	if err != nil {
		return err
	}
	compareContents(seal.Tables, held.Tables, func(relation, what string) {
		problem("%s: the file does not hold what was sealed: %s", relation, what)
	})
	return nil
}

func orWord(text, word string) string {
	if text == "" {
		return word
	}
	return text
}

// compareContents calls differs for each relation that holds something else.
func compareContents(want, got map[string]Content, differs func(relation, what string)) {
	all := sortedKeys(want)
	for r := range got {
		if _, both := want[r]; !both {
			all = append(all, r)
		}
	}
	slices.Sort(all)
	for _, r := range all {
		a, inWant := want[r]
		b, inGot := got[r]
		switch {
		case !inGot:
			differs(r, "the table is missing")
		case !inWant:
			differs(r, "the table is new")
		case a.Rows != b.Rows:
			differs(r, fmt.Sprintf("%d rows, not %d", b.Rows, a.Rows))
		case a.Hash != b.Hash:
			differs(r, fmt.Sprintf("%d rows, but other values", b.Rows))
		}
	}
}

// given returns the tables of schema plan or state, cells as text.
func given(ctx context.Context, conn *sql.Conn, schema string) ([]plan.Table, error) {
	rows, err := conn.QueryContext(ctx, "select table_name, column_name, data_type from duckdb_columns() where database_name = current_database() and schema_name = ? order by table_oid, column_index", schema)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var tables []plan.Table
	for rows.Next() {
		var table string
		var c plan.Column
		if err := rows.Scan(&table, &c.Name, &c.Type); err != nil {
			return nil, err
		}
		if len(tables) == 0 || tables[len(tables)-1].Name != table {
			tables = append(tables, plan.Table{Name: table})
		}
		t := &tables[len(tables)-1]
		t.Columns = append(t.Columns, c)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	rows.Close()
	for i := range tables {
		if tables[i].Rows, err = textRows(ctx, conn, schema+"."+tables[i].Name, len(tables[i].Columns)); err != nil {
			return nil, fmt.Errorf("%s.%s: %w", schema, tables[i].Name, err)
		}
	}
	return tables, nil
}

// textRows reads a relation of n columns as text; nil is null.
func textRows(ctx context.Context, conn *sql.Conn, relation string, n int) ([][]any, error) {
	rows, err := conn.QueryContext(ctx, "select columns(*)::varchar from "+quoteRelation(relation))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all [][]any
	for rows.Next() {
		cells, dest, row := make([]sql.NullString, n), make([]any, n), make([]any, n)
		for i := range cells {
			dest[i] = &cells[i]
		}
		if err := rows.Scan(dest...); err != nil {
			return nil, err
		}
		for i, c := range cells {
			if c.Valid {
				row[i] = c.String
			}
		}
		all = append(all, row)
	}
	return all, rows.Err()
}
