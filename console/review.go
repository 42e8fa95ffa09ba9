package console

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"varde/internal/ad"
	"varde/internal/fault"
	"varde/internal/review"
)

// Reviews is where people decide about networks; *review.Desk is one.
type Reviews interface {
	Decide(ctx context.Context, actor, network string, v review.Verdict) (review.Review, error)
	Undo(ctx context.Context, actor, network string, seq int64, note string) (review.Review, error)
	// History returns what was decided about a network and all that became it, newest first.
	History(ctx context.Context, network string) ([]review.Review, error)
}

// verdict is what stands about a network and the form to decide with.
type verdict struct {
	// Standing is the decision that stands, "" for none; StandingSeq its number.
	Standing    review.Decision
	StandingSeq int64
	History     []reviewRow
	// Since is what was merged or split after that decision, newest first; MoreSince counts what is left out.
	Since     []lineageRow
	MoreSince int
	// Seen names what the page shows, so that nobody decides about something else.
	Seen    string
	Reasons []review.Reason
	Verbs   []verb
	// Problem says why a decision was not taken; Reason and Note are what its form held.
	Problem, Note string
	Reason        review.Reason
}

// verb is one button, with its key.
type verb struct {
	Decision review.Decision
	Key      string
}

var verbs = []verb{{review.Lead, "b"}, {review.Watch, "f"}, {review.Dismiss, "a"}, {review.Refer, "h"}}

// reviewRow is one decision as people read it.
type reviewRow struct {
	Seq        int64
	Decision   review.Decision
	Reason     review.Reason
	Author     string
	Note       string
	At         moment
	Undone     bool
	Undoes     int64
	Ads        int
	Score      string
	Band       ad.Band
	ScoresHref string
	// Network is its id at that time, "" where it is the present one.
	Network string
}

func scoresURL(version string) string {
	if version == "" {
		return ""
	}
	return "/scores/" + version
}

// verdictOf reads what was decided about a network, and which of what became of it came after.
func (s *Server) verdictOf(ctx context.Context, l *locale, n ad.Network, lineage []lineageRow) (*verdict, error) {
	history, err := s.reviews.History(ctx, n.ID)
	if err != nil {
		return nil, err
	}
	v := &verdict{Seen: review.SnapshotOf(n).Hash(), Reasons: review.Reasons, Verbs: verbs}
	undone := review.Undone(history)
	for _, r := range history {
		row := reviewRow{Seq: r.Seq, Decision: r.Decision, Reason: r.Reason, Author: short(r.Author, 40), Note: short(r.Note, 2000), At: l.clock(r.At), Undone: undone[r.Seq],
			Undoes: r.Undoes, Ads: len(r.Snapshot.Ads), Score: l.decimal(r.Snapshot.Score), Band: r.Snapshot.Band, ScoresHref: scoresURL(r.Snapshot.ScoreVersion)}
		if r.Network != n.ID {
			row.Network = r.Network
		}
		v.History = append(v.History, row)
		if v.Standing == "" && r.Decision != review.Undo && !row.Undone {
			v.Standing, v.StandingSeq = r.Decision, r.Seq
			v.since(lineage, r.At)
		}
	}
	return v, nil
}

// networkReview takes a decision, or one back. A form that cannot be taken is shown again with what it held.
func (s *Server) networkReview(w http.ResponseWriter, r *http.Request) error {
	if err := plainForm(r); err != nil {
		return err
	}
	who, id, do := userOf(r.Context()).Name, r.PathValue("id"), review.Decision(r.PostFormValue("do"))
	reason, note := review.Reason(r.PostFormValue("reason")), strings.TrimSpace(r.PostFormValue("note"))
	var err error
	if do == review.Undo {
		seq, bad := strconv.ParseInt(r.PostFormValue("standing"), 10, 64)
		if bad != nil || seq < 1 {
			return &pageError{status: http.StatusBadRequest, key: "error.bad_request"}
		}
		_, err = s.reviews.Undo(r.Context(), who, id, seq, note)
	} else {
		stood, bad := strconv.ParseInt(cmp.Or(r.PostFormValue("standing"), "0"), 10, 64)
		if bad != nil {
			return &pageError{status: http.StatusBadRequest, key: "error.bad_request"}
		}
		v := review.Verdict{Decision: do, Note: note, Seen: r.PostFormValue("seen"), Over: &stood}
		if do == review.Dismiss { // the list of reasons stands beside all verbs and belongs to this one
			v.Reason = reason
		}
		if v.Seen == "" {
			v.Seen = "-"
		}
		_, err = s.reviews.Decide(r.Context(), who, id, v)
	}
	var no *fault.Refusal
	switch {
	case errors.As(err, &no) && no.Rule == "decision":
		return &pageError{status: http.StatusBadRequest, key: "error.bad_request"}
	case errors.As(err, &no):
		status := http.StatusUnprocessableEntity
		if no.Rule == "seen" || no.Rule == "superseded" || no.Rule == "nothing" {
			status = http.StatusConflict
		}
		return s.showNetwork(w, r, status, func(p *networkPage) {
			v := p.Review
			v.Problem, v.Reason, v.Note = s.locale(r).say("review.refused."+no.Rule), reason, short(note, 2000)
		})
	case err != nil:
		return err
	}
	s.meant.forget()
	http.Redirect(w, r, networkURL(id)+"?done="+string(do)+"#review", http.StatusSeeOther)
	return nil
}

// meaningRow says what a band has meant.
type meaningRow struct {
	Band ad.Band
	Text string
}

// meant keeps what the bands have meant for a minute: it is counted from all decisions.
type meant struct {
	mu      sync.Mutex
	at      time.Time
	version string
	all     []review.Meaning
}

const meantFor = time.Minute

func (m *meant) forget() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.version = ""
}

// meanings says what the bands of the scores in force have meant.
func (s *Server) meanings(ctx context.Context, l *locale) ([]meaningRow, error) {
	s.meant.mu.Lock()
	defer s.meant.mu.Unlock()
	now, version := s.cfg.Now(), s.catalogue.Version()
	if s.meant.version != version || now.Sub(s.meant.at) > meantFor {
		standing, err := s.records.Standing(ctx)
		if err != nil {
			return nil, err
		}
		var all []review.Review
		for _, r := range standing {
			all = append(all, r)
		}
		s.meant.all, s.meant.at, s.meant.version = review.Meanings(all, s.catalogue), now, version
	}
	var rows []meaningRow
	for _, m := range s.meant.all {
		text := l.say("band.unknown")
		if m.Known() {
			text = l.say("band.meaning", "leads", m.Leads, "n", m.Settled, "share", percent(m.Share), "from", percent(m.From), "to", percent(m.To))
		}
		rows = append(rows, meaningRow{m.Band, text})
	}
	return rows, nil
}

func percent(share float64) string { return strconv.Itoa(int(100*share + .5)) }
