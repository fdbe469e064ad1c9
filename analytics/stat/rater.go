package stat

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/mat"
)

// Rated is what one rater gave one person: the mean of n ratings, each less the
// mean of its criterion, month and kind of rater.
type Rated struct {
	Rater, Person int // from 0
	Score         float64
}

// Severity is how the raters of a company differ.
type Severity struct {
	// A rater: points he gives above (+, lenient) or below (-, strict) the
	// others for the same people, its standard error, the part kept after
	// shrinkage, and how many people he rated and shared with other raters.
	Effect, SE, Kept []float64
	People, Shared   []int
	// Variances of people, of raters and of the rest.
	PersonVariance, RaterVariance, ErrorVariance float64
	ICC21, ICC31                                 float64 // of a single rating, from these
	SD                                           float64 // of the scores
	Anchor                                       float64 // points per unit of the anchor; 0 without one
	SharedRate                                   float64 // share of people with two raters or more
}

// mostRaters bounds the dense solution; beyond it standard errors leave out
// what raters learn from each other.
const mostRaters = 800

// FitSeverity fits score = mean + b anchor + person + rater + rest, people and
// rest random, raters fixed (they sum to 0). A person rated twice, or by
// another manager after a move, ties raters together; where nobody is, a
// rater's effect rests on his own team's quality being like that of others,
// which its standard error contains, or on the anchor. The anchor (one a
// person, not a number where missing; nil for none) is an objective result,
// usually the log of the index. Variances by moments: the covariance of
// different people of one rater is the rater's, the variance inside people
// rated by several is that of raters and rest, the person's is what remains.
// Searle, Casella & McCulloch 1992, chapter 7; Shrout &
// Fleiss 1979 for the correlations.
func FitSeverity(data []Rated, raters, people int, anchor []float64) (*Severity, error) {
	if raters < 2 || len(data) < 6 {
		return nil, errors.New("severity: two raters and six ratings are needed")
	}
	s := &Severity{People: make([]int, raters), Shared: make([]int, raters)}
	z := make([]float64, len(data))
	byPerson := make([][]int, people) // rows
	for k, d := range data {
		z[k] = d.Score
		byPerson[d.Person] = append(byPerson[d.Person], k)
		s.People[d.Rater]++
	}
	s.SD = standardDeviation(z)
	if s.SD == 0 {
		return nil, errors.New("severity: all ratings are equal")
	}
	s.removeAnchor(data, z, anchor)
	rated, shared := 0.0, 0.0
	for _, rows := range byPerson {
		if len(rows) > 0 {
			rated++
		}
		if len(rows) > 1 {
			shared++
			for _, k := range rows {
				s.Shared[data[k].Rater]++
			}
		}
	}
	s.SharedRate = shared / rated
	s.components(data, z, byPerson, raters)
	if err := s.solve(data, z, byPerson, raters); err != nil {
		return nil, err
	}
	return s, nil
}

func standardDeviation(x []float64) float64 {
	if len(x) < 2 {
		return 0
	}
	m, ss := mean(x), 0.0
	for _, v := range x {
		ss += (v - m) * (v - m)
	}
	return math.Sqrt(ss / float64(len(x)-1))
}

// removeAnchor takes b times the anchor off, b fitted inside raters so that a
// lenient rater of a strong team does not tilt it.
func (s *Severity) removeAnchor(data []Rated, z, anchor []float64) {
	if anchor == nil {
		return
	}
	var rater, person []int
	var x, y []float64
	centre, n := 0.0, 0.0
	for k, d := range data {
		if a := anchor[d.Person]; !math.IsNaN(a) {
			rater, person = append(rater, d.Rater), append(person, d.Person)
			x, y = append(x, a), append(y, z[k])
			centre, n = centre+a, n+1
		}
	}
	fit, err := WithinSlope(rater, person, x, y)
	if err != nil || math.Abs(fit.Slope) < 2*fit.SE { // nothing to learn from it
		return
	}
	s.Anchor = fit.Slope
	for k, d := range data {
		if a := anchor[d.Person]; !math.IsNaN(a) {
			z[k] -= fit.Slope * (a - centre/n)
		}
	}
}

func (s *Severity) components(data []Rated, z []float64, byPerson [][]int, raters int) {
	m := mean(z)
	var total float64
	sumRater, sqRater := make([]float64, raters), make([]float64, raters)
	for k, d := range data {
		z[k] -= m
		total += z[k] * z[k] / float64(len(z))
		sumRater[d.Rater] += z[k]
		sqRater[d.Rater] += z[k] * z[k]
	}
	var within, free float64 // inside people rated by several: raters and rest differ
	for _, rows := range byPerson {
		var sum, sq float64
		for _, k := range rows {
			sum, sq = sum+z[k], sq+z[k]*z[k]
		}
		if n := float64(len(rows)); n > 1 {
			within += sq - sum*sum/n
			free += n - 1
		}
	}
	var num, pairs float64
	for j, n := range s.People {
		num += sumRater[j]*sumRater[j] - sqRater[j]
		pairs += float64(n * (n - 1))
	}
	floor := 1e-4 * total
	if pairs > 0 {
		s.RaterVariance = math.Max(0, num/pairs)
	}
	rest := math.Max(total-s.RaterVariance, floor)
	s.ErrorVariance = rest / 2 // without anyone rated twice the two cannot be told apart, nor need they be
	if free > 0 {
		// a small share of the difference is never all due to the raters
		s.ErrorVariance = math.Min(math.Max(within/free-s.RaterVariance, within/free/4), rest)
	}
	s.ErrorVariance = math.Max(s.ErrorVariance, floor)
	s.PersonVariance = math.Max(rest-s.ErrorVariance, floor)
	s.ICC21 = s.PersonVariance / (s.PersonVariance + s.RaterVariance + s.ErrorVariance)
	s.ICC31 = s.PersonVariance / (s.PersonVariance + s.ErrorVariance)
}

// solve finds the raters' effects by generalised least squares, people
// absorbed.
func (s *Severity) solve(data []Rated, z []float64, byPerson [][]int, raters int) error {
	diag, rhs := make([]float64, raters), make([]float64, raters)
	off := map[[2]int]float64{}
	for _, rows := range byPerson {
		k := float64(len(rows))
		c := s.PersonVariance / (s.ErrorVariance + k*s.PersonVariance)
		sum := 0.0
		for _, a := range rows {
			sum += z[a]
		}
		for _, a := range rows {
			i := data[a].Rater
			diag[i] += (1 - c) / s.ErrorVariance
			rhs[i] += (z[a] - c*sum) / s.ErrorVariance
			for _, b := range rows {
				if j := data[b].Rater; a != b {
					off[[2]int{i, j}] -= c / s.ErrorVariance
				}
			}
		}
	}
	s.Effect, s.SE, s.Kept = make([]float64, raters), make([]float64, raters), make([]float64, raters)
	variance := make([]float64, raters)
	if raters > mostRaters {
		s.relax(diag, rhs, off)
		for j := range variance {
			variance[j] = 1 / diag[j]
		}
	} else {
		a := mat.NewSymDense(raters, nil)
		for j, v := range diag {
			a.SetSym(j, j, v)
		}
		for at, v := range off {
			if at[0] < at[1] {
				a.SetSym(at[0], at[1], v)
			}
		}
		var chol mat.Cholesky
		if !chol.Factorize(a) {
			return errors.New("severity: the raters cannot be told apart")
		}
		var inverse mat.SymDense
		if err := chol.InverseTo(&inverse); err != nil {
			return errors.New("severity: the raters cannot be told apart")
		}
		row, all := make([]float64, raters), 0.0
		for j := range raters {
			for k := range raters {
				v := inverse.At(j, k)
				s.Effect[j] += v * rhs[k]
				row[j] += v
			}
			all += row[j]
		}
		j2 := float64(raters)
		for j := range variance { // of the effect less the mean effect
			variance[j] = inverse.At(j, j) - 2*row[j]/j2 + all/(j2*j2)
		}
	}
	centre := mean(s.Effect)
	for j := range s.Effect {
		s.Effect[j] -= centre
		s.SE[j] = math.Sqrt(math.Max(variance[j], 1e-12))
		s.Kept[j] = s.RaterVariance / (s.RaterVariance + variance[j])
	}
	return nil
}

// relax solves the same equations by Gauss-Seidel in a fixed order.
func (s *Severity) relax(diag, rhs []float64, off map[[2]int]float64) {
	type link struct {
		to int
		v  float64
	}
	links := make([][]link, len(diag))
	for i := range diag {
		for j := range diag {
			if v, ok := off[[2]int{i, j}]; ok {
				links[i] = append(links[i], link{j, v})
			}
		}
	}
	for range 200 {
		largest := 0.0
		for i := range diag {
			v := rhs[i]
			for _, l := range links[i] {
				v -= l.v * s.Effect[l.to]
			}
			v /= diag[i]
			largest = math.Max(largest, math.Abs(v-s.Effect[i]))
			s.Effect[i] = v
		}
		if largest < 1e-9 {
			return
		}
	}
}
