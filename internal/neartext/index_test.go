package neartext_test

import (
	"cmp"
	"slices"

	"varde/internal/neartext"
)

// stage is what a linker does with texts: it finds those that are alike and joins them, with an index in memory.
type stage struct {
	least    float64
	sketches []neartext.Sketch
	names    []string // the hashes
	number   map[string]int32
	parent   []int32
	first    map[uint64]int32 // the one text of a key, or the number of its list, counted from -1 down
	lists    [][]int32
	compared int
	alike    int
}

func newStage(least float64) *stage {
	return &stage{least: least, number: map[string]int32{}, first: map[uint64]int32{}}
}

func (s *stage) root(n int32) int32 {
	for s.parent[n] != n {
		s.parent[n] = s.parent[s.parent[n]]
		n = s.parent[n]
	}
	return n
}

// add takes a text and returns its number; the same words have the same one.
func (s *stage) add(name string, k neartext.Sketch) int32 {
	if n, known := s.number[name]; known {
		return n
	}
	n := int32(len(s.sketches))
	s.number[name] = n
	s.sketches, s.names, s.parent = append(s.sketches, k), append(s.names, name), append(s.parent, n)
	for _, key := range k.Keys() {
		members, known := s.first[key]
		switch {
		case !known:
			s.first[key] = n
			continue
		case members >= 0:
			s.lists = append(s.lists, []int32{members})
			members = int32(-len(s.lists))
			s.first[key] = members
		}
		list := &s.lists[-1-members]
		for _, other := range *list {
			s.compare(n, other)
		}
		at, _ := slices.BinarySearchFunc(*list, name, func(m int32, name string) int { return cmp.Compare(s.names[m], name) })
		if at < neartext.Speakers {
			*list = slices.Insert(*list, at, n)
			*list = (*list)[:min(len(*list), neartext.Speakers)]
		}
	}
	return n
}

func (s *stage) compare(a, b int32) {
	ra, rb := s.root(a), s.root(b)
	if ra == rb {
		return
	}
	s.compared++
	if neartext.Alike(s.sketches[a], s.sketches[b], s.least) {
		s.alike++
		s.parent[max(ra, rb)] = min(ra, rb)
	}
}
