package analytics

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"time"
)

// coefficientFacts are the figures behind one coefficient.
type coefficientFacts struct {
	Evaluated       time.Time `db:"evaluated"`
	D               float64   `db:"d"`
	Data            float64   `db:"d_data"`
	Low             float64   `db:"d_low"`
	High            float64   `db:"d_high"`
	Policy          float64   `db:"d_policy"`
	Override        *float64  `db:"d_override"`
	Pay             float64   `db:"d_pay"`
	Points          float64   `db:"points"`
	Mode            string    `db:"mode"`
	Published       *float64  `db:"published"` // where the plan names one for his cells
	PublishedRate   float64   `db:"published_rate"`
	Reliability     float64   `db:"reliability"`
	Target          float64   `db:"target"`
	HasTarget       bool      `db:"has_target"`
	Expected        float64   `db:"expected"`
	Sold            float64   `db:"sold"`
	NOthers         int64     `db:"n_others"`
	NDealsOthers    int64     `db:"n_deals_others"`
	OverrideReason  string    `db:"override_reason"`
	OverrideBy      string    `db:"override_approver"`
	CompanyExpected float64   `db:"company_expected"`
	CompanyTarget   float64   `db:"company_target"`
}

// coefficientRow is one exported row behind a part of a coefficient.
type coefficientRow struct {
	Item   string `db:"item"`
	File   string `db:"source_file"`
	Sheet  string `db:"source_sheet"`
	Row    int64  `db:"source_row"`
	Amount string `db:"amount"`
}

// CoefficientRows returns the exported rows behind a person's market
// coefficient: targets of the month, and what the months before say of his
// markets. The numerator of a row is what it says.
func (r *Run) CoefficientRows(ctx context.Context, scope Scope, rep string, month time.Time) ([]ExplainedRow, error) {
	found, err := collect[coefficientRow](ctx, r, "explain_coefficient_rows", scope, map[string]any{"rep_id": rep, "month": month})
	var rows []ExplainedRow
	for _, row := range found {
		rows = append(rows, ExplainedRow{File: row.File, Sheet: row.Sheet, Row: row.Row, Numerator: row.Amount, Cells: []*string{&row.Item}})
	}
	return rows, err
}

// explainCoefficient opens a person's market coefficient: how it follows from
// target and expectation, the parts that its logarithm is the sum of, the
// exported rows behind target and drivers, and the sales it is held against.
// It fails if the parts do not add up: then no page may show them.
func (r *Run) explainCoefficient(ctx context.Context, scope Scope, rep string, month time.Time, lang string) (*Part, error) {
	facts, err := collect[coefficientFacts](ctx, r, "explain_coefficient", scope, map[string]any{"rep_id": rep, "month": month})
	if err != nil {
		return nil, err
	}
	if len(facts) == 0 {
		return nil, fmt.Errorf("coefficient of %s in %s: %w; markets are judged from months before, and nobody before the plan's least number of them", rep, month.Format("2006-01"), ErrUnknown)
	}
	f := facts[0]
	parts, err := r.DifficultyParts(ctx, scope, rep, month)
	if err != nil {
		return nil, err
	}
	found, err := collect[coefficientRow](ctx, r, "explain_coefficient_rows", scope, map[string]any{"rep_id": rep, "month": month})
	if err != nil {
		return nil, err
	}
	rows := map[string][]ExplainedRow{}
	for _, row := range found {
		rows[row.Item] = append(rows[row.Item], ExplainedRow{File: row.File, Sheet: row.Sheet, Row: row.Row, Numerator: row.Amount})
	}
	data := Part{Path: "coefficient/data", Title: statementText("market/data", lang), Amount: figure(f.Data),
		How: statementText("market/data_how", lang, figure(f.Target), figure(f.Expected), figure(f.CompanyExpected), figure(f.CompanyTarget), figure(f.Low), figure(f.High))}
	sum := 0.0
	for _, p := range parts {
		sum += p.Amount
		data.Parts = append(data.Parts, f.part(p, rows[p.Item], lang))
	}
	if math.Abs(sum-math.Log(f.Data)) > 1e-9 {
		return nil, fmt.Errorf("coefficient of %s in %s: its parts add up to %v, but its logarithm is %v", rep, month.Format("2006-01"), sum, math.Log(f.Data))
	}
	data.Parts = append(data.Parts, Part{Path: "coefficient/sum", Title: statementText("market/sum", lang), Amount: figure(sum), How: fmt.Sprintf("ln(%s)", figure(f.Data))})
	whole := &Part{Path: "coefficient", Title: statementText("market/coefficient", lang), Amount: figure(f.D), How: f.how(lang),
		Parts: []Part{data, {Path: "coefficient/pay", Title: statementText("market/pay", lang), Amount: figure(f.Pay), How: statementText("market/pay_how", lang, figure(f.Reliability), figure(f.Points))}}}
	sold := Part{Path: "coefficient/sold", Title: statementText("market/sold", lang), Amount: figure(f.Sold)}
	e, err := r.Explain(ctx, scope, Question{UnitKind: "rep", UnitID: rep, Indicator: "sales_amount", Month: month, Limit: -1})
	if err != nil && !errors.Is(err, ErrUnknown) {
		return nil, err
	}
	if err == nil {
		sold.Parts = []Part{indicatorPart(e, lang)}
	}
	whole.Parts = append(whole.Parts, sold)
	return whole, nil
}

// how says where the coefficient in force comes from.
func (f coefficientFacts) how(lang string) string {
	switch {
	case f.Override != nil:
		return statementText("market/override", lang, f.OverrideBy, f.OverrideReason, figure(f.Data))
	case f.Mode == "policy":
		return statementText("market/policy", lang, figure(f.Data))
	case f.Mode == "override" && f.Published != nil:
		return statementText("market/published", lang, figure(f.PublishedRate), figure(*f.Published), figure(1-f.PublishedRate), figure(f.Data))
	case f.Mode == "blend":
		return statementText("market/blend", lang, figure(f.Reliability), figure(f.Data), figure(1-f.Reliability), figure(f.Policy))
	}
	return statementText("market/by_data", lang, f.Evaluated.Format("2006-01"))
}

// part is one part of the logarithm with the numbers it follows from.
func (f coefficientFacts) part(p DifficultyPart, rows []ExplainedRow, lang string) Part {
	out := Part{Path: "coefficient/" + p.Item, Title: p.TitleEn, Amount: figure(p.Amount), Rows: rows}
	if lang == "zh-CN" {
		out.Title = p.TitleZh
	}
	if out.Title == "" {
		out.Title = statementText("market/"+p.Item, lang)
	}
	switch {
	case p.Item == "cell":
		out.How = statementText("market/cell_how", lang, figure(*p.MeanValue), figure(*p.Value), f.NOthers, f.NDealsOthers)
	case p.Item == "target" && f.HasTarget:
		out.How = fmt.Sprintf("ln(%s / %s)", figure(*p.Value), figure(*p.MeanValue))
	case p.Item == "target":
		out.How = statementText("market/no_target", lang)
	case p.Weight != nil:
		out.How = fmt.Sprintf("(%s − %s) × %s", figure(*p.MeanValue), figure(*p.Value), figure(*p.Weight))
	default:
		out.How = statementText("market/"+p.Item+"_how", lang)
	}
	return out
}

// figure writes a statistic with six significant digits.
func figure(v float64) string { return strconv.FormatFloat(v, 'g', 6, 64) }
