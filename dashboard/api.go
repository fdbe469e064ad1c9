package dashboard

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"levelfield/analytics"
	"levelfield/dashboard/auth"
	"levelfield/dashboard/store"
)

// apiRoot begins every address of the API.
const apiRoot = "/api/v1"

// apiScopes are what a token can be allowed; the account's role and units
// limit it further.
var apiScopes = []string{"read", "explain", "pay"}

// resource is one address of the API.
type resource struct {
	path    string
	scope   string // one of apiScopes
	summary string
	params  []apiParam
	get     func(context.Context, *Query) (any, error)
}

type apiParam struct {
	name, about string
	required    bool
}

var monthParam = apiParam{"month", "Month, such as 2026-10; the last of the run where it is missing", false}

// resources lists the API beside its pages, which pageResources adds.
var resources = []resource{
	{"/me", "read", "Who the token belongs to and what it may do", nil, apiMe},
	{"/months", "read", "Months of the published run, oldest first", nil, apiMonths},
	{"/units", "read", "Units of a kind that the reader may see", []apiParam{{"kind", "company, region, team or rep", true}, {"parent", "Only units of this parent", false}, monthParam}, apiUnits},
	{"/indicators", "read", "What is measured: titles, formulas, units", nil, apiIndicators},
	{"/values", "read", "Thirteen months of indicators of the units of a kind", []apiParam{{"kind", "company, region, team or rep", true}, {"unit", "Only this unit", false}, {"indicator", "Only this indicator; may be repeated", false}, monthParam}, apiValues},
	{"/explain", "explain", "One value down to the exported rows behind it", []apiParam{{"unit", "kind:id, an id or a name", true}, {"indicator", "Id of the indicator", true}, monthParam}, apiExplain},
}

// pageScope is the scope that a page's tables need.
func pageScope(id string) string {
	if slices.Contains([]string{"person", "people", "teams", "simulation", "close", "object", "appeal"}, id) {
		return "pay"
	}
	return "read"
}

// addAPI registers the API. Every page is there as the tables of its cards.
func (s *Server) addAPI(r *gin.Engine) {
	for _, res := range resources {
		r.GET(apiRoot+res.path, s.resource(res))
	}
	for _, p := range pages {
		r.GET(apiRoot+"/pages/"+p.id, s.apiPage(p))
	}
	r.GET(apiRoot+"/openapi.json", func(c *gin.Context) { writeJSON(c, http.StatusOK, s.openAPI()) })
}

func isAPI(c *gin.Context) bool { return strings.HasPrefix(c.Request.URL.Path, "/api/") }

// mayUse reports whether the request's token has a scope; a session has all.
func (q *Query) mayUse(scope string) error {
	if q.token != nil && !slices.Contains(strings.Fields(q.token.Scopes), scope) {
		return &problem{http.StatusForbidden, "error.forbidden", "api.no_scope", []any{"scope", scope}}
	}
	return nil
}

func (s *Server) resource(res resource) gin.HandlerFunc {
	return func(c *gin.Context) {
		q, done, err := s.query(c)
		defer done()
		if err == nil {
			err = q.mayUse(res.scope)
		}
		var value any
		if err == nil {
			value, err = res.get(c.Request.Context(), q)
		}
		if errors.Is(err, analytics.ErrUnknown) {
			err = notFound(c.Request.URL.RequestURI())
		}
		if err != nil {
			s.fail(c, q, err)
			return
		}
		writeJSON(c, http.StatusOK, map[string]any{"run": q.Run.ID, "month": q.Month.Format("2006-01"), "data": value})
	}
}

// apiPage answers with the tables of a page's cards, made by the page itself.
func (s *Server) apiPage(p route) gin.HandlerFunc {
	return func(c *gin.Context) {
		q := s.bareQuery(c)
		q.Page, q.isTables = p.id, true
		q.Path = func(name string) string { return c.Query(name) }
		var err error
		switch {
		case !q.Reader.Opens(p.id):
			err = forbidden(q.Reader)
		default:
			err = q.mayUse(pageScope(p.id))
		}
		var a *answer
		if err == nil {
			a, err = s.answer(c, q, p)
		}
		if err == nil && len(a.paid) > 0 { // whatever page it is
			err = q.mayUse("pay")
		}
		if err == nil {
			err = s.logReads(c.Request.Context(), q, a)
		}
		if err != nil {
			s.fail(c, q, err)
			return
		}
		a.send(c)
	}
}

// apiCard is a card's table as data: full precision, null where there is none.
type apiCard struct {
	ID      string      `json:"id"`
	Title   string      `json:"title"`
	About   string      `json:"about,omitempty"`
	Columns []apiColumn `json:"columns"`
	Rows    [][]any     `json:"rows"`
	Empty   string      `json:"empty,omitempty"` // why there are no rows
}

type apiColumn struct {
	Title string `json:"title"`
	Unit  string `json:"unit,omitempty"`
}

// tables writes the cards of a page as JSON.
func (q *Query) tables(page Page) ([]byte, error) {
	cards := []apiCard{}
	for _, c := range page.Cards() {
		if c == nil {
			continue
		}
		card := apiCard{ID: c.ID, Title: c.Title, About: c.Sub, Columns: []apiColumn{}, Rows: [][]any{}}
		if c.State != nil {
			card.Empty = c.State.Title
		}
		for _, column := range c.Table.Columns {
			card.Columns = append(card.Columns, apiColumn{column.Title, column.Unit})
		}
		for _, row := range c.Table.Rows {
			line := make([]any, len(row))
			for i, cell := range row {
				line[i] = cell.Raw
				if at, ok := cell.Raw.(time.Time); ok {
					line[i] = at.Format(time.DateOnly)
				}
			}
			card.Rows = append(card.Rows, line)
		}
		cards = append(cards, card)
	}
	out := map[string]any{"page": q.Page, "title": page.base().Title, "cards": cards}
	if q.Run != nil {
		kind, id := q.Unit()
		out["run"], out["month"], out["unit"] = q.Run.ID, q.Month.Format("2006-01"), map[string]string{"kind": kind, "id": id, "name": q.UnitName()}
	}
	return json.Marshal(out)
}

func writeJSON(c *gin.Context, status int, value any) {
	text, err := json.Marshal(value)
	if err != nil {
		c.Status(http.StatusInternalServerError)
		return
	}
	c.Header("Cache-Control", "private, no-cache")
	c.Data(status, "application/json; charset=utf-8", text)
}

func apiMe(_ context.Context, q *Query) (any, error) {
	scopes := apiScopes
	if q.token != nil {
		scopes = strings.Fields(q.token.Scopes)
	}
	return map[string]any{"name": q.Reader.Name, "role": q.Reader.Role, "rep": q.Reader.RepID, "regions": q.Reader.Regions, "teams": q.Reader.Teams, "scopes": scopes}, nil
}

func apiMonths(_ context.Context, q *Query) (any, error) {
	var all []string
	for _, m := range q.Months {
		all = append(all, m.Format("2006-01"))
	}
	return all, nil
}

var unitKinds = []string{"company", "region", "team", "rep"}

func (q *Query) unitKind() (string, error) {
	kind := q.Params.Get("kind")
	if !slices.Contains(unitKinds, kind) {
		return "", badFilter("api.bad_kind", "value", kind)
	}
	return kind, nil
}

func apiUnits(ctx context.Context, q *Query) (any, error) {
	kind, err := q.unitKind()
	if err != nil {
		return nil, err
	}
	units, err := q.Run.Units(ctx, q.Scope, kind, q.Params.Get("parent"), q.Month)
	all := []map[string]any{}
	for _, u := range units {
		all = append(all, map[string]any{"kind": u.Kind, "id": u.ID, "name": u.Name, "parent_kind": u.ParentKind, "parent_id": u.ParentID, "people": u.NPeople})
	}
	return all, err
}

func apiIndicators(ctx context.Context, q *Query) (any, error) {
	definitions, err := q.Run.Definitions(ctx)
	all := []map[string]any{}
	for _, d := range definitions {
		all = append(all, map[string]any{"id": d.ID, "class": d.Class, "unit": d.Unit, "direction": d.Direction, "title": map[string]string{"en": d.TitleEn, "zh-CN": d.TitleZh}})
	}
	return all, err
}

func apiValues(ctx context.Context, q *Query) (any, error) {
	kind, err := q.unitKind()
	if err != nil {
		return nil, err
	}
	set, err := q.Run.UnitSeries(ctx, q.Scope, kind, q.Params.Get("unit"), "", q.Month, q.Params["indicator"]...)
	if err != nil {
		return nil, err
	}
	all := []map[string]any{}
	units := make([]string, 0, len(set))
	for id := range set {
		units = append(units, id)
	}
	slices.Sort(units)
	for _, id := range units {
		var indicators []string
		for indicator := range set[id] {
			indicators = append(indicators, indicator)
		}
		slices.Sort(indicators)
		for _, indicator := range indicators {
			for _, p := range set[id][indicator] {
				if p.Numerator == nil && p.Denominator == nil {
					continue
				}
				all = append(all, map[string]any{"unit_kind": kind, "unit_id": id, "indicator": indicator, "month": p.Month.Format("2006-01"), "numerator": p.Numerator, "denominator": p.Denominator, "value": p.Value})
			}
		}
	}
	return all, nil
}

func apiExplain(ctx context.Context, q *Query) (any, error) {
	kind, id, err := q.Run.FindUnit(ctx, q.Scope, q.Params.Get("unit"))
	if err != nil {
		return nil, err
	}
	e, err := q.Run.Explain(ctx, q.Scope, analytics.Question{UnitKind: kind, UnitID: id, Indicator: q.Params.Get("indicator"), Month: q.Month, Limit: 1000})
	if err != nil {
		return nil, err
	}
	rows := []map[string]any{}
	for _, r := range e.Rows {
		cells := map[string]*string{}
		for i, name := range e.Columns {
			cells[name] = r.Cells[i]
		}
		rows = append(rows, map[string]any{"file": r.File, "sheet": r.Sheet, "row": r.Row, "numerator": r.Numerator, "denominator": r.Denominator, "cells": cells})
	}
	return map[string]any{"unit_kind": kind, "unit_id": id, "unit_name": e.UnitName, "indicator": e.Definition.Indicator, "formula": map[string]string{"en": e.Definition.FormulaEn, "zh-CN": e.Definition.FormulaZh},
		"numerator": e.Numerator, "denominator": e.Denominator, "value": e.Value, "n_rows": e.NRows, "rows": rows}, nil
}

// openAPI describes the API, from the routes themselves.
func (s *Server) openAPI() map[string]any {
	paths := map[string]any{}
	add := func(path, scope, summary string, params []apiParam) {
		list := []map[string]any{}
		for _, p := range params {
			list = append(list, map[string]any{"name": p.name, "in": "query", "required": p.required, "description": p.about, "schema": map[string]string{"type": "string"}})
		}
		answers := map[string]any{"200": map[string]any{"description": "Done", "content": map[string]any{"application/json": map[string]any{"schema": map[string]string{"type": "object"}}}}}
		for status, about := range map[string]string{"400": "A parameter is wrong; the answer says which", "401": "No token, or one that has ended", "403": "The role or the token's scopes do not allow it", "404": "There is no such thing, or it is not the reader's to see", "429": "Too many requests"} {
			answers[status] = map[string]any{"description": about, "content": map[string]any{"application/json": map[string]any{"schema": map[string]string{"$ref": "#/components/schemas/Error"}}}}
		}
		paths[apiRoot+path] = map[string]any{"get": map[string]any{"summary": summary, "description": "Needs the scope " + scope + ".", "parameters": list, "responses": answers}}
	}
	for _, res := range resources {
		add(res.path, res.scope, res.summary, res.params)
	}
	for _, p := range pages {
		params := []apiParam{monthParam, {"region", "Region by id or name", false}, {"compare", "prev or year", false}}
		if strings.Contains(p.path, ":id") {
			params = append(params, apiParam{"id", "Which one", true})
		}
		add("/pages/"+p.id, pageScope(p.id), "Tables of the page "+p.path, params)
	}
	text := map[string]string{"type": "string"}
	return map[string]any{
		"openapi": "3.1.0",
		"info":    map[string]string{"title": "levelfield", "version": "1", "description": "The data of the dashboard as JSON, behind the same gate: a token sees what its account sees."},
		"paths":   paths,
		"components": map[string]any{
			"securitySchemes": map[string]any{"token": map[string]string{"type": "http", "scheme": "bearer"}},
			"schemas": map[string]any{"Error": map[string]any{"type": "object", "required": []string{"error", "text", "status"},
				"properties": map[string]any{"error": text, "text": text, "status": map[string]string{"type": "integer"}}}},
		},
		"security": []any{map[string]any{"token": []string{}}},
	}
}

// tokenPrefix lets a token be recognised where it was left by mistake.
const tokenPrefix = "lf_"

// newToken makes a token and its hash; 256 random bits need no slow hash.
func newToken() (token, hash string) {
	var b [32]byte
	rand.Read(b[:])
	token = tokenPrefix + base64.RawURLEncoding.EncodeToString(b[:])
	return token, hashToken(token)
}

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// bearer returns the reader of a request's token; nobody where it has none or
// a wrong one.
func (s *Server) bearer(c *gin.Context) (auth.Reader, *store.Token, error) {
	text, ok := strings.CutPrefix(c.GetHeader("Authorization"), "Bearer ")
	if !ok || !strings.HasPrefix(text, tokenPrefix) {
		return auth.Reader{}, nil, nil
	}
	token, err := s.Store.TokenOf(c.Request.Context(), hashToken(text))
	if errors.Is(err, store.ErrNotFound) {
		return auth.Reader{}, nil, nil
	}
	if err != nil {
		return auth.Reader{}, nil, err
	}
	account, err := s.readers.of(c.Request.Context(), s.Store, token.UserID)
	if err != nil || account.IsDisabled {
		return auth.Reader{}, nil, err
	}
	return auth.ReaderOf(*account), token, nil
}

// mostTokenDays is the longest life of a token.
const mostTokenDays = 366

// addToken makes a token for the reader, shown once.
func addToken(ctx context.Context, q *Query) (to, done string, err error) {
	title := strings.TrimSpace(q.Form.Get("title"))
	var scopes []string
	for _, s := range apiScopes {
		if slices.Contains(q.Form["scope"], s) {
			scopes = append(scopes, s)
		}
	}
	var wrong []error
	if title == "" || len(title) > 100 {
		wrong = append(wrong, refused("token.no_title"))
	}
	if scopes == nil {
		wrong = append(wrong, refused("token.no_scope"))
	}
	days, err := parseNumber(q.Form.Get("days"))
	if err != nil || days < 1 || days > mostTokenDays {
		wrong = append(wrong, refused("token.bad_days"))
	}
	if err := q.together(wrong); err != nil {
		return "", "", err
	}
	token, hash := newToken()
	if err := q.store.AddToken(ctx, q.Reader.Name, store.Token{UserID: q.Reader.UserID, Title: title, Scopes: strings.Join(scopes, " "), ExpiresAt: q.Now.AddDate(0, 0, int(days))}, hash); err != nil {
		return "", "", err
	}
	q.server.sessions.Put(ctx, sessionToken, token)
	return "/account", "token.made", nil
}

func revokeToken(ctx context.Context, q *Query) (to, done string, err error) {
	id, err := parseNumber(q.Path("id"))
	if err == nil {
		err = q.store.RevokeToken(ctx, q.Reader.Name, q.Reader.UserID, int64(id))
	}
	if errors.Is(err, store.ErrNotFound) {
		err = notFound(q.URL.Path)
	}
	return "/account", "token.revoked", err
}

// sessionToken holds a token just made until its page is shown.
const sessionToken = "token"
