package mapping

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/vm"

	"levelfield/ingest/value"
)

// Expression is a compiled expression over the columns of one table; it is
// safe for concurrent use.
type Expression struct {
	Text    string // as written
	program *vm.Program
}

// scope is what an expression sees of a row. A name with a space cannot be
// written in an expression, so none of them can hide a column.
type scope struct {
	Cells     []string `expr:"the cells"`
	WideName  string   `expr:"the wide name"`
	WideValue string   `expr:"the wide value"`
	Number    int      `expr:"the row"`
}

// functions are the words that expressions may call.
var functions = map[string][]any{
	"num":        {new(func(any) float64)},
	"int":        {new(func(any) int)},
	"text":       {new(func(any) string)},
	"date":       {new(func(any) time.Time), new(func(any, any, any) time.Time)},
	"add_days":   {new(func(time.Time, int) time.Time)},
	"lower":      {new(func(string) string)},
	"upper":      {new(func(string) string)},
	"trim":       {new(func(string) string)},
	"replace":    {new(func(string, string, string) string)},
	"concat":     {new(func(...any) string)},
	"row_number": {new(func() int)},
	"file_name":  {new(func() string)},
	"sheet_name": {new(func() string)},
}

// cellError is a mistake in the data, in words for the person who exported it.
type cellError struct{ text string }

func (e *cellError) Error() string { return e.text }

func cellErrorf(format string, args ...any) error {
	return &cellError{fmt.Sprintf(format, args...)}
}

// options builds the language of expressions for cells written in format.
func options(format *value.Format) []expr.Option {
	call := map[string]func(args ...any) (any, error){
		"num": func(args ...any) (any, error) { return number("num", args[0], format) },
		"int": func(args ...any) (any, error) {
			n, err := number("int", args[0], format)
			if err != nil {
				return 0, err
			}
			if n != math.Trunc(n) || math.Abs(n) > 1<<53 {
				return 0, cellErrorf("int: %s is not a whole number", textOf(args[0]))
			}
			return int(n), nil
		},
		"text": func(args ...any) (any, error) { return textOf(args[0]), nil },
		"date": func(args ...any) (any, error) { return day(args, format) },
		"add_days": func(args ...any) (any, error) {
			return args[0].(time.Time).AddDate(0, 0, args[1].(int)), nil
		},
		"lower": func(args ...any) (any, error) { return strings.ToLower(args[0].(string)), nil },
		"upper": func(args ...any) (any, error) { return strings.ToUpper(args[0].(string)), nil },
		"trim":  func(args ...any) (any, error) { return strings.TrimSpace(args[0].(string)), nil },
		"replace": func(args ...any) (any, error) {
			s, from, to := args[0].(string), args[1].(string), args[2].(string)
			if from == "" {
				return nil, cellErrorf("replace: the text to replace is empty")
			}
			return strings.ReplaceAll(s, from, to), nil
		},
		"concat": func(args ...any) (any, error) {
			var b strings.Builder
			for _, a := range args {
				b.WriteString(textOf(a))
			}
			return b.String(), nil
		},
	}
	opts := []expr.Option{expr.Env(scope{}), expr.DisableAllBuiltins(), expr.MaxNodes(2000)}
	for name, types := range functions {
		fn := call[name]
		if fn == nil { // rewritten by columnNames before it could be called
			fn = func(...any) (any, error) { return nil, nil }
		}
		opts = append(opts, expr.Function(name, fn, types...))
	}
	return opts
}

func number(name string, v any, format *value.Format) (float64, error) {
	switch v := v.(type) {
	case string:
		n, null, err := value.Decimal(v, 6, format)
		if err != nil {
			return 0, cellErrorf("%s: %q: %v", name, v, err)
		}
		if null {
			return 0, cellErrorf("%s: the cell is empty", name)
		}
		return float64(n) / 1e6, nil
	case int:
		return float64(v), nil
	case float64:
		return v, nil
	}
	return 0, cellErrorf("%s: %s is not a number", name, textOf(v))
}

func day(args []any, format *value.Format) (time.Time, error) {
	if len(args) == 1 {
		if t, ok := args[0].(time.Time); ok {
			return t, nil
		}
		text := textOf(args[0])
		days, null, err := value.Date(text, format)
		if err != nil {
			return time.Time{}, cellErrorf("date: %q: %v", text, err)
		}
		if null {
			return time.Time{}, cellErrorf("date: the cell is empty")
		}
		return unixDay(int64(days)), nil
	}
	var part [3]int
	for i, a := range args {
		n, err := number("date", a, format)
		if err != nil {
			return time.Time{}, err
		}
		part[i] = int(n)
	}
	t := time.Date(part[0], time.Month(part[1]), part[2], 0, 0, 0, 0, time.UTC)
	if t.Year() != part[0] || int(t.Month()) != part[1] || t.Day() != part[2] || part[0] < 1 || part[0] > 9999 {
		return time.Time{}, cellErrorf("date: there is no day %d-%02d-%02d", part[0], part[1], part[2])
	}
	return t, nil
}

// unixDay returns a day given as days since 1970-01-01.
func unixDay(days int64) time.Time { return time.Unix(days*86400, 0).UTC() }

// textOf writes any result of an expression as the text of a cell.
func textOf(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case time.Time:
		if v.Hour() == 0 && v.Minute() == 0 && v.Second() == 0 {
			return v.Format("2006-01-02")
		}
		return v.Format("2006-01-02 15:04:05")
	}
	return fmt.Sprint(v)
}

// columnNames turns the names in an expression into cells of the row:
// row["Sales Amount"], 金额, and the words of an unpivot.
type columnNames struct {
	headers *headers // nil: only the functions are checked
	wide    *Unpivot
	lenient bool // a column that is not there reads as empty
	file    string
	sheet   string

	calls    map[*ast.IdentifierNode]bool // names that are called or stand for row
	declared map[string]bool              // names of let
	used     map[int]bool                 // source columns
	errs     []error
}

// calledNames is the first pass: it tells names of functions from names of columns.
type calledNames struct{ *columnNames }

func (c calledNames) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.CallNode:
		if callee, ok := n.Callee.(*ast.IdentifierNode); ok {
			c.calls[callee] = true
			if _, known := functions[callee.Value]; !known {
				c.errs = append(c.errs, fmt.Errorf("there is no function %q%s; there are %s", callee.Value,
					didYouMean(callee.Value, slices.Sorted(maps.Keys(functions))), strings.Join(slices.Sorted(maps.Keys(functions)), ", ")))
			}
		}
	case *ast.MemberNode:
		if whole, ok := n.Node.(*ast.IdentifierNode); ok && whole.Value == "row" {
			if _, text := n.Property.(*ast.StringNode); text {
				c.calls[whole] = true
			}
		}
	case *ast.VariableDeclaratorNode:
		c.declared[n.Name] = true
	case *ast.BuiltinNode:
		c.errs = append(c.errs, fmt.Errorf("there is no function %q; there are %s", n.Name, strings.Join(slices.Sorted(maps.Keys(functions)), ", ")))
	}
}

func (c *columnNames) Visit(node *ast.Node) {
	if c.headers == nil {
		return
	}
	switch n := (*node).(type) {
	case *ast.IdentifierNode:
		if c.calls[n] || c.declared[n.Value] || strings.HasPrefix(n.Value, "the ") {
			return
		}
		c.cell(node, n.Value)
	case *ast.MemberNode:
		whole, ok := n.Node.(*ast.IdentifierNode)
		if !ok || whole.Value != "row" {
			return
		}
		if name, ok := n.Property.(*ast.StringNode); ok {
			c.cell(node, name.Value)
		}
	case *ast.CallNode:
		callee, ok := n.Callee.(*ast.IdentifierNode)
		if !ok || len(n.Arguments) > 0 {
			return
		}
		switch callee.Value {
		case "row_number":
			ast.Patch(node, &ast.IdentifierNode{Value: "the row"})
		case "file_name":
			ast.Patch(node, &ast.StringNode{Value: c.file})
		case "sheet_name":
			ast.Patch(node, &ast.StringNode{Value: c.sheet})
		}
	}
}

// cell puts the cell of a named column in the place of node.
func (c *columnNames) cell(node *ast.Node, name string) {
	if c.wide != nil && name == c.wide.Name {
		ast.Patch(node, &ast.IdentifierNode{Value: "the wide name"})
		return
	}
	if c.wide != nil && name == c.wide.Value {
		ast.Patch(node, &ast.IdentifierNode{Value: "the wide value"})
		return
	}
	at := c.headers.find(name)
	if at < 0 && c.lenient {
		ast.Patch(node, &ast.StringNode{})
		return
	}
	if at < 0 {
		c.errs = append(c.errs, fmt.Errorf("no column %q%s", name, c.headers.like(name)))
		at = 0
	}
	c.used[at] = true
	ast.Patch(node, &ast.MemberNode{
		Node:     &ast.IdentifierNode{Value: "the cells"},
		Property: &ast.IntegerNode{Value: at},
	})
}

func newColumnNames() *columnNames {
	return &columnNames{calls: map[*ast.IdentifierNode]bool{}, declared: map[string]bool{}, used: map[int]bool{}}
}

// maxExpression bounds the length of an expression in bytes.
const maxExpression = 4000

// parseExpression finds the mistakes of an expression that need no table.
func parseExpression(text string) error {
	if !utf8.ValidString(text) {
		return errors.New("is not UTF-8")
	}
	if len(text) > maxExpression {
		return fmt.Errorf("is longer than %d characters", maxExpression)
	}
	config := conf.CreateNew()
	for _, option := range options(&value.Format{}) {
		option(config)
	}
	for name := range config.Disabled {
		delete(config.Builtins, name)
	}
	tree, err := parser.ParseWithConfig(text, config)
	if err != nil {
		return plainError(err)
	}
	names := newColumnNames()
	ast.Walk(&tree.Node, calledNames{names})
	return errors.Join(names.errs...)
}

// compileExpression compiles text for the columns in names; condition asks for
// a yes or no.
func compileExpression(text string, names *columnNames, format *value.Format, condition bool) (*Expression, error) {
	if err := parseExpression(text); err != nil {
		return nil, err
	}
	opts := append(options(format), expr.Patch(calledNames{names}), expr.Patch(names))
	if condition {
		opts = append(opts, expr.AsBool())
	}
	program, err := expr.Compile(text, opts...)
	if len(names.errs) > 0 {
		return nil, errors.Join(names.errs...)
	}
	if err != nil {
		return nil, plainError(err)
	}
	return &Expression{Text: text, program: program}, nil
}

// plainError says what the expression language says without its drawing of
// the place.
func plainError(err error) error {
	var cell *cellError
	if errors.As(err, &cell) {
		return cell
	}
	var at *file.Error
	if errors.As(err, &at) {
		message := strings.ReplaceAll(at.Message, "the cells", "row")
		return fmt.Errorf("%s (at character %d)", message, at.Column+1)
	}
	return err
}
