// Package fetch is the only door to the net. It asks for one page at a time, politely and within limits, and shows every answer to a
// Recorder before anything is made of it.
//
// It promises that every request, each redirect, each new try and robots.txt included, is allowed by the Gate right before it leaves and
// lies within the target; that it waits for the site's pace; that pages are asked for as robots.txt says, unless the target's approval
// says otherwise; that only public addresses are connected to (for a simulated target: only this machine); that an answer ends in time
// and within its size, on the wire and unpacked; and that what the Recorder sees is what was sent, byte for byte. Whatever a site does
// comes out as a Refusal with a word for counting.
//
// It keeps no cookies, sends no Referer, reads no proxies from the environment, sleeps for no site longer than a few seconds, and never
// tries to pass a barrier.
package fetch
