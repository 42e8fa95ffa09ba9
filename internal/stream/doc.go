// Package stream carries sightings, findings and wake-ups between Varde's parts over NATS JetStream, and is the only
// door to it. The server runs inside the process, or outside and is reached by URL; the code after Open is the same.
//
// It promises: when Publish returns without error, every message is on disk (sync always) and in the order given;
// a message id published twice within two minutes is kept once; Run gives every message to the handler at least
// once, publishes what the handler made of it before acknowledging it, and in the order in which it came; a message
// that cannot be processed is set aside in the dead-letter stream with its reason, which is on disk before the
// message is let go, and can be put back. A message leaves the stream in no other way.
//
// It never: is the only copy of anything for good (JetStream does not survive every damage to its files; the record
// is the store), interprets a message, drops a message because a limit is reached (publishers wait instead), or
// listens on an address that other machines can reach.
//
// A message may be handled twice (a process killed between effect and acknowledgement), so handlers are idempotent.
// Order is broken only by what failed: a message that is tried again comes after those that overtook it. After a
// crash an embedded stream hands out what was in work at once and first; an outside one after AckWait.
package stream
