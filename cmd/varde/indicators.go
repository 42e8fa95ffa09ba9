package main

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"varde/internal/fault"
	"varde/internal/indicator"
)

func newIndicators(a *app) *cobra.Command {
	var markdown bool
	cmd := &cobra.Command{
		Use:   "indicators [CODE...]",
		Short: "Say what counts as a reason to look, with points, innocent reasons and sources",
		Long: `The catalogue of indicators: what counts as a reason to look, with its points, why it may matter, what innocent reasons there are, and
where it comes from. With codes, those alone; --markdown writes the whole as docs/indicators.md.`,
		Example: "  varde indicators N01 J05 --lang en",
		RunE: func(_ *cobra.Command, args []string) error {
			c, err := loadCatalogue()
			if err != nil {
				return err
			}
			if markdown {
				return c.WriteDocument(a.out)
			}
			return listIndicators(a, c, args)
		},
	}
	cmd.Flags().BoolVar(&markdown, "markdown", false, "write the whole catalogue as Markdown")
	return cmd
}

// indicatorLine is an entry of the catalogue as results for programs have it, in one language.
type indicatorLine struct {
	Code        string  `json:"code"`
	Family      string  `json:"family"`
	Points      float64 `json:"points"`
	Strong      bool    `json:"strong,omitempty"`
	Reliability string  `json:"reliability"`
	Title       string  `json:"title"`
	Why         string  `json:"why"`
	Innocent    string  `json:"innocent"`
	Source      string  `json:"source"`
}

func listIndicators(a *app, c *indicator.Catalogue, codes []string) error {
	whole := len(codes) > 0
	if !whole {
		codes = c.Codes()
	}
	lang := cmp.Or(a.lang, indicator.Languages[0])
	entries := []indicatorLine{}
	var lines []string
	for _, code := range codes {
		e, ok := c.Entry(strings.ToUpper(code))
		if !ok {
			return fmt.Errorf("%w: there is no indicator %q; varde indicators lists them", fault.ErrUsage, code)
		}
		entries = append(entries, indicatorLine{e.Code, e.Family, e.Points, e.Strong, e.Reliability, e.Title[lang], e.Why[lang], e.Innocent[lang], e.Source})
		lines = append(lines, fmt.Sprintf("%-4s %4g  %-8s %s", e.Code, e.Points, e.Reliability, e.Title[lang]))
		if whole {
			lines = append(lines, "      "+e.Why[lang], "      "+map[string]string{"nb": "Kan være uskyldig: ", "en": "It may be innocent: "}[lang]+e.Innocent[lang],
				"      "+map[string]string{"nb": "Kilde: ", "en": "Source: "}[lang]+e.Source)
		}
	}
	return a.result(entries, lines...)
}
