package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"levelfield/analytics"
	"levelfield/analytics/plan"
)

// workspaceFolders are made by init; lake, runs and reports appear when they
// are first written.
var workspaceFolders = []string{"exports", "mappings", "plans", filepath.Join("models", "indicators")}

func (a *app) initCommand() *cobra.Command {
	preset := "default"
	c := &cobra.Command{
		Use:   "init DIR",
		Short: "Make a workspace: settings, plans, mappings and an inbox for exports",
		Args:  cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := makeWorkspace(args[0], configTemplate, preset); err != nil {
				return err
			}
			a.say("Made the workspace %s.\nNext: put exports into %s, then `levelfield --dir %s ingest` and `levelfield --dir %s calc`.\nThe rules of scores and pay stand in %s; `levelfield --dir %s plan show` says them in sentences.",
				args[0], filepath.Join(args[0], "exports"), args[0], args[0], filepath.Join(args[0], "plans", "plan.yaml"), args[0])
			return nil
		},
	}
	c.Flags().StringVar(&preset, "preset", preset, "plan to start from: "+strings.Join(plan.Presets, ", "))
	return c
}

// makeWorkspace makes the folders and writes levelfield.yaml, a commented plan
// and the schema by which editors check it; an existing workspace is refused,
// never overwritten.
func makeWorkspace(dir string, settings []byte, preset string) error {
	path := filepath.Join(dir, configFile)
	if _, err := os.Stat(path); err == nil {
		return usageError{fmt.Errorf("%s: exists; init never overwrites a workspace", path)}
	}
	text, err := plan.Preset(preset)
	if err != nil {
		return usageError{err}
	}
	known, err := analytics.Indicators(dir)
	if err != nil {
		return err
	}
	for _, folder := range workspaceFolders {
		if err := os.MkdirAll(filepath.Join(dir, folder), 0o755); err != nil {
			return err
		}
	}
	for name, content := range map[string][]byte{
		"plan.yaml":        append([]byte("# yaml-language-server: $schema=plan.schema.json\n"), text...),
		"plan.schema.json": plan.Schema(known),
	} {
		if err := os.WriteFile(filepath.Join(dir, "plans", name), content, 0o644); err != nil {
			return err
		}
	}
	return os.WriteFile(path, settings, 0o644)
}
