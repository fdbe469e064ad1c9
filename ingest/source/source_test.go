package source_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"

	"levelfield/ingest/source"
)

// write puts data into a file of a new folder.
func write(t testing.TB, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// dump writes tables as text: the header, then every row with its number and
// what was found wrong with it.
func dump(tables []*source.Table) string {
	var b strings.Builder
	for _, t := range tables {
		if len(tables) > 1 {
			fmt.Fprintf(&b, "[%s]\n", t.Sheet)
		}
		fmt.Fprintf(&b, "%d: %s\n", t.HeaderRow, strings.Join(t.Header, " | "))
		for row, err := range t.Rows() {
			if err != nil {
				fmt.Fprintf(&b, "error: %v\n", err)
				break
			}
			fmt.Fprintf(&b, "%d: %s", row.Number, strings.Join(row.Cells, " | "))
			if row.Skip != "" {
				fmt.Fprintf(&b, " (%s)", row.Skip)
			}
			if row.Err != "" {
				fmt.Fprintf(&b, " !%s", row.Err)
			}
			b.WriteByte('\n')
		}
	}
	return b.String()
}

func lines(text ...string) string { return strings.Join(text, "\n") + "\n" }

func TestTextIsReadInEveryShape(t *testing.T) {
	for _, c := range []struct {
		name string
		text string
		opt  source.Options
		want string
	}{
		{name: "commas, quotes and doubled quotes",
			text: lines(`id,name,amount`, `1,"Smith, Ann",10`, `2,"the ""big"" one",20`),
			want: lines(`1: id | name | amount`, `2: 1 | Smith, Ann | 10`, `3: 2 | the "big" one | 20`)},
		{name: "a line break inside quotes keeps physical line numbers",
			text: lines(`id,note,amount`, `1,"two`, `lines",10`, `2,one,20`),
			want: lines(`1: id | note | amount`, "2: 1 | two\nlines | 10", `4: 2 | one | 20`)},
		{name: "Windows line ends and no line end at the end",
			text: "id,amount\r\n1,10\r\n2,20",
			want: lines(`1: id | amount`, `2: 1 | 10`, `3: 2 | 20`)},
		{name: "line ends of old Macs",
			text: "id,amount\r1,10\r2,20\r",
			want: lines(`1: id | amount`, `2: 1 | 10`, `3: 2 | 20`)},
		{name: "semicolons beside decimal commas",
			text: lines(`id;amount`, `1;10,5`, `2;20,25`),
			want: lines(`1: id | amount`, `2: 1 | 10,5`, `3: 2 | 20,25`)},
		{name: "tabs",
			text: lines("id\tname\tamount", "1\ta,b\t10"),
			want: lines(`1: id | name | amount`, `2: 1 | a,b | 10`)},
		{name: "bars without a header",
			text: lines(`1|Ann|2010-12-29`, `2|Bob|2010-12-30`),
			want: lines(`0: column 1 | column 2 | column 3`, `1: 1 | Ann | 2010-12-29`, `2: 2 | Bob | 2010-12-30`)},
		{name: "names given for a file without a header",
			text: lines(`1|Ann`, `2|Bob`), opt: source.Options{Columns: []string{"id", "name"}},
			want: lines(`0: id | name`, `1: 1 | Ann`, `2: 2 | Bob`)},
		{name: "a delimiter of several characters",
			text: lines(`id||name`, `1||Ann`), opt: source.Options{Delimiter: "||"},
			want: lines(`1: id | name`, `2: 1 | Ann`)},
		{name: "the sep line of Excel",
			text: lines(`sep=;`, `id;name`, `1;Ann`),
			want: lines(`2: id | name`, `3: 1 | Ann`)},
		{name: "a single column",
			text: lines(`name`, `Ann`, `Bob`),
			want: lines(`1: name`, `2: Ann`, `3: Bob`)},
		{name: "title rows, blank rows, totals and footnotes",
			text: lines(`华东区销售日报`, ``, `订单号,客户,金额`, `A1,甲,10`, `A2,乙,20`, `小计,,30`, ``, `A3,丙,30`, `合计,,60`, ``, `注：金额为含税价`, `制表人：王`),
			want: lines(`3: 订单号 | 客户 | 金额`, `4: A1 | 甲 | 10`, `5: A2 | 乙 | 20`, `6: 小计 |  | 30 (total)`, `7:  |  |  (blank)`, `8: A3 | 丙 | 30`, `9: 合计 |  | 60 (total)`, `10:  |  |  (blank)`, `11: 注：金额为含税价 |  |  (footnote)`, `12: 制表人：王 |  |  (footnote)`)},
		{name: "totals in English, and names that only look like one",
			text: lines(`region,product,amount`, `East,Colgate Total,10`, `East,Total,10`, `East Total,,20`, `Grand total:,,20`, `Total for West,,0`),
			want: lines(`1: region | product | amount`, `2: East | Colgate Total | 10`, `3: East | Total | 10`, `4: East Total |  | 20 (total)`, `5: Grand total: |  | 20 (total)`, `6: Total for West |  | 0 (total)`)},
		{name: "the total words of a mapping",
			text: lines(`region,amount`, `East,10`, `Alles,10`), opt: source.Options{TotalWords: []string{"alles"}},
			want: lines(`1: region | amount`, `2: East | 10`, `3: Alles | 10 (total)`)},
		{name: "no total rows wanted",
			text: lines(`region,amount`, `Total,10`), opt: source.Options{TotalWords: []string{}},
			want: lines(`1: region | amount`, `2: Total | 10`)},
		{name: "a lonely cell in the middle is data to be refused, not a footnote",
			text: lines(`id,name,amount`, `1,Ann,10`, `2,,`, `3,Bob,30`),
			want: lines(`1: id | name | amount`, `2: 1 | Ann | 10`, `3: 2 |  | `, `4: 3 | Bob | 30`)},
		{name: "the rest of a row that was cut off is to be refused, not a footnote",
			text: "id,name,amount\n1,Ann,10\n2,Bob,20\n3,Cid,30\n4,Dan,40\n5,Eve,50\n00",
			want: lines(`1: id | name | amount`, `2: 1 | Ann | 10`, `3: 2 | Bob | 20`, `4: 3 | Cid | 30`, `5: 4 | Dan | 40`, `6: 5 | Eve | 50`, `7: 00 |  |  !1 cell, the header has 3`)},
		{name: "the header again on every page",
			text: lines(`id,name,amount`, `1,Ann,10`, `page 1,,`, `id,name,amount`, `2,Bob,20`),
			want: lines(`1: id | name | amount`, `2: 1 | Ann | 10`, `3: page 1 |  |  (footnote)`, `4: id | name | amount (repeated header)`, `5: 2 | Bob | 20`)},
		{name: "a header of two rows",
			text: lines(`月报,,,,,`, `编号,姓名,销售,,回款,`, `,,金额,数量,金额,笔数`, `1,甲,10,1,5,1`, `2,乙,20,2,6,2`),
			want: lines(`3: 编号 | 姓名 | 销售 金额 | 销售 数量 | 回款 金额 | 回款 笔数`, `4: 1 | 甲 | 10 | 1 | 5 | 1`, `5: 2 | 乙 | 20 | 2 | 6 | 2`)},
		{name: "months as titles",
			text: lines(`rep,2026-01,2026-02,2026-03`, `Ann,1,2,3`),
			want: lines(`1: rep | 2026-01 | 2026-02 | 2026-03`, `2: Ann | 1 | 2 | 3`)},
		{name: "years as titles",
			text: lines(`region,2025,2026`, `East,1,2`),
			want: lines(`1: region | 2025 | 2026`, `2: East | 1 | 2`)},
		{name: "years as titles, the newest first",
			text: lines(`region,2026,2025`, `East,1,2`),
			want: lines(`1: region | 2026 | 2025`, `2: East | 1 | 2`)},
		{name: "labels with values above the header",
			text: lines(`部门：,销售部,日期：,2026-11-01,`, `,,,,单位：万元`, `编号,姓名,客户,金额,`, `1,甲,x,10,`, `2,乙,y,20,`),
			want: lines(`3: 编号 | 姓名 | 客户 | 金额`, `4: 1 | 甲 | x | 10`, `5: 2 | 乙 | y | 20`)},
		{name: "months under a year",
			text: lines(`2026年销售目标,,,,`, `大区,业务员,2026年,,`, `,,1月,2月,3月`, `华东,甲,1,2,3`, `合计,,1,2,3`),
			want: lines(`3: 大区 | 业务员 | 2026年 1月 | 2026年 2月 | 2026年 3月`, `4: 华东 | 甲 | 1 | 2 | 3`, `5: 合计 |  | 1 | 2 | 3 (total)`)},
		{name: "a header and no data",
			text: lines(`id,name`),
			want: lines(`1: id | name`)},
		{name: "titles said twice and columns without title",
			text: lines(`id,amount,amount,,`, `1,10,11,x,`, `2,20,21,y,`),
			want: lines(`1: id | amount | amount (2) | column 4`, `2: 1 | 10 | 11 | x`, `3: 2 | 20 | 21 | y`)},
		{name: "a header row that is given",
			text: lines(`a,b`, `c,d`, `id,amount`, `1,10`), opt: source.Options{Header: 3},
			want: lines(`3: id | amount`, `4: 1 | 10`)},
		{name: "no header, as given",
			text: lines(`a,b`, `c,d`), opt: source.Options{Header: -1},
			want: lines(`0: column 1 | column 2`, `1: a | b`, `2: c | d`)},
		{name: "too many and too few cells",
			text: lines(`id,name,amount`, `1,Ann,10`, `2,Smith, Ann,20`, `3,Bob,30,`, `4,Cid`, `5,Dan,50`, `6,Eve,60`),
			want: lines(`1: id | name | amount`, `2: 1 | Ann | 10`, `3: 2 | Smith |  Ann !4 cells, the header has 3`, `4: 3 | Bob | 30`, `5: 4 | Cid |  !2 cells, the header has 3`, `6: 5 | Dan | 50`, `7: 6 | Eve | 60`)},
		{name: "a quote that is never closed spoils its own line only",
			text: lines(`id,name,amount`, `1,"Ann,10`, `2,Bob,20`, `3,"Cid",30`),
			want: lines(`1: id | name | amount`, `2: 1 | "Ann | 10 !the quote opened in cell 2 is not closed`, `3: 2 | Bob | 20`, `4: 3 | Cid | 30`)},
		{name: "a quote open until the end of the file",
			text: lines(`id,name,amount`, `1,Ann,10`, `2,"Bob,20`, `3,Cid,30`),
			want: lines(`1: id | name | amount`, `2: 1 | Ann | 10`, `3: 2 | "Bob | 20 !the quote opened in cell 2 is not closed`, `4: 3 | Cid | 30`)},
		{name: "text behind a closing quote",
			text: lines(`id,name,amount`, `1,"Ann" B,10`, `2,Bob,20`),
			want: lines(`1: id | name | amount`, `2: 1 | "Ann" B | 10 !text after the closing quote of cell 2`, `3: 2 | Bob | 20`)},
		{name: "a quote inside a cell is itself",
			text: lines(`id,name`, `1,pipe 5" wide`),
			want: lines(`1: id | name`, `2: 1 | pipe 5" wide`)},
		{name: "spaces around quotes",
			text: lines(`id,name`, `1, "Ann, B" `),
			want: lines(`1: id | name`, `2: 1 | Ann, B`)},
		{name: "trailing blanks that the program leaves out",
			text: lines(`id,name,note`, `1,Ann,x`, `2,Bob`, `3,Cid`, `4,Dan`),
			want: lines(`1: id | name | note`, `2: 1 | Ann | x`, `3: 2 | Bob | `, `4: 3 | Cid | `, `5: 4 | Dan | `)},
		{name: "bytes that are no text",
			text: "id,name,amount\n1,é\xff,10\n2,Bob,20\n", opt: source.Options{Encoding: "utf-8"},
			want: lines(`1: id | name | amount`, `2: 1 | é`+"\ufffd"+` | 10 !bytes that are no text in the encoding of the file`, `3: 2 | Bob | 20`)},
	} {
		t.Run(c.name, func(t *testing.T) {
			tables, err := source.Open(write(t, "x.csv", []byte(c.text)), c.opt)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, dump(tables)); diff != "" {
				t.Errorf("want -, got +\n%s", diff)
			}
		})
	}
}

func TestTextIsReadInEveryEncoding(t *testing.T) {
	chinese := lines("订单号,客户名称,金额", "A1,上海华润万家超市,1234.50", "A2,北京物美商业集团,20")
	western := lines("id,name,amount", "1,José Muñoz café,10", "2,Zoë Müller,20", "3,François Œuvrard,30")
	apostrophe := lines("id,name,amount", "1,don’t naïve,10", "2,Renée’s,20")
	for _, c := range []struct {
		name     string
		encoding encoding.Encoding
		prefix   string
		text     string
		want     string
	}{
		{name: "UTF-8", encoding: encoding.Nop, text: chinese, want: "utf-8"},
		{name: "UTF-8 with mark", encoding: encoding.Nop, prefix: "\xEF\xBB\xBF", text: chinese, want: "utf-8"},
		{name: "GB18030", encoding: simplifiedchinese.GB18030, text: chinese, want: "gb18030"},
		{name: "Big5", encoding: traditionalchinese.Big5, text: lines("訂單號,客戶名稱,金額", "A1,臺灣統一超商股份有限公司,10", "A2,全聯實業股份有限公司的門市,20"), want: "big5"},
		{name: "UTF-16 little endian", encoding: unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), text: chinese + western, want: "utf-16le"},
		{name: "UTF-16 little endian with mark", encoding: unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), text: chinese, want: "utf-16le"},
		{name: "UTF-16 big endian", encoding: unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), text: western, want: "utf-16be"},
		{name: "UTF-16 big endian with mark", encoding: unicode.UTF16(unicode.BigEndian, unicode.UseBOM), text: chinese, want: "utf-16be"},
		{name: "Mac Roman", encoding: charmap.Macintosh, text: western, want: "macintosh"},
		{name: "Mac Roman with apostrophes", encoding: charmap.Macintosh, text: apostrophe, want: "macintosh"},
		{name: "Windows-1252", encoding: charmap.Windows1252, text: western, want: "windows-1252"},
		{name: "Windows-1252 with apostrophes", encoding: charmap.Windows1252, text: apostrophe, want: "windows-1252"},
		{name: "GB18030 that begins far behind the head", encoding: simplifiedchinese.GB18030,
			text: "id,name,amount\n" + strings.Repeat("1,plain ascii,10\n", 40_000) + "2,上海华润万家超市,20\n", want: "gb18030"},
	} {
		t.Run(c.name, func(t *testing.T) {
			data, err := c.encoding.NewEncoder().Bytes([]byte(c.text))
			if err != nil {
				t.Fatal(err)
			}
			path := write(t, "x.csv", append([]byte(c.prefix), data...))
			tables, err := source.Open(path, source.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if got := tables[0].Encoding; got != c.want {
				t.Errorf("encoding %s, want %s", got, c.want)
			}
			plain, err := source.Open(write(t, "y.csv", []byte(c.text)), source.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(dump(plain), dump(tables)); diff != "" {
				t.Errorf("in UTF-8 -, in %s +\n%s", c.name, diff)
			}
			if again, err := source.Open(path, source.Options{Encoding: c.want}); err != nil || dump(again) != dump(plain) {
				t.Errorf("with the encoding given: %v", err)
			}
		})
	}
}

// sheet describes one sheet of a workbook made by a test.
type sheet struct {
	name   string
	cells  map[string]any
	merge  [][2]string
	hidden bool
}

func workbook(t testing.TB, sheets ...sheet) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	day, err := f.NewStyle(&excelize.Style{NumFmt: 14})
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range sheets {
		if i == 0 {
			err = f.SetSheetName("Sheet1", s.name)
		} else {
			_, err = f.NewSheet(s.name)
		}
		if err != nil {
			t.Fatal(err)
		}
		for cell, v := range s.cells {
			if formula, ok := v.(string); ok && strings.HasPrefix(formula, "=") {
				err = f.SetCellFormula(s.name, cell, formula[1:])
			} else {
				err = f.SetCellValue(s.name, cell, v)
			}
			if at, ok := v.(time.Time); ok && at.Hour() == 0 && at.Year() > 1 {
				err = f.SetCellStyle(s.name, cell, cell, day)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		for _, m := range s.merge {
			if err := f.MergeCell(s.name, m[0], m[1]); err != nil {
				t.Fatal(err)
			}
		}
		if s.hidden {
			if err := f.SetSheetVisible(s.name, false); err != nil {
				t.Fatal(err)
			}
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func ordersBook(t testing.TB) []byte {
	return workbook(t,
		sheet{name: "订单", cells: map[string]any{
			"B1": "华东区订单", "B3": "订单号", "C3": "客户", "E3": "销售", "C4": "名称", "D4": "日期", "E4": "金额", "F4": "数量", "G3": "已付",
			"B5": "A1", "C5": "甲", "D5": time.Date(2026, 10, 5, 0, 0, 0, 0, time.UTC), "E5": 1234.5, "F5": -3, "G5": true,
			"B6": "A2", "C6": "乙\n公司", "D6": time.Date(2026, 10, 6, 9, 30, 0, 0, time.UTC), "E6": 0.1 + 0.2, "F6": 1e6, "G6": false,
			"B7": "A3", "C7": "丙", "D7": 46302, "E7": "=E5*2", "F7": 1, "G7": true,
			"B8": "合计", "E8": "=SUM(E5:E7)",
			"B10": "注：含税",
		}, merge: [][2]string{{"B1", "G1"}, {"C3", "D3"}, {"E3", "F3"}}},
		sheet{name: "Empty"},
		sheet{name: "退货", cells: map[string]any{"A1": "订单 ID", "B1": "退回", "A2": "A2", "B2": "是"}},
		sheet{name: "old", cells: map[string]any{"A1": "x", "A2": 1}, hidden: true},
	)
}

func TestWorkbooksAreReadSheetBySheet(t *testing.T) {
	path := write(t, "orders.xlsx", ordersBook(t))
	tables, err := source.Open(path, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := lines(
		`[订单]`,
		`4: 订单号 | 客户 名称 | 客户 日期 | 销售 金额 | 销售 数量 | 已付`,
		`5: A1 | 甲 | 2026-10-05 | 1234.5 | -3 | TRUE`,
		"6: A2 | 乙\n公司 | 2026-10-06 09:30:00 | 0.3 | 1000000 | FALSE",
		`7: A3 | 丙 | 46302 |  | 1 | TRUE !the formula in column 5 was never calculated: open the file and save it again`,
		`8: 合计 |  |  |  |  |  (total)`,
		`9:  |  |  |  |  |  (blank)`,
		`10: 注：含税 |  |  |  |  |  (footnote)`,
		`[退货]`, `1: 订单 ID | 退回`, `2: A2 | 是`)
	if diff := cmp.Diff(want, dump(tables)); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
	notes := []string{`hidden sheet "old" was left out`, `header in rows 3 to 4, joined`, `1 row above the header left out`}
	if diff := cmp.Diff(notes, tables[0].Notes); diff != "" {
		t.Errorf("notes: want -, got +\n%s", diff)
	}
	one, err := source.Open(path, source.Options{Sheet: "old"})
	if err != nil || len(one) != 1 || one[0].Sheet != "old" {
		t.Errorf("a hidden sheet asked for: %v, %v", one, err)
	}
	if diff := cmp.Diff([][]string{{"A1", "甲", "2026-10-05", "1234.5", "-3", "TRUE"}}, tables[0].Sample(1)); diff != "" {
		t.Errorf("sample: want -, got +\n%s", diff)
	}
}

func TestOldWorkbooksAreReadWithTheResultsOfFormulas(t *testing.T) {
	tables, err := source.Open("testdata/orders.xls", source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := lines(
		`[订单]`,
		`3: 订单号 | 客户 | 日期 | 时间 | 金额 | 数量 | 已付 | 备注`,
		`4: SO001 | 客户 甲 | 2026-10-05 | 2026-10-05 09:30:00 | 1234.5 | 3 | TRUE | 合同`,
		`5: SO002 | 客户 申 | 2026-10-06 | 2026-10-06 09:30:00 | -0.25 | -5 | FALSE | #DIV/0!`,
		`6: SO003 | 客户 甴 | 2026-10-07 | 2026-10-07 09:30:00 | 12345678.125 | 1000000 | TRUE | -6`,
		`7: SO004 | 客户 电 | 2026-10-08 | 2026-10-08 09:30:00 | 2469 | 0 | FALSE | naïve €`,
		`8: 合计 |  |  |  | 12349381.375 |  |  |  (total)`,
		`10: 制表人：王 |  |  |  |  |  |  |  (footnote)`,
		`[Returns]`, `1: Order | Returned`, `2: SO002 | Yes`)
	if diff := cmp.Diff(want, dump(tables)); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
}

func TestARealOldWorkbookIsReadWhole(t *testing.T) {
	found, _ := filepath.Glob("../../../shared/data/superstore_cn/*.xls")
	if len(found) == 0 {
		t.Skip("shared/data/superstore_cn/*.xls is not there")
	}
	tables, err := source.Open(found[0], source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int{}
	for _, table := range tables {
		for row, err := range table.Rows() {
			if err != nil || row.Skip != "" || row.Err != "" {
				t.Fatalf("%s row %d: %v %q %q", table.Sheet, row.Number, err, row.Skip, row.Err)
			}
			got[table.Sheet]++
		}
	}
	if diff := cmp.Diff(map[string]int{"订单": 10000, "退货": 296, "销售人员": 6}, got); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
}

// locked is a workbook with a password.
func locked(t testing.TB) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	path := filepath.Join(t.TempDir(), "x.xlsx")
	if err := f.SaveAs(path, excelize.Options{Password: "secret"}); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// sealed marks the only member of an archive as encrypted.
func sealed(t testing.TB) []byte {
	t.Helper()
	data := archive(t, member{name: "x.csv", data: []byte("a,b\n1,2\n")})
	data[6] |= 1 // in the member's own header
	data[bytes.Index(data, []byte("PK\x01\x02"))+8] |= 1
	return data
}

// member is one file of an archive made by a test.
type member struct {
	name  string
	data  []byte
	local bool // the name is not marked as UTF-8
}

func archive(t testing.TB, members ...member) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, m := range members {
		w, err := z.CreateHeader(&zip.FileHeader{Name: m.name, NonUTF8: m.local, Method: zip.Deflate})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(m.data); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gzipped(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestArchivesAreReadMemberByMember(t *testing.T) {
	csv := []byte(lines(`id,amount`, `1,10`))
	gbk, err := simplifiedchinese.GBK.NewEncoder().String("财务/十月订单.csv")
	if err != nil {
		t.Fatal(err)
	}
	path := write(t, "exports.zip", archive(t,
		member{name: "b.csv", data: csv},
		member{name: gbk, data: csv, local: true},
		member{name: "a.xlsx", data: workbook(t, sheet{name: "S", cells: map[string]any{"A1": "id", "A2": "x"}})},
		member{name: "readme.pdf", data: []byte("%PDF-1.7")},
		member{name: "__MACOSX/._b.csv", data: []byte{0}},
		member{name: "folder/"},
	))
	tables, err := source.Open(path, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, table := range tables {
		names = append(names, strings.TrimPrefix(table.File, path))
	}
	if diff := cmp.Diff([]string{"!a.xlsx", "!b.csv", "!财务/十月订单.csv"}, names); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
	if got, want := dump(tables[1:2]), lines(`1: id | amount`, `2: 1 | 10`); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if diff := cmp.Diff([]string{"readme.pdf in the archive is no table and was left out"}, tables[0].Notes); diff != "" {
		t.Errorf("notes: want -, got +\n%s", diff)
	}
	if _, _, _, _, ok := tables[1].Plain(); ok {
		t.Error("a member of an archive is not plain text on disk")
	}
}

func TestMembersOfOneNameAreBothRead(t *testing.T) {
	path := write(t, "x.zip", archive(t, member{name: "a.csv", data: []byte("id,n\na,1\n")}, member{name: "a.csv", data: []byte("id,n\nb,2\n")}))
	tables, err := source.Open(path, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := lines(`[]`, `1: id | n`, `2: a | 1`, `[]`, `1: id | n`, `2: b | 2`)
	if got := dump(tables); got != want {
		t.Errorf("got %s", got)
	}
}

func TestATableWithoutAFileHasNoRows(t *testing.T) {
	if rows := (&source.Table{Header: []string{"id"}}).Sample(1); rows != nil {
		t.Errorf("rows %v", rows)
	}
}

func TestGzipIsReadAsTheFileInside(t *testing.T) {
	for name, data := range map[string][]byte{"orders.csv": []byte(lines(`id,amount`, `1,10`)), "orders.xlsx": workbook(t, sheet{name: "S", cells: map[string]any{"A1": "id", "B1": "amount", "A2": 1, "B2": 10}})} {
		path := write(t, name+".gz", gzipped(t, data))
		tables, err := source.Open(path, source.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := dump(tables), lines(`1: id | amount`, `2: 1 | 10`); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
		if got, want := tables[0].File, path+"!"+name; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestPlainTextMayBeReadInPieces(t *testing.T) {
	text := "\xEF\xBB\xBFtitle\n\nid,名称,amount\n1,甲,10\n2,乙,20\n"
	path := write(t, "x.csv", []byte(text))
	tables, err := source.Open(path, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	file, offset, size, delim, ok := tables[0].Plain()
	if !ok || file != path || delim != ',' || text[offset:offset+size] != "1,甲,10\n2,乙,20\n" || tables[0].FirstRow != 4 {
		t.Errorf("%s from %d, %d bytes, %q, %v, first row %d", file, offset, size, delim, ok, tables[0].FirstRow)
	}
	for name, text := range map[string]string{"UTF-16": "\xFF\xFEi\x00d\x00\n\x00", "a delimiter of two bytes": "id¦name\n1¦Ann\n", "old Mac": "id,name\r1,Ann\r"} {
		tables, err := source.Open(write(t, "x.csv", []byte(text)), source.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if _, _, _, _, ok := tables[0].Plain(); ok {
			t.Errorf("%s is not plain", name)
		}
	}
}

func TestWhatIsNoTableIsRefusedWithAReason(t *testing.T) {
	book := ordersBook(t)
	zeros := make([]byte, 70<<20)
	for _, c := range []struct {
		name string
		file string
		data []byte
		opt  source.Options
		want string
	}{
		{name: "an empty file", data: nil, want: "the file is empty"},
		{name: "only blank lines", data: []byte("\n\n , \n"), want: "the file is empty"},
		{name: "a PDF", data: []byte("%PDF-1.7 ..."), want: "a PDF, not a table: export it as .xlsx or .csv"},
		{name: "a web page named .xls", data: []byte("<html><table><tr><td>1"), want: "a web page saved under the name of a table: open it in Excel and save it as .xlsx"},
		{name: "an XML spreadsheet", data: []byte(`<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">`), want: "an XML spreadsheet: open it in Excel and save it as .xlsx"},
		{name: "XML", data: []byte(`<?xml version="1.0"?><a/>`), want: "an XML file, not a table: export it as .xlsx or .csv"},
		{name: "bytes", data: []byte("ab\x00\x01\x02c\x00\x00\x00de\x00f"), want: "not a table: the file is binary"},
		{name: "a RAR archive", data: []byte("Rar!\x1a\x07"), want: "an archive that is not supported: pack it as .zip"},
		{name: "Parquet", data: []byte("PAR1...."), want: "a Parquet file, not an export: export it as .csv"},
		{name: "OpenDocument", data: archive(t, member{name: "mimetype", data: []byte("application/vnd.oasis.opendocument.spreadsheet")}), want: "an OpenDocument file: save it as .xlsx"},
		{name: "a binary workbook", data: archive(t, member{name: "[Content_Types].xml", data: []byte("<a/>")}, member{name: "xl/workbook.bin", data: []byte{1}}), want: "a binary workbook (.xlsb): save it as .xlsx"},
		{name: "a cut workbook", data: book[:len(book)/2], want: "the archive is damaged"},
		{name: "a workbook without its parts", data: archive(t, member{name: "[Content_Types].xml", data: []byte("<a/>")}), want: "the workbook is damaged: open it in the program that wrote it and save it again"},
		{name: "a workbook of empty sheets", data: workbook(t, sheet{name: "S"}), want: "no table in it: every sheet is empty"},
		{name: "a sheet that is not there", data: book, opt: source.Options{Sheet: "Orders"}, want: `no sheet "Orders": there are "订单", "Empty", "退货", "old"`},
		{name: "a damaged old workbook", data: []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and no more"), want: "the workbook is damaged: open it in the program that wrote it and save it again"},
		{name: "a damaged gzip", data: []byte("\x1F\x8B\x08\x00"), want: "the archive is damaged"},
		{name: "a workbook with a password", data: locked(t), want: "protected by a password: save a copy without one"},
		{name: "an archive with a password", data: sealed(t), want: "x.csv: protected by a password: save a copy without one"},
		{name: "an archive of archives", data: archive(t, member{name: "a.zip", data: archive(t, member{name: "x.csv", data: []byte("a,b\n")})}), want: "a.zip: an archive inside an archive: unpack it first"},
		{name: "an archive without tables", data: archive(t, member{name: "a.pdf", data: []byte("%PDF")}), want: "no table in the archive"},
		{name: "a member outside the archive", data: archive(t, member{name: "../../etc/x.csv", data: []byte("a,b\n")}), want: `member "../../etc/x.csv" points outside the archive: refused`},
		{name: "a member with an absolute name", data: archive(t, member{name: `C:\x.csv`, data: []byte("a,b\n")}), want: `member "C:/x.csv" points outside the archive: refused`},
		{name: "a zip bomb by its size", data: archive(t, member{name: "x.csv", data: []byte(strings.Repeat("1,2\n", 1000))}), opt: source.Options{Limit: 1000}, want: "unpacks to more than 1000 bytes: refused as a possible zip bomb"},
		{name: "a zip bomb by its ratio", data: archive(t, member{name: "x.csv", data: zeros}), want: "x.csv: unpacks to 1028 times its size: refused as a possible zip bomb"},
		{name: "a gzip bomb", data: gzipped(t, zeros[:1<<20]), opt: source.Options{Limit: 1000}, want: "unpacks to more than 1000 bytes: refused as a possible zip bomb"},
		{name: "an unknown encoding", data: []byte("a,b\n"), opt: source.Options{Encoding: "klingon"}, want: `encoding "klingon" is not known: use utf-8, gb18030, utf-16le, utf-16be, macintosh, windows-1252, big5 or shift_jis`},
		{name: "an impossible delimiter", data: []byte("a,b\n"), opt: source.Options{Delimiter: `"`}, want: `delimiter "\"" cannot be a quote or a line end`},
		{name: "a header row behind the end", data: []byte("a,b\n1,2\n"), opt: source.Options{Header: 7}, want: "no row 7 to be the header"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := write(t, "x", c.data)
			_, err := source.Open(path, c.opt)
			if want := path + ": " + c.want; err == nil || err.Error() != want {
				t.Errorf("got  %v\nwant %s", err, want)
			}
		})
	}
	if _, err := source.Open(t.TempDir(), source.Options{}); err == nil || !strings.HasSuffix(err.Error(), ": a folder, not a file") {
		t.Errorf("a folder: %v", err)
	}
}

func TestASheetThatBreaksOffIsAnErrorAndNotTheEnd(t *testing.T) {
	book := workbook(t, sheet{name: "S", cells: map[string]any{"A1": "id", "A2": 1, "A3": 2}})
	z, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	var members []member
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if _, err := b.ReadFrom(r); err != nil {
			t.Fatal(err)
		}
		data := b.Bytes()
		if f.Name == "xl/worksheets/sheet1.xml" {
			data = data[:bytes.Index(data, []byte(`<row r="3"`))]
		}
		members = append(members, member{name: f.Name, data: data})
	}
	path := write(t, "x.xlsx", archive(t, members...))
	_, err = source.Open(path, source.Options{})
	want := path + `: sheet "S": the workbook is damaged: open it in the program that wrote it and save it again`
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestRowsMayStopAndStartAgain(t *testing.T) {
	tables, err := source.Open(write(t, "x.csv", []byte(lines(`id,n`, `a,1`, `b,2`, `c,3`))), source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		for row := range tables[0].Rows() {
			if row.Number != 2 {
				t.Errorf("row %d", row.Number)
			}
			break
		}
	}
	if got := len(tables[0].Sample(10)); got != 3 {
		t.Errorf("%d rows", got)
	}
}
