package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"levelfield/analytics"
	"levelfield/dashboard/web"
	"levelfield/ingest"
)

// finding is one thing the doctor looked at.
type finding struct {
	what, state, advice string
	ok                  bool
}

func (a *app) doctorCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Say what is missing on this machine and in this workspace",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			findings := a.examine()
			var rows [][]string
			healthy := true
			for _, f := range findings {
				mark := "ok"
				if !f.ok {
					mark, healthy = "MISSING", false
				}
				rows = append(rows, []string{mark, f.what, f.state, f.advice})
			}
			if err := a.printTable([]string{"", "what", "found", "what to do"}, rows); err != nil {
				return err
			}
			if !healthy {
				return errors.New("something is missing; see the last column")
			}
			return nil
		},
	}
}

// examine looks at the binary, the workspace, its lake and its runs.
func (a *app) examine() []finding {
	charts := finding{what: "charts in this binary", state: "built", ok: web.IsBuilt()}
	if !charts.ok {
		charts.state, charts.advice = "not built", "compile with `"+web.BuildCommand+"`"
	}
	all := []finding{charts}
	c, err := a.readConfig()
	if err != nil {
		return append(all, finding{what: "workspace", state: err.Error(), advice: "`levelfield init DIR`, or name the workspace with --dir"})
	}
	all = append(all, finding{what: "workspace", state: a.dir + " (" + c.Company.Name + ")", ok: true})
	all = append(all, a.writable(), a.portFree(c.Serve.Address))
	if _, err := analytics.LoadPlan(a.dir); err != nil {
		all = append(all, finding{what: "plan", state: err.Error(), advice: "correct the file named, in plans/"})
	} else {
		all = append(all, finding{what: "plan", state: "readable", ok: true})
	}
	m, err := ingest.Workspace{Dir: a.dir}.ReadManifest()
	switch {
	case err != nil:
		all = append(all, finding{what: "lake", state: err.Error(), advice: "put the lake back from a copy, or move it away and load the exports again"})
	case len(m.Loads) == 0:
		all = append(all, finding{what: "lake", state: "nothing loaded", advice: "`levelfield ingest`"})
	default:
		all = append(all, finding{what: "lake", state: fmt.Sprintf("%d loads, %d files", len(m.Loads), len(m.Files)), ok: true})
	}
	r, err := analytics.OpenCurrent(a.dir)
	if err != nil {
		return append(all, finding{what: "run", state: err.Error(), advice: "`levelfield calc`"})
	}
	defer r.Close()
	return append(all, finding{what: "run", state: r.ID + ", month " + r.Meta.LastMonth.Format("2006-01"), ok: true})
}

func (a *app) writable() finding {
	probe, err := os.CreateTemp(a.dir, ".doctor-")
	if err != nil {
		return finding{what: "writing", state: err.Error(), advice: "give this user the right to write in " + filepath.Clean(a.dir)}
	}
	probe.Close()
	os.Remove(probe.Name())
	return finding{what: "writing", state: "allowed", ok: true}
}

func (a *app) portFree(address string) finding {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return finding{what: "address " + address, state: "taken or not allowed", advice: "stop the other program, or change serve.address in levelfield.yaml"}
	}
	l.Close()
	return finding{what: "address " + address, state: "free", ok: true}
}
