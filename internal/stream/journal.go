package stream

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// journal is what a Run on an embedded stream must know of the processes before it, kept in a file of the stream's
// folder. The server's own count of tries reaches the disk a tenth of a second late, which a process that a message
// ends at once does not live to see. The file is there while a Run is: finding it means that the last one was cut off.
type journal struct {
	path  string
	state journalState
}

type journalState struct {
	// Deaths counts Runs cut off in a row.
	Deaths int `json:"deaths"`
	// Begun says how often a message was begun and not settled, by sequence number, when messages are taken singly.
	Begun map[uint64]int `json:"begun,omitempty"`
}

func openJournal(dir, consumer string) (*journal, error) {
	j := &journal{path: filepath.Join(dir, "work."+consumer)}
	b, err := os.ReadFile(j.path)
	switch {
	case err == nil:
		if json.Unmarshal(b, &j.state) != nil {
			j.state = journalState{}
		}
		j.state.Deaths++
	case !errors.Is(err, os.ErrNotExist):
		return nil, fmt.Errorf("read journal: %w", err)
	}
	return j, j.write()
}

// begin records that a message is begun and returns how often it was, this time included.
func (j *journal) begin(seq uint64) (int, error) {
	if j.state.Begun == nil {
		j.state.Begun = map[uint64]int{}
	}
	j.state.Begun[seq]++
	return j.state.Begun[seq], j.write()
}

// done records that a message is settled.
func (j *journal) done(seq uint64) error {
	delete(j.state.Begun, seq)
	return j.write()
}

// calm records that work goes on again.
func (j *journal) calm() error {
	j.state = journalState{}
	return j.write()
}

// end records that the Run came to its end.
func (j *journal) end() error {
	if err := os.Remove(j.path); err != nil {
		return fmt.Errorf("end journal: %w", err)
	}
	return nil
}

// write replaces the file as a whole. A process that is killed loses nothing of it; after a power cut an older one
// counts a try less, so it is not synced.
func (j *journal) write() error {
	b, err := json.Marshal(j.state)
	if err != nil {
		return fmt.Errorf("write journal: %w", err)
	}
	tmp := j.path + ".tmp"
	if err := errors.Join(os.WriteFile(tmp, b, 0o600), os.Rename(tmp, j.path)); err != nil {
		return fmt.Errorf("write journal: %w", err)
	}
	return nil
}
