package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"varde/internal/eval"
)

func TestEvalLabelled(t *testing.T) {
	t.Parallel()
	each, data := filepath.Join(t.TempDir(), "each.jsonl"), filepath.Join(t.TempDir(), "data")
	args := []string{"eval", "--data", data, "--labelled", "testdata/labelled.csv", "--mapping", "emscad_dev", "--label", "fraudulent", "--group", "cluster"}
	out, errs, code := varde(t, append(args, "--each", each, "--json")...)
	if code != 0 || !strings.Contains(errs, "1 rows could not be read") {
		t.Fatalf("exit status %d: %s", code, errs)
	}
	var res labelledResult
	if err := json.Unmarshal([]byte(out), &res); err != nil {
		t.Fatal(err)
	}
	if res.Ads != 6 || res.Rejected != 1 || res.All.AveragePrecision != 1 || res.All.Recall != 1 || res.All.Groups != 5 {
		t.Errorf("got %+v", res)
	}
	if d, x := res.Halves[eval.Development], res.Halves[eval.Test]; d.Ads != 4 || x.Ads != 2 || x.Positives != 1 {
		t.Errorf("halves %+v and %+v", d, x)
	}
	told, err := os.ReadFile(each)
	if err != nil {
		t.Fatal(err)
	}
	if text := string(told); strings.Count(text, "\n") != 4 || !strings.Contains(text, "J05: We keep your passport") || strings.Contains(text, "Travel at once") {
		t.Errorf("--each tells %s", text)
	}
	if _, err := os.Stat(data); !os.IsNotExist(err) {
		t.Errorf("the record was touched: %v", err)
	}
	out, _, _ = varde(t, args...)
	for _, want := range []string{"development ", "test ", "both ", "J05               2/0            0/0"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in\n%s", want, out)
		}
	}
}

func TestEvalLabelledSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{"eval"}, "one of --gold FILE, --labelled FILE and --simulated ADS"},
		{[]string{"eval", "--simulated", "-5"}, "--simulated is a number of ads above 0, not -5"},
		{[]string{"eval", "--simulated", "many"}, `wrong use: --simulated takes a whole number, not "many"; see`},
		{[]string{"eval", "--gold", "a", "--labelled", "b"}, "one of --gold FILE, --labelled FILE and --simulated ADS"},
		{[]string{"eval", "--labelled", "testdata/labelled.csv"}, "name a mapping"},
		{[]string{"eval", "--labelled", "testdata/labelled.csv", "--mapping", "emscat"}, `or a file, not "emscat"`},
		{[]string{"eval", "--labelled", "main.go", "--mapping", "emscad_dev"}, "main.go: "},
		{[]string{"eval", "--labelled", "testdata/labelled.csv", "--mapping", "emscad_dev", "--rate", "1"}, "--rate lies between"},
		{[]string{"eval", "--labelled", "testdata/labelled.csv", "--mapping", "emscad_dev"}, `no column "label"`},
		{[]string{"eval", "--labelled", "testdata/nothing.csv", "--mapping", "emscad_dev"}, "read the labelled ads"},
	} {
		if _, errs, code := varde(t, tt.args...); code == 0 || !strings.Contains(errs, tt.want) {
			t.Errorf("%v: exit status %d, %q, want %q", tt.args, code, errs, tt.want)
		}
	}
}
