package dashboard

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"levelfield/analytics"
	"levelfield/dashboard/i18n"
)

// problem is an error that a reader can be told about: a status, a title and
// a text of the catalogue with their arguments.
type problem struct {
	status int
	title  string
	text   string
	args   []any
}

func (p *problem) Error() string {
	return i18n.En.T(p.title) + ": " + i18n.En.T(p.text, p.args...)
}

// badFilter is the error for an address that asks for what is not there.
func badFilter(text string, args ...any) error {
	return &problem{http.StatusBadRequest, "error.bad_filter", text, args}
}

func notFound(path string) error {
	return &problem{http.StatusNotFound, "error.not_found", "error.not_found_text", []any{"path", path}}
}

// errorPage says what went wrong and where to go from here.
type errorPage struct {
	View
	Status int
	Text   string
	Empty  bool // nothing calculated yet: a state, not a fault
}

// fail answers with an error page. Causes a reader cannot act on go to the log
// under a number that the page shows.
func (s *Server) fail(c *gin.Context, q *Query, err error) {
	page := errorPage{View: q.view("error")}
	page.Filters = nil
	var p *problem
	switch {
	case errors.As(err, &p):
		page.Status, page.Title, page.Text = p.status, q.Lang.T(p.title), q.Lang.T(p.text, p.args...)
	case errors.Is(err, analytics.ErrNoRun):
		page.Status, page.Empty = http.StatusOK, true
		page.Title, page.Text = q.Lang.T("state.no_run.title"), q.Lang.T("state.no_run.text")
	default:
		id := newID()
		s.log.Error("page failed", "id", id, "url", c.Request.URL.String(), "error", err)
		page.Status, page.Title = http.StatusInternalServerError, q.Lang.T("error.internal")
		if errors.Is(c.Request.Context().Err(), context.DeadlineExceeded) {
			page.Status, page.Title = http.StatusGatewayTimeout, q.Lang.T("error.timeout")
		}
		page.Text = q.Lang.T("error.internal_text", "id", id)
	}
	if isAPI(c) {
		if page.Empty {
			page.Status = http.StatusServiceUnavailable
		}
		writeJSON(c, page.Status, map[string]any{"status": page.Status, "error": page.Title, "text": page.Text})
		return
	}
	s.render(c, page.Status, "error", q.Lang, &page)
}

func newID() string {
	var b [4]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}
