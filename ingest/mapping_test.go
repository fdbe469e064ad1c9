package ingest

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestADistinctEntityTakesTheFirstRowOfEachKey(t *testing.T) {
	ws := workspace(t, map[string]string{
		"mappings/m.yaml": "match: {file: people.csv}\nrows:\n" +
			"  - entity: rep\n    columns: {rep_id: Name, name: Name, team_id: Team}\n" +
			"  - entity: team\n    distinct: true\n    columns: {team_id: Team, name: Team}\n",
		"people.csv": "Name,Team\nAnn,North\nBob,North\nCid,South\n",
	})
	report := ws.load(t, Options{}, "people.csv")
	type counts struct {
		Read, Loaded, Refused int64
		LeftOut               map[string]int64
	}
	got := map[string]counts{}
	for _, f := range report.Files {
		for _, tr := range f.Tables {
			got[tr.Entity] = counts{tr.Read, tr.Loaded, tr.Refused, tr.LeftOut}
		}
	}
	want := map[string]counts{
		"rep":  {3, 3, 0, map[string]int64{}},
		"team": {2, 2, 0, map[string]int64{"repeat": 1}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
}

func TestAnIgnoredTableIsSaidAndIsNoFailure(t *testing.T) {
	ws := workspace(t, map[string]string{
		"mappings/colours.yaml": "match: {file: colours.csv}\nignore: colours for charts\n",
		"colours.csv":           "Name,Colour\nA,red\n",
	})
	report := ws.load(t, Options{}, "colours.csv")
	file := report.Files[0]
	if file.Err != nil || len(file.Tables) != 0 {
		t.Errorf("error %v, tables %v", file.Err, file.Tables)
	}
	want := []string{"colours.csv: ignored by mapping colours: colours for charts"}
	if diff := cmp.Diff(want, file.Notes); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
}
