package adapter

import (
	"strings"
	"time"
)

// The words of dates in the languages that ads are written in: Norwegian (nb, nn), English, Swedish, Danish, Polish, Romanian, Russian,
// Ukrainian, Lithuanian, Spanish and German. A row is what is the same in all of them, with the forms that dates take: nominative,
// genitive, and what is short for it.

// months by their number, from 1.
var months = words([]string{
	`januar januari january jan jän jänner styczeń stycznia sty ianuarie ian январь января янв січень січня січ sausis sausio saus enero ene`,
	`februar februari february feb luty lutego lut februarie февраль февраля фев лютий лютого лют vasaris vasario vas febrero`,
	`mars marts march mar mär märz mrz marzec marca martie март марта мар березень березня бер kovas kovo kov marzo`,
	`april apr kwiecień kwietnia kwi aprilie апрель апреля апр квітень квітня квіт кві balandis balandžio bal abril abr`,
	`mai maj may maja май мая травень травня трав тра gegužė gegužės geg mayo`,
	`juni june jun czerwiec czerwca cze iunie iun июнь июня июн червень червня черв чер birželis birželio birž junio`,
	`juli july jul lipiec lipca lip iulie iul июль июля июл липень липня лип liepa liepos liep julio`,
	`august augusti aug sierpień sierpnia sie август августа авг серпень серпня серп сер rugpjūtis rugpjūčio rugp agosto ago`,
	`september sep sept wrzesień września wrz septembrie сентябрь сентября сен сент вересень вересня вер rugsėjis rugsėjo rugs septiembre setiembre`,
	`oktober october okt oct październik października paź octombrie октябрь октября окт жовтень жовтня жовт жов spalis spalio spal octubre`,
	`november nov listopad listopada lis noiembrie noi ноябрь ноября ноя нояб листопад листопада лист лис lapkritis lapkričio lapkr lap noviembre`,
	`desember december dezember des dec dez grudzień grudnia gru decembrie декабрь декабря дек грудень грудня груд гру gruodis gruodžio gruod diciembre dic`,
}, 1)

// weekdays by their number, from Sunday as 0.
var weekdays = words([]string{
	`søndag sundag söndag sunday niedziela niedzielę duminică воскресенье неділя неділю sekmadienis sekmadienį domingo sonntag`,
	`mandag måndag monday poniedziałek luni понедельник понеділок pirmadienis pirmadienį lunes montag`,
	`tirsdag tysdag tisdag tuesday wtorek marți вторник вівторок antradienis antradienį martes dienstag`,
	`onsdag wednesday środa środę miercuri среда среду середа середу trečiadienis trečiadienį miércoles mittwoch`,
	`torsdag thursday czwartek joi четверг четвер ketvirtadienis ketvirtadienį jueves donnerstag`,
	`fredag friday piątek vineri пятница пятницу п'ятниця п'ятницю penktadienis penktadienį viernes freitag`,
	`lørdag laurdag lördag saturday sobota sobotę sâmbătă суббота субботу субота суботу šeštadienis šeštadienį sábado samstag sonnabend`,
}, 0)

// dayWords are days by how long ago they are; those of several words come first.
var dayWords = []struct {
	ago   int
	words string
}{
	{2, "day before yesterday"}, {2, "i forgårs"}, {2, "i forgars"}, {2, "i førgår"}, {2, "i fyrradags"}, {2, "i förrgår"}, {2, "przedwczoraj"}, {2, "alaltăieri"}, {2, "позавчера"}, {2, "позавчора"},
	{2, "užvakar"}, {2, "anteayer"}, {2, "antes de ayer"}, {2, "vorgestern"},
	{1, "i går"}, {1, "igår"}, {1, "i gar"}, {1, "yesterday"}, {1, "wczoraj"}, {1, "ieri"}, {1, "вчера"}, {1, "вчора"}, {1, "учора"}, {1, "vakar"}, {1, "ayer"}, {1, "gestern"},
	{0, "i dag"}, {0, "idag"}, {0, "today"}, {0, "dzisiaj"}, {0, "dziś"}, {0, "astăzi"}, {0, "azi"}, {0, "сегодня"}, {0, "сьогодні"}, {0, "šiandien"}, {0, "hoy"}, {0, "heute"},
}

// nowWords say that something happened just now. That they do only where nothing else is said.
var nowWords = []string{"akkurat nå", "akkurat no", "nettopp", "nå", "just now", "now", "just nu", "nyss", "lige nu", "przed chwilą", "teraz", "chiar acum", "acum", "только что",
	"сейчас", "щойно", "зараз", "ką tik", "dabar", "ahora", "ahora mismo", "gerade eben", "gerade", "soeben", "jetzt"}

// agoWords turn a length of time into a time.
var agoWords = set(`siden sidan sedan ago temu acum urmă назад тому prieš hace vor`)

// span is a length of time: so many seconds, days or months.
type span struct{ seconds, days, months int }

// spans by their names, with those cases in which they are counted.
var spans = func() map[string]span {
	m := map[string]span{}
	for _, row := range []struct {
		span
		words string
	}{
		{span{seconds: 1}, `sekund sekunder sek second seconds sec secs s sekunda sekundy sekundę secunde secundă секунд секунда секунду секунды секунди сек sekundę sekundes sekundžių segundo segundos sekunde sekunden`},
		{span{seconds: 60}, `minutt minutter minuttar min minut minuter minutter minute minutes mins minuta minuty minutę minute минут минута минуту минуты мин хвилин хвилина хвилину хвилини хв minutes minučių minuto minutos minuten`},
		{span{seconds: 1800}, `halvtime halvtimme`},
		{span{seconds: 3600}, `time timer timar t tim timme timmar hour hours hr hrs h godzina godziny godzin godzinę godz oră ore час часа часов годин година години годину valanda valandą valandas valandų val hora horas stunde stunden std`},
		{span{days: 1}, `dag dager dagar dage døgn dygn day days d dzień dni dnia zi zile день дня дней день дні днів dieną dienas dienų diena día días dia dias tag tage tagen`},
		{span{days: 7}, `uke uker veke veker vecka veckor uge uger week weeks w tydzień tygodnie tygodni săptămână săptămâni неделя неделю недели недель тиждень тижні тижнів savaitę savaites savaičių semana semanas woche wochen`},
		{span{months: 1}, `måned måneder mnd månad månader månadar mån month months mo miesiąc miesiące miesięcy lună luni месяц месяца месяцев місяць місяці місяців mėnesį mėnesius mėnesių mes meses monat monate monaten`},
		{span{months: 12}, `år year years rok lata lat an ani год года лет рік роки років metus metų metai año años jahr jahre jahren`},
	} {
		for _, w := range strings.Fields(row.words) {
			m[w] = row.span
		}
	}
	return m
}()

// offsets are the zones that dates name, in hours from UTC.
var offsets = map[string]int{"utc": 0, "gmt": 0, "z": 0, "cet": 1, "cest": 2, "eet": 2, "eest": 3, "bst": 1, "msk": 3}

// kl are words before a time of day in which the minutes may stand after a point.
var kl = set(`kl klokken klokka klockan klo klock um at o godz в о ora orele las val`)

func words(rows []string, first int) map[string]int {
	m := map[string]int{}
	for i, row := range rows {
		for _, w := range strings.Fields(row) {
			m[w] = first + i
		}
	}
	return m
}

func set(list string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(list) {
		m[w] = true
	}
	return m
}

// layoutMonths are the names of months and days that a layout of Go's knows.
func layoutName(word, layout string) string {
	if n, ok := months[word]; ok {
		name := time.Month(n).String()
		if !strings.Contains(layout, "January") {
			name = name[:3]
		}
		return name
	}
	if n, ok := weekdays[word]; ok {
		name := time.Weekday(n).String()
		if !strings.Contains(layout, "Monday") {
			name = name[:3]
		}
		return name
	}
	return ""
}
