// Package auth says who a reader is and what he may do: the table of roles and
// actions, passwords, lockout, and the reader that every page is made for.
package auth

import "slices"

// Role is what a person is to the product.
type Role string

// The roles.
const (
	Executive  Role = "executive"  // sees the whole company, decides where money goes
	Manager    Role = "manager"    // sees own regions and teams
	Rep        Role = "rep"        // sees own results and pay; others only as bands
	Operations Role = "operations" // loads, calculates, closes, sends
	Auditor    Role = "auditor"    // HR or audit: fairness, appeals, who changed what
	Admin      Role = "admin"      // accounts and roles
)

// Roles lists the roles in the order they are shown.
var Roles = []Role{Executive, Manager, Rep, Operations, Auditor, Admin}

// IsRole reports whether the text names a role.
func IsRole(text string) bool { return slices.Contains(Roles, Role(text)) }

// Action is something a role may do.
type Action string

// The actions. What a page shows of units is limited by the scope on top.
const (
	SeeOwn        Action = "see_own"        // own results, pay, indicators and the plan
	SeeResults    Action = "see_results"    // results of the units in scope
	SeeDifficulty Action = "see_difficulty" // how hard each market is, and why
	SeeFairness   Action = "see_fairness"   // groups of people and whether they are judged alike
	Decide        Action = "decide"         // targets, allocation, simulation
	Settle        Action = "settle"         // adopt targets, keep a split
	Coach         Action = "coach"          // diagnosis of people
	SeeData       Action = "see_data"       // loads, refused rows, checks
	SeeClose      Action = "see_close"      // the state of the months
	CloseMonth    Action = "close_month"    // close and reopen a month
	SignWaiver    Action = "sign_waiver"    // let a month close despite a difference
	ChangePlan    Action = "change_plan"    // coefficients, exceptions, overrides
	SeeAppeals    Action = "see_appeals"    // appeals sent or to be decided
	SendAppeal    Action = "send_appeal"    // object to a number
	DecideAppeal  Action = "decide_appeal"  // decide another person's appeal
	Rate          Action = "rate"           // enter ratings and propose innovations
	Adopt         Action = "adopt"          // adopt an innovation
	SeeReports    Action = "see_reports"    // the schedule and its reports
	SendReports   Action = "send_reports"   // change the schedule, send now
	ManageUsers   Action = "manage_users"   // accounts, roles, units of an account
	SeeAudit      Action = "see_audit"      // who did and read what
	ViewAs        Action = "view_as"        // see the product as another person does
)

// Rule is one line of the table: who may do an action.
type Rule struct {
	Action   Action
	Pages    []string // ids of the pages that need it
	IsChange bool     // changes something: never possible while viewing as another person
	Roles    []Role
}

var everyone = Roles

// Table is the one table of roles and actions; the admin page prints it. A page
// that no line names opens for nobody.
var Table = []Rule{
	{SeeOwn, []string{"person", "indicators", "indicator", "plan", "account", "find", "views", "about_api", "innovations"}, false, everyone},
	{SeeResults, []string{"overview", "regions", "people", "teams"}, false, []Role{Executive, Manager, Operations, Auditor, Admin}},
	{SeeDifficulty, []string{"difficulty"}, false, []Role{Executive, Manager, Operations, Auditor, Admin}},
	{SeeFairness, []string{"fairness"}, false, []Role{Executive, Auditor, Admin}},
	{Decide, []string{"targets", "allocation", "simulation"}, false, []Role{Executive, Operations, Admin}},
	{Settle, nil, true, []Role{Executive, Operations}},
	{Coach, []string{"diagnosis"}, false, []Role{Executive, Manager, Operations, Admin}},
	{SeeData, []string{"data"}, false, []Role{Executive, Operations, Auditor, Admin}},
	{SeeClose, []string{"close"}, false, []Role{Executive, Operations, Auditor, Admin}},
	{CloseMonth, nil, true, []Role{Operations}},
	{SignWaiver, nil, true, []Role{Executive}},
	{ChangePlan, nil, true, []Role{Operations}},
	{SeeAppeals, []string{"appeals", "appeal"}, false, everyone},
	{SendAppeal, []string{"object"}, true, []Role{Manager, Rep}},
	{DecideAppeal, nil, true, []Role{Executive, Auditor}},
	{Rate, []string{"ratings"}, true, []Role{Manager, Rep}},
	{Adopt, nil, true, []Role{Executive, Manager}},
	{SeeReports, []string{"schedule", "reports"}, false, []Role{Executive, Operations, Auditor, Admin}},
	{SendReports, nil, true, []Role{Operations, Admin}},
	{ManageUsers, []string{"admin"}, true, []Role{Admin}},
	{SeeAudit, []string{"audit"}, false, []Role{Auditor, Admin}},
	{ViewAs, nil, true, []Role{Admin}},
}

// May reports whether a role may do an action.
func (r Role) May(a Action) bool {
	for _, rule := range Table {
		if rule.Action == a {
			return slices.Contains(rule.Roles, r)
		}
	}
	return false
}

// Opens reports whether a role may open a page.
func (r Role) Opens(page string) bool {
	for _, rule := range Table {
		if slices.Contains(rule.Pages, page) {
			return slices.Contains(rule.Roles, r)
		}
	}
	return false
}

// isChange reports whether an action changes something.
func isChange(a Action) bool {
	return slices.ContainsFunc(Table, func(r Rule) bool { return r.Action == a && r.IsChange })
}
