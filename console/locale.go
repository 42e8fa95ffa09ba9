package console

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	_ "time/tzdata" // dates are shown in Norwegian time also where the system knows no zones
)

//go:embed locale/*.json
var localeFS embed.FS

// languages that the console speaks, the default first.
var languages = []string{"nb", "en"}

// zoneName is where the people who read the pages are.
const zoneName = "Europe/Oslo"

// message is a text of the catalogue: one form, or one for 1 and one for every other number.
type message struct{ One, Other string }

// UnmarshalJSON reads "text" or {"one": "text", "other": "text"}.
func (m *message) UnmarshalJSON(b []byte) error {
	if err := json.Unmarshal(b, &m.Other); err == nil {
		return nil
	}
	var forms map[string]string
	if err := json.Unmarshal(b, &forms); err != nil {
		return err
	}
	if len(forms) != 2 || forms["one"] == "" || forms["other"] == "" {
		return fmt.Errorf("a message is a text, or has the forms one and other: %s", b)
	}
	m.One, m.Other = forms["one"], forms["other"]
	return nil
}

// locale is one language: its catalogue and how it writes numbers and dates.
type locale struct {
	lang string
	text map[string]message
	zone *time.Location
}

func newLocales() (map[string]*locale, error) {
	zone, err := time.LoadLocation(zoneName)
	if err != nil {
		return nil, fmt.Errorf("load time zone: %w", err)
	}
	all := map[string]*locale{}
	for _, lang := range languages {
		data, err := localeFS.ReadFile("locale/" + lang + ".json")
		if err != nil {
			return nil, fmt.Errorf("read language %s: %w", lang, err)
		}
		l := &locale{lang: lang, text: map[string]message{}, zone: zone}
		if err := json.Unmarshal(data, &l.text); err != nil {
			return nil, fmt.Errorf("read language %s: %w", lang, err)
		}
		all[lang] = l
	}
	return all, nil
}

// say returns the text of key with its {name} places filled from pairs of name and value. Whole numbers are written as
// the language writes them, and the one named "n" chooses between the forms. A key that is not there shows as itself
// in brackets; a test sees to it that there is none.
func (l *locale) say(key string, pairs ...any) string {
	m, ok := l.text[key]
	if !ok {
		return "⟦" + key + "⟧"
	}
	text := m.Other
	var replace []string
	for i := 0; i+1 < len(pairs); i += 2 {
		name, _ := pairs[i].(string)
		value := fmt.Sprint(pairs[i+1])
		if n, ok := pairs[i+1].(int); ok {
			value = l.number(n)
			if name == "n" && n == 1 && m.One != "" {
				text = m.One
			}
		}
		replace = append(replace, "{"+name+"}", value)
	}
	return strings.NewReplacer(replace...).Replace(text)
}

// named returns the text of prefix+value, or value itself, made readable, where the catalogue has none: some words
// come from configuration files and from other parts.
func (l *locale) named(prefix, value string) string {
	if m, ok := l.text[prefix+value]; ok {
		return m.Other
	}
	return strings.ReplaceAll(value, "_", " ")
}
