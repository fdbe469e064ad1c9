package analytics

import (
	"context"
	"database/sql"
	"fmt"
	"os"
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
	columns, types, err := hashedColumns(ctx, conn, relation)
	if err != nil {
		return Content{}, err
	}
	var c Content
	var sum string
	err = conn.QueryRowContext(ctx, "select count(*), coalesce(sum(hash("+columns+")::hugeint), 0)::varchar from "+quoteRelation(relation)).Scan(&c.Rows, &sum)
	c.Hash = hashOf(append(types, sum)...)
	return c, err
}

// sealTables hashes every table of a run except meta, which tells times, and
// every relation cached by month.
func sealTables(ctx context.Context, conn *sql.Conn, in *inputs, id string) (*Seal, error) {
	rows, err := conn.QueryContext(ctx, `
select schema_name || '.' || table_name from duckdb_tables() where database_name = current_database() and schema_name not in ('meta', 'main')
union all
select schema_name || '.' || view_name from duckdb_views() where database_name = current_database() and not internal and contains(sql, 'getvariable(''run_dir'')')
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
	s := &Seal{RunID: id, Inputs: *in, Tables: map[string]Content{}}
	for _, r := range relations {
		if s.Tables[r], err = contentOf(ctx, conn, r); err != nil {
			return nil, fmt.Errorf("%s: %w", r, err)
		}
	}
	return s, nil
}

// Verification is the outcome of Verify; it is good when Problems is empty.
type Verification struct {
	RunID    string
	Tables   int      // compared
	Problems []string // what differs, in words
}

// Verify proves a published run: the seal is whole, the lake files are those
// it was made from, the file holds what the seal says, and the program
// calculates the same again from the lake, without any cache.
func Verify(ctx context.Context, opt Options, id string) (*Verification, error) {
	r, err := OpenRun(opt.Workspace, id)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	v := &Verification{RunID: id}
	problem := func(format string, a ...any) { v.Problems = append(v.Problems, fmt.Sprintf(format, a...)) }
	seal, err := readSeal(r.Dir)
	if err != nil {
		problem("%v", err)
		return v, nil
	}
	if seal.Inputs.Hash != r.Meta.InputHash {
		problem("the file was made from other inputs than the seal says")
	}
	l, err := r.lake(ctx)
	if err != nil {
		return nil, err
	}
	if err := checkLakeFiles(opt.Workspace, l.Files); err != nil {
		problem("%v", err)
		return v, nil
	}
	conn, err := r.DB.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	held, err := sealTables(ctx, conn, &seal.Inputs, id)
	if err != nil {
		return nil, err
	}
	compareSeals(seal, held, func(relation, what string) { problem("%s: the file does not hold what was sealed: %s", relation, what) })

	opt.Company, opt.Currency, opt.Lang = r.Meta.Company, r.Meta.Currency, r.Meta.Lang
	again, err := recalculate(ctx, opt, r, l)
	if err != nil {
		return nil, err
	}
	v.Tables = len(again.Tables)
	code := ""
	if again.Inputs.SQL != seal.Inputs.SQL || again.Inputs.Code != seal.Inputs.Code {
		code = " (calculated with other code than the run: " + orWord(seal.Inputs.Code, "unknown") + ", now " + orWord(again.Inputs.Code, "unknown") + ")"
	}
	compareSeals(seal, again, func(relation, what string) {
		problem("%s: calculating again gives another result: %s%s", relation, what, code)
	})
	return v, nil
}

func orWord(text, word string) string {
	if text == "" {
		return word
	}
	return text
}

func compareSeals(want, got *Seal, differs func(relation, what string)) {
	all := sortedKeys(want.Tables)
	for r := range got.Tables {
		if _, both := want.Tables[r]; !both {
			all = append(all, r)
		}
	}
	slices.Sort(all)
	for _, r := range all {
		a, inWant := want.Tables[r]
		b, inGot := got.Tables[r]
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

// lake returns the files that the run was made from.
func (r *Run) lake(ctx context.Context) (*lake, error) {
	type file struct {
		Entity string `db:"entity"`
		Month  string `db:"month"`
		Path   string `db:"path"`
		Rows   int64  `db:"n_rows"`
		Sha256 string `db:"sha256"`
		Batch  int64  `db:"batch"`
		Schema bool   `db:"is_schema"`
	}
	files, err := collectText[file](ctx, r, "meta.lake_file", "select * from meta.lake_file order by entity, not is_schema, path", nil)
	l := &lake{Version: lakeVersion}
	for _, f := range files {
		l.Files = append(l.Files, lakeFile(f))
	}
	return l, err
}

// given returns the tables of schema plan or state as the run holds them.
func (r *Run) given(ctx context.Context, schema string) ([]plan.Table, error) {
	type column struct {
		Table string `db:"table_name"`
		Name  string `db:"column_name"`
		Type  string `db:"data_type"`
	}
	columns, err := collectText[column](ctx, r, schema, "select table_name, column_name, data_type from duckdb_columns() where schema_name = $schema order by table_oid, column_index", map[string]any{"schema": schema})
	if err != nil {
		return nil, err
	}
	var tables []plan.Table
	for _, c := range columns {
		if len(tables) == 0 || tables[len(tables)-1].Name != c.Table {
			tables = append(tables, plan.Table{Name: c.Table})
		}
		t := &tables[len(tables)-1]
		t.Columns = append(t.Columns, plan.Column{Name: c.Name, Type: c.Type})
	}
	for i := range tables {
		t := &tables[i]
		err := r.rows(ctx, schema+"."+t.Name, "select columns(*)::varchar from "+quoteRelation(schema+"."+t.Name), nil, func(rows *sql.Rows) error {
			cells := make([]*string, len(t.Columns))
			dest := make([]any, len(cells))
			for j := range cells {
				dest[j] = &cells[j]
			}
			err := rows.Scan(dest...)
			values := make([]any, len(cells))
			for j, c := range cells {
				if c != nil {
					values[j] = *c
				}
			}
			t.Rows = append(t.Rows, values)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return tables, nil
}

// recalculate builds a run again from its lake files and its plan, without
// publishing it, and returns what it would have sealed.
func recalculate(ctx context.Context, opt Options, r *Run, l *lake) (*Seal, error) {
	dir, err := os.MkdirTemp("", "levelfield-verify-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	opt.Now = func() time.Time { return r.Meta.CreatedAt }
	tables, err := r.given(ctx, "plan")
	if err != nil {
		return nil, err
	}
	state, err := r.given(ctx, "state")
	if err != nil {
		return nil, err
	}
	in, err := opt.inputs(l, tables, state)
	if err != nil {
		return nil, err
	}
	b := newBuild(opt, l, tables, state, dir, &Result{RunID: r.ID})
	var s *Seal
	err = withDatabase(ctx, filepath.Join(dir, "run.duckdb"), opt, b.scratch, func(conn *sql.Conn) error {
		b.conn = conn
		if err := b.calculate(ctx, in); err != nil {
			return err
		}
		s, err = sealTables(ctx, conn, in, r.ID)
		return err
	})
	return s, err
}
