package frontier

// Outcome is a stable word for what came of a request, a page or a link. The console has a sentence for each.
type Outcome string

// The outcomes. Good ones first, then those that say something of the site, those of the net, those of hostile or broken sites, and
// those of our own rules.
const (
	AdRead      Outcome = "ad_read"
	ListRead    Outcome = "list_read"
	Unchanged   Outcome = "unchanged"
	Hashed      Outcome = "picture_hashed"
	NotModified Outcome = "picture_unchanged"

	Gone          Outcome = "gone"
	NoAd          Outcome = "no_ad"
	NoLinks       Outcome = "no_links"
	NotValid      Outcome = "not_valid"
	NotCategory   Outcome = "other_category"
	Moved         Outcome = "seen_elsewhere"
	FallenBack    Outcome = "nested_too_deep"
	PictureFailed Outcome = "picture_unreadable"

	LogIn    Outcome = "log_in_wall"
	Captcha  Outcome = "captcha"
	Cookies  Outcome = "cookie_wall"
	BotBlock Outcome = "bot_block"

	Busy      Outcome = "busy"
	Refused   Outcome = "refused"
	Broken    Outcome = "server_error"
	OddStatus Outcome = "odd_status"
	Network   Outcome = "network"
	TLS       Outcome = "tls"
	Reset     Outcome = "reset"
	Timeout   Outcome = "timeout"
	Slow      Outcome = "too_slow"
	TooLarge  Outcome = "too_large"
	Bomb      Outcome = "unpacks_too_large"
	Packing   Outcome = "cannot_unpack"
	WrongType Outcome = "wrong_type"
	Address   Outcome = "address_forbidden"
	Redirects Outcome = "too_many_redirects"
	OffTarget Outcome = "off_target_redirect"

	Outside       Outcome = "outside_target"
	RobotsForbid  Outcome = "robots_forbid"
	RobotsFailed  Outcome = "robots_failed"
	NotAuthorised Outcome = "not_authorised"
	TooMany       Outcome = "too_many_pages"
	Endless       Outcome = "endless_list"
	// ReadingFailed: our own program failed on what a page holds.
	ReadingFailed Outcome = "reading_failed"
)

// Outcomes lists them all in the order in which people are shown them.
var Outcomes = []Outcome{AdRead, ListRead, Unchanged, Hashed, NotModified, Gone, NoAd, NoLinks, NotValid, NotCategory, Moved, FallenBack, PictureFailed,
	LogIn, Captcha, Cookies, BotBlock, Busy, Refused, Broken, OddStatus, Network, TLS, Reset, Timeout, Slow, TooLarge, Bomb, Packing, WrongType,
	Address, Redirects, OffTarget, Outside, RobotsForbid, RobotsFailed, NotAuthorised, TooMany, Endless, ReadingFailed}

// Barrier says whether an outcome is a barrier that a person would have to pass: it is recognised, and never passed.
func (o Outcome) Barrier() bool { return o == LogIn || o == Captcha || o == Cookies || o == BotBlock }

// Good says whether an outcome is what was hoped for.
func (o Outcome) Good() bool {
	switch o {
	case AdRead, ListRead, Unchanged, Hashed, NotModified:
		return true
	}
	return false
}
