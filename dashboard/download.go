package dashboard

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/xuri/excelize/v2"
)

// download answers with the table behind one card, in full precision.
func (s *Server) download(c *gin.Context, q *Query, page Page, id, as string) {
	var card *Card
	for _, each := range page.Cards() {
		if each.ID == id {
			card = each
		}
	}
	if card == nil {
		s.fail(c, q, notFound(c.Request.URL.RequestURI()))
		return
	}
	var body []byte
	var kind string
	var err error
	switch as {
	case "", "csv":
		as, kind = "csv", "text/csv; charset=utf-8"
		body = card.Table.csv()
	case "xlsx":
		kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
		body, err = card.Table.xlsx()
	default:
		err = badFilter("error.bad_as", "value", as)
	}
	if err != nil {
		s.fail(c, q, err)
		return
	}
	name := fmt.Sprintf("%s-%s-%s.%s", q.Page, id, q.Month.Format("2006-01"), as)
	c.Header("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(name))
	c.Header("Cache-Control", "private, no-cache")
	if answerUnchanged(c, body) {
		return
	}
	c.Data(http.StatusOK, kind, body)
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
	w.Write(t.heads())
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

func (t Table) xlsx() ([]byte, error) {
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
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
