package stat

import "math/bits"

// Kitagawa splits the gap between two groups' overall rates into the part from
// their mix (shares) and the part from their rates; the two add up to the gap
// rate(A) - rate(B). Shares of a group sum to 1. Kitagawa 1955, JASA 50.
func Kitagawa(shareA, rateA, shareB, rateB []float64) (mix, rate float64) {
	for i := range shareA {
		mix += (shareA[i] - shareB[i]) * (rateA[i] + rateB[i]) / 2
		rate += (rateA[i] - rateB[i]) * (shareA[i] + shareB[i]) / 2
	}
	return mix, rate
}

// DasGupta splits the difference of two products of factors, prod(a) -
// prod(b), into one effect a factor; the effects add up to the difference
// whatever the order of the factors. At most 16 factors. Das Gupta 1993,
// US Census P23-186: the effect of a factor averages its change over every
// subset of the other factors, weighted by 1/(k*choose(k-1, size)).
func DasGupta(a, b []float64) []float64 {
	ofA, ofB := DasGuptaRates(a, b)
	effects := make([]float64, len(a))
	for f := range effects {
		effects[f] = ofA[f] - ofB[f]
	}
	return effects
}

func choose(n, k int) float64 {
	c := 1.0
	for i := range k {
		c = c * float64(n-i) / float64(i+1)
	}
	return c
}

// Gap is the Oaxaca-Blinder decomposition of the difference of two group
// means of y. Threefold: Endowments + Coefficients + Interaction = Total,
// from the point of view of group B. Twofold (pooled): Explained +
// Unexplained = Total, with coefficients of a pooled regression that holds a
// group dummy. Oaxaca 1973; Blinder 1973; Jann 2008.
type Gap struct {
	Total                                 float64
	Endowments, Coefficients, Interaction float64
	Explained, Unexplained                float64
}

// OaxacaBlinder decomposes mean(yA) - mean(yB). Rows of x hold the drivers
// without a constant; it is added here. Each group needs more rows than
// drivers + 1; a collinear group gives an error.
func OaxacaBlinder(xA [][]float64, yA []float64, xB [][]float64, yB []float64) (Gap, error) {
	a, err := OLS(withConstant(xA), yA)
	if err != nil {
		return Gap{}, err
	}
	b, err := OLS(withConstant(xB), yB)
	if err != nil {
		return Gap{}, err
	}
	pooledX := append(withGroup(xA, 1), withGroup(xB, 0)...)
	pooled, err := OLS(pooledX, append(append([]float64(nil), yA...), yB...))
	if err != nil {
		return Gap{}, err
	}
	mA, mB := columnMeans(withConstant(xA)), columnMeans(withConstant(xB))
	g := Gap{Total: mean(yA) - mean(yB)}
	for j := range mA {
		dx, db := mA[j]-mB[j], a.Coef[j]-b.Coef[j]
		g.Endowments += dx * b.Coef[j]
		g.Coefficients += mB[j] * db
		g.Interaction += dx * db
		g.Explained += dx * pooled.Coef[j]
	}
	g.Unexplained = g.Total - g.Explained
	return g, nil
}

func withConstant(x [][]float64) [][]float64 {
	out := make([][]float64, len(x))
	for i, row := range x {
		out[i] = append([]float64{1}, row...)
	}
	return out
}

func withGroup(x [][]float64, group float64) [][]float64 {
	out := withConstant(x)
	for i := range out {
		out[i] = append(out[i], group)
	}
	return out
}

func columnMeans(x [][]float64) []float64 {
	m := make([]float64, len(x[0]))
	for _, row := range x {
		for j, v := range row {
			m[j] += v / float64(len(x))
		}
	}
	return m
}

// DasGuptaRates gives, for each factor, the rate of both populations adjusted
// for all other factors: what the product would be if only that factor
// differed. Their differences are the effects of DasGupta. Das Gupta 1993.
func DasGuptaRates(a, b []float64) (ofA, ofB []float64) {
	k := len(a)
	ofA, ofB = make([]float64, k), make([]float64, k)
	for f := range k {
		var others float64
		for set := range 1 << k {
			if set>>f&1 == 1 {
				continue
			}
			product := 1.0
			for g := range k {
				switch {
				case g == f:
				case set>>g&1 == 1:
					product *= a[g]
				default:
					product *= b[g]
				}
			}
			others += product / (float64(k) * choose(k-1, bits.OnesCount(uint(set))))
		}
		ofA[f], ofB[f] = a[f]*others, b[f]*others
	}
	return ofA, ofB
}
