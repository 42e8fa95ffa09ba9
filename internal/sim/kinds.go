package sim

// Kind is what sort of controller stands behind an ad.
type Kind string

// The kinds of controller. Exploitative are Ring, Recruiter and RecruitingRing; every other is somebody who must not be disturbed,
// or spam.
const (
	Ring           Kind = "ring"            // several personas run by others: few phones, house texts, shared pictures, moving together
	RecruitingRing Kind = "recruiting_ring" // a ring that also looks for people in job ads, under the same phone
	Independent    Kind = "independent"     // one adult who advertises alone
	Friends        Kind = "friends"         // two who share a flat for safety, each for herself
	Agency         Kind = "agency"          // an open agency: one phone, several people, said openly
	Employer       Kind = "employer"        // an honest employer: tariff pay, contract, organisation number
	Chain          Kind = "chain"           // an honest employer with one template in many places
	Recruiter      Kind = "recruiter"       // a deceptive one: cover names, fees, passports, debt
	Private        Kind = "private"         // private people who let rooms, sell things or do odd jobs
	Spam           Kind = "spam"            // deposits and links, everywhere at once
)

// Trait is something about an ad that makes it hard to judge.
type Trait string

// The traits of ads.
const (
	HubPhone      Trait = "hub_phone"      // names the phone of a hotel, a taxi centre or a site's support
	StockPicture  Trait = "stock_picture"  // shows a picture that unrelated ads show too
	CopiedPhrases Trait = "copied_phrases" // holds sentences of somebody else's ad
	ObscuredPhone Trait = "obscured_phone" // hides the phone from searching
	OnTour        Trait = "on_tour"        // one persona in one of several towns
	BothSites     Trait = "both_sites"     // the same ad, slightly different, stands on the other site
	Repost        Trait = "repost"         // the same ad again after some days
	HouseVoice    Trait = "house_voice"    // written by somebody about somebody else
	SharedPhone   Trait = "shared_phone"   // friends with one phone
	Varied        Trait = "varied"         // one sentence of the template is another
	Company       Trait = "company"        // personas that travel together, stop by stop
	Housed        Trait = "housed"         // several personas at one stated address
	Churn         Trait = "churn"          // the phone is another at every stop
	Altered       Trait = "altered"        // a picture is mirrored, cropped or framed
	Clockwork     Trait = "clockwork"      // posted at one minute of the hour, day and night
	Underpriced   Trait = "underpriced"    // asks much less than others
	OtherAge      Trait = "other_age"      // states another age than another ad of the same name
	OtherName     Trait = "other_name"     // one person under a second name
	StatedMinor   Trait = "stated_minor"   // states an age under 18
	Pastes        Trait = "pastes"         // a ring's ad with an independent's phone or text
	Robbed        Trait = "robbed"         // an independent whose phone or text a ring pastes into its ads
	Fake          Trait = "fake"           // spam that pretends to be somebody and asks for a deposit
)

// Exploitative says whether ads of this kind are what Varde looks for.
func (k Kind) Exploitative() bool { return k == Ring || k == RecruitingRing || k == Recruiter }

// share is how many of a thousand ads are of a kind. The shares are this project's choice, made so that a world of some hundred
// ads holds every kind and most ads are harmless; they are not estimates of any market.
type share struct {
	kind Kind
	per  int
}

// Shares of the kinds of controller in a thousand ads.
const (
	RingShare           = 120
	RecruitingRingShare = 30
	IndependentShare    = 380
	FriendsShare        = 40
	AgencyShare         = 30
	EmployerShare       = 160
	ChainShare          = 50
	RecruiterShare      = 60
	PrivateShare        = 80
	SpamShare           = 50
)

// Chances, for an independent unless said otherwise, that an ad shows something that looks suspicious and is not, or the other way
// round.
const (
	hubChance        = 0.12 // names a hub's phone; honest employers and private people too, less often
	stockChance      = 0.10 // uses a stock picture beside or instead of own ones
	copyChance       = 0.08 // copies sentences of another independent
	assuranceChance  = 0.12 // "100 % real" and the like
	obscuredChance   = 0.05 // writes the phone so that it cannot be searched for
	foreignChance    = 0.06 // has a foreign phone
	handleChance     = 0.20 // has a Telegram handle, which one of the sites shows; a ring too
	houseVoiceChance = 0.70 // a ring writes in the voice of a house; other rings hide behind an ordinary text
	ringHidesPhone   = 0.40 // a ring obscures its phones
)

// leastHubUsers is how many controllers share one hub phone or one stock picture where the world is large enough, well above what
// a network of acquaintances would.
const leastHubUsers = 24

func shares() []share {
	return []share{{Ring, RingShare}, {RecruitingRing, RecruitingRingShare}, {Independent, IndependentShare}, {Friends, FriendsShare},
		{Agency, AgencyShare}, {Employer, EmployerShare}, {Chain, ChainShare}, {Recruiter, RecruiterShare}, {Private, PrivateShare},
		{Spam, SpamShare}}
}

// quotas divides ads among the kinds so that they add up exactly: what rounding leaves goes to independents.
func quotas(ads int) map[Kind]int {
	out := map[Kind]int{}
	left := ads
	for _, s := range shares() {
		if s.kind != Independent {
			out[s.kind] = ads * s.per / 1000
			left -= out[s.kind]
		}
	}
	out[Independent] = left
	return out
}
