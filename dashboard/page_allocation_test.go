package dashboard_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"levelfield/dashboard"
	"levelfield/dashboard/dashtest"
)

func TestTheAllocationPageFollowsItsAddress(t *testing.T) {
	s := server(t)
	plain := get(t, s, "/allocation?lang=en").Body.String()
	for _, want := range []string{"Best split", "Half the way", "name=\"total\"", "When not to believe it"} {
		if !strings.Contains(plain, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if other := get(t, s, "/allocation?lang=en&resource=headcount").Body.String(); !strings.Contains(other, "own data say little") {
		t.Error("regions whose own data say little are not marked")
	}
	if answer := get(t, s, "/allocation?lang=en&total=99999999"); !strings.Contains(answer.Body.String(), "These bounds leave no split") {
		t.Error("a total outside the bounds is not explained")
	}
	if answer := get(t, s, "/allocation?total=x"); answer.Code != http.StatusBadRequest {
		t.Errorf("a total that is no number: %d", answer.Code)
	}
}

// hundredRegions gives the fixture 100 regions with a resource.
const hundredRegions dashtest.Change = `
insert into core.unit select 'region', 'X' || i, '区' || i, 'company', 'company', 'X' || i, null, null from generate_series(1, 92) as g (i);
insert into allocation.region_month
select 'X' || i, '区' || i, m.month, 2000000 + 30000 * i, 600000 + 9000 * i, 2000000 + 30000 * i, 90000 + 1500 * (i % 17), 10 + i % 7
from generate_series(1, 92) as g (i), core.month as m;
insert into allocation.response
select r.* replace ('X' || i as region_id, .2 + .003 * i as elasticity) from generate_series(1, 92) as g (i), allocation.response as r where r.region_id = 'R1';
`

// The answer to a move of the slider with 100 regions, another total each time.
func BenchmarkAllocationPage(b *testing.B) {
	s, err := dashboard.New(dashboard.Config{Runs: dashtest.Runs(b, hundredRegions), Store: dashtest.Store(b)})
	if err != nil {
		b.Fatal(err)
	}
	admin := dashtest.As(b, s, "admin")
	total := 10_200_000
	for b.Loop() {
		total += 1000
		if w := get(b, admin, fmt.Sprintf("/allocation?lang=en&total=%d", total)); w.Code != http.StatusOK || strings.Contains(w.Body.String(), "leave no split") {
			b.Fatalf("status %d", w.Code)
		}
	}
}
