package dashboard

import (
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"levelfield/dashboard/auth"
)

// Keys of a session on its way to the company's sign-in service and back.
const (
	sessionState    = "oidc_state"
	sessionNonce    = "oidc_nonce"
	sessionVerifier = "oidc_verifier"
	sessionTo       = "oidc_to" // where to go afterwards
)

// oidcStart sends a person to the company's sign-in service.
func (s *Server) oidcStart(c *gin.Context) {
	q := s.bareQuery(c)
	if s.OIDC == nil {
		s.fail(c, q, notFound(c.Request.URL.Path))
		return
	}
	if !s.tries.Allow(address(c), q.Now) {
		s.fail(c, q, tooMany())
		return
	}
	ctx := c.Request.Context()
	to, trip, err := s.OIDC.Start(ctx)
	if err != nil {
		s.log.Error("sign-in service", "error", err)
		s.refuseSignIn(c, http.StatusBadGateway, "signin.oidc_down", "name", s.OIDC.Name)
		return
	}
	for key, value := range map[string]string{sessionState: trip.State, sessionNonce: trip.Nonce, sessionVerifier: trip.Verifier, sessionTo: within(c.Query("to"))} {
		s.sessions.Put(ctx, key, value)
	}
	c.Header("Cache-Control", "no-store")
	c.Redirect(http.StatusSeeOther, to)
}

// oidcBack lets in who comes back with proof.
func (s *Server) oidcBack(c *gin.Context) {
	q := s.bareQuery(c)
	if s.OIDC == nil {
		s.fail(c, q, notFound(c.Request.URL.Path))
		return
	}
	ctx := c.Request.Context()
	taken := func(key string) string { return s.sessions.PopString(ctx, key) }
	trip, to := auth.Trip{State: taken(sessionState), Nonce: taken(sessionNonce), Verifier: taken(sessionVerifier)}, within(taken(sessionTo))
	proof, err := s.OIDC.Finish(ctx, trip, c.Query("state"), c.Query("code"))
	if err != nil {
		s.log.Warn("sign-in service", "error", err, "answer", c.Query("error"))
		s.refuseSignIn(c, http.StatusForbidden, "signin.oidc_failed", "name", s.OIDC.Name)
		return
	}
	account, err := s.accounts.Enter(ctx, proof)
	var wrong *problem
	switch {
	case err == nil:
		s.readers.forget()
		if err := s.begin(ctx, account); err != nil {
			s.fail(c, q, err)
			return
		}
		s.sessions.Put(ctx, sessionProven, true)
		c.Redirect(http.StatusSeeOther, to)
	case errors.Is(err, auth.ErrNoAccount):
		s.refuseSignIn(c, http.StatusForbidden, "signin.oidc_unknown", "who", proof.Name)
	case errors.Is(err, auth.ErrNoGroup):
		s.refuseSignIn(c, http.StatusForbidden, "signin.oidc_group", "who", proof.Name, "name", s.OIDC.Name)
	case errors.Is(err, auth.ErrDisabled):
		s.refuseSignIn(c, http.StatusForbidden, "signin.disabled")
	case errors.As(q.faults(err), &wrong):
		s.refuseSignIn(c, http.StatusForbidden, "signin.oidc_wrong", "who", proof.Name, "name", s.OIDC.Name, "why", q.Lang.T(wrong.text, wrong.args...))
	default:
		s.fail(c, q, err)
	}
}

// refuseSignIn shows the sign-in page with the reason.
func (s *Server) refuseSignIn(c *gin.Context, status int, key string, args ...any) {
	q, p := s.signInView(c, "sign-in")
	p.Title, p.Fault = q.Lang.T("signin.title"), q.Lang.T(key, args...)
	s.render(c, status, p.ID, q.Lang, p)
}
