// Package value turns the text of a cell into a typed value.
//
// Every parser takes the cell as a string or as bytes, never keeps it, and
// allocates nothing for plain ASCII input. An error is a short phrase
// ("not a date", "month 13"); the caller adds file, row, column and value.
package value

import "unsafe"

// Text is the text of a cell.
type Text interface{ ~string | ~[]byte }

// Order is the order of day, month and year in dates written with digits only.
type Order uint8

// The orders. A date that starts with a four-digit year is read as such under
// every order.
const (
	Unknown Order = iota // not decided: only dates that read one way are accepted
	YMD                  // year, month, day
	DMY                  // day, month, year
	MDY                  // month, day, year
)

// String names the order as mapping files do.
func (o Order) String() string { return [...]string{"unknown", "ymd", "dmy", "mdy"}[o&3] }

// ParseOrder reads the name of an order: "ymd", "dmy" or "mdy".
func ParseOrder(name string) (Order, bool) {
	for o := YMD; o <= MDY; o++ {
		if o.String() == name {
			return o, true
		}
	}
	return Unknown, false
}

// Format says how the cells of one column are written. The zero value reads
// decimal points, dates that read one way only, and takes blank cells as null.
type Format struct {
	Decimal byte     // decimal sign: '.' or ','; 0 means '.'
	Dates   Order    // order of digit-only dates
	Nulls   []string // words that stand for "no value", compared without regard to ASCII case; blank always does
	Scale   int64    // what 1 in the column stands for: 10000 for 万元; 0 means 1
	Percent bool     // the column is in percent: 12.5 means 0.125
	Round   bool     // round money half away from zero instead of refusing more than 4 places
}

// view reads s as a string without copying it. Both type sets begin with the
// data pointer and the length, which is all a string is.
func view[T Text](s T) string { return *(*string)(unsafe.Pointer(&s)) }
