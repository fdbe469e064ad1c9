package browser

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"levelfield/analytics"
	"levelfield/dashboard"
	"levelfield/dashboard/dashtest"
	"levelfield/dashboard/i18n"
	"levelfield/dashboard/store"
)

// door is a server that people come to without a session.
type door struct {
	*httptest.Server
	store *store.Store
	clock *atomic.Int64 // nanoseconds since it opened: its time stands still
}

// newDoor serves to whoever signs in; change alters what it is made of, which
// knows the address already.
func newDoor(t *testing.T, change func(cfg *dashboard.Config, at string)) *door {
	t.Helper()
	d := &door{Server: httptest.NewUnstartedServer(nil), clock: &atomic.Int64{}}
	opened := time.Now()
	now := func() time.Time { return opened.Add(time.Duration(d.clock.Load())) }
	cfg := dashboard.Config{Now: now, Log: slog.New(slog.DiscardHandler)}
	change(&cfg, "http://"+d.Listener.Addr().String())
	if cfg.Store == nil {
		cfg.Store = dashtest.Store(t)
	}
	if cfg.Runs == nil {
		cfg.Runs = dashtest.Runs(t)
	}
	cfg.Store.Now = now
	d.store = cfg.Store
	s, err := dashboard.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	d.Config.Handler = s
	d.Start()
	t.Cleanup(d.Close)
	return d
}

// logged fails unless the log holds exactly these actions of a person, the
// latest first.
func (d *door) logged(t *testing.T, who, action string, details ...string) {
	t.Helper()
	rows, err := d.store.AuditOf(t.Context(), who, action, time.Time{}, time.Time{}, 20)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range rows {
		got = append(got, r.Object+": "+r.Detail)
	}
	if strings.Join(got, "\n") != strings.Join(details, "\n") {
		t.Errorf("the log of %s by %s holds %q, want %q", action, who, got, details)
	}
}

// says fails unless the page shows a text of the catalogue.
func (w *walk) says(key string, args ...any) {
	w.t.Helper()
	w.reads(i18n.Lang(w.lang).T(key, args...))
}

// refused waits until the page says why its form was refused.
func (w *walk) refused(page, key string, args ...any) {
	w.t.Helper()
	w.do(chromedp.WaitReady(`body[data-page="` + page + `"]:not([data-left]) .notice[role="alert"]`))
	w.says(key, args...)
}

// is fails unless an expression has a value on the page.
func (w *walk) is(expression, want string) {
	w.t.Helper()
	got, err := chromedp.Run(w.ctx, chromedp.Evaluate[string]("String("+expression+")"))
	if err != nil || got != want {
		w.t.Errorf("%s is %q (%v), want %q", expression, got, err, want)
	}
}

// enter types a name and a password into the page of signing in.
func (w *walk) enter(name, password string) {
	w.t.Helper()
	w.do(chromedp.Evaluate[chromedp.Void](`document.querySelector("#name").value = ""`)) // the last one stands there
	w.fill("#name", name)
	w.fill("#password", password)
	w.click(".gate .btn.primary")
}

func TestAFreshHouseIsSetUp(t *testing.T) {
	browser := start(t)
	for _, lang := range langs {
		t.Run(lang, func(t *testing.T) {
			d := newDoor(t, func(cfg *dashboard.Config, _ string) {
				cfg.Runs = analytics.NewRuns(t.TempDir())
				t.Cleanup(cfg.Runs.Close)
				var err error
				if cfg.Store, err = store.Open(context.Background(), filepath.Join(t.TempDir(), store.File)); err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { cfg.Store.Close() })
			})
			follow(t, browser, d.URL, lang, &watch{statuses: []int{422}}, func(w *walk) {
				w.open("/regions?lang=" + lang) // whatever is asked for, nobody can sign in yet
				w.at("set-up")
				type person struct{ name, title, password, again string }
				form := func(p person) {
					w.do(chromedp.SetValue("#name", p.name), chromedp.SetValue("#title", p.title))
					w.fill("#new", p.password)
					w.fill("#again", p.again)
					w.click(".gate .btn.primary")
				}
				form(person{"li", "李 & Li", "a long sentence", "another sentence"})
				w.refused("set-up", "password.differ")
				w.is(`document.querySelector("#name").value + document.querySelector("#title").value`, "li李 & Li") // not asked again
				form(person{"li", "李 & Li", "password123", "password123"})
				w.refused("set-up", "password.common")
				accessible(t, w.ctx, "set-up refused")
				form(person{"li", "李 & Li", "a long sentence", "a long sentence"})
				w.reach("account")
				w.says("role.admin")
				w.open("/")
				w.at("error") // a state, not a fault: it says what to do
				w.says("state.no_run.text")
				w.open("/admin")
				w.reach("admin")
				w.open("/set-up") // for good: there is an account
				w.do(chromedp.WaitReady(`body[data-page="error"]`))
			})
			d.logged(t, "li", "sign_in_refused")
		})
	}
}

func TestWrongPasswordsLockAnAccountForAWhile(t *testing.T) {
	browser := start(t)
	for _, lang := range langs {
		t.Run(lang, func(t *testing.T) {
			d := newDoor(t, func(*dashboard.Config, string) {})
			follow(t, browser, d.URL, lang, &watch{statuses: []int{422, 429}}, func(w *walk) {
				w.open("/indicators/win_rate?lang=" + lang)
				w.reach("sign-in")
				for range 5 {
					w.enter("executive", "not my password")
					w.refused("sign-in", "signin.wrong")
				}
				w.enter("executive", dashtest.Password) // not even the right one, for now
				w.refused("sign-in", "signin.locked", "wait", i18n.Lang(lang).Wait(30*time.Second))
				accessible(t, w.ctx, "sign-in locked")
				d.clock.Add(int64(20 * time.Second))
				w.enter("executive", dashtest.Password)
				w.refused("sign-in", "signin.locked", "wait", i18n.Lang(lang).Wait(10*time.Second))
				d.clock.Add(int64(11 * time.Second))
				w.enter("executive", dashtest.Password)
				w.reach("indicator") // which was asked for
			})
		})
	}
}

func TestAPasswordIsChanged(t *testing.T) {
	browser := start(t)
	const fresh = "steps of the spring"
	for _, lang := range langs {
		t.Run(lang, func(t *testing.T) {
			d := newDoor(t, func(*dashboard.Config, string) {})
			follow(t, browser, d.URL, lang, &watch{statuses: []int{422}}, func(w *walk) {
				w.signIn("manager")
				w.reach("overview")
				w.click(`[data-go="account"]`)
				w.reach("account")
				change := func(old, password string) {
					w.fill("#old", old)
					w.fill("#new", password)
					w.fill("#again", password)
					w.click("#password .btn.primary")
				}
				change("not my password", fresh)
				w.refused("account", "signin.wrong")
				change(dashtest.Password, fresh)
				w.do(chromedp.WaitReady(`body[data-page="account"] .notice[role="status"]`))
				w.reach("account")
				w.says("password.changed")
				w.click("#who form .btn")
				w.reach("sign-in")
				w.enter("manager", dashtest.Password)
				w.refused("sign-in", "signin.wrong")
				w.enter("manager", fresh)
				w.reach("overview")
			})
			d.logged(t, "manager", "change_password", "user manager: ")
		})
	}
}

func TestAnAdminViewsAsAnother(t *testing.T) {
	browser := start(t)
	for _, lang := range langs {
		t.Run(lang, func(t *testing.T) {
			d := newDoor(t, func(*dashboard.Config, string) {})
			follow(t, browser, d.URL, lang, &watch{statuses: []int{403, 404}}, func(w *walk) {
				w.signIn("admin")
				w.reach("overview")
				w.open("/admin")
				w.reach("admin")
				w.do(chromedp.Evaluate[chromedp.Void](`document.querySelector('input[name="user"][value="rep"]').closest("details").open = true`))
				w.click(`form:has(input[name="user"][value="rep"]) .btn`)
				w.at("person")
				banner := func() {
					w.t.Helper()
					w.says("as.notice", "name", "The rep")
				}
				banner()
				for _, foreign := range []string{"/people/" + dashtest.ForeignRep, "/regions", "/admin"} {
					w.open(foreign)
					w.reach("error")
					banner()
				}
				w.open("/appeals/new?kind=indicator&item=sales_amount&month=2026-10&unit=" + dashtest.OwnRep)
				w.at("object")
				w.fill("#expected", "1")
				w.fill("#words", "Not mine to say.")
				w.click("#object .btn.primary")
				w.at("error")
				w.says("error.forbidden_as")
				w.open("/account") // his own: nothing of it can be changed
				w.reach("account")
				w.is(`document.querySelectorAll("main form").length`, "2") // the way back, the way out
				w.click(`form[action="/view-as/end"] .btn`)
				w.reach("admin")
				w.is(`document.querySelector('form[action="/view-as/end"]')`, "null")
			})
			d.logged(t, "admin", "view_as", "user rep: end", "user rep: begin")
		})
	}
}

func TestTheCompanysSignInServiceLetsAPersonIn(t *testing.T) {
	browser := start(t)
	for _, lang := range langs {
		t.Run(lang, func(t *testing.T) {
			p := dashtest.NewProvider(t)
			d := newDoor(t, func(cfg *dashboard.Config, at string) { cfg.OIDC = p.Service(at) })
			faults := &watch{statuses: []int{403}, others: []string{strings.TrimPrefix(p.URL, "http://")}}
			follow(t, browser, d.URL, lang, faults, func(w *walk) {
				w.open("/regions?lang=" + lang)
				w.reach("sign-in")
				p.Claims = map[string]any{"email": "stranger@example.com"}
				w.click(".or .btn")
				w.refused("sign-in", "signin.oidc_unknown", "who", "stranger@example.com")
				w.open("/regions")
				w.reach("sign-in")
				p.Claims = map[string]any{"email": "executive"}
				w.click(".or .btn")
				w.reach("regions") // which was asked for
				w.open("/account")
				w.reach("account")
				w.says("role.executive")
			})
			if !p.IsProven {
				t.Error("the code came without the verifier of its challenge")
			}
			d.logged(t, "executive", "sign_in", "user executive: sign-in service")
		})
	}
}
