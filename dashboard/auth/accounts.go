package auth

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"levelfield/dashboard/store"
)

// Accounts lets people in. Zero fields take the stated default.
type Accounts struct {
	Store *store.Store // required
	Cost  Cost         // of a new password's hash; DefaultCost
}

// ErrWrong is the answer to a wrong name and to a wrong password alike.
var ErrWrong = errors.New("name or password is wrong")

// ErrDisabled is the answer to the right password of a disabled account.
var ErrDisabled = errors.New("this account is disabled; ask an administrator")

// LockedError is the answer to a try on a locked account.
type LockedError struct{ Until time.Time }

func (e *LockedError) Error() string {
	return "too many wrong passwords: locked until " + e.Until.Format("15:04:05")
}

const (
	freeTries = 5 // wrong passwords before the first lock
	firstLock = 30 * time.Second
	longest   = time.Hour
)

// LockAfter returns how long an account is locked after n wrong passwords in a
// row: not for the first four, then 30 seconds, doubled with each, at most an hour.
func LockAfter(n int) time.Duration {
	if n < freeTries {
		return 0
	}
	lock := firstLock
	for range n - freeTries {
		if lock *= 2; lock >= longest {
			return longest
		}
	}
	return lock
}

// SignIn returns the account whose name and password these are.
func (a Accounts) SignIn(ctx context.Context, name, password string) (*store.Account, error) {
	name = strings.TrimSpace(name)
	now := a.Store.Now()
	account, err := a.Store.CountTry(ctx, name, func(n int) time.Time {
		if lock := LockAfter(n); lock > 0 {
			return now.Add(lock)
		}
		return time.Time{}
	})
	if errors.Is(err, store.ErrNotFound) {
		Matches(ctx, nobody, password)
		return nil, ErrWrong
	}
	if err != nil {
		return nil, err
	}
	if now.Before(account.LockedUntil) {
		return nil, &LockedError{account.LockedUntil}
	}
	if account.Password == "" || !Matches(ctx, account.Password, password) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		return nil, a.refuse(ctx, account.Name, "wrong password", ErrWrong)
	}
	if account.IsDisabled {
		return nil, a.refuse(ctx, account.Name, "disabled", ErrDisabled)
	}
	return account, a.Store.SignedIn(ctx, account.Name, "password")
}

// The answers to a person whom the company's sign-in service let in.
var (
	ErrNoAccount = errors.New("there is no account of this name")
	ErrNoGroup   = errors.New("none of this person's groups is a role here")
)

// byService is the name under which the log holds what the sign-in service
// changed.
const byService = "sign-in service"

// Enter returns the account of a person whom the company's sign-in service let
// in. Where the service gives roles the account is made or changed to what it
// says.
func (a Accounts) Enter(ctx context.Context, p *Proof) (*store.Account, error) {
	if p.HasRole && p.Role == "" {
		return nil, a.refuse(ctx, p.Name, "no group is a role", ErrNoGroup)
	}
	account, err := a.Store.AccountNamed(ctx, p.Name)
	switch {
	case errors.Is(err, store.ErrNotFound) && !p.HasRole:
		return nil, a.refuse(ctx, p.Name, "no account", ErrNoAccount)
	case errors.Is(err, store.ErrNotFound):
		made := tidy(store.Account{Name: p.Name, Title: p.Title, Role: string(p.Role), RepID: p.RepID, Regions: p.Regions, Teams: p.Teams})
		if err := check(made); err != nil {
			return nil, a.refuse(ctx, p.Name, err.Error(), err)
		}
		if _, err := a.Store.AddAccount(ctx, byService, made); err != nil {
			return nil, err
		}
	case err != nil:
		return nil, err
	case account.IsDisabled:
		return nil, a.refuse(ctx, account.Name, "disabled", ErrDisabled)
	case p.HasRole && !isAs(*account, p):
		if err := a.SetRole(ctx, byService, account.Name, p.Role, p.RepID, p.Regions, p.Teams); err != nil {
			return nil, a.refuse(ctx, account.Name, err.Error(), err)
		}
	}
	if account, err = a.Store.AccountNamed(ctx, p.Name); err != nil {
		return nil, err
	}
	return account, a.Store.SignedIn(ctx, account.Name, byService)
}

// isAs reports whether an account has the role and units that the service says.
func isAs(a store.Account, p *Proof) bool {
	want := tidy(store.Account{Role: string(p.Role), RepID: p.RepID, Regions: p.Regions, Teams: p.Teams})
	return a.Role == want.Role && a.RepID == want.RepID && slices.Equal(a.Regions, want.Regions) && slices.Equal(a.Teams, want.Teams)
}

// refuse logs a refused sign-in and returns its answer.
func (a Accounts) refuse(ctx context.Context, name, why string, answer error) error {
	if err := a.Store.Log(ctx, name, "sign_in_refused", "user "+name, why); err != nil {
		return err
	}
	return answer
}

func (a Accounts) hash(password string) string {
	if a.Cost == (Cost{}) {
		return DefaultCost.Hash(password)
	}
	return a.Cost.Hash(password)
}

// The faults of an account somebody makes or changes.
var (
	ErrNoName      = errors.New("the name is missing")
	ErrNameLetters = errors.New("the name holds a space or a character that cannot be typed at sign-in")
	ErrNoRole      = errors.New("the role is unknown")
	ErrNoUnits     = errors.New("a manager needs at least one region or team")
	ErrNoRep       = errors.New("a rep needs the id of the person in the data")
	ErrLastAdmin   = errors.New("this is the last admin who can sign in")
)

// check returns all that is wrong with an account.
func check(a store.Account) error {
	var wrong []error
	if a.Name == "" {
		wrong = append(wrong, ErrNoName)
	} else if strings.ContainsFunc(a.Name, func(r rune) bool { return r <= ' ' || r == 0x7f }) || len(a.Name) > 100 {
		wrong = append(wrong, ErrNameLetters)
	}
	if !IsRole(a.Role) {
		wrong = append(wrong, ErrNoRole)
	}
	if Role(a.Role) == Manager && len(a.Regions) == 0 && len(a.Teams) == 0 {
		wrong = append(wrong, ErrNoUnits)
	}
	if Role(a.Role) == Rep && a.RepID == "" {
		wrong = append(wrong, ErrNoRep)
	}
	return errors.Join(wrong...)
}

// tidy trims what was typed and fills the title.
func tidy(a store.Account) store.Account {
	a.Name, a.Title, a.RepID = strings.TrimSpace(a.Name), strings.TrimSpace(a.Title), strings.TrimSpace(a.RepID)
	if a.Title == "" {
		a.Title = a.Name
	}
	if Role(a.Role) != Manager {
		a.Regions, a.Teams = nil, nil
	}
	return a
}

// Add makes an account; who is the name that the log holds. With an empty
// password one is made and returned, to be changed at the first sign-in.
func (a Accounts) Add(ctx context.Context, who string, account store.Account, password string) (given string, err error) {
	account = tidy(account)
	if password == "" {
		given = NewPassword()
		password, account.IsPasswordGiven = given, true
	}
	if err := errors.Join(check(account), CheckPassword(account.Name, password)); err != nil {
		return "", err
	}
	account.Password = a.hash(password)
	_, err = a.Store.AddAccount(ctx, who, account)
	return given, err
}

// SetUp makes the first account, an admin.
func (a Accounts) SetUp(ctx context.Context, name, title, password string) error {
	account := tidy(store.Account{Name: name, Title: title, Role: string(Admin)})
	if err := errors.Join(check(account), CheckPassword(account.Name, password)); err != nil {
		return err
	}
	account.Password = a.hash(password)
	_, err := a.Store.AddFirstAccount(ctx, account)
	return err
}

// ChangePassword changes the password of a person who knows the old one.
func (a Accounts) ChangePassword(ctx context.Context, name, old, password string) error {
	account, err := a.SignIn(ctx, name, old)
	if err != nil {
		return err
	}
	if err := CheckPassword(account.Name, password); err != nil {
		return err
	}
	return a.Store.ChangeAccount(ctx, account.Name, account.Name, "change_password", "", func(x *store.Account) error {
		x.Password, x.IsPasswordGiven = a.hash(password), false
		return nil
	})
}

// ResetPassword gives an account a new password, returned, to be changed at
// the next sign-in, and unlocks it.
func (a Accounts) ResetPassword(ctx context.Context, who, name string) (string, error) {
	given := NewPassword()
	return given, a.Store.ChangeAccount(ctx, who, name, "reset_password", "", func(x *store.Account) error {
		x.Password, x.IsPasswordGiven, x.Failures, x.LockedUntil = a.hash(given), true, 0, time.Time{}
		return nil
	})
}

// SetPassword gives an account a password that need not be changed, and
// unlocks it.
func (a Accounts) SetPassword(ctx context.Context, who, name, password string) error {
	if err := CheckPassword(name, password); err != nil {
		return err
	}
	return a.Store.ChangeAccount(ctx, who, name, "reset_password", "", func(x *store.Account) error {
		x.Password, x.IsPasswordGiven, x.Failures, x.LockedUntil = a.hash(password), false, 0, time.Time{}
		return nil
	})
}

// SetRole gives an account a role and its units.
func (a Accounts) SetRole(ctx context.Context, who, name string, role Role, rep string, regions, teams []string) error {
	if err := a.keepAnAdmin(ctx, name, role == Admin); err != nil {
		return err
	}
	detail := "role " + string(role)
	if rep != "" {
		detail += ", rep " + rep
	}
	if len(regions)+len(teams) > 0 {
		detail += fmt.Sprintf(", regions %v, teams %v", regions, teams)
	}
	return a.Store.ChangeAccount(ctx, who, name, "change_role", detail, func(x *store.Account) error {
		x.Role, x.RepID, x.Regions, x.Teams = string(role), rep, regions, teams
		*x = tidy(*x)
		return check(*x)
	})
}

// Disable keeps an account from signing in and ends its sessions; with
// disabled false it may again.
func (a Accounts) Disable(ctx context.Context, who, name string, disabled bool) error {
	if err := a.keepAnAdmin(ctx, name, !disabled); err != nil {
		return err
	}
	action := "enable_user"
	if disabled {
		action = "disable_user"
	}
	return a.Store.ChangeAccount(ctx, who, name, action, "", func(x *store.Account) error {
		x.IsDisabled = disabled
		return nil
	})
}

// keepAnAdmin refuses to take the last admin who can sign in.
func (a Accounts) keepAnAdmin(ctx context.Context, name string, stays bool) error {
	if stays {
		return nil
	}
	all, err := a.Store.Accounts(ctx)
	if err != nil {
		return err
	}
	others, is := 0, false
	for _, x := range all {
		switch {
		case Role(x.Role) != Admin || x.IsDisabled:
		case strings.EqualFold(x.Name, name):
			is = true
		default:
			others++
		}
	}
	if is && others == 0 {
		return ErrLastAdmin
	}
	return nil
}

// ReaderOf returns the reader that an account is.
func ReaderOf(a store.Account) Reader {
	return Reader{UserID: a.UserID, Name: a.Name, Title: a.Title, Role: Role(a.Role), RepID: a.RepID, Regions: a.Regions, Teams: a.Teams}
}
