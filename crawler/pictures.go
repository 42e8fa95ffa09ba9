package crawler

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"

	"varde/crawler/fetch"
	"varde/internal/ad"
	"varde/internal/frontier"
	"varde/internal/target"
)

// mostPictures bounds the pictures of one ad.
const mostPictures = 30

// pictures hashes the ad's pictures, asking for those that were hashed before only whether they have changed. One that cannot be had is
// noted and does not lose the ad. The error is what ends the work, or the *fetch.Refusal of a site that is busy: without its pictures the ad
// would be another version.
func (v *visit) pictures(ctx context.Context, s *ad.Sighting) error {
	images := s.Images[:min(len(s.Images), mostPictures)]
	known, err := v.validators(ctx, images)
	if err != nil {
		return err
	}
	for i, address := range images {
		u, err := url.Parse(address)
		if err != nil || !v.target.Inside(u) {
			v.noPicture(s, i, frontier.Outside, address, "")
			continue
		}
		before := v.hashed(u)
		req := fetch.Request{URL: u, Kind: fetch.Picture}
		if k, ok := known[address]; ok && before != nil && k.SHA256 == before.SHA256 {
			req.ETag, req.LastModified = k.ETag, k.LastModified
		}
		into := &sink{}
		res, err := v.fetcher.Get(context.WithValue(ctx, sinkKey{}, into), req)
		var no *target.Denial
		var r *fetch.Refusal
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.As(err, &no):
			return err
		case errors.As(err, &r) && r.Outcome == frontier.Busy:
			return r
		case errors.As(err, &r):
			v.noPicture(s, i, r.Outcome, address, detail(r.Err))
			continue
		case err != nil:
			return err
		}
		v.picture(s, i, address, res, into, before)
	}
	return nil
}

// picture takes one answer.
func (v *visit) picture(s *ad.Sighting, i int, address string, res *fetch.Response, into *sink, before *ad.Picture) {
	c := res.Capture
	c.Image = i + 1
	s.Provenance.Captures = append(s.Provenance.Captures, c)
	if res.NotModified && before != nil {
		into.picture = *before
		v.count(frontier.NotModified, 1, address, "")
	} else if into.err != nil {
		v.noPicture(s, i, frontier.PictureFailed, address, detail(into.err))
		return
	} else {
		v.count(frontier.Hashed, 1, address, "")
	}
	into.picture.Image = i + 1
	s.Pictures = append(s.Pictures, into.picture)
	if etag, modified := res.Header.Get("ETag"), res.Header.Get("Last-Modified"); !res.NotModified && etag+modified != "" {
		v.Visit.Pictures = append(v.Visit.Pictures, frontier.Page{Target: v.target.ID, Kind: frontier.Picture, Name: address, URL: address,
			ETag: etag, LastModified: modified, SHA256: into.picture.SHA256, Found: v.At, Read: v.At, Visits: 1, Outcome: frontier.Hashed})
	}
}

func (v *visit) noPicture(s *ad.Sighting, i int, o frontier.Outcome, address, why string) {
	s.Provenance.Problems = append(s.Provenance.Problems, "picture "+strconv.Itoa(i+1)+" could not be read")
	v.count(o, 1, address, why)
}

// validators are what the site said of pictures that were read before.
func (v *visit) validators(ctx context.Context, images []string) (map[string]frontier.Page, error) {
	if !v.before || len(v.earlier.Pictures) == 0 {
		return nil, nil
	}
	return v.cfg.Frontier.Validators(ctx, v.target.ID, images)
}

// hashed is what is known of a picture from the ad's earlier sighting, or nil.
func (v *visit) hashed(u *url.URL) *ad.Picture {
	if !v.before {
		return nil
	}
	n := slices.Index(v.earlier.Images, u.RequestURI()) // as Shorten writes them
	if n < 0 {
		n = slices.Index(v.earlier.Images, u.String())
	}
	for i := range v.earlier.Pictures {
		if n >= 0 && v.earlier.Pictures[i].Image == n+1 {
			return &v.earlier.Pictures[i]
		}
	}
	return nil
}

// Shorten takes the site's own host off addresses of pictures, so that a site that moves does not make every ad a new version. Where a target
// has several hosts they stay: the same path on two of them is two pictures.
func Shorten(t *target.Target, images []string) {
	if len(t.Hosts) > 1 {
		return
	}
	for i, address := range images {
		if u, err := url.Parse(address); err == nil && t.Inside(u) {
			images[i] = u.RequestURI()
		}
	}
}
