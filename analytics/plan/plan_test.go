package plan

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// known are the indicators that these tests let a plan name.
var known = Indicators{
	"sales_amount":         {Words{"Sales", "销售额"}, "money", "up"},
	"target_attainment":    {Words{"Attainment", "目标达成率"}, "rate", "up"},
	"new_customers":        {Words{"New customers", "新客户数"}, "count", "up"},
	"expense_ratio":        {Words{"Expense ratio", "费用率"}, "rate", "down"},
	"win_rate":             {Words{"Win rate", "赢单率"}, "rate", "up"},
	"our_own_measure":      {Words{"Our own", "自有指标"}, "count", "up"},
	"innovation_points":    {Words{"Innovation", "创新加分"}, "points", "up"},
	"collection_rate":      {Words{"Collection", "回款率"}, "rate", "up"},
	"peer_collaboration":   {Words{"Collaboration", "团队协作"}, "points", "up"},
	"customer_training_ok": {Words{"Trained", "培训"}, "rate", "up"},
}

func table(t *testing.T, p *Plan, name string) []map[string]any {
	t.Helper()
	for _, x := range p.Tables(time.Time{}, nil) {
		if x.Name != name {
			continue
		}
		var out []map[string]any
		for _, r := range x.Rows {
			if len(r) != len(x.Columns) {
				t.Fatalf("%s has %d columns and a row of %d", name, len(x.Columns), len(r))
			}
			row := map[string]any{}
			for i, c := range x.Columns {
				row[c.Name] = r[i]
			}
			out = append(out, row)
		}
		return out
	}
	t.Fatalf("no table %s", name)
	return nil
}

func TestDefaultPlanNamesEverySetting(t *testing.T) {
	want := map[string]any{
		"base_currency": "", "sales_source": "finance", "as_of_on": nil, "collection_grace_days": 0,
		"reply_hours": 12.0, "resolution_days": 3.0,
		"active_customer_months": 3, "training_months": 2, "fiscal_year_start": 1,
		"reconcile_tolerance_rate": 0.01, "innovation_cap": 10.0, "review_gender": false, "review_age": false, "first_month": nil, "last_month": nil,
	}
	if d := cmp.Diff([]map[string]any{want}, table(t, Of(Default()), "setting")); d != "" {
		t.Error(d)
	}
}

func TestDefaultPaysByTheShippedRules(t *testing.T) {
	want := map[string]any{"version_id": "default", "base_indicator": "sales_amount", "tier_method": "marginal", "score_scorecard": "pay",
		"standard_score": 80.0, "saving_share": 0.5, "is_saving_inside": false, "expense_standard_rate": 0.08, "expense_ceiling_rate": 0.12,
		"overrun_share": 0.5, "release_score": "sale", "is_carried_forward": true, "pool_threshold": 1.2, "pool_rate": 0.01,
		"pool_sharing": "equal", "bad_debt_days": nil, "waits_for_cash": true}
	if d := cmp.Diff([]map[string]any{want}, table(t, Of(Default()), "pay")); d != "" {
		t.Error(d)
	}
	roots := map[string]float64{} // weights of the parts right under the root
	for _, n := range table(t, Of(Default()), "node") {
		if n["depth"] == 1 && n["weight"] != nil {
			roots[fmt.Sprint(n["scorecard"], "/", n["node"])] = n["weight"].(float64)
		}
	}
	if d := cmp.Diff(map[string]float64{"evaluation/result": .7, "evaluation/process": .3, "pay/process": .4, "pay/customer": .3,
		"pay/quality": .3, "monthly/individual": .6, "monthly/collaboration": .4}, roots); d != "" {
		t.Error(d)
	}
}

func TestPlanOverridesOnlyWhatItNames(t *testing.T) {
	f, err := Parse("plan.yaml", []byte("name: ours\nsetting: {reply_hours: 24, as_of_on: 2012-12-31, last_month: 2012-12}\nrater_weight: {manager: 1}\npay: {saving_share: 1}\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	p := Of(f)
	s := table(t, p, "setting")[0]
	if s["reply_hours"] != 24.0 || s["resolution_days"] != 3.0 || s["as_of_on"] != "2012-12-31" || s["last_month"] != "2012-12-01" {
		t.Errorf("setting %v", s)
	}
	if d := cmp.Diff([]map[string]any{{"rater_kind": "manager", "weight": 1.0}}, table(t, p, "rater_weight")); d != "" {
		t.Error(d)
	}
	if pay := table(t, p, "pay")[0]; pay["saving_share"] != 1.0 || pay["overrun_share"] != 0.5 {
		t.Errorf("pay %v", pay)
	}
	if len(f.Target) != len(Default().Target) || len(f.Scorecard) != 3 {
		t.Error("targets or scorecards were not kept")
	}
}

func TestTargetForOneKindWinsOverTheGeneralOne(t *testing.T) {
	f, err := Parse("p", []byte("name: x\ntarget: [{indicator: win_rate, amount: 0.3}, {indicator: win_rate, amount: 0.2, unit_kind: rep}]\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	want := [][]any{{"win_rate", 0.3, "company"}, {"win_rate", 0.3, "region"}, {"win_rate", 0.3, "team"}, {"win_rate", 0.2, "rep"}}
	if d := cmp.Diff(want, f.target().Rows); d != "" {
		t.Error(d)
	}
}

func TestScorecardsBecomeRows(t *testing.T) {
	f, err := Parse("plans/v2.yaml", []byte(`name: x
setting: {innovation_cap: 4}
scorecard:
  - id: pay
    title: {en: Pay, zh-CN: 薪酬}
    of:
      - id: deep
        title: Deep
        weight: 0.75
        of:
          - id: deeper
            title: Deeper
            weight: 1
            of: [{indicator: our_own_measure, weight: 1, without_value: zero, curve: {0: 0, 3: 60, 5: 100}}]
      - {indicator: win_rate, weight: 0.25, curve: {0: 0, 1: 100}}
    bonus: [{indicator: innovation_points}]
difficulty: {channel: none}
`), known)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, n := range table(t, Of(f), "node") {
		got = append(got, fmt.Sprint(n["node"], "|", n["parent"], "|", n["sort"], "|", n["depth"], "|", n["kind"], "|", n["indicator"], "|", n["weight"], "|", n["without_value"], "|", n["cap"], "|", n["title_zh"]))
	}
	want := []string{
		"|<nil>|1|0|branch|<nil>|1|share|<nil>|薪酬",
		"deep||2|1|branch|<nil>|0.75|share|<nil>|Deep",
		"deep/deeper|deep|3|2|branch|<nil>|1|share|<nil>|Deeper",
		"deep/deeper/our_own_measure|deep/deeper|4|3|leaf|our_own_measure|1|zero|<nil>|自有指标",
		"win_rate||5|1|leaf|win_rate|0.25|share|<nil>|赢单率",
		"innovation_points||6|1|bonus|innovation_points|<nil>|share|4|创新加分",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	var points []string
	for _, c := range table(t, Of(f), "curve") {
		points = append(points, fmt.Sprint(c["node"], " ", c["step"], ": ", c["value"], "=", c["points"]))
	}
	if d := cmp.Diff([]string{"deep/deeper/our_own_measure 1: 0=0", "deep/deeper/our_own_measure 2: 3=60", "deep/deeper/our_own_measure 3: 5=100",
		"win_rate 1: 0=0", "win_rate 2: 1=100", "innovation_points 1: 0=0", "innovation_points 2: 4=4"}, points); d != "" {
		t.Error(d)
	}
}

func TestEveryPresetIsAPlan(t *testing.T) {
	for _, name := range Presets {
		text, err := Preset(name)
		if err != nil {
			t.Fatal(err)
		}
		f, err := Parse(name+".yaml", text, nil)
		if err != nil {
			t.Error(err)
			continue
		}
		Of(f).Tables(time.Time{}, nil)
	}
	if _, err := Preset("nothing"); err == nil || err.Error() != `there is no shipped plan "nothing"; there are default, small-team or field-sales` {
		t.Error(err)
	}
}

func TestVersionsFollowEachOther(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("plan.yaml", "name: old\nsetting: {reply_hours: 24}\n")
	write("h2.yaml", "name: new\nstarts: 2026-07\nsetting: {reply_hours: 6}\n")
	write("a.yaml", "name: between\nstarts: 2026-03\n")
	p, err := Load(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, v := range table(t, p, "version") {
		got = append(got, fmt.Sprint(v["version_id"], " ", v["starts_on"], " ", v["ends_on"], " ", v["file"]))
	}
	if d := cmp.Diff([]string{"plan 1900-01-01 2026-02-28 plans/plan.yaml", "a 2026-03-01 2026-06-30 plans/a.yaml", "h2 2026-07-01 <nil> plans/h2.yaml"}, got); d != "" {
		t.Error(d)
	}
	if n := len(table(t, p, "pay")); n != 3 {
		t.Errorf("%d rows of pay, want one a version", n)
	}
	june := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	if hours := p.Tables(june, nil)[0].Rows[0][4]; hours != 12.0 {
		t.Errorf("reply_hours in June %v, want those of the version in force", hours)
	}
	write("twice.yaml", "name: again\nstarts: 2026-07\n")
	_, err = Load(dir, nil)
	if want := dir + "/twice.yaml: line 2: starts in 2026-07, as does " + dir + "/h2.yaml; each version needs a month of its own"; err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
}

func TestAPlanKeepsItsHashWhenOnlyCommentsChange(t *testing.T) {
	hash := func(text string) any {
		f, err := Parse("p.yaml", []byte(text), nil)
		if err != nil {
			t.Fatal(err)
		}
		return table(t, Of(f), "version")[0]["hash"]
	}
	one := hash("name: x\npay: {saving_share: 0.4, overrun_share: 0.3}\n")
	if one != hash("# why\nname: x\npay:\n  overrun_share: 0.3\n  saving_share: 0.4\n") {
		t.Error("a comment changed the hash")
	}
	if one == hash("name: x\npay: {saving_share: 0.4, overrun_share: 0.2}\n") {
		t.Error("a number did not change the hash")
	}
}

func TestSchemaIsJSONAndNamesEverySetting(t *testing.T) {
	var any map[string]any
	schema := Schema(known)
	if err := json.Unmarshal(schema, &any); err != nil {
		t.Fatal(err)
	}
	for _, x := range []Table{Default().setting(), Default().rules()} {
		for _, c := range x.Columns {
			switch c.Name {
			case "version_id", "sort", "rule", "title_en", "title_zh": // not written as such
				continue
			}
			if !strings.Contains(string(schema), `"`+c.Name+`"`) {
				t.Errorf("schema lacks %s", c.Name)
			}
		}
	}
	if !strings.Contains(string(schema), "our_own_measure") {
		t.Error("schema does not offer the company's own indicator")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("name: x\nsetting: {reply_hours: 1}\n"))
	f.Add([]byte("setting: []\ntarget: {a: 1}\nrater_weight: [1]"))
	f.Add([]byte("name: x\nscorecard: &a\n  - id: pay\n    of: *a\n"))
	f.Add([]byte("name: x\nscorecard: [{id: pay, title: a, of: [{scorecard: pay, weight: 1}]}]\npay: {tier: [{from_amount: 1}]}\n---\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := Parse("plan.yaml", text, known)
		if err == nil {
			Of(p).Tables(time.Time{}, nil)
		}
	})
}
