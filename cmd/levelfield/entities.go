package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"levelfield/ingest/table"
)

func (a *app) entitiesCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "entities [NAME]",
		Short: "List the canonical entities and their fields",
		Long:  "List the canonical entities and their fields. A file whose header is exactly an\nentity's field names needs no mapping.",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return a.printEntities()
			}
			e := table.Find(args[0])
			if e == nil {
				return usageError{fmt.Errorf("entity %s: unknown; `levelfield entities` lists them", args[0])}
			}
			return a.printFields(e)
		},
	}
}

func (a *app) printEntities() error {
	var rows [][]string
	for _, e := range table.All {
		names := make([]string, len(e.Fields))
		for i, f := range e.Fields {
			names[i] = f.Name
		}
		rows = append(rows, []string{e.Name, e.Zh, e.En, strings.Join(names, " ")})
	}
	return a.printTable([]string{"entity", "zh-CN", "en", "fields"}, rows)
}

func (a *app) printFields(e *table.Entity) error {
	var rows [][]string
	for _, f := range e.Fields {
		var rules []string
		switch {
		case f.Key && f.Required:
			rules = append(rules, "key")
		case f.Key:
			rules = append(rules, "key, may be blank")
		case f.Required:
			rules = append(rules, "required")
		}
		if f.Ref != "" {
			rules = append(rules, "id of "+f.Ref)
		}
		rows = append(rows, []string{f.Name, f.Kind.String(), f.Unit, strings.Join(rules, ", "), f.Zh[0], f.En[0]})
	}
	return a.printTable([]string{"field", "type", "unit", "rule", "zh-CN", "en"}, rows)
}
