package dashboard

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"levelfield/dashboard/auth"
	"levelfield/dashboard/store"
)

// accountPage is the reader himself: who he is here, his password, the way out.
type accountPage struct {
	View
	Who       []fact
	About     string
	MustSet   bool // the password was given by somebody else
	HasOwn    bool // he has a password here
	IsWatched bool // an admin views as this person
	Tokens    []tokenRow
	Scopes    []Choice
	Given     string // a token just made
	Typed     map[string]string
}

// Cards lists the cards whose tables can be exported; there are none.
func (p *accountPage) Cards() []*Card { return nil }

func account(ctx context.Context, q *Query) (Page, error) {
	p := &accountPage{View: q.view("account"), IsWatched: q.Reader.By != ""}
	p.Title, p.Filters = q.Lang.T("nav.account"), nil
	a, err := q.Store().AccountOf(ctx, q.Reader.UserID)
	if err != nil {
		return nil, err
	}
	p.MustSet, p.HasOwn = a.IsPasswordGiven, a.Password != ""
	p.Who = []fact{{Label: q.Lang.T("user.name"), Text: a.Name}, {Label: q.Lang.T("user.role"), Text: q.Lang.T("role." + a.Role)}}
	p.About = q.Lang.T("role." + a.Role + ".about")
	if units := unitsOf(a); units != "" {
		p.Who = append(p.Who, fact{Label: q.Lang.T("user.units"), Text: units})
	}
	if q.Reader.By == "" {
		if p.Given = q.server.sessions.PopString(ctx, sessionToken); p.Given != "" {
			q.isOnce = true
		}
	}
	tokens, err := q.store.Tokens(ctx, q.Reader.UserID)
	for _, t := range tokens {
		p.Tokens = append(p.Tokens, tokenRow{t.ID, t.Title, t.Scopes, q.Lang.Day(t.ExpiresAt)})
	}
	for _, s := range apiScopes {
		p.Scopes = append(p.Scopes, Choice{q.Lang.T("scope." + s), s, s == "read"})
	}
	p.Typed = map[string]string{"title": q.Typed("title", ""), "days": q.Typed("days", "90")}
	return p, err
}

// tokenRow is one token of the API.
type tokenRow struct {
	ID                   int64
	Title, Scopes, Until string
}

// unitsOf names the units of an account by their ids.
func unitsOf(a *store.Account) string {
	all := append(append([]string{}, a.Regions...), a.Teams...)
	if a.RepID != "" {
		all = append(all, a.RepID)
	}
	return strings.Join(all, ", ")
}

// changePassword changes the reader's own password; all his sessions but this
// one end.
func changePassword(ctx context.Context, q *Query) (to, done string, err error) {
	if q.Reader.By != "" {
		return "", "", forbidden(q.Reader)
	}
	if q.Form.Get("password") != q.Form.Get("again") {
		return "", "", refused("password.differ")
	}
	err = q.server.accounts.ChangePassword(ctx, q.Reader.Name, q.Form.Get("old"), q.Form.Get("password"))
	var locked *auth.LockedError
	if errors.As(err, &locked) {
		return "", "", refused("signin.locked", "wait", q.Lang.Wait(locked.Until.Sub(q.Now)))
	}
	if err != nil {
		return "", "", q.faults(err)
	}
	a, err := q.store.AccountOf(ctx, q.Reader.UserID)
	if err != nil {
		return "", "", err
	}
	return "/account", "password.changed", q.server.begin(ctx, a)
}

// viewAs lets an admin see what another person sees; nothing can be changed
// meanwhile.
func viewAs(ctx context.Context, q *Query) (to, done string, err error) {
	other, err := q.store.AccountNamed(ctx, q.Form.Get("user"))
	if err != nil {
		return "", "", q.faults(err)
	}
	if err := q.store.Log(ctx, q.Reader.Name, "view_as", "user "+other.Name, "begin"); err != nil {
		return "", "", err
	}
	q.server.sessions.Put(ctx, sessionAs, other.UserID)
	return "/", "", nil
}

// endViewAs gives the admin his own view back.
func (s *Server) endViewAs(c *gin.Context) {
	q := s.bareQuery(c)
	if q.Reader.By != "" {
		if err := s.Store.Log(c.Request.Context(), q.Reader.By, "view_as", "user "+q.Reader.Name, "end"); err != nil {
			s.fail(c, q, err)
			return
		}
		s.sessions.Remove(c.Request.Context(), sessionAs)
	}
	c.Redirect(http.StatusSeeOther, "/admin")
}
