package dashboard

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/gin-gonic/gin"

	"levelfield/dashboard/auth"
	"levelfield/dashboard/store"
)

// The gate: every request goes through admit, which puts the reader into the
// request or sends him to sign in. What is not listed as open is closed.

// openPaths are the routes that nobody needs to sign in for.
var openPaths = []string{"/sign-in", "/set-up", "/oidc/start", "/oidc/back", "/unsubscribe/:token", "/assets/*path", "/healthz"}

const (
	readerKey   = "reader" // of the gin context
	tokenKey    = "token"
	sessionLife = 12 * time.Hour
	readerLife  = 2 * time.Second // how long a change of an account may go unseen
	mostForm    = 1 << 20         // bytes of a form without a file
)

// Keys of a session.
const (
	sessionUser   = "user"
	sessionEpoch  = "epoch"
	sessionAs     = "as"     // user id an admin views as
	sessionDone   = "done"   // what the last form did, shown once
	sessionProven = "proven" // the company's sign-in service let him in: no password to change
)

// newSessions makes the session manager. Over https the cookie is sent over
// https only and bound to this host.
func newSessions(s *store.Store, isSecure bool) *scs.SessionManager {
	m := scs.New()
	m.Store = &openSessions{Sessions: store.Sessions{Store: s}}
	m.HashTokenInStore = true
	m.Lifetime = sessionLife
	m.Cookie.Name = "lf_session"
	m.Cookie.HttpOnly = true
	m.Cookie.SameSite = http.SameSiteLaxMode
	m.Cookie.Persist = false
	if isSecure {
		m.Cookie.Name, m.Cookie.Secure = "__Host-lf_session", true
	}
	return m
}

// front is what every request passes before the router: files and the health
// check need no session; forms from other sites are refused.
func (s *Server) front(router http.Handler) http.Handler {
	inside := http.NewCrossOriginProtection().Handler(s.sessions.LoadAndSave(router))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/assets/") || r.URL.Path == "/healthz" {
			router.ServeHTTP(w, r)
			return
		}
		inside.ServeHTTP(w, r)
	})
}

// admit finds out who asks. A request without a reader that needs one goes no
// further.
func (s *Server) admit(c *gin.Context) {
	if slices.Contains([]string{"/assets/*path", "/healthz"}, c.FullPath()) {
		return
	}
	if c.Request.Body != nil && c.Request.Method == http.MethodPost && !strings.HasPrefix(c.GetHeader("Content-Type"), "multipart/form-data") {
		c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, mostForm)
	}
	if isAPI(c) {
		reader, token, err := s.bearer(c)
		switch {
		case err != nil:
			s.fail(c, s.bareQuery(c), err)
			c.Abort()
			return
		case token != nil && !s.calls.Allow(fmt.Sprint(token.ID), s.Now()):
			s.fail(c, s.bareQuery(c), tooMany())
			c.Abort()
			return
		case token != nil:
			c.Set(readerKey, reader)
			c.Set(tokenKey, token)
			return
		}
	}
	reader, account, err := s.readerOf(c)
	switch {
	case err != nil:
		s.fail(c, s.bareQuery(c), err)
		c.Abort()
	case !reader.IsNobody():
		c.Set(readerKey, reader)
		if account != nil && account.IsPasswordGiven && !s.sessions.GetBool(c.Request.Context(), sessionProven) && !slices.Contains([]string{"/account", "/account/password", "/sign-out"}, c.FullPath()) {
			c.Redirect(http.StatusSeeOther, "/account#password")
			c.Abort()
		}
	case slices.Contains(openPaths, c.FullPath()):
	case isAPI(c):
		c.Header("WWW-Authenticate", "Bearer")
		s.fail(c, s.bareQuery(c), &problem{http.StatusUnauthorized, "api.who", "api.who_text", nil})
		c.Abort()
	default:
		s.turnAway(c)
		c.Abort()
	}
}

// turnAway sends a reader to sign in, or to set the workspace up where nobody
// can sign in yet.
func (s *Server) turnAway(c *gin.Context) {
	s.bareQuery(c) // the language that was asked for is that of signing in too
	ready, err := s.isSetUp(c.Request.Context())
	if err != nil {
		s.fail(c, s.bareQuery(c), err)
		return
	}
	to := "/set-up"
	if ready {
		to = "/sign-in"
		if wish := c.Request.URL.RequestURI(); c.Request.Method == http.MethodGet && wish != "/" {
			to += "?to=" + url.QueryEscape(wish)
		}
	}
	c.Header("Cache-Control", "no-store")
	c.Redirect(http.StatusSeeOther, to)
}

// isSetUp reports whether anybody can sign in; once true it stays true.
func (s *Server) isSetUp(ctx context.Context) (bool, error) {
	if s.ready.Load() {
		return true, nil
	}
	ready, err := s.Store.HasAccounts(ctx)
	if ready {
		s.ready.Store(true)
	}
	return ready, err
}

// readers remembers accounts for readerLife.
type readers struct {
	mu  sync.Mutex
	all map[int64]remembered
}

type remembered struct {
	account *store.Account
	at      time.Time
}

func (r *readers) of(ctx context.Context, s *store.Store, id int64) (*store.Account, error) {
	r.mu.Lock()
	known, ok := r.all[id]
	r.mu.Unlock()
	if ok && time.Since(known.at) < readerLife {
		return known.account, nil
	}
	account, err := s.AccountOf(ctx, id)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.all == nil || len(r.all) > 10_000 {
		r.all = map[int64]remembered{}
	}
	r.all[id] = remembered{account, time.Now()}
	return account, nil
}

func (r *readers) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	clear(r.all)
}

// readerOf returns the reader of a request: nobody where there is no session,
// or where it has ended.
func (s *Server) readerOf(c *gin.Context) (auth.Reader, *store.Account, error) {
	ctx := c.Request.Context()
	id := s.sessions.GetInt64(ctx, sessionUser)
	if id == 0 {
		return auth.Reader{}, nil, nil
	}
	account, err := s.readers.of(ctx, s.Store, id)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return auth.Reader{}, nil, s.sessions.Destroy(ctx)
	case err != nil:
		return auth.Reader{}, nil, err
	case account.IsDisabled || account.Epoch != s.sessions.GetInt64(ctx, sessionEpoch):
		return auth.Reader{}, nil, s.sessions.Destroy(ctx)
	}
	reader := auth.ReaderOf(*account)
	as := s.sessions.GetInt64(ctx, sessionAs)
	if as == 0 || !reader.May(auth.ViewAs) {
		return reader, account, nil
	}
	other, err := s.readers.of(ctx, s.Store, as)
	if err != nil {
		return auth.Reader{}, nil, err
	}
	shown := auth.ReaderOf(*other)
	shown.By = reader.Name
	return shown, nil, nil
}

// begin starts a session for an account under a new token, so that a token
// known from before is worth nothing.
func (s *Server) begin(ctx context.Context, account *store.Account) error {
	if err := s.sessions.RenewToken(ctx); err != nil {
		return err
	}
	s.sessions.Put(ctx, sessionUser, account.UserID)
	s.sessions.Put(ctx, sessionEpoch, account.Epoch)
	s.sessions.Remove(ctx, sessionAs)
	s.sessions.Remove(ctx, sessionProven)
	return nil
}

// address returns the reader's address without its port, for limits.
func address(c *gin.Context) string {
	ip := c.ClientIP()
	if addr := net.ParseIP(ip); addr != nil && addr.To4() == nil { // one household or office has a /64
		return addr.Mask(net.CIDRMask(64, 128)).String()
	}
	return ip
}

// within keeps a way back inside this site: a path, never another host.
func within(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n\t") {
		return "/"
	}
	return to
}

// home is the first page of a reader: the overview, or his own page.
func (q *Query) home() string {
	switch {
	case q.Reader.Opens("overview"):
		return "/"
	case q.Reader.RepID != "" && isPage("person"):
		return "/people/" + url.PathEscape(q.Reader.RepID)
	}
	return "/indicators"
}

// pagePaths holds the pattern of each page by its id; views ask for it, and
// pages refer to views.
var pagePaths = map[string]string{}

func init() {
	for _, p := range pages {
		pagePaths[p.id] = p.path
	}
}

func isPage(id string) bool { return pagePaths[id] != "" }

// payOf begins what an audit row of a look at pay was about.
const payOf = "pay of "

// logReads writes an audit row for the people whose pay an answer shows, and
// one for the protected groups that it compares; if that fails it is not shown.
func (s *Server) logReads(ctx context.Context, q *Query, a *answer) error {
	detail := q.URL.RequestURI()
	if q.Reader.By != "" {
		detail += ", as " + q.Reader.Name
	}
	for _, look := range []struct {
		action, of string
		what       []string
	}{{"read_pay", payOf, a.paid}, {"read_groups", "groups by ", a.groups}} {
		if len(look.what) == 0 {
			continue
		}
		if err := s.Store.LogRead(ctx, q.Reader.Who(), look.action, look.of+strings.Join(look.what, ", "), detail); err != nil {
			return err
		}
	}
	return nil
}
