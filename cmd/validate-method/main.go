// Command validate-method measures the difficulty method on companies whose
// truth is known, judged by the SQL and Go that a run uses. The first family
// of companies shares the method's form and is printed beside its targets; the
// second breaks it: drivers interact, saturate, drift, and are gamed.
package main

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"math"
	"os"
	"strings"
	"sync"

	_ "github.com/duckdb/duckdb-go/v2"

	"levelfield/analytics"
	"levelfield/analytics/stat"
	levelfieldsql "levelfield/sql"
)

func main() {
	seeds := flag.Int("seeds", 100, "companies a scenario")
	only := flag.String("only", "", "run only scenarios whose name contains this")
	workers := flag.Int("workers", 2, "companies at the same time")
	flag.Parse()
	if err := validate(context.Background(), *only, *seeds, *workers); err != nil {
		fmt.Fprintln(os.Stderr, "validate-method:", err)
		os.Exit(1)
	}
}

// measured are the figures of one company.
type measured struct {
	attainment, paid, audit, oracle float64 // Spearman with true skill
	rmse, cover, easeCorrelation    float64
	impact                          float64 // bonus rate hardest third / easiest third
	gain                            float64 // places a gamer wins, share of people
	alarm                           float64 // 1 while the sorting alarm is on
	verdict                         string
}

func validate(ctx context.Context, only string, seeds, workers int) error {
	means := map[string]measured{}
	separable := map[string]map[string]int{}
	for _, family := range []struct {
		title     string
		scenarios []scenario
	}{
		{"first family: the form of the method", scenarios},
		{"second family: other forms, no target", secondFamily},
	} {
		fmt.Println(family.title)
		for _, sc := range family.scenarios {
			if !strings.Contains(sc.name, only) {
				continue
			}
			list, err := judgeSeeds(ctx, sc, seeds, workers)
			if err != nil {
				return err
			}
			m, verdicts := average(list)
			means[sc.name], separable[sc.name] = m, verdicts
			fmt.Printf("%-26s attainment %.3f paid %.3f audit %.3f oracle %.3f | rmse %.3f cover %.3f r(ease) %+.3f hard/easy %.2f | alarm %.2f | %v",
				sc.name, m.attainment, m.paid, m.audit, m.oracle, m.rmse, m.cover, m.easeCorrelation, m.impact, m.alarm, verdicts)
			if sc.gamer > 0 {
				fmt.Printf(" | a gamer gains %+.1f %% of the places", 100*m.gain)
			}
			fmt.Println()
		}
	}
	if only == "" {
		printTargets(means, separable["1 rep a cell, no movers"]["not separable"], seeds)
	}
	return nil
}

// judgeSeeds judges companies with seeds 1 to n, some at the same time.
func judgeSeeds(ctx context.Context, sc scenario, n, workers int) ([]measured, error) {
	list, errs := make([]measured, n), make([]error, n)
	var wait sync.WaitGroup
	gate := make(chan struct{}, workers)
	for seed := range n {
		wait.Add(1)
		gate <- struct{}{}
		go func() {
			defer func() { <-gate; wait.Done() }()
			if list[seed], errs[seed] = judge(ctx, generate(sc, uint64(seed)+1), levelfieldsql.Files); errs[seed] != nil {
				errs[seed] = fmt.Errorf("%s, seed %d: %w", sc.name, seed+1, errs[seed])
			}
		}()
	}
	wait.Wait()
	return list, errors.Join(errs...)
}

// average takes the mean of every figure and counts the verdicts.
func average(list []measured) (measured, map[string]int) {
	mean := func(f func(measured) float64) float64 {
		var s float64
		for _, m := range list {
			s += f(m) / float64(len(list))
		}
		return s
	}
	verdicts := map[string]int{}
	for _, m := range list {
		verdicts[m.verdict]++
	}
	return measured{
		attainment: mean(func(m measured) float64 { return m.attainment }), paid: mean(func(m measured) float64 { return m.paid }),
		audit: mean(func(m measured) float64 { return m.audit }), oracle: mean(func(m measured) float64 { return m.oracle }),
		rmse: mean(func(m measured) float64 { return m.rmse }), cover: mean(func(m measured) float64 { return m.cover }),
		easeCorrelation: mean(func(m measured) float64 { return m.easeCorrelation }), impact: mean(func(m measured) float64 { return m.impact }),
		gain: mean(func(m measured) float64 { return m.gain }), alarm: mean(func(m measured) float64 { return m.alarm }),
	}, verdicts
}

// printTargets prints a line a figure: name, value, bar, ok or short.
func printTargets(means map[string]measured, gated, seeds int) {
	base, short, placebo := means["base"], means["6 months, 3 deals"], means["placebo: equal markets"]
	line := func(name string, value float64, bar string, ok bool) {
		state := "ok"
		if !ok {
			state = "short"
		}
		fmt.Printf("%s %.4f %s %s\n", name, value, bar, state)
	}
	line("base_paid_spearman", base.paid, ">=0.85", base.paid >= .85)
	line("base_audit_spearman", base.audit, ">=0.865", base.audit >= .865)
	line("base_rmse", base.rmse, "<=0.13", base.rmse <= .13)
	line("base_coverage", base.cover, "0.93..0.97", base.cover >= .93 && base.cover <= .97)
	line("base_score_ease_correlation", base.easeCorrelation, "<=0.08", math.Abs(base.easeCorrelation) <= .08)
	line("base_bonus_hard_over_easy", base.impact, "0.85..1.15", base.impact >= .85 && base.impact <= 1.15)
	line("base_share_of_oracle", base.paid/base.oracle, ">=0.92", base.paid/base.oracle >= .92)
	line("six_months_share_of_oracle", short.paid/short.oracle, ">=0.92", short.paid/short.oracle >= .92)
	line("placebo_loss", placebo.oracle-placebo.paid, "<=0.015", placebo.oracle-placebo.paid <= .015)
	line("two_rep_cells_spearman", means["2 reps a cell"].paid, ">=0.76", means["2 reps a cell"].paid >= .76)
	line("not_separable_without_movers", float64(gated)/float64(seeds), "1", gated == seeds)
}

// judge runs the method over one company, with the models of a run, and
// compares it with the truth.
func judge(ctx context.Context, c *company, models fs.FS) (m measured, err error) {
	err = c.evaluated(ctx, models, func(conn *sql.Conn) error {
		m, err = c.compare(ctx, conn)
		return err
	})
	return m, err
}

// salesRatios returns what everybody sold over what was expected of him.
func salesRatios(ctx context.Context, c *company, models fs.FS) (out []float64, err error) {
	err = c.evaluated(ctx, models, func(conn *sql.Conn) error {
		rows, err := conn.QueryContext(ctx, "select sales_ratio from difficulty.rep_index order by rep_id")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var v float64
			if err := rows.Scan(&v); err != nil {
				return err
			}
			out = append(out, v)
		}
		return rows.Err()
	})
	return out, err
}

// evaluated loads the company into a database of its own, evaluates it and
// calls read.
func (c *company) evaluated(ctx context.Context, models fs.FS, read func(*sql.Conn) error) error {
	db, err := sql.Open("duckdb", "")
	if err != nil {
		return err
	}
	defer db.Close()
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := c.load(ctx, conn); err != nil {
		return err
	}
	if _, err := analytics.Evaluate(ctx, db, models); err != nil {
		return err
	}
	return read(conn)
}

func (c *company) compare(ctx context.Context, conn *sql.Conn) (measured, error) {
	n := len(c.skill)
	index, low, high, ratio, effect := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	rows, err := conn.QueryContext(ctx, "select rep_id::integer, ln(index), ln(index_low), ln(index_high), sales_ratio, effect from difficulty.rep_index join difficulty.audit using (rep_id) order by 1")
	if err != nil {
		return measured{}, err
	}
	for rows.Next() {
		var i int
		var a, b, d, e, f float64
		if err := rows.Scan(&i, &a, &b, &d, &e, &f); err != nil {
			return measured{}, err
		}
		index[i], low[i], high[i], ratio[i], effect[i] = a, b, d, e, f
	}
	if err := rows.Err(); err != nil {
		return measured{}, err
	}
	var m measured
	if err := conn.QueryRowContext(ctx, "select verdict, is_sorting_alarm::integer from difficulty.variance").Scan(&m.verdict, &m.alarm); err != nil {
		return measured{}, err
	}
	var centre, error2, inside, indexMean float64
	for i := range n {
		centre += c.skill[i] / float64(n)
		indexMean += index[i] / float64(n)
	}
	for i := range n {
		truth := c.skill[i] - centre
		e := index[i] - indexMean - truth
		error2 += e * e / float64(n)
		if low[i]-indexMean <= truth && truth <= high[i]-indexMean {
			inside += 1 / float64(n)
		}
	}
	m.rmse, m.cover = math.Sqrt(error2), inside
	m.paid = stat.Spearman(index, c.skill)
	m.audit = stat.Spearman(effect, c.skill)
	m.attainment = stat.Spearman(c.attainment(), c.skill)
	m.oracle = stat.Spearman(c.oracle(), c.skill)
	m.easeCorrelation = stat.Pearson(index, c.ease)
	m.impact = c.impact(ratio)
	if c.gamer != nil {
		byIndex, bySkill := stat.Ranks(index), stat.Ranks(c.skill)
		var gamers float64
		for i, games := range c.gamer {
			if games {
				gamers++
				m.gain += (byIndex[i] - bySkill[i]) / float64(n)
			}
		}
		m.gain /= math.Max(gamers, 1)
	}
	return m, nil
}
