// Package store is the record: every ad with its versions, what linking made of them, what changed, and who may sign in.
// It is the only door to SQL, on SQLite in the data folder or on PostgreSQL, with one schema and one set of queries.
//
// It promises that a commit is there whole or not at all, and on disk when Commit returns; that a finding delivered
// again changes nothing; that the record does not depend on the order in which sightings arrive; that change numbers
// have no gaps and are seen in their order; and that a former id of a network leads to what the network became.
//
// It never interprets ads, never scores, and never opens a database that a newer program wrote. Times are kept to the
// nanosecond, because the ids of networks rest on the order of sightings. All methods may be called at the same time.
package store
