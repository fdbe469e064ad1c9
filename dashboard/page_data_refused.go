package dashboard

import (
	"errors"
	"io/fs"
	"mime"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"levelfield/analytics"
)

const (
	refusedFolder  = "lake/refused/"  // of marked copies, below the workspace
	refusedAddress = "/data/refused/" // where they can be fetched
	refusedShown   = 100              // rows shown of one copy; the copy has them all
)

// RefusedRow is a row of an export that was not loaded.
type RefusedRow struct {
	Sheet  string // "" for text files
	Row    int64  // in the person's own file
	Column string // what is wrong where
	Reason string
}

// refusedCard lists the refused rows with their reasons and offers the marked
// copies.
type refusedCard struct {
	*Card
	Files []refusedFile
}

type refusedFile struct {
	Name   string
	Count  string
	Copies []Choice
	Rows   []RefusedRow
	More   string // rows that are only in the copy
	Failed string // why the rows cannot be shown
}

func (q *Query) refusedCard(loads []analytics.LoadLine, entity string) refusedCard {
	c := refusedCard{Card: &Card{ID: "refused", Sub: q.Lang.T("refused.sub")}}
	c.Table.Columns = []Column{{Title: q.Lang.T("loads.file")}, {Title: q.Lang.T("loads.sheet")}, {Title: q.Lang.T("refused.row"), Numeric: true}, {Title: q.Lang.T("refused.column")}, {Title: q.Lang.T("refused.reason")}}
	var total int64
	seen := map[string]bool{}
	for _, l := range loads {
		if l.Refused == 0 || entity != "" && l.Entity != entity {
			continue
		}
		total += l.Refused
		if seen[l.RefusedPath] {
			continue
		}
		seen[l.RefusedPath] = true
		f := refusedFile{Name: path.Base(l.File), Copies: q.copies(l)}
		n := l.Refused
		for _, other := range loads { // tables of one file share its copy
			if other.RefusedPath == l.RefusedPath && (other.Sheet != l.Sheet || other.Entity != l.Entity || other.File != l.File) {
				n += other.Refused
			}
		}
		f.Count = q.Lang.T("refused.n", "n", q.Lang.Count(n))
		var shown int64
		for _, name := range refusedCopies(l) {
			rows, err := q.refusedRows(name)
			if err != nil {
				f.Failed = q.Lang.T("refused.unread", "name", path.Base(name))
				continue
			}
			for _, r := range rows {
				r.Reason = q.reasons(r.Reason)
				if r.Column == "" {
					r.Column = q.Lang.T("dash")
				}
				f.Rows = append(f.Rows, r)
				c.Table.Rows = append(c.Table.Rows, []Cell{text(path.Base(l.File)), text(r.Sheet), whole(r.Row), text(r.Column), text(r.Reason)})
				shown++
			}
		}
		if f.Failed == "" && shown < n {
			f.More = q.Lang.T("refused.more", "n", q.Lang.Count(n-shown))
		}
		c.Files = append(c.Files, f)
	}
	if total == 0 {
		c.Title = q.Lang.T("refused.none")
		c.State = &State{"empty", q.Lang.T("names.nothing_to_do"), q.Lang.T("refused.none_text"), nil}
	} else {
		c.Title = q.Lang.T("refused.title", "n", q.Lang.Count(total), "files", len(c.Files))
	}
	q.card(c.Card)
	return c
}

// refusedRows reads the first rows of a marked copy.
func (q *Query) refusedRows(name string) ([]RefusedRow, error) {
	if q.ReadRefused == nil {
		return nil, nil
	}
	return q.ReadRefused(filepath.Join(q.Dir, filepath.FromSlash(name)), refusedShown)
}

// refusedCopies lists the marked copies that a load names, below the
// workspace. Names that lead elsewhere are none.
func refusedCopies(l analytics.LoadLine) []string {
	all := strings.Split(l.RefusedPath, ", ")
	if file, ok := strings.CutPrefix(l.RefusedPath, refusedFolder); ok && !strings.Contains(file, "/") {
		all = []string{l.RefusedPath} // one copy, whatever commas its name has
	}
	return slices.DeleteFunc(all, func(name string) bool {
		file, ok := strings.CutPrefix(name, refusedFolder)
		return !ok || file == "" || strings.ContainsAny(file, `/\`) || !filepath.IsLocal(file)
	})
}

// refusedCopy answers with a marked copy, if a load that the reader may see
// names it. Every other name is not found, whatever it leads to.
func (s *Server) refusedCopy(c *gin.Context) {
	q, done, err := s.query(c)
	defer done()
	if err != nil {
		s.fail(c, q, err)
		return
	}
	loads, err := q.Run.Loads(c.Request.Context(), q.Scope)
	if err != nil {
		s.fail(c, q, err)
		return
	}
	wish := refusedFolder + c.Param("name")
	if !slices.ContainsFunc(loads, func(l analytics.LoadLine) bool { return slices.Contains(refusedCopies(l), wish) }) {
		s.fail(c, q, notFound(c.Request.URL.Path))
		return
	}
	// The root keeps links inside the workspace from leading out of it.
	root, err := os.OpenRoot(s.Dir)
	if err != nil {
		s.fail(c, q, err)
		return
	}
	defer root.Close()
	f, err := root.Open(filepath.FromSlash(wish))
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) { // such as a link that leads out
			s.log.Warn("marked copy not opened", "file", wish, "error", err)
		}
		s.fail(c, q, &problem{http.StatusNotFound, "error.not_found", "refused.gone", []any{"name", path.Base(wish)}})
		return
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		s.fail(c, q, err)
		return
	}
	kind := mime.TypeByExtension(path.Ext(wish))
	if path.Ext(wish) != ".xlsx" {
		kind = "application/octet-stream" // in the encoding of the person's own file
	}
	c.Header("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(path.Base(wish)))
	c.Header("Cache-Control", "private, no-cache")
	c.DataFromReader(http.StatusOK, info.Size(), kind, f, nil)
}
