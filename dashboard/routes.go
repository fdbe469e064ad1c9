package dashboard

import (
	"context"
	"fmt"
	"net/http"
	"runtime/debug"
	"strings"

	"github.com/gin-gonic/gin"

	"levelfield/dashboard/auth"
)

// route is one page: its template folder, its address and what builds it.
type route struct {
	id    string // folder under web/pages and the item marked in the navigation
	path  string // gin pattern
	build func(context.Context, *Query) (Page, error)
}

// pages lists every page. ?card=<id>&as=csv|xlsx on any of them answers with
// the table behind that card instead.
var pages = []route{
	{"overview", "/", overview},
	{"regions", "/regions", regions},
	{"people", "/people", people},
	{"person", "/people/:id", person},
	{"teams", "/teams", teams},
	{"plan", "/plan", planPageOf},
	{"indicators", "/indicators", indicators},
	{"indicator", "/indicators/:id", indicator},
	{"fairness", "/fairness", fairness},
	{"data", "/data", data},
	{"allocation", "/allocation", allocation},
	{"targets", "/targets", targets},
	{"simulation", "/simulation", simulation},
	{"diagnosis", "/diagnosis", diagnosis},
	{"close", "/close", closeMonthPage},
	{"schedule", "/schedule", schedulePageOf},
	{"difficulty", "/difficulty", difficulty},
	{"find", "/find", find},
	{"views", "/views", views},
	{"account", "/account", account},
	{"admin", "/admin", admin},
	{"audit", "/audit", audit},
	{"ratings", "/ratings", ratings},
	{"innovations", "/innovations", innovations},
	{"appeals", "/appeals", appeals},
	{"object", "/appeals/new", object},
	{"appeal", "/appeals/:id", appeal},
}

// withoutRun are the pages that can be shown before the first calculation.
var withoutRun = []string{"account", "admin", "audit"}

// forms lists what readers can do.
var forms = []form{
	{"/account/password", auth.SeeOwn, "account", changePassword},
	{"/account/tokens", auth.SeeOwn, "account", addToken},
	{"/account/tokens/:id/revoke", auth.SeeOwn, "account", revokeToken},
	{"/views", auth.SeeOwn, "views", saveView},
	{"/views/delete", auth.SeeOwn, "views", deleteView},
	{"/view-as", auth.ViewAs, "admin", viewAs},
	{"/admin/users", auth.ManageUsers, "admin", addUser},
	{"/admin/users/:name/role", auth.ManageUsers, "admin", changeRole},
	{"/admin/users/:name/password", auth.ManageUsers, "admin", resetPassword},
	{"/admin/users/:name/disable", auth.ManageUsers, "admin", disableUser},
	{"/appeals", auth.SendAppeal, "object", draftAppeal},
	{"/appeals/:id/send", auth.SendAppeal, "appeal", sendAppeal},
	{"/appeals/:id/withdraw", auth.SendAppeal, "appeal", withdrawAppeal},
	{"/appeals/:id/decide", auth.DecideAppeal, "appeal", decideAppeal},
	{"/ratings", auth.Rate, "ratings", rate},
	{"/innovations", auth.Rate, "innovations", propose},
	{"/innovations/:id/decide", auth.Adopt, "innovations", adopt},
	{"/schedule/send", auth.SendReports, "schedule", sendNow},
	{"/schedule/test", auth.SendReports, "schedule", sendTest},
	{"/schedule/retry", auth.SendReports, "schedule", retryReports},
	{"/targets", auth.Settle, "targets", adoptTargets},
	{"/targets/:id/withdraw", auth.Settle, "targets", withdrawTargets},
	{"/allocation", auth.Settle, "allocation", keepSplit},
	{"/close", auth.CloseMonth, "close", closeMonth},
	{"/close/reopen", auth.CloseMonth, "close", reopenMonth},
	{"/close/waive", auth.SignWaiver, "close", waiveMonth},
	{"/close/exception", auth.ChangePlan, "close", approveException},
}

func (s *Server) routes() (*gin.Engine, error) {
	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	r.HandleMethodNotAllowed = true
	if err := r.SetTrustedProxies(s.Proxies); err != nil {
		return nil, fmt.Errorf("serve.proxies: %w", err)
	}
	r.Use(s.recover, s.secure, s.timeout, compress, s.admit)
	for _, p := range pages {
		r.GET(p.path, s.page(p))
		r.HEAD(p.path, s.page(p))
	}
	for _, f := range forms {
		r.POST(f.path, s.submit(f))
	}
	s.addAPI(r)
	r.GET("/appeals/:id/file", s.appealFile)
	r.GET("/sign-in", s.signInPage)
	r.POST("/sign-in", s.signIn)
	r.GET("/oidc/start", s.oidcStart)
	r.GET("/oidc/back", s.oidcBack)
	r.GET("/set-up", s.setUpPage)
	r.POST("/set-up", s.setUp)
	r.POST("/sign-out", s.signOut)
	r.POST("/view-as/end", s.endViewAs)
	r.GET("/data/refused/:name", s.refusedCopy)
	r.GET("/assets/*path", s.assets.serve)
	r.GET("/unsubscribe/:token", s.askUnsubscribe)
	r.POST("/unsubscribe/:token", s.unsubscribe)
	r.GET("/healthz", func(c *gin.Context) { c.String(http.StatusOK, "ok\n") })
	r.NoRoute(func(c *gin.Context) {
		q, done, _ := s.query(c)
		defer done()
		s.fail(c, q, notFound(c.Request.URL.Path))
	})
	return r, nil
}

// secure sets the headers that keep a page to itself: no script but ours, no
// inline style, nothing from another host, no framing.
func (s *Server) secure(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
	if strings.HasPrefix(s.PublicURL, "https://") {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
	c.Next()
}

// timeout ends the request's context, and with it its database queries.
func (s *Server) timeout(c *gin.Context) {
	ctx, cancel := context.WithTimeout(c.Request.Context(), s.Timeout)
	defer cancel()
	c.Request = c.Request.WithContext(ctx)
	c.Next()
}

// recover turns a panic into an error page and a log line.
func (s *Server) recover(c *gin.Context) {
	defer func() {
		cause := recover()
		if cause == nil {
			return
		}
		if cause == http.ErrAbortHandler {
			panic(cause)
		}
		s.log.Error("panic", "cause", cause, "stack", string(debug.Stack()))
		if !c.Writer.Written() {
			s.fail(c, s.bareQuery(c), fmt.Errorf("panic: %v", cause))
		}
	}()
	c.Next()
}
