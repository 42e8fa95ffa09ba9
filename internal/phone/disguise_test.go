package phone_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// This file makes numbers up and disguises them. Its words and disguises are lists of their own, not the parser's, so that they
// can show what the parser lacks.

// country is where a language's numbers are from: the mobile series of its plan and how it writes digits.
type country struct {
	lang, region, code, trunk string
	starts                    []string
	rest                      int
	// words are 0 to 9, tens 20 to 90, teens 10 to 19.
	words, teens, tens []string
	// pair writes tens and units, such as tjueto or двадцать два.
	pair      string
	plus      string
	before    []string
	after     []string
	innocents []string
}

func split(s string) []string { return strings.Split(s, " ") }

var countries = []country{
	{"nb", "NO", "47", "", split("40 41 45 46 47 48 90 91 92 93 94 95 97 98 99"), 6, split("null en to tre fire fem seks sju åtte ni"),
		split("ti elleve tolv tretten fjorten femten seksten sytten atten nitten"), split("tjue tretti førti femti seksti sytti åtti nitti"), "%s%s", "pluss",
		[]string{"Ring meg på ", "Nummeret mitt er ", "Send sms: ", "Kontakt ", "Hei, jeg er i byen denne uken. "}, []string{" i kveld", ". Hilsen Mia", " hele dagen", ""},
		[]string{"30 min 1000 kr, 1 time 1800 kr, hele natten 8000 kr", "Pris: 1 500,- / 2 500,- / 4 000,-", "Åpent 10.00-22.00 mandag til fredag, lørdag 11-18", "Ledig 24.12 - 28.12.2026",
			"Jeg er 24 år, 168 cm, 55 kg og bruker 75C", "Mål 90-60-90, høyde 172", "Storgata 12, 5003 Bergen", "Org.nr. 912 345 678 MVA", "Kontonummer 1503 40 12345", "IBAN NO93 8601 1117 947",
			"Annonse-id 41234567, oppdatert 2026-11-23", "Lønn 215,50 kr per time, 37,5 timer i uken, 100 % stilling", "Vi er to jenter og en gutt, fire rom og tre bad i første etasje", "Perioden 2024 2025 og 2026",
			"Priser 1000 1500 2500", "Ordrenummer 98765432", "Åpent 24/7, minst 18 år", "Årslønn 450 000 - 520 000 kr"}},
	{"en", "GB", "44", "0", split("7412 7533 7722 7811 7955"), 6, split("zero one two three four five six seven eight nine"),
		split("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"), split("twenty thirty forty fifty sixty seventy eighty ninety"), "%s %s", "plus",
		[]string{"Call me on ", "My number is ", "Text ", "WhatsApp: ", "Hello guys, new here. "}, []string{" tonight", ". Kisses", " any time", ""},
		[]string{"30 min £80, 1 hour £150, overnight £900", "Open 10:00-22:00 every day, Sunday 11:00 - 18:00", "I am 24 years old, 5ft 6, 34B and 55 kg", "Order number 07700900123 of last week",
			"12 High Street, London SW1A 1AA", "VAT 123 4567 89", "IBAN GB29 NWBK 6016 1331 9268 19", "Salary 25,000 - 30,000 a year, 40 hours per week", "from 10 to 12 to 14 to 16", "Two girls, one flat, four rooms, three baths",
			"24/12/2026 until 02/01/2027", "invoice 2026-000123456", "100 % real, 18+", "1000 2000 3000"}},
	{"sv", "SE", "46", "0", split("70 72 73 76"), 7, split("noll ett två tre fyra fem sex sju åtta nio"),
		split("tio elva tolv tretton fjorton femton sexton sjutton arton nitton"), split("tjugo trettio fyrtio femtio sextio sjuttio åttio nittio"), "%s%s", "plus",
		[]string{"Ring mig på ", "Mitt nummer är ", "Skicka sms till ", "Hej! "}, []string{" ikväll", ". Kram", ""},
		[]string{"30 min 1000 kr, 1 timme 1800 kr", "Öppet 10.00-22.00 alla dagar", "Jag är 24 år, 168 cm, 55 kg", "Kungsgatan 12, 111 43 Stockholm", "Organisationsnummer 556016-0680", "Bankgiro 123-4567",
			"Lön 25 000 - 30 000 kr i månaden", "24 december till 28 december 2026", "mått 90-60-90", "ordernummer 0701234567", "två tjejer, tre rum och en balkong"}},
	{"pl", "PL", "48", "", split("501 512 600 605 661 691 721 781 791 885"), 6, split("zero jeden dwa trzy cztery pięć sześć siedem osiem dziewięć"),
		split("dziesięć jedenaście dwanaście trzynaście czternaście piętnaście szesnaście siedemnaście osiemnaście dziewiętnaście"),
		split("dwadzieścia trzydzieści czterdzieści pięćdziesiąt sześćdziesiąt siedemdziesiąt osiemdziesiąt dziewięćdziesiąt"), "%s %s", "plus",
		[]string{"Zadzwoń: ", "Mój numer to ", "Tel. ", "Cześć, jestem w mieście. "}, []string{" wieczorem", ". Pozdrawiam", ""},
		[]string{"30 min 150 zł, godzina 250 zł", "Czynne 10:00-22:00 codziennie", "Mam 24 lata, 168 cm, 55 kg", "ul. Długa 12, 00-950 Warszawa", "NIP 525-000-10-90", "REGON 012345678", "24.12.2026 - 28.12.2026",
			"Praca od 6000 do 8000 zł miesięcznie", "IBAN PL61 1090 1014 0000 0712 1981 2874", "numer zamówienia 512345678", "dwie dziewczyny, trzy pokoje i jeden balkon"}},
	{"ro", "RO", "40", "0", split("72 73 74 75 76"), 7, split("zero unu doi trei patru cinci șase șapte opt nouă"),
		split("zece unsprezece doisprezece treisprezece paisprezece cincisprezece șaisprezece șaptesprezece optsprezece nouăsprezece"),
		split("douăzeci treizeci patruzeci cincizeci șaizeci șaptezeci optzeci nouăzeci"), "%s și %s", "plus",
		[]string{"Sună-mă la ", "Numărul meu: ", "Tel ", "Bună, sunt în oraș. "}, []string{" diseară", ". Te pup", ""},
		[]string{"30 min 150 lei, ora 250 lei", "Program 10:00-22:00 zilnic", "Am 24 ani, 168 cm, 55 kg", "Str. Lungă 12, 010101 București", "CUI 12345678", "24.12.2026 - 28.12.2026", "Salariu 3000 - 4000 lei pe lună",
			"IBAN RO49 AAAA 1B31 0075 9384 0000", "comanda 0721234567", "două fete, trei camere"}},
	{"ru", "RU", "7", "8", split("903 905 909 915 916 921 926 950 961 985"), 7, split("ноль один два три четыре пять шесть семь восемь девять"),
		split("десять одиннадцать двенадцать тринадцать четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать"),
		split("двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто"), "%s %s", "плюс",
		[]string{"Звони ", "Мой номер: ", "Тел. ", "Привет, я в городе. "}, []string{" вечером", ". Целую", ""},
		[]string{"30 мин 3000 руб, час 5000 руб", "Работаю 10:00-22:00 каждый день", "Мне 24 года, рост 168 см, вес 55 кг", "ИНН 7707083893", "ОГРН 1027700132195", "24.12.2026 - 28.12.2026", "Зарплата 60 000 - 80 000 руб в месяц",
			"номер заказа 89161234567", "ул. Ленина 12, 101000 Москва", "две девушки, три комнаты и один балкон", "счёт 40817810099910004312"}},
	{"uk", "UA", "380", "0", split("50 63 66 67 68 73 93 95 96 97 98 99"), 7, split("нуль один два три чотири п'ять шість сім вісім дев'ять"),
		split("десять одинадцять дванадцять тринадцять чотирнадцять п'ятнадцять шістнадцять сімнадцять вісімнадцять дев'ятнадцять"),
		split("двадцять тридцять сорок п'ятдесят шістдесят сімдесят вісімдесят дев'яносто"), "%s %s", "плюс",
		[]string{"Дзвони ", "Мій номер: ", "Тел. ", "Привіт, я в місті. "}, []string{" ввечері", ". Цілую", ""},
		[]string{"30 хв 1000 грн, година 1800 грн", "Працюю 10:00-22:00 щодня", "Мені 24 роки, зріст 168 см, 55 кг", "ЄДРПОУ 12345678", "24.12.2026 - 28.12.2026", "Зарплата 20 000 - 30 000 грн на місяць", "номер замовлення 0671234567",
			"вул. Довга 12, 01001 Київ", "дві дівчини, три кімнати і один балкон"}},
	{"lt", "LT", "370", "0", split("60 61 62 65 67 68 69"), 6, split("nulis vienas du trys keturi penki šeši septyni aštuoni devyni"),
		split("dešimt vienuolika dvylika trylika keturiolika penkiolika šešiolika septyniolika aštuoniolika devyniolika"),
		split("dvidešimt trisdešimt keturiasdešimt penkiasdešimt šešiasdešimt septyniasdešimt aštuoniasdešimt devyniasdešimt"), "%s %s", "plius",
		[]string{"Skambink ", "Mano numeris: ", "Tel. ", "Labas, esu mieste. "}, []string{" vakare", ". Bučkis", ""},
		[]string{"30 min 50 eur, valanda 90 eur", "Dirbu 10:00-22:00 kasdien", "Man 24 metai, 168 cm, 55 kg", "Įmonės kodas 123456789", "2026-12-24 iki 2026-12-28", "Alga 1500 - 2000 eur per mėnesį", "užsakymo numeris 61234567",
			"Ilgoji g. 12, LT-01101 Vilnius", "LT12 1000 0111 0100 1000", "dvi merginos, trys kambariai"}},
	{"es", "ES", "34", "", split("600 612 620 633 645 656 666 678 687 699"), 6, split("cero uno dos tres cuatro cinco seis siete ocho nueve"),
		split("diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve"), split("veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa"), "%s y %s", "más",
		[]string{"Llámame al ", "Mi número es ", "Tel. ", "Hola, estoy en la ciudad. "}, []string{" esta noche", ". Besos", ""},
		[]string{"30 min 80 €, 1 hora 150 €", "Abierto 10:00-22:00 todos los días", "Tengo 24 años, 168 cm, 55 kg", "Calle Larga 12, 28013 Madrid", "CIF B12345678", "24/12/2026 - 28/12/2026", "Sueldo 1200 - 1500 euros al mes",
			"IBAN ES91 2100 0418 4502 0005 1332", "pedido 612345678", "dos chicas, tres habitaciones y un balcón", "medidas 90-60-90"}},
}

// disguised is a sentence with a number in disguise.
type disguised struct {
	lang, how, region, sentence, e164 string
}

type disguise struct {
	name  string
	write func(r *rand.Rand, c *country, digits string) string
}

func each(digits, between string, f func(i int, d byte) string) string {
	var parts []string
	for i := range len(digits) {
		parts = append(parts, f(i, digits[i]))
	}
	return strings.Join(parts, between)
}

func pick[T any](r *rand.Rand, list ...T) T { return list[r.IntN(len(list))] }

func same(_ int, d byte) string { return string(d) }

var disguises = []disguise{
	{"words", func(r *rand.Rand, c *country, s string) string {
		return each(s, pick(r, " ", " ", "-", ", ", " . ", "*"), func(_ int, d byte) string { return c.words[d-'0'] })
	}},
	{"capital words", func(_ *rand.Rand, c *country, s string) string {
		return strings.ToUpper(each(s, " ", func(_ int, d byte) string { return c.words[d-'0'] }))
	}},
	{"pairs as words", func(_ *rand.Rand, c *country, s string) string {
		var parts []string
		if len(s)%2 == 1 {
			parts, s = append(parts, c.words[s[0]-'0']), s[1:]
		}
		for ; s != ""; s = s[2:] {
			a, b := s[0]-'0', s[1]-'0'
			switch {
			case a == 0:
				parts = append(parts, c.words[0], c.words[b])
			case a == 1:
				parts = append(parts, c.teens[b])
			case b == 0:
				parts = append(parts, c.tens[a-2])
			case c.lang == "es" && a == 2:
				parts = append(parts, split("veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve")[b-1])
			default:
				parts = append(parts, fmt.Sprintf(c.pair, c.tens[a-2], c.words[b]))
			}
		}
		return strings.Join(parts, " ")
	}},
	{"words and digits", func(r *rand.Rand, c *country, s string) string {
		n := 2 + r.IntN(2)
		return each(s, pick(r, " ", "", "-"), func(i int, d byte) string {
			if i%n == 1 {
				return " " + c.words[d-'0'] + " "
			}
			return string(d)
		})
	}},
	{"keycaps", func(_ *rand.Rand, _ *country, s string) string {
		return each(s, "", func(_ int, d byte) string { return string(d) + "\ufe0f\u20e3" })
	}},
	{"full width", func(_ *rand.Rand, _ *country, s string) string {
		return each(s, "", func(_ int, d byte) string { return string(rune(0xFF10) + rune(d-'0')) })
	}},
	{"mathematical", func(_ *rand.Rand, _ *country, s string) string {
		return each(s, "", func(_ int, d byte) string { return string(rune(0x1D7CE) + rune(d-'0')) })
	}},
	{"letters for digits", func(r *rand.Rand, _ *country, s string) string {
		looks := map[byte][]string{'0': {"O", "o"}, '1': {"l", "I"}, '5': {"S"}, '8': {"B"}, '2': {"Z"}}
		n := 0
		return each(s, "", func(i int, d byte) string {
			if l := looks[d]; l != nil && i > 0 && n < 3 {
				n++
				return pick(r, l...)
			}
			return string(d)
		})
	}},
	{"signs between", func(r *rand.Rand, _ *country, s string) string {
		return each(s, pick(r, "*", "❤", "❤️", " ❤ ", "_", "~", "|", "•", "💋", "/", "..", "♥", " - ", " * ", "🔥", "^", "="), same)
	}},
	{"signs between groups", func(r *rand.Rand, _ *country, s string) string {
		return strings.Join(groups(s), pick(r, "❤", "*", "_", "~", "•", " ❤️ ", "|"))
	}},
	{"brackets around", func(_ *rand.Rand, _ *country, s string) string {
		return each(s, "", func(_ int, d byte) string { return "(" + string(d) + ")" })
	}},
	{"zero width", func(r *rand.Rand, _ *country, s string) string {
		return each(s, pick(r, "\u200b", "\u200c", "\u2060", "\u00ad"), same)
	}},
	{"a line each", func(r *rand.Rand, _ *country, s string) string {
		return "\n" + each(s, pick(r, "\n", "\r\n"), same) + "\n"
	}},
	{"spaced", func(_ *rand.Rand, _ *country, s string) string { return each(s, " ", same) }},
}

// groups cuts digits as people do: pairs or threes.
func groups(s string) (out []string) {
	n := 2
	if len(s)%3 == 0 {
		n = 3
	}
	if len(s)%2 == 1 && n == 2 {
		out, s = append(out, s[:3]), s[3:]
	}
	for ; s != ""; s = s[n:] {
		out = append(out, s[:n])
	}
	return out
}

// national is a made-up number of a country as dialled inside it, and its international form.
func (c *country) national(r *rand.Rand) (dialled, e164 string) {
	n := pick(r, c.starts...)
	for range c.rest {
		n += string(rune('0' + r.IntN(10)))
	}
	return c.trunk + n, "+" + c.code + n
}

// sentence sets a number into an ad, with look-alikes before or behind it.
func (c *country) sentence(r *rand.Rand, number string) string {
	s := pick(r, c.before...) + number + pick(r, c.after...)
	switch r.IntN(3) {
	case 0:
		s = pick(r, c.innocents...) + ". " + s
	case 1:
		s += "\n" + pick(r, c.innocents...)
	}
	return s
}

// makeDisguised makes numbers in every language and disguise.
func makeDisguised(seed uint64, of int) (out []disguised) {
	r := rand.New(rand.NewPCG(seed, 4))
	for i := range of {
		c, d := &countries[i%len(countries)], &disguises[i/len(countries)%len(disguises)]
		dialled, e164 := c.national(r)
		region, number := c.region, ""
		if r.IntN(4) == 0 { // from abroad, with the country's code
			region = "NO"
			number = pick(r, "+", "00", "+")
			if digits := e164[1:]; number == "00" {
				number = d.write(r, c, "00"+digits)
			} else if d.name == "words" || d.name == "capital words" || d.name == "pairs as words" {
				number = c.plus + " " + d.write(r, c, digits)
			} else if d.name == "a line each" {
				number = "\n+" + d.write(r, c, digits)[1:]
			} else {
				number = "+" + d.write(r, c, digits)
			}
		} else {
			number = d.write(r, c, dialled)
		}
		out = append(out, disguised{c.lang, d.name, region, c.sentence(r, number), e164})
	}
	return out
}

// makePlain makes numbers as people write who want to be called.
func makePlain(seed uint64, of int) (out []disguised) {
	r := rand.New(rand.NewPCG(seed, 5))
	for i := range of {
		c := &countries[i%len(countries)]
		dialled, e164 := c.national(r)
		digits := e164[1+len(c.code):]
		number, region, how := dialled, c.region, "together"
		switch i / len(countries) % 6 {
		case 1:
			number, how = strings.Join(groups(dialled), " "), "groups"
		case 2:
			number, how = strings.Join(groups(dialled), pick(r, "-", ".")), "groups with signs"
		case 3:
			number, how, region = "+"+c.code+" "+strings.Join(groups(digits), " "), "plus", "NO"
		case 4:
			number, how, region = "+"+c.code+digits, "plus, together", "NO"
		case 5:
			number, how, region = "00"+c.code+" "+digits, "00", "NO"
		}
		out = append(out, disguised{c.lang, how, region, c.sentence(r, number), e164})
	}
	return out
}

// makeInnocent makes sentences without any number.
func makeInnocent(seed uint64, of int) (out []disguised) {
	r := rand.New(rand.NewPCG(seed, 6))
	for i := range of {
		c := &countries[i%len(countries)]
		out = append(out, disguised{lang: c.lang, how: "look-alikes", region: pick(r, c.region, c.region, "NO"),
			sentence: pick(r, c.innocents...) + pick(r, ". ", "\n", ", ") + pick(r, c.innocents...) + fresh(r)})
	}
	return out
}

// fresh is a look-alike with figures of its own.
func fresh(r *rand.Rand) string {
	n := func(lo, hi int) int { return lo + r.IntN(hi-lo) }
	return pick(r,
		func() string {
			return fmt.Sprintf(". %d kr / %d kr / %d kr", n(5, 40)*100, n(10, 60)*100, n(20, 90)*100)
		},
		func() string { return fmt.Sprintf(". %02d.%02d.%d", n(1, 29), n(1, 13), n(2020, 2030)) },
		func() string {
			return fmt.Sprintf(", %d cm, %d kg, %d-%d-%d", n(150, 185), n(45, 80), n(85, 105), n(55, 70), n(86, 110))
		},
		func() string { return fmt.Sprintf(". %02d:%02d - %02d:%02d", n(7, 12), n(0, 60), n(15, 24), n(0, 60)) },
		func() string { return fmt.Sprintf("\nID: %d", n(10_000_000, 99_999_999)) },
		func() string { return fmt.Sprintf("\n%d-%d", n(2000, 2026), n(2026, 2030)) },
		func() string { return fmt.Sprintf(", %d/%d/%d", n(5, 30)*100, n(10, 50)*100, n(20, 90)*100) },
		func() string { return fmt.Sprintf(", €%d, $%d, %d €", n(50, 900), n(50, 900), n(50, 9000)) },
		func() string { return fmt.Sprintf("\n#PHONE_%016x%016x#", r.Uint64(), r.Uint64()) },
		func() string { return fmt.Sprintf("\nhttps://ads.example/item/%d", n(10_000_000, 99_999_999)) },
		func() string {
			return fmt.Sprintf("\n%08x-%04x-%04x-%04x-%012x", r.Uint32(), r.Uint32()>>16, r.Uint32()>>16, r.Uint32()>>16, r.Uint64()>>16)
		},
		func() string { return fmt.Sprintf(". %d, %d, %d og %d", n(18, 24), n(24, 30), n(30, 36), n(36, 45)) },
		func() string { return fmt.Sprintf(". %d,%d %%", n(1, 99), n(0, 9)) },
	)()
}
