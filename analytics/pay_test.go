package analytics

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"levelfield/analytics/plan"
)

// payWorld is what pay is calculated from: people with a plan of their own
// kind of month, orders, cash, returns, bad debts, expenses and scores.
type payWorld struct {
	rows   map[string][][]any // by relation, in the order of columns
	order  map[string][]string
	months []time.Time
}

func newPayWorld(months int) *payWorld {
	w := &payWorld{rows: map[string][][]any{}, order: map[string][]string{
		"core.month":                   {"month", "as_of_on"},
		"core.order_part":              {"order_id", "month", "rep_id", "on_date", "due_on", "sales_amount"},
		"core.settlement_line":         {"order_id", "sale_month", "month", "rep_id", "kind", "amount"},
		"core.duty_month":              {"rep_id", "team_id", "region_id", "month", "n_duty_days"},
		"core.sales_total":             {"rep_id", "team_id", "region_id", "month", "sales_amount"},
		"indicators.target_attainment": {"unit_kind", "unit_id", "month", "numerator", "denominator"},
		"indicators.value":             {"indicator", "unit_kind", "unit_id", "month", "numerator", "denominator", "value"},
		"scorecard.judged":             {"unit_kind", "unit_id", "month"},
		"scorecard.score":              {"version_id", "scorecard", "unit_kind", "unit_id", "month", "score"},
	}}
	for i := range months {
		m := time.Date(2026, time.Month(1+i), 1, 0, 0, 0, 0, time.UTC)
		w.months = append(w.months, m)
		w.add("core.month", m, m.AddDate(1, 0, 0))
	}
	return w
}

func (w *payWorld) add(relation string, values ...any) {
	w.rows[relation] = append(w.rows[relation], values)
}

// orderEvent is cash, a return or a bad debt of an order, months after its sale.
type orderEvent struct {
	after  int
	kind   string
	amount int // cents
}

// person is one person's months, kept so that a twin can differ in one thing.
type person struct {
	id       string
	scores   []int // hundredths, by month
	expenses []int // cents, by month
	orders   [][]soldOrder
}

type soldOrder struct {
	amount int // cents
	events []orderEvent
}

func money(cents int) string {
	sign := ""
	if cents < 0 {
		sign, cents = "-", -cents
	}
	return fmt.Sprintf("%s%d.%02d", sign, cents/100, cents%100)
}

// put adds a person's rows to the world.
func (w *payWorld) put(p person) {
	returned := make([]int, len(w.months)) // by month booked
	for m, orders := range p.orders {
		for i, o := range orders {
			id := fmt.Sprintf("%s-%d-%d", p.id, m, i)
			w.add("core.order_part", id, w.months[m], p.id, w.months[m], w.months[m].AddDate(0, 0, 20), money(o.amount))
			for _, e := range o.events {
				if m+e.after >= len(w.months) {
					continue
				}
				w.add("core.settlement_line", id, w.months[m], w.months[m+e.after], p.id, e.kind, money(e.amount))
				if e.kind == "return" {
					returned[m+e.after] += e.amount
				}
			}
		}
	}
	for m, month := range w.months {
		sales := -returned[m]
		for _, o := range p.orders[m] {
			sales += o.amount
		}
		w.add("scorecard.judged", "rep", p.id, month)
		w.add("scorecard.score", "default", "pay", "rep", p.id, month, money(p.scores[m]))
		w.add("core.duty_month", p.id, "T", "G", month, 20)
		w.add("core.sales_total", p.id, "T", "G", month, money(sales))
		w.add("indicators.value", "sales_amount", "rep", p.id, month, money(sales), 1, float64(sales)/100)
		w.add("indicators.value", "expense_ratio", "rep", p.id, month, money(p.expenses[m]), money(sales), nil)
	}
}

// calculate runs the real SQL of pay over the world under the default plan,
// changed by the given statements.
func (w *payWorld) calculate(t *testing.T, p *project, blank map[string][]plan.Column, change ...string) *sql.Conn {
	t.Helper()
	conn := memory(t)
	prepare(t, conn, p)
	for _, text := range change {
		run(t, conn, text)
	}
	for _, relation := range sortedKeys(w.order) {
		run(t, conn, declareTable(relation, blank[relation]))
		columns := w.order[relation]
		marks := ""
		for i, c := range columns {
			k := slices.IndexFunc(blank[relation], func(b plan.Column) bool { return b.Name == c })
			if k < 0 {
				t.Fatalf("%s has no column %s", relation, c)
			}
			if i > 0 {
				marks += ", "
			}
			marks += "cast(? as " + blank[relation][k].Type + ")"
		}
		text := fmt.Sprintf("insert into %s (%s) values (%s)", quoteRelation(relation), strings.Join(columns, ", "), marks)
		insert, err := conn.PrepareContext(t.Context(), text)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range w.rows[relation] {
			if _, err := insert.ExecContext(t.Context(), row...); err != nil {
				t.Fatalf("%s: %v", relation, err)
			}
		}
		insert.Close()
	}
	var models []*Model
	made := map[string]bool{}
	for _, m := range p.models {
		if m.Layer == "pay" || slices.Contains([]string{"core.calendar", "scorecard.override", "scorecard.measure"}, m.Relation) {
			models = append(models, m)
			made[m.Relation] = true
		}
	}
	for _, m := range models {
		for _, r := range m.Reads { // nothing else is known of this world
			if w.order[r] == nil && !made[r] && blank[r] != nil {
				run(t, conn, declareTable(r, blank[r]))
				made[r] = true
			}
		}
	}
	for _, m := range models {
		run(t, conn, "create table "+quoteRelation(m.Relation)+" as "+m.SQL)
	}
	return conn
}

// randomPerson draws months with every kind of trouble. In the last month all
// cash that is still owed comes in.
func randomPerson(r *rand.Rand, id string, months int) person {
	p := person{id: id}
	for m := range months {
		p.scores = append(p.scores, 4000+r.IntN(6500))
		p.expenses = append(p.expenses, r.IntN(4_000_000))
		var orders []soldOrder
		for range r.IntN(6) {
			o := soldOrder{amount: 1 + r.IntN(20_000_000)}
			left := o.amount
			event := func(kind string, most int) {
				if most <= 0 {
					return
				}
				e := orderEvent{r.IntN(months - m), kind, 1 + r.IntN(most)}
				o.events = append(o.events, e)
				left -= e.amount
			}
			for range r.IntN(3) {
				event("payment", left)
			}
			switch r.IntN(5) {
			case 0:
				event("return", left)
			case 1:
				event("return", o.amount) // of money paid already, too
			case 2:
				event("bad_debt", left)
			}
			if r.IntN(4) == 0 { // a cheque that bounces
				o.events = append(o.events, orderEvent{months - 1 - m, "payment", -1000})
				left += 1000
			}
			if left > 0 {
				o.events = append(o.events, orderEvent{months - 1 - m, "payment", left})
			}
			orders = append(orders, o)
		}
		p.orders = append(p.orders, orders)
	}
	return p
}

// none asserts that a query, whose rows are violations, returns nothing.
func none(t *testing.T, conn *sql.Conn, what, query string) {
	t.Helper()
	if rows := texts(t, conn, query+" limit 5"); len(rows) > 0 {
		t.Errorf("%s: %v", what, rows)
	}
}

func count(t *testing.T, conn *sql.Conn, query string) (n int) {
	t.Helper()
	if err := conn.QueryRowContext(context.Background(), query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestPayProperties draws people at random and holds the real SQL to what must
// be true for everybody.
func TestPayProperties(t *testing.T) {
	const months = 7
	p := shippedProject(t)
	blank := blankRelations(t, p)
	for i, changes := range [][]string{
		nil,
		{"update plan.pay set tier_method = 'whole', release_score = 'release', pool_sharing = 'score'", "update plan.tier set rate = rate + 0.00333"},
		{"update plan.pay set is_saving_inside = true, release_score = 'none', is_carried_forward = false, pool_sharing = 'contribution', standard_score = 90"},
	} {
		t.Run(fmt.Sprintf("plan %d", i+1), func(t *testing.T) {
			r := rand.New(rand.NewPCG(20261122, uint64(i)))
			w := newPayWorld(months)
			for n := range 40 {
				w.put(randomPerson(r, fmt.Sprintf("R%02d", n), months))
			}
			for _, m := range w.months {
				w.add("indicators.target_attainment", "team", "T", m, "1300000", "1000000")
			}
			conn := w.calculate(t, p, blank, changes...)
			payHolds(t, conn)
		})
	}
}

// payHolds are the properties that hold under any plan.
func payHolds(t *testing.T, conn *sql.Conn) {
	if n := count(t, conn, "select count(*) from pay.ledger_change"); n < 200 {
		t.Fatalf("only %d movements: the world is too quiet", n)
	}
	none(t, conn, "a balance of an order is negative", `
		select * from (select *, sum(case kind when 'accrued' then amount else -amount end) over (partition by rep_id, order_id order by month) as balance
			from (select rep_id, order_id, month, kind, sum(amount) as amount from pay.ledger_entry group by all)
			qualify row_number() over (partition by rep_id, order_id, month order by kind desc) = 1)
		where balance < 0`)
	none(t, conn, "a balance of a person is negative", "select * from pay.ledger_balance where closing < 0")
	none(t, conn, "released and clawed back are not what was accrued once all cash is in", `
		select rep_id, order_id, sum(case kind when 'accrued' then amount else -amount end) as left_over from pay.ledger_entry group by all having left_over <> 0`)
	none(t, conn, "what waits order by order is not what the ledger says", `
		select coalesce(l.rep_id, w.rep_id) as rep_id, coalesce(l.order_id, w.order_id) as order_id, coalesce(l.month, w.month) as month, l.amount, w.amount
		from (select rep_id, order_id, month, sum(case kind when 'accrued' then amount else -amount end) as amount from pay.ledger_entry group by all) as l
		full join (select rep_id, order_id, month, sum(waiting_amount) as amount from pay.waiting_change group by all) as w using (rep_id, order_id, month)
		where coalesce(l.amount, 0) <> coalesce(w.amount, 0)`)
	none(t, conn, "the balance is not empty once all cash is in", "select * from pay.ledger_balance where month = (select max(month) from core.month) and closing <> 0")
	none(t, conn, "shares of orders are not the commission", `
		select c.rep_id, c.month, c.commission_amount, sum(s.earned_amount + s.accrued_amount) from pay.commission c join pay.order_share s using (rep_id, month)
		group by all having sum(s.net_amount) > 0 and sum(s.earned_amount + s.accrued_amount) <> c.commission_amount`)
	none(t, conn, "an order earns less than nothing", "select * from pay.order_share where earned_amount < 0 or accrued_amount < 0")
	none(t, conn, "tiers are not the commission", `select c.rep_id, c.month from pay.commission c join pay.tier_line l using (rep_id, month) group by c.rep_id, c.month, c.tier_amount having sum(l.amount) <> c.tier_amount`)
	none(t, conn, "the ledger does not tie to finance", "select * from pay.ledger_tie where difference_amount <> 0")
	none(t, conn, "printed lines are not the printed total", `
		select rep_id, month from pay.line group by all
		having sum(case when is_total then 0 else amount end) <> sum(case when line = 'total' then amount end)`)
	none(t, conn, "somebody pays in", "select * from pay.line where line = 'total' and amount < 0")
	none(t, conn, "money is lost between months", `
		with total as (select rep_id, sum(amount) as amount from pay.line where line = 'total' group by all),
		own as (select rep_id, sum(amount) as amount from pay.own_line where not is_total group by all),
		carried as (select rep_id, arg_max(carried_out_amount, month) as amount, sum(dropped_amount) as dropped from pay.carry group by all)
		select rep_id, total.amount, own.amount, carried.amount from total join own using (rep_id) join carried using (rep_id)
		where total.amount <> own.amount + carried.amount + carried.dropped`)
	none(t, conn, "shares of a pool are not the pool", `
		select p.team_id, p.month, p.amount, sum(s.amount) from pay.pool p join pay.pool_share s using (team_id, month) group by all having sum(s.amount) <> p.amount`)
	if n := count(t, conn, "select count(*) from pay.pool"); n == 0 {
		t.Error("no pool was shared")
	}
}

// TestPayRisesWithSalesScoreAndCollection gives each person three twins who
// differ in the last month alone: a tenth more sales with its cash, ten points
// more, and one order paid in full.
func TestPayRisesWithSalesScoreAndCollection(t *testing.T) {
	const months = 4
	r := rand.New(rand.NewPCG(7, 7))
	w := newPayWorld(months)
	last := months - 1
	for n := range 60 {
		p := randomPerson(r, fmt.Sprintf("R%02d", n), months)
		p.orders[last] = nil
		for range 1 + r.IntN(4) {
			amount := 10 * (1 + r.IntN(2_000_000))
			p.orders[last] = append(p.orders[last], soldOrder{amount, []orderEvent{{0, "payment", 10 * r.IntN(amount/10+1)}}})
		}
		w.put(p)
		twin := func(kind string, change func(q *person)) {
			q := p
			q.id = p.id + kind
			q.scores, q.orders = slices.Clone(p.scores), slices.Clone(p.orders)
			q.orders[last] = nil
			for _, o := range p.orders[last] {
				q.orders[last] = append(q.orders[last], soldOrder{o.amount, slices.Clone(o.events)})
			}
			change(&q)
			w.put(q)
		}
		twin("-sales", func(q *person) {
			for i := range q.orders[last] {
				o := &q.orders[last][i]
				o.amount = o.amount / 10 * 11
				o.events[0].amount = o.events[0].amount / 10 * 11
			}
		})
		twin("-score", func(q *person) { q.scores[last] += 1000 })
		twin("-cash", func(q *person) { q.orders[last][0].events[0].amount = q.orders[last][0].amount })
	}
	project := shippedProject(t)
	conn := w.calculate(t, project, blankRelations(t, project))
	for _, kind := range []string{"sales", "score", "cash"} {
		query := fmt.Sprintf(`
			select a.rep_id, a.total_amount, a.carried_amount, b.total_amount, b.carried_amount
			from pay.statement a join pay.statement b on b.month = a.month and b.rep_id = a.rep_id || '-%s'
			join pay.earning e on e.rep_id = a.rep_id and e.month = a.month
			where a.month = (select max(month) from core.month)
			and a.expense_band = b.expense_band`, kind) // between bands lie the plan's own cliffs
		if kind == "score" { // a higher score multiplies a negative result too
			query += " and e.bracket_amount >= 0"
		}
		if n := len(texts(t, conn, query)); n < 30 {
			t.Errorf("%s: %d pairs compared", kind, n)
		}
		none(t, conn, "pay falls with more "+kind, query+" and (b.total_amount < a.total_amount or b.carried_amount > a.carried_amount)")
	}
}
