package analytics

import (
	"database/sql"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/duckdb/duckdb-go/v2"
)

// named turns a map into the arguments of a statement with $name parameters.
func named(args map[string]any) []any {
	out := make([]any, 0, len(args))
	for name, v := range args {
		out = append(out, sql.Named(name, v))
	}
	return out
}

// fieldsOf returns, a column each, the index of T's field with that db tag.
func fieldsOf[T any](columns []string) ([]int, error) {
	t := reflect.TypeFor[T]()
	fields := make([]int, len(columns))
	var wrong []string
	for i, column := range columns {
		fields[i] = -1
		for j := range t.NumField() {
			if t.Field(j).Tag.Get("db") == column {
				fields[i] = j
			}
		}
		if fields[i] < 0 {
			wrong = append(wrong, fmt.Sprintf("column %s has no field in %s", column, t))
		}
	}
	for j := range t.NumField() {
		if tag := t.Field(j).Tag.Get("db"); tag != "" && !slices.Contains(columns, tag) {
			wrong = append(wrong, fmt.Sprintf("field %s.%s has no column %s", t, t.Field(j).Name, tag))
		}
	}
	if wrong != nil {
		return nil, fmt.Errorf("%s", strings.Join(wrong, "; "))
	}
	return fields, nil
}

func destinations[T any](row *T, fields []int) []any {
	v := reflect.ValueOf(row).Elem()
	dest := make([]any, len(fields))
	for i, f := range fields {
		dest[i] = value{v.Field(f)}
	}
	return dest
}

// value is a scan destination over any settable Go value.
type value struct{ v reflect.Value }

// Scan implements sql.Scanner.
func (d value) Scan(src any) error { return assign(d.v, src) }

func assign(to reflect.Value, src any) error {
	if src == nil {
		switch to.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Interface:
			to.SetZero()
			return nil
		}
		return fmt.Errorf("null where %s is wanted", to.Type())
	}
	if to.Kind() == reflect.Pointer {
		p := reflect.New(to.Type().Elem())
		if err := assign(p.Elem(), src); err != nil {
			return err
		}
		to.Set(p)
		return nil
	}
	if list, ok := src.([]any); ok && to.Kind() == reflect.Slice {
		s := reflect.MakeSlice(to.Type(), len(list), len(list))
		for i, item := range list {
			if err := assign(s.Index(i), item); err != nil {
				return err
			}
		}
		to.Set(s)
		return nil
	}
	switch x := src.(type) { // the usual kinds first: a page reads ten thousands of values
	case float64:
		if to.Kind() == reflect.Float64 {
			to.SetFloat(x)
			return nil
		}
	case string:
		if to.Kind() == reflect.String {
			to.SetString(x)
			return nil
		}
	case bool:
		if to.Kind() == reflect.Bool {
			to.SetBool(x)
			return nil
		}
	case duckdb.Decimal:
		switch to.Kind() {
		case reflect.Float64:
			to.SetFloat(x.Float64())
			return nil
		case reflect.String:
			to.SetString(x.String())
			return nil
		}
	case time.Time:
		if to.Kind() == reflect.String {
			to.SetString(x.Format(time.DateOnly))
			return nil
		}
	}
	from := reflect.ValueOf(src)
	switch {
	case from.Type().AssignableTo(to.Type()):
		to.Set(from)
	case to.CanInt() && from.CanInt():
		if to.OverflowInt(from.Int()) {
			return fmt.Errorf("%d does not fit %s", from.Int(), to.Type())
		}
		to.SetInt(from.Int())
	case to.CanInt() && from.CanUint():
		to.SetInt(int64(from.Uint()))
	case to.Kind() == reflect.Float64 && from.CanFloat():
		to.SetFloat(from.Float())
	case to.Kind() == reflect.String && from.Kind() == reflect.String:
		to.SetString(from.String())
	default:
		if big, ok := src.(interface{ IsInt64() bool }); ok && to.CanInt() && big.IsInt64() {
			return assign(to, src.(interface{ Int64() int64 }).Int64())
		}
		return fmt.Errorf("%T where %s is wanted", src, to.Type())
	}
	return nil
}
