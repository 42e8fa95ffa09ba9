package console

import (
	"context"

	"varde/internal/ad"
)

// What is looked up to name the texts and pictures of a network.
const (
	// mostAsked ads are looked up; pictures beyond them are named without their number.
	mostAsked = 300
	// askedEach is how many ads of one picture are looked at for its number.
	askedEach = 3
)

// sharedName is what a text or a picture is called: by an ad that shows it, for a hash tells people nothing.
type sharedName struct{ Text, Href string }

// nameShared names the texts and pictures of a network. What no ad of the network is known to show keeps its hash.
func (s *Server) nameShared(ctx context.Context, l *locale, n ad.Network) (map[idKey]sharedName, error) {
	on := map[idKey][]ad.Key{}
	for _, e := range n.Edges {
		if k := (idKey{e.Kind, e.Value}); named(k) && len(on[k]) < askedEach {
			on[k] = append(on[k], e.Ad)
		}
	}
	var ask []ad.Key
	asked := map[ad.Key]bool{}
	want := func(keys []ad.Key) {
		for _, key := range keys {
			if !asked[key] && len(ask) < mostAsked {
				asked[key] = true
				ask = append(ask, key)
			}
		}
	}
	for _, e := range n.Edges { // in the order of the record
		if e.Kind == ad.PHash {
			want(on[idKey{e.Kind, e.Value}])
		}
	}
	for _, id := range n.Identifiers { // what links nothing has no edges
		if k := (idKey{id.Kind, id.Value}); named(k) && len(on[k]) == 0 {
			on[k] = n.Ads[:min(len(n.Ads), adsPerPage)]
			want(on[k])
		}
	}
	byKey := map[ad.Key]*ad.Ad{}
	if len(ask) > 0 {
		list, err := s.records.AdsOf(ctx, ask)
		if err != nil {
			return nil, err
		}
		for i := range list {
			byKey[list[i].Key] = &list[i]
		}
	}
	names := map[idKey]sharedName{}
	for k, keys := range on {
		var looked []*ad.Ad
		for _, key := range keys {
			if a := byKey[key]; a != nil {
				looked = append(looked, a)
			}
		}
		if name, ok := l.nameOf(k, keys, looked); ok {
			names[k] = name
		}
	}
	return names, nil
}

func named(k idKey) bool { return k.kind == ad.TextSig || k.kind == ad.PHash }

// nameOf names one text or picture by its ads. Those of a hub are not known to show it, but for what they say themselves.
func (l *locale) nameOf(k idKey, keys []ad.Key, looked []*ad.Ad) (name sharedName, ok bool) {
	called := func(key string, of ad.Key, pairs ...any) (sharedName, bool) {
		return sharedName{l.say(key, append(pairs, "ad", short(string(of), 60))...), adURL(of)}, true
	}
	known := len(keys) <= askedEach
	switch {
	case k.kind == ad.TextSig && known:
		return called("shared.text", keys[0])
	case k.kind == ad.TextSig:
		for _, a := range looked {
			for _, id := range a.Identifiers {
				if id.Kind == k.kind && id.Value == k.value {
					return called("shared.text", a.Key)
				}
			}
		}
	case k.kind == ad.PHash:
		print := printIn(looked, k.value)
		for _, a := range looked {
			if n := pictureIn(a, k.value, print); n > 0 {
				return called("shared.picture", a.Key, "n", n)
			}
		}
		if known {
			return called("shared.some_picture", keys[0])
		}
	}
	return name, false
}
