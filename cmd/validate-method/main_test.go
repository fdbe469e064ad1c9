package main

import (
	"io/fs"
	"math"
	"testing"
	"testing/fstest"

	levelfieldsql "levelfield/sql"
)

// A few companies a scenario show that the command works; its figures need a
// hundred.
func TestMethodRanksBetterThanAttainment(t *testing.T) {
	list, err := judgeSeeds(t.Context(), base("base"), 3, 2)
	if err != nil {
		t.Fatal(err)
	}
	m, _ := average(list)
	if m.paid < m.attainment+.2 || m.paid > m.oracle {
		t.Errorf("paid %.3f, attainment %.3f, oracle %.3f", m.paid, m.attainment, m.oracle)
	}
}

func TestWithoutMoversNothingIsSeparable(t *testing.T) {
	alone := with("alone", func(s *scenario) { s.cells, s.movers = 300, 0 })
	list, err := judgeSeeds(t.Context(), alone, 3, 2)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range list {
		if m.verdict != "not separable" {
			t.Errorf("one person a market, nobody moved, and the verdict is %q", m.verdict)
		}
	}
}

// TestOwnSalesIncludedMakesEverybodyAverage is the control that must fail: a
// step B that lets a person's own sales into his expectation gives everybody
// who is alone in his market exactly 1, whatever he sold.
func TestOwnSalesIncludedMakesEverybodyAverage(t *testing.T) {
	c := generate(with("alone", func(s *scenario) { s.cells, s.movers = 300, 0 }), 1)
	models := fstest.MapFS{}
	for _, dir := range []string{"difficulty", "macros"} {
		names, err := fs.Glob(levelfieldsql.Files, dir+"/*.*")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			text, err := levelfieldsql.Files.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			models[name] = &fstest.MapFile{Data: text}
		}
	}
	ratios := func() (most float64) {
		values, err := salesRatios(t.Context(), c, models)
		if err != nil {
			t.Fatal(err)
		}
		if len(values) != people {
			t.Fatalf("%d people judged", len(values))
		}
		for _, v := range values {
			most = math.Max(most, math.Abs(v-1))
		}
		return most
	}
	if most := ratios(); most < .2 {
		t.Errorf("without own sales everybody lies within %.3f of average", most)
	}
	models["difficulty/cell_effect.sql"] = &fstest.MapFile{Data: []byte(ownIncluded)}
	if most := ratios(); most > 1e-9 {
		t.Errorf("with own sales somebody lies %g from average", most)
	}
}

// ownIncluded is the mistake: the effect of a cell from everybody in it.
const ownIncluded = `select period, rep_id, cell_id, sold, expected, 0 as n_others,
    ln(sum(sold) over cell / sum(expected) over cell) - mean_z as effect, cell_variance as effect_variance, 0.0 as heaviest_weight_rate
from difficulty.deviation join difficulty.variance using (period)
window cell as (partition by period, cell_id)`
