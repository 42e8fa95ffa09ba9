package fetch

import "time"

// Limits of one answer. The zero value means the defaults.
type Limits struct {
	// Bytes is the largest body, on the wire and unpacked, 8 MiB by default.
	Bytes int64
	// Ratio is by how much unpacking may make a body larger, 100 by default. What unpacks to less than a mebibyte is not judged by it.
	Ratio int64
	// Timeout bounds one request from connecting to the last byte, 30 s by default.
	Timeout time.Duration
	// Grace is how long a body may come slowly, 10 s by default. From then on it must have come with Speed bytes a second since it began,
	// 1024 by default.
	Grace time.Duration
	Speed int64
	// Redirects is the most hops, 5 by default.
	Redirects int
	// Patience is the longest wait that Get itself keeps for a busy site before it asks again, 3 s by default. A longer one is the
	// caller's, as Refusal.Again.
	Patience time.Duration
}

func (l Limits) complete() Limits {
	byDefault(&l.Bytes, 8<<20)
	byDefault(&l.Ratio, 100)
	byDefault(&l.Timeout, 30*time.Second)
	byDefault(&l.Grace, 10*time.Second)
	byDefault(&l.Speed, 1024)
	byDefault(&l.Redirects, 5)
	byDefault(&l.Patience, 3*time.Second)
	return l
}

func byDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

const (
	// freeRatio is what any body may unpack to: small ones that say the same thing over and over pack better than pages do.
	freeRatio = 1 << 20
	// mostAside bounds the body of an answer that is no page, such as an error or a redirect.
	mostAside = 512 << 10
	// mostAgain bounds what a site can ask us to wait: beyond a day it says nothing that we could plan by.
	mostAgain = 24 * time.Hour
)
