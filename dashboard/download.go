package dashboard

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/xuri/excelize/v2"
)

// download makes the file of the table behind one card, in full precision.
func (s *Server) download(q *Query, page Page, id, as string) (*answer, error) {
	var card *Card
	for _, each := range page.Cards() {
		if each.ID == id {
			card = each
		}
	}
	if card == nil {
		return nil, notFound(q.URL.RequestURI())
	}
	switch as {
	case "", "csv":
		return newAnswer("text/csv; charset=utf-8", q.exportName(id, "csv"), q, card.Table.with(q.context()).csv()), nil
	case "xlsx":
		body, err := card.Table.xlsx(q.origin(card))
		return newAnswer("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", q.exportName(id, "xlsx"), q, body), err
	}
	return nil, badFilter("error.bad_as", "value", as)
}

// attachment names the file that a browser saves an answer as.
func attachment(name string) string { return "attachment; filename*=UTF-8''" + url.PathEscape(name) }

// exportName names a file by page, card, month, chosen unit and run.
func (q *Query) exportName(card, as string) string {
	parts := []string{q.Page, card}
	if q.Run != nil {
		parts = append(parts, q.Month.Format("2006-01"))
		if q.Region != nil || q.Own != nil {
			parts = append(parts, strings.Map(func(r rune) rune {
				if unicode.IsLetter(r) || unicode.IsDigit(r) {
					return r
				}
				return '_'
			}, q.UnitName()))
		}
		parts = append(parts, q.Run.ID)
	}
	return strings.Join(parts, "-") + "." + as
}

// origin says where an exported table is from: what it shows, of which run,
// month and filters, and the address that shows it again.
func (q *Query) origin(c *Card) [][2]string {
	lines := [][2]string{{q.Lang.T("export.shows"), c.Title}, {q.Lang.T("export.address"), q.Here()}}
	if q.Run == nil {
		return lines
	}
	lines = append(lines, [2]string{q.Lang.T("export.company"), q.Run.Meta.Company}, [2]string{q.Lang.T("run.id"), q.Run.ID},
		[2]string{q.Lang.T("export.calculated"), q.Run.Meta.CreatedAt.Format(time.RFC3339)}, [2]string{q.Lang.T("export.as_of"), q.Run.Meta.AsOf.Format(time.DateOnly)})
	for _, f := range q.filters() {
		lines = append(lines, [2]string{f.Label, f.Value})
	}
	return lines
}

// context is what a line of a CSV file is of: month, unit, run, and the address
// that shows the table again, in which every filter stands. XLSX has its second
// sheet for it; in a CSV file lines of their own would break its columns.
func (q *Query) context() (columns []Column, cells []Cell) {
	add := func(key, value string) {
		columns, cells = append(columns, Column{Title: q.Lang.T(key)}), append(cells, text(value))
	}
	if q.Run != nil {
		add("export.month", q.Month.Format("2006-01"))
		add("export.unit", q.UnitName())
		add("run.id", q.Run.ID)
	}
	add("export.address", q.Here())
	return columns, cells
}

// with returns the table with the same cells at the end of every row.
func (t Table) with(columns []Column, cells []Cell) Table {
	wide := Table{Columns: slices.Concat(t.Columns, columns)}
	for _, row := range t.Rows {
		wide.Rows = append(wide.Rows, slices.Concat(row, cells))
	}
	return wide
}

func (t Table) heads() []string {
	heads := make([]string, len(t.Columns))
	for i, column := range t.Columns {
		heads[i] = column.Title
	}
	return heads
}

// csv writes the table with a byte order mark, without which Excel takes
// UTF-8 for something else. A text that a spreadsheet would run as a formula
// gets an apostrophe.
func (t Table) csv() []byte {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	heads := t.heads()
	for i := range heads {
		heads[i] = inert(heads[i])
	}
	w.Write(heads)
	for _, row := range t.Rows {
		line := make([]string, len(row))
		for i, cell := range row {
			line[i] = plain(cell.Raw)
		}
		w.Write(line)
	}
	w.Flush()
	return b.Bytes()
}

func plain(raw any) string {
	switch v := raw.(type) {
	case nil:
		return ""
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case time.Time:
		return v.Format(time.DateOnly)
	case string:
		return inert(v)
	}
	return fmt.Sprint(raw)
}

func inert(s string) string {
	if s != "" && (s[0] == '=' || s[0] == '+' || s[0] == '-' || s[0] == '@' || s[0] == '\t' || s[0] == '\r') {
		return "'" + s
	}
	return s
}

// xlsx writes the table and, on a second sheet, what origin says of it.
func (t Table) xlsx(origin [][2]string) ([]byte, error) {
	f := excelize.NewFile()
	defer f.Close()
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		return nil, err
	}
	rows := [][]any{make([]any, len(t.Columns))}
	for i, head := range t.heads() {
		rows[0][i] = head
	}
	for _, row := range t.Rows {
		line := make([]any, len(row))
		for i, cell := range row {
			line[i] = cell.Raw
			if s, ok := cell.Raw.(string); ok {
				line[i] = s // a string cell is never run
			}
		}
		rows = append(rows, line)
	}
	for i, line := range rows {
		at, _ := excelize.CoordinatesToCellName(1, i+1)
		if err := w.SetRow(at, line); err != nil {
			return nil, err
		}
	}
	if err := w.Flush(); err != nil {
		return nil, err
	}
	if _, err := f.NewSheet("about"); err != nil {
		return nil, err
	}
	for i, line := range origin {
		for x, text := range line {
			at, _ := excelize.CoordinatesToCellName(x+1, i+1)
			if err := f.SetCellStr("about", at, text); err != nil {
				return nil, err
			}
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
