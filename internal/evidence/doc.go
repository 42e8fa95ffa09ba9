// Package evidence keeps what sites answered as WARC 1.1 files, so that anybody can prove later what was seen, with public tools.
//
// A set (a crawl target) is a folder. Its files hold one gzip member a record; beside each file NAME.warc.gz stands NAME.warc.gz.idx,
// JSON Lines with the place, the SHA-256 and the name of every record, each line chained to the one before it and each file to the
// file before it. A file that is being written is called NAME.warc.gz.open; a capture always names it by what it will be called.
//
// Promises:
//   - What Sync confirmed is on disk, whole, also after kill -9 and after a power cut.
//   - A record that was written is never changed and never cut. An unfinished one at the end of a file is cut off by the next Open.
//   - Verify finds a byte changed anywhere in a sealed file, its index or a package, and names the record.
//   - Where evidence cannot be written, Append or Sync fails, and works again when it can.
//   - Readers never panic on what strangers wrote, and hold no more than one record in memory.
//
// It knows nothing of sites, ads or crawling, never makes a request, and keeps no secrets: what must not be kept (a token, a picture)
// must not be given to it.
package evidence
