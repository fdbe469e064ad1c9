package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// Exit codes, as design and `levelfield help` state them.
const (
	exitDone    = 0
	exitFailed  = 1
	exitUsage   = 2
	exitRefused = 3 // data was refused or a check failed
)

// usageError marks a wrong call; it ends the program with exitUsage.
type usageError struct{ error }

// refusedError marks refused data or a failed check; it ends with exitRefused.
type refusedError struct{ error }

// app holds the global flags and the streams of one call.
type app struct {
	dir, format, lang string
	quiet             bool
	in                io.Reader
	out, err          io.Writer
	now               func() time.Time
}

// run executes one command line and returns the exit code.
func run(ctx context.Context, args []string, in io.Reader, out, errOut io.Writer) int {
	a := &app{in: in, out: out, err: errOut, now: clock}
	root := a.root()
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errOut)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	fmt.Fprintf(errOut, "levelfield: %v\n", err)
	switch {
	case errors.As(err, &usageError{}):
		return exitUsage
	case errors.As(err, &refusedError{}):
		return exitRefused
	}
	return exitFailed
}

// clock is the wall clock, or the moment in LEVELFIELD_NOW (RFC 3339): a
// scheduled or repeated calculation can be given the time it is meant for.
func clock() time.Time {
	if s := os.Getenv("LEVELFIELD_NOW"); s != "" {
		if t, err := time.Parse(time.RFC3339, s); err == nil {
			return t
		}
	}
	return time.Now()
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "levelfield",
		Short:         "Sales performance, judged on a level field",
		Long:          "levelfield loads CRM and finance exports, calculates sales indicators and shows\nthem on a dashboard and in a monthly report.\n\nExit codes: 0 done, 1 failed, 2 wrong usage, 3 data refused or a check failed.",
		Version:       version,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usageError{fmt.Errorf("unknown command %q; `levelfield help` lists the commands", args[0])}
			}
			return cmd.Help()
		},
		PersistentPreRunE: func(*cobra.Command, []string) error { return a.checkGlobals() },
	}
	flags := root.PersistentFlags()
	flags.StringVar(&a.dir, "dir", ".", "workspace folder")
	flags.StringVar(&a.format, "format", "human", "output: human, json or csv")
	flags.StringVar(&a.lang, "lang", "", "language: zh-CN or en (default: the workspace's)")
	flags.BoolVar(&a.quiet, "quiet", false, "print only results and errors")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usageError{fmt.Errorf("%w; see `%s --help`", err, cmd.CommandPath())}
	})
	root.AddCommand(
		a.initCommand(), a.demoCommand(), a.sampleCommand(), a.entitiesCommand(), a.inspectCommand(),
		a.ingestCommand(), a.checkCommand(), a.planCommand(), a.calcCommand(), a.explainCommand(), a.exportCommand(),
		a.reportCommand(), a.verifyCommand(), a.serveCommand(), a.doctorCommand(),
		a.userCommand(), a.auditCommand(),
		a.allocateCommand(), a.targetsCommand(), a.simulateCommand(), a.monthsCommand(), a.reviewCommand(), a.waiveCommand(), a.exceptionCommand(),
		a.closeCommand(), a.reopenCommand(), a.restateCommand(),
	)
	for _, c := range root.Commands() {
		c.Args = usageArgs(c.Args)
	}
	return root
}

// usageArgs turns a wrong number of arguments into a usage error that names
// the call.
func usageArgs(check cobra.PositionalArgs) cobra.PositionalArgs {
	if check == nil {
		check = cobra.NoArgs
	}
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return usageError{fmt.Errorf("%w; usage: %s", err, cmd.UseLine())}
		}
		return nil
	}
}

func (a *app) checkGlobals() error {
	switch a.format {
	case "human", "json", "csv":
	default:
		return usageError{fmt.Errorf("--format %s: unknown; use human, json or csv", a.format)}
	}
	switch a.lang {
	case "", "en", "zh-CN":
	default:
		return usageError{fmt.Errorf("--lang %s: unknown; use zh-CN or en", a.lang)}
	}
	return nil
}

// say prints a line about the work; --quiet drops it.
func (a *app) say(format string, args ...any) {
	if !a.quiet {
		fmt.Fprintf(a.err, format+"\n", args...)
	}
}

// path joins a name to the workspace folder.
func (a *app) path(elem ...string) string {
	return filepath.Join(append([]string{a.dir}, elem...)...)
}

// month checks a --month value such as 2026-10; empty stays empty.
func month(s string) (string, error) {
	if s == "" {
		return "", nil
	}
	t, err := time.Parse("2006-01", strings.TrimSpace(s))
	if err != nil {
		return "", usageError{fmt.Errorf("--month %s: not a month; write it as 2026-10", s)}
	}
	return t.Format("2006-01"), nil
}
