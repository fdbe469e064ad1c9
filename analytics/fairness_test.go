package analytics

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"levelfield/analytics/stat"
)

// cards are a month's expenditure by credit card, age and income in ten
// thousands of people who own their home and of those who rent: the data set
// ccard of statsmodels, after Greene, Econometric Analysis.
var cards = [2][][3]float64{
	{
		{124.98, 38, 4.52}, {15, 34, 4.5}, {546.5, 32, 9.79}, {150.79, 29, 2.37}, {777.82, 37, 3.8}, {256.66, 31, 3.95}, {78.87, 29, 2.45}, {42.62, 35, 1.91}, {335.43, 41, 3.2},
		{248.72, 40, 4}, {548.03, 40, 10}, {43.34, 35, 2.35}, {218.52, 34, 2}, {37.58, 43, 5.14}, {1532.77, 40, 5.5}, {552.72, 21, 2.47}, {541.3, 43, 3.54}, {568.77, 37, 5.7},
		{405.35, 28, 4.6}, {310.94, 26, 3}, {644.83, 28, 7}, {308.05, 31, 2.46}, {65.25, 55, 2.64}, {235.57, 41, 7.24}, {474.15, 33, 6}, {451.2, 26, 5}, {251.52, 46, 5.5},
	}, {
		{9.85, 33, 2.42}, {137.87, 31, 2.54}, {92, 23, 2.5}, {40.83, 28, 3.96}, {52.58, 28, 3.2}, {170.64, 36, 4}, {502.2, 30, 4.51}, {73.18, 22, 1.5}, {42.69, 22, 2.03},
		{417.83, 29, 3.2}, {222.54, 24, 3}, {344.47, 27, 3.5}, {53.65, 23, 2.59}, {63.92, 30, 1.51}, {165.85, 30, 1.85}, {9.58, 38, 2.6}, {319.49, 36, 2}, {83.08, 26, 2.35},
		{93.2, 24, 2}, {105.04, 21, 1.7}, {34.13, 24, 2.8}, {41.19, 26, 2.4}, {169.89, 33, 3}, {1898.03, 34, 4.8}, {810.39, 33, 3.18}, {32.78, 21, 1.5}, {95.8, 25, 3},
		{27.78, 27, 2.28}, {215.07, 26, 2.8}, {79.51, 22, 2.7}, {306.03, 41, 6}, {104.54, 42, 3.9}, {642.47, 25, 3.07}, {186.35, 27, 2}, {56.15, 33, 3.25}, {129.37, 37, 2.72},
		{93.11, 27, 2.2}, {292.66, 24, 3.75}, {98.46, 25, 2.88}, {258.55, 36, 3.05}, {101.68, 33, 2.55}, {108.61, 20, 1.65}, {49.56, 29, 2.4}, {68.38, 43, 2.4},
		{234.05, 25, 3.6},
	},
}

// statsmodels, stats/tests/test_oaxaca.py, by Stata: expenditure of owners and
// others by age, income and income squared.
func TestGapsAreSplitAsStataSplitsThem(t *testing.T) {
	var people []reviewed
	var x [2][][]float64
	var y [2][]float64
	owners := groupOf{people: map[string]bool{}}
	for side, list := range cards {
		for i, c := range list {
			p := reviewed{rep: string(rune('a'+side)) + string(rune('a'+i)), score: c[0], tenure: c[1], sold: c[2], expected: c[2] * c[2]}
			people = append(people, p)
			owners.people[p.rep] = side == 0
			x[side], y[side] = append(x[side], []float64{c[1], c[2], c[2] * c[2]}), append(y[side], c[0])
		}
	}
	near := func(what string, got, want, within float64) {
		t.Helper()
		if math.Abs(got-want) > within {
			t.Errorf("%s is %.7f, not %v", what, got, want)
		}
	}
	by := drivers{func(p reviewed) float64 { return p.tenure }, func(p reviewed) float64 { return p.sold }, func(p reviewed) float64 { return p.expected }}
	row := gapRow("score", "home", "owned", "rented", people, func(p reviewed) float64 { return p.score }, by, func(p reviewed) (bool, bool) { return owners.people[p.rep], true })
	figure := func(k int) float64 { return row[k].(float64) }
	near("the gap of the review", figure(8), 158.7504, 5e-5)
	near("its explained part", figure(9)+figure(10)+figure(11), 130.8095, 5e-5)
	near("its unexplained part", figure(12), 27.94091, 5e-6)

	g, err := stat.OaxacaBlinder(x[0], y[0], x[1], y[1])
	if err != nil {
		t.Fatal(err)
	}
	near("the gap", g.Total, 158.7504, 5e-5)
	near("endowments", g.Endowments, 321.7482, 5e-5)
	near("coefficients", g.Coefficients, 75.45371, 5e-6)
	near("interaction", g.Interaction, -238.4515, 5e-5)
	near("the explained part", g.Explained, 130.8095, 5e-5)
	near("the unexplained part", g.Unexplained, 27.94091, 5e-6)
}

// EEOC Questions and Answers 1979, 44 FR 11996: of rates of 60, 45, 48 and
// 51 % the second alone is under four fifths of the first; 48 is not.
func TestExactlyFourFifthsIsNoFlag(t *testing.T) {
	v := &review{rules: map[string]float64{"F5.impact_ratio": .8, "F5.shortfall_people": 1}}
	var groups []chosen
	for i, bonus := range []int{60, 45, 48, 51} {
		groups = append(groups, chosen{kind: "channel", group: string(rune('a' + i)), n: 100, bonus: bonus, rest: 300, bonusRest: 204 - bonus})
	}
	v.fourFifths(groups)
	var crossed strings.Builder
	for _, f := range v.findings {
		if f.item == "F5" && f.crossed {
			crossed.WriteString(f.group)
		}
	}
	if crossed.String() != "b" {
		t.Errorf("under four fifths: %q, want b", crossed.String())
	}
}

// PHEindicatormethods, testdata_funnel_ratio_inputs.csv: with few people the
// funnel is that of the exact Poisson test.
func TestTheFunnelOfAFewPeopleIsExact(t *testing.T) {
	var people []reviewed
	want := []string{"", "outer", "outer", "inner", "inner"}
	for _, c := range [][2]float64{{8, 6.239860}, {151, 106.4430}, {159, 232.9329}, {150, 119.5695}, {101, 126.2974}} {
		people = append(people, reviewed{r: math.Log(c[0] / c[1]), v: 1 / c[1]})
	}
	for i, row := range funnelRows(people, 3) {
		if zone, p := row[10], row[9].(float64); zone != want[i] || (p < .05) != (zone != "") || (p < .002) != (zone == "outer") {
			t.Errorf("person %d: zone %q at p = %.4f, want %q", i+1, zone, p, want[i])
		}
	}
}

// grouped makes people and groups from lines like "team t1 abc": everybody is a
// letter, a capital one has no result.
func grouped(people string, lines ...string) (judged []bool, groups []*sizedGroup) {
	for _, p := range people {
		judged = append(judged, p >= 'a')
	}
	for _, line := range lines {
		f := strings.Fields(line)
		g := &sizedGroup{kind: f[0], id: f[1], same: f[2]}
		for _, p := range f[2] {
			g.people = append(g.people, strings.IndexRune(people, p))
		}
		groups = append(groups, g)
	}
	return judged, groups
}

func TestWhatSubtractionWouldGiveAwayIsWithheld(t *testing.T) {
	for _, c := range []struct {
		name, people string
		groups       []string
		want         string // withheld
	}{
		{"two groups under the smallest hide each other", "abcdefgh", []string{"channel a ab", "channel b c", "channel c defgh"}, "a b"},
		{"two groups that are small together need a third", "abcdefghi", []string{"channel a a", "channel b b", "channel c cde", "channel d fghi"}, "a b c"},
		{"people without a group are a group that is not shown", "abcdefghi", []string{"channel a bcd", "channel b efghi"}, "a"},
		{"inside a region the next smallest team hides the small one", "abcdefghijkl", []string{
			"region R1 abcdefghi", "region R2 jkl", "team t1 ab", "team t2 cde", "team t3 fghi", "team t4 jkl"}, "t1 t2"},
		{"a manager less his large team would give his small team away", "abcdefghijklm", []string{
			"team t1 ab", "team t2 cdef", "team t3 ghi", "team t4 jklm", "manager m1 abcdef", "manager m2 ghijklm"}, "t1 t2"},
		{"teams that are withheld, less their region, would give a small region away", "abcdefghijklmnop", []string{
			"region R1 a", "region R2 bcdefgh", "region R3 ijklmnop", "team t1 a", "team t2 bcd", "team t3 efgh", "team t4 ij", "team t5 klmnop"}, "R1 R3 t1 t4 t5"},
		{"two teams less the manager of all but one of their people would give him away", "abcdefghijklmn", []string{
			"team t1 abcde", "team t2 fghi", "team t3 jklmn", "manager m1 bcdefghi", "manager m2 jklmn"}, "t1 t2 m1"},
		{"people without a result do not count", "abCDefghi", []string{"channel a abCD", "channel b efghi"}, "a b"},
		{"nothing is withheld where all are large", "abcdef", []string{"channel a abc", "channel b def"}, ""},
	} {
		judged, groups := grouped(c.people, c.groups...)
		withhold(judged, groups, 3)
		var got []string
		for _, g := range groups {
			if g.isWithheld {
				got = append(got, g.id)
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: withheld %q, want %q", c.name, strings.Join(got, " "), c.want)
		}
	}
}

// randomCompany has regions of teams, and managers of a team or two, whom one
// person in so many lacks.
func randomCompany(seed uint64, lacks int) (people int, groups []*sizedGroup) {
	r := rand.New(rand.NewPCG(seed, 12))
	of := map[[2]string]*sizedGroup{}
	join := func(kind string, id ...any) {
		key := [2]string{kind, fmt.Sprint(id...)}
		if of[key] == nil {
			of[key] = &sizedGroup{kind: kind, id: key[1]}
			groups = append(groups, of[key])
		}
		of[key].people = append(of[key].people, people)
	}
	for region := range 2 + r.IntN(3) {
		teams := 1 + r.IntN(2) // of a manager
		for team := range 1 + r.IntN(4) {
			for range 1 + r.IntN(6) {
				join("region", region)
				join("team", region, "/", team)
				if lacks == 0 || r.IntN(lacks) > 0 {
					join("manager", region, "/", team/teams)
				}
				people++
			}
		}
	}
	for _, g := range groups {
		g.same = fmt.Sprint(g.people)
	}
	return people, groups
}

// recovered returns fewer than smallest people whose sum of any figure follows
// from those of everybody and of the shown groups by adding and subtracting
// multiples, nil where there are none: the indicator of such people is
// orthogonal to all that is orthogonal to the indicators of the groups.
func recovered(people int, groups []*sizedGroup, smallest int) []int {
	known := mat.NewDense(1+len(groups), people, nil)
	for i := range people {
		known.Set(0, i, 1)
	}
	for k, g := range groups {
		for _, i := range g.people {
			if !g.isWithheld {
				known.Set(k+1, i, 1)
			}
		}
	}
	var svd mat.SVD
	svd.Factorize(known, mat.SVDFullV)
	var v mat.Dense
	svd.VTo(&v)
	rank := svd.Rank(1e-9)
	var try func(from int, chosen []int, sum []float64) []int
	try = func(from int, chosen []int, sum []float64) []int {
		if len(chosen) > 0 && floats.Norm(sum, math.Inf(1)) < 1e-9 {
			return chosen
		}
		if len(chosen) == smallest-1 {
			return nil
		}
		for i := from; i < people; i++ {
			next := slices.Clone(sum)
			for k := range next {
				next[k] += v.At(i, rank+k)
			}
			if found := try(i+1, append(slices.Clone(chosen), i), next); found != nil {
				return found
			}
		}
		return nil
	}
	return try(0, nil, make([]float64, people-rank))
}

// What lies inside one another gives nobody away; where one person in ten is
// under no manager, groups lie across each other and one company in a hundred
// may.
func TestNobodyIsFoundBySubtractionInNestedGroups(t *testing.T) {
	for _, c := range []struct{ lacks, allowed int }{{0, 0}, {10, 1}} {
		open, found := 0, 0
		for seed := range uint64(100) {
			people, groups := randomCompany(seed, c.lacks)
			for _, g := range groups {
				g.isWithheld = len(g.people) < 3
			}
			if recovered(people, groups, 3) != nil {
				open++
			}
			withhold(slices.Repeat([]bool{true}, people), groups, 3)
			if recovered(people, groups, 3) != nil {
				found++
			}
		}
		if found > c.allowed {
			t.Errorf("one in %d without a manager: %d companies of 100 give somebody away, %d are allowed", c.lacks, found, c.allowed)
		}
		if open < 25 {
			t.Errorf("one in %d without a manager: only %d companies give somebody away where small groups alone are withheld; the test sees too little", c.lacks, open)
		}
	}
}

// TestNoTableLessAnotherGivesAFewAway makes the tables of the review for
// generated companies and takes away what is shown: of each kind from the
// company, and of the strata of a group from the group.
func TestNoTableLessAnotherGivesAFewAway(t *testing.T) {
	p := shippedProject(t)
	conn := memory(t)
	prepareOnly(t, conn, p, func(relation string) bool { return strings.HasPrefix(relation, "state.") || relation == "plan.setting" })
	run(t, conn, "update plan.setting set review_gender = true")
	withheld := 0
	for seed := range 3 {
		run(t, conn, fmt.Sprintf(`create or replace table fairness.person as
with noise as (select i, list_transform(range(8), lambda k: (hash(i, k, %d) %% 1000) / 1000.0) as u from range(70) as people (i)),
team as (select *, i * 7 // 60 as team from noise)
select printf('p%%02d', i) as rep_id, date '2026-10-01' as month, 'R' || team // 3 as region_id, 'T' || team as team_id, case when u[1] > .05 then 'M' || team // 2 end as manager_id,
    ['new', 'short', 'long'][1 + (u[2] * u[2] * 3)::integer %% 3] as tenure, case when u[3] > .04 then ['shop', 'web', 'fair'][1 + (u[4] * u[4] * u[4] * 3)::integer %% 3] end as channel,
    case when u[5] > .03 then ['easy', 'medium', 'hard'][1 + floor(u[5] * 3)::integer %% 3] end as market, case when u[6] < .1 then 'f' else 'm' end as gender, null::varchar as age,
    ['dry', 'frozen'][1 + (u[7] > .7)::integer] as line, case when u[8] > .04 then u[2] > .5 end as is_bonus, case when u[8] > .04 then u[4] > .5 end as is_bonus_before
from team`, seed))
		for _, name := range []string{"rule", "member", "group_size", "selection", "stratum", "special_case"} {
			run(t, conn, "drop table if exists fairness."+name)
			makeModel(t, conn, p.model("fairness."+name))
		}
		for what, query := range map[string]string{
			"people, less those of the groups of a kind":  "select (select count(*) from fairness.person) - sum(n_people) from fairness.group_size where is_shown group by group_kind",
			"special cases, in groups":                    "select n_people from fairness.special_case where n_people is not null",
			"results, less those of the groups of a kind": "select max(n + n_rest) - sum(n) from fairness.selection group by group_kind",
			"results of a group":                          "select n from fairness.selection",
			"results of all others":                       "select n_rest from fairness.selection",
			"results of a stratum":                        "select n from fairness.stratum where is_shown",
			"results of all others in a stratum":          "select n_rest from fairness.stratum where is_shown",
			"a group less its strata":                     "select any_value(selection.n) - coalesce(sum(stratum.n), 0) from fairness.selection left join fairness.stratum on stratum.group_kind = selection.group_kind and stratum.group_id = selection.group_id and stratum.is_shown group by selection.group_kind, selection.group_id",
			"all others less their strata":                "select any_value(selection.n_rest) - coalesce(sum(stratum.n_rest), 0) from fairness.selection left join fairness.stratum on stratum.group_kind = selection.group_kind and stratum.group_id = selection.group_id and stratum.is_shown group by selection.group_kind, selection.group_id",
		} {
			for _, n := range texts(t, conn, query) {
				if slices.Contains([]string{"1", "2", "3", "4"}, n) {
					t.Errorf("company %d: %s: %s", seed, what, n)
				}
			}
		}
		n, err := strconv.Atoi(texts(t, conn, "select count(*) from fairness.group_size where not is_shown")[0])
		if err != nil {
			t.Fatal(err)
		}
		withheld += n
	}
	if withheld < 10 {
		t.Errorf("%d groups are withheld: the companies are too easy", withheld)
	}
}
