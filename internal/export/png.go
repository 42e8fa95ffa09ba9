package export

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/draw"
	"image/png"
	"io"
	"strings"
)

const (
	// pixels are those of a unit of the svg, along each side.
	pixels = 2
	// pageWide is how wide the picture is in a document, in metres: as the text of a page; the usual one then has 300 pixels to an inch.
	pageWide = 0.2032
	// beforeChunks is how long the beginning of a PNG is, its signature and its first chunk, after which others may stand.
	beforeChunks = 33
)

// picturePNG is what svg draws, drawn in pixels for programs that take no svg. The statement is on it, and in it as text.
func picturePNG(w io.Writer, c *Content, to Reader) error {
	var drawing, packed bytes.Buffer
	if err := svg(&drawing, c, to); err != nil {
		return err
	}
	img, err := rasterise(&drawing)
	if err != nil {
		return fmt.Errorf("draw the picture: %w", err)
	}
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&packed, img); err != nil {
		return err
	}
	perMetre := uint32(float64(img.Bounds().Dx()) / pageWide)
	size := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, perMetre), perMetre)
	for _, part := range [][]byte{packed.Next(beforeChunks), chunk("pHYs", append(size, 1)), chunk("iTXt", []byte("Description\x00\x00\x00en\x00\x00"+c.Statement.text())), packed.Bytes()} {
		if _, err := w.Write(part); err != nil {
			return err
		}
	}
	return nil
}

// chunk is one chunk of a PNG.
func chunk(kind string, data []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	b = append(append(b, kind...), data...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// rasterise draws what svg writes, and no more of SVG than that: an element that it does not know is an error, so that nothing is left out unnoticed.
func rasterise(r io.Reader) (image.Image, error) {
	d, ras := xml.NewDecoder(r), &raster{styles: []style{{fill: "#000000", stroke: "none", width: 1, size: 13}}}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			ras.drawLines()
			return ras.img, ras.err
		}
		if err != nil {
			return nil, err
		}
		switch e := token.(type) {
		case xml.StartElement:
			err = ras.start(d, e)
		case xml.EndElement:
			ras.end()
		}
		if err = cmp.Or(err, ras.err); err != nil {
			return nil, err
		}
	}
}

// start draws an element, or begins one that holds others.
func (r *raster) start(d *xml.Decoder, e xml.StartElement) error {
	at, s := attributesOf(e), r.styles[len(r.styles)-1].with(e)
	r.styles = append(r.styles, s)
	if e.Name.Local != "line" {
		r.drawLines()
	}
	switch e.Name.Local {
	case "svg":
		r.img = image.NewRGBA(image.Rect(0, 0, int(at.number("width")*pixels), int(at.number("height")*pixels)))
		draw.Draw(r.img, r.img.Bounds(), image.White, image.Point{}, draw.Src)
	case "g":
	case "rect":
		if at["width"] != "100%" { // the ground is white already
			r.rect(s, at.number("x"), at.number("y"), at.number("width"), at.number("height"))
		}
	case "circle":
		r.circle(s, at.number("cx"), at.number("cy"), at.number("r"))
	case "line":
		r.line(s, at.number("x1"), at.number("y1"), at.number("x2"), at.number("y2"), at["stroke-dasharray"] != "")
	case "text":
		var words string
		if err := d.DecodeElement(&words, &e); err != nil {
			return err
		}
		r.text(s, at.number("x"), at.number("y"), at["text-anchor"], words)
		r.end()
	case "title", "desc":
		r.end()
		return d.Skip()
	default:
		return fmt.Errorf("nothing draws <%s>", e.Name.Local)
	}
	if t := at["transform"]; t != "" && !strings.HasPrefix(t, "translate(") {
		return fmt.Errorf("nothing draws <%s> with %q", e.Name.Local, t)
	}
	return at.failed(e.Name.Local)
}

func (r *raster) end() {
	r.styles = r.styles[:len(r.styles)-1]
}

// with is the style of an element within one of style s.
func (s style) with(e xml.StartElement) style {
	at := attributesOf(e)
	s.fill, s.stroke = cmp.Or(at["fill"], s.fill), cmp.Or(at["stroke"], s.stroke)
	if at["stroke-width"] != "" {
		s.width = at.number("stroke-width")
	}
	if at["font-size"] != "" {
		s.size = at.number("font-size")
	}
	to, moved := strings.CutPrefix(at["transform"], "translate(")
	if move := strings.Fields(strings.TrimSuffix(to, ")")); moved && len(move) == 2 {
		at["dx"], at["dy"] = move[0], move[1]
		s.dx, s.dy = s.dx+at.number("dx"), s.dy+at.number("dy")
	}
	return s
}
