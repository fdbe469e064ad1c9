package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"levelfield/dashboard/auth"
)

func (a *app) auditCommand() *cobra.Command {
	var who, action, from, to string
	var most int
	c := &cobra.Command{
		Use:     "audit",
		Short:   "Print the log: who did, changed and read what",
		Example: "  levelfield audit --action read_pay --from 2026-11-01 --format csv",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			low, err := day("--from", from)
			if err != nil {
				return err
			}
			high, err := day("--to", to)
			if err != nil {
				return err
			}
			if !high.IsZero() {
				high = high.AddDate(0, 0, 1).Add(-time.Millisecond)
			}
			return a.withAccounts(c.Context(), func(accounts auth.Accounts) error {
				log, err := accounts.Store.AuditOf(c.Context(), who, action, low, high, most)
				if err != nil {
					return err
				}
				var rows [][]string
				for _, r := range log {
					rows = append(rows, []string{r.At.Local().Format("2006-01-02 15:04:05"), r.Who, r.Action, r.Object, r.Detail})
				}
				return a.printTable([]string{"at", "who", "action", "object", "detail"}, rows)
			})
		},
	}
	f := c.Flags()
	f.StringVar(&who, "who", "", "only what this person did")
	f.StringVar(&action, "action", "", "only this action, such as read_pay or change_role")
	f.StringVar(&from, "from", "", "first day, such as 2026-11-01")
	f.StringVar(&to, "to", "", "last day")
	f.IntVar(&most, "most", 1000, "newest rows to print")
	return c
}

// day reads a day of the local calendar; empty stays zero.
func day(flag, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.ParseInLocation(time.DateOnly, text, time.Local)
	if err != nil {
		return t, usageError{fmt.Errorf("%s %s: not a day; write it as 2026-10-31", flag, text)}
	}
	return t, nil
}
