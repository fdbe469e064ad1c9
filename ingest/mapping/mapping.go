// Package mapping says which column of an export feeds which field of which
// canonical entity. A mapping file is strict YAML; Compile turns it into a Plan
// for one table of one file, and an Evaluator reads rows by that plan.
package mapping

import (
	"levelfield/ingest/source"
	"levelfield/ingest/table"
	"levelfield/ingest/value"
)

// File is one mapping file.
type File struct {
	Name   string `yaml:"name,omitempty" desc:"Name shown in reports. Default: the file name."`
	Match  Match  `yaml:"match,omitempty" desc:"Which tables this mapping takes. All given conditions must hold."`
	Read   Read   `yaml:"read,omitempty" desc:"How to read the file where detection is not enough."`
	Ignore string `yaml:"ignore,omitempty" desc:"Why tables that match are not loaded, such as: a list of colours. Then rows is not given."`
	Rows   []Rows `yaml:"rows,omitempty" desc:"One block for each entity the table feeds."`

	Path   string         `yaml:"-"` // file it was read from, for messages
	Preset bool           `yaml:"-"` // shipped layout: columns an export lacks are left empty
	lines  map[string]int // line of each key, by its path such as rows[0].columns.amount
}

// Match says which tables a mapping takes.
type Match struct {
	File    string   `yaml:"file,omitempty" desc:"Pattern for the file name, * and ? allowed, case ignored."`
	Sheet   string   `yaml:"sheet,omitempty" desc:"Pattern for the sheet name."`
	Headers []string `yaml:"headers,omitempty" desc:"Column headers that must all be present; case, width, spaces and punctuation are ignored."`
}

// Read says how to read a file where detection is not enough.
type Read struct {
	Encoding   string   `yaml:"encoding,omitempty" desc:"Character set, such as gb18030, utf-16, macintosh, windows-1252."`
	Delimiter  string   `yaml:"delimiter,omitempty" desc:"Character between the cells; \\t is a tab."`
	Header     string   `yaml:"header,omitempty" desc:"Row number of the header, none for a file without one, or auto."`
	Columns    []string `yaml:"columns,omitempty" desc:"Names of the columns of a file without a header."`
	TotalWords []string `yaml:"total_words,omitempty" desc:"Words that mark a total row, such as 合计."`
	Decimal    string   `yaml:"decimal,omitempty" desc:"Decimal sign: . or ,"`
	Dates      string   `yaml:"dates,omitempty" desc:"Order of day, month and year: ymd, dmy or mdy."`
	Nulls      []string `yaml:"nulls,omitempty" desc:"Words that mean an empty cell, such as NULL."`
	Unit       string   `yaml:"unit,omitempty" desc:"Unit of all money columns, such as 万元 or thousands."`
}

// Rows maps the rows of a table to the rows of one entity.
type Rows struct {
	Entity   string                `yaml:"entity" desc:"Name of the entity, see levelfield entities."`
	Where    string                `yaml:"where,omitempty" desc:"Expression over the columns; other rows are left out and counted."`
	Distinct bool                  `yaml:"distinct,omitempty" desc:"Several rows name the same thing, such as a customer in each of its orders: the first one counts, the others are left out and counted."`
	Unpivot  *Unpivot              `yaml:"unpivot,omitempty" desc:"Wide to long: one row for each of the columns."`
	Columns  map[string]ColumnSpec `yaml:"columns" desc:"Field of the entity: where it comes from."`
}

// Unpivot turns columns such as M01..M12 into rows; an empty cell makes none.
type Unpivot struct {
	Columns []string `yaml:"columns" desc:"Columns to turn into rows, by name or pattern such as M*."`
	Name    string   `yaml:"name" desc:"Word by which expressions call the column's header."`
	Value   string   `yaml:"value" desc:"Word by which expressions and from call the cell."`
}

// ColumnSpec says where a field comes from: exactly one of From, Const, Key
// and Expr is given. In YAML a plain word or list is short for from.
type ColumnSpec struct {
	From    []string          `yaml:"from,omitempty" desc:"Header of the source column; the first one present of several."`
	Const   string            `yaml:"const,omitempty" desc:"The same value in every row."`
	Key     []string          `yaml:"key,omitempty" desc:"Columns whose cells are joined with / to make a key."`
	Expr    string            `yaml:"expr,omitempty" desc:"Expression over the columns."`
	Else    string            `yaml:"else,omitempty" desc:"Expression used where the cell is empty."`
	Values  map[string]string `yaml:"values,omitempty" desc:"Value in the export: value to store."`
	Other   *string           `yaml:"other,omitempty" desc:"Value to store for one that values does not list, keep stores the value itself; without other such a row is refused."`
	Null    []string          `yaml:"null,omitempty" desc:"Words that mean an empty cell in this column."`
	Unit    string            `yaml:"unit,omitempty" desc:"Unit of the numbers, such as 万元 or thousands."`
	Decimal string            `yaml:"decimal,omitempty" desc:"Decimal sign of this column: . or ,"`
	Round   bool              `yaml:"round,omitempty" desc:"Round money of more than four decimals, half away from zero; without it such a row is refused."`
	Dates   string            `yaml:"dates,omitempty" desc:"Order of day, month and year in this column: ymd, dmy or mdy."`
	Agree   string            `yaml:"agree,omitempty" desc:"Second column that holds the same day and proves the order of day and month."`
}

// Plan is a mapping compiled for one table.
type Plan struct {
	Mapping string   // name of the mapping
	Blocks  []Block  // one for each entity, in the mapping's order
	Notes   []string // decisions to say aloud: date order, unit read from a header, columns left empty
}

// Block maps one table to one entity.
type Block struct {
	Entity  *table.Entity
	Columns []Column    // one for each field of Entity, in the same order
	Where   *Expression // rows for which it is false are left out; nil takes all
	Unpivot *Wide       // nil: one canonical row for each source row

	// Distinct: later rows of the file with a key seen before are left out, not refused.
	Distinct bool
}

// Wide is a compiled Unpivot.
type Wide struct {
	Indexes []int    // source columns turned into rows
	Names   []string // their headers
	Nulls   []string // words that mean an empty cell
}

// Column says how one field is read.
//
// When Plain reports true the field is the text of one source cell read by
// Format and nothing else: the fast path may read it from the file's bytes.
type Column struct {
	Field  *table.Field
	Index  int               // source column, -1 when the field does not come from one column
	Header string            // header of that column or the expression, for messages
	Format value.Format      // how numbers and dates are read
	Const  string            // used when IsConst
	Key    []int             // source columns joined with "/"
	Expr   *Expression       // computed
	Else   *Expression       // used where the cell is empty
	Values map[string]string // value map, keys normalised by foldValue
	Other  *string           // value for one that Values lacks

	IsConst bool
	IsWide  bool // the cell of the current unpivoted column
}

// Mapped reports whether the mapping fills the field at all.
func (c *Column) Mapped() bool {
	return c.Index >= 0 || c.IsConst || c.IsWide || len(c.Key) > 0 || c.Expr != nil
}

// Plain reports whether the field is one source cell read by Format.
func (c *Column) Plain() bool {
	return c.Index >= 0 && c.Values == nil && c.Else == nil
}

// Value is one field of a canonical row. Which part counts follows from
// Field.Kind; a null value has both at zero.
type Value struct {
	Null bool
	Text string // Text
	Int  int64  // Date: days since 1970-01-01; Time: microseconds; Money: ten-thousandths; Number: millionths; Int; Bool: 0 or 1
}

// Problem says why one field of a row cannot be read; the row is refused.
type Problem struct {
	Field  *table.Field
	Column string // header of the source column, or the expression
	Value  string // text that was read
	Reason string // short, such as "not a number"
	Hint   string // what to do, may be empty
}

// Opened is a table of a file and the mapping that takes it.
type Opened struct {
	Table *source.Table
	File  *File // nil when no mapping takes the table
}
