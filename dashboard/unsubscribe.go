package dashboard

import (
	"html/template"
	"net/http"

	"github.com/gin-gonic/gin"

	"levelfield/dashboard/i18n"
)

// unsubscribePage asks, and says what was done. Its reader came from a mail
// and need not be signed in: the address holds a token that only he has.
var unsubscribePage = template.Must(template.New("unsubscribe").Parse(`<!doctype html>
<html lang="{{.Lang}}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>levelfield</title></head>
<body><main><h1>{{.Title}}</h1>{{with .Text}}<p>{{.}}</p>{{end}}{{with .Button}}<form method="post"><button>{{.}}</button></form>{{end}}</main></body></html>
`))

type unsubscribeText struct {
	Lang                i18n.Lang
	Title, Text, Button string
}

// askUnsubscribe shows the question: a mail reader that opens every link must
// not unsubscribe anybody.
func (s *Server) askUnsubscribe(c *gin.Context) {
	lang := s.bareQuery(c).Lang
	s.sayUnsubscribe(c, http.StatusOK, unsubscribeText{lang, lang.T("mail.stop_ask"), "", lang.T("mail.stop_button")})
}

// unsubscribe notes that the owner of the token wants no more mail.
func (s *Server) unsubscribe(c *gin.Context) {
	lang := s.bareQuery(c).Lang
	address, err := s.Store.Unsubscribe(c.Request.Context(), c.Param("token"), false)
	if err != nil {
		s.log.Warn("unsubscribe", "error", err)
		s.sayUnsubscribe(c, http.StatusNotFound, unsubscribeText{lang, lang.T("mail.stop_unknown"), "", ""})
		return
	}
	s.sayUnsubscribe(c, http.StatusOK, unsubscribeText{lang, lang.T("mail.stopped"), address, ""})
}

func (s *Server) sayUnsubscribe(c *gin.Context, status int, text unsubscribeText) {
	c.Header("Cache-Control", "no-store")
	c.Header("Content-Type", "text/html; charset=utf-8")
	c.Status(status)
	if err := unsubscribePage.Execute(c.Writer, text); err != nil {
		s.log.Error("unsubscribe", "error", err)
	}
}
