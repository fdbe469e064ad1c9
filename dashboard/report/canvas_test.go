package report

import (
	"html/template"
	"testing"
	"time"

	"levelfield/dashboard/dashtest"
	"levelfield/dashboard/i18n"
)

// TestPaperDrawsWithItsPartOfTheLibraryAsWithTheWhole draws every chart of
// every pack twice: a kind of chart that dashboard/web/paper.mjs leaves out
// would be a blank on paper, without an error.
func TestPaperDrawsWithItsPartOfTheLibraryAsWithTheWhole(t *testing.T) {
	part, err := NewPress()
	if err != nil {
		t.Fatal(err)
	}
	whole, err := NewPress()
	if err != nil {
		t.Fatal(err)
	}
	if whole.canvas, err = newCanvas("dist/echarts.min.js"); err != nil {
		t.Fatal(err)
	}
	run, release, err := dashtest.Runs(t).Acquire()
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	month := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
	for _, o := range []Order{{Kind: ForCompany}, {Kind: ForRegion, UnitID: dashtest.OwnRegion}, {Kind: ForTeam, UnitID: dashtest.OwnTeam}, {Kind: ForPerson, UnitID: dashtest.OwnRep}} {
		o.Month, o.Store, o.Lang = month, dashtest.Store(t), i18n.ZhCN
		var charts [2][]template.HTML
		for i, press := range []*Press{part, whole} {
			r, err := press.Make(t.Context(), run, o, month)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range r.Sections {
				for _, b := range flat(s.Blocks) {
					for _, d := range append(b.Drawings[:len(b.Drawings):len(b.Drawings)], b.Smalls...) {
						charts[i] = append(charts[i], d.SVG)
					}
				}
			}
		}
		if len(charts[0]) < 2 || len(charts[0]) != len(charts[1]) {
			t.Errorf("%s: %d charts with paper's part of the library, %d with the whole", o.Kind, len(charts[0]), len(charts[1]))
			continue
		}
		for i, svg := range charts[0] {
			if svg != charts[1][i] {
				t.Errorf("%s: chart %d differs from the one that the whole library draws:\n%s\n%s", o.Kind, i+1, svg, charts[1][i])
			}
		}
	}
}
