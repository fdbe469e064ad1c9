package dashboard

import (
	"net/url"

	"levelfield/dashboard/closing"
	"levelfield/dashboard/i18n"
)

// Page is what a builder returns: page data with the parts every page has.
type Page interface {
	base() *View
	// Cards lists the cards whose tables can be exported.
	Cards() []*Card
}

// View is what every page shows around its content. Pages embed it.
type View struct {
	ID       string // page id
	Lang     i18n.Lang
	Other    i18n.Lang
	Theme    string
	Title    string // of the browser window; pages set it to their finding or name
	Company  string
	Nav      []NavGroup
	Tabs     []NavItem
	Crumbs   []Crumb
	Filters  []Filter
	Notes    []string // line at the end of the page: run, sources, units
	RunID    string
	AsOf     string      // badge beside the breadcrumbs
	State    *MonthState // of the month shown; nil where a page shows none
	Earlier  string      // address of the month before, "" at the first
	Later    string
	OtherURL string // this page in the other language
	ViewsURL string // where this page is saved under a name
	Role     string // title of the reader's role; "" where nobody is signed in
	ViewedAs string // person whom an admin views as
	Done     string // what the last form did
	Fault    string // why the form was refused
}

func (v *View) base() *View { return v }

// NavGroup is a titled part of the navigation.
type NavGroup struct {
	Title string
	Items []NavItem
}

// NavItem is one link of the navigation.
type NavItem struct {
	ID, Title, URL string
	Current        bool
}

// Crumb is one step of the drill path; the last has no address.
type Crumb struct{ Title, URL string }

// Filter is one choice of the filter bar. It is a form of its own, so it works
// without a script.
type Filter struct {
	Name    string // URL parameter
	Label   string
	Value   string // shown
	Choices []Choice
}

// Choice is one value of a filter with the address that chooses it.
type Choice struct {
	Title, URL string
	Current    bool
}

// navigation lists pages in their order; a reader sees those that exist and
// that his role may open.
var navigation = []struct {
	group string
	items []struct{ id, path string }
}{
	{"nav.results", []struct{ id, path string }{{"overview", "/"}, {"regions", "/regions"}, {"people", "/people"}, {"teams", "/teams"}, {"person", "/people/:own"}, {"indicators", "/indicators"}}},
	{"nav.judge", []struct{ id, path string }{{"difficulty", "/difficulty"}, {"fairness", "/fairness"}, {"appeals", "/appeals"}, {"ratings", "/ratings"}, {"innovations", "/innovations"}}},
	{"nav.decide", []struct{ id, path string }{{"targets", "/targets"}, {"allocation", "/allocation"}, {"simulation", "/simulation"}, {"diagnosis", "/diagnosis"}}},
	{"nav.work", []struct{ id, path string }{{"data", "/data"}, {"plan", "/plan"}, {"close", "/close"}, {"schedule", "/schedule"}, {"audit", "/audit"}, {"admin", "/admin"}}},
}

// mostTabs is how many pages a phone's bar holds; the last leads to the rest.
const mostTabs = 4

// navigate fills the navigation.
func (v *View) navigate(q *Query, id string) {
	for _, group := range navigation {
		g := NavGroup{Title: q.Lang.T(group.group)}
		for _, item := range group.items {
			path := item.path
			if item.id == "person" {
				if q.Reader.RepID == "" {
					continue
				}
				path = "/people/" + url.PathEscape(q.Reader.RepID)
			}
			if !isPage(item.id) || !q.Reader.Opens(item.id) {
				continue
			}
			link := NavItem{item.id, q.Lang.T("nav." + item.id), q.Link(path), item.id == id}
			g.Items = append(g.Items, link)
			if len(v.Tabs) < mostTabs {
				v.Tabs = append(v.Tabs, link)
			}
		}
		if g.Items != nil {
			v.Nav = append(v.Nav, g)
		}
	}
	if !q.Reader.IsNobody() {
		v.Role = q.Lang.T("role." + string(q.Reader.Role))
		v.Tabs = append(v.Tabs, NavItem{"account", q.Lang.T("nav.more"), "/account", id == "account"})
	}
	if q.Reader.By != "" {
		v.ViewedAs = q.Reader.Title
	}
}

// view makes the parts that every page has.
func (q *Query) view(id string) View {
	v := View{ID: id, Lang: q.Lang, Theme: q.Theme, Other: i18n.En}
	if q.Lang == i18n.En {
		v.Other = i18n.ZhCN
	}
	v.OtherURL = q.Here("lang", string(v.Other))
	v.navigate(q, id)
	v.Fault = q.Fault
	if q.Done != "" {
		v.Done = q.Lang.T(q.Done)
	}
	if q.Run == nil {
		return v
	}
	v.ViewsURL = encode("/views", url.Values{}, []string{"at", q.Here()})
	m := q.Run.Meta
	v.Company, v.RunID = m.Company, m.RunID
	v.AsOf = q.Lang.T("run.calculated", "date", q.Lang.Day(m.CreatedAt))
	source := "run.finance"
	if m.SalesSource == "deals" {
		source = "run.deals"
	}
	v.Notes = []string{q.Lang.T(source), q.Lang.T("run.units")}
	state := q.monthState(closing.StateOf(q.Month, q.Months, q.events))
	v.State = &state
	v.Filters = q.filters()
	for i, month := range q.Months {
		if !month.Equal(q.Month) {
			continue
		}
		if i > 0 {
			v.Earlier = q.Here("month", q.Months[i-1].Format("2006-01"))
		}
		if i+1 < len(q.Months) {
			v.Later = q.Here("month", q.Months[i+1].Format("2006-01"))
		}
	}
	return v
}

func (q *Query) filters() []Filter {
	month := Filter{Name: "month", Label: q.Lang.T("filter.month"), Value: q.Lang.Month(q.Month)}
	for i := len(q.Months) - 1; i >= 0; i-- {
		m := q.Months[i]
		month.Choices = append(month.Choices, Choice{q.Lang.Month(m), q.Here("month", m.Format("2006-01")), m.Equal(q.Month)})
	}
	if q.Own != nil {
		return []Filter{month, q.compareFilter()}
	}
	region := Filter{Name: "region", Label: q.Lang.T("filter.region"), Value: q.UnitName()}
	if q.Scope.IsAll() {
		region.Choices = append(region.Choices, Choice{q.Lang.T("filter.company"), q.Here("region", ""), q.Region == nil})
	}
	for _, r := range q.Regions {
		region.Choices = append(region.Choices, Choice{r.Name, q.Here("region", r.Name), q.Region != nil && q.Region.ID == r.ID})
	}
	return []Filter{month, region, q.compareFilter()}
}

func (q *Query) compareFilter() Filter {
	compare := Filter{Name: "compare", Label: q.Lang.T("filter.compare"), Value: q.Lang.T("filter." + string(q.Compare))}
	for _, c := range []Compare{ComparePrev, CompareYear} {
		compare.Choices = append(compare.Choices, Choice{q.Lang.T("filter." + string(c)), q.Here("compare", string(c)), c == q.Compare})
	}
	return compare
}
