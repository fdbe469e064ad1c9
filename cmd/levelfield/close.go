package main

import (
	"context"
	"errors"
	"fmt"
	"os/user"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"levelfield/analytics"
	"levelfield/dashboard/closing"
	"levelfield/dashboard/i18n"
	"levelfield/dashboard/store"
	"levelfield/ingest/table"
)

// keysOf are the fields that name a row, by entity.
func keysOf() map[string][]string {
	keys := map[string][]string{}
	for _, e := range table.All {
		for _, f := range e.Keys() {
			keys[e.Name] = append(keys[e.Name], f.Name)
		}
	}
	return keys
}

// atDesk opens what a month is closed with, for the time of do.
func (a *app) atDesk(ctx context.Context, do func(*closing.Desk) error) error {
	c, err := a.readConfig()
	if err != nil {
		return err
	}
	opt, err := a.options(ctx, c)
	if err != nil {
		return err
	}
	s, err := a.store(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	run, err := analytics.OpenCurrent(a.dir)
	if err != nil {
		return err
	}
	defer run.Close()
	err = do(&closing.Desk{Options: opt, Run: run, Store: s})
	if refused := (*closing.Refused)(nil); errors.As(err, &refused) {
		return refusedError{errors.New(refused.In(a.language()))}
	}
	return err
}

// language is the language of the call.
func (a *app) language() i18n.Lang {
	if a.lang == string(i18n.ZhCN) {
		return i18n.ZhCN
	}
	return i18n.En
}

// decision adds the flags of who decides and why.
func decision(c *cobra.Command, d *closing.Decision, reason string) {
	name := ""
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	c.Flags().StringVar(&d.Who, "by", name, "who decides")
	c.Flags().StringVar(&d.Reason, "reason", reason, "why, in words that an auditor will read")
}

// oneMonth reads an argument such as 2026-10.
func oneMonth(text string) (time.Time, error) {
	t, err := time.Parse("2006-01", text)
	if err != nil {
		return t, usageError{fmt.Errorf("%s: not a month; write it as 2026-10", text)}
	}
	return t, nil
}

// monthRange reads 2026-10, or 2026-01..2026-10 for each month in turn.
func monthRange(text string) ([]time.Time, error) {
	from, to, isRange := strings.Cut(text, "..")
	if !isRange {
		to = from
	}
	first, err := oneMonth(from)
	if err != nil {
		return nil, err
	}
	last, err := oneMonth(to)
	if err != nil {
		return nil, err
	}
	if last.Before(first) {
		return nil, usageError{fmt.Errorf("%s: ends before it begins", text)}
	}
	var all []time.Time
	for m := first; !m.After(last); m = m.AddDate(0, 1, 0) {
		all = append(all, m)
	}
	return all, nil
}

func (a *app) closeCommand() *cobra.Command {
	var by closing.Decision
	var dry bool
	c := &cobra.Command{
		Use:   "close MONTH",
		Short: "Seal a month, or several in turn: 2026-01..2026-10",
		Long: "Seal a month, or several in turn: 2026-01..2026-10. A month is refused, with every\n" +
			"reason at once, while an earlier one is open, a check that stops it fails, CRM,\n" +
			"finance and cash differ without a signed waiver, an appeal is unanswered, or the\n" +
			"calculation is older than the data.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			months, err := monthRange(args[0])
			if err != nil {
				return err
			}
			return a.atDesk(cmd.Context(), func(d *closing.Desk) error {
				if dry {
					return a.printChecklist(cmd.Context(), d, months[0], by.Despite)
				}
				var rows [][]string
				for _, m := range months {
					e, err := d.Close(cmd.Context(), m, by)
					if err != nil {
						return errors.Join(a.printClosed(rows), err)
					}
					rows = append(rows, []string{m.Format("2006-01"), e.RunID, e.Seal[:12], e.Who})
				}
				return a.printClosed(rows)
			})
		},
	}
	decision(c, &by, "month end")
	c.Flags().StringVar(&by.Despite, "despite-appeals", "", "close although appeals are unanswered, for this reason")
	c.Flags().BoolVar(&dry, "check", false, "only print the conditions")
	return c
}

func (a *app) printClosed(rows [][]string) error {
	if rows == nil {
		return nil
	}
	return a.printTable([]string{"closed", "run", "seal", "by"}, rows)
}

func (a *app) printChecklist(ctx context.Context, d *closing.Desk, month time.Time, despite string) error {
	l, err := d.Checklist(ctx, month, despite)
	if err != nil {
		return err
	}
	var rows [][]string
	for _, c := range l.Conditions {
		rows = append(rows, []string{string(c.Mark), c.ID, c.Text(a.language()), c.Do(a.language())})
	}
	if err := a.printTable([]string{"state", "condition", "how it stands", "what to do"}, rows); err != nil {
		return err
	}
	if n := len(l.Blocked()); n > 0 {
		return refusedError{fmt.Errorf("%s cannot be closed: %d of %d conditions are not met", month.Format("2006-01"), n, len(l.Conditions))}
	}
	return nil
}

func (a *app) reopenCommand() *cobra.Command {
	var by closing.Decision
	c := &cobra.Command{
		Use:   "reopen MONTH",
		Short: "Open the latest closed month again; its seal stays in the history",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			m, err := oneMonth(args[0])
			if err != nil {
				return err
			}
			return a.withStore(cmd.Context(), func(s *store.Store) error {
				if err := s.Reopen(cmd.Context(), m, by.Reason, by.Who); err != nil {
					return refusedError{err}
				}
				a.say("%s is open again. Calculate, then close it anew.", args[0])
				return nil
			})
		},
	}
	decision(c, &by, "")
	return c
}

// withStore opens the store of a workspace for the time of do.
func (a *app) withStore(ctx context.Context, do func(*store.Store) error) error {
	if _, err := a.readConfig(); err != nil {
		return err
	}
	s, err := a.store(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	return do(s)
}

func (a *app) reviewCommand() *cobra.Command {
	var by closing.Decision
	c := &cobra.Command{
		Use:   "review MONTH",
		Short: "Show a calculated month to the people concerned, who may appeal",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			m, err := oneMonth(args[0])
			if err != nil {
				return err
			}
			return a.atDesk(cmd.Context(), func(d *closing.Desk) error {
				if err := d.StartReview(cmd.Context(), m, by); err != nil {
					return refusedError{err}
				}
				a.say("%s is under review.", args[0])
				return nil
			})
		},
	}
	decision(c, &by, "numbers are ready to be looked at")
	return c
}

func (a *app) restateCommand() *cobra.Command {
	var by closing.Decision
	c := &cobra.Command{
		Use:   "restate MONTH|all",
		Short: "Seal a closed month again after late data, with the bridge from the old numbers",
		Long: "Seal a closed month again as the current calculation says it. The bridge parts the\n" +
			"difference by its causes: late rows, corrected rows, plan, decisions, appeals. The\n" +
			"difference is paid as lines of the next month that is closed; the old run is kept.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.atDesk(cmd.Context(), func(d *closing.Desk) error {
				months, err := a.toRestate(cmd.Context(), d, args[0])
				if err != nil {
					return err
				}
				if len(months) == 0 {
					return nil
				}
				all, err := d.Restate(cmd.Context(), months, by)
				if errors.Is(err, closing.ErrUnchanged) || errors.Is(err, closing.ErrOpen) {
					err = refusedError{err}
				}
				return errors.Join(a.printBridges(all), err)
			})
		},
	}
	decision(c, &by, "")
	return c
}

func (a *app) toRestate(ctx context.Context, d *closing.Desk, text string) ([]time.Time, error) {
	if text != "all" {
		m, err := oneMonth(text)
		return []time.Time{m}, err
	}
	pending, err := d.Pending(ctx)
	if err != nil {
		return nil, err
	}
	var months []time.Time
	for _, p := range pending {
		months = append(months, p.Month)
	}
	if months == nil {
		a.say("Every closed month says what was sealed.")
	}
	return months, nil
}

// printBridges prints restatements: people down, causes across.
func (a *app) printBridges(all []*analytics.Bridge) error {
	if a.format == "json" {
		return a.printJSON(all)
	}
	header := []string{"month", "person", "sealed"}
	for _, c := range analytics.Causes {
		header = append(header, string(c))
	}
	header = append(header, "now", "difference")
	var rows [][]string
	line := func(month, who string, c analytics.Change) {
		row := []string{month, who, cents(c.Old)}
		for _, cause := range analytics.Causes {
			row = append(row, cents(c.Parts[cause]))
		}
		rows = append(rows, append(row, cents(c.New), cents(c.New-c.Old)))
	}
	for _, b := range all {
		for _, p := range b.People {
			line(b.Month, p.RepID, p)
		}
		line(b.Month, "", b.Total)
	}
	if rows == nil {
		return nil
	}
	var right []int
	for i := 2; i < len(header); i++ {
		right = append(right, i)
	}
	return a.printTable(header, rows, right...)
}

// cents writes an amount of cents with two decimals.
func cents(n int64) string {
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	return sign + strconv.FormatInt(n/100, 10) + "." + fmt.Sprintf("%02d", n%100)
}

func (a *app) waiveCommand() *cobra.Command {
	var by closing.Decision
	c := &cobra.Command{
		Use:   "waive MONTH CHECK",
		Short: "Sign that a month may be closed although its reconciliation is out of tolerance",
		Args:  cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			months, err := monthRange(args[0])
			if err != nil {
				return err
			}
			return a.withStore(cmd.Context(), func(s *store.Store) error {
				for _, m := range months {
					if err := closing.Waive(cmd.Context(), s, m, args[1], by); err != nil {
						return usageError{err}
					}
				}
				a.say("%s of %s is waived by %s.", args[1], args[0], by.Who)
				return nil
			})
		},
	}
	decision(c, &by, "")
	return c
}

func (a *app) exceptionCommand() *cobra.Command {
	var by closing.Decision
	var revoke bool
	c := &cobra.Command{
		Use:   "exception PERSON MONTH",
		Short: "Let a person's commission stand although expenses passed the ceiling",
		Args:  cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			m, err := oneMonth(args[1])
			if err != nil {
				return err
			}
			return a.withStore(cmd.Context(), func(s *store.Store) error {
				did := "approved"
				if revoke {
					did = "taken back"
					err = s.RevokeException(cmd.Context(), args[0], m, by.Reason, by.Who)
				} else {
					err = s.ApproveException(cmd.Context(), store.Exception{RepID: args[0], Month: m, Reason: by.Reason, Approver: by.Who})
				}
				if err != nil {
					return usageError{err}
				}
				a.say("The exception of %s in %s is %s; it counts with the next calculation.", args[0], args[1], did)
				return nil
			})
		},
	}
	decision(c, &by, "")
	c.Flags().BoolVar(&revoke, "revoke", false, "take the exception back")
	return c
}

func (a *app) monthsCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "months",
		Short: "List every month with its state, seal and what happened to it",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.atDesk(cmd.Context(), func(d *closing.Desk) error {
				months, err := d.Months(cmd.Context())
				if err != nil {
					return err
				}
				var rows [][]string
				for _, m := range months {
					row := []string{m.Month.Format("2006-01"), a.language().T("close.state." + string(m.State)), "", "", "", "", strconv.Itoa(len(m.Events))}
					if e := m.Last; e != nil {
						row[2], row[3], row[4], row[5] = e.RunID, e.Seal[:min(12, len(e.Seal))], e.At.Format("2006-01-02 15:04"), e.Who
					}
					rows = append(rows, row)
				}
				return a.printTable([]string{"month", "state", "run", "seal", "at", "by", "events"}, rows, 6)
			})
		},
	}
}
