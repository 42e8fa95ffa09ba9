package network

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"varde/internal/text"
)

// Job texts under several names, and ads that never end.
const (
	leastEmployers = 3
	// leastReposts is how often one job in one place is advertised anew within a month before it is told (J20).
	leastReposts = 5
	month        = 30 * 24 * time.Hour
)

// readJobText reads J18 and J20 of the job ads of one text.
func (s *survey) readJobText(via *link, jobs []*card) {
	if n := employers(jobs); n >= leastEmployers && s.contactsOf(jobs) > 0 {
		s.add(piece{code: "J18", via: via, on: jobs, what: "employers", figure: float64(n)})
	}
	for _, on := range reposted(jobs) {
		s.add(piece{code: "J20", via: via, on: on, what: "ads", figure: float64(len(on))})
	}
}

// reposted finds the ads of one employer for one job in one place that were posted leastReposts times within a month.
func reposted(jobs []*card) (out [][]*card) {
	byJob := map[string][]*card{}
	var order []string
	for _, c := range jobs {
		job := c.name + "\x00" + c.place
		if c.name == "" || c.place == "" {
			continue
		}
		if byJob[job] == nil {
			order = append(order, job)
		}
		byJob[job] = append(byJob[job], c)
	}
	for _, job := range order {
		cards := byJob[job]
		for i := leastReposts - 1; i < len(cards); i++ {
			if cards[i].at().Sub(cards[i-leastReposts+1].at()) <= month {
				out = append(out, cards)
				break
			}
		}
	}
	return out
}

// employers counts the employers that job ads name. Branches of one, with a town or a department behind the name, are one.
func employers(jobs []*card) int {
	var names [][]string
	seen := map[string]bool{}
	for _, c := range jobs {
		words := employerWords(c.advertiser, c.place)
		if key := strings.Join(words, " "); key != "" && !seen[key] {
			seen[key] = true
			names = append(names, words)
		}
	}
	slices.SortFunc(names, func(a, b []string) int { return cmp.Or(cmp.Compare(len(a), len(b)), slices.Compare(a, b)) })
	var distinct [][]string
	for _, words := range names {
		if len(distinct) == mostNames {
			break
		}
		if !slices.ContainsFunc(distinct, func(other []string) bool { return branchOf(words, other) }) {
			distinct = append(distinct, words)
		}
	}
	return len(distinct)
}

// legalForms are words that say what sort of firm it is, or that it is a branch.
var legalForms = map[string]bool{"as": true, "asa": true, "ans": true, "da": true, "enk": true, "sa": true, "nuf": true, "ab": true, "aps": true, "oy": true,
	"ltd": true, "limited": true, "inc": true, "llc": true, "plc": true, "gmbh": true, "srl": true, "uab": true, "zoo": true, "avd": true, "avdeling": true,
	"branch": true, "department": true, "dept": true, "kontor": true, "office": true}

// employerWords are the words of an employer's name without its legal form, its town and numbers.
func employerWords(name, place string) (out []string) {
	doc, town := text.Read(name), text.Read(place)
	for i, token := range doc.Tokens {
		word := doc.Word(i)
		if token.Kind != text.Letters || legalForms[word] {
			continue
		}
		if slices.ContainsFunc(town.Tokens, func(t text.Token) bool { return town.Text[t.Start:t.End] == word }) {
			continue
		}
		out = append(out, word)
	}
	return out
}

// branchOf says whether the longer name begins with the shorter: a firm and its branch.
func branchOf(words, shorter []string) bool {
	return len(words) >= len(shorter) && slices.Equal(words[:len(shorter)], shorter)
}
