package extract

// The words of the values, of all languages in one list: Norwegian (both), English, Swedish, Danish, Polish, Romanian, Russian,
// Ukrainian, Lithuanian, Spanish, German. They are folded before they are used, so that spellings without diacritics are found too.

var timeWords = []struct {
	unit  unit
	is    class
	words string
}{
	{minute, timeNoun | needsCount, "min"},
	{minute, timeNoun, "mins minute minutes minutt minutter minuttar minuter minuten minut minuty minuta minutu minutos minuto minuti мин минут минуты минута хв хвилин хвилини минуты minučių minutės minutė minuta"},
	{quarter, timeNoun | needsCount, "kvarter kvart"},
	{halfHour, timeNoun, "halvtime halvtimen halvtime halvtimme halvtimmen halvtimma półgodziny półgodzinki полчаса півгодини pusvalandis pusvalandį pusvalandi"},
	{hour, timeNoun | needsCount, "time t h timer timar std st"},
	{hour, timeNoun, "timen timmen timme timma timmar tim hour hours hr hrs godzina godzinę godziny godzin godz oră ora ore orei час часа часов годину година години годин valanda valandą valandos valandų val hora horas stunde stunden"},
	{night, timeNoun, "natt natta natten night overnight nacht noc nocy noapte noaptea ночь ночи ночі ніч naktis naktį nakčiai noche nat hel-natt"},
	{day, timeNoun | needsCount, "day days tag tage tagen dag dagen dager dagar dage dzień dnia dni zi ziua zile día días дней дня diena dienų dienos d"},
	{day, timeNoun, "døgn døgnet dygn dygnet doba dobę dobe день дні днів dieną"},
	{week, timeNoun | needsCount, "wk veke veka uge"},
	{week, timeNoun, "week weeks woche wochen uke uken uker uka vecka veckan veckor ugen uger tydzień tygodniu tygodni tydz săptămână săptămâna săptămâni săptămîna неделя неделю недели недель тиждень тижні тижня тижнів savaitė savaitę savaitei savaitės savaičių semana semanas"},
	{month, timeNoun | needsCount, "mo mån md luna lună luni mes mths"},
	{month, timeNoun, "month months mth mnd måned måneden måneder månader månad månaden månaden mies miesiąc miesiąca miesiące miesięcy месяц месяца месяцев мес місяць місяця міс mėnuo mėnesį mėnesio mėnesiui mėn meses monat monate monats"},
	{year, timeNoun | needsCount, "jahr year years yr yrs år året rok roku an anul год рік року metai metus año ano annum"},
	{piece, timeNoun | needsCount, "stk stykk stykke styck piece szt sztuka sztukę buc bucată шт штуку vnt unidad kurv kasse kilo kg box"},

	{hour, timeAdverb, "hourly stündlich stundenlohn timelønn timelønna timeløn timlön timesats timepris timepenge timebetaling godzinowa godzinowo godzinowy почасовая почасово погодинна погодинно valandinis orar"},
	{day, timeAdverb, "daily täglich tageslohn dagslønn dagsløn dagslön dziennie dniówka ежедневно щодня diario diarios diarias zilnic kasdien"},
	{week, timeAdverb, "weekly wöchentlich wochenlohn ukentlig ukelønn ukelønna vekelønn veckolön veckovis ugentligt tygodniowo tygodniówka еженедельно щотижня semanal semanales saptamanal săptămânal"},
	{month, timeAdverb, "monthly monatlich monatslohn månedlig månedslønn månadslønn månadslön månedsløn månadslönen miesięcznie miesięczne miesięczny ежемесячно щомісяця mensual mensuales mensualmente lunar mėnesinis pcm"},
	{year, timeAdverb, "yearly jährlich annually annual årlig årslønn årsløn årslön årligen årligt rocznie anual anuales anualmente metinis"},
}

var moneyWords = []struct {
	money money
	is    class
	words string
}{
	{crown, currency, "kr"},
	{crown, currency | afterOnly, "kroner kronor koron крон крони крону крона крони kronų coroane coronas spenn lapper"},
	{nok, currency, "nok"}, {sek, currency, "sek"}, {dkk, currency, "dkk"}, {eur, currency, "eur euro"}, {usd, currency, "usd"}, {gbp, currency, "gbp"},
	{pln, currency, "pln"}, {uah, currency, "uah"}, {rub, currency, "rub"},
	{eur, currency | afterOnly, "euros eurų eura eiro евро євро"},
	{usd, currency | afterOnly, "dollar dollars bucks долларов доллара доларів dolarów dolari dólares dolerių"},
	{pln, currency | afterOnly, "zł zl złotych złoty złote zlotych злотых злотих злотых"},
	{ron, currency | afterOnly, "lei ron леев"},
	{uah, currency | afterOnly, "грн гривень гривны гривні"},
	{rub, currency | afterOnly, "руб рублей рубля рублів"},
}

var otherWords = []struct {
	is    class
	words string
}{
	{per, "per pr i je an a each every hver om for pro za na w la pe por al en за в во на у p każdą każdy cada fiecare už kas кожен каждый кожну"},
	{upTo, "to til till do до iki hasta a til până pana la bis"},
	{between, "between mellom mellan mellem między entre între между між tarp"},
	{and, "and og och i y și si и та і ir"},
	{half, "half halv halve halvt pół media medio jumătate пол пів pusė"},
	{thousand, "k tusen thousand tys tyś тыс тис tūkst mii tusind"},
	{million, "million millioner millionar millions miljoner mill mln mrd milliard milliarder milliarder billion billions bn mio млн миллионов milioane millones miljard miljarder mn milijonų milionów tusenvis"},
	{payWord, "pay salary wage wages rate rates payment lønn løn lön lønna grunnlønn stawka płaca wynagrodzenie pensja зарплата оплата ставка salariu plata sueldo salario pago tarifa alga atlyginimas sats betaling timelønn is of er är på fra from up upp opp opptil upptill until about approx ca cirka circa around over od nuo от від до de desde hasta på minimum minst min max inntil base starting starts start at kontant cash brutto netto neto net gross bruto"},

	{yearsOld, "gammel gammal old gamle åring åringer åringen årig årige y yo gammelt gamla jährig"},
	{yearsWord, "år jahre years year yrs yr lat лет год года годов років роки рік рокiв años anos ani metų metai metus ārs år ans åring åringer"},
	{stateAge, "am im er är mam мне мені tengo am man jestem is bin ist ей ему їй йому"},
	{ageLabel, "age aged alder ålder wiek возраст вік vârsta varsta edad amžius лет"},
	{born, "født fødd född born urodzona urodzony рождения народження народилась nascuta născută născut nacida nacido gimusi gimęs ур fødselsår fødeår"},
	{notAge, "experience experienced erfaring erfarne røynsle erfarenhet doświadczenia doświadczenie doświadczeniem stażu опыта опыт опытом стажа стаж досвіду досвід experiență experienta experiencia patirtis patirties patirtį " +
		"bransjen trade yrket faget geschäft branche beruf dabei industry business garanti garantii guarantee warranty гарантии siden sedan ago since tilbake temu назад тому acum hace prieš experiences marriage gift sammen utdanning education utdannelse " +
		"kunder menn men gutter klienter clients gentlemen herrer brukere beboere " +
		"kontrakt contract umowa договор ansatt leie leieperiode lease engasjement vikariat drift drifts historie salong salongen salon studio studioet massasjesalong bedrift firma company firmaet selskap " +
		"neste siste last next past første first following de seneste poslednie последние última últimos ostatnie pierwszy"},
	{another, "datteren dattera datters dottern sønnens sønns dottera córce córką synowi synu dziecku ребенку ребёнку сыну сыном сыне дочери дочерью дочке дочкой дитині дитиною синові сину сином доньці доньки донькою дочка дочці дочки fiicei fiica fiului fiul copilului dukrai dukros dukra dukterį duktė dukters sūnui sūnaus vaikui vaiko sohnes kindes barnet barnets børnene " +
		"barn kids kid child children son daughter datter dattera sønn sønnen dotter son sonen søn dziecko dziecka syna syn syna synem córka córkę córki ребенок ребёнок ребенка ребёнка сын сына дочь дочку дитина дитину сина син доньку copil copilul fiu fiul fiică fiica hijo hija vaikas vaiką sūnus sūnų dukra dukrą sohn tochter kind " +
		"dog dogs cat cats puppy horse pet hund hunden katt katten katta hest hesten hundar hunde katte kat pies psa kot kota kotka собака собаку кот кота кошка кошку пес пса câine câinele pisică pisica perro perra gato gata šuo šunį katė katę katze pferd " +
		"whisky whiskey wine vin vinen rum cognac brandy konjakk wino вино вина виски віскі vino " +
		"car cars bil bilen bilar biler auto samochód samochodu машина машину машине mașina mașină coche automobilis boat båt båten bike sykkel motorcycle motorsykkel house home hus huset building bygg bygget bygning bygningen leilighet leiligheten leilegheita lejlighed lägenhet lägenheten apartment flat dom domu mieszkanie дом будинок квартира casă casa edificio namas " +
		"sofa bed seng sengen furniture table bord bordet phone telefon mobil computer pc laptop machine maskin maskinen website nettside nettsiden club klubb klubben hotel hotell hotellet"},
	{limit, "over minst minimum least min fylt fylte above under below younger older eldre yngre maks max maximum plus opp upp up oppover uppåt powyżej powyzej od ukończone min старше от с від peste minim más mayor mayores menores desde nuo virš mind mindst fyldte " +
		"aldersgrense age-limit must kun bare only endast tylko только тільки solo numai tik alle everyone anyone mellom between mellan między między между fra from til till do для za "},
	{measure, "uhr mil cm mm m km kg g gb mb m2 kvm kvadrat meter metres meters ft feet in inch inches lb lbs pounds kilo см кг м км grader degrees prosent percent procent x stykker personer people person persons roms rom rooms rok"},

	{personNoun, "girls girl ladies women jenter jentene damer damene kvinner kvinnene venninner venninnene gutter guttene menn guys boys men friends escorts models masseuses masseurs venner " +
		"tjejer tjejerna kvinnor väninnor killar vänner piger kvinder veninder fyre mænd venner dziewczyny dziewczyn dziewczynki kobiety kobiet koleżanki koleżanek przyjaciółki przyjaciółek chłopaki chłopaków panie panów mężczyzn " +
		"девушки девушек девочки девочек подруги подруг женщины женщин подружки парня парней дівчини дівчат дівчина подруги подружки жінки жінок хлопці хлопців fete femei prietene băieți bărbați " +
		"chicas mujeres amigas chicos hombres amigos merginos merginų panelės panelių draugės draugių moterys moterų vaikinai vyrai modeller massører massøser sisters søstre søstrer systrar siostry сестры hermanas surori seserys partners providers masasjejenter"},
	{countOther, "for til till to with med for för dla для para pentru pour su klientams z ze z с за kun only zu by of av dere two-person"},
	{plural, "vi we jesteśmy jestesmy somos suntem мы нас ми esame mes oss me us"},

	{placeWord, "i in på til til fra ved nær nord sør utenfor sentrum sentralt at near from around w we z ze na do koło pod v в во из у около біля під din în la lângă en desde cerca i från till vid nära hos nær iš prie city byen sted place location lokasjon miasto city город місто oraș ciudad mieste"},
	{clockWord, "kl kl. klokken klokka klokkan open åpent åpen ope åpner åpningstider opening hours available tilgjengelig ledig öppet tillgänglig åben godziny godzinach czynne otwarte часы работаю работаем принимаю з приймаю program orar orario horario disponible dirbu dirbame laikas h daily mandag fredag lørdag søndag monday friday sunday"},
	{from, "from fra frå från od от с з від de desde nuo between mellom mellan kl"},
	{halfDay, "am pm"},
	{always, "nonstop non-stop круглосуточно цілодобово całodobowo calodobowo visą-parą døgnåpent døgnåpen dygnetrunt visaparą"},
}

// numerals are, for each language, the numbers from 1 to 19, with other forms of one behind "|", and the tens from 20 to 60.
var numerals = []struct{ small, tens string }{
	{"en|ein|én|ett|et|éin|ei to|tvo tre fire fem seks sju|syv åtte ni ti elleve tolv tretten fjorten femten seksten sytten atten nitten", "tjue|tyve tretti|tredve førti femti seksti"},
	{"one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen", "twenty thirty forty fifty sixty"},
	{"en|ett två|tva tre fyra fem sex_ sju åtta nio tio elva tolv tretton fjorton femton sexton sjutton arton nitton", "tjugo trettio fyrtio femtio sextio"},
	{"jeden|jedna|jedną|jedno dwa|dwie|dwóch|dwaj trzy|trzech cztery|czterech pięć sześć siedem osiem dziewięć dziesięć jedenaście dwanaście trzynaście czternaście piętnaście szesnaście siedemnaście osiemnaście dziewiętnaście", "dwadzieścia trzydzieści czterdzieści pięćdziesiąt sześćdziesiąt"},
	{"un|una|unu|o doi|două trei patru cinci șase șapte opt nouă zece unsprezece doisprezece treisprezece paisprezece cincisprezece șaisprezece șaptesprezece optsprezece nouăsprezece", "douăzeci treizeci patruzeci cincizeci șaizeci"},
	{"один|одна|одну два|две|двое три|трое четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать", "двадцать тридцать сорок пятьдесят шестьдесят"},
	{"один|одна|одну два|дві|двоє три|троє чотири п'ять шість сім вісім дев'ять десять одинадцять дванадцять тринадцять чотирнадцять п'ятнадцять шістнадцять сімнадцять вісімнадцять дев'ятнадцять", "двадцять тридцять сорок п'ятдесят шістдесят"},
	{"vienas|viena|vieną du_|dvi|dvejos trys keturi|keturios penki šeši septyni aštuoni devyni dešimt vienuolika dvylika trylika keturiolika penkiolika šešiolika septyniolika aštuoniolika devyniolika", "dvidešimt trisdešimt keturiasdešimt penkiasdešimt šešiasdešimt"},
	{"un|una|uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve", "veinte treinta cuarenta cincuenta sesenta"},
	{"en|et to tre fire fem seks syv otte ni ti elleve tolv tretten fjorten femten seksten sytten atten nitten", "tyve tredive fyrre halvtreds tres_"},
}
