package console

import (
	"net/http"
	"strconv"
	"strings"

	"varde/internal/target"
)

func plainNumber(n int) string { return strconv.Itoa(n) }

// diffLine is one line of a difference. Kind is "+", "-" or " "; Folded counts lines of both that are not shown.
type diffLine struct {
	Kind   string
	Text   []part
	Folded int
}

// diffView is what one version changes of another.
type diffView struct {
	// From and To are the versions' numbers.
	From, To int
	// Approved says that From is the one that was approved last.
	Approved bool
	Lines    []diffLine
	Added    int
	Removed  int
}

// mostLines bounds how many lines of a file are shown: a target's file has less than a hundred.
const mostLines = 5000

func newDiff(from, to target.Version, approved bool) *diffView {
	v := &diffView{From: from.Number, To: to.Number, Approved: approved}
	all := target.Diff(from, to)
	all = all[:min(len(all), mostLines)]
	near := nearChange(all)
	for i, d := range all {
		if !near[i] {
			if last := len(v.Lines) - 1; last >= 0 && v.Lines[last].Folded > 0 {
				v.Lines[last].Folded++
			} else {
				v.Lines = append(v.Lines, diffLine{Folded: 1})
			}
			continue
		}
		line := diffLine{Kind: string(d.Kind), Text: unseenParts(short(d.Text, 2000), part{})}
		switch line.Kind {
		case "+":
			v.Added++
		case "-":
			v.Removed++
		}
		v.Lines = append(v.Lines, line)
	}
	return v
}

const (
	// aroundChange is how many lines before and after a change are shown, fewFolded how many in a row are shown rather than counted.
	aroundChange = 3
	fewFolded    = 4
)

// nearChange says of each line whether it is changed or stands near one that is.
func nearChange(all []target.DiffLine) []bool {
	near := make([]bool, len(all))
	for i, d := range all {
		if d.Kind == ' ' {
			continue
		}
		for j := max(0, i-aroundChange); j <= min(i+aroundChange, len(all)-1); j++ {
			near[j] = true
		}
	}
	for i, from := 0, 0; i <= len(all); i++ { // to fold fewer than fewFolded lines away hides more than it saves
		if i < len(all) && !near[i] {
			continue
		}
		if i-from < fewFolded {
			for j := from; j < i; j++ {
				near[j] = true
			}
		}
		from = i + 1
	}
	return near
}

// fileLine is one line of a file with what is wrong with it.
type fileLine struct {
	N    int
	Text []part
	// Wrong marks a line that a problem names.
	Wrong bool
}

// fileLines numbers the lines of a file.
func fileLines(text string, wrong map[int]bool) (lines []fileLine) {
	for i, t := range strings.Split(strings.TrimSuffix(strings.ReplaceAll(text, "\r\n", "\n"), "\n"), "\n") {
		if i == mostLines {
			break
		}
		lines = append(lines, fileLine{N: i + 1, Text: unseenParts(short(t, 2000), part{}), Wrong: wrong[i+1]})
	}
	return lines
}

// versionPage shows one version of a target's file, and what it changes.
type versionPage struct {
	base
	ID, Name string
	Version  versionLine
	Hash     string
	Facts    []fact
	// Before is the difference from the version before, Approved that from the one that was approved last; nil where there is none, or
	// where it is the same.
	Before, Approved *diffView
	Lines            []fileLine
	Prev, Next       string
}

func (s *Server) targetVersion(w http.ResponseWriter, r *http.Request) error {
	l := s.locale(r)
	st, err := s.targets.Get(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	versions, err := s.targets.Versions(r.Context(), st.ID)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(r.PathValue("n"))
	at := indexOfVersion(versions, n)
	if err != nil || at < 0 {
		return &pageError{status: http.StatusNotFound, key: "error.not_found"}
	}
	v := versions[at]
	p := versionPage{base: s.targetBase(r, st, l.say("target.version", "version", plainNumber(n))), ID: st.ID, Name: st.ID, Hash: v.Hash,
		Lines: fileLines(v.Text, nil)}
	if readable(st) {
		p.Name = short(st.Spec.Name, longestValue)
	}
	p.Version = l.versionLines(st, versions[at:at+1])[0]
	when := l.clock(v.At)
	facts := targetFacts{{Key: "target.saved", When: &when}}
	facts.add("target.author", v.Author)
	facts.add("target.reason", v.Reason)
	facts.exact("target.hash", v.Hash)
	p.Facts = append(facts, l.approvalFacts(target.Standing{Row: target.Row{Approval: v.Approval}})...)
	if before, last := earlier(versions, at); before != nil {
		p.Before = newDiff(*before, v, before.Approval != nil)
		if last != nil && last.Number != before.Number {
			p.Approved = newDiff(*last, v, true)
		}
	}
	if at+1 < len(versions) {
		p.Prev = versionURL(st.ID, versions[at+1].Number)
	}
	if at > 0 {
		p.Next = versionURL(st.ID, versions[at-1].Number)
	}
	return s.render(w, r, http.StatusOK, "target_version", p)
}

// indexOfVersion finds version n, or -1.
func indexOfVersion(versions []target.Version, n int) int {
	for i, v := range versions {
		if v.Number == n {
			return i
		}
	}
	return -1
}

// earlier returns the version before the one at index at, and of those before it the one that was approved last.
func earlier(versions []target.Version, at int) (before, approved *target.Version) {
	for i := at + 1; i < len(versions); i++ {
		if before == nil {
			before = &versions[i]
		}
		if versions[i].Approval != nil {
			return before, &versions[i]
		}
	}
	return before, nil
}
