package stat

import "math"

// Pooled is a meta-analysis of k estimates with known variances.
type Pooled struct {
	Fixed    float64  // inverse-variance mean
	Q, I2    float64  // heterogeneity: Cochran's Q and I squared in percent
	Tau2     float64  // between-estimate variance, 0 or more
	Mean, SE float64  // random-effects mean and its standard error
	CI       Interval // 95 % interval of Mean
}

// DerSimonianLaird pools estimates y with variances v > 0 (equal length, at
// least 2). DerSimonian & Laird 1986, Controlled Clinical Trials 7.
func DerSimonianLaird(y, v []float64) Pooled {
	var w, w2, wy float64
	for i := range y {
		wi := 1 / v[i]
		w, w2, wy = w+wi, w2+wi*wi, wy+wi*y[i]
	}
	p := Pooled{Fixed: wy / w}
	for i := range y {
		p.Q += (y[i] - p.Fixed) * (y[i] - p.Fixed) / v[i]
	}
	df := float64(len(y) - 1)
	p.Tau2 = math.Max(0, (p.Q-df)/(w-w2/w))
	if p.Q > 0 {
		p.I2 = math.Max(0, 100*(p.Q-df)/p.Q)
	}
	p.Mean, p.SE = RandomMean(y, v, p.Tau2)
	half := z(0.95) * p.SE
	p.CI = Interval{p.Mean - half, p.Mean + half}
	return p
}

// RandomMean is the random-effects mean of y and its standard error for a
// given between-estimate variance tau2 >= 0.
func RandomMean(y, v []float64, tau2 float64) (mean, se float64) {
	var w, wy float64
	for i := range y {
		wi := 1 / (v[i] + tau2)
		w, wy = w+wi, wy+wi*y[i]
	}
	return wy / w, math.Sqrt(1 / w)
}

// JamesStein shrinks estimates y of common variance v towards their mean,
// returning the shrunk values and the factor c by which each keeps its
// distance. Efron & Morris 1977, Scientific American 236. len(y) >= 4.
func JamesStein(y []float64, v float64) (shrunk []float64, c float64) {
	m := mean(y)
	var ss float64
	for _, x := range y {
		ss += (x - m) * (x - m)
	}
	c = math.Max(0, 1-float64(len(y)-3)*v/ss)
	shrunk = make([]float64, len(y))
	for i, x := range y {
		shrunk[i] = m + c*(x-m)
	}
	return shrunk, c
}

func mean(x []float64) float64 {
	var s float64
	for _, v := range x {
		s += v
	}
	return s / float64(len(x))
}
