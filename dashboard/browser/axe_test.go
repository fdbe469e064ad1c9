package browser

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// axeSource is axe-core as npm installed it; it is not part of the program.
var axeSource = sync.OnceValues(func() (string, error) {
	text, err := os.ReadFile(filepath.Join("..", "web", "node_modules", "axe-core", "axe.min.js"))
	return string(text), err
})

// violation is one rule of WCAG 2.2 AA that a page breaks.
type violation struct {
	ID, Help string
	Nodes    []string
}

// accessible fails the test on every violation that axe finds on the page.
func accessible(t *testing.T, ctx context.Context, what string) {
	t.Helper()
	source, err := axeSource()
	if err != nil {
		t.Fatalf("axe-core is not installed: %v; run `npm ci` in dashboard/web", err)
	}
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](source+"; true")); err != nil {
		t.Fatalf("%s: start axe: %v", what, err)
	}
	found, err := chromedp.Run(ctx, chromedp.Evaluate[[]violation](`axe.run(document, {
		runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'],
	}).then(r => r.violations.map(v => ({ID: v.id, Help: v.help, Nodes: v.nodes.slice(0, 3).map(n => n.html.slice(0, 160) + ' ' + (n.any[0] ? n.any[0].message : ''))})))`, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%s: axe: %v", what, err)
	}
	for _, v := range found {
		t.Errorf("%s: %s (%s): %v", what, v.Help, v.ID, v.Nodes)
	}
}
