package analytics

import (
	"testing"
	"time"

	"levelfield/analytics/plan"
)

// Shipped plans name shipped indicators only, and their tables can be created.
func TestShippedPlansNameShippedIndicators(t *testing.T) {
	known, err := Indicators(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range plan.Presets {
		text, err := plan.Preset(name)
		if err != nil {
			t.Fatal(err)
		}
		f, err := plan.Parse(name+".yaml", text, known)
		if err != nil {
			t.Error(err)
			continue
		}
		conn := memory(t)
		if err := createSchemas(t.Context(), conn); err != nil {
			t.Fatal(err)
		}
		if err := createPlan(t.Context(), conn, plan.Of(f).Tables(time.Time{}, nil)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		var untitled, off int
		if err := conn.QueryRowContext(t.Context(), "select count(*) from plan.node where title_en is null or title_zh is null").Scan(&untitled); err != nil {
			t.Fatal(err)
		}
		if err := conn.QueryRowContext(t.Context(), "select count(*) from (select sum(weight) as w from plan.node where parent is not null group by scorecard, parent) where abs(w - 1) > 1e-9").Scan(&off); err != nil {
			t.Fatal(err)
		}
		if untitled > 0 || off > 0 {
			t.Errorf("%s: %d parts without title, %d with weights that do not add up", name, untitled, off)
		}
	}
}
