package main

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/spf13/cobra"

	"levelfield/analytics"
	"levelfield/dashboard"
	"levelfield/dashboard/i18n"
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
	server, err := dashboard.New(dashboard.Config{
		Runs: runs, Dir: a.dir, Lang: i18n.Lang(a.lang), Now: a.now,
		Log: slog.New(slog.NewTextHandler(a.err, nil)), ReadRefused: readRefused,
	})
	if err != nil {
		return err
	}
	listener, err := dashboard.Listen(c.Serve.Address)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "Dashboard of %s: http://%s/\n", c.Company.Name, listener.Addr())
	return dashboard.Serve(ctx, listener, server)
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
