// Package console is part 5 of the way of an ad: decide. It serves the pages on which analysts see ranked networks,
// search, read why something is shown to them and what could be innocent about it, on which operators see how the system
// does, and on which what may be crawled is drafted, tried, approved by a second person, watched and stopped.
//
// It promises that every page works without JavaScript, that what an ad says is shown as text and never as anything
// else (characters that change how text looks without being seen are shown as marks), that nothing is loaded from
// another host, that a score is never shown without its reasons, and that every string a person reads comes from one
// catalogue in Norwegian bokmål and English.
// It never decides anything itself, who may approve included; never fetches what an ad points at; and never shows a cause
// meant for the log.
package console
