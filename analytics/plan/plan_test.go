package plan

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDefaultPlanNamesEverySetting(t *testing.T) {
	tables := Default().Tables()
	got := map[string]any{}
	for i, c := range tables[0].Columns {
		got[c.Name] = tables[0].Rows[0][i]
	}
	want := map[string]any{
		"base_currency": "", "sales_source": "finance", "as_of_on": nil, "collection_grace_days": 0,
		"expense_standard_rate": 0.08, "expense_ceiling_rate": 0.12, "reply_hours": 12.0, "resolution_days": 3.0,
		"active_customer_months": 3, "training_months": 2, "fiscal_year_start": 1,
		"reconcile_tolerance_rate": 0.01, "innovation_cap": 10.0, "first_month": nil, "last_month": nil,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestPlanOverridesOnlyWhatItNames(t *testing.T) {
	f, err := Parse("plan.yaml", []byte("name: ours\nsetting: {reply_hours: 24, as_of_on: 2012-12-31, last_month: 2012-12}\nrater_weight: {manager: 1}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if f.Setting.ReplyHours != 24 || f.Setting.ResolutionDays != 3 {
		t.Errorf("reply_hours %v, resolution_days %v", f.Setting.ReplyHours, f.Setting.ResolutionDays)
	}
	if d := cmp.Diff([][]any{{"manager", 1.0}}, f.Tables()[1].Rows); d != "" {
		t.Error(d)
	}
	if len(f.Target) != len(Default().Target) {
		t.Error("targets were not kept")
	}
	row := f.Tables()[0].Rows[0]
	if row[2] != "2012-12-31" || row[14] != "2012-12-01" {
		t.Errorf("dates %v, %v", row[2], row[14])
	}
}

func TestTargetForOneKindWinsOverTheGeneralOne(t *testing.T) {
	f, err := Parse("p", []byte("name: x\ntarget: [{indicator: win_rate, amount: 0.3}, {indicator: win_rate, amount: 0.2, unit_kind: rep}]\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := [][]any{{"win_rate", 0.3, "company"}, {"win_rate", 0.3, "region"}, {"win_rate", 0.3, "team"}, {"win_rate", 0.2, "rep"}}
	if d := cmp.Diff(want, f.Tables()[2].Rows); d != "" {
		t.Error(d)
	}
}

func TestMistakesAreReportedTogetherWithTheirLines(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"every mistake at once", `name: x
setting:
  sales_source: crm
  reply_hour: 5
  expense_standard_rate: 0.05
  as_of_on: 31.12.2012
  first_month: 2026-10
  last_month: 2026-01
rater_weight:
  manager: 2
target:
  - {indicator: win_rate, amount: 0.3}
  - {indicator: win_rate, amount: 0.4}
  - {indicator: x, amount: 1, unit_kind: office}
`, `plan.yaml: line 3: sales_source is "crm"; it must be finance or deals
plan.yaml: line 4: there is no setting "reply_hour"
plan.yaml: line 6: "31.12.2012" is not a day such as 2026-10-31
plan.yaml: line 8: last_month 2026-01 is before first_month 2026-10
plan.yaml: line 10: rater_weight manager is 2; it must be from 0 to 1
plan.yaml: line 13: target of win_rate is given twice, first on line 12
plan.yaml: line 14: unit_kind is "office"; it must be one of company, region, team, rep`},
		{"a ceiling below the standard", "name: x\nsetting:\n  expense_ceiling_rate: 0.05\n", "plan.yaml: line 3: expense_ceiling_rate 0.05 is below expense_standard_rate 0.08"},
		{"weights that weigh nothing", "name: x\nrater_weight: {self: 0}\n", "plan.yaml: line 2: rater_weight needs at least one weight above 0"},
		{"text that is not YAML", "name: [x\n", "plan.yaml: line 1: did not find expected ',' or ']'"},
		{"words where a number belongs", "name: x\nsetting:\n  reply_hours: soon\n", "plan.yaml: line 3: cannot unmarshal !!str `soon` into float64"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse("plan.yaml", []byte(c.text))
			if err == nil {
				t.Fatal("accepted")
			}
			if d := cmp.Diff(c.want, err.Error()); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestSchemaIsJSONAndNamesEverySetting(t *testing.T) {
	var any map[string]any
	if err := json.Unmarshal(Schema(), &any); err != nil {
		t.Fatal(err)
	}
	for _, c := range Default().Tables()[0].Columns {
		if !strings.Contains(string(Schema()), `"`+c.Name+`"`) {
			t.Errorf("schema lacks %s", c.Name)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("name: x\nsetting: {reply_hours: 1}\n"))
	f.Add([]byte("setting: []\ntarget: {a: 1}\nrater_weight: [1]"))
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := Parse("plan.yaml", text)
		if err == nil {
			p.Tables()
		}
	})
}
