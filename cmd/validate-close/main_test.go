package main

import (
	"strings"
	"testing"
)

// TestTwentyFourCloses is the small version of what the command measures: three
// calculations, 24 closes, two restatements of one month, every ledger ties.
func TestTwentyFourCloses(t *testing.T) {
	if testing.Short() {
		t.Skip("several calculations")
	}
	var out strings.Builder
	c := life{Reps: 12, OrderLines: 2_400, IsShort: true}
	if err := run(t.Context(), c, t.TempDir(), &out); err != nil {
		t.Errorf("%v\n%s", err, &out)
	}
	t.Logf("\n%s", &out)
}
