package export

// words are those of the dossier and of the pictures, by language. A test keeps the keys equal.
var words = map[string]map[string]string{
	"nb": {
		"title": "Varde: mappe", "caution.text": "Funnet av et program og ikke kontrollert av noen. En poengsum er en grunn til å se nærmere, aldri en dom over et menneske.",
		"statement.purpose": "Formål", "statement.handling": "Håndteringskode", "statement.made_by": "Laget av", "statement.made_at": "Laget", "statement.program": "Program",
		"statement.score_versions": "Poengversjoner", "statement.networks": "Nettverk", "statement.ads": "Annonser", "statement.identifiers": "Kjennetegn",
		"statement.links": "Koblinger", "statement.content_sha256": "Innholdets SHA-256", "statement.caution": "Forbehold",
		"network": "Nettverk", "attention": "Oppmerksomhet", "score": "Poengsum", "version": "versjon", "band.low": "lav", "band.elevated": "forhøyet", "band.high": "høy",
		"ads": "Annonser", "first": "Først sett", "last": "Sist sett", "places": "Steder", "sites": "Nettsteder", "categories": "Kategorier",
		"reasons": "Grunner til å se nærmere", "innocent": "Hva som kan være uskyldig", "no_reasons": "Ingen grunner.", "identifiers": "Kjennetegn", "kind": "Slag", "value": "Verdi",
		"role": "Rolle", "hub": "så utbredt at det ikke kobler noe", "cut": "skilt fra av en analytiker", "graph": "Graf", "timeline": "Tidslinje", "all_ads": "Annonsene", "ad": "Annonse", "said": "Hva den sier",
		"shows": "Viser", "place": "Sted", "seen": "Sett", "advertiser": "Annonsør", "age": "Oppgitt alder",
		"folded": "en firkant med et tall er så mange annonser som viser det samme", "folded.ads": "annonser som viser det samme",
		"graph.hint": "Firkanter er annonser, sirkler er det de viser. En stiplet linje kobler ingenting.",
		"of_ad":      "i annonse", "decision": "beslutning", "kind.ad": "annonse", "kind.ads": "annonser", "kind.phone": "telefon", "kind.handle": "konto", "kind.email": "e-post", "kind.link": "lenke", "kind.picture": "bilde", "kind.payment": "betaling", "kind.text": "tekst", "kind.analyst": "analytiker",
		"category.": "Ukjent", "category.housing": "Bolig", "category.job": "Stilling", "category.massage": "Massasje", "category.other": "Annet", "category.sexual_services": "Seksuelle tjenester",
	},
	"en": {
		"title": "Varde: dossier", "caution.text": Caution,
		"statement.purpose": "Purpose", "statement.handling": "Handling code", "statement.made_by": "Made by", "statement.made_at": "Made at", "statement.program": "Program",
		"statement.score_versions": "Versions of scores", "statement.networks": "Networks", "statement.ads": "Ads", "statement.identifiers": "Identifiers",
		"statement.links": "Links", "statement.content_sha256": "SHA-256 of the content", "statement.caution": "Caution",
		"network": "Network", "attention": "Attention", "score": "Score", "version": "version", "band.low": "low", "band.elevated": "elevated", "band.high": "high",
		"ads": "Ads", "first": "First seen", "last": "Last seen", "places": "Places", "sites": "Sites", "categories": "Categories",
		"reasons": "Reasons to look", "innocent": "What could be innocent", "no_reasons": "No reasons.", "identifiers": "Identifiers", "kind": "Kind", "value": "Value",
		"role": "Role", "hub": "so widespread that it links nothing", "cut": "cut by an analyst", "graph": "Graph", "timeline": "Timeline", "all_ads": "The ads", "ad": "Ad", "said": "What it says",
		"shows": "Shows", "place": "Place", "seen": "Seen", "advertiser": "Advertiser", "age": "Stated age",
		"folded": "a square with a number is so many ads that show the same", "folded.ads": "ads that show the same",
		"graph.hint": "Squares are ads, circles are what they show. A dashed line links nothing.",
		"of_ad":      "of ad", "decision": "decision", "kind.ad": "ad", "kind.ads": "ads", "kind.phone": "phone", "kind.handle": "account", "kind.email": "e-mail", "kind.link": "link", "kind.picture": "picture", "kind.payment": "payment", "kind.text": "text", "kind.analyst": "analyst",
		"category.": "Unknown", "category.housing": "Housing", "category.job": "Job", "category.massage": "Massage", "category.other": "Other", "category.sexual_services": "Sexual services",
	},
}

// words are those of the reader's language.
func (r Reader) words() map[string]string {
	if w := words[r.Lang]; w != nil {
		return w
	}
	return words["en"]
}
