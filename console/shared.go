package console

import (
	"context"
	"math/bits"
	"strconv"
	"strings"

	"varde/internal/ad"
	"varde/internal/picture"
)

// What of shared texts and pictures is shown.
const (
	// mostLooked ads of one piece of evidence are looked up to find what they share.
	mostLooked = 8
	// longestShared is how much of a shared text is quoted, in characters.
	longestShared = 160
	// pairShown ads are named with the number of the picture that they share.
	pairShown = 2
	// nearHash is in how many of 64 bits the hashes of one picture may differ; the linker's own default.
	nearHash = 7
	// halfAgree is how many of the 128 values of two texts' signatures agree at least where the texts are one.
	halfAgree = 64
)

// sharedText is the beginning of a text that ads share, as one of them has it.
type sharedText struct {
	Quote []part
	In    link
}

// sharedPicture is the number of a picture in one of the ads that share it.
type sharedPicture struct {
	N  int
	In link
}

// showShared looks up the ads that share texts and pictures, and puts the words and the numbers of the pictures where the record has a hash.
// What the ads as they are now do not show any longer keeps its hash.
func (s *Server) showShared(ctx context.Context, l *locale, reasons []reason) error {
	var keys []ad.Key
	each := func(do func(v *seen, kind ad.Kind, value string)) {
		for i := range reasons {
			for j := range reasons[i].Seen {
				v := &reasons[i].Seen[j]
				if kind, value, _ := strings.Cut(v.value, ":"); kind == string(ad.TextSig) || kind == string(ad.PHash) {
					do(v, ad.Kind(kind), value)
				}
			}
		}
	}
	asked := map[ad.Key]bool{}
	each(func(v *seen, _ ad.Kind, _ string) {
		for _, key := range v.on {
			if !asked[key] {
				asked[key] = true
				keys = append(keys, key)
			}
		}
	})
	if len(keys) == 0 {
		return nil
	}
	list, err := s.records.AdsOf(ctx, keys)
	if err != nil {
		return err
	}
	byKey := make(map[ad.Key]*ad.Ad, len(list))
	for i := range list {
		byKey[list[i].Key] = &list[i]
	}
	each(func(v *seen, kind ad.Kind, value string) {
		var on []*ad.Ad
		for _, key := range v.on {
			if a := byKey[key]; a != nil {
				on = append(on, a)
			}
		}
		if kind == ad.TextSig {
			if a := sharing(on, value); a != nil {
				v.Shared = &sharedText{Quote: unseenParts(short(a.Finding.Sighting.Text, longestShared), part{}), In: adLink(a.Key)}
			}
		} else {
			v.Pictures = picturesOf(on, value)
		}
		switch {
		case v.Shared != nil:
			v.Value = l.named("kind.", string(kind))
		case len(v.Pictures) > 0:
			v.Value = "" // the numbers say that it is a picture
		}
	})
	return nil
}

// sharing finds an ad that has the shared text now: the one that gave it its name, or one whose text is like another's.
func sharing(on []*ad.Ad, value string) *ad.Ad {
	var sigs [][]uint32
	for _, a := range on {
		var sig []uint32
		for _, id := range a.Finding.Identifiers {
			if id.Kind == ad.TextSig {
				if id.Value == value {
					return a
				}
				sig = id.Signature
			}
		}
		sigs = append(sigs, sig)
	}
	for i, a := range sigs {
		for _, b := range sigs[:i] {
			agree := 0
			for k := range min(len(a), len(b)) {
				if a[k] == b[k] {
					agree++
				}
			}
			if agree >= halfAgree {
				return on[i]
			}
		}
	}
	return nil
}

// picturesOf finds the picture of a group, named by one of its members, in the ads: the same, one near it, or an altered copy.
func picturesOf(on []*ad.Ad, value string) (found []sharedPicture) {
	print := printIn(on, value)
	for _, a := range on {
		if n := pictureIn(a, value, print); n > 0 && len(found) < pairShown {
			found = append(found, sharedPicture{n, adLink(a.Key)})
		}
	}
	if len(found) < pairShown { // one picture by itself is no pair
		return nil
	}
	return found
}

// printIn is the fingerprint of the picture of a value, where one of the ads shows that very picture.
func printIn(on []*ad.Ad, value string) *picture.Fingerprint {
	for _, a := range on {
		for _, id := range a.Finding.Identifiers {
			if id.Kind == ad.PHash && id.Value == value {
				if print := printOf(id); print != nil {
					return print
				}
			}
		}
	}
	return nil
}

// pictureIn is the number of the ad's picture that is most like the one of the value, 0 for none.
func pictureIn(a *ad.Ad, value string, print *picture.Fingerprint) (number int) {
	least := nearHash + 2
	for _, id := range a.Finding.Identifiers {
		if id.Kind != ad.PHash || len(id.Evidence) == 0 {
			continue
		}
		apart := least
		if id.Value == value {
			apart = -1
		} else if d, ok := hashesApart(id.Value, value); ok && d <= nearHash {
			apart = d
		} else if other := printOf(id); print != nil && other != nil {
			if _, same := picture.Compare(print, other); same {
				apart = nearHash + 1
			}
		}
		if apart < least {
			least, number = apart, id.Evidence[0].Image
		}
	}
	return number
}

func printOf(id ad.Identifier) *picture.Fingerprint {
	f, err := picture.FromSignature(id.Signature)
	if err != nil || f.Marks() == 0 {
		return nil
	}
	return f
}

// hashesApart is in how many bits two perceptual hashes differ.
func hashesApart(a, b string) (bitsApart int, ok bool) {
	const digits = 16
	if len(a) < digits || len(b) < digits {
		return 0, false
	}
	x, errA := strconv.ParseUint(a[:digits], 16, 64)
	y, errB := strconv.ParseUint(b[:digits], 16, 64)
	return bits.OnesCount64(x ^ y), errA == nil && errB == nil
}
