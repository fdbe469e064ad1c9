package dashboard

import (
	"html/template"
	"strings"

	"levelfield/dashboard/chart"
	"levelfield/dashboard/i18n"
)

// Card is one question answered: a title that says the finding, a chart or a
// table, where it was calculated and the same numbers as a table.
type Card struct {
	ID     string // element id and ?card= of the export
	Title  string // the finding, a full sentence
	Sub    string // what, unit, n, period
	Plots  []Plot
	Table  Table  // the twin; what CSV and XLSX hold
	How    string // address of the definition
	Method string // how it is calculated, in words, where no definition says it; set by Query.card
	More   *Choice
	State  *State // shown instead of the chart
	// Links builds the export addresses; set by Query.card.
	CSV, XLSX, Link string
}

// Plot is one chart of a card.
type Plot struct {
	Option chart.Option
	Label  string // for screen readers
	Height int    // one of the heights in parts.css
	Note   string // line above the plot
}

// State is drawn where a chart has nothing to show or could not be made.
type State struct {
	Kind  string // "empty" or "error"
	Title string
	Text  string
	Act   *Choice // what to do
}

// Table is the numbers behind a card: shown as its twin, exported in full
// precision.
type Table struct {
	Columns []Column
	Rows    [][]Cell
}

// mostListed is how many rows of a table or a list a page holds; the export
// holds all, and a list offers the rest.
const mostListed = 200

// Shown are the rows that a page holds.
func (t Table) Shown() [][]Cell { return t.Rows[:min(len(t.Rows), mostListed)] }

// Body is the shown rows as HTML. A template takes ten times as long for the
// thousands of cells of a page with many tables.
func (t Table) Body() template.HTML {
	var b strings.Builder
	for _, row := range t.Shown() {
		b.WriteString("<tr>")
		for i, cell := range row {
			b.WriteString("<td")
			if t.Columns[i].Numeric {
				b.WriteString(` class="num"`)
			}
			b.WriteString(">")
			if strings.HasPrefix(cell.URL, "/") || strings.HasPrefix(cell.URL, "#") { // a page of ours
				b.WriteString(`<a href="` + template.HTMLEscapeString(cell.URL) + `">` + template.HTMLEscapeString(cell.Text) + "</a>")
			} else {
				b.WriteString(template.HTMLEscapeString(cell.Text))
			}
			b.WriteString("</td>")
		}
		b.WriteString("</tr>")
	}
	return template.HTML(b.String())
}

// Left is how many rows only the export holds.
func (t Table) Left() int64 { return int64(max(0, len(t.Rows)-mostListed)) }

// listed is how many of n rows a list shows; where it is not all of them, the
// card gets the link that shows all.
func (q *Query) listed(c *Card, n int) int {
	if n <= mostListed || q.Params.Get("list") == c.ID {
		return n
	}
	c.More = &Choice{Title: q.Lang.T("card.list_all", "shown", mostListed, "n", q.Lang.Count(int64(n))), URL: q.Here("list", c.ID) + "#" + c.ID}
	return mostListed
}

// Column heads a table column.
type Column struct {
	Title   string
	Unit    string // of the shown text
	Numeric bool
}

// Cell is a value as text for reading and raw for export.
type Cell struct {
	Text string
	Raw  any // string, float64, int64, time.Time or nil
	URL  string
	SVG  template.HTML
}

// text is a cell of words.
func text(s string) Cell { return Cell{Text: s, Raw: s} }

// number is a cell of a number: what is read and the full value.
func number(s string, raw *float64) Cell {
	if raw == nil {
		return Cell{Text: s}
	}
	return Cell{Text: s, Raw: *raw}
}

// card fills the addresses of a card's menu and says how it is calculated.
func (q *Query) card(c *Card) *Card {
	if key := "method." + q.Page + "." + c.ID; c.How == "" && i18n.Has(key) {
		c.Method = q.Lang.T(key)
	}
	c.CSV = q.Here("card", c.ID, "as", "csv")
	c.XLSX = q.Here("card", c.ID, "as", "xlsx")
	c.Link = q.Here() + "#" + c.ID
	return c
}
