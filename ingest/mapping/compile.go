package mapping

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"levelfield/ingest/source"
	"levelfield/ingest/table"
	"levelfield/ingest/value"
)

// sampleRows is how many rows are looked at before deciding that a column
// needs a look at all of its rows.
const sampleRows = 500

// Compile checks the mapping against a table and prepares it for reading. The
// error joins all mistakes. Where the order of day and month or the decimal
// sign is open, Compile reads the whole column to decide it and says so in
// Plan.Notes.
func (f *File) Compile(t *source.Table) (*Plan, error) {
	c := &compiler{
		mistakes: decoder{file: f.Path, lines: f.lines},
		file:     f, table: t, headers: newHeaders(t.Header),
		plan: &Plan{Mapping: f.Name},
	}
	for i := range f.Rows {
		c.rows(i)
	}
	if len(c.mistakes.errs) == 0 {
		c.decide()
	}
	if err := c.mistakes.err(); err != nil {
		return nil, err
	}
	return c.plan, nil
}

type compiler struct {
	mistakes decoder
	file     *File
	table    *source.Table
	headers  *headers
	plan     *Plan
	open     []*openColumn
}

func (c *compiler) mistake(at, format string, args ...any) {
	c.mistakes.mistake(c.mistakes.line(at), "%s: %s", at, fmt.Sprintf(format, args...))
}

func (c *compiler) note(format string, args ...any) {
	if note := fmt.Sprintf(format, args...); !slices.Contains(c.plan.Notes, note) {
		c.plan.Notes = append(c.plan.Notes, note)
	}
}

func (c *compiler) rows(i int) {
	rows, at := &c.file.Rows[i], fmt.Sprintf("rows[%d]", i)
	entity := table.Find(rows.Entity)
	if entity == nil {
		c.mistake(at+".entity", "no entity %q", rows.Entity)
		return
	}
	block := Block{Entity: entity, Columns: make([]Column, len(entity.Fields)), Distinct: rows.Distinct}
	if u := rows.Unpivot; u != nil {
		block.Unpivot = c.wide(u, at)
	}
	if rows.Where != "" {
		block.Where = c.expression(rows.Where, rows.Unpivot, c.format("", at+".where"), true, at+".where")
	}
	for name := range rows.Columns {
		if entity.Field(name) == nil {
			c.mistake(at+".columns."+name, "%s has no field %q", entity.Name, name)
		}
	}
	var missing, empty []string
	for j := range entity.Fields {
		field := &entity.Fields[j]
		column := &block.Columns[j]
		*column = Column{Field: field, Index: -1}
		spec, given := rows.Columns[field.Name]
		if given {
			c.column(column, &spec, rows.Unpivot, at+".columns."+field.Name)
			if !column.Mapped() && !field.Required {
				empty = append(empty, field.Name)
			}
		}
		if !given && field.Required {
			missing = append(missing, fmt.Sprintf("%s (%s, %s)", field.Name, field.En[0], field.Zh[0]))
		}
	}
	if len(missing) > 0 {
		c.mistake(at+".columns", "%s needs %s", entity.Name, strings.Join(missing, " and "))
	}
	if len(empty) > 0 && c.file.Preset {
		c.note("%s: left empty, the file has no column for %s", entity.Name, strings.Join(empty, ", "))
	}
	c.plan.Blocks = append(c.plan.Blocks, block)
	last := &c.plan.Blocks[len(c.plan.Blocks)-1]
	for j := range last.Columns {
		if spec, given := rows.Columns[last.Columns[j].Field.Name]; given && last.Columns[j].Mapped() {
			c.remember(len(c.plan.Blocks)-1, j, &spec, at+".columns."+last.Columns[j].Field.Name)
		}
	}
}

// wide finds the columns of an unpivot by name or pattern.
func (c *compiler) wide(u *Unpivot, at string) *Wide {
	w := &Wide{Nulls: c.file.Read.Nulls}
	for i, pattern := range u.Columns {
		var found []int
		if at := c.headers.find(pattern); at >= 0 {
			found = []int{at}
		} else if strings.ContainsAny(pattern, "*?[") {
			for j, name := range c.headers.names {
				if globs(pattern, name) {
					found = append(found, j)
				}
			}
		}
		if len(found) == 0 {
			c.mistake(fmt.Sprintf("%s.unpivot.columns[%d]", at, i), "no column %q in %s%s", pattern, c.place(), c.headers.like(pattern))
		}
		for _, j := range found {
			if !slices.Contains(w.Indexes, j) {
				w.Indexes = append(w.Indexes, j)
				w.Names = append(w.Names, c.headers.names[j])
			}
		}
	}
	return w
}

// column fills in where one field comes from.
func (c *compiler) column(column *Column, spec *ColumnSpec, wide *Unpivot, at string) {
	column.Format = c.format(spec.Decimal, at)
	column.Format.Nulls = slices.Concat(c.file.Read.Nulls, spec.Null)
	column.Format.Round = spec.Round
	if order, ok := value.ParseOrder(spec.Dates); ok {
		column.Format.Dates = order
	}
	lookup := true // false when a preset's columns are not in this export
	switch {
	case len(spec.From) > 0:
		lookup = c.from(column, spec, wide, at)
	case spec.Const != "":
		column.Const, column.Header, column.IsConst = spec.Const, spec.Const, true
	case len(spec.Key) > 0:
		column.Header = strings.Join(spec.Key, "/")
		for i, name := range spec.Key {
			if j := c.find(name, fmt.Sprintf("%s.key[%d]", at, i)); j >= 0 {
				column.Key = append(column.Key, j)
			}
		}
	case spec.Expr != "":
		column.Header = spec.Expr
		column.Expr = c.expression(spec.Expr, wide, column.Format, false, at+".expr")
	}
	c.unit(column, spec, at)
	if spec.Else != "" && lookup {
		column.Else = c.expression(spec.Else, wide, column.Format, false, at+".else")
	}
	if len(spec.Values) > 0 {
		column.Values = make(map[string]string, len(spec.Values))
		for from, to := range spec.Values {
			column.Values[foldValue(from)] = to
			if _, err := parseText(column.Field.Kind, to, &value.Format{}); err != nil {
				c.mistake(at+".values."+from, "%q: %v", to, err)
			}
		}
		column.Other = spec.Other
		if o := spec.Other; o != nil && *o != keep {
			if _, err := parseText(column.Field.Kind, *o, &value.Format{}); err != nil {
				c.mistake(at+".other", "%q: %v", *o, err)
			}
		}
	}
}

// from finds the source column of a field; it reports false when a preset
// names a column that this export lacks and the field may stay empty.
func (c *compiler) from(column *Column, spec *ColumnSpec, wide *Unpivot, at string) bool {
	for _, name := range spec.From {
		if wide != nil && name == wide.Value {
			column.IsWide, column.Header = true, name
			return true
		}
		if wide != nil && name == wide.Name {
			column.Header = name
			column.Expr = c.expression(`row["`+name+`"]`, wide, column.Format, false, at)
			return true
		}
		if j := c.headers.find(name); j >= 0 {
			column.Index, column.Header = j, c.headers.names[j]
			return true
		}
	}
	if c.file.Preset && !column.Field.Required {
		return false
	}
	if len(spec.From) == 1 {
		c.find(spec.From[0], at)
	} else {
		c.mistake(at, "none of the columns %s is in %s%s", strings.Join(quoted(spec.From), ", "), c.place(), c.headers.like(spec.From[0]))
	}
	return false
}

// find returns the column of that name or reports its absence.
func (c *compiler) find(name, at string) int {
	j := c.headers.find(name)
	if j < 0 {
		c.mistake(at, "no column %q in %s%s", name, c.place(), c.headers.like(name))
	}
	return j
}

func (c *compiler) place() string {
	if c.table.Sheet != "" {
		return fmt.Sprintf("%s, sheet %s", path.Base(c.table.File), c.table.Sheet)
	}
	return path.Base(c.table.File)
}

func quoted(words []string) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = fmt.Sprintf("%q", w)
	}
	return out
}

func (c *compiler) expression(text string, wide *Unpivot, format value.Format, condition bool, at string) *Expression {
	names := newColumnNames()
	names.headers, names.wide, names.file, names.sheet = c.headers, wide, path.Base(c.table.File), c.table.Sheet
	names.lenient = c.file.Preset
	x, err := compileExpression(text, names, &format, condition)
	if err == nil {
		return x
	}
	for _, each := range unjoin(err) {
		c.mistake(at, "%v", each)
	}
	return nil
}

func unjoin(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	return []error{err}
}

// format is the file's format with a column's decimal sign.
func (c *compiler) format(decimal, at string) value.Format {
	f := value.Format{Nulls: c.file.Read.Nulls}
	if decimal == "" {
		decimal = c.file.Read.Decimal
	}
	if decimal != "" {
		f.Decimal = decimal[0]
	}
	if order, ok := value.ParseOrder(c.file.Read.Dates); ok {
		f.Dates = order
	}
	return f
}

// unit decides what 1 in a column stands for: what the mapping says of the
// column, else what the header says in parentheses, else what the mapping says
// of the file's money.
func (c *compiler) unit(column *Column, spec *ColumnSpec, at string) {
	field := column.Field
	money := field.Kind == table.Money || field.Kind == table.Number && field.Unit == "money"
	number := money || field.Kind == table.Number || field.Kind == table.Int
	_, inHeader := splitUnit(column.Header)
	fromCell := column.Index >= 0
	switch {
	case !number:
	case spec.Unit == "%":
		column.Format.Percent = true
	case spec.Unit != "":
		column.Format.Scale, _ = unitScale(spec.Unit)
	case fromCell && inHeader == "%" && field.Kind == table.Number:
		column.Format.Percent = true
		c.note("%s: in percent, as its header says", column.Header)
	case fromCell && money && unitOf(inHeader) > 1:
		column.Format.Scale = unitOf(inHeader)
		c.note("%s: in %s, as its header says", column.Header, inHeader)
	case money && c.file.Read.Unit != "" && unitOf(inHeader) == 0:
		column.Format.Scale, _ = unitScale(c.file.Read.Unit)
	}
	if column.Format.Scale == 1 {
		column.Format.Scale = 0
	}
}

func unitOf(word string) int64 {
	if word == "" {
		return 0
	}
	scale, _ := unitScale(word)
	return scale
}

// openColumn is a column whose date order or decimal sign the mapping leaves
// open.
type openColumn struct {
	block, field int
	column       *Column
	agree        int // second column, or -1
	at           string
	filled       bool // the sample has a value
	whole        bool // a sample does not settle it
	dates        value.Dates
	decimals     value.Decimals
	isDate       bool
}

// remember notes down what of a column is still open.
func (c *compiler) remember(block, field int, spec *ColumnSpec, at string) {
	column := &c.plan.Blocks[block].Columns[field]
	o := &openColumn{block: block, field: field, agree: -1, at: at}
	if spec.Agree != "" {
		o.agree = c.find(spec.Agree, at+".agree")
	}
	if column.IsConst || column.Values != nil {
		return
	}
	switch column.Field.Kind {
	case table.Date, table.Time:
		o.isDate = true
		if column.Format.Dates == value.Unknown || spec.Agree != "" {
			c.open = append(c.open, o)
		}
	case table.Money, table.Number, table.Int:
		if column.Format.Decimal == 0 {
			c.open = append(c.open, o)
		}
	}
}

// decide settles date orders and decimal signs over whole columns.
func (c *compiler) decide() {
	if len(c.open) == 0 {
		return
	}
	for _, o := range c.open {
		o.column = &c.plan.Blocks[o.block].Columns[o.field]
		o.whole = o.agree >= 0
	}
	first := c.table.Sample(sampleRows)
	for i, cells := range first {
		for _, o := range c.open {
			c.see(o, int64(i), cells, func(text string) {
				o.filled = true
				if o.isDate {
					o.whole = o.whole || !yearFirst(text)
				} else {
					o.decimals.Add(text)
					o.whole = o.whole || strings.Contains(text, ",")
				}
			})
		}
	}
	var wanted, unseen []*openColumn
	for _, o := range c.open {
		_, _, ambiguous := o.decimals.Decide()
		switch {
		case o.whole || !o.isDate && ambiguous:
			wanted = append(wanted, o)
		case o.isDate && !o.filled && len(first) == sampleRows:
			unseen = append(unseen, o)
		}
	}
	// A date column that is empty at first may be filled later. Reading a big
	// file once more for it alone is not worth it: a date that reads two ways
	// is refused there.
	if _, _, size, _, ok := c.table.Plain(); len(wanted) > 0 || !ok || size < 64<<20 {
		wanted = append(wanted, unseen...)
	}
	if len(wanted) > 0 {
		if !c.readWhole(wanted) {
			return
		}
		c.settle(wanted)
	}
}

// see calls with the text that an open column reads of one row.
func (c *compiler) see(o *openColumn, number int64, cells []string, with func(text string)) {
	block := &c.plan.Blocks[o.block]
	if o.column.Index >= 0 {
		if text := cells[o.column.Index]; !isNull(text, o.column.Format.Nulls) {
			with(text)
		}
		return
	}
	e := Evaluator{block: block, scope: scope{Cells: cells, Number: int(number)}}
	each := func() {
		text, computed, err := e.text(o.column)
		if err == nil && computed == nil && !isNull(text, o.column.Format.Nulls) {
			with(text)
		}
	}
	if block.Unpivot == nil {
		each()
		return
	}
	for i, at := range block.Unpivot.Indexes {
		e.scope.WideName, e.scope.WideValue = block.Unpivot.Names[i], cells[at]
		each()
	}
}

func (c *compiler) readWhole(wanted []*openColumn) bool {
	for _, o := range wanted {
		o.decimals = value.Decimals{}
	}
	for row, err := range c.table.Rows() {
		if err != nil {
			c.mistakes.mistake(0, "read %s: %v", c.place(), err)
			return false
		}
		if row.Skip != "" || row.Err != "" {
			continue
		}
		for _, o := range wanted {
			c.see(o, row.Number, row.Cells, func(text string) {
				if !o.isDate {
					o.decimals.Add(text)
					return
				}
				proof := ""
				if o.agree >= 0 {
					proof = row.Cells[o.agree]
				}
				o.dates.Add(text, proof)
			})
		}
	}
	return true
}

func (c *compiler) settle(wanted []*openColumn) {
	orders := map[value.Order]string{} // order: first column that proves it
	var unsettled []*openColumn
	for _, o := range wanted {
		format, header := &o.column.Format, o.column.Header
		if !o.isDate {
			sign, evidence, ambiguous := o.decimals.Decide()
			format.Decimal = sign
			if ambiguous || sign == ',' {
				c.note("%s: decimal sign %c, %s", header, sign, evidence)
			}
			continue
		}
		order, evidence, ambiguous := o.dates.Decide()
		if ambiguous {
			unsettled = append(unsettled, o)
			continue
		}
		format.Dates = order
		if order == value.DMY || order == value.MDY {
			c.note("%s: %s, %s", header, orderWords(order), evidence)
			if _, known := orders[order]; !known {
				orders[order] = header
			}
		}
	}
	for _, o := range unsettled {
		_, evidence, _ := o.dates.Decide()
		if order, ok := only(orders); ok && c.fits(o, order) {
			o.column.Format.Dates = order
			c.note("%s: %s, as in column %s of the same table; alone it stays open: %s", o.column.Header, orderWords(order), orders[order], evidence)
			continue
		}
		c.mistake(o.at, "the order of day and month in column %q is open: %s; say dates: dmy or dates: mdy, or agree: with a second column that shows the same day", o.column.Header, evidence)
	}
}

// only returns the one order that other columns prove.
func only(orders map[value.Order]string) (value.Order, bool) {
	for order := range orders {
		return order, len(orders) == 1
	}
	return value.Unknown, false
}

// fits reports whether the first rows of a column can be read in an order that
// another column lends it.
func (c *compiler) fits(o *openColumn, order value.Order) bool {
	format := o.column.Format
	format.Dates = order
	for i, cells := range c.table.Sample(sampleRows) {
		ok := true
		c.see(o, int64(i), cells, func(text string) {
			_, _, err := value.Date(text, &format)
			ok = ok && err == nil
		})
		if !ok {
			return false
		}
	}
	return true
}

func orderWords(order value.Order) string {
	switch order {
	case value.DMY:
		return "day before month (dmy)"
	case value.MDY:
		return "month before day (mdy)"
	}
	return "year first (ymd)"
}

// yearFirst reports whether a date starts with four digits, so that its order
// is never in doubt.
func yearFirst(text string) bool {
	text = strings.TrimSpace(text)
	if len(text) < 4 {
		return false
	}
	for i := range 4 {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return true
}

// globs matches a pattern with a name, case and width ignored.
func globs(pattern, name string) bool {
	ok, err := path.Match(foldValue(pattern), foldValue(name))
	return err == nil && ok
}
