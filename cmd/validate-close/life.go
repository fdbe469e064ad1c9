package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"levelfield/analytics"
	"levelfield/dashboard/closing"
	"levelfield/dashboard/store"
	"levelfield/ingest"
	"levelfield/ingest/sample"
	"levelfield/ingest/table"
)

// months is how long the company lives, and lateMonth the month whose exports
// arrive incomplete and wrong; it is restated after the 12th and 18th close.
const (
	months    = 24
	lateMonth = "2025-03"
)

// life is 24 month ends of a company.
type life struct {
	Reps       int
	OrderLines int64
	IsShort    bool // three calculations only, and no run proved

	dir  string
	log  io.Writer
	now  time.Time
	desk *closing.Desk

	phantom int64 // closed months that changed although no data did
	bridges []*analytics.Bridge
}

var last = time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)

func (c *life) say(format string, a ...any) {
	if c.log != nil {
		fmt.Fprintf(c.log, format+"\n", a...)
	}
}

// live runs the whole life and returns its figures.
func (c *life) live(ctx context.Context) ([]figure, error) {
	held, err := c.found()
	if err != nil {
		return nil, err
	}
	s, err := store.Open(ctx, filepath.Join(c.dir, store.File))
	if err != nil {
		return nil, err
	}
	defer s.Close()
	s.Now = func() time.Time { return c.now }
	c.desk = &closing.Desk{Store: s}
	defer func() {
		if c.desk.Run != nil {
			c.desk.Run.Close()
		}
	}()
	if err := c.load(ctx, filepath.Join(c.dir, "exports")); err != nil {
		return nil, err
	}
	first := last.AddDate(0, 1-months, 0)
	var oldRun string
	steps := []int{months / 2, months * 3 / 4, months}
	if !c.IsShort {
		steps = steps[:0]
		for n := range months {
			steps = append(steps, n+1)
		}
	}
	n := 0 // closed so far
	for _, upTo := range steps {
		isLate := n == months/2 || n == months*3/4
		if isLate {
			c.say("late exports after %d closes", n)
			if err := c.lateData(ctx, held, n == months*3/4); err != nil {
				return nil, err
			}
		}
		c.now = first.AddDate(0, upTo, 3) // the fourth day after
		if err := c.calculate(ctx, first.AddDate(0, upTo-1, 0)); err != nil {
			return nil, err
		}
		if oldRun == "" {
			oldRun = c.desk.Run.ID
		}
		if err := c.restate(ctx, isLate); err != nil {
			return nil, err
		}
		for m := n; m < upTo; m++ {
			if err := c.close(ctx, first.AddDate(0, m, 0)); err != nil {
				return nil, err
			}
		}
		c.say("closed %s from run %s", first.AddDate(0, upTo-1, 0).Format("2006-01"), c.desk.Run.ID)
		n = upTo
	}
	if err := s.Reopen(ctx, last, "a wrong signature", "Li"); err != nil {
		return nil, err
	}
	if err := c.close(ctx, last); err != nil {
		return nil, err
	}
	if c.IsShort {
		return c.ties(ctx)
	}
	// One calculation after the last close: it knows all that was paid.
	if err := c.calculate(ctx, last); err != nil {
		return nil, err
	}
	if err := c.restate(ctx, false); err != nil {
		return nil, err
	}
	figures, err := c.ties(ctx)
	if err != nil {
		return figures, err
	}
	proofs, err := c.proofs(ctx, oldRun)
	return append(figures, proofs...), err
}

// held are the rows kept back, by export and key.
type held struct {
	header []string
	late   [2][][]string // of the first and the second late export
	right  [2][][]string // rows that were exported with a wrong amount
}

// found generates the company and spoils one month: rows are missing, and rows
// carry a wrong amount.
func (c *life) found() (*held, error) {
	cfg := sample.Config{Reps: c.Reps, Regions: 3, Teams: max(3, c.Reps/6), Months: months, OrderLines: c.OrderLines, Visits: c.OrderLines / 2, Plain: true, LastMonth: last}
	if err := sample.Generate(c.dir, cfg); err != nil {
		return nil, err
	}
	file := filepath.Join(c.dir, "exports", "orders_"+lateMonth+".csv")
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	rows, err := csv.NewReader(f).ReadAll()
	f.Close()
	if err != nil {
		return nil, err
	}
	h := &held{header: rows[0]}
	amount := slices.Index(rows[0], "amount")
	kept := [][]string{rows[0]}
	for i, r := range rows[1:] {
		switch i % 20 {
		case 3:
			h.late[0] = append(h.late[0], r)
		case 9:
			h.late[1] = append(h.late[1], r)
		case 5, 15:
			which := i % 20 / 10
			h.right[which] = append(h.right[which], slices.Clone(r))
			value, err := strconv.ParseFloat(r[amount], 64)
			if err != nil {
				return nil, err
			}
			r[amount] = strconv.FormatFloat(value+1234.56, 'f', 2, 64)
			kept = append(kept, r)
		default:
			kept = append(kept, r)
		}
	}
	return h, writeCSV(file, kept)
}

func writeCSV(file string, rows [][]string) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	w := csv.NewWriter(f)
	err = w.WriteAll(rows)
	return errors.Join(err, f.Close())
}

func (c *life) load(ctx context.Context, path string) error {
	report, err := ingest.Load(ctx, ingest.Workspace{Dir: c.dir}, []string{path}, ingest.Options{Now: func() time.Time { return c.now }})
	if err != nil {
		return err
	}
	for _, f := range report.Files {
		if f.Err != nil || report.Refused() > 0 {
			return fmt.Errorf("%s: %d rows refused: %w", f.File, report.Refused(), f.Err)
		}
	}
	return nil
}

// lateData loads what was held back. With the second export also an appeal is
// decided: a line of pay is set by hand.
func (c *life) lateData(ctx context.Context, h *held, isSecond bool) error {
	n := 0
	if isSecond {
		n = 1
	}
	if isSecond && !c.IsShort {
		err := c.desk.Store.SetOverride(ctx, store.Override{Kind: "pay", Month: monthOf(lateMonth), UnitKind: "rep", UnitID: "S0001", Item: "commission",
			Value: 4321.09, Reason: "the order was his", Approver: "Wang", AppealID: "a-1"})
		if err != nil {
			return err
		}
	}
	file := filepath.Join(c.dir, "exports", fmt.Sprintf("orders_%s_late_%d.csv", lateMonth, n+1))
	if err := writeCSV(file, slices.Concat([][]string{h.header}, h.late[n], h.right[n])); err != nil {
		return err
	}
	return c.load(ctx, file)
}

func monthOf(text string) time.Time {
	m, err := time.Parse("2006-01", text)
	if err != nil {
		panic(err)
	}
	return m
}

// calculate builds the run that ends with a month and puts it on the desk.
func (c *life) calculate(ctx context.Context, upTo time.Time) error {
	state, err := c.desk.Store.State(ctx)
	if err != nil {
		return err
	}
	opt := analytics.Options{Workspace: c.dir, Company: "Sample", Currency: "CNY", Lang: "en", CodeVersion: "validate", Now: func() time.Time { return c.now }, State: state, Keys: map[string][]string{}}
	for _, e := range table.All {
		for _, f := range e.Keys() {
			opt.Keys[e.Name] = append(opt.Keys[e.Name], f.Name)
		}
	}
	build := opt
	build.LastMonth = upTo
	result, err := analytics.Build(ctx, build)
	if err != nil {
		return err
	}
	if c.desk.Run != nil {
		c.desk.Run.Close()
	}
	c.desk.Options = opt
	c.desk.Run, err = analytics.OpenRun(c.dir, result.RunID)
	return err
}

// restate restates what the run says otherwise. Without late data nothing may
// be: such months are counted.
func (c *life) restate(ctx context.Context, isLate bool) error {
	pending, err := c.desk.Pending(ctx)
	if err != nil || len(pending) == 0 {
		return err
	}
	var which []time.Time
	for _, p := range pending {
		which = append(which, p.Month)
		c.say("  %s changed: %d people, %d cents", p.Month.Format("2006-01"), p.People, p.Cents)
	}
	if !isLate {
		c.phantom += int64(len(pending))
	}
	bridges, err := c.desk.Restate(ctx, which, closing.Decision{Who: "Li", Reason: "late exports"})
	c.bridges = append(c.bridges, bridges...)
	for _, b := range bridges {
		for _, p := range b.People {
			c.say("    %s %s %d -> %d %v", b.Month, p.RepID, p.Old, p.New, p.Parts)
		}
	}
	return err
}

// close closes a month, signed for where CRM, finance and cash differ.
func (c *life) close(ctx context.Context, month time.Time) error {
	by := closing.Decision{Who: "Li", Reason: "month end"}
	_, err := c.desk.Close(ctx, month, by)
	refused := (*closing.Refused)(nil)
	if !errors.As(err, &refused) {
		return err
	}
	for _, b := range refused.List.Blocked() {
		if b.ID != closing.Reconciliation {
			return err
		}
	}
	if err := closing.Waive(ctx, c.desk.Store, month, closing.Reconciliation, closing.Decision{Who: "Wang", Reason: "deals are booked a month later"}); err != nil {
		return err
	}
	_, err = c.desk.Close(ctx, month, by)
	return err
}

func isBetween(line string) bool {
	return strings.HasPrefix(line, "restated/") || slices.Contains([]string{"carried_in", "carried_out", "not_carried"}, line)
}
