package dashboard_test

import (
	"crypto/rand"
	"crypto/rsa"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"levelfield/dashboard"
	"levelfield/dashboard/auth"
	"levelfield/dashboard/dashtest"
	"levelfield/dashboard/store"
)

// come signs in: to the service and back with a token of these claims and a
// state that change may forge.
func come(t *testing.T, p *dashtest.Provider, s http.Handler, claims map[string]any, change func(state string) string) *httptest.ResponseRecorder {
	t.Helper()
	w := get(t, s, "/oidc/start?to=%2Fregions")
	to, err := url.Parse(w.Header().Get("Location"))
	if err != nil || w.Code != http.StatusSeeOther || !strings.HasPrefix(to.String(), p.URL+"/authorize") {
		t.Fatalf("start: %d to %v", w.Code, to)
	}
	p.Trip, p.Claims = to.Query(), claims
	state := p.Trip.Get("state")
	if change != nil {
		state = change(state)
	}
	return get(t, s, "/oidc/back?code=c&state="+url.QueryEscape(state), "Cookie", w.Result().Cookies()[0].String(), "Accept-Language", "en")
}

func serviceOf(p *dashtest.Provider) *auth.OIDC { return p.Service("http://levelfield.test") }

func withService(t *testing.T, service *auth.OIDC) (*dashboard.Server, *store.Store) {
	t.Helper()
	kept := dashtest.Store(t)
	s, err := dashboard.New(dashboard.Config{Runs: dashtest.Runs(t), Store: kept, Log: slog.New(slog.DiscardHandler), OIDC: service})
	if err != nil {
		t.Fatal(err)
	}
	return s, kept
}

func TestTheCompanysSignInServiceLetsPeopleIn(t *testing.T) {
	p := dashtest.NewProvider(t)
	s, kept := withService(t, serviceOf(p))
	if !strings.Contains(get(t, s, "/sign-in", "Accept-Language", "en").Body.String(), "Sign in with Company") {
		t.Error("the sign-in page does not offer the service")
	}
	w := come(t, p, s, map[string]any{"email": "Executive"}, nil)
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/regions" || !p.IsProven {
		t.Fatalf("status %d to %q, proof of the code %t: %s", w.Code, w.Header().Get("Location"), p.IsProven, w.Body)
	}
	session := w.Result().Cookies()[0].String()
	if page := get(t, s, "/regions", "Cookie", session); page.Code != http.StatusOK {
		t.Errorf("after signing in: %d", page.Code)
	}
	if again := get(t, s, "/oidc/back?code=c&state="+p.Trip.Get("state"), "Cookie", session); again.Code != http.StatusForbidden {
		t.Errorf("the same answer a second time: %d", again.Code)
	}
	log, err := kept.AuditOf(t.Context(), "executive", "sign_in", zero, zero, 10)
	if err != nil || len(log) != 1 || log[0].Detail != "sign-in service" {
		t.Errorf("the log holds %v, %v", log, err)
	}

	forger, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	const refused = "Company did not let you in"
	for name, c := range map[string]struct {
		claims map[string]any
		state  func(string) string
		signer *rsa.PrivateKey
		want   string
	}{
		"an unknown person":     {claims: map[string]any{"email": "stranger"}, want: "stranger has no account here"},
		"an address unverified": {claims: map[string]any{"email": "executive", "email_verified": false}, want: refused},
		"no name":               {claims: map[string]any{"name": "Executive"}, want: refused},
		"another audience":      {claims: map[string]any{"email": "executive", "aud": "other"}, want: refused},
		"another service":       {claims: map[string]any{"email": "executive", "iss": "https://other.example"}, want: refused},
		"another nonce":         {claims: map[string]any{"email": "executive", "nonce": "old"}, want: refused},
		"no nonce":              {claims: map[string]any{"email": "executive", "nonce": ""}, want: refused},
		"an expired token":      {claims: map[string]any{"email": "executive", "exp": time.Now().Add(-time.Minute).Unix()}, want: refused},
		"a forged token":        {claims: map[string]any{"email": "executive"}, signer: forger, want: refused},
		"another state":         {claims: map[string]any{"email": "executive"}, state: func(string) string { return "guess" }, want: refused},
		"no state":              {claims: map[string]any{"email": "executive"}, state: func(string) string { return "" }, want: refused},
	} {
		p.Signer = c.signer
		w := come(t, p, s, c.claims, c.state)
		if w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), c.want) {
			t.Errorf("%s: status %d", name, w.Code)
		}
		for _, cookie := range w.Result().Cookies() {
			if in := get(t, s, "/account", "Cookie", cookie.String()); in.Code == http.StatusOK {
				t.Errorf("%s: let in", name)
			}
		}
	}
	p.Signer = nil

	accounts := auth.Accounts{Store: kept}
	if err := accounts.Disable(t.Context(), "test", "auditor", true); err != nil {
		t.Fatal(err)
	}
	if w := come(t, p, s, map[string]any{"email": "auditor"}, nil); w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "disabled") {
		t.Errorf("a disabled account: status %d", w.Code)
	}
	if _, err := accounts.ResetPassword(t.Context(), "test", "operations"); err != nil {
		t.Fatal(err)
	}
	w = come(t, p, s, map[string]any{"email": "operations"}, nil)
	if page := get(t, s, "/regions", "Cookie", w.Result().Cookies()[0].String()); page.Code != http.StatusOK {
		t.Errorf("who never uses his password is asked to change it: %d to %s", page.Code, page.Header().Get("Location"))
	}
}

func TestTheSignInServiceGivesRoles(t *testing.T) {
	p := dashtest.NewProvider(t)
	service := serviceOf(p)
	service.RoleClaim, service.RepClaim, service.RegionsClaim = "groups", "employee", "regions"
	service.Roles = []auth.GroupRole{{Group: "board", Role: auth.Executive}, {Group: "leads", Role: auth.Manager}, {Group: "sellers", Role: auth.Rep}}
	s, kept := withService(t, service)
	groups := func(all ...string) []string { return all }
	for _, c := range []struct {
		what   string
		claims map[string]any
		status int
		want   store.Account
	}{
		{"a new person", map[string]any{"email": "wang@example.com", "name": "王伟", "groups": groups("sellers", "all")}, http.StatusForbidden, store.Account{}}, // no id of a person
		{"a new person", map[string]any{"email": "wang@example.com", "name": "王伟", "groups": "sellers", "employee": dashtest.OwnRep}, http.StatusSeeOther, store.Account{Title: "王伟", Role: "rep", RepID: dashtest.OwnRep}},
		{"promoted", map[string]any{"email": "wang@example.com", "groups": groups("sellers", "leads"), "regions": groups("R1")}, http.StatusSeeOther, store.Account{Title: "王伟", Role: "manager", Regions: []string{"R1"}}},
		{"the same again", map[string]any{"email": "wang@example.com", "groups": groups("leads"), "regions": groups("R1")}, http.StatusSeeOther, store.Account{Title: "王伟", Role: "manager", Regions: []string{"R1"}}},
		{"in no group", map[string]any{"email": "wang@example.com", "groups": groups("all")}, http.StatusForbidden, store.Account{Title: "王伟", Role: "manager", Regions: []string{"R1"}}},
		{"the first line counts", map[string]any{"email": "wang@example.com", "groups": groups("leads", "board"), "regions": groups("R1")}, http.StatusSeeOther, store.Account{Title: "王伟", Role: "executive"}},
	} {
		w := come(t, p, s, c.claims, nil)
		if w.Code != c.status {
			t.Errorf("%s: status %d: %s", c.what, w.Code, w.Body)
		}
		a, err := kept.AccountNamed(t.Context(), "wang@example.com")
		if c.want.Role == "" {
			if err == nil {
				t.Errorf("%s: an account was made", c.what)
			}
			continue
		}
		if err != nil || a.Role != c.want.Role || a.Title != c.want.Title || a.RepID != c.want.RepID || !slices.Equal(a.Regions, c.want.Regions) {
			t.Errorf("%s: %+v, %v", c.what, a, err)
		}
	}
	if w := come(t, p, s, map[string]any{"email": "admin", "groups": groups("board")}, nil); w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "last administrator") {
		t.Errorf("the last admin becomes another: %d", w.Code)
	}
	log, err := kept.AuditOf(t.Context(), "sign-in service", "", zero, zero, 10)
	if err != nil || len(log) != 3 { // made, promoted, to the board
		t.Errorf("the log holds %v, %v", log, err)
	}
}

func TestASignInServiceThatIsDownKeepsNobodyOutForGood(t *testing.T) {
	p := dashtest.NewProvider(t)
	p.IsDown = true
	s, _ := withService(t, serviceOf(p))
	if w := get(t, s, "/oidc/start", "Accept-Language", "en"); w.Code != http.StatusBadGateway || !strings.Contains(w.Body.String(), "Company cannot be reached") {
		t.Errorf("while it is down: %d", w.Code)
	}
	p.IsDown = false
	if w := come(t, p, s, map[string]any{"email": "executive"}, nil); w.Code != http.StatusSeeOther {
		t.Errorf("when it is up again: %d", w.Code)
	}
}
