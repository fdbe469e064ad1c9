package dashboard

import (
	"bytes"
	"container/list"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"levelfield/analytics"
)

// A published run never changes, so a page made from it is kept: by run, by
// what the reader may see (auth.Reader.Key), by language, theme and address.
// Readers with the same key share it. A page that asks Query.Store is kept for
// its one reader, until something is decided.

// mostKept is how many bytes of answers are kept; the longest unused go first.
const mostKept = 96 << 20

// answer is a page or an export as it is sent.
type answer struct {
	kind   string // Content-Type
	name   string // of a file to save; "" for a page
	lang   string
	body   []byte
	tag    string
	paid   []string // people whose pay it shows
	groups []string // kinds of protected groups that it compares
	isLive bool     // shows more than the run
	packed
}

func newAnswer(kind, name string, q *Query, body []byte) *answer {
	sum := sha256.Sum256(body)
	return &answer{kind: kind, name: name, lang: string(q.Lang), body: body, tag: `W/"` + hex.EncodeToString(sum[:12]) + `"`, paid: q.paid, groups: q.groups, isLive: q.isLive}
}

// keeper holds answers, and lets one request make an answer that several ask for.
type keeper struct {
	mu      sync.Mutex
	order   list.List // of *kept, newest first
	all     map[string]*list.Element
	bytes   int
	flights map[string]chan struct{}
}

type kept struct {
	key string
	*answer
}

// find returns the answer under a key, or nil.
func (k *keeper) find(key string) *answer {
	k.mu.Lock()
	defer k.mu.Unlock()
	e, ok := k.all[key]
	if !ok {
		return nil
	}
	k.order.MoveToFront(e)
	return e.Value.(*kept).answer
}

// turn waits while another request makes the answer under a key. It returns
// the answer, or nil and the function to call when the caller has made it.
func (k *keeper) turn(done <-chan struct{}, key string) (*answer, func()) {
	for first := true; ; first = false {
		k.mu.Lock()
		if e, ok := k.all[key]; ok {
			k.order.MoveToFront(e)
			k.mu.Unlock()
			return e.Value.(*kept).answer, nil
		}
		flight, ok := k.flights[key]
		if !ok || !first { // the one who was waited for kept nothing: make it oneself
			if k.flights == nil {
				k.flights = map[string]chan struct{}{}
			}
			mine := make(chan struct{})
			if !ok {
				k.flights[key] = mine
			}
			k.mu.Unlock()
			return nil, func() {
				k.mu.Lock()
				if k.flights[key] == mine {
					delete(k.flights, key)
				}
				k.mu.Unlock()
				close(mine)
			}
		}
		k.mu.Unlock()
		select {
		case <-flight:
		case <-done:
			return nil, func() {}
		}
	}
}

// keep stores an answer. Twice its size is counted: it is kept compressed too.
func (k *keeper) keep(key string, a *answer) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.all == nil {
		k.all = map[string]*list.Element{}
	}
	if _, ok := k.all[key]; ok || 2*len(a.body) > mostKept/8 {
		return
	}
	k.all[key] = k.order.PushFront(&kept{key, a})
	k.bytes += 2 * len(a.body)
	for k.bytes > mostKept {
		last := k.order.Back()
		old := k.order.Remove(last).(*kept)
		delete(k.all, old.key)
		k.bytes -= 2 * len(old.body)
	}
}

// keyOf names what an answer depends on; the language and the theme stand in it
// whatever says them. The parameters of without are left out.
func (q *Query) keyOf(run string, without ...string) string {
	v := q.URL.Query()
	for _, name := range append(without, "lang", "theme") {
		v.Del(name)
	}
	return strings.Join([]string{run, bookVersion(q.events), q.Reader.Key(), string(q.Lang), q.Theme, q.URL.Path, v.Encode()}, "\x00")
}

// page answers with a page, or with one of its tables.
func (s *Server) page(p route) gin.HandlerFunc {
	return func(c *gin.Context) {
		q := s.bareQuery(c)
		q.Page = p.id
		switch {
		case !q.Reader.Opens(p.id) && p.path == "/":
			c.Redirect(http.StatusSeeOther, q.home())
			return
		case !q.Reader.Opens(p.id):
			s.fail(c, q, forbidden(q.Reader))
			return
		}
		a, err := s.answer(c, q, p)
		if err == nil {
			err = s.logReads(c.Request.Context(), q, a)
		}
		if err != nil {
			s.fail(c, q, err)
			return
		}
		a.send(c)
	}
}

// answer returns what was kept, or makes it.
func (s *Server) answer(c *gin.Context, q *Query, p route) (*answer, error) {
	ctx := c.Request.Context()
	run, release, err := s.Runs.Acquire()
	if errors.Is(err, analytics.ErrNoRun) && slices.Contains(withoutRun, p.id) {
		return s.make(c, q, p)
	}
	if err != nil {
		return nil, err
	}
	defer release()
	q.Run = run
	if q.events, err = s.book.read(ctx, s.Store); err != nil {
		return nil, err
	}
	if q.Done != "" { // what a form did is shown once
		return s.fresh(c, q, p)
	}
	shared := q.keyOf(run.ID)
	if a := s.kept.find(shared); a != nil {
		return a, nil
	}
	own, err := s.ownKey(ctx, q, shared)
	if err != nil {
		return nil, err
	}
	if a := s.kept.find(own); a != nil {
		return a, nil
	}
	a, finish := s.kept.turn(ctx.Done(), shared)
	if a != nil {
		return a, nil
	}
	defer finish()
	if a, err = s.fresh(c, q, p); err != nil || q.isOnce {
		return a, err
	}
	if a.isLive {
		s.kept.keep(own, a)
	} else {
		s.kept.keep(shared, a)
	}
	return a, nil
}

// ownKey is the key of a page that shows what people decided: it is one
// reader's, for this minute and until something is decided or what goes on in the
// background is done.
func (s *Server) ownKey(ctx context.Context, q *Query, shared string) (string, error) {
	n, err := s.Store.Changes(ctx)
	return fmt.Sprint(shared, "\x00", q.Reader.UserID, "\x00", n, "\x00", s.finished.Load(), "\x00", q.Now.Unix()/60), err
}

// mostBuilt is how many built pages are kept for their exports.
const mostBuilt = 16

// builtPage is a page before it is written. Who looks at a page may ask for its
// tables next: each would otherwise ask the run for everything again.
type builtPage struct {
	key   string
	page  Page
	query Query // as the page left it
}

// isFor reports whether a card is asked for alone. A page that is made
// differently for it asks here, so that it is not exported from the one shown.
func (q *Query) isFor(card string) bool {
	q.special = append(q.special, card)
	return q.Params.Get("card") == card
}

// builder holds the pages built last, newest first.
type builder struct {
	mu  sync.Mutex
	all []*builtPage
}

// find returns the page built under a key that serves for a card too, or nil.
func (b *builder) find(key, card string) *builtPage {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, page := range b.all {
		if page.key == key && !slices.Contains(page.query.special, card) {
			return page
		}
	}
	return nil
}

func (b *builder) keep(page *builtPage) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.all = append([]*builtPage{page}, b.all[:min(len(b.all), mostBuilt-1)]...)
}

// fresh makes an answer anew; a table from the page that was built for it or
// for another table of it, where that shows nothing but the run.
func (s *Server) fresh(c *gin.Context, q *Query, p route) (*answer, error) {
	card, key := q.Params.Get("card"), q.keyOf(q.Run.ID, "card", "as")
	if b := s.built.find(key, card); b != nil && card != "" {
		was := b.query
		q.Months, q.Regions, q.Month, q.Region, q.Own, q.Compare = was.Months, was.Regions, was.Month, was.Region, was.Own, was.Compare
		q.paid, q.groups, q.definitions = was.paid, was.groups, was.definitions
		return s.write(c, q, p, b.page)
	}
	if err := q.readFilters(c.Request.Context()); err != nil {
		return nil, err
	}
	page, err := p.build(c.Request.Context(), q)
	if err != nil {
		return nil, err
	}
	if !q.isLive && !q.isOnce && !q.isTables && q.Done == "" && !slices.Contains(q.special, card) {
		as := *q
		as.Run, as.request = nil, nil
		s.built.keep(&builtPage{key, page, as})
	}
	return s.write(c, q, p, page)
}

// giveWay waits while readers wait, for half a second at most: what goes on in
// the background takes one of a small machine's two processors.
func (s *Server) giveWay(ctx context.Context) {
	for i := 0; i < 50 && s.answering.Load() > 0 && ctx.Err() == nil; i++ {
		time.Sleep(10 * time.Millisecond)
	}
}

// make builds a page without a run and writes it.
func (s *Server) make(c *gin.Context, q *Query, p route) (*answer, error) {
	page, err := p.build(c.Request.Context(), q)
	if err != nil {
		return nil, err
	}
	return s.write(c, q, p, page)
}

// write makes the answer of a page, or of the table of the card asked for.
func (s *Server) write(c *gin.Context, q *Query, p route, page Page) (*answer, error) {
	if q.isTables {
		body, err := q.tables(page)
		return newAnswer("application/json; charset=utf-8", "", q, body), err
	}
	if card := c.Query("card"); card != "" {
		return s.download(q, page, card, c.Query("as"))
	}
	var b bytes.Buffer
	if err := s.templates[q.Lang][p.id].ExecuteTemplate(&b, "layout.tmpl", page); err != nil {
		return nil, err
	}
	return newAnswer("text/html; charset=utf-8", "", q, b.Bytes()), nil
}

// send answers with what the reader does not have yet.
func (a *answer) send(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("Cache-Control", "private, no-cache")
	h.Set("Vary", "Cookie, Accept-Language, Accept-Encoding")
	h.Set("ETag", a.tag)
	if a.name == "" {
		h.Set("Content-Language", a.lang)
	} else {
		h.Set("Content-Disposition", attachment(a.name))
	}
	for known := range strings.SplitSeq(c.GetHeader("If-None-Match"), ",") {
		if strings.TrimSpace(known) == a.tag {
			c.Status(http.StatusNotModified)
			c.Writer.WriteHeaderNow()
			return
		}
	}
	body := a.body
	encoding := acceptedEncoding(c.GetHeader("Accept-Encoding"))
	if encoding != "" && c.Request.Method != http.MethodHead && isText(a.kind) {
		h.Set("Content-Encoding", encoding)
		body = a.pack(encoding, body)
	}
	c.Data(http.StatusOK, a.kind, body)
}
