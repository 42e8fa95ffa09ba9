package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"varde/internal/ad"
	"varde/internal/neartext"
	"varde/internal/network"
	"varde/internal/sim"
	"varde/internal/store"
	"varde/internal/text"
)

const (
	// benchChunk is how many ads are made at a time while the clock stands, benchUnit how many of them a detector takes at once, and
	// benchAhead how many of these it may be ahead of linking.
	benchChunk = 8192
	benchUnit  = 32
	benchAhead = 16
)

// benchRun is the measuring of one world.
type benchRun struct {
	*bench
	world  *sim.World
	dir    string
	linker *network.Linker
	record *store.Store // nil where nothing is recorded
	start  time.Time
	bar    *progress

	linked  int
	clock   time.Duration // from import to linked, up to the chunk at hand
	since   time.Time     // when its clock started
	process time.Duration // processor time of the program while the clock went, up to the chunk at hand
	before  time.Duration // processor time of the program when its clock started
	made    time.Duration
	sums    stageSums
	signed  []time.Duration // of one ad of each unit
	meter   meter
	pending []ad.Finding
	seq     int64
}

// stage is a part of the way of an ad.
type stage int

const (
	readStage stage = iota // a line of an ad file, parsed and checked
	detectStage
	linkStage
	recordStage
	stages
)

var stageNames = [stages]string{"read", "detect", "link", "record"}

// spent is processor time, and the time that passed.
type spent struct{ cpu, busy time.Duration }

// stageSums is what all stages took.
type stageSums [stages]spent

func (s *stageSums) add(at stage, one spent) {
	s[at].cpu, s[at].busy = s[at].cpu+one.cpu, s[at].busy+one.busy
}

// madeAd is an ad as a file holds it, with the hashes of its pictures.
type madeAd struct {
	line     []byte
	pictures []ad.Picture
}

// unit is what the detectors made of some ads, and what reading and detecting took.
type unit struct {
	findings   []ad.Finding
	read, took spent
	// signed is how long the text's signature of one of them took, which is a part of reading it.
	signed time.Duration
}

func (b *bench) newRun(ctx context.Context, n int, dir string) (*benchRun, error) {
	r := &benchRun{bench: b, dir: dir, start: simulatedStart.Add(sim.DefaultSpan + 24*time.Hour), meter: newMeter(n)}
	began := time.Now()
	r.world = sim.NewWorld(sim.Config{Seed: b.seed, Ads: n, Start: simulatedStart, Boilerplate: true})
	r.made = time.Since(began)
	r.bar = newProgress(b.app.err, fmt.Sprintf("ads linked of %d", n), n)
	var err error
	if r.linker, err = openLinker(b.linking, filepath.Join(dir, "links"), b.catalogue); err != nil {
		return nil, err
	}
	if b.record {
		if r.record, err = store.Open(ctx, "sqlite:"+filepath.Join(dir, "record.db"), store.Options{}); err != nil {
			return nil, errors.Join(err, r.linker.Close())
		}
	}
	forgetPeak()
	r.meter.begin(r.usage())
	return r, nil
}

func (r *benchRun) close() error {
	r.bar.end()
	err := r.linker.Close()
	if r.record != nil {
		err = errors.Join(err, r.record.Close())
	}
	return err
}

// all makes, reads and links the world's ads, some at a time.
func (r *benchRun) all(ctx context.Context) error {
	for from := 0; from < r.world.Len(); from += benchChunk {
		began := time.Now()
		ads, err := r.make(from, min(from+benchChunk, r.world.Len()))
		if err != nil {
			return err
		}
		r.made += time.Since(began)
		r.since, r.before = time.Now(), processTime()
		err = r.chunk(ctx, ads, from+len(ads) == r.world.Len())
		r.clock, r.process = r.clock+time.Since(r.since), r.process+processTime()-r.before
		r.since = time.Time{}
		if err != nil {
			return err
		}
	}
	return nil
}

// make writes ads on all processors; it is no part of what is measured.
func (r *benchRun) make(from, to int) ([]madeAd, error) {
	out := make([]madeAd, to-from)
	var g errgroup.Group
	n := runtime.NumCPU()
	for k := range n {
		g.Go(func() error {
			for i := k; i < len(out); i += n {
				s := r.world.Imitated(from + i)
				out[i].pictures, s.Pictures = s.Pictures, nil
				var err error
				if out[i].line, err = json.Marshal(&s); err != nil {
					return fmt.Errorf("write ad %s: %w", s.Key(), err)
				}
			}
			return nil
		})
	}
	return out, g.Wait()
}

// chunk reads ads on all processors while those that were read are linked in their order.
func (r *benchRun) chunk(ctx context.Context, ads []madeAd, last bool) error {
	g, ctx := errgroup.WithContext(ctx)
	read := make([]chan unit, (len(ads)+benchUnit-1)/benchUnit)
	for i := range read {
		read[i] = make(chan unit, 1)
	}
	ahead := make(chan struct{}, benchAhead+runtime.NumCPU()) // the readers end with one each
	var next atomic.Int64
	for range runtime.NumCPU() {
		g.Go(func() error {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			for {
				select {
				case ahead <- struct{}{}:
				case <-ctx.Done():
					return ctx.Err()
				}
				n := int(next.Add(1) - 1)
				if n >= len(read) {
					return nil
				}
				u, err := r.detect(ctx, ads[n*benchUnit:min((n+1)*benchUnit, len(ads))])
				if err != nil {
					return err
				}
				read[n] <- u
			}
		})
	}
	g.Go(func() error {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		for _, one := range read {
			var u unit
			select {
			case u = <-one:
			case <-ctx.Done():
				return ctx.Err()
			}
			<-ahead
			r.sums.add(readStage, u.read)
			r.sums.add(detectStage, u.took)
			r.signed = append(r.signed, u.signed)
			r.pending = append(r.pending, u.findings...)
			for len(r.pending) >= r.batch {
				if err := r.link(ctx, r.batch); err != nil {
					return err
				}
			}
		}
		if last && len(r.pending) > 0 {
			return r.link(ctx, len(r.pending))
		}
		return nil
	})
	return g.Wait()
}

// detect reads some ads from their lines and then with all detectors.
func (r *benchRun) detect(ctx context.Context, made []madeAd) (u unit, err error) {
	ads := make([]ad.Sighting, len(made))
	timing := startTimer()
	for i, m := range made {
		if ads[i], _, err = ad.Decode(m.line, r.start); err != nil {
			return u, err
		}
		ads[i].Pictures = m.pictures
	}
	u.read = timing.stop()
	u.findings = make([]ad.Finding, len(ads))
	timing = startTimer()
	for i := range ads {
		if u.findings[i], err = r.detectors.Find(ctx, &ads[i]); err != nil {
			return u, err
		}
	}
	u.took = timing.stop()
	began := time.Now()
	neartext.Sign(text.Read(ads[0].Text)) // one for all of them
	u.signed = time.Since(began)
	return u, nil
}

// link links the first n findings that wait, and commits what that changed where a record is kept.
func (r *benchRun) link(ctx context.Context, n int) error {
	batch := r.pending[:n:n]
	timing := startTimer()
	update, err := r.linker.Link(ctx, batch, r.start)
	if err != nil {
		return fmt.Errorf("link ads %d to %d: %w", r.linked+1, r.linked+n, err)
	}
	r.sums.add(linkStage, timing.stop())
	r.seq++
	if r.record != nil {
		timing = startTimer()
		if r.seq, err = r.record.Commit(ctx, update); err != nil {
			return fmt.Errorf("record ads %d to %d: %w", r.linked+1, r.linked+n, err)
		}
		r.sums.add(recordStage, timing.stop())
	}
	timing = startTimer()
	if err := r.linker.Save("bench", r.seq); err != nil {
		return fmt.Errorf("keep the links of ads %d to %d: %w", r.linked+1, r.linked+n, err)
	}
	r.sums.add(linkStage, timing.stop())
	r.pending = slices.Clone(r.pending[n:]) // the linker may have kept what it was given
	r.linked += n
	r.bar.set(r.linked)
	if r.meter.due(r.linked) {
		r.meter.note(r.usage())
	}
	return nil
}
