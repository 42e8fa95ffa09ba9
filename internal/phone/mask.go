package phone

import (
	"strings"

	"varde/internal/text"
)

// cutLookalikes marks the atoms that are money, dates, hours, ages, measures or parts of other numbers.
func (r *reader) cutLookalikes() {
	for i := range r.atoms {
		a := &r.atoms[i]
		if a.kind == spelled {
			continue
		}
		switch {
		case r.idBefore(a):
			r.cutNumber(i)
		case a.kind != figures:
			continue
		case a.gap == apart && r.moneyBefore(a):
			r.cutForward(i)
		case r.unitBehind(i):
			r.cutBackward(i)
		}
		r.cutPair(i)
		r.cutTriple(i)
	}
	r.cutIBAN()
}

// cutForward marks the atom and the groups of three digits that go on: kr 1 500 000.
func (r *reader) cutForward(i int) {
	r.atoms[i].cut = true
	for i++; i < len(r.atoms) && r.atoms[i].gap == plain && r.thousands(i); i++ {
		r.atoms[i].cut = true
	}
}

// cutNumber marks the atom and all that goes on with a single sign: 1503 40 12345.
func (r *reader) cutNumber(i int) {
	r.atoms[i].cut = true
	for i++; i < len(r.atoms) && r.atoms[i].gap <= plain && len(r.gapText(i)) <= 1; i++ {
		r.atoms[i].cut = true
	}
}

// cutBackward marks the atom and the groups before it that belong to the same amount: 1 500 000 kr, 20-30 år.
func (r *reader) cutBackward(i int) {
	r.atoms[i].cut = true
	for ; i > 0 && r.atoms[i].gap == plain; i-- {
		before := &r.atoms[i-1]
		sep := r.gapText(i)
		isRange := (sep == "-" || sep == " - " || sep == "/") && len(before.digits) <= 5 && len(before.digits) <= len(r.atoms[i].digits)
		if before.kind != figures || !r.thousands(i) && !isRange {
			return
		}
		before.cut = true
	}
}

// thousands says that atom i is a further group of three digits of an amount.
func (r *reader) thousands(i int) bool {
	sep := r.gapText(i)
	return r.atoms[i].kind == figures && len(r.atoms[i].digits) == 3 && len(r.atoms[i-1].digits) <= 3 && (sep == " " || sep == ".")
}

func (r *reader) gapText(i int) string {
	if i == 0 || r.atoms[i-1].end > r.atoms[i].start {
		return ""
	}
	return r.doc.Text[r.atoms[i-1].end:r.atoms[i].start]
}

// moneyWords stand before or behind an amount.
var moneyWords = set("kr nok sek dkk eur euro euros usd gbp pln zl zlotych lei ron rub руб рублеи р грн uah гривень ltl kroner kronor krone pund dollar dollars sek")

// unitWords stand behind a number that is no phone: lengths, weights, times, ages, counts.
var unitWords = set("cm kg m mm km kvm m2 g gr min mins minutt minutter minutes minuter minut minute minuti minučių minuciu minutos time timer timmar timme t h hr hrs hour hours godz godziny ore часа час часов год роки val valandos hora horas " +
	"ar aar arig aring years year yo yrs lat anos ani лет года рокив metu m dag dager dagar days day uke uker week weeks mnd maned maneder manad month months " +
	"stk personer jenter girls women rom kopp cup prosent procent percent pst st pcs natt netter nights см кг мин роста рост ч хв гривен zl tys")

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[folded(w)] = true
	}
	return m
}

// phoneDigits is how many digits standing together are hardly a count of anything.
const phoneDigits = 7

// unitBehind says that a unit or a currency stands behind atom i.
func (r *reader) unitBehind(i int) bool {
	d, a := r.doc, &r.atoms[i]
	rest := d.Text[a.end:]
	if at := strings.TrimLeft(rest, " "); len(rest)-len(at) <= 1 && at != "" {
		if strings.HasPrefix(at, "€") || strings.HasPrefix(at, "£") || strings.HasPrefix(at, "₽") || strings.HasPrefix(at, "₴") || at[0] == '%' || at[0] == '$' ||
			strings.HasPrefix(at, ",-") || strings.HasPrefix(at, ":-") || strings.HasPrefix(at, "°") {
			return true
		}
	}
	next := int(a.token) + 1
	if next >= len(d.Tokens) || d.Tokens[next].Kind != text.Letters || d.Tokens[next].Start-a.end > 1 || d.Tokens[next].Start > a.end && d.Text[a.end] != ' ' && d.Text[a.end] != '-' {
		return false
	}
	w := d.Word(next)
	if d.Tokens[next].Start == a.end && next+1 < len(d.Tokens) && d.Tokens[next+1].Start == d.Tokens[next].End && asDigits(w) != "" { // 7Zl431
		return false
	}
	if moneyWords[w] { // 412 34 567 kr 500: the currency is of what follows
		ahead := next+1 < len(d.Tokens) && d.Tokens[next+1].Kind == text.Digits && d.Tokens[next+1].Start-d.Tokens[next].End <= 2
		return !ahead || strings.HasSuffix(a.digits, "00") || len(a.digits) < 3
	}
	return unitWords[w] && len(a.digits) < phoneDigits
}

// moneyBefore says that a currency stands before the atom.
func (r *reader) moneyBefore(a *atom) bool {
	d := r.doc
	before := strings.TrimRight(d.Text[max(0, int(a.start)-8):a.start], " ")
	if strings.HasSuffix(before, "€") || strings.HasSuffix(before, "$") || strings.HasSuffix(before, "£") {
		return true
	}
	k := int(a.token) - 1
	return k >= 0 && a.start-d.Tokens[k].End <= 2 && moneyWords[d.Word(k)]
}

// idWords are beginnings of words that name other numbers: orders, accounts, registers.
var idWords = strings.Fields("ordre order bestilling faktura invoice konto account org iban bic vat mva cvr kvk nip regon pesel krs cif nif dni cui cnp инн огрн кпп снилс едрпоу іпн id ref annonse finn kid " +
	"isbn ean sku sak case kunde customer medlem member pass faktura rachunek zamowien comanda cont factura cuenta pedido заказ счет счета замовлен рахун uzsakym saskait imones foretak registr reg pnr " +
	"personn fodsels organisation bankgiro plusgiro postgiro bankkonto kod kode lisens license licence auksjon produkt product artikkel serie chassis imei vin referanse referencia referint bilag postnr zip postkode postboks")

// phoneWords are beginnings of words that name phones.
var phoneWords = strings.Fields("tlf tel telefon mob phone ring dzwon call sms whatsapp viber signal telegram kontakt text txt wa nr tekst cell тел звон дзвон пиш моб номер zadzwon suna skamb llam numar numer ringa kom zvon rasyk")

func begins1(w string, list []string) bool {
	for _, p := range list {
		if strings.HasPrefix(w, p) && (len(p) > 3 || len(w) == len(p) || isNumberWord(w[len(p):])) {
			return true
		}
	}
	return false
}

// isNumberWord says that s is nr, number or the like: the end of ordrenummer.
func isNumberWord(s string) bool {
	switch s {
	case "nr", "no", "n", "num", "nummer", "number", "numer", "numero", "numar", "numeris", "номер", "kode", "kod", "code", "id", "nrs", "№":
		return true
	}
	return false
}

// idBefore says that words before the atom name it as a number of something else.
func (r *reader) idBefore(a *atom) bool {
	d := r.doc
	if a.token == 0 || a.plus {
		return false
	}
	start := a.start
	for k := int(a.token) - 1; k >= 0 && k >= int(a.token)-3; k-- {
		t := d.Tokens[k]
		if t.Kind != text.Letters || start-t.End > 3 || start > t.End && strings.ContainsAny(d.Text[t.End:start], "!?,;\n") {
			return false
		}
		w := d.Word(k)
		if begins1(w, phoneWords) && !isNumberWord(w) {
			return false
		}
		if begins1(w, idWords) || r.measures(k, w) && d.Text[t.End:start] == " " {
			return true
		}
		if !isNumberWord(w) {
			return false
		}
		start = t.Start
	}
	return false
}

// measures says that token k names a room or the measures of a body: Rom 412, Målene 90-60-90; "2 rom" is a count, and Malene a name.
func (r *reader) measures(k int, w string) bool {
	switch w {
	case "rom", "room", "rum", "pokoj", "zimmer":
		return k == 0 || r.doc.Tokens[k-1].Kind != text.Digits && !r.isUnit(k-1)
	case "mal", "malene", "mala", "matt", "measurements", "wymiary":
		from, to := r.doc.Span(int(r.doc.Tokens[k].Start), int(r.doc.Tokens[k].End))
		return w == "measurements" || w == "wymiary" || strings.ContainsAny(r.doc.Source[from:to], "åÅ")
	}
	return false
}

// isUnit says that token k is a number word.
func (r *reader) isUnit(k int) bool {
	_, ok := lookup(r.doc.Word(k))
	return ok
}

func small(s string) int {
	if len(s) == 0 || len(s) > 4 {
		return -1
	}
	n := 0
	for i := range len(s) {
		n = n*10 + int(s[i]-'0')
	}
	return n
}

// cutPair marks hours (10.00, 10:00), days (24.12, 24/12) and 24/7, unless the same sign goes on, as it does in 41.23.45.67.
func (r *reader) cutPair(i int) {
	if i+1 >= len(r.atoms) || r.atoms[i+1].kind != figures || r.atoms[i+1].gap == apart {
		return
	}
	a, b, sep := r.atoms[i].digits, r.atoms[i+1].digits, r.gapText(i+1)
	if len(a) == 1 && len(b) == 1 && r.woven(i, sep) {
		return
	}
	if len(a) > 2 || len(b) > 2 || sep != "." && sep != ":" && sep != "/" || r.goesOn(i, i+1, sep) {
		return
	}
	x, y := small(a), small(b)
	hour := sep != "/" && len(b) == 2 && x <= 24 && y < 60
	day := sep != ":" && x >= 1 && x <= 31 && y >= 1 && y <= 12
	if hour || day || sep == "/" && x == 24 && y == 7 {
		r.atoms[i].cut, r.atoms[i+1].cut = true, true
	}
}

// leastWoven is how many pairs of single digits make a number and no list of days.
const leastWoven = 4

// woven says that atom i begins one of several pairs of single digits with one sign inside and another between: 4.1❤2.3❤4.5❤6.7.
func (r *reader) woven(i int, sep string) bool {
	pair := func(k int) bool {
		return k >= 0 && k+1 < len(r.atoms) && len(r.atoms[k].digits) == 1 && len(r.atoms[k+1].digits) == 1 && r.gapText(k+1) == sep
	}
	n := 1
	for k := i + 2; pair(k) && r.atoms[k].gap == odd && n < leastWoven; k += 2 {
		n++
	}
	for k := i; r.atoms[k].gap == odd && pair(k-2) && n < leastWoven; k -= 2 {
		n++
	}
	return n >= leastWoven
}

// goesOn says that sep stands before atom i or behind atom j as well, between figures.
func (r *reader) goesOn(i, j int, sep string) bool {
	return i > 0 && r.atoms[i].gap != apart && r.gapText(i) == sep || j+1 < len(r.atoms) && r.atoms[j+1].gap != apart && r.gapText(j+1) == sep
}

// cutTriple marks dates (24.12.2026, 2026-12-24) and the measures of a body (85-60-90).
func (r *reader) cutTriple(i int) {
	if i+2 >= len(r.atoms) || r.atoms[i+1].kind != figures || r.atoms[i+2].kind != figures || r.atoms[i+1].gap == apart || r.atoms[i+2].gap == apart {
		return
	}
	sep := r.gapText(i + 1)
	if sep != r.gapText(i+2) || sep != "." && sep != "-" && sep != "/" && sep != " " || r.goesOn(i, i+2, sep) && sep != " " {
		return
	}
	a, b, c := r.atoms[i].digits, r.atoms[i+1].digits, r.atoms[i+2].digits
	x, y, z := small(a), small(b), small(c)
	date := len(a) <= 2 && len(b) <= 2 && x >= 1 && x <= 31 && y >= 1 && y <= 12 && (len(c) == 2 && sep != " " || len(c) == 4 && isYear(z)) ||
		len(a) == 4 && isYear(x) && len(b) <= 2 && len(c) <= 2 && y >= 1 && y <= 12 && z >= 1 && z <= 31
	body := sep != " " && sep != "." && x >= 70 && x <= 130 && y >= 45 && y <= 110 && z >= 70 && z <= 140 && y < x && y < z && len(a)+len(b)+len(c) <= 9
	if date || body {
		r.atoms[i].cut, r.atoms[i+1].cut, r.atoms[i+2].cut = true, true, true
	}
}

func isYear(n int) bool { return n >= 1900 && n <= 2099 }

// cutIBAN marks the groups of an account number: two letters and two digits, then groups of four.
func (r *reader) cutIBAN() {
	d := r.doc
	for i := range r.atoms {
		a := &r.atoms[i]
		if a.kind != figures || a.token == 0 || len(a.digits) != 2 && len(a.digits) < 12 {
			continue
		}
		t := d.Tokens[a.token-1]
		if t.Kind != text.Letters || t.End != a.start || t.End-t.Start != 2 {
			continue
		}
		j := i + 1
		for j < len(r.atoms) && r.atoms[j].gap <= plain && r.gapText(j) == " " && len(r.atoms[j].digits) <= 4 && r.atoms[j].kind == figures {
			j++
		}
		if j-i >= 3 || len(a.digits) >= 12 {
			for k := i; k < j; k++ {
				r.atoms[k].cut = true
			}
		}
	}
}
