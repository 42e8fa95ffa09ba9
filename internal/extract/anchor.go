package extract

import (
	"strings"

	"varde/internal/text"
)

// word is what a word means for contacts: the name of a service, or a sign spelled out.
type word struct {
	service string
	// how says how surely the word means the service.
	how sureness
	// sign is the character that the word spells: one of @ . _ - /
	sign byte
	// plain says that the word spelling the sign is also an ordinary one.
	plain bool
}

// sureness is how much beside a service's word is needed to read a name.
type sureness uint8

const (
	// full names mean the service wherever they stand.
	full sureness = iota + 1
	// short forms (tg, ig, sc) mean it where something that looks like a name follows.
	short
	// ordinary words (signal, line, wire) mean it only before a name that is marked as one.
	ordinary
)

// anchorWords are the words people write in the languages of configs/lexicons, in proper spelling.
var anchorWords = makeAnchors()

func makeAnchors() map[string]word {
	m := map[string]word{}
	for _, s := range []struct {
		service string
		how     sureness
		words   string
	}{
		{"telegram", full, "telegram telegramm telegramen telegramie telegramu telegrama telegrame telegramas telegramą telegramul telegramo tlgrm телеграм телеграмм телеграме телеграму телеграма телега телеге телегу телеграмі"},
		{"telegram", short, "tg tgram тг"},
		{"whatsapp", full, "whatsapp whatsap watsap watsapp whatsappen whatsappie whatsappu whatsappa whatsappul whatsapą вацапі ватсапі wapp wasap ватсап вотсап вацап ватцап вотсапп ватсапп вайтсап"},
		{"whatsapp", short, "wa wsp whats"},
		{"signal", ordinary, "signal signalen сигнал"},
		{"snapchat", full, "snapchat snapchatten snapchaten snapchatul снапчат снапчате"},
		{"snapchat", short, "snap snappen snapen sc снап"},
		{"instagram", full, "instagram instagrammen instagramie instagrame instagramas instagramul інстаграм інстаграмі инстаграм инстаграмм инстаграме"},
		{"instagram", short, "insta instaen ig інста інсту інсті инста инсте инсту"},
		{"viber", full, "viber viberis viberu viberze vaiber вайбер вайбері вибер вайбере"},
		{"skype", full, "skype skypen skajp скайп скайпе"},
		{"onlyfans", full, "onlyfans онлифанс онлифанзе"},
		{"kik", short, "kik"},
		{"line", ordinary, "line"},
		{"wire", ordinary, "wire"},
		{"session", ordinary, "session"},
		{"discord", short, "discord дискорд"},
		{"wechat", full, "wechat weixin вичат"},
	} {
		for _, w := range folded(s.words) {
			m[w] = word{service: s.service, how: s.how}
		}
	}
	for _, s := range []struct {
		sign  byte
		plain bool
		words string
	}{
		{'@', false, "krøllalfa krøllalpha alfakrøll krollalfa snabela snabel małpa malpa małpka собака собачка собаку равлик arroba arond kruthund"},
		{'@', true, "at eta æt"},
		{'.', false, "punktum punktom kropka точка крапка taškas"},
		{'.', true, "dot punkt prikk punto punct"},
		{'_', false, "underscore understrek understreck подчеркивание підкреслення podkreślnik podkreślenie pabraukimas"},
		{'-', true, "dash hyphen bindestrek bindestreck дефис myślnik guion cratimă brūkšnelis"},
		{'/', true, "slash skråstrek skråstrekk snedstreck слеш слэш ukośnik"},
	} {
		for _, w := range folded(s.words) {
			m[w] = word{sign: s.sign, plain: s.plain}
		}
	}
	return m
}

// halves are the beginnings of services' names that people write in two words, with what follows.
var halves = map[string]map[string]string{
	"tele": {"gram": "telegram"}, "whats": {"app": "whatsapp", "up": "whatsapp"}, "what": {"sapp": "whatsapp"}, "snap": {"chat": "snapchat"},
	"insta": {"gram": "instagram"}, "only": {"fans": "onlyfans"}, "we": {"chat": "wechat"}, "теле": {"грам": "telegram"},
}

// shapes are the full Latin names of services as they look when l and i are one and leet is undone.
var shapes = func() map[string]string {
	m := map[string]string{}
	for _, s := range []string{"telegram", "whatsapp", "signal", "snapchat", "instagram", "viber", "skype", "onlyfans", "wechat"} {
		m[strings.ReplaceAll(s, "l", "i")] = s
	}
	return m
}()

// The shortest and longest words of the tables, in bytes.
const (
	shortestAnchor = 2
	longestAnchor  = 28
)

// readAnchors finds the words that announce something.
func (c *contacts) readAnchors() {
	for i := 0; i < len(c.d.Tokens); i++ {
		t := c.d.Tokens[i]
		n := int(t.End - t.Start)
		if t.Kind == text.Digits {
			if n == 1 && i+1 < len(c.d.Tokens) && c.d.Tokens[i+1].Start == t.End { // 1nstagram
				if a, ok := c.spaced(i); ok {
					c.anchors = append(c.anchors, a)
					i = a.last
				}
			}
			continue
		}
		switch {
		case n == 1 || i+1 < len(c.d.Tokens) && c.d.Tokens[i+1].Start-t.End <= 1 && c.d.Tokens[i+1].Kind == text.Digits:
			if a, ok := c.spaced(i); ok {
				c.anchors = append(c.anchors, a)
				i = a.last
				continue
			}
		case n > longestAnchor:
			continue
		}
		if a, ok := c.signed(i); ok {
			c.anchors = append(c.anchors, a)
			i = a.last
			continue
		}
		w, ok := anchorWords[c.s[t.Start:t.End]]
		a := anchor{word: w, first: i, last: i, start: int(t.Start), end: int(t.End)}
		if next := halves[c.s[t.Start:t.End]]; next != nil && i+1 < len(c.d.Tokens) {
			if service := next[c.d.Word(i+1)]; service != "" && c.d.Tokens[i+1].Start-t.End == 1 && c.s[t.End] != '\n' {
				a = anchor{word: word{service: service, how: full}, first: i, last: i + 1, start: a.start, end: int(c.d.Tokens[i+1].End)}
				ok = true
			}
		}
		if ok {
			c.anchors = append(c.anchors, a)
			i = a.last
		}
	}
}

// signed reads a service's name with a sign for a letter: sn@p, in$ta.
func (c *contacts) signed(i int) (a anchor, ok bool) {
	t := c.d.Tokens[i]
	if i+1 >= len(c.d.Tokens) || c.d.Tokens[i+1].Start-t.End != 1 || strings.IndexByte("@$!", c.s[t.End]) < 0 || c.d.Tokens[i+1].End-t.Start > longestAnchor {
		return a, false
	}
	end := c.d.Tokens[i+1].End
	w := anchorWords[c.d.Words.Text[t.Start:end]]
	return anchor{word: w, first: i, last: i + 1, start: int(t.Start), end: int(end)}, w.service != ""
}

// longestSpaced is how many bytes of a disguised name of a service are looked at: the longest has nine letters and as many spaces.
const longestSpaced = 24

// spaced reads a service's full name written with spaces or signs between its letters or with digits for some, beginning at a token.
func (c *contacts) spaced(i int) (a anchor, ok bool) {
	start := int(c.d.Tokens[i].Start)
	if wordBefore(c.s, start) {
		return a, false
	}
	var name [longestSpaced]byte
	n, gaps := 0, 0
	for at := start; at < len(c.s) && at-start < longestSpaced; at++ {
		b := c.s[at]
		switch {
		case isSmall(b):
		case b == '0':
			b = 'o'
		case b == '1', b == '!', b == '|':
			b = 'i'
		case b == '3':
			b = 'e'
		case b == '4', b == '@':
			b = 'a'
		case b == '5', b == '$':
			b = 's'
		case b == ' ', b == '.', b == '-', b == '*', b == '_':
			gaps++
			if gaps > n { // spaces between words, not letters
				return a, false
			}
			continue
		default:
			return a, false
		}
		if b == 'l' {
			b = 'i'
		}
		name[n] = b
		n++
		if service := shapes[string(name[:n])]; service != "" && !wordAfter(c.s, at+1) {
			last := i
			for last+1 < len(c.d.Tokens) && int(c.d.Tokens[last+1].Start) <= at {
				last++
			}
			return anchor{word: word{service: service, how: full}, first: i, last: last, start: start, end: at + 1}, last > i
		}
	}
	return a, false
}
