// Package dashtest makes small published runs for tests of the dashboard: a
// company whose numbers come from a hash, in the relations that pages read.
package dashtest

import (
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"levelfield/analytics"
	levelfieldsql "levelfield/sql"
)

// fixtures are the relations of the company, fixture.sql first, then a file for
// each part of the product.
//
//go:embed *.sql
var fixtures embed.FS

// RunID is the id of the fixture's run; its last month is October 2026.
const RunID = "r-20261104-f1c7"

// Change alters the fixture before it is published, such as a "delete from".
type Change string

// Workspace makes a workspace with a published run and returns its folder.
func Workspace(t testing.TB, changes ...Change) string {
	t.Helper()
	dir := t.TempDir()
	run := filepath.Join(dir, "runs", RunID)
	if err := os.MkdirAll(run, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(run, "run.duckdb"), database(t, changes), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "runs", "CURRENT"), []byte(RunID+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

// company returns the fixtures in their order.
func company(t testing.TB) (all []Change) {
	t.Helper()
	names, err := fs.Glob(fixtures, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	names = append([]string{"fixture.sql"}, slices.DeleteFunc(names, func(name string) bool { return name == "fixture.sql" })...)
	for _, name := range names {
		text, err := fixtures.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, Change(text))
	}
	return all
}

var (
	mu   sync.Mutex
	made = map[string][]byte{}
)

// database makes the run's file, once for each set of changes.
func database(t testing.TB, changes []Change) []byte {
	t.Helper()
	mu.Lock()
	defer mu.Unlock()
	key := fmt.Sprint(changes)
	if made[key] != nil {
		return made[key]
	}
	file := filepath.Join(t.TempDir(), "run.duckdb")
	db, err := sql.Open("duckdb", file)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	series, err := levelfieldsql.Files.ReadFile("diagnosis/unit_change.sql")
	if err != nil {
		t.Fatal(err)
	}
	macros, err := fs.Glob(levelfieldsql.Files, "macros/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	var all []Change
	for _, name := range macros {
		text, err := levelfieldsql.Files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, Change(strings.Replace(string(text), "create macro", "create or replace macro", 1))) // some come with the company
	}
	all = append(append(company(t), all...), "create view diagnosis.unit_change as "+Change(series)) // a view: it follows the changes
	for _, text := range append(all, changes...) {
		if _, err := db.Exec(string(text)); err != nil {
			t.Fatalf("fixture: %v", err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if made[key], err = os.ReadFile(file); err != nil {
		t.Fatal(err)
	}
	return made[key]
}

// Runs follows the runs of such a workspace until the test ends.
func Runs(t testing.TB, changes ...Change) *analytics.Runs {
	t.Helper()
	runs := analytics.NewRuns(Workspace(t, changes...))
	t.Cleanup(runs.Close)
	return runs
}

// OnlyDeals leaves what a company has that exports its deals only: sales, win
// rate and order value; no targets, cost, cash, expenses, visits or surveys.
const OnlyDeals Change = `
delete from indicators.value where indicator not in ('sales_amount', 'sales_growth', 'sales_growth_last_month', 'win_rate', 'win_rate_amount', 'average_order_value', 'new_customers');
update core.sales_line set quantity = null;
update core.sales_month set quantity = null, returned_amount = 0;
update core.bridge_month set quantity = null, known_quantity = null, returned_amount = 0, gross_amount = net_amount, known_gross_amount = known_net_amount, new_gross_amount = net_amount - known_net_amount;
delete from plan.target;
update meta.run set sales_source = 'deals';
update difficulty.variance set verdict = 'not separable', shared_rate = 0, mover_rate = 0;
delete from fairness.funnel; delete from fairness.rank_interval; delete from fairness.mover_cell; delete from fairness.target_gap; delete from fairness.line;
delete from fairness.gap; delete from fairness.rater; delete from fairness.rater_spread; delete from fairness.source; delete from fairness.stratum;
update fairness.person set score = null, target = null, has_targets = false, has_scores = false;
delete from fairness.finding;
insert into fairness.finding (item, measure, group_kind, group_id, n, flag, reason) values
    ('F1', '', '', '', 0, 'cannot tell', 'not separable'), ('F2', '', '', '', 0, 'cannot tell', 'not separable'), ('F3', '', '', '', 0, 'cannot tell', 'no difficulty'),
    ('F4', '', '', '', 0, 'cannot tell', 'no movers'), ('F5', '', '', '', 0, 'cannot tell', 'no groups'), ('F8', '', '', '', 0, 'cannot tell', 'no strata'), ('F9', '', '', '', 0, 'cannot tell', 'no strata'),
    ('F10', '', '', '', 0, 'cannot tell', 'no groups'), ('F11', '', '', '', 0, 'cannot tell', 'no scores'), ('F12', '', '', '', 0, 'cannot tell', 'no ratings'),
    ('F13', '', '', '', 0, 'cannot tell', 'not separable'), ('F14', '', '', '', 0, 'cannot tell', 'no scores'), ('F15', '', '', '', 0, 'cannot tell', 'no targets');
`

// SharedTerritories is a company that exports won and lost deals of people who
// share few territories and never move: no market data, no targets.
const SharedTerritories Change = `
delete from core.market_line;
delete from core.target_unit where unit_kind = 'rep';
update difficulty.gate set mover_share = 0, n_cells = 3;
update difficulty.rep_coefficient set d_data = 1, d = 1, d_low = .9, d_high = 1.1;
`

// OwnTerritories is a company of which part has a territory a person, without
// market data, deals or anybody who moved.
const OwnTerritories Change = `
delete from core.market_line;
delete from core.deal_month;
update difficulty.gate set mover_share = 0, multi_share = .6;
update difficulty.rep_coefficient set level_used = 'company', d_low = d_data / 8, d_high = d_data * 8 where cell_id <> 'R1';
`
