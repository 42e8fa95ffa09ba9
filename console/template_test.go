package console_test

import (
	"fmt"
	"strings"
	"testing"

	"varde/internal/ad"
)

// TestTheTextThatComesAgain: a network's page shows the text that its ads share once, with what changes marked; nothing of it is markup.
func TestTheTextThatComesAgain(t *testing.T) {
	r := fill()
	n := r.networks["n-5f3a9c01b2d4"]
	names := []string{"Mia", "Eva", "Ida", "Mia", "<b>Lea</b>", "Nora", "Tuva"}
	for i, key := range n.Ads {
		a := r.ads[key]
		a.Finding.Sighting.Text = fmt.Sprintf("Hei, jeg heter %s og er i byen denne uken. Ring meg på 412 34 5%02d, jeg svarer ikke på skjult nummer.", names[i], i)
		r.ads[key] = a
		n.Edges = append(n.Edges, ad.Edge{Ad: key, Kind: ad.TextSig, Value: "abcd"})
	}
	r.networks[n.ID] = n
	p := open(t, r, nil).signedIn(t)
	body := p.get("/networks/" + n.ID).body
	for _, want := range []string{"Teksten som går igjen", "Lest av 7 av 7 annonser", "<bdi>Hei, jeg heter</bdi>", "<bdi>og er i byen denne uken</bdi>",
		`<span class="slot"><bdi>Mia</bdi><span class="or" aria-hidden="true"> / </span>`, "jeg svarer ikke på skjult nummer"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(body, "<b>Lea") {
		t.Error("an ad's text is markup")
	}
	if body := p.get("/networks/n-job000000000").body; strings.Contains(body, "Teksten som går igjen") {
		t.Error("a network that shares no text has one")
	}
}
