package extract

import (
	"slices"
	"strings"
	"unicode/utf8"

	"varde/internal/text"
)

// leastBareAge is the least number after a name that is believed to be an age: below it stand sizes, floors and counts.
const leastBareAge = 14

var (
	// aPerson is one person; a number beside it is an age.
	aPerson = wordSet("girl boy lady woman babe teen teenager schoolgirl schoolboy student jente jenta jenten pike gutt gutten guten skolejente tenåring tjej tjejen flicka kille pojke pige pigen dreng mädchen junge " +
		"dziewczyna dziewczynka chłopak nastolatka nastolatek fată fata fetiță băiat chica chico niña niño muchacha muchacho девушка девочка парень мальчик дівчина дівчинка хлопець хлопчик mergina mergaitė vaikinas berniukas")
	// toReader is said to whoever reads: its years are theirs.
	toReader = wordSet("you du dere ni dykk ty tu")
	readers  = wordSet("masz macie wam тебе вам тобі aveți tienes tenéis turi tau jums")
	isWord   = wordSet("are er är re bist esti eres")
	// denies turns away, with whom of turnedAway.
	denies     = wordSet("no not never none nobody dont don doesn without ikke ikkje ingen inga aldri aldrig inte inga inget nie żadnych bez nigdy не ни нет никаких без ні жодних nu fără nici niciun sin ningún ninguna nunca ne jokių be nein kein keine keinen")
	turnedAway = wordSet("t one clients client customers customer men man boys boy guys guy people person persons persones anyone anybody kids see meet accept take call contact text for if want " +
		"kunder klienter menn gutter personer noen tar ta møter møte ring ta kontakt snakker for hvis om klientów osób chłopców mężczyzn klienci przyjmuję spotykam clienți bărbați primesc clientes hombres personas acepto atiendo klientų vyrų priimu клиентов мужчин парней лиц принимаю клієнтів чоловіків приймаю männer kunden personen")
	// clientWords are for those who come: years after them are a limit, what stands before them with other words between is not theirs.
	clientWords = wordSet("kunder menn gutter klienter clients gentlemen herrer guests guest gjester gjest gäster gäst gæster goście gości visitors visitor customers clienți clientes huéspedes гости гостей клиенты клиентов клієнти клієнтів klientai klientams svečiai kunden gäste men")
	// selfWords begin what is said of somebody else than whose child or beast was spoken of.
	selfWords = wordSet("i jeg eg jag she he hun han hon ho я она он вона він мне мені eu ea ella yo ji ona")
	// sayAge stand before "is" and a number where that is an age, onlyWords between.
	sayAge    = wordSet("jeg eg jag hun han ho hon she he ich sie er hen")
	onlyWords = wordSet("only just bare kun berre bara blott erst nur gerade tylko dopiero doar numai solo apenas tik только всего лишь лише тільки всього")
	// noName are words with a capital that a number follows which is no age.
	noName = wordSet("room rom nr no number nummer suite floor etasje etg level week uke size størrelse str price pris prices priser page side version bus buss tram trikk line linje bilder bilde photos photo pictures pics reviews anmeldelser comments kommentarer likes " +
		"massage massasje escort eskorte iphone galaxy windows top topp covid kapittel chapter bed beds sted hus house hotel hotell apartment leilighet studio salon salong date dato onsdag tirsdag torsdag fredag lørdag søndag mandag monday tuesday wednesday thursday friday saturday sunday today tomorrow idag imorgen ny new ledig available only kun bare over under from fra the and og vi we")
	// months follow the number of a day.
	months = wordSet("january february march april may june july august september october november december januar februar mars mai juni juli oktober desember marts maj january januari februari augusti jan feb mar apr jun jul aug sep sept okt oct nov dec des " +
		"stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia ianuarie februarie martie aprilie iunie iulie septembrie octombrie noiembrie decembrie enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre " +
		"января февраля марта апреля мая июня июля августа сентября октября ноября декабря січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня sausio vasario kovo balandžio gegužės birželio liepos rugpjūčio rugsėjo spalio lapkričio gruodžio märz dezember")
)

// roadEnds are endings of the names of streets, which a house's number follows.
var roadEnds = []string{"gate", "gata", "gaten", "gatan", "vei", "veien", "veg", "vegen", "vagen", "vej", "gade", "plass", "street", "road", "strasse", "allé", "alle", "torg", "torget", "brygge", "bakken", "lia", "haugen"}

// ofAnother says that years are of somebody's child, of a beast or of a thing: "my dog is 15 years old", "Whisky 16 years old".
func (r *reader) ofAnother(first, end int, stated bool) bool {
	for j := end; j < min(end+2, len(r.Tokens)) && strings.Trim(r.gap(j), " -") == ""; j++ {
		if r.is(j, another) {
			return true
		}
		if aPerson[r.Word(j)] || r.is(j, countOther|and|personNoun) {
			break
		}
	}
	if stated && selfWords[r.at(first-2)] {
		return false
	}
	for j := first - 1; j >= max(0, first-5) && !strings.ContainsAny(r.gap(j+1), ".!?;,\n"); j-- {
		switch {
		case r.is(j, another):
			return true
		case selfWords[r.Word(j)] || aPerson[r.Word(j)]:
			return false
		}
	}
	return false
}

// ofReader says that the years before which it stands are the reader's: "if you are 16", "er du 17 år".
func (r *reader) ofReader(first int) bool {
	one, two := r.at(first-1), r.at(first-2)
	return readers[one] || toReader[one] && isWord[two] || isWord[one] && toReader[two]
}

// refused says that the years are of whom the ad turns away: "no boys 17 years", "I don't see anyone of 16 years".
func (r *reader) refused(first int) bool {
	for j := first - 1; j >= max(0, first-6) && strings.Trim(r.gap(j+1), " '’-") == ""; j-- {
		if denies[r.Word(j)] && turnedAway[r.at(j+1)] {
			return true
		}
	}
	return false
}

// afterPerson says that a number follows a word for one person ("girl, 17", "jente (17)") or a name that begins a field or its sentence
// ("Mia 16", "Mia, 16"), and that nothing shows it to be a time, a date, a price or a house's number.
func (r *reader) afterPerson(first, end int) bool {
	j := first - 1
	if j < 0 || r.Tokens[j].Kind != text.Letters || r.counts(end) || r.span(end) {
		return false
	}
	switch strings.TrimSpace(r.gap(first)) {
	case "", ",", "(", ":", "-":
	default:
		return false
	}
	if aPerson[r.Word(j)] {
		return r.gap(first) != "" && !r.refused(first)
	}
	return r.named(j) && r.ends(end)
}

// span says that a number goes on: to another, to a month, or as the day of a date.
func (r *reader) span(end int) bool {
	if end >= len(r.Tokens) {
		return false
	}
	gap := strings.Trim(r.gap(end), " ")
	if months[r.Word(end)] && (gap == "" || gap == ".") {
		return true
	}
	return r.digits(end) && strings.Trim(gap, "-–—.,:/&+") == "" || r.is(end, upTo|and) && r.digits(end+1)
}

// ends says that nothing that belongs to a number follows it.
func (r *reader) ends(end int) bool {
	if end >= len(r.Tokens) {
		gap := r.gap(end)
		return !strings.ContainsAny(gap, "+%€$£")
	}
	gap := strings.TrimLeft(r.gap(end), " ")
	return gap != "" && strings.ContainsRune(",.!)\n", []rune(gap)[0])
}

// named says that token j can be somebody's name at the beginning of the field or after "my name is".
func (r *reader) named(j int) bool {
	w := r.Word(j)
	if !r.capital(j) || r.of[j].is != 0 || noName[w] || months[w] || utf8.RuneCountInString(w) < 2 || len(w) > 24 {
		return false
	}
	if slices.ContainsFunc(roadEnds, func(end string) bool { return strings.HasSuffix(w, end) }) {
		return false
	}
	if j == 0 {
		return true
	}
	switch r.at(j - 1) {
	case "heter", "hedder", "navn", "name", "namn", "is", "m", "am", "im", "hei", "hi", "hello", "hej", "imie", "jestem", "зовут", "звати", "numele", "llamo", "soy", "vardu":
		return r.near(j) || strings.TrimSpace(r.gap(j)) == ","
	}
	return false
}
