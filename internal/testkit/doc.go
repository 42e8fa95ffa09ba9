// Package testkit holds what tests of several packages drive: a real PostgreSQL server, a real NATS server and a real
// browser.
//
// It promises that what it starts is gone when the test program is, however that ends, and that a test fails with how
// to install what is missing instead of passing without it. It never stops a process that it did not start, and nothing
// but tests may import it.
package testkit
