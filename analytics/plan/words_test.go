package plan

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func all(f *File, lang string) string {
	var out []string
	for _, s := range f.Sentences(known) {
		for _, x := range s.Statements {
			out = append(out, x.Text(lang))
		}
	}
	return strings.Join(out, "\n")
}

func TestPlanInSentences(t *testing.T) {
	f, err := Parse("p.yaml", []byte("name: x\nstarts: 2026-07\npay: {tier_method: whole, bad_debt_days: 180, is_carried_forward: false}\n"), known)
	if err != nil {
		t.Fatal(err)
	}
	for lang, want := range map[string][]string{
		"en": {
			"This plan is called x and holds from 2026-07 on.",
			"10 % of Results (7 % of the score) is New customers: 0 gives 0 points, 3 gives 60, 5 gives 100.",
			"60 % of the score is Individual, taken from “Pay score”.",
			"Tier 2: an amount from 300,000 to 600,000 earns 2.5 % on all of it.",
			"What a customer has not paid after 180 days takes its commission back.",
			"Above 12 % the commission is void, unless an exception is approved.",
			"A negative result pays 0 and is forgotten.",
			"A team that reaches 120 % of its target shares 1 % of its sales above target, in equal parts.",
			"Coaching plan: Pay score below 70 for 2 months in a row starts a coaching plan.",
		},
		"zh-CN": {
			"本方案名为x，自2026年7月起执行。",
			"新客户数占结果的10%，即总分的7%：0得0分，3得60分，5得100分。",
			"第3档：金额达到600,000，全部按3%提成。",
			"费用率在8%到12%，超出8%部分的50%由本人承担。",
			"辅导计划：薪酬得分连续2个月低于70，安排辅导计划。",
		},
	} {
		got := "\n" + all(f, lang) + "\n"
		for _, w := range want {
			if !strings.Contains(got, "\n"+w+"\n") {
				t.Errorf("%s: no sentence %q in%s", lang, w, got)
			}
		}
		if strings.ContainsAny(got, "{}") {
			t.Errorf("%s: a name was not filled in", lang)
		}
	}
}

// Every sentence and word has both languages and the same names in both.
func TestSentencesAreCompleteInBothLanguages(t *testing.T) {
	names := func(s string) map[string]bool {
		out := map[string]bool{}
		for _, part := range strings.Split(s, "{")[1:] {
			name, _, _ := strings.Cut(part, "}")
			out[name] = true
		}
		return out
	}
	for _, m := range []map[string]bilingual{words.Section, words.Sentence, words.Word, words.Change, words.Cliff} {
		for id, w := range m {
			if w.En == "" || w.Zh == "" {
				t.Errorf("%s lacks a language", id)
			}
			if d := cmp.Diff(names(w.En), names(w.Zh)); d != "" {
				t.Errorf("%s: %s", id, d)
			}
		}
	}
}

func TestDifferenceInSentences(t *testing.T) {
	a := Default()
	b, err := Parse("b.yaml", []byte(`name: default
pay:
  tier: [{from_amount: 0, to_amount: 250000, rate: 0.02}, {from_amount: 250000, rate: 0.025}]
  is_carried_forward: false
rule:
  - {id: target_bonus, title: {en: Target well passed, zh-CN: 超额完成奖}, indicator: target_attainment, comparison: ">=", value: 1.2, effect: bonus, amount: 800}
scorecard:
  - id: pay
    title: {en: Pay score, zh-CN: 薪酬得分}
    of: [{indicator: new_customers, weight: 1, curve: {0: 0, 3: 60, 5: 100}}]
difficulty: {channel: none}
`), known)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range Diff(a, b, known) {
		got = append(got, c.Section.En+": "+c.Text("en"))
	}
	want := []string{
		"Score: Pay score: New: 100 % of the score is New customers: 0 gives 0 points, 3 gives 60, 5 gives 100.",
		"Score: Pay score: No longer: 40 % of the score is Business process.",
		"Score: Pay score: No longer: 30 % of the score is Customers.",
		"Score: Pay score: No longer: 30 % of the score is Professional quality.",
		"Score: Pay score: No longer: Innovation add points on top, at most 10: 0 gives 0 points, 10 gives 10.",
		"Pay: Changed: Tier 1: the part of the amount from 0 to 250,000 (before: 300,000) earns 2 %.",
		"Pay: Instead of “Tier 2: the part of the amount from 300,000 to 600,000 earns 2.5 %” now: Tier 2: the part of the amount above 250,000 earns 2.5 %.",
		"Pay: Instead of “A negative result pays 0 and is taken from later months” now: A negative result pays 0 and is forgotten.",
		"Pay: No longer: Tier 3: the part of the amount above 600,000 earns 3 %.",
		"Rewards and penalties: Changed: Target well passed: Attainment of at least 120 % pays 800 (before: 500).",
		"Rewards and penalties: No longer: Outstanding month: Pay score of at least 90 brings a certificate.",
		"Rewards and penalties: No longer: Candidate for promotion: Pay score of at least 88 for 6 months in a row makes a candidate for promotion.",
		"Rewards and penalties: No longer: Coaching plan: Pay score below 70 for 2 months in a row starts a coaching plan.",
		"Rewards and penalties: No longer: Reduced commission: Attainment below 60 % for 3 months in a row multiplies commission by 0.9.",
		"Market difficulty: Instead of “Difficulty enters scores as adjusted attainment, kept between 0 % and 200 %” now: Difficulty is shown but enters no score.",
		"Score: Evaluation: No longer: Evaluation: the standard is 80 of 100 points.",
		"Score: Monthly score: No longer: Monthly score: the standard is 80 of 100 points.",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if same := Diff(a, Default(), known); len(same) != 0 {
		t.Errorf("a plan differs from itself: %v", same)
	}
}
