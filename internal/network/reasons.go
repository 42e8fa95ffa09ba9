package network

import (
	"cmp"
	"slices"

	"varde/internal/ad"
)

// Thresholds of the network codes. The numbers of shared/indicators: three personas or contacts before several are said to
// be one hand (two friends may share).
const (
	leastPersonas = 3
	leastContacts = 3
	leastAds      = 3
	// mostEvidence bounds what one indicator carries; mostAds the ads named in one piece of it.
	mostEvidence = 5
	mostAds      = 20
)

// Confidence below 1 of what has a common innocent reason. They are this project's choice: half of a strong code lifts no ad by itself.
const (
	// openAgency is for what an agency that says openly what it is does by its nature: one phone, one address.
	openAgency = 0.5
	// openSalon is for the wording of one that gives massage, and for the same reason.
	openSalon = 0.25
	// spreadPicture is for pictures that are all their ads have in common: stolen and stock pictures are.
	spreadPicture = 0.4
	// shared is for friends who say that they share a phone or a flat, up to mostFriends; oneWithNames for ads that may be of one person
	// with several working names: both are named among N01's innocent reasons.
	shared       = 0.5
	mostFriends  = 3
	oneWithNames = 0.5
	// ownServices is for somebody who offers work of their own, such as cleaning, and also advertises alone.
	ownServices = 0.5
	// lodger is for somebody who advertises alone and also lets a room.
	lodger = 0.5
	// namesakes is for ages under one name among several people: two of them may have that name.
	namesakes = 0.5
	// pair is for two personas that move together: friends travel together.
	pair = 0.6
)

// piece is one thing that speaks for a code: ads, and what they share.
type piece struct {
	code       string
	confidence float64
	// via is what the ads share, nil where it is no single link.
	via *link
	on  []*card
	// what and figure say how many of what were counted; value names what is shared where via is nil.
	what, value string
	figure      float64
	// compared is what the figure is compared with, 0 for nothing.
	compared float64
	// basis says where the figure comes from, such as the reference of something watched.
	basis string
	// names says that the ads may be of one person with several names; added that the piece is only a note for the ads that it rests on,
	// because others took from them what they share.
	names, added bool
	// said is a span of the ad itself, for codes that rest on its words.
	said *ad.Evidence
}

// survey reads the network codes of one component.
type survey struct {
	*Linker
	// cards are the component's ads in the order in which they were first used.
	cards []*card
	// of are the links of each ad; shared are those that tie ads together, in order, with the ads on each in the order of cards.
	of     map[*card][]*link
	shared []*link
	on     map[*link][]*card
	pieces []piece
	// added are, for an ad, the links that others took from it.
	added map[*card]map[*link]bool
	// standing lists, for each ad, the pieces that rest on it.
	standing map[*card][]int
}

// survey reads a component.
func (l *Linker) survey(component []*card) *survey {
	s := &survey{Linker: l, cards: slices.Clone(component), of: make(map[*card][]*link, len(component)), on: map[*link][]*card{},
		added: map[*card]map[*link]bool{}, standing: map[*card][]int{}}
	slices.SortFunc(s.cards, sooner)
	for _, c := range s.cards {
		s.of[c] = l.linksOf(c)
		for _, via := range s.of[c] {
			if !l.hub(via) {
				s.on[via] = append(s.on[via], c)
			}
		}
	}
	for via, cards := range s.on {
		if len(cards) > 1 && via.kind != ad.Decided { // that people joined ads is nothing that these show
			s.shared = append(s.shared, via)
		}
	}
	slices.SortFunc(s.shared, compareLinks)
	if len(s.cards) > 1 {
		for _, via := range s.shared {
			s.readLink(via, s.on[via])
		}
		s.readImages()
		s.readPlaces()
		s.readClock()
		s.readTariffs()
		s.findAdded()
		s.readAnew()
		s.readClaims()
	}
	s.readWatched()
	s.sortPieces()
	return s
}

// sooner orders ads by their first use.
func sooner(a, b *card) int {
	return cmp.Or(a.at().Compare(b.at()), cmp.Compare(a.key, b.key))
}

// add takes a piece down.
func (s *survey) add(p piece) {
	if p.confidence == 0 {
		p.confidence = 1
	}
	s.pieces = append(s.pieces, p)
}

// sortPieces brings the pieces into the order of their codes and tells each ad its own.
func (s *survey) sortPieces() {
	slices.SortStableFunc(s.pieces, func(a, b piece) int { return cmp.Compare(a.code, b.code) })
	for i, p := range s.pieces {
		for _, c := range p.on {
			s.standing[c] = append(s.standing[c], i)
		}
	}
}

// readLink reads what one shared thing says of the ads that share it.
func (s *survey) readLink(via *link, cards []*card) {
	sexual := only(cards, ad.SexualServices, ad.Massage)
	jobs := only(cards, ad.Job, ad.Housing)
	s.readPersonas(via, sexual)
	if len(jobs) > 0 && len(only(cards, ad.SexualServices)) > 0 { // a salon that looks for staff is no recruitment into prostitution
		p := piece{code: "N08", via: via, on: cards, what: "ads", figure: float64(len(cards))}
		work := only(jobs, ad.Job)
		switch {
		case personas(sexual) == 1 && len(work) == 0:
			p.confidence = lodger
		case personas(cards) <= 1 && most(work, func(c *card) bool { return c.ownServices }):
			p.confidence = ownServices
		}
		s.add(p)
	}
	s.readMoves(via, sexual)
	s.readChurn(via, sexual)
	s.readAltered(via, cards)
	if via.kind == ad.TextSig {
		s.readJobText(via, only(jobs, ad.Job))
	}
	if isContact(via.kind) || via.kind == ad.PHash {
		if on := agesDiffer(sexual); on != nil {
			p := piece{code: "S05", via: via, on: on, what: "years", figure: float64(ageSpread(on))}
			if personas(sexual) > leastPersonas {
				p.confidence = namesakes
			}
			s.add(p)
		}
	}
}

// readPersonas reads N01 to N04: one thing under several personas or contacts.
func (s *survey) readPersonas(via *link, sexual []*card) {
	who := personas(sexual)
	p := piece{via: via, on: sexual, what: "personas", figure: float64(who)}
	switch {
	case openly(sexual):
		p.confidence = openAgency
	case friends(sexual):
		p.confidence = shared
	case isContact(via.kind) && len(sexual) > 0 && s.workingNames(sexual):
		p.confidence, p.names = oneWithNames, true
	}
	switch {
	case via.kind == ad.Phone && who >= leastPersonas:
		p.code = "N01"
	case isContact(via.kind) && who >= leastPersonas:
		p.code = "N02"
	case via.kind == ad.TextSig && len(sexual) >= leastAds:
		contacts := s.contactsOf(sexual) // several names with one contact are N01 or N02 and no fact of their own
		if contacts < leastContacts {
			return
		}
		p.code, p.what, p.figure = "N03", "contacts", float64(contacts)
	case via.kind == ad.PHash && (who >= leastPersonas || s.contactsOf(sexual) >= leastContacts):
		p.code = "N04"
		if who < leastPersonas {
			p.what, p.figure = "contacts", float64(s.contactsOf(sexual))
		}
		if s.spread(sexual) {
			p.confidence = spreadPicture
		}
	default:
		return
	}
	s.add(p)
}

// spread says whether pictures are all that ads of several personas or contacts have in common: people who have nothing to do with each other
// load down the same two pictures as easily as one. Where ads of several hang together by anything else, too, they are not.
func (s *survey) spread(cards []*card) bool {
	several := func(on []*card) bool {
		return len(on) > 1 && (personas(on) >= leastPersonas || s.contactsOf(on) >= leastContacts)
	}
	return several(cards) && !slices.ContainsFunc(s.groupsBy(cards, func(via *link) bool { return via.kind != ad.PHash }), several)
}

// groupsBy parts ads into those that hang together by links among themselves, in their order.
func (s *survey) groupsBy(cards []*card, take func(*link) bool) (groups [][]*card) {
	parent := make([]int, len(cards))
	root := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	first := map[*link]int{}
	for i, c := range cards {
		parent[i] = i
		for _, via := range s.of[c] {
			if s.hub(via) || !take(via) {
				continue
			}
			if j, known := first[via]; known {
				a, b := root(i), root(j)
				parent[max(a, b)] = min(a, b)
			} else {
				first[via] = i
			}
		}
	}
	at := map[int]int{}
	for i, c := range cards {
		r := root(i)
		if _, known := at[r]; !known {
			at[r] = len(groups)
			groups = append(groups, nil)
		}
		groups[at[r]] = append(groups[at[r]], c)
	}
	return groups
}

func only(cards []*card, categories ...ad.Category) (out []*card) {
	for _, c := range cards {
		if slices.Contains(categories, c.category) {
			out = append(out, c)
		}
	}
	return out
}

// contactsOf counts the contacts that the ads show, of the kind that has most. Those that one ad shows together count once: one person
// may have three phones and list them in every ad.
func (s *survey) contactsOf(cards []*card) int {
	same := map[*link]*link{} // to another of its group, or itself
	root := func(via *link) *link {
		for same[via] != via {
			via = same[via]
		}
		return via
	}
	for _, c := range cards {
		first := map[ad.Kind]*link{}
		for _, via := range s.of[c] {
			if !isContact(via.kind) || s.hub(via) {
				continue
			}
			if _, known := same[via]; !known {
				same[via] = via
			}
			if other, ok := first[via.kind]; ok {
				same[root(via)] = root(other)
			}
			first[via.kind] = via
		}
	}
	perKind, most := map[ad.Kind]int{}, 0
	for via, other := range same {
		if via == other {
			perKind[via.kind]++
			most = max(most, perKind[via.kind])
		}
	}
	return most
}

// ageSpread is the difference between the highest and the lowest age.
func ageSpread(cards []*card) int {
	low, high := cards[0].age, cards[0].age
	for _, c := range cards {
		low, high = min(low, c.age), max(high, c.age)
	}
	return high - low
}

// agesDiffer finds ads of one name that share this thing and whose ages lie too far apart.
func agesDiffer(cards []*card) []*card {
	byName := map[string][]*card{}
	var names []string
	for _, c := range cards {
		if c.name != "" && c.age > 0 {
			byName[c.name] = append(byName[c.name], c)
			if len(byName[c.name]) == 1 {
				names = append(names, c.name)
			}
		}
	}
	for _, name := range names {
		if ageSpread(byName[name]) > ageGap {
			return byName[name]
		}
	}
	return nil
}
