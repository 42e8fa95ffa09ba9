package detectors

import (
	"strings"

	"varde/internal/ad"
)

// told says that the sentence of some evidence warns of what it names, or tells what is done to others: "beware of scammers who
// promise 9000 a day", "victims of trafficking work sixteen hours a day". Honest employers and those who help write so.
func told(in *Input, e ad.Evidence) bool {
	for _, f := range in.fields() {
		if f.Field != e.Field {
			continue
		}
		for i, t := range f.Tokens {
			if from, _ := f.Span(int(t.Start), int(t.End)); from < e.Start {
				continue
			}
			at := int(f.Tokens[i].Start)
			from, to := 0, len(f.Text)
			if end := strings.LastIndexAny(f.Text[:at], ".!?\n•"); end >= 0 {
				from = end + 1
			}
			if end := strings.IndexAny(f.Text[at:], ".!?\n•"); end >= 0 {
				to = at + end
			}
			_, _, found := ofOthers.find(f.Doc, from, to)
			return found
		}
	}
	return false
}

// ofOthers are beginnings of words for warnings and for people who were exploited, in all languages. What lures say of themselves
// ("no scam") and what work has to do with (trade, running machines) is not among them.
var ofOthers = newStems([]string{
	"beware", "watch out", "scammers", "scams", "fraudster", "victim", "human trafficking", "trafficked", "exploited", "forced labour", "forced labor", "who have worked", "who have been", "if your employer", "if an employer", "if your boss",
	"svindlere", "advar", "pass deg for", "menneskehandel", "utnyttes", "utnyttet", "tvangsarbeid", "ofre for", "ofrene for", "offer for", "som har jobbet", "som har arbeidet", "hvis arbeidsgiver", "hvis sjefen",
	"svindlarar", "åtvar", "blir utnytta", "offera for", "som har arbeidd", "som har jobba", "dersom arbeidsgivar",
	"bedragare", "varnar", "varning", "se upp för", "akta dig", "människohandel", "utnyttjas", "utnyttjade", "tvångsarbete", "offer för", "offren för", "som har arbetat", "som har jobbat",
	"vær på vagt", "udnyttes", "udnyttet", "tvangsarbejde", "som har arbejdet", "der har arbejdet", "hvis din arbejdsgiver",
	"betrüger", "vorsicht vor", "warnung", "warnen vor", "menschenhandel", "opfer", "ausgebeutet", "zwangsarbeit", "wenn dein arbeitgeber", "wenn ihr arbeitgeber",
	"oszuści", "oszustów", "oszustami", "uważaj", "ostrzega", "ofiar", "handlu ludźmi", "handel ludźmi", "wykorzystywan", "pracy przymusowej", "które pracował", "którzy pracowali", "jeśli pracodawca",
	"escroci", "feriți", "ferește-te", "victime", "trafic de persoane", "traficul de persoane", "traficului de persoane", "exploatate", "exploatați", "muncă forțată", "care au lucrat", "dacă angajatorul",
	"мошенник", "остерега", "берегитесь", "осторожно", "жертв", "торговли людьми", "торговля людьми", "торговлей людьми", "эксплуатируют", "эксплуатируемы", "принудительн", "которые работали", "если работодатель",
	"шахраї", "остеріга", "стережіться", "обережно", "торгівлі людьми", "торгівля людьми", "торгівлею людьми", "експлуатують", "примусов", "які працювали", "якщо роботодавець",
	"sukči", "saugokitės", "aukos", "aukų", "aukoms", "prekybos žmonėmis", "prekyba žmonėmis", "išnaudojam", "priverstin", "kurios dirbo", "kurie dirbo", "jei darbdavys",
	"estafadores", "cuidado con", "víctima", "trata de personas", "trata de seres", "explotad", "trabajo forzoso", "trabajos forzosos", "que han trabajado", "si tu jefe", "si la empresa te",
})
