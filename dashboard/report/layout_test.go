package report

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

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
		checkPages(t, seed, pages, f)
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

func checkPages(t *testing.T, seed uint64, pages [][]placed, f frame) {
	t.Helper()
	for i, page := range pages {
		for j, b := range page {
			if end := b.y + b.height; b.y < f.top || end > f.bottom+.01 {
				t.Errorf("seed %d: page %d: %s reaches from %.1f to %.1f", seed, i+1, b.kind, b.y, end)
			}
			if j > 0 && b.y < page[j-1].y+page[j-1].height-.01 {
				t.Errorf("seed %d: page %d: %s lies on %s", seed, i+1, b.kind, page[j-1].kind)
			}
			last := j == len(page)-1
			if last && (b.kind == "heading" || b.kind == "head") {
				t.Errorf("seed %d: page %d ends with a %s", seed, i+1, b.kind)
			}
			if j == 0 && b.kind == "row" {
				t.Errorf("seed %d: page %d begins with a row and repeats no heads", seed, i+1)
			}
			if last && b.kind == "row" && j > 0 && page[j-1].kind == "head" {
				t.Errorf("seed %d: page %d ends with a single row", seed, i+1)
			}
		}
	}
}
