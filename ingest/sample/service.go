package sample

import (
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"
)

// writeService writes what customers say and hear: complaints, surveys,
// trainings and information-exchange forms.
func (c *company) writeService(w *files, m int, workdays []time.Time) {
	r := c.random(13, m)
	header := []string{"投诉编号", "客户编号", "受理时间", "首次回复时间", "解决时间", "上报时间", "状态", "内容"}
	k := kind{gb18030: true}
	if c.Plain {
		header, k = []string{"complaint_id", "customer_id", "opened_at", "replied_at", "resolved_at", "escalated_at", "status", "subject"}, kind{}
	}
	complaints := w.text("complaints.csv", k, header...)
	surveys := w.text("surveys.csv", kind{}, "survey_id", "customer_id", "answered_on", "score", "scale_low", "scale_high")
	trainings := w.text("trainings.csv", kind{}, "training_id", "customer_id", "rep_id", "held_on", "topic")
	forms := w.text("feedback.csv", kind{}, "feedback_id", "customer_id", "rep_id", "filed_on", "topic")
	tasks := w.text("promotion_tasks.csv", kind{}, "task_id", "rep_id", "customer_id", "promotion", "due_on", "done_on", "from_on", "to_on")
	month := workdays[0].Format("0601")
	from, to := c.first().AddDate(0, m, 0), c.first().AddDate(0, m+1, -1)
	const clock = "2006-01-02 15:04:05"
	for n, cu := range c.customers {
		p := &c.reps[cu.rep]
		if cu.opened.After(to) {
			continue
		}
		on := workdays[r.IntN(len(workdays))]
		if r.Float64() < .025 {
			at := on.Add(time.Duration(8*60+r.IntN(600)) * time.Minute)
			slow := 1.0
			if p.region == 2 && m == c.Months-1 { // a warehouse move in the north
				slow = 2.2
			}
			replied := at.Add(time.Duration(slow*8*math.Exp(.5*r.NormFloat64())*60) * time.Minute)
			resolved := at.Add(time.Duration(slow*45*math.Exp(.5*r.NormFloat64())*60) * time.Minute)
			escalated, status := time.Time{}, "已解决"
			if resolved.Sub(at) > 72*time.Hour && r.Float64() < .5 {
				escalated = at.Add(time.Duration(24+r.IntN(40)) * time.Hour)
			}
			if resolved.After(to.AddDate(0, 0, 1)) && m == c.Months-1 {
				resolved, status = time.Time{}, "处理中"
			}
			if replied.After(to.AddDate(0, 0, 1)) && m == c.Months-1 {
				replied = time.Time{}
			}
			complaints.text(fmt.Sprintf("CP%s-%d", month, n)).text(cu.id).format(at, clock).format(replied, clock).format(resolved, clock).format(escalated, clock).
				text(status).text([]string{"送货延误", "包装破损", "临期", "开票"}[r.IntN(4)]).end()
		}
		if r.Float64() < .12 {
			score := math.Min(10, math.Max(2, 8.4+1.2*p.skill+.9*r.NormFloat64()))
			surveys.text(fmt.Sprintf("SV%s-%d", month, n)).text(cu.id).date(on).scaled(int64(math.Round(score))*1_000_000, 6).text("0").text("10").end()
		}
		if r.Float64() < .30 {
			trainings.text(fmt.Sprintf("TR%s-%d", month, n)).text(cu.id).text(p.id).date(on).text("陈列与新品").end()
		}
		if r.Float64() < .62 {
			forms.text(fmt.Sprintf("FB%s-%d", month, n)).text(cu.id).text(p.id).date(on).text("市场动态").end()
		}
		if on.Month()%3 == 1 && r.Float64() < .35 && p.works(on) {
			due, done := workdays[len(workdays)*3/4], time.Time{}
			if r.Float64() < .9 {
				done = due.AddDate(0, 0, -r.IntN(10)+1)
			}
			tasks.text(fmt.Sprintf("PT%s-%d", month, n)).text(p.id).text(cu.id).text("季度陈列").date(due).date(done).date(from).date(to).end()
		}
	}
}

// writeConduct writes attendance, reports, ratings and innovations.
func (c *company) writeConduct(w *files, m int, workdays []time.Time) {
	r := c.random(14, m)
	acts := w.text("activity.csv", kind{}, "activity_id", "rep_id", "done_on", "kind", "is_done")
	ratings := w.text("ratings.csv", kind{}, "rater_id", "rep_id", "period_on", "criterion", "rater_kind", "score")
	ideas := w.text("innovations.csv", kind{}, "innovation_id", "rep_id", "proposed_on", "adopted_on", "points", "title")
	from := c.first().AddDate(0, m, 0)
	for i := range c.reps {
		p := &c.reps[i]
		for _, on := range workdays {
			if !p.works(on) {
				continue
			}
			day := on.Format("060102")
			acts.text("M" + day + p.id).text(p.id).date(on).text("meeting").bool(r.Float64() < .965).end()
			acts.text("R" + day + p.id).text(p.id).date(on).text("report").bool(r.Float64() < .93+.05*p.skill).end()
		}
		if !p.works(workdays[len(workdays)-1]) {
			continue
		}
		lead := c.teams[p.team].lead
		other := (i + c.Teams) % c.Reps
		second := c.teams[(p.team+c.Regions)%c.Teams].lead // rates every fourth person too
		for k, criterion := range criteria {
			truth := 80 + 22*p.skill + float64(k)
			rate := func(rater int, word string, lean float64) {
				if !c.reps[rater].works(workdays[len(workdays)-1]) {
					return
				}
				score := math.Round(math.Min(100, math.Max(40, truth-c.reps[rater].severity+lean+3*r.NormFloat64())))
				ratings.text(c.reps[rater].id).text(p.id).date(from).text(criterion).text(word).scaled(int64(score)*1_000_000, 6).end()
			}
			if lead != i {
				rate(lead, "manager", 0)
			}
			if i%4 == 0 && second != lead && second != i {
				rate(second, "manager", 0)
			}
			if other != i && other != lead && other != second {
				rate(other, "peer", 2)
			}
			rate(i, "self", 5)
		}
		if other := (i + 2*c.Teams) % c.Reps; other != i && c.reps[other].works(workdays[len(workdays)-1]) {
			score := math.Round(math.Min(100, math.Max(40, 82+10*p.skill-c.reps[other].severity+4*r.NormFloat64())))
			ratings.text(c.reps[other].id).text(p.id).date(from).text("peer_collaboration").text("peer").scaled(int64(score)*1_000_000, 6).end()
		}
		if r.Float64() < .03 {
			on := workdays[r.IntN(len(workdays))]
			adopted, points := time.Time{}, ""
			if r.Float64() < .6 {
				adopted, points = on, strconv.Itoa(1+r.IntN(2))
			}
			ideas.text("IN" + on.Format("060102") + p.id).text(p.id).date(on).date(adopted).text(points).text([]string{"冷柜陈列表", "联合配送", "小程序订货", "样品台账"}[r.IntN(4)]).end()
		}
	}
}

// writeTruth writes what was planted: skill, ease, elasticity, severity, and
// what must be refused.
func (c *company) writeTruth(dir string, w *files) error {
	number := func(v float64) string { return strconv.FormatFloat(v, 'g', 12, 64) }
	skill := [][]string{{"rep_id", "skill", "severity"}}
	for _, p := range c.reps {
		skill = append(skill, []string{p.id, number(p.skill), number(p.severity)})
	}
	ease := [][]string{{"region_id", "product_line", "ease"}}
	response := [][]string{{"region_id", "elasticity"}}
	for g := range c.Regions {
		response = append(response, []string{regionID(g), number(elasticity[g])})
		for l, line := range lines {
			ease = append(ease, []string{regionID(g), line, number(regionEase[g] + lineEase[l])})
		}
	}
	refused := [][]string{{"file", "rows"}}
	for _, name := range slices.Sorted(maps.Keys(c.totals.refused)) {
		refused = append(refused, []string{name, strconv.Itoa(c.totals.refused[name])})
	}
	totals := [][]string{{"what", "value"},
		{"order lines", strconv.FormatInt(c.totals.orderLines, 10)}, {"orders", strconv.FormatInt(c.totals.orders, 10)},
		{"sales in CNY, cents", strconv.FormatInt(c.totals.sales, 10)}, {"cost in CNY, cents", strconv.FormatInt(c.totals.cost, 10)}}
	for name, rows := range map[string][][]string{"rep.csv": skill, "cell.csv": ease, "response.csv": response, "refused.csv": refused, "totals.csv": totals} {
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		out := csv.NewWriter(f)
		if err := out.WriteAll(rows); err != nil {
			f.Close()
			return err
		}
		if err := f.Close(); err != nil {
			return err
		}
	}
	return nil
}

// OrdersCSV streams about cfg.OrderLines order lines in canonical columns, in
// the order of days within a month: the input of the ingest benchmark.
func OrdersCSV(out io.Writer, cfg Config) error {
	cfg = cfg.Defaults()
	cfg.Plain = true
	if err := cfg.check(); err != nil {
		return err
	}
	c := newCompany(cfg)
	f := newPlain(out)
	for m := range cfg.Months {
		var workdays []time.Time
		from := c.first().AddDate(0, m, 0)
		for d := range from.AddDate(0, 1, -1).Day() {
			if on := from.AddDate(0, 0, d); isWorkday(on) {
				workdays = append(workdays, on)
			}
		}
		c.streamOrders(f, m, workdays)
	}
	if f.err != nil {
		return f.err
	}
	return f.out.Flush()
}
