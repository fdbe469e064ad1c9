package dashboard_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"levelfield/dashboard"
	"levelfield/dashboard/dashtest"
)

// token makes a token through the account page.
func token(t *testing.T, client http.Handler, scopes ...string) string {
	t.Helper()
	if w := dashtest.Post(client, "/account/tokens", url.Values{"title": {"test"}, "scope": scopes, "days": {"7"}}, "Accept-Language", "en"); w.Code != http.StatusSeeOther {
		t.Fatalf("make a token: %d: %s", w.Code, w.Body)
	}
	found := regexp.MustCompile(`lf_[A-Za-z0-9_-]{43}`).FindString(get(t, client, "/account").Body.String())
	if found == "" {
		t.Fatal("the token is not shown")
	}
	if strings.Contains(get(t, client, "/account").Body.String(), found) {
		t.Error("the token is shown twice")
	}
	return found
}

func TestTheAPIReadsWhatThePagesShow(t *testing.T) {
	h := newHouse(t)
	bearer := "Bearer " + token(t, h.as["executive"], "read")
	ask := func(target string, status int) map[string]any {
		t.Helper()
		w := get(t, h.server, target, "Authorization", bearer, "Accept-Language", "en")
		var v map[string]any
		if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil || w.Code != status {
			t.Fatalf("%s: status %d, %v: %.300s", target, w.Code, err, w.Body)
		}
		return v
	}
	values := ask("/api/v1/values?kind=company&indicator=sales_amount", 200)["data"].([]any)
	if len(values) != 13 {
		t.Errorf("%d months", len(values))
	}
	page := ask("/api/v1/pages/overview", 200)
	cards := page["cards"].([]any)
	if page["run"] != dashtest.RunID || page["month"] != "2026-10" || len(cards) != 8 {
		t.Errorf("run %v, month %v, %d cards", page["run"], page["month"], len(cards))
	}
	// the trend of the overview and the values of the API are the same numbers
	last := values[12].(map[string]any)["value"]
	rows := cards[slices.IndexFunc(cards, func(c any) bool { return c.(map[string]any)["id"] == "trend" })].(map[string]any)["rows"].([]any)
	if got := rows[len(rows)-1].([]any)[1]; got != last {
		t.Errorf("the page has %v, the API %v", got, last)
	}
	if me := ask("/api/v1/me", 200)["data"].(map[string]any); me["name"] != "executive" {
		t.Errorf("me is %v", me)
	}
	ask("/api/v1/explain?unit=company&indicator=sales_amount", 403)
	ask("/api/v1/units?kind=planet", 400)
	ask("/api/v1/pages/admin", 403)
	for _, page := range []string{"people", "person?id=" + dashtest.OwnRep, "teams", "close", "simulation"} { // pay is a scope of its own
		ask("/api/v1/pages/"+page, 403)
	}
	ask("/api/v1/nothing", 404)
	if w := get(t, h.server, "/api/v1/me", "Authorization", bearer+"x"); w.Code != http.StatusUnauthorized {
		t.Errorf("a wrong token: %d", w.Code)
	}
	if w := get(t, h.server, "/", "Authorization", bearer); w.Code != http.StatusSeeOther {
		t.Errorf("a token opens a page: %d", w.Code)
	}
	if w := dashtest.Post(h.as["manager"], "/account/tokens/1/revoke", nil); w.Code != http.StatusNotFound {
		t.Errorf("another person revokes it: %d", w.Code)
	}
	if w := dashtest.Post(h.as["executive"], "/account/tokens/1/revoke", nil); w.Code != http.StatusSeeOther {
		t.Errorf("revoke: %d", w.Code)
	}
	ask("/api/v1/me", 401)
}

func TestTheDescriptionIsThatOfTheRoutes(t *testing.T) {
	h := newHouse(t)
	var description struct {
		OpenAPI string                    `json:"openapi"`
		Paths   map[string]map[string]any `json:"paths"`
	}
	if err := json.Unmarshal(get(t, h.as["rep"], "/api/v1/openapi.json").Body.Bytes(), &description); err != nil || description.OpenAPI != "3.1.0" {
		t.Fatal(err)
	}
	served := map[string]bool{}
	for _, route := range dashboard.RoutesOf(h.server) {
		if !strings.HasPrefix(route.Path, "/api/") || route.Path == "/api/v1/openapi.json" {
			continue
		}
		method := strings.ToLower(route.Method)
		served[method+route.Path] = true
		if description.Paths[route.Path][method] == nil {
			t.Errorf("%s %s is not described", route.Method, route.Path)
		}
	}
	for path, methods := range description.Paths {
		for method := range methods {
			if !served[method+path] {
				t.Errorf("%s %s is described and not there", method, path)
			}
		}
	}
}

func TestAProgramThatAsksTooOftenIsSlowedDown(t *testing.T) {
	h := newHouse(t)
	bearer := "Bearer " + token(t, h.as["rep"], "read")
	last := 0
	for range 400 {
		last = get(t, h.server, "/api/v1/openapi.json", "Authorization", bearer).Code
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("status %d", last)
	}
}
