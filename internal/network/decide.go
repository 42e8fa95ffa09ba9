package network

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"varde/internal/ad"
)

// Decision is what a person decided about links: a cut or a join.
type Decision struct {
	// ID names the decision, and the link of a join.
	ID   string
	Cut  *Cut
	Join *Join
	// Ended says that it was undone and holds no longer. It is told for what was linked while it held.
	Ended bool
}

// Cut says that an identifier does not link an ad to others, or none of its ads where Ad is "". For texts and pictures the value is any member of
// a group, and the cut is of the whole group as long as an ad shows that member. What an ad shows still counts for whether the
// identifier is used so widely that it links nothing.
type Cut struct {
	Ad    ad.Key
	Kind  ad.Kind
	Value string
}

// Join says that two ads belong together, whatever they show.
type Join struct{ A, B ad.Key }

// decided is what the linker knows of decisions.
type decided struct {
	// list are those that hold, by their ids.
	list map[string]Decision
	// joins are the links of an ad that people made.
	joins map[ad.Key][]*link
	// cuts are the ads that are cut from a link, as it is named now; of an ad "" all are.
	cuts map[identifier]map[ad.Key]bool
	// unsure says that ads were taken over which may have been linked under decisions that are not known.
	unsure bool
}

// Take takes both lists, of what is known from cases and tips and of decisions, as Watch and Decide do. It is for a linker that has just learnt:
// what follows from one list alone is never given out.
func (l *Linker) Take(ctx context.Context, watched []Watched, decisions []Decision, now time.Time) (ad.Update, error) {
	dirty := l.watch(watched)
	for key := range l.decide(decisions) {
		dirty[key] = true
	}
	return l.settle(ctx, dirty, nil, now)
}

// Decide takes the list of decisions, instead of the one before, and returns what that changes. A decision about ads that are not known
// changes nothing until they are.
func (l *Linker) Decide(ctx context.Context, decisions []Decision, now time.Time) (ad.Update, error) {
	return l.settle(ctx, l.decide(decisions), nil, now)
}

// decide takes a list of decisions and returns the ads to which that matters.
func (l *Linker) decide(decisions []Decision) (dirty map[ad.Key]bool) {
	dirty = map[ad.Key]bool{}
	touch := func(keys []ad.Key) {
		for _, key := range keys {
			dirty[key] = true
		}
	}
	before := l.decided.list
	now := map[string]Decision{}
	for _, d := range decisions {
		if !d.Ended {
			now[d.ID] = d
		}
		if l.decided.unsure || !d.Ended && !before[d.ID].same(d) {
			touch(l.concerned(d))
		}
	}
	for id, d := range before {
		if !now[id].same(d) {
			touch(l.concerned(d))
		}
	}
	l.decided.unsure = false
	l.hold(now)
	l.keepDecided()
	touch(l.resolve())
	return dirty
}

// same says whether two decisions decide the same.
func (d Decision) same(o Decision) bool {
	return equal(d.Cut, o.Cut) && equal(d.Join, o.Join)
}

func equal[T comparable](a, b *T) bool { return a == b || a != nil && b != nil && *a == *b }

// hold makes what follows from decisions, but not which links they cut.
func (l *Linker) hold(list map[string]Decision) {
	l.decided.list, l.decided.joins = list, map[ad.Key][]*link{}
	for _, id := range slices.Sorted(maps.Keys(list)) {
		j := list[id].Join
		if j == nil || j.A == j.B {
			continue
		}
		via := &link{kind: ad.Decided, value: id, ads: []posting{{key: min(j.A, j.B)}, {key: max(j.A, j.B)}}}
		for _, p := range via.ads {
			l.decided.joins[p.key] = append(l.decided.joins[p.key], via)
		}
	}
}

// concerned are the ads that a decision can part or join.
func (l *Linker) concerned(d Decision) (keys []ad.Key) {
	if d.Join != nil {
		keys = append(keys, d.Join.A, d.Join.B)
	}
	if d.Cut != nil {
		keys = append(keys, l.cutOff(l.named(d.Cut), d.Cut.Ad)...)
	}
	return keys
}

// cutOff are the ads that a cut from a link can part: all of the link, and of a hub, which holds nothing together, only the one that is cut.
func (l *Linker) cutOff(id identifier, key ad.Key) []ad.Key {
	via := l.linkOf(id)
	if key != "" && l.hub(via) {
		return []ad.Key{key}
	}
	return append(l.adsOf(via), key)
}

// named is what a cut is of, by its group where it has one.
func (l *Linker) named(c *Cut) identifier { return l.grouped(identifier{c.Kind, c.Value}) }

// resolve finds the links that are cut as they are named now, and returns the ads to which it matters that these are others than before.
func (l *Linker) resolve() (touched []ad.Key) {
	before, now := l.decided.cuts, map[identifier]map[ad.Key]bool{}
	for _, d := range l.decided.list {
		if d.Cut == nil {
			continue
		}
		id := l.named(d.Cut)
		if now[id] == nil {
			now[id] = map[ad.Key]bool{}
		}
		now[id][d.Cut.Ad] = true
	}
	differ := func(a, b map[identifier]map[ad.Key]bool) {
		for id, keys := range a {
			for key := range keys {
				if !b[id][key] {
					touched = append(touched, l.cutOff(id, key)...)
				}
			}
		}
	}
	differ(before, now)
	differ(now, before)
	l.decided.cuts = now
	return touched
}

// cut says whether a link does not hold an ad, by a person's decision.
func (l *Linker) cut(via *link, key ad.Key) bool {
	of := l.decided.cuts[identifier{via.kind, via.value}]
	return of[""] || of[key]
}

// joined are the ads that people joined with one, itself among them.
func (l *Linker) joined(key ad.Key) (keys []ad.Key) {
	for _, via := range l.decided.joins[key] {
		for i := range via.ads {
			keys = append(keys, via.ads[i].key)
		}
	}
	return keys
}

// keepDecided and loadDecided keep the decisions: what was said under them must be told from what is said under others.
func (l *Linker) keepDecided() {
	list := slices.SortedFunc(maps.Values(l.decided.list), func(a, b Decision) int { return cmp.Compare(a.ID, b.ID) })
	var w coder
	w.decisions(&list)
	l.state.Put([]byte{decidedPrefix}, w.b)
}

func (l *Linker) loadDecided() {
	b, ok := l.state.Get([]byte{decidedPrefix})
	if !ok {
		return
	}
	var list []Decision
	read := coder{b: b, reading: true}
	if read.decisions(&list); read.bad {
		l.state.Damaged("the decisions about links")
		return
	}
	held := map[string]Decision{}
	for _, d := range list {
		held[d.ID] = d
	}
	l.hold(held)
	l.resolve()
}

func (c *coder) decisions(of *[]Decision) {
	list(c, of, func(d *Decision) {
		c.str(&d.ID)
		optional(c, &d.Cut, func(v *Cut) { word(c, &v.Ad); word(c, &v.Kind); c.str(&v.Value) })
		optional(c, &d.Join, func(v *Join) { word(c, &v.A); word(c, &v.B) })
	})
}
