package analytics

import (
	"database/sql"
	"fmt"
	"math"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	levelfieldsql "levelfield/sql"
)

// judged is a small company run through every model of sql/difficulty: 60
// people in 12 cells of 6 regions over 14 months, some of whom move.
type judged struct {
	conn    *sql.Conn
	project *project
}

// written are the relations of a judged company that tests write themselves.
var written = []string{"difficulty.observation", "difficulty.feature", "difficulty.feature_others", "difficulty.cell"}

const (
	testPeople = 60
	testMonths = 14
)

// judge makes the company; sales returns what person i sells in month t, given
// what the company's market and skill would make it.
func judge(t *testing.T, sales func(i, t int, usual float64) float64, scale float64) *judged {
	t.Helper()
	p := shippedProject(t)
	conn := memory(t)
	prepare(t, conn, p)
	run(t, conn, `create table core.month as select (date '2025-01-01' + to_months(i::integer))::date as month, 22 as n_workdays from range(14) as t(i)`)
	run(t, conn, `create table core.region as select 'R' || i as region_id, 'Region ' || i as region_name from range(6) as t(i)`)
	run(t, conn, `create table core.region_tree as select region_id, region_id as ancestor_id, 0 as n_steps from core.region`)
	run(t, conn, `create table difficulty.cell as select 'R' || i // 2 || '//' || i % 2 as cell_id, 'R' || i // 2 as region_id, '' as product_line, (i % 2)::varchar as segment from range(12) as t(i)`)
	run(t, conn, `create table difficulty.observation (rep_id varchar, cell_id varchar, month date, fold integer, exposure decimal(9, 6), sold double, sales double, n_deals integer, largest_amount double)`)
	run(t, conn, `create table difficulty.feature (cell_id varchar, month date, x double[])`)
	run(t, conn, `create table difficulty.feature_others (cell_id varchar, month date, fold integer, x double[])`)
	run(t, conn, `create table core.assignment (rep_id varchar, team_id varchar, region_id varchar, from_on date, until_on date)`)
	run(t, conn, `create table core.sales_month (rep_id varchar, customer_id varchar, region_id varchar, month date, n_lines integer)`)
	run(t, conn, `create table core.deal_line (deal_id varchar, rep_id varchar, region_id varchar, customer_id varchar, created_on date, closed_on date, month date, outcome varchar, won_amount decimal(18, 4))`)
	run(t, conn, `create table core.target_unit (unit_kind varchar, unit_id varchar, month date, target_amount double)`)
	r := rand.New(rand.NewPCG(7, 7))
	ease, noise := make([]float64, 12), make([]float64, 12)
	for k := range ease {
		ease[k], noise[k] = .4*r.NormFloat64(), .1*r.NormFloat64()
	}
	var observed, targets []string
	for i := range testPeople {
		skill, moves := .2*r.NormFloat64(), 99
		if r.Float64() < .3 {
			moves = 3 + r.IntN(8)
		}
		for m := range testMonths {
			k, share := i%12, 1.0
			if m >= moves {
				k = (i + 1) % 12
			}
			shock := .2 * r.NormFloat64()
			month := fmt.Sprintf("(date '2025-01-01' + to_months(%d))::date", m)
			cells := []int{k}
			if m == moves { // the month of the move counts by day
				cells, share = []int{i % 12, k}, .5
			}
			for _, k := range cells {
				sold := scale * sales(i, m, 100_000*share*math.Exp(ease[k]+noise[k]+skill+shock))
				observed = append(observed, fmt.Sprintf("('P%02d', 'R%d//%d', %s, fold_of('P%02d'), %v, %v, %v, 8, 0)", i, k/2, k%2, month, i, share, sold, sold))
			}
			targets = append(targets, fmt.Sprintf("('rep', 'P%02d', %s, %v)", i, month, scale*90_000*math.Exp(.5*ease[k])))
		}
	}
	run(t, conn, "insert into difficulty.observation values "+strings.Join(observed, ", "))
	run(t, conn, "insert into core.target_unit values "+strings.Join(targets, ", "))
	for k := range ease {
		run(t, conn, fmt.Sprintf("insert into difficulty.feature select 'R%d//%d', month, list_concat([%v, sin(extract(month from month)), 0], list_value(0,0,0,0,0,0,0,0,0,0,0,0,0,0)) from core.month", k/2, k%2, ease[k]))
		run(t, conn, fmt.Sprintf("insert into difficulty.feature_others select 'R%d//%d', month, fold, [.3 + fold / 100 + %v, 0, 0, 0, 0, 0, 0, 0] from core.month cross join (select distinct fold from difficulty.observation)", k/2, k%2, noise[k]))
	}
	c := &judged{conn, p}
	for _, m := range p.models {
		if m.Layer == "difficulty" && !slices.Contains(written, m.Relation) && !beforeObservation[m.Relation] {
			makeModel(t, conn, m)
		}
	}
	return c
}

// beforeObservation are the models that read exports: a judged company starts
// after them.
var beforeObservation = map[string]bool{"difficulty.posting": true, "difficulty.large_order": true, "difficulty.market_driver": true,
	"difficulty.deal_fold": true, "difficulty.others_driver": true}

func usual(_, _ int, amount float64) float64 { return amount }

// numbers returns the second column by the first.
func (c *judged) numbers(t *testing.T, query string) map[string]float64 {
	t.Helper()
	rows, err := c.conn.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	out := map[string]float64{}
	for rows.Next() {
		var key string
		var v float64
		if err := rows.Scan(&key, &v); err != nil {
			t.Fatal(err)
		}
		out[key] = v
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if len(out) == 0 {
		t.Fatalf("no rows: %s", query)
	}
	return out
}

// differ returns the keys whose values differ by more than 1e-8: coefficients
// are published with 12 digits.
func differ(a, b map[string]float64) (keys []string) {
	for _, key := range sortedKeys(a) {
		other, known := b[key]
		if !known || math.Abs(a[key]-other) > 1e-8*math.Max(1, math.Abs(a[key])) {
			keys = append(keys, key)
		}
	}
	return keys
}

const (
	expectations = "select rep_id || ' ' || cell_id || ' ' || month, expected / factor from difficulty.expected_month"
	frozenEffect = "select rep_id || ' ' || cell_id || ' ' || period, rep_market.expected * exp(effect) from difficulty.rep_market join difficulty.cell_effect using (period, rep_id, cell_id)"
)

func TestOwnSalesLeaveOwnExpectationUnchanged(t *testing.T) {
	const who = 17
	name := fmt.Sprintf("P%02d ", who)
	base := judge(t, usual, 1)
	own := func(keys []string) (mine, others int) {
		for _, key := range keys {
			if strings.HasPrefix(key, name) {
				mine++
			} else {
				others++
			}
		}
		return mine, others
	}

	t.Run("in the month judged, for everybody", func(t *testing.T) {
		c := judge(t, func(i, m int, amount float64) float64 {
			if i == who && m == testMonths-1 {
				return 5 * amount
			}
			return amount
		}, 1)
		if keys := differ(base.numbers(t, expectations), c.numbers(t, expectations)); keys != nil {
			t.Errorf("an expectation that was frozen before the month moved: %v", keys)
		}
	})

	t.Run("in every month, with the parameters frozen", func(t *testing.T) {
		before := base.numbers(t, frozenEffect)
		run(t, base.conn, "create table difficulty.before as from difficulty.observation")
		defer run(t, base.conn, "drop table difficulty.before")
		run(t, base.conn, fmt.Sprintf("update difficulty.observation set sold = 5 * sold, sales = 5 * sales where rep_id = 'P%02d'", who))
		for _, name := range []string{"rep_market", "deviation", "evidence", "cell_effect"} { // coefficient, dispersion and variance stay
			run(t, base.conn, "drop table difficulty."+name)
			makeModel(t, base.conn, base.project.model("difficulty."+name))
		}
		mine, others := own(differ(before, base.numbers(t, frozenEffect)))
		if mine > 0 {
			t.Errorf("%d of his own expectations moved with his sales", mine)
		}
		if others == 0 {
			t.Error("no colleague's expectation moved: the test would not see an own effect either")
		}
	})
}

func TestInvariantsOfCoefficients(t *testing.T) {
	c := judge(t, usual, 1)
	near := func(what, query string, want float64) {
		t.Helper()
		for month, got := range c.numbers(t, query) {
			if math.Abs(got-want) > 1e-9 {
				t.Errorf("%s in %s is %.12f, not %v", what, month, got, want)
			}
		}
	}
	near("the expectation-weighted mean coefficient", "select month::varchar, sum(expected * d) / sum(expected) from difficulty.rep_coefficient group by month", 1)
	near("all expectations over all sales", "select month::varchar, sum(expected) / sum(sold) from difficulty.rep_coefficient group by month", 1)
	near("all expectations over all sales of an evaluation", "select period::varchar, sum(expected) / sum(sold) from difficulty.expected_sales group by period", 1)
	near("the rest that no contribution explains", "select rep_id || ' ' || month, sum(amount) - any_value(ln(d_data)) from difficulty.contribution join difficulty.rep_coefficient using (rep_id, month) group by rep_id, month", 0)
	moved := c.numbers(t, "select rep_id || ' ' || month, amount from difficulty.contribution where item = 'mix' and abs(amount) > 1e-6")
	if len(moved) < 5 {
		t.Errorf("%d people worked in two cells of a month; the sum was hardly tried there", len(moved))
	}
}

func TestCurrencyChangesNoCoefficientAndNoRank(t *testing.T) {
	base := judge(t, usual, 1)
	coefficients := "select rep_id || ' ' || month || ' ' || what, value from (unpivot (select rep_id, month, d, d_low, d_high, d_pay, points, reliability, adjusted, adjusted_low from difficulty.rep_coefficient) on columns(* exclude (rep_id, month)) into name what value value)"
	index := "select rep_id || ' ' || month, index from difficulty.rep_index"
	ranks := "select rep_id || ' ' || month, rank() over (partition by month order by index) from difficulty.rep_index"
	crossed := "select rep_id || ' ' || month, effect from difficulty.audit"
	for _, scale := range []float64{1024, 7.13} {
		c := judge(t, usual, scale)
		for what, query := range map[string]string{"coefficient": coefficients, "index": index, "rank": ranks, "crossed effect": crossed} {
			if keys := differ(base.numbers(t, query), c.numbers(t, query)); keys != nil {
				t.Errorf("%d values of a %s changed with all money times %v, such as %s", len(keys), what, scale, keys[0])
			}
		}
	}
}

// TestDriversAreAllowed reads the parsed SQL behind the drivers: relations from
// a short list, and no column that is a person's behaviour or a protected
// attribute, nor a person's own sales.
func TestDriversAreAllowed(t *testing.T) {
	p := shippedProject(t)
	allowed := []string{"core.market_line", "core.region_tree", "core.month", "core.deal_line", "core.rep_duty", "core.target_line", "core.product", "core.customer",
		"difficulty.market_driver", "difficulty.others_driver", "difficulty.cell", "difficulty.posting", "difficulty.deal_fold", "difficulty.cell_fold"}
	banned := regexp.MustCompile(`\b(visit\w*|activit\w*|discount\w*|forecast\w*|tenure|hired_on|left_on|gender|age|group_\w+|expense\w*|rating\w*|n_visits|minutes)\b`)
	seen := map[string]bool{}
	var walk func(relation string)
	walk = func(relation string) {
		m := p.model(relation)
		if m == nil || m.Layer != "difficulty" || seen[relation] {
			return
		}
		seen[relation] = true
		if relation == "difficulty.cell_fold" { // sums of sales by fold, of which the judged fold is left out
			return
		}
		if word := banned.FindString(withoutComments(m.SQL)); word != "" {
			t.Errorf("%s uses %q, which is on the list of what may never be a driver", m.Path, word)
		}
		for _, r := range m.Reads {
			if !slices.Contains(allowed, r) {
				t.Errorf("%s reads %s, which is not a source of drivers", m.Path, r)
			}
			walk(r)
		}
	}
	walk("difficulty.feature")
	walk("difficulty.feature_others")
	for _, name := range []string{"difficulty.market_driver", "difficulty.others_driver", "difficulty.deal_fold", "difficulty.posting"} {
		if !seen[name] {
			t.Errorf("%s was not looked at", name)
		}
	}
	if banned.FindString("deal.discount_rate, n_visits") == "" {
		t.Error("the list finds nothing")
	}
	if strings.Contains(p.model("difficulty.market_driver").SQL, "sales") {
		t.Error("difficulty.market_driver names sales")
	}
}

func withoutComments(text string) string {
	return regexp.MustCompile(`--[^\n]*`).ReplaceAllString(text, "")
}

// TestDriversHaveNames holds difficulty.driver to the lists of the fit.
func TestDriversHaveNames(t *testing.T) {
	for set, model := range map[int]string{1: "feature", 2: "feature_others"} {
		text, err := levelfieldsql.Files.ReadFile("difficulty/" + model + ".sql")
		if err != nil {
			t.Fatal(err)
		}
		list := regexp.MustCompile(`(?s)\[\n(.*?)\n\s+\]::double\[\]`).FindStringSubmatch(string(text))
		if list == nil {
			t.Fatalf("%s.sql has no list of drivers", model)
		}
		n := len(strings.Split(strings.TrimSpace(list[1]), "\n"))
		conn := memory(t)
		names, err := levelfieldsql.Files.ReadFile("difficulty/driver.sql")
		if err != nil {
			t.Fatal(err)
		}
		var named, last int
		if err := conn.QueryRowContext(t.Context(), fmt.Sprintf("select count(*), max(position) from (%s) where set_number = %d", names, set)).Scan(&named, &last); err != nil {
			t.Fatal(err)
		}
		if named != n || last != n {
			t.Errorf("%s.sql fits %d drivers, driver.sql names %d up to place %d", model, n, named, last)
		}
	}
}
