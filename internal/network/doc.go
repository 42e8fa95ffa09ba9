// Package network links ads that share something specific into networks, and gives each network an id, a score and reasons
// (3 LINK). An ad joins the ads that share a phone, handle, mail address or link, a near-duplicate text or a near-duplicate
// picture, unless what they share is a hub: something so widely used that it says nothing.
//
// It promises that the result depends on the ads alone, not on the order, the batches, the repeats or the restarts in which
// they came; that a network keeps its id while it grows by newer ads; and that an id that goes leaves a successor.
//
// A persona is what an ad presents: a name, or an age. One person on tour, on two sites, under two spellings or a year
// younger is one or two personas; two friends who share a phone are two. So every code that speaks of several personas needs
// three. It never identifies a person, and it never writes: what changed is returned as an ad.Update.
package network
