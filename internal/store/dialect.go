package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
)

// dialect is all that differs between the engines once they are open.
type dialect struct {
	// numbered placeholders are $1, $2 …; others are ?.
	numbered bool
	// snapshot makes a reading transaction see one state.
	snapshot *sql.TxOptions
	// schema makes the text of a migration the engine's own.
	schema *strings.Replacer
	// explain adds what people should be told to an error of the engine.
	explain func(error) error
	// lock, behind a query, keeps the rows that it gives from others until the transaction ends; skipLocked also leaves out rows that
	// others keep. They are empty where one program writes at a time anyway.
	lock, skipLocked string
	// again says whether a transaction was given up for another and should be done again; nil where none is.
	again func(error) bool
}

// rebind turns a query's placeholders into the engine's. Queries hold no question mark but placeholders.
func (d dialect) rebind(q string) string {
	if !d.numbered {
		return q
	}
	var b strings.Builder
	b.Grow(len(q) + 64)
	n := 0
	for {
		before, after, found := strings.Cut(q, "?")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		n++
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(n))
		q = after
	}
}

// most is how many rows one statement takes. Measured with batches of 256 findings: on PostgreSQL 256 rows a statement
// give a fifth more than 64, beyond that nothing; SQLite does not care. With 7 columns it stays far below both engines'
// limit on placeholders (32,766).
const most = 256

// chunk is how many of left rows the next statement takes: a power of two, so that few different texts are prepared.
func chunk(left int) int {
	n := most
	for n > left {
		n /= 2
	}
	return n
}

// insertion is a multi-row statement: INSERT INTO into VALUES … then.
type insertion struct {
	into string
	cols int
	then string
}

// scan reads the columns of one row.
type scan = func(dest ...any) error

// insert runs in for all rows, whose values stand one after another in args, and gives each row that it returns to each.
func (t tx) insert(ctx context.Context, in insertion, args []any, each func(scan) error) error {
	row := "(" + strings.TrimSuffix(strings.Repeat("?,", in.cols), ",") + "),"
	for len(args) > 0 {
		n := chunk(len(args) / in.cols)
		q := "INSERT INTO " + in.into + " VALUES " + strings.TrimSuffix(strings.Repeat(row, n), ",") + " " + in.then
		if err := t.each(ctx, q, args[:n*in.cols], each); err != nil {
			table, _, _ := strings.Cut(in.into, " ")
			return fmt.Errorf("write %s: %w", table, err)
		}
		args = args[n*in.cols:]
	}
	return nil
}

// in runs q, in which %s stands for a list of placeholders, for all values, a part at a time.
func (t tx) in(ctx context.Context, q string, values []string, each func(scan) error) error {
	for len(values) > 0 {
		n := chunk(len(values))
		args := make([]any, n)
		for i, v := range values[:n] {
			args[i] = v
		}
		list := strings.TrimSuffix(strings.Repeat("?,", n), ",")
		if err := t.each(ctx, strings.Replace(q, "%s", list, 1), args, each); err != nil {
			return err
		}
		values = values[n:]
	}
	return nil
}

// each runs q and gives every row to each; a nil each is for statements that return none.
func (t tx) each(ctx context.Context, q string, args []any, each func(scan) error) error {
	var run interface {
		ExecContext(ctx context.Context, args ...any) (sql.Result, error)
		QueryContext(ctx context.Context, args ...any) (*sql.Rows, error)
	} = unprepared{t, t.rebind(q)}
	if st := t.statements.statement(q); st != nil {
		run = t.StmtContext(ctx, st)
	}
	if each == nil {
		_, err := run.ExecContext(ctx, args...)
		return err
	}
	rows, err := run.QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// unprepared is a text that is read when it is run.
type unprepared struct {
	t tx
	q string
}

// ExecContext runs a statement that returns no rows.
func (u unprepared) ExecContext(ctx context.Context, args ...any) (sql.Result, error) {
	return u.t.Tx.ExecContext(ctx, u.q, args...)
}

// QueryContext runs one that does.
func (u unprepared) QueryContext(ctx context.Context, args ...any) (*sql.Rows, error) {
	return u.t.Tx.QueryContext(ctx, u.q, args...)
}

// one runs q and reads its one row; found is false where there is none.
func (t tx) one(ctx context.Context, q string, args []any, dest ...any) (found bool, err error) {
	err = t.each(ctx, q, args, func(s scan) error { found = true; return s(dest...) })
	return found, err
}
