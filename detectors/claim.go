package detectors

import (
	"context"
	"strings"

	"varde/internal/ad"
	"varde/internal/text"
)

// claimDetector reads what an ad says of who stands behind it: that its advertiser works alone, that an agency does openly, that friends
// share a phone or a flat, or, in a job ad, that somebody offers work of their own. None scores anything here; linking compares it with
// what ads share.
type claimDetector struct {
	// phrases are, by their first word, what is looked for.
	phrases map[string][]claim
	// negations are words that turn a claim around when they stand shortly before it.
	negations map[string]bool
	// offered are words of what employers offer.
	offered map[string]bool
}

type claim struct {
	name  string
	words []string
	// salon says that only an ad of a massage salon makes it.
	salon bool
}

// in says whether ads of a category make the claim.
func (c *claim) in(category ad.Category) bool {
	return (c.name == ad.OwnServices) == (category == ad.Job) && (!c.salon || category == ad.Massage)
}

// claims are the words for these, in the languages of the lexicons and in German; forms of every gender side by side.
var claims = map[string][]string{
	ad.Independent: {
		"independent", "work alone", "working alone", "work for myself", "my own boss", "no agency", "not an agency", "no middleman", "no middlemen", "no pimp",
		"selvstendig", "uavhengig", "jobber alene", "arbeider alene", "jobber for meg selv", "arbeider for meg selv", "egen sjef", "uten mellommann",
		"uten mellommenn", "ingen mellommann", "ingen mellommenn", "ingen byrå", "ikke byrå", "uten byrå",
		"sjølvstendig", "uavhengig", "jobbar åleine", "arbeider åleine", "eigen sjef", "ikkje byrå",
		"självständig", "oberoende", "jobbar ensam", "arbetar ensam", "jobbar själv", "egen chef", "ingen agentur", "ingen mellanhand", "utan mellanhänder",
		"selvstændig", "uafhængig", "arbejder alene", "intet bureau", "ingen mellemmand",
		"niezależna", "niezależny", "pracuję sama", "pracuję sam", "bez agencji", "bez pośredników", "na własny rachunek", "jestem swoją szefową",
		"independentă", "independent", "lucrez singură", "lucrez singur", "fără agenție", "fără intermediari", "pe cont propriu",
		"независимая", "независимый", "индивидуалка", "индивидуал", "работаю одна", "работаю один", "работаю сама", "работаю на себя", "без посредников",
		"без агентства", "не агентство", "не салон",
		"незалежна", "незалежний", "індивідуалка", "працюю сама", "працюю одна", "працюю сам", "без посередників", "без агентства", "не агентство",
		"nepriklausoma", "nepriklausomas", "dirbu viena", "dirbu vienas", "be tarpininkų", "be agentūros", "ne agentūra",
		"independiente", "trabajo sola", "trabajo solo", "sin agencia", "sin agencias", "sin intermediarios", "mi propia jefa", "mi propio jefe", "por mi cuenta",
		"selbständig", "selbstständig", "unabhängig", "arbeite allein", "arbeite alleine", "keine agentur", "ohne agentur", "mein eigener chef", "meine eigene chefin",
	},
	ad.Sharing: {
		"share a phone", "share phone", "share the phone", "share this phone", "share one phone", "share a flat and phone", "sharing a phone", "friends who share",
		"two friends", "three friends", "help each other with the phone",
		"deler telefon", "deler telefonen", "deler leilighet og telefon", "venninner som deler", "venner som deler", "to venninner", "tre venninner", "to venner",
		"tre venner", "hjelper hverandre med telefonen",
		"deler leilegheit og telefon", "to veninner", "hjelper kvarandre med telefonen",
		"delar telefon", "delar telefonen", "två väninnor", "tre väninnor", "väninnor som delar", "deler telefonen", "to veninder", "tre veninder",
		"dzielimy telefon", "wspólny telefon", "dwie przyjaciółki", "trzy przyjaciółki", "dwie koleżanki", "trzy koleżanki",
		"împărțim telefonul", "două prietene", "trei prietene", "общий телефон", "две подруги", "три подруги", "спільний телефон", "дві подруги", "три подруги",
		"dalinamės telefonu", "dvi draugės", "trys draugės", "compartimos teléfono", "compartimos el teléfono", "dos amigas", "tres amigas",
		"teilen ein telefon", "teilen das telefon", "zwei freundinnen", "drei freundinnen",
	},
	ad.OwnServices: {
		"i offer", "i clean", "i do cleaning", "i can help with", "my services", "i am looking for work", "i'm looking for work", "looking for work as",
		"jeg tilbyr", "jeg vasker", "jeg utfører", "jeg kan hjelpe med", "jeg søker jobb", "jeg ser etter jobb", "mine tjenester",
		"eg tilbyr", "eg vaskar", "eg søkjer jobb", "jag erbjuder", "jag städar", "jag söker jobb", "jeg tilbyder", "jeg søger arbejde",
		"oferuję", "szukam pracy", "ofer servicii", "caut de lucru", "предлагаю услуги", "предлагаю свои услуги", "ищу работу", "пропоную послуги",
		"пропоную свої послуги", "шукаю роботу", "siūlau paslaugas", "ieškau darbo", "ofrezco mis servicios", "busco trabajo", "biete meine dienste", "suche arbeit",
	},
	ad.Agency: {
		"open agency", "registered agency", "licensed agency", "registered office", "escort agency", "our agency", "my agency",
		"åpent byrå", "registrert byrå", "registrert kontor", "eskortebyrå", "eskortebyrået", "vårt byrå", "byrået vårt", "mitt byrå", "byrået mitt",
		"ope byrå", "eskortagentur", "vår agentur", "registrerad agentur", "registrerat kontor", "registreret kontor", "escortbureau", "vores bureau",
		"nasza agencja", "agencja towarzyska", "agenția noastră", "agenție de escorte", "наше агентство", "эскорт агентство", "наш салон", "наша агенція",
		"ескорт агентство", "mūsų agentūra", "nuestra agencia", "agencia de escorts", "agencia de acompañantes", "unsere agentur", "escortagentur", "escort agentur",
	},
}

// salons are the words of one that gives massage: in an ad of that category it says openly what it is, as an agency does.
var salons = []string{
	"our salon", "our spa", "our clinic", "our masseurs", "our masseuses", "our massage therapists", "our therapists",
	"vår salong", "salongen vår", "vår klinikk", "klinikken vår", "våre massører", "våre massasjeterapeuter", "våre terapeuter", "våre massørar",
	"vår klinik", "våra massörer", "våra massageterapeuter", "vores salon", "vores klinik", "vores massører", "unser salon", "unser massagestudio",
	"unsere masseure", "unsere masseurinnen", "nasz salon", "nasz gabinet", "nasze masażystki", "nasi masażyści", "salonul nostru", "maseuzele noastre",
	"наши массажистки", "наши массажисты", "наші масажистки", "наші масажисти", "mūsų salonas", "mūsų masažistės", "mūsų masažistai", "nuestro salón",
	"nuestras masajistas", "nuestros masajistas",
}

// denials turn a claim around: not independent, not an escort agency.
var denials = []string{"no", "not", "never", "without", "isn't", "ikke", "ingen", "uten", "aldri", "ikkje", "inte", "utan", "ej", "nie", "bez", "nu", "fără",
	"не", "без", "нет", "ні", "ne", "be", "sin", "nunca", "nicht", "kein", "keine", "ohne"}

// offered are words of what an employer offers: "I offer work" offers none of one's own.
var offered = []string{"work", "job", "jobs", "employment", "position", "positions", "vacancy", "housing", "accommodation", "contract", "salary", "pay",
	"jobb", "jobber", "arbeid", "stilling", "stillinger", "bolig", "lønn", "arbeide", "løn", "arbete", "anställning", "bostad", "lön", "pracę", "praca",
	"zatrudnienie", "mieszkanie", "umowę"}

// offeredWithin is how many words behind a claim of one's own services are looked at for what is offered.
const offeredWithin = 4

func newClaim(*Config) (Detector, error) {
	d := &claimDetector{phrases: map[string][]claim{}, negations: map[string]bool{}, offered: map[string]bool{}}
	for name, list := range claims {
		for _, phrase := range list {
			d.add(phrase, claim{name: name})
		}
	}
	for _, phrase := range salons {
		d.add(phrase, claim{name: ad.Agency, salon: true})
	}
	for _, word := range denials {
		d.negations[text.Fold(word).Text] = true
	}
	for _, word := range offered {
		d.offered[text.Fold(word).Text] = true
	}
	return d, nil
}

func (d *claimDetector) add(phrase string, c claim) {
	c.words = strings.Fields(text.Fold(phrase).Text)
	d.phrases[c.words[0]] = append(d.phrases[c.words[0]], c)
}

func (*claimDetector) Name() string    { return "claim" }
func (*claimDetector) Codes() []string { return nil }

func (d *claimDetector) Detect(_ context.Context, s *Input) (r Reading, _ error) {
	if !isSexual(s) && s.Category != ad.Job {
		return r, nil
	}
	said := map[string]bool{}
	for _, f := range s.fields() {
		for i := range f.Tokens {
			for _, c := range d.phrases[f.Word(i)] {
				if said[c.name] || !c.in(s.Category) || !standsAt(f.Doc, i, c.words) || d.denied(f.Doc, i) || c.name == ad.OwnServices && d.offersJob(f.Doc, i+len(c.words)) {
					continue
				}
				said[c.name] = true
				start, end := f.Span(int(f.Tokens[i].Start), int(f.Tokens[i+len(c.words)-1].End))
				r.Values = append(r.Values, ad.Value{Kind: ad.ClaimValue, Name: c.name, Evidence: span(f.Field, f.Source, start, end)})
			}
		}
	}
	return r, nil
}

// offersJob says whether what is offered from token i on, in the same sentence, is work for others.
func (d *claimDetector) offersJob(in *text.Doc, i int) bool {
	for n := i; n < min(i+offeredWithin, len(in.Tokens)); n++ {
		if strings.ContainsAny(between(in, n-1), ".!?;\n") {
			return false
		}
		if d.offered[in.Word(n)] {
			return true
		}
	}
	return false
}

// standsAt says whether the words stand in the text from token i on, with nothing but spaces or hyphens between them.
func standsAt(d *text.Doc, i int, words []string) bool {
	if i+len(words) > len(d.Tokens) {
		return false
	}
	for n, word := range words {
		if d.Word(i+n) != word || n > 0 && strings.Trim(between(d, i+n-1), " -\n") != "" {
			return false
		}
	}
	return true
}

// between is what stands between token i and the next.
func between(d *text.Doc, i int) string { return d.Text[d.Tokens[i].End:d.Tokens[i+1].Start] }

// denied says whether one of the two words before token i, in the same sentence, turns the claim around.
func (d *claimDetector) denied(in *text.Doc, i int) bool {
	for n := i - 1; n >= max(0, i-2); n-- {
		if strings.ContainsAny(between(in, n), ".!?;\n") {
			return false
		}
		if d.negations[in.Word(n)] {
			return true
		}
	}
	return false
}
