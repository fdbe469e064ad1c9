package analytics

import (
	"math"
	"math/big"
	"testing"

	"github.com/google/go-cmp/cmp"

	levelfieldsql "levelfield/sql"
)

func TestExactSumIsTheSameInAnyOrder(t *testing.T) {
	conn := memory(t)
	macro, err := levelfieldsql.Files.ReadFile("macros/exact_sum.sql")
	if err != nil {
		t.Fatal(err)
	}
	run(t, conn, string(macro))
	run(t, conn, "create table part as select i, (hash(i) % 2000001 / 1e6 - 1) * pow(10, i % 17 - 3)::double as x from range(400000) as t(i)")
	sums := map[float64]bool{}
	for _, query := range []string{"from part", "from part where i % 2 = 0 union all from part where i % 2 = 1", "from part order by hash(i, 7)"} {
		var got float64
		if err := conn.QueryRowContext(t.Context(), "select exact_sum(x) from ("+query+")").Scan(&got); err != nil {
			t.Fatal(err)
		}
		sums[got] = true
	}
	if len(sums) != 1 {
		t.Errorf("the sum depends on the order: %v", sums)
	}
	rows, err := conn.QueryContext(t.Context(), "select x from part")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	want := new(big.Float).SetPrec(200)
	for rows.Next() {
		var x float64
		if err := rows.Scan(&x); err != nil {
			t.Fatal(err)
		}
		want.Add(want, big.NewFloat(x))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	for got := range sums {
		if off, _ := new(big.Float).Sub(want, big.NewFloat(got)).Float64(); math.Abs(off) > 1.2e-16*math.Abs(got) { // half the last bit
			t.Errorf("the sum %v is %v off", got, off)
		}
	}
	var none *float64
	var few []float64
	for _, query := range []string{"select exact_sum(x) from part where false", "select exact_sum(null::double)"} {
		if err := conn.QueryRowContext(t.Context(), query).Scan(&none); err != nil || none != nil {
			t.Errorf("%s: %v, %v", query, none, err)
		}
	}
	for _, query := range []string{"select exact_sum(x) from (values (1.5), (-7.25), (null)) as t(x)", "select exact_sum(x) from (values (3), (4)) as t(x)", "select exact_sum(x) from (values (1e20::double), (1), (-1e20)) as t(x)"} {
		var v float64
		if err := conn.QueryRowContext(t.Context(), query).Scan(&v); err != nil {
			t.Fatal(err)
		}
		few = append(few, v)
	}
	if d := cmp.Diff([]float64{-5.75, 7, 1}, few); d != "" {
		t.Errorf("sums differ: %s", d)
	}
}
