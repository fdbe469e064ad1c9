package report

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"levelfield/dashboard"
)

// XLSX writes the report as one workbook: the first sheet says what it is and
// from which run, every table and every chart's numbers have a sheet of their
// own, in full precision. A statement also holds the sheets that calculate it
// anew from its exported rows; they are read from the run, which must be open.
func (r *Report) XLSX(w io.Writer) error {
	f := excelize.NewFile()
	if r.formulas != nil {
		var err error
		if f, err = r.formulas(); err != nil {
			return fmt.Errorf("xlsx: %w", err)
		}
	}
	defer f.Close()
	b, err := newBook(f)
	if err != nil {
		return fmt.Errorf("xlsx: %w", err)
	}
	first := r.Lang.T("report.sheet")
	sheets, err := b.begin(first, r)
	if err != nil {
		return fmt.Errorf("xlsx: %w", err)
	}
	for _, s := range r.Sections {
		for _, block := range flat(s.Blocks) {
			if block.Data == nil || len(block.Data.Rows) == 0 {
				continue
			}
			name := b.name(block, s)
			if err := b.table(name, block); err != nil {
				return fmt.Errorf("xlsx: sheet %s: %w", name, err)
			}
			sheets = append(sheets, sheetEntry{name, cmp.Or(block.Title, block.Name, s.Title)})
		}
	}
	if err := b.first(first, r, sheets); err != nil {
		return fmt.Errorf("xlsx: %w", err)
	}
	if err := f.SetDocProps(&excelize.DocProperties{Title: r.Name(), Subject: r.Says, Creator: "levelfield", Keywords: r.Meta.RunID, Language: string(r.Lang), Created: r.Meta.CreatedAt.UTC().Format(time.RFC3339), Modified: r.Meta.CreatedAt.UTC().Format(time.RFC3339)}); err != nil {
		return fmt.Errorf("xlsx: %w", err)
	}
	return f.Write(w)
}

// begin makes the first sheet and returns those that the workbook has already.
func (b *book) begin(first string, r *Report) (sheets []sheetEntry, err error) {
	b.used[strings.ToLower(first)] = true
	if r.formulas == nil {
		return nil, b.file.SetSheetName("Sheet1", first)
	}
	for _, name := range b.file.GetSheetList() {
		b.used[strings.ToLower(name)] = true
		sheets = append(sheets, sheetEntry{name, r.Lang.T("report.formulas")})
	}
	if _, err := b.file.NewSheet(first); err != nil {
		return nil, err
	}
	b.file.SetActiveSheet(0)
	return sheets, b.file.MoveSheet(first, sheets[0].name)
}

// flat lists blocks with those that stand in columns.
func flat(blocks []*Block) []*Block {
	var all []*Block
	for _, b := range blocks {
		all = append(all, b)
		for _, column := range b.Beside {
			all = append(all, flat(column)...)
		}
	}
	return all
}

// sheetEntry is a sheet in the list on the first.
type sheetEntry struct{ name, title string }

// book is a workbook being written.
type book struct {
	file                                            *excelize.File
	used                                            map[string]bool // names of sheets, in lower case
	title, head, label, percent, money, count, date int             // styles
}

func newBook(f *excelize.File) (*book, error) {
	b := &book{file: f, used: map[string]bool{}}
	format := func(text string) *excelize.Style { return &excelize.Style{CustomNumFmt: &text} }
	for _, s := range []struct {
		to    *int
		style *excelize.Style
	}{
		{&b.title, &excelize.Style{Font: &excelize.Font{Bold: true, Size: 14}}},
		{&b.head, &excelize.Style{Font: &excelize.Font{Bold: true}, Border: []excelize.Border{{Type: "bottom", Color: "13191D", Style: 1}}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "bottom"}}},
		{&b.label, &excelize.Style{Font: &excelize.Font{Color: "5F6B73"}}},
		{&b.percent, format("0.0%")},
		{&b.money, format("#,##0.00")},
		{&b.count, format("#,##0")},
		{&b.date, format("yyyy-mm-dd")},
	} {
		id, err := f.NewStyle(s.style)
		if err != nil {
			return nil, err
		}
		*s.to = id
	}
	return b, nil
}

// name makes a name that Excel takes for a sheet: no more than 31 characters,
// none of []:*?/\, and only once.
func (b *book) name(block *Block, s *Section) string {
	base := s.Title
	if s.Sheets != "" {
		base = s.Sheets
	}
	if block.ID != "" {
		base += " " + block.ID
	}
	base = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\'`, r) {
			return ' '
		}
		return r
	}, base)
	for n := 1; ; n++ {
		tail := ""
		if n > 1 {
			tail = fmt.Sprint(" ", n)
		}
		runes := []rune(base)
		name := strings.TrimSpace(string(runes[:min(len(runes), 31-utf8.RuneCountInString(tail))])) + tail
		if key := strings.ToLower(name); !b.used[key] {
			b.used[key] = true
			return name
		}
	}
}

func (b *book) first(sheet string, r *Report, sheets []sheetEntry) error {
	row := 0
	var err error
	put := func(style int, values ...any) {
		row++
		for i, v := range values {
			cell, _ := excelize.CoordinatesToCellName(i+1, row)
			if err == nil {
				err = b.file.SetCellValue(sheet, cell, v)
			}
			if err == nil && (i == 0 || style == b.title) && style != 0 {
				err = b.file.SetCellStyle(sheet, cell, cell, style)
			}
		}
	}
	put(b.title, r.Name())
	put(0, r.Says)
	row++
	put(b.label, r.Lang.T("filter.month"), r.Lang.Month(r.Month))
	for _, f := range r.Facts {
		put(b.label, f.Label, f.Text)
	}
	row++
	for _, s := range sheets {
		put(0, s.name, s.title)
		cell := fmt.Sprintf("A%d", row)
		if err == nil {
			err = b.file.SetCellHyperLink(sheet, cell, "'"+s.name+"'!A1", "Location")
		}
	}
	if err == nil {
		err = b.file.SetColWidth(sheet, "A", "A", 28)
	}
	if err == nil {
		err = b.file.SetColWidth(sheet, "B", "B", 80)
	}
	return err
}

// table writes the numbers of a block: heads in the first row, so that the
// sheet can be sorted and filtered.
func (b *book) table(sheet string, block *Block) error {
	if _, err := b.file.NewSheet(sheet); err != nil {
		return err
	}
	t := block.Data
	heads := make([]any, len(t.Columns))
	for i, c := range t.Columns {
		heads[i] = c.Title
		width := 14.0
		for _, row := range t.Rows {
			if i < len(row) {
				width = math.Max(width, math.Min(60, float64(len(row[i].Text))*.9))
			}
		}
		column, _ := excelize.ColumnNumberToName(i + 1)
		if err := b.file.SetColWidth(sheet, column, column, width); err != nil {
			return err
		}
	}
	if err := b.file.SetSheetRow(sheet, "A1", &heads); err != nil {
		return err
	}
	if err := b.file.SetRowStyle(sheet, 1, 1, b.head); err != nil {
		return err
	}
	for y, row := range t.Rows {
		for x, c := range row {
			if c.Raw == nil {
				continue
			}
			cell, _ := excelize.CoordinatesToCellName(x+1, y+2)
			if err := b.file.SetCellValue(sheet, cell, c.Raw); err != nil {
				return err
			}
			if style := b.style(c); style != 0 {
				if err := b.file.SetCellStyle(sheet, cell, cell, style); err != nil {
					return err
				}
			}
		}
	}
	end, _ := excelize.CoordinatesToCellName(max(1, len(t.Columns)), len(t.Rows)+1)
	if err := b.file.AutoFilter(sheet, "A1:"+end, nil); err != nil {
		return err
	}
	return b.file.SetPanes(sheet, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
}

// style is the number format of a cell: a share where it is read as one.
func (b *book) style(c dashboard.Cell) int {
	switch v := c.Raw.(type) {
	case time.Time:
		return b.date
	case int, int64:
		return b.count
	case float64:
		switch {
		case strings.HasSuffix(c.Text, "%"):
			return b.percent
		case v == math.Trunc(v) && !strings.Contains(c.Text, "."):
			return b.count
		}
		return b.money
	}
	return 0
}
