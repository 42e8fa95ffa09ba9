package evidence

import (
	"fmt"
	"strings"
	"time"
)

// readers are the public programs that the package's README names; tests run the very same commands.
const (
	warcioCommand = "npx warcio@2.4.11 index records.warc.gz"
	gowarcCommand = "go run github.com/internetarchive/gowarc/cmd/warc@v0.8.101 verify records.warc.gz"
)

// readme tells somebody who has never heard of this program what a package is and how to check it.
func readme(m *Manifest) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("EVIDENCE PACKAGE")
	line("")
	line("About:     %s", plain(m.Subject))
	line("Made:      %s", m.Made.UTC().Format(time.RFC3339))
	line("Made by:   %s", plain(m.By))
	line("Purpose:   %s", plain(m.Purpose))
	line("Software:  %s", plain(m.Software))
	line("")
	line("1. WHAT THIS IS")
	line("")
	line("This folder holds what a web site answered when it was asked for an advertisement, and what is needed to")
	line("check it. The answers are kept in a file of the international standard for archives of web pages, ISO 28500")
	line("(WARC 1.1). Nothing here needs the program that made it: every check below is done with public tools that")
	line("come from others.")
	line("")
	line("2. WHAT IS IN IT")
	line("")
	wide := 20
	for _, f := range m.Files {
		wide = max(wide, len(f.Name))
	}
	for _, f := range m.Files {
		line("  %-*s  %s", wide, f.Name, f.What)
	}
	line("  %-*s  %s", wide, manifestFile, "all of this in machine-readable form, with the place of each record")
	line("  %-*s  %s", wide, sumsFile, "the SHA-256 of every other file")
	line("")
	checks(line)
	oneRecord(line, m)
	meaning(line)
	return b.String()
}

func checks(line func(string, ...any)) {
	line("3. HOW TO CHECK THAT NOTHING WAS CHANGED")
	line("")
	line("Open a command line in this folder.")
	line("")
	line("a) Every file. Each line must end in OK:")
	line("")
	line("     sha256sum -c SHA256SUMS")
	line("")
	line("   Then compare the SHA-256 of SHA256SUMS itself with the one that was written down when the package was")
	line("   made (it is in the audit log, and was shown to the person who made it):")
	line("")
	line("     sha256sum SHA256SUMS")
	line("")
	line("b) The archive's packing. It must print nothing:")
	line("")
	line("     gzip -t records.warc.gz")
	line("")
	line("c) The archive, with a reader by the Webrecorder project (needs Node.js). It prints a line for each record:")
	line("")
	line("     %s", warcioCommand)
	line("")
	line("d) The digests inside the archive, with a reader by the Internet Archive (needs Go). It must say valid=true:")
	line("")
	line("     %s", gowarcCommand)
	line("")
}

// oneRecord shows how to take a single record out, with the numbers of one that is there.
func oneRecord(line func(string, ...any), m *Manifest) {
	line("4. HOW TO LOOK AT ONE RECORD")
	line("")
	line("The records, with the byte of records.warc.gz at which each begins and its length:")
	line("")
	shown := m.Records[0]
	for _, r := range m.Records {
		line("  %10d %9d  %-9s %s  %s", r.Offset, r.Length, r.Type, r.Date, r.Record)
		if r.URI != "" {
			line("  %10s %9s  %s", "", "", plain(r.URI))
		}
		if r.Asked && !shown.Asked {
			shown = r
		}
	}
	line("")
	line("Record %s as an example. This shows it:", shown.Record)
	line("")
	line("     tail -c +%d records.warc.gz | head -c %d | gunzip", shown.Offset+1, shown.Length)
	line("")
	line("This prints its SHA-256, %s,", shown.SHA256)
	line("the same that was taken when it was captured and that stands in the index of the evidence it was copied from:")
	line("")
	line("     tail -c +%d records.warc.gz | head -c %d | sha256sum", shown.Offset+1, shown.Length)
	line("")
}

func meaning(line func(string, ...any)) {
	line("5. WHAT THE RECORDS MEAN")
	line("")
	line("  warcinfo   which program wrote the records after it")
	line("  request    what was asked of the site; secret keys are left out")
	line("  response   what the site answered, with the time and the address of the computer that answered. The fields of")
	line("             its head stand in order of their names, as HTTP/1.1 writes them whatever the version was. The")
	line("             body is byte for byte what the site sent, compressed where it was sent compressed; only the marks")
	line("             between its pieces (chunked transfer coding) are taken out. Where WARC-Truncated stands in the")
	line("             record's head the body was not kept, or not all of it; of pictures, usually only hashes are kept")
	line("  revisit    the site answered that the page had not changed since an earlier response")
	line("  metadata   what was noted of the exchange: under which authorisation it was made, what the rules of the site")
	line("             for crawlers said, the hash of the certificate that it showed; and the advertisement read from it")
	line("")
	line("Times are in UTC. They are those of the computer that collected; the Date field in a response's head is the")
	line("site's own.")
	line("")
	line("6. WHAT THIS DOES NOT SHOW")
	line("")
	line("The package shows that these bytes have not been changed since they were captured, as far as the sum of")
	line("SHA256SUMS was kept apart from it. It does not show who wrote an advertisement, or that what it says is true.")
}
