package mapping

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"levelfield/ingest/source"
	"levelfield/ingest/table"
)

// read maps rows by a mapping and writes each canonical row as
// "field=value ...", a refused one as "column: reason (hint)".
func read(t *testing.T, rowsYAML string, header []string, rows ...[]string) []string {
	t.Helper()
	f, err := Parse("m.yaml", []byte("match: {file: '*'}\n"+rowsYAML))
	if err != nil {
		t.Fatal(err)
	}
	plan, err := f.Compile(&source.Table{File: "dir/x.csv", Sheet: "S1", Header: header})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for i := range plan.Blocks {
		block := &plan.Blocks[i]
		e := block.Evaluator()
		for n, cells := range rows {
			leftOut := e.Row(int64(n+2), cells, func(values []Value, problems []Problem) {
				out = append(out, written(block, values, problems))
			})
			if leftOut != "" {
				out = append(out, "left out: "+leftOut)
			}
		}
	}
	return out
}

func written(block *Block, values []Value, problems []Problem) string {
	var parts []string
	if len(problems) > 0 {
		for _, p := range problems {
			text := fmt.Sprintf("%s %q: %s", p.Column, p.Value, p.Reason)
			if p.Hint != "" {
				text += " (" + p.Hint + ")"
			}
			parts = append(parts, text)
		}
		return "refused " + strings.Join(parts, "; ")
	}
	for i, v := range values {
		switch {
		case v.Null:
		case block.Columns[i].Field.Kind == table.Text:
			parts = append(parts, block.Entity.Fields[i].Name+"="+v.Text)
		default:
			parts = append(parts, fmt.Sprintf("%s=%d", block.Entity.Fields[i].Name, v.Int))
		}
	}
	return strings.Join(parts, " ")
}

func TestRowsAreReadAsTheMappingSays(t *testing.T) {
	payment := func(columns string) string {
		return "rows:\n  - entity: payment\n    columns: {payment_id: P, paid_on: {const: 2026-10-01}, " + columns + "}\n"
	}
	tests := []struct {
		name   string
		rows   string
		header []string
		cells  [][]string
		want   []string
	}{
		{
			"a plain column, a constant and a key of columns",
			payment("amount: A, customer_id: {const: C1}, order_id: {key: [P, A]}"),
			[]string{"P", "A"},
			[][]string{{" p1 ", "1,234.50"}, {"p2", "x"}, {"", "1"}},
			[]string{
				"payment_id=p1 order_id=p1/1,234.50 customer_id=C1 paid_on=20727 amount=12345000",
				`refused A "x": not a number`,
				`refused P "": is empty`,
			},
		},
		{
			"a unit from the mapping, from the header and from the file",
			"read: {unit: 千元}\nrows:\n  - entity: order_line\n    columns: {order_id: P, ordered_on: {const: 2026-10-01}, amount: {from: A, unit: 万元}, cost_amount: 成本, profit_amount: B}\n",
			[]string{"P", "A", "成本（万元）", "B"},
			[][]string{{"p1", "1.5", "2", "3"}},
			[]string{"order_id=p1 ordered_on=20727 amount=150000000 cost_amount=200000000 profit_amount=30000000"},
		},
		{
			"several names of one column, compared without case, width and punctuation",
			payment("amount: [金额, Amount Due], customer_id: customer_name"),
			[]string{"P", "ＡＭＯＵＮＴ－due", "Customer Name"},
			[][]string{{"p1", "1", "Acme"}},
			[]string{"payment_id=p1 customer_id=Acme paid_on=20727 amount=10000"},
		},
		{
			"null words and what else stands for them",
			payment("amount: {from: A, null: ['-'], else: 'num(B) * 2'}, order_id: {from: B, null: ['1']}"),
			[]string{"P", "A", "B"},
			[][]string{{"p1", "-", "1"}, {"p2", "5", "2"}, {"p3", "", ""}},
			[]string{
				"payment_id=p1 paid_on=20727 amount=20000",
				"payment_id=p2 order_id=2 paid_on=20727 amount=50000",
				`refused A "": num: the cell is empty (correct the cell, or the else of the mapping)`,
			},
		},
		{
			"a value map, its other and what it lacks",
			payment("amount: A, is_bad_debt: {from: B, values: {坏账: true, 正常: false}}, currency: {from: C, values: {RMB: CNY}, other: USD}"),
			[]string{"P", "A", "B", "C"},
			[][]string{{"p1", "1", "坏账", "rmb"}, {"p2", "1", "", "€"}, {"p3", "1", "未知", ""}},
			[]string{
				"payment_id=p1 paid_on=20727 amount=10000 currency=CNY is_bad_debt=1",
				"payment_id=p2 paid_on=20727 amount=10000 currency=USD",
				`refused B "未知": is not in the mapping's list of values (add it under values, or give other)`,
			},
		},
		{
			"where leaves rows out, by bare names and by row",
			"rows:\n  - entity: rep\n    where: '状态 == \"在职\" and num(row[\"Sales Amount\"]) > 0'\n    columns: {rep_id: P, name: P}\n",
			[]string{"P", "状态", "Sales Amount"},
			[][]string{{"p1", "在职", "5"}, {"p2", "离职", "5"}, {"p3", "在职", "?"}},
			[]string{
				"rep_id=p1 name=p1",
				"left out: where",
				`refused 状态 == "在职" and num(row["Sales Amount"]) > 0 "": num: "?": not a number (correct the cell, or the where of the mapping)`,
			},
		},
		{
			"wide columns become rows, an empty cell makes none",
			"read: {nulls: ['NULL']}\nrows:\n  - entity: target\n    unpivot: {columns: ['M*'], name: m, value: v}\n    columns: {period_on: {expr: 'date(Year, m[1:], 1)'}, unit_kind: {const: rep}, unit_id: P, amount: {from: v, unit: thousands}}\n",
			[]string{"Year", "P", "M01", "M02", "M03"},
			[][]string{{"2026", "p1", "200", "NULL", ""}, {"2026", "p2", "", "1", "x"}, {"2026", "p3", "", "", ""}},
			[]string{
				"period_on=20454 unit_kind=rep unit_id=p1 amount=2000000000",
				"period_on=20485 unit_kind=rep unit_id=p2 amount=10000000",
				`refused v "x": not a number`,
				"left out: blank",
			},
		},
		{
			"computed columns of every kind",
			"rows:\n  - entity: visit\n    columns: {visit_id: {expr: 'concat(\"v\", row_number(), \"-\", file_name(), \"-\", sheet_name())'}, rep_id: {expr: 'upper(trim(P))'}, visited_at: {expr: 'concat(D, \" \", H)'}, is_success: {expr: 'R == \"yes\"'}, minutes: {expr: 'num(M) * 60'}}\n",
			[]string{"P", "D", "H", "R", "M"},
			[][]string{{" p1", "2026-10-01", "08:30", "yes", "0.5"}, {"p2", "2026-10-01", "08:30", "no", "0.51"}},
			[]string{
				"visit_id=v2-x.csv-S1 rep_id=P1 visited_at=1790843400000000 is_success=1 minutes=30",
				`refused num(M) * 60 "30.6": not a whole number`,
			},
		},
		{
			"days are computed with",
			payment("amount: A, order_id: {expr: 'text(add_days(date(D), 30))'}, invoice_id: {expr: 'date(D) < date(\"2026-10-05\") ? \"early\" : \"late\"'}"),
			[]string{"P", "A", "D"},
			[][]string{{"p1", "1", "2026-10-01"}, {"p2", "1", "2026-10-06"}, {"p3", "1", "soon"}},
			[]string{
				"payment_id=p1 order_id=2026-10-31 invoice_id=early paid_on=20727 amount=10000",
				"payment_id=p2 order_id=2026-11-05 invoice_id=late paid_on=20727 amount=10000",
				`refused text(add_days(date(D), 30)) "": date: "soon": not a date (correct the cell, or the expression of the mapping); ` +
					`date(D) < date("2026-10-05") ? "early" : "late" "": date: "soon": not a date (correct the cell, or the expression of the mapping)`,
			},
		},
		{
			"computed money is rounded to four decimals, half away from zero",
			payment("amount: {expr: 'num(A) * 1'}"),
			[]string{"P", "A"},
			[][]string{{"p1", "1.00005"}, {"p2", "-1.00005"}, {"p3", "1.000049"}},
			[]string{
				"payment_id=p1 paid_on=20727 amount=10001",
				"payment_id=p2 paid_on=20727 amount=-10001",
				"payment_id=p3 paid_on=20727 amount=10000",
			},
		},
		{
			"money of five decimals is refused unless the mapping rounds",
			payment("amount: A"),
			[]string{"P", "A"},
			[][]string{{"p1", "1.23459"}},
			[]string{`refused A "1.23459": an amount with more than 4 decimal places (say round: true in the mapping to round it)`},
		},
		{
			"round: true",
			payment("amount: {from: A, round: true}"),
			[]string{"P", "A"},
			[][]string{{"p1", "1.23459"}},
			[]string{"payment_id=p1 paid_on=20727 amount=12346"},
		},
		{
			"a date that reads two ways is refused, never guessed",
			"rows:\n  - entity: rep\n    columns: {rep_id: P, name: P, hired_on: D}\n",
			[]string{"P", "D"},
			[][]string{{"p1", "01/02/2026"}, {"p2", "31/01/2026"}},
			[]string{
				`refused D "01/02/2026": day and month read both ways: the order must be stated (say dates: dmy or dates: mdy in the mapping)`,
				"rep_id=p2 name=p2 hired_on=20484",
			},
		},
		{
			"a share in percent",
			"rows:\n  - entity: deal\n    columns: {deal_id: P, rep_id: P, outcome: {const: won}, discount_rate: 折扣}\n",
			[]string{"P", "折扣(%)"},
			[][]string{{"p1", "12.5"}},
			[]string{"deal_id=p1 rep_id=p1 outcome=won discount_rate=125000"},
		},
		{
			"two entities from one file",
			"rows:\n  - entity: team\n    columns: {team_id: T, name: T}\n  - entity: region\n    columns: {region_id: R, name: R}\n",
			[]string{"T", "R"},
			[][]string{{"t1", "r1"}},
			[]string{"team_id=t1 name=t1", "region_id=r1 name=r1"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, read(t, test.rows, test.header, test.cells...)); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTheFastPathKnowsPlainColumns(t *testing.T) {
	f, err := Parse("m.yaml", []byte(`match: {file: x.csv}
rows:
  - entity: payment
    columns:
      payment_id: A
      order_id: {key: [A, B]}
      invoice_id: {expr: A}
      customer_id: {from: B, values: {x: y}}
      paid_on: {const: 2026-10-01}
      amount: {from: B, else: '1'}
      currency: {from: B, null: [x]}
`))
	if err != nil {
		t.Fatal(err)
	}
	plan, err := f.Compile(&source.Table{File: "x.csv", Header: []string{"A", "B"}})
	if err != nil {
		t.Fatal(err)
	}
	var plain []string
	for _, c := range plan.Blocks[0].Columns {
		if c.Plain() {
			plain = append(plain, fmt.Sprintf("%s=%d", c.Field.Name, c.Index))
		}
	}
	if diff := cmp.Diff([]string{"payment_id=0", "currency=1"}, plain); diff != "" {
		t.Errorf("plain columns (-want +got):\n%s", diff)
	}
}

func TestCompileReportsEveryMistake(t *testing.T) {
	f, err := Parse("m.yaml", []byte(`match: {file: x.csv}
rows:
  - entity: order_line
    where: 'Staus == "x" and num(Amount)'
    unpivot: {columns: [Q1, "Z*"], name: q, value: v}
    columns:
      order_id: Ordr No
      amount: [Total, Totl]
      line_id: {key: [Order No, Line]}
      customer_id: {expr: 'row["Custmer"]'}
      quantity: {from: Amount, values: {a: many}}
`))
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.Compile(&source.Table{File: "exports/x.csv", Header: []string{"Order No", "Amount", "Status", "Customer"}})
	if err == nil {
		t.Fatal("no mistake found")
	}
	want := []string{
		`m.yaml:4: rows[0].where: no column "Staus" (did you mean "Status"?)`,
		`m.yaml:5: rows[0].unpivot.columns[0]: no column "Q1" in x.csv`,
		`m.yaml:5: rows[0].unpivot.columns[1]: no column "Z*" in x.csv`,
		`m.yaml:6: rows[0].columns: order_line needs ordered_on (Order date, 订单日期)`,
		`m.yaml:7: rows[0].columns.order_id: no column "Ordr No" in x.csv (did you mean "Order No"?)`,
		`m.yaml:8: rows[0].columns.amount: none of the columns "Total", "Totl" is in x.csv`,
		`m.yaml:9: rows[0].columns.line_id.key[1]: no column "Line" in x.csv`,
		`m.yaml:10: rows[0].columns.customer_id.expr: no column "Custmer" (did you mean "Customer"?)`,
		`m.yaml:11: rows[0].columns.quantity.values.a: "many": not a number`,
	}
	if diff := cmp.Diff(want, strings.Split(err.Error(), "\n")); diff != "" {
		t.Errorf("mistakes (-want +got):\n%s", diff)
	}
}

func TestAConditionMustBeYesOrNo(t *testing.T) {
	f, err := Parse("m.yaml", []byte("match: {file: x.csv}\nrows:\n  - entity: rep\n    where: 'num(A)'\n    columns: {rep_id: A, name: A}\n"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.Compile(&source.Table{File: "x.csv", Header: []string{"A"}})
	want := "m.yaml:4: rows[0].where: expected bool, but got float64"
	if err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
}

func FuzzCompile(f *testing.F) {
	f.Add(`Status == "x"`, `num(A) * 2`, "A|Status|金额(万元)", "1|x|2")
	f.Add(`row["A"] in ["a"]`, `let x = 1; date(A, 1, x)`, "A", "2026")
	f.Add(`true`, `replace(A, A, A)`, "A|A 2", "a")
	f.Add(`filter(1..9, # > 2)`, `[1,2][A]`, "A", "")
	f.Fuzz(func(t *testing.T, where, expression, header, row string) {
		names := strings.Split(header, "|")
		file := &File{Name: "f", Path: "f.yaml", Rows: []Rows{{
			Entity: "payment", Where: where,
			Columns: map[string]ColumnSpec{
				"payment_id": {From: []string{names[0]}},
				"paid_on":    {Expr: expression},
				"amount":     {From: []string{names[len(names)-1]}, Else: expression},
			},
		}}}
		plan, err := file.Compile(&source.Table{File: "x.csv", Header: names})
		if (plan == nil) == (err == nil) {
			t.Fatalf("plan %v with error %v", plan, err)
		}
		if plan == nil {
			return
		}
		cells := strings.Split(row, "|")
		for len(cells) < len(names) {
			cells = append(cells, "")
		}
		plan.Blocks[0].Evaluator().Row(1, cells[:len(names)], func([]Value, []Problem) {})
	})
}
