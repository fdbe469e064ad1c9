// Package table declares the canonical entities: one Go struct an entity, one
// Parquet file layout a struct. It is the only contract between ingest, which
// writes the lake, and sql, which reads it.
//
// Struct tags:
//
//	parquet:"name,..."  column name and physical type, as parquet-go reads it
//	lf:"..."            space separated: key (part of the natural key),
//	                    blank (a key part that may be empty),
//	                    required, month (the date that decides the lake month),
//	                    ref=ENTITY (holds an id of that entity)
//	en:"..." zh:"..."   title, then header synonyms, separated by |
//	unit:"..."          what a number counts: money, pieces, hours ...
package table

import (
	"fmt"
	"reflect"
	"strings"
)

// Kind is the type of a field as a person knows it.
type Kind uint8

const (
	Text   Kind = iota // UTF-8 text
	Date               // a day: Parquet DATE, days since 1970-01-01
	Time               // a moment without zone: Parquet TIMESTAMP in microseconds
	Money              // decimal(18,4) in int64 ten-thousandths
	Number             // decimal(18,6) in int64 millionths: quantities, scores, rates
	Int                // whole number, int64
	Bool               // true or false
)

// String names the kind as `levelfield entities` prints it.
func (k Kind) String() string {
	return [...]string{"text", "date", "time", "money", "number", "integer", "yes/no"}[k]
}

// Field is one column of an entity.
type Field struct {
	Name     string   // column name in Parquet, in SQL and in mapping files
	Kind     Kind     // type
	Key      bool     // part of the natural key
	Required bool     // a row without it is refused
	Month    bool     // its month is the lake folder
	Ref      string   // entity whose id it holds, or ""
	Unit     string   // what a number counts, or ""
	En, Zh   []string // title first, then header synonyms
	Index    int      // position in the struct
}

// Entity is one canonical table.
type Entity struct {
	Name   string  // "order_line"
	En, Zh string  // title
	Fields []Field // in file order, source columns excluded
	Row    any     // zero value of the row struct
}

// Origin says where a row came from; every row struct embeds it.
type Origin struct {
	SourceFile  string `parquet:"source_file,dict"`  // path as given, archive member after "!"
	SourceSheet string `parquet:"source_sheet,dict"` // sheet name, "" for text files
	SourceRow   int64  `parquet:"source_row"`        // row number as the person's own program shows it, from 1
	Batch       int64  `parquet:"batch"`             // load number, growing
}

// MonthField returns the field that decides the lake month, or nil for
// entities kept in one folder "all".
func (e *Entity) MonthField() *Field {
	for i := range e.Fields {
		if e.Fields[i].Month {
			return &e.Fields[i]
		}
	}
	return nil
}

// Keys returns the fields of the natural key.
func (e *Entity) Keys() []Field {
	var keys []Field
	for _, f := range e.Fields {
		if f.Key {
			keys = append(keys, f)
		}
	}
	return keys
}

// Field returns the named field, or nil.
func (e *Entity) Field(name string) *Field {
	for i := range e.Fields {
		if e.Fields[i].Name == name {
			return &e.Fields[i]
		}
	}
	return nil
}

// Find returns the named entity, or nil.
func Find(name string) *Entity {
	for _, e := range All {
		if e.Name == name {
			return e
		}
	}
	return nil
}

func entity(name, en, zh string, row any) *Entity {
	e := &Entity{Name: name, En: en, Zh: zh, Row: row}
	t := reflect.TypeOf(row)
	for i := range t.NumField() {
		sf := t.Field(i)
		if sf.Anonymous {
			continue
		}
		f := Field{Index: i, Kind: kindOf(sf), Unit: sf.Tag.Get("unit")}
		f.Name, _, _ = strings.Cut(sf.Tag.Get("parquet"), ",")
		f.En = strings.Split(sf.Tag.Get("en"), "|")
		f.Zh = strings.Split(sf.Tag.Get("zh"), "|")
		for _, word := range strings.Fields(sf.Tag.Get("lf")) {
			switch {
			case word == "key":
				f.Key = true
				f.Required = !strings.Contains(sf.Tag.Get("lf"), "blank")
			case word == "blank": // a key part that may be empty: "for all"
			case word == "required":
				f.Required = true
			case word == "month":
				f.Month = true
			case strings.HasPrefix(word, "ref="):
				f.Ref = strings.TrimPrefix(word, "ref=")
			default:
				panic(fmt.Sprintf("table: %s.%s: unknown tag %q", name, f.Name, word))
			}
		}
		e.Fields = append(e.Fields, f)
	}
	return e
}

func kindOf(sf reflect.StructField) Kind {
	tag := sf.Tag.Get("parquet")
	switch {
	case strings.Contains(tag, "decimal(4:"):
		return Money
	case strings.Contains(tag, "decimal(6:"):
		return Number
	case strings.Contains(tag, ",date"):
		return Date
	case strings.Contains(tag, ",timestamp"):
		return Time
	}
	t := sf.Type
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.Bool:
		return Bool
	case reflect.Int64:
		return Int
	}
	return Text
}
