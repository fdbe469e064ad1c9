package sample

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"time"
)

// payment is cash that arrives for an order.
type payment struct {
	id, order, customer string
	on                  time.Time
	cents               int64
	currency            string
	bad                 bool
}

// writeMonth writes everything that happened in one month.
func (c *company) writeMonth(w *files, m int) {
	from := c.first().AddDate(0, m, 0)
	var workdays []time.Time
	for d := range from.AddDate(0, 1, -1).Day() {
		if on := from.AddDate(0, 0, d); isWorkday(on) {
			workdays = append(workdays, on)
		}
	}
	c.writeSales(w, m, workdays)
	c.writeDeals(w, m, workdays)
	c.writeVisits(w, m, workdays)
	c.writeService(w, m, workdays)
	c.writeConduct(w, m, workdays)
}

// writeSales writes orders, what is returned, what is paid and what is spent.
func (c *company) writeSales(w *files, m int, workdays []time.Time) {
	r := c.random(10, m)
	clear(c.booked)
	orders, returns, expenses := c.orderFile(w, m), c.returnFile(w), c.expenseFile(w, m)
	month := workdays[0].Format("0601")
	n := 0
	var due []payment
	for i := range c.reps {
		p := &c.reps[i]
		share := p.activeShare(c.first().AddDate(0, m, 0))
		if share == 0 {
			continue
		}
		_, region := p.place(c, workdays[len(workdays)/2])
		potential := c.potential(p, region, m) * share
		count := poisson(r, c.perRep*share*math.Exp(.5*(p.skill+c.ease(region, m))))
		if count == 0 {
			continue
		}
		perLine := potential / float64(count) / 1.18 // 1.18: mean of the size draw below
		var sold int64
		for line := 0; line < count; {
			n++
			o := order{id: fmt.Sprintf("SO%s-%05d", month, n), on: workdays[r.IntN(len(workdays))], rep: i, currency: "CNY"}
			if region == 7 && r.Float64() < .6 {
				o.currency = "HKD"
			}
			if !p.works(o.on) {
				o.on = p.someDay(r, workdays)
			}
			o.customer = p.pick(r, c, o.on)
			size := 1 + poisson(r, 1.6)
			for range size {
				if line == count {
					break
				}
				line++
				o.lines++
				l := c.drawLine(r, perLine)
				c.writeOrderLine(orders, &o, l)
				if r.Float64() < .012 {
					c.writeReturn(returns, r, &o, l, workdays)
				}
			}
			o.finish(c, r, m, region, &due)
			sold += o.cents
			if o.currency == "CNY" {
				c.booked[i] += o.cents
			} else {
				c.booked[i] += o.cents * hkdRate(m) / 1_000_000
			}
		}
		c.writeExpenses(expenses, r, m, p, sold, workdays)
	}
	if !c.Plain && m == c.Months-1 {
		c.spoilOrders(orders)
	}
	c.writePayments(w, m, due)
}

type order struct {
	id       string
	on       time.Time
	rep      int
	customer int
	currency string
	lines    int
	cents    int64
	credited int64 // cents returned, which nobody pays
}

type orderLine struct {
	product  int
	quantity int64
	price    int64 // cents
	cents    int64
	cost     int64
}

// drawLine draws a product and quantity worth about yuan.
func (c *company) drawLine(r *rand.Rand, yuan float64) orderLine {
	l := orderLine{product: c.popular[r.IntN(len(c.popular))]}
	p := c.products[l.product]
	l.price = p.price * int64(94+r.IntN(11)) / 100
	if r.Float64() < .02 { // sold outside the price band
		l.price = p.price * int64(80+r.IntN(8)) / 100
	}
	want := yuan * math.Exp(.6*r.NormFloat64()) * 100
	l.quantity = max(1, int64(math.Round(want/float64(l.price))))
	l.cents, l.cost = l.quantity*l.price, l.quantity*p.cost
	return l
}

// someDay is a workday on which the person is employed.
func (p *rep) someDay(r *rand.Rand, workdays []time.Time) time.Time {
	var days []time.Time
	for _, d := range workdays {
		if p.works(d) {
			days = append(days, d)
		}
	}
	if len(days) == 0 {
		return workdays[0]
	}
	return days[r.IntN(len(days))]
}

// pick chooses one of the person's customers that is open on the day.
func (p *rep) pick(r *rand.Rand, c *company, on time.Time) int {
	for range 20 {
		k := p.customers[r.IntN(len(p.customers))]
		if !c.customers[k].opened.After(on) {
			return k
		}
	}
	best := p.customers[0]
	for _, k := range p.customers {
		if c.customers[k].opened.Before(c.customers[best].opened) {
			best = k
		}
	}
	return best
}

// orderFile is the finance export of the month's year: GB18030, amounts in
// 万元; in the plain company one canonical file a month.
func (c *company) orderFile(w *files, m int) *csvFile {
	on := c.first().AddDate(0, m, 0)
	if c.Plain {
		return w.text("orders_"+on.Format("2006-01")+".csv", kind{}, canonicalOrder...)
	}
	return w.text("财务销售明细_"+on.Format("2006")+".csv", kind{gb18030: true},
		"单据号", "行号", "单据日期", "业务员编号", "客户编码", "物料编码", "到期日", "数量", "单价", "金额(万元)", "成本(万元)", "币别")
}

var canonicalOrder = []string{"order_id", "line_id", "ordered_on", "rep_id", "customer_id", "product_id", "due_on", "quantity", "unit_price", "amount", "cost_amount", "currency"}

func (c *company) writeOrderLine(f *csvFile, o *order, l orderLine) {
	c.totals.orderLines++
	if o.currency == "CNY" {
		c.totals.sales += l.cents
		c.totals.cost += l.cost
	}
	o.cents += l.cents
	due := o.on.AddDate(0, 0, c.customers[o.customer].terms)
	f.text(o.id).int(o.lines)
	if c.Plain {
		f.date(o.on).text(c.reps[o.rep].id)
	} else {
		f.format(o.on, "2006年1月2日").text(c.reps[o.rep].financeID)
	}
	f.text(c.customers[o.customer].id).text(c.products[l.product].id).date(due).scaled(l.quantity, 0).money(l.price)
	if c.Plain {
		f.money(l.cents).money(l.cost)
	} else {
		f.scaled(l.cents, 6).scaled(l.cost, 6) // cents are millionths of 万元
	}
	f.text(o.currency).end()
}

// spoilOrders adds the rows that must be refused: a day that does not exist, a
// word for an amount, a missing order number, a row that stands there twice.
func (c *company) spoilOrders(f *csvFile) {
	last := c.LastMonth.Format("2006年1月")
	due := c.last().Format(time.DateOnly)
	rows := [][]string{
		{"SO-BAD-1", "1", last + "32日", c.reps[0].financeID, c.customers[0].id, c.products[0].id, due, "1", "10.00", "0.001000", "0.000700", "CNY"},
		{"SO-BAD-2", "1", last + "9日", c.reps[0].financeID, c.customers[0].id, c.products[0].id, due, "1", "10.00", "待定", "0.000700", "CNY"},
		{"", "1", last + "9日", c.reps[0].financeID, c.customers[0].id, c.products[0].id, due, "1", "10.00", "0.001000", "0.000700", "CNY"},
		{"SO-TWICE", "1", last + "9日", c.reps[0].financeID, c.customers[0].id, c.products[0].id, due, "1", "10.00", "0.001000", "0.000700", "CNY"},
		{"SO-TWICE", "1", last + "9日", c.reps[0].financeID, c.customers[0].id, c.products[0].id, due, "1", "10.00", "0.001000", "0.000700", "CNY"},
	}
	for _, row := range rows {
		f.row(row...)
	}
	c.totals.refused[f.path] = 4
	c.totals.orderLines++
	c.totals.sales += 1000
	c.totals.cost += 700
}

func (c *company) returnFile(w *files) func(cells ...any) {
	if c.Plain {
		f := w.text("returns.csv", kind{}, "return_id", "order_id", "line_id", "returned_on", "quantity", "amount", "cost_amount", "reason")
		return func(cells ...any) {
			text := make([]string, len(cells))
			for i, v := range cells {
				text[i] = fmt.Sprint(v)
			}
			f.row(text...)
		}
	}
	s := w.sheet("退货明细.xlsx", "禾川食品 退货明细", "退货单号", "原订单号", "原行号", "退货日期", "数量", "退货金额", "退货成本", "原因")
	return func(cells ...any) { s.write(cells...); s.rows++ }
}

// writeReturn returns all or half of a line some days later, within history.
func (c *company) writeReturn(write func(...any), r *rand.Rand, o *order, l orderLine, workdays []time.Time) {
	on := o.on.AddDate(0, 0, 2+r.IntN(25))
	if on.After(c.last()) {
		return
	}
	q := l.quantity
	if q > 1 && r.Float64() < .5 {
		q /= 2
	}
	cents, cost := q*l.price, q*c.products[l.product].cost
	o.credited += cents
	if o.currency == "CNY" {
		c.totals.sales -= cents
		c.totals.cost -= cost
	}
	reason := []string{"临期", "破损", "错发", "滞销"}[r.IntN(4)]
	write("RT-"+o.id+"-"+strconv.Itoa(o.lines), o.id, o.lines, on.Format(time.DateOnly), q, float64(cents)/100, float64(cost)/100, reason)
}

// finish decides when and whether an order is paid. Most pay within days; slow
// customers pay late; in the north-east more of them do lately.
func (o *order) finish(c *company, r *rand.Rand, m, region int, due *[]payment) {
	c.totals.orders++
	cu := c.customers[o.customer]
	slow := cu.slow
	if region == 6 && m >= c.Months-4 {
		slow += .15
	}
	delay := r.IntN(3)
	if r.Float64() < slow {
		delay = 25 + r.IntN(80)
	}
	owed := o.cents - o.credited
	if owed <= 0 {
		return
	}
	pay := payment{id: "PM-" + o.id, order: o.id, customer: cu.id, on: o.on.AddDate(0, 0, delay), cents: owed, currency: o.currency}
	switch u := r.Float64(); {
	case u < .003:
		pay.bad = true
		pay.on = o.on.AddDate(0, 0, 100)
	case u < .03 && owed > 100: // paid in two parts
		second := pay
		pay.cents /= 2
		second.id, second.cents, second.on = pay.id+"-2", owed-pay.cents, pay.on.AddDate(0, 1, 0)
		*due = append(*due, second)
	}
	*due = append(*due, pay)
}

// writePayments writes the cash of the month and keeps what arrives later;
// what would arrive after the history is still owed.
func (c *company) writePayments(w *files, m int, due []payment) {
	for _, p := range due {
		at := (p.on.Year()-c.first().Year())*12 + int(p.on.Month()-c.first().Month())
		if at < c.Months {
			c.pending[at] = append(c.pending[at], p)
		}
	}
	header := []string{"收款单号", "订单号", "客户编号", "收款日期", "收款金额", "币种", "坏账"}
	k := kind{comma: ';'}
	name := "收款流水.csv"
	if c.Plain {
		header, k = []string{"payment_id", "order_id", "customer_id", "paid_on", "amount", "currency", "is_bad_debt"}, kind{}
		name = "payments_" + c.first().AddDate(0, m, 0).Format("2006-01") + ".csv"
	}
	f := w.text(name, k, header...)
	for _, p := range c.pending[m] {
		f.text(p.id).text(p.order).text(p.customer).date(p.on)
		switch {
		case c.Plain:
			f.money(p.cents).text(p.currency).bool(p.bad).end()
		default:
			f.text(grouped(p.cents)).text(p.currency).text(map[bool]string{true: "是", false: "否"}[p.bad]).end()
		}
	}
	delete(c.pending, m)
	if !c.Plain && m == c.Months-1 {
		f.row("PM-BAD-1", "", c.customers[0].id, "2026-13-01", "1,000.00", "CNY", "否")
		c.totals.refused[name] = 1
	}
}

// grouped writes cents as 1,234.50.
func grouped(cents int64) string {
	s := strconv.FormatInt(cents/100, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return fmt.Sprintf("%s.%02d", s, cents%100)
}

func (c *company) expenseFile(w *files, m int) func(id string, p *rep, on time.Time, kind string, visit bool, cents int64) {
	if c.Plain {
		f := w.text("expenses_"+c.first().AddDate(0, m, 0).Format("2006-01")+".csv", kind{}, "expense_id", "rep_id", "spent_on", "kind", "is_visit", "amount", "currency")
		return func(id string, p *rep, on time.Time, kind string, visit bool, cents int64) {
			f.text(id).text(p.id).date(on).text(kind).bool(visit).money(cents).text("CNY").end()
		}
	}
	s := w.grouped(expenseBook, "禾川食品 销售费用报销明细",
		[]group{{"单据", 3}, {"费用", 4}}, "报销单号", "报销人", "费用日期", "费用类别", "拜访费用", "费用金额", "摘要")
	return func(id string, p *rep, on time.Time, kind string, visit bool, cents int64) {
		s.write(id, p.qualified, on.Format("2006/1/2"), kind, map[bool]string{true: "是", false: "否"}[visit], float64(cents)/100, "")
		s.rows++
		s.cents += cents
	}
}

const expenseBook = "费用报销.xlsx"

// endExpenses adds the rows that must be refused, then the total row and the
// note that close a sheet.
func (c *company) endExpenses(w *files) {
	s := w.sheets[expenseBook]
	if s == nil {
		return
	}
	day := c.last().Format("2006/1/2")
	s.write("EX-BAD-1", c.reps[0].qualified, day, "差旅费", "是", "见附件", "")
	s.write("EX-BAD-2", c.reps[0].qualified, day, "", "是", 120.5, "")
	c.totals.refused[expenseBook] = 2
	s.write("合计", nil, nil, nil, nil, float64(s.cents)/100)
	s.write("注:费用按报销日期计入当月。")
}

// writeExpenses spends about 8 % of what was sold; some people spend more.
func (c *company) writeExpenses(write func(string, *rep, time.Time, string, bool, int64), r *rand.Rand, m int, p *rep, sold int64, workdays []time.Time) {
	rate := .078 * math.Exp(.16*r.NormFloat64())
	if p.region == 0 && m == c.Months-1 {
		rate *= 1.10 // spent ahead of the promotion in November
	}
	total := rate * float64(sold)
	for k, part := range []struct {
		kind  string
		share float64
		visit bool
	}{{"差旅费", .35, true}, {"市内交通费", .15, true}, {"招待费", .2, false}, {"促销物料", .3, false}} {
		cents := int64(math.Round(total * part.share))
		if cents == 0 {
			continue
		}
		id := fmt.Sprintf("EX%s-%s-%d", workdays[0].Format("0601"), p.id, k+1)
		write(id, p, p.someDay(r, workdays), part.kind, part.visit, cents)
	}
}

func (c *company) writeDeals(w *files, m int, workdays []time.Time) {
	r := c.random(11, m)
	header := []string{"商机编号", "负责人", "客户编号", "产品", "商机名称", "商机阶段", "结果", "金额", "折扣率", "创建日期", "关闭日期", "竞争对手", "丢单原因", "线索来源", "协助人"}
	k := kind{bom: true}
	name := "crm_deals.csv"
	if c.Plain {
		header, k = []string{"deal_id", "rep_id", "customer_id", "product_id", "name", "stage", "outcome", "amount", "discount_rate", "created_on", "closed_on", "competitor", "loss_reason", "source", "helper_rep_id"}, kind{}
		name = "deals_" + workdays[0].Format("2006-01") + ".csv"
	}
	f := w.text(name, k, header...)
	n := 0
	for i := range c.reps {
		for _, d := range c.drawDeals(r, m, i, workdays) {
			n++
			c.writeDeal(f, fmt.Sprintf("D%s-%04d", workdays[0].Format("0601"), n), &c.reps[i], d)
		}
	}
	if !c.Plain && m == c.Months-1 {
		f.row("D-BAD-1", "", c.customers[0].id, c.products[0].id, "", "报价", "赢单", "1,000.00", "5%", "2026/10/8", "2026/10/9", "", "", "官网", "")
		f.row("D-BAD-2", c.reps[1].qualified, c.customers[0].id, c.products[0].id, "", "报价", "不详", "1,000.00", "5%", "2026/10/8", "2026/10/9", "", "", "官网", "")
		c.totals.refused[name] = 2
	}
}

// deal is one deal of the CRM.
type deal struct {
	customer, product          int
	outcome                    string // as the CRM words it
	stage, lostTo, why, source string
	helper                     string
	cents                      int64
	discount                   int
	created, closed            time.Time
}

// drawDeals draws a person's deals of a month. Won deals are what the month's
// orders came from, but for about one per cent that the CRM never hears of.
func (c *company) drawDeals(r *rand.Rand, m, i int, workdays []time.Time) []deal {
	p := &c.reps[i]
	share := p.activeShare(c.first().AddDate(0, m, 0))
	_, region := p.place(c, workdays[len(workdays)/2])
	chance := 1 / (1 + math.Exp(.65-1.6*regionEase[region]-1.2*p.skill))
	if region == 5 && m >= c.Months-3 {
		chance += .06 // the new offer against one competitor works
	}
	var deals []deal
	var weight []float64 // of the won deals
	var won []int
	ended := max(poisson(r, 7*share), min(1, int(c.booked[i])))
	running := 0
	if m == c.Months-1 { // what has not ended yet
		running = poisson(r, 2.3*share)
	}
	for k := range ended + running {
		d := deal{closed: p.someDay(r, workdays), product: c.popular[r.IntN(len(c.popular))], stage: "关闭", outcome: "丢单"}
		d.customer = p.pick(r, c, d.closed)
		d.source, d.discount = []string{"展会", "转介绍", "官网", "公司分配"}[r.IntN(4)], r.IntN(12)
		d.created = d.closed.AddDate(0, 0, -5-r.IntN(60))
		d.cents = int64(math.Round(c.base/4*math.Exp(.7*r.NormFloat64()))) * 100
		if r.Float64() < .10 {
			d.helper = c.reps[(i+c.Teams)%c.Reps].id
		}
		switch {
		case k >= ended:
			d.outcome, d.stage, d.closed = "进行中", "报价", time.Time{}
		case r.Float64() < chance:
			d.outcome = "赢单"
			won, weight = append(won, len(deals)), append(weight, math.Exp(.5*r.NormFloat64()))
		default:
			if d.why = []string{"价格", "账期", "品牌", "需求取消"}[r.IntN(4)]; d.why != "需求取消" {
				d.lostTo = competitors[r.IntN(len(competitors))]
			}
		}
		deals = append(deals, d)
	}
	if len(won) == 0 && c.booked[i] > 0 { // orders came from somewhere
		d := &deals[0]
		d.outcome, d.stage, d.lostTo, d.why, d.closed = "赢单", "关闭", "", "", p.someDay(r, workdays)
		won, weight = []int{0}, []float64{1}
	}
	var sum float64
	for _, w := range weight {
		sum += w
	}
	known := float64(c.booked[i]) * (.990 + .004*r.NormFloat64())
	for k, at := range won {
		deals[at].cents = int64(math.Round(known * weight[k] / sum))
	}
	return deals
}

func (c *company) writeDeal(f *csvFile, id string, p *rep, d deal) {
	cu, product := c.customers[d.customer].id, c.products[d.product].id
	if c.Plain {
		words := map[string]string{"赢单": "won", "丢单": "lost", "进行中": "open"}
		f.text(id).text(p.id).text(cu).text(product).text("").text(d.stage).text(words[d.outcome]).
			money(d.cents).scaled(int64(d.discount)*10_000, 6).date(d.created).date(d.closed).text(d.lostTo).text(d.why).text(d.source).text(d.helper).end()
		return
	}
	f.text(id).text(p.qualified).text(cu).text(product).text("补货意向").text(d.stage).text(d.outcome).
		text(grouped(d.cents)).text(strconv.Itoa(d.discount)+"%").format(d.created, "2006/1/2").format(d.closed, "2006/1/2").text(d.lostTo).text(d.why).text(d.source).text(d.helper).end()
}

func (c *company) writeVisits(w *files, m int, workdays []time.Time) {
	r := c.random(12, m)
	header := []string{"visit_id", "rep_id", "customer_id", "visited_at", "kind", "outcome", "is_success", "minutes", "is_price_ok", "is_stock_ok", "is_pop_ok", "n_items_checked", "n_items_passed"}
	var f *csvFile
	if c.Plain {
		f = w.text("visits_"+workdays[0].Format("2006-01")+".csv", kind{}, header...)
	} else {
		f = w.text("visits.csv", kind{zip: "visits.zip"}, header...)
		if m == c.Months-1 {
			f.row("V-BAD-1", c.reps[0].id, c.customers[0].id, "2026-10-32 09:00:00", "例行", "无结果", "false", "20", "true", "true", "true", "6", "6")
			f.row("V-BAD-2", "", c.customers[0].id, workdays[0].Format("2006-01-02")+" 09:00:00", "例行", "无结果", "false", "20", "true", "true", "true", "6", "6")
			c.totals.refused["visits.zip"] = 2
		}
	}
	perRep := float64(c.Visits) / float64(c.Reps) / float64(c.Months)
	n := 0
	for i := range c.reps {
		p := &c.reps[i]
		share := p.activeShare(c.first().AddDate(0, m, 0))
		for range poisson(r, perRep*share*math.Exp(.3*p.skill)) {
			n++
			on := p.someDay(r, workdays)
			at := on.Add(time.Duration(8*60+30+r.IntN(540)) * time.Minute)
			success := r.Float64() < .38+.3*p.skill
			outcome := "无结果"
			if success {
				outcome = []string{"下单", "达成计划"}[r.IntN(2)]
			}
			checked := 6 + r.IntN(5)
			passed := 0
			for range checked {
				if r.Float64() < .90+.08*p.skill {
					passed++
				}
			}
			f.text("V"+workdays[0].Format("0601")+"-"+strconv.Itoa(n)).text(p.id).text(c.customers[p.pick(r, c, on)].id).
				format(at, "2006-01-02 15:04:05").text([]string{"例行", "新品", "催款"}[r.IntN(3)]).text(outcome).bool(success).int(10 + r.IntN(50)).
				bool(r.Float64() < .95).bool(r.Float64() < .9).bool(r.Float64() < .85).int(checked).int(passed).end()
		}
	}
}
