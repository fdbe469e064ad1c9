package mapping

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"levelfield/ingest/source"
)

// write puts a file into a folder of the test.
func write(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

func parse(t *testing.T, texts ...string) []*File {
	t.Helper()
	var files []*File
	for _, text := range texts {
		f, err := Parse("m.yaml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return files
}

func TestFindPrefersTheWorkspaceThenCanonicalThenPresetsThenSynonyms(t *testing.T) {
	own := "name: own\nmatch: {file: '财务*.csv', headers: [订单号]}\nrows:\n  - entity: rep\n    columns: {rep_id: 订单号}\n"
	exact := "name: exact\nmatch: {file: '财务*.csv', headers: [订单号, 金额]}\nrows:\n  - entity: rep\n    columns: {rep_id: 订单号}\n"
	sheet := "name: sheet\nmatch: {sheet: 退货*}\nrows:\n  - entity: rep\n    columns: {rep_id: 订单号}\n"
	tests := []struct {
		name, file, sheet string
		header            []string
		want              string
	}{
		{"the mapping with the most conditions", "exports/财务2026.csv", "", []string{"订单号", "金额"}, "exact"},
		{"the only one whose headers are there", "exports/财务2026.csv", "", []string{"订 单 号"}, "own"},
		{"a pattern ignores case and width", "财务Ａ.CSV", "", []string{"订单号"}, "own"},
		{"a member of an archive goes by its own name", "exports/x.zip!a/财务1.csv", "", []string{"订单号"}, "own"},
		{"a sheet", "book.xlsx", "退货2026", []string{"?"}, "sheet"},
		{"canonical field names", "x.csv", "", []string{"payment_id", "paid_on", "amount"}, "canonical:payment"},
		{"canonical field names of several entities: the file's name tells", "region.csv", "", []string{"region_id", "name"}, "canonical:region"},
		{"not canonical when one name is unknown and no other way is sure", "x.csv", "", []string{"payment_id", "paid_on", "amount", "a", "b", "c", "d"}, "none"},
		{"a preset", "x.csv", "", []string{"客户编码", "客户名称", "客户简称", "发展日期", "更多"}, "yonyou-customer"},
		{"synonyms in Chinese with a unit", "x.csv", "", []string{"回款单号", "订单号", "客户", "回款日期", "回款金额(万元)"}, "synonyms:payment"},
		{"synonyms in English", "x.csv", "", []string{"Order number", "Line", "Order date", "Salesperson", "Customer", "Amount"}, "synonyms:order_line"},
		{"nothing known", "x.csv", "", []string{"a", "b"}, "none"},
	}
	files := parse(t, own, exact, sheet)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := "none"
			if f, ok := Find(files, &source.Table{File: test.file, Sheet: test.sheet, Header: test.header}); ok {
				got = f.Name
			}
			if got != test.want {
				t.Errorf("found %s, want %s", got, test.want)
			}
		})
	}
}

func TestSynonymsTakeTheUnitOfTheHeader(t *testing.T) {
	file := write(t, "回款.csv", "回款单号,订单号,客户,回款日期,回款金额(万元)\nP1,S1,甲,2026-10-01,1.5\n")
	want := []string{"synonyms:payment", "payment: payment_id=P1 order_id=S1 customer_id=甲 paid_on=20727 amount=150000000"}
	if diff := cmp.Diff(want, rowsOf(t, file, nil)); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func TestOpenReadsAFileAsItsMappingSays(t *testing.T) {
	tests := []struct{ name, mapping, text string }{
		{
			"without header",
			"match: {file: staff.csv}\nread: {delimiter: pipe, header: none, columns: [No, Who]}\nrows:\n  - entity: rep\n    columns: {rep_id: No, name: Who}\n",
			"1|Ann\n2|Bob\n",
		},
		{
			"with a header further down, known only by the headers there",
			"match: {headers: [No, Who]}\nread: {header: 3}\nrows:\n  - entity: rep\n    columns: {rep_id: No, name: Who}\n",
			"Export,of\n2026,today\nNo,Who\n1,Ann\n2,Bob\n",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := rowsOf(t, write(t, "staff.csv", test.text), parse(t, test.mapping))
			want := []string{"m", "rep: rep_id=1 name=Ann", "rep: rep_id=2 name=Bob"}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTheOrderOfDayAndMonthIsDecidedOverTheColumn(t *testing.T) {
	rep := "match: {file: '*'}\nrows:\n  - entity: rep\n    columns: {rep_id: No, name: No, hired_on: %hired, left_on: Left}\n"
	tests := []struct {
		name, hired, text string
		want              []string
		notes             string
	}{
		{
			"a late row proves that the day comes first",
			"Hired", "No,Hired,Left\n1,01/02/2026,\n2,25/12/2026,\n",
			[]string{"m", "rep: rep_id=1 name=1 hired_on=20485", "rep: rep_id=2 name=2 hired_on=20812"},
			`Hired: day before month (dmy)`,
		},
		{
			"another date of the same table lends its order",
			"Hired", "No,Hired,Left\n1,01/02/2026,12/31/2026\n2,03/04/2026,12/30/2026\n",
			[]string{"m", "rep: rep_id=1 name=1 hired_on=20455 left_on=20818", "rep: rep_id=2 name=2 hired_on=20516 left_on=20817"},
			`Hired: month before day (mdy), as in column Left of the same table; alone it stays open: `,
		},
		{
			"a second column proves it",
			"{from: Hired, agree: Proof}", "No,Hired,Left,Proof\n1,01-02-26,,01-Feb-26\n2,03-04-26,,03-Apr-26\n",
			[]string{"m", "rep: rep_id=1 name=1 hired_on=20485", "rep: rep_id=2 name=2 hired_on=20546"},
			`Hired: day before month (dmy), day, month, year: the second column gives the same day in 2 of 2 rows`,
		},
		{
			"a column empty in the first rows is decided too",
			"Hired", "No,Hired,Left\n" + strings.Repeat("1,2026-01-02,\n", 600) + "2,2026-01-02,13/01/2026\n",
			slices.Concat([]string{"m"}, slices.Repeat([]string{"rep: rep_id=1 name=1 hired_on=20455"}, 600), []string{"rep: rep_id=2 name=2 hired_on=20455 left_on=20466"}),
			"Left: day before month (dmy)",
		},
		{
			"the mapping says it",
			"{from: Hired, dates: mdy}", "No,Hired,Left\n1,01/02/2026,\n",
			[]string{"m", "rep: rep_id=1 name=1 hired_on=20455"},
			"",
		},
		{
			"years first need no decision",
			"Hired", "No,Hired,Left\n1,2026-01-02,20260103\n",
			[]string{"m", "rep: rep_id=1 name=1 hired_on=20455 left_on=20456"},
			"",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			file := write(t, "reps.csv", test.text)
			files := parse(t, strings.Replace(rep, "%hired", test.hired, 1))
			if diff := cmp.Diff(test.want, rowsOf(t, file, files)); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
			opened, err := Open(file, files, source.Options{})
			if err != nil {
				t.Fatal(err)
			}
			plan, err := opened[0].File.Compile(opened[0].Table)
			if err != nil {
				t.Fatal(err)
			}
			if notes := strings.Join(plan.Notes, "\n"); !strings.Contains(notes, test.notes) || test.notes == "" && notes != "" {
				t.Errorf("notes %q, want %q", notes, test.notes)
			}
		})
	}
}

func TestAColumnThatReadsBothWaysIsAMistakeThatAsksForTheOrder(t *testing.T) {
	file := write(t, "reps.csv", "No,Hired\n1,01/02/2026\n2,03/04/2026\n")
	files := parse(t, "match: {file: '*'}\nrows:\n  - entity: rep\n    columns: {rep_id: No, name: No, hired_on: Hired}\n")
	opened, err := Open(file, files, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = files[0].Compile(opened[0].Table)
	want := `m.yaml:4: rows[0].columns.hired_on: the order of day and month in column "Hired" is open: `
	if err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestTheDecimalSignIsDecidedOverTheColumn(t *testing.T) {
	file := write(t, "pay.csv", "No;On;Amount\n1;2026-01-01;1.234\n2;2026-01-01;1.234,50\n")
	files := parse(t, "match: {file: '*'}\nrows:\n  - entity: payment\n    columns: {payment_id: No, paid_on: On, amount: Amount}\n")
	want := []string{"m", "payment: payment_id=1 paid_on=20454 amount=12340000", "payment: payment_id=2 paid_on=20454 amount=12345000"}
	if diff := cmp.Diff(want, rowsOf(t, file, files)); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}
