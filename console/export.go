package console

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"varde/internal/ad"
	"varde/internal/audit"
	"varde/internal/export"
)

// ExportLog is where an export is written down before it is given out.
type ExportLog interface {
	PutEntry(ctx context.Context, e audit.Entry) error
}

// mostExported is how many ads one export from the console may hold; the command line takes more.
const mostExported = 5000

// exportForm asks for what an export needs to state. It stands where what is to be exported is shown.
type exportForm struct {
	// Of is the address of the list that is exported where nothing on it is chosen; Networks and Ads are what is.
	Of            string
	Networks, Ads []string
	// Choose says that lines of the list beside the form can be chosen.
	Choose    bool
	Formats   []string
	Handlings []export.Handling
	// Format, Handling and Purpose are what the form holds, Problem says why nothing was exported.
	Format, Purpose, Problem string
	Handling                 export.Handling
}

func newExportForm(of string) *exportForm {
	return &exportForm{Of: of, Formats: export.Names(), Handlings: export.Handlings, Format: export.Formats[0].Name, Handling: export.Amber}
}

// exportPage is the form alone, after it could not be taken.
type exportPage struct {
	base
	Export *exportForm
}

// export gives out a network, what was chosen on a list, or all of a list. It is in the log before it is given out.
func (s *Server) export(w http.ResponseWriter, r *http.Request) error {
	if err := plainForm(r); err != nil {
		return err
	}
	l := s.locale(r)
	form := newExportForm(r.PostFormValue("of"))
	form.Networks, form.Ads = r.PostForm["network"], r.PostForm["ad"]
	form.Format, form.Purpose = r.PostFormValue("format"), strings.TrimSpace(r.PostFormValue("purpose"))
	format, err := export.ByName(form.Format)
	if err != nil {
		return &pageError{status: http.StatusBadRequest, key: "error.bad_request", err: err}
	}
	if form.Handling, err = export.ParseHandling(r.PostFormValue("handling")); err != nil {
		return &pageError{status: http.StatusBadRequest, key: "error.bad_request", err: err}
	}
	refused := func(key string) error {
		form.Problem = l.say(key)
		return s.render(w, r, http.StatusUnprocessableEntity, "export", exportPage{base: s.base(r, l.say("export.title"), "queue"), Export: form})
	}
	if form.Purpose == "" {
		return refused("export.no_purpose")
	}
	networks, ads, all, err := s.exported(r.Context(), form)
	switch {
	case err != nil:
		return err
	case !all:
		return refused("export.too_many")
	case len(networks) == 0 && len(ads) == 0:
		return refused("export.nothing")
	}
	st := export.Statement{Purpose: cut(form.Purpose, longestQuery), Handling: form.Handling, MadeBy: userOf(r.Context()).Name, MadeAt: s.cfg.Now().UTC().Truncate(time.Second), Program: "Varde"}
	c := export.Gather(st, networks, ads)
	var body bytes.Buffer
	if err := format.Write(&body, c, export.Reader{Lang: l.lang, Entry: s.catalogue.Entry, Zone: l.zone}); err != nil {
		return fmt.Errorf("write the export: %w", err)
	}
	one := ""
	if len(networks) == 1 {
		one = networks[0].ID
	}
	sum := sha256.Sum256(body.Bytes())
	if err := s.exports.PutEntry(r.Context(), c.Statement.Entry(format, one, hex.EncodeToString(sum[:]))); err != nil {
		return fmt.Errorf("nothing was exported: %w", err)
	}
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Disposition", `attachment; filename="`+exportName(one, len(networks), st.MadeAt.In(l.zone), format)+`"`)
	send(w, r, http.StatusOK, format.MediaType, body.Bytes(), nil)
	return nil
}

// exportName is a file name of plain letters.
func exportName(network string, networks int, at time.Time, f export.Format) string {
	plain := func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' {
			return r
		}
		return -1
	}
	what := strings.Map(plain, network)
	switch {
	case networks == 0:
		what = "ads"
	case what == "":
		what = "networks"
	}
	return "varde-" + what + "-" + at.Format("2006-01-02") + "-" + f.Name + "." + f.Extension
}

// exported reads what is to be exported; all is false where it is more than one export may hold.
func (s *Server) exported(ctx context.Context, form *exportForm) (networks []ad.Network, ads []ad.Ad, all bool, err error) {
	if len(form.Networks) == 0 && len(form.Ads) == 0 {
		networks, ads, err = s.listed(ctx, form.Of)
	} else {
		if networks, err = s.networksOf(ctx, form.Networks); err == nil && len(form.Ads) > 0 {
			ads, err = s.adsOf(ctx, form.Ads)
		}
	}
	if err != nil {
		return nil, nil, false, err
	}
	var keys []ad.Key
	have := map[ad.Key]bool{}
	for i := range ads {
		have[ads[i].Key] = true
	}
	for _, n := range networks {
		for _, k := range n.Ads {
			if !have[k] {
				have[k] = true
				keys = append(keys, k)
			}
		}
	}
	if len(ads)+len(keys) > mostExported {
		return nil, nil, false, nil
	}
	for part := range slices.Chunk(keys, 500) {
		list, err := s.records.AdsOf(ctx, part)
		if err != nil {
			return nil, nil, false, err
		}
		ads = append(ads, list...)
	}
	return networks, ads, true, nil
}

// listed reads everything on a list of the console: the queue or what a search finds, with the same filters. It stops where there is more
// than an export may hold.
func (s *Server) listed(ctx context.Context, of string) ([]ad.Network, []ad.Ad, error) {
	u, err := url.Parse(of)
	if err != nil {
		return nil, nil, &pageError{status: http.StatusBadRequest, key: "error.bad_request", err: err}
	}
	switch u.Path {
	case "/queue":
		networks, err := s.ranked(ctx, u.Query())
		return networks, nil, err
	case "/search":
		return s.searched(ctx, u.Query())
	}
	return nil, nil, &pageError{status: http.StatusBadRequest, key: "error.bad_request"}
}

func (s *Server) ranked(ctx context.Context, q url.Values) (networks []ad.Network, err error) {
	f, _, _ := s.queueFilter(q)
	f.Limit = 500
	ads := 0
	for {
		list, total, err := s.records.Ranked(ctx, f)
		if err != nil {
			return nil, err
		}
		for _, n := range list {
			ads += len(n.Ads)
		}
		networks = append(networks, list...)
		if f.Offset += len(list); len(list) == 0 || f.Offset >= total || ads > mostExported {
			return networks, nil
		}
	}
}

func (s *Server) searched(ctx context.Context, q url.Values) ([]ad.Network, []ad.Ad, error) {
	req := searchRequest(q)
	req.Size = 200
	var ids []string
	for {
		res, err := s.search.Search(ctx, req)
		if err != nil {
			return nil, nil, err
		}
		for _, h := range res.Hits {
			ids = append(ids, h.ID)
		}
		if req.From += len(res.Hits); len(res.Hits) == 0 || req.From >= res.Total || len(ids) > mostExported {
			break
		}
	}
	if req.Kind == "network" {
		networks, err := s.networksOf(ctx, ids)
		return networks, nil, err
	}
	ads, err := s.adsOf(ctx, ids)
	return nil, ads, err
}

// networksOf reads networks by their ids, each once; ids that gave way are followed.
func (s *Server) networksOf(ctx context.Context, ids []string) (networks []ad.Network, err error) {
	done := map[string]bool{}
	ads := 0
	for _, id := range ids {
		n, err := s.records.Network(ctx, id)
		if err != nil {
			return nil, err
		}
		if done[n.ID] {
			continue
		}
		done[n.ID] = true
		networks = append(networks, n)
		if ads += len(n.Ads); ads > mostExported {
			break
		}
	}
	return networks, nil
}

func (s *Server) adsOf(ctx context.Context, names []string) (ads []ad.Ad, err error) {
	keys := make([]ad.Key, len(names))
	for i, n := range names {
		keys[i] = ad.Key(n)
	}
	for part := range slices.Chunk(keys[:min(len(keys), mostExported+1)], 500) {
		list, err := s.records.AdsOf(ctx, part)
		if err != nil {
			return nil, err
		}
		ads = append(ads, list...)
	}
	slices.SortFunc(ads, func(a, b ad.Ad) int { return cmp.Compare(a.Key, b.Key) })
	return slices.CompactFunc(ads, func(a, b ad.Ad) bool { return a.Key == b.Key }), nil
}
