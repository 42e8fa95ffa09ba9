package fault

// Notice is what an operator should know although the work goes on. The console has a sentence for each kind.
type Notice struct {
	Kind NoticeKind
	// About is the name of what it is about, such as a stream's, where the kind needs one.
	About string
}

// NoticeKind is a stable word, the end of the sentence's key in the console's catalogue.
type NoticeKind string

// The kinds of notices.
const (
	// IndexRebuilt: the search index was damaged and was built anew from the record.
	IndexRebuilt NoticeKind = "index_rebuilt"
	// StreamMissing: a stream was not there although the record holds ads; what was under way in it is lost.
	StreamMissing NoticeKind = "stream_missing"
	// SyncUnknown: nobody could say whether an outside NATS server syncs every write to disk.
	SyncUnknown NoticeKind = "sync_unknown"
)

// NoticeKinds lists them all.
var NoticeKinds = []NoticeKind{IndexRebuilt, StreamMissing, SyncUnknown}
