package mapping

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"levelfield/ingest/source"
)

func open(t *testing.T, file string) *source.Table {
	t.Helper()
	tables, err := source.Open(file, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return tables[0]
}

func TestSuggestWritesAMappingToStartFrom(t *testing.T) {
	file := write(t, "订单2026.csv", "单号,订单日期,业务员,客户编号,数量,金额(万元),备注\n"+
		"S1,13/01/2026,张三,C1,2,1.5,-\nS2,02/01/2026,李四,C2,3,2,急\n")
	text, x, err := Suggest(open(t, file), nil)
	if err != nil {
		t.Fatal(err)
	}
	want := `# Mapping for 订单2026.csv, written by levelfield inspect: check it, then save it in mappings/.
name: 订单2026
match:
  file: 订单*.csv
  headers: [订单日期, 金额(万元)]
read:
  nulls: ["-"]  # words found in cells
rows:
  - entity: order_line  # Order line; fits to 59 of 100; else visit, training, feedback
    columns:
      # order_id:   is required (Order, 订单号): name its column, or {const: ...}
      ordered_on: {from: 订单日期, dates: dmy}  # date, day, month, year: 1 of 2 dates allow nothing else, such as "13/01/2026", such as 13/01/2026
      rep_id: 业务员  # text, such as 张三
      customer_id: 客户编号  # a guess: text, such as C1
      quantity: 数量  # integer, such as 2
      amount: 金额(万元)  # number, in 万元, such as 1.5
      # not used: 单号 (text), 备注 (text)
`
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Errorf("mapping (-want +got):\n%s", diff)
	}
	if x.Entity != "order_line" || x.HeaderRow != 1 || x.Delimiter != "," || x.Mapping != "" {
		t.Errorf("explanation %+v", x)
	}
	if diff := cmp.Diff([]string{"order_id"}, x.Missing); diff != "" {
		t.Errorf("missing (-want +got):\n%s", diff)
	}
}

func TestSuggestOfACompleteHeaderCompilesAtOnce(t *testing.T) {
	file := write(t, "回款.csv", "回款单号,订单号,客户,回款日期,回款金额(万元)\nP1,S1,甲,2026-10-01,1.5\n")
	text, x, err := Suggest(open(t, file), nil)
	if err != nil {
		t.Fatal(err)
	}
	if x.Mapping != "synonyms:payment" {
		t.Errorf("taken by %s", x.Mapping)
	}
	want := []string{"回款", "payment: payment_id=P1 order_id=S1 customer_id=甲 paid_on=20727 amount=150000000"}
	if diff := cmp.Diff(want, rowsOf(t, file, parse(t, string(text)))); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func TestSuggestReadsEveryPublicExport(t *testing.T) {
	for _, set := range []string{"maven_crm/*", "adventureworks_dw", "adventureworks_dw/warehouse", "superstore_cn", "ibm_receivables", "comcast_complaints", "crm_erp_layouts/*"} {
		t.Run(set, func(t *testing.T) {
			sample(t, strings.TrimSuffix(set, "/*"))
			files, err := filepath.Glob(filepath.Join(data, set, "*.*"))
			if err != nil {
				t.Fatal(err)
			}
			for _, file := range files {
				tables, err := source.Open(file, source.Options{})
				if err != nil {
					t.Fatal(err)
				}
				for _, table := range tables {
					if _, _, err := Suggest(table, nil); err != nil {
						t.Errorf("%s: %v", file, err)
					}
				}
			}
		})
	}
}

func FuzzSuggest(f *testing.F) {
	f.Add("订单号,金额(万元)\nS1,1\n", "订单.csv")
	f.Add("a: b,\"# c\",- d\n{x},[y],*z\n", "[1].csv")
	f.Add("1,2,3\n\n", "0.csv")
	f.Fuzz(func(t *testing.T, text, name string) {
		header, row, _ := strings.Cut(text, "\n")
		table := &source.Table{File: name, Sheet: row, Format: "csv", Delimiter: ";", Header: strings.Split(header, ","), HeaderRow: len(row) % 2}
		_, _, err := Suggest(table, nil)
		if err != nil {
			t.Error(err)
		}
	})
}
