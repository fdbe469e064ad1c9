package dashboard

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/gin-gonic/gin"
)

// assets serves styles and scripts under addresses that hold their hash, so
// browsers may keep them for good.
type assets struct {
	byName map[string]string // "shared/theme.css" -> address
	byURL  map[string]*asset
}

type asset struct {
	body []byte
	kind string
	tag  string
	packed
}

func loadAssets(files fs.FS) (*assets, error) {
	a := &assets{byName: map[string]string{}, byURL: map[string]*asset{}}
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		ext := path.Ext(name)
		if err != nil || d.IsDir() || ext != ".css" && ext != ".js" && ext != ".svg" {
			return err
		}
		body, err := fs.ReadFile(files, name)
		if err != nil {
			return fmt.Errorf("asset %s: %w", name, err)
		}
		sum := sha256.Sum256(body)
		hash := hex.EncodeToString(sum[:6])
		url := "/assets/" + strings.TrimSuffix(name, ext) + "." + hash + ext
		a.byName[name] = url
		a.byURL[url] = &asset{body: body, kind: mime.TypeByExtension(ext), tag: `"` + hash + `"`}
		return nil
	})
	return a, err
}

// url returns the address of a file under web/; an unknown name is an error in
// the template.
func (a *assets) url(name string) (string, error) {
	if url, ok := a.byName[name]; ok {
		return url, nil
	}
	return "", fmt.Errorf("no asset %s", name)
}

func (a *assets) exists(name string) bool { _, ok := a.byName[name]; return ok }

func (a *assets) serve(c *gin.Context) {
	file, ok := a.byURL[c.Request.URL.Path]
	if !ok {
		c.String(http.StatusNotFound, "no such file\n")
		return
	}
	h := c.Writer.Header()
	h.Set("Content-Type", file.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("ETag", file.tag)
	if c.GetHeader("If-None-Match") == file.tag {
		c.Status(http.StatusNotModified)
		return
	}
	body := file.body
	if encoding := acceptedEncoding(c.GetHeader("Accept-Encoding")); encoding != "" {
		h.Set("Content-Encoding", encoding)
		h.Set("Vary", "Accept-Encoding")
		body = file.pack(encoding, file.body)
	}
	c.Status(http.StatusOK)
	c.Writer.Write(body)
}
