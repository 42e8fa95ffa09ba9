package ad

import "time"

// Band says how much attention a score asks for. It is never a statement about a person.
type Band string

// The bands, from least to most attention.
const (
	Low      Band = "low"
	Elevated Band = "elevated"
	High     Band = "high"
)

// Bands lists the bands from most to least attention.
var Bands = []Band{High, Elevated, Low}

// Ad is an ad as recorded: its latest finding and what linking made of it.
type Ad struct {
	Key Key
	// Finding is the latest version's: the greatest seen_at, and of equals the greatest sighting id.
	Finding   Finding
	FirstSeen time.Time
	LastSeen  time.Time
	// Gone is when the ad was found to be no longer there, after it was last seen; zero where it was not.
	Gone time.Time
	// Sightings counts looks at the ad, Versions the different contents seen.
	Sightings int
	Versions  int
	// Identifiers is the union over all versions.
	Identifiers []Identifier
	Standing
}

// Standing is what linking says of one ad. Indicators are those of the ad's latest finding followed by those of its
// network that rest on this ad, with the points that counted.
type Standing struct {
	Key        Key
	Network    string
	Score      float64
	Band       Band
	Indicators []Indicator
	// ScoreVersion is the version of the catalogue whose points made the score.
	ScoreVersion string
	// Class is Spam or "".
	Class Class
	// Child says that a child may be involved: a flag with its own path, never points.
	Child bool
}

// NetworkIdentifier is an identifier of a network with the number of its ads that show it.
type NetworkIdentifier struct {
	Kind  Kind   `json:"kind"`
	Value string `json:"value"`
	Ads   int    `json:"ads"`
	// Hub marks an identifier used so widely that it links nothing.
	Hub bool `json:"hub,omitempty"`
	// Cut is how many of these ads it does not link because a person decided so.
	Cut int `json:"cut,omitempty"`
	// Weight is how much it holds an ad to the others, in [0,1]: the less, the more widely it is used, and nothing for a hub.
	Weight float64 `json:"weight,omitempty"`
}

// Hold is an identifier that holds a network together: by how many of its ads, and with what weight over all of them.
type Hold struct {
	Kind   Kind    `json:"kind"`
	Value  string  `json:"value"`
	Ads    int     `json:"ads"`
	Weight float64 `json:"weight"`
	// Parts are the sizes, in ads, of what would be left without it, largest first; nil where that is not told.
	Parts []int `json:"parts,omitempty"`
}

// Tie is what a network shares with another one that is not enough to make them one.
type Tie struct {
	Network string  `json:"network"`
	Kind    Kind    `json:"kind"`
	Value   string  `json:"value"`
	Weight  float64 `json:"weight"`
}

// Edge joins an ad with an identifier that it shows and that links it to other ads. For pictures and texts Value is
// the group of near-duplicates, named by its smallest member.
type Edge struct {
	Ad    Key    `json:"ad"`
	Kind  Kind   `json:"kind"`
	Value string `json:"value"`
}

// Network is a set of ads held together by specific identifiers, near-duplicate text or near-duplicate pictures. An ad
// linked to no other is a network of one.
type Network struct {
	ID    string
	Score float64
	Band  Band
	// ScoreVersion is the version of the catalogue whose points made the score.
	ScoreVersion string
	// Ads are sorted. Identifiers are sorted by kind, count (most first) and value.
	Ads         []Key
	Identifiers []NetworkIdentifier
	Edges       []Edge
	Indicators  []Indicator
	FirstSeen   time.Time
	LastSeen    time.Time
	Sites       []string
	Places      []string
	Categories  []Category
	// Personas counts different (advertiser name, age) pairs among the ads.
	Personas int
	// Class is Spam where most of the ads are.
	Class Class
	// Child counts the ads in which a child may be involved.
	Child int
	// Strongest is what holds it together most, Weakest what holds it least of those without any one of which it would fall apart; nil where
	// there is none.
	Strongest *Hold `json:",omitempty"`
	Weakest   *Hold `json:",omitempty"`
	// Ties are what it shares with networks from which it is kept apart.
	Ties []Tie `json:",omitempty"`
}

// Succession records that a network's id gave way to another: by merging, or because an earlier ad became known.
type Succession struct {
	Old string
	New string
	At  time.Time
}

// LineageKind says what became of a network.
type LineageKind string

// The kinds of lineage.
const (
	// Merged: all ads of a network went to one that has others of before too, and its id is gone.
	Merged LineageKind = "merged"
	// Split: ads left a network that lives on, or that went to several.
	Split LineageKind = "split"
	// Renamed: a network has another id, and at most ads besides that were in none.
	Renamed LineageKind = "renamed"
)

// Lineage records that ads went from one network to another.
type Lineage struct {
	At       time.Time
	Kind     LineageKind
	From, To string
	// Ads is how many went.
	Ads int
	// Into says that To is the network that was asked for, under its present id or a former one.
	Into bool
}

// Update is everything that linking one batch of findings changes. It is committed whole or not at all.
type Update struct {
	Findings    []Finding
	Standings   []Standing
	Networks    []Network
	Removed     []string
	Successions []Succession
	// Forgotten are ads that are gone from the record, with all that was said of them.
	Forgotten []Key
	// Children are the flags that the findings raise; those of sightings that are recorded already change nothing.
	Children []ChildFlag
}

// ChildFlag says that a child may be involved in an ad, and by what it shows.
type ChildFlag struct {
	Ad Key
	// Version is the content that raised it, SeenAt when that was seen, At when it was flagged.
	Version    string
	SeenAt, At time.Time
	// Indicators are codes of family C with their evidence.
	Indicators []Indicator
}

// Subject says what a Change is about.
type Subject string

// The subjects of changes.
const (
	AdChanged      Subject = "ad"
	AdRemoved      Subject = "ad_removed"
	NetworkChanged Subject = "network"
	NetworkRemoved Subject = "network_removed"
)

// Change says that the record of one ad or network changed. Numbers grow without gaps within one store.
type Change struct {
	Seq     int64
	Subject Subject
	// ID is an ad's key or a network's id.
	ID string
}
