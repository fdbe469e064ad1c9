package dashtest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"levelfield/dashboard/auth"
	"levelfield/dashboard/store"
)

// Password is the password of every account of Store.
const Password = "a level field for all"

// The units of the fixture that its manager and its rep are bound to.
const (
	OwnRegion    = "R1"     // of the account manager
	OwnRep       = "R1T1P1" // the person that the account rep is
	ForeignRep   = "R2T1P1" // nobody's own
	ForeignTeam  = "R2T1"
	OwnTeam      = "R1T1"
	ForeignScope = "R2"
)

// Store makes the store of a workspace with one account a role, named as the
// role: executive, manager (region R1), rep (R1T1P1), operations, auditor, admin.
// Another manager, lead, has team R2T1 only.
func Store(t testing.TB) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), filepath.Join(t.TempDir(), store.File))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	for _, a := range People() {
		if _, err := s.AddAccount(context.Background(), "test", a); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// cheap is a hash of Password that takes no time; how long a real one takes is
// tested in package auth.
var cheap = sync.OnceValue(func() string { return auth.Cost{Memory: 64, Passes: 1, Threads: 1}.Hash(Password) })

// People are the accounts of Store.
func People() []store.Account {
	var all []store.Account
	for _, role := range auth.Roles {
		a := store.Account{Name: string(role), Title: "The " + string(role), Role: string(role), Password: cheap()}
		switch role {
		case auth.Manager:
			a.Regions = []string{OwnRegion}
		case auth.Rep:
			a.RepID = OwnRep
		}
		all = append(all, a)
	}
	return append(all, store.Account{Name: "lead", Title: "The team lead", Role: string(auth.Manager), Teams: []string{ForeignTeam}, Password: cheap()})
}

// As returns the handler as the person of an account uses it: signed in through
// its sign-in page. A request that brings a session of its own keeps it.
func As(t testing.TB, h http.Handler, name string) http.Handler {
	t.Helper()
	cookie := SignIn(t, h, name, Password)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.Header.Get("Cookie"), cookie.Name+"=") {
			r.AddCookie(cookie)
		}
		h.ServeHTTP(w, r)
	})
}

// SignIn signs in through the sign-in page and returns the session's cookie.
func SignIn(t testing.TB, h http.Handler, name, password string) *http.Cookie {
	t.Helper()
	w := Post(h, "/sign-in", url.Values{"name": {name}, "password": {password}})
	if w.Code != http.StatusSeeOther {
		t.Fatalf("sign in as %s: status %d: %s", name, w.Code, w.Body)
	}
	for _, c := range w.Result().Cookies() {
		if strings.HasSuffix(c.Name, "lf_session") && c.Value != "" {
			return c
		}
	}
	t.Fatalf("sign in as %s: no session", name)
	return nil
}

// Post sends a form.
func Post(h http.Handler, target string, fields url.Values, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, target, strings.NewReader(fields.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}
