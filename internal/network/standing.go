package network

import (
	"varde/internal/ad"
)

// indicator makes an indicator of pieces of one code: as sure as the surest, with the first of them as evidence.
func indicatorOf(code string, pieces []piece) ad.Indicator {
	in := ad.Indicator{Code: code}
	for _, p := range pieces {
		in.Confidence = max(in.Confidence, p.confidence)
		if len(in.Evidence) == mostEvidence {
			continue
		}
		e := ad.Evidence{Value: p.value}
		if p.said != nil {
			e = *p.said
		}
		if p.via != nil {
			e.Value = string(p.via.kind) + ":" + p.via.value
		}
		if p.what != "" {
			e.Figure = &ad.Figure{What: p.what, Value: p.figure, Compared: p.compared, Basis: p.basis}
		}
		for _, c := range p.on[:min(len(p.on), mostAds)] {
			e.Ads = append(e.Ads, c.key)
		}
		in.Evidence = append(in.Evidence, e)
	}
	return in
}

// all are the network's codes, each with all that speaks for it among the ads that count, and then with the ads that are left out
// because others took from them. A code that only those would give carries the note of that and counts nothing; one that is no fact of its own
// carries the note of that.
func (s *survey) all() (out []ad.Indicator) {
	for i := 0; i < len(s.pieces); {
		j := i
		for j < len(s.pieces) && s.pieces[j].code == s.pieces[i].code {
			j++
		}
		var counted, noted []piece
		for _, p := range s.pieces[i:j] {
			if p.added {
				p.what, p.figure, p.compared, p.basis = "left_out", float64(len(p.on)), 0, ""
				noted = append(noted, p)
			} else {
				counted = append(counted, p)
			}
		}
		left := indicatorOf(s.pieces[i].code, noted)
		left.Note = ad.AddedByOthers
		if len(counted) > 0 {
			in := indicatorOf(s.pieces[i].code, counted)
			if sameFact(counted, s.pieces) {
				in.Note = ad.SameFact
			}
			in.Evidence = append(in.Evidence, left.Evidence...)
			out = append(out, in)
		} else {
			out = append(out, left)
		}
		i = j
	}
	return out
}

// restingOn are the network's codes that rest on one ad. A code that only rests on what others took from the ad carries the note of
// that and counts nothing for it.
func (s *survey) restingOn(c *card) (out []ad.Indicator) {
	mine := s.standing[c]
	resting := make([]piece, len(mine))
	for i, n := range mine {
		resting[i] = s.pieces[n]
	}
	for i := 0; i < len(mine); {
		code := s.pieces[mine[i]].code
		var counted, noted []piece
		for ; i < len(mine) && s.pieces[mine[i]].code == code; i++ {
			p := s.pieces[mine[i]]
			if p.added { // never N14, which is read later: what people know of a phone holds whoever shows it
				noted = append(noted, p)
			} else {
				counted = append(counted, p)
			}
		}
		if len(counted) > 0 {
			in := indicatorOf(code, counted)
			if sameFact(counted, resting) {
				in.Note = ad.SameFact
			}
			out = append(out, in)
			continue
		}
		in := indicatorOf(code, noted)
		in.Note = ad.AddedByOthers
		out = append(out, in)
	}
	return out
}
