// Command varde watches online advertisements for signs of human trafficking, for police intelligence: it crawls, detects,
// links, indexes and shows.
//
// This package wires the parts and decides nothing itself: a file per command, system.go for what runs.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
	_ "time/tzdata" // Europe/Oslo, also where the machine has no time zones

	"varde/internal/config"
	"varde/internal/fault"
)

// Exit statuses of every command.
const (
	exitDone    = 0
	exitNothing = 1 // nothing could be done
	exitUsage   = 2 // the command was wrong in itself
)

func main() {
	useProcessors()
	boundMemory()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// useProcessors lets twice as many goroutines run as there are processors, unless GOMAXPROCS says how many. Varde waits for the disk after
// most of what it does, and a goroutine that waits there keeps its place until the scheduler notices: on two processors a third of the time
// was lost so (BenchmarkCrawl).
func useProcessors() {
	if config.Processors() == "" {
		runtime.GOMAXPROCS(2 * runtime.NumCPU())
	}
}

// softMemory is how much memory Go takes, in bytes, before garbage is collected sooner: half of it is alive while a million ads are linked
// (docs/performance.md). What is mapped from the binary, such as the models of languages, comes on top.
const softMemory = 2200 << 20

// boundMemory sets a soft limit of memory, unless GOMEMLIMIT gives one.
func boundMemory() {
	if config.MemoryLimit() == "" {
		debug.SetMemoryLimit(softMemory)
	}
}

// run is the whole program with its world passed in, so that tests can call it.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	a := &app{in: stdin, out: stdout, err: stderr}
	cmd := newRoot(a)
	cmd.SetArgs(args)
	cmd.SetIn(stdin)
	cmd.SetOut(stdout)
	cmd.SetErr(stderr)
	err := cmd.ExecuteContext(ctx)
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		fmt.Fprintln(stderr, "varde: stopped")
		return exitNothing
	}
	text := err.Error()
	if !a.verbose {
		text = forPeople(text, err)
	}
	fmt.Fprintln(stderr, "varde: "+text)
	if errors.Is(err, fault.ErrUsage) {
		return exitUsage
	}
	return exitNothing
}

// forPeople is the text of an error with the sentences for people in it, without the causes that stand behind them.
func forPeople(text string, err error) string {
	if told, ok := err.(*fault.Told); ok {
		return strings.Replace(text, told.Error(), told.Sentence, 1)
	}
	switch w := err.(type) {
	case interface{ Unwrap() error }:
		if inner := w.Unwrap(); inner != nil {
			return forPeople(text, inner)
		}
	case interface{ Unwrap() []error }:
		for _, inner := range w.Unwrap() {
			text = forPeople(text, inner)
		}
	}
	return text
}
