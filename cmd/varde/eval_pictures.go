package main

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"varde/internal/fault"
	"varde/internal/picture/recall"
)

func newEvalPictures(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "pictures PHOTOS.zip",
		Short: "Measure how well altered copies of photographs are found again",
		Long: `Measure how well altered copies of photographs are found again: each picture of the ZIP file is cropped, mirrored, turned, framed,
written over, covered in part, lightened and compressed in turn, and looked for among all. The table shows the share that is found of each
alteration, beside plain hashes at the greatest distance at which they call no two different photographs one picture.

Each file must be another photograph: every pair of pictures of two files that is called one counts as false. Half of the files, every second
by name, were those that Varde's numbers were chosen with when it was measured with the project's photographs; the other half was held out.
Nothing is written.`,
		Example: "  varde eval pictures photos.zip",
		Args:    usageArgs(cobra.ExactArgs(1)),
		RunE:    func(cmd *cobra.Command, args []string) error { return evalPictures(cmd.Context(), a, args[0]) },
	}
}

func evalPictures(ctx context.Context, a *app, file string) error {
	settings, err := a.settings()
	if err != nil {
		return err
	}
	photos, err := readPhotos(file)
	if err != nil {
		return err
	}
	bar := newProgress(a.err, "photographs altered and hashed", len(photos))
	t, err := recall.Measure(ctx, photos, settings.Linking.PictureDistance, func(done int) {
		if bar.set(done); done == len(photos) {
			bar.end()
			fmt.Fprintln(a.err, "comparing every pair …")
		}
	})
	if err != nil {
		return fmt.Errorf("measure the pictures of %s: %w", file, err)
	}
	return a.result(t, picturesLines(t)...)
}

// mostPhoto bounds one file of the archive, in bytes.
const mostPhoto = 32 << 20

// readPhotos reads the pictures of a ZIP file, in the order of their names.
func readPhotos(file string) (photos []recall.Photo, err error) {
	z, err := zip.OpenReader(file)
	if err != nil {
		return nil, fmt.Errorf("open the photographs %s: %w", file, err)
	}
	defer func() { err = errors.Join(err, z.Close()) }()
	for _, f := range z.File {
		if !slices.Contains([]string{".jpg", ".jpeg", ".png", ".webp"}, strings.ToLower(path.Ext(f.Name))) {
			continue
		}
		data, err := readMember(f)
		if err != nil {
			return nil, fmt.Errorf("read %s of %s: %w", f.Name, file, err)
		}
		photos = append(photos, recall.Photo{Name: f.Name, Data: data})
	}
	slices.SortFunc(photos, func(a, b recall.Photo) int { return strings.Compare(a.Name, b.Name) })
	if len(photos) < 2 {
		return nil, fmt.Errorf("%w: %s holds %d pictures (.jpg, .png, .webp); at least two are compared", fault.ErrUsage, file, len(photos))
	}
	return photos, nil
}

func readMember(f *zip.File) (data []byte, err error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	data, err = io.ReadAll(io.LimitReader(r, mostPhoto+1))
	if err == nil && len(data) > mostPhoto {
		return nil, fmt.Errorf("%w: larger than %d bytes", fault.ErrPermanent, mostPhoto)
	}
	return data, err
}

func picturesLines(t *recall.Table) []string {
	head := fmt.Sprintf("%-14s %-36s", "alteration", "")
	distances := fmt.Sprintf("%-14s %-36s", "distance up to", "")
	wrong := fmt.Sprintf("%-14s %-36s", "false pairs", fmt.Sprintf("of %d", t.Pairs))
	mean, upright := fmt.Sprintf("%-14s %-36s", "mean", ""), fmt.Sprintf("%-14s %-36s", "mean", "without mirrored and turned")
	for _, m := range t.Methods {
		head += fmt.Sprintf(" %11s", m.Name)
		distances += fmt.Sprintf(" %11d", m.Distance)
		wrong += fmt.Sprintf(" %11d", m.FalsePairs)
		mean += fmt.Sprintf(" %11.3f", m.Mean)
		upright += fmt.Sprintf(" %11.3f", m.Without)
	}
	out := []string{fmt.Sprintf("%d photographs, each altered in %d ways", t.Photos, len(t.Rows)), "", head + fmt.Sprintf(" %11s %11s", "Varde tuned", "held out")}
	for _, r := range t.Rows {
		line := fmt.Sprintf("%-14s %-36s", r.Group, r.Name)
		for _, v := range r.Recall {
			line += fmt.Sprintf(" %11.2f", v)
		}
		out = append(out, line+fmt.Sprintf(" %11.2f %11.2f", r.Tuned, r.Held))
	}
	return append(out, mean+fmt.Sprintf(" %11.3f %11.3f", t.Tuned, t.Held), upright, distances, wrong)
}
