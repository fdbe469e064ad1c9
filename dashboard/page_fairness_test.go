package dashboard_test

import (
	"net/http"
	"strings"
	"testing"

	"levelfield/analytics"
	"levelfield/dashboard"
	"levelfield/dashboard/dashtest"
	"levelfield/dashboard/i18n"
)

func TestTheReviewReadsFromVerdictToEvidence(t *testing.T) {
	s := server(t)
	for lang, want := range map[string][]string{
		"en": {"2 questions deserve a look.", "A flag means look: it asks a question and accuses nobody.", "Rule crossed", "Nothing found",
			"西北 is −6.3 from what results, market and tenure explain", "1 of 16 raters is on another scale; MR7T1 gives 5.6 points more than others give the same people",
			"Not explained is neither skill nor discrimination", "2 groups are withheld: under five people, or given away by subtraction.", "With 6 people (西北) a gap in score under this cannot be seen"},
		"zh-CN": {"2个问题需要查看", "标记只表示需要查看：它提出问题，不指责任何人", "未解释部分既不是能力，也不是歧视", "2个分组不显示"},
	} {
		w := get(t, s, "/fairness", "Accept-Language", lang)
		body := w.Body.String()
		if w.Code != http.StatusOK {
			t.Fatalf("status %d", w.Code)
		}
		for _, text := range want {
			if !strings.Contains(body, text) {
				t.Errorf("%s: the page does not say %q", lang, text)
			}
		}
		if strings.Index(body, `id="verdicts"`) > strings.Index(body, `id="f1"`) {
			t.Error("the evidence stands before the verdicts")
		}
		for _, card := range []string{"f1", "f2", "f3", "f4", "f5", "f8", "f9", "f10", "f11", "f12", "f13", "f14", "f15"} {
			if !strings.Contains(body, `id="`+card+`"`) {
				t.Errorf("no card %s", card)
			}
		}
	}
}

// A company that exports deals only has one territory a person, no scores, no
// ratings and no targets.
func TestTheReviewSaysWhatDealsAloneCannotTell(t *testing.T) {
	body := get(t, server(t, dashtest.OnlyDeals), "/fairness", "Accept-Language", "en").Body.String()
	for _, text := range []string{"None of the 13 questions can be answered from these data.", "Skill and market cannot be told apart here", "nearly everybody has a market of his own", "No scorecard gave people a score.",
		"there are no ratings", "Fewer than ten people have a target of their own.", "Cannot tell: Do targets price the market?"} {
		if !strings.Contains(body, text) {
			t.Errorf("the page does not say %q", text)
		}
	}
	if strings.Contains(body, "data-chart") {
		t.Error("a chart is drawn from nothing")
	}
}

// Groups stay hidden by subtraction only where nobody sees a part beside the
// total: a reader of one region gets no review.
func TestTheReviewIsForReadersOfTheWholeCompany(t *testing.T) {
	for _, name := range []string{"manager", "rep"} {
		w := get(t, serverAs(t, name, dashboard.Config{Runs: dashtest.Runs(t)}), "/fairness", "Accept-Language", "en")
		if strings.Contains(w.Body.String(), "severity") || strings.Contains(w.Body.String(), `id="f12"`) {
			t.Errorf("%s sees the review", name)
		}
	}
}

func TestEvidenceIsExported(t *testing.T) {
	s := server(t)
	for _, card := range []string{"verdicts", "f1", "f5", "f11", "f12", "f14", "rules"} {
		w := get(t, s, "/fairness?card="+card+"&as=csv", "Accept-Language", "en")
		if w.Code != http.StatusOK || strings.Count(w.Body.String(), "\n") < 2 {
			t.Errorf("%s: status %d, %d lines", card, w.Code, strings.Count(w.Body.String(), "\n"))
		}
	}
}

// The overview says in one sentence what the review found, to readers of the
// whole company.
func TestTheOverviewSaysWhatTheReviewFound(t *testing.T) {
	body := get(t, server(t), "/", "Accept-Language", "en").Body.String()
	for _, text := range []string{`id="review"`, "2 questions deserve a look.", "All questions and their evidence"} {
		if !strings.Contains(body, text) {
			t.Errorf("the overview does not say %q", text)
		}
	}
	if region := get(t, server(t), "/?region=R1", "Accept-Language", "en").Body.String(); strings.Contains(region, `id="review"`) {
		t.Error("a region shows the company's review")
	}
	if own := get(t, serverAs(t, "manager", dashboard.Config{Runs: dashtest.Runs(t)}), "/", "Accept-Language", "en").Body.String(); strings.Contains(own, `id="review"`) {
		t.Error("a manager sees the review")
	}
}

func TestTheSummaryIsThatOfThePage(t *testing.T) {
	runs := dashtest.Runs(t)
	run, release, err := runs.Acquire()
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	finding, lines, err := dashboard.ReviewSummary(t.Context(), run, analytics.All(), i18n.En)
	if err != nil || len(lines) != 13 || !strings.Contains(finding, "2 questions deserve a look.") {
		t.Fatalf("%v, %d lines: %s", err, len(lines), finding)
	}
	if l := lines[8]; l.Item != "F11" || l.Flag != "look" || l.Result != "−6.3" {
		t.Errorf("%+v", l)
	}
	if _, lines, err = dashboard.ReviewSummary(t.Context(), run, analytics.Regions("R1"), i18n.En); err != nil || lines != nil {
		t.Errorf("a reader of one region got %v, %v", lines, err)
	}
}

// TestSpecialCasesByGroup: appeals and overrides stand by region, a group that
// may not be shown without any count.
func TestSpecialCasesByGroup(t *testing.T) {
	h := newHouse(t)
	csv := get(t, h.as["auditor"], "/fairness?card=exceptions&as=csv", "Accept-Language", "en").Body.String()
	lines := strings.Split(strings.TrimSpace(csv), "\n")
	withheld := 0
	for _, line := range lines[1:] {
		switch {
		case strings.Contains(line, ": withheld,,,,,,,2026-10,"):
			withheld++
		case !strings.Contains(line, ",4,1,0.5,3,"):
			t.Errorf("line %q", line)
		}
	}
	if len(lines) < 4 || withheld != 1 {
		t.Errorf("%d lines, %d withheld:\n%s", len(lines), withheld, csv)
	}
	if body := get(t, h.as["auditor"], "/fairness", "Accept-Language", "en").Body.String(); !strings.Contains(body, "numbers set by hand in 12 months") {
		t.Error("the page does not show the card")
	}
}

// TestALookAtProtectedGroupsIsLogged: also of a table whose page was made
// before.
func TestALookAtProtectedGroupsIsLogged(t *testing.T) {
	byGender := dashtest.Change(`insert into fairness.special_case by name select 'gender' as group_kind, g as group_id, true as is_shown, 20 as n_people from (values ('f'), ('m')) as g (g)`)
	for _, c := range []struct {
		changes []dashtest.Change
		paths   []string
		want    int
	}{
		{[]dashtest.Change{byGender}, []string{"/fairness", "/fairness?card=exceptions&as=csv"}, 2},
		{nil, []string{"/fairness"}, 0},
	} {
		kept := dashtest.Store(t)
		s := serverAs(t, "admin", dashboard.Config{Runs: dashtest.Runs(t, c.changes...), Store: kept})
		for _, path := range c.paths {
			get(t, s, path, "Accept-Language", "en")
		}
		rows, err := kept.AuditOf(t.Context(), "admin", "read_groups", zero, zero, 10)
		if err != nil || len(rows) != c.want {
			t.Fatalf("%d looks are logged, want %d: %v %v", len(rows), c.want, rows, err)
		}
		for _, row := range rows {
			if row.Object != "groups by gender" {
				t.Errorf("%+v", row)
			}
		}
	}
}
