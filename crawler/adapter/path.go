package adapter

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// step is one part of a path in a JSON document: a name, an entry of a list, or all of them.
type step struct {
	name  string
	index int
	kind  byte // 'n', 'i' or '*'
}

var paths = memo[[]step]{make: parsePath}

// parsePath reads names parted by points, each perhaps with [n] or [*].
func parsePath(path string) (steps []step, err error) {
	for part := range strings.SplitSeq(path, ".") {
		name, rest, _ := strings.Cut(part, "[")
		if name != "" {
			steps = append(steps, step{name: name, kind: 'n'})
		}
		for _, in := range strings.FieldsFunc(rest, func(r rune) bool { return r == '[' || r == ']' }) {
			if in == "*" {
				steps = append(steps, step{kind: '*'})
				continue
			}
			n, err := strconv.Atoi(in)
			if err != nil {
				return nil, fmt.Errorf("%q is no path", path)
			}
			steps = append(steps, step{index: n, kind: 'i'})
		}
	}
	return steps, nil
}

// along calls yield for each value that paths, parted by commas, lead to, one path after the other, until yield returns false.
func along(root any, list string, yield func(v any, in map[string]any) bool) {
	for path := range strings.SplitSeq(list, ",") {
		steps, err := paths.get(strings.TrimSpace(path))
		if err != nil || len(steps) == 0 { // refused when the target was read
			continue
		}
		if !follow(root, nil, steps, yield) {
			return
		}
	}
}

// follow calls yield for each value that a path leads to, with the object in which its name stands, until yield returns false. A name
// where there is a list is looked for in each entry.
func follow(v any, in map[string]any, steps []step, yield func(v any, in map[string]any) bool) bool {
	list, isList := v.([]any)
	switch {
	case len(steps) == 0 && isList, isList && len(steps) > 0 && steps[0].kind != 'i':
		if len(steps) > 0 && steps[0].kind == '*' {
			steps = steps[1:]
		}
		for _, e := range list {
			if !follow(e, in, steps, yield) {
				return false
			}
		}
		return true
	case len(steps) == 0:
		return v == nil || yield(v, in)
	case isList:
		return steps[0].index >= len(list) || follow(list[steps[0].index], in, steps[1:], yield)
	}
	object, ok := v.(map[string]any)
	if !ok || steps[0].kind != 'n' {
		return true
	}
	child, ok := object[steps[0].name]
	return !ok || follow(child, object, steps[1:], yield)
}

// scalar is a value as a text; an object has none.
func scalar(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}
