package report_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"levelfield/dashboard/dashtest"
	"levelfield/dashboard/i18n"
	"levelfield/dashboard/report"
)

func TestXLSXHoldsEveryTableWithNumbersAsNumbers(t *testing.T) {
	for _, lang := range i18n.Langs {
		r := executive(t, lang)
		var b bytes.Buffer
		if err := r.XLSX(&b); err != nil {
			t.Fatal(err)
		}
		shot(t, "report-"+string(lang)+".xlsx", b.Bytes())
		f, err := excelize.OpenReader(&b)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		sheets := f.GetSheetList()
		first, err := f.GetRows(sheets[0])
		if err != nil {
			t.Fatal(err)
		}
		cover := ""
		for _, row := range first {
			cover += strings.Join(row, " ") + "\n"
		}
		for _, want := range append([]string{r.Company, r.State, dashtest.RunID, r.Meta.InputHash, lang.Month(r.Month)}, sheets[1:]...) {
			if !strings.Contains(cover, want) {
				t.Errorf("%s: the first sheet lacks %q", lang, want)
			}
		}
		tables := 0
		for _, s := range r.Sections {
			for _, block := range s.Blocks {
				if block.Data == nil || len(block.Data.Rows) == 0 {
					continue
				}
				tables++
				sheet := sheets[tables]
				for y, row := range block.Data.Rows {
					for x, c := range row {
						cell, _ := excelize.CoordinatesToCellName(x+1, y+2)
						kind, _ := f.GetCellType(sheet, cell)
						number := kind == excelize.CellTypeUnset || kind == excelize.CellTypeNumber
						if _, ok := c.Raw.(float64); ok && !number {
							t.Errorf("%s: %s!%s is not a number", lang, sheet, cell)
						}
						if text, ok := c.Raw.(string); ok && text != "" && number {
							t.Errorf("%s: %s!%s %q is not text", lang, sheet, cell, text)
						}
						if formula, _ := f.GetCellFormula(sheet, cell); formula != "" {
							t.Errorf("%s: %s!%s would run %s", lang, sheet, cell, formula)
						}
					}
				}
			}
		}
		if tables < 8 || tables != len(sheets)-1 {
			t.Errorf("%s: %d tables, %d sheets", lang, tables, len(sheets))
		}
	}
}

func TestEachSheetOfAStatementIsNamedAfterWhatItHolds(t *testing.T) {
	run, release, err := dashtest.Runs(t).Acquire()
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	r, err := thePress(t).Make(t.Context(), run, report.Order{Kind: report.ForPerson, UnitID: dashtest.OwnRep, Month: october, Lang: i18n.En}, october)
	if err != nil {
		t.Fatal(err)
	}
	named, finding := 0, r.Sections[0].Title
	for _, block := range r.Sections[0].Blocks {
		if block.Data == nil || block.Table != nil || len(block.Drawings) > 0 {
			continue
		}
		if named++; block.Title == "" && (block.Name == "" || block.Name == finding) {
			t.Errorf("sheet %s would be listed as %q, which is the finding of the whole statement", block.ID, finding)
		}
	}
	if named == 0 {
		t.Error("the fixture's statement has no score tree that is in the workbook only")
	}
}
