package network

// shelf keeps what was used last, between most/2 and most entries. What it drops must be in the state.
type shelf[K comparable, V any] struct {
	most       int
	young, old map[K]V
}

func newShelf[K comparable, V any](most int) *shelf[K, V] {
	return &shelf[K, V]{most: most, young: map[K]V{}}
}

func (s *shelf[K, V]) get(key K) (v V, ok bool) {
	if v, ok = s.young[key]; ok {
		return v, true
	}
	if v, ok = s.old[key]; ok {
		s.young[key] = v
		delete(s.old, key)
	}
	return v, ok
}

func (s *shelf[K, V]) put(key K, v V) {
	delete(s.old, key)
	s.young[key] = v
}

func (s *shelf[K, V]) drop(key K) {
	delete(s.young, key)
	delete(s.old, key)
}

// turn drops what was not used for long, where there is too much. Until it is called nothing is dropped, so that one key stands for one value.
func (s *shelf[K, V]) turn() {
	if len(s.young) > s.most/2 {
		s.old, s.young = s.young, map[K]V{}
	}
}
