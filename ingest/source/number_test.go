package source

import "testing"

func TestNumbersAreWrittenAsAPersonWouldCopyThem(t *testing.T) {
	for _, c := range []struct {
		v     float64
		id    int
		code  string
		epoch epoch
		want  string
	}{
		{v: 1234.5, want: "1234.5"},
		{v: -5, want: "-5"},
		{v: 0.1 + 0.2, want: "0.3"},
		{v: 1e20, want: "100000000000000000000"},
		{v: 1e300, want: "1E+300"},
		{v: 0.125, id: 9, want: "0.125"},
		{v: 0.125, code: "0.0%", want: "0.125"},
		{v: 1234, code: `#,##0.00" 天"`, want: "1234"},
		{v: 1234, code: `"d"0`, want: "1234"},
		{v: 1234, code: `[Red]0.00E+00`, want: "1234"},
		{v: 1234, code: `G/通用格式`, want: "1234"},
		{v: 46300, id: 14, want: "2026-10-05"},
		{v: 46300, id: 31, want: "2026-10-05"},
		{v: 46300, id: 58, want: "2026-10-05"},
		{v: 46300, code: `yyyy"年"m"月"d"日"`, want: "2026-10-05"},
		{v: 46300, code: `yyyy"年"m"月"`, want: "2026-10-05"},
		{v: 46300, code: `[$-804]mmm\-yy;@`, want: "2026-10-05"},
		{v: 46300, code: "mmm", want: "2026-10-05"},
		{v: 46300.5, id: 22, want: "2026-10-05 12:00:00"},
		{v: 46300.395833333336, code: "m/d/yyyy h:mm", want: "2026-10-05 09:30:00"},
		{v: 46300.999999999999, id: 22, want: "2026-10-06"},
		{v: 46300.0000011574, id: 22, want: "2026-10-05 00:00:00.100"},
		{v: 0.75, id: 20, want: "18:00:00"},
		{v: 0.75, code: "h:mm AM/PM", want: "18:00:00"},
		{v: 1.5, code: "[h]:mm", want: "1.5"},
		{v: 1, id: 14, want: "1900-01-01"},
		{v: 59, id: 14, want: "1900-02-28"},
		{v: 60, id: 14, want: "60"},
		{v: 61, id: 14, want: "1900-03-01"},
		{v: 0, id: 14, want: "0"},
		{v: -1, id: 14, want: "-1"},
		{v: 2958465, id: 14, want: "9999-12-31"},
		{v: 2958466, id: 14, want: "2958466"},
		{v: 44838, id: 14, epoch: true, want: "2026-10-05"},
	} {
		if got := numberText(c.v, styleOf(c.id, c.code), c.epoch); got != c.want {
			t.Errorf("%v in format %d %q: got %s, want %s", c.v, c.id, c.code, got, c.want)
		}
	}
}

func TestPackedNumbersOfOldWorkbooks(t *testing.T) {
	for _, c := range []struct {
		packed uint32
		want   float64
	}{
		{5<<2 | 2, 5},
		{0xFFFFFFEE, -5},
		{0xFFFFFF9F, -0.25},
		{125<<2 | 3, 1.25},
		{0x3FF00000, 1},
		{0x40590001, 1},
	} {
		if got := rk(c.packed); got != c.want {
			t.Errorf("%#x: got %v, want %v", c.packed, got, c.want)
		}
	}
}

// The stream of an Excel 5 workbook is built here: it keeps its texts in a
// Chinese code page.
func TestTextsOfExcel5AreReadInTheirCodePage(t *testing.T) {
	record := func(id uint16, data ...byte) []byte {
		return append([]byte{byte(id), byte(id >> 8), byte(len(data)), byte(len(data) >> 8)}, data...)
	}
	globals := record(recBOF, 0, 5, 5, 0)
	globals = append(globals, record(recCodePage, 0xA8, 0x03)...)
	sheet := record(recBoundSheet, 0, 0, 0, 0, 0, 0, 4, 0xB6, 0xA9, 0xB5, 0xA5)
	end := record(recEOF)
	offset := len(globals) + len(sheet) + len(end)
	sheet[4] = byte(offset)
	stream := append(append(globals, sheet...), end...)
	stream = append(stream, record(recBOF, 0, 5, 0x10, 0)...)
	stream = append(stream, record(recLabel, 0, 0, 1, 0, 0, 0, 2, 0, 0xBD, 0xF0)...)
	stream = append(stream, record(recRk, 1, 0, 1, 0, 0, 0, 0xEE, 0xFF, 0xFF, 0xFF)...)
	stream = append(stream, end...)
	book := &xlsBook{stream: stream, formats: map[uint16]string{}}
	if err := book.globals(); err != nil {
		t.Fatal(err)
	}
	rows, err := book.sheet(book.sheets[0])
	if err != nil {
		t.Fatal(err)
	}
	first, _ := rows.next()
	second, _ := rows.next()
	if book.sheets[0].name != "订单" || first.cells[1] != "金" || second.cells[1] != "-5" || second.number != 2 {
		t.Errorf("sheet %q, cells %q, %q", book.sheets[0].name, first.cells, second.cells)
	}
}
