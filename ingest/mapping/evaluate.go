package mapping

import (
	"errors"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/expr-lang/expr/vm"

	"levelfield/ingest/table"
	"levelfield/ingest/value"
)

// Reasons for which a source row gives no canonical row.
const (
	LeftOutWhere = "where" // the mapping's where is false
	LeftOutBlank = "blank" // every unpivoted cell is empty

	// LeftOutRepeat is given by the loader, which knows the rows before.
	LeftOutRepeat = "repeat" // Block.Distinct, and an earlier row of the file has the key
)

// keep is the word by which other stores the value as it is.
const keep = "keep"

// Evaluator reads source rows by a block. It reuses its memory: one for each
// goroutine.
type Evaluator struct {
	block    *Block
	scope    scope
	vm       vm.VM
	values   []Value
	problems []Problem
	key      []byte
}

// Evaluator returns a new evaluator of the block.
func (b *Block) Evaluator() *Evaluator {
	return &Evaluator{block: b, values: make([]Value, len(b.Columns))}
}

// Row evaluates one source row: number is its row number, cells are as many as
// the header. yield is called once for each canonical row; its values stand in
// the order of Block.Columns and a row with problems must be refused. Both are
// valid until the next call. When the row gives no canonical row, leftOut says
// why: LeftOutWhere or LeftOutBlank.
func (e *Evaluator) Row(number int64, cells []string, yield func(values []Value, problems []Problem)) (leftOut string) {
	b := e.block
	e.scope = scope{Cells: cells, Number: int(number)}
	if b.Unpivot == nil {
		return e.one(yield)
	}
	leftOut = LeftOutBlank
	for i, at := range b.Unpivot.Indexes {
		if isNull(cells[at], b.Unpivot.Nulls) {
			continue
		}
		e.scope.WideName, e.scope.WideValue = b.Unpivot.Names[i], cells[at]
		if reason := e.one(yield); reason == "" {
			leftOut = ""
		} else if leftOut == LeftOutBlank {
			leftOut = reason
		}
	}
	return leftOut
}

// Cell evaluates one column that is constant or read from a single source cell.
func (e *Evaluator) Cell(i int, cell string) (Value, *Problem) {
	c := &e.block.Columns[i]
	cells := make([]string, c.Index+1)
	if c.Index >= 0 {
		cells[c.Index] = cell
	}
	e.scope = scope{Cells: cells}
	return e.column(c)
}

func (e *Evaluator) one(yield func(values []Value, problems []Problem)) (leftOut string) {
	e.problems = e.problems[:0]
	if where := e.block.Where; where != nil {
		takes, err := e.run(where)
		if err != nil {
			clear(e.values)
			e.problems = append(e.problems, Problem{Column: where.Text, Reason: err.Error(), Hint: "correct the cell, or the where of the mapping"})
			yield(e.values, e.problems)
			return ""
		}
		if yes, _ := takes.(bool); !yes {
			return LeftOutWhere
		}
	}
	for i := range e.block.Columns {
		var problem *Problem
		if e.values[i], problem = e.column(&e.block.Columns[i]); problem != nil {
			e.problems = append(e.problems, *problem)
		}
	}
	yield(e.values, e.problems)
	return ""
}

func (e *Evaluator) run(x *Expression) (any, error) {
	out, err := e.vm.Run(x.program, &e.scope)
	if err != nil {
		return nil, plainError(err)
	}
	return out, nil
}

// column reads one field. A nil problem means the value counts.
func (e *Evaluator) column(c *Column) (Value, *Problem) {
	fail := func(text, reason, hint string) (Value, *Problem) {
		return Value{Null: true}, &Problem{Field: c.Field, Column: c.Header, Value: text, Reason: reason, Hint: hint}
	}
	var v Value
	text, computed, err := e.text(c)
	if err != nil {
		return fail("", err.Error(), "correct the cell, or the expression of the mapping")
	}
	if computed != nil && c.Values == nil {
		if v, err = convert(c.Field.Kind, computed, &c.Format); err != nil {
			return fail(textOf(computed), err.Error(), "")
		}
	} else {
		if c.Values != nil {
			var listed bool
			if text, listed = c.replaced(text); !listed {
				return fail(text, "is not in the mapping's list of values", "add it under values, or give other")
			}
		}
		if v, err = parseText(c.Field.Kind, text, &c.Format); err != nil {
			return fail(text, err.Error(), c.hint(text))
		}
	}
	if v.Null && c.Else != nil {
		out, err := e.run(c.Else)
		if err != nil {
			return fail(text, err.Error(), "correct the cell, or the else of the mapping")
		}
		if v, err = convert(c.Field.Kind, out, &c.Format); err != nil {
			return fail(textOf(out), err.Error(), "")
		}
	}
	if v.Null && c.Field.Required {
		return fail(text, "is empty", "")
	}
	return v, nil
}

// text returns the text that a field is read from, or the result of its
// expression.
func (e *Evaluator) text(c *Column) (text string, computed any, err error) {
	switch {
	case c.IsConst:
		return c.Const, nil, nil
	case c.IsWide:
		return e.scope.WideValue, nil, nil
	case c.Expr != nil:
		out, err := e.run(c.Expr)
		if s, ok := out.(string); ok {
			return s, nil, err
		}
		return textOf(out), out, err
	case len(c.Key) > 0:
		return e.joined(c), nil, nil
	case c.Index >= 0:
		return e.scope.Cells[c.Index], nil, nil
	}
	return "", nil, nil
}

// joined joins the cells of a key with "/". No cell filled is no key.
func (e *Evaluator) joined(c *Column) string {
	e.key = e.key[:0]
	filled := false
	for i, at := range c.Key {
		if i > 0 {
			e.key = append(e.key, '/')
		}
		part := strings.TrimSpace(e.scope.Cells[at])
		filled = filled || part != ""
		e.key = append(e.key, part...)
	}
	if !filled {
		return ""
	}
	return string(e.key)
}

// replaced puts a cell through the value map. An empty cell stays empty unless
// the map names it.
func (c *Column) replaced(text string) (string, bool) {
	key := foldValue(text)
	if to, ok := c.Values[key]; ok {
		return to, true
	}
	if isNull(key, c.Format.Nulls) {
		return "", true
	}
	if c.Other != nil && *c.Other == keep {
		return text, true
	}
	if c.Other != nil {
		return *c.Other, true
	}
	return text, false
}

// hint says what to do about a cell that cannot be read.
func (c *Column) hint(text string) string {
	if c.Field.Kind == table.Money && !c.Format.Round {
		round := c.Format
		round.Round = true
		if _, _, err := value.Decimal(text, 4, &round); err == nil {
			return "say round: true in the mapping to round it"
		}
	}
	if (c.Field.Kind == table.Date || c.Field.Kind == table.Time) && c.Format.Dates == value.Unknown {
		day := c.Format
		day.Dates = value.DMY
		if _, _, err := value.Date(text, &day); err == nil {
			return "say dates: dmy or dates: mdy in the mapping"
		}
	}
	return ""
}

func isNull(text string, nulls []string) bool {
	text = strings.TrimSpace(text)
	return text == "" || slices.ContainsFunc(nulls, func(null string) bool { return strings.EqualFold(null, text) })
}

// parseText reads the text of a cell as a value of the kind.
func parseText(kind table.Kind, text string, format *value.Format) (v Value, err error) {
	switch kind {
	case table.Text:
		text = strings.TrimSpace(text)
		v.Null = isNull(text, format.Nulls)
		if !v.Null {
			v.Text = text
		}
	case table.Date:
		var days int32
		days, v.Null, err = value.Date(text, format)
		v.Int = int64(days)
	case table.Time:
		v.Int, v.Null, err = value.Time(text, format)
	case table.Money:
		v.Int, v.Null, err = value.Decimal(text, 4, format)
	case table.Number:
		v.Int, v.Null, err = value.Decimal(text, 6, format)
	case table.Int:
		v.Int, v.Null, err = value.Int(text, format)
	case table.Bool:
		var yes bool
		if yes, v.Null, err = value.Bool(text, format); yes {
			v.Int = 1
		}
	}
	if err != nil || v.Null {
		v = Value{Null: true}
	}
	return v, err
}

// convert reads the result of an expression as a value of the kind. Money is
// rounded to four decimals, half away from zero.
func convert(kind table.Kind, result any, format *value.Format) (Value, error) {
	switch r := result.(type) {
	case nil:
		return Value{Null: true}, nil
	case int:
		if kind == table.Int || kind == table.Money || kind == table.Number {
			return fromFloat(kind, float64(r), format)
		}
	case float64:
		if kind == table.Int || kind == table.Money || kind == table.Number {
			return fromFloat(kind, r, format)
		}
	case bool:
		if kind == table.Bool {
			if r {
				return Value{Int: 1}, nil
			}
			return Value{}, nil
		}
	case time.Time:
		switch kind {
		case table.Date:
			return Value{Int: floorDiv(r.Unix(), 86400)}, nil
		case table.Time:
			return Value{Int: r.UnixMicro()}, nil
		}
	}
	return parseText(kind, textOf(result), format)
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

var errTooLarge = errors.New("too large a number")

func fromFloat(kind table.Kind, f float64, format *value.Format) (Value, error) {
	if format.Scale > 1 {
		f *= float64(format.Scale)
	}
	if format.Percent {
		f /= 100
	}
	switch kind {
	case table.Money:
		f *= 1e4
	case table.Number:
		f *= 1e6
	}
	if math.IsNaN(f) || math.Abs(f) > 9e17 {
		return Value{Null: true}, errTooLarge
	}
	// 1.005 is stored as 1.00499999999999989: a nudge of one part in 10^14
	// gives the half that was written.
	n := math.Round(f * (1 + 1e-14))
	if kind == table.Int && n != f {
		return Value{Null: true}, errors.New("not a whole number")
	}
	return Value{Int: int64(n)}, nil
}
