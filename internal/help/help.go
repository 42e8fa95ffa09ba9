// Package help reads configs/help.yaml: whom to turn to for a person who may be exploited, or a child who may be involved.
//
// It promises that every contact has its words in both languages, a source and the day it was last checked. It decides nothing.
package help

import (
	"fmt"
	"slices"
	"time"

	"varde/internal/config"
)

// Contact is somebody to turn to.
type Contact struct {
	ID string `yaml:"id"`
	// For is what the contact is for: child.
	For  []string          `yaml:"for"`
	Name map[string]string `yaml:"name"`
	What map[string]string `yaml:"what"`
	// Phone and Mail are as people write them; one of them is there.
	Phone  string `yaml:"phone"`
	Mail   string `yaml:"mail"`
	Source string `yaml:"source"`
	// CheckedOn is the day on which somebody made sure that the contact still holds.
	CheckedOn string `yaml:"checked_on"`
}

// Child is what contacts are for where a child may be involved.
const Child = "child"

// stale is after how long a contact must be checked again.
const stale = 365 * 24 * time.Hour

// Stale says whether the contact has not been checked for a year.
func (c *Contact) Stale(now time.Time) bool {
	at, err := time.Parse(time.DateOnly, c.CheckedOn)
	return err != nil || now.Sub(at) > stale
}

// Contacts are those of the file, in its order.
type Contacts struct {
	All []Contact `yaml:"contacts"`
}

// Validate reports each broken rule.
func (c *Contacts) Validate(report func(field, text string)) {
	seen := map[string]bool{}
	for i := range c.All {
		one := &c.All[i]
		at := func(field string) string { return fmt.Sprintf("contacts.%d.%s", i, field) }
		if one.ID == "" || seen[one.ID] {
			report(at("id"), fmt.Sprintf("%q is missing or stands twice", one.ID))
		}
		seen[one.ID] = true
		if len(one.For) == 0 || slices.ContainsFunc(one.For, func(f string) bool { return f != Child }) {
			report(at("for"), "is a list of: child")
		}
		if one.Phone == "" && one.Mail == "" {
			report(at("phone"), "needs a phone or a mail address")
		}
		if one.Source == "" {
			report(at("source"), "required: where the contact is published")
		}
		if _, err := time.Parse(time.DateOnly, one.CheckedOn); err != nil {
			report(at("checked_on"), "required: the day it was last checked, as 2026-11-24")
		}
		for name, texts := range map[string]map[string]string{"name": one.Name, "what": one.What} {
			for _, lang := range []string{"nb", "en"} {
				if texts[lang] == "" {
					report(at(name+"."+lang), "required")
				}
			}
		}
	}
	if len(c.All) == 0 {
		report("contacts", "required: at least one")
	}
}

// Load reads the file strictly; its errors are config.Problems.
func Load(name string, data []byte) (*Contacts, error) {
	c := &Contacts{}
	if err := config.Strict(name, data, c); err != nil {
		return nil, err
	}
	return c, nil
}

// Of returns the contacts for something.
func (c *Contacts) Of(what string) (list []Contact) {
	for _, one := range c.All {
		if slices.Contains(one.For, what) {
			list = append(list, one)
		}
	}
	return list
}
