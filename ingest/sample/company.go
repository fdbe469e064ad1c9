package sample

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"
)

var regionNames = []string{"华东", "华南", "华北", "华中", "西南", "西北", "东北", "港澳"}

// regionEase is the planted ln of how easy each market is.
var regionEase = []float64{.28, .16, .08, .02, -.10, -.24, -.16, .06}

// elasticity is the planted response of sales to promotion money.
var elasticity = []float64{.30, .38, .26, .34, .42, .36, .22, .31}

var lines = []string{"酱料", "零食", "饮品"}

// lineEase is the planted ln of how easy each product line sells.
var lineEase = []float64{.10, .00, -.10}

var teamWords = []string{"一组", "二组", "三组", "四组", "五组", "六组", "七组", "八组"}
var surnames = []rune("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文")
var givenNames = []rune("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰红建国文辉力斌健宁波婷雪琳晨欣怡佳慧俊宇浩然博思远志成嘉瑞子涵雨泽梦瑶一诺")
var shopWords = []string{"永固", "西关", "天水", "金城", "春风", "和顺", "万家", "百汇", "好邻", "福满", "新禾", "长青", "东升", "南湖", "北苑", "晨光", "嘉禾", "顺达", "兴隆", "宏源", "聚丰", "瑞祥", "隆昌", "广源", "恒泰", "安康", "吉庆", "正大", "同心", "四海"}
var shopKinds = []string{"商贸", "超市", "便利店", "副食行", "食品店", "连锁", "批发部", "生鲜"}
var segments = []string{"商超", "便利店", "批发", "餐饮"}
var competitors = []string{"晨露", "味源", "山禾", "海德"}
var productWords = []string{"黄豆酱", "辣椒酱", "番茄酱", "芝麻酱", "坚果", "海苔", "薯片", "肉脯", "酸梅汤", "椰汁", "绿茶", "苏打水"}
var productSizes = []string{"小", "中", "大"}
var criteria = []string{"ability", "attitude", "discipline"}

type rep struct {
	id, financeID, name, qualified string
	team, region                   int
	manager                        string
	hired, left                    time.Time // left is zero for people who stayed
	skill                          float64
	severity                       float64 // as a rater, in points; positive is stricter
	gender, age                    string
	customers                      []int
	moveOn                         time.Time // transfer, zero for none
	moveTeam                       int
}

type team struct {
	id, name string
	region   int
	lead     int // rep
}

type customer struct {
	id, name, segment string
	rep               int
	opened            time.Time
	slow              float64 // chance that an order is paid late
	terms             int     // days until an order falls due
}

type product struct {
	id, name    string
	line        int
	price, cost int64 // cents
	weight      float64
}

// company is everything that does not change from month to month, and the
// planted truth.
type company struct {
	Config
	reps      []rep
	teams     []team
	customers []customer
	products  []product
	popular   []int       // product indexes, as often as they sell
	shock     [][]float64 // region x month, ln
	promotion [][]float64 // region x month, yuan
	perRep    float64     // order lines of an average person and month
	base      float64     // yuan of sales of an average person and month
	totals    totals
	booked    []int64           // base-currency cents each person sold in the month being written
	pending   map[int][]payment // payments that fall in a later month
}

// totals are sums written to the truth for tests.
type totals struct {
	orderLines, orders int64
	sales, cost        int64 // cents, rows that load, base currency rows only
	refused            map[string]int
}

func newCompany(cfg Config) *company {
	c := &company{Config: cfg, pending: map[int][]payment{}, totals: totals{refused: map[string]int{}}}
	r := c.random(1, 0)
	c.makeTeams()
	c.makeReps(r)
	c.makeProducts(r)
	c.makeCustomers(r)
	for g := range cfg.Regions {
		shock, money := make([]float64, cfg.Months), make([]float64, cfg.Months)
		for m := range shock {
			shock[m] = .05 * r.NormFloat64()
			money[m] = 180_000 * math.Exp(.5*regionEase[g]+.22*r.NormFloat64())
		}
		c.shock, c.promotion = append(c.shock, shock), append(c.promotion, money)
	}
	months := float64(cfg.Reps) * float64(cfg.Months)
	c.booked = make([]int64, cfg.Reps)
	c.perRep = float64(cfg.OrderLines) / months
	c.base = 480_000
	return c
}

func (c *company) makeTeams() {
	for i := range c.Teams {
		region := i % c.Regions
		name := fmt.Sprintf("%s%s", regionNames[region], ordinal(i/c.Regions))
		c.teams = append(c.teams, team{id: fmt.Sprintf("T%02d", i+1), name: name, region: region})
	}
}

func ordinal(i int) string {
	if i < len(teamWords) {
		return teamWords[i]
	}
	return fmt.Sprintf("%d组", i+1)
}

func (c *company) makeReps(r *rand.Rand) {
	seen := map[string]int{}
	first, last := c.first(), c.last()
	for i := range c.Reps {
		t := i % c.Teams
		p := rep{id: fmt.Sprintf("S%04d", i+1), financeID: fmt.Sprintf("F%d", 100_001+7*i), team: t, region: c.teams[t].region}
		p.name = string(surnames[r.IntN(len(surnames))]) + string(givenNames[r.IntN(len(givenNames))])
		if r.Float64() < .6 {
			p.name += string(givenNames[r.IntN(len(givenNames))])
		}
		if i > 0 && i%20 == 7 { // the name of somebody in another region
			p.name = c.reps[i-1].name
		}
		for seen[p.name+regionNames[p.region]] > 0 { // one name may stand in two regions, never twice in one
			p.name += string(givenNames[r.IntN(len(givenNames))])
		}
		seen[p.name+regionNames[p.region]]++
		seen[p.name]++
		p.hired = first.AddDate(0, 0, -60-r.IntN(2500))
		if i >= c.Teams { // team leads stay
			switch u := r.Float64(); {
			case u < .06 && c.Months > 3 && i < c.Reps-1:
				p.hired = first.AddDate(0, 1+r.IntN(c.Months-2), r.IntN(20))
			case u < .11 && c.Months > 3 && i < c.Reps-1:
				p.left = last.AddDate(0, -r.IntN(c.Months-2), -5-r.IntN(20))
			case (u < .16 || i == c.Reps-1) && c.Months > 4: // somebody always moves
				p.moveOn = first.AddDate(0, 2+r.IntN(c.Months-3), 4+r.IntN(20))
				p.moveTeam = (t + c.Regions) % c.Teams // a team of the same region where there is one
				if r.Float64() < .4 {
					p.moveTeam = (t + 1) % c.Teams
				}
			}
		}
		p.skill, p.severity = .25*r.NormFloat64(), 3*r.NormFloat64()
		p.gender = []string{"男", "女"}[r.IntN(2)]
		p.age = []string{"30岁以下", "30至40岁", "40岁以上"}[r.IntN(3)]
		c.reps = append(c.reps, p)
	}
	for i := range c.reps {
		p := &c.reps[i]
		if i < c.Teams {
			c.teams[i].lead = i
			p.manager = c.reps[p.region].id // the first team's lead heads the region
			if i == p.region {
				p.manager = ""
			}
		} else {
			p.manager = c.reps[p.team].id
		}
		if p.qualified = p.name; seen[p.name] > 1 {
			p.qualified = p.name + "(" + regionNames[p.region] + ")"
			if i%2 == 0 {
				p.qualified = p.name + "（" + regionNames[p.region] + "）"
			}
		}
	}
}

func (c *company) makeProducts(r *rand.Rand) {
	for i, word := range productWords {
		for j, size := range productSizes {
			p := product{id: fmt.Sprintf("P%03d", 3*i+j+1), name: "禾川" + word + " " + size + "箱", line: i / 4}
			p.price = int64(4_000+r.IntN(6_000)) * int64(1+j)
			p.cost = p.price * int64(58+r.IntN(18)) / 100
			p.weight = math.Exp(.5 * r.NormFloat64())
			c.products = append(c.products, p)
		}
	}
	for i, p := range c.products {
		for range int(1 + p.weight*10*math.Exp(lineEase[p.line])) {
			c.popular = append(c.popular, i)
		}
	}
}

func (c *company) makeCustomers(r *rand.Rand) {
	first := c.first()
	names := map[string]bool{}
	for i := range c.reps {
		p := &c.reps[i]
		for range 20 + r.IntN(14) {
			n := len(c.customers)
			cu := customer{id: fmt.Sprintf("C%05d", n+1), rep: i, segment: segments[r.IntN(len(segments))]}
			cu.name = regionNames[p.region] + shopWords[r.IntN(len(shopWords))] + shopKinds[r.IntN(len(shopKinds))]
			if names[cu.name] {
				cu.name += fmt.Sprintf("%d店", n%97+2)
			}
			if names[cu.name] {
				cu.name += fmt.Sprintf("(%s)", cu.id)
			}
			names[cu.name] = true
			cu.opened = first.AddDate(0, 0, -r.IntN(900))
			if r.Float64() < .3 {
				cu.opened = first.AddDate(0, r.IntN(c.Months), r.IntN(27))
			}
			if cu.opened.Before(p.hired) && p.hired.After(first) {
				cu.opened = p.hired
			}
			cu.terms = []int{0, 7, 7, 15, 30}[n%5]
			cu.slow = .05
			if r.Float64() < .10 {
				cu.slow = .45
			}
			p.customers = append(p.customers, n)
			c.customers = append(c.customers, cu)
		}
	}
}

// place is where a person works on a day.
func (p *rep) place(c *company, on time.Time) (teamIndex, region int) {
	if !p.moveOn.IsZero() && !on.Before(p.moveOn) {
		return p.moveTeam, c.teams[p.moveTeam].region
	}
	return p.team, p.region
}

// works reports whether a person is employed on a day.
func (p *rep) works(on time.Time) bool {
	return !on.Before(p.hired) && (p.left.IsZero() || !on.After(p.left))
}

// ease is the planted ln of a region's market in a month, season and promotion
// included.
func (c *company) ease(region, m int) float64 {
	on := c.first().AddDate(0, m, 0)
	season := .10 * math.Sin(2*math.Pi*float64(on.Month()-1)/12)
	if on.Month() == time.February { // spring festival
		season -= .25
	}
	if on.Month() == time.January {
		season += .12
	}
	trend := .004 * float64(m)
	mean := 180_000 * math.Exp(.5*regionEase[region])
	return regionEase[region] + c.shock[region][m] + season + trend + elasticity[region]*math.Log(c.promotion[region][m]/mean)
}

// potential is the expected sales of a person in a month, in yuan, for whole
// attendance.
func (c *company) potential(p *rep, region, m int) float64 {
	return c.base * math.Exp(c.ease(region, m)+p.skill)
}

// targetOf is the target of a person and month, in yuan: half of the market's
// ease is priced in, as planted.
func (c *company) targetOf(p *rep, m int) float64 {
	on := c.first().AddDate(0, m, 14)
	_, region := p.place(c, on)
	season := c.ease(region, m) - regionEase[region] - c.shock[region][m]
	t := c.base * 1.072 * math.Exp(.5*regionEase[region]+.7*season)
	return math.Round(t/1000) * 1000
}

// activeShare is the share of a month's days that a person is employed.
func (p *rep) activeShare(from time.Time) float64 {
	days, n := 0, from.AddDate(0, 1, -1).Day()
	for d := range n {
		if p.works(from.AddDate(0, 0, d)) {
			days++
		}
	}
	return float64(days) / float64(n)
}

// poisson draws a count; large means are rounded normal draws.
func poisson(r *rand.Rand, mean float64) int {
	if mean > 200 {
		return max(0, int(math.Round(mean+math.Sqrt(mean)*r.NormFloat64())))
	}
	n := 0
	for mean > 0 {
		m := math.Min(mean, 30)
		mean -= m
		limit, p := math.Exp(-m), r.Float64()
		for p > limit {
			n++
			p *= r.Float64()
		}
	}
	return n
}

// hkdRate is yuan for a million Hong Kong dollars in a month.
func hkdRate(m int) int64 { return 915_000 + int64(m%5)*2_000 }
