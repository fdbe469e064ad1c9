package stat

import (
	"math"
	"math/rand/v2"
	"sort"

	"gonum.org/v1/gonum/stat/distuv"
)

// ImpactRatios gives the rate chosen / people of each group over the highest
// rate, the adverse impact ratio of the four-fifths rule; below 0.8 (not at it)
// is a flag. One division of whole numbers keeps four fifths at four fifths,
// where a ratio of two rounded rates can fall below. EEOC Uniform Guidelines
// 1978, section 4D. Every group has people; not a number where nobody was
// chosen.
func ImpactRatios(chosen, people []float64) []float64 {
	top := 0
	for i := range chosen {
		if chosen[i]*people[top] > chosen[top]*people[i] {
			top = i
		}
	}
	out := make([]float64, len(chosen))
	for i := range chosen {
		out[i] = chosen[i] * people[top] / (people[i] * chosen[top])
	}
	return out
}

// Fisher holds the p-values of Fisher's exact test of a 2 x 2 table.
type Fisher struct{ TwoSided, Greater, Less, MidP float64 }

// FisherExact tests the table a b / c d given its margins. Two-sided adds all
// tables no more probable than the observed one; MidP counts the observed
// table (and its ties) half. Fisher 1935; Lancaster 1961.
func FisherExact(a, b, c, d int) Fisher {
	r, s, k := a+b, c+d, a+c
	lowest, highest := max(0, k-s), min(r, k)
	logP := func(x int) float64 {
		return logChoose(r, x) + logChoose(s, k-x) - logChoose(r+s, k)
	}
	seen := logP(a)
	var f Fisher
	for x := lowest; x <= highest; x++ {
		lp := logP(x)
		p := math.Exp(lp)
		if lp <= seen+1e-7 {
			f.TwoSided += p
			if math.Abs(lp-seen) <= 1e-7 {
				f.MidP += p / 2
			} else {
				f.MidP += p
			}
		}
		if x >= a {
			f.Greater += p
		}
		if x <= a {
			f.Less += p
		}
	}
	f.TwoSided = math.Min(1, f.TwoSided)
	return f
}

func logChoose(n, k int) float64 {
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(k + 1))
	c, _ := math.Lgamma(float64(n - k + 1))
	return a - b - c
}

// Independence holds Pearson's X2 and the likelihood ratio G of a contingency
// table, their degrees of freedom and p-values.
type Independence struct {
	X2, G, DF, PX2, PG float64
	MinExpected        float64
}

// TestIndependence tests a table of counts[row][column] without correction.
// Sokal & Rohlf 1995.
func TestIndependence(counts [][]float64) Independence {
	rows, cols := make([]float64, len(counts)), make([]float64, len(counts[0]))
	var n float64
	for i, row := range counts {
		for j, x := range row {
			rows[i], cols[j], n = rows[i]+x, cols[j]+x, n+x
		}
	}
	t := Independence{DF: float64((len(rows) - 1) * (len(cols) - 1)), MinExpected: math.Inf(1)}
	for i, row := range counts {
		for j, x := range row {
			e := rows[i] * cols[j] / n
			t.add(x, e)
		}
	}
	return t.finish()
}

// TestFit tests counts against expected shares (summing to any constant).
func TestFit(counts, shares []float64) Independence {
	var n, total float64
	for i := range counts {
		n, total = n+counts[i], total+shares[i]
	}
	t := Independence{DF: float64(len(counts) - 1), MinExpected: math.Inf(1)}
	for i, x := range counts {
		t.add(x, n*shares[i]/total)
	}
	return t.finish()
}

func (t *Independence) add(x, e float64) {
	t.X2 += (x - e) * (x - e) / e
	if x > 0 {
		t.G += 2 * x * math.Log(x/e)
	}
	t.MinExpected = math.Min(t.MinExpected, e)
}

func (t Independence) finish() Independence {
	chi := distuv.ChiSquared{K: t.DF}
	t.PX2, t.PG = chi.Survival(t.X2), chi.Survival(t.G)
	return t
}

// Stratified holds the Cochran-Mantel-Haenszel test over 2 x 2 strata, the
// pooled odds ratio and Woolf's test that the odds ratio is the same in every
// stratum.
type Stratified struct {
	OddsRatio      float64
	Odds           Interval // 95 %, Robins, Breslow & Greenland 1986
	X2, P          float64  // with continuity correction
	WoolfX2, Woolf float64  // statistic and p-value
}

// MantelHaenszel tests strata[k] = {a, b, c, d}. Mantel & Haenszel 1959;
// Woolf 1955, with Haldane's 0.5 added to every cell so that an empty cell does
// not break it. Strata with an empty margin tell nothing and are passed over by
// the test; without any other the p-value is 1 and the odds ratio not a number.
func MantelHaenszel(strata [][4]float64) Stratified {
	var s Stratified
	var num, den, diff, variance float64
	var pr, psqr, qs float64 // terms of the variance of the log odds ratio
	var logs, weights []float64
	for _, t := range strata {
		a, b, c, d := t[0], t[1], t[2], t[3]
		n := a + b + c + d
		if n < 2 {
			continue
		}
		num, den = num+a*d/n, den+b*c/n
		pr += (a + d) / n * a * d / n
		psqr += (a+d)/n*b*c/n + (b+c)/n*a*d/n
		qs += (b + c) / n * b * c / n
		diff += a - (a+b)*(a+c)/n
		variance += (a + b) * (c + d) * (a + c) * (b + d) / (n * n * (n - 1))
		a, b, c, d = a+.5, b+.5, c+.5, d+.5
		logs = append(logs, math.Log(a*d/(b*c)))
		weights = append(weights, 1/(1/a+1/b+1/c+1/d))
	}
	s.OddsRatio = num / den
	half := z(.95) * math.Sqrt(pr/(2*num*num)+psqr/(2*num*den)+qs/(2*den*den))
	s.Odds = Interval{s.OddsRatio * math.Exp(-half), s.OddsRatio * math.Exp(half)}
	s.P = 1
	if variance > 0 {
		correction := math.Min(0.5, math.Abs(diff))
		s.X2 = (math.Abs(diff) - correction) * (math.Abs(diff) - correction) / variance
		s.P = distuv.ChiSquared{K: 1}.Survival(s.X2)
	}
	var w, wy float64
	for i := range logs {
		w, wy = w+weights[i], wy+weights[i]*logs[i]
	}
	for i := range logs {
		s.WoolfX2 += weights[i] * (logs[i] - wy/w) * (logs[i] - wy/w)
	}
	s.Woolf = 1
	if len(logs) > 1 {
		s.Woolf = distuv.ChiSquared{K: float64(len(logs) - 1)}.Survival(s.WoolfX2)
	}
	return s
}

// BenjaminiHochberg turns p-values into q-values, in the order given.
// Benjamini & Hochberg 1995.
func BenjaminiHochberg(p []float64) []float64 {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(i, j int) bool { return p[order[i]] > p[order[j]] })
	q := make([]float64, len(p))
	best := 1.0
	for i, at := range order {
		best = math.Min(best, p[at]*float64(len(p))/float64(len(p)-i))
		q[at] = best
	}
	return q
}

// RateRatio is the ratio of two selection rates with its 95 % interval by the
// logarithm; where nobody or everybody was selected 0.5 is added to each count.
// Katz, Baptista, Azen & Pike 1978, Biometrics 34.
func RateRatio(selected, n, selectedRef, nRef float64) (ratio float64, limits Interval) {
	ratio = selected / n / (selectedRef / nRef)
	a, b := selected, selectedRef
	if a == 0 || b == 0 {
		a, b, n, nRef = a+.5, b+.5, n+1, nRef+1
	}
	centre := math.Log(a / n / (b / nRef))
	half := z(.95) * math.Sqrt(math.Max(0, 1/a-1/n+1/b-1/nRef))
	return ratio, Interval{math.Exp(centre - half), math.Exp(centre + half)}
}

// StandardisedRates gives two groups' selection rates as they would be if both
// had the strata of all people together (direct standardisation). strata[k] =
// {selected, others} of the first group, then of the second. A stratum that
// one of the groups has nobody in cannot be compared and is left out; compared
// is the share of all people in the strata kept.
func StandardisedRates(strata [][4]float64) (first, second, compared float64) {
	var n, all float64
	for _, t := range strata {
		n1, n2 := t[0]+t[1], t[2]+t[3]
		all += n1 + n2
		if n1 == 0 || n2 == 0 {
			continue
		}
		n += n1 + n2
		first += (n1 + n2) * t[0] / n1
		second += (n1 + n2) * t[2] / n2
	}
	return first / n, second / n, n / all
}

// ShuffledP is the p-value of the G statistic of counts[group][outcome] when
// outcomes are dealt to groups at random, both margins fixed: for tables too
// sparse for chi-squared. The same seed gives the same draws. Patefield 1981
// names the distribution; here it is drawn by shuffling.
func ShuffledP(counts [][]float64, draws int, seed uint64) float64 {
	seen := TestIndependence(counts).G
	var outcomes []int
	sizes := make([]int, len(counts))
	for i, row := range counts {
		for j, x := range row {
			for range int(x) {
				outcomes = append(outcomes, j)
			}
			sizes[i] += int(x)
		}
	}
	r := rand.New(rand.NewPCG(seed, 16))
	as := 1.0
	dealt := make([][]float64, len(counts))
	for range draws {
		r.Shuffle(len(outcomes), func(a, b int) { outcomes[a], outcomes[b] = outcomes[b], outcomes[a] })
		at := 0
		for i, n := range sizes {
			dealt[i] = make([]float64, len(counts[0]))
			for _, j := range outcomes[at : at+n] {
				dealt[i][j]++
			}
			at += n
		}
		if TestIndependence(dealt).G >= seen-1e-9 {
			as++
		}
	}
	return as / float64(draws+1)
}
