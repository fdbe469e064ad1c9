package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"
)

func (a *app) reportCommand() *cobra.Command {
	return &cobra.Command{Use: "report", RunE: func(cmd *cobra.Command, _ []string) error { return errors.New("x") }}
}

func (a *app) writeReports(ctx context.Context, m string) ([]string, error) { return nil, nil }
