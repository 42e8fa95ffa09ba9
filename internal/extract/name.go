package extract

import (
	"strings"
	"unicode/utf8"

	"varde/internal/ad"
	"varde/internal/text"
)

// introductions are words in a row before the name by which somebody presents herself or is presented.
var introductions = rows("jeg heter", "eg heiter", "eg heter", "jag heter", "jeg hedder", "hun heter", "hon heter", "navnet mitt er", "mitt navn er", "mitt namn är", "mit navn er", "namnet mitt er", "mitt artistnavn er", "my name is", "i use the name", "she is called", "her name is",
	"mam na imię", "nazywam się", "moje imię to", "меня зовут", "мене звати", "моё имя", "моє ім я", "mă numesc", "mă cheamă", "numele meu este", "me llamo", "mi nombre es", "mano vardas", "aš vardu", "ich heiße", "mein name ist")

// copulas say "I am": before a name, and more often before a trade, a people or a mood.
var copulas = rows("jeg er", "eg er", "jag är", "i am", "i m", "jestem", "eu sunt", "soy", "aš esu", "ich bin")

// heres stand behind a name that opens an ad: "Anna here, 19".
var heres = wordSet("here her här hier tutaj aquí aici тут здесь")

// inWords stand between a name and a place in a title: "Bea i Oslo".
var inWords = wordSet("i in w we в у en din în")

// noNames are beginnings of words that stand where a name could and are none: peoples, languages and parts of the world above all, so that
// two words for where somebody comes from are never two persons; what somebody is or does; what an ad offers; days and months.
var noNames = beginnings("russ росс русск рос. thai тай latin латин polsk polish polka polac polac польк поляч norsk norweg norwes норв svensk swed швед dansk danish danes датч rumen rumun roumanian romanian rumänsk румын lithuan litau litew литов latvi lettisk łotew латыш " +
	"eston estisk эстон brazil brasil brazyl бразил colomb kolumb колумб asian asiat azjat азиат afri афри arab араб spansk spanish hiszp español испан ital włosz ital итал french fransk francuz француз german tysk niemk niemec немк british britisk english engelsk angl англ американ amerik " +
	"americ chines kines chiń китай viet вьет filip philip japan japoń япон korea корей indian indisk turk tyrk турец iran persisk persian kurd greek gresk grec bulgar болгар serb серб hungar ungar węgier венгер czech tsjekk czesk чеш slov słow slaav slav слав finsk finnish фин cuban kuban " +
	"venez dominic somali eritre etiop ethiop nigeri ghan kenya marok moroc tunis egypt syri syris afghan pakist bangla ukra украин україн belarus hviteruss белорус moldov молдав georgi albansk albani bosni kroat croat europ europeisk oriental orient skandinav scandinav baltic baltisk exotic eksotisk mulatt mulat ebony black white svart hvit " +
	"mixed jewish jød muslim musulm christian krist gypsy rom. roma. " +
	"girl jent dama. sauna. spa. ladies lady dame kvinn woman women gutt boys mann. man. men. mam mamma wife kone milf trans shemale gay bi. lesb couple par. venn friend søst sister student studin nurse syke model modell escort eskort masseur massør massøs massasj massage masaż массаж masaj masaje tantra domina mistress slave relax velvære spa. " +
	"studio salon service tjeneste company agency byrå club klubb hotel hotell room rom. leilighet apartment house hus. party fest sex erot porn cam. video show strip kos. klem nytelse pleasure paradise dream drøm magic sensual luxury luksus vip. elite premium gfe. pse. incall outcall " +
	"sexy hot. horny kåt nude naken busty pretty vakker beauti pen. nydelig lekker deilig sweet søt snill kind. cute blond brun brune redhead rødhår curvy slim. tall. petite tiny. young ung. mature moden older natural naturlig real ekte genuine private privat discreet diskret independent selvstend uavhengig alone alene single singel " +
	"new. ny. nye. nowa nou. noua nuev naujа naujok nova. back. tilbake ledig available free. fri. gratis open åpen ready klar. here her. now. nå. today idag i. tonight kveld weekend helg tomorrow soon snart last. first. only. kun. bare. best. top. nr number visit visiting besøk on. på. tur tour. travel reise touring working work. arbeid jobb " +
	"looking søker seek search find. want. need. call. ring. text. send. contact. kontakt. book. welcome velkom hello hei. hi. hey. hallo hola. cześć привет bună labas dear kjære come. kom. meet møt. let. la. we. vi. the. a. an. en. et. ei. and. og. my. min. mitt. your. din. all. alle. every. some. two. to. three. tre. four. fire. one. " +
	"happy glad. fun. gøy. good god. bra. very veldig so. så. not ikke no. non nice. fin. clean ren. tidy easy. open. honest ærlig sure. ok. always alltid also også just. still really currently tired lonely passionate romantic playful kinky naughty fit. sporty trent. healthy classy elegant educated experienced erfaren professional profesjon certified sertif " +
	"monday tuesday wednesday thursday friday saturday sunday mandag tirsdag onsdag torsdag fredag lørdag søndag january jan. february feb. march mars. april. may. mai. june. juni. july juli. august. september sept. october oktober november december desember january januar februar morning evening night natt. dag. day. uke. " +
	"price pris. priser rate. cash kontant payment betal phone tlf. telefon mobil. whatsapp telegram viber signal snap. time. min. minutes hour age. alder. height høyde weight vekt. " +
	"норвеж девушк женщин студент массажист красив молод нов новая свобод чуткая нежн одна. один. свой дівчин жінк студентк молод вільн dziewczyn kobiet studentk młod wolna. samot ładn namięt masażyst fată fete. femei stud tânăr frumoas singur libera chica. mujer. estudiant joven. guapa masajist mergin moter. laisv jauna. vieniš tjej. kvinna ledig ensam ung. snygg")

// beginnings are the beginnings of words, folded; one with a dot behind is a whole word.
func beginnings(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		whole := strings.HasSuffix(w, ".")
		w = text.Fold(strings.TrimSuffix(w, ".")).Text
		m[w] = m[w] || !whole
	}
	return m
}

// Lengths of a name that is believed, in letters.
const (
	leastCalled = 2
	mostCalled  = 16
)

// Names reads the names by which an ad calls the person it is about: "Jeg heter Mia" anywhere, "I am Mia, 22", and "Mia, 22", "Mia (22)" or
// "Anna here, 19" where the text begins so; a title may be "Bea i Oslo" as well, if the
// text has the name too or it sounds like one. body is the text that goes with a title, nil for the text itself. What is a place, a people or a common word is none: a name
// too many makes two persons of one. Names tell how many persons the ads of one contact present and are never scored.
func Names(d, body *text.Doc, places *Places, country string) (out []ad.Value) {
	r := newReader(d)
	add := func(first, name int) {
		e := r.tokens(first, name)
		out = append(out, ad.Value{Kind: ad.NameValue, Name: r.tokens(name, name).Quote, Evidence: e})
	}
	for i := 0; i < len(r.Tokens) && len(out) < mostOfAKind; i++ {
		if last := r.rowAt(i, introductions); last >= 0 && r.called(last+1) {
			add(i, last+1)
			i = last + 1
		} else if last := r.rowAt(i, copulas); last >= 0 && r.called(last+1) && r.aged(last+2) && !r.isPlace(last+1, places, country) {
			add(i, last+1)
			i = last + 1
		}
	}
	if len(r.Tokens) > 1 && len(out) == 0 && !strings.ContainsAny(r.gap(0), "@#/_") && r.fits(0) && !r.isPlace(0, places, country) &&
		(r.aged(1) || heres[r.Word(1)] && r.near(1) && strings.HasPrefix(r.gap(2), ",") || body != nil && r.livesIn(places, country) && (soundsLikeOne(r.Word(0)) || mentions(body, r.Word(0)))) {
		add(0, 0)
	}
	return out
}

// called says that token i, right behind an introduction, may be a name.
func (r *reader) called(i int) bool {
	return r.fits(i) && (r.near(i) || strings.Trim(r.gap(i), " :") == "" && len(r.gap(i)) <= 2)
}

// fits says that token i is written as a name is and is no other word.
func (r *reader) fits(i int) bool {
	if i >= len(r.Tokens) || r.Tokens[i].Kind != text.Letters || !r.capital(i) || r.of[i].is != 0 && !r.is(i, needsCount) { // Luna is a month as well
		return false
	}
	w := r.Word(i)
	if n := utf8.RuneCountInString(w); n < leastCalled || n > mostCalled {
		return false
	}
	if r.digits(i+1) && r.gap(i+1) == "" {
		return false
	}
	for k := range w + " " {
		if begins, ok := noNames[w[:k]]; ok && (begins || k == len(w)) {
			return false
		}
	}
	return true
}

// aged says that an age stands at token i: ", 22", "(22)", "22 år".
func (r *reader) aged(i int) bool {
	if !r.digits(i) || len(r.Word(i)) != 2 {
		return false
	}
	n := fourDigits(r.Word(i))
	if n < leastAge || n > mostAge || r.part(i, i+1) || strings.HasPrefix(strings.TrimLeft(r.gap(i+1), " "), "+") {
		return false
	}
	switch gap := r.gap(i); {
	case r.yearsEnd(i+1) > i+1:
		return strings.Trim(gap, " ,-–(") == ""
	case gap == " (" || gap == "(":
		return strings.HasPrefix(r.gap(i+1), ")")
	case strings.Trim(gap, " ") == "," || gap == " - " || gap == " – ":
		return !r.counts(i + 1)
	}
	return false
}

// isPlace says that token i is the name of a place; a name that is a place as well is not believed.
func (r *reader) isPlace(i int, places *Places, country string) bool {
	return len(places.Field(text.Read(r.tokens(i, i).Quote), country)) > 0
}

// livesIn says that the text is a name with a place behind it, and nothing else: "Bea i Oslo", "Bella Bergen".
func (r *reader) livesIn(places *Places, country string) bool {
	at := 1
	if inWords[r.Word(at)] {
		at++
	}
	if at >= len(r.Tokens) || !r.near(1) || !r.near(at) || len(r.Tokens) > at+3 {
		return false
	}
	from, to := r.Span(int(r.Tokens[at].Start), len(r.Text))
	rest := text.Read(r.Source[from:to])
	found := places.Field(rest, country)
	return len(found) > 0 && found[0].Evidence.Start == 0 && strings.Trim(rest.Source[found[0].Evidence.End:], " .!♥❤️💋🌹✨") == ""
}

// longestSound is the longest word that is believed to be a name by its ending alone.
const longestSound = 6

// soundsLikeOne says that a word in a title is short and ends as few other words than names do in the languages of the ads.
func soundsLikeOne(w string) bool {
	return utf8.RuneCountInString(w) <= longestSound && (strings.HasSuffix(w, "a") || strings.HasSuffix(w, "а"))
}

// mentions says that a text has the word as a name: with a capital inside a sentence, or with an age or "here" behind it.
func mentions(d *text.Doc, word string) bool {
	r := reader{Doc: d, of: make([]lexeme, len(d.Tokens))}
	for i := range r.Tokens {
		if r.Word(i) != word || !r.capital(i) {
			continue
		}
		if i > 0 && !strings.ContainsAny(r.gap(i), ".!?:\n") || heres[r.at(i+1)] || r.aged(i+1) {
			return true
		}
	}
	return false
}
