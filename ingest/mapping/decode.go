package mapping

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// decoder reads YAML into structs as strictly as KnownFields does, and goes on
// after a mistake so that a person sees all of them at once, each with its
// line and the word that was probably meant.
type decoder struct {
	file  string
	lines map[string]int // line of each key by its path
	errs  []error
}

func (d *decoder) mistake(line int, format string, args ...any) {
	place := d.file
	if line > 0 {
		place = fmt.Sprintf("%s:%d", d.file, line)
	}
	d.errs = append(d.errs, fmt.Errorf("%s: %s", place, fmt.Sprintf(format, args...)))
}

// err joins the mistakes in the order of their lines, or is nil.
func (d *decoder) err() error {
	line := func(err error) int {
		rest, _ := strings.CutPrefix(err.Error(), d.file+":")
		number, _, _ := strings.Cut(rest, ":")
		n, _ := strconv.Atoi(number)
		return n
	}
	slices.SortStableFunc(d.errs, func(a, b error) int { return line(a) - line(b) })
	return errors.Join(d.errs...)
}

// decode fills into with the one YAML document in data.
func (d *decoder) decode(data []byte, into any) {
	reader := yaml.NewDecoder(bytes.NewReader(data))
	var document, more yaml.Node
	if err := reader.Decode(&document); err != nil {
		if errors.Is(err, io.EOF) {
			d.mistake(0, "the file is empty")
			return
		}
		d.syntax(err)
		return
	}
	if err := reader.Decode(&more); err == nil {
		d.mistake(more.Line, "a second document after ---; one file holds one mapping")
	} else if !errors.Is(err, io.EOF) {
		d.syntax(err)
	}
	if len(document.Content) == 1 {
		d.value(document.Content[0], reflect.ValueOf(into).Elem(), "")
	}
}

// syntax reports what the YAML parser says, in our form of place.
func (d *decoder) syntax(err error) {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	if rest, found := strings.CutPrefix(text, "line "); found {
		if number, what, ok := strings.Cut(rest, ": "); ok {
			if line, err := strconv.Atoi(number); err == nil {
				d.mistake(line, "not YAML: %s", what)
				return
			}
		}
	}
	d.mistake(0, "not YAML: %s", text)
}

func (d *decoder) value(n *yaml.Node, v reflect.Value, path string) {
	d.lines[path] = n.Line
	if n.Kind == yaml.AliasNode || n.Anchor != "" {
		d.mistake(n.Line, "%s: anchors and aliases are not used here; write the value out", named(path))
		return
	}
	switch {
	case v.Type() == reflect.TypeFor[ColumnSpec]() && (n.Kind == yaml.ScalarNode || n.Kind == yaml.SequenceNode):
		d.value(n, v.FieldByName("From"), path)
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		d.value(n, v.Elem(), path)
	case v.Kind() == reflect.Struct:
		d.structure(n, v, path)
	case v.Kind() == reflect.Map:
		d.pairs(n, path, "a mapping of names to values", func(key, value *yaml.Node) {
			element := reflect.New(v.Type().Elem()).Elem()
			d.value(value, element, path+"."+key.Value)
			d.lines[path+"."+key.Value] = key.Line
			if v.IsNil() {
				v.Set(reflect.MakeMap(v.Type()))
			}
			v.SetMapIndex(reflect.ValueOf(key.Value), element)
		})
	case v.Kind() == reflect.Slice:
		d.list(n, v, path)
	case n.Kind != yaml.ScalarNode:
		d.mistake(n.Line, "%s: needs one value, not %s", named(path), shape(n))
	case n.Tag == "!!null":
	case v.Kind() == reflect.Bool:
		yes, err := strconv.ParseBool(n.Value)
		if err != nil {
			d.mistake(n.Line, "%s: needs true or false, not %q", named(path), n.Value)
		}
		v.SetBool(yes)
	default:
		v.SetString(n.Value)
	}
}

func (d *decoder) structure(n *yaml.Node, v reflect.Value, path string) {
	keys := yamlKeys(v.Type())
	d.pairs(n, path, "keys such as "+strings.Join(keys[:min(3, len(keys))], ", "), func(key, value *yaml.Node) {
		at := slices.Index(keys, key.Value)
		if at < 0 {
			where := ""
			if path != "" {
				where = named(path) + ": "
			}
			d.mistake(key.Line, "%sunknown key %q%s; known: %s", where, key.Value, didYouMean(key.Value, keys), strings.Join(keys, ", "))
			return
		}
		below := strings.TrimPrefix(path+"."+key.Value, ".")
		d.value(value, v.Field(at), below)
		d.lines[below] = key.Line
	})
}

func (d *decoder) pairs(n *yaml.Node, path, want string, each func(key, value *yaml.Node)) {
	if n.Tag == "!!null" {
		return
	}
	if n.Kind != yaml.MappingNode {
		d.mistake(n.Line, "%s: needs %s, not %s", named(path), want, shape(n))
		return
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if key.Kind != yaml.ScalarNode {
			d.mistake(key.Line, "%s: a key must be a plain word", named(path))
			continue
		}
		if line, twice := seen[key.Value]; twice {
			d.mistake(key.Line, "%s: %q is given twice, first in line %d", named(path), key.Value, line)
			continue
		}
		seen[key.Value] = key.Line
		each(key, n.Content[i+1])
	}
}

func (d *decoder) list(n *yaml.Node, v reflect.Value, path string) {
	items := n.Content
	switch {
	case n.Tag == "!!null":
		return
	case n.Kind == yaml.ScalarNode && v.Type().Elem().Kind() == reflect.String:
		items = []*yaml.Node{n} // one word is a list of one
	case n.Kind != yaml.SequenceNode:
		d.mistake(n.Line, "%s: needs a list, not %s", named(path), shape(n))
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(items), len(items)))
	for i, item := range items {
		if item.Kind == yaml.ScalarNode && item.Tag == "!!null" && v.Type().Elem().Kind() == reflect.String {
			v.Index(i).SetString(item.Value) // the word null, or nothing, as written
			continue
		}
		d.value(item, v.Index(i), fmt.Sprintf("%s[%d]", path, i))
	}
}

// yamlKeys lists the keys of a struct in field order, its unwritten fields
// excluded; those come last in every struct of this package.
func yamlKeys(t reflect.Type) []string {
	var keys []string
	for i := range t.NumField() {
		key, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ",")
		if key != "" && key != "-" {
			keys = append(keys, key)
		}
	}
	return keys
}

func named(path string) string {
	if path == "" {
		return "the file"
	}
	return path
}

func shape(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "keys"
	case yaml.SequenceNode:
		return "a list"
	}
	return fmt.Sprintf("%q", n.Value)
}
