package main

import (
	"errors"

	"varde/internal/frontier"
)

// mendIt is for what a better target would read.
const mendIt = "the page gives nothing with this target; mend it and try again"

// meanings say of each outcome of a try that gives nothing what it means for who drafts the target.
var meanings = map[frontier.Outcome]string{
	frontier.NoAd:          mendIt,
	frontier.NoLinks:       mendIt,
	frontier.NotValid:      mendIt,
	frontier.PictureFailed: mendIt,
	frontier.FallenBack:    mendIt,
	frontier.NotCategory:   "the ad is of a category that the target does not collect, so the crawler would leave it; try another ad, or mend categories",
	frontier.Gone:          "the site no longer has this page, which says nothing of the target; try another address",
	frontier.Moved:         "the site leads on to another address; try that one",
	frontier.LogIn:         "the site asks for a log-in, which Varde never passes: the target cannot have this page",
	frontier.Captcha:       "the site asks for a CAPTCHA, which Varde never passes: the target cannot have this page",
	frontier.Cookies:       "the site asks for consent to cookies, which Varde never gives: the target cannot have this page",
	frontier.BotBlock:      "the site shuts programs out, which Varde does not get around: the target cannot have this page",
	frontier.Busy:          "the site does not answer now, which says nothing of the target; try again later",
	frontier.Refused:       "the site refuses the page to programs like this one, whatever the target says; ask whoever runs the site, or leave it",
	frontier.Broken:        "the site failed, which says nothing of the target; try again later",
	frontier.OddStatus:     "the site answered in a way that is no page; try another address",
	frontier.Network:       "there is no connection to the site; see to the host's name and the net, and try again",
	frontier.TLS:           "the site's certificate or encryption does not hold, and nothing is asked without; tell whoever runs the site",
	frontier.Reset:         "the site broke the connection off; try again later",
	frontier.Timeout:       "the site did not answer in time; try again later",
	frontier.Slow:          "the site sent too slowly; try again later",
	frontier.TooLarge:      "the page is larger than what the crawler takes; try another address",
	frontier.Bomb:          "the page unpacks to more than what the crawler takes; try another address",
	frontier.Packing:       "the page is packed in a way that cannot be undone; try another address",
	frontier.WrongType:     "what is there is no page that can be read; try another address",
	frontier.Address:       "the host's name leads into an inner network, where nothing is asked; see to hosts",
	frontier.Redirects:     "the site leads from address to address without end; try another one",
	frontier.OffTarget:     "the site leads out of the target's hosts and paths, where the crawler does not follow; see to hosts, allow and deny, or try another address",
	frontier.Outside:       "the address is not within the target's hosts and paths; see to hosts, allow and deny",
	frontier.RobotsForbid:  "the site's robots.txt forbids this page, and the crawler does not ask for it either; try another address, or leave it out with deny",
	frontier.RobotsFailed:  "robots.txt could not be read, and nothing is asked without it; try again later",
	frontier.NotAuthorised: "the target does not allow it at this moment; see to its dates and hours",
	frontier.TooMany:       "there are more pages than the target takes",
	frontier.Endless:       "the lists go on without end",
	frontier.ReadingFailed: "the program itself failed on this page, which is a fault of ours; try another address",
}

// givesNothing is the error of a try that gave nothing: a script can tell by the status, and a person what to do next.
func givesNothing(o frontier.Outcome) error {
	if text := meanings[o]; text != "" {
		return errors.New(text)
	}
	return errors.New("the page gives nothing with this target (" + string(o) + ")")
}
