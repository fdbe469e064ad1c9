// Command levelfield turns a company's CRM and finance exports into sales
// indicators, a dashboard and a monthly report.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// version is the code version written into every run; the Makefile sets it.
var version = "dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
