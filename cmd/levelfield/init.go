package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
)

// workspaceFolders are made by init; lake, runs and reports appear when they
// are first written.
var workspaceFolders = []string{"exports", "mappings", "plans", filepath.Join("models", "indicators")}

func (a *app) initCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "init DIR",
		Short: "Make a workspace: settings, plans, mappings and an inbox for exports",
		Args:  cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := makeWorkspace(args[0], configTemplate); err != nil {
				return err
			}
			a.say("Made the workspace %s.\nNext: put exports into %s, then `levelfield --dir %s ingest` and `levelfield --dir %s calc`.",
				args[0], filepath.Join(args[0], "exports"), args[0], args[0])
			return nil
		},
	}
}

// makeWorkspace makes the folders and writes levelfield.yaml and the plan
// template; an existing workspace is refused, never overwritten.
func makeWorkspace(dir string, settings []byte) error {
	path := filepath.Join(dir, configFile)
	if _, err := os.Stat(path); err == nil {
		return usageError{fmt.Errorf("%s: exists; init never overwrites a workspace", path)}
	}
	for _, folder := range workspaceFolders {
		if err := os.MkdirAll(filepath.Join(dir, folder), 0o755); err != nil {
			return err
		}
	}
	return os.WriteFile(path, settings, 0o644)
}
