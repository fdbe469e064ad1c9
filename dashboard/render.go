package dashboard

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"levelfield/dashboard/i18n"
)

// templates holds one parsed set a language and page, so that t and the
// number functions of a template know their language.
type templates map[i18n.Lang]map[string]*template.Template

// loadTemplates parses shared/*.tmpl with each pages/<page>/page.tmpl. A page
// defines "content".
func loadTemplates(files fs.FS, a *assets) (templates, error) {
	names, err := fs.Glob(files, "pages/*/page.tmpl")
	if err != nil {
		return nil, err
	}
	all := templates{}
	for _, lang := range i18n.Langs {
		shared, err := template.New("layout.tmpl").Funcs(functions(lang, a)).ParseFS(files, "shared/*.tmpl")
		if err != nil {
			return nil, fmt.Errorf("shared templates: %w", err)
		}
		all[lang] = map[string]*template.Template{}
		for _, name := range names {
			id := strings.Split(name, "/")[1]
			set, err := template.Must(shared.Clone()).ParseFS(files, name)
			if err != nil {
				return nil, fmt.Errorf("page %s: %w", id, err)
			}
			all[lang][id] = set
		}
	}
	return all, nil
}

// functions are what a template may call. They format; they never decide.
func functions(lang i18n.Lang, a *assets) template.FuncMap {
	return template.FuncMap{
		"t":      lang.T,
		"asset":  a.url,
		"exists": a.exists,
		"count":  lang.Count,
		"day":    lang.Day,
		"date":   lang.Date,
		"moment": lang.Moment,
		"month":  lang.Month,
		"iso":    func(t time.Time) string { return t.Format("2006-01-02") },
		"dash":   func() string { return i18n.Dash },
		"icon":   icon,
		"json":   func(p Plot) template.JS { return template.JS(p.Option.JSON()) },
		"with": func(pairs ...any) (map[string]any, error) {
			if len(pairs)%2 != 0 {
				return nil, fmt.Errorf("with: want name, value pairs")
			}
			m := map[string]any{}
			for i := 0; i < len(pairs); i += 2 {
				m[pairs[i].(string)] = pairs[i+1]
			}
			return m, nil
		},
	}
}

// render answers with a page. The whole page is made before the first byte is
// sent, so a template that fails never leaves half a page.
func (s *Server) render(c *gin.Context, status int, id string, lang i18n.Lang, page any) {
	var b bytes.Buffer
	if err := s.templates[lang][id].ExecuteTemplate(&b, "layout.tmpl", page); err != nil {
		s.log.Error("template", "page", id, "error", err)
		c.String(http.StatusInternalServerError, "%s\n", lang.T("error.internal"))
		return
	}
	h := c.Writer.Header()
	h.Set("Cache-Control", "private, no-cache")
	h.Set("Vary", "Cookie, Accept-Language")
	h.Set("Content-Language", string(lang))
	c.Data(status, "text/html; charset=utf-8", b.Bytes())
}
