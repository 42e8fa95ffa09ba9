package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"varde/internal/text"
)

// Employer says where a job ad shows who the employer is: a company's or public body's name, an address, a host of its own. Start and
// End are bytes of the original. It is enough that one is found: the first is returned.
type Employer struct {
	// How is what showed it: one of "form", "body", "named", "address" and "host".
	How        string
	Start, End int
}

// Names of companies are told by what stands beside them, in the languages of configs/lexicons.
var (
	// formsAfter are legal forms and other last words of a company's name; they count after a word with a capital.
	formsAfter = wordSet("as asa ans da enk iks kf sf hf nuf ab hb aps gmbh ag kg ug ltd limited llc llp inc incorporated corp corporation plc pty pte oy oyj ou sia uab mb srl sarl " +
		"sro spa sl slu bv nv pvt holding holdings group gruppen konsern technologies bank hotel hotell hospital clinic university college institute " +
		"foundation church council agency stiftelse stiftelsen")
	// publicAfter stand after a place's name, in small letters: "Bergen kommune".
	publicAfter = wordSet("kommune fylkeskommune kommun universitet sykehus sjukehus sjukhus")
	// formsBefore are legal forms and words that stand before a company's name.
	formsBefore = wordSet("ооо оао зао пао ао тов фоп ип чп прат компания компании компанию фирма фирме фирмы компанія компанії фірма фірмі " +
		"firma firmie firmy firmaet firman firmę spółka spółce bedriften selskapet företaget compania companiei societatea " +
		"empresa compañía uab įmonė įmonėje bendrovė bendrovėje vši")
	// bodies are public bodies and workplaces written as one word or with a name before.
	bodyEnds = []string{"kommune", "kommunen", "universitetet", "sykehuset", "sjukehuset", "hjemmet", "barnehage", "barnehagen", "skole", "skolen", "kirken", "bymisjon", "forsvaret",
		"politiet", "direktoratet", "departementet", "forskning", "avisen", "bladet", "kommun", "sjukhuset"}
	// atWords stand before the employer's name: "at Acme".
	atWords = wordSet("at join joining hos ved chez bei u у")
	// aboutWords stand before it in headings: "About Acme".
	aboutWords = wordSet("about om despre o apie sobre über")
	// afterAt are words that go on after it: "at Acme we", but not "at Acme houses", which may be anybody's.
	afterAt = wordSet("we you as in is are has our where vi du som i er har din där ni")
	// seekWords stand after it: "Acme seeks". isWords do where it is in capitals or has one within, or where soughtWords follow.
	seekWords = wordSet("seeks offers provides employs recruits hires needs søker tilbyr leter trenger ansetter söker erbjuder anställer poszukuje szuka zatrudnia oferuje caută angajează oferă " +
		"ищет приглашает предлагает шукає запрошує пропонує ieško siūlo busca ofrece contrata sucht bietet")
	isWords     = wordSet("is are er är jest este является є yra es ist")
	soughtWords = wordSet("looking hiring seeking recruiting searching expanding located based")
)

// FindEmployer finds the first place that shows who the employer is; ok is false where there is none. host says whether a host is the
// employer's own and not one where anybody has a page or address.
func FindEmployer(d *text.Doc, own func(host string) bool) (e Employer, ok bool) {
	f := employers{d: d, s: d.Text}
	for i := range d.Tokens {
		if how, first, last := f.at(i); how != "" {
			e = Employer{How: how}
			e.Start, e.End = d.Span(int(d.Tokens[first].Start), int(d.Tokens[last].End))
			return e, true
		}
	}
	return f.host(own)
}

type employers struct {
	d *text.Doc
	s string
}

// at says whether the name or address of an employer stands at a token, and over which tokens.
func (f *employers) at(i int) (how string, first, last int) {
	t := f.d.Tokens[i]
	if t.Kind == text.Digits {
		if f.address(i) {
			return "address", i - 1, i
		}
		return "", 0, 0
	}
	if t.End-t.Start > longestAnchor {
		return "", 0, 0
	}
	w := f.s[t.Start:t.End]
	next := i+1 < len(f.d.Tokens)
	switch {
	case formsAfter[w] && i > 0 && f.beside(i-1) && f.name(i-1) && f.formSpelled(i):
		return "form", i - 1, i
	case publicAfter[w] && i > 0 && f.beside(i-1) && f.name(i-1):
		return "body", i - 1, i
	case formsBefore[w] && next && f.quoted(i):
		return "form", i, i + 1
	case atWords[w] && next && f.beside(i) && f.name(i+1) && f.lowerCase(i) && f.standsAlone(i+1):
		return "named", i, i + 1
	case aboutWords[w] && next && f.beside(i) && f.name(i+1) && f.capital(i):
		return "named", i, i + 1
	case (seekWords[w] || isWords[w]) && i > 0 && f.beside(i-1) && f.name(i-1) && f.lowerCase(i):
		within := f.capitalWithin(i - 1)
		sought := seekWords[w] || next && soughtWords[f.d.Word(i+1)]
		if within || sought && i > 1 && f.beside(i-2) && f.lowerCase(i-2) {
			return "named", i - 1, i
		}
	}
	for _, end := range bodyEnds {
		if len(w) > len(end)+1 && strings.HasSuffix(w, end) && f.capital(i) {
			return "body", i, i
		}
	}
	return "", 0, 0
}

// beside says that only a space stands between a token and the next.
func (f *employers) beside(i int) bool {
	a, b := f.d.Tokens[i].End, f.d.Tokens[i+1].Start
	return b-a == 1 && f.s[a] == ' '
}

// quoted says that a name follows: with a capital, or in the quotation marks that such names have.
func (f *employers) quoted(i int) bool {
	gap := f.s[f.d.Tokens[i].End:f.d.Tokens[i+1].Start]
	return len(gap) > 0 && len(gap) <= 6 && strings.Trim(gap, " \"'«»„“”‘<>.") == "" && (f.capital(i+1) || gap != " ")
}

func (f *employers) first(i int) rune {
	from, _ := f.d.Span(int(f.d.Tokens[i].Start), int(f.d.Tokens[i].Start)+1)
	r, _ := utf8.DecodeRuneInString(f.d.Source[from:])
	return r
}

func (f *employers) capital(i int) bool   { return unicode.IsUpper(f.first(i)) }
func (f *employers) lowerCase(i int) bool { return !f.capital(i) }

// formSpelled tells legal forms of two letters from words: "as" is one only in capitals.
func (f *employers) formSpelled(i int) bool {
	t := f.d.Tokens[i]
	if t.End-t.Start > 4 {
		return f.capital(i)
	}
	from, to := f.d.Span(int(t.Start), int(t.End))
	src := f.d.Source[from:to]
	return f.capital(i) && (src == strings.ToUpper(src) || t.End-t.Start > 2)
}

// name says that a token may be a name: with a capital, and no word that has one anyway.
func (f *employers) name(i int) bool {
	return f.d.Tokens[i].Kind == text.Letters && f.d.Tokens[i].End-f.d.Tokens[i].Start > 1 && f.capital(i) && !capitalised[f.d.Word(i)]
}

// capitalWithin says that a word has a capital after its first letter, as names of companies do and other words do not.
func (f *employers) capitalWithin(i int) bool {
	t := f.d.Tokens[i]
	from, to := f.d.Span(int(t.Start), int(t.End))
	_, n := utf8.DecodeRuneInString(f.d.Source[from:to])
	return t.End-t.Start > 2 && strings.IndexFunc(f.d.Source[from+n:to], unicode.IsUpper) >= 0
}

// standsAlone says that no noun follows a name that it could belong to.
func (f *employers) standsAlone(i int) bool {
	return i+1 >= len(f.d.Tokens) || !f.beside(i) || f.capital(i+1) || afterAt[f.d.Word(i+1)]
}

// streets are words and endings of streets' names.
var (
	streets    = wordSet("street road avenue blvd boulevard suite lane drive gate gata gaten vei veien vegen plass allé ul ulica str strada calea ул улица вул вулиця gatvė calle avenida gatan vägen postboks")
	streetEnds = []string{"gata", "gate", "gaten", "veien", "vegen", "gatan", "vagen", "gade", "vej", "strasse"}
)

// address says that a number is a house's: "Storgata 5", "ul. Długa 7".
func (f *employers) address(i int) bool {
	if i == 0 || f.d.Tokens[i].End-f.d.Tokens[i].Start > 4 || f.d.Tokens[i].Start-f.d.Tokens[i-1].End > 2 || f.d.Tokens[i-1].Kind != text.Letters {
		return false
	}
	w := f.d.Word(i - 1)
	if streets[w] {
		return true
	}
	for _, end := range streetEnds {
		if len(w) > len(end)+1 && strings.HasSuffix(w, end) && f.capital(i-1) {
			return true
		}
	}
	if i > 1 && (streets[f.d.Word(i-2)] || w == "st") { // ul. Długa 7, Baker St 5
		return f.capital(i - 1)
	}
	return false
}

// host finds a host in the text that is the employer's own.
func (f *employers) host(own func(string) bool) (e Employer, ok bool) {
	c := contacts{d: f.d, s: f.s}
	for i := 0; i < len(f.s); i++ {
		n := strings.IndexByte(f.s[i:], '.')
		if n < 0 {
			break
		}
		i += n
		start := i - runBack(f.s[:i], mostLabel, isHost)
		for start < i && !utf8.RuneStart(f.s[start]) {
			start++
		}
		if i-start < 2 || start > 0 && f.s[start-1] == '.' {
			continue
		}
		h, found := c.hostAt(start, false)
		if found && !c.newSentence(i+1, i) && !strings.HasPrefix(f.s[h.end:], "@") && own(h.name) {
			from, to := f.d.Span(start, h.end)
			return Employer{How: "host", Start: from, End: to}, true
		}
	}
	return e, false
}

// capitalised are words that have a capital without being a company's name: at the beginning of a sentence, as a month, a language, a
// title or a program.
var capitalised = wordSet("the this that these those we you your our us it its he she they i a an all any each every no not there here what who when where why how if as for in on at to from with and " +
	"or but only must will can may should please apply contact send call email benefits salary pay location position job role work requirements responsibilities experience skills training " +
	"january february march april may june july august september october november december monday tuesday wednesday thursday friday saturday sunday january english norwegian german french spanish " +
	"polish russian microsoft office excel word powerpoint outlook windows linux internet facebook google linkedin skype whatsapp telegram usd eur nok cv hr it us uk eu usa europe asia america " +
	"home level least time once present work university college school bachelor master degree high full part " +
	"vi du dere deg oss jeg det den de en et ei alle her hva hvem når hvor som stillingen jobben arbeidet lønn søknad arbeidstid oppstart erfaring norsk engelsk oslo bergen norge " +
	"du ni vårt tjänsten arbetet lön ansökan praca oferta wymagania my ty firma locul jobul salariul noi мы вы работа зарплата ми ви робота darbas mes jūs trabajo nosotros empresa salario")
