package sim

// places are Norwegian towns with their weight: roughly their inhabitants in ten thousands.
var places = []struct {
	name   string
	weight int
}{
	{"Oslo", 70}, {"Bergen", 29}, {"Trondheim", 21}, {"Stavanger", 15}, {"Drammen", 10}, {"Fredrikstad", 8}, {"Kristiansand", 11},
	{"Sandnes", 8}, {"Tromsø", 8}, {"Sarpsborg", 6}, {"Skien", 6}, {"Ålesund", 6}, {"Sandefjord", 6}, {"Haugesund", 5}, {"Tønsberg", 6},
	{"Moss", 5}, {"Porsgrunn", 4}, {"Bodø", 5}, {"Arendal", 5}, {"Hamar", 4}, {"Larvik", 5}, {"Halden", 3}, {"Lillehammer", 3},
	{"Molde", 3}, {"Harstad", 3}, {"Kongsberg", 3}, {"Gjøvik", 3}, {"Alta", 2}, {"Narvik", 2}, {"Mo i Rana", 2}, {"Kristiansund", 2},
	{"Steinkjer", 2}, {"Hønefoss", 2}, {"Elverum", 2}, {"Jessheim", 2}, {"Voss", 1}, {"Førde", 1}, {"Hammerfest", 1}, {"Kirkenes", 1},
	{"Vardø", 1},
}
