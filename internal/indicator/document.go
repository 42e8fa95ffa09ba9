package indicator

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// familyNames say what a family is about, in the order of the document.
var familyNames = []struct{ family, title, about string }{
	{"N", "Connection between ads", "What several ads share, after hubs are discounted. These carry the score."},
	{"S", "Sexual services", "What one ad for sexual services or massage says, or what several ads of one persona say differently."},
	{"J", "Jobs", "What a job ad says: also au pair, model, hostess, dance and housing."},
	{spamFamily, "Spam and scam", "A class of its own. These codes never count towards the score; where wording and spread come together, the ad or network is set apart."},
	{childFamily, "A child may be involved", "Never points. Each raises a flag at once, which waits on a list of its own until a named person has answered."},
}

// WriteDocument writes the catalogue as Markdown, in English with the bokmål titles: docs/indicators.md is made so.
func (c *Catalogue) WriteDocument(w io.Writer) error {
	var b strings.Builder
	b.WriteString("# The catalogue of indicators\n\n" +
		"Made from `configs/indicators.yaml` by `varde indicators --markdown`; a test keeps it so. Do not edit it here.\n\n" +
		"An indicator is a reason to look, never a verdict. Each names what was seen, why it may matter, what innocent reasons there are, and where it comes\n" +
		"from. Points are tenths of a nat of log-odds; a score is their sum after the caps, as a share of 100, and no probability.\n\n")
	fmt.Fprintf(&b, "- **Caps**: the codes of one family count together at most %s points.\n", c.capsText())
	fmt.Fprintf(&b, "- **Co-occurrence**: nothing rises above *low* without %d codes of %d families, or one strong network code and one other (for an ad: of another\n  family). "+
		"Of 17,362 ordinary ads 81 %% show at least one of ten indicators, and 1.7 %% three or more (Giommoni & Ikwu 2021, 10.1007/s12117-021-09431-0).\n", c.file.Codes, c.file.Families)
	fmt.Fprintf(&b, "- **Bands**: *elevated* from %g, *high* from %g.\n", c.file.Bands.Elevated, c.file.Bands.High)
	b.WriteString("- **Reliability**: *tested* held in a study with known outcomes; *expert* stands in lists made by practitioners; *own* is this project's reasoning,\n" +
		"  also where research shows how to find it but no such list names it. *General knowledge* under a source: named from what is generally known of it, not read for this.\n\n" +
		"Nationality, ethnicity, language, gender, religion, disability, a foreign prefix, a stated age of 18 to 23, touring by one persona, blurred faces, tattoos,\n" +
		"client screening and emojis count exactly nothing; a test keeps it so.\n")
	for _, f := range familyNames {
		c.documentFamily(&b, f.family, f.title, f.about)
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("write the catalogue: %w", err)
	}
	return nil
}

func (c *Catalogue) capsText() string {
	var parts []string
	for _, f := range families {
		parts = append(parts, fmt.Sprintf("%s %g", f, c.file.Caps[f]))
	}
	return strings.Join(parts, ", ")
}

func (c *Catalogue) documentFamily(b *strings.Builder, family, title, about string) {
	entries := slices.DeleteFunc(slices.Clone(c.file.Entries), func(e Entry) bool { return e.Family != family })
	if len(entries) == 0 {
		return
	}
	fmt.Fprintf(b, "\n## %s: %s\n\n%s\n\n| code | what | points | reliability |\n| --- | --- | --- | --- |\n", family, title, about)
	for _, e := range entries {
		points := fmt.Sprintf("%g", e.Points)
		switch {
		case e.Points == 0:
			points = "–"
		case e.Strong:
			points += ", strong"
		}
		fmt.Fprintf(b, "| [%s](#%s) | %s | %s | %s |\n", e.Code, strings.ToLower(e.Code), cell(e.Title["en"]), points, e.Reliability)
	}
	for _, e := range entries {
		fmt.Fprintf(b, "\n### %s\n\n**%s** (*%s*)\n\n%s\n\n*It may be innocent:* %s\n\n*Source:* %s\n", e.Code, e.Title["en"], e.Title["nb"], e.Why["en"], e.Innocent["en"], e.Source)
	}
}

// cell keeps a text within a cell of a table.
func cell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }
