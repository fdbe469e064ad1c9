package analytics

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"levelfield/analytics/plan"
)

// CheckResult is one row of checks.result.
type CheckResult struct {
	CheckID  string // relation.name, or checks.name for a file of sql/checks
	Relation string // that it guards
	Severity string // stop or warn
	Failures int64  // rows that the check returned
	Title    Words
	Sample   string // the first failures as JSON, "[]" for none
	Took     time.Duration
}

// Passed reports whether the check found nothing.
func (c CheckResult) Passed() bool { return c.Failures == 0 }

// CheckError says that a calculation was not published because checks of
// severity stop failed.
type CheckError struct{ Failed []CheckResult }

func (e *CheckError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "not published: %d checks failed", len(e.Failed))
	if len(e.Failed) == 1 {
		b.Reset()
		b.WriteString("not published: a check failed")
	}
	for _, c := range e.Failed {
		fmt.Fprintf(&b, "\n  %s: %s: %d rows, such as %s", c.CheckID, c.Title.En, c.Failures, c.Sample)
	}
	b.WriteString("\nThe run before stays in use. Correct the exports or the models and calculate again.")
	return b.String()
}

// checkTasks runs every check, each as soon as what it reads is made. Results
// are there when the tasks are done, in the order of models.
func (b *build) checkTasks(of map[string]*task, meta *task) (tasks []*task, results []*CheckResult) {
	var all []Check
	for _, m := range b.project.models {
		for _, c := range m.Twin.Checks {
			c.Name = m.Relation + "." + c.Name
			all = append(all, c)
		}
	}
	for _, m := range b.project.checks {
		all = append(all, Check{Name: m.Relation, Severity: m.Twin.Severity, SQL: m.SQL, Title: m.Twin.Title, relation: m.Relation, reads: m.Reads})
	}
	for _, c := range all {
		result := &CheckResult{}
		results = append(results, result)
		tasks = append(tasks, &task{what: c.Name, after: waitsFor(c.reads, of, meta), do: func(ctx context.Context, w *worker) (rows int64, err error) {
			*result, err = c.run(ctx, w.conn)
			return result.Failures, err
		}})
	}
	return tasks, results
}

// keepChecks keeps what checks found in checks.result. The error is a
// *CheckError where a check of severity stop failed.
func (b *build) keepChecks(ctx context.Context, results []*CheckResult) error {
	var rows [][]any
	failed := &CheckError{}
	for _, r := range results {
		b.result.Checks = append(b.result.Checks, *r)
		status := "pass"
		if !r.Passed() {
			status = "fail"
			if r.Severity == "stop" {
				failed.Failed = append(failed.Failed, *r)
			}
		}
		rows = append(rows, []any{r.CheckID, r.Relation, r.Severity, status, r.Failures, r.Title.En, r.Title.Zh, r.Sample})
	}
	err := createRows(ctx, b.conn, "checks.result", []plan.Column{
		{Name: "check_id", Type: "varchar"}, {Name: "relation", Type: "varchar"}, {Name: "severity", Type: "varchar"},
		{Name: "status", Type: "varchar"}, {Name: "n_failures", Type: "bigint"},
		{Name: "title_en", Type: "varchar"}, {Name: "title_zh", Type: "varchar"}, {Name: "sample_json", Type: "varchar"},
	}, rows)
	if err == nil && failed.Failed != nil {
		err = failed
	}
	return err
}

// run counts what a check finds and takes the first of it as a sample.
func (c Check) run(ctx context.Context, conn *sql.Conn) (CheckResult, error) {
	r := CheckResult{CheckID: c.Name, Relation: c.relation, Severity: c.Severity, Title: c.Title}
	started := time.Now()
	err := conn.QueryRowContext(ctx, "with failure as materialized (\n"+strings.TrimSuffix(strings.TrimSpace(c.SQL), ";")+
		"\n) select (select count(*) from failure), (select coalesce(to_json(list(f)), '[]')::varchar from (select * from failure order by all limit 5) as f)").Scan(&r.Failures, &r.Sample)
	if err != nil {
		return r, fmt.Errorf("check %s: %w", c.Name, err)
	}
	r.Took = time.Since(started)
	return r, nil
}
