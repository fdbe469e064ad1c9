// Package report writes a month as a document. It has no numbers of its own:
// package dashboard makes the content, this package puts it on paper.
package report

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"html/template"
	"io/fs"
	"regexp"
	"runtime"
	"strings"

	"github.com/dop251/goja"

	"levelfield/dashboard/chart"
	"levelfield/dashboard/i18n"
	"levelfield/dashboard/web"
)

//go:embed paper.js
var paperJS string

// Canvas draws the pages' charts as SVG by running the same ECharts in a
// JavaScript engine inside the program. Use it from any goroutine; as many
// engines as there are processors are kept for reuse.
type Canvas struct {
	programs []*goja.Program
	tokens   string // JSON
	idle     chan *engine
}

// library is the part of ECharts that paper needs; dashboard/web/paper.mjs
// says which.
const library = "dist/echarts.paper.js"

// NewCanvas compiles ECharts once. It fails in a binary that was compiled
// before its browser parts were built, and names the command that builds them.
func NewCanvas() (*Canvas, error) { return newCanvas(web.Files(), library) }

func newCanvas(files fs.FS, library string) (*Canvas, error) {
	echarts, err := fs.ReadFile(files, library)
	if err != nil {
		return nil, errors.New("charts cannot be drawn: this binary was compiled before its browser parts were built; run `" + web.BuildCommand + "`")
	}
	theme, err := fs.ReadFile(web.Files(), "shared/theme.css")
	if err != nil {
		return nil, err
	}
	tokens, err := json.Marshal(lightTokens(string(theme)))
	if err != nil {
		return nil, err
	}
	c := &Canvas{tokens: string(tokens), idle: make(chan *engine, runtime.NumCPU())}
	for _, script := range []struct{ name, text string }{{library, string(echarts)}, {"paper.js", paperJS}} {
		p, err := goja.Compile(script.name, script.text, false)
		if err != nil {
			return nil, fmt.Errorf("compile %s: %w", script.name, err)
		}
		c.programs = append(c.programs, p)
	}
	return c, nil
}

var token = regexp.MustCompile(`--([a-z0-9-]+):\s*([^;]+);`)

// lightTokens reads the light theme, the first block of theme.css.
func lightTokens(css string) map[string]string {
	block, _, _ := strings.Cut(css, "}")
	tokens := map[string]string{}
	for _, m := range token.FindAllStringSubmatch(block, -1) {
		tokens[m[1]] = strings.TrimSpace(m[2])
	}
	return tokens
}

// engine is one JavaScript runtime with ECharts loaded; it serves one drawing
// at a time.
type engine struct {
	vm   *goja.Runtime
	draw goja.Callable
}

func (c *Canvas) engine() (*engine, error) {
	select {
	case e := <-c.idle:
		return e, nil
	default:
	}
	vm := goja.New()
	never := func(goja.FunctionCall) goja.Value { return vm.ToValue(0) } // nothing is animated
	for _, name := range []string{"setTimeout", "clearTimeout", "setInterval", "clearInterval"} {
		if err := vm.Set(name, never); err != nil {
			return nil, err
		}
	}
	for _, p := range c.programs {
		if _, err := vm.RunProgram(p); err != nil {
			return nil, fmt.Errorf("start the chart engine: %w", err)
		}
	}
	begin, hasBegin := goja.AssertFunction(vm.Get("paperBegin"))
	draw, hasDraw := goja.AssertFunction(vm.Get("paperDraw"))
	if !hasBegin || !hasDraw {
		return nil, errors.New("start the chart engine: paper.js has no paperBegin or no paperDraw")
	}
	measure := func(call goja.FunctionCall) goja.Value {
		return vm.ToValue(textWidth(call.Argument(0).String(), call.Argument(1).ToFloat()))
	}
	if _, err := begin(goja.Undefined(), vm.ToValue(c.tokens), vm.ToValue(measure)); err != nil {
		return nil, fmt.Errorf("start the chart engine: %w", err)
	}
	return &engine{vm: vm, draw: draw}, nil
}

// SVG draws an option at a size in CSS pixels. The same option gives the same
// text.
func (c *Canvas) SVG(option chart.Option, lang i18n.Lang, width, height int, label string) (template.HTML, error) {
	e, err := c.engine()
	if err != nil {
		return "", err
	}
	v, err := e.draw(goja.Undefined(), e.vm.ToValue(option.JSON()), e.vm.ToValue(width), e.vm.ToValue(height), e.vm.ToValue(string(lang)))
	if err != nil {
		return "", fmt.Errorf("draw chart: %w", err)
	}
	select {
	case c.idle <- e:
	default: // enough are idle
	}
	svg := v.String()
	head := fmt.Sprintf(`<svg role="img" aria-label="%s" `, template.HTMLEscapeString(label))
	svg = strings.Replace(svg, "<svg ", head, 1)
	return template.HTML(steadyIDs(screenOnly.ReplaceAllString(svg, ""))), nil
}

// screenOnly is what a drawing carries for a pointer that hovers over it.
var screenOnly = regexp.MustCompile(`(?s)<style.*?</style>\n?| (?:class|pointer-events|ecmeta_[a-z_]+)="[^"]*"`)

var numberedID = regexp.MustCompile(`zr[0-9]+-`)

// steadyIDs gives the ids inside a drawing names that do not count how many
// were drawn before, so that a report is the same bytes every time, and that
// come from what is drawn: in one HTML file the clip of one drawing must not cut
// another.
func steadyIDs(svg string) string {
	svg = numberedID.ReplaceAllString(svg, "zr-")
	sum := fnv.New64a()
	sum.Write([]byte(svg))
	return strings.ReplaceAll(svg, "zr-", fmt.Sprintf("zr%x-", sum.Sum64()))
}

// textWidth is the width of text at a font size: Chinese characters and full
// width signs take the size, Latin letters about half of it. Wide enough for
// the system fonts that pages name.
func textWidth(text string, size float64) float64 {
	var w float64
	for _, r := range text {
		switch {
		case r >= 0x2E80:
			w++
		case r >= '0' && r <= '9':
			w += .56
		case strings.ContainsRune(" .,:;|!'()il", r):
			w += .3
		case r == 'm' || r == 'M' || r == 'W' || r == '%' || r == '→':
			w += .85
		case r >= 'A' && r <= 'Z':
			w += .66
		default:
			w += .54
		}
	}
	return w * size
}
