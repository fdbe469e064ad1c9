package dashboard_test

import (
	"encoding/csv"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"levelfield/dashboard"
	"levelfield/dashboard/auth"
	"levelfield/dashboard/dashtest"
)

// hostile gives units, products and customers names that a page or a
// spreadsheet must not run.
const hostile dashtest.Change = `
update core.region set region_name = '</script><script>alert(1)</script>' where region_id = 'R1';
update core.unit set unit_name = '</script><script>alert(1)</script>' where unit_id = 'R1';
update core.unit set unit_name = '=cmd|'' /C calc''!A0' where unit_id in ('R2', 'R1T1', 'R1T1P1');
update core.unit set unit_name = '"><img src=x onerror=alert(1)>' where unit_id in ('R3', 'R1T2', 'R1T1P2');
update core.unit set unit_name = '@SUM(1+1)' where unit_id = 'R4';
update core.rep set rep_name = '=cmd|'' /C calc''!A0';
update core.customer set customer_name = '<script>alert(2)</script>';
update core.sales_line set customer_id = '=cmd|'' /C calc''!A0', source_file = '<script>alert(3)</script>';
update core.unmatched set value = '=cmd|'' /C calc''!A0' where entity = 'deal';
update core.unmatched set value = '<script>alert(4)</script>' where entity <> 'deal';
update meta.load_table set file = '=cmd|'' /C calc''!A0.csv', sheet = '<script>alert(5)</script>';
update meta.run set company = '<script>alert(6)</script>';
`

// TestNamesFromExportsAreHarmless looks at every page, CSV and workbook of a
// company whose names are attacks.
func TestNamesFromExportsAreHarmless(t *testing.T) {
	s, err := dashboard.New(dashboard.Config{Runs: dashtest.Runs(t, hostile), Store: dashtest.Store(t), Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	admin := dashtest.As(t, s, "admin")
	scripts := regexp.MustCompile(`<script>|<img src=x|onerror=alert\(1\)>`)
	link := regexp.MustCompile(`href="([^"]*[?&;]as=(csv|xlsx)[^"]*)"`)
	seen, formulas := map[string]bool{}, 0
	for _, route := range dashboard.RoutesOf(s) {
		if route.Page == "" || route.Method != http.MethodGet {
			continue
		}
		answer := get(t, admin, fill(t, route.Path, 0), "Accept-Language", "en")
		page := answer.Body.String()
		if answer.Code != http.StatusOK && auth.Admin.Opens(route.Page) && !strings.Contains(route.Path, "/appeals/:id") {
			t.Errorf("%s: status %d", route.Path, answer.Code)
		}
		if found := scripts.FindString(page); found != "" {
			t.Errorf("%s holds %s", route.Path, found)
		}
		for _, m := range link.FindAllStringSubmatch(page, -1) {
			target := strings.ReplaceAll(m[1], "&amp;", "&")
			if seen[target] {
				continue
			}
			seen[target] = true
			w := get(t, admin, target)
			if w.Code != http.StatusOK {
				t.Errorf("%s: status %d", target, w.Code)
				continue
			}
			if m[2] == "csv" {
				rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(w.Body.String(), "\ufeff"))).ReadAll()
				if err != nil {
					t.Fatalf("%s: %v", target, err)
				}
				for _, row := range rows {
					for _, cell := range row {
						if strings.HasPrefix(cell, "=") || strings.HasPrefix(cell, "@") {
							t.Errorf("%s: a spreadsheet would run %s", target, cell)
						}
						if strings.HasPrefix(cell, "'=cmd") {
							formulas++
						}
					}
				}
				continue
			}
			f, err := excelize.OpenReader(w.Body)
			if err != nil {
				t.Fatalf("%s: %v", target, err)
			}
			for _, sheet := range f.GetSheetList() {
				rows, err := f.GetRows(sheet)
				if err != nil {
					t.Fatal(err)
				}
				for y, row := range rows {
					for x := range row {
						at, _ := excelize.CoordinatesToCellName(x+1, y+1)
						if formula, _ := f.GetCellFormula(sheet, at); formula != "" {
							t.Errorf("%s %s!%s is the formula %s", target, sheet, at, formula)
						}
					}
				}
			}
			f.Close()
		}
	}
	if formulas == 0 {
		t.Error("no export held a hostile name: the test proves nothing")
	}
}

func TestPathsStayInside(t *testing.T) {
	h := newHouse(t)
	for _, target := range []string{"/assets/../../levelfield.yaml", "/assets/%2e%2e/%2e%2e/state.db", "/assets/shared/../../go.mod", "/data/refused/..%2f..%2fstate.db", "/data/refused/%2e%2e", "/indicators/..%2f..%2fetc%2fpasswd", "/indicators/'; drop table core.unit; --", "/people/..%2fR2T1P1"} {
		w := get(t, h.as["admin"], strings.ReplaceAll(target, " ", "%20"))
		if w.Code != http.StatusNotFound && w.Code != http.StatusForbidden && w.Code != http.StatusBadRequest {
			t.Errorf("%s: status %d", target, w.Code)
		}
	}
}
