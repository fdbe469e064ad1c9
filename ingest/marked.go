package ingest

import (
	"fmt"
	"strconv"
	"strings"

	"levelfield/ingest/source"
)

// MarkedRow is one row of a marked copy: a refused row and what is wrong
// with it.
type MarkedRow struct {
	Sheet  string // "" for text files
	Row    int64  // in the person's own file, 0 where the copy does not say
	Column string // columns that are wrong, joined with "; "
	Reason string // what is wrong in each, joined with "; "
}

// ReadMarked returns up to most rows of a marked copy, in the order of the
// file. A file that is no marked copy has none.
func ReadMarked(path string, most int) ([]MarkedRow, error) {
	tables, err := source.Open(path, source.Options{Header: -1})
	if err != nil {
		return nil, fmt.Errorf("read the marked copy of the refused rows: %w", err)
	}
	var all []MarkedRow
	for _, t := range tables {
		for row, err := range t.Rows() {
			if err != nil {
				return all, fmt.Errorf("read the marked copy of the refused rows: %w", err)
			}
			if len(all) == most {
				return all, nil
			}
			if m, ok := marked(row.Raw); ok {
				m.Sheet = t.Sheet
				all = append(all, m)
			}
		}
	}
	return all, nil
}

// marked reads the two cells that were added to a refused row. The header of
// the copy and rows without the two cells are none.
func marked(cells []string) (MarkedRow, bool) {
	for len(cells) > 0 && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	if len(cells) < 2 {
		return MarkedRow{}, false
	}
	rest, ok := strings.CutPrefix(cells[len(cells)-1], "row ")
	number, reason, cut := strings.Cut(rest, ": ")
	row, err := strconv.ParseInt(number, 10, 64)
	if !ok || !cut || err != nil {
		return MarkedRow{}, false
	}
	return MarkedRow{Row: row, Column: cells[len(cells)-2], Reason: reason}, true
}
