package ingest_test

import (
	"context"
	"testing"

	"levelfield/ingest"
	"levelfield/ingest/sample"
)

func TestTheSampleCompanyLoadsByBothRoutes(t *testing.T) {
	type counts struct{ read, loaded, refused int64 }
	var results [2]map[string]counts
	for i, general := range []bool{false, true} {
		dir := t.TempDir()
		if err := sample.Generate(dir, sample.Config{Reps: 24, Months: 3, OrderLines: 3000, Visits: 2000}); err != nil {
			t.Fatal(err)
		}
		r, err := ingest.Load(context.Background(), ingest.Workspace{Dir: dir}, nil, ingest.Options{General: general})
		if err != nil {
			t.Fatal(err)
		}
		results[i] = map[string]counts{}
		for _, f := range r.Files {
			if f.Err != nil {
				t.Errorf("%s: %v", f.File, f.Err)
			}
			for _, tb := range f.Tables {
				c := results[i][tb.Entity]
				c.read += tb.Read
				c.loaded += tb.Loaded
				c.refused += tb.Refused
				results[i][tb.Entity] = c
			}
		}
	}
	for entity, fast := range results[0] {
		if fast != results[1][entity] {
			t.Errorf("%s: %+v by the fast route, %+v by the general one", entity, fast, results[1][entity])
		}
		if fast.read != fast.loaded+fast.refused {
			t.Errorf("%s: %d rows read, %d loaded, %d refused", entity, fast.read, fast.loaded, fast.refused)
		}
	}
	if results[0]["order_line"].loaded == 0 || results[0]["deal"].loaded == 0 {
		t.Errorf("no orders or no deals: %v", results[0])
	}
}
