// Package source reads any export file as tables of text cells: delimited text
// in any encoding, .xlsx, .xls, and zip or gzip of these. It finds the table in
// the sheet (title rows, merged headers, totals, footnotes) and says what it
// found; it never interprets a cell.
package source

// Options overrides what Open would detect. The zero value detects everything.
type Options struct {
	Encoding   string   // name of the encoding, "" detects
	Delimiter  string   // one or more characters, "" detects
	Header     int      // 0 detects, -1 there is none, n the (last) header row as the person sees it
	Columns    []string // names for a table without header; given, there is none
	Sheet      string   // only this sheet, "" all visible ones
	TotalWords []string // words that mark a total row besides the built-in ones; empty but not nil: no total rows
	Limit      int64    // most bytes an archive or workbook may unpack to; 0 means DefaultLimit
}

// DefaultLimit is the most an archive or a workbook may unpack to, in bytes.
const DefaultLimit = 8 << 30

// Table is one table of a file.
type Table struct {
	File      string   // path as given, archive member after "!"
	Sheet     string   // sheet name, "" for text files
	Format    string   // "csv", "xlsx" or "xls"
	Encoding  string   // of a text file: "utf-8", "gb18030", "utf-16le" ...
	Delimiter string   // of a text file
	HeaderRow int      // (last) header row as the person sees it, 0 without header
	FirstRow  int64    // row where data may begin: the one after the header
	Header    []string // merged headers joined with a space, trimmed, unique
	Notes     []string // what was found and decided, said aloud

	reader    func() (rowReader, error) // the rows from the top of the file
	headRows  [][]string                // the rows of the header, cleaned
	columns   []int                     // where Header[i] stands in a row
	total     totals
	shortRows bool   // rows may have fewer cells than the header
	sepLine   bool   // the first line is sep=;
	disk      string // path when Plain
	size      int64  // bytes of it
	mark      int64  // bytes of its byte order mark
	offset    int64  // decoded bytes up to FirstRow
}

// Row is one row of a table.
type Row struct {
	Number int64    // row number as the person sees it; the first physical line of a text record
	Cells  []string // as many as the header; valid until the next row
	Skip   string   // "" or why it is no data: "blank", "total", "footnote", "repeated header"
	Err    string   // "" or why the row must be refused
	Raw    []string // cells as read, before fitting them to the header; valid until the next row
}
