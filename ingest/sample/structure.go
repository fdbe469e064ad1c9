package sample

import (
	"fmt"
	"math"
	"time"
)

// writeStructure writes what does not grow month by month.
func (c *company) writeStructure(w *files) {
	c.writeUnits(w)
	c.writePeople(w)
	c.writeCustomers(w)
	prices := w.text("price_list.csv", kind{}, "product_id", "region_id", "from_on", "to_on", "price_low", "price_high")
	products := w.text("products.csv", kind{}, "product_id", "name", "line", "list_price", "standard_cost")
	for _, p := range c.products {
		products.text(p.id).text(p.name).text(lines[p.line]).money(p.price).money(p.cost).end()
		prices.text(p.id).text("").date(c.first()).text("").scaled(p.price*90/100, 2).scaled(p.price*110/100, 2).end()
	}
	rates := w.text("fx_rate.csv", kind{}, "currency", "period_on", "rate")
	days := w.text("workday.csv", kind{}, "day_on", "region_id", "is_workday", "note")
	for m := range c.Months {
		on := c.first().AddDate(0, m, 0)
		rates.text("HKD").date(on).scaled(hkdRate(m), 6).end()
		for d := range on.AddDate(0, 1, -1).Day() {
			day := on.AddDate(0, 0, d)
			if is, ok := exception(day); ok {
				days.date(day).text("").bool(is).text(map[bool]string{true: "调休上班", false: "法定节假日"}[is]).end()
			}
		}
	}
	c.writeTargets(w)
	c.writeMarket(w)
}

func (c *company) writeUnits(w *files) {
	regions := w.text("regions.csv", kind{}, "region_id", "name", "parent_id", "manager_id")
	for g := range c.Regions {
		regions.row(regionID(g), regionNames[g], "", c.reps[c.teams[g].lead].id)
	}
	teams := w.text("teams.csv", kind{}, "team_id", "name", "region_id", "manager_id")
	for _, t := range c.teams {
		teams.row(t.id, t.name, regionID(t.region), c.reps[t.lead].id)
	}
}

func regionID(g int) string { return fmt.Sprintf("R%d", g+1) }

// writePeople writes the CRM's list of people, the numbers that finance gives
// them, and who moved.
func (c *company) writePeople(w *files) {
	header := []string{"工号", "姓名", "团队编号", "区域编号", "经理工号", "岗位", "入职日期", "离职日期", "性别", "年龄段"}
	if c.Plain {
		header = []string{"rep_id", "name", "team_id", "region_id", "manager_id", "role", "hired_on", "left_on", "group_gender", "group_age"}
	}
	people := w.text("crm_people.csv", kind{bom: !c.Plain}, header...)
	alias := w.text("rep_alias.csv", kind{}, "system", "alias", "rep_id")
	moves := w.text("assignment.csv", kind{}, "rep_id", "from_on", "to_on", "region_id", "team_id")
	for i, p := range c.reps {
		role := "业务员"
		if i < c.Teams {
			role = "团队主管"
		}
		people.text(p.id).text(p.name).text(c.teams[p.team].id).text(regionID(p.region)).text(p.manager).text(role).
			date(p.hired).date(p.left).text(p.gender).text(p.age).end()
		alias.row("finance", p.financeID, p.id)
		if p.qualified != p.name {
			alias.row("crm", p.qualified, p.id)
		}
		if !p.moveOn.IsZero() {
			moves.text(p.id).date(p.hired).date(p.moveOn.AddDate(0, 0, -1)).text(regionID(p.region)).text(c.teams[p.team].id).end()
			moves.text(p.id).date(p.moveOn).text("").text(regionID(c.teams[p.moveTeam].region)).text(c.teams[p.moveTeam].id).end()
		}
	}
}

func (c *company) writeCustomers(w *files) {
	header := []string{"客户编号", "客户名称", "区域编号", "负责人", "客户类型", "是否终端", "建档日期"}
	if c.Plain {
		header = []string{"customer_id", "name", "region_id", "rep_id", "segment", "is_outlet", "opened_on"}
	}
	f := w.text("customers.csv", kind{gb18030: !c.Plain}, header...)
	for _, cu := range c.customers {
		p := c.reps[cu.rep]
		f.text(cu.id).text(cu.name).text(regionID(p.region)).text(p.id).text(cu.segment).text("是").date(cu.opened).end()
	}
}

// writeTargets writes targets in 万元: a wide sheet in the messy company, rows
// in the plain one. Parts add up to the whole.
func (c *company) writeTargets(w *files) {
	type unit struct{ kind, id, name string }
	var units []unit
	amounts := map[unit][]int64{} // yuan by month
	add := func(u unit, m int, v int64) {
		if amounts[u] == nil {
			amounts[u] = make([]int64, c.Months)
			units = append(units, u)
		}
		amounts[u][m] += v
	}
	total := unit{"公司", "company", "禾川食品"}
	add(total, 0, 0)
	for g := range c.Regions {
		add(unit{"区域", regionID(g), regionNames[g]}, 0, 0)
	}
	for _, t := range c.teams {
		add(unit{"团队", t.id, t.name}, 0, 0)
	}
	for i := range c.reps {
		p := &c.reps[i]
		for m := range c.Months {
			on := c.first().AddDate(0, m, 0)
			share := p.activeShare(on)
			if share == 0 {
				continue
			}
			v := int64(math.Round(c.targetOf(p, m)*share/100) * 100)
			ti, region := p.place(c, on.AddDate(0, 0, 14))
			add(unit{"个人", p.id, p.name}, m, v)
			add(unit{"团队", c.teams[ti].id, c.teams[ti].name}, m, v)
			add(unit{"区域", regionID(region), regionNames[region]}, m, v)
			add(total, m, v)
		}
	}
	if c.Plain {
		f := w.text("targets.csv", kind{}, "period_on", "unit_kind", "unit_id", "product_id", "indicator", "amount")
		words := map[string]string{"公司": "company", "区域": "region", "团队": "team", "个人": "rep"}
		for _, u := range units {
			for m, v := range amounts[u] {
				if v > 0 {
					f.date(c.first().AddDate(0, m, 0)).text(words[u.kind]).text(u.id).text("").text("sales_amount").money(v * 100).end()
				}
			}
		}
		return
	}
	header := []any{"对象类型", "对象编号", "名称"}
	for m := range c.Months {
		header = append(header, c.first().AddDate(0, m, 0).Format("2006年1月"))
	}
	s := w.sheet("销售目标.xlsx", "禾川食品 月度销售目标(单位:万元)", header...)
	for _, u := range units {
		row := []any{u.kind, u.id, u.name}
		for _, v := range amounts[u] {
			if v == 0 {
				row = append(row, nil)
			} else {
				row = append(row, float64(v)/10_000)
			}
		}
		s.write(row...)
		s.rows++
	}
	s.write("注:目标按月初在岗人员下达,入离职按天折算。")
}

func (c *company) writeMarket(w *files) {
	f := w.text("market.csv", kind{}, "region_id", "product_line", "period_on", "size_amount", "n_competitors", "n_outlets", "n_leads",
		"price_index", "area_km2", "travel_hours", "opened_on", "promotion_amount")
	r := c.random(3, 0)
	for g := range c.Regions {
		hard := -regionEase[g]
		for l, line := range lines {
			size := c.base * float64(c.Reps) / float64(c.Regions) / 3 / .18 * math.Exp(1.2*(regionEase[g]+lineEase[l]))
			for m := range c.Months {
				on := c.first().AddDate(0, m, 0)
				f.text(regionID(g)).text(line).date(on).money(int64(size*math.Exp(.03*r.NormFloat64()))*100).
					int(4+int(math.Round(6*hard+r.Float64()))).int(900+int(600*regionEase[g])+12*m).int(120+int(150*regionEase[g])+r.IntN(20)).
					scaled(int64(1_000_000*(1-.1*hard+.02*r.NormFloat64())), 6).scaled(int64(40_000_000_000*(1+2*math.Max(hard, -.3))), 6).
					scaled(int64(1_200_000*math.Exp(2*hard)), 6).date(time.Date(2012+2*g, 3, 1, 0, 0, 0, 0, time.UTC)).
					money(int64(math.Round(c.promotion[g][m]/3)) * 100).end()
			}
		}
	}
}
