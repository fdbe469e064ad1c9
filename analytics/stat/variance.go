package stat

// OneWay holds the variance components of a balanced one-way layout and the
// shrunk group effects.
type OneWay struct {
	Mean         float64
	Group, Resid float64   // variances between groups and within
	Shrink       float64   // share of a group's deviation that is kept
	GroupEffect  []float64 // best linear unbiased prediction, one a group
}

// FitOneWay estimates variance components by the method of moments from a
// balanced table y[group][replicate] (at least 2 x 2). Searle, Casella &
// McCulloch 1992, chapter 4. A negative between-group variance is set to 0.
func FitOneWay(y [][]float64) OneWay {
	k, n := float64(len(y)), float64(len(y[0]))
	means := make([]float64, len(y))
	for i, g := range y {
		means[i] = mean(g)
	}
	fit := OneWay{Mean: mean(means)}
	var between, within float64
	for i, g := range y {
		between += n * (means[i] - fit.Mean) * (means[i] - fit.Mean)
		for _, x := range g {
			within += (x - means[i]) * (x - means[i])
		}
	}
	between /= k - 1
	fit.Resid = within / (k * (n - 1))
	fit.Group = max(0, (between-fit.Resid)/n)
	fit.Shrink = fit.Group / (fit.Group + fit.Resid/n)
	for _, m := range means {
		fit.GroupEffect = append(fit.GroupEffect, fit.Shrink*(m-fit.Mean))
	}
	return fit
}

// Agreement holds the mean squares and intraclass correlations of n people
// rated by the same k raters, and each rater's severity (positive: stricter
// than the grand mean). Shrout & Fleiss 1979, Psychological Bulletin 86.
type Agreement struct {
	Between, Within, Raters, Error float64 // mean squares BMS, WMS, JMS, EMS
	ICC11, ICC21, ICC31            float64 // of a single rating
	ICC1k, ICC2k, ICC3k            float64 // of the mean of k ratings
	Severity                       []float64
}

// Agree computes the agreement of ratings[person][rater], at least 2 x 2, no
// gaps.
func Agree(ratings [][]float64) Agreement {
	n, k := float64(len(ratings)), float64(len(ratings[0]))
	people, raters := make([]float64, len(ratings)), make([]float64, len(ratings[0]))
	for i, row := range ratings {
		people[i] = mean(row)
		for j, x := range row {
			raters[j] += x / n
		}
	}
	grand := mean(people)
	var total, ssPeople, ssRaters float64
	for i, row := range ratings {
		ssPeople += k * (people[i] - grand) * (people[i] - grand)
		for _, x := range row {
			total += (x - grand) * (x - grand)
		}
	}
	var a Agreement
	for _, m := range raters {
		ssRaters += n * (m - grand) * (m - grand)
		a.Severity = append(a.Severity, grand-m)
	}
	a.Between = ssPeople / (n - 1)
	a.Within = (total - ssPeople) / (n * (k - 1))
	a.Raters = ssRaters / (k - 1)
	a.Error = (total - ssPeople - ssRaters) / ((n - 1) * (k - 1))
	b, w, j, e := a.Between, a.Within, a.Raters, a.Error
	a.ICC11 = (b - w) / (b + (k-1)*w)
	a.ICC21 = (b - e) / (b + (k-1)*e + k*(j-e)/n)
	a.ICC31 = (b - e) / (b + (k-1)*e)
	a.ICC1k = (b - w) / b
	a.ICC2k = (b - e) / (b + (j-e)/n)
	a.ICC3k = (b - e) / b
	return a
}
