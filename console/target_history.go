package console

import (
	"strconv"
	"strings"

	"varde/internal/audit"
)

// attempt says what somebody tried to do.
func (l *locale) attempt(action, version string) string {
	if _, known := l.text["attempt."+action]; known {
		return l.say("attempt."+action, "version", version)
	}
	return short(l.named("attempt.", action), 60)
}

// historyRow is one entry of the log in words.
type historyRow struct {
	When           moment
	Text           string
	Refused        bool
	Reason, Object string
}

func (l *locale) historyRow(e audit.Entry) historyRow {
	row := historyRow{When: l.clock(e.At), Refused: e.Action == audit.TargetRefused, Reason: short(strings.TrimSpace(e.Reason), 1000),
		Object: short(strings.TrimSpace(e.Object), 300)}
	key := "action." + string(e.Action)
	if _, known := l.text[key]; !known {
		row.Text = short(e.Actor, 40) + ": " + l.named("action.", string(e.Action))
		return row
	}
	if e.Action == audit.TargetTried && e.Version == 0 { // a file that was not added yet has no version
		key = "action.target_tried_draft"
	}
	version := strconv.Itoa(e.Version)
	attempt, rule, _ := strings.Cut(e.Object, ": ")
	row.Text = l.say(key, "who", short(e.Actor, 40), "version", version, "attempt", l.attempt(attempt, version), "refusal", l.refused(rule, ""))
	if row.Refused {
		row.Object = ""
	}
	if row.Object == "" { // nothing follows a colon
		if open, found := strings.CutSuffix(strings.TrimSpace(row.Text), ":"); found {
			row.Text = open + "."
		}
	}
	return row
}
