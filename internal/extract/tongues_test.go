package extract_test

import "testing"

// tongues are sentences as ads in each language have them, with what must be found in them: nothing in most.
var tongues = map[string]map[string]string{
	"nb": {
		"Legg meg til på snap: mia_88, svarer raskt":                      "handle:snapchat:mia_88",
		"Jeg er på Telegram @mia_bergen og Insta (mia.b88)":               "handle:telegram:mia_bergen handle:instagram:mia.b88",
		"Snapchatten min er miab88 😘":                                     "handle:snapchat:miab88",
		"brukernavn på kik: mia_b":                                        "handle:kik:mia_b",
		"Send mail til mia punktum b alfakrøll outlook punktum com":       "email:mia.b@outlook.com",
		"Gi meg et signal, så ringer jeg. Snap opp muligheten!":           "",
		"Ingen telegram eller sms. Bare ring.":                            "",
		"Du finner meg ikke på insta. Jeg svarer på whatsapp hele dagen":  "",
		"Ta kontakt på Telegram eller WhatsApp, 24/7":                     "",
		"Snap: bare bilder. Instagram: kun venner":                        "",
		"Vi møtes ved hotellet kl.20.00 punktum. At du kommer er fint":    "",
		"1 time 1500/2 timer 2500, natt 6000/hele natten":                 "",
		"Søk via finn eller nav. Les mer om stillingen/søknaden her":      "",
		"Kontonummer oppgis ved bestilling. Vipps eller kontant, 1500 kr": "",
		"Kokk/kjøkkenassistent på linje 5, tg i morgen":                   "",
	},
	"en": {
		"Add me on snap, it's mia_88":                                    "",
		"my snapchat is mia_88, my telegram is miab_99":                  "handle:snapchat:mia_88 handle:telegram:miab_99",
		"IG: @mia.b | TG: @mia_b | SC: mia.b":                            "handle:instagram:mia.b handle:telegram:mia_b handle:snapchat:mia.b",
		"message me on whats app +44 7700 900123":                        "",
		"e-mail miab88 AT gmail DOT com":                                 "email:miab88@gmail.com",
		"find my content at onlyfans.com/mia.b":                          "handle:onlyfans:mia.b",
		"This is a signal of trust. Line up for a session at noon.":      "",
		"No telegram please. WhatsApp calls preferred. Text me at once.": "",
		"Follow us on instagram for more. We are at the corner dot":      "",
		"Bring a wire, a kik-start and a session musician, line by line": "",
		"in a snap: dinner, drinks, talk":                                "",
		"Skype: yes. Viber: no. WhatsApp: only after booking":            "",
		"Experience with Signal, Line 6, Discord.js and Session storage": "",
		"salary $20/hr, 40 hrs/week, and/or overtime w/o notice":         "",
		"Apply at the front desk. Node.js/React, ASP.NET/C# or vb.net/x": "",
	},
	"sv": {
		"Min snap är mia_88":                             "handle:snapchat:mia_88",
		"Skriv på Telegram: @mia_b":                      "handle:telegram:mia_b",
		"maila mia snabela hotmail punkt com":            "email:mia@hotmail.com",
		"Swisha inte i förskott. Snabel är kul.":         "",
		"Jag har whatsapp och telegram, ring för signal": "",
		"Punkt slut. Vi ses på linje 5":                  "",
	},
	"pl": {
		"Mój telegram to @mia_b":                                    "handle:telegram:mia_b",
		"Telegram: mia_b, snap: mia.b":                              "handle:telegram:mia_b handle:snapchat:mia.b",
		"napisz na mia małpa o2 kropka pl":                          "email:mia@o2.pl",
		"Nie mam telegrama. Proszę dzwonić lub pisać na whatsappie": "",
		"Punkt pracy na miejscu, kropka. Sesja zdjęciowa":           "",
		"Zapłata BLIK lub gotówka, 300/h":                           "",
	},
	"ro": {
		"Telegramul meu: @mia_b":                        "handle:telegram:mia_b",
		"Scrie pe instagram mia.b88 sau pe snap mia_88": "handle:instagram:mia.b88 handle:snapchat:mia_88",
		"mia arond yahoo punct com":                     "email:mia@yahoo.com",
		"Sunați sau scrieți pe whatsapp oricând":        "",
		"La punct fix, pe linie dreaptă":                "",
	},
	"ru": {
		"Мой телеграм: @mia_b, инста mia.b88":         "handle:telegram:mia_b handle:instagram:mia.b88",
		"пишите в тг @mia_bergen":                     "handle:telegram:mia_bergen",
		"почта mia собака mail точка ru":              "email:mia@mail.ru",
		"У меня есть собака и кот. Точка.":            "",
		"Пишите в ватсап или вайбер, сигнал не нужен": "",
		"Телеграм только для своих":                   "",
	},
	"uk": {
		"Мій телеграм @mia_b":             "handle:telegram:mia_b",
		"інста mia.b88":                   "handle:instagram:mia.b88",
		"пошта mia равлик ukr крапка net": "email:mia@ukr.net",
		"Пишіть у вайбер або телефонуйте": "",
		"Равлик повзе. Крапка.":           "",
	},
	"lt": {
		"Mano telegram: mia_b":                      "handle:telegram:mia_b",
		"rašykite mia eta gmail taškas com":         "email:mia@gmail.com",
		"Rašykite per whatsapp arba viber bet kada": "",
		"Eta yra raidė. Taškas.":                    "",
	},
	"es": {
		"Mi telegram es @mia_b":                                "handle:telegram:mia_b",
		"insta: mia.b88, correo mia arroba gmail punto com":    "handle:instagram:mia.b88 email:mia@gmail.com",
		"Escríbeme por whatsapp. Punto. La línea está abierta": "",
		"Telegram solo para clientes. Punto de encuentro":      "",
		"whatsapp h24 o telegram 24h":                          "",
	},
}

func TestContactsInNineLanguages(t *testing.T) {
	for language, sentences := range tongues {
		for in, want := range sentences {
			if got := contactsIn(t, in); got != want {
				t.Errorf("%s: %q: got %q, want %q", language, in, got, want)
			}
			if got := paymentsIn(t, in); got != "" {
				t.Errorf("%s: %q: payment %q", language, in, got)
			}
		}
	}
}
