package report

import (
	"fmt"
	"html/template"
	"levelfield/analytics"
	"levelfield/dashboard"
	"levelfield/dashboard/i18n"
	"math"
)

// Press makes reports. It holds what is costly to start, chart engines and
// fonts, so make one and keep it; it may be used from any goroutine.
type Press struct {
	canvas *Canvas
	fonts  *fonts
	sheet  stylesheet
	ahead  ahead
}

// BatchGC is the garbage collector's percentage for a program that makes many
// reports and nothing else: a tenth less memory for a twentieth more time.
const BatchGC = 70

// NewPress starts a press. It fails in a binary that was compiled before its
// browser parts were built, and names the command that builds them.
func NewPress() (*Press, error) {
	canvas, err := NewCanvas()
	if err != nil {
		return nil, err
	}
	fonts, err := loadFonts()
	if err != nil {
		return nil, err
	}
	return &Press{canvas: canvas, fonts: fonts, sheet: readStylesheet(reportCSS, paperTokens()), ahead: ahead{expect: fonts.expect}}, nil
}

// Widths of drawings in CSS pixels: a column and a small multiple.
const (
	wideWidth   = 680
	smallWidth  = 222
	smallHeight = 110
)

// report makes the parts that every report has.
func (p *Press) report(m analytics.Meta, o Order, title, says string) *Report {
	lang := o.Lang
	r := &Report{
		Lang: lang, Title: title, Company: m.Company, Month: o.Month, Says: says, Reader: o.Reader,
		State: lang.T("report.state." + o.State), Meta: m, press: p,
	}
	if o.Reader != "" {
		r.Facts = append(r.Facts, Fact{Label: lang.T("report.reader"), Text: lang.T("report.reader_of", "name", o.Reader)})
	}
	r.Facts = append(r.Facts,
		Fact{Label: lang.T("report.state"), Text: r.State},
		Fact{Label: lang.T("report.made"), Text: lang.Moment(m.CreatedAt)},
		Fact{Label: lang.T("report.as_of"), Text: lang.Date(m.AsOf)},
		Fact{Label: lang.T("report.source"), Text: lang.T("report.source." + m.SalesSource)},
		Fact{Label: lang.T("report.run"), Text: m.RunID, Mono: true},
		Fact{Label: lang.T("report.hash"), Text: m.InputHash, Mono: true},
		Fact{Label: lang.T("report.verify"), Text: "levelfield verify " + m.RunID, Mono: true},
	)
	return r
}

// writer turns the cards of pages into blocks. The first failure is kept.
type writer struct {
	press *Press
	lang  i18n.Lang
	err   error
}

// paperHeight is how high a chart stands on paper: lower than on a page, where
// it stands alone in view. One with a name a row is no higher than its rows need
// and high enough that none is left out.
func paperHeight(p dashboard.Plot) int {
	height := int(math.Round(float64(p.Height) * .85))
	if n := namedRows(p); n > 0 {
		height = max(22*n+60, min(height, 36*n+60))
	}
	return height
}

// namedRows is how many names stand down the left side of a chart.
func namedRows(p dashboard.Plot) int {
	if len(p.Option.YAxis) == 0 || p.Option.YAxis[0].Type != "category" {
		return 0
	}
	names, _ := p.Option.YAxis[0].Data.([]string)
	return len(names)
}

// draw draws a chart at a size in CSS pixels.
func (w *writer) draw(p dashboard.Plot, width, height int) template.HTML {
	svg, err := w.press.canvas.SVG(p.Option, w.lang, width, height, p.Label)
	if err != nil && w.err == nil {
		w.err = fmt.Errorf("%s: %w", p.Label, err)
	}
	return svg
}

// card is a card with its charts, or with its numbers where it has none.
func (w *writer) card(c *dashboard.Card) *Block {
	b := &Block{ID: c.ID, Title: c.Title, Sub: c.Sub, Empty: c.State, Data: &c.Table}
	if c.State != nil {
		return b
	}
	for _, p := range c.Plots {
		b.Drawings = append(b.Drawings, Drawing{Note: p.Note, SVG: w.draw(p, wideWidth, paperHeight(p))})
	}
	if len(c.Plots) == 0 {
		b.Table = plain(&c.Table)
	}
	return b
}

// plain prints a table of numbers as it is.
func plain(t *dashboard.Table) *Table {
	out := &Table{}
	for _, c := range t.Columns {
		out.Heads = append(out.Heads, Head{c.Title, c.Unit, c.Numeric})
	}
	for _, row := range t.Rows {
		var cells []Cell
		for _, c := range row {
			cells = append(cells, Cell{Text: c.Text, SVG: c.SVG})
		}
		out.Rows = append(out.Rows, Row{Cells: cells})
	}
	return out
}
