package dashboard

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"levelfield/dashboard/i18n"
	"levelfield/dashboard/store"
)

// viewsPage lists the pages that the reader kept with their filters, and keeps
// the one he came from.
type viewsPage struct {
	View
	Finding string
	List    *Card
	Rows    []viewRow
	At      string // address he came from; "" for none
	AtTitle string // what that page is called
	HasMon  bool   // the address names a month
	Typed   string
	MaySave bool
}

// viewRow is one saved view.
type viewRow struct{ Title, URL, Page, At string }

// Cards lists the cards whose tables can be exported.
func (p *viewsPage) Cards() []*Card { return []*Card{p.List} }

func views(ctx context.Context, q *Query) (Page, error) {
	all, err := q.Store().Views(ctx, q.Reader.UserID)
	if err != nil {
		return nil, err
	}
	p := &viewsPage{View: q.view("views"), Typed: q.Typed("title", ""), MaySave: q.Reader.By == ""}
	p.Title, p.Filters = q.Lang.T("nav.views"), nil
	if at, id := q.viewable(q.Typed("at", q.Params.Get("at")), false); at != "" {
		p.At, p.AtTitle = at, q.pageTitle(id)
		u, err := url.Parse(at)
		p.HasMon = err == nil && u.Query().Has("month")
	}
	c := &Card{ID: "views", Title: q.Lang.T("views.list"), Sub: q.Lang.T("views.list_sub")}
	c.Table.Columns = []Column{{Title: q.Lang.T("views.name")}, {Title: q.Lang.T("views.page")}, {Title: q.Lang.T("export.address")}, {Title: q.Lang.T("views.at")}}
	for _, v := range all {
		row := viewRow{Title: v.Title, URL: v.Address, Page: q.Lang.T("dash"), At: q.Lang.Day(v.SavedAt.Local())}
		if _, id := q.viewable(v.Address, false); id != "" {
			row.Page = q.pageTitle(id)
		}
		p.Rows = append(p.Rows, row)
		c.Table.Rows = append(c.Table.Rows, []Cell{text(row.Title), text(row.Page), text(row.URL), text(row.At)})
	}
	p.Finding = q.Lang.T("views.finding", "n", len(all))
	if len(all) == 0 {
		p.Finding = q.Lang.T("views.finding_none")
		c.State = &State{"empty", q.Lang.T("views.none"), q.Lang.T("views.none_text"), nil}
	}
	p.List = q.card(c)
	return p, nil
}

// viewable returns an address as it can be kept, with the page it opens: a page
// of this site that is in the navigation and that the reader's role may open.
// What is only of this moment (language, theme, an export) is left out, and the
// month where the latest is wanted. It returns "" for any other address.
func (q *Query) viewable(address string, latest bool) (clean, page string) {
	u, err := url.Parse(address)
	if err != nil || address == "" || within(address) != address {
		return "", ""
	}
	for id, pattern := range pagePaths {
		if fits(pattern, u.Path) && q.Reader.Opens(id) && (page == "" || pattern == u.Path) && !slices.Contains([]string{"views", "object", "appeal"}, id) {
			page = id
		}
	}
	if page == "" {
		return "", ""
	}
	v := u.Query()
	for _, name := range []string{"lang", "theme", "card", "as"} {
		v.Del(name)
	}
	if latest {
		v.Del("month")
	}
	return encode(u.EscapedPath(), v, nil), page
}

// pageTitle is what a kind of page is called.
func (q *Query) pageTitle(id string) string {
	if key := "views.page_" + id; i18n.Has(key) {
		return q.Lang.T(key)
	}
	return q.Lang.T("nav." + id)
}

// fits reports whether a path fits a route's pattern.
func fits(pattern, path string) bool {
	want, got := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return false
	}
	for i := range want {
		if want[i] != got[i] && !(strings.HasPrefix(want[i], ":") && got[i] != "") {
			return false
		}
	}
	return true
}

// mostViewTitle is the longest name of a view, in characters.
const mostViewTitle = 60

// saveView keeps the page that the reader came from under a name.
func saveView(ctx context.Context, q *Query) (to, done string, err error) {
	if q.Reader.By != "" {
		return "", "", forbidden(q.Reader)
	}
	title := strings.TrimSpace(q.Form.Get("title"))
	at, _ := q.viewable(q.Form.Get("at"), q.Form.Get("latest") == "yes")
	var wrong []error
	if title == "" || utf8.RuneCountInString(title) > mostViewTitle {
		wrong = append(wrong, refused("views.bad_title", "n", mostViewTitle))
	}
	if at == "" {
		wrong = append(wrong, refused("views.bad_address"))
	}
	if err := q.together(wrong); err != nil {
		return "", "", err
	}
	err = q.Store().SaveView(ctx, q.Reader.Name, q.Reader.UserID, title, at)
	if errors.Is(err, store.ErrFull) {
		err = refused("views.full", "n", store.MostViews)
	}
	return at, "views.kept", err
}

// deleteView forgets a view of the reader.
func deleteView(ctx context.Context, q *Query) (to, done string, err error) {
	if q.Reader.By != "" {
		return "", "", forbidden(q.Reader)
	}
	err = q.Store().DeleteView(ctx, q.Reader.Name, q.Reader.UserID, q.Form.Get("title"))
	if errors.Is(err, store.ErrNotFound) {
		err = refused("views.gone")
	}
	return encode("/views", url.Values{}, []string{"at", within(q.Form.Get("at"))}), "views.deleted", err
}
