package stream

import "time"

// SlotsAt are slots of a machine whose clock is off by so much.
func (s *Stream) SlotsAt(off time.Duration) *Slots {
	slots := s.Slots()
	slots.now = func() time.Time { return time.Now().Add(off) }
	return slots
}

// SlotsBucket is where the next free instants are kept.
const SlotsBucket = slotsKV
