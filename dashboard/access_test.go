package dashboard_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"levelfield/analytics"
	"levelfield/dashboard"
	"levelfield/dashboard/auth"
	"levelfield/dashboard/dashtest"
	"levelfield/dashboard/store"
)

var (
	zero    time.Time // no bound of the log
	october = time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
)

// house is one server with its store and a signed-in client a account.
type house struct {
	server *dashboard.Server
	store  *store.Store
	runs   *analytics.Runs
	as     map[string]http.Handler
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{store: dashtest.Store(t), runs: dashtest.Runs(t), as: map[string]http.Handler{}}
	var err error
	if h.server, err = dashboard.New(dashboard.Config{Runs: h.runs, Store: h.store, Dir: t.TempDir()}); err != nil {
		t.Fatal(err)
	}
	// two open appeals: about the rep, and about a person he may not see
	for _, a := range []store.Appeal{{UnitID: dashtest.OwnRep, RegionID: "R1", Sender: "rep"}, {UnitID: dashtest.ForeignRep, RegionID: "R2", Sender: "lead"}} {
		a.RunID, a.Month, a.Kind, a.UnitKind, a.Item, a.Category, a.Words = dashtest.RunID, october, "indicator", "rep", "sales_amount", "data", "a return of "+a.UnitID+" is missing"
		id, err := h.store.DraftAppeal(t.Context(), a, []byte("%PDF-1.7"))
		if err == nil {
			err = h.store.SendAppeal(t.Context(), a.Sender, id, "auditor", october.AddDate(0, 1, 9))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, of := range [][2]string{{dashtest.OwnRep, "rep"}, {dashtest.ForeignRep, "lead"}} { // I-0001, I-0002
		rep, by := of[0], of[1]
		if err := h.store.Propose(t.Context(), store.Innovation{RepID: rep, Month: october, Title: "an idea of " + rep, ProposedBy: by}); err != nil {
			t.Fatal(err)
		}
	}
	for _, a := range dashtest.People() {
		h.as[a.Name] = dashtest.As(t, h.server, a.Name)
	}
	return h
}

// accountOf returns the account of a name.
func accountOf(name string) store.Account {
	all := dashtest.People()
	return all[slices.IndexFunc(all, func(a store.Account) bool { return a.Name == name })]
}

// examples fills the parameters of the routes: an own and a foreign value. A
// route with a parameter that is not here fails the matrix.
var examples = map[string][2]string{
	"/indicators/:id":             {"sales_amount", "sales_amount"},
	"/people/:id":                 {dashtest.OwnRep, dashtest.ForeignRep},
	"/data/refused/:name":         {"2-crm.csv", "2-crm.csv"},
	"/admin/users/:name/role":     {"rep", "rep"},
	"/admin/users/:name/password": {"rep", "rep"},
	"/admin/users/:name/disable":  {"rep", "rep"},
	"/appeals/:id":                {"A-0001", "A-0002"},
	"/targets/:id/withdraw":       {"1", "2"},
	"/account/tokens/:id/revoke":  {"1", "2"},
	"/appeals/:id/file":           {"A-0001", "A-0002"},
	"/appeals/:id/send":           {"A-0001", "A-0002"},
	"/appeals/:id/withdraw":       {"A-0001", "A-0002"},
	"/appeals/:id/decide":         {"A-0001", "A-0002"},
	"/innovations/:id/decide":     {"I-0001", "I-0002"},
}

// open are the routes that answer without a reader.
var open = []string{"/sign-in", "/set-up", "/assets/*path", "/healthz", "/oidc/start", "/oidc/back", "/unsubscribe/:token"}

func fill(t *testing.T, path string, foreign int) string {
	t.Helper()
	if !strings.Contains(path, ":") {
		return path
	}
	values, ok := examples[path]
	if !ok {
		t.Errorf("route %s has a parameter and no example: add an own and a foreign one", path)
		return path
	}
	return regexp.MustCompile(`:[a-z]+`).ReplaceAllString(path, values[foreign])
}

// TestEveryRouteForEveryRole holds the table: what it does not give is refused,
// for pages, their exports and their forms.
func TestEveryRouteForEveryRole(t *testing.T) {
	h := newHouse(t)
	exports := regexp.MustCompile(`href="([^"]*[?&]card=[^"]*as=(?:csv|xlsx)[^"]*|[^"]*[?&]as=(?:csv|xlsx)[^"]*)"`)
	for _, route := range dashboard.RoutesOf(h.server) {
		if slices.Contains(open, route.Path) || route.Method == http.MethodHead {
			continue
		}
		t.Run(route.Method+" "+route.Path, func(t *testing.T) {
			t.Parallel()
			own := fill(t, route.Path, 0)
			if route.Method == http.MethodPost {
				if w := dashtest.Post(h.server, own, url.Values{}); w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/sign-in") {
					t.Errorf("without a reader: %d to %q", w.Code, w.Header().Get("Location"))
				}
				return
			}
			if strings.HasPrefix(route.Path, "/api/") {
				if w := get(t, h.server, own); w.Code != http.StatusUnauthorized || !strings.Contains(w.Body.String(), `"status":401`) {
					t.Errorf("without a reader: %d: %s", w.Code, w.Body)
				}
				if page, ok := strings.CutPrefix(route.Path, "/api/v1/pages/"); ok {
					for name, client := range h.as {
						if opens := auth.Role(accountOf(name).Role).Opens(page); !opens && get(t, client, own).Code != http.StatusForbidden {
							t.Errorf("%s reads %s", name, route.Path)
						}
					}
				}
				return
			}
			if w := get(t, h.server, own); w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/sign-in") {
				t.Errorf("without a reader: %d to %q", w.Code, w.Header().Get("Location"))
			}
			if route.Page == "" {
				return
			}
			asked := map[string]bool{}
			for name, client := range h.as {
				role := auth.Role(accountOf(name).Role)
				w := get(t, client, own)
				var linked []string
				switch opens := role.Opens(route.Page); {
				case opens && (w.Code == http.StatusOK || w.Code == http.StatusNotFound && name == "lead"): // his units are others
					for _, m := range exports.FindAllStringSubmatch(w.Body.String(), -1) {
						linked = append(linked, strings.ReplaceAll(m[1], "&amp;", "&"))
					}
				case !opens && w.Code == http.StatusForbidden:
				case !opens && route.Path == "/" && w.Code == http.StatusSeeOther:
				default:
					t.Errorf("%s: status %d, the table says %t", name, w.Code, opens)
				}
				for _, link := range linked {
					if asked[link] {
						continue
					}
					asked[link] = true
					if strings.Contains(link, "as=xlsx") { // the same gate; one role is enough
						if e := get(t, client, link); e.Code != http.StatusOK {
							t.Errorf("%s asks for %s: status %d", name, link, e.Code)
						}
						continue
					}
					for other, client := range h.as {
						opens := auth.Role(accountOf(other).Role).Opens(route.Page)
						e := get(t, client, link)
						refused := e.Code == http.StatusForbidden || e.Code == http.StatusSeeOther || e.Code == http.StatusNotFound || e.Code == http.StatusBadRequest
						if opens && e.Code != http.StatusOK && !refused || !opens && !refused {
							t.Errorf("%s asks for %s: status %d", other, link, e.Code)
						}
					}
				}
			}
		})
	}
}

// TestEveryFormForEveryRole sends every form, empty, about an own and a foreign
// unit, as everybody who may not: nothing is done.
func TestEveryFormForEveryRole(t *testing.T) {
	h := newHouse(t)
	for _, form := range dashboard.FormsOf() {
		refused := 0
		for name, client := range h.as {
			if auth.Role(accountOf(name).Role).May(form.Action) {
				continue
			}
			for foreign := range 2 {
				if w := dashtest.Post(client, fill(t, form.Path, foreign), url.Values{}); w.Code != http.StatusForbidden {
					t.Errorf("%s sends %s: status %d", name, form.Path, w.Code)
				}
				refused++
			}
		}
		if refused == 0 && form.Action != auth.SeeOwn {
			t.Errorf("nobody is kept from %s", form.Path)
		}
	}
	for _, id := range []string{"A-0001", "A-0002"} {
		if a, err := h.store.AppealOf(t.Context(), id); err != nil || a.Status != "open" {
			t.Errorf("%s is not open any more after forms that were refused (%v)", id, err)
		}
	}
}

// TestNoPageTellsAForeignNameOrNumber renders everything as every account that
// does not see the whole company, with every filter that names a foreign unit,
// and looks for names, ids and values of units that it may not see.
func TestNoPageTellsAForeignNameOrNumber(t *testing.T) {
	h := newHouse(t)
	run, release, err := h.runs.Acquire()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(release) // after the parallel parts
	targets := everything(t, h.server)
	for _, name := range []string{"manager", "lead", "rep"} {
		account := accountOf(name)
		secrets := foreign(t, run, auth.ReaderOf(account).Scope())
		known := colleagues(t, run, account)
		for page, addresses := range targets {
			t.Run(name+" "+page, func(t *testing.T) {
				t.Parallel()
				if !auth.Role(account.Role).Opens(page) {
					addresses = addresses[:1]
				}
				for i, target := range addresses {
					lang := []string{"zh-CN", "en"}[i%2]
					body := get(t, h.as[name], target, "Accept-Language", lang).Body.String()
					for secret, what := range secrets {
						if page == "ratings" && known[secret] { // who rates his colleagues has to know their names
							continue
						}
						// what the reader typed himself comes back in an error
						if strings.Contains(body, secret) && !strings.Contains(target, url.QueryEscape(secret)) && !strings.Contains(target, secret) {
							t.Errorf("%s at %s reads %q, %s", name, target, secret, what)
						}
					}
				}
			})
		}
	}
}

// colleagues are the ids and names of a person's team.
func colleagues(t *testing.T, run *analytics.Run, a store.Account) map[string]bool {
	t.Helper()
	known := map[string]bool{}
	if a.RepID == "" {
		return known
	}
	all, err := run.Units(t.Context(), analytics.All(), "rep", "", run.Meta.LastMonth)
	if err != nil {
		t.Fatal(err)
	}
	own := slices.IndexFunc(all, func(u analytics.Unit) bool { return u.ID == a.RepID })
	for _, u := range all {
		if *u.TeamID == *all[own].TeamID {
			known[u.ID], known[u.Name] = true, true
		}
	}
	return known
}

// everything lists the addresses of each page, with filters that name foreign
// units, and of all its exports as an admin sees them.
func everything(t *testing.T, s *dashboard.Server) map[string][]string {
	t.Helper()
	admin := dashtest.As(t, s, "admin")
	card := regexp.MustCompile(`[?&;]card=([a-z_0-9.-]+)`)
	const filters = "level=rep&unit=rep:R2T1P1&from=R1&to=R2&team=R2T1&rep=R2T1P1"
	all := map[string][]string{}
	for _, route := range dashboard.RoutesOf(s) {
		if route.Page == "" || route.Method != http.MethodGet {
			continue
		}
		paths := []string{fill(t, route.Path, 0), fill(t, route.Path, 1)}
		for _, path := range slices.Compact(paths) {
			id := path[strings.LastIndex(path, "/")+1:]
			all[route.Page] = append(all[route.Page], path, path, "/api/v1/pages/"+route.Page+"?id="+id, "/api/v1/pages/"+route.Page+"?"+filters+"&id="+id, path+"?region=R2", path+"?"+filters, path+"?level=team&compare=year&month=2026-08")
			seen := map[string]bool{}
			for _, m := range card.FindAllStringSubmatch(get(t, admin, path).Body.String(), -1) {
				if !seen[m[1]] {
					seen[m[1]] = true
					all[route.Page] = append(all[route.Page], path+"?as=csv&card="+m[1], path+"?"+filters+"&as=csv&card="+m[1])
				}
			}
		}
	}
	for _, typed := range []string{"h", "hua", "R", "客户", "wang", "1"} { // what fits units of every region
		all["find"] = append(all["find"], "/find?q="+url.QueryEscape(typed), "/find?as=csv&card=found&q="+url.QueryEscape(typed), "/api/v1/pages/find?q="+url.QueryEscape(typed))
	}
	all["indicators"] = append(all["indicators"], "/api/v1/units?kind=rep", "/api/v1/units?kind=team", "/api/v1/values?kind=rep&indicator=sales_amount", "/api/v1/values?kind=region", "/api/v1/values?kind=company",
		"/api/v1/values?kind=rep&unit=R2T1P1", "/api/v1/explain?unit=rep:R2T1P1&indicator=sales_amount", "/api/v1/explain?unit=R2&indicator=sales_amount")
	return all
}

// foreign returns what the scope must not see: names and ids of units and
// customers, and the values of their sales.
func foreign(t *testing.T, run *analytics.Run, scope analytics.Scope) map[string]string {
	t.Helper()
	ctx := context.Background()
	month := run.Meta.LastMonth
	secrets := map[string]string{}
	own, ids := map[string]bool{}, ""
	units := map[string][]analytics.Unit{}
	for _, kind := range []string{"region", "team", "rep", "company"} {
		seen, err := run.Units(ctx, scope, kind, "", month)
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range seen {
			own[u.Kind+u.ID], own[u.Name] = true, true
			ids += u.ID + "\n"
		}
		all, err := run.Units(ctx, analytics.All(), kind, "", month)
		if err != nil {
			t.Fatal(err)
		}
		units[kind] = all
	}
	above := ownNames(t, run, scope)
	for kind, all := range units {
		set, err := run.UnitSeries(ctx, analytics.All(), kind, "", "", month, "sales_amount")
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range all {
			if own[kind+u.ID] {
				continue
			}
			if kind != "company" {
				if len(u.ID) > 3 && !strings.Contains(ids, u.ID) {
					secrets[u.ID] = "the id of " + kind + " " + u.ID
				}
				// the name of a reader's own region or team is no secret to him
				if !own[u.Name] && !strings.Contains(above, u.Name) {
					secrets[u.Name] = "the name of " + kind + " " + u.ID
				}
			}
			for _, p := range set.Of(u.ID, "sales_amount") {
				if p.Value != nil && *p.Value > 1000 {
					secrets[strconv.FormatFloat(*p.Value, 'f', -1, 64)] = fmt.Sprintf("sales of %s %s in %s", kind, u.ID, p.Month.Format("2006-01"))
				}
			}
		}
	}
	if len(secrets) < 100 {
		t.Fatalf("only %d foreign names and numbers: the test would prove little", len(secrets))
	}
	return secrets
}

// ownNames are the names of the units above those of the scope.
func ownNames(t *testing.T, run *analytics.Run, scope analytics.Scope) string {
	t.Helper()
	names := ""
	reps, err := run.Units(context.Background(), scope, "rep", "", run.Meta.LastMonth)
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{"region", "team"} {
		all, err := run.Units(context.Background(), analytics.All(), kind, "", run.Meta.LastMonth)
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range all {
			for _, r := range reps {
				if r.RegionID != nil && *r.RegionID == u.ID || r.TeamID != nil && *r.TeamID == u.ID {
					names += u.Name + "\n"
				}
			}
		}
	}
	return names
}

func TestAWorkspaceWithoutAccountsShowsNothingButItsSetUp(t *testing.T) {
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), store.File))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	server, err := dashboard.New(dashboard.Config{Runs: dashtest.Runs(t), Store: s})
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/", "/regions?card=table&as=csv", "/sign-in", "/no/such"} {
		if w := get(t, server, path); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/set-up" {
			t.Errorf("%s: status %d to %q", path, w.Code, w.Header().Get("Location"))
		}
	}
	first := url.Values{"name": {"ann"}, "password": {"short"}, "again": {"short"}}
	if w := dashtest.Post(server, "/set-up", first, "Accept-Language", "en"); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "shorter than 10") || !strings.Contains(w.Body.String(), `value="ann"`) {
		t.Errorf("a short password: %d", w.Code)
	}
	first.Set("password", "three blue horses")
	first.Set("again", "three blue horses")
	w := dashtest.Post(server, "/set-up", first)
	if w.Code != http.StatusSeeOther || len(w.Result().Cookies()) == 0 {
		t.Fatalf("set up: %d", w.Code)
	}
	if w := get(t, server, "/set-up"); w.Header().Get("Location") != "/sign-in" {
		t.Errorf("the set-up page stays: %d", w.Code)
	}
	if w := dashtest.Post(server, "/set-up", url.Values{"name": {"eve"}, "password": {"three blue horses"}, "again": {"three blue horses"}}); w.Header().Get("Location") != "/sign-in" {
		t.Errorf("a second first account: %d to %q", w.Code, w.Header().Get("Location"))
	}
	if all, err := s.Accounts(t.Context()); err != nil || len(all) != 1 || all[0].Role != "admin" {
		t.Errorf("%d accounts, %v", len(all), err)
	}
}

func TestSignInLeadsBackAndNowhereElse(t *testing.T) {
	h := newHouse(t)
	w := get(t, h.server, "/regions?month=2026-08")
	if got := w.Header().Get("Location"); got != "/sign-in?to=%2Fregions%3Fmonth%3D2026-08" {
		t.Errorf("asked to sign in at %s", got)
	}
	for to, want := range map[string]string{"/regions?month=2026-08": "/regions?month=2026-08", "//evil.example/": "/", "https://evil.example/": "/", `/\evil.example`: "/", "": "/", "javascript:x": "/"} {
		w := dashtest.Post(h.server, "/sign-in", url.Values{"name": {"admin"}, "password": {dashtest.Password}, "to": {to}})
		if got := w.Header().Get("Location"); got != want {
			t.Errorf("back to %q leads to %q", to, got)
		}
	}
	w = dashtest.Post(h.server, "/sign-in", url.Values{"name": {"admin"}, "password": {"wrong"}}, "Accept-Language", "en")
	other := dashtest.Post(h.server, "/sign-in", url.Values{"name": {"nobody"}, "password": {"wrong"}}, "Accept-Language", "en")
	if w.Code != http.StatusUnprocessableEntity || strings.ReplaceAll(w.Body.String(), `"admin"`, `"nobody"`) != other.Body.String() {
		t.Error("a wrong name and a wrong password are answered differently")
	}
}

func TestTheCookieIsOutOfReachOfScripts(t *testing.T) {
	for address, want := range map[string]string{"": "lf_session", "https://sales.example.com": "__Host-lf_session"} {
		s, err := dashboard.New(dashboard.Config{Runs: dashtest.Runs(t), Store: dashtest.Store(t), PublicURL: address})
		if err != nil {
			t.Fatal(err)
		}
		c := dashtest.SignIn(t, s, "admin", dashtest.Password)
		if c.Name != want || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Secure != (address != "") || c.Path != "/" {
			t.Errorf("%q: %+v", address, c)
		}
	}
}

func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	h := newHouse(t)
	fields := url.Values{"name": {"eve"}, "role": {"admin"}}
	for _, headers := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://evil.example"}} {
		if w := dashtest.Post(h.as["admin"], "/admin/users", fields, headers...); w.Code != http.StatusForbidden {
			t.Errorf("%v: status %d", headers, w.Code)
		}
	}
	if w := dashtest.Post(h.as["admin"], "/admin/users", fields, "Sec-Fetch-Site", "same-origin"); w.Code != http.StatusSeeOther {
		t.Errorf("from this site: status %d", w.Code)
	}
	w := get(t, h.as["admin"], "/admin", "Accept-Language", "en")
	if !regexp.MustCompile(`Password of eve, shown only now: <b class="mono given">[a-z2-9-]{19}</b>`).MatchString(w.Body.String()) {
		t.Error("the made password is not shown")
	}
	if w := get(t, h.as["admin"], "/admin", "Accept-Language", "en"); strings.Contains(w.Body.String(), "shown only now") {
		t.Error("the made password is shown twice")
	}
}

func TestAnAccountThatChangesLosesItsSessions(t *testing.T) {
	h := newHouse(t)
	if w := get(t, h.as["executive"], "/"); w.Code != http.StatusOK {
		t.Fatal(w.Code)
	}
	if w := dashtest.Post(h.as["admin"], "/admin/users/executive/disable", url.Values{"disabled": {"yes"}}); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code)
	}
	if w := get(t, h.as["executive"], "/"); w.Code != http.StatusSeeOther {
		t.Errorf("a disabled account still reads: %d", w.Code)
	}
	if w := dashtest.Post(h.as["manager"], "/account/password", url.Values{"old": {dashtest.Password}, "password": {"three blue horses"}, "again": {"three blue horses"}}); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code)
	}
	dashtest.SignIn(t, h.server, "manager", "three blue horses")
	if w := dashtest.Post(h.as["rep"], "/sign-out", url.Values{}); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code)
	}
	if w := get(t, h.as["rep"], "/indicators"); w.Code != http.StatusSeeOther {
		t.Errorf("after signing out: %d", w.Code)
	}
}

func TestAnAdminViewsAsAnotherAndTheLogSaysSo(t *testing.T) {
	h := newHouse(t)
	admin := h.as["admin"]
	if w := dashtest.Post(admin, "/view-as", url.Values{"user": {"manager"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	body := get(t, admin, "/", "Accept-Language", "en").Body.String()
	if !strings.Contains(body, "You see what The manager sees") || strings.Contains(body, "华北") {
		t.Error("the admin does not see what the manager sees")
	}
	if w := get(t, admin, "/data"); w.Code != http.StatusForbidden {
		t.Errorf("a page the manager may not open: %d", w.Code)
	}
	if w := dashtest.Post(admin, "/account/password", url.Values{"old": {dashtest.Password}}); w.Code != http.StatusForbidden {
		t.Errorf("a change while viewing as another: %d", w.Code)
	}
	if w := dashtest.Post(admin, "/view-as/end", url.Values{}); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code)
	}
	if w := get(t, admin, "/data"); w.Code != http.StatusOK {
		t.Errorf("back again: %d", w.Code)
	}
	log, err := h.store.AuditOf(t.Context(), "admin", "view_as", zero, zero, 10)
	if err != nil || len(log) != 2 || log[0].Object != "user manager" || log[0].Detail != "end" {
		t.Errorf("the log holds %v, %v", log, err)
	}
	if w := dashtest.Post(h.as["operations"], "/view-as", url.Values{"user": {"manager"}}); w.Code != http.StatusForbidden {
		t.Errorf("another role: %d", w.Code)
	}
}

func TestALargeFormIsRefused(t *testing.T) {
	h := newHouse(t)
	if w := dashtest.Post(h.as["admin"], "/admin/users", url.Values{"name": {strings.Repeat("x", 2<<20)}}); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("status %d", w.Code)
	}
}

func TestManyTriesFromOneAddressAreSlowedDown(t *testing.T) {
	h := newHouse(t)
	last := 0
	for i := range 40 {
		last = dashtest.Post(h.server, "/sign-in", url.Values{"name": {"n" + strconv.Itoa(i)}, "password": {"x"}}).Code
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("the fortieth try: status %d", last)
	}
}

func TestTheNavigationShowsWhatTheRoleMayOpen(t *testing.T) {
	h := newHouse(t)
	link := regexp.MustCompile(`<li><a href="([^"]+)" data-go="([a-z]+)"`)
	for name, client := range h.as {
		for _, m := range link.FindAllStringSubmatch(get(t, client, "/indicators").Body.String(), -1) {
			if w := get(t, client, strings.ReplaceAll(m[1], "&amp;", "&")); w.Code != http.StatusOK {
				t.Errorf("%s: the navigation leads to %s, which answers %d", name, m[1], w.Code)
			}
		}
	}
}
