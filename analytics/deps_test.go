package analytics

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
)

// TestPackagesImportInOneDirection holds the house's order: what a package may
// not reach, directly or through others, outside its tests.
func TestPackagesImportInOneDirection(t *testing.T) {
	const (
		duckdb   = "github.com/duckdb/duckdb-go"
		gin      = "github.com/gin-gonic/gin"
		goCharts = "github.com/go-echarts/go-echarts"
	)
	rules := []struct {
		of    string   // package, with those below it
		never []string // prefixes it may not import
	}{
		{"levelfield/ingest", []string{duckdb, gin, "levelfield/analytics", "levelfield/dashboard"}},
		{"levelfield/analytics", []string{gin, goCharts, "levelfield/ingest", "levelfield/dashboard"}},
		{"levelfield/dashboard/chart", []string{gin, duckdb}},
		{"levelfield/dashboard", []string{"levelfield/ingest"}},
	}
	out, err := exec.Command("go", "list", "-e", "-json=ImportPath,Deps,Imports", "levelfield/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	under := func(name, prefix string) bool { return name == prefix || strings.HasPrefix(name, prefix+"/") }
	seen := map[string]bool{}
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p struct {
			ImportPath    string
			Deps, Imports []string
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if p.ImportPath == "levelfield/sql" {
			if strings.Join(p.Imports, " ") != "embed" {
				t.Errorf("levelfield/sql imports %v; only embed is allowed", p.Imports)
			}
			continue
		}
		for _, rule := range rules {
			if !under(p.ImportPath, rule.of) {
				continue
			}
			seen[rule.of] = true
			for _, dep := range p.Deps {
				for _, never := range rule.never {
					if under(dep, never) {
						t.Errorf("%s imports %s, which %s must not", p.ImportPath, dep, rule.of)
					}
				}
			}
		}
	}
	if !seen["levelfield/ingest"] || !seen["levelfield/analytics"] {
		t.Error("the packages were not found")
	}
}
