package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Problem is one thing wrong with a file that a person edits: where it is, which field, and what to do.
type Problem struct {
	File  string
	Line  int
	Field string
	Text  string
}

// Error prints "file:line: field: text", the form editors can jump to.
func (p *Problem) Error() string {
	where := p.File
	if p.Line > 0 {
		where += ":" + strconv.Itoa(p.Line)
	}
	if p.Field != "" {
		return where + ": " + p.Field + ": " + p.Text
	}
	return where + ": " + p.Text
}

// Problems are all that is wrong with one file, in the order of its lines.
type Problems []*Problem

// Error prints one problem a line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// Validator is implemented by what Strict fills. It reports each broken rule with the field's path as written in the
// file ("limits.rate", "start.0") and a text that says the rule; Strict adds file and line. A missing field is a broken
// rule like any other, and is given the line of the nearest thing that is there.
type Validator interface {
	Validate(report func(field, text string))
}

// Strict reads one YAML document into v. Unknown fields, repeated fields, wrong types and broken rules are all
// reported, each with its line; the error is then of type Problems.
func Strict(file string, data []byte, v Validator) error {
	var root yaml.Node
	if err := yaml.Unmarshal(data, &root); err != nil {
		return yamlProblems(file, err)
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	var ps Problems
	if err := dec.Decode(v); err != nil && !errors.Is(err, io.EOF) {
		ps = yamlProblems(file, err)
	}
	if more := (yaml.Node{}); dec.Decode(&more) == nil {
		ps = append(ps, &Problem{File: file, Line: more.Line, Text: "a second document (after ---) is not read; put everything into one"})
	}
	v.Validate(func(field, text string) {
		ps = append(ps, &Problem{File: file, Line: lineOf(&root, field), Field: field, Text: text})
	})
	if len(ps) == 0 {
		return nil
	}
	slices.SortStableFunc(ps, func(a, b *Problem) int { return a.Line - b.Line })
	return ps
}

var (
	yamlLine    = regexp.MustCompile(`^(?:yaml: )?line (\d+): (.*)$`)
	yamlUnknown = regexp.MustCompile(`^field (\S+) not found in type .*$`)
	yamlType    = regexp.MustCompile(`^cannot unmarshal \S+ (.*) into (\S+)$`)
)

// yamlProblems turns the YAML library's messages, which name Go types, into ones that name the field.
func yamlProblems(file string, err error) Problems {
	texts := []string{err.Error()}
	var te *yaml.TypeError
	if errors.As(err, &te) {
		texts = te.Errors
	}
	var ps Problems
	for _, t := range texts {
		p := &Problem{File: file, Text: strings.TrimPrefix(t, "yaml: ")}
		if m := yamlLine.FindStringSubmatch(t); m != nil {
			p.Line, _ = strconv.Atoi(m[1])
			p.Text = m[2]
		}
		if m := yamlUnknown.FindStringSubmatch(p.Text); m != nil {
			p.Field, p.Text = m[1], "unknown field; check its spelling, or remove it"
		} else if m := yamlType.FindStringSubmatch(p.Text); m != nil {
			p.Text = fmt.Sprintf("%s is not a %s", m[1], plainType(m[2]))
		}
		ps = append(ps, p)
	}
	return ps
}

func plainType(goType string) string {
	switch {
	case strings.HasPrefix(goType, "int"), strings.HasPrefix(goType, "uint"):
		return "whole number"
	case strings.HasPrefix(goType, "float"):
		return "number"
	case goType == "bool":
		return "true or false"
	case strings.HasPrefix(goType, "[]"):
		return "list"
	case goType == "time.Duration":
		return "duration such as 10s, 5m or 2h"
	case goType == "string":
		return "text"
	}
	return "valid value here"
}

// lineOf finds the line of a field's path, or of the deepest part of the path that exists.
func lineOf(root *yaml.Node, path string) int {
	n := root
	if n.Kind == yaml.DocumentNode && len(n.Content) > 0 {
		n = n.Content[0]
	}
	line := max(n.Line, 1)
	for _, part := range strings.Split(path, ".") {
		next, at := child(n, part)
		if next == nil {
			return line
		}
		n, line = next, at
	}
	return line
}

func child(n *yaml.Node, part string) (*yaml.Node, int) {
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == part {
				return n.Content[i+1], n.Content[i].Line
			}
		}
	case yaml.SequenceNode:
		if i, err := strconv.Atoi(part); err == nil && i >= 0 && i < len(n.Content) {
			return n.Content[i], n.Content[i].Line
		}
	}
	return nil, 0
}
