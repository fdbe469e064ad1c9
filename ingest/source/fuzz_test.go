package source_test

import (
	"os"
	"path/filepath"
	"testing"

	"levelfield/ingest/source"
)

// readAll opens data as a file and reads everything in it. Whatever the bytes,
// rows must fit their header and numbers must grow.
func readAll(t *testing.T, data []byte, opt source.Options) {
	path := filepath.Join(t.TempDir(), "x")
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	opt.Limit = 1 << 20
	tables, err := source.Open(path, opt)
	if err != nil {
		return
	}
	if len(tables) == 0 {
		t.Fatal("neither a table nor an error")
	}
	for _, table := range tables {
		names := map[string]bool{}
		for _, name := range table.Header {
			if name == "" || names[name] {
				t.Fatalf("header %q", table.Header)
			}
			names[name] = true
		}
		last := int64(table.HeaderRow)
		for row, err := range table.Rows() {
			if err != nil {
				break
			}
			if len(row.Cells) != len(table.Header) {
				t.Fatalf("row %d: %d cells under %d titles", row.Number, len(row.Cells), len(table.Header))
			}
			if row.Number <= last && table.Format != "xlsx" {
				t.Fatalf("row %d after row %d", row.Number, last)
			}
			if row.Skip != "" && row.Err != "" {
				t.Fatalf("row %d both skipped and refused", row.Number)
			}
			last = row.Number
		}
		if path, offset, size, _, ok := table.Plain(); ok {
			info, err := os.Stat(path)
			if err != nil || offset < 0 || size < 0 || offset+size != info.Size() {
				t.Fatalf("plain from %d, %d bytes: %v", offset, size, err)
			}
		}
	}
}

func FuzzOpenText(f *testing.F) {
	for _, s := range []string{"id,name\n1,Ann\n", "a;b\r\n\"x\ny\";2\r\n", "\xEF\xBB\xBFid|n\n1|2", "\xFF\xFEi\x00,\x00n\x00\n\x00", "sep=;\na;b\n", "编号,金额\n1,2\n合计,2\n注：x\n", "a,\"b\nc,d\ne,\"f\"\n", "id,\xB1\xE0\xBA\xC5\n1,2\n", "a\rb\rc", "\n\n,,\n", "x\ty\n1\t\"\n"} {
		f.Add([]byte(s), "", "", 0)
	}
	f.Add([]byte("1||2\n"), "gbk", "||", -1)
	f.Fuzz(func(t *testing.T, data []byte, encoding, delimiter string, header int) {
		readAll(t, data, source.Options{Encoding: encoding, Delimiter: delimiter, Header: header % 1000})
	})
}

func FuzzOpenXLSX(f *testing.F) {
	f.Add(ordersBook(f))
	f.Add(workbook(f, sheet{name: "S", cells: map[string]any{"A1": "id", "A2": 1}}))
	f.Fuzz(func(t *testing.T, data []byte) { readAll(t, data, source.Options{}) })
}

// FuzzSheetXML reads damaged XML inside a sound archive.
func FuzzSheetXML(f *testing.F) {
	f.Add([]byte(`<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c></row><row r="2"><c r="A2" s="1"><v>46300.5</v></c></row></sheetData></worksheet>`),
		[]byte(`<sst><si><t>a</t></si><si><r><t>b</t></r><rPh><t>x</t></rPh></si></sst>`),
		[]byte(`<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>`))
	f.Fuzz(func(t *testing.T, sheet, shared, styles []byte) {
		readAll(t, archive(t,
			member{name: "[Content_Types].xml", data: []byte("<a/>")},
			member{name: "xl/workbook.xml", data: []byte(`<workbook><sheets><sheet name="S" id="r1"/></sheets></workbook>`)},
			member{name: "xl/_rels/workbook.xml.rels", data: []byte(`<a><Relationship Id="r1" Type="x/worksheet" Target="sheet.xml"/></a>`)},
			member{name: "xl/sheet.xml", data: sheet},
			member{name: "xl/sharedStrings.xml", data: shared},
			member{name: "xl/styles.xml", data: styles},
		), source.Options{})
	})
}

func FuzzOpenXLS(f *testing.F) {
	data, err := os.ReadFile("testdata/orders.xls")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) { readAll(t, data, source.Options{}) })
}

func FuzzOpenZip(f *testing.F) {
	f.Add(archive(f, member{name: "a.csv", data: []byte("id,n\n1,2\n")}, member{name: "\xB1\xE0.csv", data: []byte("x\n"), local: true}))
	f.Fuzz(func(t *testing.T, data []byte) { readAll(t, data, source.Options{}) })
}

func FuzzOpenGzip(f *testing.F) {
	f.Add(gzipped(f, []byte("id,n\n1,2\n")))
	f.Fuzz(func(t *testing.T, data []byte) { readAll(t, data, source.Options{}) })
}
