package analytics

import (
	"fmt"
	"strings"
	"testing"
)

func TestNumbersComeInTheOrderOfTheQuery(t *testing.T) {
	conn := memory(t)
	const n = 300_000 // several row groups
	got, err := readNumbers(t.Context(), conn, fmt.Sprintf("select (%d - i)::bigint, i / 4, (i / 8)::decimal(18, 4), .25::decimal(9, 6), [i / 2, -i] from range(%d) as t(i) order by i", n, n))
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 5 || got[4].width != 2 || got[2].unit != 1e4 || got[3].unit != 1e6 || got[4].unit != 1 {
		t.Fatalf("%d columns, %d numbers in a list, units of %v, %v and %v", len(got), got[4].width, got[2].unit, got[3].unit, got[4].unit)
	}
	for i := range n {
		whole, x := int64(n-i), float64(i)
		tenThousandths := float64((i*10_000 + 4) / 8) // half up
		if got[0].whole[i] != whole || got[1].floating[i] != x/4 || got[2].floating[i] != tenThousandths || got[3].floating[i] != 250_000 || got[4].floating[2*i] != x/2 || got[4].floating[2*i+1] != -x {
			t.Fatalf("row %d is %d, %v, %v, %v, %v", i, got[0].whole[i], got[1].floating[i], got[2].floating[i], got[3].floating[i], got[4].floating[2*i:2*i+2])
		}
	}
	none, err := readNumbers(t.Context(), conn, "select 1::bigint, [1.5::double] where false")
	if err != nil || len(none) != 2 || len(none[0].whole)+len(none[1].floating) != 0 {
		t.Errorf("of no rows: %v, %v", none, err)
	}
	for query, want := range map[string]string{
		"select case when i <> 2 then i / 2 end from range(5) as t(i)": "a value is missing",
		"select 'text'": "neither bigint nor double",
		"select [1.5::double, 2] as x union all select [1.5::double]": "lists of different length",
		"select 1::decimal(30, 2)":                                    "neither bigint nor double",
	} {
		if _, err := readNumbers(t.Context(), conn, query); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", query, err, want)
		}
	}
}
