package analytics

import (
	"context"
	"database/sql"
	"math"
	"math/rand/v2"
	"slices"
	"sort"

	"levelfield/analytics/stat"
)

// fewestUnits is from how many people on the scatter between them is fitted;
// below it the funnel is that of pure chance.
const fewestUnits = 10

// fairnessFunnel places everybody in a funnel of sold over expected (F1).
// Money is not a count, and the expectation has an error of its own: a person
// weighs as many effective events as the variance of his ratio allows, 1 / v,
// which is expected / phi where the expectation is certain. Limits are widened
// by what people differ anyway (over-dispersion, log scale, winsorised at P10
// and P90 and scaled back to a normal distribution).
func fairnessFunnel(ctx context.Context, conn *sql.Conn) error {
	people, err := reviewedPeople(ctx, conn)
	if err != nil {
		return err
	}
	mixed, _, err := separable(ctx, conn)
	if err != nil {
		return err
	}
	cells, err := collectRows(ctx, conn, "select count(distinct cell_id) from difficulty.expected_sales where period = (select max(period) from difficulty.period)", func(rows *sql.Rows) (n int, err error) { return n, rows.Scan(&n) })
	if err != nil {
		return err
	}
	var rows [][]any
	if mixed == "" {
		rows = funnelRows(people, float64(max(3, cells[0]-1)))
	}
	return writeRows(ctx, conn, "fairness.funnel", "rep_id varchar, expected double, events double, ratio double, inner_low double, inner_high double, outer_low double, outer_high double, z double, p double, zone varchar, tau2 double", rows)
}

// funnelRows places people; df are the degrees of freedom of the scatter, one
// less than the market cells from which the expectation was learned.
func funnelRows(people []reviewed, df float64) (rows [][]any) {
	who, x := numbersOf(people, func(p reviewed) float64 {
		if p.isThin {
			return math.NaN()
		}
		return math.Exp(p.r) / p.v // sold over expected, half an event added to both
	}, func(p reviewed) float64 { return 1 / p.v })
	o, e := x[0], x[1]
	exact := len(who) < fewestUnits
	var d stat.Dispersion
	if !exact {
		d = stat.ConsistentDispersion(o, e, .1)
	}
	for k, i := range who {
		inner, outer, z, p := d.Limits(e[k], .95), d.Limits(e[k], .998), d.Z(o[k], e[k]), 0.0
		if exact {
			inner, outer, p = stat.FunnelLimits(e[k], .95), stat.FunnelLimits(e[k], .998), stat.ExactPoissonP(o[k], e[k])
			z = 2 * (math.Sqrt(o[k]) - math.Sqrt(e[k]))
		} else {
			p = stat.StudentP(z, df)
		}
		ratio, zone := o[k]/e[k], ""
		switch {
		case ratio < outer.Low || ratio > outer.High:
			zone = "outer"
		case ratio < inner.Low || ratio > inner.High:
			zone = "inner"
		}
		rows = append(rows, []any{people[i].rep, people[i].expected, e[k], ratio, inner.Low, inner.High, outer.Low, outer.High, z, p, zone, d.Tau2})
	}
	return rows
}

// drawsFor is how many draws are made for n people: most, fewer only where a
// very large company would wait for them.
func drawsFor(n, most int) int { return max(100, min(most, 4_000_000/max(1, n))) }

// fairnessRankInterval gives everybody the interval of his rank (F13): 1000
// draws of the index from its distribution. A and C need a probability of
// over 0.8 to be in the best or last third.
func fairnessRankInterval(ctx context.Context, conn *sql.Conn) error {
	people, err := reviewedPeople(ctx, conn)
	if err != nil {
		return err
	}
	mixed, sorted, err := separable(ctx, conn)
	if err != nil {
		return err
	}
	var rows [][]any
	who, x := numbersOf(people, func(p reviewed) float64 {
		if p.isThin {
			return math.NaN()
		}
		return p.reliability * p.r
	}, func(p reviewed) float64 {
		sd := math.Sqrt(p.reliability * p.v)
		if sorted {
			sd *= 1.25
		}
		return sd
	})
	if mixed == "" && len(who) >= 3 {
		d := stat.DrawRanks(x[0], x[1], drawsFor(len(who), 1000), fairnessSeed)
		for k, i := range who {
			band := "B"
			switch {
			case d.TopThird[k] > .8:
				band = "A"
			case d.LastThird[k] > .8:
				band = "C"
			}
			rows = append(rows, []any{people[i].rep, people[i].region, x[0][k], d.Median[k], d.Low[k], d.High[k], d.Top[k], d.Beats[k], band})
		}
	}
	return writeRows(ctx, conn, "fairness.rank_interval", "rep_id varchar, region_id varchar, estimate double, median_rank double, rank_low double, rank_high double, top_fifth_rate double, beats_next_rate double, band varchar", rows)
}

// checkBlock and checkMonths are how many months the check of rank intervals
// draws at once, a quarter, and how many it needs.
const (
	checkBlock  = 3
	checkMonths = 12
)

// fairnessRankCheck asks whether the intervals of ranks may be believed: they
// take months for independent. Drawing whole blocks of months keeps what hangs
// together; where that makes ranks far wider than independent months would,
// the intervals are too narrow.
func fairnessRankCheck(ctx context.Context, conn *sql.Conn) error {
	people, err := reviewedPeople(ctx, conn)
	if err != nil {
		return err
	}
	var phi float64
	_, err = collectRows(ctx, conn, "select phi from difficulty.dispersion where period = (select max(period) from difficulty.period)", func(rows *sql.Rows) (none struct{}, err error) {
		return none, rows.Scan(&phi)
	})
	if err != nil {
		return err
	}
	months, person := map[string]int{}, map[string]int{}
	var sales []stat.MonthlySales
	_, err = collectRows(ctx, conn, "select month::varchar, rep_id::varchar, sold, expected from fairness.person_month order by month, rep_id", func(rows *sql.Rows) (none struct{}, err error) {
		var month, rep string
		var sold, expected float64
		if err := rows.Scan(&month, &rep, &sold, &expected); err != nil {
			return none, err
		}
		if _, ok := months[month]; !ok {
			months[month] = len(months)
		}
		if _, ok := person[rep]; !ok {
			person[rep] = len(person)
			sales = append(sales, stat.MonthlySales{})
		}
		s := &sales[person[rep]]
		for len(s.Sold) < len(months) {
			s.Sold, s.Expected = append(s.Sold, 0), append(s.Expected, 0)
		}
		s.Sold[months[month]], s.Expected[months[month]] = sold, expected
		return none, nil
	})
	if err != nil {
		return err
	}
	var ranked []stat.MonthlySales
	var estimate, noise []float64
	for _, p := range people {
		i, ok := person[p.rep]
		if !ok || p.isThin || math.IsNaN(p.r) {
			continue
		}
		s := sales[i]
		for len(s.Sold) < len(months) {
			s.Sold, s.Expected = append(s.Sold, 0), append(s.Expected, 0)
		}
		s.Weight = p.reliability
		ranked = append(ranked, s)
		estimate, noise = append(estimate, p.reliability*p.r), append(noise, p.reliability*math.Sqrt(phi/p.expected))
	}
	var rows [][]any
	if len(ranked) >= 10 && len(months) >= checkMonths {
		draws := drawsFor(len(ranked)*len(months)/checkMonths, 400)
		width := func(low, high []float64) (mean float64) {
			for i := range low {
				mean += (high[i] - low[i]) / float64(len(low))
			}
			return mean
		}
		blocks := width(stat.BlockRanks(ranked, phi, checkBlock, draws, rand.New(rand.NewPCG(fairnessSeed, 16))))
		d := stat.DrawRanks(estimate, noise, draws, fairnessSeed)
		chance := width(d.Low, d.High)
		rows = append(rows, []any{int32(len(ranked)), int32(len(months)), int32(checkBlock), int32(draws), blocks, chance, blocks / chance})
	}
	return writeRows(ctx, conn, "fairness.rank_check", "n_people integer, n_months integer, block_months integer, n_draws integer, width_blocks double, width_chance double, width_ratio double", rows)
}

// fairnessCounterfactual asks what each person's rank and bonus would be with
// a coefficient of 1 and at both ends of its interval, all else as it is (2.6).
func fairnessCounterfactual(ctx context.Context, conn *sql.Conn) error {
	people, err := reviewedPeople(ctx, conn)
	if err != nil {
		return err
	}
	who, x := numbersOf(people, func(p reviewed) float64 { return p.adjusted }, func(p reviewed) float64 { return p.d },
		func(p reviewed) float64 { return p.dLow }, func(p reviewed) float64 { return p.dHigh })
	ordered := slices.Clone(x[0])
	sort.Float64s(ordered)
	place := func(own, v float64) float64 { // rank among the others, whose values stay
		above := float64(len(ordered) - sort.SearchFloat64s(ordered, math.Nextafter(v, math.Inf(1))))
		if own > v {
			above-- // his own entry
		}
		return above + 1
	}
	best := int(math.Ceil(.3 * float64(len(who))))
	if len(people) > 0 {
		best = min(people[0].nBonus, len(who))
	}
	var rows [][]any
	for k, i := range who {
		a, d := x[0][k], x[1][k]
		now, plain, low, high := place(a, a), place(a, a/d), place(a, a*x[2][k]/d), place(a, a*x[3][k]/d)
		in := now <= float64(best)
		depends := false
		for _, other := range []float64{plain, low, high} {
			depends = depends || (other <= float64(best)) != in
		}
		rows = append(rows, []any{people[i].rep, now, plain, low, high, depends})
	}
	return writeRows(ctx, conn, "fairness.counterfactual", "rep_id varchar, rank double, rank_without double, rank_low double, rank_high double, depends boolean", rows)
}

// ratedRow is a row of fairness.rating_mean.
type ratedRow struct {
	kind, rater, rep string
	n                int
	deviation        float64
}

// fairnessRater measures how lenient or strict raters are (F12). Where fewer
// than a tenth of people are rated twice, results are the anchor; a correction
// from them alone is at most half.
func fairnessRater(ctx context.Context, conn *sql.Conn) error {
	rated, err := collectRows(ctx, conn, "select rater_kind::varchar, rater_id::varchar, rep_id::varchar, n, deviation from fairness.rating_mean order by rater_kind, rater_id, rep_id",
		func(rows *sql.Rows) (r ratedRow, err error) {
			return r, rows.Scan(&r.kind, &r.rater, &r.rep, &r.n, &r.deviation)
		})
	if err != nil {
		return err
	}
	people, err := reviewedPeople(ctx, conn)
	if err != nil {
		return err
	}
	return writeRows(ctx, conn, "fairness.rater", "rater_kind varchar, rater_id varchar, n_people integer, n_shared integer, effect double, effect_low double, effect_high double, effect_sd double, z double, p double, correction double, evidence varchar, icc21 double, icc31 double, shared_rate double, sd double", raterRows(rated, people))
}

func raterRows(rated []ratedRow, people []reviewed) (rows [][]any) {
	raters, persons := map[[2]string]int{}, map[string]int{}
	var names [][2]string
	var data []stat.Rated
	for _, r := range rated {
		name := [2]string{r.kind, r.rater}
		if _, ok := raters[name]; !ok {
			raters[name] = len(names)
			names = append(names, name)
		}
		if _, ok := persons[r.rep]; !ok {
			persons[r.rep] = len(persons)
		}
		data = append(data, stat.Rated{Rater: raters[name], Person: persons[r.rep], Score: r.deviation})
	}
	s, err := stat.FitSeverity(data, len(names), len(persons), nil)
	if err == nil && s.SharedRate < .1 { // too few people link the raters: results have to
		s, err = stat.FitSeverity(data, len(names), len(persons), anchors(people, persons))
	}
	if err != nil {
		return nil // too few ratings: the finding says so
	}
	for j, name := range names {
		if name[1] == "" || s.People[j] < 3 {
			continue
		}
		evidence, keep := "shared", s.Kept[j]
		if s.SharedRate < .1 || s.Shared[j] == 0 {
			evidence, keep = "team", 0
			if s.Anchor != 0 {
				evidence, keep = "index", math.Min(.5, s.Kept[j])
			}
		}
		z := s.Effect[j] / s.SE[j]
		half := 1.959963984540054 * s.SE[j]
		rows = append(rows, []any{name[0], name[1], s.People[j], s.Shared[j], s.Effect[j], s.Effect[j] - half, s.Effect[j] + half,
			s.Effect[j] / s.SD, z, stat.NormalP(z), keep * s.Effect[j], evidence, s.ICC21, s.ICC31, s.SharedRate, s.SD})
	}
	return rows
}

// anchors are the results of rated people, not a number where unknown.
func anchors(people []reviewed, persons map[string]int) []float64 {
	anchor := make([]float64, len(persons))
	for i := range anchor {
		anchor[i] = math.NaN()
	}
	for _, p := range people {
		if i, ok := persons[p.rep]; ok && !p.isThin {
			anchor[i] = p.r
		}
	}
	return anchor
}

// fairnessSensitivity tries the score with other weights, scales, sums and
// coefficients (F14).
func fairnessSensitivity(ctx context.Context, conn *sql.Conn) error {
	c, err := compositeOf(ctx, conn)
	if err != nil {
		return err
	}
	var rows [][]any
	if c != nil {
		s := c.Vary(c.draws(), fairnessSeed)
		for i, rep := range c.reps {
			rows = append(rows, []any{rep, s.Rank[i], s.Median[i], s.Low[i], s.High[i], s.Chosen[i], s.Shift[i]})
		}
	}
	return writeRows(ctx, conn, "fairness.sensitivity", "rep_id varchar, rank double, median_rank double, rank_low double, rank_high double, bonus_rate double, shift double", rows)
}

// fairnessSource says which choice moves the ranks: a row for each source of
// variance, for each part left out, and for the two figures of the whole.
func fairnessSource(ctx context.Context, conn *sql.Conn) error {
	c, err := compositeOf(ctx, conn)
	if err != nil {
		return err
	}
	var rows [][]any
	if c != nil {
		s := c.Sources(max(64, c.draws()/4), fairnessSeed)
		for i, name := range []string{"weights", "scale", "sum", "coefficient"} {
			rows = append(rows, []any{"source", name, s.Share[i]})
		}
		for i, part := range c.parts {
			rows = append(rows, []any{"without", part, s.Without[i]})
		}
		flips, shift := 0.0, 0.0
		_, err := collectRows(ctx, conn, "select rank, bonus_rate, shift from fairness.sensitivity order by rank", func(found *sql.Rows) (none struct{}, err error) {
			var rank, chosen, moved float64
			err = found.Scan(&rank, &chosen, &moved)
			if rank <= float64(c.Best) {
				flips += (1 - chosen) / float64(c.Best)
			}
			shift += moved / float64(len(c.reps))
			return none, err
		})
		if err != nil {
			return err
		}
		rows = append(rows, []any{"all", "flips", flips}, []any{"all", "shift", shift})
	}
	return writeRows(ctx, conn, "fairness.source", "kind varchar, name varchar, value double", rows)
}

// tried is the score under review as a composite, with the names of its people
// and parts.
type tried struct {
	stat.Composite
	reps, parts []string
}

// draws is how often the composite is drawn: fewer for very large companies.
func (c *tried) draws() int { return max(40, min(500, 2_000_000/len(c.Points))) }

// compositeOf reads the composite; nil where there are no scores.
func compositeOf(ctx context.Context, conn *sql.Conn) (*tried, error) {
	type row struct {
		rep, part      string
		weight, points float64
		isMarket       bool
		d, low, high   float64
		policy         float64
	}
	rows, err := collectRows(ctx, conn, `select
    part.rep_id::varchar, part.node::varchar, part.weight, coalesce(part.points, 'nan'::double), part.is_market,
    coalesce(person.d_used, person.d, 1)::double,
    coalesce(person.d_used, person.d, 1) * coalesce(person.d_low / person.d, 1),
    coalesce(person.d_used, person.d, 1) * coalesce(person.d_high / person.d, 1),
    coalesce(person.d_policy, person.d_used, person.d, 1)::double
from fairness.part inner join fairness.person using (rep_id)
order by part.rep_id, part.node`, func(rows *sql.Rows) (r row, err error) {
		return r, rows.Scan(&r.rep, &r.part, &r.weight, &r.points, &r.isMarket, &r.d, &r.low, &r.high, &r.policy)
	})
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	at := map[string]int{}
	c := &tried{Composite: stat.Composite{Market: -1}}
	for _, r := range rows {
		if _, ok := at[r.part]; !ok {
			at[r.part] = -1
			c.parts = append(c.parts, r.part)
		}
	}
	slices.Sort(c.parts)
	c.Weight = make([]float64, len(c.parts))
	for i, part := range c.parts {
		at[part] = i
	}
	alternatives := make([][]float64, 5) // in use, none, policy, both ends
	for _, r := range rows {
		if len(c.reps) == 0 || c.reps[len(c.reps)-1] != r.rep {
			c.reps = append(c.reps, r.rep)
			points := make([]float64, len(c.parts))
			for i := range points {
				points[i] = math.NaN()
			}
			c.Points = append(c.Points, points)
			for i, v := range []float64{r.d, 1, r.policy, r.low, r.high} {
				alternatives[i] = append(alternatives[i], v/r.d)
			}
		}
		k := at[r.part]
		c.Points[len(c.Points)-1][k], c.Weight[k] = r.points, r.weight
		if r.isMarket {
			c.Market = k
		}
	}
	c.Factor = alternatives[:1]
	if c.Market >= 0 {
		c.Factor = alternatives
	}
	people, err := reviewedPeople(ctx, conn)
	if err != nil {
		return nil, err
	}
	if c.Best = min(people[0].nBonus, len(c.Points)-1); c.Best < 1 {
		return nil, nil
	}
	return c, nil
}
