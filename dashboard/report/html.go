package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"time"

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
			"t":      lang.T,
			"month":  lang.Month,
			"date":   lang.Date,
			"moment": lang.Moment,
			"count":  lang.Count,
			"dash":   func() string { return i18n.Dash },
			"css":    func() template.CSS { return template.CSS(reportCSS) },
			"iso":    func(t time.Time) string { return t.Format(time.DateOnly) },
			"title": func(en, zh string) string {
				if lang == i18n.ZhCN {
					return zh
				}
				return en
			},
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
