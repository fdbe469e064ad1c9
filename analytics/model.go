package analytics

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"sort"
	"strings"
)

// layers in reading order: a relation reads its own layer and those before it.
// plan, lake, state and meta are made by the build itself.
var layers = []string{"plan", "lake", "state", "staging", "core", "indicators", "difficulty", "scorecard", "pay", "fairness", "allocation", "diagnosis", "meta", "checks", "panels"}

// generated relations are made by the build between the indicators and what
// follows them.
var generated = []string{"indicators.value", "indicators.definition"}

// Model is one SELECT, or one Go step, that becomes one relation.
type Model struct {
	Relation string   // layer.name, such as indicators.gross_margin
	Layer    string   // folder
	Path     string   // where a person finds it: sql/indicators/gross_margin.sql
	SQL      string   // as written
	Twin     *Twin    // its meaning
	Own      bool     // the company's own, from the workspace
	Reads    []string // relations it reads, sorted
	step     step     // makes the relation where SQL cannot; then SQL is ""
	order    []string // columns that its rows are sorted by; nil: see inOrder
}

// project is everything that package sql and the workspace's models say.
type project struct {
	macros []string // create statements, sorted by file
	models []*Model // in the order in which they can be calculated
	checks []*Model // of sql/checks
}

// loadProject reads all models and twins, parses what each reads and puts
// them in order. own may be nil. Every mistake is reported at once.
func loadProject(ctx context.Context, conn *sql.Conn, shipped, own fs.FS) (*project, error) {
	p := &project{}
	var wrong []error
	found := map[string]*Model{}
	read := func(files fs.FS, prefix string, allowed func(layer string) bool, isOwn bool) {
		names, err := fs.Glob(files, "*/*.sql")
		if err != nil {
			wrong = append(wrong, err)
		}
		for _, name := range names {
			layer, base := path.Split(strings.TrimSuffix(name, ".sql"))
			layer = strings.TrimSuffix(layer, "/")
			at := prefix + name
			text, err := fs.ReadFile(files, name)
			if err != nil {
				wrong = append(wrong, err)
				continue
			}
			if (layer == "panels" || isScan(layer)) && !isOwn { // run by questions
				continue
			}
			if layer == "macros" && !isOwn {
				p.macros = append(p.macros, string(text))
				continue
			}
			if !allowed(layer) {
				wrong = append(wrong, fmt.Errorf("%s: a model cannot be in folder %s", at, layer))
				continue
			}
			m := &Model{Relation: layer + "." + base, Layer: layer, Path: at, SQL: string(text), Own: isOwn}
			if other := found[m.Relation]; other != nil || slices.Contains(generated, m.Relation) {
				wrong = append(wrong, fmt.Errorf("%s: %s exists already; choose another name", at, m.Relation))
				continue
			}
			found[m.Relation] = m
			if m.step = steps[m.Relation]; m.step != nil && !isOwn {
				wrong = append(wrong, fmt.Errorf("%s: %s is made by a Go step; one of the two must go", at, m.Relation))
				continue
			}
			twin, err := fs.ReadFile(files, layer+"/"+base+".yaml")
			if errors.Is(err, fs.ErrNotExist) {
				wrong = append(wrong, fmt.Errorf("%s: needs %s.yaml beside it, with title, description and columns", at, base))
				continue
			}
			if err == nil {
				m.Twin, err = parseTwin(prefix+layer+"/"+base+".yaml", layer, twin)
			}
			if err != nil {
				wrong = append(wrong, err)
				continue
			}
			for i := range m.Twin.Checks {
				m.Twin.Checks[i].relation = m.Relation
			}
			if m.Twin.MadeBy != "" {
				wrong = append(wrong, fmt.Errorf("%s: its twin says made_by: %s", at, m.Twin.MadeBy))
			}
			if m.Reads, err = parseReads(ctx, conn, m.SQL); err != nil {
				wrong = append(wrong, fmt.Errorf("%s: %w", at, err))
			}
		}
	}
	read(shipped, "sql/", func(layer string) bool { return slices.Index(layers, layer) >= slices.Index(layers, "staging") }, false)
	for _, m := range stepModels(shipped, &wrong) {
		found[m.Relation] = m
	}
	if own != nil {
		read(own, "models/", func(layer string) bool { return layer == "indicators" }, true)
	}
	if wrong != nil {
		return nil, errors.Join(wrong...)
	}
	var all []*Model
	for _, m := range found {
		all = append(all, m)
	}
	ordered, err := order(all)
	if err != nil {
		return nil, err
	}
	for _, m := range ordered {
		for i := range m.Twin.Checks {
			c := &m.Twin.Checks[i]
			if c.reads, err = parseReads(ctx, conn, c.SQL); err != nil {
				wrong = append(wrong, fmt.Errorf("%s: check %s: %w", strings.TrimSuffix(m.Path, path.Ext(m.Path))+".yaml", c.Name, err))
			}
		}
		if m.Layer == "checks" {
			p.checks = append(p.checks, m)
		} else {
			p.models = append(p.models, m)
		}
	}
	if wrong != nil {
		return nil, errors.Join(wrong...)
	}
	return p, nil
}

// upstream returns m and every model it reads, directly or not, in order.
func (p *project) upstream(m *Model) []*Model {
	want := map[string]bool{m.Relation: true}
	var out []*Model
	for _, other := range slices.Backward(p.models) {
		if !want[other.Relation] {
			continue
		}
		out = append(out, other)
		for _, r := range other.Reads {
			want[r] = true
		}
	}
	slices.Reverse(out)
	return out
}

// needed returns some relations and all they read, directly or not. Who reads
// a relation over all indicators reads all indicators.
func (p *project) needed(relations []string) (map[string]bool, error) {
	only := map[string]bool{}
	for _, r := range relations {
		if p.model(r) == nil {
			return nil, fmt.Errorf("there is no relation %s", r)
		}
		only[r] = true
	}
	all := false
	for _, m := range slices.Backward(p.models) {
		if !only[m.Relation] && !(all && m.Layer == "indicators") {
			continue
		}
		only[m.Relation] = true
		for _, r := range m.Reads {
			only[r] = true
			all = all || slices.Contains(generated, r)
		}
	}
	return only, nil
}

func (p *project) model(relation string) *Model {
	for _, m := range p.models {
		if m.Relation == relation {
			return m
		}
	}
	return nil
}

// order sorts models so that each comes after what it reads. Equal choices
// are made by layer and name, so that two builds run alike.
func order(models []*Model) ([]*Model, error) {
	byName := map[string]*Model{}
	for _, m := range models {
		byName[m.Relation] = m
	}
	rank := func(layer string) int { return slices.Index(layers, layer) }
	sort.Slice(models, func(i, j int) bool {
		if a, b := rank(models[i].Layer), rank(models[j].Layer); a != b {
			return a < b
		}
		return models[i].Relation < models[j].Relation
	})
	var wrong []error
	for _, m := range models {
		for _, r := range m.Reads {
			layer, _, _ := strings.Cut(r, ".")
			switch {
			case rank(layer) < 0:
				wrong = append(wrong, fmt.Errorf("%s: reads %s, which no folder of sql/ holds", m.Path, r))
			case rank(layer) > rank(m.Layer):
				wrong = append(wrong, fmt.Errorf("%s: reads %s, but %s comes before %s: a layer reads itself and those to its left", m.Path, r, m.Layer, layer))
			case layer == "lake" && rank(m.Layer) > rank("core"):
				wrong = append(wrong, fmt.Errorf("%s: reads %s, but only staging and core read the lake", m.Path, r))
			case layer == m.Layer && slices.Contains(generated, r):
				wrong = append(wrong, fmt.Errorf("%s: reads %s, which is made after all indicators; read the indicators by name", m.Path, r))
			case layer == "state" && stateRelations[r] == nil:
				wrong = append(wrong, fmt.Errorf("%s: reads %s, but there is no such relation of decisions; they are %s", m.Path, r, strings.Join(sortedKeys(stateRelations), ", ")))
			case layer == "plan" || layer == "lake" || layer == "state" || layer == "meta" || r == "checks.result" || slices.Contains(generated, r):
			case byName[r] == nil:
				wrong = append(wrong, fmt.Errorf("%s: reads %s, but there is no sql/%s.sql", m.Path, r, strings.Replace(r, ".", "/", 1)))
			}
		}
	}
	if wrong != nil {
		return nil, errors.Join(wrong...)
	}
	const (
		unseen = iota
		open
		done
	)
	state := map[*Model]int{}
	var out []*Model
	var visit func(m *Model, trail []string) error
	visit = func(m *Model, trail []string) error {
		trail = append(trail, m.Relation)
		switch state[m] {
		case done:
			return nil
		case open:
			return fmt.Errorf("%s: reads itself in a circle: %s", m.Path, strings.Join(trail[slices.Index(trail, m.Relation):], " -> "))
		}
		state[m] = open
		for _, r := range m.Reads {
			if next := byName[r]; next != nil {
				if err := visit(next, trail); err != nil {
					return err
				}
			}
		}
		state[m] = done
		out = append(out, m)
		return nil
	}
	for _, m := range models {
		if err := visit(m, nil); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// parseReads returns the relations a SELECT reads, from DuckDB's own parse
// tree. It refuses anything but one SELECT, relations without their folder and
// functions that read files.
func parseReads(ctx context.Context, conn *sql.Conn, text string) ([]string, error) {
	if strings.Contains(stripComments(text), ";") {
		return nil, errors.New("holds a semicolon; a model is one SELECT without one")
	}
	var tree string
	if err := conn.QueryRowContext(ctx, "select json_serialize_sql("+quoteText(text)+")::varchar").Scan(&tree); err != nil {
		return nil, err
	}
	var root struct {
		Error      bool   `json:"error"`
		Type       string `json:"error_type"`
		Message    string `json:"error_message"`
		Statements []any  `json:"statements"`
	}
	if err := json.Unmarshal([]byte(tree), &root); err != nil {
		return nil, err
	}
	if root.Error {
		return nil, errors.New(root.Message)
	}
	if len(root.Statements) != 1 {
		return nil, errors.New("must be one SELECT")
	}
	reads := map[string]bool{}
	ctes := map[string]bool{}
	bare := map[string]bool{}
	var wrong []error
	var walk func(node any)
	walk = func(node any) {
		switch x := node.(type) {
		case []any:
			for _, v := range x {
				walk(v)
			}
		case map[string]any:
			if m, ok := x["cte_map"].(map[string]any); ok {
				entries, _ := m["map"].([]any)
				for _, e := range entries {
					if entry, ok := e.(map[string]any); ok {
						ctes[fmt.Sprint(entry["key"])] = true
					}
				}
			}
			switch x["type"] {
			case "BASE_TABLE":
				schema, table := fmt.Sprint(x["schema_name"]), fmt.Sprint(x["table_name"])
				if schema == "" {
					bare[table] = true
				} else {
					reads[schema+"."+table] = true
				}
			case "TABLE_FUNCTION":
				if f, ok := x["function"].(map[string]any); ok {
					if name := fmt.Sprint(f["function_name"]); !slices.Contains([]string{"range", "generate_series", "unnest"}, name) {
						wrong = append(wrong, fmt.Errorf("calls %s(); a model reads relations only", name))
					}
				}
			}
			for _, v := range x {
				walk(v)
			}
		}
	}
	walk(root.Statements[0])
	for name := range bare {
		if !ctes[name] {
			wrong = append(wrong, fmt.Errorf("reads %q without its folder; write core.%s or the like", name, name))
		}
	}
	if wrong != nil {
		sort.Slice(wrong, func(i, j int) bool { return wrong[i].Error() < wrong[j].Error() })
		return nil, errors.Join(wrong...)
	}
	var out []string
	for r := range reads {
		out = append(out, r)
	}
	slices.Sort(out)
	return out, nil
}

// stripComments blanks -- comments and string literals.
func stripComments(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch {
		case strings.HasPrefix(text[i:], "--"):
			for i < len(text) && text[i] != '\n' {
				i++
			}
			b.WriteByte('\n')
		case text[i] == '\'':
			for i++; i < len(text) && text[i] != '\''; i++ {
			}
			b.WriteString("''")
		default:
			b.WriteByte(text[i])
		}
	}
	return b.String()
}
