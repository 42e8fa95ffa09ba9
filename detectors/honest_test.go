package detectors_test

import (
	"testing"

	"varde/internal/ad"
)

// honest are sentences of employers and platforms that must show nothing, though most hold the words of a phrase.
var honest = []string{
	"Du skal aldri betale gebyr for å få jobb hos oss.",
	"Vi oppbevarer aldri passet ditt.",
	"Du skal aldri gi fra deg passet til en arbeidsgiver.",
	"Vær obs på svindlere som ber om registreringsgebyr på forhånd.",
	"Alle ansatte får skriftlig arbeidsavtale før oppstart.",
	"Lønn etter tariff, utbetales den 12. hver måned.",
	"Skatt trekkes av lønnen som vanlig.",
	"Reisen dekkes av oss.",
	"Arbeidstillatelse kreves for søkere utenfor EØS.",
	"Ta med kopi av legitimasjon til intervjuet.",
	"Vi søker kokk med fagbrev og minst tre års erfaring.",
	"Kvalifiserte kandidater oppfordres til å søke uavhengig av alder og kjønn.",
	"Gyldig politiattest må framlegges før tiltredelse.",
	"Vi vil utvikle fremtidens helsetjenester.",
	"Det er mulig å leie personalbolig til markedspris.",
	"Turnus med arbeid hver tredje helg.",
	"Never pay a fee in advance to anybody who offers you a job.",
	"Beware of scams: we do not ask for a processing fee.",
	"We will never keep your passport or other documents.",
	"Your passport is not held by us.",
	"You receive a written contract before your first day.",
	"Travel to interviews is reimbursed.",
	"Tax is deducted from your salary.",
	"A valid work permit is required.",
	"Bring a copy of your passport on your first day.",
	"We are an equal opportunity employer.",
	"Five years of experience as a cook are required.",
	"Company pension, five weeks of holiday, and overtime pay.",
	"You will answer customers and write reports.",
	"If anyone asks you for money before you start, report it to us.",
	"The union fee is optional.",
	"We do not pay in cash.",
	"No visa fee, training fee or placement fee is charged.",
	"You may leave the site at any time outside your shift.",
	"Visitors are welcome in the staff house.",
	"Reconcile bank statements each month.",
	"Beware of scammers who offer 9000 NOK per day.",
	"If you have been asked to pay for a visa, call us.",
	"Vær obs på svindlere som lover 9000 kr per dag uten krav.",
	"You will meet women who have worked 16 hours a day, seven days a week, without pay.",
	"Victims of human trafficking often work 14 hours a day, 7 days a week.",
	"Mange ofre for menneskehandel jobber 14 timer om dagen, sju dager i uken.",
	"Opfer von Menschenhandel arbeiten oft 14 Stunden am Tag.",
	"Ofiary handlu ludźmi pracują 14 godzin dziennie, 7 dni w tygodniu.",
	"Жертвы торговли людьми работают 14 часов в день.",
	"Žmonės, kurie dirbo 14 valandų per dieną, gauna pagalbą.",
	"Las víctimas trabajan 14 horas al día.",
	"You must be 18 years or older and hold a driving licence.",
	"Du må være fylt 18 år og ha førerkort.",
}

// alone are sentences of adults who advertise themselves, and of site notices, that must show nothing.
var alone = []string{
	"Alltid kondom, det er ikke noe å diskutere.",
	"Ikke spør om noe uten kondom.",
	"Jeg tilbyr aldri ubeskyttet.",
	"Jeg er 27 år og ny i byen.",
	"Jeg jobber alene og styrer min egen tid.",
	"Ingen skolejenter her, jeg er 45.",
	"Du må være over 18 år.",
	"Kun hyggelige folk, skjulte nummer besvares ikke.",
	"Jeg har ingen manager og ingen sjåfør.",
	"Ingen depositum, betaling ved ankomst.",
	"Vennene mine sier jeg er morsom.",
	"Jeg tar en pause hver uke.",
	"Safe only, don't ask for bareback.",
	"I never offer anything without protection.",
	"I am 21 and touring alone.",
	"New in town until Sunday.",
	"You must be over 18 to contact me.",
	"No underage visitors.",
	"No deposit, pay when we meet.",
	"I work alone and answer my own phone.",
	"Screening required, no withheld numbers.",
	"I have worked here for 15 years.",
	"My friends say I am funny.",
	"Monday to Friday, 10 to 18.",
	"Outcall to hotels.",
	"Har noen tatt passet ditt? Må du betale gjeld? Ring oss, gratis og anonymt.",
	"Do you have to pay back a debt to somebody? Call us, it is free.",
	"Måste du betala tillbaka en skuld? Vi hjälper dig.",
	"Skal du betale en gæld tilbage? Vi hjælper dig.",
	"Musst du Schulden abarbeiten? Wir helfen anonym.",
	"Musisz odpracować dług? Pomagamy za darmo.",
	"Если тебя заставляют отработать долг, позвони нам.",
	"Jei turi atidirbti skolą, paskambink mums.",
	"Si te obligan a pagar una deuda, llámanos.",
}

func TestHonestSentencesShowNothing(t *testing.T) {
	d := ready(t)
	for category, sentences := range map[ad.Category][]string{ad.Job: honest, ad.SexualServices: alone} {
		for _, s := range sentences {
			f := find(t, d, ad.Sighting{Category: category, Title: "Annonse", Text: s})
			for _, in := range f.Indicators {
				t.Errorf("%q shows %s: %q", s, in.Code, in.Evidence[0].Quote)
			}
		}
	}
}
