package report

import (
	"html/template"
	"os"
	"strings"
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
	if whole.canvas, err = newCanvas(os.DirFS("../web/node_modules/echarts/dist"), "echarts.min.js"); err != nil {
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

// TestDrawingsOfOneFileDoNotCutEachOther looks for two drawings of different
// outline under one id: a browser would clip the second by the first.
func TestDrawingsOfOneFileDoNotCutEachOther(t *testing.T) {
	one := steadyIDs(`<svg><clipPath id="zr7-c0"><path d="M0 0l10 0"/></clipPath><g clip-path="url(#zr7-c0)"/></svg>`)
	same := steadyIDs(`<svg><clipPath id="zr9-c0"><path d="M0 0l10 0"/></clipPath><g clip-path="url(#zr9-c0)"/></svg>`)
	other := steadyIDs(`<svg><clipPath id="zr7-c0"><path d="M0 0l90 0"/></clipPath><g clip-path="url(#zr7-c0)"/></svg>`)
	if one != same {
		t.Errorf("the same drawing has two texts:\n%s\n%s", one, same)
	}
	id := func(svg string) string { return svg[strings.Index(svg, `id="`)+4 : strings.Index(svg, "-c0")] }
	if id(one) == id(other) || strings.Count(other, id(other)+"-c0") != 2 {
		t.Errorf("two drawings share an id, or a use was not renamed:\n%s\n%s", one, other)
	}
}
