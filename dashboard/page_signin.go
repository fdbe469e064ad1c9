package dashboard

import (
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"levelfield/dashboard/auth"
	"levelfield/dashboard/store"
)

// signInPage asks for name and password, or on a new workspace for the first
// account.
type signInPage struct {
	View
	To     string // where to go afterwards
	Name   string // typed before
	Person string // typed before
	OIDC   string // name of the company's sign-in service; "" for none
}

func (s *Server) signInView(c *gin.Context, id string) (*Query, *signInPage) {
	q := s.bareQuery(c)
	c.Header("Cache-Control", "no-store")
	p := &signInPage{View: q.view(id), To: within(c.Query("to"))}
	p.Nav, p.Tabs = nil, nil
	if s.OIDC != nil {
		p.OIDC = s.OIDC.Name
	}
	return q, p
}

func (s *Server) signInPage(c *gin.Context) {
	if ready, err := s.isSetUp(c.Request.Context()); err != nil || !ready {
		s.turnAway(c)
		return
	}
	q, p := s.signInView(c, "sign-in")
	if !q.Reader.IsNobody() {
		c.Redirect(http.StatusSeeOther, p.To)
		return
	}
	p.Title = q.Lang.T("signin.title")
	s.render(c, http.StatusOK, p.ID, q.Lang, p)
}

// signIn checks name and password. It says the same for a wrong name as for a
// wrong password.
func (s *Server) signIn(c *gin.Context) {
	q, p := s.signInView(c, "sign-in")
	p.Title = q.Lang.T("signin.title")
	p.To, p.Name = within(c.PostForm("to")), c.PostForm("name")
	refuse := func(status int, key string, args ...any) {
		p.Fault = q.Lang.T(key, args...)
		s.render(c, status, p.ID, q.Lang, p)
	}
	if !s.tries.Allow(address(c), q.Now) {
		refuse(http.StatusTooManyRequests, "signin.too_many")
		return
	}
	ctx := c.Request.Context()
	account, err := s.accounts.SignIn(ctx, p.Name, c.PostForm("password"))
	var locked *auth.LockedError
	switch {
	case errors.As(err, &locked):
		refuse(http.StatusTooManyRequests, "signin.locked", "wait", q.Lang.Wait(locked.Until.Sub(q.Now)))
	case errors.Is(err, auth.ErrWrong):
		refuse(http.StatusUnprocessableEntity, "signin.wrong")
	case errors.Is(err, auth.ErrDisabled):
		refuse(http.StatusForbidden, "signin.disabled")
	case err != nil:
		s.fail(c, q, err)
	default:
		s.enter(c, q, account, p.To)
	}
}

// enter starts the session of a person who proved who he is.
func (s *Server) enter(c *gin.Context, q *Query, account *store.Account, to string) {
	if err := s.begin(c.Request.Context(), account); err != nil {
		s.fail(c, q, err)
		return
	}
	c.Redirect(http.StatusSeeOther, to)
}

func (s *Server) signOut(c *gin.Context) {
	q := s.bareQuery(c)
	err := s.Store.Log(c.Request.Context(), q.Reader.Who(), "sign_out", "user "+q.Reader.Who(), "")
	if err := errors.Join(err, s.sessions.Destroy(c.Request.Context())); err != nil {
		s.fail(c, q, err)
		return
	}
	c.Redirect(http.StatusSeeOther, "/sign-in")
}

func (s *Server) setUpPage(c *gin.Context) {
	q, p := s.signInView(c, "set-up")
	if ready, err := s.isSetUp(c.Request.Context()); err != nil {
		s.fail(c, q, err)
		return
	} else if ready {
		c.Redirect(http.StatusSeeOther, "/sign-in")
		return
	}
	p.Title = q.Lang.T("setup.title")
	s.render(c, http.StatusOK, p.ID, q.Lang, p)
}

// setUp makes the first account, an admin, and signs him in.
func (s *Server) setUp(c *gin.Context) {
	q, p := s.signInView(c, "set-up")
	p.Title = q.Lang.T("setup.title")
	p.Name, p.Person = c.PostForm("name"), c.PostForm("title")
	if !s.tries.Allow(address(c), q.Now) {
		s.fail(c, q, tooMany())
		return
	}
	ctx := c.Request.Context()
	if c.PostForm("password") != c.PostForm("again") {
		p.Fault = q.Lang.T("password.differ")
		s.render(c, http.StatusUnprocessableEntity, p.ID, q.Lang, p)
		return
	}
	err := s.accounts.SetUp(ctx, p.Name, p.Person, c.PostForm("password"))
	if errors.Is(err, store.ErrSetUp) {
		c.Redirect(http.StatusSeeOther, "/sign-in")
		return
	}
	if fault := q.faults(err); fault != nil {
		var wrong *problem
		if !errors.As(fault, &wrong) {
			s.fail(c, q, err)
			return
		}
		p.Fault = q.Lang.T(wrong.text, wrong.args...)
		s.render(c, http.StatusUnprocessableEntity, p.ID, q.Lang, p)
		return
	}
	account, err := s.Store.AccountNamed(ctx, p.Name)
	if err != nil {
		s.fail(c, q, err)
		return
	}
	s.enter(c, q, account, "/account")
}

// told gives the text of each fault of an account or a password, in the order
// they are said.
var told = []struct {
	fault error
	key   string
}{
	{auth.ErrNoName, "user.no_name"}, {auth.ErrNameLetters, "user.name_letters"}, {store.ErrExists, "user.exists"},
	{auth.ErrNoRole, "user.no_role"}, {auth.ErrNoUnits, "user.no_units"}, {auth.ErrNoRep, "user.no_rep"}, {auth.ErrLastAdmin, "user.last_admin"},
	{store.ErrNotFound, "user.unknown"}, {auth.ErrWrong, "signin.wrong"},
	{auth.ErrPasswordShort, "password.short"}, {auth.ErrPasswordLong, "password.long"}, {auth.ErrPasswordName, "password.name"},
	{auth.ErrPasswordCommon, "password.common"}, {auth.ErrPasswordSame, "password.same"},
}

// faults turns what was wrong with a form about an account into words, all at
// once; other errors come back as they are.
func (q *Query) faults(err error) error {
	var all string
	for _, t := range told {
		if errors.Is(err, t.fault) {
			all = q.Lang.Sentences(all, q.Lang.T(t.key))
		}
	}
	if all == "" {
		return err
	}
	return refused("error.several", "all", all)
}
