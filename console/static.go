package console

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
)

//go:embed static/*.css static/*.js static/*.svg static/vendor/*.css static/vendor/*.js static/vendor/README.md static/vendor/licences/*.txt
var staticFS embed.FS

// asset is one static file, packed once.
type asset struct {
	kind   string
	plain  []byte
	packed []byte
}

// assets serves static files under names that carry their hash, so that browsers may keep them for good.
type assets struct {
	byName map[string]asset  // "app.1a2b3c4d5e6f.css"
	hashed map[string]string // "app.css" → "/static/app.1a2b3c4d5e6f.css"
}

func newAssets() (*assets, error) {
	a := &assets{byName: map[string]asset{}, hashed: map[string]string{}}
	err := fs.WalkDir(staticFS, "static", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := staticFS.ReadFile(p)
		if err != nil {
			return err
		}
		name := strings.TrimPrefix(p, "static/")
		ext := path.Ext(name)
		sum := sha256.Sum256(data)
		hashed := strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:6]) + ext
		a.hashed[name] = "/static/" + hashed
		a.byName[hashed] = asset{kind: contentType(ext), plain: data, packed: pack(data, gzip.BestCompression)}
		return nil
	})
	return a, err
}

// contentType does not ask the system: its tables differ.
func contentType(ext string) string {
	switch ext {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".txt", ".md":
		return "text/plain; charset=utf-8"
	}
	return mime.TypeByExtension(ext)
}

// url returns the address of a static file; a file that is not there is a mistake in a template, found at start.
func (a *assets) url(name string) (string, error) {
	if u, ok := a.hashed[name]; ok {
		return u, nil
	}
	return "", fmt.Errorf("there is no static file %q", name)
}

func (s *Server) staticFile(w http.ResponseWriter, r *http.Request) error {
	f, ok := s.static.byName[r.PathValue("name")]
	if !ok {
		w.Header().Set("Cache-Control", "no-store")
		http.Error(w, http.StatusText(http.StatusNotFound), http.StatusNotFound)
		return nil
	}
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	send(w, r, http.StatusOK, f.kind, f.plain, f.packed)
	return nil
}

// pack compresses with gzip.
func pack(data []byte, level int) []byte {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, level)
	if err != nil { // only for a level that does not exist
		panic(err)
	}
	if _, err = z.Write(data); err == nil {
		err = z.Close()
	}
	if err != nil { // a bytes.Buffer does not fail
		panic(err)
	}
	return b.Bytes()
}

// send writes one whole answer, packed where the browser takes it and it pays. packed may be nil.
func send(w http.ResponseWriter, r *http.Request, status int, kind string, plain, packed []byte) {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Add("Vary", "Accept-Encoding")
	body := plain
	if len(plain) > 1024 && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		if packed == nil {
			packed = pack(plain, gzip.DefaultCompression)
		}
		h.Set("Content-Encoding", "gzip")
		body = packed
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // an error here means that nobody is there to be told
	}
}
