// Package plan reads plan files: the numbers by which a company judges, as
// strict YAML. A plan becomes the tables plan.* that the SQL reads; a key of
// the file and the table or column it fills have the same name.
package plan

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/invopop/jsonschema"
	"go.yaml.in/yaml/v3"
)

//go:embed presets/*.yaml
var presets embed.FS

// File is one plan file. Fields left out keep the preset's value.
type File struct {
	Name        string             `yaml:"name" json:"name" jsonschema:"required,description=Short name of the plan"`
	Setting     Setting            `yaml:"setting" json:"setting"`
	RaterWeight map[string]float64 `yaml:"rater_weight" json:"rater_weight,omitempty" jsonschema:"description=Weight of each kind of rater: manager\\, peer\\, self"`
	Target      []Target           `yaml:"target" json:"target,omitempty" jsonschema:"description=Values shown beside indicators"`
}

// Setting is the one row of plan.setting. Base currency and first month of the
// fiscal year come from levelfield.yaml unless the plan names its own.
type Setting struct {
	BaseCurrency           string  `yaml:"base_currency" json:"base_currency,omitempty" jsonschema:"description=Currency of every amount; from levelfield.yaml where empty"`
	SalesSource            string  `yaml:"sales_source" json:"sales_source,omitempty" jsonschema:"enum=finance,enum=deals"`
	AsOf                   Day     `yaml:"as_of_on" json:"as_of_on,omitempty" jsonschema:"description=Cash and replies count up to this day; last day of the last month where empty"`
	CollectionGraceDays    int     `yaml:"collection_grace_days" json:"collection_grace_days,omitempty" jsonschema:"minimum=0,maximum=365"`
	ExpenseStandardRate    float64 `yaml:"expense_standard_rate" json:"expense_standard_rate,omitempty" jsonschema:"minimum=0,maximum=1"`
	ExpenseCeilingRate     float64 `yaml:"expense_ceiling_rate" json:"expense_ceiling_rate,omitempty" jsonschema:"minimum=0,maximum=1"`
	ReplyHours             float64 `yaml:"reply_hours" json:"reply_hours,omitempty" jsonschema:"minimum=0,maximum=720"`
	ResolutionDays         float64 `yaml:"resolution_days" json:"resolution_days,omitempty" jsonschema:"minimum=0,maximum=365"`
	ActiveCustomerMonths   int     `yaml:"active_customer_months" json:"active_customer_months,omitempty" jsonschema:"minimum=1,maximum=60"`
	TrainingMonths         int     `yaml:"training_months" json:"training_months,omitempty" jsonschema:"minimum=1,maximum=60"`
	FiscalYearStart        int     `yaml:"fiscal_year_start" json:"fiscal_year_start,omitempty" jsonschema:"minimum=1,maximum=12"`
	ReconcileToleranceRate float64 `yaml:"reconcile_tolerance_rate" json:"reconcile_tolerance_rate,omitempty" jsonschema:"minimum=0,maximum=1"`
	InnovationCap          float64 `yaml:"innovation_cap" json:"innovation_cap,omitempty" jsonschema:"minimum=0,maximum=100"`
	FirstMonth             Month   `yaml:"first_month" json:"first_month,omitempty" jsonschema:"description=First month calculated; the first with data where empty"`
	LastMonth              Month   `yaml:"last_month" json:"last_month,omitempty" jsonschema:"description=Last month calculated; the last with data where empty"`
}

// Target is one row of plan.target.
type Target struct {
	Indicator string  `yaml:"indicator" json:"indicator"`
	Amount    float64 `yaml:"amount" json:"amount"`
	UnitKind  string  `yaml:"unit_kind" json:"unit_kind,omitempty" jsonschema:"enum=company,enum=region,enum=team,enum=rep,description=Every kind of unit where left out"`
}

// Day is a date written 2026-10-31; empty means none.
type Day struct{ time.Time }

// Month is a month written 2026-10; empty means none.
type Month struct{ time.Time }

// UnmarshalYAML reads a day.
func (d *Day) UnmarshalYAML(n *yaml.Node) (err error) {
	d.Time, err = parseTime(n, time.DateOnly, "a day such as 2026-10-31")
	return err
}

// UnmarshalYAML reads a month.
func (m *Month) UnmarshalYAML(n *yaml.Node) (err error) {
	m.Time, err = parseTime(n, "2006-01", "a month such as 2026-10")
	return err
}

func parseTime(n *yaml.Node, layout, want string) (time.Time, error) {
	if n.Kind == yaml.ScalarNode && (n.Tag == "!!null" || n.Value == "") {
		return time.Time{}, nil
	}
	t, err := time.Parse(layout, n.Value)
	if err != nil {
		return t, &yaml.TypeError{Errors: []string{fmt.Sprintf("line %d: %q is not %s", n.Line, n.Value, want)}}
	}
	return t, nil
}

// JSONSchema describes a day in the schema of plan files.
func (Day) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{Type: "string", Pattern: `^\d{4}-\d{2}-\d{2}$`}
}

// JSONSchema describes a month in the schema of plan files.
func (Month) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{Type: "string", Pattern: `^\d{4}-\d{2}$`}
}

// Preset returns the text of a shipped plan, to start a plan file from.
func Preset(name string) ([]byte, error) {
	text, err := presets.ReadFile("presets/" + name + ".yaml")
	if err != nil {
		return nil, fmt.Errorf("there is no shipped plan %q", name)
	}
	return text, nil
}

// Default returns the shipped plan named default.
func Default() *File {
	text, err := Preset("default")
	if err != nil {
		panic(err)
	}
	f := &File{}
	if err := f.read("presets/default.yaml", text); err != nil {
		panic(err)
	}
	return f
}

// Load reads a plan file of a workspace; a missing file is the default plan.
func Load(path string) (*File, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Default(), nil
	}
	if err != nil {
		return nil, fmt.Errorf("read plan: %w", err)
	}
	return Parse(path, text)
}

// Parse reads a plan over the default plan: settings left out keep their
// default, rater_weight and target replace the default's where they are given.
// The error joins every mistake, each with its line.
func Parse(name string, text []byte) (*File, error) {
	f := Default()
	var given struct {
		RaterWeight *yaml.Node `yaml:"rater_weight"`
		Target      *yaml.Node `yaml:"target"`
	}
	if yaml.Unmarshal(text, &given) == nil {
		if given.RaterWeight != nil {
			f.RaterWeight = nil
		}
		if given.Target != nil {
			f.Target = nil
		}
	}
	if err := f.read(name, text); err != nil {
		return nil, err
	}
	return f, nil
}

func (f *File) read(name string, text []byte) error {
	dec := yaml.NewDecoder(bytes.NewReader(text))
	dec.KnownFields(true)
	var wrong []mistake
	if err := dec.Decode(f); err != nil && !errors.Is(err, io.EOF) {
		var typed *yaml.TypeError
		if !errors.As(err, &typed) { // not YAML at all: nothing more can be said
			return fmt.Errorf("%s: %s", name, strings.TrimPrefix(err.Error(), "yaml: "))
		}
		for _, e := range typed.Errors {
			wrong = append(wrong, parseMistake(e))
		}
	}
	var root yaml.Node
	_ = yaml.Unmarshal(text, &root) // it was YAML above
	wrong = append(wrong, f.mistakes(&root)...)
	if len(wrong) == 0 {
		return nil
	}
	sort.SliceStable(wrong, func(i, j int) bool { return wrong[i].line < wrong[j].line })
	var all []error
	for _, m := range wrong {
		all = append(all, fmt.Errorf("%s: line %d: %s", name, max(m.line, 1), m.what))
	}
	return errors.Join(all...)
}

type mistake struct {
	line int
	what string
}

// parseMistake reads "line 7: field x not found in type plan.File".
func parseMistake(e string) mistake {
	var line int
	text := e
	if rest, ok := strings.CutPrefix(e, "line "); ok {
		number, after, _ := strings.Cut(rest, ": ")
		line, _ = strconv.Atoi(number)
		text = after
	}
	if field, ok := strings.CutPrefix(text, "field "); ok {
		if key, _, ok := strings.Cut(field, " not found in type "); ok {
			text = fmt.Sprintf("there is no setting %q", key)
		}
	}
	return mistake{line, text}
}

var unitKinds = []string{"company", "region", "team", "rep"}

// mistakes are what the types alone cannot tell, each with its line.
func (f *File) mistakes(root *yaml.Node) []mistake {
	var out []mistake
	say := func(line int, format string, a ...any) { out = append(out, mistake{line, fmt.Sprintf(format, a...)}) }
	setting := lookup(root, "setting")
	at := func(key string) int {
		if n := lookup(setting, key); n != nil {
			return n.Line
		}
		if setting != nil {
			return setting.Line
		}
		return 1
	}
	if f.Name == "" {
		say(1, "the plan needs a name")
	}
	s := f.Setting
	if s.SalesSource != "finance" && s.SalesSource != "deals" {
		say(at("sales_source"), "sales_source is %q; it must be finance or deals", s.SalesSource)
	}
	between := func(key string, v, low, high float64) {
		if !(v >= low && v <= high) {
			say(at(key), "%s is %v; it must be from %v to %v", key, v, low, high)
		}
	}
	between("collection_grace_days", float64(s.CollectionGraceDays), 0, 365)
	between("expense_standard_rate", s.ExpenseStandardRate, 0, 1)
	between("expense_ceiling_rate", s.ExpenseCeilingRate, 0, 1)
	between("reply_hours", s.ReplyHours, 0, 720)
	between("resolution_days", s.ResolutionDays, 0, 365)
	between("active_customer_months", float64(s.ActiveCustomerMonths), 1, 60)
	between("training_months", float64(s.TrainingMonths), 1, 60)
	between("fiscal_year_start", float64(s.FiscalYearStart), 0, 12)
	between("reconcile_tolerance_rate", s.ReconcileToleranceRate, 0, 1)
	between("innovation_cap", s.InnovationCap, 0, 100)
	if s.ExpenseCeilingRate < s.ExpenseStandardRate {
		say(at("expense_ceiling_rate"), "expense_ceiling_rate %v is below expense_standard_rate %v", s.ExpenseCeilingRate, s.ExpenseStandardRate)
	}
	if !s.FirstMonth.IsZero() && !s.LastMonth.IsZero() && s.LastMonth.Before(s.FirstMonth.Time) {
		say(at("last_month"), "last_month %s is before first_month %s", s.LastMonth.Format("2006-01"), s.FirstMonth.Format("2006-01"))
	}
	weights := lookup(root, "rater_weight")
	sum := 0.0
	for _, kind := range sortedKeys(f.RaterWeight) {
		line := 1
		if n := lookup(weights, kind); n != nil {
			line = n.Line
		}
		if w := f.RaterWeight[kind]; w < 0 || w > 1 {
			say(line, "rater_weight %s is %v; it must be from 0 to 1", kind, w)
		}
		sum += f.RaterWeight[kind]
	}
	if len(f.RaterWeight) == 0 || sum <= 0 {
		line := 1
		if weights != nil {
			line = weights.Line
		}
		say(line, "rater_weight needs at least one weight above 0")
	}
	seen := map[string]int{}
	targets := lookup(root, "target")
	for i, t := range f.Target {
		line := 1
		if targets != nil && i < len(targets.Content) {
			line = targets.Content[i].Line
		}
		if t.Indicator == "" {
			say(line, "target %d needs an indicator", i+1)
		}
		if t.UnitKind != "" && !slices.Contains(unitKinds, t.UnitKind) {
			say(line, "unit_kind is %q; it must be one of %s", t.UnitKind, strings.Join(unitKinds, ", "))
		}
		key := t.Indicator + "/" + t.UnitKind
		if first, twice := seen[key]; twice {
			say(line, "target of %s is given twice, first on line %d", t.Indicator, first)
		} else {
			seen[key] = line
		}
	}
	return out
}

// lookup returns the value node of a key of a mapping, or nil.
func lookup(n *yaml.Node, key string) *yaml.Node {
	if n == nil {
		return nil
	}
	if n.Kind == yaml.DocumentNode && len(n.Content) > 0 {
		n = n.Content[0]
	}
	if n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// Schema returns the JSON schema of plan files, for editors.
func Schema() []byte {
	r := &jsonschema.Reflector{DoNotReference: true, FieldNameTag: "yaml"}
	s := r.Reflect(&File{})
	s.ID = ""
	s.Title = "levelfield plan"
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		panic(err)
	}
	return append(text, '\n')
}
