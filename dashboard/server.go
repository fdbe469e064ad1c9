// Package dashboard serves the pages of levelfield: one page a file
// (page_<name>.go), one folder a page (web/pages/<name>).
package dashboard

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/alexedwards/scs/v2"

	"levelfield/analytics"
	"levelfield/dashboard/auth"
	"levelfield/dashboard/i18n"
	"levelfield/dashboard/store"
	"levelfield/dashboard/web"
)

// Config is what a server needs. Zero fields take the stated default.
type Config struct {
	Runs    *analytics.Runs  // the published runs; required
	Store   *store.Store     // accounts and what people decide; required
	Dir     string           // workspace, for files that pages link to
	Lang    i18n.Lang        // language where the reader asked for none; zh-CN
	Now     func() time.Time // clock; time.Now
	Log     *slog.Logger     // slog.Default()
	Timeout time.Duration    // longest time a page may take; 20 seconds
	// ReadRefused reads up to most rows of a marked copy; without it the data
	// page counts refused rows and offers the copies only.
	ReadRefused func(path string, most int) ([]RefusedRow, error)
	// PublicURL is the address people type; with https cookies are sent over
	// https only. "": plain http, for this machine or behind nothing.
	PublicURL string
	// Proxies are the addresses of proxies whose X-Forwarded-For counts.
	Proxies []string
	// OIDC is the company's own sign-in service; nil: none.
	OIDC *auth.OIDC
	// Options are what a calculation of the workspace is made from; without it
	// appeals are not priced and no month can be closed here.
	Options func(context.Context) (analytics.Options, error)
	// Scheduler does the jobs and delivers the reports; without it the page of
	// the schedule shows the ledger only.
	Scheduler Scheduler
}

// Server answers requests for pages, their exports and their assets.
type Server struct {
	Config
	log         *slog.Logger
	templates   templates
	assets      *assets
	handler     http.Handler
	accounts    auth.Accounts
	sessions    *scs.SessionManager
	readers     readers
	ready       atomic.Bool // somebody can sign in
	kept        keeper
	built       builder
	life        context.Context // ends with Close
	end         context.CancelFunc
	background  sync.WaitGroup
	answering   atomic.Int32 // requests just now
	finished    atomic.Int64 // scans and simulations: a page that waits for one is another page then
	pricing     sync.Mutex
	scans       scans // of plans, for jumps of pay
	simulations simulations
	tries       auth.Limit // sign-ins of an address
	calls       auth.Limit // requests of a token
	changes     auth.Limit // forms of a reader
	book        monthBook
}

// New makes the server. It returns an error where a template is wrong.
func New(cfg Config) (*Server, error) {
	if cfg.Runs == nil {
		return nil, errors.New("dashboard: Config.Runs is missing")
	}
	if cfg.Store == nil {
		return nil, errors.New("dashboard: Config.Store is missing")
	}
	if cfg.Lang == "" {
		cfg.Lang = i18n.Langs[0]
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.Timeout == 0 {
		cfg.Timeout = 20 * time.Second
	}
	s := &Server{
		Config: cfg, log: cfg.Log, accounts: auth.Accounts{Store: cfg.Store},
		sessions: newSessions(cfg.Store, strings.HasPrefix(cfg.PublicURL, "https://")),
		tries:    auth.Limit{Burst: 20, Every: 6 * time.Second},
		calls:    auth.Limit{Burst: 300, Every: 200 * time.Millisecond},
		changes:  auth.Limit{Burst: 60, Every: time.Second},
	}
	s.life, s.end = context.WithCancel(context.Background())
	s.sessions.ErrorFunc = func(w http.ResponseWriter, _ *http.Request, err error) {
		s.log.Error("session", "error", err)
		http.Error(w, "the session could not be read", http.StatusInternalServerError)
	}
	var err error
	if s.assets, err = loadAssets(web.Files()); err != nil {
		return nil, err
	}
	if s.templates, err = loadTemplates(web.Files(), s.assets); err != nil {
		return nil, err
	}
	router, err := s.routes()
	if err != nil {
		return nil, err
	}
	s.handler = s.front(router)
	if !web.IsBuilt() {
		s.log.Warn("charts will not be drawn: this binary was compiled before its browser parts were built; run `" + web.BuildCommand + "`")
	}
	return s, nil
}

// Close ends what the server does beside answering requests, and waits for it.
func (s *Server) Close() {
	s.end()
	s.background.Wait()
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.answering.Add(1)
	defer s.answering.Add(-1)
	s.handler.ServeHTTP(w, r)
}

// Listen opens address, so that the caller can print where it listens before
// it serves.
func Listen(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("cannot serve on %s: %w; choose another with serve.address in levelfield.yaml or --address", address, err)
	}
	return l, nil
}

// Serve answers requests on l until ctx ends, then lets running requests
// finish for up to five seconds.
func Serve(ctx context.Context, l net.Listener, h http.Handler) error {
	server := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
	}
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := server.Shutdown(stop); err != nil {
		return server.Close()
	}
	return nil
}
