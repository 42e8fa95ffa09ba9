package stream

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"varde/internal/fault"
)

// errDiedInWork is the reason of a message whose handling never came to an end, however often it was begun.
var errDiedInWork = errors.New("the process ended each time while this message was in work")

// panicError is a handler's panic.
type panicError struct {
	value any
	stack []byte
}

func (p *panicError) Error() string { return fmt.Sprintf("panic: %v", p.value) }

// process works on a batch and settles each of its messages: acknowledged, to be tried again, or set aside. ctx says
// whether to begin, work bounds what was begun.
func (r *runner) process(ctx, work context.Context, j *job) {
	defer close(j.done)
	fresh := make([]*taken, 0, len(j.msgs))
	for _, m := range j.msgs {
		if reason := r.verdict(m); reason != nil {
			r.bury(work, m, reason)
		} else {
			fresh = append(fresh, m)
		}
	}
	var out []Message
	err := ctx.Err() // what has not begun is handed back
	if err == nil {
		out, err = r.do(ctx, work, fresh)
	}
	<-j.turn
	if err == nil {
		err = r.publish(work, out)
	}
	switch {
	case err == nil:
		r.done(work, fresh)
	case ctx.Err() != nil && (r.Hold(err) || errors.Is(err, ctx.Err()) || work.Err() != nil):
		r.handBack(fresh)
	case len(fresh) == 1:
		r.fail(work, fresh[0], err)
	default:
		r.log.Debug("batch failed, trying its messages singly", "consumer", r.Consumer, "messages", len(fresh), "error", err)
		for i, m := range fresh {
			if work.Err() != nil {
				r.handBack(fresh[i:])
				return
			}
			r.single(ctx, work, m)
		}
	}
}

// verdict returns why a message is set aside without another try, nil if it is to be tried.
func (r *runner) verdict(m *taken) error {
	// An embedded server that ended with the process may have counted a delivery and forgotten its acknowledgement, so
	// there the journal decides.
	if m.tries > r.MaxDeliver {
		return errDiedInWork
	}
	if r.journal == nil && m.deliveries > r.MaxDeliver {
		if _, ok := r.unburied.LoadAndDelete(m.seq); !ok {
			return errDiedInWork
		}
	}
	return nil
}

// single works on one message of a batch that failed.
func (r *runner) single(ctx, work context.Context, m *taken) {
	one := []*taken{m}
	out, err := r.do(ctx, work, one)
	if err == nil {
		err = r.publish(work, out)
	}
	switch {
	case err == nil:
		r.done(work, one)
	case ctx.Err() != nil && (r.Hold(err) || work.Err() != nil):
		r.handBack(one)
	default:
		r.fail(work, m, err)
	}
}

// do calls the handler, again and again while what it needs is out of reach.
func (r *runner) do(ctx, work context.Context, msgs []*taken) ([]Message, error) {
	if len(msgs) == 0 {
		return nil, nil
	}
	for wait := firstWait; ; wait = min(2*wait, lastWait) {
		out, err := r.call(work, msgs)
		if err == nil || !r.Hold(err) || ctx.Err() != nil {
			return out, err
		}
		r.waiting.say(r.log, string(r.topic), err)
		pause(ctx, wait)
	}
}

func (r *runner) call(work context.Context, msgs []*taken) (out []Message, err error) {
	in := make([]Message, len(msgs))
	for i, m := range msgs {
		in[i] = m.Message
	}
	defer func() {
		if v := recover(); v != nil {
			out, err = nil, &panicError{value: v, stack: debug.Stack()}
		}
	}()
	out, err = r.Do(work, in)
	if err == nil && len(out) > 0 && r.Out == "" {
		err = fmt.Errorf("handler of %s made output, but Run was given no topic for it: %w", r.Consumer, fault.ErrUsage)
	}
	return out, err
}

func (r *runner) publish(work context.Context, out []Message) error {
	if len(out) == 0 {
		return nil
	}
	return r.Publish(work, r.Out, out...)
}

// acksInFlight bounds the acknowledgements that wait for the server's confirmation.
const acksInFlight = 64

// done acknowledges messages and waits for the server to confirm it. What it does not confirm comes again.
func (r *runner) done(work context.Context, msgs []*taken) {
	connected, stop := r.whileConnected(work)
	defer stop()
	acked := make([]bool, len(msgs))
	var g errgroup.Group
	g.SetLimit(acksInFlight)
	for i, m := range msgs {
		g.Go(func() error {
			ctx, cancel := context.WithTimeout(connected, ackTimeout)
			defer cancel()
			if err := m.raw.DoubleAck(ctx); err != nil {
				return err
			}
			acked[i] = true
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		r.log.Warn("messages not acknowledged, they will be handled again", "consumer", r.Consumer, "error", err)
	}
	in := make([]Message, 0, len(msgs))
	for i, m := range msgs {
		if acked[i] {
			in = append(in, m.Message)
		}
	}
	if len(in) > 0 {
		r.acked.Store(true)
		r.AfterAck(work, in)
	}
}

// handBack has messages given to others when the Run ends.
func (r *runner) handBack(msgs []*taken) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.returned = append(r.returned, msgs...)
}

// giveBack gives to others what was handed back, in order.
func (r *runner) giveBack() {
	r.mu.Lock()
	defer r.mu.Unlock()
	slices.SortFunc(r.returned, func(a, b *taken) int { return cmp.Compare(a.seq, b.seq) })
	for _, m := range r.returned {
		if err := m.raw.Nak(); err != nil {
			r.log.Debug("message not handed back, it comes again by itself", "consumer", r.Consumer, "error", err)
		}
	}
}

// fail has a message tried again later, or sets it aside where that cannot help or was tried often enough.
func (r *runner) fail(work context.Context, m *taken, err error) {
	if errors.Is(err, fault.ErrPermanent) || m.deliveries >= r.MaxDeliver {
		r.bury(work, m, err)
		return
	}
	r.retry(m, err)
}

func (r *runner) retry(m *taken, err error) {
	delay := r.Backoff[min(m.deliveries, len(r.Backoff))-1]
	r.log.Info("message failed, will be tried again", "consumer", r.Consumer, "id", m.ID, "deliveries", m.deliveries, "after", delay.Round(time.Millisecond), "error", err)
	r.mu.Lock()
	r.owed[m.seq] = time.Now().Add(delay)
	r.mu.Unlock()
	if err := m.raw.NakWithDelay(delay); err != nil {
		r.log.Debug("message not handed back, it comes again by itself", "consumer", r.Consumer, "error", err)
	}
}

// received notes that a message that failed has come again.
func (r *runner) received(seq uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.owed, seq)
}

// overdue says whether a message that failed waits at the server to be handed out.
func (r *runner) overdue(now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	found := false
	for seq, due := range r.owed {
		if now.After(due.Add(r.cfg.AckWait)) {
			delete(r.owed, seq) // another process has it
		} else if now.After(due) {
			found = true
		}
	}
	return found
}
