package analytics

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"levelfield/analytics/plan"
)

// Cause is why the pay of a closed month changed.
type Cause string

// The causes, in the order in which they are added one after the other.
const (
	CauseProgram   Cause = "program"        // another version of the program or of a model
	CauseLate      Cause = "late_rows"      // rows that were not there
	CauseCorrected Cause = "corrected_rows" // rows that were replaced or taken away
	CausePlan      Cause = "plan"           // settings, scorecards, tiers
	CauseOverride  Cause = "override"       // decisions: overrides, exceptions, ratings, proposals
	CauseAppeal    Cause = "appeal"         // overrides that answer an appeal
)

// Causes are all causes in their order.
var Causes = []Cause{CauseProgram, CauseLate, CauseCorrected, CausePlan, CauseOverride, CauseAppeal}

// Bridge leads from what was sealed of a closed month to what the run says
// now. Each cause is added to the ones before it and everything is calculated
// again, so the parts add up to the difference, to the cent.
type Bridge struct {
	Month  string           `json:"month"` // 2026-10
	From   string           `json:"from"`  // run that was sealed
	To     string           `json:"to"`    // run that says otherwise
	People []Change         `json:"people"`
	Total  Change           `json:"total"`
	Late   map[string]int64 `json:"late_rows,omitempty"`      // rows by entity
	Other  map[string]int64 `json:"corrected_rows,omitempty"` // rows by entity
}

// Change is a person's part of a bridge, in cents.
type Change struct {
	RepID string          `json:"rep_id,omitempty"`
	Old   int64           `json:"old_cents"`
	New   int64           `json:"new_cents"`
	Parts map[Cause]int64 `json:"parts_cents"` // causes that changed something
}

// Paid sums the lines of each person that are no sums themselves, in cents.
func Paid(lines []PayLine) map[string]int64 {
	sum := map[string]int64{}
	for _, l := range lines {
		if !l.IsTotal {
			sum[l.RepID] += l.Cents
		}
	}
	return sum
}

// Restater compares closed months with a run. What several months need is
// calculated once.
type Restater struct {
	opt   Options
	run   *Run
	to    *Seal
	known map[string]map[string]map[string]int64 // sums of people by inputs and month
	lakes map[string]*lateLake                   // by hash of the files that were sealed
	dir   string                                 // of the files of late rows, "" before there are any
}

// NewRestater compares with a run. Of opt counts what no seal says: workspace,
// keys, memory.
func NewRestater(opt Options, r *Run) (*Restater, error) {
	to, err := readSeal(r.Dir)
	if err != nil {
		return nil, err
	}
	opt.Company, opt.Currency, opt.Lang, opt.CodeVersion = to.Made.Company, to.Made.Currency, to.Made.Lang, to.Inputs.Code
	return &Restater{opt: opt, run: r, to: to, known: map[string]map[string]map[string]int64{}, lakes: map[string]*lateLake{}}, nil
}

// Close removes the files of late rows.
func (r *Restater) Close() error {
	if r.dir == "" {
		return nil
	}
	return os.RemoveAll(r.dir)
}

// Bridge finds what each cause changed of a closed month. old are the lines
// that were sealed last. A month that did not change has a bridge without
// people.
func (r *Restater) Bridge(ctx context.Context, sealed *MonthSeal, old []PayLine) (*Bridge, error) {
	lines, err := r.run.PayLines(ctx, sealed.month())
	if err != nil {
		return nil, err
	}
	b := &Bridge{Month: sealed.Month, From: sealed.Run.RunID, To: r.run.ID, Total: Change{Parts: map[Cause]int64{}}}
	first, last := Paid(old), Paid(lines)
	b.Total.Old, b.Total.New = total(first), total(last)
	if maps.Equal(first, last) {
		return b, nil
	}
	s := &stages{Restater: r, from: sealed.Run, month: sealed.Month}
	then := sealed.Run.Inputs
	// That more months are calculated now changes nothing of a month that was:
	// cmd/validate-close holds the models to it.
	r.know(s.key(sealed.Run.Made.Files, s.planThen(), s.stateThen())+then.SQL+then.Code, s.month, first)
	r.know(s.key(r.to.Made.Files, r.to.Made.Plan, r.to.Made.State)+r.to.Inputs.SQL+r.to.Inputs.Code, s.month, last)
	steps, err := s.all(ctx)
	if err != nil {
		return nil, err
	}
	b.Late, b.Other = s.lake.late, s.lake.corrected
	b.add(first, last, steps)
	return b, nil
}

func (r *Restater) know(key, month string, sums map[string]int64) {
	if r.known[key] == nil {
		r.known[key] = map[string]map[string]int64{}
	}
	r.known[key][month] = sums
}

func total(sums map[string]int64) (cents int64) {
	for _, c := range sums {
		cents += c
	}
	return cents
}

// add fills people and total from the sums after each cause.
func (b *Bridge) add(first, last map[string]int64, after []map[string]int64) {
	ids := map[string]bool{}
	for _, sums := range append([]map[string]int64{first, last}, after...) {
		for id := range sums {
			ids[id] = true
		}
	}
	for _, id := range sortedKeys(ids) {
		c := Change{RepID: id, Old: first[id], New: last[id], Parts: map[Cause]int64{}}
		was := first[id]
		for i, cause := range Causes {
			if d := after[i][id] - was; d != 0 {
				c.Parts[cause] = d
				b.Total.Parts[cause] += d
			}
			was = after[i][id]
		}
		if len(c.Parts) > 0 {
			b.People = append(b.People, c)
		}
	}
	maps.DeleteFunc(b.Total.Parts, func(_ Cause, cents int64) bool { return cents == 0 })
}

// stages calculates a month's pay with the causes added one after the other.
type stages struct {
	*Restater
	from  *Seal
	month string // 2026-10
	lake  *lateLake
}

// lateLake is the lake that was sealed with the rows added that it did not
// have.
type lateLake struct {
	files           []lakeFile
	late, corrected map[string]int64 // rows by entity
}

// all returns each person's sum after each of Causes.
func (s *stages) all(ctx context.Context) ([]map[string]int64, error) {
	var err error
	name := hashFiles(s.from.Made.Files)
	if s.lake = s.lakes[name]; s.lake == nil {
		if s.lake, err = s.withLateRows(ctx); err != nil {
			return nil, err
		}
		s.lakes[name] = s.lake
	}
	from, to := s.from.Made.Files, s.to.Made
	var out []map[string]int64
	for _, in := range []struct {
		files       []lakeFile
		plan, state []plan.Table
	}{
		{from, s.planThen(), s.stateThen()},
		{s.lake.files, s.planThen(), s.stateThen()},
		{to.Files, s.planThen(), s.stateThen()},
		{to.Files, to.Plan, s.stateThen()},
		{to.Files, to.Plan, s.stateBeforeAppeals()},
		{to.Files, to.Plan, to.State},
	} {
		sums, err := s.sums(ctx, in.files, in.plan, in.state)
		if err != nil {
			return nil, err
		}
		out = append(out, sums)
	}
	return out, nil
}

// key names what a calculation by the present program is made from.
func (s *stages) key(files []lakeFile, plan, state []plan.Table) string {
	text, err := json.Marshal([]any{plan, state})
	if err != nil { // they were read from JSON
		panic(err)
	}
	return hashOf(hashFiles(files), string(text))
}

func (s *stages) sums(ctx context.Context, files []lakeFile, plan, state []plan.Table) (map[string]int64, error) {
	key := s.key(files, plan, state) + s.to.Inputs.SQL + s.to.Inputs.Code
	if sums, isKnown := s.known[key][s.month]; isKnown {
		return sums, nil
	}
	a := attempt{id: s.to.RunID, files: files, plan: plan, state: state, wanted: []string{payLine}, cached: true}
	err := s.opt.attempt(ctx, a, func(b *build, _ *inputs) error {
		months, err := payMonths(ctx, b.conn)
		if err != nil {
			return err
		}
		s.know(key, s.month, map[string]int64{})
		for _, m := range months {
			lines, err := payLines(ctx, b.conn, m)
			if err != nil {
				return err
			}
			s.know(key, m.Format("2006-01"), Paid(lines))
		}
		return nil
	})
	return s.known[key][s.month], err
}

// planThen is the plan that was sealed, over the months of the run now. Where
// the program has other settings than then, the plan of now stands for it: what
// changed cannot be told from what the program changed.
func (s *stages) planThen() []plan.Table {
	if !sameColumns(s.from.Made.Plan, s.to.Made.Plan) {
		return s.to.Made.Plan
	}
	then := slices.Clone(s.from.Made.Plan)
	for i, t := range then {
		if t.Name != "setting" {
			continue
		}
		then[i].Rows = [][]any{slices.Clone(t.Rows[0])}
		for j, c := range t.Columns {
			if c.Name == "first_month" || c.Name == "last_month" {
				then[i].Rows[0][j] = s.to.Made.Plan[i].Rows[0][j]
			}
		}
	}
	return then
}

// stateThen is what people had decided when the month was sealed. What was
// closed and paid is that of now, as the month itself was open then.
func (s *stages) stateThen() []plan.Table {
	if !sameColumns(s.from.Made.State, s.to.Made.State) {
		return s.to.Made.State
	}
	then := slices.Clone(s.from.Made.State)
	for i, t := range then {
		if slices.Contains(bookkeeping, t.Name) {
			then[i] = s.to.Made.State[i]
		}
	}
	return then
}

// stateBeforeAppeals is what people have decided now, without what answers
// appeals since then.
func (s *stages) stateBeforeAppeals() []plan.Table {
	then := s.stateThen()
	now := slices.Clone(s.to.Made.State)
	for i, t := range now {
		switch t.Name {
		case "appeal":
			now[i] = then[i]
		case "override":
			appeal := slices.IndexFunc(t.Columns, func(c plan.Column) bool { return c.Name == "appeal_id" })
			now[i].Rows = nil
			for _, r := range t.Rows {
				if r[appeal] == nil {
					now[i].Rows = append(now[i].Rows, r)
				}
			}
			for _, r := range then[i].Rows {
				if r[appeal] != nil {
					now[i].Rows = append(now[i].Rows, r)
				}
			}
			if len(now[i].Rows) == len(t.Rows) { // nothing answers an appeal: keep the order, so that inputs are seen to be equal
				now[i].Rows = t.Rows
			}
		}
	}
	return now
}

func sameColumns(a, b []plan.Table) bool {
	return slices.EqualFunc(a, b, func(x, y plan.Table) bool { return x.Name == y.Name && slices.Equal(x.Columns, y.Columns) })
}

// originColumns say where a row came from, not what it says.
var originColumns = []string{"source_file", "source_sheet", "source_row", "batch"}

// withLateRows returns the lake that was sealed with the rows added that it
// did not have. A row with the key of a row that was there is a correction.
func (s *stages) withLateRows(ctx context.Context) (*lateLake, error) {
	out := &lateLake{files: slices.Clone(s.from.Made.Files), late: map[string]int64{}, corrected: map[string]int64{}}
	entities := map[string]bool{}
	for _, f := range slices.Concat(s.from.Made.Files, s.to.Made.Files) {
		entities[f.Entity] = true
	}
	lakeDir, err := folder(s.opt.Workspace, "lake")
	if err != nil {
		return nil, err
	}
	db, err := openDatabase("", lakeDir, lakeDir)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	for _, e := range sortedKeys(entities) {
		gone, fresh := filesNotIn(e, s.from.Made.Files, s.to.Made.Files), filesNotIn(e, s.to.Made.Files, s.from.Made.Files)
		late, err := s.lateRows(ctx, conn, out, lakeDir, e, gone, fresh)
		if err != nil {
			return nil, fmt.Errorf("compare %s with what was sealed: %w", e, err)
		}
		out.files = append(out.files, late...)
	}
	if len(out.corrected) == 0 { // then the lake of now is just that
		out.files = s.to.Made.Files
	}
	sortFiles(out.files)
	return out, nil
}

func filesNotIn(entity string, files, others []lakeFile) (out []lakeFile) {
	there := map[string]bool{}
	for _, f := range others {
		there[f.Path+f.Sha256] = true
	}
	for _, f := range files {
		if f.Entity == entity && !there[f.Path+f.Sha256] {
			out = append(out, f)
		}
	}
	return out
}

// lateRows returns files with those rows of fresh whose key no row of gone has.
func (s *stages) lateRows(ctx context.Context, conn *sql.Conn, to *lateLake, lakeDir, entity string, gone, fresh []lakeFile) ([]lakeFile, error) {
	if len(gone) == 0 {
		for _, f := range fresh {
			if f.Rows > 0 {
				to.late[entity] += f.Rows
			}
		}
		return fresh, nil
	}
	var corrected int64
	same := "select * exclude (" + strings.Join(originColumns, ", ") + ") from "
	if len(fresh) == 0 {
		for _, f := range gone {
			corrected += f.Rows
		}
	} else if err := conn.QueryRowContext(ctx, "select count(*) from ("+same+readFiles(lakeDir, gone)+" except all "+same+readFiles(lakeDir, fresh)+")").Scan(&corrected); err != nil {
		return nil, err
	}
	if corrected > 0 {
		to.corrected[entity] = corrected
	}
	var out []lakeFile
	for _, month := range monthsOf(fresh) {
		f, err := s.lateMonth(ctx, conn, lakeDir, entity, month, gone, fresh)
		if err != nil {
			return nil, err
		}
		if f.Rows > 0 {
			to.late[entity] += f.Rows
			out = append(out, f)
		}
	}
	return out, nil
}

// lateMonth writes the late rows of a month into a file of their own.
func (s *stages) lateMonth(ctx context.Context, conn *sql.Conn, lakeDir, entity, month string, gone, fresh []lakeFile) (lakeFile, error) {
	if s.dir == "" {
		var err error
		if s.dir, err = os.MkdirTemp(filepath.Join(s.opt.Workspace, "runs"), attemptPrefix); err != nil {
			return lakeFile{}, err
		}
	}
	these := slices.DeleteFunc(slices.Clone(fresh), func(f lakeFile) bool { return f.Month != month })
	keys := s.opt.Keys[entity]
	if len(keys) == 0 {
		rows, err := conn.QueryContext(ctx, "select column_name from (describe select * exclude ("+strings.Join(originColumns, ", ")+") from "+readFiles(lakeDir, these)+")")
		if err != nil {
			return lakeFile{}, err
		}
		defer rows.Close()
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				return lakeFile{}, err
			}
			keys = append(keys, name)
		}
		if err := rows.Err(); err != nil {
			return lakeFile{}, err
		}
		rows.Close()
	}
	on := make([]string, len(keys))
	for i, k := range keys {
		on[i] = "late." + quoteName(k) + " is not distinct from there." + quoteName(k)
	}
	file, err := filepath.Abs(filepath.Join(s.dir, fmt.Sprintf("%d-%s-%s.parquet", len(s.lakes), entity, month)))
	if err != nil {
		return lakeFile{}, err
	}
	out := lakeFile{Entity: entity, Month: month}
	r, err := conn.ExecContext(ctx, "copy (select late.* from "+readFiles(lakeDir, these)+" as late anti join "+readFiles(lakeDir, gone)+" as there on "+
		strings.Join(on, " and ")+" order by all) to "+quoteText(file)+" (format parquet)")
	if err != nil {
		return out, err
	}
	if out.Rows, err = r.RowsAffected(); err != nil {
		return out, err
	}
	path, err := filepath.Rel(lakeDir, file)
	if err != nil {
		return out, err
	}
	out.Path = filepath.ToSlash(path)
	out.Sha256, err = fileHash(file)
	return out, err
}

func readFiles(lakeDir string, files []lakeFile) string {
	paths := make([]string, len(files))
	for i, f := range files {
		paths[i] = quoteText(lakeDir + f.Path)
	}
	return "read_parquet([" + strings.Join(paths, ", ") + "])"
}

func monthsOf(files []lakeFile) (months []string) {
	for _, f := range files {
		if !slices.Contains(months, f.Month) {
			months = append(months, f.Month)
		}
	}
	slices.Sort(months)
	return months
}
