package analytics

import (
	"math"
	"strings"
	"testing"

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
