package plan

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/invopop/jsonschema"
	"go.yaml.in/yaml/v3"
)

// reader fills structs from YAML and collects every mistake with its line. It
// exists because the YAML package stops at the first mistake of some kinds,
// forgets lines, and drops strictness inside custom types. Ranges and choices
// come from the jsonschema tags, so that editors and the reader agree.
type reader struct {
	file      string
	wrong     []mistake
	inherited bool // the part being checked is the default's, not this file's
}

type mistake struct {
	line int
	what string
}

func (r *reader) say(line int, format string, a ...any) {
	r.wrong = append(r.wrong, mistake{max(line, 1), fmt.Sprintf(format, a...)})
}

// err joins the mistakes in the order of their lines; nil where there are none.
func (r *reader) err() error {
	sort.SliceStable(r.wrong, func(i, j int) bool { return r.wrong[i].line < r.wrong[j].line })
	var all []error
	for _, m := range r.wrong {
		all = append(all, fmt.Errorf("%s: line %d: %s", r.file, m.line, m.what))
	}
	return errors.Join(all...)
}

// place is where a part of a plan stands in its file.
type place struct {
	line int
	keys map[string]int  // line of each key given
	bad  map[string]bool // keys whose value was refused
}

func (p *place) put(line int, keys map[string]int, bad map[string]bool) {
	p.line, p.keys, p.bad = line, keys, bad
}

// at is the line of a key, or of the part where the key is left out.
func (p *place) at(key string) int {
	if line, ok := p.keys[key]; ok {
		return line
	}
	return p.line
}

func (p *place) has(key string) bool { _, ok := p.keys[key]; return ok }

// good tells whether a key is given with a value that can be judged further.
func (p *place) good(key string) bool { return p.has(key) && !p.bad[key] }

// read fills f from text.
func (r *reader) read(text []byte, f *File) {
	var root yaml.Node
	dec := yaml.NewDecoder(bytes.NewReader(text))
	if err := dec.Decode(&root); err != nil {
		if !errors.Is(err, io.EOF) { // not YAML at all: nothing more can be said
			r.wrong = append(r.wrong, parseMistake(err.Error()))
			return
		}
		r.say(1, "the file is empty; `levelfield init` writes a plan to start from")
		return
	}
	if err := dec.Decode(&yaml.Node{}); !errors.Is(err, io.EOF) {
		r.say(1, "the file holds several documents; write each version into a file of its own")
	}
	r.value(root.Content[0], reflect.ValueOf(f).Elem(), "plan", "", 0)
}

// parseMistake reads "yaml: line 7: did not find ...".
func parseMistake(e string) mistake {
	text := strings.TrimPrefix(e, "yaml: ")
	if rest, ok := strings.CutPrefix(text, "line "); ok {
		if number, after, ok := strings.Cut(rest, ": "); ok {
			if line, err := strconv.Atoi(number); err == nil {
				return mistake{line, "not YAML: " + after}
			}
		}
	}
	return mistake{1, "not YAML: " + text}
}

// from is a type that reads itself.
type from interface {
	from(r *reader, n *yaml.Node, key string)
}

const deepest = 40 // levels of nesting; more is a file that repeats itself by anchors

// value fills v from n; key names it in messages, tag is its jsonschema tag.
func (r *reader) value(n *yaml.Node, v reflect.Value, key, tag string, depth int) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if depth > deepest {
		r.say(n.Line, "%s is nested more than %d levels deep", key, deepest)
		return
	}
	if self, ok := v.Addr().Interface().(from); ok {
		self.from(r, n, key)
		return
	}
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		switch v.Kind() {
		case reflect.Slice, reflect.Map, reflect.Struct:
			r.say(n.Line, "%s is empty; fill it, or leave the key out", key)
		}
		return // a blank scalar is left out
	}
	switch v.Kind() {
	case reflect.Struct:
		r.fields(n, v, key, depth)
	case reflect.Slice:
		if n.Kind != yaml.SequenceNode {
			r.say(n.Line, "%s must be a list: each part on a line of its own after a dash", key)
			return
		}
		list := reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content))
		for i, c := range n.Content {
			r.value(c, list.Index(i), key, tag, depth+1)
		}
		v.Set(list)
	case reflect.Map:
		if n.Kind != yaml.MappingNode {
			r.say(n.Line, "%s must be names with values, such as name: 1", key)
			return
		}
		m := reflect.MakeMap(v.Type())
		for i, k := range r.keys(n, key) {
			if k == nil {
				continue
			}
			item := reflect.New(v.Type().Elem()).Elem()
			r.value(n.Content[2*i+1], item, key+" "+k.Value, tag, depth+1)
			m.SetMapIndex(reflect.ValueOf(k.Value), item)
		}
		v.Set(m)
	default:
		r.scalar(n, v, key, tag)
	}
}

// keys returns the key nodes of a mapping, nil in place of one given twice.
func (r *reader) keys(n *yaml.Node, of string) []*yaml.Node {
	first := map[string]int{}
	var out []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		if line, twice := first[k.Value]; twice {
			r.say(k.Line, "%q is given twice, first on line %d", k.Value, line)
			k = nil
		} else {
			first[k.Value] = k.Line
		}
		out = append(out, k)
	}
	return out
}

func (r *reader) fields(n *yaml.Node, v reflect.Value, key string, depth int) {
	if n.Kind != yaml.MappingNode {
		r.say(n.Line, "%s must be keys with values, such as %s: ...", key, firstKey(v.Type()))
		return
	}
	at, bad := map[string]int{}, map[string]bool{}
	for i, k := range r.keys(n, key) {
		if k == nil {
			continue
		}
		field, tag, ok := fieldOf(v, k.Value)
		if !ok {
			r.say(k.Line, "there is no setting %q%s", k.Value, inPart(key)+didYouMean(k.Value, keysOf(v.Type())))
			continue
		}
		if c := n.Content[2*i+1]; c.Kind != yaml.ScalarNode || c.Tag != "!!null" {
			at[k.Value] = k.Line
		}
		before := len(r.wrong)
		r.value(n.Content[2*i+1], field, k.Value, tag, depth+1)
		bad[k.Value] = len(r.wrong) > before
	}
	if p, ok := v.Addr().Interface().(interface {
		put(int, map[string]int, map[string]bool)
	}); ok {
		p.put(n.Line, at, bad)
	}
	for _, name := range keysOf(v.Type()) {
		_, tag, _ := fieldOf(v, name)
		if _, given := at[name]; !given && slices.Contains(strings.Split(tag, ","), "required") {
			r.say(n.Line, "%s needs %s", key, name)
		}
	}
}

func inPart(key string) string {
	if key == "plan" {
		return ""
	}
	return " in " + key
}

func keysOf(t reflect.Type) []string {
	var out []string
	for i := range t.NumField() {
		if key := yamlKey(t.Field(i)); key != "" {
			out = append(out, key)
		}
	}
	return out
}

func firstKey(t reflect.Type) string { return keysOf(t)[0] }

func yamlKey(f reflect.StructField) string {
	key, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
	if key == "-" {
		return ""
	}
	return key
}

func fieldOf(v reflect.Value, key string) (reflect.Value, string, bool) {
	for i := range v.NumField() {
		if f := v.Type().Field(i); key != "" && yamlKey(f) == key {
			return v.Field(i), f.Tag.Get("jsonschema"), true
		}
	}
	return reflect.Value{}, "", false
}

// didYouMean suggests the one name that differs by at most two letters.
func didYouMean(name string, known []string) string {
	best, least := "", 3
	for _, k := range known {
		if d := distance(name, k); d < least {
			best, least = k, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %s?", best)
}

// distance counts the letters to add, drop or change between two names.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		last := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := last
			if a[i] != b[j] {
				change++
			}
			last = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

func (r *reader) scalar(n *yaml.Node, v reflect.Value, key, tag string) {
	if n.Kind != yaml.ScalarNode {
		r.say(n.Line, "%s must be one value, not a list or keys", key)
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(n.Value)
		choices := tagValues(tag, "enum")
		if len(choices) > 0 && !slices.Contains(choices, n.Value) {
			r.say(n.Line, "%s is %q; it must be %s", key, n.Value, oneOf(choices))
		}
	case reflect.Bool:
		switch n.Value {
		case "true":
			v.SetBool(true)
		case "false":
			v.SetBool(false)
		default:
			r.say(n.Line, "%s is %q; it must be true or false", key, n.Value)
		}
	case reflect.Int:
		x, ok := number(n)
		if !ok || x != math.Trunc(x) || math.Abs(x) > 1e9 {
			r.say(n.Line, "%s is %q; it must be a whole number", key, n.Value)
			return
		}
		if r.between(n.Line, key, x, tag) {
			v.SetInt(int64(x))
		}
	case reflect.Float64:
		x, ok := number(n)
		if !ok {
			r.say(n.Line, "%s is %q; it must be a number%s", key, n.Value, percentHint(n.Value))
			return
		}
		if r.between(n.Line, key, x, tag) {
			v.SetFloat(x)
		}
	default:
		panic("plan: a field of kind " + v.Kind().String())
	}
}

// number reads a finite number as YAML writes it.
func number(n *yaml.Node) (float64, bool) {
	if n.Kind != yaml.ScalarNode || n.Tag != "!!int" && n.Tag != "!!float" {
		return 0, false
	}
	var x float64
	if err := n.Decode(&x); err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
		return 0, false
	}
	return x, true
}

func percentHint(text string) string {
	if x, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(text), "%"), 64); err == nil && strings.HasSuffix(strings.TrimSpace(text), "%") {
		return "; write " + plain(x/100)
	}
	return ""
}

// between checks the minimum and maximum of a tag.
func (r *reader) between(line int, key string, x float64, tag string) bool {
	low, high := bound(tag, "minimum"), bound(tag, "maximum")
	switch {
	case low != nil && high != nil && (x < *low || x > *high):
		r.say(line, "%s is %s; it must be from %s to %s", key, plain(x), plain(*low), plain(*high))
	case low != nil && x < *low:
		r.say(line, "%s is %s; it must be at least %s", key, plain(x), plain(*low))
	case high != nil && x > *high:
		r.say(line, "%s is %s; it must be at most %s", key, plain(x), plain(*high))
	default:
		return true
	}
	return false
}

func bound(tag, name string) *float64 {
	for _, t := range tagValues(tag, name) {
		if x, err := strconv.ParseFloat(t, 64); err == nil {
			return &x
		}
	}
	return nil
}

// tagValues returns what a jsonschema tag says under a name.
func tagValues(tag, name string) []string {
	var out []string
	for _, part := range strings.Split(tag, ",") {
		if v, ok := strings.CutPrefix(part, name+"="); ok {
			out = append(out, v)
		}
	}
	return out
}

func oneOf(choices []string) string {
	if n := len(choices); n > 1 {
		return strings.Join(choices[:n-1], ", ") + " or " + choices[n-1]
	}
	return strings.Join(choices, "")
}

// plain writes a number as a person would: 0.08, 300000.
func plain(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// Day is a date written 2026-10-31; empty means none.
type Day struct{ time.Time }

// Month is a month written 2026-10; empty means none.
type Month struct{ time.Time }

func (d *Day) from(r *reader, n *yaml.Node, key string) {
	d.Time = r.time(n, time.DateOnly, key, "a day such as 2026-10-31")
}

func (m *Month) from(r *reader, n *yaml.Node, key string) {
	m.Time = r.time(n, "2006-01", key, "a month such as 2026-10")
}

func (r *reader) time(n *yaml.Node, layout, key, want string) time.Time {
	if n.Kind == yaml.ScalarNode && (n.Tag == "!!null" || n.Value == "") {
		return time.Time{}
	}
	t, err := time.Parse(layout, n.Value)
	if err != nil || n.Kind != yaml.ScalarNode {
		r.say(n.Line, "%s is %q; it must be %s", key, n.Value, want)
		return time.Time{}
	}
	return t
}

// JSONSchema describes a day in the schema of plan files.
func (Day) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{Type: "string", Pattern: `^\d{4}-\d{2}-\d{2}$`}
}

// JSONSchema describes a month in the schema of plan files.
func (Month) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{Type: "string", Pattern: `^\d{4}-\d{2}$`}
}

// Words is a title: one text, or one in each language.
type Words struct{ En, Zh string }

func (w *Words) from(r *reader, n *yaml.Node, key string) {
	switch n.Kind {
	case yaml.ScalarNode:
		if n.Value == "" {
			r.say(n.Line, "%s is empty", key)
		}
		w.En, w.Zh = n.Value, n.Value
	case yaml.MappingNode:
		for i, k := range r.keys(n, key) {
			if k == nil {
				continue
			}
			text := n.Content[2*i+1]
			if text.Kind != yaml.ScalarNode || text.Value == "" {
				r.say(text.Line, "%s %s must be a text", key, k.Value)
				continue
			}
			switch k.Value {
			case "en":
				w.En = text.Value
			case "zh-CN":
				w.Zh = text.Value
			default:
				r.say(k.Line, "%s has no language %q; write en and zh-CN", key, k.Value)
			}
		}
		if w.En == "" || w.Zh == "" {
			r.say(n.Line, "%s needs both en and zh-CN, or one text for both", key)
		}
	default:
		r.say(n.Line, "%s must be a text, or {en: ..., zh-CN: ...}", key)
	}
}

// In returns the text in a language, en or zh-CN.
func (w Words) In(lang string) string {
	if lang == "zh-CN" {
		return w.Zh
	}
	return w.En
}

// JSONSchema describes a title in the schema of plan files.
func (Words) JSONSchema() *jsonschema.Schema {
	text := &jsonschema.Schema{Type: "string"}
	both := jsonschema.NewProperties()
	both.Set("en", text)
	both.Set("zh-CN", text)
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{text, {Type: "object", Properties: both, Required: []string{"en", "zh-CN"}, AdditionalProperties: jsonschema.FalseSchema}}}
}

// Curve is a scoring standard: points for a value, straight between the steps
// and flat outside them.
type Curve struct {
	Steps []CurveStep
	line  int
}

// CurveStep is one corner of a scoring standard.
type CurveStep struct {
	Value, Points float64
	line          int
}

func (c *Curve) from(r *reader, n *yaml.Node, key string) {
	c.line, c.Steps = n.Line, nil
	if n.Kind != yaml.MappingNode {
		r.say(n.Line, "%s must say points for values, such as {0: 0, 3: 60, 5: 100}", key)
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		value, ok := number(n.Content[i])
		if !ok {
			r.say(n.Content[i].Line, "%s has the value %q; it must be a number%s", key, n.Content[i].Value, percentHint(n.Content[i].Value))
			continue
		}
		points, ok := number(n.Content[i+1])
		if !ok {
			r.say(n.Content[i+1].Line, "%s gives %q points at %s; it must be a number", key, n.Content[i+1].Value, plain(value))
			continue
		}
		step := CurveStep{value, points, n.Content[i].Line}
		if len(c.Steps) > 0 {
			switch last := c.Steps[len(c.Steps)-1].Value; {
			case value == last:
				r.say(step.line, "%s gives points for %s twice; each value has one number of points", key, plain(value))
				continue
			case value < last:
				r.say(step.line, "%s goes back from %s to %s; write its values in rising order", key, plain(last), plain(value))
				continue
			}
		}
		c.Steps = append(c.Steps, step)
	}
	if len(n.Content) < 4 {
		r.say(n.Line, "%s needs at least two values, such as {0: 0, 100: 100}", key)
	}
}

// JSONSchema describes a scoring standard in the schema of plan files.
func (Curve) JSONSchema() *jsonschema.Schema {
	two := uint64(2)
	return &jsonschema.Schema{Type: "object", MinProperties: &two, AdditionalProperties: jsonschema.FalseSchema,
		PatternProperties: map[string]*jsonschema.Schema{`^-?\d+(\.\d+)?$`: {Type: "number"}}}
}
