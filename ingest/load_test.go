package ingest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"levelfield/ingest/table"
)

var clock = func() time.Time { return time.Date(2026, 11, 4, 9, 0, 0, 0, time.UTC) }

// workspace makes a workspace with the given files.
func workspace(t testing.TB, files map[string]string) Workspace {
	t.Helper()
	ws := Workspace{Dir: t.TempDir()}
	for name, text := range files {
		ws.put(t, name, []byte(text))
	}
	return ws
}

func (ws Workspace) put(t testing.TB, name string, data []byte) {
	t.Helper()
	path := filepath.Join(ws.Dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

func (ws Workspace) load(t testing.TB, opt Options, paths ...string) *Report {
	t.Helper()
	if opt.Now == nil {
		opt.Now = clock
	}
	for i := range paths {
		paths[i] = filepath.Join(ws.Dir, paths[i])
	}
	r, err := Load(context.Background(), ws, paths, opt)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// live returns the live rows of an entity, one text a row, sorted. Columns that
// are null are left out.
func (ws Workspace) live(t testing.TB, entity string, without ...string) []string {
	t.Helper()
	m, err := ws.ReadManifest()
	if err != nil {
		t.Fatal(err)
	}
	rows := []string{}
	for _, f := range m.Files {
		if f.Entity != entity {
			continue
		}
		got := readRows(t, ws.lake(f.Path), without...)
		if int64(len(got)) != f.Rows {
			t.Errorf("%s holds %d rows, the manifest says %d", f.Path, len(got), f.Rows)
		}
		rows = append(rows, got...)
	}
	slices.Sort(rows)
	return rows
}

func readRows(t testing.TB, path string, without ...string) []string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return parquetRows(t, data, without...)
}

func parquetRows(t testing.TB, data []byte, without ...string) (rows []string) {
	t.Helper()
	f, err := parquet.OpenFile(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	names := f.Schema().Columns()
	for _, g := range f.RowGroups() {
		in := g.Rows()
		buf := make([]parquet.Row, 100)
		for {
			n, err := in.ReadRows(buf)
			for _, row := range buf[:n] {
				var parts []string
				for _, v := range row {
					name := names[v.Column()][0]
					if !v.IsNull() && !slices.Contains(without, name) {
						parts = append(parts, name+"="+v.String())
					}
				}
				rows = append(rows, strings.Join(parts, " "))
			}
			if err != nil {
				break
			}
		}
		in.Close()
	}
	return rows
}

func days(text string) int64 {
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return d.Unix() / 86400
}

func refusals(r *Report) (out []string) {
	for _, f := range r.Files {
		for _, x := range f.Refusals {
			x.File = filepath.Base(x.File)
			out = append(out, x.String())
		}
	}
	return out
}

const orders = `order_id,line_id,ordered_on,rep_id,quantity,amount,currency
SO1001,1,2026-09-30,R1,2,199.90,CNY
SO1001,2,2026-09-30,R1,1,50,CNY
SO1002,1,2026-10-01,,3,"1,234.50",
SO1003,1,2026-10-02,R2,-1,-20.00,CNY
`

func TestRowsLandInTheirMonthWithTheirOrigin(t *testing.T) {
	ws := workspace(t, map[string]string{"exports/orders.csv": orders})
	r := ws.load(t, Options{}, "exports")
	if len(r.Files) != 1 || r.Files[0].Err != nil {
		t.Fatalf("report %+v", r)
	}
	want := []string{
		fmt.Sprintf("order_id=SO1001 line_id=1 ordered_on=%d rep_id=R1 quantity=2000000 amount=1999000 currency=CNY source_file=exports/orders.csv source_sheet= source_row=2 batch=1", days("2026-09-30")),
		fmt.Sprintf("order_id=SO1001 line_id=2 ordered_on=%d rep_id=R1 quantity=1000000 amount=500000 currency=CNY source_file=exports/orders.csv source_sheet= source_row=3 batch=1", days("2026-09-30")),
		fmt.Sprintf("order_id=SO1002 line_id=1 ordered_on=%d quantity=3000000 amount=12345000 source_file=exports/orders.csv source_sheet= source_row=4 batch=1", days("2026-10-01")),
		fmt.Sprintf("order_id=SO1003 line_id=1 ordered_on=%d rep_id=R2 quantity=-1000000 amount=-200000 currency=CNY source_file=exports/orders.csv source_sheet= source_row=5 batch=1", days("2026-10-02")),
	}
	if diff := cmp.Diff(want, ws.live(t, "order_line")); diff != "" {
		t.Errorf("lake (-want +got):\n%s", diff)
	}
	m, _ := ws.ReadManifest()
	var paths []string
	for _, f := range m.Files {
		if f.Entity == "order_line" {
			paths = append(paths, f.Path)
		}
	}
	if diff := cmp.Diff([]string{"order_line/2026-09/1-0.parquet", "order_line/2026-10/1-0.parquet", "order_line/schema.parquet"}, paths); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

func TestTheRowStructReadsTheLakeBack(t *testing.T) {
	ws := workspace(t, map[string]string{"exports/orders.csv": orders})
	ws.load(t, Options{}, "exports")
	rows, err := parquet.ReadFile[table.OrderLine](ws.lake("order_line/2026-10/1-0.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 2 || rows[1].OrderID != "SO1003" || rows[1].Amount != -200_000 || *rows[1].Quantity != -1_000_000 || rows[1].SourceRow != 5 || rows[0].RepID != "" {
		t.Errorf("got %+v", rows)
	}
}

func TestEveryEntityHasASchemaFile(t *testing.T) {
	ws := workspace(t, map[string]string{"exports/orders.csv": orders})
	ws.load(t, Options{}, "exports")
	m, _ := ws.ReadManifest()
	for _, e := range table.All {
		i := slices.IndexFunc(m.Files, func(f LakeFile) bool { return f.Entity == e.Name && f.Schema })
		if i < 0 {
			t.Errorf("%s has no schema file", e.Name)
			continue
		}
		f, err := os.Open(ws.lake(m.Files[i].Path))
		if err != nil {
			t.Fatal(err)
		}
		p, err := parquet.OpenFile(f, m.Files[i].Bytes)
		f.Close()
		if err != nil {
			t.Errorf("%s: %v", e.Name, err)
			continue
		}
		if got, want := len(p.Schema().Columns()), len(e.Fields)+originColumns; got != want || p.NumRows() != 0 {
			t.Errorf("%s: %d columns and %d rows, want %d columns and no rows", e.Name, got, p.NumRows(), want)
		}
	}
}

// messy has one of everything that keeps a row out.
const messy = `order_id,line_id,ordered_on,rep_id,quantity,amount,currency
SO1,1,2026-10-01,R1,2,10.00,CNY
SO2,1,2026-13-01,R1,2,abc,CNY
,1,2026-10-01,R1,2,10.00,CNY
SO1,1,2026-10-05,R1,9,99.00,CNY
SO4,1,2026-10-01,R1,2,10.00,CNY,extra
SO5,1,2026-10-01
SO6,1,2026-10-01,R1,2,10.00005,CNY

合计,,,,8,30.00,
order_id,line_id,ordered_on,rep_id,quantity,amount,currency
SO7,1,2026-10-07,"R
1",2,7.00,CNY
`

func TestEveryRowIsLoadedOrRefusedWithItsReason(t *testing.T) {
	for _, general := range []bool{false, true} {
		t.Run(fmt.Sprintf("general=%t", general), func(t *testing.T) {
			ws := workspace(t, map[string]string{"exports/orders.csv": messy})
			r := ws.load(t, Options{General: general}, "exports")
			want := []string{
				`orders.csv, row 3, column ordered_on: "2026-13-01" month 13`,
				`orders.csv, row 3, column amount: "abc" not a number`,
				`orders.csv, row 4, column order_id: is empty`,
				`orders.csv, row 5, column order_id, line_id: "SO1, 1" is already in row 2 (keep one of the two rows)`,
				`orders.csv, row 6: 8 cells, the header has 7`,
				`orders.csv, row 7: 3 cells, the header has 7`,
				`orders.csv, row 8, column amount: "10.00005" an amount with more than 4 decimal places (say round: true in the mapping to round it)`,
			}
			if diff := cmp.Diff(want, refusals(r)); diff != "" {
				t.Errorf("refusals (-want +got):\n%s", diff)
			}
			got := r.Files[0].Tables[0]
			got.Notes = nil
			counts := TableReport{Entity: "order_line", Read: 8, Loaded: 2, Refused: 6, LeftOut: map[string]int64{"blank": 1, "total": 1, "repeated header": 1}}
			if diff := cmp.Diff(counts, got); diff != "" {
				t.Errorf("counts (-want +got):\n%s", diff)
			}
			if r.Files[0].Refused != "lake/refused/1-orders.csv" {
				t.Fatalf("marked copy %q", r.Files[0].Refused)
			}
			copied, err := os.ReadFile(filepath.Join(ws.Dir, r.Files[0].Refused))
			if err != nil {
				t.Fatal(err)
			}
			wantCopy := strings.ReplaceAll(`order_id,line_id,ordered_on,rep_id,quantity,amount,currency,levelfield: column,levelfield: reason
SO2,1,2026-13-01,R1,2,abc,CNY,ordered_on; amount,"row 3: ""2026-13-01"" month 13; ""abc"" not a number"
,1,2026-10-01,R1,2,10.00,CNY,order_id,row 4: is empty
SO1,1,2026-10-05,R1,9,99.00,CNY,"order_id, line_id","row 5: ""SO1, 1"" is already in row 2 (keep one of the two rows)"
SO4,1,2026-10-01,R1,2,10.00,CNY,extra,,"row 6: 8 cells, the header has 7"
SO5,1,2026-10-01,,,,,,"row 7: 3 cells, the header has 7"
SO6,1,2026-10-01,R1,2,10.00005,CNY,amount,"row 8: ""10.00005"" an amount with more than 4 decimal places (say round: true in the mapping to round it)"
`, "\n", "\r\n")
			if diff := cmp.Diff(wantCopy, string(copied)); diff != "" {
				t.Errorf("marked copy (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTheMarkedCopyKeepsTheEncoding(t *testing.T) {
	text := "订单号;行号;日期;业务员;金额\nSO1;1;2026-10-01;张三;12.50\nSO2;1;2026-10-02;李四;十二\n"
	data, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	ws := workspace(t, map[string]string{"exports/财务.csv": data, "mappings/finance.yaml": `name: finance
match: {headers: [订单号, 金额]}
rows:
  - entity: order_line
    columns: {order_id: 订单号, line_id: 行号, ordered_on: 日期, rep_id: 业务员, amount: 金额}
`})
	r := ws.load(t, Options{}, "exports")
	if r.Files[0].Err != nil || r.Loaded() != 1 || r.Refused() != 1 {
		t.Fatalf("report %+v", r.Files[0])
	}
	copied, err := os.ReadFile(filepath.Join(ws.Dir, r.Files[0].Refused))
	if err != nil {
		t.Fatal(err)
	}
	got, err := simplifiedchinese.GB18030.NewDecoder().String(string(copied))
	if err != nil {
		t.Fatal(err)
	}
	want := "订单号;行号;日期;业务员;金额;levelfield: column;levelfield: reason\r\nSO2;1;2026-10-02;李四;十二;金额;\"row 3: \"\"十二\"\" not a number\"\r\n"
	if got != want {
		t.Errorf("marked copy %q, want %q", got, want)
	}
}

func TestRefusedRowsOfAWorkbookComeBackAsAWorkbook(t *testing.T) {
	ws := workspace(t, nil)
	book := excelize.NewFile()
	for i, row := range [][]any{
		{"rep_id", "period_on", "rater_id", "criterion", "rater_kind", "score"},
		{"R1", "2026-10-01", "M1", "ability", "manager", 80},
		{"R2", "2026-10-01", "M1", "ability", "manager", "good"},
	} {
		book.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row)
	}
	book.SetSheetName("Sheet1", "评分")
	buf, err := book.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	ws.put(t, "exports/ratings.xlsx", buf.Bytes())
	r := ws.load(t, Options{}, "exports")
	if diff := cmp.Diff([]string{`ratings.xlsx, sheet 评分, row 3, column score: "good" not a number`}, refusals(r)); diff != "" {
		t.Fatalf("refusals (-want +got):\n%s\n%+v", diff, r.Files[0])
	}
	copied, err := excelize.OpenFile(filepath.Join(ws.Dir, r.Files[0].Refused))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := copied.GetRows("评分")
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"rep_id", "period_on", "rater_id", "criterion", "rater_kind", "score", "levelfield: column", "levelfield: reason"},
		{"R2", "2026-10-01", "M1", "ability", "manager", "good", "score", `row 3: "good" not a number`},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("marked copy (-want +got):\n%s", diff)
	}
	style, _ := copied.GetCellStyle("评分", "F2")
	plain, _ := copied.GetCellStyle("评分", "A2")
	if style == plain {
		t.Error("the wrong cell is not coloured")
	}
}

func TestTheSameFileTwiceChangesNothing(t *testing.T) {
	ws := workspace(t, map[string]string{"exports/orders.csv": orders})
	ws.load(t, Options{}, "exports")
	before, _ := os.ReadFile(ws.lake(manifestName))
	r := ws.load(t, Options{}, "exports")
	if !r.Files[0].Same || !strings.Contains(r.Files[0].Notes[0], "the same content was loaded on 2026-11-04 09:00 from exports/orders.csv: nothing changed") {
		t.Errorf("report %+v", r.Files[0])
	}
	after, _ := os.ReadFile(ws.lake(manifestName))
	if !bytes.Equal(before, after) {
		t.Error("the manifest changed")
	}
	ws.put(t, "exports/copy of orders.csv", []byte(orders))
	if r := ws.load(t, Options{}, "exports/copy of orders.csv"); !r.Files[0].Same {
		t.Errorf("the copy under another name was loaded: %+v", r.Files[0])
	}
}

func TestAnOverlappingExportReplacesByKeyAndKeepsTheOldVersion(t *testing.T) {
	ws := workspace(t, map[string]string{"exports/orders.csv": orders})
	ws.load(t, Options{}, "exports")
	again := strings.Replace(orders, "SO1003,1,2026-10-02,R2,-1,-20.00,CNY", "SO1003,1,2026-11-02,R2,-1,-21.00,CNY", 1)
	again = strings.Replace(again, "SO1001,1,2026-09-30,R1,2,199.90,CNY\n", "", 1)
	ws.put(t, "exports/orders.csv", []byte(again))
	r := ws.load(t, Options{}, "exports")
	if got := r.Files[0].Tables[0]; got.Read != 3 || got.Loaded != 3 || got.Replaced != 3 {
		t.Errorf("report %+v", got)
	}
	want := []string{
		fmt.Sprintf("order_id=SO1001 line_id=1 ordered_on=%d amount=1999000 batch=1", days("2026-09-30")),
		fmt.Sprintf("order_id=SO1001 line_id=2 ordered_on=%d amount=500000 batch=2", days("2026-09-30")),
		fmt.Sprintf("order_id=SO1002 line_id=1 ordered_on=%d amount=12345000 batch=2", days("2026-10-01")),
		fmt.Sprintf("order_id=SO1003 line_id=1 ordered_on=%d amount=-210000 batch=2", days("2026-11-02")),
	}
	quiet := []string{"source_file", "source_sheet", "source_row", "rep_id", "quantity", "currency"}
	if diff := cmp.Diff(want, ws.live(t, "order_line", quiet...)); diff != "" {
		t.Errorf("lake (-want +got):\n%s", diff)
	}
	m, _ := ws.ReadManifest()
	var retired []string
	for _, f := range m.Retired {
		if f.Batch != 2 {
			t.Errorf("retired by load %d, want 2", f.Batch)
		}
		retired = append(retired, readRows(t, ws.lake(f.Path), quiet...)...)
	}
	wantRetired := []string{
		fmt.Sprintf("order_id=SO1001 line_id=2 ordered_on=%d amount=500000 batch=1", days("2026-09-30")),
		fmt.Sprintf("order_id=SO1002 line_id=1 ordered_on=%d amount=12345000 batch=1", days("2026-10-01")),
		fmt.Sprintf("order_id=SO1003 line_id=1 ordered_on=%d amount=-200000 batch=1", days("2026-10-02")),
	}
	slices.Sort(retired)
	if diff := cmp.Diff(wantRetired, retired); diff != "" {
		t.Errorf("retired rows (-want +got):\n%s", diff)
	}
	if _, err := os.Stat(ws.lake("order_line/2026-10/1-0.parquet")); err != nil {
		t.Errorf("a file that was live is gone: %v", err)
	}
	// Going back to the first export is an overlap again, not "the same".
	ws.put(t, "exports/orders.csv", []byte(orders))
	if r := ws.load(t, Options{}, "exports"); r.Files[0].Same || r.Files[0].Tables[0].Replaced != 4 {
		t.Errorf("the first export again: %+v", r.Files[0])
	}
}

func TestADryRunChangesNothing(t *testing.T) {
	ws := workspace(t, map[string]string{"exports/orders.csv": messy})
	r := ws.load(t, Options{DryRun: true}, "exports")
	if r.Loaded() != 2 || r.Refused() != 6 {
		t.Errorf("report %+v", r.Files[0])
	}
	entries, err := os.ReadDir(ws.lake())
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != lockName {
			t.Errorf("a dry run left %s in the lake", e.Name())
		}
	}
}

func TestOneUnreadableFileDoesNotKeepTheOthersOut(t *testing.T) {
	ws := workspace(t, map[string]string{"exports/a.csv": orders, "exports/b.csv": "colour,shape\nred,round\n", "exports/~$lock.xlsx": "x", "exports/.hidden.csv": "x"})
	r := ws.load(t, Options{}, "exports")
	if len(r.Files) != 2 || r.Files[0].Err != nil || r.Loaded() != 4 {
		t.Fatalf("report %+v", r)
	}
	want := ws.Dir + "/exports/b.csv: no mapping takes any of its tables; run levelfield inspect " + ws.Dir + "/exports/b.csv to write one"
	if err := r.Files[1].Err; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

func TestAPathThatIsNotThereIsSaid(t *testing.T) {
	ws := workspace(t, nil)
	_, err := Load(context.Background(), ws, []string{"none.csv", "no*.csv"}, Options{})
	want := "no file none.csv: check the path or the pattern\nno file no*.csv: check the path or the pattern"
	if err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

func TestOneFileFeedsSeveralEntities(t *testing.T) {
	ws := workspace(t, map[string]string{
		"exports/crm.csv": "Rep,Name,Team,Jan,Feb\nR1,Ann,North,100,\nR2,Bob,North,200,300\n",
		"mappings/crm.yaml": `name: crm
match: {headers: [Rep, Jan]}
rows:
  - entity: rep
    columns: {rep_id: Rep, name: Name, team_id: Team}
  - entity: target
    unpivot: {columns: [Jan, Feb], name: m, value: v}
    columns:
      period_on: {from: m, values: {Jan: 2026-01-01, Feb: 2026-02-01}}
      unit_kind: {const: rep}
      unit_id: Rep
      amount: v
`})
	r := ws.load(t, Options{}, "exports")
	if r.Files[0].Err != nil {
		t.Fatal(r.Files[0].Err)
	}
	for i := range r.Files[0].Tables {
		r.Files[0].Tables[i].Notes = nil
	}
	want := []TableReport{
		{Entity: "rep", Read: 2, Loaded: 2, LeftOut: map[string]int64{}},
		{Entity: "target", Read: 3, Loaded: 3, LeftOut: map[string]int64{}},
	}
	if diff := cmp.Diff(want, r.Files[0].Tables); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	if got := ws.live(t, "target"); len(got) != 3 {
		t.Errorf("targets %v", got)
	}
}

func TestProgressEndsAtTheTotal(t *testing.T) {
	ws := workspace(t, map[string]string{"exports/a.csv": orders, "exports/b.csv": messy})
	var last Progress
	ws.load(t, Options{Progress: func(p Progress) { last = p }}, "exports")
	if want := int64(len(orders) + len(messy)); last.Bytes != want || last.Total != want {
		t.Errorf("last progress %+v, want %d bytes of %d", last, want, want)
	}
}

func TestALoadThatIsCancelledLeavesTheLake(t *testing.T) {
	ws := workspace(t, map[string]string{"exports/orders.csv": orders})
	ws.load(t, Options{}, "exports")
	before, _ := os.ReadFile(ws.lake(manifestName))
	ws.put(t, "exports/more.csv", []byte(strings.ReplaceAll(orders, "SO", "SX")))
	ctx, cancel := context.WithCancel(context.Background())
	_, err := Load(ctx, ws, []string{filepath.Join(ws.Dir, "exports")}, Options{crash: func(string) { cancel() }})
	after, _ := os.ReadFile(ws.lake(manifestName))
	if err == nil && bytes.Equal(before, after) {
		t.Error("the load says it is done and the lake is as before")
	}
	if err != nil && !bytes.Equal(before, after) {
		t.Errorf("%v, yet the lake changed", err)
	}
}

func TestTheManifestReadsBackAsWritten(t *testing.T) {
	ws := workspace(t, map[string]string{"exports/orders.csv": messy})
	ws.load(t, Options{}, "exports")
	data, _ := os.ReadFile(ws.lake(manifestName))
	var raw map[string]any
	if err := json.Unmarshal(data, &raw); err != nil {
		t.Fatal(err)
	}
	l := raw["loads"].([]any)[0].(map[string]any)
	if l["batch"] != 1.0 || l["at"] != "2026-11-04T09:00:00Z" || l["refused_path"] != "lake/refused/1-orders.csv" || l["mapping"] == "" {
		t.Errorf("load entry %v", l)
	}
	tb := l["tables"].([]any)[0].(map[string]any)
	if tb["entity"] != "order_line" || tb["read"] != 8.0 || tb["loaded"] != 2.0 || tb["refused"] != 6.0 {
		t.Errorf("table %v", tb)
	}
}

func TestANewerOrBrokenManifestIsNotTouched(t *testing.T) {
	for text, want := range map[string]string{
		`{"version":1}`: "has version 1, this levelfield writes version 2: move the folder lake away and load the exports again",
		`{"version":3}`: "has version 3, this levelfield knows version 2: use a newer levelfield",
		`{"vers`:        "unexpected end of JSON input; restore it from a copy",
	} {
		ws := workspace(t, map[string]string{"lake/manifest.json": text, "exports/orders.csv": orders})
		_, err := Load(context.Background(), ws, nil, Options{})
		if err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("error %v, want one that ends in %q", err, want)
		}
	}
}

func TestACorrectedMarkedCopyLoads(t *testing.T) {
	ws := workspace(t, map[string]string{"exports/orders.csv": messy})
	r := ws.load(t, Options{}, "exports")
	path := filepath.Join(ws.Dir, r.Files[0].Refused)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.NewReplacer("10.00005", "10.01", "2026-13-01", "2026-12-01", "abc", "3").Replace(string(data))
	ws.put(t, "exports/corrected.csv", []byte(text))
	r = ws.load(t, Options{}, "exports/corrected.csv")
	if r.Files[0].Err != nil {
		t.Fatal(r.Files[0].Err)
	}
	if got := r.Files[0].Tables[0]; got.Entity != "order_line" || got.Loaded != 3 || got.Refused != 3 || got.Replaced != 1 {
		t.Errorf("counts %+v, refused %q", got, refusals(r))
	}
}

func TestMappedColumnsReadTheSameByBothRoutes(t *testing.T) {
	files := map[string]string{
		"exports/deals.csv": `Opportunity,Owner,Stage,Amount (k),Engaged,Memo
D1,Ann,Won,1.5,2026-09-30,a
D2, Bob ,lost,-,2026-10-01,b
D3,Ann,Prospecting,2,NULL,c
D4,n/a,Won,2,2026-10-01,d
D5,Cy,Unclear,x,2026-10-02,e
D6,Cy,WON,0.005,2026-10-03,f
D7,Cy,,0.01,2026-10-03,f
`,
		"mappings/deals.yaml": `name: deals
match: {headers: [Opportunity, Stage]}
read: {nulls: ["NULL", "-", "n/a"]}
rows:
  - entity: deal
    columns:
      deal_id: Opportunity
      rep_id: Owner
      stage: Stage
      outcome: {from: Stage, values: {Won: won, Lost: lost, Prospecting: open}}
      amount: {from: Amount (k), unit: thousands}
      created_on: Engaged
      source: {const: fair}
`,
	}
	var rows [2][]string
	for i, general := range []bool{false, true} {
		ws := workspace(t, files)
		r := ws.load(t, Options{General: general}, "exports")
		if r.Files[0].Err != nil {
			t.Fatal(r.Files[0].Err)
		}
		want := []string{
			`deals.csv, row 5, column Owner: "n/a" is empty`,
			`deals.csv, row 6, column Stage: "Unclear" is not in the mapping's list of values (add it under values, or give other)`,
			`deals.csv, row 6, column Amount (k): "x" not a number`,
			`deals.csv, row 8, column Stage: is empty`,
		}
		if diff := cmp.Diff(want, refusals(r)); diff != "" {
			t.Errorf("refusals, general=%t (-want +got):\n%s", general, diff)
		}
		rows[i] = ws.live(t, "deal")
	}
	if diff := cmp.Diff(rows[1], rows[0]); diff != "" {
		t.Errorf("the fast route differs (-general +fast):\n%s", diff)
	}
	if len(rows[0]) != 4 || !strings.Contains(rows[0][0], "amount=15000000 ") || !strings.Contains(rows[0][0], "source=fair") {
		t.Errorf("rows %q", rows[0])
	}
}

func TestADuplicateOnAnotherSheetNamesTheSheet(t *testing.T) {
	ws := workspace(t, nil)
	book := excelize.NewFile()
	book.NewSheet("Sheet2")
	for _, sheet := range []string{"Sheet1", "Sheet2"} {
		for i, row := range [][]any{{"currency", "period_on", "rate"}, {"USD", "2026-10-01", 7.1}} {
			book.SetSheetRow(sheet, fmt.Sprintf("A%d", i+1), &row)
		}
	}
	buf, err := book.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	ws.put(t, "exports/rates.xlsx", buf.Bytes())
	r := ws.load(t, Options{}, "exports")
	want := []string{`rates.xlsx, sheet Sheet2, row 2, column currency, period_on: "USD, 2026-10-01" is already in row 2 of sheet Sheet1 (keep one of the two rows)`}
	if diff := cmp.Diff(want, refusals(r)); diff != "" {
		t.Errorf("refusals (-want +got):\n%s\n%v", diff, r.Files[0].Err)
	}
}
