package stream

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nuid"
)

// Sizes of an atomic batch (NATS ADR-50). The server writes a batch and then syncs it once, instead of once a message:
// BenchmarkPublish shows what that gains.
const (
	// batchMessages is below the server's limit of 1000.
	batchMessages = 500
	// batchBytes bounds what is held in memory for one batch.
	batchBytes = 4 << 20
	// batchWorth is from how many messages on a batch is faster than messages one by one.
	batchWorth = 12
	// batchesInFlight bounds the batches of this process. The server allows 50 a stream.
	batchesInFlight = 4
)

const (
	headerBatchID     = "Nats-Batch-Id"
	headerBatchSeq    = "Nats-Batch-Sequence"
	headerBatchCommit = "Nats-Batch-Commit"
)

// batchAck is the server's answer to the message that commits a batch.
type batchAck struct {
	Error *struct {
		Code        int    `json:"err_code"`
		Description string `json:"description"`
	} `json:"error"`
	Batch string `json:"batch"`
	Count int    `json:"count"`
}

// putBatch stores all the messages or none, synced once. It fails where one of them is already stored, where there is
// no room for all, and where the server knows no batches; the caller then sends them one by one.
func (s *Stream) putBatch(ctx context.Context, subject string, msgs []Message) error {
	select {
	case s.batches <- struct{}{}:
		defer func() { <-s.batches }()
	case <-ctx.Done():
		return ctx.Err()
	}
	id := nuid.Next()
	last := len(msgs) - 1
	for i := range msgs {
		m := envelope(subject, msgs[i])
		m.Header.Set(headerBatchID, id)
		m.Header.Set(headerBatchSeq, strconv.Itoa(i+1))
		if i < last {
			if err := s.nc.PublishMsg(m); err != nil {
				return fmt.Errorf("send message %d of a batch: %w", i+1, err)
			}
			continue
		}
		m.Header.Set(headerBatchCommit, "1")
		if err := s.commit(ctx, m, id, len(msgs)); err != nil {
			return fmt.Errorf("commit a batch of %d: %w", len(msgs), err)
		}
	}
	return nil
}

func (s *Stream) commit(ctx context.Context, m *nats.Msg, id string, count int) error {
	ctx, cancel := context.WithTimeout(ctx, ackTimeout)
	defer cancel()
	ctx, stop := s.whileConnected(ctx)
	defer stop()
	reply, err := s.nc.RequestMsgWithContext(ctx, m)
	if err != nil {
		return err
	}
	var ack batchAck
	if err := json.Unmarshal(reply.Data, &ack); err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	switch {
	case ack.Error != nil:
		if ack.Error.Code == errCodeBatchDisabled {
			s.noBatch.Store(true)
		}
		return fmt.Errorf("%s (%d)", ack.Error.Description, ack.Error.Code)
	case ack.Batch != id || ack.Count != count:
		// A server older than 2.12 takes the messages singly and confirms the last only.
		s.noBatch.Store(true)
		return errors.New("the server knows no batches")
	}
	return nil
}
