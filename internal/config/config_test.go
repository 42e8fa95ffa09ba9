package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"varde/configs"
	"varde/internal/config"
)

func TestDefaultsAreValid(t *testing.T) {
	v, err := config.Load(configs.FS, "")
	if err != nil {
		t.Fatal(err)
	}
	if v.Region != "NO" || v.Linking.HubAds == 0 || v.Stream.Tries == 0 {
		t.Errorf("defaults are incomplete: %+v", v)
	}
	ms, err := config.Mappings(configs.FS)
	if err != nil || len(ms) == 0 {
		t.Errorf("%d mappings, %v", len(ms), err)
	}
}

func TestFileOverlaysDefaults(t *testing.T) {
	path := filepath.Join(t.TempDir(), "v.yaml")
	if err := os.WriteFile(path, []byte("region: SE\nlinking:\n  hub_ads: 99\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	v, err := config.Load(configs.FS, path)
	if err != nil || v.Region != "SE" || v.Linking.HubAds != 99 || v.Linking.HubPhones == 0 {
		t.Errorf("%+v, %v", v, err)
	}
}

func TestMistakesNameLineAndField(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"unknown field", "region: NO\nconsole:\n  listn: a\n", "v.yaml:3: listn: unknown field"},
		{"broken rule", "region: NO\nstream:\n  tries: 50\n", "v.yaml:3: stream.tries: 50 lies outside"},
		{"no country", "region: ZZ\n", "v.yaml:1: region:"},
		{"a second document", "region: NO\n---\nregion: SE\n", "v.yaml:2: a second document"},
		{"wrong type", "linking:\n  hub_ads: many\n", "v.yaml:2:"},
		{"repeated field", "region: NO\nregion: SE\n", "v.yaml:2:"},
		{"no YAML", "region: [\n", "v.yaml:"},
		{"two at once, the first line first", "regio: NO\nstream:\n  tries: 0\n", "v.yaml:1: regio: unknown field"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "v.yaml")
			if err := os.WriteFile(path, []byte(tt.in), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := config.Load(configs.FS, path)
			if err == nil {
				t.Fatal("accepted")
			}
			if got := strings.TrimPrefix(err.Error(), filepath.Dir(path)+"/"); !strings.HasPrefix(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

type whole struct {
	Name  string `yaml:"name"`
	Parts []struct {
		Size int `yaml:"size"`
	} `yaml:"parts"`
}

func (w *whole) Validate(report func(field, text string)) {
	if w.Name == "" {
		report("name", "required")
	}
	for i := range w.Parts {
		if w.Parts[i].Size == 0 {
			report("parts."+string(rune('0'+i))+".size", "required")
		}
	}
}

func TestMissingFieldsAreGivenTheNearestLine(t *testing.T) {
	err := config.Strict("w.yaml", []byte("parts:\n  - size: 1\n  - {}\n"), &whole{})
	want := "w.yaml:1: name: required\nw.yaml:3: parts.1.size: required"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func FuzzStrict(f *testing.F) {
	f.Add("name: a\nparts: [{size: 1}]")
	f.Add("a: &a [*a]")
	f.Fuzz(func(t *testing.T, in string) {
		w := &whole{}
		if err := config.Strict("w.yaml", []byte(in), w); err == nil && w.Name == "" {
			t.Error("a broken rule was accepted")
		}
	})
}
