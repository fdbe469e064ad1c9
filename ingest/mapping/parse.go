package mapping

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"levelfield/ingest/source"
	"levelfield/ingest/table"
	"levelfield/ingest/value"
)

// Parse reads one mapping file. name is its path and stands in messages. The
// error joins all mistakes of the file, each with its line.
func Parse(name string, data []byte) (*File, error) {
	f := &File{Path: name}
	d := &decoder{file: name, lines: map[string]int{}}
	d.decode(data, f)
	f.lines = d.lines
	if len(d.errs) == 0 || len(f.Rows) > 0 || f.Ignore != "" {
		f.check(d)
	}
	if f.Name == "" {
		f.Name = strings.TrimSuffix(path.Base(name), path.Ext(name))
	}
	if err := d.err(); err != nil {
		return nil, err
	}
	return f, nil
}

// LoadDir reads every *.yaml and *.yml file at the top of dir in name order.
// The error joins the mistakes of all of them.
func LoadDir(dir fs.FS) ([]*File, error) {
	entries, err := fs.ReadDir(dir, ".")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read mappings: %w", err)
	}
	var files []*File
	var errs []error
	for _, entry := range entries {
		if ext := path.Ext(entry.Name()); entry.IsDir() || ext != ".yaml" && ext != ".yml" {
			continue
		}
		data, err := fs.ReadFile(dir, entry.Name())
		if err != nil {
			errs = append(errs, fmt.Errorf("read mapping %s: %w", entry.Name(), err))
			continue
		}
		file, err := Parse(entry.Name(), data)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		files = append(files, file)
	}
	return files, errors.Join(errs...)
}

//go:embed presets/*.yaml
var presetFiles embed.FS

// Presets returns the mappings shipped for layouts of known programs.
var Presets = sync.OnceValue(func() []*File {
	dir, err := fs.Sub(presetFiles, "presets")
	if err != nil {
		panic(err)
	}
	files, err := LoadDir(dir)
	if err != nil {
		panic(err) // a test holds every preset
	}
	for _, f := range files {
		f.Preset = true
	}
	return files
})

// Options says how to open a file for this mapping, starting from what the
// caller wants of every file. changed is false when the mapping adds nothing.
func (f *File) Options(base source.Options) (opt source.Options, changed bool) {
	opt = base
	r := f.Read
	if r.Encoding != "" {
		opt.Encoding, changed = r.Encoding, true
	}
	if r.Delimiter != "" {
		opt.Delimiter, changed = delimiter(r.Delimiter), true
	}
	switch r.Header {
	case "", "auto":
	case "none":
		opt.Header, changed = -1, true
	default:
		opt.Header, _ = strconv.Atoi(r.Header)
		changed = true
	}
	if len(r.Columns) > 0 {
		opt.Columns, changed = r.Columns, true
	}
	if len(r.TotalWords) > 0 {
		opt.TotalWords, changed = r.TotalWords, true
	}
	return opt, changed
}

func delimiter(word string) string {
	switch strings.ToLower(word) {
	case `\t`, "tab":
		return "\t"
	case "comma":
		return ","
	case "semicolon":
		return ";"
	case "pipe":
		return "|"
	}
	return word
}

// check finds the mistakes that need no table: everything but missing columns.
func (f *File) check(d *decoder) {
	m := f.Match
	for key, pattern := range map[string]string{"match.file": m.File, "match.sheet": m.Sheet} {
		if _, err := path.Match(pattern, ""); err != nil {
			d.mistake(d.line(key), "%s: %q is not a pattern: a [ has no ]", key, pattern)
		}
	}
	if m.File == "" && m.Sheet == "" && len(m.Headers) == 0 {
		d.mistake(d.line("match"), "match: says nothing, so this mapping would take every file; give file, sheet or headers")
	}
	f.checkRead(d)
	switch {
	case len(f.Rows) == 0 && f.Ignore == "":
		d.mistake(d.line("rows"), "rows: name at least one entity that this table feeds, or say under ignore why it feeds none")
	case len(f.Rows) > 0 && f.Ignore != "":
		d.mistake(d.line("ignore"), "ignore: the table cannot be ignored and feed rows")
	}
	for i, rows := range f.Rows {
		rows.check(d, fmt.Sprintf("rows[%d]", i))
	}
}

func (f *File) checkRead(d *decoder) {
	r := f.Read
	if r.Delimiter != "" && len(delimiter(r.Delimiter)) != 1 {
		d.mistake(d.line("read.delimiter"), "read.delimiter: %q must be one character, or tab", r.Delimiter)
	}
	if n, err := strconv.Atoi(r.Header); r.Header != "" && r.Header != "auto" && r.Header != "none" && (err != nil || n < 1) {
		d.mistake(d.line("read.header"), "read.header: %q must be a row number from 1, none or auto", r.Header)
	}
	if r.Header == "none" && len(r.Columns) == 0 {
		d.mistake(d.line("read.header"), "read.header: none needs read.columns, the names of the columns in their order")
	}
	if len(r.Columns) > 0 && r.Header != "none" {
		d.mistake(d.line("read.columns"), "read.columns: is for files without a header; add header: none, or remove it")
	}
	seen := map[string]bool{}
	for i, name := range r.Columns {
		if seen[name] {
			d.mistake(d.line(fmt.Sprintf("read.columns[%d]", i)), "read.columns: %q is there twice", name)
		}
		seen[name] = true
	}
	checkFormat(d, "read", r.Decimal, r.Dates, r.Unit)
}

func (r *Rows) check(d *decoder, at string) {
	entity := table.Find(r.Entity)
	if entity == nil {
		var all []string
		for _, e := range table.All {
			all = append(all, e.Name)
		}
		if r.Entity == "" {
			d.mistake(d.line(at), "%s.entity: is missing; one of %s", at, strings.Join(all, ", "))
		} else {
			d.mistake(d.line(at+".entity"), "%s.entity: no entity %q%s; levelfield entities lists them", at, r.Entity, didYouMean(r.Entity, all))
		}
	}
	checkExpression(d, at+".where", r.Where)
	if u := r.Unpivot; u != nil {
		for _, part := range []struct{ key, text string }{{"name", u.Name}, {"value", u.Value}} {
			if part.text == "" {
				d.mistake(d.line(at+".unpivot"), "%s.unpivot.%s: is missing; a word by which expressions call the column's %s", at, part.key, part.key)
			}
		}
		if len(u.Columns) == 0 {
			d.mistake(d.line(at+".unpivot"), "%s.unpivot.columns: is missing; names of columns, or a pattern such as M*", at)
		}
		if u.Name != "" && u.Name == u.Value {
			d.mistake(d.line(at+".unpivot"), "%s.unpivot: name and value must be two different words", at)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.Columns)) {
		column, place := r.Columns[name], at+".columns."+name
		var field *table.Field
		if entity != nil {
			if field = entity.Field(name); field == nil {
				var all []string
				for _, f := range entity.Fields {
					all = append(all, f.Name)
				}
				d.mistake(d.line(place), "%s: %s has no field %q%s; it has %s", at+".columns", entity.Name, name, didYouMean(name, all), strings.Join(all, ", "))
			}
		}
		column.check(d, place, field)
	}
}

func (c *ColumnSpec) check(d *decoder, at string, field *table.Field) {
	var given []string
	for _, part := range []struct {
		key   string
		there bool
	}{{"from", len(c.From) > 0}, {"const", c.Const != ""}, {"key", len(c.Key) > 0}, {"expr", c.Expr != ""}} {
		if part.there {
			given = append(given, part.key)
		}
	}
	switch {
	case len(given) == 0:
		d.mistake(d.line(at), "%s: says not where the value comes from; give from, const, key or expr", at)
	case len(given) > 1:
		d.mistake(d.line(at), "%s: give only one of %s", at, strings.Join(given, " and "))
	}
	checkExpression(d, at+".expr", c.Expr)
	checkExpression(d, at+".else", c.Else)
	if c.Other != nil && len(c.Values) == 0 {
		d.mistake(d.line(at+".other"), "%s.other: needs values, the list it completes", at)
	}
	if c.Round && field != nil && field.Kind != table.Money {
		d.mistake(d.line(at+".round"), "%s.round: only money is rounded, and %s is %s", at, field.Name, article(field.Kind))
	}
	if c.Agree != "" && c.Dates != "" {
		d.mistake(d.line(at+".agree"), "%s: dates already says the order; remove dates or agree", at)
	}
	seen := map[string]string{}
	for _, from := range slices.Sorted(maps.Keys(c.Values)) {
		if first, twice := seen[foldValue(from)]; twice {
			d.mistake(d.line(at+".values."+from), "%s.values: %q and %q are the same value; case and width are ignored", at, first, from)
		}
		seen[foldValue(from)] = from
	}
	checkFormat(d, at, c.Decimal, c.Dates, c.Unit)
	if field == nil {
		return
	}
	number := field.Kind == table.Money || field.Kind == table.Number || field.Kind == table.Int
	day := field.Kind == table.Date || field.Kind == table.Time
	for _, part := range []struct {
		key, text string
		ok        bool
		want      string
	}{
		{"unit", c.Unit, number, "number"}, {"decimal", c.Decimal, number, "number"},
		{"dates", c.Dates, day, "date"}, {"agree", c.Agree, day, "date"},
	} {
		if part.text != "" && !part.ok {
			d.mistake(d.line(at+"."+part.key), "%s.%s: %s is no %s but %s", at, part.key, field.Name, part.want, article(field.Kind))
		}
	}
	if c.Const != "" {
		if _, err := parseText(field.Kind, c.Const, &value.Format{}); err != nil {
			d.mistake(d.line(at+".const"), "%s.const: %q: %v", at, c.Const, err)
		}
	}
}

func article(k table.Kind) string {
	if k == table.Int {
		return "an integer"
	}
	return "a " + k.String()
}

func checkFormat(d *decoder, at, decimal, dates, unit string) {
	if decimal != "" && decimal != "." && decimal != "," {
		d.mistake(d.line(at+".decimal"), "%s.decimal: %q must be . or ,", at, decimal)
	}
	if _, ok := value.ParseOrder(dates); dates != "" && !ok {
		d.mistake(d.line(at+".dates"), "%s.dates: %q must be ymd, dmy or mdy", at, dates)
	}
	if _, ok := unitScale(unit); unit != "" && unit != "%" && !ok {
		d.mistake(d.line(at+".unit"), "%s.unit: %q is not a known unit; write for example 元, 千元, 万元, 亿元, thousands, millions or %%", at, unit)
	}
}

func checkExpression(d *decoder, at, text string) {
	if text == "" {
		return
	}
	if !utf8.ValidString(text) {
		d.mistake(d.line(at), "%s: is not UTF-8", at)
		return
	}
	if err := parseExpression(text); err != nil {
		d.mistake(d.line(at), "%s: %v", at, err)
	}
}

// line returns the line of a key or of the nearest key around it.
func (d *decoder) line(at string) int {
	for at != "" {
		if line := d.lines[at]; line > 0 {
			return line
		}
		cut := strings.LastIndexAny(at, ".[")
		if cut < 0 {
			break
		}
		at = at[:cut]
	}
	return d.lines[""]
}
