package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"image/jpeg"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"varde/internal/picture/alter"
	"varde/internal/picture/recall"
)

// photos writes a ZIP file of made-up pictures.
func photos(t *testing.T, n int) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := range n {
		w, err := z.Create(filepath.ToSlash(filepath.Join("photos", string(rune('a'+i))+".jpg")))
		if err != nil {
			t.Fatal(err)
		}
		if err := jpeg.Encode(w, alter.Page(uint64(i), 320, 240), nil); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := z.Create("photos.csv"); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "photos.zip")
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestEvalPictures(t *testing.T) {
	t.Parallel()
	file := photos(t, 2)
	out, errs, code := program(t, "eval", "pictures", file, "--json")
	if code != 0 {
		t.Fatalf("exit status %d: %s", code, errs)
	}
	var res recall.Table
	if err := json.Unmarshal([]byte(out), &res); err != nil {
		t.Fatal(err)
	}
	pictures := len(alter.All()) + 1
	if res.Photos != 2 || len(res.Rows) != pictures-1 || len(res.Methods) != 5 || res.Pairs != pictures*pictures || res.Methods[0].FalsePairs != 0 {
		t.Errorf("got %d photographs, %d rows, %d pairs, methods %+v", res.Photos, len(res.Rows), res.Pairs, res.Methods)
	}
	if r := res.Rows[0]; r.Recall[0] != 1 || r.Tuned != 1 || r.Held != 1 {
		t.Errorf("pages that were compressed anew are not found: %+v", r)
	}
}

func TestEvalPicturesSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{photos(t, 1): "holds 1 pictures", filepath.Join(t.TempDir(), "none.zip"): "open the photographs"} {
		if _, errs, code := varde(t, "eval", "pictures", file); code == 0 || !strings.Contains(errs, want) {
			t.Errorf("%s: exit status %d: %s", file, code, errs)
		}
	}
}
