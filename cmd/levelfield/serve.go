package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"strings"

	"github.com/spf13/cobra"

	"levelfield/analytics"
	"levelfield/dashboard"
	"levelfield/dashboard/i18n"
	"levelfield/dashboard/report"
	"levelfield/dashboard/schedule"
	"levelfield/ingest"
)

func (a *app) serveCommand() *cobra.Command {
	var address string
	c := &cobra.Command{
		Use:   "serve",
		Short: "Serve the dashboard; a newly published run appears without a restart",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.readConfig()
			if err != nil {
				return err
			}
			if address != "" {
				c.Serve.Address = address
			}
			return a.serve(cmd.Context(), c)
		},
	}
	c.Flags().StringVar(&address, "address", "", "host:port to listen on (default: serve.address of levelfield.yaml)")
	return c
}

func (a *app) serve(ctx context.Context, c *config) error {
	runs := analytics.NewRuns(a.dir)
	defer runs.Close()
	state, err := a.store(ctx)
	if err != nil {
		return err
	}
	defer state.Close()
	service, err := c.OIDC.service(a.dir, c.Serve.PublicURL)
	if err != nil {
		return err
	}
	jobs := a.runner(c, state)
	jobs.Refresh = a.refresh(c)
	server, err := dashboard.New(dashboard.Config{
		Runs: runs, Scheduler: jobs, Store: state, Options: func(ctx context.Context) (analytics.Options, error) { return a.options(ctx, c) },
		OIDC: service, PublicURL: c.Serve.PublicURL, Proxies: c.Serve.Proxies, Dir: a.dir, Lang: i18n.Lang(a.lang), Now: a.now,
		Log: slog.New(slog.NewTextHandler(a.err, nil)), ReadRefused: readRefused,
	})
	if err != nil {
		return err
	}
	defer server.Close()
	listener, err := dashboard.Listen(c.Serve.Address)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "Dashboard of %s: http://%s/\n", c.Company.Name, listener.Addr())
	ready, err := state.HasAccounts(ctx)
	if err != nil {
		return err
	}
	if !ready {
		fmt.Fprintln(a.out, "Nobody can sign in yet: open that address to make the first account, or use `levelfield user add`.")
	}
	if host, _, _ := net.SplitHostPort(listener.Addr().String()); !net.ParseIP(host).IsLoopback() && !strings.HasPrefix(c.Serve.PublicURL, "https://") {
		a.say("Anybody on the way can read passwords sent to this address: put a proxy with https in front and name it in serve.public_url.")
	}
	return a.serveWithJobs(ctx, jobs, func(ctx context.Context) error { return dashboard.Serve(ctx, listener, server) })
}

// serveWithJobs serves while the jobs of the schedule are done. A press that
// cannot start keeps nobody from looking at pages.
func (a *app) serveWithJobs(ctx context.Context, jobs *schedule.Runner, serve func(context.Context) error) error {
	ctx, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		var err error
		if jobs.Press, err = report.NewPress(); err != nil {
			a.say("Reports are not delivered: %v", err)
			return
		}
		if err := jobs.Run(ctx); err != nil {
			a.say("The schedule stopped: %v", err)
		}
	}()
	err := serve(ctx)
	stop()
	<-done
	return err
}

// readRefused gives the data page the rows of a marked copy.
func readRefused(path string, most int) ([]dashboard.RefusedRow, error) {
	rows, err := ingest.ReadMarked(path, most)
	all := make([]dashboard.RefusedRow, len(rows))
	for i, r := range rows {
		all[i] = dashboard.RefusedRow{Sheet: r.Sheet, Row: r.Row, Column: r.Column, Reason: r.Reason}
	}
	return all, err
}
