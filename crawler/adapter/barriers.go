package adapter

import "varde/internal/frontier"

// sign is what a barrier is recognised by. All of its conditions that are not empty must hold; letters are small.
type sign struct {
	outcome frontier.Outcome
	// title, words, marks: one of each must be found in the page's title or heading; in its text, with what stands in forms and
	// banners; among its attributes and scripts.
	title, words, marks []string
	// buttons: one of them must be on a button.
	buttons []string
	// password asks for a field for one, outside the page's head and foot.
	password bool
	// most is how many letters the page may have beside its head, its foot, its banners and the forms that ask for a password or a
	// CAPTCHA: an ad has more, and then the rest is only what stands around it.
	most int
}

// little is less than any ad has to say, few less than a page that is worth a visit.
const (
	little = 120
	few    = 1500
	some   = 5000
)

// signs are tried in this order. They are of the pages as they were in 2026; none is proof, so that a page is asked only when it gave
// nothing.
var signs = []sign{
	// Blocks and checks of Cloudflare, DDoS-Guard, Akamai, F5, Imperva, Sucuri, AWS and Kasada.
	{outcome: frontier.BotBlock, most: few, title: parts("just a moment|one moment, please|attention required! | cloudflare|please wait... | cloudflare|ddos-guard|checking your browser")},
	{outcome: frontier.BotBlock, most: few, words: parts("checking your browser before accessing|checking if the site connection is secure|enable javascript and cookies to continue"),
		marks: parts("cdn-cgi|cf-|_cf_chl|ddos-guard")},
	{outcome: frontier.BotBlock, most: few, title: parts("access denied|request rejected|request blocked|pardon our interruption|sucuri website firewall|403 forbidden|error 1020"),
		words: parts("reference #|support id|incident id|you don't have permission to access|you do not have permission|security solution|firewall|blocked|made us think you were a bot|ray id")},
	{outcome: frontier.BotBlock, most: few, words: parts("request unsuccessful. incapsula incident id")},
	{outcome: frontier.BotBlock, most: little, marks: parts("_incapsula_resource|/_sec/cp_challenge|token.awswaf.com|gokuprops|kpsdk|sucuri_cloudproxy")},

	{outcome: frontier.Captcha, most: few, title: captchaWords, marks: captchaMarks},
	{outcome: frontier.Captcha, most: few, words: captchaWords, marks: captchaMarks},
	{outcome: frontier.Captcha, most: few, title: checkTitles, words: captchaWords},
	{outcome: frontier.Captcha, most: little, marks: captchaMarks},

	{outcome: frontier.LogIn, most: few, title: logInTitles, password: true},
	{outcome: frontier.LogIn, most: little, password: true},
	{outcome: frontier.LogIn, most: 600, words: mustLogIn},

	{outcome: frontier.Cookies, most: some, title: continueTitles, words: cookieWords},
	{outcome: frontier.Cookies, most: some, title: cookieWords, buttons: acceptWords},
	{outcome: frontier.Cookies, most: 60, words: cookieWords, marks: consentMarks},
	{outcome: frontier.Cookies, most: 400, words: ageWords},

	{outcome: frontier.BotBlock, most: few, words: botWords},
}

var checkTitles = parts("human verification|robot check|security check|sikkerhetskontroll|sikkerhetssjekk|sikkerhedskontrol|säkerhetskontroll|sicherheitsüberprüfung|access to this page has been denied")

var continueTitles = parts("before you continue|før du fortsetter|før du går videre|innan du fortsätter|inden du fortsætter|bevor sie fortfahren|zanim przejdziesz|zanim przejdziemy|прежде чем продолжить|" +
	"înainte de a continua|antes de continuar|prieš tęsiant|перш ніж продовжити")

var ageWords = parts("are you over 18|are you 18|you must be 18|i am over 18|i am 18|er du over 18|du må være 18|du må være over 18|jeg er over 18|eg er over 18|jag är över 18|är du över 18|ich bin über 18|sind sie über 18|" +
	"mam ukończone 18|jestem pełnoletni|мне есть 18|мне исполнилось 18|мені є 18|мені виповнилося 18|am peste 18|man yra 18|man jau yra 18|soy mayor de 18|soy mayor de edad")

var captchaWords = parts("captcha|not a robot|you are human|you're human|you are a human|press & hold|type the characters|enter the characters|enter the code|ikke en robot|ikkje ein robot|er et menneske|er eit menneske|skriv inn tegnene|" +
	"indtast tegnene|inte en robot|är en människa|skriv tecknen|kein roboter|ein mensch sind|geben sie die zeichen|nie jesteś robotem|nie jestem robotem|jesteś człowiekiem|przepisz znaki|wpisz znaki|не робот|введите символы|введите код|введіть символи|" +
	"nu sunt robot|nu ești robot|no soy un robot|no eres un robot|nesate robotas|nesu robotas")

var captchaMarks = parts("g-recaptcha|recaptcha/api|recaptcha/enterprise|grecaptcha|h-captcha|hcaptcha.com|cf-turnstile|challenges.cloudflare.com/turnstile|captcha-delivery.com|px-captcha|human-challenge|frc-captcha|friendlycaptcha|friendly-challenge|" +
	"smartcaptcha|geetest|arkoselabs|funcaptcha|mtcaptcha|awswafcaptcha|awswaf.com/captcha|captcha.")

var logInTitles = parts("log in|login|log on|sign in|logg inn|logg på|innlogging|logga in|inloggning|log ind|anmelden|einloggen|zaloguj|logowanie|войти|вход|авторизация|увійти|вхід|autentificare|conectare|prisijungti|prisijungimas|iniciar sesión|acceder")

var mustLogIn = parts("you must log in|you must be logged in|you need to log in|you need to sign in|please log in to|please sign in to|log in to view|log in to see|sign in to view|sign in to see|" +
	"logg inn for å|du må logge inn|du må være logget inn|du må være innlogget|du må vere innlogga|du må logge deg|logga in för att|du måste logga in|du måste vara inloggad|log ind for at|du skal logge ind|du skal være logget ind|" +
	"zaloguj się, aby|zaloguj się aby|musisz się zalogować|musisz być zalogowany|войдите, чтобы|необходимо войти|необходимо авторизоваться|авторизуйтесь|увійдіть, щоб|необхідно увійти|bitte melden sie sich an|sie müssen sich anmelden|sie müssen eingeloggt sein|" +
	"inicia sesión para|debes iniciar sesión|autentifică-te pentru|trebuie să te autentifici|prisijunkite, kad|turite prisijungti")

var cookieWords = parts("cookie|informasjonskapsl|informasjonskapsel|samtykke|kakor|consent|einwilligung|zgod|согласи|згод|ciasteczk|slapuk|consimțăm|consentimiento")

var acceptWords = parts("accept|agree|godta|aksepter|tillat|samtykk|godkänn|acceptera|accepter|tillad|akzeptieren|zustimmen|akceptuj|zgadzam|принять|согласен|прийняти|погоджуюсь|aceptar|sutinku|acceptă|sunt de acord")

var consentMarks = parts("onetrust|cookiebot|cybotcookie|didomi|usercentrics|sp_message|sourcepoint|qc-cmp|quantcast|cmpbox|consentmanager|trustarc|truste|cookieconsent|cookie-consent|cookie_consent|cookie-wall|cookiewall|klaro|iubenda|fundingchoices|consent")

var botWords = parts("unusual traffic|unusual activity|automated requests|automated access|automated queries|you have been blocked|your ip has been blocked|your ip address has been blocked|your access has been blocked|access from your|too many requests|made us think you were a bot|" +
	"uvanlig trafikk|uvanlig aktivitet|automatiserte forespørsler|du er blokkert|du har blitt blokkert|tilgangen din er blokkert|tilgangen er sperret|ip-adressen din er blokkert|ovanlig trafik|ovanlig aktivitet|du har blockerats|du har blivit blockerad|din ip-adress har blockerats|" +
	"usædvanlig trafik|usædvanlig aktivitet|du er blevet blokeret|din ip-adresse er blevet blokeret|ungewöhnlichen datenverkehr|ungewöhnlicher datenverkehr|ungewöhnliche aktivität|automatisierte anfragen|ihr zugriff wurde blockiert|ihr zugang wurde gesperrt|ihre ip-adresse wurde|" +
	"nietypowy ruch|nietypową aktywność|zostałeś zablokowany|twój dostęp został zablokowany|twój adres ip został|необычный трафик|подозрительный трафик|подозрительная активность|вы заблокированы|ваш ip|доступ заблокирован|доступ ограничен|незвичний трафік|вас заблоковано|" +
	"trafic neobișnuit|ai fost blocat|tráfico inusual|has sido bloqueado|neįprastas srautas|esate užblokuotas")

// asides are beginnings and parts of classes and ids of what stands around a page's own words.
var asides = parts("cookie|consent|onetrust|didomi|usercentrics|sp_message|qc-cmp|cmpbox|gdpr|banner|navbar|topbar|breadcrumb|footer|site-header|modal|popup|newsletter")
