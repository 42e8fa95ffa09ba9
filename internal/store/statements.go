package store

import (
	"context"
	"database/sql"
	"errors"
	"sync"
)

// mostStatements bounds how many statements are kept prepared; a text of this package comes in about ten sizes.
const mostStatements = 400

// statements keeps the statements of the one connection that writes to SQLite prepared: reading their text took a tenth of the time of
// crawling and more of the time of small commits. PostgreSQL's driver does the same by itself. A statement is prepared after the transaction
// that first used it, since only then is the connection free.
type statements struct {
	mu     sync.Mutex
	ready  map[string]*sql.Stmt
	wanted map[string]bool
}

func newStatements() *statements {
	return &statements{ready: map[string]*sql.Stmt{}, wanted: map[string]bool{}}
}

// statement returns the statement of a text, or nil where there is none yet.
func (p *statements) statement(q string) *sql.Stmt {
	if p == nil {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if st := p.ready[q]; st != nil {
		return st
	}
	if len(p.ready)+len(p.wanted) < mostStatements {
		p.wanted[q] = true
	}
	return nil
}

// prepare prepares what was wanted. Where that fails the texts are read each time, as before; whatever is wrong shows there.
func (p *statements) prepare(ctx context.Context, db *sql.DB) {
	p.mu.Lock()
	wanted := p.wanted
	p.wanted = map[string]bool{}
	p.mu.Unlock()
	for q := range wanted {
		st, err := db.PrepareContext(ctx, q)
		if err != nil {
			continue
		}
		p.mu.Lock()
		old := p.ready[q]
		p.ready[q] = st
		p.mu.Unlock()
		if old != nil { // prepared by somebody else meanwhile
			_ = old.Close()
		}
	}
}

// close lets go of all statements.
func (p *statements) close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var errs []error
	for _, st := range p.ready {
		errs = append(errs, st.Close())
	}
	clear(p.ready)
	return errors.Join(errs...)
}
