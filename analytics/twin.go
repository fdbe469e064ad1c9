package analytics

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Words is one text in the two languages of the product.
type Words struct {
	En string `yaml:"en"`
	Zh string `yaml:"zh-CN"`
}

// Column describes one column of a relation.
type Column struct {
	Words `yaml:",inline"`
	Unit  string `yaml:"unit,omitempty"`
}

// SourceRows names the exported rows behind an indicator's value: a relation
// of rows with source_file, source_sheet, source_row, month, rep_id, team_id
// and region_id, and what to sum over a unit's rows of a month.
type SourceRows struct {
	Relation    string `yaml:"relation"`
	Where       string `yaml:"where,omitempty"`       // condition on the relation's rows
	Numerator   string `yaml:"numerator"`             // expression, its sum is the numerator
	Denominator string `yaml:"denominator,omitempty"` // expression, or "" where the denominator is 1
	// Day is the column with the day whose month the row counts in. Where a
	// relation is a view over exports, those of other months are then not read.
	Day string `yaml:"day,omitempty"`
}

// condition returns the condition on the relation's rows of month $month.
func (s *SourceRows) condition() string {
	parts := []string{}
	if s.Where != "" {
		parts = append(parts, "("+s.Where+")")
	}
	if s.Day != "" {
		parts = append(parts, s.Day+" >= $month::date and "+s.Day+" < $month::date + interval 1 month")
	}
	return strings.Join(parts, " and ")
}

// Check is a query of which every row is a failure.
type Check struct {
	Name     string `yaml:"name"`
	Severity string `yaml:"severity"` // stop: the run is not published; warn: it is, and says so
	SQL      string `yaml:"sql"`
	Title    Words  `yaml:"title"`

	relation string   // that declares it
	reads    []string // relations it reads, sorted
}

// Twin is the .yaml beside a model's .sql: what the relation means.
type Twin struct {
	Title       Words             `yaml:"title"`
	Description Words             `yaml:"description"`
	Formula     Words             `yaml:"formula,omitempty"`     // indicators only
	Unit        string            `yaml:"unit,omitempty"`        // of the value, indicators only
	Direction   string            `yaml:"direction,omitempty"`   // up, down, none: which way is better
	Class       string            `yaml:"class,omitempty"`       // of the indicator
	Theme       string            `yaml:"theme,omitempty"`       // what to train where it is weak; without one diagnosis leaves the indicator out
	Sort        int               `yaml:"sort,omitempty"`        // place in lists
	Materialize string            `yaml:"materialize,omitempty"` // table (default), view, recent, month
	Months      []string          `yaml:"months,omitempty"`      // entities and relations of which a month's rows need that month's rows only
	Past        []string          `yaml:"past,omitempty"`        // with months: those of which a month's rows need the rows up to that month
	Grows       []string          `yaml:"grows,omitempty"`       // with months: relations of which rows added later concern no month calculated before
	Key         []string          `yaml:"key,omitempty"`         // columns that tell its rows apart and that they are in the order of; without, all columns
	GrowsUnder  []string          `yaml:"grows_under,omitempty"` // relations that must stay the same for those who let this one grow
	MadeBy      string            `yaml:"made_by,omitempty"`     // "go": a Go step makes the relation and there is no .sql
	Reads       []string          `yaml:"reads,omitempty"`       // made_by go: the relations that the step reads
	Columns     map[string]Column `yaml:"columns,omitempty"`
	Rows        *SourceRows       `yaml:"rows,omitempty"`
	Severity    string            `yaml:"severity,omitempty"` // files of checks only
	Checks      []Check           `yaml:"checks,omitempty"`
	Owner       string            `yaml:"owner,omitempty"`
	Reviewed    string            `yaml:"reviewed,omitempty"`
}

// The words a twin may use.
var (
	units        = []string{"rate", "money", "count", "points", "per_day", "ratio", "days", "pieces"}
	directions   = []string{"up", "down", "none"}
	classes      = []string{"result", "customer", "activity", "process", "quality", "team", "bonus"}
	themes       = []string{"opening", "visiting", "closing", "order_size", "pricing", "collecting", "spending", "service", "developing", "terminals", "routine", "teamwork"}
	materialized = []string{"table", "view", "recent", "month"}
	severities   = []string{"stop", "warn"}
)

// isView tells whether the relation is worked out when it is read, all of it or
// its older months.
func (t *Twin) isView() bool { return t.Materialize == "view" || t.Materialize == "recent" }

// parseTwin reads a twin strictly and returns every mistake in it at once.
func parseTwin(path, layer string, data []byte) (*Twin, error) {
	t := &Twin{}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(t); err != nil && !errors.Is(err, io.EOF) {
		return nil, yamlMistakes(path, err)
	}
	var wrong []error
	say := func(format string, a ...any) { wrong = append(wrong, fmt.Errorf(path+": "+format, a...)) }
	oneOf := func(key, got string, allowed []string) {
		if !slices.Contains(allowed, got) {
			say("%s is %q; it must be one of %s", key, got, strings.Join(allowed, ", "))
		}
	}
	both := func(key string, w Words) {
		if w.En == "" || w.Zh == "" {
			say("%s needs both en and zh-CN", key)
		}
	}
	both("title", t.Title)
	both("description", t.Description)
	switch layer {
	case "checks":
		oneOf("severity", t.Severity, severities)
	case "indicators":
		both("formula", t.Formula)
		oneOf("unit", t.Unit, units)
		oneOf("direction", t.Direction, directions)
		oneOf("class", t.Class, classes)
		if t.Theme != "" {
			oneOf("theme", t.Theme, themes)
		}
	}
	if layer != "indicators" && t.Theme != "" {
		say("theme is for indicators only")
	}
	if t.Materialize == "" {
		t.Materialize = "table"
	}
	oneOf("materialize", t.Materialize, materialized)
	if (t.Materialize == "month" || t.Materialize == "recent") && len(t.Months) == 0 || t.Materialize == "view" && len(t.Months) > 0 {
		say("months names what materialize: month or recent, or a table, is split by")
	}
	if len(t.Months) == 0 && len(t.Past)+len(t.Grows) > 0 {
		say("past and grows go with months")
	}
	switch {
	case t.MadeBy != "" && t.MadeBy != "go":
		say("made_by is %q; it can only be go", t.MadeBy)
	case t.MadeBy == "" && len(t.Reads) > 0:
		say("reads is for made_by: go; what a SELECT reads is read from it")
	case t.MadeBy != "" && t.Materialize != "table":
		say("a relation made by go is a table")
	}
	if t.Rows != nil && (t.Rows.Relation == "" || t.Rows.Numerator == "") {
		say("rows needs relation and numerator")
	}
	seen := map[string]bool{}
	for i, c := range t.Checks {
		if c.Name == "" || seen[c.Name] {
			say("check %d needs a name of its own", i+1)
		}
		seen[c.Name] = true
		oneOf("severity of check "+c.Name, c.Severity, severities)
		both("title of check "+c.Name, c.Title)
		if strings.TrimSpace(c.SQL) == "" {
			say("check %s needs sql", c.Name)
		}
	}
	for name, c := range t.Columns {
		both("column "+name, c.Words)
	}
	if wrong != nil {
		return nil, errors.Join(wrong...)
	}
	return t, nil
}

// yamlMistakes turns what the YAML reader says into one error a mistake.
func yamlMistakes(path string, err error) error {
	var typed *yaml.TypeError
	if !errors.As(err, &typed) {
		return fmt.Errorf("%s: %s", path, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	var all []error
	for _, e := range typed.Errors {
		all = append(all, fmt.Errorf("%s: %s", path, e))
	}
	return errors.Join(all...)
}
