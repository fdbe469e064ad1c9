package analytics_test

import (
	"cmp"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"

	"levelfield/analytics"
	"levelfield/ingest"
	"levelfield/ingest/sample"
	"levelfield/ingest/table"
	levelfieldsql "levelfield/sql"
)

// TestSampleCompany calculates the sample company once and looks at it twice.
func TestSampleCompany(t *testing.T) {
	dir, r := sampleRun(t)
	t.Run("indicators equal plain Go", func(t *testing.T) { indicatorsEqualPlainGo(t, dir, r) })
	t.Run("rows add up to every indicator", func(t *testing.T) { rowsAddUp(t, r) })
	t.Run("raters are named to those who see the whole company", func(t *testing.T) { ratersAreNamed(t, r) })
	t.Run("kept series equal those worked out", func(t *testing.T) { seriesAreEqual(t, r) })
	t.Run("a coefficient set by hand is priced", func(t *testing.T) { coefficientIsPriced(t, dir, r) })
	t.Run("statements recalculate from exported rows", func(t *testing.T) { statementsRecalculate(t, r) })
	t.Run("statements and scores open down to exported rows", func(t *testing.T) { partsOpen(t, r) })
}

// coefficientIsPriced sets the market coefficient of a person a third higher:
// his score on the card that difficulty enters rises, and nothing is published.
func coefficientIsPriced(t *testing.T, dir string, r *analytics.Run) {
	var rep, channel string
	var d, score float64
	err := r.DB.QueryRow(`select c.rep_id, c.d, s.score::double, c.channel from difficulty.rep_coefficient as c
inner join scorecard.score as s on s.unit_kind = 'rep' and s.unit_id = c.rep_id and s.month = c.month and s.scorecard = 'evaluation'
where c.month = (select max(month) from difficulty.rep_coefficient) and c.has_target and s.score is not null and c.attainment between .5 and .95
order by c.rep_id limit 1`).Scan(&rep, &d, &score, &channel)
	if err != nil {
		t.Fatal(err)
	}
	opt := analytics.Options{Workspace: dir, Company: "sample", Currency: "CNY", Lang: "en", CodeVersion: "test", Now: time.Now}
	p, err := analytics.PriceOf(t.Context(), opt, r, analytics.Set{Kind: "coefficient", Month: r.Meta.LastMonth, UnitKind: "rep", UnitID: rep, Item: "coefficient", Value: d * 4 / 3})
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(p.Score[0]-score) > 1e-9 || p.Peers == 0 || channel != "attainment" || p.Score[1] <= p.Score[0] {
		t.Errorf("%s of %s by channel %q: %+v, the run's score is %v", "coefficient", rep, channel, *p, score)
	}
	if id, err := analytics.CurrentID(dir); err != nil || id != r.ID {
		t.Errorf("run %s, %v, want %s: a price publishes nothing", id, err, r.ID)
	}
}

// seriesAreEqual compares the series that a run keeps of units with what the
// panel of people works out for the same units.
func seriesAreEqual(t *testing.T, r *analytics.Run) {
	panel := func(name string) string {
		text, err := levelfieldsql.Files.ReadFile("panels/" + name + ".sql")
		if err != nil {
			t.Fatal(err)
		}
		return "select unit_id, indicator, month, columns(* exclude (unit_kind, unit_id, indicator, month))::real from (" + string(text) + ")"
	}
	kept, worked := panel("unit_series"), panel("person_series")
	for _, kind := range []string{"company", "region", "team"} {
		for _, back := range []int{0, 3} {
			var n, differ int
			err := r.DB.QueryRow("select (select count(*) from ("+kept+")), (select count(*) from (("+kept+" except "+worked+") union all ("+worked+" except "+kept+")))",
				sql.Named("unit_kind", kind), sql.Named("n_months", 13), sql.Named("unit_ids", []string{}), sql.Named("region_id", ""), sql.Named("indicators", []string{}), sql.Named("month", r.Meta.LastMonth.AddDate(0, -back, 0)),
				sql.Named("scope_all", true), sql.Named("scope_regions", []string{}), sql.Named("scope_teams", []string{}), sql.Named("scope_reps", []string{})).Scan(&n, &differ)
			if err != nil || n == 0 || differ > 0 {
				t.Errorf("%s, %d months back: %d of %d rows differ, %v", kind, back, differ, n, err)
			}
		}
	}
}

// sampleRun makes the exports of a small company, loads and calculates them.
func sampleRun(t *testing.T) (workspace string, r *analytics.Run) {
	t.Helper()
	dir := t.TempDir()
	cfg := sample.Config{Reps: 48, Regions: 4, Teams: 8, Months: 14, OrderLines: 9_000, Visits: 9_000}
	if err := sample.Generate(dir, cfg); err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return time.Date(2026, 11, 4, 9, 0, 0, 0, time.UTC) }
	report, err := ingest.Load(t.Context(), ingest.Workspace{Dir: dir}, []string{filepath.Join(dir, "exports")}, ingest.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range report.Files {
		if f.Err != nil {
			t.Fatal(f.Err)
		}
	}
	opt := analytics.Options{Workspace: dir, Company: "sample", Currency: "CNY", Lang: "en", CodeVersion: "test", Now: now}
	if _, err := analytics.Build(t.Context(), opt); err != nil {
		t.Fatal(err)
	}
	if r, err = analytics.OpenCurrent(dir); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return dir, r
}

// indicatorsEqualPlainGo recomputes every indicator for every unit and
// month of the sample company from the lake, without SQL, and compares
// numerator and denominator to the last digit.
func indicatorsEqualPlainGo(t *testing.T, dir string, r *analytics.Run) {
	want := recompute(t, dir)

	rows, err := r.DB.Query("select indicator, unit_kind, unit_id, strftime(month, '%Y-%m'), cast(numerator * 1000000 as bigint), cast(denominator * 1000000 as bigint) from indicators.value")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	got := map[string]map[place]pair{}
	for rows.Next() {
		var id string
		var p place
		var v pair
		if err := rows.Scan(&id, &p.kind, &p.id, &p.month, &v.num, &v.den); err != nil {
			t.Fatal(err)
		}
		if got[id] == nil {
			got[id] = map[place]pair{}
		}
		got[id][p] = v
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if len(got) < 38 {
		t.Errorf("%d indicators have values, want at least 38", len(got))
	}
	for _, id := range slices.Sorted(maps.Keys(got)) {
		t.Run(id, func(t *testing.T) {
			if want[id] == nil {
				t.Fatalf("%s is not recomputed here: add it to recompute()", id)
			}
			var wrong []string
			for p, w := range want[id] {
				if g, ok := got[id][p]; !ok || g != w {
					wrong = append(wrong, fmt.Sprintf("%v: plain Go %v, SQL %v (has row: %v)", p, w, g, ok))
				}
			}
			for p, g := range got[id] {
				if _, ok := want[id][p]; !ok {
					wrong = append(wrong, fmt.Sprintf("%v: SQL %v, plain Go has no row", p, g))
				}
			}
			slices.Sort(wrong)
			if len(wrong) > 0 {
				t.Errorf("%d of %d values differ, such as\n%s", len(wrong), len(want[id]), strings.Join(wrong[:min(8, len(wrong))], "\n"))
			}
		})
	}
}

// rowsAddUp opens every indicator for a person and a region down to the
// exported rows; Explain fails where they do not add up.
// ratersAreNamed opens a rated indicator for everybody and for the rated person.
func ratersAreNamed(t *testing.T, r *analytics.Run) {
	q := analytics.Question{Indicator: "attitude", UnitKind: "rep"}
	if err := r.DB.QueryRow("select unit_id, month from indicators.value where indicator = 'attitude' and unit_kind = 'rep' and value is not null order by month desc, unit_id limit 1").Scan(&q.UnitID, &q.Month); err != nil {
		t.Fatal(err)
	}
	for isAll, scope := range map[bool]analytics.Scope{true: analytics.All(), false: analytics.Reps(q.UnitID)} {
		e, err := r.Explain(t.Context(), scope, q)
		if err != nil {
			t.Fatal(err)
		}
		if got := slices.Contains(e.Columns, "rater_id"); got != isAll {
			t.Errorf("sees the whole company: %t, sees raters: %t", isAll, got)
		}
		for _, row := range e.Rows {
			if len(row.Cells) != len(e.Columns) {
				t.Fatalf("%d cells under %d columns", len(row.Cells), len(e.Columns))
			}
		}
	}
}

func rowsAddUp(t *testing.T, r *analytics.Run) {
	rows, err := r.DB.Query(`
select indicator, unit_kind, min(unit_id), max(month) from indicators.value where value is not null and (unit_kind in ('rep', 'region') or indicator = 'target_attainment') group by indicator, unit_kind
order by all`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var questions []analytics.Question
	for rows.Next() {
		var q analytics.Question
		if err := rows.Scan(&q.Indicator, &q.UnitKind, &q.UnitID, &q.Month); err != nil {
			t.Fatal(err)
		}
		questions = append(questions, q)
	}
	opened := 0
	for _, q := range questions {
		e, err := r.Explain(t.Context(), analytics.All(), q)
		switch {
		case err != nil && strings.Contains(err.Error(), "the run has no rows"): // that unit has none in that month
		case err != nil:
			t.Error(err)
		case !e.HasRows:
			t.Errorf("%s names no rows", q.Indicator)
		default:
			opened++
		}
	}
	if opened < 60 {
		t.Errorf("%d values opened, want at least 60", opened)
	}
}

// place is a unit in a month.
type place struct{ kind, id, month string }

// pair is a numerator and a denominator in millionths.
type pair struct{ num, den int64 }

// owner is to whom a row belongs; "" is nobody.
type owner struct{ rep, team, region string }

const one = 1_000_000

// company is the lake of a workspace in plain Go.
type company struct {
	dir   string
	out   map[string]map[place]pair
	first string // month
	last  string
	asOf  int32 // day

	reps      map[string]table.Rep
	aliases   map[string]string
	repNames  map[string][]string
	teams     map[string]table.Team
	regions   map[string]table.Region
	stays     map[string][]table.Assignment
	customers map[string]table.Customer
	byName    map[string]string // customer
	products  map[string]table.Product
	holidays  map[string]map[int32]bool // region ("" all) -> day -> is workday
	duty      map[owner]map[string]int64
	fx        map[string]int64 // currency/month -> rate in millionths
}

// live reads the live rows of an entity.
func live[T any](t *testing.T, dir, entity string) []T {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "lake", "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	var m struct {
		Files []struct{ Entity, Path string }
	}
	if err := json.Unmarshal(text, &m); err != nil {
		t.Fatal(err)
	}
	var out []T
	for _, f := range m.Files {
		if f.Entity != entity {
			continue
		}
		rows, err := parquet.ReadFile[T](filepath.Join(dir, "lake", f.Path))
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, rows...)
	}
	return out
}

func monthOf(day int32) string {
	return time.Unix(int64(day)*86400, 0).UTC().Format("2006-01")
}

func firstDay(month string) int32 {
	at, err := time.Parse("2006-01", month)
	if err != nil {
		panic(err)
	}
	return int32(at.Unix() / 86400)
}

func addMonths(month string, n int) string {
	at, err := time.Parse("2006-01", month)
	if err != nil {
		panic(err)
	}
	return at.AddDate(0, n, 0).Format("2006-01")
}

func lastDay(month string) int32 { return firstDay(addMonths(month, 1)) - 1 }

func dayOf(micros int64) int32 { return int32(micros / 86_400_000_000) }

// divide rounds n/d half away from zero.
func divide(n, d int64) int64 {
	if n < 0 {
		return -divide(-n, d)
	}
	return (2*n + d) / (2 * d)
}

func round6(x float64) int64 { return int64(math.Round(math.Round(x*1e6) / 1e6 * 1e6)) }

// units are all units an owner's rows count for.
func (c *company) units(o owner) [][2]string {
	out := [][2]string{{"company", "company"}}
	if o.rep != "" {
		out = append(out, [2]string{"rep", o.rep})
	}
	if o.team != "" {
		out = append(out, [2]string{"team", o.team})
	}
	for region := o.region; region != ""; region = c.regions[region].ParentID {
		out = append(out, [2]string{"region", region})
	}
	return out
}

// add counts a row for every unit of its owner.
func (c *company) add(indicator, month string, o owner, num, den int64) {
	if month < c.first || month > c.last {
		return
	}
	if c.out[indicator] == nil {
		c.out[indicator] = map[place]pair{}
	}
	for _, u := range c.units(o) {
		p := place{u[0], u[1], month}
		v := c.out[indicator][p]
		c.out[indicator][p] = pair{v.num + num, v.den + den}
	}
}

// amount is add for an indicator without a base, whose denominator is 1.
func (c *company) amount(indicator, month string, o owner, num int64) {
	c.add(indicator, month, o, num, 0)
	if month < c.first || month > c.last {
		return
	}
	for _, u := range c.units(o) {
		p := place{u[0], u[1], month}
		c.out[indicator][p] = pair{c.out[indicator][p].num, one}
	}
}

// zeros gives everybody on duty a 0 from the first to the last month.
func (c *company) zeros(indicator string, months []string) {
	if len(months) == 0 {
		return
	}
	from, to := slices.Min(months), slices.Max(months)
	for o, byMonth := range c.duty {
		for month := range byMonth {
			if month >= from && month <= to {
				c.amount(indicator, month, o, 0)
			}
		}
	}
}

// base adds workdays on duty as denominator from the first to the last month.
func (c *company) base(indicator string, months []string) {
	if len(months) == 0 {
		return
	}
	from, to := slices.Min(months), slices.Max(months)
	for o, byMonth := range c.duty {
		for month, days := range byMonth {
			if month >= from && month <= to {
				c.add(indicator, month, o, 0, days*one)
			}
		}
	}
}

var bracket = regexp.MustCompile(`^(.*?)\s*[(（\[【]([^)）\]】]*)`)

// rep says who is meant: alias, id, name, name before a bracket.
func (c *company) rep(value string) string {
	if value == "" {
		return ""
	}
	if id, ok := c.aliases[value]; ok {
		return id
	}
	if _, ok := c.reps[value]; ok {
		return value
	}
	if ids := c.repNames[value]; len(ids) == 1 {
		return ids[0]
	}
	if m := bracket.FindStringSubmatch(value); m != nil {
		ids := c.repNames[strings.TrimSpace(m[1])]
		var meant []string
		for _, id := range ids {
			r := c.reps[id]
			if slices.Contains([]string{r.RegionID, c.regions[r.RegionID].Name, r.TeamID, c.teams[r.TeamID].Name}, m[2]) {
				meant = append(meant, id)
			}
		}
		if len(meant) == 1 {
			return meant[0]
		}
		if len(ids) == 1 {
			return ids[0]
		}
	}
	return "?:" + value
}

func (c *company) customer(value string) string {
	if value == "" {
		return ""
	}
	if _, ok := c.customers[value]; ok {
		return value
	}
	if id, ok := c.byName[value]; ok {
		return id
	}
	return "?:" + value
}

// stay says where a rep worked on a day.
func (c *company) stay(rep string, day int32) owner {
	if rep == "" {
		return owner{}
	}
	r := c.reps[rep]
	o := owner{rep, r.TeamID, cmp.Or(r.RegionID, c.teams[r.TeamID].RegionID)}
	for _, a := range c.stays[rep] { // sorted by first day
		if a.FromOn > day {
			break
		}
		o = owner{rep, r.TeamID, cmp.Or(r.RegionID, c.teams[r.TeamID].RegionID)}
		if a.ToOn == 0 || day <= a.ToOn {
			o.team = cmp.Or(a.TeamID, o.team)
			o.region = cmp.Or(a.RegionID, c.teams[a.TeamID].RegionID, o.region)
		}
	}
	return o
}

// ownerOf is the owner of a row with a rep, else of its customer's rep.
func (c *company) ownerOf(rep, customer, region string, day int32) owner {
	id := c.customer(customer)
	who := c.rep(rep)
	if rep == "" {
		who = c.rep(c.customers[id].RepID)
	}
	o := c.stay(who, day)
	o.region = cmp.Or(region, o.region, c.customers[id].RegionID)
	return o
}

// isWorkday looks up the calendar of a region.
func (c *company) isWorkday(region string, day int32) bool {
	for r := region; r != ""; r = c.regions[r].ParentID {
		if is, ok := c.holidays[r][day]; ok {
			return is
		}
	}
	if is, ok := c.holidays[""][day]; ok {
		return is
	}
	weekday := time.Unix(int64(day)*86400, 0).UTC().Weekday()
	return weekday != time.Saturday && weekday != time.Sunday
}

// base currency amount in ten-thousandths.
func (c *company) money(money int64, currency string, day int32) int64 {
	if currency == "" || currency == "CNY" {
		return money
	}
	return divide(money*c.fx[currency+"/"+monthOf(day)], one)
}

// sale is an order line or, with a negative amount, a return.
type sale struct {
	order, customer, product string
	day                      int32
	owner                    owner
	money                    int64
	cost                     *int64
	quantity                 *int64
	price                    *int64
	isReturn                 bool
	line                     table.OrderLine
}

func recompute(t *testing.T, dir string) map[string]map[place]pair {
	c := &company{dir: dir, out: map[string]map[place]pair{},
		reps: map[string]table.Rep{}, aliases: map[string]string{}, repNames: map[string][]string{}, teams: map[string]table.Team{},
		regions: map[string]table.Region{}, stays: map[string][]table.Assignment{}, customers: map[string]table.Customer{}, byName: map[string]string{},
		products: map[string]table.Product{}, holidays: map[string]map[int32]bool{}, duty: map[owner]map[string]int64{}, fx: map[string]int64{}}
	for _, r := range live[table.Rep](t, dir, "rep") {
		c.reps[r.RepID] = r
		c.repNames[r.Name] = append(c.repNames[r.Name], r.RepID)
	}
	for _, a := range live[table.RepAlias](t, dir, "rep_alias") {
		c.aliases[a.Alias] = a.RepID
	}
	regionNames, teamNames := map[string]string{}, map[string]string{}
	for _, r := range live[table.Region](t, dir, "region") {
		c.regions[r.RegionID] = r
		regionNames[r.Name] = r.RegionID
	}
	for _, r := range live[table.Team](t, dir, "team") {
		c.teams[r.TeamID] = r
		teamNames[r.Name] = r.TeamID
	}
	regionID := func(value string) string {
		if _, ok := c.regions[value]; ok || value == "" {
			return value
		}
		return cmp.Or(regionNames[value], value)
	}
	teamID := func(value string) string {
		if _, ok := c.teams[value]; ok || value == "" {
			return value
		}
		return cmp.Or(teamNames[value], value)
	}
	for id, r := range c.regions {
		r.ParentID = regionID(r.ParentID)
		c.regions[id] = r
	}
	for id, x := range c.teams {
		x.RegionID = regionID(x.RegionID)
		c.teams[id] = x
	}
	for id, r := range c.reps {
		r.TeamID, r.RegionID = teamID(r.TeamID), regionID(r.RegionID)
		c.reps[id] = r
	}
	for _, a := range live[table.Assignment](t, dir, "assignment") {
		a.TeamID, a.RegionID = teamID(a.TeamID), regionID(a.RegionID)
		rep := c.rep(a.RepID)
		c.stays[rep] = append(c.stays[rep], a)
	}
	for _, s := range c.stays {
		slices.SortFunc(s, func(a, b table.Assignment) int { return cmp.Compare(a.FromOn, b.FromOn) })
	}
	for _, x := range live[table.Customer](t, dir, "customer") {
		x.RegionID = regionID(x.RegionID)
		c.customers[x.CustomerID] = x
		if _, twice := c.byName[x.Name]; twice {
			c.byName[x.Name] = "?:" + x.Name
			continue
		}
		c.byName[x.Name] = x.CustomerID
	}
	for _, p := range live[table.Product](t, dir, "product") {
		c.products[p.ProductID] = p
	}
	for _, d := range live[table.Workday](t, dir, "workday") {
		region := regionID(d.RegionID)
		if c.holidays[region] == nil {
			c.holidays[region] = map[int32]bool{}
		}
		c.holidays[region][d.DayOn] = d.IsWorkday
	}
	for _, f := range live[table.FxRate](t, dir, "fx_rate") {
		c.fx[f.Currency+"/"+monthOf(f.PeriodOn)] = f.Rate
	}

	lines := live[table.OrderLine](t, dir, "order_line")
	deals := live[table.Deal](t, dir, "deal")
	visits := live[table.Visit](t, dir, "visit")
	complaints := live[table.Complaint](t, dir, "complaint")
	activities := live[table.Activity](t, dir, "activity")
	var months []string
	for _, l := range lines {
		months = append(months, monthOf(l.OrderedOn))
	}
	for _, d := range deals {
		if d.Outcome != "open" && d.ClosedOn != 0 {
			months = append(months, monthOf(d.ClosedOn))
		}
	}
	for _, v := range visits {
		months = append(months, monthOf(dayOf(v.VisitedAt)))
	}
	for _, x := range complaints {
		months = append(months, monthOf(dayOf(x.OpenedAt)))
	}
	for _, a := range activities {
		months = append(months, monthOf(a.DoneOn))
	}
	c.first, c.last = slices.Min(months), slices.Max(months)
	c.asOf = lastDay(c.last)

	for id, r := range c.reps {
		for day := firstDay(c.first); day <= c.asOf; day++ {
			if r.HiredOn != 0 && day < r.HiredOn || r.LeftOn != 0 && day > r.LeftOn {
				continue
			}
			o := c.stay(id, day)
			if c.duty[o] == nil {
				c.duty[o] = map[string]int64{}
			}
			c.duty[o][monthOf(day)] += 0
			if c.isWorkday(o.region, day) {
				c.duty[o][monthOf(day)]++
			}
		}
	}

	sales := c.sales(t, lines, regionID)
	orders := c.results(t, sales)
	c.cash(t, sales, orders)
	c.spending(t, sales, visits, regionID, teamID)
	c.deals(deals)
	c.visiting(visits)
	c.customerCare(t, sales, orders, complaints, regionID)
	c.filing(activities)
	c.promotions(t, orders)
	c.outlets()
	c.ratings(t)
	c.innovations(t)
	c.market(t, sales, regionID)
	c.targets(t, sales, regionID, teamID)
	return c.out
}

// sales are all order lines and returns.
func (c *company) sales(t *testing.T, lines []table.OrderLine, regionID func(string) string) []sale {
	var out []sale
	byOrder := map[string][]sale{}
	for _, l := range lines {
		s := sale{order: l.OrderID, customer: c.customer(l.CustomerID), product: l.ProductID, day: l.OrderedOn, line: l, quantity: l.Quantity}
		s.owner = c.stay(c.rep(l.RepID), l.OrderedOn)
		s.owner.region = cmp.Or(regionID(l.RegionID), s.owner.region, c.customers[s.customer].RegionID)
		s.money = c.money(l.Amount, l.Currency, l.OrderedOn)
		switch {
		case l.CostAmount != nil:
			cost := c.money(*l.CostAmount, l.Currency, l.OrderedOn)
			s.cost = &cost
		case l.ProfitAmount != nil:
			cost := s.money - c.money(*l.ProfitAmount, l.Currency, l.OrderedOn)
			s.cost = &cost
		case l.Quantity != nil && c.products[l.ProductID].StandardCost != nil:
			cost := divide(*c.products[l.ProductID].StandardCost**l.Quantity, one)
			s.cost = &cost
		}
		if l.UnitPrice != nil {
			price := c.money(*l.UnitPrice, l.Currency, l.OrderedOn)
			s.price = &price
		}
		out = append(out, s)
		byOrder[s.order] = append(byOrder[s.order], s)
	}
	share := func(whole *int64, part, of int64) *int64 {
		if whole == nil {
			return nil
		}
		v := *whole
		if of != 0 && part != of {
			v = int64(math.Round(math.Round(float64(v)/1e4*(float64(part)/1e4)/(float64(of)/1e4)*1e4) / 1e4 * 1e4))
		}
		return &v
	}
	back := func(r table.Return, of sale, money int64, cost, quantity *int64) {
		s := sale{order: r.OrderID, customer: of.customer, product: of.product, owner: of.owner, isReturn: true, line: of.line}
		s.day = cmp.Or(r.ReturnedOn, of.day)
		s.money = -money
		if r.CostAmount != nil {
			cost = r.CostAmount
		}
		if cost != nil {
			v := -*cost
			s.cost = &v
		}
		if quantity != nil {
			v := -*quantity
			s.quantity = &v
		}
		out = append(out, s)
	}
	for _, r := range live[table.Return](t, c.dir, "return") {
		whole := byOrder[r.OrderID]
		var hit []sale
		for _, s := range whole {
			if r.LineID == "" && r.Amount == nil || r.LineID != "" && s.line.LineID == r.LineID {
				hit = append(hit, s)
			}
		}
		for _, s := range hit {
			money, quantity := s.money, s.quantity
			if r.LineID != "" && r.Amount != nil {
				money = *r.Amount
			} else if r.LineID != "" && r.Quantity != nil && *r.Quantity != *s.quantity {
				money = int64(math.Round(float64(s.money) / 1e4 * (float64(*r.Quantity) / one) / (float64(*s.quantity) / one) * 1e4))
			}
			if r.LineID != "" && r.Quantity != nil {
				quantity = r.Quantity
			}
			back(r, s, money, share(s.cost, money, s.money), quantity)
		}
		if len(hit) > 0 {
			continue
		}
		var amount int64
		if r.Amount != nil {
			amount = *r.Amount
		}
		if len(whole) == 0 {
			back(r, sale{}, amount, nil, r.Quantity)
			continue
		}
		slices.SortFunc(whole, func(a, b sale) int {
			return cmp.Or(cmp.Compare(a.line.LineID, b.line.LineID), cmp.Compare(a.line.SourceRow, b.line.SourceRow))
		})
		var all, cost int64
		known := false
		for _, s := range whole {
			all += s.money
			if s.cost != nil {
				cost, known = cost+*s.cost, true
			}
		}
		first := whole[0]
		first.product = ""
		var of *int64
		if known {
			of = share(&cost, amount, all)
		}
		back(r, first, amount, of, r.Quantity)
	}
	return out
}

// order is an order in one month.
type order struct {
	id, month, customer, invoice string
	day, due                     int32
	owner                        owner
	money                        int64
}

// results are sales, margin, growth, averages and price compliance.
func (c *company) results(t *testing.T, sales []sale) []order {
	var months []string
	type part struct {
		id, month string
		owner     owner
	}
	parts := map[part]int64{}
	byOrder := map[[2]string]*order{}
	bands := live[table.PriceList](t, c.dir, "price_list")
	type grain struct {
		o     owner
		month string
	}
	quantity := map[grain]*int64{}
	averages := map[grain]pair{} // money, orders
	profits := map[grain]bool{}
	var costMonths []string
	for _, s := range sales {
		month := monthOf(s.day)
		g := grain{s.owner, month}
		months = append(months, month)
		c.amount("sales_amount", month, s.owner, s.money*100)
		averages[g] = pair{averages[g].num + s.money, averages[g].den}
		if s.cost != nil {
			profits[g] = true
			costMonths = append(costMonths, month)
			c.amount("gross_profit", month, s.owner, (s.money-*s.cost)*100)
			c.add("gross_margin", month, s.owner, (s.money-*s.cost)*100, s.money*100)
		}
		if s.quantity != nil {
			if quantity[g] == nil {
				quantity[g] = new(int64)
			}
			*quantity[g] += *s.quantity
		}
		if s.isReturn {
			continue
		}
		parts[part{s.order, month, s.owner}] += s.money
		o := byOrder[[2]string{s.order, month}]
		if o == nil {
			o = &order{id: s.order, month: month, customer: s.customer, invoice: s.line.InvoiceID, day: s.day, due: s.line.DueOn}
			byOrder[[2]string{s.order, month}] = o
		}
		o.money += s.money
		o.day, o.customer = min(o.day, s.day), min(o.customer, s.customer)
		if s.line.InvoiceID != "" && (o.invoice == "" || s.line.InvoiceID < o.invoice) {
			o.invoice = s.line.InvoiceID
		}
		if s.line.DueOn != 0 && (o.due == 0 || s.line.DueOn < o.due) {
			o.due = s.line.DueOn
		}
		low, high, found := band(bands, s, false)
		if l, h, ok := band(bands, s, true); ok {
			low, high, found = l, h, true
		}
		price := s.price
		if price == nil && s.quantity != nil && *s.quantity != 0 {
			v := round6(float64(s.money) / 1e4 / (float64(*s.quantity) / one))
			price = &v
		}
		if found && price != nil {
			inside := int64(0)
			if *price >= low && *price <= high {
				inside = one
			}
			c.add("price_compliance", month, s.owner, inside, one)
		} else {
			c.add("price_compliance", month, s.owner, 0, 0)
		}
	}
	// A sales row without banded lines is a row with base 0, as everywhere.
	for g := range averages {
		c.add("price_compliance", g.month, g.o, 0, 0)
	}
	best := map[[2]string]part{}
	for _, p := range slices.SortedFunc(maps.Keys(parts), func(a, b part) int {
		return cmp.Or(cmp.Compare(parts[b], parts[a]), cmp.Compare(a.owner.rep, b.owner.rep), cmp.Compare(a.owner.team, b.owner.team), cmp.Compare(a.owner.region, b.owner.region))
	}) {
		if _, done := best[[2]string{p.id, p.month}]; !done {
			best[[2]string{p.id, p.month}] = p
		}
	}
	var orders []order
	for key, o := range byOrder {
		o.owner = best[key].owner
		orders = append(orders, *o)
		g := grain{o.owner, o.month}
		averages[g] = pair{averages[g].num, averages[g].den + 1}
		c.add("orders_per_workday", o.month, o.owner, one, 0)
	}
	for g, v := range averages {
		c.add("orders_per_workday", g.month, g.o, 0, 0)
		c.add("average_order_value", g.month, g.o, v.num*100, v.den*one)
		if quantity[g] != nil {
			c.add("average_order_quantity", g.month, g.o, *quantity[g], v.den*one)
		}
	}
	c.zeros("sales_amount", months)
	c.zeros("gross_profit", costMonths)
	c.base("orders_per_workday", months)

	// Growth compares what each unit sold, months outside the run included.
	sold := map[place]int64{}
	for _, s := range sales {
		for _, u := range c.units(s.owner) {
			sold[place{u[0], u[1], monthOf(s.day)}] += s.money
		}
	}
	for id, back := range map[string]int{"sales_growth": 12, "sales_growth_last_month": 1} {
		c.out[id] = map[place]pair{}
		for before, money := range sold {
			now := place{before.kind, before.id, addMonths(before.month, back)}
			if money > 0 && now.month >= c.first && now.month <= c.last {
				c.out[id][now] = pair{(sold[now] - money) * 100, money * 100}
			}
		}
	}
	return orders
}

// band finds the price band of a line, its region's own or the general one.
func band(bands []table.PriceList, s sale, own bool) (low, high int64, found bool) {
	var from int32 = -1
	for _, b := range bands {
		if b.ProductID != s.product || (b.RegionID == "") == own || own && b.RegionID != s.owner.region || b.FromOn > s.day || b.FromOn < from {
			continue
		}
		from, low, high = b.FromOn, b.PriceLow, b.PriceHigh
		found = b.ToOn == 0 || s.day <= b.ToOn
	}
	return low, high, found
}

// cash is collection, in total and of what is due.
func (c *company) cash(t *testing.T, sales []sale, orders []order) {
	payments := live[table.Payment](t, c.dir, "payment")
	if len(payments) == 0 {
		return
	}
	first := map[string]order{}
	byInvoice := map[string]string{}
	// A row of an order counts in its month of sale if it happened by the end of
	// that month, and in the month it falls due if it happened by that month's end.
	count := func(o order, day int32, sold, collected int64) {
		if day <= lastDay(o.month) {
			c.add("collection_rate", o.month, o.owner, collected*100, sold*100)
		}
		dueDay := o.due
		if dueDay == 0 {
			dueDay = o.day
		}
		if due := monthOf(dueDay); due <= c.last && day <= lastDay(due) && o.day <= lastDay(due) {
			c.add("due_collection_rate", due, o.owner, collected*100, sold*100)
		}
	}
	for _, o := range orders {
		if f, ok := first[o.id]; !ok || o.month < f.month {
			first[o.id] = o
		}
		if id, ok := byInvoice[o.invoice]; o.invoice != "" && (!ok || o.id < id) {
			byInvoice[o.invoice] = o.id
		}
		count(o, o.day, o.money, 0)
	}
	for _, s := range sales {
		if o, ok := first[s.order]; s.isReturn && ok {
			count(o, s.day, s.money, 0)
		}
	}
	for _, p := range payments {
		id := p.OrderID
		if id == "" {
			id = byInvoice[p.InvoiceID]
		}
		o, ok := first[id]
		if ok && (p.IsBadDebt == nil || !*p.IsBadDebt) {
			count(o, p.PaidOn, 0, c.money(p.Amount, p.Currency, p.PaidOn))
		}
	}
}

// spending is the expense ratio and the cost of a visit.
func (c *company) spending(t *testing.T, sales []sale, visits []table.Visit, regionID, teamID func(string) string) {
	var months []string
	for _, e := range live[table.Expense](t, c.dir, "expense") {
		o := c.stay(c.rep(e.RepID), e.SpentOn)
		team := teamID(e.TeamID)
		o.team = cmp.Or(team, o.team)
		o.region = cmp.Or(regionID(e.RegionID), o.region, c.teams[team].RegionID)
		month := monthOf(e.SpentOn)
		months = append(months, month)
		money := c.money(e.Amount, e.Currency, e.SpentOn)
		c.add("expense_ratio", month, o, money*100, 0)
		travel := slices.Contains([]string{"visit", "travel", "拜访", "拜访费", "差旅", "差旅费", "交通", "交通费"}, strings.ToLower(e.Kind))
		if e.IsVisit != nil {
			travel = *e.IsVisit
		}
		if !travel {
			money = 0
		}
		c.add("cost_per_visit", month, o, money*100, 0)
	}
	if len(months) == 0 {
		return
	}
	from, to := slices.Min(months), slices.Max(months)
	for _, s := range sales {
		if month := monthOf(s.day); month >= from && month <= to {
			c.add("expense_ratio", month, s.owner, 0, s.money*100)
		}
	}
	for _, v := range visits {
		if month := monthOf(dayOf(v.VisitedAt)); month >= from && month <= to {
			c.add("cost_per_visit", month, c.ownerOf(v.RepID, v.CustomerID, "", dayOf(v.VisitedAt)), 0, one)
		}
	}
}

func (c *company) deals(deals []table.Deal) {
	var months []string
	for _, d := range deals {
		if d.Outcome == "open" || d.ClosedOn == 0 {
			continue
		}
		var money, won int64
		if d.Amount != nil {
			money = *d.Amount
		}
		if d.Outcome == "won" {
			won = 1
		}
		month := monthOf(d.ClosedOn)
		o := c.stay(c.rep(d.RepID), d.ClosedOn)
		o.region = cmp.Or(o.region, c.customers[c.customer(d.CustomerID)].RegionID)
		c.add("win_rate", month, o, won*one, one)
		c.add("win_rate_amount", month, o, won*money*100, money*100)
		if helper := c.rep(d.HelperRepID); won == 1 && helper != "" && helper != o.rep {
			months = append(months, month)
			c.amount("shared_deals", month, c.stay(helper, d.ClosedOn), one)
		}
	}
	c.zeros("shared_deals", months)
}

func (c *company) visiting(visits []table.Visit) {
	var months []string
	for _, v := range visits {
		day := dayOf(v.VisitedAt)
		month := monthOf(day)
		months = append(months, month)
		o := c.ownerOf(v.RepID, v.CustomerID, "", day)
		success := int64(0)
		if v.IsSuccess != nil && *v.IsSuccess ||
			v.IsSuccess == nil && slices.Contains([]string{"order", "ordered", "success", "下单", "成交", "达成", "成功"}, strings.ToLower(v.Outcome)) {
			success = one
		}
		var checked, passed int64
		if v.NItemsChecked != nil {
			checked = *v.NItemsChecked
			if v.NItemsPassed != nil {
				passed = *v.NItemsPassed
			}
		} else {
			for _, item := range []*bool{v.IsPriceOk, v.IsStockOk, v.IsPopOk} {
				if item != nil {
					checked++
				}
				if item != nil && *item {
					passed++
				}
			}
		}
		c.add("visit_success_rate", month, o, success, one)
		c.add("terminal_compliance", month, o, passed*one, checked*one)
		c.add("visits_per_workday", month, o, one, 0)
	}
	c.base("visits_per_workday", months)
}

// customerCare is everything about customers: new, trained, informed,
// satisfied, complaining.
func (c *company) customerCare(t *testing.T, sales []sale, orders []order, complaints []table.Complaint, regionID func(string) string) {
	var salesMonths, orderMonths []string
	for _, s := range sales {
		salesMonths = append(salesMonths, monthOf(s.day))
	}
	first := map[string]order{}
	for _, o := range orders {
		orderMonths = append(orderMonths, o.month)
		if f, ok := first[o.customer]; o.customer != "" && (!ok || o.day < f.day || o.day == f.day && o.id < f.id) {
			first[o.customer] = o
		}
	}
	start := slices.Min(orderMonths)
	for id, o := range first {
		opened := c.customers[id].OpenedOn
		if o.month > start || opened != 0 && monthOf(opened) == start {
			c.amount("new_customers", o.month, o.owner, one)
		}
	}
	c.zeros("new_customers", salesMonths)

	bought := map[string]map[string]map[owner]int64{} // customer, month, seller
	for _, s := range sales {
		if s.isReturn || s.customer == "" {
			continue
		}
		if bought[s.customer] == nil {
			bought[s.customer] = map[string]map[owner]int64{}
		}
		if bought[s.customer][monthOf(s.day)] == nil {
			bought[s.customer][monthOf(s.day)] = map[owner]int64{}
		}
		bought[s.customer][monthOf(s.day)][s.owner] += s.money
	}
	trained, informed := map[string]map[string]bool{}, map[string]map[string]bool{}
	note := func(m map[string]map[string]bool, month, customer string) {
		if m[month] == nil {
			m[month] = map[string]bool{}
		}
		m[month][customer] = true
	}
	for _, x := range live[table.Training](t, c.dir, "training") {
		note(trained, monthOf(x.HeldOn), c.customer(x.CustomerID))
	}
	for _, x := range live[table.Feedback](t, c.dir, "feedback") {
		note(informed, monthOf(x.FiledOn), c.customer(x.CustomerID))
	}
	within := func(m map[string]map[string]bool, month string) bool {
		keys := slices.Collect(maps.Keys(m))
		return len(keys) > 0 && month >= slices.Min(keys) && month <= slices.Max(keys)
	}
	complained := map[string]bool{}
	for _, x := range complaints {
		complained[monthOf(dayOf(x.OpenedAt))] = true
	}
	months := slices.Collect(maps.Keys(complained))
	for customer, byMonth := range bought {
		for month := c.first; month <= c.last; month = addMonths(month, 1) {
			latest := ""
			for back := range 3 {
				if m := addMonths(month, -back); byMonth[m] != nil {
					latest = m
					break
				}
			}
			if latest == "" {
				continue
			}
			var o owner
			if rep := c.rep(c.customers[customer].RepID); rep != "" {
				o = c.stay(rep, lastDay(month))
			} else {
				sellers := slices.SortedFunc(maps.Keys(byMonth[latest]), func(a, b owner) int {
					return cmp.Or(cmp.Compare(byMonth[latest][b], byMonth[latest][a]), cmp.Compare(a.rep, b.rep), cmp.Compare(a.team, b.team), cmp.Compare(a.region, b.region))
				})
				o = sellers[0]
				o.region = cmp.Or(c.customers[customer].RegionID, o.region)
			}
			o.region = cmp.Or(o.region, c.customers[customer].RegionID)
			var base, yes int64
			if within(trained, month) {
				base = one
				if trained[month][customer] || trained[addMonths(month, -1)][customer] {
					yes = one
				}
				c.add("customer_training_rate", month, o, yes, base)
			}
			base, yes = 0, 0
			if within(informed, month) {
				base = one
				if informed[month][customer] {
					yes = one
				}
				c.add("information_exchange_rate", month, o, yes, base)
			}
			if len(months) > 0 && month >= slices.Min(months) && month <= slices.Max(months) {
				c.add("complaint_rate", month, o, 0, one)
			}
		}
	}

	for _, x := range live[table.Survey](t, c.dir, "survey") {
		var low int64
		if x.ScaleLow != nil {
			low = *x.ScaleLow
		}
		if x.ScaleHigh == low {
			continue
		}
		score := round6(100 * (float64(x.Score-low) / one) / (float64(x.ScaleHigh-low) / one))
		c.add("customer_satisfaction", monthOf(x.AnsweredOn), c.ownerOf(x.RepID, x.CustomerID, "", x.AnsweredOn), score, one)
	}

	var replies, resolutions bool
	for _, x := range complaints {
		replies = replies || x.RepliedAt != 0
		resolutions = resolutions || x.ResolvedAt != 0 || x.EscalatedAt != 0
	}
	const hour = int64(3_600_000_000)
	for _, x := range complaints {
		month := monthOf(dayOf(x.OpenedAt))
		o := c.ownerOf(x.RepID, x.CustomerID, regionID(x.RegionID), dayOf(x.OpenedAt))
		c.amount("complaints", month, o, one)
		c.add("complaint_rate", month, o, 100*one, 0)
		owed := func(id string, limit int64, done ...int64) {
			var inTime int64
			for _, at := range done {
				if at != 0 && at <= limit {
					inTime = one
				}
			}
			if due := monthOf(dayOf(limit)); due <= c.last {
				c.add(id, due, o, inTime, one)
			}
		}
		if replies {
			owed("complaint_reply_rate", x.OpenedAt+12*hour, x.RepliedAt)
		}
		if resolutions {
			owed("complaint_resolution_rate", x.OpenedAt+72*hour, x.ResolvedAt, x.EscalatedAt)
		}
	}
	c.zeros("complaints", months)
}

func (c *company) filing(activities []table.Activity) {
	var months []string
	for _, a := range activities {
		month := monthOf(a.DoneOn)
		o := c.stay(c.rep(a.RepID), a.DoneOn)
		var filed, held, attended int64
		switch strings.ToLower(a.Kind) {
		case "report", "daily report", "日报":
			if a.IsDone {
				filed = one
				months = append(months, month)
			}
		case "meeting", "morning meeting", "晨会":
			held = one
			if a.IsDone {
				attended = one
			}
		}
		c.add("report_filing_rate", month, o, filed, 0)
		c.add("meeting_attendance", month, o, attended, held)
	}
	c.base("report_filing_rate", months)
}

func (c *company) promotions(t *testing.T, orders []order) {
	type promotion struct {
		o        owner
		customer string
		from, to int32
	}
	seen := map[promotion]bool{}
	byCustomer := map[string][]order{}
	for _, o := range orders {
		byCustomer[o.customer] = append(byCustomer[o.customer], o)
	}
	for _, x := range live[table.PromotionTask](t, c.dir, "promotion_task") {
		o := c.ownerOf(x.RepID, x.CustomerID, "", x.DueOn)
		var due, done int64
		if x.DueOn <= c.asOf {
			due = one
			if x.DoneOn != 0 && x.DoneOn <= x.DueOn {
				done = one
			}
		}
		c.add("promotion_execution", monthOf(x.DueOn), o, done, due)
		p := promotion{o, c.customer(x.CustomerID), x.FromOn, x.ToOn}
		if x.FromOn == 0 || x.ToOn < x.FromOn || p.customer == "" || seen[p] || x.ToOn > c.asOf {
			continue
		}
		seen[p] = true
		for _, s := range byCustomer[p.customer] {
			switch {
			case s.day >= p.from && s.day <= p.to:
				c.add("promotion_lift", monthOf(p.to), o, s.money*100, 0)
			case s.day < p.from && s.day >= p.from-(p.to-p.from+1):
				c.add("promotion_lift", monthOf(p.to), o, -s.money*100, s.money*100)
			}
		}
	}
}

func (c *company) outlets() {
	for _, x := range c.customers {
		if x.IsOutlet == nil || !*x.IsOutlet {
			continue
		}
		for month := c.first; month <= c.last; month = addMonths(month, 1) {
			starts, ends := firstDay(month), lastDay(month)
			if x.OpenedOn > ends || x.ClosedOn != 0 && x.ClosedOn < starts {
				continue
			}
			o := c.stay(c.rep(x.RepID), ends)
			o.region = cmp.Or(o.region, x.RegionID)
			if x.OpenedOn != 0 && x.OpenedOn >= starts {
				c.add("terminal_expansion_rate", month, o, one, 0)
			} else {
				c.add("terminal_expansion_rate", month, o, 0, one)
			}
		}
	}
}

// ratings are weighted, each rater's severity known in the month taken out.
func (c *company) ratings(t *testing.T) {
	kinds := map[string]string{"上级": "manager", "经理": "manager", "主管": "manager", "同事": "peer", "互评": "peer", "自评": "self", "本人": "self"}
	criteria := map[string]string{"工作能力": "ability", "能力": "ability", "工作态度": "attitude", "态度": "attitude", "纪律性": "discipline", "纪律": "discipline",
		"团队协作": "collaboration", "协作": "collaboration", "peer_collaboration": "collaboration"}
	type rated struct{ rep, month, criterion string }
	type rating struct {
		rated
		rater, kind string
		score       int64
	}
	var all []rating
	byRated := map[rated][]rating{}
	for _, x := range live[table.Rating](t, c.dir, "rating") {
		r := rating{rated{c.rep(x.RepID), monthOf(x.PeriodOn), strings.ToLower(x.Criterion)}, c.rep(x.RaterID), strings.ToLower(x.RaterKind), x.Score}
		r.criterion = cmp.Or(criteria[r.criterion], r.criterion)
		r.kind = cmp.Or(kinds[r.kind], r.kind)
		all = append(all, r)
		if r.kind != "self" {
			byRated[r.rated] = append(byRated[r.rated], r)
		}
	}
	type known struct{ rater, month string }
	severity := map[known]int64{} // by what was known in the month
	months := map[string]bool{}
	for _, r := range all {
		months[r.month] = true
	}
	for range 3 {
		sum, n := map[string]int64{}, map[string]int64{}
		next := map[known]int64{}
		for _, month := range slices.Sorted(maps.Keys(months)) {
			for key, group := range byRated {
				if key.month != month {
					continue
				}
				for _, own := range group {
					var others, count int64
					for _, other := range group {
						if other.rater != own.rater {
							others += other.score - severity[known{other.rater, month}]
							count++
						}
					}
					if count > 0 {
						mean := math.Round(float64(others)/one/float64(count)*1e6) / 1e6
						sum[own.rater] += int64(math.Round((float64(own.score)/one - mean) * 1e6))
						n[own.rater]++
					}
				}
			}
			for rater := range sum {
				next[known{rater, month}] = round6(float64(sum[rater]) / one / float64(n[rater]+4))
			}
		}
		severity = next
	}
	type group struct {
		rated
		kind string
	}
	raters := map[group]int{}
	for _, r := range all {
		raters[group{r.rated, r.kind}]++
	}
	plan := map[string]float64{"manager": 0.6, "peer": 0.3, "self": 0.1}
	for _, r := range all {
		weight := plan[r.kind]
		id := r.criterion
		if r.criterion == "collaboration" {
			id, weight = "peer_collaboration", 0
			if r.kind == "peer" {
				weight = 1
			}
		}
		if weight == 0 {
			continue
		}
		w := round6(weight / float64(raters[group{r.rated, r.kind}]))
		score := r.score
		if r.kind != "self" {
			score -= severity[known{r.rater, r.month}]
		}
		score = min(max(score, 0), 100*one)
		c.add(id, r.month, c.stay(r.rep, lastDay(r.month)), divide(w*score, one), w)
	}
}

func (c *company) innovations(t *testing.T) {
	rows := live[table.Innovation](t, c.dir, "innovation")
	slices.SortFunc(rows, func(a, b table.Innovation) int {
		return cmp.Or(cmp.Compare(a.AdoptedOn, b.AdoptedOn), cmp.Compare(a.InnovationID, b.InnovationID))
	})
	var months []string
	sofar := map[[2]string]int64{}
	for _, x := range rows {
		if x.AdoptedOn == 0 {
			continue
		}
		month := monthOf(x.AdoptedOn)
		months = append(months, month)
		points := int64(one)
		if x.Points != nil {
			points = min(max(*x.Points, one), 2*one)
		}
		o := c.stay(c.rep(x.RepID), x.AdoptedOn)
		key := [2]string{o.rep, month}
		counted := max(min(sofar[key]+points, 10*one)-min(sofar[key], 10*one), 0)
		sofar[key] += points
		if counted > 0 {
			c.amount("innovation_points", month, o, counted)
		}
	}
	c.zeros("innovation_points", months)
}

func (c *company) market(t *testing.T, sales []sale, regionID func(string) string) {
	type cell struct{ region, month string }
	there := map[cell]map[string]bool{}
	alone := map[cell][]owner{}
	for o, byMonth := range c.duty {
		for month, days := range byMonth {
			if days > 0 {
				alone[cell{o.region, month}] = append(alone[cell{o.region, month}], o)
			}
		}
	}
	holder := func(region, month string) owner {
		if a := alone[cell{region, month}]; len(a) == 1 {
			return a[0]
		}
		return owner{"", "", region}
	}
	for _, m := range live[table.Market](t, c.dir, "market") {
		if m.SizeAmount == nil {
			continue
		}
		k := cell{regionID(m.RegionID), monthOf(m.PeriodOn)}
		if there[k] == nil {
			there[k] = map[string]bool{}
		}
		there[k][m.ProductLine] = true
		c.add("market_share", k.month, holder(k.region, k.month), 0, *m.SizeAmount*100)
	}
	for _, s := range sales {
		k := cell{s.owner.region, monthOf(s.day)}
		line := c.products[s.product].Line
		if there[k][""] || line != "" && there[k][line] {
			c.add("market_share", k.month, holder(k.region, k.month), s.money*100, 0)
		}
	}
}

// targets compares sales with a unit's own target, else with the targets of
// the regions, teams or people below it and only their sales.
func (c *company) targets(t *testing.T, sales []sale, regionID, teamID func(string) string) {
	own, ofProducts := map[place]int64{}, map[place]int64{}
	for _, x := range live[table.Target](t, c.dir, "target") {
		if x.Indicator != "" && x.Indicator != "sales_amount" {
			continue
		}
		p := place{x.UnitKind, x.UnitID, monthOf(x.PeriodOn)}
		p.kind = cmp.Or(map[string]string{"公司": "company", "区域": "region", "大区": "region", "团队": "team", "小组": "team", "个人": "rep", "业务员": "rep", "人员": "rep"}[p.kind], p.kind)
		switch p.kind {
		case "rep":
			p.id = c.rep(p.id)
		case "team":
			p.id = teamID(p.id)
		case "region":
			p.id = regionID(p.id)
		default:
			p.id = "company"
		}
		if p.month < c.first || p.month > c.last {
			continue
		}
		if x.ProductID == "" {
			own[p] += x.Amount
		} else {
			ofProducts[p] += x.Amount
		}
	}
	for p, money := range ofProducts {
		if _, ok := own[p]; !ok {
			own[p] = money
		}
	}
	sold := map[place]int64{}
	for _, s := range sales {
		for _, u := range c.units(s.owner) {
			sold[place{u[0], u[1], monthOf(s.day)}] += s.money
		}
	}
	levels := map[place]map[int]pair{}
	put := func(level int, month string, o owner, target, money int64) {
		for _, u := range c.units(o) {
			p := place{u[0], u[1], month}
			if levels[p] == nil {
				levels[p] = map[int]pair{}
			}
			v := levels[p][level]
			levels[p][level] = pair{v.num + money, v.den + target}
		}
	}
	for p, target := range own {
		switch p.kind {
		case "region":
			top := true
			for r := c.regions[p.id].ParentID; r != ""; r = c.regions[r].ParentID {
				if _, ok := own[place{"region", r, p.month}]; ok {
					top = false
				}
			}
			if top {
				put(1, p.month, owner{"", "", p.id}, target, sold[p])
			}
		case "team":
			put(2, p.month, owner{"", p.id, c.teams[p.id].RegionID}, target, sold[p])
		case "rep":
			var stays []owner
			var days int64
			for o, byMonth := range c.duty {
				if _, ok := byMonth[p.month]; ok && o.rep == p.id {
					stays = append(stays, o)
					days += byMonth[p.month]
				}
			}
			slices.SortFunc(stays, func(a, b owner) int { return cmp.Or(cmp.Compare(a.team, b.team), cmp.Compare(a.region, b.region)) })
			if days == 0 {
				put(3, p.month, c.stay(p.id, firstDay(p.month)), target, 0)
				continue
			}
			upTo := func(n int64) int64 {
				if n == days {
					return target
				}
				return int64(math.Round(float64(target) / 1e4 * float64(n) / float64(days) * 1e4))
			}
			var n int64
			for _, o := range stays {
				here := c.duty[o][p.month]
				put(3, p.month, o, upTo(n+here)-upTo(n), 0)
				n += here
			}
		}
	}
	for _, s := range sales {
		if _, ok := own[place{"rep", s.owner.rep, monthOf(s.day)}]; ok {
			put(3, monthOf(s.day), s.owner, 0, s.money)
		}
	}
	out := map[place]pair{}
	for p, byLevel := range levels {
		v := byLevel[slices.Min(slices.Collect(maps.Keys(byLevel)))]
		out[p] = pair{v.num * 100, v.den * 100}
	}
	for p, target := range own {
		out[p] = pair{sold[p] * 100, target * 100}
	}
	c.out["target_attainment"] = out
}
