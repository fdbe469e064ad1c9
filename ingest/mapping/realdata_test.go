package mapping

import (
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"levelfield/ingest/source"
	"levelfield/ingest/table"
)

// data is the folder of public sample exports, beside the project.
const data = "../../../shared/data"

// sample returns the path of a set of the public sample exports.
func sample(t *testing.T, set string) string {
	t.Helper()
	dir := filepath.Join(data, set)
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("the public sample exports %s are not there", dir)
	}
	return dir
}

// outcome counts what an entity got from a file.
type outcome struct {
	read, loaded, refused, leftOut int
	amount                         int64               // sum of amount, in ten-thousandths
	days                           map[string]int      // rows by day of the month field
	sums                           map[string][2]int64 // amount and cost_amount in ten-thousandths, by month
	problems                       map[string]int
}

// through reads every table of a file by its mapping and counts the outcome
// per entity, and the mapping each table used.
func through(t *testing.T, file string, files []*File) (used []string, out map[string]*outcome, notes []string) {
	t.Helper()
	opened, err := Open(file, files, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	out = map[string]*outcome{}
	for _, o := range opened {
		if o.File == nil {
			used = append(used, "none for "+filepath.Base(o.Table.File)+" "+o.Table.Sheet)
			continue
		}
		used = append(used, o.File.Name)
		plan, err := o.File.Compile(o.Table)
		if err != nil {
			t.Fatal(err)
		}
		notes = append(notes, plan.Notes...)
		evaluators := make([]*Evaluator, len(plan.Blocks))
		for i := range plan.Blocks {
			evaluators[i] = plan.Blocks[i].Evaluator()
			out[plan.Blocks[i].Entity.Name] = &outcome{days: map[string]int{}, sums: map[string][2]int64{}, problems: map[string]int{}}
		}
		for row, err := range o.Table.Rows() {
			if err != nil {
				t.Fatal(err)
			}
			if row.Skip != "" {
				continue
			}
			if row.Err != "" {
				t.Errorf("%s row %d: %s", file, row.Number, row.Err)
				continue
			}
			for i, e := range evaluators {
				count(out[plan.Blocks[i].Entity.Name], &plan.Blocks[i], e, row)
			}
		}
	}
	return used, out, notes
}

func count(o *outcome, block *Block, e *Evaluator, row source.Row) {
	o.read++
	leftOut := e.Row(row.Number, row.Cells, func(values []Value, problems []Problem) {
		if len(problems) > 0 {
			o.refused++
			for _, p := range problems {
				o.problems[p.Column+": "+p.Reason]++
			}
			return
		}
		o.loaded++
		day, sums := "", [2]int64{}
		for i, f := range block.Entity.Fields {
			switch {
			case f.Name == "amount":
				sums[0] = values[i].Int
			case f.Name == "cost_amount":
				sums[1] = values[i].Int
			case f.Month && f.Kind == table.Date && !values[i].Null:
				day = textOf(unixDay(values[i].Int))
			case f.Month && f.Kind == table.Time && !values[i].Null:
				day = textOf(unixDay(floorDiv(values[i].Int, 86400e6)))
			}
		}
		o.amount += sums[0]
		if day != "" {
			o.days[day]++
			before := o.sums[day[:7]]
			o.sums[day[:7]] = [2]int64{before[0] + sums[0], before[1] + sums[1]}
		}
	})
	if leftOut != "" {
		o.leftOut++
	}
}

// between adds up amount and cost of the months from..to.
func (o *outcome) between(from, to string) (amount, cost int64) {
	for month, sums := range o.sums {
		if month >= from && month <= to {
			amount, cost = amount+sums[0], cost+sums[1]
		}
	}
	return amount, cost
}

func (o *outcome) String() string {
	s := fmt.Sprintf("%d loaded", o.loaded)
	if o.refused > 0 {
		s += fmt.Sprintf(", %d refused", o.refused)
		for _, p := range slices.Sorted(maps.Keys(o.problems)) {
			s += fmt.Sprintf(" [%s: %d]", p, o.problems[p])
		}
	}
	if o.leftOut > 0 {
		s += fmt.Sprintf(", %d left out", o.leftOut)
	}
	if o.amount != 0 {
		s += fmt.Sprintf(", amount %.2f", math.Round(float64(o.amount)/100)/100)
	}
	return s
}

func summary(used []string, out map[string]*outcome) []string {
	lines := slices.Clone(used)
	for _, entity := range slices.Sorted(maps.Keys(out)) {
		lines = append(lines, entity+": "+out[entity].String())
	}
	return lines
}

func TestTheExamplesMapEveryRowOfThePublicExports(t *testing.T) {
	tests := []struct {
		set, example, file string
		want               []string
	}{
		{"maven_crm/original", "maven_crm", "sales_pipeline.csv", []string{"maven-sales-pipeline", "deal: 8800 loaded, amount 10005534.00"}},
		{"maven_crm/us_dates", "maven_crm", "sales_pipeline.csv", []string{"maven-sales-pipeline", "deal: 8800 loaded, amount 10005534.00"}},
		{"maven_crm/dmy_dates", "maven_crm", "sales_pipeline.csv", []string{"maven-sales-pipeline", "deal: 8800 loaded, amount 10005534.00"}},
		{"maven_crm/original", "maven_crm", "accounts.csv", []string{"maven-accounts", "customer: 85 loaded"}},
		{"maven_crm/original", "maven_crm", "products.csv", []string{"maven-products", "product: 7 loaded"}},
		{"maven_crm/original", "maven_crm", "sales_teams.csv", []string{"maven-sales-teams", "region: 35 loaded", "rep: 35 loaded", "team: 35 loaded"}},
		{"adventureworks_dw", "adventureworks_dw", "FactResellerSales.csv", []string{"adventureworks-reseller-sales", "order_line: 57851 loaded, amount 77548570.20"}},
		{"adventureworks_dw", "adventureworks_dw", "ResellerSalesTargets.csv", []string{"adventureworks-reseller-sales-targets", "target: 245 loaded, amount 84910000.00"}},
		{"adventureworks_dw", "adventureworks_dw", "Product.csv", []string{"adventureworks-products", "product: 397 loaded"}},
		{"adventureworks_dw", "adventureworks_dw", "Resellers.csv", []string{"adventureworks-resellers", "customer: 701 loaded"}},
		{"adventureworks_dw", "adventureworks_dw", "warehouse/DimEmployee.csv", []string{"adventureworks-employees", "rep: 17 loaded, 279 left out", "rep_alias: 17 loaded, 279 left out"}},
		{"adventureworks_dw", "adventureworks_dw", "warehouse/DimSalesTerritory.csv", []string{"adventureworks-sales-territories", "region: 11 loaded"}},
		{"adventureworks_dw", "adventureworks_dw", "warehouse/FactSalesQuota.csv", []string{"adventureworks-sales-quota", "target: 163 loaded, amount 95714000.00"}},
		{"superstore_cn", "superstore_cn", "示例 - 超市.xls", []string{
			"superstore-orders", "superstore-returns", "superstore-people",
			"customer: 10000 loaded", "order_line: 10000 loaded, amount 16117548.24", "product: 10000 loaded",
			"region: 6 loaded", "rep: 6 loaded", "return: 296 loaded",
		}},
		{"ibm_receivables", "ibm_receivables", "WA_Fn-UseC_-Accounts-Receivable.csv", []string{
			"ibm-receivables", "order_line: 2466 loaded, amount 147703.18", "payment: 2466 loaded, amount 147703.18",
		}},
		{"comcast_complaints", "comcast_complaints", "Comcast_telecom_complaints_data.csv", []string{"comcast-complaints", "complaint: 2224 loaded"}},
	}
	for _, test := range tests {
		t.Run(test.set+"/"+test.file, func(t *testing.T) {
			dir := sample(t, test.set)
			files, err := LoadDir(os.DirFS("examples/" + test.example))
			if err != nil {
				t.Fatal(err)
			}
			used, out, notes := through(t, filepath.Join(dir, test.file), files)
			if diff := cmp.Diff(test.want, summary(used, out)); diff != "" {
				t.Errorf("outcome (-want +got):\n%s\nnotes:\n%s", diff, strings.Join(notes, "\n"))
			}
			t.Log(strings.Join(notes, "\n"))
		})
	}
}

// example maps one file of a public set by its example.
func example(t *testing.T, set, file string) map[string]*outcome {
	t.Helper()
	dir := sample(t, set)
	folder, _, _ := strings.Cut(set, "/")
	files, err := LoadDir(os.DirFS("examples/" + folder))
	if err != nil {
		t.Fatal(err)
	}
	_, out, _ := through(t, filepath.Join(dir, file), files)
	return out
}

func TestAdventureWorksFiscalYearsAgreeWithThePublishedSalesAndCost(t *testing.T) {
	lines := example(t, "adventureworks_dw", "FactResellerSales.csv")["order_line"]
	for _, year := range []struct {
		from, to     string
		amount, cost int64
	}{
		{"2017-07", "2018-06", 164290426000, 162976802300},
		{"2018-07", "2019-06", 279797795300, 267682315400},
	} {
		if amount, cost := lines.between(year.from, year.to); amount != year.amount || cost != year.cost {
			t.Errorf("%s to %s: amount %d, want %d; cost %d, want %d", year.from, year.to, amount, year.amount, cost, year.cost)
		}
	}
}

func TestTheThreeShapesOfMavenDatesGiveTheSameDays(t *testing.T) {
	want := example(t, "maven_crm/original", "sales_pipeline.csv")["deal"].days
	for _, set := range []string{"maven_crm/us_dates", "maven_crm/dmy_dates"} {
		if diff := cmp.Diff(want, example(t, set, "sales_pipeline.csv")["deal"].days); diff != "" {
			t.Errorf("%s (-original +got):\n%s", set, diff)
		}
	}
}

func TestComcastComplaintsFallOnTheirOwnDays(t *testing.T) {
	days := example(t, "comcast_complaints", "Comcast_telecom_complaints_data.csv")["complaint"].days
	june := 0
	for day, n := range days {
		if strings.HasPrefix(day, "2015-06") {
			june += n
		}
	}
	if june != 1046 || days["2015-06-24"] != 218 {
		t.Errorf("June 2015 has %d complaints, want 1046; 24 June %d, want 218", june, days["2015-06-24"])
	}
}

func TestIBMReceivablesAgreeWithTheFiguresOf2012(t *testing.T) {
	out := example(t, "ibm_receivables", "WA_Fn-UseC_-Accounts-Receivable.csv")
	invoiced, _ := out["order_line"].between("2012-01", "2012-12")
	if invoiced != 760640700 {
		t.Errorf("invoiced in 2012: %d ten-thousandths, want 760640700", invoiced)
	}
}
