package analytics

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
	"go.yaml.in/yaml/v3"
)

//go:embed statement_words.yaml
var statementWordsYAML []byte

// statementWords are the words of statements by key.
var statementWords = func() map[string]Words {
	words := map[string]Words{}
	if err := yaml.Unmarshal(statementWordsYAML, &words); err != nil {
		panic(err)
	}
	return words
}()

// LineTitle returns the title of a line of pay.line in a language, en or zh-CN.
func LineTitle(line, lang string) string {
	key, rest, has := strings.Cut(line, "/")
	w, known := statementWords["line/"+key]
	if !known {
		return line
	}
	title := w.En
	if lang == "zh-CN" {
		title = w.Zh
	}
	if has {
		if key == "override" {
			rest = LineTitle(rest, lang)
		}
		title = fmt.Sprintf(title, rest)
	}
	return title
}

// book is a statement's workbook while it is written.
type book struct {
	*excelize.File
	s       *Workings
	lang    string
	bold    int
	rows    map[string]*rowSheet // by key of Workings.Rows
	score   map[string]string    // cell of a scorecard's score
	cells   map[string]string    // cells that other sheets refer to, by name
	lastRow map[string]int
	err     error
}

// rowSheet is a sheet of exported rows.
type rowSheet struct {
	sheet string
	n     int
	names []string // of the cells after the fifth column
}

// Workbook writes the statement as a workbook of live formulas: the first
// sheet holds the printed lines, each a formula over the sheets behind it, down
// to the exported rows with file, sheet and row. Recalculated, it gives the
// amounts of the run to the cent. lang is en or zh-CN.
func (s *Workings) Workbook(lang string) (*excelize.File, error) {
	b := &book{File: excelize.NewFile(), s: s, lang: lang, rows: map[string]*rowSheet{}, score: map[string]string{}, cells: map[string]string{}, lastRow: map[string]int{}}
	b.bold, b.err = b.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	first := b.word("sheet/statement")
	b.must(b.SetSheetName("Sheet1", first))
	for _, name := range []string{"score", "commission", "expense", "orders", "ledger", "cash", "pool"} {
		b.newSheet(b.word("sheet/" + name))
	}
	for _, key := range sortedKeys(s.Rows) {
		b.putRows(key)
	}
	b.putCash()
	for _, id := range s.cardOrder() {
		b.putCard(s.Cards[id])
	}
	b.putExpense()
	b.putCommission()
	b.putOrders()
	b.putLedger()
	b.putPool()
	b.putStatement(first)
	return b.File, b.err
}

// cardOrder names the scorecards so that each comes after those it takes.
func (s *Workings) cardOrder() []string {
	var out []string
	var visit func(id string)
	visit = func(id string) {
		if s.Cards[id] == nil || slices.Contains(out, id) {
			return
		}
		for _, n := range s.Cards[id].Nodes {
			if n.Kind == "scorecard" {
				visit(text(n.Indicator))
			}
		}
		out = append(out, id)
	}
	for _, id := range sortedKeys(s.Cards) {
		visit(id)
	}
	return out
}

func (b *book) must(err error) {
	if b.err == nil {
		b.err = err
	}
}

func (b *book) word(key string, a ...any) string {
	w, known := statementWords[key]
	if !known {
		b.must(fmt.Errorf("analytics/statement_words.yaml: there is no %s", key))
	}
	t := w.En
	if b.lang == "zh-CN" {
		t = w.Zh
	}
	if len(a) > 0 {
		return fmt.Sprintf(t, a...)
	}
	return t
}

func (b *book) newSheet(name string) {
	_, err := b.NewSheet(name)
	b.must(err)
}

// number is a decimal that becomes a number cell.
type number string

// put writes one row below the last one of a sheet and returns its number. A
// text that begins with = is a formula.
func (b *book) put(sheet string, values ...any) int {
	b.lastRow[sheet]++
	row := b.lastRow[sheet]
	for i, v := range values {
		cell, err := excelize.CoordinatesToCellName(i+1, row)
		b.must(err)
		switch x := v.(type) {
		case nil:
		case number:
			f, err := strconv.ParseFloat(string(x), 64)
			b.must(err)
			b.must(b.SetCellFloat(sheet, cell, f, -1, 64))
		case string:
			if formula, is := strings.CutPrefix(x, "="); is {
				b.must(b.SetCellFormula(sheet, cell, formula))
			} else {
				b.must(b.SetCellStr(sheet, cell, x))
			}
		default:
			b.must(b.SetCellValue(sheet, cell, x))
		}
	}
	return row
}

// head writes a row of titles.
func (b *book) head(sheet string, keys ...string) {
	values := make([]any, len(keys))
	for i, k := range keys {
		values[i] = b.word("head/" + k)
	}
	row := b.put(sheet, values...)
	b.must(b.SetRowStyle(sheet, row, row, b.bold))
}

// at is a cell of a sheet as another sheet names it.
func at(sheet, column string, row int) string { return fmt.Sprintf("'%s'!$%s$%d", sheet, column, row) }

// span is a column of a sheet from the second row to the last.
func span(sheet, column string, last int) string {
	return fmt.Sprintf("'%s'!$%s$2:$%s$%d", sheet, column, column, max(last, 2))
}

func yearMonth(m time.Time) int { return m.Year()*100 + int(m.Month()) }

func literal(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// cents is the formula that rounds money as the SQL does.
func cents(formula string) string { return "ROUND(ROUND(" + formula + ",8),2)" }

// putRows writes the exported rows of an indicator.
func (b *book) putRows(key string) {
	e := b.s.Rows[key]
	if !e.HasRows {
		return
	}
	name := strings.ReplaceAll(key, "/", "-")
	if len(name) > 31 {
		name = name[:31]
	}
	b.newSheet(name)
	rs := &rowSheet{sheet: name, n: len(e.Rows), names: e.Columns}
	b.rows[key] = rs
	w, err := b.NewStreamWriter(name)
	if err != nil {
		b.must(err)
		return
	}
	head := []any{b.word("head/numerator"), b.word("head/denominator"), b.word("head/file"), b.word("head/sheet"), b.word("head/row")}
	for _, c := range e.Columns {
		head = append(head, c)
	}
	b.must(w.SetRow("A1", head))
	for i, r := range e.Rows {
		values := []any{asNumber(r.Numerator), asNumber(r.Denominator), r.File, r.Sheet, r.Row}
		for _, c := range r.Cells {
			if c == nil {
				values = append(values, nil)
			} else {
				values = append(values, *c)
			}
		}
		b.must(w.SetRow(fmt.Sprintf("A%d", i+2), values))
	}
	b.must(w.Flush())
}

func asNumber(s string) any {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return nil
	}
	return f
}

// sums are the formulas of an indicator's numerator and denominator over its
// exported rows; values of the run where it has none of its own.
func (b *book) sums(key string, numerator, denominator *string) (num, den any) {
	if rs := b.rows[key]; rs != nil {
		den = number("1")
		if b.s.Rows[key].DenominatorOf != "" {
			den = "=SUM(" + span(rs.sheet, "B", rs.n+1) + ")"
		}
		return "=SUM(" + span(rs.sheet, "A", rs.n+1) + ")", den
	}
	if e := b.s.Rows[key]; e != nil {
		return number(e.Numerator), number(e.Denominator)
	}
	asCell := func(s *string) any {
		if s == nil {
			return nil
		}
		return number(*s)
	}
	return asCell(numerator), asCell(denominator)
}

// column returns the letter of a named cell of exported rows, or "".
func (rs *rowSheet) column(name string) string {
	i := slices.Index(rs.names, name)
	if i < 0 {
		return ""
	}
	letter, err := excelize.ColumnNumberToName(6 + i)
	if err != nil {
		return ""
	}
	return letter
}

// override returns what was set by hand, or nil.
func (s *Workings) override(kind, item string) *Override {
	for i, o := range s.Overrides {
		if o.Kind == kind && o.Item == item {
			return &s.Overrides[i]
		}
	}
	return nil
}

// putCash writes receipts, returns and bad debts.
func (b *book) putCash() {
	sheet := b.word("sheet/cash")
	b.head(sheet, "order", "sale_month", "month", "kind", "amount", "on", "file", "sheet", "row")
	for _, c := range b.s.Settlements {
		b.put(sheet, c.OrderID, yearMonth(c.SaleMonth), yearMonth(c.Month), c.Kind, number(c.Amount), c.OnDate.Format(time.DateOnly), c.File, c.Sheet, c.Row)
	}
}

// settled is the formula of the sum of an order's settlements of a kind; when
// is a condition on the month such as "<=202610".
func (b *book) settled(order, saleMonth, kind, when string) string {
	sheet := b.word("sheet/cash")
	last := b.lastRow[sheet]
	return fmt.Sprintf(`SUMIFS(%s,%s,%s,%s,%s,%s,"%s",%s,"%s")`, span(sheet, "E", last), span(sheet, "A", last), order, span(sheet, "B", last), saleMonth,
		span(sheet, "D", last), kind, span(sheet, "C", last), when)
}

// putCard writes a scorecard as a tree of formulas.
func (b *book) putCard(card *Card) {
	sheet := b.word("sheet/score")
	if b.lastRow[sheet] == 0 {
		b.head(sheet, "node", "title", "kind", "indicator", "numerator", "denominator", "value", "points", "weight", "weight_used", "share", "contribution", "note")
	}
	row := map[string]int{}
	for i, n := range card.Nodes { // b.put fills row after row
		row[n.Node] = b.lastRow[sheet] + 1 + i
	}
	counts := func(n CardNode) bool { return n.WeightUsed != nil }
	var items []string // cells of the exact shares that add up to the score
	below := map[string][]string{}
	for _, n := range slices.Backward(card.Nodes) {
		if n.Kind == "branch" || n.Parent == nil {
			continue
		}
		cell := fmt.Sprintf("L%d", row[n.Node])
		items = append(items, cell)
		for at := *n.Parent; ; {
			below[at] = append(below[at], cell)
			i := slices.IndexFunc(card.Nodes, func(c CardNode) bool { return c.Node == at })
			if i < 0 || card.Nodes[i].Parent == nil {
				break
			}
			at = *card.Nodes[i].Parent
		}
	}
	add := func(cells []string) string {
		if len(cells) == 0 {
			return "0"
		}
		return "(" + strings.Join(cells, "+") + ")"
	}
	for _, n := range card.Nodes {
		b.cells["points "+card.ID+"/"+n.Node] = at(sheet, "H", row[n.Node])
		title := n.TitleEn
		if b.lang == "zh-CN" {
			title = n.TitleZh
		}
		if e := b.s.Rows[text(n.Indicator)]; title == "" && e != nil {
			if title = e.Definition.TitleEn; b.lang == "zh-CN" {
				title = e.Definition.TitleZh
			}
		}
		r := row[n.Node]
		values := []any{card.ID + "/" + n.Node, title, n.Kind, text(n.Indicator), nil, nil, nil, nil, nil, nil, nil, nil, b.note(n)}
		if n.Weight != nil {
			values[8] = *n.Weight
		}
		parent := 0
		if n.Parent != nil {
			parent = row[*n.Parent]
		}
		switch {
		case n.Parent == nil:
			values[9], values[10] = 1, 1
			values[11] = "=" + cents(add(items))
			values[7] = fmt.Sprintf("=L%d", r)
			if o := b.s.override("score", card.ID); o != nil {
				values[7], values[11] = "=ROUND("+literal(o.Value)+",2)", fmt.Sprintf("=H%d", r)
			}
			b.score[card.ID] = at(sheet, "L", r)
		case n.Kind == "override": // what a branch or the score was set to, less what its leaves give
			rest := add(without(slices.Clone(below[*n.Parent]), fmt.Sprintf("L%d", r)))
			values[6] = *n.Value
			values[11] = fmt.Sprintf("=ROUND(G%d*K%d,8)-%s", r, parent, rest)
		case !counts(n) && n.Kind != "bonus":
		default:
			var siblings []string
			for _, other := range card.Nodes {
				if other.Parent != nil && *other.Parent == *n.Parent && counts(other) {
					siblings = append(siblings, fmt.Sprintf("I%d", row[other.Node]))
				}
			}
			values[10] = fmt.Sprintf("=K%d", parent)
			if n.Kind != "bonus" {
				values[9] = fmt.Sprintf("=I%d/%s", r, add(siblings))
				values[10] = fmt.Sprintf("=K%d*J%d", parent, r)
			}
			if n.Kind == "branch" {
				values[11] = "=" + add(below[n.Node])
				values[7] = fmt.Sprintf("=ROUND(L%d/K%d,6)", r, r)
			} else {
				b.putPoints(card, n, r, values)
				values[11] = fmt.Sprintf("=ROUND(H%d*K%d,8)", r, r)
			}
		}
		b.put(sheet, values...)
	}
}

// without returns the cells other than one.
func without(cells []string, one string) []string {
	return slices.DeleteFunc(cells, func(c string) bool { return c == one })
}

// note says why a node has no value, or that it was set by hand.
func (b *book) note(n CardNode) string {
	switch n.Reason {
	case "no_value", "scored_zero":
		return b.word("note/" + n.Reason)
	case "override":
		return b.word("note/override", text(n.OverrideReason))
	}
	return ""
}

// putPoints fills value and points of a leaf, a bonus or a scorecard taken.
func (b *book) putPoints(card *Card, n CardNode, r int, values []any) {
	if n.Kind == "scorecard" {
		values[6], values[7] = "="+b.score[text(n.Indicator)], fmt.Sprintf("=G%d", r)
		return
	}
	if o := b.s.override("score", card.ID+"/"+n.Node); o != nil {
		values[7] = o.Value
		return
	}
	if n.Value == nil { // a leaf that scores 0 without a value
		values[7] = 0
		return
	}
	values[4], values[5] = b.sums(text(n.Indicator), n.Numerator, n.Denominator)
	values[6] = fmt.Sprintf("=E%d/F%d", r, r)
	if o := b.s.override("indicator", text(n.Indicator)); o != nil {
		values[6] = o.Value
	}
	values[7] = "=ROUND(" + curveFormula(n.Curve, n.Cap, fmt.Sprintf("G%d", r)) + ",6)"
}

// curveFormula is the formula of the points of the value in a cell.
func curveFormula(curve []CurvePoint, limit *float64, cell string) string {
	formula := cell
	if k := len(curve) - 1; k >= 0 {
		formula = literal(curve[k].Points)
		for i := k; i > 0; i-- {
			a, z := curve[i-1], curve[i]
			formula = fmt.Sprintf("IF(%s<%s,%s+(%s)*(%s-(%s))/%s,%s)", cell, literal(z.Value), literal(a.Points), literal(z.Points-a.Points), cell, literal(a.Value), literal(z.Value-a.Value), formula)
		}
		formula = fmt.Sprintf("IF(%s<=%s,%s,%s)", cell, literal(curve[0].Value), literal(curve[0].Points), formula)
	}
	if limit != nil {
		formula = "MIN(" + formula + "," + literal(*limit) + ")"
	}
	return formula
}

// putExpense writes the expense band.
func (b *book) putExpense() {
	e := b.s.Expense
	if e == nil {
		return
	}
	sheet := b.word("sheet/expense")
	line := func(key string, value any) string {
		return at(sheet, "B", b.put(sheet, b.word("text/"+key), value))
	}
	num, den := b.sums("expense_ratio", &e.Expense, &e.Sales)
	sales := line("sales", den)
	expense := line("expense", num)
	if o := b.s.override("indicator", "expense_ratio"); o != nil {
		expense = line("expense", fmt.Sprintf("=ROUND(%s*%s,4)", literal(o.Value), sales))
	}
	standard, ceiling := line("standard", number(e.StandardRate)), line("ceiling", number(e.CeilingRate))
	excepted := 0
	if b.s.Earning.HasException != nil && *b.s.Earning.HasException {
		excepted = 1
	}
	exception := line("exception", excepted)
	limit := func(rate string) string { return "ROUND(MAX(" + sales + ",0)*" + rate + ",8)" }
	b.cells["void"] = line("void", fmt.Sprintf("=IF(AND(ROUND(%s,8)>%s,%s=0,ROUND(%s,8)>=%s),1,0)", expense, limit(ceiling), exception, expense, limit(standard)))
	overrun := line("overrun", fmt.Sprintf("=IF(%s=1,0,MAX(0,ROUND(%s,8)-%s))", b.cells["void"], expense, limit(standard)))
	saving := line("saving", fmt.Sprintf("=MAX(0,%s-ROUND(%s,8))", limit(standard), expense))
	b.cells["overrun"] = fmt.Sprintf("%s*%s", overrun, line("overrun_share", number(b.s.Plan.OverrunShare)))
	b.cells["saving"] = fmt.Sprintf("%s*%s", saving, line("saving_share", number(b.s.Plan.SavingShare)))
}

// putCommission writes the base and the tiers.
func (b *book) putCommission() {
	sheet := b.word("sheet/commission")
	line := func(key string, value any) string {
		return at(sheet, "B", b.put(sheet, b.word("text/"+key), value))
	}
	value := func(indicator, amount string) any {
		if o := b.s.override("indicator", indicator); o != nil {
			return o.Value
		}
		num, den := b.sums(indicator, &amount, nil)
		if formula, is := num.(string); is && den != number("1") {
			return fmt.Sprintf("%s/%s", formula, strings.TrimPrefix(fmt.Sprint(den), "="))
		}
		return num
	}
	indicator := b.s.Plan.BaseIndicator
	amount := b.s.Earning.BaseAmount
	if indicator == "sales_amount" {
		amount = b.s.Earning.SalesAmount
	}
	start := line("base", value(indicator, amount))
	base := start
	if indicator == "sales_amount" {
		cash := b.word("sheet/cash")
		last := b.lastRow[cash]
		m := yearMonth(b.s.Month)
		returned := line("returned", fmt.Sprintf(`=SUMIFS(%s,%s,"return",%s,"=%d",%s,"<%d")`, span(cash, "E", last), span(cash, "D", last), span(cash, "C", last), m, span(cash, "B", last), m))
		base = line("base", fmt.Sprintf("=ROUND(%s+%s,4)", start, returned))
	} else if b.s.Rows[indicator] != nil && b.s.Earning.ReturnedAmount != "0.0000" {
		base = line("base", fmt.Sprintf("=ROUND(%s+%s,4)", start, line("returned", number(b.s.Earning.ReturnedAmount))))
	}
	factor := "1"
	for _, r := range b.s.Rules {
		if r.Rate != nil {
			factor += "*" + *r.Rate
		}
	}
	b.lastRow[sheet]++
	b.head(sheet, "from", "to", "rate", "base", "factor", "amount")
	firstRow := b.lastRow[sheet] + 1
	for _, t := range b.s.Tiers {
		r := b.lastRow[sheet] + 1
		var to any = ""
		inside := base
		if t.To != nil {
			to = number(*t.To)
			inside = fmt.Sprintf("MIN(%s,B%d)", base, r)
		}
		part := fmt.Sprintf("=MAX(0,%s-A%d)", inside, r)
		if b.s.Plan.TierMethod == "whole" {
			part = "=" + base
		}
		b.put(sheet, number(t.From), to, number(t.Rate), part, "=ROUND("+factor+",6)", fmt.Sprintf("=D%d*C%d*E%d", r, r, r))
	}
	sum := "0"
	if len(b.s.Tiers) > 0 {
		sum = fmt.Sprintf("SUM(F%d:F%d)", firstRow, b.lastRow[sheet])
	}
	b.cells["commission"] = at(sheet, "F", b.put(sheet, nil, nil, nil, nil, b.word("text/commission"), "="+cents(sum)))
	due := "=" + b.cells["commission"]
	if void := b.cells["void"]; void != "" {
		due = fmt.Sprintf("=IF(%s=1,0,%s)", void, b.cells["commission"])
	}
	b.cells["due"] = at(sheet, "F", b.put(sheet, nil, nil, nil, nil, b.word("text/void"), due))
}

// putOrders writes the orders of the month and what was earned with their cash.
func (b *book) putOrders() {
	sheet := b.word("sheet/orders")
	b.head(sheet, "order", "on", "sold", "returned", "received", "net", "paid", "earned", "accrued")
	m := yearMonth(b.s.Month)
	sales := b.rows["sales_amount"]
	for _, o := range b.s.Orders {
		r := b.lastRow[sheet] + 1
		order, month := fmt.Sprintf("A%d", r), strconv.Itoa(m)
		var sold any = number(o.Sold)
		if sales != nil && sales.column("order_id") != "" && sales.column("is_return") != "" {
			sold = fmt.Sprintf(`=SUMIFS(%s,%s,%s,%s,"false")`, span(sales.sheet, "A", sales.n+1), span(sales.sheet, sales.column("order_id"), sales.n+1), order, span(sales.sheet, sales.column("is_return"), sales.n+1))
		}
		paid := fmt.Sprintf("=MAX(0,MIN(E%d,F%d))", r, r)
		if !b.s.Plan.WaitsForCash {
			paid = fmt.Sprintf("=F%d", r)
		}
		now := fmt.Sprintf("=%d", m)
		b.put(sheet, o.OrderID, o.OnDate.Format(time.DateOnly), sold, "="+b.settled(order, month, "return", now), "="+b.settled(order, month, "payment", now),
			fmt.Sprintf("=MAX(0,C%d-D%d)", r, r), paid, number(o.Earned), number(o.Accrued))
	}
	last := b.lastRow[sheet]
	total := b.put(sheet, b.word("text/total"), nil, sumColumn("C", last), sumColumn("D", last), sumColumn("E", last), sumColumn("F", last), sumColumn("G", last), sumColumn("H", last), sumColumn("I", last))
	b.cells["net"], b.cells["paid"] = at(sheet, "F", total), at(sheet, "G", total)
	b.must(b.SetRowStyle(sheet, total, total, b.bold))
}

func sumColumn(column string, last int) string {
	if last < 2 {
		return "=0"
	}
	return fmt.Sprintf("=SUM(%s2:%s%d)", column, column, last)
}

// putLedger writes the orders of earlier months that moved, with what was paid
// out for each before and now.
func (b *book) putLedger() {
	sheet := b.word("sheet/ledger")
	b.head(sheet, "order", "sale_month", "sold", "net", "paid", "earned", "accrued", "before", "after", "out", "back", "factor")
	m := yearMonth(b.s.Month)
	for _, o := range b.s.Moved {
		r := b.lastRow[sheet] + 1
		order, month := fmt.Sprintf("A%d", r), fmt.Sprintf("B%d", r)
		// covered is the money that stands behind what is paid out by the end of
		// the months that the condition takes.
		covered := func(when string, end time.Time) string {
			cash, returned := b.settled(order, month, "payment", when), b.settled(order, month, "return", when)
			kept := fmt.Sprintf("MAX(0,C%d-%s)", r, returned)
			written := b.settled(order, month, "bad_debt", when)
			if b.overdue(o, end) {
				written = kept
			}
			due := fmt.Sprintf("(%s-MAX(0,MIN(%s,%s-%s)))", kept, written, kept, cash)
			if !b.s.Plan.WaitsForCash {
				return due
			}
			return fmt.Sprintf("MAX(0,MIN(%s,%s))", cash, due)
		}
		before := fmt.Sprintf("=F%d", r)
		if o.SaleMonth.Before(b.s.Month) {
			before = "=" + paidOut(covered(fmt.Sprintf("<%d", m), b.s.Month.AddDate(0, -1, 0)), r)
		}
		after := "=" + paidOut(covered(fmt.Sprintf("<=%d", m), b.s.Month), r)
		b.put(sheet, o.OrderID, yearMonth(o.SaleMonth), number(o.Sold), number(o.Net), number(o.Paid), number(o.Earned), number(o.Accrued), before, after,
			fmt.Sprintf("=MAX(0,ROUND(I%d-H%d,2))", r, r), fmt.Sprintf("=MAX(0,ROUND(H%d-I%d,2))", r, r), b.releaseFactor(o.SaleMonth))
	}
	last := b.lastRow[sheet]
	b.cells["released"], b.cells["clawed_back"] = "0", "0"
	if last >= 2 {
		product := func(column string) string {
			return fmt.Sprintf("SUMPRODUCT(%s,%s)", span(sheet, column, last), span(sheet, "L", last))
		}
		b.cells["released"], b.cells["clawed_back"] = product("J"), product("K")
	}
}

// overdue says whether an order is a bad debt by its age at the end of a month.
func (b *book) overdue(o MovedOrder, end time.Time) bool {
	if b.s.Plan.BadDebtDays == nil || o.Net == o.Paid {
		return false
	}
	due := o.OnDate
	if o.DueOn != nil {
		due = *o.DueOn
	}
	from := due.AddDate(0, 0, *b.s.Plan.BadDebtDays)
	from = time.Date(from.Year(), from.Month(), 1, 0, 0, 0, 0, time.UTC)
	if next := o.SaleMonth.AddDate(0, 1, 0); from.Before(next) {
		from = next
	}
	return !end.Before(from)
}

// paidOut is the formula of the commission that x of an order's money stands
// for: row r of the ledger holds net in D, paid in E, earned in F, accrued in G.
func paidOut(x string, r int) string {
	x = "ROUND(" + x + ",4)"
	return fmt.Sprintf("IF(%[1]s>=D%[2]d,F%[2]d+G%[2]d,IF(%[1]s<=0,0,IF(%[1]s>=E%[2]d,F%[2]d+ROUND(ROUND(G%[2]d*(%[1]s-E%[2]d)/(D%[2]d-E%[2]d),8),2),ROUND(ROUND(F%[2]d*%[1]s/E%[2]d,8),2))))", x, r)
}

// releaseFactor is the score factor at which commission of a month of sale is
// paid now.
func (b *book) releaseFactor(sale time.Time) any {
	own := "=" + b.factor()
	switch b.s.Plan.ReleaseScore {
	case "none":
		return 1
	case "release":
		return own
	}
	if sale.Equal(b.s.Month) {
		return own
	}
	for _, r := range b.s.Releases {
		if r.SaleMonth.Equal(sale) {
			if r.Score != nil {
				return fmt.Sprintf("=%s/%s", *r.Score, r.Standard)
			}
			return number(r.Factor)
		}
	}
	return 1 // nothing of this month of sale is paid out or taken back
}

// factor is score / standard score, 1 where nothing was scored.
func (b *book) factor() string {
	if !b.s.Earning.HasScore {
		return "1"
	}
	return fmt.Sprintf("(%s/%s)", b.score[b.s.Plan.ScoreCard], b.s.Earning.StandardScore)
}

// putPool writes the pools of the person's teams.
func (b *book) putPool() {
	sheet := b.word("sheet/pool")
	b.head(sheet, "title", "rep", "days", "score", "sales", "weight", "amount")
	var own []string
	for i := 0; i < len(b.s.Pools); {
		team := b.s.Pools[i].TeamID
		members := b.s.Pools[i:]
		if k := slices.IndexFunc(members, func(p PoolPart) bool { return p.TeamID != team }); k >= 0 {
			members = members[:k]
		}
		i += len(members)
		own = append(own, b.putTeam(sheet, members)...)
	}
	b.cells["pool"] = "0"
	if own != nil {
		b.cells["pool"] = strings.Join(own, "+")
	}
}

// putTeam writes one team's pool and returns the cells of the person's share.
func (b *book) putTeam(sheet string, members []PoolPart) (own []string) {
	p := members[0]
	if b.s.Rows["team "+p.TeamID] == nil { // the reader does not see the team
		for _, m := range members {
			own = append(own, at(sheet, "G", b.put(sheet, p.TeamID, m.RepID, m.DutyDays, nil, nil, nil, number(m.Amount))))
		}
		return own
	}
	num, den := b.sums("team "+p.TeamID, &p.TeamSales, &p.TeamTarget)
	sales := at(sheet, "G", b.put(sheet, p.TeamID+": "+b.word("text/team_sales"), nil, nil, nil, nil, nil, num))
	target := at(sheet, "G", b.put(sheet, b.word("text/target"), nil, nil, nil, nil, nil, den))
	pool := at(sheet, "G", b.put(sheet, b.word("text/pool"), nil, nil, nil, nil, number(p.PoolRate), "="+cents(fmt.Sprintf("(%s-%s)*F%d", sales, target, b.lastRow[sheet]+1)),
		fmt.Sprintf("=ROUND(G%d*100-SUM(H%d:H%d),0)", b.lastRow[sheet]+1, b.lastRow[sheet]+2, b.lastRow[sheet]+1+len(members)))) // cents left over
	from, to := b.lastRow[sheet]+1, b.lastRow[sheet]+len(members)
	anyWeight := slices.ContainsFunc(members, func(m PoolPart) bool {
		switch m.Sharing {
		case "score":
			return m.Score != nil && *m.Score != "0.00"
		case "contribution":
			return !strings.HasPrefix(m.Sales, "-") && strings.Trim(m.Sales, "0.") != ""
		}
		return true
	})
	total := fmt.Sprintf("SUM(F$%d:F$%d)", from, to)
	for _, m := range members {
		r := b.lastRow[sheet] + 1
		weight := fmt.Sprintf("=C%d", r)
		if anyWeight && m.Sharing == "score" {
			weight = fmt.Sprintf("=C%d*D%d", r, r)
		}
		if anyWeight && m.Sharing == "contribution" {
			weight = fmt.Sprintf("=MAX(0,E%d)", r)
		}
		var score any
		if m.Score != nil {
			score = number(*m.Score)
		}
		// H: whole cents, I: what was cut, J: its rank; the cents left over go to
		// the largest cuts, of equal ones to the first person.
		rank := "=1"
		for other := from; other <= to; other++ {
			switch {
			case other < r:
				rank += fmt.Sprintf("+IF(I%d>=I%d,1,0)", other, r)
			case other > r:
				rank += fmt.Sprintf("+IF(I%d>I%d,1,0)", other, r)
			}
		}
		amount := fmt.Sprintf("=(H%d+IF(J%d<=H%d,1,0))/100", r, r, from-1)
		b.put(sheet, nil, m.RepID, m.DutyDays, score, number(m.Sales), weight, amount,
			fmt.Sprintf("=INT(ROUND(%s*100*F%d/%s,8))", pool, r, total), fmt.Sprintf("=ROUND((%s*100*F%d/%s-H%d)*10000000,0)", pool, r, total, r), rank)
		if m.RepID == b.s.RepID {
			own = append(own, at(sheet, "G", r))
		}
	}
	return own
}

// putStatement writes the printed lines.
func (b *book) putStatement(sheet string) {
	b.head(sheet, "line", "title", "amount", "sealed", "how")
	row := map[string]int{}
	var parts []string // cells of the lines so far that are not totals
	add := func(cells []string) string {
		if len(cells) == 0 {
			return "0"
		}
		return strings.Join(cells, "+")
	}
	for _, l := range b.s.Lines {
		r := b.lastRow[sheet] + 1
		formula := b.lineFormula(l, row, parts, add)
		b.put(sheet, l.Line, LineTitle(l.Line, b.lang), "="+formula, number(l.Amount), text(l.Reason))
		row[l.Line] = r
		if !l.IsTotal {
			parts = append(parts, fmt.Sprintf("C%d", r))
		} else {
			b.must(b.SetRowStyle(sheet, r, r, b.bold))
		}
	}
	b.must(b.SetColWidth(sheet, "A", "D", 18))
	b.must(b.SetColWidth(sheet, "B", "B", 36))
}

// lineFormula is the formula of one printed line. row holds the rows of the
// lines above, parts their cells without totals.
func (b *book) lineFormula(l WorkedLine, row map[string]int, parts []string, add func([]string) string) string {
	c := func(line string) string { return fmt.Sprintf("C%d", row[line]) }
	earned := fmt.Sprintf("IF(%[1]s>0,%[2]s,%[3]s)", b.cells["net"], cents(fmt.Sprintf("%s*%s/%s", b.cells["due"], b.cells["paid"], b.cells["net"])), b.cells["due"])
	key, rest, _ := strings.Cut(l.Line, "/")
	switch key {
	case "commission":
		return b.cells["commission"]
	case "void":
		return fmt.Sprintf("%s-%s", b.cells["due"], b.cells["commission"])
	case "accrued":
		return fmt.Sprintf("ROUND(%s-%s,2)", earned, b.cells["due"])
	case "earned":
		return earned
	case "overrun":
		return "-" + cents(b.cells["overrun"])
	case "saving":
		return cents(b.cells["saving"])
	case "score", "performance":
		bracket := c("earned")
		if row["overrun"] > 0 {
			bracket += "+" + c("overrun")
		}
		if b.s.Earning.IsSavingInside && row["saving"] > 0 {
			bracket += "+" + c("saving")
		}
		if key == "performance" {
			return fmt.Sprintf("ROUND(%s+%s,2)", bracket, c("score"))
		}
		return fmt.Sprintf("ROUND(%s-(%s),2)", cents("("+bracket+")*"+b.factor()), bracket)
	case "released":
		return cents(b.cells["released"])
	case "clawed_back":
		return "-" + cents(b.cells["clawed_back"])
	case "pool":
		return b.cells["pool"]
	case "rule":
		return b.ruleFormula(rest, l.Amount)
	case "override":
		if o := b.s.override("pay", rest); o != nil {
			other := "0"
			if rest == "total" {
				other = "(" + add(parts) + ")"
			} else if row[rest] > 0 {
				other = c(rest)
			}
			return fmt.Sprintf("ROUND(ROUND(%s,4)-%s,2)", literal(o.Value), other)
		}
	case "restated":
		for _, x := range b.s.Restatements {
			if x.Month.Format("2006-01") == rest {
				return fmt.Sprintf("%s-(%s)-(%s)", x.Now, x.Closed, x.PaidBefore)
			}
		}
	case "carried_out", "not_carried":
		if b.s.Carry != nil {
			return fmt.Sprintf("MAX(0,ROUND(-(%s),2))", add(parts))
		}
	case "total":
		return fmt.Sprintf("ROUND(%s,2)", add(parts))
	}
	return l.Amount // carried in, or sealed with the month: a figure of another month
}

// ruleFormula is the formula of a bonus: the value that met the rule is opened
// to its rows.
func (b *book) ruleFormula(rule, amount string) string {
	for _, r := range b.s.Rules {
		if r.Rule != rule {
			continue
		}
		indicator := r.Indicator
		if indicator == "attainment" {
			indicator = "target_attainment"
		}
		value := literal(r.Value)
		if indicator == "score" {
			value = b.score[b.s.Plan.ScoreCard]
		} else if rs := b.rows[indicator]; rs != nil && b.s.override("indicator", indicator) == nil {
			num, den := b.sums(indicator, nil, nil)
			value = strings.TrimPrefix(fmt.Sprint(num), "=")
			if den != number("1") {
				value += "/" + strings.TrimPrefix(fmt.Sprint(den), "=")
			}
		}
		// The comparison is the plan's; a rule that holds lies on its side of the limit.
		compare := ">="
		if r.Value < r.Limit {
			compare = "<="
		}
		return fmt.Sprintf("IF(ROUND(%s,9)%s%s,%s,0)", value, compare, literal(r.Limit), amount)
	}
	return amount
}
