package ad

import "strings"

// Price returns a price value as a price: the lower end of a range.
func (v *Value) Price() Price {
	currency, per, _ := strings.Cut(v.Unit, "/")
	return Price{Amount: v.Number, Currency: currency, Per: per}
}

// Prices are those that the ad's own fields give, or where there are none those read from its text.
func (f *Finding) Prices() []Price {
	if len(f.Sighting.Prices) > 0 {
		return f.Sighting.Prices
	}
	var prices []Price
	for i := range f.Values {
		if f.Values[i].Kind == PriceValue {
			prices = append(prices, f.Values[i].Price())
		}
	}
	return prices
}

// Age is the age that the ad's own field gives, or else the one that its text states; 0 where there is none, or several.
func (f *Finding) Age() int {
	if f.Sighting.Age > 0 {
		return f.Sighting.Age
	}
	age := 0.0
	for _, v := range f.Values {
		switch {
		case v.Kind != AgeValue:
		case v.To > 0 || age > 0 && v.Number != age:
			return 0
		default:
			age = v.Number
		}
	}
	return int(age)
}

// Place is where the ad is: the place that its own field names, by the list of places where that has it and else as it stands there;
// or without such a field the only place that its title names, or its text. It is empty where there is none, or several.
func (f *Finding) Place() string {
	if f.Sighting.Location != "" {
		if name, _ := f.only(FieldLocation); name != "" {
			return name
		}
		return f.Sighting.Location
	}
	if name, several := f.only(FieldTitle); name != "" || several {
		return name
	}
	name, _ := f.only(FieldText)
	return name
}

// only is the one place that a field names; there may be several.
func (f *Finding) only(field Field) (name string, several bool) {
	for _, v := range f.Values {
		if v.Kind != PlaceValue || v.Evidence.Field != field || v.Name == name {
			continue
		}
		if name != "" {
			return "", true
		}
		name = v.Name
	}
	return name, false
}

// Name is the advertiser's name that the ad's own field gives, or else the only one by which title and text call the person; it is empty
// where there is none, or several.
func (f *Finding) Name() string {
	if f.Sighting.Advertiser != "" {
		return f.Sighting.Advertiser
	}
	name := ""
	for _, v := range f.Values {
		switch {
		case v.Kind != NameValue || strings.EqualFold(v.Name, name):
		case name != "":
			return ""
		default:
			name = v.Name
		}
	}
	return name
}
