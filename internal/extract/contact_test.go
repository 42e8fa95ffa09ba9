package extract_test

import (
	"slices"
	"strings"
	"testing"

	"varde/internal/extract"
	"varde/internal/text"
)

// contactsIn are the identifiers of a text as "kind:value", in order; front pages and messengers' phones are left out.
func contactsIn(t testing.TB, in string) string {
	t.Helper()
	var out []string
	for _, c := range extract.Contacts(text.Read(in), "NO") {
		if c.Start < 0 || c.End > len(in) || c.Start >= c.End {
			t.Fatalf("%q: span %d to %d", in, c.Start, c.End)
		}
		if v := string(c.Kind) + ":" + c.Value; c.Value != "" && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return strings.Join(out, " ")
}

func TestHandles(t *testing.T) {
	for in, want := range map[string]string{
		"tg: mia_b":      "handle:telegram:mia_b",
		"Telegram mia_b": "handle:telegram:mia_b",
		"Telegram: @Mia_Bergen eller t.me/mia_bergen":    "handle:telegram:mia_bergen",
		"my insta is mia.b":                              "handle:instagram:mia.b",
		"my insta is miabergen.":                         "handle:instagram:miabergen",
		"snap 👻 mia.b":                                   "handle:snapchat:mia.b",
		"tele gram: mia_b":                               "handle:telegram:mia_b",
		"t3legram @mia_b":                                "handle:telegram:mia_b",
		"T E L E G R A M @mia_b":                         "handle:telegram:mia_b",
		"te1egram: mia_b":                                "handle:telegram:mia_b",
		"@mia_b on telegram":                             "handle:telegram:mia_b",
		"mia_b på snap":                                  "handle:snapchat:mia_b",
		"@mia_b (telegram)":                              "handle:telegram:mia_b",
		"телеграм: @mia_b":                               "handle:telegram:mia_b",
		"пиши в телегу @mia_bergen":                      "handle:telegram:mia_bergen",
		"ig - mia88":                                     "handle:instagram:mia88",
		"ig - mia":                                       "handle:instagram:mia",
		"Instagram @mia.b og snap: mia_88":               "handle:instagram:mia.b handle:snapchat:mia_88",
		"sn@p: mia_kk":                                   "handle:snapchat:mia_kk",
		"in$ta: mia_kk":                                  "handle:instagram:mia_kk",
		"m i a k k @ g m a i l . c o m":                  "email:miakk@gmail.com",
		"mail: m i a 8 8 @ g m a i l . c o m ring meg":   "email:mia88@gmail.com",
		"a @ b c d":                                      "",
		"telegram: mia [underscore] b":                   "handle:telegram:mia_b",
		"telegram mia understrek b":                      "handle:telegram:mia_b",
		"insta: mia (dot) b":                             "handle:instagram:mia.b",
		"Skype: live:mia_3":                              "handle:skype:live:mia_3",
		"skype:mia.bergen?chat":                          "handle:skype:mia.bergen",
		"viber: mia_88":                                  "handle:viber:mia_88",
		"onlyfans.com/MiaB":                              "handle:onlyfans:miab",
		"OnlyFans: miabergen":                            "handle:onlyfans:miabergen",
		"signal @mia.01":                                 "handle:signal:mia.01",
		"signal: mia.01":                                 "handle:signal:mia.01",
		"kik: mia_b":                                     "handle:kik:mia_b",
		"Line: @mia88":                                   "handle:line:mia88",
		"WeChat mia_88":                                  "handle:wechat:mia_88",
		"discord.com/users/mia_88":                       "handle:discord:mia_88",
		"Napisz na telegramie: mia_b":                    "handle:telegram:mia_b",
		"Scrie-mi pe telegram @mia_b":                    "handle:telegram:mia_b",
		"Rašykite telegrame @mia_b":                      "handle:telegram:mia_b",
		"Escríbeme por telegram: @mia_b":                 "handle:telegram:mia_b",
		"Мій телеграм @mia_b":                            "handle:telegram:mia_b",
		"Skriv på snap: mia_b":                           "handle:snapchat:mia_b",
		"min snap heter mia_b":                           "handle:snapchat:mia_b",
		"https://wa.me/4741234567":                       "phone:+4741234567",
		"api.whatsapp.com/send?phone=4741234567&text=hi": "phone:+4741234567",
		"viber://chat?number=%2B4741234567":              "phone:+4741234567",
		"https://signal.me/#p/+4741234567":               "phone:+4741234567",
		"t.me/+4741234567":                               "phone:+4741234567",
		"tg://resolve?domain=mia_b":                      "handle:telegram:mia_b",
		"snapchat.com/add/mia.b":                         "handle:snapchat:mia.b",
		"instagram.com/mia.b/":                           "handle:instagram:mia.b",
		"https://www.instagram.com/mia.b?igshid=xyz":     "handle:instagram:mia.b",
		"Telegram @mia_b.Ring meg":                       "handle:telegram:mia_b",
		"ｔｅｌｅｇｒａｍ： ｍｉａ＿ｂ":                                "handle:telegram:mia_b",
		"WhatsApp: +47 412 34 567":                       "",
		// must not be taken
		"et signal: husk dette, jeg har tg i dag":                  "",
		"snap decision on a new line of work":                      "",
		"you will be insta-ready":                                  "",
		"Skype interview via our HR":                               "",
		"Følg oss på Instagram! Share on WhatsApp.":                "",
		"Telegram: kontakt oss":                                    "",
		"WhatsApp: only. Instagram: private":                       "",
		"first line: welcome":                                      "",
		"line of work: sales_2 people":                             "",
		"WhatsApp kl.10-22 hver dag":                               "",
		"the session is b4 lunch":                                  "",
		"I like instagram and coffee, snap me":                     "",
		"https://t.me/share/url?url=x instagram.com/explore/tags":  "link:t.me/share/url link:instagram.com/explore/tags",
		"wire transfer, signal processing, line manager @ company": "",
		"instagram.com/p/Cabc123":                                  "link:instagram.com/p/Cabc123",
	} {
		if got := contactsIn(t, in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestMails(t *testing.T) {
	for in, want := range map[string]string{
		"skriv til X.Y@Firma.example.":              "email:x.y@firma.example",
		"x (at) y dot no":                           "email:x@y.no",
		"mia.b krøllalfa gmail punktum com":         "email:mia.b@gmail.com",
		"mia[@]gmail[.]com":                         "email:mia@gmail.com",
		"mia @ gmail . com":                         "email:mia@gmail.com",
		"mia@ gmail.com":                            "email:mia@gmail.com",
		"mia(a)gmail.com":                           "email:mia@gmail.com",
		"mia собака яндекс точка рф":                "email:mia@яндекс.рф",
		"mia собака mail точка ru":                  "email:mia@mail.ru",
		"mia małpa wp kropka pl":                    "email:mia@wp.pl",
		"mia arroba gmail punto com":                "email:mia@gmail.com",
		"mia eta inbox taškas lt":                   "email:mia@inbox.lt",
		"mia snabela hotmail punkt se":              "email:mia@hotmail.se",
		"mia at gmail dot com":                      "email:mia@gmail.com",
		"mail: jobs at acme dot com":                "email:jobs@acme.com",
		"ola punktum hansen krøllalfa x punktum no": "email:ola.hansen@x.no",
		"ｍｉａ＠ｇｍａｉｌ．ｃｏｍ":                             "email:mia@gmail.com",
		"mia\u200b@\u200bgmail.com":                 "email:mia@gmail.com",
		"mailto:x@y.example":                        "email:x@y.example",
		"x@y.no.Ring meg":                           "email:x@y.no",
		"a_b+c@x-y.co.uk, d@e.no":                   "email:a_b+c@x-y.co.uk email:d@e.no",
		// must not be taken
		"meet me at noon dot":                      "",
		"look at site dot com":                     "",
		"find me at acme dot com":                  "",
		"lunch @ noon. no problem":                 "",
		"jeg er @ hjemme . ring":                   "",
		"2 stk @ 50.00":                            "",
		"x@y":                                      "",
		"call us @ acme.com":                       "",
		"#EMAIL_d4d825054e5b85bbe91a408485786af1#": "handle:masked:email_d4d825054e5b85bbe91a408485786af1",
		"#URL_ed9094c60184b8a4975333957f#" + "#URL_75db76d58f7994#": "link:masked.invalid/url_ed9094c60184b8a4975333957f",
		"#PHONE_0123456789abcdef#":                                  "handle:masked:phone_0123456789abcdef",
	} {
		if got := contactsIn(t, in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestLinks(t *testing.T) {
	for in, want := range map[string]string{
		"se https://www.b.example/profil/7?x=1#a.": "link:b.example/profil/7",
		"bit.ly/3AbCdE":         "link:bit.ly/3AbCdE",
		"hxxps://bit.ly/3AbCdE": "link:bit.ly/3AbCdE",
		"https://t.co/aBcD https://cutt.ly/xYz linktr.ee/mia": "link:t.co/aBcD link:cutt.ly/xYz link:linktr.ee/mia",
		"b.example/profil/7":                                  "link:b.example/profil/7",
		"mysite dot com slash mia":                            "link:mysite.com/mia",
		"mysite[.]com/mia":                                    "link:mysite.com/mia",
		"https://chat.whatsapp.com/AbCdEf123":                 "link:chat.whatsapp.com/AbCdEf123",
		"t.me/+AbCdEf123":                                     "link:t.me/+AbCdEf123",
		"t.me/joinchat/AbC":                                   "link:t.me/joinchat/AbC",
		"https://signal.group/#CjQKIAbC":                      "link:signal.group/#CjQKIAbC",
		"BLÅBÆR.example/Mia":                                  "link:blåbær.example/Mia",
		"paypal.me/MiaB":                                      "payment:paypal:miab",
		"https://cash.app/$MiaB":                              "payment:cashapp:miab",
		"https://www.c.example":                               "",
		"https://www.c.example/":                              "",
		"https://www.youtube.com/watch?v=abc":                 "",
		"https://www.facebook.com/profile.php?id=5":           "",
		"og/eller, and/or, 24/7, 1.5/2, kr 500/t, ca.kr/time": "",
		"we are at noon dot no one":                           "",
		"C:/windows.old/x a.b/c":                              "",
		"https://":                                            "",
		"se www.b.example/x❤️❤️":                              "link:b.example/x",
		"http://user@evil.example/x":                          "email:user@evil.example",
		"http://b.example:8080/x y":                           "link:b.example/x",
	} {
		if got := contactsIn(t, in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}
