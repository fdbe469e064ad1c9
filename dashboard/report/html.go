package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"

	"levelfield/dashboard/i18n"
)

//go:embed report.tmpl
var reportTemplate string

//go:embed report.css
var reportCSS string

var pages = func() map[i18n.Lang]*template.Template {
	all := map[i18n.Lang]*template.Template{}
	for _, lang := range i18n.Langs {
		all[lang] = template.Must(template.New("report").Funcs(template.FuncMap{
			"t":     lang.T,
			"month": lang.Month,
			"dash":  func() string { return i18n.Dash },
			"css":   func() template.CSS { return template.CSS(reportCSS) },
		}).Parse(reportTemplate))
	}
	return all
}()

// HTML writes the report as one file that needs no network, no script and no
// other file, and prints on A4.
func (r *Report) HTML(w io.Writer) error {
	if err := pages[r.Lang].Execute(w, r); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}
