package dashboard

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/gin-gonic/gin"
)

// acceptedEncoding returns "br", "gzip" or "" by an Accept-Encoding header.
func acceptedEncoding(header string) string {
	best := ""
	for part := range strings.SplitSeq(header, ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.HasSuffix(weight, "q=0") {
			continue
		}
		switch name {
		case "br":
			return "br"
		case "gzip":
			best = "gzip"
		}
	}
	return best
}

func encoder(w io.Writer, encoding string, level int) io.WriteCloser {
	if encoding == "br" {
		return brotli.NewWriterLevel(w, level)
	}
	z, _ := gzip.NewWriterLevel(w, level) // the level is one of ours, below 10
	return z
}

// packed keeps a file's compressed forms, each made once.
type packed struct {
	mu    sync.Mutex
	forms map[string][]byte
}

func (p *packed) pack(encoding string, body []byte) []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	if form, ok := p.forms[encoding]; ok {
		return form
	}
	var b bytes.Buffer
	w := encoder(&b, encoding, 5)
	w.Write(body)
	w.Close()
	if p.forms == nil {
		p.forms = map[string][]byte{}
	}
	p.forms[encoding] = b.Bytes()
	return b.Bytes()
}

// compress encodes pages and exports. Files under /assets/ are kept compressed
// and pass through.
func compress(c *gin.Context) {
	encoding := acceptedEncoding(c.GetHeader("Accept-Encoding"))
	if encoding == "" || c.Request.Method == http.MethodHead || strings.HasPrefix(c.Request.URL.Path, "/assets/") {
		c.Next()
		return
	}
	w := &compressed{ResponseWriter: c.Writer, encoding: encoding}
	c.Writer = w
	defer w.finish()
	c.Next()
}

// isText reports whether a kind of content gets smaller.
func isText(kind string) bool {
	return strings.HasPrefix(kind, "text/") || strings.HasPrefix(kind, "application/json")
}

// compressed starts its encoder with the first byte of text; other kinds of
// content, already packed, pass through.
type compressed struct {
	gin.ResponseWriter
	encoding string
	started  bool
	enc      io.WriteCloser
}

func (w *compressed) Write(p []byte) (int, error) {
	if !w.started {
		w.started = true
		h := w.Header()
		if isText(h.Get("Content-Type")) && h.Get("Content-Encoding") == "" {
			h.Add("Vary", "Accept-Encoding")
			h.Set("Content-Encoding", w.encoding)
			h.Del("Content-Length")
			w.enc = encoder(w.ResponseWriter, w.encoding, 4)
		}
	}
	if w.enc != nil {
		return w.enc.Write(p)
	}
	return w.ResponseWriter.Write(p)
}

func (w *compressed) WriteString(s string) (int, error) { return w.Write([]byte(s)) }

func (w *compressed) finish() {
	if w.enc != nil {
		w.enc.Close()
	}
}
