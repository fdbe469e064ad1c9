package analytics

import (
	"cmp"
	"context"
	"database/sql"
	"math"
	"slices"
	"strings"

	"levelfield/analytics/stat"
)

// finding is one answer of the review; figures that there are none of are not
// a number.
type finding struct {
	item, measure, kind, group string
	effect, low, high, before  float64
	n                          int
	p, q                       float64
	threshold, unseen          float64
	flag, reason               string
	// crossed: the rule of the item is met, so that a q under the false
	// discovery rate makes it a look and any other an amber.
	crossed bool
}

func newFinding(item, measure string) finding {
	nan := math.NaN()
	return finding{item: item, measure: measure, effect: nan, low: nan, high: nan, before: nan, p: nan, q: nan, threshold: nan, unseen: nan}
}

// cannot is the answer of an item that these data cannot support.
func cannot(item, reason string) finding {
	f := newFinding(item, "")
	f.flag, f.reason = flagCannot, reason
	return f
}

// review holds what the items read, and the answers.
type review struct {
	ctx      context.Context
	conn     *sql.Conn
	people   []reviewed
	rules    map[string]float64 // item.rule
	mixed    string             // why skill and territory cannot be told apart
	findings []finding
	others   []float64 // p-values of people in the funnel, part of the same family
	movers   *finding  // F4, which F3 asks
}

// fairnessFinding asks every question of the review (F1 to F15), corrects all
// p-values together (Benjamini-Hochberg) and sets the flags.
func fairnessFinding(ctx context.Context, conn *sql.Conn) error {
	v := &review{ctx: ctx, conn: conn, rules: map[string]float64{}}
	var err error
	if v.people, err = reviewedPeople(ctx, conn); err != nil {
		return err
	}
	if v.mixed, _, err = separable(ctx, conn); err != nil {
		return err
	}
	_, err = collectRows(ctx, conn, "select item || '.' || rule, value from fairness.rule", func(rows *sql.Rows) (none struct{}, err error) {
		var name string
		var value float64
		err = rows.Scan(&name, &value)
		v.rules[name] = value
		return none, err
	})
	if err != nil {
		return err
	}
	for _, ask := range []func() error{v.funnel, v.rankChange, v.movement, v.residual, v.selection, v.strata, v.inequality, v.gaps, v.raters, v.rankIntervals, v.sensitivity, v.targets} {
		if err := ask(); err != nil {
			return err
		}
	}
	return v.write()
}

// rows reads evidence as numbers and texts.
func (v *review) rows(query string, scan func(*sql.Rows) error) error {
	_, err := collectRows(v.ctx, v.conn, query, func(rows *sql.Rows) (none struct{}, err error) { return none, scan(rows) })
	return err
}

func (v *review) add(f finding) { v.findings = append(v.findings, f) }

// funnel is F1: everybody outside the outer limits, and how many in all.
func (v *review) funnel() error {
	if v.mixed != "" {
		v.add(cannot("F1", v.mixed))
		return nil
	}
	all := newFinding("F1", "people")
	all.effect, all.threshold = 0, v.rules["F1.outer_level"]
	err := v.rows("select rep_id::varchar, ratio, outer_low, outer_high, p, zone from fairness.funnel order by rep_id", func(rows *sql.Rows) error {
		f := newFinding("F1", "ratio")
		var zone string
		if err := rows.Scan(&f.group, &f.effect, &f.low, &f.high, &f.p, &zone); err != nil {
			return err
		}
		all.n++
		f.n, f.kind, f.threshold, f.crossed = 1, "rep", v.rules["F1.outer_level"], zone == "outer"
		if f.crossed {
			all.effect++
			v.add(f)
		} else {
			v.others = append(v.others, f.p)
		}
		return nil
	})
	if all.n < 3 {
		v.add(cannot("F1", "too few people"))
		return err
	}
	all.flag = flagNone
	all.before = float64(all.n) * (1 - v.rules["F1.outer_level"]) // expected by chance
	v.add(all)
	return err
}

// rankChange is F2: how far the market moves ranks. No test: a fact.
func (v *review) rankChange() error {
	who, x := numbersOf(v.people, func(p reviewed) float64 { return p.raw }, func(p reviewed) float64 { return p.adjusted })
	if v.mixed != "" || len(who) < 10 {
		v.add(cannot("F2", cmp.Or(v.mixed, "too few people")))
		return nil
	}
	before, after := stat.Ranks(x[0]), stat.Ranks(x[1])
	shift := 0.0
	for k := range before {
		shift += math.Abs(before[k]-after[k]) / float64(len(before))
	}
	f := newFinding("F2", "shift")
	f.n, f.effect, f.before, f.threshold = len(who), shift, stat.KendallTauB(x[0], x[1]), v.rules["F2.mean_shift_rate"]*float64(len(who))
	f.crossed = shift > f.threshold
	v.add(f)
	return nil
}

func reasonOf(first bool, one, other string) string {
	if first {
		return one
	}
	return other
}

// movement is F4: inside people who sold in several cells, sales should follow
// the expectation one for one.
func (v *review) movement() error {
	var who, place []int
	var x, y []float64
	numbers, places := map[string]int{}, map[string]int{}
	err := v.rows("select rep_id::varchar, cell_id::varchar, ln_expected, ln_sold from fairness.mover_cell order by rep_id, cell_id", func(rows *sql.Rows) error {
		var rep, cell string
		var e, o float64
		if err := rows.Scan(&rep, &cell, &e, &o); err != nil {
			return err
		}
		if _, ok := numbers[rep]; !ok {
			numbers[rep] = len(numbers)
		}
		if _, ok := places[cell]; !ok {
			places[cell] = len(places)
		}
		who, place = append(who, numbers[rep]), append(place, places[cell])
		x, y = append(x, e), append(y, o)
		return nil
	})
	if err != nil {
		return err
	}
	fit, fitErr := stat.WithinSlope(who, place, x, y)
	if fitErr != nil || len(numbers) < 8 {
		v.add(cannot("F4", "no movers"))
		return nil
	}
	f := newFinding("F4", "slope")
	in := fit.Limits(.95)
	f.n, f.effect, f.low, f.high, f.p, f.threshold = len(numbers), fit.Slope, in.Low, in.High, fit.P(1), v.rules["F4.slope"]
	f.crossed = f.low > 1 || f.high < 1 || f.effect < f.threshold
	if f.high-f.low > 1 {
		f.flag, f.reason = flagCannot, "too wide"
	}
	v.movers = &f
	v.add(f)
	return nil
}

// fewestMarkets is from how many market cells on a link of results with the
// market is looked for. The people of a cell share its expectation but for
// their own part in it, which lowers that of whoever sells more: among few
// cells the link would be that and nothing else.
const fewestMarkets = 8

// residual is F3: does the result, and the score, still follow the market? A
// target that prices the market knows it better than the expectation does, so
// that the error of the expectation stands both in the coefficient and in the
// adjusted result; what that alone makes of the correlation (the slope of
// targets x the variance of the error) is taken off.
func (v *review) residual() error {
	markets := 0
	err := v.rows("select count(distinct cell_id) from difficulty.expected_sales where period = (select max(period) from difficulty.period)", func(rows *sql.Rows) error { return rows.Scan(&markets) })
	if err != nil {
		return err
	}
	if 0 < markets && markets < fewestMarkets {
		v.add(cannot("F3", "few markets"))
		return nil
	}
	logD := func(p reviewed) float64 { return math.Log(p.d) }
	raw, priced := math.NaN(), 0.0
	if _, x := numbersOf(v.people, func(p reviewed) float64 { return math.Log(p.expected / p.exposure) }, func(p reviewed) float64 { return math.Log(p.target / p.exposure) }); len(x[0]) >= 10 {
		if fit, err := stat.FitSlope(x[0], x[1]); err == nil {
			priced = math.Min(1, math.Max(0, fit.Slope))
		}
	}
	if _, x := numbersOf(v.people, func(p reviewed) float64 { return p.raw }, logD); len(x[0]) >= 10 {
		raw = stat.Spearman(x[0], x[1])
	}
	for _, m := range []struct {
		measure string
		of      func(reviewed) float64
	}{{"adjusted", func(p reviewed) float64 { return p.adjusted }}, {"score", func(p reviewed) float64 { return p.score }}} {
		who, x := numbersOf(v.people, m.of, logD, func(p reviewed) float64 { return math.Log(p.adjusted) },
			func(p reviewed) float64 { return math.Pow(math.Log(p.dHigh/p.dLow)/(2*1.959963984540054), 2) })
		if len(who) < 10 || deviationOf(x[0]) == 0 || deviationOf(x[1]) < 1e-9 {
			if m.measure == "adjusted" {
				v.add(cannot("F3", reasonOf(len(who) < 10, "too few people", "no difficulty")))
			}
			continue
		}
		f := newFinding("F3", m.measure)
		f.n, f.before = len(who), raw
		shared := priced * stat.Spearman(x[0], x[2]) * meanOf(x[3]) / (deviationOf(x[1]) * deviationOf(x[2]))
		f.effect = math.Min(1, math.Max(-1, stat.Spearman(x[0], x[1])-shared))
		in := stat.SpearmanLimits(f.effect, f.n, .95)
		f.low, f.high, f.p, f.threshold = in.Low, in.High, stat.SpearmanP(f.effect, f.n), v.rules["F3.correlation"]
		f.unseen = math.Tanh(stat.UnseenMeanGap(1, float64(f.n-3), math.Inf(1)))
		f.crossed = math.Abs(f.effect) > f.threshold && (f.low > 0 || f.high < 0)
		if m.measure == "adjusted" {
			// inside people the expectation holds: then good people sit in easy markets
			if f.crossed && v.movers != nil && v.movers.flag == "" && !v.movers.crossed {
				f.flag, f.reason = flagAmber, "believe F4"
			}
		} else {
			// a score that follows the market only as results do is no news
			f.p = math.Max(f.p, partialP(x[0], x[1], x[2]))
			if f.crossed && f.p >= .05 {
				f.flag, f.reason = flagAmber, "results explain it"
			}
		}
		v.add(f)
	}
	return nil
}

// partialP is the p-value of the rank correlation of a and b, c held fixed.
func partialP(a, b, c []float64) float64 {
	ab, ac, bc := stat.Spearman(a, b), stat.Spearman(a, c), stat.Spearman(b, c)
	below := math.Sqrt((1 - ac*ac) * (1 - bc*bc))
	if below < 1e-9 {
		return 1
	}
	return stat.SpearmanP((ab-ac*bc)/below, len(a)-1)
}

// chosen is one row of fairness.selection.
type chosen struct {
	kind, group                  string
	n, bonus, rest, bonusRest    int
	bonusBefore, bonusRestBefore int
}

// selection is F5 to F7: four-fifths, its test and the flip of one decision.
func (v *review) selection() error {
	var list []chosen
	err := v.rows(`select s.group_kind::varchar, s.group_id::varchar, s.n, s.n_bonus, s.n_rest, s.n_bonus_rest, s.n_bonus_before, s.n_bonus_rest_before
from fairness.selection as s inner join fairness.group_size as g using (group_kind, group_id) where g.is_asked order by 1, 2`, func(rows *sql.Rows) error {
		var c chosen
		if err := rows.Scan(&c.kind, &c.group, &c.n, &c.bonus, &c.rest, &c.bonusRest, &c.bonusBefore, &c.bonusRestBefore); err != nil {
			return err
		}
		list = append(list, c)
		return nil
	})
	if err != nil {
		return err
	}
	if err := v.withheld(); err != nil {
		return err
	}
	asked := false
	for kind := range slices.Values(kindsOf(list)) {
		var same []chosen
		for _, c := range list {
			if c.kind == kind && float64(c.n) >= v.rules["F5.group_share"]*float64(c.n+c.rest) {
				same = append(same, c)
			}
		}
		if len(same) >= 2 {
			asked = v.fourFifths(same) || asked
		}
	}
	if !asked {
		v.add(cannot("F5", reasonOf(len(v.people) < 10, "too few people", "no groups")))
	}
	return nil
}

func kindsOf(list []chosen) (kinds []string) {
	for _, c := range list {
		if !slices.Contains(kinds, c.kind) {
			kinds = append(kinds, c.kind)
		}
	}
	return kinds
}

// withheld names the kinds of which groups are withheld, never which.
func (v *review) withheld() error {
	return v.rows("select group_kind::varchar, count(*) from fairness.group_size where not is_shown group by group_kind order by group_kind", func(rows *sql.Rows) error {
		f := newFinding("F5", "impact_ratio")
		f.flag, f.reason, f.threshold = flagWithheld, "few people", v.rules["all.smallest_group"]
		if err := rows.Scan(&f.kind, &f.n); err != nil {
			return err
		}
		v.add(f)
		return nil
	})
}

// fourFifths asks the groups of one kind; false where nobody gets the bonus.
func (v *review) fourFifths(same []chosen) bool {
	n, now, before := make([]float64, len(same)), make([]float64, len(same)), make([]float64, len(same))
	for i, c := range same {
		n[i], now[i], before[i] = float64(c.n), float64(c.bonus), float64(c.bonusBefore)
	}
	if slices.Max(now) == 0 {
		return false
	}
	ratios, past := stat.ImpactRatios(now, n), stat.ImpactRatios(before, n)
	best := slices.Index(ratios, 1)
	line, shortfall := v.rules["F5.impact_ratio"], v.rules["F5.shortfall_people"]
	for i, c := range same {
		f := newFinding("F5", "impact_ratio")
		f.kind, f.group, f.n, f.effect, f.threshold = c.kind, c.group, c.n, ratios[i], line
		f.before = past[i] // not a number where nobody had the bonus
		_, in := stat.RateRatio(now[i], n[i], now[best], n[best])
		if i == best {
			in = stat.Interval{Low: 1, High: 1}
		}
		f.low, f.high = in.Low, in.High
		f.p = twoByTwo(c.bonus, c.n-c.bonus, c.bonusRest, c.rest-c.bonusRest)
		f.unseen = stat.UnseenRateGap(float64(c.bonus+c.bonusRest)/float64(c.n+c.rest), float64(c.n), float64(c.rest))
		short := line*now[best]/n[best]*n[i] - now[i]
		f.crossed = ratios[i] < line && (f.p < .05 || short > shortfall)
		// F7: one decision the other way round
		flipped := (now[i] + 1) * n[best] / (n[i] * (now[best] - 1))
		if f.crossed && (same[best].bonus <= 1 || flipped >= line) {
			f.flag, f.reason = flagAmber, "one decision"
		}
		v.add(f)
		g := newFinding("F7", "impact_ratio")
		g.kind, g.group, g.n, g.effect, g.before, g.threshold, g.flag = c.kind, c.group, c.n, flipped, ratios[i], line, flagNone
		if f.reason == "one decision" {
			g.flag, g.reason = flagAmber, "one decision"
		}
		v.add(g)
	}
	v.add(v.independence(same))
	return true
}

// twoByTwo tests one group against the rest: Fisher's exact test by mid-p where
// an expected count is under 5, else G.
func twoByTwo(a, b, c, d int) float64 {
	if a+c == 0 || b+d == 0 || c+d == 0 {
		return 1
	}
	t := stat.TestIndependence([][]float64{{float64(a), float64(b)}, {float64(c), float64(d)}})
	if t.MinExpected < 5 {
		return stat.FisherExact(a, b, c, d).MidP
	}
	return t.PG
}

// independence is F6 over all groups of a kind at once; a sparse table is
// tested by shuffling who gets the bonus.
func (v *review) independence(same []chosen) finding {
	f := newFinding("F6", "independence")
	f.kind = same[0].kind
	counts := make([][]float64, len(same))
	for i, c := range same {
		counts[i] = []float64{float64(c.bonus), float64(c.n - c.bonus)}
		f.n += c.n
	}
	t := stat.TestIndependence(counts)
	f.effect, f.p = t.G, t.PG
	switch {
	case math.IsNaN(t.G):
		f.flag, f.reason, f.effect, f.p = flagCannot, "no groups", math.NaN(), math.NaN()
	case t.MinExpected < 5:
		f.p = stat.ShuffledP(counts, 2000, fairnessSeed)
	}
	f.crossed = true
	return f
}

// strata is F8 and F9: the same question inside strata of like markets.
func (v *review) strata() error {
	type key struct{ kind, group string }
	var order []key
	tables := map[key][][4]float64{}
	err := v.rows(`select s.group_kind::varchar, s.group_id::varchar, s.n_bonus, s.n - s.n_bonus, s.n_bonus_rest, s.n_rest - s.n_bonus_rest
from fairness.stratum as s inner join fairness.group_size as g using (group_kind, group_id) where g.is_asked order by s.group_kind, s.group_id, s.market, s.line`, func(rows *sql.Rows) error {
		var k key
		var a, b, c, d int
		if err := rows.Scan(&k.kind, &k.group, &a, &b, &c, &d); err != nil {
			return err
		}
		if _, ok := tables[k]; !ok {
			order = append(order, k)
		}
		tables[k] = append(tables[k], [4]float64{float64(a), float64(b), float64(c), float64(d)})
		return nil
	})
	if err != nil {
		return err
	}
	asked := false
	for _, k := range order {
		if len(tables[k]) < 2 {
			continue
		}
		t := stat.MantelHaenszel(tables[k])
		if math.IsNaN(t.OddsRatio) || math.IsInf(t.OddsRatio, 0) && t.X2 == 0 {
			continue
		}
		asked = true
		f := newFinding("F8", "odds_ratio")
		f.kind, f.group, f.effect, f.low, f.high, f.p, f.crossed = k.kind, k.group, t.OddsRatio, t.Odds.Low, t.Odds.High, t.P, t.P < .05
		var own, rest, bonus, bonusRest float64
		for _, s := range tables[k] {
			own, rest, bonus, bonusRest = own+s[0]+s[1], rest+s[2]+s[3], bonus+s[0], bonusRest+s[2]
		}
		f.n = int(own)
		if t.Woolf < .05 {
			f.reason = "strata differ"
		}
		v.add(f)
		v.standardised(k.kind, k.group, tables[k], bonus/own, bonusRest/rest, int(own))
	}
	if !asked {
		v.add(cannot("F8", "no strata"))
		v.add(cannot("F9", "no strata"))
	}
	return nil
}

// standardised is F9: the ratio of rates as if both sides had the same mix.
func (v *review) standardised(kind, group string, table [][4]float64, crude, rest float64, n int) {
	own, others, compared := stat.StandardisedRates(table)
	f := newFinding("F9", "standardised_ratio")
	f.kind, f.group, f.n, f.threshold = kind, group, n, v.rules["F5.impact_ratio"]
	f.before, f.effect = crude/rest, own/others
	switch {
	case compared < .5 || math.IsNaN(f.effect) || math.IsInf(f.effect, 0):
		f.flag, f.reason, f.effect = flagCannot, "strata do not overlap", math.NaN()
	case f.before < f.threshold && f.effect >= f.threshold:
		f.flag, f.reason = flagAmber, "composition"
	default:
		f.flag = flagNone
	}
	v.add(f)
}

// inequality is F10: the part of inequality between regions, before and after.
func (v *review) inequality() error {
	who, x := numbersOf(v.people, func(p reviewed) float64 { return nonNegative(p.raw) }, func(p reviewed) float64 { return nonNegative(p.adjusted) })
	withheld := map[string]bool{} // these regions count as one
	err := v.rows("select group_id::varchar from fairness.group_size where group_kind = 'region' and not is_shown", func(rows *sql.Rows) error {
		var region string
		err := rows.Scan(&region)
		withheld[region] = true
		return err
	})
	if err != nil {
		return err
	}
	regions := map[string]int{}
	at := make([]int, len(who))
	for k, i := range who {
		name := v.people[i].region
		if withheld[name] {
			name = ""
		}
		if _, ok := regions[name]; !ok {
			regions[name] = len(regions)
		}
		at[k] = regions[name]
	}
	if len(who) < 10 || len(regions) < 2 {
		v.add(cannot("F10", reasonOf(len(regions) < 2, "no groups", "too few people")))
		return nil
	}
	share := func(x []float64, pick []int) float64 {
		groups := make([][]float64, len(regions))
		for _, k := range pick {
			groups[at[k]] = append(groups[at[k]], x[k])
		}
		groups = slices.DeleteFunc(groups, func(g []float64) bool { return len(g) == 0 })
		between, within := stat.TheilSplit(groups)
		return between / (between + within)
	}
	all := make([]int, len(who))
	for k := range all {
		all[k] = k
	}
	f := newFinding("F10", "between_share")
	f.n, f.threshold = len(who), v.rules["F10.between_change"]
	f.before = share(x[0], all)
	f.effect = share(x[1], all)
	in, p := stat.Bootstrap(len(who), max(100, min(1000, 500_000/len(who))), fairnessSeed, func(pick []int) float64 { return share(x[1], pick) - share(x[0], pick) })
	f.low, f.high, f.p = f.before+in.Low, f.before+in.High, p
	f.crossed = f.effect-f.before > f.threshold && in.Low > 0
	v.add(f)
	return nil
}

func nonNegative(x float64) float64 {
	if x < 0 {
		return math.NaN()
	}
	return x
}

// gaps is F11: how much of a group's gap in score its results, market and
// tenure do not explain.
func (v *review) gaps() error {
	asked := false
	err := v.rows("select measure::varchar, group_kind::varchar, group_id::varchar, n, n_other, gap, unexplained, unexplained_low, unexplained_high, p, residual_sd from fairness.gap order by measure, group_kind, group_id", func(rows *sql.Rows) error {
		f := newFinding("F11", "")
		var other int
		var sd float64
		if err := rows.Scan(&f.measure, &f.kind, &f.group, &f.n, &other, &f.before, &f.effect, &f.low, &f.high, &f.p, &sd); err != nil {
			return err
		}
		asked = true
		f.threshold = v.rules["F11.unexplained_share"]
		f.unseen = stat.UnseenMeanGap(sd, float64(f.n), float64(other))
		f.crossed = math.Abs(f.effect) > f.threshold*math.Abs(f.before) && f.p < .05
		v.add(f)
		return nil
	})
	if err == nil && !asked {
		v.add(cannot("F11", reasonOf(len(v.people) > 0 && v.people[0].hasScores, "too few people", "no scores")))
	}
	return err
}

// raters is F12.
func (v *review) raters() error {
	asked := false
	err := v.rows("select rater_kind::varchar, rater_id::varchar, n_people, effect, effect_low, effect_high, effect_sd, z, p, evidence::varchar from fairness.rater where rater_kind <> 'peer' order by rater_kind, rater_id", func(rows *sql.Rows) error {
		f := newFinding("F12", "severity")
		var inSD, z float64
		if err := rows.Scan(&f.kind, &f.group, &f.n, &f.effect, &f.low, &f.high, &inSD, &z, &f.p, &f.reason); err != nil {
			return err
		}
		asked = true
		f.threshold = v.rules["F12.severity_z"]
		f.unseen = stat.UnseenMeanGap((f.high-f.low)/(2*1.959963984540054), 1, math.Inf(1))
		f.crossed = math.Abs(z) > f.threshold && math.Abs(inSD) > v.rules["F12.severity_sd"]
		if f.crossed && f.reason == "team" { // his team may simply be better
			f.flag = flagAmber
		}
		v.add(f)
		return nil
	})
	if err == nil && !asked {
		v.add(cannot("F12", "no ratings"))
	}
	return err
}

// rankIntervals is F13: wide intervals ask for bands instead of ranks.
func (v *review) rankIntervals() error {
	var widths []float64
	err := v.rows("select rank_high - rank_low from fairness.rank_interval order by rep_id", func(rows *sql.Rows) error {
		var w float64
		err := rows.Scan(&w)
		widths = append(widths, w)
		return err
	})
	if err != nil {
		return err
	}
	if len(widths) < 10 {
		v.add(cannot("F13", cmp.Or(v.mixed, "too few people")))
		return nil
	}
	f := newFinding("F13", "width")
	f.n, f.effect, f.threshold = len(widths), stat.Quantile(widths, .5), v.rules["F13.interval_width_rate"]*float64(len(widths))
	wide := 0
	for _, w := range widths {
		if w > f.threshold {
			wide++
		}
	}
	f.before, f.crossed = float64(wide), f.effect > f.threshold
	months := newFinding("F13", "months")
	err = v.rows("select n_people, width_ratio from fairness.rank_check", func(rows *sql.Rows) error { return rows.Scan(&months.n, &months.effect) })
	if err != nil {
		return err
	}
	if months.n > 0 {
		months.threshold = v.rules["F13.month_block_ratio"]
		if months.crossed = months.effect > months.threshold; months.crossed {
			f.crossed, f.reason = true, "months hang together"
		}
		v.add(months)
	}
	v.add(f)
	return nil
}

// sensitivity is F14.
func (v *review) sensitivity() error {
	f := newFinding("F14", "flips")
	err := v.rows("select value from fairness.source where kind = 'all' and name = 'flips'", func(rows *sql.Rows) error { return rows.Scan(&f.effect) })
	if err != nil {
		return err
	}
	if math.IsNaN(f.effect) {
		v.add(cannot("F14", "no scores"))
		return nil
	}
	f.n, f.threshold = len(v.people), v.rules["F14.flip_rate"]
	f.crossed = f.effect > f.threshold
	v.add(f)
	return nil
}

// targets is F15: do targets price the market, and do managers set them alike?
func (v *review) targets() error {
	var target, expected, gap []float64
	managers := map[string][]float64{} // those who may be shown
	err := v.rows(`select case when g.is_shown then t.manager_id else '' end::varchar, t.ln_target, t.ln_expected, t.gap
from fairness.target_gap as t left join fairness.group_size as g on g.group_kind = 'manager' and g.group_id = t.manager_id order by t.rep_id`, func(rows *sql.Rows) error {
		var manager string
		var t, e, g float64
		if err := rows.Scan(&manager, &t, &e, &g); err != nil {
			return err
		}
		target, expected, gap = append(target, t), append(expected, e), append(gap, g)
		if manager != "" {
			managers[manager] = append(managers[manager], g)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if len(target) < 10 {
		v.add(cannot("F15", "no targets"))
		return nil
	}
	fit, fitErr := stat.FitSlope(expected, target)
	if fitErr != nil || deviationOf(expected) < .02 {
		v.add(cannot("F15", "no difficulty"))
		return nil
	}
	f := newFinding("F15", "priced")
	in := fit.Limits(.95)
	f.n, f.effect, f.low, f.high, f.p, f.threshold = len(target), fit.Slope, in.Low, in.High, fit.P(1), v.rules["F15.priced_slope"]
	f.crossed = f.effect < f.threshold && f.high < 1
	v.add(f)
	v.managers(managers, gap)
	return nil
}

// managers compares the mean ln(target / expected) of each manager's people
// with all; the error of expectations is shared by people of one market, so
// the scatter between managers (winsorised, scaled back) widens what chance
// allows.
func (v *review) managers(managers map[string][]float64, gap []float64) {
	centre, sd := meanOf(gap), deviationOf(gap)
	var all []finding
	var z []float64
	for _, manager := range sortedKeys(managers) {
		own := managers[manager]
		if float64(len(own)) < v.rules["all.smallest_group"] || len(gap)-len(own) < 2 {
			continue
		}
		f := newFinding("F15", "manager")
		se := sd * math.Sqrt(1/float64(len(own))-1/float64(len(gap)))
		f.kind, f.group, f.n, f.effect, f.threshold, f.low = "manager", manager, len(own), meanOf(own)-centre, v.rules["F15.manager_z"], se
		all, z = append(all, f), append(z, f.effect/se)
	}
	wider := stat.Widening(z, .1)
	for i, f := range all {
		se := f.low * wider
		f.p = stat.StudentP(z[i]/wider, float64(max(3, len(all)-1)))
		f.low, f.high = f.effect-1.959963984540054*se, f.effect+1.959963984540054*se
		f.unseen = stat.UnseenMeanGap(se, 1, math.Inf(1))
		f.crossed = math.Abs(z[i]/wider) > f.threshold
		v.add(f)
	}
}

// write corrects the p-values, sets the flags that are still open and writes
// the relation.
func (v *review) write() error {
	p := slices.Clone(v.others)
	for _, f := range v.findings {
		if !math.IsNaN(f.p) {
			p = append(p, f.p)
		}
	}
	q := stat.BenjaminiHochberg(p)[len(v.others):]
	rate := v.rules["all.false_discovery_rate"]
	var rows [][]any
	for _, f := range v.findings {
		if !math.IsNaN(f.p) {
			f.q, q = q[0], q[1:]
		}
		if f.flag == "" {
			switch {
			case f.crossed && f.q < rate:
				f.flag = flagLook
			case f.crossed && f.item != "F6":
				f.flag = flagAmber
			default:
				f.flag = flagNone
			}
		}
		rows = append(rows, []any{f.item, f.measure, f.kind, f.group, f.effect, f.low, f.high, f.before, f.n, f.p, f.q, f.threshold, f.unseen, f.flag, f.reason})
	}
	return writeRows(v.ctx, v.conn, "fairness.finding", strings.Join([]string{
		"item varchar", "measure varchar", "group_kind varchar", "group_id varchar", "effect double", "effect_low double", "effect_high double", "effect_before double",
		"n integer", "p double", "q double", "threshold double", "unseen double", "flag varchar", "reason varchar"}, ", "), rows)
}
