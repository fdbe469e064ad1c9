package dashboard

import (
	"context"
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"levelfield/dashboard/auth"
	"levelfield/dashboard/store"
)

// form is one thing a reader can do on a page. do changes the store, whose
// functions write the audit row in the transaction of the change, and returns
// where to go next, with the key of a text that says what was done. Where it
// returns a problem, page is shown again with the fault and what was typed.
type form struct {
	path string      // gin pattern of the POST
	may  auth.Action // who may
	page string      // id of the page that holds the form; its path has the same parameters
	do   func(ctx context.Context, q *Query) (to, done string, err error)
}

// mostAttachment is the largest file that may be attached, in bytes.
const mostAttachment = 5 << 20

// mostUpload is the largest form with a file: the file's limit and the rest.
const mostUpload = mostAttachment + 64<<10

// submit answers a form.
func (s *Server) submit(f form) gin.HandlerFunc {
	return func(c *gin.Context) {
		q, done, err := s.query(c)
		defer done()
		if err != nil {
			s.fail(c, q, err)
			return
		}
		if !q.Reader.May(f.may) {
			s.fail(c, q, forbidden(q.Reader))
			return
		}
		if !s.changes.Allow(q.Reader.Name, q.Now) {
			s.fail(c, q, tooMany())
			return
		}
		q.Page = f.page
		if err := q.readForm(c); err != nil {
			s.fail(c, q, err)
			return
		}
		ctx := c.Request.Context()
		to, text, err := f.do(ctx, q)
		var p *problem
		switch {
		case err == nil:
			s.readers.forget()
			s.sessions.Put(ctx, sessionDone, text)
			c.Redirect(http.StatusSeeOther, to)
		case errors.As(err, &p) && p.status == http.StatusUnprocessableEntity:
			q.Fault = q.Lang.T(p.text, p.args...)
			s.showAgain(c, q, f.page)
		default:
			s.fail(c, q, err)
		}
	}
}

// showAgain answers with the page of a form that was refused.
func (s *Server) showAgain(c *gin.Context, q *Query, id string) {
	for _, p := range pages {
		if p.id != id {
			continue
		}
		page, err := p.build(c.Request.Context(), q)
		if err != nil {
			s.fail(c, q, err)
			return
		}
		c.Header("Cache-Control", "no-store")
		s.render(c, http.StatusUnprocessableEntity, p.id, q.Lang, page)
		return
	}
	s.fail(c, q, notFound(c.Request.URL.Path))
}

// readForm reads what was typed; q.Params stay those of the address.
func (q *Query) readForm(c *gin.Context) error {
	r := c.Request
	var err error
	if c.ContentType() == "multipart/form-data" {
		r.Body = http.MaxBytesReader(c.Writer, r.Body, mostUpload)
		err = r.ParseMultipartForm(mostUpload)
	} else {
		err = r.ParseForm()
	}
	var big *http.MaxBytesError
	if errors.As(err, &big) {
		return &problem{http.StatusRequestEntityTooLarge, "error.too_large", "error.too_large_text", []any{"most", big.Limit >> 20}}
	}
	if err != nil {
		return badFilter("error.bad_form")
	}
	q.Form = r.PostForm
	q.request = r
	return nil
}

// refused is the problem of a form that was filled in wrongly; its page is
// shown again with the text.
func refused(text string, args ...any) error {
	return &problem{http.StatusUnprocessableEntity, "error.bad_form_title", text, args}
}

func forbidden(r auth.Reader) error {
	if r.By != "" {
		return &problem{http.StatusForbidden, "error.forbidden", "error.forbidden_as", nil}
	}
	return &problem{http.StatusForbidden, "error.forbidden", "error.forbidden_text", nil}
}

func tooMany() error {
	return &problem{http.StatusTooManyRequests, "error.too_many", "error.too_many_text", nil}
}

// Typed returns what was typed into a field of a form that is shown again, or
// the value given.
func (q *Query) Typed(name, value string) string {
	if q.Form != nil {
		return q.Form.Get(name)
	}
	return value
}

// Store keeps what people decide; a page that asks for it is made anew for
// every request, as its content may change while the run stays the same.
func (q *Query) Store() *store.Store { q.isLive = true; return q.store }
