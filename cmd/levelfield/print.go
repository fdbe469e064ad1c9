package main

import (
	"encoding/csv"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// printTable writes rows in the format the person asked for: columns for
// people, objects for json, a file for csv. Numbers in `right` columns are
// aligned right for people.
func (a *app) printTable(header []string, rows [][]string, right ...int) error {
	switch a.format {
	case "json":
		list := make([]map[string]string, 0, len(rows))
		for _, r := range rows {
			object := make(map[string]string, len(header))
			for i, h := range header {
				object[h] = r[i]
			}
			list = append(list, object)
		}
		return a.printJSON(list)
	case "csv":
		w := csv.NewWriter(a.out)
		w.Write(header)
		w.WriteAll(rows)
		return w.Error()
	}
	isRight := map[int]bool{}
	for _, i := range right {
		isRight[i] = true
	}
	widths := make([]int, len(header))
	all := append([][]string{header}, rows...)
	for _, r := range all {
		for i, cell := range r {
			widths[i] = max(widths[i], columns(cell))
		}
	}
	for _, r := range all {
		var line strings.Builder
		for i, cell := range r {
			pad := strings.Repeat(" ", widths[i]-columns(cell))
			if isRight[i] {
				line.WriteString(pad + cell + "  ")
			} else {
				line.WriteString(cell + pad + "  ")
			}
		}
		if _, err := a.out.Write([]byte(strings.TrimRight(line.String(), " ") + "\n")); err != nil {
			return err
		}
	}
	return nil
}

func (a *app) printJSON(v any) error {
	enc := json.NewEncoder(a.out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// columns counts terminal columns: Chinese characters take two.
func columns(s string) int {
	n := utf8.RuneCountInString(s)
	for _, r := range s {
		switch width.LookupRune(r).Kind() {
		case width.EastAsianWide, width.EastAsianFullwidth:
			n++
		}
	}
	return n
}
