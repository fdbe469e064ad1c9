package plan

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tenMistakes is a plan in which ten different things are wrong.
const tenMistakes = `name: ten mistakes
starts: 2026-13
setting:
  reply_hour: 5
scorecard:
  - id: pay
    title: {en: Pay, zh-CN: 薪酬}
    of:
      - id: result
        title: {en: Results, zh-CN: 结果}
        weight: 0.7
        of:
          - {indicator: target_attainment, weight: 0.5, curve: {0: 0, 1: 80, 1: 90}}
          - {indicator: win_rat, weight: 0.5, curve: {0: 0, 1: 100}}
      - {indicator: new_customers, weight: 0.2, curve: {5: 100, 3: 60, 0: 0}}
pay:
  tier:
    - {from_amount: 0, to_amount: 300000, rate: 0.02}
    - {from_amount: 250000, to_amount: 500000, rate: 0.03}
    - {from_amount: 600000, rate: 4}
  pool_sharing: evenly
difficulty:
  policy_coefficient:
    - {region: West, coefficient: 1.1, reason: new market, approver: Li, starts_on: 2026-01-01, ends_on: 2026-06-30}
    - {region: West, coefficient: 1.2, reason: still new, approver: Li, starts_on: 2026-06-01, ends_on: 2026-12-31}
`

func TestTenPlantedMistakesAreAllReported(t *testing.T) {
	_, err := Parse("plans/plan.yaml", []byte(tenMistakes), known)
	if err == nil {
		t.Fatal("accepted")
	}
	want := `plans/plan.yaml: line 2: starts is "2026-13"; it must be a month such as 2026-10
plans/plan.yaml: line 4: there is no setting "reply_hour" in setting; did you mean reply_hours?
plans/plan.yaml: line 8: weights of the parts of pay add up to 0.9; they must add up to 1
plans/plan.yaml: line 13: curve gives points for 1 twice; each value has one number of points
plans/plan.yaml: line 14: there is no indicator "win_rat"; did you mean win_rate?
plans/plan.yaml: line 15: curve goes back from 5 to 3; write its values in rising order
plans/plan.yaml: line 15: curve goes back from 5 to 0; write its values in rising order
plans/plan.yaml: line 19: tiers overlap from 250000 to 300000
plans/plan.yaml: line 20: rate is 4; it must be from 0 to 1
plans/plan.yaml: line 20: tiers leave a gap from 500000 to 600000
plans/plan.yaml: line 21: pool_sharing is "evenly"; it must be equal, score or contribution
plans/plan.yaml: line 25: coefficient for region West overlaps the one on line 24 from 2026-06-01 to 2026-06-30`
	if d := cmp.Diff(want, err.Error()); d != "" {
		t.Error(d)
	}
}

// one kind of mistake each; {} in want stands for the file.
func TestEachMistakeHasItsPlaceAndSaysWhatToDo(t *testing.T) {
	card := func(parts string) string {
		return "name: x\nscorecard:\n  - id: pay\n    title: Pay\n    of:\n" + parts
	}
	leaf := "      - {indicator: win_rate, weight: 1, curve: {0: 0, 1: 100}}\n"
	for _, c := range []struct{ name, text, want string }{
		{"not YAML", "name: [x\n", "line 1: not YAML: did not find expected ',' or ']'"},
		{"an empty file", "", "line 1: the file is empty; `levelfield init` writes a plan to start from"},
		{"a list instead of a plan", "- a\n", "line 1: plan must be keys with values, such as name: ..."},
		{"two documents", "name: x\n---\nname: y\n", "line 1: the file holds several documents; write each version into a file of its own"},
		{"no name", "setting: {reply_hours: 5}\n", "line 1: plan needs name"},
		{"an unknown key at the top", "name: x\nrules: []\n", `line 2: there is no setting "rules"; did you mean rule?`},
		{"an unknown key inside", "name: x\npay: {tiers: []}\n", `line 2: there is no setting "tiers" in pay; did you mean tier?`},
		{"an unknown key like none", "name: x\npay:\n  colour: red\n", `line 3: there is no setting "colour" in pay`},
		{"a key given twice", "name: x\npay:\n  saving_share: 0.1\n  saving_share: 0.2\n", `line 4: "saving_share" is given twice, first on line 3`},
		{"a section given twice", "name: x\nrule: []\nrule: []\n", `line 3: "rule" is given twice, first on line 2`},
		{"an empty section", "name: x\npay:\n", "line 2: pay is empty; fill it, or leave the key out"},
		{"words where a number belongs", "name: x\nsetting:\n  reply_hours: soon\n", `line 3: reply_hours is "soon"; it must be a number`},
		{"a percentage", "name: x\npay:\n  saving_share: 50%\n", `line 3: saving_share is "50%"; it must be a number; write 0.5`},
		{"a quoted number", "name: x\npay:\n  saving_share: \"0.5\"\n", `line 3: saving_share is "0.5"; it must be a number`},
		{"not a number at all", "name: x\npay: {saving_share: .nan}\n", `line 2: saving_share is ".nan"; it must be a number`},
		{"half a month", "name: x\nsetting:\n  training_months: 1.5\n", `line 3: training_months is "1.5"; it must be a whole number`},
		{"neither true nor false", "name: x\npay:\n  is_carried_forward: 1\n", `line 3: is_carried_forward is "1"; it must be true or false`},
		{"a list where one value belongs", "name: x\npay:\n  saving_share: [1]\n", "line 3: saving_share must be one value, not a list or keys"},
		{"one value where a list belongs", "name: x\nrule: none\n", "line 2: rule must be a list: each part on a line of its own after a dash"},
		{"out of range", "name: x\npay:\n  overrun_share: 1.5\n", "line 3: overrun_share is 1.5; it must be from 0 to 1"},
		{"a negative share", "name: x\npay:\n  pool_rate: -0.1\n", "line 3: pool_rate is -0.1; it must be from 0 to 1"},
		{"an unknown choice", "name: x\nsetting: {sales_source: crm}\n", `line 2: sales_source is "crm"; it must be finance or deals`},
		{"a day that is none", "name: x\nsetting: {as_of_on: 31.12.2012}\n", `line 2: as_of_on is "31.12.2012"; it must be a day such as 2026-10-31`},
		{"a month that is none", "name: x\nstarts: January\n", `line 2: starts is "January"; it must be a month such as 2026-10`},
		{"months in the wrong order", "name: x\nsetting:\n  first_month: 2026-10\n  last_month: 2026-01\n", "line 4: last_month 2026-01 is before first_month 2026-10"},
		{"a currency that is none", "name: x\nsetting: {base_currency: yuan}\n", `line 2: base_currency is "yuan"; write three capital letters such as CNY`},
		{"a rater that is none", "name: x\nrater_weight: {boss: 1}\n", `line 2: rater_weight names "boss"; raters are manager, peer or self`},
		{"weights that weigh nothing", "name: x\nrater_weight: {self: 0}\n", "line 2: rater_weight needs at least one weight above 0"},
		{"a rater weight above 1", "name: x\nrater_weight:\n  peer: 1\n  self: 2\n", "line 4: rater_weight self is 2; it must be from 0 to 1"},
		{"a target twice", "name: x\ntarget:\n  - {indicator: win_rate, amount: 0.3}\n  - {indicator: win_rate, amount: 0.4}\n", "line 4: target of win_rate is given twice, first on line 3"},
		{"a target for no unit", "name: x\ntarget:\n  - {indicator: win_rate, amount: 1, unit_kind: office}\n", `line 3: unit_kind is "office"; it must be company, region, team or rep`},
		{"a target of no indicator", "name: x\ntarget:\n  - {indicator: winrate, amount: 1}\n", `line 3: there is no indicator "winrate"; did you mean win_rate?`},
		{"a target without amount", "name: x\ntarget:\n  - {indicator: win_rate}\n", "line 3: target needs amount"},

		{"no scorecards", "name: x\nscorecard: []\n", "line 2: the plan needs at least one scorecard\n{}: line 2: score_scorecard is \"pay\", but there is no such scorecard"},
		{"a scorecard twice", card(leaf) + "  - id: pay\n    title: Pay\n    of:\n" + leaf, `line 7: scorecard "pay" is given twice, first on line 3`},
		{"a name with spaces", card(leaf) + "  - id: Pay 2\n    title: Pay\n    of:\n" + leaf, `line 7: scorecard "Pay 2": write small letters, digits and _, beginning with a letter`},
		{"no scorecard for pay", "name: x\nscorecard:\n  - id: payy\n    title: Pay\n    of:\n" + leaf, `line 2: score_scorecard is "pay", but there is no such scorecard; did you mean payy?`},
		{"a scorecard without title", "name: x\nscorecard:\n  - id: pay\n    of:\n" + leaf, "line 3: scorecard needs title"},
		{"a title in one language", "name: x\nscorecard:\n  - id: pay\n    title: {en: Pay}\n    of:\n" + leaf, "line 4: title needs both en and zh-CN, or one text for both"},
		{"a title in another language", "name: x\nscorecard:\n  - id: pay\n    title: {en: Pay, zh-CN: 薪酬, fr: Paie}\n    of:\n" + leaf, `line 4: title has no language "fr"; write en and zh-CN`},
		{"a scorecard without parts", "name: x\nscorecard:\n  - id: pay\n    title: Pay\n    of: []\n", "line 5: pay has no parts"},
		{"a standard above the full score", "name: x\nscorecard:\n  - id: pay\n    title: Pay\n    standard_score: 120\n    of:\n" + leaf, "line 5: standard_score 120 of pay is above its full_score 100"},
		{"a branch without parts", card("      - id: a\n        title: A\n        weight: 1\n        of: []\n"), "line 9: a has no parts"},
		{"weights below 1", card("      - {indicator: win_rate, weight: 0.9, curve: {0: 0, 1: 100}}\n"), "line 5: weights of the parts of pay add up to 0.9; they must add up to 1"},
		{"weights above 1 inside", card("      - id: a\n        title: A\n        weight: 1\n        of:\n          - {indicator: win_rate, weight: 0.6, curve: {0: 0, 1: 100}}\n          - {indicator: new_customers, weight: 0.5, curve: {0: 0, 5: 100}}\n"), "line 9: weights of the parts of a add up to 1.1; they must add up to 1"},
		{"a part without weight", card("      - {indicator: win_rate, curve: {0: 0, 1: 100}}\n"), "line 6: of needs weight"},
		{"a weight of 0", card(leaf + "      - {indicator: new_customers, weight: 0, curve: {0: 0, 5: 100}}\n"), "line 7: weight of new_customers is 0; leave the part out instead"},
		{"a negative weight", card("      - {indicator: win_rate, weight: -1, curve: {0: 0, 1: 100}}\n"), "line 6: weight is -1; it must be from 0 to 1"},
		{"a weight in percent", card("      - {indicator: win_rate, weight: 100, curve: {0: 0, 1: 100}}\n"), "line 6: weight is 100; it must be from 0 to 1"},
		{"a part twice", card("      - {indicator: win_rate, weight: 0.5, curve: {0: 0, 1: 100}}\n      - {indicator: win_rate, weight: 0.5, curve: {0: 0, 1: 100}}\n"), `line 7: part of pay "win_rate" is given twice, first on line 6`},
		{"a part of no kind", card("      - {id: a, weight: 1}\n"), `line 6: part "a" of pay must have either indicator, scorecard or of; it has none of them`},
		{"a part of two kinds", card("      - {indicator: win_rate, weight: 1, curve: {0: 0, 1: 100}, scorecard: pay}\n"), `line 6: part "win_rate" of pay must have either indicator, scorecard or of; it has indicator and scorecard` + "\n{}: line 6: scorecard pay takes its own score: pay -> pay"},
		{"a branch without title", card("      - id: a\n        weight: 1\n        of: [{indicator: win_rate, weight: 1, curve: {0: 0, 1: 100}}]\n"), `line 6: part "a" of pay needs a title`},
		{"a branch with a curve", card("      - id: a\n        title: A\n        weight: 1\n        curve: {0: 0, 1: 100}\n        of: [{indicator: win_rate, weight: 1, curve: {0: 0, 1: 100}}]\n"), `line 9: curve means nothing for part "a": it has of, not an indicator`},
		{"an unknown indicator", card("      - {indicator: luck, weight: 1, curve: {0: 0, 1: 100}}\n"), `line 6: there is no indicator "luck"`},
		{"an unknown scorecard", card("      - {scorecard: peers, weight: 1}\n"), `line 6: there is no scorecard "peers"`},
		{"scores that go in a circle", card("      - {scorecard: b, weight: 1}\n") + "  - id: b\n    title: B\n    of:\n      - {scorecard: pay, weight: 1}\n", "line 10: scorecard pay takes its own score: pay -> b -> pay"},
		{"an unknown way without value", card("      - {indicator: win_rate, weight: 1, without_value: skip, curve: {0: 0, 1: 100}}\n"), `line 6: without_value is "skip"; it must be share or zero`},
		{"no curve", card("      - {indicator: win_rate, weight: 1}\n"), "line 6: win_rate needs a curve: points for its values, such as {0: 0, 3: 60, 5: 100}"},
		{"a curve of one value", card("      - {indicator: win_rate, weight: 1, curve: {1: 100}}\n"), "line 6: curve needs at least two values, such as {0: 0, 100: 100}"},
		{"a curve that is a list", card("      - {indicator: win_rate, weight: 1, curve: [0, 100]}\n"), "line 6: curve must say points for values, such as {0: 0, 3: 60, 5: 100}"},
		{"a curve with a word", card("      - {indicator: win_rate, weight: 1, curve: {low: 0, 1: 100}}\n"), `line 6: curve has the value "low"; it must be a number`},
		{"a value twice", card("      - {indicator: new_customers, weight: 1, curve: {0: 0, 3: 60, 3: 80}}\n"), "line 6: curve gives points for 3 twice; each value has one number of points"},
		{"a value twice, written otherwise", card("      - {indicator: new_customers, weight: 1, curve: {0: 0, 3: 60, 3.0: 80}}\n"), "line 6: curve gives points for 3 twice; each value has one number of points"},
		{"values that fall", card("      - indicator: new_customers\n        weight: 1\n        curve:\n          0: 0\n          5: 100\n          3: 60\n"), "line 11: curve goes back from 5 to 3; write its values in rising order"},
		{"more points than full", card("      - {indicator: new_customers, weight: 1, curve: {0: 0, 5: 120}}\n"), "line 6: curve of new_customers gives 120 points at 5; points are from 0 to 100"},
		{"negative points", card("      - {indicator: new_customers, weight: 1, curve: {0: -10, 5: 100}}\n"), "line 6: curve of new_customers gives -10 points at 0; points are from 0 to 100"},
		{"a flat curve", card("      - {indicator: new_customers, weight: 1, curve: {0: 80, 5: 80}}\n"), "line 6: curve of new_customers gives the same points for every value"},
		{"a share in percent", card("      - {indicator: win_rate, weight: 1, curve: {0: 0, 80: 100}}\n"), "line 6: curve of win_rate has the value 80; it is a share: write 0.8 for 80 %"},
		{"difficulty twice", card("      - {indicator: adjusted_attainment, weight: 0.5, curve: {0: 0, 1: 80}}\n      - {indicator: difficulty_points, weight: 0.5, curve: {-10: 0, 10: 100}}\n"), "line 7: difficulty_points never has a value while channel of difficulty is attainment; set it to points\n{}: line 7: scorecard pay counts difficulty twice, as adjusted_attainment and as difficulty_points; keep one"},
		{"difficulty by a closed way", card("      - {indicator: adjusted_attainment, weight: 1, curve: {0: 0, 1: 80}}\n") + "difficulty: {channel: none}\n", "line 6: adjusted_attainment never has a value while channel of difficulty is none; set it to attainment"},
		{"a bonus of nothing", card(leaf + "    bonus: [{indicator: luck}]\n"), `line 7: there is no indicator "luck"`},
		{"a bonus capped at 0", card(leaf + "    bonus: [{indicator: innovation_points, cap: 0}]\n"), "line 7: cap of innovation_points is 0; leave the bonus out instead"},
		{"a bonus with a weight", card(leaf + "    bonus: [{indicator: innovation_points, weight: 1}]\n"), `line 7: there is no setting "weight" in bonus`},

		{"commission on a count", "name: x\npay: {base_indicator: new_customers}\n", "line 2: base_indicator is new_customers, which is no amount of money"},
		{"commission on nothing known", "name: x\npay: {base_indicator: revenue}\n", `line 2: there is no indicator "revenue"`},
		{"a way of tiers that is none", "name: x\npay: {tier_method: slab}\n", `line 2: tier_method is "slab"; it must be marginal or whole`},
		{"no tiers", "name: x\npay: {tier: []}\n", "line 2: pay needs at least one tier; a plan without commission has one of rate 0"},
		{"tiers that begin late", "name: x\npay:\n  tier:\n    - {from_amount: 1000, rate: 0.1}\n", "line 4: tiers leave a gap from 0 to 1000; the first begins at 0"},
		{"tiers that end early", "name: x\npay:\n  tier:\n    - {from_amount: 0, to_amount: 1000, rate: 0.1}\n", "line 4: amounts above 1000 have no tier; the last has no to_amount"},
		{"tiers with a gap", "name: x\npay:\n  tier:\n    - {from_amount: 0, to_amount: 1000, rate: 0.1}\n    - {from_amount: 2000, rate: 0.2}\n", "line 5: tiers leave a gap from 1000 to 2000"},
		{"tiers that overlap", "name: x\npay:\n  tier:\n    - {from_amount: 0, to_amount: 1000, rate: 0.1}\n    - {from_amount: 900, rate: 0.2}\n", "line 5: tiers overlap from 900 to 1000"},
		{"a tier without end before another", "name: x\npay:\n  tier:\n    - {from_amount: 0, rate: 0.1}\n    - {from_amount: 900, rate: 0.2}\n", "line 4: tier from 0 has no to_amount, so it overlaps all that follow"},
		{"a tier that ends before it begins", "name: x\npay:\n  tier:\n    - {from_amount: 0, to_amount: 500, rate: 0.1}\n    - {from_amount: 500, to_amount: 400, rate: 0.2}\n    - {from_amount: 400, rate: 0.3}\n", "line 5: tier ends at 400, which is not above its beginning 500"},
		{"a tier without rate", "name: x\npay:\n  tier:\n    - {from_amount: 0}\n", "line 4: tier needs rate"},
		{"a rate in percent", "name: x\npay:\n  tier:\n    - {from_amount: 0, rate: 3}\n", "line 4: rate is 3; it must be from 0 to 1"},
		{"a ceiling below the standard", "name: x\npay:\n  expense_ceiling_rate: 0.05\n", "line 3: expense_ceiling_rate 0.05 is below expense_standard_rate 0.08"},
		{"a standard above the ceiling", "name: x\npay:\n  expense_standard_rate: 0.2\n", "line 3: expense_ceiling_rate 0.12 is below expense_standard_rate 0.2"},
		{"a release of no kind", "name: x\npay: {release_score: later}\n", `line 2: release_score is "later"; it must be sale, release or none`},

		{"a rule twice", "name: x\nrule:\n  - {id: a, title: A, indicator: score, comparison: \">=\", value: 90, effect: certificate}\n  - {id: a, title: A, indicator: score, comparison: \">=\", value: 90, effect: certificate}\n", `line 4: rule "a" is given twice, first on line 3`},
		{"a rule without condition", "name: x\nrule:\n  - {id: a, title: A, indicator: score, effect: certificate}\n", "line 3: rule needs comparison\n{}: line 3: rule needs value"},
		{"a comparison that is none", "name: x\nrule:\n  - {id: a, title: A, indicator: score, comparison: \"=>\", value: 90, effect: certificate}\n", `line 3: comparison is "=>"; it must be >=, >, < or <=`},
		{"a rule on nothing", "name: x\nrule:\n  - {id: a, title: A, indicator: luck, comparison: \">\", value: 1, effect: certificate}\n", `line 3: there is no indicator "luck"`},
		{"an effect that is none", "name: x\nrule:\n  - {id: a, title: A, indicator: score, comparison: \">\", value: 1, effect: fine}\n", `line 3: effect is "fine"; it must be bonus, certificate, promotion, coaching or reduced_rate`},
		{"a bonus without amount", "name: x\nrule:\n  - {id: a, title: A, indicator: score, comparison: \">\", value: 1, effect: bonus}\n", "line 3: rule a needs amount: its effect is bonus"},
		{"an amount without bonus", "name: x\nrule:\n  - {id: a, title: A, indicator: score, comparison: \">\", value: 1, effect: coaching, amount: 5}\n", "line 3: amount of rule a means nothing: its effect is coaching, not bonus"},
		{"a reduction by nothing", "name: x\nrule:\n  - {id: a, title: A, indicator: score, comparison: \">\", value: 1, effect: reduced_rate, rate: 1}\n", "line 3: rate of rule a is 1; that reduces nothing"},
		{"no months", "name: x\nrule:\n  - {id: a, title: A, indicator: score, comparison: \">\", value: 1, months: 0, effect: coaching}\n", "line 3: months is 0; it must be from 1 to 24"},
		{"a share in percent in a rule", "name: x\nrule:\n  - {id: a, title: A, indicator: win_rate, comparison: \">\", value: 120, effect: coaching}\n", "line 3: value of rule a is 120; win_rate is a share: write 1.2 for 120 %"},
		{"a score out of range", "name: x\nrule:\n  - {id: a, title: A, indicator: score, comparison: \">\", value: 900, effect: coaching}\n", "line 3: value of rule a is 900; scores of pay are from 0 to 100 and bonus points"},

		{"a mode that is none", "name: x\ndifficulty: {mode: magic}\n", `line 2: mode is "magic"; it must be data, policy, blend or override`},
		{"policy without coefficients", "name: x\ndifficulty: {mode: policy}\n", "line 2: mode is policy, but policy_coefficient is empty"},
		{"bounds in the wrong order", "name: x\ndifficulty: {attainment_floor: 3}\n", "line 2: attainment_cap 2 is not above attainment_floor 3"},
		{"quantiles in the wrong order", "name: x\ndifficulty: {pay_low_quantile: 0.95, pay_high_quantile: 0.05}\n", "line 2: pay_high_quantile 0.05 is not above pay_low_quantile 0.95"},
		{"a window too short", "name: x\ndifficulty: {window_months: 3}\n", "line 2: min_months 6 is more than the window_months 3 looked at"},
		{"a coefficient out of range", "name: x\ndifficulty: {policy_coefficient: [{coefficient: 1.5, reason: a, approver: b, starts_on: 2026-01-01, ends_on: 2026-02-01}]}\n", "line 2: coefficient is 1.5; it must be from 0.8 to 1.3"},
		{"a coefficient between the steps", "name: x\ndifficulty: {policy_coefficient: [{coefficient: 1.12, reason: a, approver: b, starts_on: 2026-01-01, ends_on: 2026-02-01}]}\n", "line 2: coefficient is 1.12; coefficients go in steps of 0.05"},
		{"a coefficient without reason", "name: x\ndifficulty: {policy_coefficient: [{coefficient: 1.1, reason: \" \", starts_on: 2026-01-01, ends_on: 2026-02-01}]}\n", "line 2: policy_coefficient needs approver\n{}: line 2: reason is empty; a coefficient published by hand says why and who approved it"},
		{"a coefficient that ends before it starts", "name: x\ndifficulty: {policy_coefficient: [{coefficient: 1.1, reason: a, approver: b, starts_on: 2026-03-01, ends_on: 2026-02-01}]}\n", "line 2: ends_on 2026-02-01 is before starts_on 2026-03-01"},
		{"coefficients that overlap", "name: x\ndifficulty:\n  policy_coefficient:\n    - {segment: retail, coefficient: 1.1, reason: a, approver: b, starts_on: 2026-01-01, ends_on: 2026-03-01}\n    - {segment: retail, coefficient: 0.9, reason: a, approver: b, starts_on: 2026-03-01, ends_on: 2026-04-01}\n", "line 5: coefficient for segment retail overlaps the one on line 4 from 2026-03-01 to 2026-03-01"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse("plan.yaml", []byte(c.text), known)
			if err == nil {
				t.Fatal("accepted")
			}
			got := err.Error()
			if d := cmp.Diff("plan.yaml: "+strings.ReplaceAll(c.want, "{}", "plan.yaml"), got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestPlansWithoutMistakesAreAccepted(t *testing.T) {
	for _, text := range []string{
		"name: x\n",
		"name: x\nrule: []\ndifficulty: {channel: attainment, policy_coefficient: []}\n",
		"name: x\npay: {tier: [{from_amount: 0, to_amount: 300_000, rate: 0.1}, {from_amount: 300000, rate: 0.05}]}\n",
		"name: x\ndifficulty: {policy_coefficient: [{coefficient: 0.85, reason: a, approver: b, starts_on: 2026-01-01, ends_on: 2026-02-28}, {coefficient: 1.15, reason: a, approver: b, starts_on: 2026-03-01, ends_on: 2026-04-30}]}\n",
		"name: x\nscorecard: [{id: pay, title: P, of: [{indicator: our_own_measure, weight: 0.1, curve: {0: 0, 1: 100}}, {id: a, indicator: our_own_measure, weight: 0.2, curve: {0: 0, 1: 100}}, {id: b, indicator: our_own_measure, weight: 0.7, curve: {-5: 100, 1: 0}}]}]\n",
	} {
		if _, err := Parse("plan.yaml", []byte(text), known); err != nil {
			t.Error(fmt.Errorf("%s\n%w", text, err))
		}
	}
}
