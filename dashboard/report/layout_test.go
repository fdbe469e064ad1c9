package report

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"levelfield/dashboard/dashtest"
	"levelfield/dashboard/i18n"
)

// TestEveryReportHoldsTheRulesOfItsPages lays out the real packs of the
// fixture: nothing reaches over an edge or lies on another, no heading stands
// alone at the end of a page, heads are repeated, and a chart's title is on the
// chart's page.
func TestEveryReportHoldsTheRulesOfItsPages(t *testing.T) {
	press, err := NewPress()
	if err != nil {
		t.Fatal(err)
	}
	run, release, err := dashtest.Runs(t).Acquire()
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	month := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
	store := dashtest.Store(t)
	for _, o := range []Order{{Kind: ForCompany}, {Kind: ForRegion, UnitID: dashtest.OwnRegion}, {Kind: ForTeam, UnitID: dashtest.OwnTeam}, {Kind: ForPerson, UnitID: dashtest.OwnRep}} {
		for _, o.Lang = range i18n.Langs {
			o.Month, o.Store = month, store
			r, err := press.Make(t.Context(), run, o, month)
			if err != nil {
				t.Fatal(err)
			}
			l, err := r.layout()
			if err != nil {
				t.Fatal(err)
			}
			pages := l.pages
			if r.HasCover() {
				pages = pages[1:]
			}
			what := fmt.Sprint(o.Kind, " ", o.Lang)
			checkPages(t, what, pages, body)
			charts := 0
			for i, page := range pages {
				for _, b := range page {
					if b.kind != "chart" && b.kind != "columns" {
						continue
					}
					charts++
					if b.kind == "columns" { // their titles stand in them
						continue
					}
					if !slices.ContainsFunc(page, func(p placed) bool { return p.kind == "heading" && p.y < b.y }) && i > 0 && page[0].kind != "chart" {
						t.Errorf("%s: page %d: a chart has lost its title", what, i+1)
					}
				}
			}
			if charts == 0 {
				t.Errorf("%s: no chart was laid out", what)
			}
		}
	}
}

// TestPaginateHoldsItsRules lays out chapters of random size.
func TestPaginateHoldsItsRules(t *testing.T) {
	f := frame{left: 0, top: 80, width: 500, bottom: 780}
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 1))
		var boxes []*box
		for table := range 1 + r.IntN(6) {
			name := fmt.Sprint(table)
			if r.IntN(3) == 0 {
				boxes = append(boxes, &box{kind: "heading", name: name, height: 30, above: 34, stays: true, fresh: true, mark: &mark{}})
			}
			boxes = append(boxes, &box{kind: "heading", name: name, height: 18, above: 16, stays: true})
			if r.IntN(2) == 0 {
				boxes = append(boxes, &box{kind: "chart", name: name, height: 40 + 500*r.Float64()})
				continue
			}
			head := &box{kind: "head", name: name, height: 20, stays: true, above: 8}
			boxes = append(boxes, head)
			n := 2 + r.IntN(120)
			for i := range n {
				boxes = append(boxes, &box{kind: "row", name: name, height: 14, head: head, stays: i == 0 || i == n-2})
			}
		}
		pages := paginate(boxes, f)
		checkPages(t, fmt.Sprint("seed ", seed), pages, f)
		seen := 0
		for _, page := range pages {
			for _, b := range page {
				if b.kind != "head" {
					seen++
				}
			}
		}
		want := 0
		for _, b := range boxes {
			if b.kind != "head" {
				want++
			}
		}
		if seen != want {
			t.Errorf("seed %d: %d of %d boxes were placed", seed, seen, want)
		}
	}
}

func checkPages(t *testing.T, what string, pages [][]placed, f frame) {
	t.Helper()
	for i, page := range pages {
		for j, b := range page {
			if end := b.y + b.height; b.y < f.top || end > f.bottom+.01 {
				t.Errorf("%s: page %d: %s reaches from %.1f to %.1f", what, i+1, b.kind, b.y, end)
			}
			if j > 0 && b.y < page[j-1].y+page[j-1].height-.01 {
				t.Errorf("%s: page %d: %s lies on %s", what, i+1, b.kind, page[j-1].kind)
			}
			last := j == len(page)-1
			if last && (b.kind == "heading" || b.kind == "head") {
				t.Errorf("%s: page %d ends with a %s", what, i+1, b.kind)
			}
			if j == 0 && b.kind == "row" {
				t.Errorf("%s: page %d begins with a row and repeats no heads", what, i+1)
			}
			goesOn := i+1 < len(pages) && pages[i+1][0].kind == "head" && pages[i+1][0].name == b.name
			if last && b.kind == "row" && j > 0 && page[j-1].kind == "head" && goesOn {
				t.Errorf("%s: page %d ends with a single row", what, i+1)
			}
		}
	}
}
