// Package query turns what people type into words, phrases, fields and phone numbers, and holds the words of asking and
// answering. It knows nothing of how the index keeps things.
//
// It promises that whatever is typed becomes a query, that a phone is a phone in every spelling, and that the query as
// understood can be shown. It never fails and never takes more than a fixed number of terms.
package query
