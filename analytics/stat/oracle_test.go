package stat_test

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"levelfield/analytics/stat"
)

// near checks a figure to the digits its source prints.
func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s = %.10g, want %.10g (within %g)", what, got, want, tolerance)
	}
}

// printed checks a figure against the digits of its source: it may lie half a
// unit of the last one away.
func printed(t *testing.T, what string, got float64, want string) {
	t.Helper()
	_, decimals, _ := strings.Cut(want, ".")
	near(t, what, got, number(t, want), .5*math.Pow(10, -float64(len(decimals)))*(1+1e-9))
}

// PHEindicatormethods, tests/testthat/testdata_Byars_Wilson.xlsx.
func TestByarAndWilsonLimitsAreThoseOfPHEindicatormethods(t *testing.T) {
	for _, c := range []struct {
		o, level  float64
		low, high string
	}{
		{65, .95, "50.1631877105", "82.8491385459"},
		{65, .998, "42.8802614715", "94.0002908443"},
		{1045, .95, "982.5932018", "1110.3312130"},
		{1, .95, ".0130721329", "5.5637555825"},
		{10, .998, "2.9163183747", "24.1937249279"},
	} {
		in := stat.Byar(c.o, c.level)
		printed(t, "Byar low", in.Low, c.low)
		printed(t, "Byar high", in.High, c.high)
	}
	for _, c := range []struct {
		o, n, level float64
		low, high   string
	}{
		{65, 100, .95, ".5525444330", ".7363575176"},
		{1045, 5000, .95, ".1979554988", ".2204913037"},
		{65, 100, .998, ".4954946574", ".7783540614"},
	} {
		in := stat.Wilson(c.o, c.n, c.level)
		printed(t, "Wilson low", in.Low, c.low)
		printed(t, "Wilson high", in.High, c.high)
	}
}

// ageBands are people of an area, then cases and people of the reference, in 19
// bands of age. PHEindicatormethods, tests/testthat/testdata_DSR_ISR.xlsx.
var ageBands = [][3]float64{
	{636, 10303, 50520}, {558, 2824, 57173}, {609, 0, 60213}, {543, 3615, 54659}, {384, 3641, 44345}, {594, 3490, 50128}, {669, 3789, 62163},
	{843, 3213, 67423}, {660, 3031, 62899}, {576, 2771, 55463}, {606, 3089, 60479}, {522, 3490, 49974}, {426, 3595, 44140}, {273, 4745, 40888},
	{300, 5514, 37239}, {288, 7125, 30819}, {153, 5694, 18136}, {123, 6210, 15325}, {207, 5757, 13918},
}

// The same workbook: indirectly standardised ratios of three areas.
func TestStandardRatioUsesExactPoissonBelowTenEventsAndByarAbove(t *testing.T) {
	e := 0.0
	for _, band := range ageBands {
		e += band[0] * band[1] / band[2]
	}
	printed(t, "expected", e, "835.8835612312")
	for _, c := range []struct {
		o                float64
		ratio, low, high string
	}{
		{895, "1.0707232939", "1.0017147713", "1.1432332872"},
		{91, ".1088668377", ".0876504010", ".1336657633"},
		{9, ".0107670499", ".0049233808", ".0204392146"},
	} {
		ratio, in := stat.StandardRatio(c.o, e, .95)
		printed(t, "O/E", ratio, c.ratio)
		printed(t, "low", in.Low, c.low)
		printed(t, "high", in.High, c.high)
	}
}

// PHEindicatormethods, testdata_funnel_ratio_outputs.csv (their values come
// from a bisection: relative 5e-6).
func TestTheFunnelInvertsTheExactPoissonTest(t *testing.T) {
	for _, c := range []struct{ o, upper, lowerRatio float64 }{
		{1, 5.57164, 17.9480}, {2, 7.22469, 27.6829}, {3, 8.76727, 34.2182},
	} {
		in := stat.FunnelExpected(c.o, .95)
		near(t, "expected, upper", in.High, c.upper, 5e-6*c.upper)
		near(t, "100 O/E at the lower limit", 100*c.o/in.High, c.lowerRatio, 5e-6*c.lowerRatio)
		near(t, "lower limit there", 100*stat.FunnelLimits(in.High, .95).Low, c.lowerRatio, 5e-6*c.lowerRatio)
		near(t, "upper limit at the other end", in.Low*stat.FunnelLimits(in.Low, .95).High, c.o, 1e-9)
	}
	if in := stat.FunnelLimits(3, .95); in.Low != 0 {
		t.Errorf("of 3 expected none may well be observed, yet the lower limit is %g", in.Low)
	}
}

// flagged is the flag of a count in PHEindicatormethods' words: by the limits
// of the ratio, by those of the expected count and by the p-value, which agree.
func flagged(t *testing.T, o, e float64) string {
	t.Helper()
	by := func(outside func(level float64) (high, low bool)) string {
		for _, zone := range []struct {
			level float64
			name  string
		}{{.998, "(0.001)"}, {.95, "(0.025)"}} {
			switch high, low := outside(zone.level); {
			case high:
				return "High " + zone.name
			case low:
				return "Low " + zone.name
			}
		}
		return "Not significant"
	}
	flag := by(func(level float64) (bool, bool) {
		in := stat.FunnelLimits(e, level)
		return o/e > in.High, o/e < in.Low
	})
	if other := by(func(level float64) (bool, bool) {
		in := stat.FunnelExpected(o, level)
		return e < in.Low, e > in.High
	}); other != flag {
		t.Errorf("O=%v E=%v: %s by expected counts, %s by ratios", o, e, other, flag)
	}
	if other := by(func(level float64) (bool, bool) {
		outside := stat.ExactPoissonP(o, e) < 1-level
		return outside && o > e, outside && o < e
	}); other != flag {
		t.Errorf("O=%v E=%v: %s by p-values, %s by ratios", o, e, other, flag)
	}
	return flag
}

// PHEindicatormethods, testdata_funnel_ratio_inputs.csv: five rows, and six
// that lie near a limit.
func TestFunnelFlagsAreThoseOfPHEindicatormethods(t *testing.T) {
	for _, c := range []struct {
		o, e float64
		want string
	}{
		{8, 6.239860, "Not significant"},
		{151, 106.4430, "High (0.001)"},
		{159, 232.9329, "Low (0.001)"},
		{150, 119.5695, "High (0.025)"},
		{101, 126.2974, "Low (0.025)"},
		{141, 106.7212, "High (0.001)"},
		{154, 194.8381, "Low (0.025)"},
		{164, 138.9831, "High (0.025)"},
		{72, 90.53187, "Not significant"},
		{35, 56.15274, "Low (0.025)"},
		{46, 61.18649, "Not significant"},
	} {
		if got := flagged(t, c.o, c.e); got != c.want {
			t.Errorf("O=%v E=%v: %s, want %s", c.o, c.e, got, c.want)
		}
	}
	t.Run("every row of the file", func(t *testing.T) {
		n := 0
		for _, row := range oracle(t, "phe_testdata_funnel_ratio_inputs.csv") {
			o, e := number(t, row[0]), number(t, row[1])
			if o >= 200 {
				continue // there the source changes to an approximation
			}
			n++
			if got := flagged(t, o, e); got != row[2] {
				t.Errorf("O=%v E=%v: %s, want %s", o, e, got, row[2])
			}
		}
		if n != 256 {
			t.Errorf("compared %d rows, want 256", n)
		}
	})
}

// FunnelPlotR, tests/testthat/test-funnel_plot.R gives the inputs.
func TestOverDispersionWidensTheFunnel(t *testing.T) {
	o := []float64{100, 150, 180, 80, 120, 225}
	e := []float64{108, 112, 165, 95, 100, 220}
	d := stat.SqrtDispersion(o, e, .1)
	printed(t, "sqrt phi", d.Phi, "2.32717826")
	printed(t, "sqrt tau2", d.Tau2, ".00343978")
	l := stat.LogDispersion(o, e)
	if l.N != 6 {
		t.Errorf("log scale keeps %d units, want 6", l.N)
	}
	printed(t, "log phi", l.Phi, "2.94803318")
	printed(t, "log tau2", l.Tau2, ".01947753")
	in := l.Limits(100, .95)
	printed(t, "low at 100", in.Low, ".714261")
	printed(t, "high at 100", in.High, "1.400048")
}

// metafor, tests/testthat/test_misc_metan_vs_rma.uni_with_dat.bcg.r: 13 BCG
// trials, log relative risk.
func TestDerSimonianLairdPoolsTheBCGTrials(t *testing.T) {
	trials := [][4]float64{ // cases and non-cases, treated and control
		{4, 119, 11, 128}, {6, 300, 29, 274}, {3, 228, 11, 209}, {62, 13536, 248, 12619},
		{33, 5036, 47, 5761}, {180, 1361, 372, 1079}, {8, 2537, 10, 619}, {505, 87886, 499, 87892},
		{29, 7470, 45, 7232}, {17, 1699, 65, 1600}, {186, 50448, 141, 27197}, {5, 2493, 3, 2338}, {27, 16886, 29, 17825},
	}
	var y, v []float64
	for _, c := range trials {
		n1, n2 := c[0]+c[1], c[2]+c[3]
		y = append(y, math.Log(c[0]/n1/(c[2]/n2)))
		v = append(v, 1/c[0]-1/n1+1/c[2]-1/n2)
	}
	p := stat.DerSimonianLaird(y, v)
	near(t, "fixed", p.Fixed, -.4303, 5e-5)
	near(t, "Q", p.Q, 152.2330, 5e-5)
	near(t, "tau2", p.Tau2, .3088, 5e-5)
	near(t, "random", p.Mean, -.7141, 5e-5)
	near(t, "low", p.CI.Low, -1.0644, 5e-5)
	near(t, "high", p.CI.High, -.3638, 5e-5)
	near(t, "I2", p.I2, 92.1173, 5e-5)
}

// Efron & Morris 1977: hits of 18 players in their first 45 at-bats.
func TestJamesSteinShrinksBattingAverages(t *testing.T) {
	hits := []float64{18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7}
	y := make([]float64, len(hits))
	var m float64
	for i, h := range hits {
		y[i] = h / 45
		m += y[i] / float64(len(hits))
	}
	near(t, "mean", m, .2654321, 5e-8)
	shrunk, c := stat.JamesStein(y, m*(1-m)/45)
	near(t, "c", c, .2116534, 5e-8)
	near(t, ".400 becomes", shrunk[0], .2939139, 5e-8)
}

// Davies & Goldsmith's Dyestuff yields; lme4 book, chapter 1.
func TestOneWayComponentsOfDyestuff(t *testing.T) {
	fit := stat.FitOneWay([][]float64{
		{1545, 1440, 1440, 1520, 1580}, {1540, 1555, 1490, 1560, 1495}, {1595, 1550, 1605, 1510, 1560},
		{1445, 1440, 1595, 1465, 1545}, {1595, 1630, 1515, 1635, 1625}, {1520, 1455, 1450, 1480, 1445},
	})
	near(t, "mean", fit.Mean, 1527.5, 1e-9)
	near(t, "between", fit.Group, 1764.05, 5e-3)
	near(t, "within", fit.Resid, 2451.25, 5e-3)
	near(t, "shrinkage", fit.Shrink, .782527, 5e-7)
	for i, want := range []float64{-17.6069, .3913, 28.5622, -23.0845, 56.7332, -44.9953} {
		near(t, "effect", fit.GroupEffect[i], want, 5e-5)
	}
}

// Shrout & Fleiss 1979, table 2 and 4.
func TestAgreementOfFourJudges(t *testing.T) {
	a := stat.Agree([][]float64{{9, 2, 5, 8}, {6, 1, 3, 2}, {8, 4, 6, 8}, {7, 1, 2, 6}, {10, 5, 6, 9}, {6, 2, 4, 7}})
	for _, c := range []struct {
		what              string
		got, want, within float64
	}{
		{"BMS", a.Between, 11.24, .005}, {"WMS", a.Within, 6.26, .005}, {"JMS", a.Raters, 32.49, .005}, {"EMS", a.Error, 1.02, .005},
		{"ICC(1,1)", a.ICC11, .165742, 5e-7}, {"ICC(2,1)", a.ICC21, .289764, 5e-7}, {"ICC(3,1)", a.ICC31, .714841, 5e-7},
		{"ICC(1,k)", a.ICC1k, .44, .005}, {"ICC(2,k)", a.ICC2k, .62, .005}, {"ICC(3,k)", a.ICC3k, .91, .005},
		{"severity 1", a.Severity[0], -2.375, 5e-4}, {"severity 2", a.Severity[1], 2.7917, 5e-5},
		{"severity 3", a.Severity[2], .9583, 5e-5}, {"severity 4", a.Severity[3], -1.375, 5e-4},
	} {
		near(t, c.what, c.got, c.want, c.within)
	}
}

// R package ineq, tests/Examples/ineq-Ex.Rout.save.
func TestInequalityMeasuresAreThoseOfIneq(t *testing.T) {
	x := []float64{541, 1463, 2445, 3438, 4437, 5401, 6392, 8304, 11904, 22261}
	near(t, "Gini", stat.Gini(x, false), .4620911, 5e-8)
	near(t, "Atkinson", stat.Atkinson(x, .5), .1796591, 5e-8)
	near(t, "Herfindahl", stat.Herfindahl(x), .1840812, 5e-8)
	near(t, "Rosenbluth", stat.Rosenbluth(x), .1859051, 5e-8)
	nine := []float64{50. / 9, 50. / 9, 50. / 9, 50. / 9, 50. / 9, 50. / 9, 50. / 9, 50. / 9, 50. / 9, 50}
	near(t, "corrected Gini", stat.Gini(nine, true), .4444444, 5e-8)
	near(t, "corrected Gini", stat.Gini([]float64{2, 2, 2, 2, 2, 18, 18, 18, 18, 18}, true), .4444444, 5e-8)
	between, within := stat.TheilSplit([][]float64{x[:3], x[3:6], x[6:]})
	printed(t, "between", between, ".2634471405")
	printed(t, "within", within, ".0988941019")
	printed(t, "total", stat.Theil(x), ".3623412423")
}

// AIF360, tests/test_classification_metric.py.
func TestGeneralizedEntropyIsThatOfAIF360(t *testing.T) {
	b := []float64{1, 1, 1, 0, 2, 2, 1, 1, 1, 0}
	printed(t, "Theil", stat.Theil(b), ".2772588722")
	near(t, "GE(2)", stat.GeneralizedEntropy(b, 2), .2, 1e-12)
}

// EEOC Questions and Answers 1979, 44 FR 11996, on the Uniform Guidelines.
func TestFourFifthsRatios(t *testing.T) {
	r := stat.ImpactRatios([]float64{60, 45, 48, 51}, []float64{100, 100, 100, 100})
	for i, want := range []float64{1, .75, .8, .85} {
		near(t, "ratio", r[i], want, 0)
	}
}

// A ratio of two rounded rates would fall below for 12 of 20 against 3 of 4.
func TestFourFifthsIsNotBelowFourFifths(t *testing.T) {
	for n := 1.; n <= 60; n++ {
		for k := 1.; k <= n; k++ {
			if r := stat.ImpactRatios([]float64{k, 4 * k}, []float64{n, 5 * n}); r[1] != .8 {
				t.Errorf("%v of %v against %v of %v: %.17g", 4*k, 5*n, k, n, r[1])
			}
		}
	}
}

// Penn State STAT 504 (lady tasting tea; Berkeley admissions in SAS).
func TestFisherExactIsThatOfPublishedTables(t *testing.T) {
	tea := stat.FisherExact(3, 1, 1, 3)
	near(t, "two-sided", tea.TwoSided, .4857, 5e-5)
	near(t, "greater", tea.Greater, .2429, 5e-5)
	near(t, "Berkeley B", stat.FisherExact(207, 353, 8, 17).TwoSided, .6771, 5e-5)
}

// The same SAS page for X2 and G; biostathandbook.com for the goodness of fit.
func TestIndependenceAndFit(t *testing.T) {
	a := stat.TestIndependence([][]float64{{313, 512}, {19, 89}})
	near(t, "X2", a.X2, 17.2480, 5e-5)
	near(t, "G", a.G, 19.0540, 5e-5)
	g := stat.TestFit([]float64{1752, 1895}, []float64{1, 1})
	near(t, "G", g.G, 5.608512, 5e-7)
	near(t, "p", g.PG, .017873, 5e-7)
}

// admissions are admitted and rejected men, then women, in departments A to F.
var admissions = [][4]float64{
	{512, 313, 89, 19}, {353, 207, 17, 8}, {120, 205, 202, 391}, {138, 279, 131, 244}, {53, 138, 94, 299}, {22, 351, 24, 317},
}

// R help page of mantelhaen.test on UCBAdmissions.
func TestMantelHaenszelOnBerkeleyAdmissions(t *testing.T) {
	s := stat.MantelHaenszel(admissions)
	near(t, "odds ratio", s.OddsRatio, .9046968, 5e-8)
	near(t, "X2", s.X2, 1.4269, 5e-5)
	near(t, "p", s.P, .2323, 5e-5)
	near(t, "Woolf", s.Woolf, .0034272, 5e-8)
}

func TestKitagawaSplitsTheBerkeleyGapIntoMixAndRate(t *testing.T) {
	var men, women, nm, nw float64
	for _, d := range admissions {
		nm, nw = nm+d[0]+d[1], nw+d[2]+d[3]
		men, women = men+d[0], women+d[2]
	}
	var sa, ra, sb, rb []float64
	for _, d := range admissions {
		sa, ra = append(sa, (d[0]+d[1])/nm), append(ra, d[0]/(d[0]+d[1]))
		sb, rb = append(sb, (d[2]+d[3])/nw), append(rb, d[2]/(d[2]+d[3]))
	}
	mix, rate := stat.Kitagawa(sa, ra, sb, rb)
	near(t, "men", men/nm, .445188, 5e-7)
	near(t, "women", women/nw, .303542, 5e-7)
	near(t, "mix", mix, .177674, 5e-7)
	near(t, "rate", rate, -.036028, 5e-7)
	near(t, "gap", mix+rate, .141645, 5e-7)
}

// DasGuptR, README.md.
func TestDasGuptaEffectsOfTwoFactors(t *testing.T) {
	e := stat.DasGupta([]float64{16591, .825974}, []float64{10930, .717892})
	printed(t, "first factor", e[0], "4369.913")
	printed(t, "second factor", e[1], "1487.262")
}

func TestDasGuptaEffectsAddUpToTheDifference(t *testing.T) {
	a, b := []float64{120, .31, 8400, .91}, []float64{95, .36, 7700, .84}
	var sum float64
	for _, e := range stat.DasGupta(a, b) {
		sum += e
	}
	near(t, "sum", sum, a[0]*a[1]*a[2]*a[3]-b[0]*b[1]*b[2]*b[3], 1e-6)
}

// longley are employment, the deflator, product, unemployed, armed forces,
// population and year. NIST StRD, Longley 1967.
var longley = [][]float64{
	{60323, 83, 234289, 2356, 1590, 107608, 1947},
	{61122, 88.5, 259426, 2325, 1456, 108632, 1948},
	{60171, 88.2, 258054, 3682, 1616, 109773, 1949},
	{61187, 89.5, 284599, 3351, 1650, 110929, 1950},
	{63221, 96.2, 328975, 2099, 3099, 112075, 1951},
	{63639, 98.1, 346999, 1932, 3594, 113270, 1952},
	{64989, 99, 365385, 1870, 3547, 115094, 1953},
	{63761, 100, 363112, 3578, 3350, 116219, 1954},
	{66019, 101.2, 397469, 2904, 3048, 117388, 1955},
	{67857, 104.6, 419180, 2822, 2857, 118734, 1956},
	{68169, 108.4, 442769, 2936, 2798, 120445, 1957},
	{66513, 110.8, 444546, 4681, 2637, 121950, 1958},
	{68655, 112.6, 482704, 3813, 2552, 123366, 1959},
	{69564, 114.2, 502601, 3931, 2514, 125368, 1960},
	{69331, 115.7, 518173, 4806, 2572, 127852, 1961},
	{70551, 116.9, 554894, 4007, 2827, 130081, 1962},
}

// The certified values of NIST StRD, as in statsmodels,
// regression/tests/results/results_regression.py.
func TestOLSKeepsLongleysDigits(t *testing.T) {
	var x [][]float64
	var y []float64
	for _, row := range longley {
		x, y = append(x, append([]float64{1}, row[1:]...)), append(y, row[0])
	}
	fit, err := stat.OLS(x, y)
	if err != nil {
		t.Fatal(err)
	}
	for j, want := range []string{"-3482258.63459582", "15.0618722713733", "-.035819179292591", "-2.02022980381683", "-1.03322686717359", "-.0511041056535807", "1829.15146461355"} {
		printed(t, "coefficient", fit.Coef[j], want)
	}
}

func TestKendallTauBCountsTies(t *testing.T) {
	// R: cor(c(1,2,2,3,4), c(1,3,2,2,5), method = "kendall")
	near(t, "tau-b", stat.KendallTauB([]float64{1, 2, 2, 3, 4}, []float64{1, 3, 2, 2, 5}), 7./9-1./9, 1e-12)
}

func TestBenjaminiHochbergNeverFallsBelowTheNextLargerP(t *testing.T) {
	q := stat.BenjaminiHochberg([]float64{.01, .04, .03, .005})
	for i, want := range []float64{.02, .04, .04, .02} {
		near(t, "q", q[i], want, 1e-12)
	}
}

// oracle reads a longer published input; it lies beside the project, and the
// test is skipped by name where it is absent.
func oracle(t *testing.T, name string) [][]string {
	t.Helper()
	path := filepath.Join("..", "..", "..", "shared", "oracles", name)
	text, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		t.Skipf("%s is not here: this comparison with a published file is left out", path)
	}
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(text), "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

func number(t *testing.T, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
