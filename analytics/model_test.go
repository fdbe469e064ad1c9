package analytics

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"levelfield/analytics/plan"
	"levelfield/ingest/table"
	levelfieldsql "levelfield/sql"
)

// caseFile is sql/<folder>/testdata/<name>.yaml.
type caseFile struct {
	Model string      `yaml:"model"` // folder.name of the file where empty
	Cases []modelCase `yaml:"cases"`
}

// modelCase is one rule of a model: given these rows, and nothing else, it
// returns exactly those, in any order.
type modelCase struct {
	Name   string           `yaml:"name"`
	Why    string           `yaml:"why"`
	Given  map[string][]row `yaml:"given"`
	Expect []row            `yaml:"expect"`
}

// row is a YAML mapping whose values stay text, so that 2026-10-01 and 100.00
// reach the database as written. A nil value is null.
type row struct {
	columns []string
	values  map[string]any
}

func (r *row) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind != yaml.MappingNode {
		return fmt.Errorf("line %d: a row is {column: value, ...}", n.Line)
	}
	r.values = map[string]any{}
	for i := 0; i < len(n.Content); i += 2 {
		key, v := n.Content[i].Value, n.Content[i+1]
		if v.Kind != yaml.ScalarNode {
			return fmt.Errorf("line %d: %s must be one value", v.Line, key)
		}
		if _, twice := r.values[key]; twice {
			return fmt.Errorf("line %d: %s is given twice", v.Line, key)
		}
		r.columns = append(r.columns, key)
		if r.values[key] = any(v.Value); v.Tag == "!!null" {
			r.values[key] = nil
		}
	}
	return nil
}

// TestModels runs every case beside the SQL. One case:
// go test ./analytics -run 'TestModels/indicators.gross_margin/a_return'.
func TestModels(t *testing.T) {
	p := shippedProject(t)
	files, err := fs.Glob(levelfieldsql.Files, "*/testdata/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	blank := blankRelations(t, p)
	for _, file := range files {
		layer, base := path.Dir(path.Dir(file)), strings.TrimSuffix(path.Base(file), ".yaml")
		var cf caseFile
		text, err := fs.ReadFile(levelfieldsql.Files, file)
		if err != nil {
			t.Fatal(err)
		}
		dec := yaml.NewDecoder(bytes.NewReader(text))
		dec.KnownFields(true)
		if err := dec.Decode(&cf); err != nil {
			t.Errorf("sql/%s: %v", file, err)
			continue
		}
		if cf.Model == "" {
			cf.Model = layer + "." + base
		}
		m := p.find(cf.Model)
		if m == nil {
			t.Errorf("sql/%s: there is no model %s", file, cf.Model)
			continue
		}
		t.Run(cf.Model, func(t *testing.T) {
			for _, c := range cf.Cases {
				t.Run(c.Name, func(t *testing.T) { runCase(t, p, blank, m, c) })
			}
		})
	}
}

// find returns a model or check by name.
func (p *project) find(relation string) *Model {
	if m := p.model(relation); m != nil {
		return m
	}
	for _, m := range p.checks {
		if m.Relation == relation {
			return m
		}
	}
	return nil
}

func shippedProject(t *testing.T) *project {
	t.Helper()
	p, err := loadProject(t.Context(), memory(t), levelfieldsql.Files, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// memory returns one connection on an empty database.
func memory(t *testing.T) *sql.Conn {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	conn, err := db.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

func run(t *testing.T, conn *sql.Conn, text string, args ...any) {
	t.Helper()
	if _, err := conn.ExecContext(context.Background(), text, args...); err != nil {
		t.Fatalf("%v\nin %s", err, text)
	}
}

// lakeTypes are the columns of a lake relation as the Parquet files have them.
func lakeTypes(e *table.Entity) []plan.Column {
	kinds := map[table.Kind]string{
		table.Text: "varchar", table.Date: "date", table.Time: "timestamp", table.Money: "decimal(18,4)",
		table.Number: "decimal(18,6)", table.Int: "bigint", table.Bool: "boolean",
	}
	var out []plan.Column
	for _, f := range e.Fields {
		out = append(out, plan.Column{Name: f.Name, Type: kinds[f.Kind]})
	}
	return append(out, plan.Column{Name: "source_file", Type: "varchar"}, plan.Column{Name: "source_sheet", Type: "varchar"},
		plan.Column{Name: "source_row", Type: "bigint"}, plan.Column{Name: "batch", Type: "bigint"})
}

// prepare makes the schemas, macros, empty lake tables and the default plan.
func prepare(t *testing.T, conn *sql.Conn, p *project) {
	t.Helper()
	prepareOnly(t, conn, p, func(string) bool { return true })
}

// prepareOnly makes of lake, plan and state what a test wants.
func prepareOnly(t *testing.T, conn *sql.Conn, p *project, wants func(relation string) bool) {
	t.Helper()
	for _, layer := range layers {
		run(t, conn, "create schema if not exists "+layer)
	}
	for _, e := range table.All {
		if wants("lake." + e.Name) {
			run(t, conn, declareTable("lake."+e.Name, lakeTypes(e)))
		}
	}
	wanted := func(layer string, tables []plan.Table) []plan.Table {
		return slices.DeleteFunc(slices.Clone(tables), func(t plan.Table) bool { return !wants(layer + "." + strings.TrimPrefix(t.Name, layer+".")) })
	}
	if err := createPlan(t.Context(), conn, wanted("plan", defaultPlan())); err != nil {
		t.Fatal(err)
	}
	state, err := (*State)(nil).tables()
	if err != nil {
		t.Fatal(err)
	}
	if err := createState(t.Context(), conn, wanted("state", state)); err != nil {
		t.Fatal(err)
	}
	for _, m := range p.macros {
		run(t, conn, m)
	}
}

var defaultPlan = sync.OnceValue(func() []plan.Table { return plan.Of(plan.Default()).Tables(time.Time{}, nil) })

// makeModel makes a relation of any kind as a table.
func makeModel(t *testing.T, conn *sql.Conn, m *Model) {
	t.Helper()
	if m.step == nil {
		run(t, conn, "create table "+quoteRelation(m.Relation)+" as "+m.SQL)
		return
	}
	if err := m.step(t.Context(), conn); err != nil {
		t.Fatalf("%s: %v", m.Relation, err)
	}
}

func declareTable(relation string, columns []plan.Column) string {
	var parts []string
	for _, c := range columns {
		parts = append(parts, fmt.Sprintf("%q %s", c.Name, c.Type))
	}
	return "create table " + quoteRelation(relation) + " (" + strings.Join(parts, ", ") + ")"
}

// blankRelations calculates every model over an empty lake and returns the
// columns of each: it also proves that no model fails without data.
func blankRelations(t *testing.T, p *project) map[string][]plan.Column {
	t.Helper()
	conn := memory(t)
	prepare(t, conn, p)
	out := map[string][]plan.Column{}
	made := false
	for _, m := range append(slices.Clone(p.models), p.checks...) {
		if !made && slices.Index(layers, m.Layer) > slices.Index(layers, "indicators") {
			makeGenerated(t, conn, p, out)
			made = true
		}
		makeModel(t, conn, m)
		out[m.Relation] = columnsOf(t, conn, m.Relation)
	}
	return out
}

// makeGenerated makes the relations that a build makes itself.
func makeGenerated(t *testing.T, conn *sql.Conn, p *project, out map[string][]plan.Column) {
	t.Helper()
	var indicators []*Model
	for _, m := range p.models {
		if m.Layer == "indicators" {
			indicators = append(indicators, m)
		}
	}
	if err := createTable(t.Context(), conn, valueModel(indicators)); err != nil {
		t.Fatal(err)
	}
	if err := createIndicatorDefinition(t.Context(), conn, indicators); err != nil {
		t.Fatal(err)
	}
	for _, r := range generated {
		out[r] = columnsOf(t, conn, r)
	}
}

func columnsOf(t *testing.T, conn *sql.Conn, relation string) []plan.Column {
	t.Helper()
	rows, err := conn.QueryContext(context.Background(), "select column_name, column_type from (describe "+quoteRelation(relation)+")")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []plan.Column
	for rows.Next() {
		var c plan.Column
		if err := rows.Scan(&c.Name, &c.Type); err != nil {
			t.Fatal(err)
		}
		out = append(out, c)
	}
	return out
}

func runCase(t *testing.T, p *project, blank map[string][]plan.Column, m *Model, c modelCase) {
	conn := memory(t)
	// What the case gives replaces the SQL; upstream of it nothing is needed.
	need := map[string]bool{m.Relation: true}
	var order []*Model
	for _, other := range slices.Backward(append(slices.Clone(p.models), p.checks...)) {
		if !need[other.Relation] {
			continue
		}
		if _, given := c.Given[other.Relation]; given && other != m {
			continue
		}
		order = append(order, other)
		for _, r := range other.Reads {
			need[r] = true
		}
	}
	slices.Reverse(order)
	prepareOnly(t, conn, p, func(relation string) bool {
		_, given := c.Given[relation]
		return given || need[relation]
	})
	for _, relation := range sortedKeys(c.Given) {
		give(t, conn, blank, relation, c.Given[relation])
	}
	for r := range need { // generated relations are empty unless given
		if _, given := c.Given[r]; slices.Contains(generated, r) && !given {
			run(t, conn, declareTable(r, blank[r]))
		}
	}
	for _, other := range order {
		makeModel(t, conn, other)
	}
	compare(t, conn, m.Relation, blank[m.Relation], c.Expect)
}

// give fills a relation with rows; columns left out are null, the origin of a
// lake row is its place in the list.
func give(t *testing.T, conn *sql.Conn, blank map[string][]plan.Column, relation string, rows []row) {
	t.Helper()
	layer, name, _ := strings.Cut(relation, ".")
	columns := blank[relation]
	switch layer {
	case "lake":
		e := table.Find(name)
		if e == nil {
			t.Fatalf("given %s: there is no such entity", relation)
		}
		columns = lakeTypes(e)
	case "plan", "state":
		columns = columnsOf(t, conn, relation)
	default:
		if columns == nil {
			t.Fatalf("given %s: there is no such relation", relation)
		}
		run(t, conn, declareTable(relation, columns))
	}
	if relation == "plan.setting" {
		for _, r := range rows {
			for _, c := range r.columns {
				run(t, conn, fmt.Sprintf("update plan.setting set %q = ?", c), r.values[c])
			}
		}
		return
	}
	if layer == "plan" || layer == "state" {
		run(t, conn, "delete from "+quoteRelation(relation))
	}
	for i, r := range rows {
		names, marks, args := []string{}, []string{}, []any{}
		add := func(column string, v any) {
			k := slices.IndexFunc(columns, func(c plan.Column) bool { return c.Name == column })
			if k < 0 {
				t.Fatalf("given %s: there is no column %s", relation, column)
			}
			names = append(names, fmt.Sprintf("%q", column))
			marks = append(marks, "cast(? as "+columns[k].Type+")")
			args = append(args, v)
		}
		for _, column := range r.columns {
			add(column, r.values[column])
		}
		if layer == "lake" {
			for column, v := range map[string]any{"source_file": "given.csv", "source_sheet": "", "source_row": i + 2, "batch": 1} {
				if _, given := r.values[column]; !given {
					add(column, v)
				}
			}
		}
		run(t, conn, fmt.Sprintf("insert into %s (%s) values (%s)", quoteRelation(relation), strings.Join(names, ", "), strings.Join(marks, ", ")), args...)
	}
}

// compare asserts the rows of a relation in the columns that expect names.
func compare(t *testing.T, conn *sql.Conn, relation string, columns []plan.Column, expect []row) {
	t.Helper()
	if len(expect) == 0 {
		var n int
		if err := conn.QueryRowContext(context.Background(), "select count(*) from "+quoteRelation(relation)).Scan(&n); err != nil {
			t.Fatal(err)
		}
		if n != 0 {
			t.Errorf("%s has %d rows, want none:\n%s", relation, n, strings.Join(texts(t, conn, "select * from "+quoteRelation(relation)), "\n"))
		}
		return
	}
	names := slices.Sorted(slices.Values(expect[0].columns))
	var got, want []string // expressions
	for _, name := range names {
		k := slices.IndexFunc(columns, func(c plan.Column) bool { return c.Name == name })
		if k < 0 {
			t.Fatalf("expect: %s has no column %s", relation, name)
		}
		as := func(expr string) string {
			if columns[k].Type == "DOUBLE" {
				return "printf('%.9g', cast(" + expr + " as double))"
			}
			return "cast(cast(" + expr + " as " + columns[k].Type + ") as varchar)"
		}
		got = append(got, as(fmt.Sprintf("%q", name)))
		want = append(want, as("?"))
	}
	var wanted []string
	for i, r := range expect {
		if d := cmp.Diff(names, slices.Sorted(slices.Values(r.columns))); d != "" {
			t.Fatalf("expect: row %d names other columns than row 1:\n%s", i+1, d)
		}
		args := []any{}
		for _, name := range names {
			args = append(args, r.values[name])
		}
		wanted = append(wanted, texts(t, conn, "select "+strings.Join(want, ", "), args...)...)
	}
	sort.Strings(wanted)
	found := texts(t, conn, "select "+strings.Join(got, ", ")+" from "+quoteRelation(relation))
	sort.Strings(found)
	if d := cmp.Diff(wanted, found); d != "" {
		t.Errorf("%s: columns %s (- want, + got):\n%s", relation, strings.Join(names, " | "), d)
	}
}

// texts returns the rows of a query, a line each.
func texts(t *testing.T, conn *sql.Conn, text string, args ...any) []string {
	t.Helper()
	rows, err := conn.QueryContext(context.Background(), text, args...)
	if err != nil {
		t.Fatalf("%v\nin %s", err, text)
	}
	defer rows.Close()
	columns, _ := rows.Columns()
	var out []string
	for rows.Next() {
		cells := make([]any, len(columns))
		dest := make([]any, len(columns))
		for i := range cells {
			dest[i] = &cells[i]
		}
		if err := rows.Scan(dest...); err != nil {
			t.Fatal(err)
		}
		parts := make([]string, len(cells))
		for i, c := range cells {
			if parts[i] = fmt.Sprint(c); c == nil {
				parts[i] = "null"
			}
		}
		out = append(out, strings.Join(parts, " | "))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// namesNobody are the panels that only count and tell whether there is
// anything, for the company as a whole: they give away no unit's figure.
var namesNobody = map[string]bool{"difficulty_state.sql": true}

func TestPanelsNameRelationsThatExistAndBindTheScope(t *testing.T) {
	p := shippedProject(t)
	conn := memory(t)
	panels, err := fs.Glob(levelfieldsql.Files, "panels/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range panels {
		text, err := fs.ReadFile(levelfieldsql.Files, file)
		if err != nil {
			t.Fatal(err)
		}
		reads, err := parseReads(t.Context(), conn, string(text))
		if err != nil {
			t.Errorf("sql/%s: %v", file, err)
		}
		for _, r := range reads {
			layer, _, _ := strings.Cut(r, ".")
			if layer == "plan" || layer == "meta" || stateRelations[r] != nil || r == "checks.result" || slices.Contains(generated, r) || p.model(r) != nil {
				continue
			}
			t.Errorf("sql/%s: reads %s, which a published run does not hold", file, r)
		}
		touchesUnits := slices.ContainsFunc(reads, func(r string) bool {
			return strings.HasPrefix(r, "core.") && r != "core.month" || r == "indicators.value" || strings.HasPrefix(r, "indicators.") && !slices.Contains(generated, r)
		})
		if namesNobody[path.Base(file)] {
			continue
		}
		if touchesUnits && !strings.Contains(string(text), "$scope_all") {
			t.Errorf("sql/%s: reads units without a scope; see analytics/scope.go", file)
		}
	}
}
