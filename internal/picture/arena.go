package picture

import "sync"

// arena is the memory of one picture's planes, used again for the next picture: without it most of the time of clearing and collecting memory
// while pictures are hashed is spent on planes. A plane of it holds what the last picture left there until it is written.
type arena struct {
	at   []int32
	used int
	// wanted is how much the picture took, with what did not fit.
	wanted int
}

var arenas = sync.Pool{New: func() any { return new(arena) }}

// release gives the memory back; no plane of the arena may be used any longer.
func (a *arena) release() {
	if a.wanted > len(a.at) {
		a.at = make([]int32, a.wanted)
	}
	a.used, a.wanted = 0, 0
	arenas.Put(a)
}

// take returns room for n values, whatever they are.
func (a *arena) take(n int) []int32 {
	a.wanted += n
	if len(a.at)-a.used < n {
		return make([]int32, n)
	}
	a.used += n
	return a.at[a.used-n : a.used : a.used]
}

func (a *arena) plane(w, h int) *plane { return &plane{w: w, h: h, at: a.take(w * h)} }
