package analytics

import (
	"fmt"
	"strings"
	"testing"
)

func TestColumnsComeInTheOrderOfTheQuery(t *testing.T) {
	conn := memory(t)
	const n = 300_000 // several row groups
	got, err := readColumns(t.Context(), conn, fmt.Sprintf("select (%d - i)::bigint, i / 4, (i / 8)::decimal(18, 4), .25::decimal(9, 6), [i / 2, -i], i::integer, 'P' || i %% 7, 'same' from range(%d) as t(i) order by i", n, n))
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 8 || got[4].width != 2 || got[2].unit != 1e4 || got[3].unit != 1e6 || got[4].unit != 1 {
		t.Fatalf("%d columns, %d numbers in a list, units of %v, %v and %v", len(got), got[4].width, got[2].unit, got[3].unit, got[4].unit)
	}
	for i := range n {
		whole, x := int64(n-i), float64(i)
		tenThousandths := float64((i*10_000 + 4) / 8) // half up
		if got[0].large[i] != whole || got[1].floating[i] != x/4 || got[2].floating[i] != tenThousandths || got[3].floating[i] != 250_000 || got[4].floating[2*i] != x/2 || got[4].floating[2*i+1] != -x {
			t.Fatalf("row %d is %d, %v, %v, %v, %v", i, got[0].large[i], got[1].floating[i], got[2].floating[i], got[3].floating[i], got[4].floating[2*i:2*i+2])
		}
		if got[5].whole[i] != int32(i) || got[6].text[i] != fmt.Sprintf("P%d", i%7) || got[7].text[i] != "same" {
			t.Fatalf("row %d is %d, %q, %q", i, got[5].whole[i], got[6].text[i], got[7].text[i])
		}
	}
	none, err := readColumns(t.Context(), conn, "select 1::bigint, [1.5::double] where false")
	if err != nil || len(none) != 2 || len(none[0].large)+len(none[1].floating) != 0 {
		t.Errorf("of no rows: %v, %v", none, err)
	}
	for query, want := range map[string]string{
		"select case when i <> 2 then i / 2 end from range(5) as t(i)": "a value is missing",
		"select true": "neither a whole number nor double",
		"select [1.5::double, 2] as x union all select [1.5::double]": "lists of different length",
		"select 1::decimal(30, 2)":                                    "neither a whole number nor double",
	} {
		if _, err := readColumns(t.Context(), conn, query); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", query, err, want)
		}
	}
}
