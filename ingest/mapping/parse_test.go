package mapping

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"levelfield/ingest/source"
)

func TestEveryPresetCompilesForTheHeadersThatItAsksFor(t *testing.T) {
	presets := Presets()
	if n := len(presets); n < 30 {
		t.Errorf("there are %d presets", n)
	}
	for _, f := range presets {
		table := &source.Table{File: "x.csv", Header: f.Match.Headers}
		if _, err := f.Compile(table); err != nil {
			t.Errorf("%s: %v", f.Name, err)
		}
		found, ok := Find(nil, table)
		if !ok {
			t.Errorf("%s: its own headers find nothing", f.Name)
		} else if found != f {
			t.Errorf("%s: its own headers find %s", f.Name, found.Name)
		}
	}
}

func TestParseReportsEveryMistakeWithItsLine(t *testing.T) {
	tests := []struct {
		name, yaml string
		want       []string
	}{
		{"an empty file", "", []string{"m.yaml: the file is empty"}},
		{"broken YAML", "name: [", []string{"m.yaml:1: not YAML: did not find expected node content"}},
		{"a list where keys belong", "- a", []string{"m.yaml:1: the file: needs keys such as name, match, read, not a list"}},
		{
			"many at once",
			`nam: x
match: {file: "a*.csv", header: [A]}
read:
  delimiter: ";;"
  header: first
  decimal: "'"
  dates: ydm
  unit: 斤
rows:
  - entity: oder_line
    columns: {}
  - entity: payment
    where: 'num(A'
    columns:
      amont: A
      amount: {from: A, const: 5}
      paid_on: {}
      customer_id: {from: B, unit: 万元, dates: dmy}
      invoice_id: {from: C, other: x}
      is_bad_debt: {const: maybe}
      order_id: {expr: 'nmu(A)'}
      payment_id: {from: [A, B], vlues: {a: b}}
`,
			[]string{
				`m.yaml:1: unknown key "nam" (did you mean "name"?); known: name, match, read, ignore, rows`,
				`m.yaml:2: match: unknown key "header" (did you mean "headers"?); known: file, sheet, headers`,
				`m.yaml:4: read.delimiter: ";;" must be one character, or tab`,
				`m.yaml:5: read.header: "first" must be a row number from 1, none or auto`,
				`m.yaml:6: read.decimal: "'" must be . or ,`,
				`m.yaml:7: read.dates: "ydm" must be ymd, dmy or mdy`,
				`m.yaml:8: read.unit: "斤" is not a known unit; write for example 元, 千元, 万元, 亿元, thousands, millions or %`,
				`m.yaml:10: rows[0].entity: no entity "oder_line" (did you mean "order_line"?); levelfield entities lists them`,
				`m.yaml:13: rows[1].where: unexpected token EOF (at character 5)`,
				`m.yaml:15: rows[1].columns: payment has no field "amont" (did you mean "amount"?); it has payment_id, order_id, invoice_id, customer_id, paid_on, amount, currency, is_bad_debt`,
				`m.yaml:16: rows[1].columns.amount: give only one of from and const`,
				`m.yaml:17: rows[1].columns.paid_on: says not where the value comes from; give from, const, key or expr`,
				`m.yaml:18: rows[1].columns.customer_id.unit: customer_id is no number but a text`,
				`m.yaml:18: rows[1].columns.customer_id.dates: customer_id is no date but a text`,
				`m.yaml:19: rows[1].columns.invoice_id.other: needs values, the list it completes`,
				`m.yaml:20: rows[1].columns.is_bad_debt.const: "maybe": neither yes nor no`,
				`m.yaml:21: rows[1].columns.order_id.expr: there is no function "nmu" (did you mean "num"?); there are add_days, concat, date, file_name, int, lower, num, replace, row_number, sheet_name, text, trim, upper`,
				`m.yaml:22: rows[1].columns.payment_id: unknown key "vlues" (did you mean "values"?); known: from, const, key, expr, else, values, other, null, unit, decimal, round, dates, agree`,
			},
		},
		{
			"a mapping that would take every file",
			"rows:\n  - entity: rep\n    columns: {rep_id: A}\n",
			[]string{"m.yaml:1: match: says nothing, so this mapping would take every file; give file, sheet or headers"},
		},
		{
			"no rows",
			"match: {file: a.csv}\nread: {header: none}\n",
			[]string{
				"m.yaml:1: rows: name at least one entity that this table feeds, or say under ignore why it feeds none",
				"m.yaml:2: read.header: none needs read.columns, the names of the columns in their order",
			},
		},
		{
			"rows of an ignored table",
			"match: {file: a.csv}\nignore: a list\nrows:\n  - entity: rep\n    columns: {rep_id: A}\n",
			[]string{"m.yaml:2: ignore: the table cannot be ignored and feed rows"},
		},
		{
			"a key given twice",
			"match: {file: a.csv}\nrows:\n  - entity: rep\n    columns: {rep_id: A}\n    entity: team\n",
			[]string{`m.yaml:5: rows[0]: "entity" is given twice, first in line 3`},
		},
		{
			"values that are the same",
			"match: {file: a.csv}\nrows:\n  - entity: rep\n    columns: {role: {from: A, values: {Boss: a, boss: b}}}\n",
			[]string{`m.yaml:4: rows[0].columns.role.values: "Boss" and "boss" are the same value; case and width are ignored`},
		},
		{
			"an unpivot without words",
			"match: {file: a.csv}\nrows:\n  - entity: rep\n    unpivot: {columns: M*}\n    columns: {rep_id: A}\n",
			[]string{
				"m.yaml:4: rows[0].unpivot.name: is missing; a word by which expressions call the column's name",
				"m.yaml:4: rows[0].unpivot.value: is missing; a word by which expressions call the column's value",
			},
		},
		{
			"a second document",
			"match: {file: a.csv}\nrows:\n  - entity: rep\n    columns: {rep_id: A}\n---\na: b\n",
			[]string{"m.yaml:5: a second document after ---; one file holds one mapping"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := Parse("m.yaml", []byte(test.yaml))
			if err == nil {
				t.Fatal("no mistake found")
			}
			if diff := cmp.Diff(test.want, strings.Split(err.Error(), "\n")); diff != "" {
				t.Errorf("mistakes (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLoadDirReadsEveryFileAndJoinsTheirMistakes(t *testing.T) {
	good := "match: {file: a.csv}\nrows:\n  - entity: rep\n    columns: {rep_id: A}\n"
	files, err := LoadDir(fstest.MapFS{
		"b.yaml":    {Data: []byte(good)},
		"a.yml":     {Data: []byte("name: first\n" + good)},
		"notes.txt": {Data: []byte("no mapping")},
	})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range files {
		names = append(names, f.Name)
	}
	if diff := cmp.Diff([]string{"first", "b"}, names); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
	_, err = LoadDir(fstest.MapFS{"a.yaml": {Data: []byte("x: 1")}, "b.yaml": {Data: []byte("")}})
	want := "a.yaml:1: unknown key \"x\"; known: name, match, read, ignore, rows\nb.yaml: the file is empty"
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
	if files, err := LoadDir(fstest.MapFS{}); len(files) != 0 || err != nil {
		t.Errorf("an empty folder gives %v, %v", files, err)
	}
}

func TestOptionsSayHowToOpenTheFile(t *testing.T) {
	f, err := Parse("m.yaml", []byte("match: {file: a.csv}\nread: {encoding: gb18030, delimiter: '\\t', header: 3, total_words: 合计}\nrows:\n  - entity: rep\n    columns: {rep_id: A}\n"))
	if err != nil {
		t.Fatal(err)
	}
	got, changed := f.Options(source.Options{Limit: 5})
	want := source.Options{Encoding: "gb18030", Delimiter: "\t", Header: 3, TotalWords: []string{"合计"}, Limit: 5}
	if diff := cmp.Diff(want, got); diff != "" || !changed {
		t.Errorf("options (-want +got):\n%s", diff)
	}
}

func FuzzParse(f *testing.F) {
	for _, p := range Presets() {
		f.Add(presetText(p.Path))
	}
	f.Add("rows: [{entity: rep, columns: {rep_id: {values: {a: b}}}}]")
	f.Add("read: {columns: [a, a], header: none}\nrows: [{unpivot: {columns: '[', name: a, value: a}}]")
	f.Fuzz(func(t *testing.T, text string) {
		file, err := Parse("m.yaml", []byte(text))
		if (file == nil) == (err == nil) {
			t.Errorf("file %v with error %v", file, err)
		}
	})
}

func presetText(name string) string {
	text, err := presetFiles.ReadFile("presets/" + name)
	if err != nil {
		panic(err)
	}
	return string(text)
}
