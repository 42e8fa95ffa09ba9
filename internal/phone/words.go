package phone

import (
	"strings"

	"varde/internal/text"
)

// class is what a number word does in a number.
type class uint8

const (
	unit     class = iota + 1 // a digit
	teen                      // 10 to 19, two digits
	ten                       // 20 to 90: two digits, or one with a unit behind it
	hundred                   // 100 to 900 as one word
	times100                  // hundre, hundred: behind a unit
	repeat                    // double, triple: before a unit
	plus                      // for the sign
	filler                    // for a separator: dot, strek
	link                      // og, y, și: inside one number
)

// tongues is a set of languages. The words of one number are all of one language.
type tongues uint16

// numeral is a number word. value is its number, or how often the next unit is meant.
type numeral struct {
	class
	value int
	tongues
	// vague says that it is an ordinary word as well, such as en, to and sex.
	vague bool
	// compound says that its value is of two digits glued together: tjueto.
	compound bool
}

// tongue are the number words of a language in proper spelling. Spaces part the numbers, bars the words for one.
type tongue struct {
	units    string // 0 to 9
	teens    string // 10 to 19
	tens     string // 20 to 90
	hundreds string // 100 to 900, where they are words
	hundred  string // where they are not
	twice    string
	thrice   string
	plus     string
	filler   string
	links    string
	vague    string
	// glued says that tens and units are written as one word: tjueto.
	glued bool
	// before is what stands between unit and ten where the unit goes first: og in toogtjue.
	before string
}

var allTongues = []tongue{
	{units: "null en|ein|ei|ett|eitt|én|éin to tre fire fem seks sju|syv åtte|aatte ni", teens: "ti elleve|ellve tolv tretten fjorten femten seksten sytten atten nitten",
		tens: "tjue|tyve tretti|tredve førti|foerti femti seksti sytti åtti|aatti nitti", hundred: "hundre", twice: "dobbel|dobbelt", thrice: "trippel", plus: "pluss",
		filler: "punkt punktum prikk strek bindestrek skråstrek mellomrom så deretter", links: "og", vague: "en ein ei ett to ti null", glued: true, before: "og"},
	{units: "zero|oh|nought|nil one two three four|fower five six seven eight nine", teens: "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
		tens: "twenty thirty forty|fourty fifty sixty seventy eighty ninety", hundred: "hundred", twice: "double", thrice: "triple|treble", plus: "plus",
		filler: "dot point dash hyphen slash space then star", links: "and", vague: "one ten", glued: true},
	{units: "noll|nolla en|ett|ett två|tvaa tre fyra fem sex sju åtta|aatta nio|nie", teens: "tio|tie elva tolv tretton fjorton femton sexton sjutton arton nitton",
		tens: "tjugo|tjugi trettio|tretti fyrtio|förtio femtio|femti sextio|sexti sjuttio åttio nittio", hundred: "hundra", twice: "dubbel|dubbelt", thrice: "trippel", plus: "plus",
		filler: "punkt streck bindestreck mellanslag sedan", links: "och", vague: "en ett sex", glued: true},
	{units: "nul en|et|én to tre fire fem seks syv otte ni", teens: "ti elleve tolv tretten fjorten femten seksten sytten atten nitten",
		tens: "tyve tredive fyrre halvtreds treds|tresindstyve halvfjerds firs halvfems", hundred: "hundrede", twice: "dobbelt", thrice: "tredobbelt", plus: "plus",
		filler: "punktum streg bindestreg", links: "og", vague: "en et to ti", before: "og"},
	{units: "null|nul eins|ein zwei|zwo drei vier fünf|fuenf sechs sieben acht neun", teens: "zehn elf zwölf|zwoelf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn",
		tens: "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig", hundred: "hundert", twice: "doppel", plus: "plus", filler: "punkt strich", links: "und", vague: "ein null", before: "und"},
	{units: "zero jeden|jedna dwa|dwie trzy cztery pięć sześć siedem osiem dziewięć",
		teens:    "dziesięć jedenaście dwanaście trzynaście czternaście piętnaście szesnaście siedemnaście osiemnaście dziewiętnaście",
		tens:     "dwadzieścia trzydzieści czterdzieści pięćdziesiąt sześćdziesiąt siedemdziesiąt osiemdziesiąt dziewięćdziesiąt",
		hundreds: "sto dwieście trzysta czterysta pięćset sześćset siedemset osiemset dziewięćset", twice: "podwójne|podwójny", plus: "plus",
		filler: "kropka myślnik kreska", vague: "jeden jedna sto dwie"},
	{units: "zero|zerou unu|una|un doi|două trei patru cinci șase șapte opt nouă",
		teens: "zece unsprezece|unspe doisprezece|douăsprezece|doispe treisprezece|treispe paisprezece|patrusprezece|paispe cincisprezece|cinsprezece|cinșpe șaisprezece|șaișpe șaptesprezece|șaptișpe optsprezece|optișpe nouăsprezece|nouășpe",
		tens:  "douăzeci treizeci patruzeci cincizeci șaizeci șaptezeci optzeci nouăzeci", twice: "dublu", plus: "plus", filler: "punct liniuță cratimă", links: "și", vague: "un una opt noua"},
	{units: "ноль|нуль один|одна|раз два|две три четыре пять шесть семь восемь девять",
		teens:    "десять одиннадцать двенадцать тринадцать четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать",
		tens:     "двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто",
		hundreds: "сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот", twice: "дважды|двойная", plus: "плюс", filler: "точка тире дефис", vague: "один одна раз сто"},
	{units: "nol odin|odna dva|dve tri chetyre|chetire pyat|piat shest sem vosem devyat|deviat", plus: "plyus", vague: "odin odna sem tri dve"},
	{units: "нуль|ноль один|одна|раз два|дві три чотири пять|п'ять шість сім вісім девять|дев'ять",
		teens:    "десять одинадцять дванадцять тринадцять чотирнадцять пятнадцять|п'ятнадцять шістнадцять сімнадцять вісімнадцять девятнадцять|дев'ятнадцять",
		tens:     "двадцять тридцять сорок пятдесят|п'ятдесят шістдесят сімдесят вісімдесят девяносто|дев'яносто",
		hundreds: "сто двісті триста чотириста пятсот|п'ятсот шістсот сімсот вісімсот девятсот|дев'ятсот", twice: "двічі", plus: "плюс", filler: "крапка тире дефіс", vague: "один одна раз сто"},
	{units: "nulis vienas|viena du|dvi trys keturi|keturios penki|penkios šeši|šešios septyni|septynios aštuoni|aštuonios devyni|devynios",
		teens: "dešimt vienuolika dvylika trylika keturiolika penkiolika šešiolika septyniolika aštuoniolika devyniolika",
		tens:  "dvidešimt trisdešimt keturiasdešimt penkiasdešimt šešiasdešimt septyniasdešimt aštuoniasdešimt devyniasdešimt", hundred: "šimtas|šimtai", plus: "pliusas|plius",
		filler: "taškas brūkšnys", vague: "vienas viena du"},
	{units: "cero uno|una|un dos tres cuatro cinco seis siete ocho nueve",
		teens:    "diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve",
		tens:     "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
		hundreds: "cien|ciento doscientos|doscientas trescientos|trescientas cuatrocientos|cuatrocientas quinientos|quinientas seiscientos|seiscientas setecientos|setecientas ochocientos|ochocientas novecientos|novecientas",
		twice:    "doble", thrice: "triple", plus: "más", filler: "punto guion guión barra", links: "y", vague: "una un uno"},
}

// Spanish writes these in one word.
const veinti = "veintiuno|veintiún veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve"

// shortestGlued is the shortest run of number words written as one that is taken apart.
const shortestGlued = 6

var (
	numerals = readTongues()
	// begins are the first two bytes of the number words, to see of most words at once that they are none.
	begins = beginnings()
)

func readTongues() map[string]numeral {
	m := map[string]numeral{}
	for i, t := range allTongues {
		in := tongues(1) << i
		add := func(words string, n numeral) {
			for _, w := range strings.Split(words, "|") {
				w = folded(w)
				n.tongues = in | m[w].tongues
				n.vague = n.vague || m[w].vague
				if w != "" {
					m[w] = n
				}
			}
		}
		each := func(list string, kind class, first, step int) {
			for k, words := range strings.Fields(list) {
				add(words, numeral{class: kind, value: first + k*step})
			}
		}
		each(t.units, unit, 0, 1)
		each(t.teens, teen, 10, 1)
		each(t.tens, ten, 20, 10)
		each(t.hundreds, hundred, 100, 100)
		t.compounds(add)
		add(t.hundred, numeral{class: times100})
		add(t.twice, numeral{class: repeat, value: 2})
		add(t.thrice, numeral{class: repeat, value: 3})
		add(t.plus, numeral{class: plus})
		each(t.filler, filler, 0, 0)
		each(t.links, link, 0, 0)
		for _, w := range strings.Fields(t.vague) {
			n := m[folded(w)]
			n.vague = true
			m[folded(w)] = n
		}
		if strings.HasPrefix(t.tens, "veinte") {
			for k, words := range strings.Fields(veinti) {
				add(words, numeral{class: teen, value: 21 + k, compound: true})
			}
		}
	}
	return m
}

// compounds adds tens and units written as one word: tjueto, toogtjue.
func (t *tongue) compounds(add func(string, numeral)) {
	for i, tens := range strings.Fields(t.tens) {
		for j, units := range strings.Fields(t.units) {
			n := numeral{class: teen, value: 20 + 10*i + j, compound: true}
			for _, tw := range strings.Split(tens, "|") {
				for _, uw := range strings.Split(units, "|") {
					if j > 0 && t.glued {
						add(tw+uw, n)
					}
					if j > 0 && t.before != "" {
						add(uw+t.before+tw, n)
					}
				}
			}
		}
	}
}

func folded(s string) string { f := text.Fold(s); return f.Text }

func beginnings() (t [1 << 16]bool) {
	for w := range numerals {
		if len(w) >= 2 {
			t[int(w[0])<<8|int(w[1])] = true
			shapes[shapeOf(w)] = true
		}
	}
	return t
}

// shapes are the number words by some of their bytes: most other words are told from them without being looked up.
var shapes [1 << 16]bool

func shapeOf(w string) uint16 {
	n := len(w)
	return uint16(w[0])*31 ^ uint16(w[1])<<3 ^ uint16(w[n-1])<<8 ^ uint16(w[n/2])<<5 ^ uint16(n)<<11
}

// longestNumeral bounds the words that are looked up: пятнадцать and its like take two bytes a letter.
const longestNumeral = 36

// lookup is the numeral that a folded word is.
func lookup(w string) (numeral, bool) {
	if len(w) < 2 || len(w) > longestNumeral || !shapes[shapeOf(w)] {
		if w == "y" {
			return numeral{class: link}, true
		}
		return numeral{}, false
	}
	n, ok := numerals[w]
	return n, ok
}

// takeApart splits a word that is several numerals glued together, such as fireento, or returns nil.
func takeApart(w string, out []numeral) []numeral {
	if len(w) < shortestGlued || len(w) > 200 || !begins[int(w[0])<<8|int(w[1])] {
		return nil
	}
	whole := w
	for range 2 * mostDigits {
		if w == "" {
			return out
		}
		found := false
		if at := len(whole) - len(w); at > 0 && !mayFollow(w) && mayFollow(whole[at-1:]) { // two words share a letter: firetto
			w = whole[at-1:]
		}
		for n := min(len(w), longestNumeral); n >= 2; n-- {
			if num, ok := lookup(w[:n]); ok && num.class <= repeat && num.class != times100 && (n == len(w) || mayFollow(w[n:]) || n > 2 && mayFollow(w[n-1:])) {
				out, w, found = append(out, num), w[n:], true
				break
			}
		}
		if !found {
			return nil
		}
	}
	return nil
}

// mayFollow says that a numeral can begin here.
func mayFollow(w string) bool { return len(w) >= 2 && begins[int(w[0])<<8|int(w[1])] }
