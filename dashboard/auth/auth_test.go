package auth_test

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"levelfield/analytics"
	"levelfield/dashboard/auth"
	"levelfield/dashboard/store"
)

var cheap = auth.Cost{Memory: 64, Passes: 1, Threads: 1}

func accounts(t *testing.T) (auth.Accounts, *time.Time) {
	t.Helper()
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), store.File))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	now := time.Date(2026, 11, 4, 9, 0, 0, 0, time.UTC)
	s.Now = func() time.Time { return now }
	return auth.Accounts{Store: s, Cost: cheap}, &now
}

func TestAPasswordMatchesItsHashOnly(t *testing.T) {
	hash := auth.DefaultCost.Hash("a level field for all")
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("hash %s", hash)
	}
	for password, want := range map[string]bool{"a level field for all": true, "a level field for al": false, "": false, "A level field for all": false} {
		if got := auth.Matches(t.Context(), hash, password); got != want {
			t.Errorf("%q matches: %t", password, got)
		}
	}
	if auth.DefaultCost.Hash("same") == auth.DefaultCost.Hash("same") {
		t.Error("two hashes of one password are equal: no salt")
	}
	for _, broken := range []string{"", "x", "$argon2id$v=19$m=1,t=0,p=1$AA$AA", "$argon2id$v=19$m=99999999,t=1,p=1$AAAA$AAAA", strings.Replace(hash, "argon2id", "argon2i", 1)} {
		if auth.Matches(t.Context(), broken, "") {
			t.Errorf("the broken hash %q matches", broken)
		}
	}
}

func TestAllThatIsWrongWithAPasswordIsSaid(t *testing.T) {
	for password, want := range map[string][]error{
		"three blue horses":        nil,
		"三匹蓝色的马跑过草原啊":              nil,
		"":                         {auth.ErrPasswordShort},
		"wang":                     {auth.ErrPasswordShort, auth.ErrPasswordName},
		"xPASSWORDx1":              {auth.ErrPasswordCommon},
		"aaaaaaaaaaaa":             {auth.ErrPasswordSame},
		strings.Repeat("a b ", 60): {auth.ErrPasswordLong},
	} {
		err := auth.CheckPassword("Wang", password)
		for _, fault := range []error{auth.ErrPasswordShort, auth.ErrPasswordName, auth.ErrPasswordCommon, auth.ErrPasswordSame, auth.ErrPasswordLong} {
			if errors.Is(err, fault) != slices.Contains(want, fault) {
				t.Errorf("%q: %v", password, err)
			}
		}
	}
	if err := auth.CheckPassword("wang", auth.NewPassword()); err != nil {
		t.Errorf("a made password: %v", err)
	}
}

func TestWrongPasswordsLockAnAccountLongerAndLonger(t *testing.T) {
	a, now := accounts(t)
	ctx := t.Context()
	if _, err := a.Add(ctx, "test", store.Account{Name: "wang", Role: "executive"}, "three blue horses"); err != nil {
		t.Fatal(err)
	}
	try := func(password string) error { _, err := a.SignIn(ctx, "Wang", password); return err }
	for range 5 {
		if err := try("wrong"); !errors.Is(err, auth.ErrWrong) {
			t.Fatalf("a wrong password: %v", err)
		}
	}
	var locked *auth.LockedError
	if err := try("three blue horses"); !errors.As(err, &locked) || locked.Until.Sub(*now) != 30*time.Second {
		t.Fatalf("after five: %v", err)
	}
	*now = now.Add(31 * time.Second)
	if err := try("wrong"); !errors.Is(err, auth.ErrWrong) {
		t.Fatal(err)
	}
	if err := try("three blue horses"); !errors.As(err, &locked) || locked.Until.Sub(*now) != time.Minute {
		t.Fatalf("after six: %v", err)
	}
	*now = now.Add(time.Minute)
	if err := try("three blue horses"); err != nil {
		t.Fatal(err)
	}
	if err := try("wrong"); !errors.Is(err, auth.ErrWrong) {
		t.Errorf("the count starts again after a right one: %v", err)
	}
	if _, err := a.SignIn(ctx, "nobody", "x"); !errors.Is(err, auth.ErrWrong) {
		t.Errorf("an unknown name: %v", err)
	}
	for n, want := range map[int]time.Duration{4: 0, 5: 30 * time.Second, 8: 4 * time.Minute, 12: time.Hour, 1000: time.Hour} {
		if got := auth.LockAfter(n); got != want {
			t.Errorf("%d wrong passwords lock for %s", n, got)
		}
	}
}

func TestGuessesAtOnceAreAllCounted(t *testing.T) {
	a, _ := accounts(t)
	if _, err := a.Add(t.Context(), "test", store.Account{Name: "wang", Role: "executive"}, "three blue horses"); err != nil {
		t.Fatal(err)
	}
	var looked int
	var mu sync.Mutex
	var wait sync.WaitGroup
	for range 40 {
		wait.Go(func() {
			_, err := a.SignIn(context.Background(), "wang", "guess")
			mu.Lock()
			defer mu.Unlock()
			if errors.Is(err, auth.ErrWrong) {
				looked++
			}
		})
	}
	wait.Wait()
	if looked > 5 {
		t.Errorf("%d guesses were looked at, want at most 5", looked)
	}
}

func TestTheFirstAccountIsMadeOnce(t *testing.T) {
	a, _ := accounts(t)
	if err := a.SetUp(t.Context(), "ann", "", "short"); !errors.Is(err, auth.ErrPasswordShort) {
		t.Fatal(err)
	}
	if err := a.SetUp(t.Context(), "ann", "", "three blue horses"); err != nil {
		t.Fatal(err)
	}
	if err := a.SetUp(t.Context(), "bob", "", "three blue horses"); !errors.Is(err, store.ErrSetUp) {
		t.Errorf("a second first account: %v", err)
	}
	if err := a.Disable(t.Context(), "ann", "ann", true); !errors.Is(err, auth.ErrLastAdmin) {
		t.Errorf("the last admin: %v", err)
	}
	if err := a.SetRole(t.Context(), "ann", "ann", auth.Executive, "", nil, nil); !errors.Is(err, auth.ErrLastAdmin) {
		t.Errorf("the last admin: %v", err)
	}
}

func TestEachChangeIsLoggedWithItsName(t *testing.T) {
	a, _ := accounts(t)
	ctx := t.Context()
	if _, err := a.Add(ctx, "", store.Account{Name: "wang", Role: "executive"}, "three blue horses"); err == nil {
		t.Error("a change by nobody was kept")
	}
	if all, err := a.Store.Accounts(ctx); err != nil || len(all) != 0 {
		t.Errorf("%d accounts are left of a change that could not be logged, %v", len(all), err)
	}
}

func TestEveryActionIsInTheTableOnce(t *testing.T) {
	seen, pages := map[auth.Action]bool{}, map[string]bool{}
	for _, rule := range auth.Table {
		if seen[rule.Action] {
			t.Errorf("%s is there twice", rule.Action)
		}
		seen[rule.Action] = true
		if len(rule.Roles) == 0 {
			t.Errorf("nobody may %s", rule.Action)
		}
		for _, p := range rule.Pages {
			if pages[p] {
				t.Errorf("page %s is there twice", p)
			}
			pages[p] = true
		}
	}
	if auth.Role("boss").May(auth.SeeOwn) || (auth.Reader{}).May(auth.SeeOwn) || auth.Admin.Opens("no such page") {
		t.Error("who or what is not in the table opens")
	}
}

func TestWhoViewsAsAnotherChangesNothing(t *testing.T) {
	r := auth.Reader{Role: auth.Rep, RepID: "S1", Name: "li", By: "ann"}
	if r.May(auth.SendAppeal) || !r.May(auth.SeeOwn) || r.Who() != "ann" {
		t.Errorf("%+v", r)
	}
}

func TestARoleWithoutUnitsSeesNothing(t *testing.T) {
	for _, r := range []auth.Reader{{}, {Role: auth.Manager}, {Role: auth.Rep}, {Role: "boss"}} {
		if !r.Scope().IsEmpty() {
			t.Errorf("%+v sees something", r)
		}
	}
	if (auth.Reader{Role: auth.Auditor}).Scope().IsAll() != analytics.All().IsAll() {
		t.Error("an auditor sees the company")
	}
}

func TestReadersWhoSeeDifferentThingsHaveDifferentKeys(t *testing.T) {
	readers := []auth.Reader{
		{Role: auth.Executive}, {Role: auth.Admin}, {Role: auth.Manager, Regions: []string{"R1"}}, {Role: auth.Manager, Teams: []string{"R1"}},
		{Role: auth.Manager, Regions: []string{"R1", "R2"}}, {Role: auth.Rep, RepID: "R1"}, {Role: auth.Rep, RepID: "R1", Name: "li", By: "ann"},
	}
	seen := map[string]bool{}
	for _, r := range readers {
		if seen[r.Key()] {
			t.Errorf("%+v shares its key", r)
		}
		seen[r.Key()] = true
	}
	if (auth.Reader{Role: auth.Manager, Regions: []string{"A", "B"}}).Key() != (auth.Reader{Role: auth.Manager, Regions: []string{"B", "A"}}).Key() {
		t.Error("the order of regions changes the key")
	}
}

func TestALimitLetsOneMoreEachInterval(t *testing.T) {
	l := auth.Limit{Burst: 2, Every: time.Second}
	now := time.Unix(0, 0)
	var got []bool
	for range 3 {
		got = append(got, l.Allow("a", now))
	}
	got = append(got, l.Allow("b", now), l.Allow("a", now.Add(time.Second)), l.Allow("a", now.Add(time.Second)))
	if !slices.Equal(got, []bool{true, true, false, true, true, false}) {
		t.Errorf("%v", got)
	}
}
