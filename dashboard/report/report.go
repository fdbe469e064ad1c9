package report

import (
	"html/template"
	"time"

	"github.com/xuri/excelize/v2"

	"levelfield/analytics"
	"levelfield/dashboard"
	"levelfield/dashboard/i18n"
)

// Report is one document for one reader: what html.go, pdf.go and xlsx.go
// write, each in its own way. It holds words, numbers as printed and drawings;
// nothing is decided or calculated after it is made.
type Report struct {
	Lang     i18n.Lang
	Title    string // what the document is
	Company  string
	Month    time.Time
	Says     string // the finding, on the cover
	Reader   string // for whom it was made; "" for nobody in particular
	State    string // draft, sealed or restated, in words
	Facts    []Fact // on the cover: where the numbers come from
	Sections []*Section
	Meta     analytics.Meta

	press    *Press
	formulas func() (*excelize.File, error) // a statement calculated anew, sheet by sheet; nil for other reports
}

// Fact is a label and what it says.
type Fact struct {
	Label, Text string
	Mono        bool // an identifier
}

// Section is a chapter. It begins a page.
type Section struct {
	ID, Title string
	Side      string // smaller, after the title
	Sheets    string // begins the names of its sheets in a workbook; "" for its title
	Blocks    []*Block
}

// Block is a part of a section: an optional heading and one kind of content.
type Block struct {
	ID         string // of its sheet in a workbook; "" for none
	Title, Sub string
	Name       string // of what is in a workbook only
	Finding    string // a sentence that stands out
	Text       string // running text
	Note       string // small print
	Empty      *dashboard.State
	Ledes      []Lede
	Figures    []Figure
	Strip      []Figure // values in one row
	Drawings   []Drawing
	Smalls     []Drawing // small multiples, three in a row
	Table      *Table
	Lines      []Line           // of pay or of the ledger
	Beside     [][]*Block       // columns side by side
	Signs      []string         // who signs
	Data       *dashboard.Table // the numbers behind it, in full precision
}

// Lede is one of the short texts under a finding.
type Lede struct{ Head, Text string }

// Figure is an indicator with its value, change and goal.
type Figure struct {
	Label, Note string
	Value, Unit string
	Spark       template.HTML
	Changes     []Change
	Goal        string
	Empty       string // why there is no value
}

// Line is one line of pay with its formula below. Level 1 is a subtotal, 2 the
// total.
type Line struct {
	What, Amount, Why string
	Level             int
}

// Change is a change with its direction; Tone is "pos" or "neg" where it lies
// outside its own variation.
type Change struct{ Label, Arrow, Text, Tone string }

// Drawing is one chart.
type Drawing struct {
	Note string // line above it
	Name string // of a small multiple
	Side string // number beside the name of a small multiple
	SVG  template.HTML
}

// Table is a table as printed.
type Table struct {
	Heads []Head
	Rows  []Row
	Dense bool
}

// Head heads a column.
type Head struct {
	Title, Unit string
	Numeric     bool
}

// Row is a line of a table.
type Row struct {
	Cells []Cell
	Total bool // set apart by a rule above it
	Depth int  // of a tree: how far its first cell stands in
}

// Cell is a value as printed.
type Cell struct {
	Text, Small string
	Arrow       string
	Tone        string // "pos", "neg" or ""
	Bold, Mono  bool
	SVG         template.HTML
}

// HasHeads reports whether a column has a title.
func (t *Table) HasHeads() bool {
	for _, h := range t.Heads {
		if h.Title != "" {
			return true
		}
	}
	return false
}

// Numeric reports whether column i holds numbers.
func (t *Table) Numeric(i int) bool { return i < len(t.Heads) && t.Heads[i].Numeric }

// Name is the title with the month, as a file or a window is called.
func (r *Report) Name() string {
	return r.Company + " · " + r.Title + " · " + r.Lang.Month(r.Month)
}
