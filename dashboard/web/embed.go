// Package web embeds the templates, styles and scripts of the dashboard and,
// in dist/, what the npm build copied there.
package web

import (
	"embed"
	"io/fs"
)

//go:embed pages shared all:dist
var files embed.FS

// Files holds pages/<page>/{page.tmpl,page.css,page.js}, shared/ and dist/.
func Files() fs.FS { return files }

// BuildCommand makes dist/; without it charts cannot be drawn.
const BuildCommand = "make build"

// IsBuilt reports whether the npm build ran before this binary was compiled.
func IsBuilt() bool {
	_, err := fs.Stat(files, "dist/echarts.min.js")
	return err == nil
}
